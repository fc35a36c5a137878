"""How severe each reviewer is, in the marks' units: the mixed model, and beside it what shared cases alone say."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import chdtrc, stdtr

from cqa.consistency.crossed import Crossed, Floats, ScoredMark, Whole, components, crossed, weak_links
from cqa.consistency.intervals import t_quantile
from cqa.consistency.reml import MixedFit, Variances, fit_reml, sums_of

__all__ = ["Estimate", "Hausman", "ReviewerSeverity", "ScoredMark", "SeverityFit", "fit_severity"]

_NOTHING = 1e-12
"""A sum of squares below this share of the whole is rounding."""
NO_DIFFERENCES = "no evidence of severity differences between these reviewers"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its standard error, 95% interval and two-sided p-value against 0, or `why` it has none."""

    value: float | None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    why: str = ""

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"value": self.value, "se": self.se, "low": self.low, "high": self.high, "p": self.p, "why": self.why}


@dataclass(frozen=True, slots=True)
class ReviewerSeverity:
    """One reviewer; positive = more severe. `mixed` is against the mean of all reviewers, `within` against the mean
    of those in the same component, from shared cases alone. `shared`: cases that others marked too."""

    reviewer: str
    marks: int
    shared: int
    mixed: Estimate
    within: Estimate

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"reviewer": self.reviewer, **self.mixed.as_json(), "marks": self.marks, "shared": self.shared,
                "within": self.within.as_json()}


@dataclass(frozen=True, slots=True)
class Hausman:
    """Whether the within-case estimates differ from those that also use once-marked cases by more than chance.

    A small `p` says that reviewers were not given like cases. A large one proves little.
    """

    statistic: float | None
    df: int
    p: float | None
    why: str = ""

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"statistic": self.statistic, "df": self.df, "p": self.p, "why": self.why}


@dataclass(frozen=True, slots=True)
class SeverityFit:
    """The whole fit. `components` are the reviewers that shared cases connect, singletons included; `weak_links`
    those without whom one of them falls apart. `df`: degrees of freedom of the error within cases. `variances` and
    `criterion` (-2 log REML) are None where the mixed model cannot be fitted: then `why` says it in words."""

    reviewers: tuple[ReviewerSeverity, ...]
    variances: Variances | None
    criterion: float | None
    df: int
    components: tuple[tuple[str, ...], ...]
    weak_links: tuple[str, ...]
    hausman: Hausman
    why: str

    @property
    def connected(self) -> bool:
        """Whether shared cases connect all reviewers."""
        return len(self.components) <= 1

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        known = self.variances
        return {
            "severity": [one.as_json() for one in self.reviewers],
            "variance": {"case": known.case if known else None, "reviewer": known.reviewer if known else None,
                         "error": known.error if known else None},
            "components": [list(names) for names in self.components],
            "weak_links": list(self.weak_links),
            "hausman": self.hausman.as_json(),
            "why": self.why,
        }


def fit_severity(marks: Sequence[ScoredMark]) -> SeverityFit:
    """Severity of every reviewer from marks of cases, most of which may be marked once.

    The mixed model takes case and reviewer as random and the groups of cases as fixed (Longford 1994): right where
    cases were given to reviewers at random within groups. The within-case estimate takes cases as fixed: right
    however they were given. Intervals: Student's t on the degrees of freedom of the error within cases. Raises
    ValueError for a mark that is no finite number, and for a case in two groups.
    """
    design = crossed(marks)
    labels = components(design.links)
    within = _within(design, labels)
    why = _not_defined(design, within)
    mixed = None if why else fit_reml(design)
    return SeverityFit(
        reviewers=tuple(
            ReviewerSeverity(name, int(design.marks_of_reviewer[place]), int(design.links[place, place]),
                             _mixed_estimate(mixed, place, within.df, why), _within_estimate(design, within, place))
            for place, name in enumerate(design.reviewers)),
        variances=mixed.variances if mixed else None, criterion=mixed.criterion if mixed else None, df=within.df,
        components=tuple(
            tuple(name for name, label in zip(design.reviewers, labels, strict=True) if label == number)
            for number in dict.fromkeys(labels.tolist())),
        weak_links=tuple(design.reviewers[place] for place in weak_links(design.links)),
        hausman=_hausman(design, labels, within, mixed, why),
        why=why or (NO_DIFFERENCES if mixed and mixed.variances.reviewer == 0 else ""))


@dataclass(frozen=True, slots=True)
class _Within:
    """Least squares with cases fixed: `severity` centred within components, `inverse` = C^+, residual sum of squares
    and its degrees of freedom."""

    severity: Floats
    inverse: Floats
    residual: float
    df: int


