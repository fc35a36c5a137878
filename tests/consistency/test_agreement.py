"""Agreement figures equal what was published, and a slow implementation that counts pairs one by one."""

from collections.abc import Callable
from itertools import combinations, permutations
from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.consistency.agreement import Coefficient, specific_agreement
from cqa.consistency.counts import MISSING, Ratings, patterns_of, ratings_of
from cqa.consistency.measures import measure
from cqa.consistency.uncertainty import AC, ALPHA, BRENNAN_PREDIGER, COHEN, CONGER, FIGURES, FLEISS, Asked
from cqa.consistency.weights import Metric, Weights
from tests.consistency.published import (
    ABSTRACTORS,
    BALANCED,
    CLINICIANS,
    FIFTEEN_ARTICLES,
    FILMS,
    FIVE_OBSERVERS,
    FOUR_OBSERVERS,
    FOUR_RATERS,
    FOURTEEN_RATERS,
    JUDGES,
    KRIPPENDORFF_A,
    KRIPPENDORFF_B,
    LOPSIDED,
    NEARLY_ALL,
    NEW_ORLEANS,
    PATHOLOGISTS,
    PSYCHIATRISTS,
    THREE_CODERS,
    WINNIPEG,
    of_table,
)

WEIGHTS: tuple[Weights, ...] = ("identity", "linear", "quadratic", "ordinal")
METRICS: tuple[Metric, ...] = ("nominal", "ordinal", "interval")


PLAIN = Asked()


def figure(name: str, ratings: Ratings, asked: Asked = PLAIN) -> Coefficient:
    return measure(ratings, asked)[0].coefficients[name]


def value(name: str, ratings: Ratings, weights: Weights = "identity", metric: Metric = "nominal", once: bool = False
          ) -> float | None:
    return figure(name, ratings, Asked(weights, metric, once)).value


def percent(ratings: Ratings) -> float | None:
    return measure(ratings, Asked())[0].percent


@pytest.mark.parametrize(("ratings", "metric", "published"), [
    (KRIPPENDORFF_A, "nominal", 0.095),
    (KRIPPENDORFF_B, "nominal", 0.692),
    (FOUR_OBSERVERS, "nominal", 0.743),
    (FOUR_OBSERVERS, "ordinal", 0.815),
    (FOUR_OBSERVERS, "interval", 0.849),
    (THREE_CODERS, "nominal", 0.691),
    (THREE_CODERS, "interval", 0.811),
    (FIVE_OBSERVERS, "nominal", 0.4765),
    (FIVE_OBSERVERS, "ordinal", 0.7598),
    (FIVE_OBSERVERS, "interval", 0.7574),
])
def test_alpha_is_krippendorffs(ratings: Ratings, metric: Metric, published: float) -> None:
    assert value(ALPHA, ratings, metric=metric) == pytest.approx(published, abs=0.0006)


def test_the_forty_articles_have_the_239_pairs_that_were_published() -> None:
    assert FIVE_OBSERVERS.pairs == 239  # the number that Gwet quotes from Hayes & Krippendorff 2007


@pytest.mark.parametrize(("ratings", "agreeing", "published"), [(FOURTEEN_RATERS, 0.378, 0.210),
                                                                 (PSYCHIATRISTS, 0.555, 0.430)])
def test_fleiss_kappa_is_the_published_one(ratings: Ratings, agreeing: float, published: float) -> None:
    assert percent(ratings) == pytest.approx(agreeing, abs=0.0006)
    assert value(FLEISS, ratings) == pytest.approx(published, abs=0.0005)


def test_congers_kappa_of_six_psychiatrists_is_the_exact_kappa_of_irr() -> None:
    assert value(CONGER, PSYCHIATRISTS) == pytest.approx(0.442, abs=0.0005)  # kappam.fleiss(diagnoses, exact = TRUE)


@pytest.mark.parametrize(("ratings", "published", "digits"), [
    (of_table([[20, 5], [10, 15]]), 0.40, 4),  # worked examples of the Wikipedia article on Cohen's kappa
    (of_table([[45, 15], [25, 15]]), 0.1304, 4),
    (of_table([[25, 35], [5, 35]]), 0.2593, 4),
    (BALANCED, 0.70, 2), (LOPSIDED, 0.32, 2), (JUDGES, 0.492, 3), (WINNIPEG, 0.208, 3), (NEW_ORLEANS, 0.297, 3),
    (FILMS, 0.389, 3), (PATHOLOGISTS, 0.493, 3), (CLINICIANS, 0.67, 2), (NEARLY_ALL, -0.0234, 4),
    (ABSTRACTORS, 0.7964094, 7),
])
def test_cohens_kappa_of_two_reviewers_is_the_published_one(ratings: Ratings, published: float, digits: int) -> None:
    found = value(COHEN, ratings)
    assert found is not None and abs(found - published) <= 0.51 * 10**-digits


