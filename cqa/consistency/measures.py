"""All coefficients of agreement with their intervals, question by question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from cqa.consistency.agreement import (
    NO_PAIRS,
    NO_VARIATION,
    ONE_LEVEL,
    Coefficient,
    specific_agreement,
    within_one_of,
)
from cqa.consistency.counts import Patterns, Places, Ratings, patterns_of
from cqa.consistency.intervals import NoInterval, bca_interval, log_interval, percentile_interval, t_interval, wilson
from cqa.consistency.uncertainty import (
    AC,
    BRENNAN_PREDIGER,
    COHEN,
    CONGER,
    FLEISS,
    PERCENT,
    Asked,
    Uncertainty,
    uncertainties_of,
)
from cqa.consistency.weights import Vector

_WITH_PREVALENCES = (CONGER, FLEISS, BRENNAN_PREDIGER, AC)
"""The coefficients whose chance agreement may take once-marked cases into account."""
LEAST_CASES = 3
"""With two, an interval would reach from far below any coefficient to 1."""
_FEW_PATTERNS = 100
"""With more patterns than this, questions are computed one by one: together they would share too few of them."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Agreement on one question. Shares are fractions of 1, None without pairs.

    `cases` have two marks or more, `marks` are theirs, `reviewers` gave one of them; `once` counts the cases with one
    mark, which nothing else here counts. `percent_low` and `percent_high`: Wilson's where every case has two marks.
    `specific` holds each level's agreement, None where no pair holds the level.
    """

    cases: int
    reviewers: int
    marks: int
    pairs: int
    once: int
    percent: float | None
    percent_low: float | None
    percent_high: float | None
    within_one: float | None
    specific: Mapping[str, float | None]
    coefficients: Mapping[str, Coefficient]


@dataclass(frozen=True, slots=True)
class Measurement:
    """Figures of several questions of one scale before they are put into words, as arrays over the questions."""

    ratings: Ratings
    asked: Asked
    patterns: Patterns
    uncertainties: Mapping[str, Uncertainty]
    within_one: Vector
    specific: Vector
    reviewers: NDArray[np.int64]
    reviewers_with_once: NDArray[np.int64]
    once: NDArray[np.int64]

    def measured(self) -> tuple[Measured, ...]:
        """Every question."""
        cases, two_each = self.patterns.often.sum(axis=0).astype(int), self.patterns.two_each
        marks = (self.patterns.rows.sum(axis=1) @ self.patterns.often).astype(int)
        given = self.patterns.rows.sum(axis=1)
        pairs = ((given * (given - 1) / 2) @ self.patterns.often).astype(int)
        return tuple(self._measured(number, int(cases[number]), int(marks[number]), int(pairs[number]),
                                    bool(two_each[number])) for number in range(self.ratings.questions))

    def _measured(self, number: int, cases: int, marks: int, pairs: int, two_each: bool) -> Measured:
        percent = number_or_none(self.uncertainties[PERCENT].jackknife.whole[number])
        specific = self.specific[:, number].tolist()
        share = self._percent(number, cases, percent, two_each)
        return Measured(
            cases=cases, reviewers=int(self.reviewers[number]), marks=marks, pairs=pairs, once=int(self.once[number]),
            percent=percent, percent_low=share[0], percent_high=share[1],
            within_one=number_or_none(self.within_one[number]),
            specific={level: number_or_none(found) for level, found in zip(self.ratings.levels, specific, strict=True)},
            coefficients={name: self._coefficient(name, number, cases, percent) for name in self.uncertainties
                          if name != PERCENT})

    def _percent(self, number: int, cases: int, percent: float | None, two_each: bool
                 ) -> tuple[float | None, float | None]:
        if percent is None:
            return None, None
        if two_each:
            return wilson(round(percent * cases), cases)
        found = self._coefficient(PERCENT, number, cases, percent)
        return (None if found.low is None else max(0.0, found.low)), found.high

    def _coefficient(self, name: str, number: int, cases: int, percent: float | None) -> Coefficient:
        reviewers, known = int(self.reviewers[number]), self.uncertainties[name]
        value, not_for = number_or_none(known.jackknife.whole[number]), self._not_for(name, number)
        if value is None or not_for:
            why = f"not defined, because {not_for or self._undefined(cases)}"
            return Coefficient(name, None, None, None, None, cases, reviewers, why)
        if value >= 1 - 1e-12:
            return perfect(name, cases, reviewers, percent == 1.0)
        se = number_or_none(known.se[number])
        try:
            low, high = self._interval(known, number, value, se, cases)
        except NoInterval as none:
            return Coefficient(name, value, se, None, None, cases, reviewers, f"no interval, because {none}")
        return Coefficient(name, value, se, low, high, cases, reviewers)

    def _not_for(self, name: str, number: int) -> str:
        reviewers = int((self.reviewers_with_once if name == CONGER else self.reviewers)[number])
        if name == COHEN and reviewers not in (0, 2):
            return f"Cohen's kappa is for two reviewers, and there are {reviewers}"
        if name == CONGER and reviewers not in (0, 1) and reviewers < 3:
            return "Conger's kappa is for three reviewers or more: with two it is Cohen's"
        return ""

    def _undefined(self, cases: int) -> str:
        return NO_PAIRS if not cases else ONE_LEVEL if len(self.ratings.levels) < 2 else NO_VARIATION

    def _interval(self, known: Uncertainty, number: int, value: float, se: float | None, cases: int
                  ) -> tuple[float, float]:
        return interval_of(self.asked, value, se, cases, known.replicates[number],
                           lambda: float(known.jackknife.acceleration()[number]))


def interval_of(
    asked: Asked, value: float, se: float | None, cases: int, replicates: Vector, acceleration: Callable[[], float]
) -> tuple[float, float]:
    """The 95% interval that was asked for. Raises NoInterval."""
    if cases < LEAST_CASES:
        raise NoInterval(f"it needs {LEAST_CASES} cases")
    if se is not None and se < 1e-12:
        raise NoInterval("all cases say the same, which shows no spread")
    if asked.interval == "bootstrap":
        return percentile_interval(replicates)
    if asked.interval == "bca":
        return bca_interval(value, replicates, acceleration())
    if se is None:
        raise NoInterval("it is not defined when a certain case is left out")
    return t_interval(value, se, cases) if asked.interval == "gwet" else log_interval(value, se, cases)


def perfect(name: str, cases: int, reviewers: int, all_agree: bool) -> Coefficient:
    """A coefficient of 1. No spread can be seen in it: only a lower bound is given, Wilson's of all cases agreeing."""
    told = f"all {cases} cases agree" if cases > 1 else "the one case agrees"
    low = wilson(cases, cases)[0] if all_agree else None
    why = f"{told}: the lower bound is that of the share agreeing" if all_agree else \
        "no lower bound, because no pair disagrees by these weights"
    return Coefficient(name, 1.0, 0.0, low, 1.0, cases, reviewers, why)


