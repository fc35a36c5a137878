"""How near two levels are: agreement weights for kappas and AC, distances for alpha."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Weights = Literal["identity", "linear", "quadratic", "ordinal"]
Metric = Literal["nominal", "ordinal", "interval"]


def agreement_weights(kind: Weights, q: int) -> Matrix:
    """A (q, q) matrix of agreement between levels, 1 on the diagonal.

    Ordinal (Gwet 2014): 1 - C(|k-l|+1, 2) / C(q, 2); linear: 1 - |k-l| / (q-1); quadratic: its square's.
    """
    apart = np.abs(np.subtract.outer(np.arange(q), np.arange(q))).astype(float)
    if kind == "identity" or q < 2:
        return np.eye(q)
    if kind == "linear":
        return 1 - apart / (q - 1)
    if kind == "quadratic":
        return 1 - (apart / (q - 1)) ** 2
    return np.where(apart > 0, 1 - (apart + 1) * apart / (q * (q - 1)), 1.0)


def distances(metric: Metric, totals: NDArray[np.float64]) -> Matrix:
    """Krippendorff's squared distances between levels, given how often each level occurs in all (shape (q,)).

    Ordinal: (sum of n_g for g = k..l, less half of n_k and n_l) squared (Krippendorff 2011). Interval: (k-l) squared.
    """
    q = len(totals)
    steps = np.arange(q)
    if metric == "nominal":
        return 1 - np.eye(q)
    if metric == "interval":
        return np.subtract.outer(steps, steps).astype(float) ** 2
    upto = np.cumsum(totals) - totals / 2
    return np.subtract.outer(upto, upto) ** 2
