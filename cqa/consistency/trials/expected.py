"""What a measure of agreement is in the long run, when two reviewers see the same quality, each with an error.

Quality is normal, and so is error; a mark is what was seen, cut where levels get the shares that they are to have. The
two marks of a case are then two normals with a correlation, the share of quality in what was seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy.special import ndtr, ndtri

from cqa.consistency.counts import steps
from cqa.consistency.trials.gaps import ASKED, FIGURE
from cqa.consistency.uncertainty import of_counts
from cqa.consistency.weights import Matrix, Vector
from cqa.sampling.trial import Measure

BEST = 0.73
"""How often real marks are at the best level: seven in ten or a little more."""
_MANY = 1e9
"""So many cases count as the long run."""
_NODES, _BY = leggauss(48)
_CLOSEST = 0.9999
_SOME = 1e-6
"""A smaller share of marks off a level is none."""


@dataclass(frozen=True, slots=True)
class ScaleUse:
    """So many questions of one scale, and how often each of its levels is given, worst first: fractions that add up
    to 1."""

    questions: int
    shares: tuple[float, ...]

    @property
    def cuts(self) -> Vector:
        """Where a standard normal is cut so that the levels have their shares: shape (levels - 1,)."""
        return np.asarray(ndtri(np.clip(np.cumsum(self.shares)[:-1], 1e-9, 1 - 1e-9)))


def skewed(questions: int, levels: int, best: float = BEST) -> ScaleUse:
    """Questions whose marks crowd at the top: `best` of them at the best level, the rest on the others in proportion
    1, 2, 3 ... from the worst."""
    below = levels * (levels - 1) / 2
    return ScaleUse(questions, (*((1 - best) * (place + 1) / below for place in range(levels - 1)), best))


def joint(shares: Sequence[float], alike: float) -> Matrix:
    """How often one reviewer gives level k and the other l, at the correlation `alike` (0 to 1): shape (levels,
    levels). The normal distribution in two dimensions by Drezner and Wesolowsky 1990: its mass below two cuts grows
    from that of independence by an integral over the angle."""
    cuts = ScaleUse(1, tuple(shares)).cuts
    angle = np.arcsin(alike) / 2 * (_NODES + 1)
    a, b = cuts[:, None, None], cuts[None, :, None]
    inside = np.exp(-(a**2 + b**2 - 2 * a * b * np.sin(angle)) / (2 * np.cos(angle) ** 2))
    grown = np.outer(ndtr(cuts), ndtr(cuts)) + (inside * _BY).sum(axis=2) * np.arcsin(alike) / (4 * np.pi)
    edge = np.zeros((len(shares) + 1, len(shares) + 1))
    edge[1:-1, 1:-1] = grown
    edge[-1, 1:-1] = edge[1:-1, -1] = ndtr(cuts)
    edge[-1, -1] = 1
    return np.asarray(np.clip(np.diff(np.diff(edge, axis=0), axis=1), 0, None))


def in_the_long_run(measure: Measure, shares: Sequence[float], alike: float) -> float:
    """The measure of endlessly many cases with two marks each, whose correlation is `alike`."""
    q = len(shares)
    first, second = np.divmod(np.arange(q * q), q)
    rows = np.zeros((q * q, q))
    np.add.at(rows, (np.arange(q * q), first), 1)
    np.add.at(rows, (np.arange(q * q), second), 1)
    often = _MANY * joint(shares, alike).reshape(-1, 1)
    return float(of_counts(FIGURE[measure], ASKED, steps([""] * q))(rows, often).values()[0])


def mean_in_the_long_run(measure: Measure, scales: Sequence[ScaleUse], alike: float) -> float:
    """The mean over all questions."""
    total = sum(one.questions * in_the_long_run(measure, one.shares, alike) for one in scales)
    return total / sum(one.questions for one in scales)


def correlation_for(measure: Measure, scales: Sequence[ScaleUse], value: float) -> float | None:
    """At which correlation of two marks the mean of a measure has this value; None where it never has,
    and where marks of a scale do not vary."""
    if any(max(one.shares) > 1 - _SOME for one in scales):
        return None
    low, high = 0.0, _CLOSEST
    if not mean_in_the_long_run(measure, scales, low) <= value <= mean_in_the_long_run(measure, scales, high):
        return None
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if mean_in_the_long_run(measure, scales, middle) < value else (low, middle)
    return (low + high) / 2
