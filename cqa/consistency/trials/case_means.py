"""Means by form whose uncertainty comes from whole cases: the same cases under both forms, or other cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cqa.consistency.measures import LEAST_CASES, number_or_none
from cqa.consistency.readings import cases_said
from cqa.consistency.severity import Estimate
from cqa.consistency.trials.gaps import Gaps, Moves, gaps_of

Values = Mapping[str, float]
"""Case to its value on one question, or as a whole."""


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
    first, second = ([pair[side] for pair in used or known] for side in (0, 1))
    counts = len(_cases(first)), len(_cases(second))
    if not used:
        few = f"{cases_said(counts[0])} under both forms" if paired else (
            f"{cases_said(counts[0])} under the parent and {counts[1]} under the variant")
        return Contrast(None, None, Estimate(None, why=f"too few: {few}, and {LEAST_CASES} are needed"), counts, 0)
    cases = sorted({*_cases(first), *_cases(second)})
    found = gaps_of(_moves(first, cases), _moves(second, cases), np.array([float(len(used))]), paired)
    return Contrast(float(found.parent[0]), float(found.variant[0]), _estimate(found, most), counts, len(used))


def _common(parent: Values, variant: Values) -> tuple[Values, Values]:
    return ({case: value for case, value in parent.items() if case in variant},
            {case: value for case, value in variant.items() if case in parent})


def _cases(questions: Sequence[Values]) -> set[str]:
    return {case for values in questions for case in values}


def _moves(questions: Sequence[Values], cases: Sequence[str]) -> Moves:
    """The mean over questions of the mean over cases, and what it loses without each case."""
    table = np.array([[values.get(case, np.nan) for case in cases] for values in questions])
    has = np.isfinite(table)
    given, counts = np.where(has, table, 0.0), has.sum(axis=1, keepdims=True)
    means = given.sum(axis=1, keepdims=True) / counts
    without = (given.sum(axis=1, keepdims=True) - given) / (counts - has)
    change = (without - means).mean(axis=0, keepdims=True)
    return Moves(np.array([means.mean()]), change, has.any(axis=0, keepdims=True))


def _estimate(found: Gaps, most: float) -> Estimate:
    value, se, reach, p = (number_or_none(values[0]) for values in (found.difference, found.se, found.reach, found.p))
    if value is None or reach is None:
        return Estimate(value, why="no interval, because all cases say the same")
    return Estimate(value, se, max(-most, value - reach), min(most, value + reach), p)
