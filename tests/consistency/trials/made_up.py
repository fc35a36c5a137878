"""Trials made up apart from the tool: its own errors, its own cuts, its own rota of markers.

12 questions of three levels, used 9/18/73%; quality of a case's questions correlates 0.3. A reviewer errs by severity
(sd 0.4 of the error of one mark), on the case as a whole (0.15) and on each mark.
"""

from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from cqa.consistency.trials.data import TrialData
from tests.consistency.trials.trialling import LEVELS, Given, matched, trial_data

NAMES = tuple("abcdefgh")
QUESTIONS = 12
CUTS = np.array([NormalDist().inv_cdf(share) for share in (0.09, 0.27)])
SEVERITY, HALO = 0.4, 0.15
STEPS = ((0, 1, 2, 5), (0, 3, 1, 6), (0, 2, 4, 7), (0, 5, 3, 6))
"""Who of a round of eight marks: two by the parent, then two by the variant; in eight cases all mark alike often."""


def levels(seen: NDArray[np.float64], error: float) -> NDArray[np.int64]:
    """Positions on the scale of what was seen, used as it should be whatever the error."""
    return np.searchsorted(CUTS * sqrt(1 + error**2), seen)


def agreements(error: float) -> tuple[float, float]:
    """AC2 and ordinal alpha of two marks with this error in all (sd), from 400,000 cases of a fixed seed."""
    rng = np.random.default_rng(20261128)
    quality = rng.normal(size=400_000)
    one, other = (levels(quality + error * rng.normal(size=len(quality)), error) for _ in range(2))
    table = np.zeros((3, 3))
    np.add.at(table, (one, other), 1 / len(quality))
    table = (table + table.T) / 2
    pi = table.sum(axis=0)
    apart = np.array([[0, 1 / 3, 1], [1 / 3, 0, 1 / 3], [1, 1 / 3, 0]])
    chance = (9 - apart.sum()) / 6 * (pi * (1 - pi)).sum()
    ranks = np.cumsum(pi) - pi / 2
    far = (ranks[:, None] - ranks[None]) ** 2
    return (float((1 - (table * apart).sum() - chance) / (1 - chance)),
            float(1 - (table * far).sum() / (np.outer(pi, pi) * far).sum()))


def error_for(which: int, value: float) -> float:
    """The error at which AC2 (0) or alpha (1) has this value."""
    low, high = 0.01, 3.0
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (middle, high) if agreements(middle)[which] > value else (low, middle)
    return low


def made_up(rng: np.random.Generator, cases: int, parent: float, variant: float, nested: bool = False) -> TrialData:
    """One trial. Errors are in all, as sd of quality; `nested`: four people use the parent, four others the variant."""
    severity = dict(zip(NAMES, rng.normal(size=len(NAMES)), strict=True))
    quality = sqrt(0.3) * rng.normal(size=(cases, 1)) + sqrt(0.7) * rng.normal(size=(cases, QUESTIONS))
    forms: list[Given] = []
    for form, error in enumerate((parent, variant)):
        unit = error / sqrt(1 + SEVERITY**2 + HALO**2)
        given = {}
        for case in range(cases):
            for name in markers(case, form, nested):
                off = SEVERITY * severity[name] + HALO * rng.normal() + rng.normal(size=QUESTIONS)
                marks = levels(quality[case] + unit * off, error)
                given[f"c{case}", name] = {f"q{place}": LEVELS[mark] for place, mark in enumerate(marks)}
        forms.append(given)
    return trial_data(forms[0], forms[1], [matched(f"q{place}") for place in range(QUESTIONS)])


def markers(case: int, form: int, nested: bool) -> tuple[str, str]:
    if nested:
        four = NAMES[4 * form:4 * form + 4]
        return four[case % 4], four[(case + 1 + case // 4 % 2) % 4]
    steps = STEPS[case // 8 % len(STEPS)][2 * form:2 * form + 2]
    return NAMES[(case + steps[0]) % 8], NAMES[(case + steps[1]) % 8]
