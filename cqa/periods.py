"""Months, quarters and years, as plans count by them and people write them: 2026-11, 2026-Q4, 2026."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

PeriodLength = Literal["month", "quarter", "year"]

_MONTHS: dict[PeriodLength, int] = {"month": 1, "quarter": 3, "year": 12}
_WRITTEN = re.compile(r"([0-9]{4})(?:-([0-9]{2})|-[Qq]([1-4]))?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar month, quarter or year; `month` is its first one. Of one length they are ordered by time."""

    year: int
    month: int
    length: PeriodLength

    @property
    def name(self) -> str:
        """`2026-11`, `2026-Q4` or `2026`."""
        if self.length == "month":
            return f"{self.year:04}-{self.month:02}"
        return f"{self.year:04}-Q{(self.month + 2) // 3}" if self.length == "quarter" else f"{self.year:04}"

    def __contains__(self, day: date) -> bool:
        return day.year == self.year and self.month <= day.month < self.month + _MONTHS[self.length]

    def overlaps(self, other: "Period") -> bool:
        """Whether they have a day in common."""
        return (self.year == other.year and self.month < other.month + _MONTHS[other.length]
                and other.month < self.month + _MONTHS[self.length])

    def following(self) -> "Period":
        """The period of the same length that comes next."""
        years, month = divmod(self.month - 1 + _MONTHS[self.length], 12)
        return Period(self.year + years, month + 1, self.length)


def period_of(day: date, length: PeriodLength) -> Period:
    """The period of that length in which the day lies."""
    months = _MONTHS[length]
    return Period(day.year, (day.month - 1) // months * months + 1, length)


def read_period(text: str) -> Period:
    """A period as people write it: 2026, 2026-Q4, 2026-11. Raises ValueError for anything else."""
    found = _WRITTEN.fullmatch(text.strip())
    if not found:
        raise ValueError(f"no period: {text[:40]}")
    year, month, quarter = found.groups()
    if quarter:
        return Period(int(year), 3 * int(quarter) - 2, "quarter")
    if not month:
        return Period(int(year), 1, "year")
    if not 1 <= int(month) <= 12:
        raise ValueError(f"no month: {text[:40]}")
    return Period(int(year), int(month), "month")


def periods_between(first: Period, last: Period) -> Iterator[Period]:
    """Every period from one to another of the same length, both of them included; none where the last is earlier."""
    while first <= last:
        yield first
        first = first.following()
