"""`cqa demo`: the whole loop on the synthetic export, with severities that the report has to find."""

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import cqa
from cqa.commands.demo import demo
from cqa.commands.demo.demo_leaders import DIPPED, FED_BACK
from cqa.commands.demo.demo_reviewers import LAZY, SEVERITY
from cqa.world import World
from tests.casework import Run
from tests.workbook_lint import lint


@pytest.fixture
def smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same demo with fewer cases, so that the test is quick."""
    monkeypatch.setattr(demo, "TAKE", 14)


def report_of(run: Run, root: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run("report", "demo", "--json", folder=root).out)
    return told


@pytest.mark.usefixtures("smaller")
def test_the_demo_draws_marks_and_reports_and_may_run_again(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = run("demo")
    assert ran.code == 0, ran.err
    root = world.folder / "cqa-demo"
    report = report_of(run, root)
    thin = [flag for flag in report["texts"] if flag["reviewer"] == LAZY[0] and flag["text"] == LAZY[2]]
    assert [flag["finding"] for flag in thin] == ["thin and repeated"]
    for told in ("demo-consistency.xlsx", "a-byrne.xlsx", "cqa assess --sample demo --as s-patel --plain"):
        assert told in ran.out
    classes = {one["reviewer"]: one["class"] for one in report["reviewers"]}
    assert classes["d-okafor"] == "severe" and classes["l-marsh"] == "lenient"
    assert not {classes[name] for name, shift in SEVERITY.items() if abs(shift) < 0.2} & {"severe", "lenient"}
    assert report["coverage"]["assessed"] < report["coverage"]["drawn"] == 70
    what_came_after_the_marks_is_there(report)
    for path in (root / "reports" / "demo-consistency.xlsx", *(root / "samples" / "demo" / "books").glob("*.xlsx")):
        assert lint(path.read_bytes()) == [], path.name
    every_workbook_made_here_keeps_the_rules(run, root)
    assert run("verify", "demo", "--export", "area-quarter.csv", folder=root).code == 0
    monkeypatch.setattr(demo, "TAKE", 4)
    assert run("demo").code == 0 and (root / "samples" / "demo-2" / "sample.yaml").is_file()


def what_came_after_the_marks_is_there(report: dict[str, Any]) -> None:
    """Moderation, calibration, further looks and feedback, and they find what was put in."""
    moderation = report["moderation"]
    assert 0 < moderation["settled"] < moderation["due"]
    lean = {one["reviewer"]: one["lean"] for one in moderation["reviewers"]}
    assert lean["d-okafor"] > 0 > lean["l-marsh"]
    given = {one["reviewer"]: one for one in report["calibration"]["accuracy"]}
    assert set(SEVERITY) == set(given) and any(one["marks"] for one in given.values())
    assert len(report["dip"]) == DIPPED and all(look["compared"] for look in report["dip"])
    assert len(report["triggered"]) <= 1 and report["coverage"]["feedback_given"] == FED_BACK


def every_workbook_made_here_keeps_the_rules(run: Run, root: Path) -> None:
    """The pack's workbooks, inside its zip, and that of a rubric; the report and the books were seen."""
    assert run("rubric", "book", "rubrics/prosecution.yaml", "--out", "reports/rubric.xlsx", folder=root).code == 0
    assert run("pack", "demo", folder=root).code == 0
    assert lint((root / "reports" / "rubric.xlsx").read_bytes()) == []
    with zipfile.ZipFile(root / "reports" / "demo-evidence.zip") as archive:
        books = [name for name in archive.namelist() if name.endswith(".xlsx")]
        assert len(books) == 8
        assert not [(name, str(finding)) for name in books for finding in lint(archive.read(name))]


def test_the_next_command_works_from_where_the_person_is(world: World) -> None:
    posix = replace(world, program=("/home/a b/.venv/bin/cqa",))
    assert demo.typed(posix, "verify", "demo") == "'/home/a b/.venv/bin/cqa' verify demo"
    windows = replace(world, program=(r"C:\Users\Zoe O'Neill\.venv\Scripts\cqa.exe",), windows=True)
    assert demo.typed(windows, "verify", "demo") == r"& 'C:\Users\Zoe O''Neill\.venv\Scripts\cqa.exe' verify demo"


@pytest.mark.skipif(sys.platform == "win32", reason="the printed lines are run by sh")
def test_the_printed_commands_run_in_a_shell(tmp_path: Path) -> None:
    place = tmp_path / "a folder"
    place.mkdir()
    environment = {**os.environ, "CQA_HOME": str(tmp_path / "home"), "PYTHONPATH": str(Path(cqa.__file__).parents[1])}
    program = "from cqa.commands import demo\ndemo.TAKE = 4\nfrom cqa.cli import run\nassert run(['demo']) == 0"
    ran = subprocess.run([sys.executable, "-c", program], cwd=place, env=environment, capture_output=True, text=True,
                         check=True, encoding="utf-8")
    lines = [line.strip() for line in ran.stdout.split("Try marking one yourself:")[1].splitlines()
             if line.startswith("  ")]
    assert len(lines) == 3 and lines[0].startswith("cd ") and "assess --sample demo" in lines[1]
    again = subprocess.run(["sh", "-ec", "\n".join(lines)], cwd=place, env=environment, input="q\n", text=True,
                           capture_output=True, encoding="utf-8")
    assert again.returncode == 0 and "agrees" in again.stdout, again.stderr


def test_the_demo_leaves_a_folder_of_somebody_else_alone(run: Run, world: World) -> None:
    (world.folder / "mine").mkdir()
    (world.folder / "mine" / "letter.txt").write_text("mine", encoding="utf-8")
    ran = run("demo", "mine")
    assert ran.code == 2 and [path.name for path in (world.folder / "mine").iterdir()] == ["letter.txt"]


def test_the_demo_does_not_change_who_this_device_remembers(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "TAKE", 4)
    assert run("demo").code == 0
    assert not replace(world).home.exists()
