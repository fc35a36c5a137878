"""The log of a journal says what each line changed, from what to what, and where the clock or the line is in doubt."""

from typing import Any

import pytest

from cqa.facts import second_of
from cqa.marking.log import WITHHELD, ClockStep, LogEntry, clock_steps, log_entries, reworked, value_of
from cqa.marking.log_tables import amendments_table, log_table

ANN, LAPTOP = ("ann", "11112222"), ("ann", "33334444")
NONE: frozenset[str] = frozenset()


def line(seq: int, kind: str, **rest: Any) -> dict[str, object]:
    return {"at": f"2026-03-02T09:00:{seq:02d}.000Z", "kind": kind, **rest, "seq": seq, "prev": "0" * 32,
            "seal": "f" * 32}


JOURNAL = (
    line(1, "opened", format="cqa-journal/1", reviewer="ann", device="11112222", account="a", host="desk", cqa="1"),
    line(2, "fact", case="7", fact="plea", value="guilty"),
    line(3, "answered", case="7", question="q1", mark="partly_met", mark_reason="thin", evidence="", shown_ms=12),
    line(4, "answered", case="7", question="q1", mark="not_met", mark_reason="none there", evidence="page 2",
         replaces=["ann.11112222:3"]),
    line(5, "undone", case="7", question="q1", mark="partly_met", mark_reason="thin", evidence="",
         replaces=["ann.11112222:4"]),
    line(6, "cleared", case="7", question="q1", replaces=["ann.11112222:5"]),
    line(7, "signed_off", case="7", marks=3, signs="ann.11112222:2"),
    line(8, "amended", case="7", amendment="ann.11112222:7", reason="The letter was found."),
    line(9, "flagged", case="7", flag="on"),
    line(10, "flagged", case="7", urgent="custody ends"),
    line(11, "flagged", case="7", band="too low"),
)


def told(*lines: dict[str, object], hidden: frozenset[str] = NONE, room: str = "marks") -> list[LogEntry]:
    return list(log_entries(room, {ANN: lines}, hidden))


def test_every_line_is_told_once_with_what_it_replaced_and_what_it_set() -> None:
    found = [(one.reference, one.kind, one.what, one.old, one.new) for one in told(*JOURNAL)]
    assert found == [
        ("ann.11112222:1", "opened", "-", "nothing", "reviewer: ann; account: a; host: desk; cqa: 1"),
        ("ann.11112222:2", "fact", "fact plea", "nothing", "guilty"),
        ("ann.11112222:3", "answered", "q1", "nothing", "partly_met\nReason: thin"),
        ("ann.11112222:4", "answered", "q1", "partly_met\nReason: thin",
         "not_met\nReason: none there\nEvidence: page 2"),
        ("ann.11112222:5", "undone", "q1", "not_met\nReason: none there\nEvidence: page 2", "partly_met\nReason: thin"),
        ("ann.11112222:6", "cleared", "q1", "partly_met\nReason: thin", "no mark"),
        ("ann.11112222:7", "signed_off", "status", "nothing", "signed off, 3 marks"),
        ("ann.11112222:8", "amended", "status", "nothing", "amends what was signed (ann.11112222:7)"),
        ("ann.11112222:9", "flagged", "flag", "nothing", "flag on"),
        ("ann.11112222:10", "flagged", "urgent concern", "nothing", "custody ends"),
        ("ann.11112222:11", "flagged", "band disputed", "nothing", "too low"),
    ]
    assert {(one.room, one.who, one.writer) for one in told(*JOURNAL)} == {("marks", "ann", "ann.11112222")}
    assert [one.reason for one in told(*JOURNAL) if one.reason] == ["The letter was found."]


def test_the_value_of_a_hidden_fact_stands_nowhere_neither_as_old_nor_as_new() -> None:
    lines = (line(1, "fact", case="7", fact="plea", value="guilty"),
             line(2, "fact", case="7", fact="plea", value="not guilty", replaces=["ann.11112222:1"]),
             line(3, "undone", case="7", fact="plea", value="guilty", replaces=["ann.11112222:2"]))
    found = told(*lines, hidden=frozenset({"plea"}))
    assert [(one.old, one.new) for one in found] == [("nothing", WITHHELD), (WITHHELD, WITHHELD), (WITHHELD, WITHHELD)]


