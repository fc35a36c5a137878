"""`cqa init` starts a workspace, and never in a folder that holds something."""

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

from cqa.commands.demo.init import SETTINGS_TEXT
from cqa.files.shipped import shipped
from cqa.files.yaml_tree import parse_tree
from cqa.scheme import CalibrationSettings, DueSettings, PlanSettings
from cqa.settings import KNOWN, read_settings
from cqa.world import World
from tests.casework import Run


def test_a_workspace_has_settings_rubrics_and_a_readme(run: Run, world: World) -> None:
    assert run("init", "work").code == 0
    root = world.folder / "work"
    assert {path.name for path in root.iterdir()} == {"cqa.yaml", "people.csv", "README.txt", ".gitattributes",
                                                      "rubrics", "samples", "reports"}
    there = files(shipped("rubrics"))
    assert files(root / "rubrics") == there
    assert {"prosecution.yaml", "golden/prosecution.yaml", "practice/prosecution.yaml",
            "cqa-rubric.schema.json"} <= set(there)


def test_every_setting_stands_in_the_comments_and_works_once_its_marks_are_taken_away() -> None:
    lines = [line.removeprefix("# ") for line in SETTINGS_TEXT.splitlines() if re.match(r"# ( *\w+:|\w+:)", line)]
    told = read_settings(parse_tree("\n".join(lines).encode(), "cqa.yaml"), "cqa.yaml")
    assert (told.take, told.plan, told.due) == (20, PlanSettings(4, second=Fraction(1, 5)), DueSettings())
    assert told.calibration == CalibrationSettings(Fraction(1, 10), 1, {}, Fraction(4, 5))
    assert (told.margin, told.small, told.names, told.screen) == (Fraction(5), 5, "shown", "auto")
    assert {line.partition(":")[0] for line in lines if line[0] != " "} == set(KNOWN)


def test_all_shipped_rubrics_can_be_checked_at_once(run: Run, world: World) -> None:
    assert run("init", "work").code == 0
    rubrics = sorted((world.folder / "work" / "rubrics").glob("*.yaml"))
    assert len(rubrics) == 5
    assert run("rubric", "check", "--strict", *map(str, rubrics)).code == 0


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_new_workspace_can_be_asked(run: Run, world: World) -> None:
    assert run("init", "work").code == 0
    root = world.folder / "work"
    assert run("status", folder=root).code == 0
    assert run("verify", folder=root).code == 0


def test_an_existing_empty_folder_is_fine_and_a_full_one_is_not(run: Run, world: World) -> None:
    (world.folder / "empty").mkdir()
    assert run("init", "empty").code == 0
    ran = run("init", "empty")
    assert ran.code == 2 and "P003" in ran.err


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "organisation: Northmoor\n"])
def test_settings_may_be_empty(run: Run, workspace: Path, text: str) -> None:
    (workspace / "cqa.yaml").write_text(text, encoding="utf-8")
    assert run("status", folder=workspace).code == 0


@pytest.mark.parametrize(("text", "told"), [
    ("organization: x\n", "organisation"), ("draw: {takes: 3}\n", "take"), ("draw: {take: many}\n", "whole number"),
    ("screen: big\n", "plain"), ("draw: {second: 3}\n", "share")])
def test_a_bad_setting_is_met_with_its_line_and_what_was_meant(
    run: Run, workspace: Path, text: str, told: str
) -> None:
    (workspace / "cqa.yaml").write_text("language: en-GB\n" + text, encoding="utf-8")
    ran = run("status", folder=workspace)
    assert ran.code == 3 and "cqa.yaml:2" in ran.err and told in ran.err


@pytest.mark.parametrize("text", [
    "person,boss\nann,bob\n", "person\nann\nAnn\n", "person\n\x00\n", "person,role\na,b,c\n"])
def test_a_bad_people_file_is_exit_3(run: Run, workspace: Path, text: str) -> None:
    (workspace / "people.csv").write_text(text, encoding="utf-8")
    ran = run("status", folder=workspace)
    assert ran.code == 3 and "P006" in ran.err


def test_a_people_file_says_line_by_line_what_is_wrong_with_it(run: Run, workspace: Path) -> None:
    (workspace / "people.csv").write_bytes(b"person,role\nann,reviewer\n\n,reviewer\nAnn,reviewer\nB Smith,reviewer\n"
                                           b"cat,reviewer,x\n")
    ran = run("status", folder=workspace)
    assert ran.code == 3
    assert [part for part in ("people.csv:4", "people.csv:5", "people.csv:6", "people.csv:7") if part in ran.err] == [
        "people.csv:4", "people.csv:5", "people.csv:6", "people.csv:7"]
    assert "names no person" in ran.err and "line 2 already" in ran.err and "3 fields" in ran.err


def test_a_problem_of_the_settings_has_a_code_of_the_settings(run: Run, workspace: Path) -> None:
    (workspace / "cqa.yaml").write_text("draw: {take: 1, take: 2}\n", encoding="utf-8")
    ran = run("status", "--json", folder=workspace)
    assert ran.code == 3 and "P002" in ran.err and json.loads(ran.out)["ok"] is False


def test_an_init_that_fails_leaves_nothing_behind(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    (world.folder / "empty").mkdir()
    monkeypatch.setattr(Path, "write_bytes", full)
    assert run("init", "new").code == 5 and run("init", "empty").code == 5
    assert not (world.folder / "new").exists() and list((world.folder / "empty").iterdir()) == []
