"""Feedback over a whole sample as rows: due once all have signed, late after the day, and hidden from who marks yet."""

from datetime import date, timedelta
from pathlib import Path

from cqa.commands.handlers.feedback_rows import feedback_rows
from cqa.commands.records import SampleRecord, read_record
from cqa.files.sample_folder import open_sample
from cqa.files.workspace import open_workspace
from tests.casework import Run
from tests.commands.handlers.test_feedback_reply import filled, put, reply
from tests.fed_back import SHEET, cases, feedback, sign_off, signed

TODAY = date(2026, 3, 2)


def record(sample: Path) -> SampleRecord:
    return read_record(open_sample(open_workspace(sample.parent.parent), "march"))


def in_two_days(signed_on: date) -> date:
    return signed_on + timedelta(days=2)


def test_feedback_is_due_once_all_have_signed_and_overdue_after_its_day(run: Run, sample: Path) -> None:
    before = feedback_rows([record(sample)], TODAY, in_two_days)
    assert len(before.cases) == 12 and before.counts.due == 0
    case = signed(run, sample)
    for day, overdue in ((TODAY, False), (date(2026, 3, 4), False), (date(2026, 3, 5), True)):
        rows = feedback_rows([record(sample)], day, in_two_days)
        row = next(row for row in rows.cases if row.case_id == case["case_id"])
        assert (row.due_on, row.overdue, rows.counts.overdue) == ("2026-03-04", overdue, int(overdue))
    assert feedback_rows([record(sample)], date(2027, 1, 1)).counts.overdue == 0
    feedback(run, sample, case, *SHEET, "--given", "today", "--how", "by phone")
    rows = feedback_rows([record(sample)], date(2026, 3, 5), in_two_days)
    row = next(row for row in rows.cases if row.case_id == case["case_id"])
    assert (row.state, row.how, row.reviewer, rows.counts.overdue, rows.counts.given) == (
        "given", "by phone", case["reviewer"], 0, 1)


def test_replies_and_actions_become_rows(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET, "--given", "today", "--how", "by phone")
    assert reply(run, sample, case, filled(sample, case, put(D5="Disagree", E5="no", D6="Agree"))).code == 0
    rows = feedback_rows([record(sample)], date(2026, 4, 2))
    assert [(row.question, row.disputed, row.days) for row in rows.replies] == [("q1", True, None), ("q2", False, None)]
    assert [(row.what, row.overdue, row.again) for row in rows.actions] == [("Chase the schedule", True, None)]
    feedback(run, sample, case, "--decide", "q1=keep", "--reason", "so")
    feedback(run, sample, case, "--done", "1", "--on", "today")
    rows = feedback_rows([record(sample)], date(2026, 4, 2))
    assert (rows.disputes[0].days, rows.disputes[0].decision_said) == (0, "The mark is kept")
    assert rows.counts.done == 1 and rows.counts.actions_overdue == 0


def test_what_the_viewer_is_still_to_mark_is_left_out(run: Run, sample: Path) -> None:
    case = cases(run, sample, twice=True)[0]
    sign_off(run, sample, case, str(case["reviewer"]))
    shown = {row.case_id for row in feedback_rows([record(sample)], TODAY, viewer=str(case["second_reviewer"])).cases}
    assert case["case_id"] not in shown
    assert case["case_id"] in {row.case_id for row in feedback_rows([record(sample)], TODAY, viewer="Lead").cases}


def test_withdrawn_cases_and_reserves_have_no_row(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET)
    run("withdraw", str(case["case_id"]), "--reason", "sealed", "--as", "Lead", folder=sample.parent.parent)
    rows = feedback_rows([record(sample)], TODAY)
    assert len(rows.cases) == 11 and rows.actions == ()
