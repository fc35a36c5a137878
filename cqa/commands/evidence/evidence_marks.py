"""The marks of a sample as evidence: each with its journal line, who marked, and which cases are marked by two."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cqa.commands.records import Assessed, SampleRecord
from cqa.facts import second_of
from cqa.files.journals import Owner
from cqa.marking.history import Line
from cqa.marking.view import mark_in_words
from cqa.table import Cell, Column, Made, Table

NONE = "none"


def marks_table(record: SampleRecord) -> Table:
    """Every mark that stands on a main case."""
    columns = (Column("Case", "id", 11), Column("Question", "id", 10), Column("Version", "text", 9),
               Column("Reviewer", "text", 12), Column("Turn", "text", 14), Column("Mark", "text", 12),
               Column("Reason", "long", 22), Column("Evidence", "long", 14), Column("Signed off", "text", 9),
               Column("Marked (UTC)", "text", 13), Column("Reference", "text", 21))
    return Table("Marks", "Every mark that stands", "Reference: whose journal, of which device, and the line. Only "
                 "marks that are signed off are in the figures of the report.", columns,
                 Made(sum(1 for _ in _mark_rows(record)), lambda: _mark_rows(record)))


def _mark_rows(record: SampleRecord) -> Iterator[tuple[Cell, ...]]:
    for one in record.everyone:
        for question in one.rubric.questions:
            mark = one.standing.marks.get(question.id)
            if mark is not None:
                yield (one.case.case_id, question.id, one.rubric.version, one.reviewer, one.turn,
                       mark_in_words(question, mark.value), mark.reason or NONE, mark.evidence or NONE,
                       "yes" if one.signed else "no", second_of(mark.at), mark.event_id)


def reviewers_table(record: SampleRecord, journals: Mapping[Owner, Sequence[Line]]) -> Table:
    """Who was to mark what, who has, and from which devices and accounts; `journals` are those of the marks."""
    columns = (Column("Reviewer", "id", 16), Column("First marker of", "number", 10),
               Column("Second marker of", "number", 10), Column("Begun", "number", 9),
               Column("Signed off", "number", 9), Column("Marks", "number", 9), Column("Sittings", "number", 10),
               Column("Devices", "text", 14), Column("Accounts and computers", "long", 24))
    rows = tuple(_reviewer_row(record, reviewer, journals) for reviewer in record.folder.sample.reviewers)
    return Table("Reviewers", "Who marks", "Cases as they stand now. Accounts are those of the operating system, as "
                 "each sitting recorded them: a name is not a login.", columns, rows)


def _reviewer_row(record: SampleRecord, reviewer: str, journals: Mapping[Owner, Sequence[Line]]) -> tuple[Cell, ...]:
    mine = [one for one in record.everyone if one.reviewer == reviewer]
    turns = Counter(one.turn for one in mine)
    own = {device: lines for (person, device), lines in journals.items() if person == reviewer.casefold()}
    opened = [line for lines in own.values() for line in lines if line.get("kind") == "opened"]
    accounts = dict.fromkeys(f"{line.get('account')} on {line.get('host')}" for line in opened)
    return (reviewer, turns["first"], turns["second"], sum(one.begun for one in mine),
            sum(one.signed for one in mine), sum(len(one.standing.marks) for one in mine), len(opened),
            ", ".join(own) or NONE, "; ".join(accounts) or NONE)


def second_table(record: SampleRecord) -> Table:
    """The cases that are to be marked twice: by whom, how far they are, and where the two differ."""
    pairs = _pairs(record)
    done = [pair for pair in pairs if _both(pair)]
    differ = sum(bool(_differing(pair)) for pair in done)
    columns = (Column("Case", "id", 11), Column("First marker", "text", 13), Column("State", "text", 12),
               Column("Second marker", "text", 13), Column("Second's state", "text", 12),
               Column("Questions both marked", "number", 12), Column("They differ on", "long", 42))
    mains = sum(case.main for case in record.folder.sample.cases)
    note = (f"{len(pairs)} of {mains} main cases are to be marked twice; {len(done)} are signed off by both, and on "
            f"{differ} of them the two differ.")
    return Table("Second marking", "Cases marked by two", note, columns, tuple(map(_pair_row, pairs)))


_Pair = tuple[str, Assessed | None, Assessed | None]
"""A case, and its first and second marker; None where there is nobody."""


def _pairs(record: SampleRecord) -> list[_Pair]:
    turns = {(one.case.case_id, one.turn): one for one in record.assessed}
    twice = record.settled.twice | {case_id for case_id, turn in turns if turn == "second"}
    return [(case.case_id, turns.get((case.case_id, "first")), turns.get((case.case_id, "second")))
            for case in record.folder.sample.cases if case.main and case.case_id in twice]


def _both(pair: _Pair) -> bool:
    return all(one is not None and one.signed for one in pair[1:])


def _differing(pair: _Pair) -> list[str]:
    """The questions that both marked, and not alike, with the mark of each."""
    _, one, other = pair
    if one is None or other is None:
        return []
    return [f"{question}: {mark_in_words(one.rubric.by_id[question], mark.value)} and "
            f"{mark_in_words(other.rubric.by_id[question], theirs.value)}"
            for question, mark in one.standing.marks.items()
            if (theirs := other.standing.marks.get(question)) and theirs.value != mark.value]


def _pair_row(pair: _Pair) -> tuple[Cell, ...]:
    case_id, one, other = pair
    both = one.standing.marks.keys() & other.standing.marks.keys() if one and other else ()
    differ = "; ".join(_differing(pair)) or "nothing"
    return (case_id, *_named(one), *_named(other), len(both), differ if _both(pair) else "not signed off by both yet")


def _named(one: Assessed | None) -> tuple[str, str]:
    return (one.reviewer, one.state) if one else ("nobody", "-")


def marker_states(record: SampleRecord) -> dict[tuple[str, str], str]:
    """Case and turn to who marks it and how far they are; a reserve's markers are provisional."""
    states = {(one.case.case_id, one.turn): f"{one.reviewer}: {one.state}" for one in record.assessed}
    roles = {case.case_id: case.role for case in record.folder.sample.cases}
    for given in record.folder.sample.assignments:
        idle = f"{given.reviewer} if used" if roles.get(given.case_id) == "reserve" else given.reviewer
        states.setdefault((given.case_id, given.turn), idle)
    return states
