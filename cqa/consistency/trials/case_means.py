"""Means by form whose uncertainty comes from whole cases: the same cases under both forms, or other cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import stdtr, stdtrit

from cqa.consistency.measures import LEAST_CASES
from cqa.consistency.readings import cases_said
from cqa.consistency.severity import Estimate

Values = Mapping[str, float]
"""Case to its value on one question, or as a whole."""
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Contrast:
    """Means by form, and variant less parent with its 95% interval, in the values' unit.

    `cases` are those that count under the parent and under the variant, `questions` those over which the mean is
    taken. Both means are None where the difference is, which then says why.
    """

    parent: float | None
    variant: float | None
    difference: Estimate
    cases: tuple[int, int]
    questions: int

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"parent": self.parent, "variant": self.variant, "difference": self.difference.as_json(),
                "cases": {"parent": self.cases[0], "variant": self.cases[1]}, "questions": self.questions}


def contrast(parent: Sequence[Values], variant: Sequence[Values], *, most: float, paired: bool) -> Contrast:
    """Both means over the questions, and their difference; the values of one question stand at one place of both, and
    lie between 0 and `most`.

    `paired`: only cases with a value under both forms count, and the difference of each is what varies. Else the two
    sets of cases are two samples (Welch 1947). Whole cases are left out one by one, with all their questions; for one
    question that is the t test of the cases' values. Questions with fewer than 3 cases under a form are left out.
    """
    known = [_common(*pair) if paired else pair for pair in zip(parent, variant, strict=True)]
    used = [pair for pair in known if min(map(len, pair)) >= LEAST_CASES]
    cases = (_cases([pair[0] for pair in used or known]), _cases([pair[1] for pair in used or known]))
    if not used:
        few = f"{cases_said(cases[0])} under both forms" if paired else (
            f"{cases_said(cases[0])} under the parent and {cases[1]} under the variant")
        return Contrast(None, None, Estimate(None, why=f"too few: {few}, and {LEAST_CASES} are needed"), cases, 0)
    first, second = (_Left.of([pair[side] for pair in used]) for side in (0, 1))
    if paired:
        apart = _Left.of([{case: value - pair[0][case] for case, value in pair[1].items()} for pair in used])
        found = _estimate(apart.mean, apart.variance, apart.cases - 1, most)
    else:
        found = _welch(first, second, most)
    return Contrast(first.mean, second.mean, found, cases, len(used))


def _common(parent: Values, variant: Values) -> tuple[Values, Values]:
    return ({case: value for case, value in parent.items() if case in variant},
            {case: value for case, value in variant.items() if case in parent})


def _cases(questions: Sequence[Values]) -> int:
    return len({case for values in questions for case in values})


@dataclass(frozen=True, slots=True)
class _Left:
    """The mean over questions of the mean over cases, and its variance by leaving out each case in its turn."""

    mean: float
    variance: float
    cases: int

    @classmethod
    def of(cls, questions: Sequence[Values]) -> "_Left":
        cases = sorted({case for values in questions for case in values})
        table = np.array([[values.get(case, np.nan) for case in cases] for values in questions])
        has = np.isfinite(table)
        sums, counts = np.where(has, table, 0).sum(axis=1), has.sum(axis=1)
        without = (sums[:, None] - np.where(has, table, 0)) / (counts[:, None] - has)
        replicates, n = without.mean(axis=0), len(cases)
        spread = float(((replicates - replicates.mean()) ** 2).sum())
        return cls(float((sums / counts).mean()), (n - 1) / n * spread, n)


def _welch(parent: _Left, variant: _Left, most: float) -> Estimate:
    """Two samples whose variances may differ, with the degrees of freedom of Welch (1947) and Satterthwaite (1946)."""
    total = parent.variance + variant.variance
    parts = sum(one.variance**2 / (one.cases - 1) for one in (parent, variant))
    return _estimate(variant.mean - parent.mean, total, total**2 / parts if parts > 0 else 1.0, most)


def _estimate(value: float, variance: float, df: float, most: float) -> Estimate:
    se = sqrt(variance)
    if se < _NOTHING:
        return Estimate(value, why="no interval, because all cases say the same")
    reach = float(stdtrit(df, 0.975)) * se
    low, high = max(-most, value - reach), min(most, value + reach)
    return Estimate(value, se, low, high, 2 * float(stdtr(df, -abs(value) / se)))
