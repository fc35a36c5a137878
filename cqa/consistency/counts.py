"""From marks to counts: who gave which level to which case, as arrays that the coefficients work on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MISSING = -1

Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ratings:
    """Marks of cases by reviewers.

    `levels` is the declared scale in order, used or not; `marks` has shape (cases, reviewers) and holds the position
    of the level given, or -1 where that reviewer did not mark that case.
    """

    levels: tuple[str, ...]
    reviewers: tuple[str, ...]
    marks: NDArray[np.int64]

    @property
    def counts(self) -> Counts:
        """How many marks of each level each case has: shape (cases, levels)."""
        return np.stack([(self.marks == level).sum(axis=1) for level in range(len(self.levels))], axis=1).astype(float)

    def twice_marked(self) -> "Ratings":
        """The same with only the cases that have two marks or more, and the reviewers who marked one of them."""
        cases = self.marks[(self.marks != MISSING).sum(axis=1) >= 2]
        used = (cases != MISSING).any(axis=0) if len(cases) else np.zeros(len(self.reviewers), dtype=bool)
        names = tuple(name for name, kept in zip(self.reviewers, used, strict=True) if kept)
        return Ratings(self.levels, names, cases[:, used])

    @property
    def pairs(self) -> int:
        """How many pairs of marks on one case there are."""
        given = (self.marks != MISSING).sum(axis=1)
        return int((given * (given - 1) // 2).sum())


def ratings_of(marks: Iterable[tuple[str, str, str]], levels: Sequence[str]) -> Ratings:
    """Ratings from (case, reviewer, level) triples. Raises ValueError for a level that is not on the scale, and for
    two marks by one reviewer on one case."""
    place = {level: position for position, level in enumerate(levels)}
    cells: dict[tuple[str, str], int] = {}
    for case, reviewer, level in marks:
        if level not in place:
            raise ValueError(f"'{level}' is not on the scale")
        if (case, reviewer) in cells:
            raise ValueError(f"'{reviewer}' marked case '{case}' twice")
        cells[case, reviewer] = place[level]
    cases = {case: row for row, case in enumerate(dict.fromkeys(case for case, _ in cells))}
    reviewers = tuple(sorted({reviewer for _, reviewer in cells}))
    column = {reviewer: position for position, reviewer in enumerate(reviewers)}
    array = np.full((len(cases), len(reviewers)), MISSING, dtype=np.int64)
    for (case, reviewer), level_place in cells.items():
        array[cases[case], column[reviewer]] = level_place
    return Ratings(tuple(levels), reviewers, array)


def patterns(counts: Counts) -> tuple[Counts, NDArray[np.float64]]:
    """The distinct rows of a count matrix, and how often each occurs."""
    rows, often = np.unique(counts, axis=0, return_counts=True)
    return rows, often.astype(float)
