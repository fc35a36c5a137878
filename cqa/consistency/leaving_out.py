"""What a coefficient would be without one of its cases, and how it moves when a case counts for more."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cqa.consistency.agreement import OfCounts, Often, Terms, observed
from cqa.consistency.counts import Patterns, Places, Ratings, added_up
from cqa.consistency.panel import Panel, chance_moved, chance_of, chance_without, kappa_terms
from cqa.consistency.weights import Matrix, Vector

_STEP = 1e-30
_AT_ONCE = 4_000_000
"""How many numbers one array may have before columns are taken in blocks."""


@dataclass(frozen=True, slots=True)
class Jackknife:
    """A coefficient of every question, and what it is with one case left out.

    `whole` (questions,); `without`, `many`, `question` (changes,): a value for each distinct change, how many cases
    make it, and on which question. NaN where undefined. `of_cell` says which change each question of each case makes.
    """

    whole: Vector
    without: Vector
    many: Vector
    question: Places
    of_cell: Places

    @property
    def cases(self) -> Vector:
        """How many cases each question has."""
        return self._sum(self.many)

    def se(self) -> Vector:
        """Delete-one-case standard error of every question; NaN where a value is undefined or there is one case."""
        n = self.cases
        return np.sqrt(_over(n - 1, n) * self._sum(self.many * self._off() ** 2))

    def acceleration(self) -> Vector:
        """The acceleration of BCa (Efron 1987): a sixth of the skewness of the values with one case left out."""
        off = -self._off()
        return _over(self._sum(self.many * off**3), 6 * self._sum(self.many * off**2) ** 1.5)

    @property
    def usable(self) -> NDArray[np.bool_]:
        """The questions whose value is defined with all cases and without any one of them."""
        return np.asarray(np.isfinite(self.whole) & (self._sum(~np.isfinite(self.without)) == 0))

    def by_case(self, cell_question: Places, cell_case: Places, cases: int, kept: Vector) -> Vector:
        """For each case what leaving it out changes in all `kept` questions (bool) together: shape (cases,)."""
        together = np.zeros(len(self.whole), dtype=np.int64)
        return np.asarray(self.by_group(cell_question, cell_case, cases, kept, together, 1)[0])

    def by_group(
        self, cell_question: Places, cell_case: Places, cases: int, kept: Vector, group: Places, groups: int
    ) -> Matrix:
        """The same for each group of questions by itself; `group` says which each is in. Shape (groups, cases)."""
        change = (self.without - self.whole[self.question])[self.of_cell]
        chosen = kept[cell_question].astype(bool)
        place = (group[cell_question] * cases + cell_case)[chosen]
        return added_up(place, change[chosen], groups * cases).reshape(groups, cases)

    def _off(self) -> Vector:
        return self.without - _over(self._sum(self.many * self.without), self.cases)[self.question]

    def _sum(self, values: Vector) -> Vector:
        return added_up(self.question, values, len(self.whole))


def _over(part: Vector, whole: Vector) -> Vector:
    return np.asarray(np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0))


@dataclass(frozen=True, slots=True)
class Changes:
    """The distinct ways to leave out one case: a pattern of a question, and how many cases of it there are."""

    patterns: Patterns
    pattern: Places
    question: Places
    many: Vector
    of_cell: Places

    @classmethod
    def of(cls, patterns: Patterns) -> "Changes":
        """Every pattern of every question that has it."""
        pattern, question = np.nonzero(patterns.often)
        place = np.zeros(patterns.often.shape, dtype=np.int64)
        place[pattern, question] = np.arange(len(pattern))
        return cls(patterns, pattern, question, patterns.often[pattern, question],
                   place[patterns.pattern, patterns.question])

    def jackknife(self, of_counts: OfCounts) -> Jackknife:
        """The coefficient as it is, and with each of these cases left out."""
        values = of_counts(self.patterns.rows, self.patterns.often).values()
        return self.around(values, self.evaluated(lambda often: of_counts(self.patterns.rows, often).values(), -1.0))

    def around(self, whole: Vector, without: Vector) -> Jackknife:
        """Values as they are and with each of these cases left out."""
        return Jackknife(whole, without, self.many, self.question, self.of_cell)

    def moved(self, of_counts: OfCounts) -> Vector:
        """The derivative of the coefficient when one more case shows each pattern: shape (changes,).

        By a step in the complex plane, which is exact to the last digit for a function of sums, products and
        quotients (Squire and Trapp 1998).
        """
        return self.evaluated(lambda often: of_counts(self.patterns.rows, often).values(), 1j * _STEP).imag / _STEP

    def evaluated(self, of_often: Callable[[Often], Often], step: complex) -> Often:
        """A function of frequencies with each of these patterns `step` more often, some columns at a time."""
        found = [of_often(often) for often in self._columns(step)]
        return np.concatenate(found) if found else np.zeros(0)

    def _columns(self, step: complex) -> Iterator[Often]:
        size = max(1, _AT_ONCE // max(len(self.patterns.rows), 1))
        kind = complex if np.iscomplex(step) else float
        for begin in range(0, len(self.pattern), size):
            part = slice(begin, begin + size)
            often = self.patterns.often[:, self.question[part]].astype(kind)
            often[self.pattern[part], np.arange(often.shape[1])] += step if kind is complex else step.real
            yield often


@dataclass(frozen=True, slots=True)
class PanelChanges:
    """Leaving out one case where it counts who gave which mark: every question of every case is a change."""

    changes: Changes
    panel: Panel
    mark_place: Places

    @classmethod
    def of(cls, changes: Changes, ratings: Ratings) -> "PanelChanges":
        """All questions of all cases of these ratings, of which `changes` has the patterns."""
        patterns = changes.patterns
        place = np.zeros(ratings.questions * ratings.cases, dtype=np.int64)
        place[patterns.question * ratings.cases + patterns.case] = np.arange(len(patterns.case))
        return cls(changes, Panel.of(ratings), place[ratings.cell])

    def terms(self, apart: Matrix) -> Terms:
        """Cohen's or Conger's kappa of every question."""
        patterns = self.changes.patterns
        return kappa_terms(observed(patterns.rows, patterns.often, apart), chance_of(self.panel, apart))

    def jackknife(self, apart: Matrix) -> Jackknife:
        """The kappa as it is, and with each question of each case left out."""
        patterns, cells = self.changes.patterns, len(self.changes.of_cell)
        found = self.changes.evaluated(lambda often: observed(patterns.rows, often, apart), -1.0)[self.changes.of_cell]
        expected = chance_without(self.panel, apart, self.mark_place, cells, patterns.question)
        return Jackknife(self.terms(apart).values(), kappa_terms(found, expected).values(), np.ones(cells),
                         patterns.question, np.arange(cells))

    def moved(self, apart: Matrix) -> Vector:
        """The derivative of the kappa when one case more is like each that there is: shape (cells,)."""
        patterns, terms = self.changes.patterns, self.terms(apart)
        found = self.changes.evaluated(lambda often: observed(patterns.rows, often, apart), 1j * _STEP).imag / _STEP
        expected = chance_moved(self.panel, apart, self.mark_place, len(self.changes.of_cell), patterns.question)
        whole, seen = terms.expected[patterns.question], terms.observed[patterns.question]
        safe = np.where(whole > 0, whole, np.nan)
        return np.asarray((expected * seen / safe - found[self.changes.of_cell]) / safe)


def variance_of(change: Matrix, counted: NDArray[np.bool_]) -> Vector:
    """Delete-one-case variance of figures, from what leaving out each case changes: (n - 1) / n times the sum of
    squares about the mean. Shapes (figures, cases) and (figures,); only `counted` cases count, NaN without any."""
    n = counted.sum(axis=1).astype(float)
    change = np.where(counted, change, 0.0)
    off = np.where(counted, change - _over(change.sum(axis=1), n)[:, None], 0.0)
    return np.asarray(_over(n - 1, n) * (off**2).sum(axis=1))


def linearised_se(moved: Vector, many: Vector, question: Places, questions: int) -> Vector:
    """Gwet's standard error (2008, 2014): of the mean of the cases' linearised values, shape (questions,).

    `moved` is the derivative for each change, made by `many` cases. NaN where undefined or with one case.
    """
    n = added_up(question, many, questions)
    off = n[question] * moved
    off = off - _over(added_up(question, many * off, questions), n)[question]
    return np.asarray(np.sqrt(_over(added_up(question, many * off**2, questions), n * (n - 1))))
