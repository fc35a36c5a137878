"""Means of figures over several questions, with whole cases as what varies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cqa.consistency.agreement import Coefficient
from cqa.consistency.intervals import NoInterval
from cqa.consistency.leaving_out import variance_of
from cqa.consistency.measures import Measurement, interval_of, number_or_none
from cqa.consistency.uncertainty import Asked, deviation
from cqa.consistency.weights import Vector


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of a figure over the questions that have it, and over how many of them."""

    figure: Coefficient
    questions: int

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {**self.figure.as_json(), "questions": self.questions}


def mean_of(name: str, measurements: Sequence[Measurement], asked: Asked, kept: Callable[[int], bool]) -> Mean:
    """The mean of a figure over the questions of one or several scales, with whole cases as what varies.

    A question counts where `kept` says so of its number of cases, and the figure is defined with all cases and without
    any one of them. Interval as asked for; in the jackknife all questions of a case are left out together. All
    measurements number the same cases alike.
    """
    values: list[float] = []
    used: set[int] = set()
    changed: Vector = np.zeros(0)
    replicates: Vector = np.zeros(0)
    for one in measurements:
        jackknife, patterns = one.uncertainties[name].jackknife, one.uncertainties[name].patterns
        chosen = jackknife.usable & np.array([kept(int(n)) for n in jackknife.cases], dtype=bool)
        values.extend(jackknife.whole[chosen])
        change = jackknife.by_case(patterns.question, patterns.case, one.ratings.cases, chosen)
        changed = change if not len(changed) else changed + change
        made = one.uncertainties[name].replicates[chosen].sum(axis=0)
        replicates = made if not len(replicates) else replicates + made
        used.update(patterns.case[chosen[patterns.question]].tolist())
    if not values:
        why = "not defined, because no question varies enough"
        return Mean(Coefficient(name, None, None, None, None, 0, 0, why), 0)
    counted = np.array(sorted(used))
    return Mean(_mean(name, asked, values, changed[counted] / len(values), replicates / len(values)), len(values))


def _mean(name: str, asked: Asked, values: Sequence[float], change: Vector, replicates: Vector) -> Coefficient:
    n, value = len(change), float(np.mean(values))
    off = change.mean() - change
    se = float(np.sqrt(variance_of(change[None], np.ones((1, n), dtype=bool))[0]))
    if asked.resamples:
        se = deviation(replicates)
    if value >= 1 - 1e-12 or se < 1e-12:
        return Coefficient(name, value, None, None, None, n, 0, "no interval, because no case changes the mean")
    try:
        low, high = interval_of(asked, value, number_or_none(se), n, replicates, lambda: float(
            (off**3).sum() / (6 * (off**2).sum() ** 1.5)))
    except NoInterval as none:
        return Coefficient(name, value, number_or_none(se), None, None, n, 0, f"no interval, because {none}")
    return Coefficient(name, value, se, low, high, n, 0)
