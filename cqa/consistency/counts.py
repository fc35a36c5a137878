"""From marks to counts: who gave which level to which case, as arrays, and the few patterns that cases show."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cqa.consistency.weights import Vector

MISSING = -1
_EXACT = 2**53
"""Whole numbers up to here are exact as floats."""

Rows = NDArray[np.float64]
"""Patterns of counts: shape (patterns, levels)."""
Places = NDArray[np.int64]
"""Positions in some list."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """Marks of cases by reviewers, on one or several questions of one scale.

    `levels` is the declared scale in order, used or not, and `places` where the levels lie: their numbers, or their
    positions. `question`, `case`, `reviewer` and `level` are as long as there are marks, and hold positions;
    `questions` and `cases` say how many there are. Nobody marks one question of one case twice.
    """

    levels: tuple[str, ...]
    places: tuple[float, ...]
    reviewers: tuple[str, ...]
    questions: int
    cases: int
    question: Places
    case: Places
    reviewer: Places
    level: Places

    @classmethod
    def of_matrix(cls, levels: Sequence[str], reviewers: Sequence[str], marks: Places) -> "Ratings":
        """One question, from the position of the level for every case and reviewer (shape (cases, reviewers)); -1
        where there is no mark."""
        case, reviewer = np.nonzero(marks != MISSING)
        return cls(tuple(levels), steps(levels), tuple(reviewers), 1, len(marks),
                   np.zeros(len(case), dtype=np.int64), case, reviewer, marks[case, reviewer])

    @property
    def cell(self) -> Places:
        """For each mark the number of its question and case together."""
        return self.question * self.cases + self.case

    @property
    def marks_of_cells(self) -> Places:
        """How many marks each question of each case has: shape (questions * cases,)."""
        return np.bincount(self.cell, minlength=self.questions * self.cases)

    def twice_marked(self) -> "Ratings":
        """Only the marks on questions of cases that have two marks or more."""
        kept = self.marks_of_cells[self.cell] >= 2
        return self if kept.all() else self.only(kept)

    def only(self, kept: NDArray[np.bool_]) -> "Ratings":
        """Only some of the marks; questions, cases and reviewers keep their numbers."""
        return replace(self, question=self.question[kept], case=self.case[kept], reviewer=self.reviewer[kept],
                       level=self.level[kept])

    def of_question(self, number: int) -> "Ratings":
        """One question by itself, with the same cases and reviewers."""
        chosen = self.only(self.question == number)
        return replace(chosen, questions=1, question=np.zeros(len(chosen.case), dtype=np.int64))

    def split_at_top(self, levels: tuple[str, str]) -> "Ratings":
        """The same marks on a scale of two: below the top level, and at it."""
        top = len(self.levels) - 1
        return replace(self, levels=levels, places=(0.0, 1.0), level=(self.level == top).astype(np.int64))

    @property
    def reviewers_of_questions(self) -> Places:
        """How many reviewers have marked each question: shape (questions,)."""
        count = len(self.reviewers)
        seen = np.bincount(self.question * count + self.reviewer, minlength=self.questions * count) > 0
        return np.asarray(seen.reshape(self.questions, count).sum(axis=1))

    @property
    def pairs(self) -> int:
        """How many pairs of marks on one question of one case there are."""
        given = self.marks_of_cells
        return int((given * (given - 1) // 2).sum())


@dataclass(frozen=True, slots=True)
class Patterns:
    """The distinct ways in which the marks of a case fall on the levels, and which case shows which.

    `rows` (patterns, levels) are counts of marks; `often` (patterns, questions) says how many cases of each question
    show the pattern. `pattern`, `question` and `case` are as long as there are cells: questions of cases that count.
    """

    rows: Rows
    often: Vector
    pattern: Places
    question: Places
    case: Places

    @property
    def two_each(self) -> NDArray[np.bool_]:
        """For each question, whether it has cases and all have exactly two marks."""
        other = self.rows.sum(axis=1) != 2
        return np.asarray((self.often.sum(axis=0) > 0) & ~(self.often[other] > 0).any(axis=0))


def patterns_of(ratings: Ratings, least: int = 2) -> Patterns:
    """The patterns of all questions of cases with `least` marks or more."""
    given = ratings.marks_of_cells
    cells = np.flatnonzero(given >= least)
    rows, pattern = _distinct(ratings, given, cells)
    question, case = np.divmod(cells, max(ratings.cases, 1))
    often = np.bincount(pattern * ratings.questions + question, minlength=len(rows) * ratings.questions)
    return Patterns(rows, often.reshape(len(rows), ratings.questions).astype(float), pattern, question, case)


def _distinct(ratings: Ratings, given: Places, cells: Places) -> tuple[Rows, Places]:
    """The distinct count vectors of the cells, and which each has.

    A count vector is one number in a base above every count, as long as that number is exact; on a long scale cells
    are compared by their marks in order instead.
    """
    q, base = len(ratings.levels), int(given.max(initial=0)) + 1
    if not len(cells):
        return np.zeros((0, q)), np.zeros(0, dtype=np.int64)
    if base**q < _EXACT:
        powers = float(base) ** np.arange(q)
        codes = np.bincount(ratings.cell, weights=powers[ratings.level], minlength=len(given))[cells]
        found, pattern = np.unique(codes, return_inverse=True)
        return np.floor_divide.outer(found, powers) % base, pattern
    order = np.lexsort((ratings.level, ratings.cell))
    cell = ratings.cell[order]
    nth = np.arange(len(cell)) - np.searchsorted(cell, cell)
    listed = np.full((len(given), base - 1), q, dtype=np.int64)
    listed[cell, nth] = ratings.level[order]
    found, pattern = np.unique(listed[cells], axis=0, return_inverse=True)
    counts = np.zeros((len(found), q + 1))
    np.add.at(counts, (np.arange(len(found))[:, None], found), 1)
    return counts[:, :q], pattern.ravel()


def differing_pairs(ratings: Ratings) -> int:
    """How many pairs of marks on one question of one case are not of one level."""
    alike = np.unique(ratings.cell * len(ratings.levels) + ratings.level, return_counts=True)[1]
    return ratings.pairs - int((alike * (alike - 1) // 2).sum())


def ratings_of(marks: Iterable[tuple[str, str, str]], levels: Sequence[str]) -> Ratings:
    """One question's ratings from (case, reviewer, level) triples. Raises ValueError for a level that is not on the
    scale, and for two marks by one reviewer on one case."""
    return ratings_of_questions([marks], levels)


def ratings_of_questions(
    questions: Sequence[Iterable[tuple[str, str, str]]], levels: Sequence[str], cases: Sequence[str] = ()
) -> Ratings:
    """Ratings of several questions on one scale, each from (case, reviewer, level) triples; reviewers in the order of
    their names, cases as in `cases` and then as they come. Raises ValueError as `ratings_of` does."""
    place = {level: position for position, level in enumerate(levels)}
    rows = {name: row for row, name in enumerate(cases)}
    cells: dict[tuple[int, int, str], int] = {}
    for number, marks in enumerate(questions):
        for case, reviewer, level in marks:
            if level not in place:
                raise ValueError(f"'{level}' is not on the scale")
            key = (number, rows.setdefault(case, len(rows)), reviewer)
            if key in cells:
                raise ValueError(f"'{reviewer}' marked case '{case}' twice")
            cells[key] = place[level]
    reviewers = {name: column for column, name in enumerate(sorted({reviewer for _, _, reviewer in cells}))}
    return Ratings(
        tuple(levels), steps(levels), tuple(reviewers), len(questions), len(rows),
        positions(number for number, _, _ in cells), positions(case for _, case, _ in cells),
        positions(reviewers[name] for _, _, name in cells), positions(cells.values()))


def steps(levels: Sequence[str]) -> tuple[float, ...]:
    """The places of levels that are words: their positions."""
    return tuple(map(float, range(len(levels))))


def positions(values: Iterable[int]) -> Places:
    """Whole numbers as an array."""
    return np.array(array("q", values), dtype=np.int64)


def added_up(place: Places, values: Vector, places: int) -> Vector:
    """What the values of each place add up to: shape (places,)."""
    return np.bincount(place, weights=values, minlength=places).astype(float)  # of no values they are integers
