"""The whole rubric on paper: every question and condition is in it, and data is never mark-up."""

import json
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cqa.files.markdown import escaped
from cqa.files.rubrics import read_rubric
from cqa.files.shipped import shipped
from cqa.rubric.sentences import asked_when
from tests.casework import RUBRIC, Run
from tests.workbook_lint import lint

NAMES = sorted(path.name for path in shipped("rubrics").glob("*.yaml"))


def cells(path: Path) -> str:
    """Every cell of a workbook, one a line."""
    book = load_workbook(path)
    return "\n".join(str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("name", NAMES)
def test_the_workbook_of_a_shipped_rubric_is_a_good_one_and_holds_everything(
    run: Run, workspace: Path, name: str
) -> None:
    ran = run("rubric", "book", f"rubrics/{name}", "--out", "book.xlsx", folder=workspace)
    assert ran.code == 0, ran.err
    assert lint((workspace / "book.xlsx").read_bytes()) == []
    text, found = cells(workspace / "book.xlsx"), read_rubric(workspace / "rubrics" / name)
    for question in found.rubric.questions:
        assert all(part in text for part in (question.ask, question.look_for, question.guidance,
                                             asked_when(question.gate, found.rubric), *question.descriptors.values()))
    assert found.sha256 in text and all(rule.say in text for rule in found.rubric.rules)


@pytest.mark.parametrize("name", NAMES)
def test_the_markdown_of_a_shipped_rubric_holds_everything(run: Run, workspace: Path, name: str) -> None:
    text = run("rubric", "book", f"rubrics/{name}", folder=workspace).out
    found = read_rubric(workspace / "rubrics" / name)
    for question in found.rubric.questions:
        assert f"### {escaped(f'{question.id}. {question.ask}')}" in text
        assert all(escaped(part) in text for part in question.descriptors.values())
    assert found.sha256 in text and text.count("\n| ........................ |") == 6


def test_a_gate_is_a_sentence_in_the_markdown(run: Run, workspace: Path) -> None:
    text = run("rubric", "book", "small.yaml", folder=workspace).out
    assert "Asked when q1 is Fully met or Partly met." in text and "Asked when Child victim is yes." in text
    assert "| 1 | Fail | when a critical question failed |" in text and "q3 cannot be Fully met" in text


def test_the_workbook_of_one_rubric_is_the_same_bytes_every_time(run: Run, workspace: Path) -> None:
    for name in ("one.xlsx", "other.xlsx"):
        assert run("rubric", "book", "small.yaml", "--out", name, folder=workspace).code == 0
    assert (workspace / "one.xlsx").read_bytes() == (workspace / "other.xlsx").read_bytes()


def test_the_markdown_written_is_the_markdown_shown(run: Run, workspace: Path) -> None:
    shown = run("rubric", "book", "small.yaml", folder=workspace).out
    assert run("rubric", "book", "small.yaml", "--out", "a.md", folder=workspace).code == 0
    assert (workspace / "a.md").read_bytes().decode() == shown


def test_text_of_the_file_is_never_mark_up_in_markdown_or_workbook(run: Run, workspace: Path) -> None:
    hostile = "=1+1 <b>x</b> | [a](http://x) `c` *d* # e \\u202e"
    (workspace / "bad.yaml").write_text(RUBRIC.replace("Was it right", f'"{hostile}"'), encoding="utf-8",
                                        newline="\n")
    text = run("rubric", "book", "bad.yaml", folder=workspace).out
    line = next(line for line in text.splitlines() if line.startswith("### q1"))
    assert "\\<b\\>" in line and "\\|" in line and "\\[a\\]" in line and "\u202e" not in text
    assert run("rubric", "book", "bad.yaml", "--out", "bad.xlsx", folder=workspace).code == 0
    assert lint((workspace / "bad.xlsx").read_bytes()) == []


@pytest.mark.parametrize(("text", "told"), [
    ("- a", "\\- a"), ("1. a", "1\\. a"), ("1.0", "1.0"), ("a\nb", "a b"), ("# a", "\\# a"), ("+ a", "\\+ a")])
def test_a_line_that_would_begin_a_list_or_heading_does_not(text: str, told: str) -> None:
    assert escaped(text) == told


def test_another_ending_is_wrong_use_and_a_bad_rubric_bad_input(run: Run, workspace: Path) -> None:
    ran = run("rubric", "book", "small.yaml", "--out", "book.docx", folder=workspace)
    assert ran.code == 2 and "S018" in ran.err and not (workspace / "book.docx").exists()
    (workspace / "bad.yaml").write_text("format: x\n", encoding="utf-8")
    assert run("rubric", "book", "bad.yaml", "--out", "b.md", folder=workspace).code == 3
    assert run("rubric", "show", "gone.yaml", "--json", folder=workspace).code == 3


def test_a_disk_that_refuses_is_exit_5(run: Run, workspace: Path) -> None:
    (workspace / "file").write_text("", encoding="utf-8")
    ran = run("rubric", "book", "small.yaml", "--out", "file/book.md", folder=workspace)
    assert ran.code == 5 and "P004" in ran.err


@pytest.mark.parametrize("name", NAMES)
def test_show_keeps_to_80_columns_of_ascii_and_says_when_each_question_is_asked(
    run: Run, workspace: Path, name: str
) -> None:
    ran = run("rubric", "show", f"rubrics/{name}", folder=workspace)
    assert ran.code == 0 and ran.out.isascii() and max(map(len, ran.out.splitlines())) <= 80
    rubric = read_rubric(workspace / "rubrics" / name).rubric
    told = " ".join(ran.out.split())
    for question in rubric.questions:
        assert f"{question.id}. {question.ask}" in told
    assert re.search(r"Asked when .+\.", told)


def test_show_as_json_is_one_object_with_every_question(run: Run, workspace: Path) -> None:
    shown = json.loads(run("rubric", "show", "small.yaml", "--json", folder=workspace).out)
    assert (shown["id"], shown["version"], shown["sha256"]) == (
        "small", "1.0", read_rubric(workspace / "small.yaml").sha256)
    asked = {question["question"]: question["asked"] for section in shown["sections"]
             for question in section["questions"]}
    assert asked == {"q1": "always asked", "q2": "asked when q1 is Fully met or Partly met",
                     "q3": "asked when Child victim is yes"}
    assert shown["bands"][2] == {"band": "Poor", "given": "otherwise"}
    assert shown["scales"][0]["levels"][0]["points"] == 2.0


