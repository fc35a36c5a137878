"""Agreement between reviewers from counts: percent, within one, kappas, Brennan-Prediger, Gwet's AC, Krippendorff's
alpha.

Every coefficient is 1 less the disagreement that was observed, as a share of the disagreement that chance would give.
Both are functions of how often each pattern of counts occurs, and are computed for any number of columns of such
frequencies at once: the questions, each with one case left out, and resampled cases.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cqa.consistency.counts import Rows
from cqa.consistency.weights import (
    Matrix,
    Metric,
    Vector,
    Weights,
    disagreement,
    further_than_one_step,
    midranks,
    spread,
)

Often = NDArray[Any]
"""How often each pattern occurs: shape (patterns, columns), real; complex where a derivative is wanted."""

NO_PAIRS = "no case has two marks on the scale"
NO_VARIATION = "all marks are at one level, so chance agreement is complete"
ONE_LEVEL = "the scale has only one level"
TINY = 1e-12
"""An expected disagreement below this is rounding."""


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


@dataclass(frozen=True, slots=True)
class Terms:
    """Disagreement as observed and as chance would give it, one of each for every column: shape (columns,)."""

    observed: Often
    expected: Often

    def values(self) -> Often:
        """1 - observed / expected; NaN, which never leaves this room, where chance leaves no disagreement."""
        defined = (self.expected.real > TINY) & np.isfinite(self.observed.real)
        return 1 - np.divide(self.observed, self.expected, out=np.full_like(self.observed, np.nan), where=defined)


OfCounts = Callable[[Rows, Often], Terms]
"""A coefficient of patterns of counts and of how often each occurs, column by column."""


def _share(part: Often, whole: Often) -> Often:
    """part / whole, NaN where the whole is nothing."""
    whole = np.broadcast_to(whole, part.shape)
    kind = np.result_type(part, whole)
    return np.divide(part, whole, out=np.full(part.shape, np.nan, dtype=kind), where=whole.real > 0)


def observed(rows: Rows, often: Often, apart: Matrix) -> Often:
    """Mean over cases with two marks or more of the mean disagreement of their pairs (Gwet 2014): shape (columns,)."""
    given = rows.sum(axis=1)
    paired = given >= 2
    pairs = np.where(paired, given * (given - 1), 1)
    return _share(((rows * (rows @ apart)).sum(axis=1) / pairs) @ often, paired.astype(float) @ often)


def prevalences(rows: Rows, often: Often) -> Often:
    """Mean over cases of the share of each level: shape (levels, columns). Every pattern has a mark."""
    return _share((rows / rows.sum(axis=1, keepdims=True)).T @ often, often.sum(axis=0))


def percent_of(rows: Rows, often: Often) -> Terms:
    """Share of pairs of marks on one case that agree exactly, averaged over cases."""
    found = observed(rows, often, 1 - np.eye(rows.shape[1]))
    return Terms(found, np.ones_like(found))


@cache
def within_one_of(places: tuple[float, ...]) -> OfCounts:
    """Share of pairs that agree or lie one step apart, averaged over cases."""
    far = further_than_one_step(places)

    def terms(rows: Rows, often: Often) -> Terms:
        found = observed(rows, often, far)
        return Terms(found, np.ones_like(found))
    return terms


@cache
def ac_of(weights: Weights, places: tuple[float, ...]) -> OfCounts:
    """Gwet's AC1 (identity weights) or AC2: chance agreement = T / (q(q-1)) * sum pi_k (1 - pi_k), T the sum of all
    weights (Gwet 2008, 2014)."""
    apart, q = disagreement(weights, places), len(places)
    scale = (q * q - float(apart.sum())) / (q * (q - 1)) if q > 1 else 0.0

    def terms(rows: Rows, often: Often) -> Terms:
        shares = prevalences(rows, often)
        chance = scale * (shares * (1 - shares)).sum(axis=0)
        return Terms(observed(rows, often, apart), 1 - chance if q > 1 else 0 * chance)
    return terms


@cache
def brennan_prediger_of(weights: Weights, places: tuple[float, ...]) -> OfCounts:
    """Brennan and Prediger 1981, weighted as in Gwet 2014: chance agreement = sum of all weights / q squared."""
    apart, q = disagreement(weights, places), len(places)
    left = float(apart.sum()) / q**2 if q else 0.0

    def terms(rows: Rows, often: Often) -> Terms:
        found = observed(rows, often, apart)
        return Terms(found, np.full_like(found, left))
    return terms


@cache
def fleiss_of(weights: Weights, places: tuple[float, ...]) -> OfCounts:
    """Fleiss 1971 (Scott's pi for two), weighted as in Gwet 2014: chance agreement = sum of w_kl pi_k pi_l."""
    apart = disagreement(weights, places)

    def terms(rows: Rows, often: Often) -> Terms:
        shares = prevalences(rows, often)
        return Terms(observed(rows, often, apart), (shares * (apart @ shares)).sum(axis=0))
    return terms


@cache
def alpha_of(metric: Metric, places: tuple[float, ...]) -> OfCounts:
    """Krippendorff's alpha over cases with two marks or more (Krippendorff 2011).

    Levels lie at points (interval: their places; ordinal: their mid-ranks), so the squared distances of all pairs of r
    marks add up to 2 (r sum u^2 - (sum u)^2), and no matrix of coincidences is needed.
    """
    if metric == "nominal":
        return _nominal_alpha
    at = spread(places)[:, None]

    def terms(rows: Rows, often: Often) -> Terms:
        rows, often = _paired(rows, often)
        totals = rows.T @ often
        points = midranks(totals) if metric == "ordinal" else at
        given = rows.sum(axis=1)
        mixed = rows.max(axis=1, initial=0) < given
        some, r = rows[mixed], given[mixed][:, None]
        apart = 2 * (r * (some @ points**2) - (some @ points) ** 2) / (r - 1)
        n = totals.sum(axis=0)
        chance = 2 * (n * (totals * points**2).sum(axis=0) - (totals * points).sum(axis=0) ** 2)
        return Terms(_share((apart * often[mixed]).sum(axis=0), n), _share(chance, n * (n - 1)))
    return terms


def _nominal_alpha(rows: Rows, often: Often) -> Terms:
    rows, often = _paired(rows, often)
    given = rows.sum(axis=1)
    apart = (given**2 - (rows**2).sum(axis=1)) / (given - 1)
    totals = rows.T @ often
    n = totals.sum(axis=0)
    return Terms(_share(apart @ often, n), _share(n * n - (totals**2).sum(axis=0), n * (n - 1)))


def _paired(rows: Rows, often: Often) -> tuple[Rows, Often]:
    kept = rows.sum(axis=1) >= 2
    return (rows, often) if kept.all() else (rows[kept], often[kept])


def specific_agreement(rows: Rows, often: Often) -> Vector:
    """For each level, how often the other reviewer gives it when one does (Cicchetti & Feinstein 1990), over cases with
    two marks or more; NaN where no pair holds the level. Shape (levels, columns)."""
    rows, often = _paired(rows, often)
    others = rows.sum(axis=1, keepdims=True) - 1
    return _share((rows * (rows - 1) / others).T @ often, rows.T @ often)
