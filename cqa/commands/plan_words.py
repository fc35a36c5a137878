"""The plan on the screen: how far it is in each period, and who is short in the latest one."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from cqa.consistency.plans import PlanRow, plan_told
from cqa.facts import how_many
from cqa.table import Column, Table

_PERIODS = 8
_LISTED = 20


def plan_heading(row: PlanRow, samples: str) -> str:
    """What the plan wants; `samples` are those that alone were counted, where not all were."""
    return f"Plan: {plan_told(row)}{f', counted over {samples} alone' if samples else ''}. Signed off:"


def plan_periods(rows: Sequence[PlanRow]) -> Iterator[str]:
    """How far the plan is in each period, the latest last, in the order of `rows`."""
    periods = [list(those) for _, those in groupby(rows, lambda row: row.period)]
    if len(periods) > _PERIODS:
        yield f"{how_many(len(periods) - _PERIODS, 'earlier period')}: see --period, or --json."
    for those in periods[-_PERIODS:]:
        yield _period_said(those)


def _period_said(rows: Sequence[PlanRow]) -> str:
    """Of how much of what is wanted how much is done; what somebody has beyond the plan makes up for nobody else."""
    wanted, short = sum(row.wanted for row in rows), sum(row.short for row in rows)
    second, missing = sum(row.second_wanted for row in rows), sum(row.second_short for row in rows)
    people = sum(row.short > 0 for row in rows)
    told = f"{rows[0].period.name}: {wanted - short} of {how_many(wanted, 'case')}"
    told += f", {second - missing} of {how_many(second, 'second mark')}" if second else ""
    return f"{told}; {people} of {how_many(len(rows), rows[0].per)} short." if people else f"{told}; nobody is short."


def short_table(rows: Sequence[PlanRow]) -> Table:
    """Who is short in the latest period, most first; no row where nobody is. `rows` holds one row at least."""
    latest = [row for row in rows if row.period == rows[-1].period]
    short = sorted((row for row in latest if row.short or row.second_short), key=lambda row: -row.short)
    more = len(short) - _LISTED
    seconds = any(row.second_wanted for row in latest)
    columns = (Column(latest[0].per.capitalize()), Column("Short", "number"), Column("Wanted", "number"),
               Column("Drawn", "number"), Column("Signed off", "number"),
               *((Column("By both", "number"),) if seconds else ()))
    return Table("plan", f"Who is short in {latest[0].period.name}",
                 f"{more} more are short: --json lists everyone." if more > 0 else "", columns, tuple(
                     (row.person, row.short, row.wanted, row.drawn, row.done,
                      *((f"{row.second_done} of {row.second_wanted}",) if seconds else ()))
                     for row in short[:_LISTED]))
