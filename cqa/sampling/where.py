"""The conditions of a plan: which cases are in the frame, and in words why the others are not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cqa.errors import Problem, WrongUse
from cqa.facts import is_number, number
from cqa.sampling.date_patterns import Pattern, as_iso
from cqa.sampling.frame import Cases, Places
from cqa.sampling.survey import Exclude
from cqa.sampling.ticket import normal_id

RANGE = ".."


@dataclass(frozen=True, slots=True)
class Condition:
    """`column=value`, or `column=from..to` with one end or both; `kind` is value, date or number."""

    text: str
    column: str
    kind: str
    values: tuple[str, ...] = ()
    low: str = ""
    high: str = ""


def read_conditions(texts: Sequence[str]) -> tuple[Condition, ...]:
    """The conditions as typed. Several values of one column are alternatives; everything else must hold together.

    Raises WrongUse with every one that cannot be read.
    """
    problems: list[Problem] = []
    made: dict[str, Condition] = {}
    for text in texts:
        column, equals, value = (part.strip() for part in text.partition("="))
        condition = _condition(text.strip(), column, value) if equals and column else None
        if condition is not None and _reversed(condition):
            problems.append(Problem("C020", f"--where {text} ends before it begins.",
                                    f"Write {column}={condition.high}{RANGE}{condition.low}."))
        elif condition is None:
            problems.append(Problem("C020", f"--where cannot be '{text}'.", "Write column=value, or column=from..to "
                                    "with dates such as 2026-03-31, or numbers."))
        elif condition.kind == "value" and (before := made.get(f"{column.casefold()} value")):
            made[f"{column.casefold()} value"] = Condition(
                f"{before.text} or {value}", before.column, "value", (*before.values, value))
        else:
            made[f"{column.casefold()} {'value' if condition.kind == 'value' else text}"] = condition
    if problems:
        raise WrongUse(problems)
    return tuple(made.values())


def _condition(text: str, column: str, value: str) -> Condition | None:
    if RANGE not in value:
        return Condition(text, column, "value", (value,))
    low, _, high = (part.strip() for part in value.partition(RANGE))
    ends = [end for end in (low, high) if end]
    if ends and all(map(_is_day, ends)):
        return Condition(text, column, "date", low=low, high=high)
    if ends and all(map(is_number, ends)):
        return Condition(text, column, "number", low=low, high=high)
    return None


def _reversed(condition: Condition) -> bool:
    low, high = condition.low, condition.high
    if not low or not high:
        return False
    return low > high if condition.kind == "date" else number(low) > number(high)


def _is_day(text: str) -> bool:
    """Whether the text is a date such as 2026-03-31."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def excludes(
    conditions: Sequence[Condition], places: Places, patterns: Mapping[str, Sequence[Pattern]]
) -> list[Exclude]:
    """For each condition the function that says why cases are left out; `patterns` are those of each date column."""
    return [_Excluder(condition, places.where[condition.column], patterns.get(condition.column, ()))
            for condition in conditions]


class _Excluder:
    """Looks each value up once: columns that conditions look at hold few different ones."""

    def __init__(self, condition: Condition, place: int, patterns: Sequence[Pattern]) -> None:
        self.condition, self.place, self.patterns = condition, place, patterns
        self.known: dict[str, str] = {}

    def __call__(self, cases: Cases) -> list[str]:
        known, place = self.known, self.place
        told = []
        for row in cases.rows:
            value = row[place]
            if value not in known:
                known[value] = self.reason(normal_id(value))
            told.append(known[value])
        return told

    def reason(self, value: str) -> str:
        """Why a case with this value is not in the frame; empty where it is."""
        condition = self.condition
        if condition.kind == "value":
            listed = value.casefold() in (wanted.casefold() for wanted in condition.values)
            return "" if listed else f"not {condition.text}"
        if not value:
            return f"{condition.column} is blank"
        inside = self.between(value)
        if inside is None:
            return f"{condition.column} is no {condition.kind}"
        return "" if inside else f"{condition.column} not in {condition.low}{RANGE}{condition.high}"

    def between(self, value: str) -> bool | None:
        """Whether a date or number lies between the ends, both included; None where the value is neither."""
        low, high = self.condition.low, self.condition.high
        if self.condition.kind == "date":
            # ISO dates of one length sort as days do.
            day = as_iso(value, self.patterns)
            return None if day is None else (not low or day >= low) and (not high or day <= high)
        if not is_number(value):
            return None
        found = number(value)
        return (not low or found >= number(low)) and (not high or found <= number(high))


def assessed_before(ids: Mapping[str, str]) -> Exclude:
    """Leaves out cases of earlier samples; `ids` maps a case id, as the rule sees it, to the sample's name."""
    def exclude(cases: Cases) -> list[str]:
        return [f"assessed in sample {ids[case_id]}" if case_id in ids else "" for case_id in cases.ids]
    return exclude
