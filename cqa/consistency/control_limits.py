"""Between which rates a unit of a given size would lie by chance alone: the control limits of a funnel plot."""

from math import floor

from scipy.special import bdtr

P_95, P_998 = 0.025, 0.001
"""What lies outside on each side of limits that hold 95% of units, and 99.8%."""


def limits_at(size: float, mean: float, tail: float) -> tuple[float, float]:
    """The rates with `tail` of the binomial distribution below and above, at `size` (rounded down) and rate `mean`.

    Exact and interpolated between counts (Spiegelhalter 2005, Statistics in Medicine 24:1185, appendix A.1.1), kept in
    0 to 1. No allowance for overdispersion. Raises ValueError for a size under 1 or a mean outside 0 to 1.
    """
    number = floor(size)
    if number < 1 or not 0 <= mean <= 1:
        raise ValueError(f"no limits for a rate of {mean} at size {size}")
    if mean in (0, 1):
        return mean, mean
    low, high = _quantile(number, mean, tail), _quantile(number, mean, 1 - tail)
    return min(1.0, max(0.0, low / number)), min(1.0, max(0.0, high / number))


def _quantile(number: int, mean: float, p: float) -> float:
    """The count below which a share `p` lies, interpolated: r is the least count with P(R <= r) > p."""
    least, most = 0, number
    while least < most:
        middle = (least + most) // 2
        if bdtr(middle, number, mean) > p:
            most = middle
        else:
            least = middle + 1
    upto = float(bdtr(least, number, mean))
    before = float(bdtr(least - 1, number, mean)) if least else 0.0
    return least - (upto - p) / (upto - before) if upto > before else float(least)
