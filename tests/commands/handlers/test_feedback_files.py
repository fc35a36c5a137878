"""The three forms of a sheet: whatever people typed stands in them as text, and a person finds their way."""

import io
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cqa.commands.handlers.feedback_book import BEST, day_in_words, feedback_book, feedback_page
from cqa.commands.handlers.feedback_files import write_sheet
from cqa.files.sample_folder import open_sample
from cqa.files.workspace import open_workspace
from cqa.marking.feedback import Feedback, NextStep, Reply
from cqa.marking.handout import Handout, Line, Marked
from cqa.settings import Settings
from tests.casework import Run
from tests.fed_back import SHEET, feedback, sheet_of, signed
from tests.hostile.strings import STRINGS
from tests.workbook_lint import lint

TEXTS = {name: text for name, text in STRINGS.items() if len(text) <= 8_000}


def hostile(text: str) -> tuple[Handout, Feedback]:
    """A sheet that says one text wherever it can."""
    line = Line("q1", text, text, text, text, text, text, False, text, text, True)
    lines = (line, replace(line, question_id="q2", agreed=False))
    made = Handout(text, "f" * 64, text, (text,), text, text, text, lines, ((text, text),),
                   text, Marked(text, "2026-03-02T09:00:00.000Z", text, text))
    told = Feedback(text, text, (NextStep(1, text, text, text, text),), 1, text, "2026-03-02T09:00:00.000Z", (),
                    "2026-03-03", text, text, text, {"q1": Reply("q1", text, text, text, "keep", text, text, text)})
    return made.written(told), told


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_hostile_text_goes_through_all_three_forms(run: Run, sample: Path, name: str) -> None:
    folder = open_sample(open_workspace(sample.parent.parent), "march")
    workbook, text, page = write_sheet(folder, folder.sample.cases[0], *hostile(TEXTS[name]), Settings())
    assert lint(workbook.read_bytes()) == []
    for path in (text, page):
        told = path.read_bytes().decode("utf-8")
        kinds = {unicodedata.category(letter) for letter in told if letter != "\n"}
        assert not kinds & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}, name
    assert not {path.name for path in folder.books.iterdir()} - {workbook.name, text.name, page.name}


