"""The sheet of a reviewer's book that holds their own log: what they changed, signed off and opened again."""

from collections.abc import Iterator

from cqa.commands.records import SampleRecord
from cqa.facts import second_of
from cqa.files.journals import read_journals
from cqa.marking.events import STATUS
from cqa.marking.log import NOTHING, LogEntry, log_entries
from cqa.rubric.scoring import level_of
from cqa.table import Cell, Column, Table

HELD_BACK = "held back"
_ALWAYS = ("cleared", "undone", "redone", "amended", "reopened", "signed_off")


def own_changes_table(record: SampleRecord, reviewer: str) -> Table:
    """Every mark the reviewer changed, cleared or took back, every sign-off, reopening and amendment, on all devices.

    Of a case that somebody has still to mark or sign off it says when something was changed, and not what: the book
    may lie open where they see it.
    """
    columns = (Column("Case", "id", 11), Column("When (UTC)", "text", 13), Column("What", "text", 12),
               Column("Question", "text", 11), Column("From", "long", 25), Column("To", "long", 25),
               Column("Reason of the change", "long", 18))
    return Table("Changes", "What I changed", "A first answer is no change. Every line stands in the journal, and none "
                 "is ever taken out of it.", columns, tuple(_rows(record, reviewer)))


def _rows(record: SampleRecord, reviewer: str) -> Iterator[tuple[Cell, ...]]:
    journals = read_journals(record.folder.marks, reviewer).lines
    held = _held_back(record, reviewer)
    for one in log_entries("marks", journals, frozenset()):
        if one.case_id and _is_change(one, record):
            kind = "changed" if one.kind == "answered" else one.kind.replace("_", " ")
            told = (HELD_BACK,) * 3 if one.case_id in held else _told(one, record)
            yield one.case_id, second_of(one.at), kind, "all" if one.what == STATUS else one.what, *told


def _is_change(one: LogEntry, record: SampleRecord) -> bool:
    """Whether an entry changes a mark, or the state of its case; case facts are no marks."""
    if one.kind in ("signed_off", "amended", "reopened"):
        return True
    marked = record.rubric is not None and any(one.what in rubric.by_id for rubric in record.rubrics)
    return marked and (one.kind in _ALWAYS or (one.kind == "answered" and one.old != NOTHING))


def _held_back(record: SampleRecord, reviewer: str) -> frozenset[str]:
    """The cases of which somebody who marks them has not signed off, the reviewer's alone not counted."""
    others = {one.case.case_id for one in record.everyone if one.reviewer.casefold() != reviewer.casefold()}
    return frozenset(one.case.case_id for one in record.everyone
                     if not one.signed and one.case.case_id in others)


def _told(one: LogEntry, record: SampleRecord) -> tuple[str, str, str]:
    return _labelled(one.old, one.what, record), _labelled(one.new, one.what, record), one.reason or "none"


def _labelled(value: str, question: str, record: SampleRecord) -> str:
    """The value with a level's label in the place of its id, where a version of the rubric has that level."""
    mark, feed, texts = value.partition("\n")
    for rubric in record.rubrics:
        level = level_of(rubric.by_id[question], mark) if question in rubric.by_id else None
        if level is not None:
            return f"{level.label}{feed}{texts}"
    return value