def _within(design: Crossed, labels: Whole) -> _Within:
    """C = diag(n) - sum N N'/m, q = Z'y - sum N ybar, e = C^+ q: C is singular once for each component, and its
    pseudo-inverse is the one whose effects sum to 0 in each."""
    counts, marks = design.counts, design.marks_of_case
    means = design.case_totals / marks
    c = np.diag(design.marks_of_reviewer) - (counts / marks[:, None]).T @ counts
    q = design.reviewer_totals - design.counts.T @ means
    inverse = np.zeros_like(c)
    for label in np.unique(labels):
        inside = np.ix_(labels == label, labels == label)
        ones = np.full_like(c[inside], 1 / max(int((labels == label).sum()), 1))
        inverse[inside] = np.linalg.inv(c[inside] + ones) - ones
    effects = inverse @ q
    expected = means + (counts @ effects) / marks
    left = design.y - means[design.case] - effects[design.reviewer] + (expected - means)[design.case]
    rank = len(design.reviewers) - len(np.unique(labels))
    return _Within(-effects, inverse, float(left @ left), len(design.y) - len(counts) - rank)


def _not_defined(design: Crossed, within: _Within) -> str:
    """Why the mixed model cannot be fitted, or nothing."""
    spread = design.y - design.y.mean() if len(design.y) else design.y
    total = float(spread @ spread)
    if not len(design.y):
        return "there are no marks"
    if len(design.reviewers) < 2:
        return "there is only one reviewer"
    if not design.shared.any():
        return "no case was marked by two reviewers"
    if total <= _NOTHING * max(1.0, float(design.y @ design.y)):
        return "all marks are the same"
    if within.df < 1:
        return "there are too few shared cases to tell error from severity"
    if within.residual <= _NOTHING * total:
        return "the marks of every shared case differ by exactly the same, so there is no error to measure by"
    return ""


def _mixed_estimate(mixed: MixedFit | None, place: int, df: int, why: str) -> Estimate:
    if mixed is None:
        return Estimate(None, why=why)
    if mixed.variances.reviewer == 0:
        return Estimate(0.0, why=NO_DIFFERENCES)
    return _with_interval(float(mixed.severity[place]), float(mixed.se[place]), df)


def _within_estimate(design: Crossed, within: _Within, place: int) -> Estimate:
    if not design.links[place, place]:
        return Estimate(None, why="no case is shared with another reviewer")
    value = float(within.severity[place])
    if within.df < 1:
        return Estimate(value, why="no standard error, because there are too few shared cases to tell error from "
                                   "severity")
    spread = design.y - design.y.mean()
    if within.residual <= _NOTHING * float(spread @ spread):
        return Estimate(value, why="no standard error, because the marks of every shared case differ by exactly the "
                                   "same")
    return _with_interval(value, sqrt(within.residual / within.df * float(within.inverse[place, place])), within.df)


def _with_interval(value: float, se: float, df: int) -> Estimate:
    reach = t_quantile(df) * se
    return Estimate(value, se, value - reach, value + reach, 2 * float(stdtr(df, -abs(value) / se)))


def _hausman(design: Crossed, labels: Whole, within: _Within, mixed: MixedFit | None, why: str) -> Hausman:
    """d' (V_within - V_gls)^+ d with d = within - GLS (cases random, reviewers fixed), both with the mixed model's
    variances, on the rank of the difference; contrasts within components (Hausman 1978)."""
    if mixed is None:
        return Hausman(None, 0, None, why)
    p, variances = design.groups.shape[1], mixed.variances
    equations = sums_of(design).absorbed(variances.case / variances.error)
    swept = np.linalg.solve(equations.a[:p, :p], equations.a[:p, p:])
    k = equations.a[p:, p:] - equations.a[p:, :p] @ swept
    gls_inverse = np.linalg.pinv(k, rcond=1e-10, hermitian=True)
    same = (labels[:, None] == labels[None, :]).astype(float)
    centre = np.eye(len(labels)) - same / same.sum(axis=1, keepdims=True)
    gls = -(centre @ gls_inverse @ (equations.b[p:] - swept.T @ equations.b[:p]))
    difference = within.severity - gls
    gained = variances.error * (within.inverse - centre @ gls_inverse @ centre)
    values, vectors = np.linalg.eigh((gained + gained.T) / 2)
    real = values > 1e-8 * variances.error * float(np.linalg.eigvalsh(within.inverse).max())
    df = int(real.sum())
    if not df:
        return Hausman(None, 0, None, "once-marked cases add nothing that could differ from the shared ones")
    statistic = float(((vectors[:, real].T @ difference) ** 2 / values[real]).sum())
    return Hausman(statistic, df, float(chdtrc(df, statistic)))