@pytest.mark.parametrize(("ratings", "weights", "published"), [
    (FILMS, "linear", 0.427), (PATHOLOGISTS, "quadratic", 0.784)])
def test_weighted_kappa_is_the_published_one(ratings: Ratings, weights: Weights, published: float) -> None:
    # Agresti & Winner 1997; the second as irrCAC 0.4.4 and statsmodels 0.15 print it.
    assert value(COHEN, ratings, weights) == pytest.approx(published, abs=0.0006)


def test_where_nearly_all_is_met_kappa_collapses_and_ac1_does_not() -> None:
    # Gwet 2002: agreement .944, kappa and pi below 0, AC1 .9408.
    assert percent(NEARLY_ALL) == pytest.approx(0.944) and value(AC, NEARLY_ALL) == pytest.approx(0.9408, abs=5e-5)
    assert value(FLEISS, NEARLY_ALL) == pytest.approx(-0.0288, abs=5e-5)


@pytest.mark.parametrize("ratings", [BALANCED, LOPSIDED])
def test_brennan_and_predigers_coefficient_of_two_levels_is_twice_the_agreement_less_one(ratings: Ratings) -> None:
    # Byrt, Bishop & Carlin 1993: prevalence-adjusted bias-adjusted kappa, .70 for both tables.
    assert value(BRENNAN_PREDIGER, ratings) == pytest.approx(0.70)


def test_gwets_two_abstractors_have_the_published_figures() -> None:
    assert percent(ABSTRACTORS) == pytest.approx(0.89)
    assert value(FLEISS, ABSTRACTORS) == pytest.approx(0.7962397, abs=1e-7)  # Scott's pi
    assert value(AC, ABSTRACTORS) == pytest.approx(0.8493305, abs=1e-7)
    assert value(BRENNAN_PREDIGER, ABSTRACTORS) == pytest.approx(0.835, abs=1e-7)


@pytest.mark.parametrize(("weights", "ac", "fleiss", "conger", "brennan_prediger"), [
    ("identity", 0.77544, 0.76117, 0.76282, 0.77273),
    ("linear", 0.85874, 0.81794, 0.81378, 0.84848),
    ("quadratic", 0.91400, 0.86494, 0.85771, 0.90152),
    ("ordinal", 0.89894, 0.85021, 0.84366, 0.88636),
])
def test_gwets_four_raters_have_the_published_figures_when_once_marked_cases_count(
    weights: Weights, ac: float, fleiss: float, conger: float, brennan_prediger: float
) -> None:
    # As irrCAC 0.4.4 prints them; the first row is also Gwet 2014 and the vignette of the R package.
    found = [value(name, FOUR_RATERS, weights, once=True) for name in (AC, FLEISS, CONGER, BRENNAN_PREDIGER)]
    assert found == pytest.approx([ac, fleiss, conger, brennan_prediger], abs=6e-6)


@pytest.mark.parametrize(("weights", "ac", "fleiss", "conger", "brennan_prediger"), [
    ("identity", (0.49662, 0.12197), (0.45762, 0.12045), (0.46927, 0.11666), (0.48741, 0.12089)),
    ("linear", (0.68964, 0.08769), (0.61185, 0.10974), (0.62405, 0.10587), (0.66578, 0.08568)),
    ("quadratic", (0.83043, 0.05825), (0.75072, 0.09732), (0.76179, 0.0925), (0.80622, 0.0586)),
    ("ordinal", (0.78534, 0.06819), (0.70122, 0.10297), (0.71312, 0.09849), (0.75941, 0.06721)),
])
def test_values_and_linearised_standard_errors_are_those_of_irrcac_where_every_case_has_two_marks(
    weights: Weights, ac: tuple[float, float], fleiss: tuple[float, float], conger: tuple[float, float],
    brennan_prediger: tuple[float, float],
) -> None:
    # As irrCAC 0.4.4 prints them for its data set raw_5observers.
    found = measure(FIFTEEN_ARTICLES, Asked(weights, interval="gwet"))[0].coefficients
    for name, printed in ((AC, ac), (FLEISS, fleiss), (CONGER, conger), (BRENNAN_PREDIGER, brennan_prediger)):
        assert (found[name].value, found[name].se) == pytest.approx(printed, abs=6e-6), name
    reach = found[AC].value or 0.0
    if weights == "identity":
        assert (found[AC].low, found[AC].high) == pytest.approx((0.23502, 0.75823), abs=2e-5) and reach


