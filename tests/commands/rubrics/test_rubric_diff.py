"""`cqa rubric diff`: what changed, in words and for programs."""

import json
from pathlib import Path

import pytest

from tests.casework import RUBRIC, Run


@pytest.fixture
def changed(workspace: Path) -> Path:
    text = RUBRIC.replace('version: "1.0"', 'version: "1.1"').replace("[fully_met, partly_met]}", "[fully_met]}")
    (workspace / "new.yaml").write_text(text, encoding="utf-8", newline="\n")
    return workspace


def test_the_sentence_before_and_after_is_said_and_the_step_judged(run: Run, changed: Path) -> None:
    ran = run("rubric", "diff", "small.yaml", "new.yaml", folder=changed)
    assert ran.code == 0 and "gate: q2, when it is asked" in ran.out
    assert "- asked when q1 is Fully met or Partly met" in ran.out and "+ asked when q1 is Fully met" in ran.out
    assert "minor, which is too small" in " ".join(ran.out.split()) and max(map(len, ran.out.splitlines())) <= 80


def test_json_is_one_object(run: Run, changed: Path) -> None:
    told = json.loads(run("rubric", "diff", "small.yaml", "new.yaml", "--json", folder=changed).out)
    assert [change["kind"] for change in told["changes"]] == ["identity", "gate"]
    assert told["step"] == {"needed": "major", "taken": "minor"}
    assert {one["question"]: one["comparable"] for one in told["comparable"]} == {"q1": "yes", "q2": "yes", "q3": "yes"}


def test_the_same_file_has_no_changes_and_a_comment_is_none(run: Run, workspace: Path) -> None:
    assert "The files are the same." in run("rubric", "diff", "small.yaml", "small.yaml", folder=workspace).out
    (workspace / "new.yaml").write_text("# said\n" + RUBRIC, encoding="utf-8", newline="\n")
    assert "Nothing has changed" in run("rubric", "diff", "small.yaml", "new.yaml", folder=workspace).out


def test_what_a_variant_leaves_out_is_said_in_one_line(run: Run, workspace: Path) -> None:
    files = ("rubrics/prosecution.yaml", "rubrics/rasso.yaml")
    out = run("rubric", "diff", *files, folder=workspace).out
    assert "removed, as the variant itself says: CH2," in out and "removed: " not in out and "added: RSO1" in out
    told = json.loads(run("rubric", "diff", *files, "--json", folder=workspace).out)
    assert {change["question"] for change in told["changes"] if change["kind"] == "removed"} >= {"CH2", "RC2"}


def test_a_rubric_with_errors_is_bad_input(run: Run, workspace: Path) -> None:
    (workspace / "bad.yaml").write_text("format: x\n", encoding="utf-8")
    assert run("rubric", "diff", "small.yaml", "bad.yaml", folder=workspace).code == 3
    assert run("rubric", "diff", "gone.yaml", "small.yaml", "--json", folder=workspace).code == 3
