"""The jackknife by patterns is the jackknife case by case, and the derivative is that of giving a case more weight."""

from dataclasses import replace
from math import isnan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.consistency.counts import Ratings, patterns_of
from cqa.consistency.leaving_out import Changes, PanelChanges, linearised_se
from cqa.consistency.measures import measure, measurements
from cqa.consistency.uncertainty import AC, ALPHA, COHEN, CONGER, FIGURES, FLEISS, PERCENT, Asked, of_counts
from cqa.consistency.weights import Vector, disagreement
from tests.consistency.published import FIVE_OBSERVERS, FOUR_RATERS, PSYCHIATRISTS, WINNIPEG
from tests.consistency.test_agreement import some_ratings

ASKED = Asked("ordinal", "ordinal")


def without_case(ratings: Ratings, case: int) -> Ratings:
    return ratings.only(ratings.case != case)


def whole(name: str, ratings: Ratings, asked: Asked = ASKED) -> float:
    only = replace(asked, figures=(name,) if name != PERCENT else ())
    return float(measurements(ratings, only)[0].uncertainties[name].jackknife.whole[0])


@given(some_ratings(), st.sampled_from(FIGURES))
def test_the_jackknife_by_patterns_is_the_jackknife_case_by_case(ratings: Ratings, name: str) -> None:
    twice = ratings.twice_marked()
    cases = sorted(set(twice.case.tolist()))
    if len(cases) < 2:
        return
    slow = [whole(name, without_case(twice, case)) for case in cases]
    found = measurements(ratings, ASKED)[0].uncertainties[name].jackknife
    assert found.without[found.of_cell] == pytest.approx(slow, abs=1e-9, nan_ok=True)
    mean, n = sum(slow) / len(slow), len(slow)
    expected = sqrt((n - 1) / n * sum((one - mean) ** 2 for one in slow))
    assert (isnan(found.se()[0]) and isnan(expected)) or found.se()[0] == pytest.approx(expected, abs=1e-9)


@given(some_ratings(), st.sampled_from([AC, FLEISS, CONGER]))
def test_with_once_marked_cases_each_of_them_is_left_out_too(ratings: Ratings, name: str) -> None:
    asked = Asked("linear", once=True)
    cases = sorted(set(ratings.case.tolist()))
    if len(cases) < 2:
        return
    found = measurements(ratings, asked)[0].uncertainties[name].jackknife
    slow = [whole(name, without_case(ratings, case), asked) for case in cases]
    if len(found.of_cell) == len(cases):
        assert found.without[found.of_cell] == pytest.approx(slow, abs=1e-9, nan_ok=True)
    else:
        assert ratings.twice_marked() is ratings


def repeated(ratings: Ratings, often: dict[int, int]) -> Ratings:
    """The ratings with some cases several times over."""
    parts = [(ratings.only(ratings.case == case), count) for case, count in often.items()]
    columns: list[list[int]] = [[], [], []]
    new = 0
    for part, count in parts:
        for _ in range(count):
            for column, more in zip(columns, (np.full(len(part.case), new), part.reviewer, part.level), strict=True):
                column.extend(int(one) for one in more)
            new += 1
    case, reviewer, level = (np.array(column, dtype=np.int64) for column in columns)
    return Ratings(ratings.levels, ratings.places, ratings.reviewers, 1, new, np.zeros(len(case), dtype=np.int64), case,
                   reviewer, level)


