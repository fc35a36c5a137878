"""How sure a figure is: Wilson for shares, a jackknife on the log scale for agreement coefficients."""

from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

from cqa.consistency.agreement import Coefficient, OfCounts, Undefined, percent_of
from cqa.consistency.counts import Ratings, patterns

Z95 = 1.959963984540054


def wilson(successes: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Wilson's interval for a share of `n` (Wilson 1927; Brown, Cai & DasGupta 2001). Raises ValueError for n < 1."""
    if n < 1 or not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share")
    share = successes / n
    middle = share + z * z / (2 * n)
    reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = ((middle + side * reach) / (1 + z * z / n) for side in (-1, 1))
    return (0.0 if successes == 0 else low), (1.0 if successes == n else high)


def jackknife(of_counts: OfCounts, counts: NDArray[np.float64]) -> tuple[float, float]:
    """Value and delete-one-case standard error, one evaluation for each distinct pattern of counts.

    Raises Undefined when the coefficient, or one of its replicates, has no value, or with fewer than two cases.
    """
    rows, often = patterns(counts)
    n = float(often.sum())
    value = of_counts(rows, often)
    if n < 2:
        raise Undefined("a standard error needs two cases")
    replicates = np.array([of_counts(rows, often - one) for one in np.eye(len(rows))])
    mean = float((often * replicates).sum() / n)
    return value, sqrt((n - 1) / n * float((often * (replicates - mean) ** 2).sum()))


def coefficient(name: str, of_counts: OfCounts, ratings: Ratings) -> Coefficient:
    """A coefficient with its default interval: jackknife on log(1 - c), Student's t with n - 1 degrees of freedom.

    Over cases with two marks or more. At c = 1 the jackknife knows no spread: then only a lower bound is given, from
    Wilson on perfect agreement, and `why` says so.
    """
    used = ratings.twice_marked()
    n, reviewers = len(used.marks), len(used.reviewers)
    counts = used.counts
    try:
        value = of_counts(counts, np.ones(n)) if n else of_counts(np.zeros((1, len(used.levels))), np.ones(1))
    except Undefined as undefined:
        return Coefficient(name, None, None, None, None, n, reviewers, f"not defined, because {undefined}")
    if value >= 1 - 1e-12:
        exact = percent_of(counts, np.ones(n))
        low = wilson(n, n)[0] if exact >= 1 - 1e-12 else None
        return Coefficient(name, 1.0, 0.0, low, 1.0, n, reviewers,
                           f"{f'all {n} cases agree' if n > 1 else 'the one case agrees'}: the lower bound is that "
                           "of the share agreeing")
    try:
        value, se = jackknife(of_counts, counts)
    except Undefined as undefined:
        return Coefficient(name, value, None, None, None, n, reviewers, f"no interval, because {undefined}")
    low, high = log_interval(value, se, n)
    return Coefficient(name, value, se, low, high, n, reviewers)


def log_interval(value: float, se: float, n: int) -> tuple[float, float]:
    """The 95% interval on the log(1 - c) scale: 1 - exp(z +- t s) with z = log(1 - c), s = se / (1 - c)."""
    reach = t_quantile(n - 1) * se / (1 - value)
    middle = log(1 - value)
    return 1 - exp(middle + reach), 1 - exp(middle - reach)


def t_quantile(df: int) -> float:
    """The 97.5% quantile of Student's t."""
    from scipy.special import stdtrit  # noqa: PLC0415 - only reports pay for scipy

    return float(stdtrit(df, 0.975))
