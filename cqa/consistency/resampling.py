"""Resampled cases: the same ones for every question, so that all marks of a case stay together."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cqa.consistency.agreement import OfCounts, Often, observed
from cqa.consistency.counts import Patterns, Ratings
from cqa.consistency.panel import kappa_terms, resampled_chance
from cqa.consistency.weights import Matrix, Vector

_AT_ONCE = 4_000_000
"""How many numbers one array may have before replicates are taken in blocks."""


@dataclass(frozen=True, slots=True)
class CaseResampling:
    """So many samples of `cases` cases, drawn with replacement; the seed's text decides them wholly.

    The seed of numpy's PCG64 is the SHA-256 of the text.
    """

    cases: int
    replicates: int
    seed: str

    def blocks(self, width: int) -> Iterator[Vector]:
        """How often each case was drawn: shape (cases, replicates of the block). `width` is how many numbers a
        replicate needs at the most."""
        drawn = np.random.default_rng(int.from_bytes(hashlib.sha256(self.seed.encode()).digest()))
        size = max(1, _AT_ONCE // max(width, self.cases, 1))
        for begin in range(0, self.replicates, size):
            count = min(size, self.replicates - begin)
            chosen = drawn.integers(0, self.cases, size=(count, self.cases))
            chosen += np.arange(count)[:, None] * self.cases
            often = np.bincount(chosen.ravel(), minlength=count * self.cases).reshape(count, self.cases)
            yield np.ascontiguousarray(often.T, dtype=float)


@dataclass(frozen=True, slots=True)
class Resampled:
    """Ratings of resampled cases, pattern by pattern: `often` (patterns, questions * replicates)."""

    patterns: Patterns
    questions: int
    often: Often
    cases: Vector

    @classmethod
    def of(cls, patterns: Patterns, questions: int, cases: Vector) -> "Resampled":
        """One block; `cases` (cases, replicates) says how often each case was drawn."""
        from scipy.sparse import csr_array  # noqa: PLC0415 - 0.1 s that only resampling pays

        shape = (len(patterns.rows) * questions, len(cases))
        which = csr_array((np.ones(len(patterns.case)),
                           (patterns.pattern * questions + patterns.question, patterns.case)), shape=shape)
        often = np.asarray(which @ cases).reshape(len(patterns.rows), questions * cases.shape[1])
        return cls(patterns, questions, often, cases)

    def values(self, of_counts: OfCounts) -> Vector:
        """A coefficient of every question and replicate; NaN where undefined. Shape (questions, replicates)."""
        return np.asarray(of_counts(self.patterns.rows, self.often).values()).reshape(self.questions, -1)

    def kappas(self, ratings: Ratings, apart: Matrix) -> Vector:
        """Cohen's or Conger's kappa likewise, of the ratings that the patterns are of."""
        found = observed(self.patterns.rows, self.often, apart).reshape(self.questions, -1)
        return np.asarray(kappa_terms(found, resampled_chance(ratings, self.cases, apart)).values())
