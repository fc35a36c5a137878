"""Marks as a crossed design of cases and reviewers: who marked what, who shares cases, and who hangs by a thread."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ScoredMark:
    """One marking of a case: `value` in any unit, higher is better; `group` is the case's stratum or team."""

    case: str
    reviewer: str
    value: float
    group: str = ""


@dataclass(frozen=True, slots=True)
class Crossed:
    """N marks of I cases by R reviewers. `y`, `case` and `reviewer` (indices) are of length N; `counts` (I x R) says
    how often a reviewer marked a case; `groups` (I x p) are the fixed effects: a column of ones, then one column for
    each group but the first."""

    reviewers: tuple[str, ...]
    y: Floats
    case: Whole
    reviewer: Whole
    counts: Floats
    groups: Floats

    @property
    def marks_of_case(self) -> Floats:
        """Length I."""
        return np.asarray(self.counts.sum(axis=1))

    @property
    def marks_of_reviewer(self) -> Floats:
        """Length R."""
        return np.asarray(self.counts.sum(axis=0))

    @property
    def case_totals(self) -> Floats:
        """The sum of a case's marks, length I."""
        return np.asarray(np.bincount(self.case, self.y, len(self.counts)), dtype=np.float64)

    @property
    def reviewer_totals(self) -> Floats:
        """The sum of a reviewer's marks, length R."""
        return np.asarray(np.bincount(self.reviewer, self.y, len(self.reviewers)), dtype=np.float64)

    @property
    def shared(self) -> NDArray[np.bool_]:
        """Which cases two or more reviewers marked, length I."""
        return np.asarray((self.counts > 0).sum(axis=1) >= 2)

    @property
    def links(self) -> Whole:
        """R x R: on how many cases two reviewers meet; on the diagonal how many a reviewer shares with anyone."""
        met = (self.counts[self.shared] > 0).astype(np.int64)
        return np.asarray(met.T @ met)


def crossed(marks: Sequence[ScoredMark]) -> Crossed:
    """The design, reviewers in the order of their names.

    Raises ValueError for a value that is no finite number, and for a case that is in two groups.
    """
    values = np.array([mark.value for mark in marks], dtype=float)
    if not np.isfinite(values).all():
        raise ValueError("a mark is not a finite number")
    cases = {name: place for place, name in enumerate(dict.fromkeys(mark.case for mark in marks))}
    names = tuple(sorted({mark.reviewer for mark in marks}))
    places = {name: place for place, name in enumerate(names)}
    case = np.array([cases[mark.case] for mark in marks], dtype=np.int64)
    reviewer = np.array([places[mark.reviewer] for mark in marks], dtype=np.int64)
    counts = np.zeros((len(cases), len(names)))
    np.add.at(counts, (case, reviewer), 1.0)
    return Crossed(names, values, case, reviewer, counts, _fixed_effects(marks, cases))


def _fixed_effects(marks: Sequence[ScoredMark], cases: dict[str, int]) -> Floats:
    group_of = {mark.case: mark.group for mark in marks}
    for mark in marks:
        if mark.group != group_of[mark.case]:
            raise ValueError(f"case {mark.case!r} is in two groups: {mark.group!r} and {group_of[mark.case]!r}")
    groups = sorted(set(group_of.values()))
    effects = np.zeros((len(cases), len(groups)))
    effects[:, :1] = 1.0
    for case, place in cases.items():
        if column := groups.index(group_of[case]):
            effects[place, column] = 1.0
    return effects


def components(links: Whole) -> Whole:
    """For each reviewer the number of the group of reviewers that shared cases connect (Linacre: subsets)."""
    if not len(links):
        return np.zeros(0, dtype=np.int64)
    return np.asarray(connected_components(csr_array(links), directed=False)[1], dtype=np.int64)


def weak_links(links: Whole) -> tuple[int, ...]:
    """The reviewers without whom others would no longer be connected: the articulation points of the graph.

    Without such a reviewer there are more groups of the others than there were with them.
    """
    labels = components(links)
    return tuple(one for one in range(len(links)) if _splits(links, labels, one))


def _splits(links: Whole, labels: Whole, one: int) -> bool:
    rest = np.flatnonzero((labels == labels[one]) & (np.arange(len(links)) != one))
    return len(rest) > 1 and components(links[np.ix_(rest, rest)]).max() > 0