def test_specific_agreement_says_how_often_the_other_says_so_too() -> None:
    # Cicchetti & Feinstein 1990: 2a / (2a + b + c) for each level; .91 and .40 for the lopsided table.
    assert measure(BALANCED, Asked())[0].specific == pytest.approx({"a": 80 / 95, "b": 90 / 105})
    assert measure(LOPSIDED, Asked())[0].specific == pytest.approx({"a": 0.914, "b": 0.40}, abs=0.0005)


# What follows computes everything pair by pair, from the definitions, in plain Python.


def cases_of(ratings: Ratings) -> list[dict[int, int]]:
    """For every case with two marks or more, reviewer to level."""
    found: dict[int, dict[int, int]] = {}
    for case, reviewer, level in zip(ratings.case.tolist(), ratings.reviewer.tolist(), ratings.level.tolist(),
                                     strict=True):
        found.setdefault(case, {})[reviewer] = level
    return [marks for marks in found.values() if len(marks) >= 2]


def slow_weight(kind: Weights, q: int) -> Callable[[int, int], float]:
    def weight(one: int, other: int) -> float:
        steps = abs(one - other)
        if q < 2 or kind == "identity":
            return float(one == other)
        if kind == "linear":
            return 1 - steps / (q - 1)
        return 1 - (steps / (q - 1)) ** 2 if kind == "quadratic" else 1 - (steps + 1) * steps / (q * (q - 1))
    return weight


def slow_observed(ratings: Ratings, weight: Callable[[int, int], float]) -> float:
    cases = [list(permutations(marks.values(), 2)) for marks in cases_of(ratings)]
    return sum(sum(weight(*pair) for pair in case) / len(case) for case in cases) / len(cases)


def slow_shares(ratings: Ratings) -> list[float]:
    rows = [list(marks.values()) for marks in cases_of(ratings)]
    return [sum(row.count(level) / len(row) for row in rows) / len(rows) for level in range(len(ratings.levels))]


def slow_chance(name: str, ratings: Ratings, weight: Callable[[int, int], float]) -> float:
    q = len(ratings.levels)
    every = [(one, other) for one in range(q) for other in range(q)]
    total, shares = sum(weight(*pair) for pair in every), slow_shares(ratings)
    if name == BRENNAN_PREDIGER:
        return total / q**2
    if name == FLEISS:
        return sum(weight(one, other) * shares[one] * shares[other] for one, other in every)
    if name == AC:
        return total / (q * (q - 1)) * sum(share * (1 - share) for share in shares)
    given: dict[int, list[int]] = {}
    for marks in cases_of(ratings):
        for reviewer, level in marks.items():
            given.setdefault(reviewer, []).append(level)
    used = [[levels.count(level) / len(levels) for level in range(q)] for levels in given.values()]
    pairs = list(combinations(used, 2))
    return sum(weight(one, other) * mine[one] * theirs[other] for mine, theirs in pairs
               for one, other in every) / len(pairs)


def slow_alpha(ratings: Ratings, metric: Metric) -> float:
    """Observed over expected disagreement of all pairs of marks."""
    cases = [list(marks.values()) for marks in cases_of(ratings)]
    values = [mark for case in cases for mark in case]
    often = [values.count(level) for level in range(len(ratings.levels))]

    def apart(one: int, other: int) -> float:
        low, high = min(one, other), max(one, other)
        if metric == "ordinal":
            return (sum(often[low:high + 1]) - (often[low] + often[high]) / 2) ** 2 if low != high else 0.0
        return float(one != other) if metric == "nominal" else float((one - other) ** 2)

    total = len(values)
    seen = sum(sum(apart(*pair) for pair in permutations(case, 2)) / (len(case) - 1) for case in cases) / total
    chance = sum(apart(*pair) for pair in permutations(values, 2)) / (total * (total - 1))
    return 1 - seen / chance


@st.composite
def some_ratings(draw: st.DrawFn, reviewers_at_least: int = 2) -> Ratings:
    cases, reviewers = draw(st.integers(2, 8)), draw(st.integers(reviewers_at_least, 4))
    levels = draw(st.integers(2, 4))
    marks = draw(st.lists(st.lists(st.integers(MISSING, levels - 1), min_size=reviewers, max_size=reviewers),
                          min_size=cases, max_size=cases))
    return Ratings.of_matrix("abcd"[:levels], "wxyz"[:reviewers], np.array(marks, dtype=np.int64))


