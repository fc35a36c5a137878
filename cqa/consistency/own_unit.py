"""Whether reviewers mark the work of their own unit otherwise than that of others."""

from collections.abc import Mapping, Sequence

import numpy as np

from cqa.consistency.crossed import ScoredMark
from cqa.consistency.intervals import t_quantile
from cqa.consistency.severity import Estimate

ENOUGH_MIXED = 10
"""So many cases must have been marked both from inside and from outside the unit."""
_NOTHING = 1e-9


def own_unit_effect(marks: Sequence[ScoredMark], own: Mapping[tuple[str, str], bool]) -> tuple[Estimate, int]:
    """By how many points reviewers mark cases of their own unit higher than others mark them (positive = kinder to
    their own), and on how many cases that rests.

    Least squares within cases with every reviewer's severity taken out: y = case - severity + effect * own. Only
    cases that somebody of the unit and somebody from outside both marked say anything.
    """
    known = [mark for mark in marks if (mark.case, mark.reviewer) in own]
    by_case: dict[str, set[bool]] = {}
    for mark in known:
        by_case.setdefault(mark.case, set()).add(own[mark.case, mark.reviewer])
    mixed = sum(len(sides) == 2 for sides in by_case.values())
    if mixed < ENOUGH_MIXED:
        return Estimate(None, why=f"marked both from inside and from outside the unit: {mixed} cases, and "
                                  f"{ENOUGH_MIXED} are needed" if own else
                        "people.csv does not say which unit reviewers and handlers belong to"), mixed
    return _within_cases(known, own), mixed


def _within_cases(known: Sequence[ScoredMark], own: Mapping[tuple[str, str], bool]) -> Estimate:
    cases = np.unique([mark.case for mark in known], return_inverse=True)[1]
    names, reviewers = np.unique([mark.reviewer for mark in known], return_inverse=True)
    columns = np.column_stack([
        [float(own[mark.case, mark.reviewer]) for mark in known], -np.eye(len(names))[reviewers],
        [mark.value for mark in known]])
    sizes = np.bincount(cases)
    sums = np.zeros((len(sizes), columns.shape[1]))
    np.add.at(sums, cases, columns)
    centred = columns - (sums / sizes[:, None])[cases]
    design, y = centred[:, :-1], centred[:, -1]
    inverse = np.linalg.pinv(design.T @ design, rcond=_NOTHING, hermitian=True)
    if abs(float((inverse @ design.T @ design)[0, 0]) - 1) > 1e-6:
        return Estimate(None, why="it cannot be told from the severity of the reviewers who marked those cases")
    effects = inverse @ design.T @ y
    df = len(y) - len(sizes) - int(np.linalg.matrix_rank(design.T @ design, tol=_NOTHING * len(y), hermitian=True))
    left = y - design @ effects
    value = float(effects[0])
    if df < 1 or float(left @ left) < _NOTHING:
        return Estimate(value, why="no interval, because nothing is left to measure error by")
    se = float(np.sqrt(left @ left / df * inverse[0, 0]))
    reach = t_quantile(df) * se
    return Estimate(value, se, value - reach, value + reach)
