"""Which columns of a drawn sample are not passed on, because a rubric says that a case fact is never shown."""

from collections.abc import Iterable
from dataclasses import replace

from cqa.facts import folded
from cqa.sampling.draw import DrawnCase
from cqa.sampling.plan import Plan

HANDLER = "handler"
"""The column of cases.csv that holds whose work a case shows."""
Hidden = Iterable[tuple[str, str]]
"""Case facts that are never shown, in any version of the sample's rubric: id and column of the export."""


def withheld_columns(plan: Plan, hidden: Hidden) -> tuple[str, ...]:
    """The columns of cases.csv that hold such a fact, or the same column of the export under another name."""
    ids, columns = _hidden(plan, hidden)
    facts = [fact for fact, column in plan.columns.facts if fact in ids or folded(column) in columns]
    handler = [HANDLER] if columns & set(map(folded, plan.columns.handled_by)) else []
    return (*handler, *facts)


def drawn_by(plan: Plan, hidden: Hidden) -> tuple[str, ...]:
    """Such columns by which the sample was drawn: their values are names of strata, or stand in the plan's
    conditions, and cannot be taken out without taking the draw away."""
    _, columns = _hidden(plan, hidden)
    read = plan.columns
    used = dict.fromkeys((read.case_id, *read.by, *read.per, *read.where, *((read.weight,) if read.weight else ())))
    return tuple(column for column in used if folded(column) in columns)


def without(case: DrawnCase, withheld: Iterable[str]) -> DrawnCase:
    """The case as it reads where the columns are withheld."""
    gone = set(withheld)
    return replace(case, handlers=() if HANDLER in gone else case.handlers,
                   facts={fact: "" if fact in gone else value for fact, value in case.facts.items()})


def _hidden(plan: Plan, hidden: Hidden) -> tuple[set[str], set[str]]:
    """The ids of the hidden facts, and the columns they come from, folded: as the rubrics and as the draw have it."""
    told = list(hidden)
    ids = {fact for fact, _ in told}
    return ids, {folded(column) for fact, column in (*told, *plan.columns.facts) if fact in ids}
