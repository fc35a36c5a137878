"""`cqa demo`: the whole loop on the synthetic export, with severities that the report has to find."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cqa.commands import demo
from cqa.commands.demo_reviewers import SEVERITY
from cqa.world import World
from tests.casework import Run
from tests.files.workbook_lint import lint


@pytest.fixture
def smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same demo with fewer cases, so that the test is quick."""
    monkeypatch.setattr(demo, "TAKE", 14)


@pytest.mark.usefixtures("smaller")
def test_the_demo_draws_marks_and_reports_and_may_run_again(run: Run, world: World) -> None:
    ran = run("demo")
    assert ran.code == 0, ran.err
    root = world.folder / "cqa-demo"
    for told in ("demo-consistency.xlsx", "a-byrne.xlsx", "cqa assess --sample demo --as s-patel --plain"):
        assert told in ran.out
    report = json.loads(run("report", "demo", "--json", folder=root).out)
    classes = {one["reviewer"]: one["class"] for one in report["reviewers"]}
    assert classes["d-okafor"] == "severe" and classes["l-marsh"] == "lenient"
    assert not {classes[name] for name, shift in SEVERITY.items() if abs(shift) < 0.2} & {"severe", "lenient"}
    assert report["coverage"]["assessed"] < report["coverage"]["drawn"] == 70
    for path in (root / "reports" / "demo-consistency.xlsx", *(root / "samples" / "demo" / "books").iterdir()):
        assert lint(path.read_bytes()) == [], path.name
    assert run("verify", "demo", "--export", "area-quarter.csv", folder=root).code == 0
    assert run("demo").code == 0 and (root / "samples" / "demo-2" / "sample.yaml").is_file()


def test_the_demo_leaves_a_folder_of_somebody_else_alone(run: Run, world: World) -> None:
    (world.folder / "mine").mkdir()
    (world.folder / "mine" / "letter.txt").write_text("mine", encoding="utf-8")
    ran = run("demo", "mine")
    assert ran.code == 2 and [path.name for path in (world.folder / "mine").iterdir()] == ["letter.txt"]


@pytest.mark.usefixtures("smaller")
def test_the_demo_does_not_change_who_this_device_remembers(run: Run, world: World, tmp_path: Path) -> None:
    assert run("demo").code == 0
    assert not replace(world).home.exists()
