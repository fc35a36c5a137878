"""Feedback, disputes and actions as rows and sheets: what is missing or late stands out, and counts add up."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cqa.consistency.feedback_tables import (
    ActionRow,
    FeedbackRow,
    FeedbackRows,
    ReplyRow,
    actions_table,
    disputes_table,
    feedback_table,
    feedback_tables,
)

CASE = FeedbackRow("march", "c1", "Unit 1", "h1", "ann", "2026-03-02", "2026-03-16", 1, "2026-03-04", "by phone",
                   "2026-03-05", False, False)
REPLY = ReplyRow("march", "c1", "q1", "disagree", "Disagree", "2026-03-06", "It is there.", "keep", "The mark is kept",
                 "2026-03-09", "It is not.", 3)
ACTION = ActionRow("march", "c1", 1, "Chase", "h1", "2026-03-20", "2026-03-19", False, True, "c7")
OPEN = replace(REPLY, question="q2", decision="", decision_said="", decided_on="", reason="", days=None)


def test_states_say_how_far_a_case_is() -> None:
    states = [replace(CASE, **changed).state for changed in (
        {}, {"seen": ""}, {"seen": "", "given": ""}, {"seen": "", "given": "", "version": 0},
        {"seen": "", "given": "", "version": 0, "signed_on": ""}, {"seen": "", "given": "", "overdue": True})]
    assert states == ["seen", "given", "written", "due", "not due", "overdue"]


def test_what_is_not_due_is_not_listed_and_what_is_overdue_comes_first() -> None:
    late = replace(CASE, case_id="c2", given="", seen="", overdue=True)
    rows = FeedbackRows((CASE, replace(CASE, case_id="c3", signed_on=""), late,
                         replace(CASE, case_id="c4", outdated=True)))
    table = feedback_table(rows)
    assert [row[0] for row in table.rows] == ["c2", "c1", "c4"]
    assert table.note == ("Of 3 cases that everyone has signed off, 2 given, 2 seen, 1 overdue. Of 1 sheet the marks "
                          "were changed since.")
    assert [row[3] for row in table.rows] == ["overdue", "seen", "seen, outdated"]


def test_disputes_are_counted_by_what_was_decided_and_how_long_it_took() -> None:
    agreed = replace(REPLY, question="q3", answer="agree", answer_said="Agree")
    slow = replace(REPLY, question="q4", decision="change", decision_said="To be changed", days=9)
    table = disputes_table(FeedbackRows(replies=(REPLY, OPEN, agreed, slow)))
    assert [row[1] for row in table.rows] == ["q2", "q1", "q4"]
    assert [row[6] for row in table.rows] == ["open", "3", "9"]
    assert table.note == ("3 marks disputed, 1 not decided. The mark is kept: 1. To be changed: 1. Half were decided "
                          "within 6 days. 1 other answer, agreeing or giving context, not listed.")


def test_actions_say_whether_they_were_done_and_seen_again() -> None:
    late = replace(ACTION, number=2, what="Write", done="", overdue=True, again=None, again_in="")
    gone = replace(ACTION, number=3, what="Ask", again=False)
    table = actions_table(FeedbackRows(actions=(ACTION, late, gone)))
    assert [(row[1], row[4], row[5]) for row in table.rows] == [
        ("Write", "overdue", "not looked for yet"), ("Chase", "2026-03-19", "seen again in c7"),
        ("Ask", "2026-03-19", "not seen again in c7")]
    assert table.note == "3 actions: 2 done, 1 overdue. 2 looked for in a later case, 1 of them seen again."


def test_several_samples_are_named_and_empty_sheets_left_out() -> None:
    rows = FeedbackRows((CASE,), (REPLY,), (ACTION,))
    assert [table.columns[0].name for table in feedback_tables(rows, several=True)] == ["Sample"] * 3
    assert [table.columns[0].name for table in feedback_tables(rows)] == ["Case"] * 3
    assert feedback_tables(FeedbackRows((replace(CASE, signed_on=""),))) == ()


def test_json_holds_every_row_and_the_counts() -> None:
    told = FeedbackRows((CASE,), (REPLY, OPEN), (ACTION,)).as_json()
    assert told["counts"] == {
        "due": 1, "given": 1, "seen": 1, "overdue": 0, "outdated": 0, "replies": 2, "disputes": 2, "decided": 1,
        "actions": 1, "done": 1, "actions_overdue": 0, "looked_for": 1, "again": 1}
    assert [len(told[key]) for key in ("cases", "replies", "actions")] == [1, 2, 1]  # type: ignore[arg-type]
    assert told["cases"][0]["state"] == "seen"  # type: ignore[index]


@given(st.lists(st.builds(FeedbackRow, *([st.text(max_size=3)] * 7), st.integers(0, 3), *([st.text(max_size=3)] * 3),
                          st.booleans(), st.booleans())))
def test_every_case_that_is_due_has_one_row_with_all_its_cells(cases: list[FeedbackRow]) -> None:
    table = feedback_table(FeedbackRows(tuple(cases)))
    width = len(table.columns)
    assert all(len(row) == width for row in table.rows) and len(table.rows) == sum(row.due for row in cases)
