"""How far each reviewer's marks scatter about what their severity and the case explain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import stdtr

from cqa.consistency.crossed import Crossed, Floats, ScoredMark, crossed
from cqa.consistency.severity import SeverityFit

_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Spread:
    """The standard deviation of a reviewer's error in the marks' units, that of the others, and the two-sided
    p-value of the difference of the variances; None with a `why`."""

    sd: float | None
    others: float | None
    p: float | None
    why: str = ""

    @property
    def ratio(self) -> float:
        """How many times that of the others; 0 where it is not known."""
        return self.sd / self.others if self.sd is not None and self.others else 0.0

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"sd": self.sd, "others": self.others, "p": self.p, "why": self.why}


def spreads(marks: Sequence[ScoredMark], fit: SeverityFit) -> dict[str, Spread]:
    """The spread of every reviewer, from the cases that two or more marked.

    Once severities are taken out, the variance v within a case marked by m has the expectation sum of the error
    variances of its reviewers / m, as in Grubbs 1948 for pairs. So v is regressed on who marked the case, weighted by
    m - 1, with heteroscedasticity-robust errors (MacKinnon and White 1985, HC3) and Student's t on cases - reviewers.
    Whose variance is whose can be told only of three or more who met in turn: of two never.
    """
    design = crossed(marks) if marks else None
    if design is None or not design.shared.any():
        return {one.reviewer: Spread(None, None, None, "no case is shared") for one in fit.reviewers}
    variance, shares, weight = _case_variances(design, fit)
    inverse = np.linalg.pinv((shares.T * weight) @ shares, rcond=_NOTHING, hermitian=True)
    values = inverse @ (shares.T @ (weight * variance))
    leverage = weight * np.einsum("ij,jk,ik->i", shares, inverse, shares)
    left = weight * (variance - shares @ values) / np.clip(1 - leverage, 0.05, None)
    robust = inverse @ ((shares.T * left**2) @ shares) @ inverse
    known = inverse @ ((shares.T * weight) @ shares)
    df = len(variance) - int((shares > 0).any(axis=0).sum())
    return {name: _spread(place, values, robust, known, df) for place, name in enumerate(design.reviewers)}


def _case_variances(design: Crossed, fit: SeverityFit) -> tuple[Floats, Floats, Floats]:
    """For each shared case the variance of its marks without severities, the share of each reviewer in it, and its
    degrees of freedom. The severities are estimated: for those degrees of freedom all variances are scaled up."""
    severity = np.array([one.within.value or 0.0 for one in fit.reviewers])
    level = design.y + severity[design.reviewer]
    marks = design.marks_of_case
    means = np.bincount(design.case, level, len(marks)) / marks
    squares = np.bincount(design.case, (level - means[design.case]) ** 2, len(marks))
    shared = design.shared
    free = marks[shared] - 1
    correction = float(free.sum()) / fit.df if fit.df > 0 else 1.0
    return correction * squares[shared] / free, design.counts[shared] / marks[shared][:, None], free


def _spread(place: int, values: Floats, robust: Floats, known: Floats, df: int) -> Spread:
    contrast = np.full(len(values), -1 / max(len(values) - 1, 1))
    contrast[place] = 1.0
    if not known.diagonal()[place] > _NOTHING:
        return Spread(None, None, None, "no case is shared")
    if df < 2 or len(values) < 3 or float(np.abs(known @ contrast - contrast).max()) > 1e-6:
        return Spread(None, None, None, "whose marks scatter can be told only where three or more reviewers share "
                                        "cases in turn")
    mine, theirs = float(values[place]), float(np.delete(values, place).mean())
    if mine <= 0 or theirs <= 0:
        return Spread(None, None, None, "too small to be told from the scatter of the others on the same cases")
    sd, others = sqrt(mine), sqrt(theirs)
    se = sqrt(max(float(contrast @ robust @ contrast), 0.0))
    if se < _NOTHING:
        return Spread(sd, others, None, "no p-value, because the scatter is the same on every case")
    return Spread(sd, others, 2 * float(stdtr(df, -abs(float(contrast @ values)) / se)))


def step_up(p_values: Mapping[str, float | None]) -> dict[str, float]:
    """Adjusted p-values that control the false discovery rate (Benjamini and Hochberg 1995); without those of None."""
    listed = sorted((p, name) for name, p in p_values.items() if p is not None)
    adjusted: dict[str, float] = {}
    least = 1.0
    for rank in range(len(listed), 0, -1):
        p, name = listed[rank - 1]
        least = min(least, p * len(listed) / rank)
        adjusted[name] = least
    return adjusted
