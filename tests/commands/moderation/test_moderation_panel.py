"""The panel pack: reasons of both beside what is asked, no marks and no names before the sheet of marks."""

import json
from pathlib import Path

import openpyxl
import pytest

from tests.casework import Run
from tests.commands.shared_cases import ALL, by_script, marked_apart, moderate, signs, twice_marked
from tests.workbook_lint import lint

BETWEEN, LOWER = {**ALL, "q2": "partly_met"}, {"q1": "not_met", "q3": "partly_met"}


def sheets(path: Path) -> dict[str, list[list[str]]]:
    """Every sheet's cells as text."""
    return {sheet.title: [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
            for sheet in openpyxl.load_workbook(path)}


@pytest.fixture
def cases(run: Run, sample: Path) -> list[str]:
    """Three cases: one settled, two in dispute."""
    found = [marked_apart(run, sample, place, ALL, other)[0] for place, other in enumerate((BETWEEN, LOWER, BETWEEN))]
    by_script(run, sample, {"case": found[0], "question": "q2", "agreed": "partly_met", "cause": "guidance_unclear",
                            "reason": "=SUM(A1) says it", "change_rubric": True}, {"case": found[0], "do": "settle"})
    return found


def test_the_pack_holds_both_reasons_and_the_marks_on_a_sheet_of_their_own(
    run: Run, sample: Path, cases: list[str]
) -> None:
    ran = moderate(run, sample, "--panel", "panel.xlsx")
    path = sample.parent.parent / "panel.xlsx"
    assert ran.code == 0 and f"4 questions of 2 cases written to {path}" in ran.out
    assert lint(path.read_bytes()) == []
    told = sheets(path)
    disputed = told["Disputed questions"]
    assert disputed[3][-3:] == ["Agreed mark", "Cause", "Change the rubric?"]
    rows = disputed[4:]
    assert [row[:2] for row in rows] == [[cases[1], "q1"], [cases[1], "q2"], [cases[1], "q3"], [cases[2], "q2"]]
    assert "Was it right (critical)" in rows[0][2]
    assert "Reason: because" in rows[0][3] and "Evidence: page 4" in rows[0][4]
    assert all(set(cell) == {"_"} for row in rows for cell in row[-3:])
    assert "Nothing was written." in rows[1]
    shown = [cell for row in rows for cell in (*row[:2], *row[3:])]
    assert not any(mark in cell for cell in shown for mark in ("met", "Not asked", "apart")), "marks are not there"
    marks = told["Marks"][4:]
    assert sorted(marks[0][2:4]) == ["Fully met", "Not met"] and marks[0][4] == "2"
    assert sorted(marks[1][2:4]) == ["Fully met", "not asked"] and marks[1][4] == "not on one scale"
    assert list(told).index("Marks") > list(told).index("Disputed questions")


def test_what_was_settled_before_is_there_with_its_cause_and_nothing_is_computed(
    run: Run, sample: Path, cases: list[str]
) -> None:
    moderate(run, sample, "--panel", "panel.xlsx")
    book = openpyxl.load_workbook(sample.parent.parent / "panel.xlsx")
    row = [str(cell) for cell in list(book["Settled before"].values)[4]]
    assert row == [cases[0], "q2", "Fully met and Partly met", "Partly met", "The guidance is unclear",
                   "=SUM(A1) says it", "yes"]
    assert all(cell.data_type != "f" for sheet in book for cells in sheet.iter_rows() for cell in cells)


def test_nobody_is_named_anywhere_in_the_pack(run: Run, sample: Path, cases: list[str]) -> None:
    moderate(run, sample, "--panel", "panel.xlsx")
    for name, rows in sheets(sample.parent.parent / "panel.xlsx").items():
        for row in rows:
            for cell in row:
                # What the markers wrote is as they wrote it, and these name themselves in it.
                text = cell if name != "Disputed questions" else cell.split("Reason: ")[0]
                assert not {"ann", "bob", "cat", "lee"} & set(text.replace(",", " ").split()), (name, cell)


def test_a_pack_of_one_case(run: Run, sample: Path, cases: list[str]) -> None:
    ran = moderate(run, sample, cases[2], "--panel", "one.xlsx", "--json")
    assert json.loads(ran.out) == {"file": str(sample.parent.parent / "one.xlsx"), "cases": 1, "questions": 1}


def test_the_same_record_gives_the_same_bytes(run: Run, sample: Path, cases: list[str]) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        moderate(run, sample, "--panel", name)
    one, two = ((sample.parent.parent / name).read_bytes() for name in ("one.xlsx", "two.xlsx"))
    assert one == two


def test_cases_that_not_everyone_has_signed_are_not_in_it(run: Run, sample: Path) -> None:
    case = twice_marked(run, sample)[0]
    signs(run, sample, str(case["case_id"]), str(case["reviewer"]), ALL)
    ran = moderate(run, sample, "--panel", "panel.xlsx")
    assert ran.code == 0 and "Nothing can be moderated yet. No workbook was written." in ran.out
    assert not (sample.parent.parent / "panel.xlsx").exists()
    told = moderate(run, sample, "--panel", "panel.xlsx", "--json")
    assert json.loads(told.out) == {"file": "", "cases": 0, "questions": 0}


@pytest.mark.parametrize("file", ["panel.csv", "samples/march/panel.xlsx"])
def test_the_pack_is_a_workbook_outside_the_record(run: Run, sample: Path, cases: list[str], file: str) -> None:
    ran = moderate(run, sample, "--panel", file)
    assert ran.code == 2 and "S018" in ran.err and not (sample.parent.parent / file).exists()
