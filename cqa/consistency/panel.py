"""Cohen's and Conger's kappas: chance agreement from what each reviewer uses of the scale."""

from dataclasses import dataclass

import numpy as np

from cqa.consistency.agreement import Often, Terms
from cqa.consistency.counts import Places, Ratings, added_up
from cqa.consistency.weights import Matrix, Vector


@dataclass(frozen=True, slots=True)
class Panel:
    """How the reviewers of each question use the scale.

    `counts` (questions, reviewers, levels) are their marks; `shares` the same as shares of 1, nought for who has none.
    """

    ratings: Ratings
    counts: Vector
    shares: Vector

    @classmethod
    def of(cls, ratings: Ratings) -> "Panel":
        """The panel of everyone who gave one of these marks."""
        shape = (ratings.questions, len(ratings.reviewers), len(ratings.levels))
        counts = np.bincount(marks_used(ratings), minlength=shape[0] * shape[1] * shape[2]).astype(float).reshape(shape)
        return cls(ratings, counts, level_shares(counts, axis=2))


def marks_used(ratings: Ratings) -> Places:
    """For each mark the number of its question, reviewer and level together."""
    return (ratings.question * len(ratings.reviewers) + ratings.reviewer) * len(ratings.levels) + ratings.level


def level_shares(counts: Often, axis: int) -> Often:
    """Counts as shares of the marks of each reviewer; nought where a reviewer has none."""
    given = counts.sum(axis=axis, keepdims=True)
    return np.asarray(np.divide(counts, given, out=np.zeros_like(counts), where=given > 0))


def chance(total: Often, own: Often, reviewers: Often, apart: Matrix) -> Often:
    """Disagreement that pairs of different reviewers would have by chance, averaged over pairs (Conger 1980; Gwet 2014
    where marks are missing).

    `total` (levels, columns) is the sum of the reviewers' shares, `own` (columns,) the sum of what each would disagree
    with itself, `reviewers` (columns,) how many they are. Nought, which is undefined, for fewer than two.
    """
    pairs = reviewers * (reviewers - 1)
    among = (total * (apart @ total)).sum(axis=0) - own
    return np.asarray(np.divide(among, pairs, out=np.zeros_like(among), where=pairs > 0))


def chance_of(panel: Panel, apart: Matrix) -> Vector:
    """Expected disagreement of every question: shape (questions,)."""
    own = (panel.shares * (panel.shares @ apart)).sum(axis=(1, 2))
    return np.asarray(chance(panel.shares.sum(axis=1).T, own, (panel.counts.sum(axis=2) > 0).sum(axis=1).astype(float),
                             apart))


def chance_without(panel: Panel, apart: Matrix, mark_place: Places, places: int, of_place: Places) -> Vector:
    """Expected disagreement of a question with each of its cases left out: shape (places,).

    `mark_place` says for every mark which place of the result its case has, `of_place` the question of each place.
    What one mark less changes depends on its question, reviewer and level only; the marks of a case, all by different
    reviewers, add up.
    """
    uses = _Uses.of(panel)
    several = uses.given > 1
    less = (uses.counts - uses.own_level) / np.maximum(uses.given - 1, 1)[:, None] * several[:, None]
    own = (less * (less @ apart)).sum(axis=1) - (uses.shares * (uses.shares @ apart)).sum(axis=1)
    added = _sums_by_place(panel, uses, np.column_stack([less - uses.shares, own, several - 1.0]), mark_place, places)
    added += np.concatenate([
        panel.shares.sum(axis=1), (panel.shares * (panel.shares @ apart)).sum(axis=(1, 2))[:, None],
        (panel.counts.sum(axis=2) > 0).sum(axis=1)[:, None]], axis=1).T[:, of_place]
    return np.asarray(chance(added[:-2], added[-2], added[-1], apart))


def chance_moved(panel: Panel, apart: Matrix, mark_place: Places, places: int, of_place: Places) -> Vector:
    """How the expected disagreement moves when a case begins to count for more: its derivative, shape (places,)."""
    uses = _Uses.of(panel)
    moved = (uses.own_level - uses.shares) / uses.given[:, None]
    own = 2 * (moved * (uses.shares @ apart)).sum(axis=1)
    added = _sums_by_place(panel, uses, np.column_stack([moved, own]), mark_place, places)
    total = (panel.shares.sum(axis=1) @ apart).T[:, of_place]
    reviewers = (panel.counts.sum(axis=2) > 0).sum(axis=1)[of_place].astype(float)
    pairs = reviewers * (reviewers - 1)
    change = 2 * (added[:-1] * total).sum(axis=0) - added[-1]
    return np.asarray(np.divide(change, pairs, out=np.zeros(places), where=pairs > 0))


@dataclass(frozen=True, slots=True)
class _Uses:
    """Every level that a reviewer gave on a question: `place` numbers these uses, and -1 is what nobody gave.

    Of each use `counts` and `shares` are the reviewer's on that question (uses, levels), `given` how many marks these
    are, and `own_level` (uses, levels) is 1 at the level.
    """

    place: Places
    counts: Vector
    shares: Vector
    given: Vector
    own_level: Vector

    @classmethod
    def of(cls, panel: Panel) -> "_Uses":
        q = panel.counts.shape[2]
        used = np.flatnonzero(panel.counts)
        place = np.full(panel.counts.size, -1, dtype=np.int64)
        place[used] = np.arange(len(used))
        counts = panel.counts.reshape(-1, q)[used // q]
        own_level = np.zeros_like(counts)
        own_level[np.arange(len(used)), used % q] = 1
        return cls(place, counts, panel.shares.reshape(-1, q)[used // q], counts.sum(axis=1), own_level)


def _sums_by_place(panel: Panel, uses: _Uses, of_use: Vector, mark_place: Places, places: int) -> Vector:
    """What the marks of each place add up to: shape (columns, places); `of_use` has a row for every use."""
    used = uses.place[marks_used(panel.ratings)]
    return np.stack([added_up(mark_place, column[used], places) for column in np.ascontiguousarray(of_use.T)])


def resampled_chance(ratings: Ratings, often: Vector, apart: Matrix) -> Vector:
    """Expected disagreement for resampled cases: `often` (cases, columns) says how often each case was taken. Shape
    (questions, columns)."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - 0.1 s that only resampling pays

    shape = (ratings.questions, len(ratings.reviewers), len(ratings.levels), often.shape[1])
    given = csr_array((np.ones(len(ratings.case)), (marks_used(ratings), ratings.case)),
                      shape=(shape[0] * shape[1] * shape[2], ratings.cases))
    counts = np.asarray(given @ often).reshape(shape)
    shares = level_shares(counts, axis=2)
    own = (shares * np.einsum("kl,qglb->qgkb", apart, shares)).sum(axis=(1, 2))
    reviewers = (counts.sum(axis=2) > 0).sum(axis=1).astype(float)
    return np.stack([np.asarray(chance(total, mine, count, apart)) for total, mine, count
                     in zip(shares.sum(axis=1), own, reviewers, strict=True)])


def kappa_terms(found: Often, expected: Often) -> Terms:
    """Observed disagreement beside that of chance; undefined wherever there is no observed one."""
    return Terms(found, np.where(np.isfinite(found), expected, 0.0))