@pytest.mark.parametrize("ratings", [FIVE_OBSERVERS, PSYCHIATRISTS, WINNIPEG])
@pytest.mark.parametrize("name", [PERCENT, AC, FLEISS, ALPHA])
def test_the_derivative_is_what_a_little_more_of_a_pattern_changes(ratings: Ratings, name: str) -> None:
    shown, function = patterns_of(ratings), of_counts(name, ASKED, ratings.places)
    step = 1e-5 * np.eye(len(shown.rows))
    more, less = (function(shown.rows, shown.often + by).values() for by in (step, -step))
    slow = (more - less) / 2e-5
    assert Changes.of(shown).moved(function) == pytest.approx(slow, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("ratings", [FIVE_OBSERVERS, PSYCHIATRISTS, WINNIPEG])
def test_the_derivative_of_a_kappa_is_what_a_little_more_weight_of_a_case_changes(ratings: Ratings) -> None:
    # Every case twenty times, and one of them once more or less: weights of 1 and 1.05.
    name, cases = COHEN if ratings is WINNIPEG else CONGER, range(ratings.cases)
    moved, base = moves(ratings, name), dict.fromkeys(cases, 20)
    for case in list(cases)[::13]:
        more, less = (whole(name, repeated(ratings, {**base, case: 20 + step})) for step in (1, -1))
        assert moved[case] == pytest.approx((more - less) / 2 * 20, rel=2e-3, abs=1e-6)


def moves(ratings: Ratings, name: str) -> Vector:
    changes = Changes.of(patterns_of(ratings))
    if name in (COHEN, CONGER):
        return PanelChanges.of(changes, ratings).moved(disagreement("ordinal", ratings.places))
    return changes.moved(of_counts(name, ASKED, ratings.places))[changes.of_cell]


def test_the_linearised_standard_error_of_a_mean_is_that_of_a_mean() -> None:
    # Percent agreement of two reviewers is the mean of noughts and ones.
    changes = Changes.of(patterns_of(WINNIPEG))
    found = linearised_se(changes.moved(of_counts(PERCENT, ASKED, WINNIPEG.places)), changes.many, changes.question, 1)
    ones = np.repeat([1.0, 0.0], [64, 85])
    assert found[0] == pytest.approx(ones.std(ddof=1) / sqrt(149))


def test_with_once_marked_cases_the_linearised_standard_error_is_that_of_a_ratio() -> None:
    # AC1 by hand: u = n/n2 [two marks] (pa_i - pa) / (1 - pe) - 2 (1 - c) (pe_i - pe) / (1 - pe), and its mean's error.
    # irrCAC's, which takes a once-marked case for one without agreement, is 0.14295 here.
    found = measure(FOUR_RATERS, Asked(once=True, interval="gwet"))[0].coefficients[AC]
    rows = [[FOUR_RATERS.level[FOUR_RATERS.case == case].tolist().count(level) for level in range(5)]
            for case in range(12)]
    shares = [sum(row[level] / sum(row) for row in rows) / 12 for level in range(5)]
    agreeing = [sum(n * (n - 1) for n in row) / (sum(row) * (sum(row) - 1)) if sum(row) > 1 else None for row in rows]
    pa = sum(one for one in agreeing if one is not None) / 11
    pe = sum(share * (1 - share) for share in shares) / 4
    value = (pa - pe) / (1 - pe)
    chances = [sum(n / sum(row) * (1 - share) for n, share in zip(row, shares, strict=True)) / 4 for row in rows]
    moves = [(0.0 if one is None else 12 / 11 * (one - pa) / (1 - pe)) - 2 * (1 - value) * (mine - pe) / (1 - pe)
             for one, mine in zip(agreeing, chances, strict=True)]
    assert found.value == pytest.approx(value)
    assert found.se == pytest.approx(sqrt(sum(move**2 for move in moves) / (12 * 11)))
    assert found.se == pytest.approx(0.1247, abs=1e-4)


def test_several_questions_at_once_are_each_by_itself() -> None:
    # 23 cases on one question and as many others on the next, with more cases that have no mark there.
    parts = [FIVE_OBSERVERS.only(FIVE_OBSERVERS.case < 23), FIVE_OBSERVERS.only(FIVE_OBSERVERS.case >= 9)]
    both = Ratings(FIVE_OBSERVERS.levels, FIVE_OBSERVERS.places, FIVE_OBSERVERS.reviewers, 2, 40,
                   np.concatenate([np.full(len(part.case), number) for number, part in enumerate(parts)]),
                   *(np.concatenate([getattr(part, name) for part in parts]) for name in ("case", "reviewer", "level")))
    for asked in (ASKED, Asked("linear", "interval", once=True, interval="gwet")):
        together = measurements(both, asked)[0]
        for number, part in enumerate(parts):
            alone = measurements(part, asked)[0]
            for name in FIGURES:
                mine, its = together.uncertainties[name], alone.uncertainties[name]
                assert (mine.jackknife.whole[number], mine.se[number]) == pytest.approx(
                    (its.jackknife.whole[0], its.se[0]), abs=1e-12), name
