"""A reviewer's book says what moderation agreed on their cases, and what handlers answered to their marks."""

from pathlib import Path

from openpyxl import load_workbook

from tests.casework import Run
from tests.commands.handlers.test_feedback_reply import filled, put, reply
from tests.commands.marked_twice import all_signed, settle, twice
from tests.fed_back import SHEET, feedback
from tests.workbook_lint import lint


def rows(sample: Path, reviewer: str, sheet: str) -> list[tuple[object, ...]]:
    """The rows of a sheet of somebody's book, below its head; none where it has no such sheet."""
    book = load_workbook(sample / "books" / f"{reviewer}.xlsx")
    return list(book[sheet].iter_rows(min_row=5, values_only=True)) if sheet in book.sheetnames else []


def test_both_markers_see_what_was_agreed_beside_their_own_mark(run: Run, sample: Path) -> None:
    root = sample.parent.parent
    case_id, other, *_ = all_signed(run, root)
    assert settle(run, root, case_id, agreed="partly_met", cause="fact_missed").code == 0
    assert run("report", "march", folder=root).code == 0
    case = next(case for case in twice(run, root) if case["case_id"] == case_id)
    for reviewer, mark in ((case["reviewer"], "Fully met"), (case["second_reviewer"], "Partly met")):
        told = [row[:6] for row in rows(sample, str(reviewer), "Moderation")]
        assert told == [(case_id, "q1", mark, "Partly met", "A fact was missed", "Page 2 settles it.")]
        assert lint((sample / "books" / f"{reviewer}.xlsx").read_bytes()) == []
    assert other not in str(rows(sample, str(case["reviewer"]), "Moderation"))
    assert all(not rows(sample, name, "Moderation") for name in {"ann", "bob", "cat"}
               - {case["reviewer"], case["second_reviewer"]})


def test_what_the_handler_answered_stands_in_the_first_markers_book(run: Run, sample: Path) -> None:
    root = sample.parent.parent
    all_signed(run, root)
    case = next(case for case in twice(run, root) if case["handler"] not in ("ann", "bob"))
    assert feedback(run, sample, case, *SHEET, "--given", "today", "--how", "in person").code == 0
    assert reply(run, sample, case, filled(sample, case, put(D5="Disagree", E5="It is on page 4."))).code == 0
    assert feedback(run, sample, case, "--decide", "q1=keep", "--reason", "Page 4 is of another case.").code == 0
    assert run("report", "march", folder=root).code == 0
    assert rows(sample, str(case["reviewer"]), "Replies") == [
        (case["case_id"], "q1", "Disagree", "It is on page 4.", "The mark is kept", "Page 4 is of another case.")]
    assert rows(sample, str(case["second_reviewer"]), "Replies") == []
