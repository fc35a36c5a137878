"""Intervals: Wilson as published, the jackknife as deleting one case after the other gives it."""

from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cqa.consistency.agreement import OfCounts, Undefined, ac_of, alpha_of, percent_of
from cqa.consistency.counts import Ratings
from cqa.consistency.intervals import coefficient, jackknife, log_interval, wilson


@pytest.mark.parametrize(("successes", "n", "low", "high"), [
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)])
def test_wilson_is_newcombes_method_three(successes: int, n: int, low: float, high: float) -> None:
    # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_the_share_whose_score_test_just_fails(case: tuple[int, int]) -> None:
    successes, n = case
    expected = stats.binomtest(successes, n).proportion_ci(method="wilson")
    assert wilson(successes, n) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_wilson_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError):
        wilson(0, 0)


MARKS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(-1, 2)), min_size=3, max_size=15)


@given(MARKS, st.sampled_from([percent_of, ac_of("ordinal"), alpha_of("ordinal")]))
def test_the_jackknife_by_patterns_is_the_jackknife_case_by_case(
    marks: list[tuple[int, int, int]], figure: OfCounts
) -> None:
    counts = Ratings(tuple("abc"), tuple("xyz"), np.array(marks, dtype=np.int64)).counts
    n = len(counts)
    try:
        slow = [figure(np.delete(counts, case, axis=0), np.ones(n - 1)) for case in range(n)]
        value, se = jackknife(figure, counts)
    except Undefined:
        return
    assert value == pytest.approx(figure(counts, np.ones(n)))
    assert se == pytest.approx(sqrt((n - 1) / n * sum((one - sum(slow) / n) ** 2 for one in slow)), abs=1e-12)


def test_the_log_interval_is_the_formula() -> None:
    reach = stats.t.ppf(0.975, 19) * 0.05 / 0.2
    assert log_interval(0.8, 0.05, 20) == pytest.approx((1 - np.exp(log(0.2) + reach), 1 - np.exp(log(0.2) - reach)))


def ratings(marks: list[tuple[int, int]]) -> Ratings:
    return Ratings(tuple("abc"), ("x", "y"), np.array(marks, dtype=np.int64).reshape(-1, 2))


def test_perfect_agreement_gives_a_lower_bound_only_and_says_so() -> None:
    found = coefficient("AC2", ac_of("ordinal"), ratings([(2, 2)] * 30 + [(0, 0)] * 5))
    assert found.value == 1 and found.high == 1 and found.low == pytest.approx(wilson(35, 35)[0]) and found.why


def test_what_is_undefined_has_no_figures_and_a_reason() -> None:
    for marks in ([], [(2, 2)] * 30):
        found = coefficient("alpha", alpha_of("ordinal"), ratings(marks))
        assert (found.value, found.se, found.low, found.high) == (None, None, None, None)
        assert found.why.startswith("not defined, because")


def test_one_case_gives_a_value_and_no_interval() -> None:
    found = coefficient("AC2", ac_of("ordinal"), ratings([(0, 2)]))
    assert found.value is not None and found.low is None and "two cases" in found.why


@pytest.mark.parametrize("share", [0.6, 0.8])
def test_the_interval_covers_the_truth_about_as_often_as_it_says(share: float) -> None:
    # 400 samples of 40 cases. Two reviewers who agree with probability p on two even levels have an AC1 of 2p - 1.
    rng = np.random.default_rng(5)
    inside = 0
    for _ in range(400):
        first = rng.integers(0, 2, 40)
        second = np.where(rng.random(40) < share, first, 1 - first)
        marked = Ratings(("a", "b"), ("x", "y"), np.stack([first, second], axis=1))
        found = coefficient("AC1", ac_of("identity"), marked)
        inside += found.low is not None and found.high is not None and found.low <= 2 * share - 1 <= found.high
    assert 0.92 <= inside / 400 <= 0.98
