"""Control limits of a funnel, against the binomial distribution summed in whole numbers."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.consistency.control_limits import P_95, P_998, limits_at


def exact_limit(number: int, mean: Fraction, p: Fraction) -> float:
    """Spiegelhalter (2005), A.1.1: r - (P(R <= r) - p) / (P(R <= r) - P(R <= r - 1)), over `number`."""
    upto = Fraction(0)
    for count in range(number + 1):
        share = comb(number, count) * mean**count * (1 - mean) ** (number - count)
        upto += share
        if upto > p:
            return float((count - (upto - p) / share) / number)
    raise AssertionError("the distribution does not add up")


def held(share: float) -> float:
    return min(1.0, max(0.0, share))


@pytest.mark.parametrize("number", [1, 2, 5, 12, 40, 173])
@pytest.mark.parametrize("mean", [Fraction(1, 20), Fraction(1, 2), Fraction(4, 5), Fraction(19, 20)])
@pytest.mark.parametrize("tail", [Fraction(1, 40), Fraction(1, 1000)])
def test_limits_are_those_of_the_exact_binomial(number: int, mean: Fraction, tail: Fraction) -> None:
    low, high = limits_at(number, float(mean), float(tail))
    assert low == pytest.approx(held(exact_limit(number, mean, tail)), abs=1e-9)
    assert high == pytest.approx(held(exact_limit(number, mean, 1 - tail)), abs=1e-9)


@given(st.floats(1, 5000), st.floats(0, 1))
def test_limits_hold_the_mean_and_the_wider_hold_the_narrower(size: float, mean: float) -> None:
    low, high = limits_at(size, mean, P_95)
    lowest, highest = limits_at(size, mean, P_998)
    assert 0 <= lowest <= low <= high <= highest <= 1
    assert low - 1 / size <= mean <= high + 1 / size


def test_large_sizes_come_near_the_normal_limits() -> None:
    low, high = limits_at(4000, 0.8, P_95)
    reach = 1.959964 * (0.8 * 0.2 / 4000) ** 0.5
    assert low == pytest.approx(0.8 - reach, abs=3e-4)
    assert high == pytest.approx(0.8 + reach, abs=3e-4)


def test_no_size_has_no_limits() -> None:
    with pytest.raises(ValueError, match="no limits"):
        limits_at(0.5, 0.5, P_95)
    assert limits_at(10, 1.0, P_95) == (1.0, 1.0)