def number_or_none(value: float) -> float | None:
    """The value, or None where it is undefined."""
    return float(value) if isfinite(value) else None


def measure(ratings: Ratings, asked: Asked) -> tuple[Measured, ...]:
    """Agreement on every question of ratings on one scale."""
    return tuple(one for measurement in measurements(ratings, asked) for one in measurement.measured())


def measurements(ratings: Ratings, asked: Asked, resampled: Places | None = None) -> tuple[Measurement, ...]:
    """The figures of every question, all at once where their cases show few patterns.

    `resampled` are the cases that resampling draws from: unless given, those that count on one of these questions.
    Ratings that are to be resampled together must draw from the same.
    """
    drawn_from = cases_that_count([ratings], asked) if resampled is None else resampled
    twice = ratings.twice_marked()
    patterns = patterns_of(twice)
    if len(patterns.rows) > _FEW_PATTERNS and ratings.questions > 1:
        return tuple(_measurement(part, part.twice_marked(), patterns_of(part.twice_marked()), asked, drawn_from)
                     for part in map(ratings.of_question, range(ratings.questions)))
    return (_measurement(ratings, twice, patterns, asked, drawn_from),)


def cases_that_count(parts: Sequence[Ratings], asked: Asked) -> Places:
    """The cases with two marks on one of the questions, or by the convention that counts them with one; all parts
    number their cases alike."""
    return np.unique(np.concatenate([(part if asked.once else part.twice_marked()).case for part in parts]))


def _measurement(
    ratings: Ratings, twice: Ratings, patterns: Patterns, asked: Asked, drawn_from: Places
) -> Measurement:
    given = ratings.marks_of_cells.reshape(ratings.questions, ratings.cases)
    once = (given == 1).sum(axis=1) if ratings.cases else np.zeros(ratings.questions, dtype=np.int64)
    # The figures for which once-marked cases count, where there are any.
    more = tuple(name for name in asked.figures if name in _WITH_PREVALENCES) if asked.once and once.any() else ()
    others = tuple(name for name in (PERCENT, *asked.figures) if name not in more)
    uncertainties = uncertainties_of(twice, patterns, others, asked, drawn_from)
    if more:
        uncertainties.update(uncertainties_of(ratings, patterns_of(ratings, 1), more, asked, drawn_from))
    return Measurement(
        twice, asked, patterns, uncertainties,
        np.asarray(within_one_of(ratings.places)(patterns.rows, patterns.often).values()),
        specific_agreement(patterns.rows, patterns.often), twice.reviewers_of_questions,
        (ratings if more else twice).reviewers_of_questions, once)
