"""The scale that marks are on: as it was declared, or as the marks themselves tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from cqa.consistency.counts import steps
from cqa.facts import is_number, number

Order = Literal["declared", "numbers", "text"]


@dataclass(frozen=True, slots=True)
class Scale:
    """Levels in order, and where they lie: their numbers where all are numbers that rise or fall, else their positions.

    `of_text` says which level each text stands for: where levels are numbers, `3.0` is `3`. `order` says who ordered
    the levels.
    """

    levels: tuple[str, ...]
    places: tuple[float, ...]
    order: Order
    of_text: Mapping[str, int]


def scale_of(texts: Sequence[str], declared: Sequence[str] = ()) -> Scale:
    """The scale of marks with these distinct texts. A text that no declared level fits is not in `of_text`; without a
    declared scale the levels are the marks there are, as numbers if all are numbers, else as text."""
    if declared:
        numbers = _numbers(declared)
        return Scale(tuple(declared), _places(numbers) if numbers else steps(declared), "declared",
                     _fitting(texts, declared))
    numbers = _numbers(texts)
    if not numbers:
        levels = tuple(sorted(texts))
        return Scale(levels, steps(levels), "text", {text: place for place, text in enumerate(levels)})
    spoken: dict[Fraction, str] = {}
    for text, value in zip(texts, numbers, strict=True):
        if value not in spoken or (len(text), text) < (len(spoken[value]), spoken[value]):
            spoken[value] = text
    levels = tuple(spoken[value] for value in sorted(spoken))
    return Scale(levels, tuple(map(float, sorted(spoken))), "numbers", _fitting(texts, levels))


def _numbers(texts: Sequence[str]) -> list[Fraction]:
    """The texts as numbers; none where one of them is no number, or there is none."""
    return [number(text) for text in texts] if all(map(is_number, texts)) else []


def _places(numbers: Sequence[Fraction]) -> tuple[float, ...]:
    """Numbers that rise, or that fall turned round; positions where they do neither."""
    if all(one < other for one, other in pairwise(numbers)):
        return tuple(map(float, numbers))
    if all(one > other for one, other in pairwise(numbers)):
        return tuple(-float(value) for value in numbers)
    return tuple(map(float, range(len(numbers))))


def _fitting(texts: Sequence[str], levels: Sequence[str]) -> dict[str, int]:
    """Which level each text is: the one spelt like it, else the one that is the same number."""
    spelt = {level: place for place, level in enumerate(levels)}
    valued = {number(level): place for place, level in enumerate(levels) if is_number(level)}
    found = {text: spelt.get(text, valued.get(number(text), -1) if is_number(text) else -1) for text in texts}
    return {text: place for text, place in found.items() if place >= 0}
