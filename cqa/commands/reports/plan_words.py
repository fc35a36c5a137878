"""The plan on the screen: how far it is in each period, and who is short in the latest one."""

from collections.abc import Iterator, Sequence

from cqa.consistency.plans import PlanRow, periods_said, plan_told
from cqa.facts import how_many
from cqa.table import Column, Table

_PERIODS = 8
_LISTED = 20


def plan_heading(row: PlanRow, samples: str) -> str:
    """What the plan wants; `samples` are those that alone were counted, where not all were."""
    return f"Plan: {plan_told(row)}{f', counted over {samples} alone' if samples else ''}. Signed off:"


def plan_periods(rows: Sequence[PlanRow]) -> Iterator[str]:
    """How far the plan is in each period, the latest last, in the order of `rows`."""
    periods = periods_said(rows)
    if len(periods) > _PERIODS:
        yield f"{how_many(len(periods) - _PERIODS, 'earlier period')}: see --period, or --json."
    yield from periods[-_PERIODS:]


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