def test_the_sheets_and_what_they_say(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET)
    book = load_workbook(io.BytesIO(sheet_of(sample, case).read_bytes()))
    assert book.sheetnames == ["Summary", "By question", "Your reply", "About this", "Notes", "Contents"]
    summary = {row[0].value: row[1].value for row in book["Summary"].iter_rows(min_row=4)}
    assert summary["What was good"] == "A clear theory of the case."
    assert summary["What to do next"] == "Chase the schedule\nOwner: h1. By 1 April 2026."
    assert "Overall" in summary and summary["The marks"] == (
        "1 of 2 are at the best level. These are not:\n"
        "Partly met: q1 - Was it right Why: The reasons stop short of the second element.")
    rows = {row[0].value: [cell.value for cell in row] for row in book["By question"].iter_rows(min_row=5)}
    assert rows["q2"][3] == BEST and str(rows["q1"][4]).startswith("The reasons stop short")
    about = {row[0].value: row[1].value for row in book["About this"].iter_rows(min_row=5)}
    assert about["Case"] == case["case_id"] and str(case["reviewer"]) in str(about["Marked by"])
    assert about["Version"] == "1" and len(str(about["Number of this sheet"])) == 64
    words = " ".join(str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    assert "%" not in words and "score" not in words.casefold()
    assert lint(sheet_of(sample, case).read_bytes()) == []


def with_marks(*below: int) -> tuple[Handout, Feedback]:
    """A sheet with a question for each mark, so many levels below the best."""
    made, told = hostile("x")
    marks = {0: "Met", 1: "Partly", 2: "Not"}
    return replace(made, lines=tuple(
        Line(f"q{number}", "A", "ask " * 40, marks[one], "", "Up" if one else "", "", not one, "why " * 40, "", False,
             below=one) for number, one in enumerate(below, start=1))), told


def test_the_worst_marks_come_first_and_the_summary_names_six_of_them() -> None:
    made, told = with_marks(0, 1, 2, 1, 1, 0, 2, 1, 1)
    book = feedback_book(made, told, Settings())
    for table in book.tables[:2]:
        ids = [str(row[0]) for row in table.rows if str(row[0]).startswith("q")]
        assert ids == ["q3", "q7", "q2", "q4", "q5", "q8", "q9", "q1", "q6"]
    said = dict(book.cover)["The marks"].split("\n")
    assert said[0] == "2 of 9 are at the best level. These are not:" and len(said) == 8
    assert [line.split(" - ")[0] for line in said[1:-1]] == [
        "Not: q3", "Not: q7", "Partly: q2", "Partly: q4", "Partly: q5", "Partly: q8"]
    assert all(len(line) < 220 and line.endswith("why ...") and "ask ... Why: why" in line for line in said[1:-1])
    assert said[-1] == "1 more on the sheet By question."
    assert dict(feedback_page(made, told, Settings()).cover)["The marks"].endswith("1 more below, under By question.")
    assert dict(feedback_book(*with_marks(0, 0), Settings()).cover)["The marks"] == "2 of 2 are at the best level."


def test_the_pages_to_read_speak_of_no_sheets_of_theirs_and_have_nothing_to_fill_in(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET)
    for ending in ("txt", "html"):
        told = " ".join(sheet_of(sample, case, ending).read_text(encoding="utf-8").split())
        assert "____" not in told and 'class="fill"' not in told and "(seen)" not in told and "Your answer" not in told
        assert [told[found.start() - 10:found.end() + 45] for found in re.finditer("sheet Your reply", told)] == [
            "ll in the sheet Your reply of the workbook that came with this, and sen"]
        assert "they fill the workbook in for you." in told[-80:]


def test_what_came_of_it_is_a_sheet_of_its_own_and_nothing_else_changes(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET)
    before = load_workbook(io.BytesIO(sheet_of(sample, case).read_bytes()))
    feedback(run, sample, case, "--given", "today", "--how", "in person", "--seen", "today")
    after = load_workbook(io.BytesIO(sheet_of(sample, case).read_bytes()))
    assert after.sheetnames == [*before.sheetnames[:4], "What came of it", "Notes", "Contents"]
    for name in before.sheetnames[:-1]:
        assert [[cell.value for cell in row] for row in before[name].iter_rows()] == [
            [cell.value for cell in row] for row in after[name].iter_rows()]


def test_a_sheet_that_cannot_be_written_leaves_what_was_recorded(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    (sample / "books").write_text("a file where the folder should be", encoding="utf-8")
    ran = feedback(run, sample, case, *SHEET)
    assert ran.code == 5 and "is kept; only its sheet is missing" in ran.err
    shown = feedback(run, sample, case)
    assert shown.code == 0 and "Version 1" in shown.out and "only its sheet is missing" in shown.err
    (sample / "books").unlink()
    assert feedback(run, sample, case, *SHEET).code == 0 and sheet_of(sample, case).is_file()


@pytest.mark.parametrize(("day", "told"), [
    ("2026-12-18", "18 December 2026"), ("2026-01-01T09:00:00.000Z", "1 January 2026"), ("soon", "soon"), ("", ""),
    ("2026-13-01", "2026-13-01"),
])
def test_days_are_told_in_words(day: str, told: str) -> None:
    assert day_in_words(day) == told


def test_a_rubric_without_bands_gives_no_band_and_no_actions_say_why() -> None:
    made, told = hostile("x")
    plain = replace(made, band="", todo=(), nothing="all is well", lines=(), strength="Good.")
    cover = dict(feedback_book(plain, told, Settings()).cover)
    assert "Overall" not in cover and cover["What to do next"] == "Nothing: all is well"
    assert cover["The marks"] == "They are listed on the sheet By question."
