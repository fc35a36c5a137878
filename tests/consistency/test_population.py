"""Stratified estimates equal those computed by hand, by brute force and by others; nothing degenerate is printed."""

import random
from itertools import combinations
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cqa.consistency.population import CENSUS, Reach, Record, clopper_pearson, share_of, wilson_effective


def records(*strata: tuple[str, int, int], outside: int = 0) -> list[Record]:
    """For each (name, at the best level, cases), and `outside` more cases in each where nothing applied."""
    made = []
    for name, top, cases in strata:
        made += [Record(name, float(place < top), 1.0) for place in range(cases)]
        made += [Record(name, 0.0, 0.0)] * outside
    return made


def test_a_stratified_share_by_hand() -> None:
    """p = sum W p, var = sum W^2 (1 - f) p (1 - p) / (n - 1) (Cochran 1977, Sampling Techniques, 5.2 and 5.10)."""
    found = share_of(records(("a", 30, 40), ("b", 12, 30)), {"a": 600, "b": 300})
    rate = 600 / 900 * 0.75 + 300 / 900 * 0.4
    variance = (2 / 3) ** 2 * (1 - 40 / 600) * 0.75 * 0.25 / 39 + (1 / 3) ** 2 * (1 - 30 / 300) * 0.4 * 0.6 / 29
    assert found.rate == pytest.approx(rate) and found.se == pytest.approx(sqrt(variance))
    assert (found.cases, found.frame) == (70, 900)
    effective = rate * (1 - rate) / variance
    assert found.effective == pytest.approx(effective)
    assert (found.low, found.high) == pytest.approx(wilson_effective(rate, effective, stats.t.ppf(0.975, 68)))


def test_none_of_seventy_with_weights_of_15_and_10() -> None:
    found = share_of(records(("a", 0, 40), ("b", 0, 30)), {"a": 600, "b": 300})
    assert (found.rate, found.low, found.se) == (0.0, 0.0, None)
    assert found.effective == pytest.approx(67.5) and found.high == pytest.approx(0.053, abs=5e-4)
    all_met = share_of(records(("a", 40, 40), ("b", 30, 30)), {"a": 600, "b": 300})
    assert all_met.high == 1.0 and all_met.low == pytest.approx(1 - (found.high or 0))


def test_wilson_is_newcombes() -> None:
    """Newcombe 1998, Statistics in Medicine 17:857, table I, method 3: 81 of 263 and 15 of 148."""
    z = stats.norm.ppf(0.975)
    assert wilson_effective(81 / 263, 263, z) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_effective(15 / 148, 148, z) == pytest.approx((0.0624, 0.1605), abs=5e-5)


def test_clopper_pearson_is_newcombes() -> None:
    """Newcombe 1998, table I, method 5, and the whole numbers of scipy."""
    assert clopper_pearson(81 / 263, 263) == pytest.approx((0.2527, 0.3676), abs=5e-5)
    assert clopper_pearson(15 / 148, 148) == pytest.approx((0.0578, 0.1617), abs=5e-5)
    exact = stats.binomtest(3, 20).proportion_ci(method="exact")
    assert clopper_pearson(3 / 20, 20) == pytest.approx((exact.low, exact.high))


def test_korn_and_graubard_is_wider_than_wilson() -> None:
    drawn = records(("a", 3, 40), ("b", 2, 30))
    wilson = share_of(drawn, {"a": 600, "b": 300})
    exact = share_of(drawn, {"a": 600, "b": 300}, Reach(interval="korn-graubard"))
    assert exact.rate == wilson.rate and exact.low is not None and wilson.low is not None
    assert exact.low < wilson.low and (exact.high or 0) > (wilson.high or 0)


API = {"E": 4421, "H": 755, "M": 1018}
"""California's schools by type, as the data `apistrat` of R's package survey has them (Lumley 2010): of 100, 50 and 50
schools drawn, how many won an award, and how many of those that could win one."""


def drawn_schools() -> list[Record]:
    return records(("E", 73, 100), ("H", 16, 50), ("M", 24, 50))


def test_stratified_shares_are_those_of_r_survey() -> None:
    """R 4.2.2, survey 4.1.1: svymean(~I(awards == "Yes")) and svyciprop(method = "beta"), with and without fpc. The
    weights that come with the data are rounded to two places, so the figures agree to eight."""
    cases = share_of(drawn_schools(), API, Reach(interval="korn-graubard"))
    process = share_of(drawn_schools(), API, Reach(about="process", interval="korn-graubard"))
    assert cases.rate == pytest.approx(0.6389360641, abs=1e-8) and cases.se == pytest.approx(0.034405918, abs=1e-8)
    assert process.se == pytest.approx(0.03489751778, abs=1e-8)
    assert cases.low == pytest.approx(0.5672187015, abs=1e-8) and cases.high == pytest.approx(0.706354783, abs=1e-8)
    assert process.low == pytest.approx(0.5661379384, abs=1e-8)
    assert process.high == pytest.approx(0.7073098986, abs=1e-8)


def test_a_share_among_applicable_cases_is_the_domain_of_r_survey() -> None:
    """R 4.2.2, survey 4.1.1: svymean(~I(awards == "Yes"), subset(design, comp.imp == "Yes"))."""
    drawn = [*records(("E", 73, 75), ("H", 16, 17), ("M", 24, 24)),
             *(Record(name, 0.0, 0.0) for name, cases in (("E", 25), ("H", 33), ("M", 26)) for _ in range(cases))]
    found = share_of(drawn, API)
    assert found.rate == pytest.approx(0.97450930667, abs=1e-8)
    assert found.se == pytest.approx(0.01550878284, abs=1e-8)


