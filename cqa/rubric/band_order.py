"""Which band is higher than which, as far as the conditions of the bands themselves tell."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Literal

from cqa.rubric.model import ALWAYS, AllOf, Condition, CriticalFailed, Leaf, Rubric, ScoreAtLeast

Move = Literal["same", "up", "down", "aside"]
"""What becomes of a band: `aside` is another one that the conditions do not put above or below the first."""

_FAILED, _OTHERWISE = Fraction(-2), Fraction(-1)


def ranks(rubric: Rubric) -> dict[str, Fraction]:
    """How high each band stands, for those that can be ordered: the least score that it asks for in per cent, -1 for
    the one that is left below such bands, -2 for those of a failed critical question.

    A band that is given for anything else (too little answered, a count of marks, a case fact) has no place among them.
    """
    found: dict[str, Fraction] = {}
    for band in rubric.bands:
        rank = _rank(band.when, below_scores=any(rank >= 0 for rank in found.values()))
        if rank is not None:
            found[band.name] = rank
    return found


def _rank(when: Condition, *, below_scores: bool) -> Fraction | None:
    if when == ALWAYS:
        return _OTHERWISE if below_scores else None
    parts = list(_needed(when))
    if any(isinstance(part, CriticalFailed) and part.failed for part in parts):
        return _FAILED
    return max((part.percent for part in parts if isinstance(part, ScoreAtLeast)), default=None)


def _needed(when: Condition) -> Iterator[Leaf]:
    """The leaves that must all hold."""
    if isinstance(when, AllOf):
        for part in when.parts:
            yield from _needed(part)
    elif isinstance(when, Leaf):
        yield when


def move(before: Rubric, after: Rubric, was: str, now: str) -> Move:
    """Where a case goes whose band `was` one of the first rubric and is `now` one of the second.

    The second rubric's order decides where it knows both bands, else the first's.
    """
    if was == now:
        return "same"
    for order in (ranks(after), ranks(before)):
        if was in order and now in order:
            return _direction(order, was, now)
    return "aside"


def _direction(order: Mapping[str, Fraction], was: str, now: str) -> Move:
    if order[was] == order[now]:
        return "aside"
    return "up" if order[now] > order[was] else "down"
