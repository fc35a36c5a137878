"""What a scheme asks beside the draw: how much in which period, by when, and held to which reference marks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal, get_args

from cqa.facts import share, whole_number
from cqa.periods import PeriodLength
from cqa.tree import Items, Node, Reader, Text, Tree, did_you_mean

Per = Literal["handler", "reviewer"]
Region = Literal["England and Wales", "Scotland", "Northern Ireland"]

PLAN_KEYS = ("per", "cases", "period", "second")
DUE_KEYS = ("mark", "feedback", "holidays")
CALIBRATION_KEYS = ("rate", "tolerance", "clearance")

REGIONS: tuple[Region, ...] = get_args(Region)
NO_HOLIDAYS = "none"
MOST_DAYS = 999
"""No due date lies further off, in working days: four years, and far from the end of the calendar."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHARE = "a share such as 0.1 or 10%"


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """So many `cases` of each handler, or by each reviewer, in each period; of a period's main cases the share `second`
    is to be marked twice."""

    cases: int
    per: Per = "handler"
    period: PeriodLength = "quarter"
    second: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class DueSettings:
    """By when something is to be done, in working days.

    On Saturdays, on Sundays, on the public holidays of `region` (None: of none) and on the days of `closed` nobody
    works.
    """

    mark: int = 20
    feedback: int = 10
    region: Region | None = "England and Wales"
    closed: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class CalibrationSettings:
    """Cases with a reference mark: the share of them among the cases to mark, how many levels a mark may lie from the
    reference, and the share of marks within that which clears a reviewer.

    `tolerance` is for every question that `tolerances` does not name; None where it follows from the scale.
    `clearance` is None where no clearance is asked for.
    """

    rate: Fraction
    tolerance: int | None = None
    tolerances: Mapping[str, int] = field(default_factory=dict)
    clearance: Fraction | None = None


def read_plan(reader: Reader, node: Node | None) -> PlanSettings | None:
    """The setting `plan`; None where it is absent, or says too little to be one."""
    if node is None:
        return None
    tree = reader.mapping(node, "plan", PLAN_KEYS)
    cases = reader.parsed(reader.required(tree, "cases", "plan"), "plan.cases", _from_one, 0, "a whole number from 1")
    per: Per = "reviewer" if _choice(reader, tree, "plan.per", get_args(Per), "handler") == "reviewer" else "handler"
    length = _choice(reader, tree, "plan.period", get_args(PeriodLength), "quarter")
    period: PeriodLength = "month" if length == "month" else "year" if length == "year" else "quarter"
    second = reader.parsed(tree.get("second"), "plan.second", share, Fraction(0), _SHARE)
    return PlanSettings(cases, per, period, second) if cases else None


def read_due(reader: Reader, node: Node | None) -> DueSettings:
    """The setting `due`, with the defaults for whatever it does not say."""
    tree, usual = reader.mapping(node, "due", DUE_KEYS), DueSettings()
    form = f"a whole number of working days from 1 to {MOST_DAYS}"
    mark = reader.parsed(tree.get("mark"), "due.mark", _days, usual.mark, form)
    feedback = reader.parsed(tree.get("feedback"), "due.feedback", _days, usual.feedback, form)
    holidays = tree.get("holidays")
    region, closed = (usual.region, usual.closed) if holidays is None else _holidays(reader, holidays)
    return DueSettings(mark, feedback, region, closed)


def read_calibration(reader: Reader, node: Node | None) -> CalibrationSettings | None:
    """The setting `calibration`; None where it is absent, or says no rate."""
    if node is None:
        return None
    tree = reader.mapping(node, "calibration", CALIBRATION_KEYS)
    rate = reader.parsed(reader.required(tree, "rate", "calibration"), "calibration.rate", share, None, _SHARE)
    clearance = reader.parsed(tree.get("clearance"), "calibration.clearance", share, None,
                              "a share such as 0.8 or 80%")
    tolerance = tree.get("tolerance")
    one, several = None, {}
    if isinstance(tolerance, Tree):
        several = {question.value: _levels(reader, levels, f"calibration.tolerance of {question.value[:40]}")
                   for question, levels in tolerance}
    elif tolerance is not None:
        one = _levels(reader, tolerance, "calibration.tolerance")
    return None if rate is None else CalibrationSettings(rate, one, several, clearance)


def _choice(reader: Reader, tree: Tree, what: str, allowed: tuple[str, ...], default: str) -> str:
    return reader.choice(tree.get(what.rpartition(".")[2]), what, allowed, default)


def _levels(reader: Reader, node: Node, what: str) -> int:
    return reader.parsed(node, what, whole_number, 0, "a whole number of levels")


def _from_one(text: str) -> int:
    value = whole_number(text)
    if not value:
        raise ValueError(text)
    return value


def _days(text: str) -> int:
    value = _from_one(text)
    if value > MOST_DAYS:
        raise ValueError(text)
    return value


def _holidays(reader: Reader, node: Node) -> tuple[Region | None, tuple[date, ...]]:
    """One region, `none`, or dates; or a list of dates with a region among them, for days that an office adds."""
    regions: list[Region] = []
    closed: set[date] = set()
    values = node.values if isinstance(node, Items) else (node,)
    for value in values:
        text = reader.text(value, "due.holidays")
        region = next((one for one in REGIONS if one.casefold() == text.casefold()), None)
        if region:
            regions.append(region)
        elif text.casefold() != NO_HOLIDAYS or len(values) > 1:
            _add_day(reader, value, text, closed)
    if len(regions) > 1:
        reader.malformed(node, "due.holidays names more than one region.", "Name one, and add the other days as dates.")
    return (regions[0] if regions else None), tuple(sorted(closed))


def _day(text: str) -> date:
    """Only 2026-12-25: fromisoformat alone would also take 20261225 and 2026-W52-5."""
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _add_day(reader: Reader, node: Node, text: str, closed: set[date]) -> None:
    try:
        if isinstance(node, Text):
            closed.add(_day(text))
    except ValueError:
        reader.malformed(node, f"due.holidays cannot be '{text[:40]}'.",
                         f"{did_you_mean(text, (*REGIONS, NO_HOLIDAYS))} Or list dates such as 2026-12-25.")