def test_what_another_device_replaced_is_found_in_its_journal_and_what_is_not_here_is_named() -> None:
    first = (line(1, "answered", case="7", question="q1", mark="met"),)
    second = (line(1, "answered", case="7", question="q1", mark="not_met",
                   replaces=["ann.11112222:1", "bob.99999999:5"]),)
    found = list(log_entries("marks", {ANN: first, LAPTOP: second}, NONE))
    assert found[1].old == "met | not here (bob.99999999:5)"


@pytest.mark.parametrize(("change", "old", "new"), [
    ({"kind": "reassigned", "case": "7", "turn": "second", "from": "bob", "to": "cat"}, "marker: bob", "to: cat"),
    ({"kind": "replaced", "case": "7", "with": "8", "reviewer": "bob", "second": None, "stratum": "a", "rule": "r/1"},
     "nothing", "with: 8; reviewer: bob; stratum: a; rule: r/1"),
    ({"kind": "withdrawn", "case": "7", "signed": []}, "nothing", "left the sample"),
    ({"kind": "withdrawn", "case": "7", "signed": ["ann", "bob"]}, "nothing", "signed: ann, bob"),
    ({"kind": "rubric_moved", "rubric": "r", "from_version": "1.0", "from_sha256": "aa", "version": "1.1",
      "sha256": "bb"}, "version: 1.0; sha256: aa", "rubric: r; version: 1.1; sha256: bb"),
])
def test_a_leaders_change_says_what_it_took_the_place_of(change: dict[str, Any], old: str, new: str) -> None:
    one, = told(line(1, **change), room="changes")
    assert (one.room, one.old, one.new) == ("changes", old, new)


def test_the_actions_of_a_sheet_of_feedback_are_told_in_words() -> None:
    actions = [{"what": what, "owner": "h1", "due": "2026-04-01"} for what in ("Chase", "Write")]
    said = value_of(line(1, "written", case="7", strength="Good.", actions=actions, nothing="", version=1), NONE)
    assert said == "strength: Good.; actions: Chase; h1; 2026-04-01, Write; h1; 2026-04-01; version: 1"


def test_a_line_of_odd_types_is_told_and_stops_nothing() -> None:
    odd = line(1, "answered", case=7, question=["q1"], mark={"a": 1}, replaces="ann.11112222:1", reason=None)
    one, = told(odd)
    assert (one.case_id, one.what, one.new, one.old) == ("7", "q1", "{'a': 1}", "nothing")
    assert value_of({}, NONE) == "nothing"


def test_a_clock_that_went_back_is_told_with_its_line_and_by_how_much() -> None:
    times = ("2026-03-02T09:00:00.000Z", "2026-03-02T09:05:00.000Z", "2026-03-02T09:04:59.500Z", "no time",
             "2026-03-02T08:04:59.500Z", "2026-03-02T10:00:00+01:00")
    lines = [{"at": at, "seq": seq} for seq, at in enumerate(times, start=1)]
    assert list(clock_steps(lines)) == [ClockStep(5, times[2], times[4], 3600.0)]


def test_an_amendment_is_told_with_what_was_changed_until_it_was_signed_again() -> None:
    lines = (*JOURNAL, line(12, "answered", case="7", question="q2", mark="met"),
             line(13, "answered", case="8", question="q1", mark="met"), line(14, "signed_off", case="7", marks=3),
             line(15, "answered", case="7", question="q1", mark="met"), line(16, "reopened", case="7"))
    amended, reopened = reworked(told(*lines))
    assert amended.opened.reference == "ann.11112222:8" and amended.signed and amended.signed.at.endswith("14.000Z")
    assert [one.what for one in amended.changed] == ["flag", "urgent concern", "band disputed", "q2"]
    assert (reopened.opened.kind, reopened.changed, reopened.signed) == ("reopened", (), None)
    rows = tuple(amendments_table((amended, reopened)).rows)
    assert rows[0][3:6] == ("7", "amended", "The letter was found.") and "q2: nothing to met (12)" in str(rows[0][6])
    assert rows[1][5:] == ("none asked within a day", "none", "not in this journal")


def test_the_table_of_the_log_has_no_empty_cell_and_times_to_the_second() -> None:
    table = log_table(told(*JOURNAL, {"kind": "opened", "seq": 12}))
    assert len(table.rows) == 12 and all(len(row) == len(table.columns) and all(row) for row in table.rows)
    rows = tuple(table.rows)
    assert rows[1][3] == "2026-03-02 09:00:02" and rows[11][3] == "not told" == second_of("")
