"""Means by form rest on whole cases: paired t where cases are the same, Welch where they are not."""

from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cqa.consistency.trials.case_means import contrast

SHARES = st.sampled_from((0.0, 0.5, 1.0))
CASES = st.dictionaries(st.sampled_from("abcdefghij"), SHARES, min_size=3)


def test_the_same_cases_are_compared_case_by_case_as_in_the_paired_t_test() -> None:
    """Gosset's sleep data (Student 1908, Biometrika 6:1): mean difference 1.58 hours, t = 4.06 with 9 df."""
    drug = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    other = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    parent, variant = ({str(place): value for place, value in enumerate(listed)} for listed in (drug, other))
    found = contrast([parent], [variant], most=100, paired=True).difference
    assert found.value is not None and found.se is not None
    assert (found.value, found.value / found.se) == pytest.approx((1.58, 4.0621), abs=5e-4)
    assert (found.low, found.high, found.p) == pytest.approx((0.7001142, 2.4598858, 0.002833), abs=1e-6)


def test_other_cases_are_two_samples_whose_variances_may_differ() -> None:
    parent, variant = [3.0, 4.0, 1.0, 2.5, 9.0], [5.0, 5.5, 6.0, 5.2]
    found = contrast([dict(zip("abcde", parent, strict=True))], [dict(zip("wxyz", variant, strict=True))],
                     most=100, paired=False)
    told = stats.ttest_ind(variant, parent, equal_var=False)
    spread = told.confidence_interval(0.95)
    assert (found.difference.low, found.difference.high, found.difference.p) == pytest.approx(
        (spread.low, spread.high, told.pvalue))
    assert found.cases == (5, 4)


def test_a_mean_over_questions_leaves_out_a_case_with_all_its_questions() -> None:
    """By hand: with every question answered on every case it is the t test of the cases' own means."""
    parent = [{"a": 0.0, "b": 1.0, "c": 0.5, "d": 1.0}, {"a": 0.0, "b": 0.0, "c": 1.0, "d": 1.0}]
    variant = [{"a": 1.0, "b": 1.0, "c": 0.5, "d": 1.0}, {"a": 0.5, "b": 1.0, "c": 1.0, "d": 0.5}]
    found = contrast(parent, variant, most=1, paired=True)
    apart = [mean((v[case] - p[case]) for p, v in zip(parent, variant, strict=True)) for case in "abcd"]
    assert apart == [0.75, 0.5, 0.0, -0.25]
    assert (found.difference.value, found.difference.se) == pytest.approx((0.25, stdev(apart) / 2))
    assert found.questions == 2


def test_a_case_that_lacks_a_question_changes_the_mean_of_the_others_only() -> None:
    """By hand: differences 1, 0, 0 and 1, 1, 0, 0; means 1/3 and 1/2; leaving out a, b, c, d in turn."""
    nothing = dict.fromkeys("abcd", 0.0)
    found = contrast([dict.fromkeys("abc", 0.0), nothing],
                     [{"a": 1.0, "b": 0.0, "c": 0.0}, {"a": 1.0, "b": 1.0, "c": 0.0, "d": 0.0}], most=1, paired=True)
    without = [(0 + 1 / 3) / 2, (1 / 2 + 1 / 3) / 2, (1 / 2 + 2 / 3) / 2, (1 / 3 + 2 / 3) / 2]
    middle = mean(without)
    assert found.difference.value == pytest.approx((1 / 3 + 1 / 2) / 2)
    assert found.difference.se == pytest.approx((3 / 4 * sum((one - middle) ** 2 for one in without)) ** 0.5)


@pytest.mark.parametrize("paired", [True, False])
def test_two_cases_are_too_few_and_that_is_said(paired: bool) -> None:
    found = contrast([{"a": 1.0, "b": 0.0}], [{"a": 1.0, "b": 1.0, "c": 1.0}], most=1, paired=paired)
    assert (found.parent, found.variant, found.difference.value, found.questions) == (None, None, None, 0)
    assert found.difference.why.startswith("too few: 2 cases under") and "3 are needed" in found.difference.why


def test_cases_that_all_say_the_same_give_no_interval() -> None:
    found = contrast([dict.fromkeys("abc", 0.0)], [dict.fromkeys("abc", 1.0)], most=1, paired=True).difference
    assert (found.value, found.se, found.low, found.p) == (1.0, None, None, None)
    assert "all cases say the same" in found.why


@given(CASES, CASES, st.booleans())
def test_the_forms_exchanged_turn_the_sign(parent: dict[str, float], variant: dict[str, float], paired: bool) -> None:
    one, other = (contrast([first], [second], most=1, paired=paired)
                  for first, second in ((parent, variant), (variant, parent)))
    assert (one.parent, one.variant) == (other.variant, other.parent)
    if one.difference.value is None or other.difference.value is None:
        assert one.difference.value is other.difference.value
        return
    assert one.difference.value == pytest.approx(-other.difference.value)
    if one.difference.low is not None and other.difference.high is not None:
        assert one.difference.low == pytest.approx(-other.difference.high)
        assert one.difference.p == pytest.approx(other.difference.p)
        assert -1 <= one.difference.low <= one.difference.value
