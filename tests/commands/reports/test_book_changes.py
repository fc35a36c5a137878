"""A reviewer's book holds their own log of changes, and of a case that is held back only that there was one."""

import json
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.carried import ANN, BOB, CAT, SECRET, cases_to_mark, drawn, mark, marking
from tests.casework import Run

Rows = list[tuple[Any, ...]]


def changes(run: Run, sample: Path, who: str) -> Rows:
    """The rows of the sheet, from a report made now."""
    ran = run("report", "march", folder=sample.parent.parent)
    assert ran.code == 0, ran.err
    sheet = load_workbook(sample / "books" / f"{who.casefold()}.xlsx")["Changes"]
    return [row for row in list(sheet.iter_rows(values_only=True))[4:] if row[0]]


def alone_and_shared(run: Run, workspace: Path, who: str) -> tuple[str, str]:
    """A case that somebody marks alone, and one that another marks too."""
    told = json.loads(run("show", "march", "--json", folder=workspace).out)["cases"]
    mine = [one for one in told if one["case_id"] in cases_to_mark(run, workspace, who)]
    return (next(one["case_id"] for one in mine if not one["second_reviewer"]),
            next(one["case_id"] for one in mine if one["second_reviewer"]))


def rework(run: Run, workspace: Path, who: str, case: str) -> None:
    """Marks q1, changes it, takes that back, clears it, marks it again, signs the case off."""
    lines: list[dict[str, object]] = [
        {"case": case, "fact": "child", "value": "N"},
        {"case": case, "question": "q1", "mark": "fully_met"},
        {"case": case, "question": "q1", "mark": "partly_met", "reason": f"{SECRET} thin"},
        {"case": case, "do": "undo"}, {"case": case, "question": "q1", "do": "clear"},
        {"case": case, "question": "q1", "mark": "partly_met", "reason": f"{SECRET} thin"},
        {"case": case, "question": "q2", "mark": "fully_met"}, {"case": case, "do": "sign_off"}]
    assert marking(run, workspace, who, *lines)[-1]["saved"]


def amend(run: Run, workspace: Path, who: str, case: str) -> None:
    typed = "".join(json.dumps(line) + "\n" for line in (
        {"case": case, "question": "q2", "mark": "not_met", "reason": "No.", "evidence": "page 9"},
        {"case": case, "do": "sign_off"}))
    ran = run("amend", case, "--sample", "march", "--as", who, "--reason", f"{SECRET} letter", "--script", "-",
              typed=typed, folder=workspace)
    assert ran.code == 0, ran.out + ran.err


def test_every_change_is_listed_with_old_and_new_mark_in_the_words_of_the_scale(run: Run, workspace: Path) -> None:
    sample = drawn(run, workspace)
    case, _ = alone_and_shared(run, workspace, ANN)
    rework(run, workspace, ANN, case)
    amend(run, workspace, ANN, case)
    assert marking(run, workspace, ANN, {"case": case, "do": "reopen"})[0]["saved"]
    partly = f"Partly met\nReason: {SECRET} thin"
    rows = changes(run, sample, ANN)
    assert [row[0] for row in rows] == [case] * 9 and all(row[1].startswith("2026-03-02 ") for row in rows)
    assert [row[2:] for row in rows] == [
        ("changed", "q1", "Fully met", partly, "none"),
        ("undone", "q1", partly, "Fully met", "none"),
        ("cleared", "q1", "Fully met", "no mark", "none"),
        ("changed", "q1", "no mark", partly, "none"),
        ("signed off", "all", "nothing", "signed off, 2 marks", "none"),
        ("amended", "all", "nothing", rows[5][5], f"{SECRET} letter"),
        ("changed", "q2", "Fully met", "Not met\nReason: No.\nEvidence: page 9", "none"),
        ("signed off", "all", "signed off, 2 marks", "signed off, 2 marks", "none"),
        ("reopened", "all", "signed off, 2 marks", "open again", "none"),
    ]


def test_of_a_case_held_back_only_the_fact_of_a_change_is_told_until_both_have_signed(
    run: Run, workspace: Path
) -> None:
    sample = drawn(run, workspace)
    _, case = alone_and_shared(run, workspace, ANN)
    rework(run, workspace, ANN, case)
    rows = changes(run, sample, ANN)
    assert [row[2:] for row in rows] == [
        (kind, what, "held back", "held back", "held back") for kind, what in (
            ("changed", "q1"), ("undone", "q1"), ("cleared", "q1"), ("changed", "q1"), ("signed off", "all"))]
    other = next(who for who in (BOB, CAT) if case in cases_to_mark(run, workspace, who))
    mark(run, workspace, other, [case])
    assert [row[5] for row in changes(run, sample, ANN)][-1] == "signed off, 2 marks"
    assert all(row[2] == "signed off" for row in changes(run, sample, other))


def test_a_case_that_was_handed_on_is_held_back_until_its_new_marker_has_signed(run: Run, workspace: Path) -> None:
    sample = drawn(run, workspace)
    case, _ = alone_and_shared(run, workspace, ANN)
    marking(run, workspace, ANN, {"case": case, "question": "q1", "mark": "fully_met"},
            {"case": case, "question": "q1", "mark": "partly_met", "reason": f"{SECRET} thin"})
    assert changes(run, sample, ANN)[0][4] == "Fully met"
    ran = run("assign", case, "--to", "dora", "--sample", "march", "--reason", "leave", "--as", "lead",
              folder=workspace)
    assert ran.code == 0, ran.err
    assert changes(run, sample, ANN)[0][4:] == ("held back",) * 3
    mark(run, workspace, "dora", [case])
    assert changes(run, sample, ANN)[0][4] == "Fully met"


def test_a_first_answer_a_fact_and_what_others_did_are_no_changes_of_mine(run: Run, workspace: Path) -> None:
    sample = drawn(run, workspace)
    mark(run, workspace, ANN, cases_to_mark(run, workspace, ANN)[:2], sign=False)
    mark(run, workspace, BOB, cases_to_mark(run, workspace, BOB))
    assert changes(run, sample, ANN) == []
    assert {row[2] for row in changes(run, sample, BOB)} == {"signed off"}


def test_changes_of_all_devices_are_listed_together(run: Run, laptop: Run, workspace: Path) -> None:
    sample = drawn(run, workspace)
    case, _ = alone_and_shared(run, workspace, ANN)
    marking(run, workspace, ANN, {"case": case, "question": "q1", "mark": "fully_met"})
    marking(laptop, workspace, ANN, {"case": case, "question": "q1", "mark": "partly_met", "reason": "thin"})
    assert [row[4:6] for row in changes(run, sample, ANN)] == [("Fully met", "Partly met\nReason: thin")]
