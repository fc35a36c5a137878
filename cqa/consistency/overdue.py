"""What is owed and past its due date: which case, by whom, since when."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from cqa.working_days import working_days_after, working_days_since

What = Literal["mark", "second mark", "feedback"]


@dataclass(frozen=True, slots=True)
class Owed:
    """Something not done that somebody owes (`reviewer` is empty where nobody has the case): owed from the day `since`
    (UTC) on, and due `within` so many working days after it."""

    sample: str
    case_id: str
    reviewer: str
    what: What
    since: date
    within: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """Something owed whose due date has passed. `late`: working days since then, 0 where none has passed."""

    owed: Owed
    due: date
    late: int

    @property
    def reviewer(self) -> str:
        """Who owes it; empty where nobody has the case."""
        return self.owed.reviewer

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract. That it is not done is all it says of the case."""
        return {"sample": self.owed.sample, "case": self.owed.case_id, "reviewer": self.owed.reviewer,
                "what": self.owed.what, "due": self.due.isoformat(), "working_days_late": self.late}


def overdue(owed: Iterable[Owed], today: date, closed: Container[date]) -> tuple[Overdue, ...]:
    """What is owed and was due before `today`, the oldest due date first. On its due date nothing is overdue yet.

    `closed` holds the days, beside Saturdays and Sundays, on which nobody works.
    """
    listed = tuple(owed)
    # Most of what is owed was drawn on one day; a clock that lies may be thousands of years off.
    dues = {key: working_days_after(*key, closed) for key in {(one.since, one.within) for one in listed}}
    lates = {due: working_days_since(due, today, closed) for due in set(dues.values()) if due < today}
    found = [Overdue(one, due, lates[due]) for one in listed if (due := dues[one.since, one.within]) in lates]
    return tuple(sorted(found, key=lambda one: (one.due, one.owed.sample, one.owed.case_id, one.owed.what)))
