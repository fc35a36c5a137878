"""Several samples in the order in which they were drawn: what changed from one to the next, and where nothing can be
said because the rubric did."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from scipy.special import ndtr

from cqa.consistency.intervals import Z95
from cqa.consistency.marks import QuestionScale
from cqa.consistency.population import Share
from cqa.consistency.results import Assessed, theme_results
from cqa.consistency.spread import step_up

CHANGED = 0.05
"""The false discovery rate over all changes."""
ALL, THEME, QUESTION = "all questions", "theme", "question"


@dataclass(frozen=True, slots=True)
class Change:
    """The difference from the sample before as a fraction of 1, with its 95% interval and p-value; `q` is that among
    all changes of the report (Benjamini and Hochberg)."""

    value: float
    low: float
    high: float
    p: float
    q: float = 1.0


@dataclass(frozen=True, slots=True)
class Point:
    """One question, theme or the whole rubric in one sample; `change` is None where `why` says so."""

    kind: str
    rubric: str
    version: str
    name: str
    sample: str
    share: Share
    change: Change | None
    why: str

    @property
    def reading(self) -> str:
        """Whether the share went up or down, in words."""
        if self.change is None:
            return self.why
        if self.change.q > CHANGED:
            return "no difference that the data can bear"
        return "higher than before" if self.change.value > 0 else "lower than before"

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        change = self.change
        return {"kind": self.kind, "rubric": self.rubric, "version": self.version, "name": self.name,
                "sample": self.sample, "cases": self.share.cases, "rate": self.share.rate, "low": self.share.low,
                "high": self.share.high, "change": None if change is None else
                {"value": change.value, "low": change.low, "high": change.high, "p": change.p, "q": change.q},
                "reading": self.reading}


def trend(assessed: Assessed, scales: Sequence[QuestionScale], samples: Sequence[str]) -> tuple[Point, ...]:
    """Every point of every question, theme and rubric over `samples`, in order of time; none of fewer than two.

    A point is compared with the sample before, when that was marked by the same version of the rubric.
    """
    if len(samples) < 2:
        return ()
    found: dict[tuple[str, str, str], list[Point]] = {}
    for sample in samples:
        for point in _points(assessed.only(sample), scales, sample):
            line = found.setdefault((point.kind, point.rubric, point.name), [])
            line.append(_compared(point, line[-1] if line else None))
    return tuple(_adjusted([point for kind in (ALL, THEME, QUESTION) for key, line in found.items()
                            if key[0] == kind for point in line]))


def _points(assessed: Assessed, scales: Iterable[QuestionScale], sample: str) -> Iterator[Point]:
    """The figures of one sample, not yet compared."""
    versions = {case.rubric for case in assessed.cases}
    asked = [scale for scale in scales if (scale.rubric, scale.version) in versions]
    for rubric, version in dict.fromkeys((scale.rubric, scale.version) for scale in asked):
        own = [scale for scale in asked if (scale.rubric, scale.version) == (rubric, version)]
        yield Point(ALL, rubric, version, ALL, sample, assessed.share(own), None, "")
        for theme in theme_results(assessed, own):
            yield Point(THEME, rubric, version, theme.name, sample, theme.share, None, "")
        for scale in own:
            yield Point(QUESTION, rubric, version, scale.question, sample, assessed.share([scale]), None, "")


def _compared(point: Point, before: Point | None) -> Point:
    if before is None:
        return replace(point, why="the first sample")
    if before.version != point.version:
        return replace(point, why=f"not compared: the rubric changed from version {before.version} to {point.version}")
    change = change_between(before.share, point.share)
    return replace(point, change=change, why="" if change else "not compared: a figure or its interval is missing")


def change_between(before: Share, after: Share) -> Change | None:
    """The difference of two independent shares: Newcombe's hybrid of their intervals (1998, Statistics in Medicine
    17:873, method 10; Zou and Donner 2008). None without both intervals."""
    if None in (before.rate, before.low, before.high, after.rate, after.low, after.high):
        return None
    first, first_low, first_high = float(before.rate or 0), float(before.low or 0), float(before.high or 0)
    then, then_low, then_high = float(after.rate or 0), float(after.low or 0), float(after.high or 0)
    value = then - first
    down = sqrt((then - then_low) ** 2 + (first_high - first) ** 2)
    up = sqrt((then_high - then) ** 2 + (first - first_low) ** 2)
    toward_zero = down if value > 0 else up
    p = 2 * float(ndtr(-Z95 * abs(value) / toward_zero)) if toward_zero else float(value == 0)
    return Change(value, value - down, value + up, p)


def _adjusted(points: Sequence[Point]) -> Iterator[Point]:
    adjusted = step_up({str(place): point.change.p for place, point in enumerate(points) if point.change})
    for place, point in enumerate(points):
        yield replace(point, change=replace(point.change, q=adjusted[str(place)])) if point.change else point