def test_about_the_process_there_is_no_correction() -> None:
    drawn, sizes = records(("a", 15, 20)), {"a": 25}
    cases, process = share_of(drawn, sizes), share_of(drawn, sizes, Reach(about="process"))
    assert process.se == pytest.approx(sqrt(0.75 * 0.25 / 19)) and cases.se == pytest.approx(
        sqrt(0.2 * 0.75 * 0.25 / 19))


def test_a_stratum_looked_at_in_full_adds_no_sampling_error() -> None:
    found = share_of(records(("a", 3, 5), ("b", 10, 20)), {"a": 5, "b": 100})
    assert found.se == pytest.approx(100 / 105 * sqrt(0.8 * 0.25 / 19))
    alone = share_of(records(("a", 1, 1), ("b", 10, 20)), {"a": 1, "b": 100})
    assert alone.se is not None
    census = share_of(records(("a", 3, 5)), {"a": 5})
    assert (census.low, census.high) == (0.6, 0.6) and census.note == CENSUS


def test_one_case_in_a_stratum_gives_no_interval_and_says_so() -> None:
    found = share_of(records(("a", 1, 1), ("b", 10, 20)), {"a": 9, "b": 100})
    assert found.rate is not None and (found.se, found.low, found.high) == (None, None, None)
    assert found.why == "no interval, because only one case was looked at in 'a'"


def test_strata_without_a_case_are_named() -> None:
    found = share_of(records(("a", 4, 10)), {"a": 50, "b": 70})
    assert found.frame == 50 and found.note == "says nothing of 'b', where no case was looked at"
    assert share_of(records(("a", 0, 0), outside=4), {"a": 50}).why == "no marks on the scale"


def test_cases_to_which_nothing_applies_stay_in_the_design() -> None:
    """Dropping them first would understate or overstate the error: they tell how many the share is of."""
    kept = share_of(records(("a", 10, 20), ("b", 18, 20), outside=10), {"a": 900, "b": 300}, Reach(about="process"))
    dropped = share_of(records(("a", 10, 20), ("b", 18, 20)), {"a": 900, "b": 300}, Reach(about="process"))
    assert kept.rate == pytest.approx(dropped.rate) and kept.se != pytest.approx(dropped.se, rel=1e-3)
    assert kept.cases == 40


def test_where_all_strata_are_alike_within_no_zero_width_is_given() -> None:
    found = share_of(records(("a", 20, 20), ("b", 0, 20)), {"a": 100, "b": 100})
    assert found.rate == 0.5 and found.se is None and found.low is not None and found.high is not None
    assert found.high - found.low > 0.2


def naive(drawn: list[Record], sizes: dict[str, int]) -> tuple[float, float]:
    """The same from the textbook's sums, case by case: domain totals and the variance of the ratio."""
    top = asked = 0.0
    for name, size in sizes.items():
        inside = [one for one in drawn if one.stratum == name]
        top += size * sum(one.top for one in inside) / len(inside)
        asked += size * sum(one.asked for one in inside) / len(inside)
    rate, variance = top / asked, 0.0
    for name, size in sizes.items():
        values = [one.top - rate * one.asked for one in drawn if one.stratum == name]
        n, mean = len(values), sum(values) / len(values)
        spread = sum((value - mean) ** 2 for value in values) / (n - 1)
        variance += size**2 * (1 - n / size) * spread / n
    return rate, sqrt(variance) / asked


@settings(max_examples=60)
@given(st.integers(0, 100_000))
def test_any_design_equals_the_textbooks_sums(seed: int) -> None:
    rng = random.Random(seed)
    sizes = {f"s{number}": rng.randint(15, 400) for number in range(rng.randint(1, 4))}
    drawn = [Record(name, float(rng.randint(0, asked)), float(asked))
             for name in sizes for _ in range(rng.randint(2, 14)) for asked in (rng.choice((0, 1, 3)),)]
    found = share_of(drawn, sizes)
    if found.se is None:
        assert found.rate in (None, 0.0, 1.0) or found.effective is not None
        return
    rate, se = naive(drawn, sizes)
    assert found.rate == pytest.approx(rate) and found.se == pytest.approx(se, abs=1e-9)
    assert found.low is not None and found.high is not None and 0 <= found.low <= rate <= found.high <= 1


def test_the_mean_over_every_possible_sample_is_the_populations_and_so_is_the_variance() -> None:
    """Brute force over all 10 x 10 stratified samples of 3 of 5 and 2 of 5: unbiased estimate, unbiased variance."""
    population = {"a": [1, 1, 0, 1, 0], "b": [0, 0, 1, 0, 0]}
    rates, variances = [], []
    for first in combinations(population["a"], 3):
        for second in combinations(population["b"], 2):
            drawn = [Record("a", float(one), 1.0) for one in first] + [Record("b", float(one), 1.0) for one in second]
            found = share_of(drawn, {"a": 5, "b": 5})
            rates.append(found.rate or 0.0)
            variances.append(found.se**2 if found.se is not None else 0.0)
    assert float(np.mean(rates)) == pytest.approx(0.4)
    # Samples in which both strata are all alike within have no standard error: there the variance is 0.
    assert float(np.mean(variances)) == pytest.approx(float(np.var(rates)))


def test_unequal_weights_within_a_stratum_are_used() -> None:
    drawn = [Record("a", 1.0, 1.0, 10.0), Record("a", 0.0, 1.0, 30.0), Record("a", 1.0, 1.0, 10.0)]
    found = share_of(drawn, {"a": 50})
    assert found.rate == pytest.approx(0.4)
    parts = np.array([10 * 0.6, 30 * -0.4, 10 * 0.6]) / 50
    assert found.se == pytest.approx(sqrt(3 / 2 * float((parts**2).sum())))
