"""Agreement between reviewers: percent, within one, kappas, Brennan-Prediger, Gwet's AC, Krippendorff's alpha.

Every coefficient is a function of a count matrix (cases by levels) with case weights, so that a jackknife needs one
evaluation for each distinct pattern of counts; Cohen's and Conger's also need to know who gave which mark.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cqa.consistency.counts import Ratings
from cqa.consistency.weights import Matrix, Metric, Weights, agreement_weights, distances

Vector = NDArray[np.float64]

NO_PAIRS = "no case has two marks on the scale"
NO_VARIATION = "all marks are at one level, so chance agreement is complete"
ONE_LEVEL = "the scale has only one level"


class Undefined(Exception):
    """A coefficient has no value for these marks; the message is the reason in words."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient with its interval. What is undefined is None, and `why` says so in a sentence."""

    name: str
    value: float | None
    se: float | None
    low: float | None
    high: float | None
    n_cases: int
    n_reviewers: int
    why: str = ""

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"value": self.value, "se": self.se, "low": self.low, "high": self.high, "why": self.why}


OfCounts = Callable[[NDArray[np.float64], Vector], float]
"""A coefficient of counts (cases, levels) with how often each row occurs. Raises Undefined."""


def twice(counts: NDArray[np.float64], often: Vector) -> tuple[NDArray[np.float64], Vector]:
    """The rows with two marks or more, and how often they occur. Raises Undefined when there are none."""
    kept = counts.sum(axis=1) >= 2
    if not kept.any() or often[kept].sum() <= 0:
        raise Undefined(NO_PAIRS)
    return counts[kept], often[kept]


def observed(counts: NDArray[np.float64], often: Vector, weights: Matrix) -> float:
    """Mean over cases with two marks or more of the weighted share of agreeing pairs (Gwet 2014)."""
    rows, many = twice(counts, often)
    given = rows.sum(axis=1)
    agreeing = (rows * (rows @ weights - 1)).sum(axis=1) / (given * (given - 1))
    return float((agreeing * many).sum() / many.sum())


def prevalences(counts: NDArray[np.float64], often: Vector, once: bool) -> Vector:
    """Mean share of each level over cases: those with two marks or more, or with `once` all that have a mark."""
    kept = counts.sum(axis=1) >= (1 if once else 2)
    rows, many = counts[kept], often[kept]
    shares = rows / rows.sum(axis=1, keepdims=True)
    return np.asarray((shares * many[:, None]).sum(axis=0) / many.sum())


def corrected(agreement: float, chance: float) -> float:
    """(agreement - chance) / (1 - chance). Raises Undefined when chance agreement is complete."""
    if chance >= 1 - 1e-12:
        raise Undefined(NO_VARIATION)
    return (agreement - chance) / (1 - chance)


def percent_of(counts: NDArray[np.float64], often: Vector) -> float:
    """Share of pairs of marks on one case that agree exactly, averaged over cases."""
    return observed(counts, often, np.eye(counts.shape[1]))


def within_one_of(counts: NDArray[np.float64], often: Vector) -> float:
    """Share of pairs that agree or lie one level apart, averaged over cases."""
    steps = np.arange(counts.shape[1])
    return observed(counts, often, (np.abs(np.subtract.outer(steps, steps)) <= 1).astype(float))


def ac_of(weights: Weights, once: bool = False) -> OfCounts:
    """Gwet's AC1 (identity weights) or AC2: chance = T / (q(q-1)) * sum pi_k (1 - pi_k), T the sum of all weights
    (Gwet 2008, 2014)."""
    def value(counts: NDArray[np.float64], often: Vector) -> float:
        q = counts.shape[1]
        if q < 2:
            raise Undefined(ONE_LEVEL)
        matrix = agreement_weights(weights, q)
        shares = prevalences(*(twice(counts, often) if not once else (counts, often)), once)
        chance = float(matrix.sum()) / (q * (q - 1)) * float((shares * (1 - shares)).sum())
        return corrected(observed(counts, often, matrix), chance)
    return value


def brennan_prediger_of(weights: Weights) -> OfCounts:
    """Brennan and Prediger 1981, weighted as in Gwet 2014: chance = sum of all weights / q squared."""
    def value(counts: NDArray[np.float64], often: Vector) -> float:
        q = counts.shape[1]
        if q < 2:
            raise Undefined(ONE_LEVEL)
        matrix = agreement_weights(weights, q)
        return corrected(observed(counts, often, matrix), float(matrix.sum()) / q**2)
    return value


def fleiss_of(weights: Weights, once: bool = False) -> OfCounts:
    """Fleiss 1971, weighted as in Gwet 2014: chance = sum of w_kl pi_k pi_l."""
    def value(counts: NDArray[np.float64], often: Vector) -> float:
        matrix = agreement_weights(weights, counts.shape[1])
        agreement = observed(counts, often, matrix)
        shares = prevalences(counts, often, once)
        return corrected(agreement, float(shares @ matrix @ shares))
    return value


def alpha_of(metric: Metric) -> OfCounts:
    """Krippendorff's alpha from coincidences over cases with two marks or more (Krippendorff 2011)."""
    def value(counts: NDArray[np.float64], often: Vector) -> float:
        rows, many = twice(counts, often)
        per_case = many / (rows.sum(axis=1) - 1)
        coincidences = (rows * per_case[:, None]).T @ rows - np.diag((rows * per_case[:, None]).sum(axis=0))
        totals = coincidences.sum(axis=1)
        apart = distances(metric, totals)
        expected = float(totals @ apart @ totals)
        if expected <= 1e-12:
            raise Undefined(NO_VARIATION)
        return 1 - (float(totals.sum()) - 1) * float((coincidences * apart).sum()) / expected
    return value


def conger(ratings: Ratings, weights: Weights = "identity", once: bool = False) -> float:
    """Conger 1980 for any number of reviewers, missing marks allowed (Gwet 2014); Cohen's kappa for two complete ones.

    Chance = mean over pairs of reviewers of the agreement their own level shares would give. Raises Undefined.
    """
    used = ratings if once else ratings.twice_marked()
    matrix = agreement_weights(weights, len(ratings.levels))
    agreement = observed(ratings.counts, np.ones(len(ratings.marks)), matrix)
    shares = np.stack([(used.marks == level).sum(axis=0) for level in range(len(used.levels))], axis=1).astype(float)
    shares = shares[shares.sum(axis=1) > 0]
    shares /= shares.sum(axis=1, keepdims=True)
    r = len(shares)
    total = shares.sum(axis=0)
    same = sum(float(row @ matrix @ row) for row in shares)
    return corrected(agreement, (float(total @ matrix @ total) - same) / (r * (r - 1)))


def cohen(ratings: Ratings, weights: Weights = "identity") -> float:
    """Cohen 1960, 1968: two reviewers, complete pairs only. Raises Undefined for any other number of reviewers."""
    if len(ratings.reviewers) != 2:
        raise Undefined(f"Cohen's kappa is for two reviewers, and there are {len(ratings.reviewers)}")
    return conger(ratings.twice_marked(), weights)


def specific_agreement(counts: NDArray[np.float64]) -> Vector:
    """For each level, how often the other reviewer gives it when one does (Cicchetti & Feinstein 1990); NaN where no
    pair holds the level. Shape (levels,)."""
    rows, _ = twice(counts, np.ones(len(counts)))
    others = rows.sum(axis=1, keepdims=True) - 1
    agreeing = (rows * (rows - 1) / others).sum(axis=0)
    given = rows.sum(axis=0)
    shares: Vector = np.divide(agreeing, given, out=np.full(len(given), np.nan), where=given > 0)
    return shares

