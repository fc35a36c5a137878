"""The log of journals as tables: every line, and every signed case that was opened again."""

from collections.abc import Iterable, Iterator, Sequence

from cqa.facts import second_of
from cqa.marking.log import LogEntry, Reworked
from cqa.table import Cell, Column, Made, Table

NONE = "none"


def log_table(entries: Sequence[LogEntry]) -> Table:
    """Every line of every journal."""
    columns = (Column("Reference", "id", 21), Column("Room", "text", 14), Column("Who", "text", 14),
               Column("When (UTC)", "text", 14), Column("Kind", "text", 14), Column("Case", "text", 14),
               Column("Question or other", "text", 14), Column("From", "long", 17), Column("To", "long", 22),
               Column("Reason of change", "long", 14))
    return Table("Log", "Every line of every journal", "In the order in which each journal has them. From is what the "
                 "line replaced, To what it set: levels by their ids, as the journal has them.", columns,
                 Made(len(entries), lambda: _log_rows(entries)))


def _log_rows(entries: Iterable[LogEntry]) -> Iterator[tuple[Cell, ...]]:
    for one in entries:
        yield (one.reference, one.room, one.who, second_of(one.at), one.kind.replace("_", " "), one.case_id or "-",
               one.what, one.old, one.new, one.reason or NONE)


def amendments_table(found: Iterable[Reworked]) -> Table:
    """Every amendment and reopening of a signed case, with what came of it."""
    columns = (Column("Reference", "id", 21), Column("Who", "text", 14), Column("When (UTC)", "text", 14),
               Column("Case", "text", 11), Column("Kind", "text", 14), Column("Reason", "long", 22),
               Column("What was changed", "long", 26), Column("Signed off again (UTC)", "text", 14))
    rows = tuple((one.opened.reference, one.opened.who, second_of(one.opened.at), one.opened.case_id, one.opened.kind,
                  one.opened.reason or "none asked within a day", _changed(one),
                  second_of(one.signed.at) if one.signed else "not in this journal") for one in found)
    return Table("Amendments", "Signed cases that were opened again", "Amended: with a reason, what was signed counts "
                 "until it is signed again. Reopened: within a day of the sign-off, before anybody else saw the marks.",
                 columns, rows)


def _changed(one: Reworked) -> str:
    told = [f"{entry.what}: {_first(entry.old)} to {_first(entry.new)} ({entry.reference.rpartition(':')[2]})"
            for entry in one.changed]
    return "; ".join(told) or NONE


def _first(value: str) -> str:
    """A value without the texts of a mark, which the log has."""
    return value.partition("\n")[0]