@given(some_ratings(), st.sampled_from(METRICS))
def test_alpha_is_what_counting_pairs_gives(ratings: Ratings, metric: Metric) -> None:
    found = value(ALPHA, ratings, metric=metric)
    if found is not None:
        assert found == pytest.approx(slow_alpha(ratings, metric), abs=1e-9)


@given(some_ratings(), st.sampled_from(WEIGHTS), st.sampled_from([AC, FLEISS, BRENNAN_PREDIGER, CONGER, COHEN]))
def test_every_kappa_and_ac_is_what_counting_pairs_gives(ratings: Ratings, weights: Weights, name: str) -> None:
    found, weight = value(name, ratings, weights), slow_weight(weights, len(ratings.levels))
    if found is not None:
        seen, chance = slow_observed(ratings, weight), slow_chance(name, ratings, weight)
        assert found == pytest.approx((seen - chance) / (1 - chance), abs=1e-9)
    elif name in (AC, BRENNAN_PREDIGER):
        assert not cases_of(ratings)


@given(some_ratings(), st.randoms(use_true_random=False), st.sampled_from(WEIGHTS))
def test_the_order_of_cases_and_reviewers_changes_nothing(
    ratings: Ratings, shuffler: object, weights: Weights
) -> None:
    cases, reviewers = list(range(ratings.cases)), list(range(len(ratings.reviewers)))
    shuffler.shuffle(cases)  # type: ignore[attr-defined]
    shuffler.shuffle(reviewers)  # type: ignore[attr-defined]
    mixed = Ratings(ratings.levels, ratings.places, ratings.reviewers, 1, ratings.cases, ratings.question,
                    np.array(cases)[ratings.case], np.array(reviewers)[ratings.reviewer], ratings.level)
    assert_same_figures(ratings, mixed, Asked(weights, "ordinal"))


def assert_same_figures(one: Ratings, other: Ratings, asked: Asked, se: bool = True) -> None:
    for first, second in zip(measure(one, asked), measure(other, asked), strict=True):
        assert first.percent == pytest.approx(second.percent, abs=1e-9, nan_ok=True)
        for name in FIGURES[1:]:
            mine, theirs = first.coefficients[name], second.coefficients[name]
            assert mine.value == pytest.approx(theirs.value, abs=1e-9, nan_ok=True), name
            if se:
                assert mine.se == pytest.approx(theirs.se, abs=1e-7, nan_ok=True), name


@given(some_ratings(), st.sampled_from(WEIGHTS), st.sampled_from(METRICS))
def test_turning_the_scale_round_changes_nothing(ratings: Ratings, weights: Weights, metric: Metric) -> None:
    turned = Ratings(ratings.levels[::-1], ratings.places, ratings.reviewers, 1, ratings.cases, ratings.question,
                     ratings.case, ratings.reviewer, len(ratings.levels) - 1 - ratings.level)
    assert_same_figures(ratings, turned, Asked(weights, metric))


@given(some_ratings())
def test_no_figure_is_above_one_and_a_once_marked_case_changes_none(ratings: Ratings) -> None:
    more = Ratings(ratings.levels, ratings.places, ratings.reviewers, 1, ratings.cases + 1,
                   np.append(ratings.question, 0), np.append(ratings.case, ratings.cases),
                   np.append(ratings.reviewer, 0), np.append(ratings.level, 0))
    assert_same_figures(ratings, more, Asked("ordinal", "ordinal"))
    for one in measure(ratings, Asked("quadratic", "interval"))[0].coefficients.values():
        assert one.value is None or one.value <= 1 + 1e-12


@given(some_ratings(), st.sampled_from(WEIGHTS))
def test_a_reviewer_who_copies_another_never_lowers_exact_agreement(ratings: Ratings, weights: Weights) -> None:
    # On cases that all reviewers marked: with gaps, copying one mark of a case that had one alone adds a new pair.
    complete = [marks for marks in cases_of(ratings) if len(marks) == len(ratings.reviewers)]
    if not complete:
        return
    marks = np.array([[row[reviewer] for reviewer in sorted(row)] for row in complete])
    two = Ratings.of_matrix(ratings.levels, "wx", marks[:, :2])
    three = Ratings.of_matrix(ratings.levels, "wxv", np.column_stack([marks[:, :2], marks[:, 0]]))
    assert (percent(three) or 0.0) >= (percent(two) or 0.0) - 1e-12
    before, after = (value(BRENNAN_PREDIGER, one, weights) for one in (two, three))
    assert before is not None and after is not None and after >= before - 1e-12


