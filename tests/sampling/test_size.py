"""Sample sizes are the published ones, agree with counting and with scipy, and owe nothing to binary floats."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from scipy.stats import binom, hypergeom, norm

from cqa.errors import WrongUse
from cqa.sampling.size import (
    MOST,
    ToMeasure,
    ToShow,
    chance_of_finding,
    chance_of_misranking,
    percent,
    quantile,
    size_to_measure,
    size_to_show,
)


def exact(text: str) -> Fraction:
    return Fraction(text.removesuffix("%")) / (100 if text.endswith("%") else 1)


def to_show(tolerable: str, confidence: str = "95%", population: int | None = None, *, allowed: int = 0,
            expected: str = "0") -> tuple[int, int | None]:
    size = size_to_show(ToShow(exact(tolerable), exact(confidence), population, allowed, exact(expected)))
    return size.n, size.allowed


@pytest.mark.parametrize(("tolerable", "population", "allowed", "n"), [
    ("5%", None, 0, 59),  # AICPA, Audit Sampling, table A-1
    ("5%", 1_000, 0, 57), ("5%", 10_000, 0, 59), ("1%", None, 0, 299), ("1%", 1_000, 0, 258),  # jfa's tests, R's phyper
    ("5%", 1_000, 2, 119), ("5%", None, 2, 124),
    ("5%", 20, 0, 19),  # one failing case of twenty
])
def test_sizes_to_show_are_the_published_ones(tolerable: str, population: int | None, allowed: int, n: int) -> None:
    assert to_show(tolerable, population=population, allowed=allowed) == (n, allowed)


def test_an_expected_rate_allows_as_many_as_table_a_1_does() -> None:
    assert to_show("5%", expected="2.5%") == (234, 6)


@pytest.mark.parametrize(("size", "right"), [
    (lambda: to_show("6%", population=1_000), (48, 0)),  # binary floats make 61 of the 60 bad cases, and say 47
    (lambda: to_show("6%", population=100), (39, 0)),  # ... 7 of the 6, and say 34
    (lambda: to_show("7%", population=100), (34, 0)),  # ... ceil(0.07 * 100) = 8, and say 31
    (lambda: to_show("5%", "90%", expected="3.5%"), (400, 14)),  # ... ceil(14.000000000000002), and say 423
    (lambda: to_show("8%", "90%", expected="7%"), (1300, 91)),  # ... 1313
])
def test_shares_are_what_was_typed_and_not_their_nearest_floats(
    size: Callable[[], tuple[int, int | None]], right: tuple[int, int | None]
) -> None:
    assert size() == right


@pytest.mark.parametrize(("population", "n"), [(500, 218), (1_000, 278), (10_000, 370), (None, 385), (1, 1)])
def test_sizes_to_measure_are_cochrans_rounded_up(population: int | None, n: int) -> None:
    assert size_to_measure(ToMeasure(exact("5%"), exact("95%"), population)).n == n


@pytest.mark.parametrize(("question", "n"), [
    (ToShow(exact("50%"), exact("75%")), 2), (ToShow(exact("50%"), exact("99.90234375%")), 10),
    (ToShow(exact("0.00025%"), exact("95%"), 400_000), 380_000), (ToShow(exact("50%"), exact("50%"), 4, 1), 3),
])
def test_a_chance_equal_to_the_risk_is_enough(question: ToShow, n: int) -> None:
    assert size_to_show(question).n == n


def counted(question: ToShow, n: int, allowed: int) -> Fraction:
    """P(X <= allowed) by counting, term by term in the textbook's form."""
    if question.population is None:
        p = question.tolerable
        return sum((comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(min(allowed, n) + 1)), Fraction(0))
    bad = ceil(question.tolerable * question.population)
    ways = sum(comb(bad, i) * comb(question.population - bad, n - i) for i in range(min(allowed, n) + 1))
    return Fraction(ways, comb(question.population, n))


PERCENT = st.integers(1, 99).map(lambda whole: Fraction(whole, 100))
SMALL = st.builds(ToShow, st.integers(10, 99).map(lambda whole: Fraction(whole, 100)), PERCENT,
                  st.none() | st.integers(1, 60), st.integers(0, 4))


@given(SMALL, PERCENT | st.just(Fraction(0)))
@examples(max_examples=400)
def test_the_size_is_the_first_that_counting_finds(question: ToShow, expected: Fraction) -> None:
    if expected * 3 < question.tolerable * 2:  # nearer to it, a size would take too long to count
        question = replace(question, expected=expected)
    rate = question.expected

    def enough(n: int) -> bool:
        return counted(question, n, ceil(rate * n) if rate else question.allowed) <= 1 - question.confidence

    size = size_to_show(question)
    first = next((n for n in range(1, (question.population or 3_000) + 1) if enough(n)), question.population)
    assert size.n == first and size.census == (size.n == question.population)
    assert size.census or size.allowed == (ceil(rate * size.n) if rate else question.allowed)


LARGE = st.builds(ToShow, st.integers(5, 300).map(lambda per_mille: Fraction(per_mille, 1000)),
                  st.integers(50, 99).map(lambda whole: Fraction(whole, 100)), st.none() | st.integers(500, 10**6),
                  st.integers(0, 30))


