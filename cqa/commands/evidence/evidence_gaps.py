"""What a sample's record does not hold or cannot show, and what the checks of `cqa verify` came to, as tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cqa.commands.evidence.checks import Check
from cqa.commands.records import SampleRecord
from cqa.consistency.cells import first_few
from cqa.consistency.listings import left_out_table
from cqa.errors import Problem, only_errors
from cqa.facts import how_many
from cqa.files.journals import Owner, journal_path
from cqa.files.rooms import ROOMS
from cqa.files.sample_folder import SampleFolder
from cqa.marking.history import Line
from cqa.marking.log import clock_steps
from cqa.table import Column, Table

_OF_THIS_COMPUTER = "J018"
"""The right to read a journal is told by the folder it lies in, not by the record."""
_ASIDE = ("*.torn-*", "*.rewritten-*")
_TOLD = 3
_BEFORE = 3
"""Before which column of what was left out the severity stands."""
Room = Mapping[Owner, Sequence[Line]]
"""The journals of one of the folders that hold some, by whose they are."""


def placed(problem: Problem, root: Path) -> Problem:
    """The problem with its file named from the workspace on: where that lies is no business of the evidence."""
    path = Path(problem.where)
    where = path.relative_to(root).as_posix() if path.is_relative_to(root) else problem.where
    return replace(problem, where=where)


def checks_table(checks: Iterable[Check]) -> Table:
    """What `cqa verify` looks at, and what each check came to."""
    columns = (Column("Check", "id", 22), Column("Rule", "long", 55), Column("Result", "text", 15),
               Column("What was found", "long", 25))
    rows = tuple((one.name, one.rule, result_of(one), _found(one)) for one in checks)
    return Table("Checks", "What was checked when this was packed", "Made by cqa verify; anybody can make them again "
                 "in the unpacked folder. VERIFY.txt says how to check without cqa.", columns, rows)


def result_of(check: Check) -> str:
    """In a word, what a check came to."""
    if not check.done:
        return "not made"
    told = _of_the_record(check)
    if only_errors(told):
        return "does not hold"
    return f"holds, {how_many(len(told), 'warning')}" if told else "holds"


def _of_the_record(check: Check) -> tuple[Problem, ...]:
    return tuple(problem for problem in check.problems if problem.code != _OF_THIS_COMPUTER)


def _found(check: Check) -> str:
    if not check.done:
        return "nothing was looked at"
    told = _of_the_record(check)
    more = len(told) - _TOLD
    return "\n".join((*(f"{one.code} {one.message}" for one in told[:_TOLD]),
                      *((f"{more} more on the sheet Known gaps.",) if more > 0 else ()))) or "nothing amiss"


def gaps_table(gaps: Iterable[Problem]) -> Table:
    """What is known to be missing, damaged, or not counted: errors first."""
    found = sorted(gaps, key=lambda gap: gap.severity)
    plain = left_out_table(found)
    columns = (*plain.columns[:_BEFORE], Column("Severity", "text", 10), *plain.columns[_BEFORE:])
    rows = tuple((*row[:_BEFORE], gap.severity, *row[_BEFORE:]) for row, gap in zip(plain.rows, found, strict=True))
    return Table("Known gaps", "What is missing, damaged or not counted", "An error is damage, or a rule that was "
                 "broken. A warning is told so that nobody takes it for granted.", columns, rows)


def every_gap(
    record: SampleRecord, checks: Iterable[Check], rooms: Mapping[str, Room], others: Iterable[Problem]
) -> tuple[Problem, ...]:
    """All of it, each once: what the checks found, what reading the record found beyond it, files set aside, clocks
    set back, cases not signed off, and `others`. Files are named from the workspace on."""
    found = (*(problem for check in checks for problem in _of_the_record(check)), *record.problems,
             *_set_aside(record.folder), *_clocks(record.folder, rooms), *_unsigned(record, rooms["marks"]), *others)
    root = record.folder.path.parent.parent
    told: dict[tuple[object, ...], Problem] = {}
    for one in found:
        told.setdefault((one.code, one.where, one.line, one.message), one)
    return tuple(placed(one, root) for one in told.values())


def _set_aside(folder: SampleFolder) -> Iterator[Problem]:
    for path in (path for room in ROOMS for kept in _ASIDE for path in sorted((folder.path / room).glob(kept))):
        if path.is_file() and not path.is_symlink():
            yield Problem("W012", f"{how_many(path.stat().st_size, 'byte')} that stood in a journal were set aside "
                          "here: a line that was never finished, or damage that its writer acknowledged.",
                          "The file is in the pack as it is.", str(path), severity="warning")


def _clocks(folder: SampleFolder, rooms: Mapping[str, Room]) -> Iterator[Problem]:
    for room, owner, lines in ((room, *told) for room, journals in rooms.items() for told in journals.items()):
        for step in clock_steps(lines):
            yield Problem("W010", f"The clock of the device went back by {step.seconds:,.0f} seconds, from "
                          f"{step.before} to {step.at}.", "The order of the lines is sure; their times are not.",
                          str(journal_path(folder.path / room, *owner)), step.seq, severity="warning")


def _unsigned(record: SampleRecord, journals: Room) -> Iterator[Problem]:
    here = {person for person, _ in journals}
    for reviewer in record.folder.sample.reviewers:
        mine = [one for one in record.everyone if one.reviewer == reviewer]
        owed = tuple(one.case.case_id for one in mine if not one.signed)
        if owed and reviewer.casefold() not in here:
            yield Problem("W011", f"No journal of {reviewer} is here, who is to mark {how_many(len(mine), 'case')}.",
                          "Ask whether they have begun, and bring their journal together with: cqa collect",
                          str(record.folder.marks), severity="warning")
        elif owed:
            yield Problem("W011", f"{reviewer} has not signed off {len(owed)} of {how_many(len(mine), 'case')}: "
                          f"{first_few(owed)}.", "What is not signed off is in no figure.", str(record.folder.marks),
                          severity="warning")