@given(some_ratings())
def test_identity_weights_on_two_levels_are_all_weights_and_all_metrics(ratings: Ratings) -> None:
    two = Ratings(("a", "b"), (0.0, 1.0), ratings.reviewers, 1, ratings.cases, ratings.question, ratings.case,
                  ratings.reviewer, np.minimum(ratings.level, 1))
    for weights in WEIGHTS[1:]:
        for name in FIGURES[1:]:
            metric: Metric = "ordinal" if weights == "linear" else "interval"
            assert value(name, two, weights, metric) == pytest.approx(value(name, two), abs=1e-9, nan_ok=True)


@given(some_ratings())
def test_alpha_is_fleiss_kappa_with_its_correction_for_few_marks_where_all_reviewers_mark_all(ratings: Ratings) -> None:
    complete = [list(marks.values()) for marks in cases_of(ratings) if len(marks) == len(ratings.reviewers)]
    if complete:
        whole = Ratings.of_matrix(ratings.levels, ratings.reviewers, np.array(complete))
        fleiss, n = value(FLEISS, whole), len(whole.level)
        if fleiss is not None:
            assert value(ALPHA, whole) == pytest.approx(1 - (1 - fleiss) * (n - 1) / n, abs=1e-9)


def test_an_unused_level_leaves_alpha_alone_and_moves_ac2() -> None:
    four = Ratings(("a", "b", "c", "d"), (0.0, 1.0, 2.0, 3.0), ABSTRACTORS.reviewers, 1, ABSTRACTORS.cases,
                   ABSTRACTORS.question, ABSTRACTORS.case, ABSTRACTORS.reviewer, ABSTRACTORS.level)
    assert value(ALPHA, four, metric="ordinal") == pytest.approx(value(ALPHA, ABSTRACTORS, metric="ordinal"))
    assert value(AC, four, "ordinal") != pytest.approx(value(AC, ABSTRACTORS, "ordinal"))


@pytest.mark.parametrize("name", [ALPHA, FLEISS, COHEN])
def test_without_variation_alpha_and_kappa_are_undefined_and_say_why(name: str) -> None:
    found = figure(name, of_table([[30, 0], [0, 0]]))
    assert (found.value, found.se, found.low, found.high) == (None, None, None, None)
    assert found.why == "not defined, because all marks are at one level, so chance agreement is complete"


def test_without_variation_ac_is_one_on_the_declared_scale() -> None:
    assert value(AC, of_table([[30, 0], [0, 0]]), "ordinal") == 1


@pytest.mark.parametrize("name", FIGURES[1:])
def test_without_a_pair_everything_is_undefined(name: str) -> None:
    alone = ratings_of([("1", "A", "a"), ("2", "B", "b")], "ab")
    for ratings in (alone, ratings_of([], "ab")):
        found = measure(ratings, Asked())[0]
        assert found.coefficients[name].why == "not defined, because no case has two marks on the scale"
        assert (found.percent, found.within_one, found.specific) == (None, None, {"a": None, "b": None})


def test_a_scale_of_one_level_defines_nothing() -> None:
    for name in (COHEN, FLEISS, BRENNAN_PREDIGER, AC, ALPHA):
        found = figure(name, of_table([[5]], "a"))
        assert found.value is None and "only one level" in found.why, name


def test_cohen_is_for_two_reviewers_and_conger_for_more() -> None:
    assert "two reviewers, and there are 4" in figure(COHEN, FOUR_OBSERVERS).why
    assert "three reviewers or more" in figure(CONGER, ABSTRACTORS).why


@given(some_ratings(reviewers_at_least=3))
def test_specific_agreement_is_what_counting_pairs_gives(ratings: Ratings) -> None:
    shown = patterns_of(ratings)
    found = specific_agreement(shown.rows, shown.often)[:, 0]
    for level in range(len(ratings.levels)):
        agreeing = given_marks = 0.0
        for marks in cases_of(ratings):
            count = list(marks.values()).count(level)
            agreeing += count * (count - 1) / (len(marks) - 1)
            given_marks += count
        assert isnan(found[level]) if not given_marks else found[level] == pytest.approx(agreeing / given_marks)


def test_two_marks_by_one_reviewer_on_one_case_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        ratings_of([("1", "A", "a"), ("1", "A", "b")], "ab")
    with pytest.raises(ValueError, match="scale"):
        ratings_of([("1", "A", "z")], "ab")
