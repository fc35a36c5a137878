"""How sure a figure is: Wilson for shares; jackknife on the log scale, bootstrap, BCa or Student's t for others."""

from math import exp, isfinite, log, sqrt

import numpy as np

from cqa.consistency.weights import Vector

Z95 = 1.959963984540054
_LARGEST = 700.0
"""Beyond this exp is no number any more."""
MOST_UNDEFINED = 0.02
"""A bootstrap interval is refused when the coefficient is undefined in a larger share of the replicates."""


class NoInterval(Exception):
    """There is a value and no interval of it; the message is the reason in words, to follow 'because'."""


def wilson(successes: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Wilson's interval for a share of `n` (Wilson 1927; Brown, Cai & DasGupta 2001). Raises ValueError for n < 1."""
    if n < 1 or not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share")
    share = successes / n
    middle = share + z * z / (2 * n)
    reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = ((middle + side * reach) / (1 + z * z / n) for side in (-1, 1))
    return (0.0 if successes == 0 else low), (1.0 if successes == n else high)


def log_interval(value: float, se: float, n: int) -> tuple[float, float]:
    """The 95% interval on the log(1 - c) scale: 1 - exp(z +- t s) with z = log(1 - c), s = se / (1 - c), and n - 1
    degrees of freedom (Hughes 2022)."""
    reach = t_quantile(n - 1) * se / (1 - value)
    middle = log(1 - value)
    return 1 - exp(min(middle + reach, _LARGEST)), 1 - exp(middle - reach)


def t_interval(value: float, se: float, n: int) -> tuple[float, float]:
    """Gwet's symmetric 95% interval, with n - 1 degrees of freedom and never above 1 (Gwet 2014)."""
    reach = t_quantile(n - 1) * se
    return value - reach, min(1.0, value + reach)


def t_quantile(df: int) -> float:
    """The 97.5% quantile of Student's t."""
    from scipy.special import stdtrit  # noqa: PLC0415 - only reports pay for scipy

    return float(stdtrit(df, 0.975))


def defined_replicates(replicates: Vector) -> Vector:
    """The replicates that are defined. Raises NoInterval when more than 2% are not, or there are none."""
    if not len(replicates):
        raise NoInterval("no replicates were asked for")
    kept: Vector = replicates[np.isfinite(replicates)]
    lost = len(replicates) - len(kept)
    if lost > MOST_UNDEFINED * len(replicates) or len(kept) < 2:
        raise NoInterval(f"it is not defined in {lost} of {len(replicates)} resampled sets of cases")
    return kept


def percentile_interval(replicates: Vector) -> tuple[float, float]:
    """The middle 95% of the defined replicates (Efron 1979). Raises NoInterval."""
    low, high = np.quantile(defined_replicates(replicates), (0.025, 0.975))
    return float(low), float(high)


def bca_interval(value: float, replicates: Vector, acceleration: float) -> tuple[float, float]:
    """Efron's bias-corrected and accelerated interval (Efron 1987), replicates equal to the value counted half.

    Raises NoInterval also where all replicates lie on one side of the value.
    """
    from scipy.special import ndtr, ndtri  # noqa: PLC0415 - only reports pay for scipy

    kept = defined_replicates(replicates)
    below = (np.count_nonzero(kept < value - 1e-12) + np.count_nonzero(kept <= value + 1e-12)) / 2 / len(kept)
    shift = float(ndtri(below))
    if not isfinite(shift) or not isfinite(acceleration):
        raise NoInterval("all resampled sets of cases lie on one side of the value")
    moved = [shift + z for z in (-Z95, Z95)]
    if any(acceleration * one >= 1 for one in moved):
        raise NoInterval("the coefficient is too skewed for it")
    low, high = np.quantile(kept, [float(ndtr(shift + one / (1 - acceleration * one))) for one in moved])
    return float(low), float(high)
