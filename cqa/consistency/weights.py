"""How near two levels are: agreement weights for kappas and AC, and where levels lie for alpha."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Weights = Literal["identity", "linear", "quadratic", "ordinal"]
Metric = Literal["nominal", "ordinal", "interval"]


def spread(places: Sequence[float] | Vector) -> Vector:
    """Where the levels lie, moved and stretched to begin at 0 and end at 1; only their ratios ever count."""
    at = np.asarray(places, dtype=float)
    width = at[-1] - at[0] if len(at) else 0.0
    return np.asarray((at - at[0]) / width if width else np.zeros(len(at)))


def disagreement(kind: Weights, places: Sequence[float] | Vector) -> Matrix:
    """A (q, q) matrix of how far two levels disagree: 0 on the diagonal, 1 for the ends of the scale.

    It is 1 less the agreement weights of Gwet 2014. Identity: 1 off the diagonal; linear: |a-b| / range; quadratic: its
    square; both of the places of the levels, which are their numbers, or their positions where levels are words.
    Ordinal: C(|k-l|+1, 2) / C(q, 2) of the positions k and l, whatever the places.
    """
    q = len(places)
    if kind == "identity" or q < 2:
        return 1 - np.eye(q)
    if kind == "ordinal":
        steps = np.abs(np.subtract.outer(np.arange(q), np.arange(q))).astype(float)
        return np.asarray(steps * (steps + 1) / (q * (q - 1)))
    apart = np.abs(np.subtract.outer(spread(places), spread(places)))
    return np.asarray(apart if kind == "linear" else apart**2)


def further_than_one_step(places: Sequence[float] | Vector) -> Matrix:
    """1 where two levels are more than one step apart, else 0; shape (q, q).

    A step is the least distance between two levels: 1 on a scale of words or whole points, however many are unused.
    """
    at = np.asarray(places, dtype=float)
    if len(at) < 2:
        return np.zeros((len(at), len(at)))
    step = np.diff(at).min()
    return np.asarray(np.abs(np.subtract.outer(at, at)) > step * (1 + 1e-9), dtype=float)


def midranks(totals: NDArray[Any]) -> NDArray[Any]:
    """Where ordered levels lie for alpha, from how often each occurs (shape (q, ...)): the marks below it and half of
    its own, as a share of all.

    The square of the distance of two of them is Krippendorff's ordinal one, (sum of n_g for g = k..l, less half of n_k
    and n_l) squared (Krippendorff 2011), divided by the square of the number of marks.
    """
    below: NDArray[Any] = np.cumsum(totals, axis=0) - totals / 2
    return below / np.where(totals.sum(axis=0).real > 0, totals.sum(axis=0), 1)
