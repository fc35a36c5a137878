"""The additive mixed model of marks: cases and reviewers random, groups of cases fixed, by REML with cases absorbed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp, log, pi, sqrt

import numpy as np
from scipy.linalg import cho_solve, cholesky
from scipy.optimize import minimize, minimize_scalar

from cqa.consistency.crossed import Crossed, Floats

_SAME = 1e-7
"""Two values of -2 log REML closer than this are one value."""
_STARTS = ((0.0, -1.0), (2.0, 1.0))
"""Logarithms of the two variance ratios from which the search begins."""
_WIDEST = 18.0
"""No ratio is searched beyond exp(18): there the equations still have eight digits."""


@dataclass(frozen=True, slots=True)
class Variances:
    """In squared units of the marks."""

    case: float
    reviewer: float
    error: float


@dataclass(frozen=True, slots=True)
class MixedFit:
    """Variances at the optimum, `effects` of the p groups and of the R reviewers, the contrasts of reviewers with
    their mean (`severity`, `se`: positive = more severe), and the criterion -2 log REML."""

    variances: Variances
    effects: Floats
    severity: Floats
    se: Floats
    criterion: float


@dataclass(frozen=True, slots=True)
class Absorbed:
    """The normal equations at one ratio of case to error variance, cases absorbed: A (p + R square), b, yy, and
    sum log(1 + gc m)."""

    a: Floats
    b: Floats
    yy: float
    log_cases: float


@dataclass(frozen=True, slots=True)
class Sums:
    """What the equations are made from at any ratio, for W = [X Z]: W'W, W'y, y'y, and for each case its number of
    marks m, the column sums S of W and the total y+ of its marks. `p` of the p + R columns are of groups."""

    p: int
    n: int
    ww: Floats
    wy: Floats
    yy: float
    m: Floats
    s: Floats
    totals: Floats

    def absorbed(self, ratio: float) -> Absorbed:
        """A = W'W - sum k S S', b = W'y - sum k S y+, yy = y'y - sum k y+^2, where k = gc / (1 + gc m): Henderson's
        equations with the cases eliminated."""
        k = ratio / (1 + ratio * self.m)
        weighted = self.s.T * k
        return Absorbed(self.ww - weighted @ self.s, self.wy - weighted @ self.totals,
                        self.yy - float(k @ self.totals**2), float(np.log1p(ratio * self.m).sum()))


def sums_of(design: Crossed) -> Sums:
    """The sums of a design."""
    marks, fixed = design.marks_of_case, design.groups
    by_group = (fixed * marks[:, None]).T @ fixed
    across = fixed.T @ design.counts
    return Sums(
        fixed.shape[1], len(design.y), np.block([[by_group, across], [across.T, np.diag(design.marks_of_reviewer)]]),
        np.concatenate([fixed.T @ design.case_totals, design.reviewer_totals]), float(design.y @ design.y), marks,
        np.hstack([fixed * marks[:, None], design.counts]), design.case_totals)


@dataclass(frozen=True, slots=True)
class _Solved:
    """The model at two given variance ratios; `root` is the Cholesky factor of the scaled equations."""

    criterion: float
    error: float
    effects: Floats
    root: Floats
    scale: Floats


def _solved(sums: Sums, case_ratio: float, reviewer_ratio: float) -> _Solved:
    """The reviewers' effects are scaled by the root of their ratio, so that a ratio of 0 is like any other."""
    equations = sums.absorbed(case_ratio)
    scale = np.full(len(sums.ww), sqrt(reviewer_ratio))
    scale[:sums.p] = 1.0
    m = equations.a * np.multiply.outer(scale, scale)
    m.flat[sums.p * (len(m) + 1)::len(m) + 1] += 1.0
    root = np.asarray(cholesky(m, lower=True, check_finite=False))
    effects = scale * np.asarray(cho_solve((root, True), scale * equations.b, check_finite=False))
    free = sums.n - sums.p
    error = (equations.yy - float(equations.b @ effects)) / free
    criterion = (free * (1 + log(2 * pi * max(error, 1e-300))) + equations.log_cases
                 + 2 * float(np.log(root.diagonal()).sum()))
    return _Solved(criterion, error, effects, root, scale)


def fit_reml(design: Crossed) -> MixedFit:
    """The model at the ratios that maximise the restricted likelihood (Nelder-Mead on their logarithms, two starts).

    Each ratio is also tried at 0: where nothing is gained by more, it is 0. The standard errors are those of the
    contrasts with the reviewers' mean given the variances: sqrt(ve diag(L M^-1 L')), L = I - 1/R. The caller sees to
    it that the marks vary, and that error can be told from cases and reviewers.
    """
    middle, unit = float(design.y.mean()), float(design.y.std())
    sums = sums_of(replace(design, y=(design.y - middle) / unit))
    case_ratio, reviewer_ratio = _best_ratios(lambda case, reviewer: _solved(sums, case, reviewer).criterion)
    best = _solved(sums, case_ratio, reviewer_ratio)
    p, r = design.groups.shape[1], len(design.reviewers)
    inverse = np.outer(best.scale, best.scale) * cho_solve((best.root, True), np.eye(p + r))
    contrast = np.eye(r) - 1 / r
    spread = np.clip(np.diag(contrast @ inverse[p:, p:] @ contrast), 0, None)
    effects, error = unit * best.effects, unit**2 * best.error
    effects[0] += middle
    return MixedFit(
        Variances(case_ratio * error, reviewer_ratio * error, error), effects, -(contrast @ effects[p:]),
        np.sqrt(error * spread), best.criterion + (len(design.y) - p) * 2 * log(unit))


def _best_ratios(criterion: Callable[[float, float], float]) -> tuple[float, float]:
    """The ratios of case and of reviewer to error variance with the least criterion."""
    rough = min((_simplex(criterion, start, 1e-2) for start in _STARTS), key=lambda found: found[0])
    fine = _simplex(criterion, rough[1], 1e-7)
    # The one with the most ratios at 0 comes first: it is taken where none is better.
    tried = [(criterion(0.0, 0.0), 0.0, 0.0), _edge(lambda x: criterion(x, 0.0), lambda x: (x, 0.0)),
             _edge(lambda x: criterion(0.0, x), lambda x: (0.0, x)),
             (fine[0], exp(fine[1][0]), exp(fine[1][1]))]
    least = min(value for value, _, _ in tried)
    return next((case, reviewer) for value, case, reviewer in tried if value <= least + _SAME)


def _simplex(
    criterion: Callable[[float, float], float], start: tuple[float, float], exact: float
) -> tuple[float, tuple[float, float]]:
    """The least criterion found from a start, and the logarithms of the ratios there."""
    def at(x: Floats) -> float:
        return criterion(exp(x[0]), exp(x[1]))

    found = minimize(at, np.array(start), method="Nelder-Mead", bounds=((-_WIDEST, _WIDEST),) * 2,
                     options={"xatol": exact, "fatol": exact * 1e-3})
    return float(found.fun), (float(found.x[0]), float(found.x[1]))


def _edge(
    criterion: Callable[[float], float], ratios: Callable[[float], tuple[float, float]]
) -> tuple[float, float, float]:
    """The best point where one ratio is 0."""
    found = minimize_scalar(lambda x: criterion(exp(x)), bounds=(-_WIDEST, _WIDEST), method="bounded",
                            options={"xatol": 1e-7})
    return (float(found.fun), *ratios(exp(float(found.x))))
