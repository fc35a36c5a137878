"""What `cqa status` says: what is overdue in words, how much is done, and the table of who has done what."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from cqa.commands.reports.status_after import FurtherMarks
from cqa.consistency.overdue import Overdue, What
from cqa.errors import SHOWN
from cqa.facts import how_many
from cqa.screen.bars import parts_bar
from cqa.screen.printer import listed
from cqa.table import Column, Row, Table

_BAR = 8
_LEGEND = ("Progress: # signed off, + begun, . not begun, of the cases to mark first. Only signed-off cases count in "
           "the report.")
_THINGS: dict[What, str] = {"mark": "case", "second mark": "second mark", "feedback": "feedback"}
_SOMETIMES = (("replaced", "Replaced"), ("withdrawn", "Withdrawn"), ("moderated", "Settled"), ("overdue", "Overdue"))
NOBODY = "nobody"
"""Who owes what nobody was given."""


def overdue_said(late: Sequence[Overdue], today: date) -> str:
    """How much is overdue, of whom, most first, and how long the oldest has been; `late` is not empty."""
    counts = Counter(one.owed.what for one in late)
    told = listed([how_many(counts[what], thing) for what, thing in _THINGS.items() if counts[what]])
    who = Counter(one.reviewer or NOBODY for one in late)
    oldest = late[0]
    return (f"{told} overdue: {', '.join(f'{name} {count}' for name, count in who.most_common())}; the oldest, case "
            f"{oldest.owed.case_id} of {oldest.owed.sample}, was due on {_day(oldest.due, today)} ({_ago(oldest)}).")


def overdue_cases(late: Sequence[Overdue], today: date) -> Iterator[str]:
    """The overdue cases under their due dates, those that have been due longest first."""
    for due, those in groupby(late[:SHOWN], lambda one: one.due):
        told = [one.owed.case_id + ("" if one.owed.what == "mark" else f" ({one.owed.what})") for one in those]
        yield f"Due on {_day(due, today)}: {', '.join(told)}."
    if len(late) > SHOWN:
        yield f"And {len(late) - SHOWN} more, which --json lists."


def _day(day: date, today: date) -> str:
    """A day as people say it, with its year where that is not the present one."""
    return f"{day.day} {day:%B}" if day.year == today.year else f"{day.day} {day:%B} {day.year}"


def _ago(one: Overdue) -> str:
    return f"{how_many(one.late, 'working day')} ago" if one.late else "no working day ago"


def summary(rows: Sequence[Mapping[str, object]], further: Sequence[FurtherMarks]) -> tuple[str, str]:
    """How much is done of all, and who owes what, most first."""
    total = {key: sum(count_of(row, key) for row in rows) for key in ("drawn", "signed", "second_due", "second_marked")}
    owed: Counter[str] = Counter()
    for row in rows:
        owed[str(row["reviewer"])] += (count_of(row, "drawn") - count_of(row, "signed")
                                       + count_of(row, "second_due") - count_of(row, "second_marked"))
    for one in further:
        owed[one.reviewer] += one.due - one.signed
    asked, signed = sum(one.due for one in further), sum(one.signed for one in further)
    told = [f"{name} {count}" for name, count in owed.most_common() if count]
    further_said = f", {signed} of {how_many(asked, 'further mark')}" if asked else ""
    return (f"{total['signed']} of {how_many(total['drawn'], 'main case')} signed off, "
            f"{total['second_marked']} of {how_many(total['second_due'], 'second mark')}"
            f"{further_said}.",
            f"Still to be signed off: {', '.join(told)}." if told else "Nothing is still to be signed off.")


def count_of(row: Mapping[str, object], key: str) -> int:
    """The count of a row under that key."""
    value = row[key]
    return value if isinstance(value, int) else 0


def status_table(rows: Sequence[Mapping[str, object]]) -> Table:
    """A line for each row, of which there is one; columns that would say nothing are left out."""
    several = len({row["sample"] for row in rows}) > 1
    words = [(key, title) for key, title in (("sample", "Sample"), ("unit", "Unit"), ("reviewer", "Reviewer"))
             if key == "reviewer" or (several if key == "sample" else any(row[key] for row in rows))]
    some = [(key, title) for key, title in _SOMETIMES if any(row[key] for row in rows)]
    fed_back = any(row["feedback_given"] for row in rows)
    columns = (*(Column(title) for _, title in words), Column("Signed off", "number"), Column("Begun", "number"),
               Column("Second marks", "number"), *((Column("Fed back", "number"),) if fed_back else ()),
               *(Column(title, "number") for _, title in some),
               Column("Progress", "id"))
    cells: tuple[Row, ...] = tuple(
        (*(str(row[key]) for key, _ in words), f"{count_of(row, 'signed')} of {count_of(row, 'drawn')}",
         count_of(row, "marked") - count_of(row, "signed"),
         f"{count_of(row, 'second_marked')} of {count_of(row, 'second_due')}",
         *((f"{count_of(row, 'feedback_given')} of {count_of(row, 'feedback_due')}",) if fed_back else ()),
         *(count_of(row, key) for key, _ in some), _bar(row)) for row in rows)
    title = "Drawn and done" if several else f"Drawn and done in {rows[0]['sample']}"
    return Table("status", title, _LEGEND, columns, cells)


def _bar(row: Mapping[str, object]) -> str:
    drawn, marked, signed = (count_of(row, key) for key in ("drawn", "marked", "signed"))
    return parts_bar((signed, marked - signed, drawn - marked), _BAR)
