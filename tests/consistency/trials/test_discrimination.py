"""A form tells cases apart where they differ more than the markers of one case do; held to published values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.consistency.severity import Estimate
from cqa.consistency.trials.data import PARENT, VARIANT, Assessed
from cqa.consistency.trials.discrimination import (
    FormDiscrimination,
    correlation,
    discrimination_of,
    discrimination_tables,
    intraclass,
)
from tests.consistency.trials.made import marked, trial_data

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
"""Shrout and Fleiss 1979, table 2: six targets, four judges."""
VALUES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=5, max_size=12)


def scored(parent: list[tuple[float, float]], variant: list[tuple[float, float]]) -> list[Assessed]:
    """Cases with the scores of their two markers under each form, 0 to 1."""
    return [marked(form, f"C{number}", who, {}, turn=turn, score=score, band="Meets" if score > 0.5 else "Below")
            for form, pairs, people in ((PARENT, parent, ("ann", "bob")), (VARIANT, variant, ("cy", "dee")))
            for number, pair in enumerate(pairs)
            for who, turn, score in zip(people, ("first", "second"), pair, strict=True)]


def test_the_share_between_cases_is_that_of_shrout_and_fleiss() -> None:
    """Their table 4 gives ICC(1,1) = .17; the interval -.13 to .72 is that of R's psych::ICC on the same data."""
    found = intraclass(SHROUT_FLEISS)
    assert found.value == pytest.approx(0.17, abs=0.005)
    assert (found.low, found.high) == pytest.approx((-0.133, 0.723), abs=5e-4)


@given(VALUES)
def test_of_two_markers_it_is_fishers_intraclass_correlation_of_pairs_entered_both_ways(pairs: list[tuple[int, int]]
                                                                                        ) -> None:
    """Independently: but for n instead of n - 1 it is Pearson's correlation of the doubled table (Fisher 1925)."""
    found = intraclass(pairs)
    both = np.array([*pairs, *[pair[::-1] for pair in pairs]], dtype=float)
    if both.var() == 0:
        assert found.value is None and found.why == "all scores are the same"
        return
    doubled = float(np.corrcoef(both.T)[0, 1])
    n = len(pairs)
    ratio = (1 + doubled) / (1 - doubled) * n / (n - 1) if doubled < 1 - 1e-12 else float("inf")
    assert found.value == pytest.approx((ratio - 1) / (ratio + 1) if np.isfinite(ratio) else 1.0, abs=1e-9)
    if found.value is not None and found.low is not None and found.high is not None:
        assert -1 <= found.low <= found.value <= found.high <= 1


def test_a_correlation_has_fishers_interval() -> None:
    """By hand: r of 1..8 with one exchange is 0.9762; z 2.2114 within 1.96 / sqrt 5 of it."""
    found = correlation([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 8, 7])
    assert found.value == pytest.approx(0.97619, abs=1e-5)
    assert (found.low, found.high) == pytest.approx((0.8696, 0.9959), abs=5e-4)


def test_undefined_figures_say_why() -> None:
    assert intraclass([[1, 2]] * 4).why == "4 cases scored by both markers, and 5 are needed"
    assert intraclass([[3, 3]] * 6).why == "all scores are the same"
    perfect = intraclass([[number, number] for number in range(6)])
    assert (perfect.value, perfect.low) == (1.0, None) and "never differ" in perfect.why
    assert correlation([1, 2, 3, 4, 5], [7, 7, 7, 7, 7]).why == "under one form all cases score the same"
    assert correlation([1, 2], [1, 2]).value is None
    line = correlation([1, 2, 3, 4, 5], [2, 4, 6, 8, 10])
    assert (line.value, line.low) == (1.0, None) and "one line" in line.why


def test_each_form_and_both_together_are_told() -> None:
    """By hand: parent means 15, 35, 55, 75, 95, standard deviation 31.6; the variant's cases all score about 50."""
    parent = [(level / 10, level / 10 + 0.1) for level in (1, 3, 5, 7, 9)]
    data = trial_data(scored(parent, [(0.5, 0.5), (0.52, 0.5), (0.5, 0.48), (0.5, 0.5), (0.5, 0.5)]))
    found = discrimination_of(data)
    assert found.forms[0].deviation == pytest.approx(31.62, abs=0.01) and found.forms[0].bands == 2
    assert found.forms[0].reading.startswith("Nearly all of the variation")
    assert found.forms[1].reading == "Whether scores tell cases apart cannot be told from these."
    assert found.reading == "Whether the forms put cases in the same order cannot be told from these."
    apart, together = discrimination_tables(data, found)
    assert [row[6:8] for row in apart.rows] == [(2, 2), (2, 2)]
    assert all(len(row) == len(table.columns) for table in (apart, together) for row in table.rows)


def test_a_share_that_is_known_is_told_in_tenths() -> None:
    one = FormDiscrimination(PARENT, 40, Estimate(0.62, low=0.4, high=0.8), 12.0, 2, 3)
    assert one.reading.startswith("About 6 in 10 parts of the variation in scores is between cases")


def test_cases_that_one_alone_has_scored_do_not_count() -> None:
    pairs = [(level / 10, level / 10 + 0.1) for level in (1, 3, 5, 7, 9)]
    data = trial_data([*scored(pairs, pairs), marked(PARENT, "X", "ann", {}, score=0.0)])
    found = discrimination_of(data)
    assert (found.forms[0].cases, found.cases, found.together.value) == (5, 5, 1.0)
    assert found.reading == "Cases that score higher under one form do so under the other."


def test_a_parallel_trial_has_no_cases_in_common() -> None:
    found = discrimination_of(trial_data(scored([(0.1, 0.2)], []), "parallel"))
    assert found.together.value is None and "parallel" in found.reading
    assert found.as_json()["forms"]