@given(LARGE)
@examples(max_examples=150)
def test_scipy_finds_the_size_enough_and_one_case_less_too_few(question: ToShow) -> None:
    size, risk = size_to_show(question), float(1 - question.confidence)

    def chance(n: int) -> float:
        if question.population is None:
            return float(binom.cdf(question.allowed, n, float(question.tolerable)))
        bad = ceil(question.tolerable * question.population)
        return float(hypergeom.cdf(question.allowed, question.population, bad, n))

    assert size.census or chance(size.n) <= risk + 1e-9
    assert size.census or chance(size.n - 1) > risk - 1e-9


@given(LARGE, st.integers(1, 60))
@examples(max_examples=40)
def test_with_an_expected_rate_scipy_finds_every_smaller_size_too_few(question: ToShow, part: int) -> None:
    expected, risk = question.tolerable * part / 100, float(1 - question.confidence)
    size = size_to_show(ToShow(question.tolerable, question.confidence, None, 0, expected))
    sizes = range(1, size.n + 1)
    *smaller, chance = np.atleast_1d(
        binom.cdf([ceil(expected * n) for n in sizes], list(sizes), float(question.tolerable)))
    assert size.allowed == ceil(expected * size.n)
    assert chance <= risk + 1e-9 and all(too_few > risk - 1e-9 for too_few in smaller)


def test_where_no_sample_will_do_every_case_is_looked_at_and_fewer_may_fail_than_are_bad() -> None:
    size = size_to_show(ToShow(exact("5%"), exact("95%"), 40, allowed=2))
    assert (size.n, size.allowed, size.census) == (40, 1, True) and size.method.startswith("Census")
    assert to_show("1%", population=10, expected="0.1%") == (10, 0)


def test_a_rate_that_uses_up_every_good_case_is_still_counted() -> None:
    assert to_show("60%", population=13, expected="50%") == (12, 6)


@pytest.mark.parametrize("question", [
    ToShow(exact("0.0001%"), exact("95%")), ToShow(exact("5%"), exact("95%"), None, 10**15),
    ToShow(exact("99.9999999%"), exact("95%"), None, 0, exact("99.9999998%")), ToShow(exact("5%"), exact("95%"), 10**15,
                                                                                     MOST),
])
def test_more_cases_than_anyone_looks_at_are_refused_and_not_searched_for(question: ToShow) -> None:
    with pytest.raises(WrongUse, match=f"{MOST:,}"):
        size_to_show(question)


def normal_tail(z: Fraction) -> Decimal:
    """P(Z > z) at 60 digits: Abramowitz and Stegun 26.2.11, with Machin's pi."""
    with localcontext() as context:
        context.prec = 60

        def arctan(of: int) -> Decimal:
            return sum((Decimal((-1) ** k) / ((2 * k + 1) * of ** (2 * k + 1)) for k in range(50)), Decimal(0))

        x = Decimal(z.numerator) / z.denominator
        term, total = x, Decimal(0)
        for k in range(1, 600):
            total, term = total + term, term * x * x / (2 * k + 1)
        pi = 4 * (4 * arctan(5) - arctan(239))
        return Decimal("0.5") - total * (-x * x / 2).exp() / (2 * pi).sqrt()


@given(st.integers(1, 10**6 - 1).map(lambda part: Fraction(part, 10**6))
       | st.integers(2, 15).map(lambda nines: 1 - Fraction(1, 10**nines)))
def test_z_is_never_below_the_true_quantile_and_hardly_above(confidence: Fraction) -> None:
    wanted = (1 - confidence) / 2
    tail = Decimal(wanted.numerator) / wanted.denominator
    z = quantile(confidence)
    assert normal_tail(z) <= tail <= normal_tail(z - Fraction(2, 10**14))


@given(PERCENT, st.integers(50, 99).map(lambda whole: Fraction(whole, 100)), st.none() | st.integers(1, 10**6), PERCENT)
def test_rounding_up_is_what_floats_say_wherever_they_are_sure(
    margin: Fraction, confidence: Fraction, population: int | None, expected: Fraction
) -> None:
    plain = float(norm.ppf(float((1 + confidence) / 2))) ** 2 * float(expected * (1 - expected) / margin**2)
    corrected = plain if population is None else plain / (1 + (plain - 1) / population)
    size = size_to_measure(ToMeasure(margin, confidence, population, expected))
    assert corrected - 1e-7 <= size.n < corrected + 1 + 1e-7
    assert population is None or size.n <= population


def test_ten_cases_of_a_unit_find_what_the_design_says_they_find() -> None:
    found = [round(float(chance_of_finding(exact(share), n)), 2)
             for share, n in (("10%", 10), ("20%", 10), ("5%", 10), ("10%", 20))]
    assert found == [0.65, 0.89, 0.40, 0.88]


@given(PERCENT, PERCENT, st.integers(1, 25))
def test_the_chance_of_misranking_is_what_scipy_sums(one: Fraction, other: Fraction, n: int) -> None:
    better, worse = sorted((one, other))
    summed = sum(binom.pmf(k, n, float(better)) * binom.cdf(k, n, float(worse)) for k in range(n + 1))
    assert float(chance_of_misranking(better, worse, n)) == pytest.approx(float(summed))


@pytest.mark.parametrize("text", ["5%", "2.5%", "10%", "0.035%", "99.999999999999999%"])
def test_a_share_is_shown_as_it_was_typed(text: str) -> None:
    assert percent(exact(text)) == text
