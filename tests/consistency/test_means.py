"""Means over questions: whole cases are left out together, also where some questions of a case have no or one mark."""

import numpy as np
import pytest

from cqa.consistency.counts import Ratings
from cqa.consistency.means import mean_of
from cqa.consistency.measures import measurements
from cqa.consistency.uncertainty import AC, ALPHA, CONGER, PERCENT, Asked
from cqa.consistency.weights import Vector
from tests.consistency.published import FIVE_OBSERVERS
from tests.consistency.test_resampling import two_questions


def three_questions() -> Ratings:
    """30 cases, two of four reviewers each, three questions whose marks go together; a fifth of marks is missing."""
    rng = np.random.default_rng(8)
    quality = rng.normal(size=30)
    marks = [(question, case, reviewer, int(np.searchsorted((-0.8, 0.2), quality[case] + 0.7 * rng.normal())))
             for case in range(30) for reviewer in rng.permutation(4)[:2] for question in range(3)
             if rng.random() > 0.2]
    return Ratings(("a", "b", "c"), (0.0, 1.0, 2.0), tuple("wxyz"), 3, 30,
                   *(np.array(column, dtype=np.int64) for column in zip(*marks, strict=True)))


def values(name: str, ratings: Ratings, asked: Asked) -> Vector:
    return measurements(ratings, asked)[0].uncertainties[name].jackknife.whole


@pytest.mark.parametrize("name", [PERCENT, AC, ALPHA, CONGER])
@pytest.mark.parametrize("once", [False, True])
def test_the_standard_error_is_that_of_leaving_out_whole_cases(name: str, once: bool) -> None:
    ratings, asked = three_questions(), Asked("ordinal", "ordinal", once)
    found = mean_of(name, measurements(ratings, asked), asked, lambda _: True)
    counting = ratings if once and name in (AC, CONGER) else ratings.twice_marked()
    slow = np.array([values(name, counting.only(counting.case != case), asked).mean()
                     for case in sorted(set(counting.case.tolist()))])
    assert found.questions == 3 and found.figure.value == pytest.approx(values(name, ratings, asked).mean())
    assert found.figure.se == pytest.approx(
        np.sqrt((len(slow) - 1) / len(slow) * ((slow - slow.mean()) ** 2).sum()), rel=1e-9)


def test_a_question_asked_twice_tells_no_more_than_once() -> None:
    asked = Asked("ordinal", "ordinal")
    twice = measurements(two_questions(FIVE_OBSERVERS), asked)
    once = measurements(FIVE_OBSERVERS, asked)[0].uncertainties[ALPHA]
    assert mean_of(ALPHA, twice, asked, lambda _: True).figure.se == pytest.approx(float(once.se[0]))


def test_the_bootstrap_of_the_mean_is_near_its_jackknife() -> None:
    ratings = three_questions()
    asked = Asked("ordinal", "ordinal", interval="bca", replicates=2000, seed="1")
    found = mean_of(AC, measurements(ratings, asked), asked, lambda _: True).figure
    near = mean_of(AC, measurements(ratings, Asked("ordinal", "ordinal")), Asked(), lambda _: True).figure
    assert found.se == pytest.approx(near.se, rel=0.12) and found.low == pytest.approx(near.low, abs=0.1)


def test_no_question_with_variation_gives_no_mean() -> None:
    even = Ratings.of_matrix("ab", "xy", np.ones((30, 2), dtype=np.int64))
    found = mean_of(ALPHA, measurements(even, Asked()), Asked(), lambda _: True)
    assert found.figure.value is None and "no question varies enough" in found.figure.why and found.questions == 0
