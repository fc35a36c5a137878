"""How far apart two forms are, as arrays: the mean of a figure over questions under each, and the jackknife of the
difference with whole cases left out.

Questions come in groups, and each group has a mean of its own: all questions of a trial, or one question each, or the
questions of one of many simulated trials.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from cqa.consistency.counts import Places, Ratings, patterns_of
from cqa.consistency.leaving_out import variance_of
from cqa.consistency.measures import LEAST_CASES
from cqa.consistency.readings import COUNTS_ONLY
from cqa.consistency.uncertainty import AC, ALPHA, PERCENT, Asked, Uncertainty, uncertainties_of
from cqa.consistency.weights import Matrix, Vector
from cqa.sampling.trial import Measure

ASKED = Asked(weights="ordinal", metric="ordinal", figures=(AC, ALPHA))
"""As in the report of consistency: Gwet's AC2 with ordinal weights, Krippendorff's ordinal alpha."""
FIGURE: Mapping[Measure, str] = {"ac2": AC, "alpha": ALPHA, "exact": PERCENT}
NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Side:
    """One measure of every question by one form, with what each case changes in it. `cases` are so many in all."""

    known: Uncertainty
    cases: int

    @property
    def enough(self) -> NDArray[np.bool_]:
        """The questions that count in a mean: on five cases or more, defined with all and without any one of them."""
        jackknife = self.known.jackknife
        return np.asarray(jackknife.usable & (jackknife.cases >= COUNTS_ONLY))


Sides = tuple[Side, Side]


def sides_of(pair: tuple[Ratings, Ratings], measures: Sequence[Measure]) -> dict[Measure, Sides]:
    """The measures of every question by both forms; the ratings hold only what was marked twice."""
    nothing = np.zeros(0, dtype=np.int64)
    known = [uncertainties_of(one, patterns_of(one), [FIGURE[name] for name in measures], ASKED, nothing)
             for one in pair]
    return {name: (Side(known[0][FIGURE[name]], pair[0].cases), Side(known[1][FIGURE[name]], pair[1].cases))
            for name in measures}


@dataclass(frozen=True, slots=True)
class Moves:
    """The sums over the questions of each group, by one form: values, what each case changes, and which cases count.
    Shapes (groups,), (groups, cases) and (groups, cases)."""

    total: Vector
    change: Matrix
    counted: NDArray[np.bool_]

    def plus(self, other: "Moves") -> "Moves":
        """With those of further questions of the same groups and cases."""
        return Moves(self.total + other.total, self.change + other.change, self.counted | other.counted)

    def over(self, questions: Vector) -> "Moves":
        """Means in the place of sums; NaN where a group has no question."""
        by = np.where(questions > 0, questions, np.nan)
        return Moves(self.total / by, self.change / np.where(questions > 0, questions, 1.0)[:, None], self.counted)

    @property
    def cases(self) -> Vector:
        """How many cases count in each group."""
        return np.asarray(self.counted.sum(axis=1), dtype=float)

    @property
    def variance(self) -> Vector:
        """The jackknife's, whole cases left out."""
        return variance_of(self.change, self.counted)


def _moves(side: Side, chosen: NDArray[np.bool_], group: Places, groups: int) -> Moves:
    patterns, jackknife = side.known.patterns, side.known.jackknife
    kept = chosen[patterns.question]
    counted = np.zeros((groups, side.cases), dtype=bool)
    counted[group[patterns.question[kept]], patterns.case[kept]] = True
    total = np.bincount(group[chosen], jackknife.whole[chosen], groups).astype(float)
    return Moves(total, jackknife.by_group(patterns.question, patterns.case, side.cases, chosen.astype(float), group,
                                           groups), counted)


@dataclass(frozen=True, slots=True)
class Gaps:
    """For every group the means by both forms over the same questions, and the variant's less the parent's, with its
    standard error and degrees of freedom. Arrays of shape (groups,); NaN, which never leaves this room, where there is
    no question or no spread."""

    parent: Vector
    variant: Vector
    se: Vector
    df: Vector
    parent_cases: Vector
    variant_cases: Vector
    questions: Vector

    @property
    def difference(self) -> Vector:
        """The variant's mean less the parent's."""
        return self.variant - self.parent

    @property
    def reach(self) -> Vector:
        """Half the width of the 95% interval: Student's t. NaN with fewer than three cases by a form, and where no
        case changes the difference."""
        fewest = np.minimum(self.parent_cases, self.variant_cases)
        some = (fewest >= LEAST_CASES) & (self.se > NOTHING)
        return np.where(some, stdtrit(np.where(some, self.df, 1.0), 0.975) * self.se, np.nan)

    @property
    def p(self) -> Vector:
        """Two-sided, of no difference; NaN where there is no interval."""
        some = np.isfinite(self.reach)
        size = np.abs(self.difference) / np.where(some, self.se, 1.0)
        return np.where(some, 2 * stdtr(np.where(some, self.df, 1.0), -size), np.nan)


def gaps(sides: Sequence[Sides], group: Sequence[Places], groups: int, paired: bool, least: bool = True) -> Gaps:
    """The differences of every group. `sides` are of one scale after another, `group` says where their questions are.

    A question counts where both forms have it; with `least` only where both have five cases or more. `paired` (the
    crossover): a case is left out in both forms at once, Student's t with cases - 1 degrees of freedom. Else the
    variances of the two forms add up, with the degrees of freedom of Welch 1947 (Satterthwaite 1946).
    """
    questions = np.zeros(groups)
    parts: list[tuple[Moves, Moves]] = []
    for (parent, variant), place in zip(sides, group, strict=True):
        chosen = parent.enough & variant.enough if least else \
            parent.known.jackknife.usable & variant.known.jackknife.usable
        questions += np.bincount(place[chosen], minlength=groups)
        parts.append((_moves(parent, chosen, place, groups), _moves(variant, chosen, place, groups)))
    if not parts:
        none = np.full(groups, np.nan)
        return Gaps(none, none, none, none, questions, questions, questions)
    first, second = parts[0]
    for one, other in parts[1:]:
        first, second = first.plus(one), second.plus(other)
    return gaps_of(first.over(questions), second.over(questions), questions, paired)


def gaps_of(parent: Moves, variant: Moves, questions: Vector, paired: bool) -> Gaps:
    """The differences of means of two forms from what each case changes in them."""
    if paired:
        both = Moves(variant.total - parent.total, variant.change - parent.change, parent.counted | variant.counted)
        variance, df = both.variance, both.cases - 1
    else:
        parts = [(one.variance, one.cases - 1) for one in (parent, variant)]
        variance = parts[0][0] + parts[1][0]
        below = sum(own**2 / np.where(free > 0, free, np.nan) for own, free in parts)
        df = np.divide(variance**2, below, out=np.full_like(variance, np.nan), where=below > 0)
    return Gaps(parent.total, variant.total, np.sqrt(variance), df, parent.cases, variant.cases, questions)
