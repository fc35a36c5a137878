"""What measures are in the long run: the published normal distribution, and the figures of a simulation done apart."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from cqa.consistency.trials.expected import (
    ScaleUse,
    correlation_for,
    in_the_long_run,
    joint,
    mean_in_the_long_run,
    skewed,
)
from cqa.sampling.trial import MEASURES, Measure

EVEN, SKEW, HIGH = (0.10, 0.15, 0.25, 0.50), (0.04, 0.06, 0.10, 0.80), (0.02, 0.03, 0.05, 0.90)


@pytest.mark.parametrize("alike", [0.0, 0.3, 0.75, 0.95, 0.9999])
def test_two_marks_fall_as_scipys_bivariate_normal_says(alike: float) -> None:
    found = joint(SKEW, alike)
    cuts = [-8.0, *norm.ppf(np.cumsum(SKEW)[:-1]), 8.0]
    below = np.array([[multivariate_normal.cdf([one, other], cov=[[1, alike], [alike, 1]], abseps=1e-9)
                       for other in cuts] for one in cuts])
    assert found == pytest.approx(np.diff(np.diff(below, axis=0), axis=1), abs=1e-5)
    assert found.sum(axis=0) == pytest.approx(SKEW)


@pytest.mark.parametrize(("shares", "exact", "alpha", "ac2"), [
    (EVEN, 0.57, 0.63, 0.74), (SKEW, 0.77, 0.52, 0.90), (HIGH, 0.87, 0.46, 0.95)])
def test_measures_are_those_of_a_simulation_with_an_error_of_six_tenths(
    shares: tuple[float, ...], exact: float, alpha: float, ac2: float
) -> None:
    # Eight thousand replicates of quality N(0, 1) seen with an error of sd 0.6 by each of two reviewers.
    alike = 1 / (1 + 0.6**2)
    found = [in_the_long_run(name, shares, alike) for name in ("exact", "alpha", "ac2")]
    assert found == pytest.approx([exact, alpha, ac2], abs=0.006)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_correlation_for_a_value_gives_the_value(measure: Measure) -> None:
    scales = (skewed(5, 2), skewed(20, 4))
    value = mean_in_the_long_run(measure, scales, 0.62)
    assert correlation_for(measure, scales, value) == pytest.approx(0.62)
    assert correlation_for(measure, scales, 1.01) is None and correlation_for(measure, scales, -0.5) is None


def test_marks_all_at_one_level_agree_by_no_alpha() -> None:
    assert correlation_for("alpha", (ScaleUse(3, (0.0, 1.0)),), 0.6) is None


def test_skewed_marks_crowd_at_the_top() -> None:
    assert skewed(1, 3).shares == pytest.approx((0.09, 0.18, 0.73)) and skewed(1, 2, 0.9).shares == pytest.approx((
        0.1, 0.9))
