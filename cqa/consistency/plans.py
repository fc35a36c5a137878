"""Plan against done, by person and period: who got nothing is a row with 0, for what is missing makes no smaller whole.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby
from math import ceil

from cqa.facts import how_many
from cqa.periods import Period, period_of, periods_between
from cqa.scheme import Per, PlanSettings
from cqa.table import Column, Table

PLAN_NOTE = ("Main cases in the period of their draw, whenever they were signed off. Short: wanted and not signed off. "
             "Who got nothing is listed with 0.")


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """A main case as a plan counts it: the day of its draw (UTC), whose it is (its handlers, or its first marker;
    nobody where that is not known), whether its first marker has signed it off, and whether two markers have."""

    drawn: date
    people: tuple[str, ...]
    signed: bool
    both: bool


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One person in one period: main cases that the plan wants, that were drawn then, and of these those signed off by
    their first marker since; of the drawn ones those that are to be marked twice, and those signed off by both markers.
    """

    period: Period
    person: str
    per: Per
    wanted: int
    drawn: int
    done: int
    second_wanted: int
    second_done: int

    @property
    def short(self) -> int:
        """How many cases are missing from what the plan wants; more than that makes up for nobody else."""
        return max(0, self.wanted - self.done)

    @property
    def second_short(self) -> int:
        """How many second marks are missing."""
        return max(0, self.second_wanted - self.second_done)

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"period": self.period.name, "person": self.person, "per": self.per, "wanted": self.wanted,
                "drawn": self.drawn, "done": self.done, "second_wanted": self.second_wanted,
                "second_done": self.second_done}


def plan_rows(
    plan: PlanSettings, cases: Iterable[PlannedCase], expected: Sequence[str], until: date | None = None
) -> tuple[PlanRow, ...]:
    """A row for each period and person, in the order of periods and names, whatever the letter case of a name.

    The periods are those in which cases were drawn; with `until` (today) also those between, in which nothing was, and
    the present one. The people are everyone `expected`, in each period, and whoever else has a case in it. A case of
    several people is one of each.
    """
    listed = tuple(cases)
    names: dict[str, str] = {}
    for name in chain(*(case.people for case in listed), expected):
        names.setdefault(name.casefold(), name)
    periods: dict[Period, list[PlannedCase]] = {}
    for case in listed:
        periods.setdefault(period_of(case.drawn, plan.period), []).append(case)
    if until is not None:
        present = period_of(until, plan.period)
        for period in periods_between(min((*periods, present)), present):
            periods.setdefault(period, [])
    return tuple(_row(plan, period, names[person], theirs) for period in sorted(periods)
                 for person, theirs in sorted(_by_person(periods[period], expected).items()))


def _by_person(cases: Iterable[PlannedCase], expected: Iterable[str]) -> dict[str, list[PlannedCase]]:
    found: dict[str, list[PlannedCase]] = {name.casefold(): [] for name in expected}
    for case in cases:
        for person in {name.casefold() for name in case.people}:
            found.setdefault(person, []).append(case)
    return found


def _row(plan: PlanSettings, period: Period, person: str, cases: Sequence[PlannedCase]) -> PlanRow:
    return PlanRow(period, person, plan.per, plan.cases, len(cases), sum(case.signed for case in cases),
                   ceil(plan.second * len(cases)), sum(case.both for case in cases))


def plan_told(row: PlanRow) -> str:
    """The plan that a row follows, in words."""
    of = "of each handler" if row.per == "handler" else "by each reviewer"
    return f"{how_many(row.wanted, 'case')} {of} in every {row.period.length}"


def periods_said(rows: Iterable[PlanRow]) -> tuple[str, ...]:
    """How far the plan is in each period, in the order of `rows`."""
    return tuple(_period_said(list(those)) for _, those in groupby(rows, lambda row: row.period))


def _period_said(rows: Sequence[PlanRow]) -> str:
    """Of how much of what is wanted how much is done; what somebody has beyond the plan makes up for nobody else."""
    wanted, short = sum(row.wanted for row in rows), sum(row.short for row in rows)
    second, missing = sum(row.second_wanted for row in rows), sum(row.second_short for row in rows)
    people = sum(row.short > 0 for row in rows)
    told = f"{rows[0].period.name}: {wanted - short} of {how_many(wanted, 'case')}"
    told += f", {second - missing} of {how_many(second, 'second mark')}" if second else ""
    return f"{told}; {people} of {how_many(len(rows), rows[0].per)} short." if people else f"{told}; nobody is short."


def plan_table(rows: Sequence[PlanRow]) -> Table:
    """What was wanted of each person in each period, and what is done; there is at least one row."""
    columns = (Column("Period", "id", 12), Column(rows[0].per.capitalize(), "text", 26), Column("Wanted", "number", 10),
               Column("Drawn", "number", 10), Column("Signed off", "number", 12), Column("Short", "number", 10),
               Column("Second marks wanted", "number", 14), Column("Signed off by both", "number", 14))
    return Table("Plan", f"Plan against done: {plan_told(rows[0])}", PLAN_NOTE, columns, tuple(
        (row.period.name, row.person, row.wanted, row.drawn, row.done, row.short, row.second_wanted, row.second_done)
        for row in rows))
