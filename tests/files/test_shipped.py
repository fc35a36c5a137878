"""The shipped rubrics and export are found from a checkout, from an editable install and from a wheel."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from cqa.files.shipped import shipped

ROOT = Path(__file__).parent.parent.parent
PROGRAM = "from cqa.files.shipped import shipped; print(shipped('rubrics')); print(shipped('samples'))"


def found_from(folder: Path) -> list[Path]:
    """Where the copy of the package in `folder` finds them, in a process of its own."""
    ran = subprocess.run([sys.executable, "-c", PROGRAM], cwd=folder, capture_output=True, text=True, check=True,
                         encoding="utf-8", env={**os.environ, "PYTHONPATH": str(folder)})
    return [Path(line) for line in ran.stdout.splitlines()]


def test_here_they_are_found_and_hold_what_they_should() -> None:
    assert (shipped("rubrics") / "prosecution.yaml").is_file()
    assert (shipped("samples") / "area-quarter.csv").is_file()


def test_a_checkout_gives_its_top_level_folders(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "cqa", tmp_path / "cqa", ignore=shutil.ignore_patterns("__pycache__", "shipped"))
    for name in ("rubrics", "samples"):
        (tmp_path / name).mkdir()
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    assert found_from(tmp_path) == [tmp_path / "rubrics", tmp_path / "samples"]


def test_an_installed_wheel_gives_what_travelled_inside_the_package(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "cqa", tmp_path / "cqa", ignore=shutil.ignore_patterns("__pycache__"))
    assert found_from(tmp_path) == [tmp_path / "cqa" / "shipped" / name for name in ("rubrics", "samples")]


def test_the_wheel_is_told_to_carry_them() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'rubrics = "cqa/shipped/rubrics"' in text and 'samples = "cqa/shipped/samples"' in text
