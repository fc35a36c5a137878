"""Agreement figures equal what was published, and a slow implementation that counts pairs one by one."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.consistency.agreement import (
    NO_PAIRS,
    NO_VARIATION,
    OfCounts,
    Undefined,
    ac_of,
    alpha_of,
    brennan_prediger_of,
    cohen,
    conger,
    fleiss_of,
    percent_of,
    specific_agreement,
    within_one_of,
)
from cqa.consistency.counts import MISSING, Ratings, ratings_of
from cqa.consistency.weights import agreement_weights


def value(of_counts: OfCounts, ratings: Ratings) -> float:
    return float(of_counts(ratings.counts, np.ones(len(ratings.marks))))


def of_columns(columns: list[str], levels: str) -> Ratings:
    """Ratings from one string a reviewer, one letter a case, a full stop for no mark."""
    return ratings_of([(str(case), str(reviewer), letter) for reviewer, marks in enumerate(columns)
                       for case, letter in enumerate(marks.replace(" ", "")) if letter != "."], levels)


def of_table(table: list[list[int]], levels: str = "abcdefgh") -> Ratings:
    """Two reviewers' marks from a cross-table: rows one reviewer, columns the other."""
    cells = [(one, other) for one, row in enumerate(table) for other, count in enumerate(row) for _ in range(count)]
    marks = np.array(cells, dtype=np.int64)
    return Ratings(tuple(levels[: len(table)]), ("A", "B"), marks)


def of_counts_matrix(matrix: list[list[int]]) -> Ratings:
    """Ratings from counts alone: who gave which mark is made up, as Fleiss-type figures do not ask."""
    width = max(map(sum, matrix))
    rows = [[level for level, count in enumerate(row) for _ in range(count)] for row in matrix]
    marks = np.array([row + [MISSING] * (width - len(row)) for row in rows], dtype=np.int64)
    return Ratings(tuple(str(level) for level in range(len(matrix[0]))), tuple(map(str, range(width))), marks)


# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability: section A (binary data, two observers, no missing).
KRIPPENDORFF_A = of_columns(["0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"], "01")
# The same, section B (nominal data, two observers): Ben and Gerry.
KRIPPENDORFF_B = of_columns(["a a b b d c c c e d d a", "b a b b b c c c e d d d"], "abcde")
# The same, section C (any number of observers, missing data): four observers, twelve units; also Gwet's example with
# four raters (Gwet 2014; data set cac.raw4raters of the R package irrCAC).
FOUR_OBSERVERS = of_columns(["1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .",
                             "1 2 3 3 2 4 4 1 2 5 1 ."], "12345")
# Ten subjects, fourteen raters, five categories: the worked example of the Wikipedia article on Fleiss' kappa.
FOURTEEN_RATERS = of_counts_matrix([
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1], [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]])
# Gwet's two abstractors of ectopic pregnancies (Gwet 2014; cont3x3abstractors of irrCAC, figures of its vignette).
ABSTRACTORS = of_table([[13, 0, 0], [0, 20, 7], [0, 4, 56]])


@pytest.mark.parametrize(("ratings", "metric", "published"), [
    (KRIPPENDORFF_A, "nominal", 0.095),
    (KRIPPENDORFF_B, "nominal", 0.692),
    (FOUR_OBSERVERS, "nominal", 0.743),
    (FOUR_OBSERVERS, "ordinal", 0.815),
    (FOUR_OBSERVERS, "interval", 0.849),
])
def test_alpha_is_krippendorffs(ratings: Ratings, metric: str, published: float) -> None:
    assert value(alpha_of(metric), ratings) == pytest.approx(published, abs=0.0006)  # type: ignore[arg-type]


def test_fleiss_kappa_of_fourteen_raters_is_the_published_one() -> None:
    assert value(percent_of, FOURTEEN_RATERS) == pytest.approx(0.378, abs=0.0005)
    assert value(fleiss_of("identity"), FOURTEEN_RATERS) == pytest.approx(0.210, abs=0.0005)


@pytest.mark.parametrize(("table", "published"), [
    ([[20, 5], [10, 15]], 0.40),  # Cohen's kappa, worked examples of the Wikipedia article
    ([[45, 15], [25, 15]], 0.1304),
    ([[25, 35], [5, 35]], 0.2593),
    ([[40, 9], [6, 45]], 0.70),  # Feinstein & Cicchetti 1990: the same agreement, 0.85, and two kappas
    ([[80, 10], [5, 5]], 0.32),
])
def test_cohens_kappa_of_two_reviewers_is_the_published_one(table: list[list[int]], published: float) -> None:
    assert cohen(of_table(table)) == pytest.approx(published, abs=0.005 if published in (0.70, 0.32) else 0.0001)


def test_gwets_two_abstractors_have_the_published_figures() -> None:
    assert value(percent_of, ABSTRACTORS) == pytest.approx(0.89)
    assert cohen(ABSTRACTORS) == pytest.approx(0.7964094, abs=1e-7)
    assert value(fleiss_of("identity"), ABSTRACTORS) == pytest.approx(0.7962397, abs=1e-7)  # Scott's pi
    assert value(ac_of("identity"), ABSTRACTORS) == pytest.approx(0.8493305, abs=1e-7)


def test_gwets_four_raters_have_the_published_figures_when_once_marked_cases_count() -> None:
    assert value(ac_of("identity", once=True), FOUR_OBSERVERS) == pytest.approx(0.77544, abs=1e-5)
    assert value(fleiss_of("identity", once=True), FOUR_OBSERVERS) == pytest.approx(0.76117, abs=1e-5)


def test_at_97_per_cent_met_kappa_collapses_and_ac1_does_not() -> None:
    # 95 of 100 pairs agree and 97.1% of marks are at the top.
    ratings = of_table([[945, 25], [25, 5]])
    assert cohen(ratings) < 0.2 and value(ac_of("identity"), ratings) > 0.94


def pairs_of(ratings: Ratings) -> list[list[tuple[int, int]]]:
    """For every case with two marks or more, all its ordered pairs of marks."""
    found = []
    for row in ratings.marks:
        given_marks = [int(mark) for mark in row if mark != MISSING]
        if len(given_marks) >= 2:
            found.append([(one, other) for a, one in enumerate(given_marks) for b, other in enumerate(given_marks)
                          if a != b])
    return found


def slow_alpha(ratings: Ratings) -> float:
    """Alpha from its definition: observed over expected disagreement, pair by pair."""
    cases = pairs_of(ratings)
    values = [mark for row in ratings.marks for mark in row if mark != MISSING and (row != MISSING).sum() >= 2]
    often = [values.count(level) for level in range(len(ratings.levels))]

    def apart(one: int, other: int) -> float:
        low, high = min(one, other), max(one, other)
        return (sum(often[low:high + 1]) - (often[low] + often[high]) / 2) ** 2 if low != high else 0.0

    total = len(values)
    # A case of m marks has m(m - 1) ordered pairs, each of which counts 1 / (m - 1).
    sizes = {m * (m - 1): m for m in range(2, 10)}
    seen = sum(sum(apart(one, other) for one, other in case) / (sizes[len(case)] - 1) for case in cases) / total
    chance = sum(apart(one, other) for one, other in
                 ((int(a), int(b)) for i, a in enumerate(values) for j, b in enumerate(values) if i != j))
    return 1 - seen / (chance / (total * (total - 1)))


def slow_ac2(ratings: Ratings) -> float:
    """AC2 with ordinal weights from its definition, pair by pair."""
    q = len(ratings.levels)

    def weight(one: int, other: int) -> float:
        steps = abs(one - other)
        return 1 - (steps + 1) * steps / 2 / (q * (q - 1) / 2)

    cases = pairs_of(ratings)
    seen = sum(sum(weight(*pair) for pair in case) / len(case) for case in cases) / len(cases)
    rows = [[mark for mark in row if mark != MISSING] for row in ratings.marks if (row != MISSING).sum() >= 2]
    shares = [sum(row.count(level) / len(row) for row in rows) / len(rows) for level in range(q)]
    chance = sum(weight(one, other) for one in range(q) for other in range(q)) / (q * (q - 1)) * \
        sum(share * (1 - share) for share in shares)
    return (seen - chance) / (1 - chance)


@st.composite
def some_ratings(draw: st.DrawFn) -> Ratings:
    cases, reviewers, levels = draw(st.integers(2, 8)), draw(st.integers(2, 4)), draw(st.integers(2, 4))
    marks = draw(st.lists(st.lists(st.integers(MISSING, levels - 1), min_size=reviewers, max_size=reviewers),
                          min_size=cases, max_size=cases))
    return Ratings(tuple("abcd"[:levels]), tuple("wxyz"[:reviewers]), np.array(marks, dtype=np.int64))


def maybe(of_counts: OfCounts, ratings: Ratings) -> float | None:
    try:
        return value(of_counts, ratings)
    except Undefined:
        return None


@given(some_ratings())
def test_ordinal_alpha_is_what_counting_pairs_gives(ratings: Ratings) -> None:
    found = maybe(alpha_of("ordinal"), ratings)
    if found is not None:
        assert found == pytest.approx(slow_alpha(ratings), abs=1e-9)


@given(some_ratings())
def test_ac2_is_what_counting_pairs_gives(ratings: Ratings) -> None:
    found = maybe(ac_of("ordinal"), ratings)
    if found is not None:
        assert found == pytest.approx(slow_ac2(ratings), abs=1e-9)


FIGURES: list[OfCounts] = [
    percent_of, within_one_of, ac_of("identity"), ac_of("ordinal"), ac_of("quadratic"), fleiss_of("identity"),
    fleiss_of("linear"), brennan_prediger_of("ordinal"), alpha_of("nominal"), alpha_of("ordinal"), alpha_of("interval")]


@given(some_ratings(), st.randoms(use_true_random=False))
def test_the_order_of_cases_and_reviewers_changes_nothing(ratings: Ratings, shuffler: object) -> None:
    rows, columns = list(range(len(ratings.marks))), list(range(len(ratings.reviewers)))
    shuffler.shuffle(rows)  # type: ignore[attr-defined]
    shuffler.shuffle(columns)  # type: ignore[attr-defined]
    mixed = Ratings(ratings.levels, tuple(ratings.reviewers[place] for place in columns),
                    ratings.marks[rows][:, columns])
    for figure in FIGURES:
        assert maybe(figure, mixed) == pytest.approx(maybe(figure, ratings), abs=1e-12, nan_ok=True)


@given(some_ratings())
def test_turning_the_scale_round_changes_nothing(ratings: Ratings) -> None:
    turned = np.where(ratings.marks == MISSING, MISSING, len(ratings.levels) - 1 - ratings.marks)
    other = Ratings(ratings.levels[::-1], ratings.reviewers, turned)
    for figure in FIGURES:
        assert maybe(figure, other) == pytest.approx(maybe(figure, ratings), abs=1e-9, nan_ok=True)


@given(some_ratings())
def test_no_figure_is_above_one_and_a_once_marked_case_changes_none(ratings: Ratings) -> None:
    once = np.full((1, len(ratings.reviewers)), MISSING, dtype=np.int64)
    once[0, 0] = 0
    more = Ratings(ratings.levels, ratings.reviewers, np.vstack([ratings.marks, once]))
    for figure in FIGURES:
        found = maybe(figure, ratings)
        assert found is None or found <= 1 + 1e-12
        assert maybe(figure, more) == pytest.approx(found, abs=1e-12, nan_ok=True)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=20))
def test_conger_of_two_complete_reviewers_is_weighted_cohen(marks: list[tuple[int, int]]) -> None:
    ratings = Ratings(tuple("abc"), ("A", "B"), np.array(marks, dtype=np.int64))
    weights = agreement_weights("ordinal", 3)
    n = len(marks)
    table = np.zeros((3, 3))
    for one, other in marks:
        table[one, other] += 1 / n
    chance = float(table.sum(axis=1) @ weights @ table.sum(axis=0))
    if chance < 1 - 1e-9:
        assert conger(ratings, "ordinal") == pytest.approx((float((table * weights).sum()) - chance) / (1 - chance))


def test_an_unused_level_leaves_alpha_alone_and_moves_ac2() -> None:
    four = Ratings(("a", "b", "c", "d"), ABSTRACTORS.reviewers, ABSTRACTORS.marks)
    assert value(alpha_of("ordinal"), four) == pytest.approx(value(alpha_of("ordinal"), ABSTRACTORS))
    assert value(ac_of("ordinal"), four) != pytest.approx(value(ac_of("ordinal"), ABSTRACTORS))


def test_without_variation_alpha_and_kappa_are_undefined_and_say_why() -> None:
    even = of_table([[30, 0], [0, 0]])
    for figure in (alpha_of("ordinal"), fleiss_of("identity")):
        with pytest.raises(Undefined, match=NO_VARIATION):
            value(figure, even)
    assert value(ac_of("ordinal"), even) == 1


def test_without_a_pair_everything_is_undefined() -> None:
    alone = ratings_of([("1", "A", "a"), ("2", "B", "b")], "ab")
    for figure in FIGURES:
        with pytest.raises(Undefined, match=NO_PAIRS):
            value(figure, alone)


def test_cohen_is_for_two_reviewers() -> None:
    with pytest.raises(Undefined, match="two reviewers"):
        cohen(FOUR_OBSERVERS)


def test_specific_agreement_says_how_often_the_other_says_so_too() -> None:
    # Cicchetti & Feinstein 1990: 2a / (2a + b + c) for each level of a two-by-two table.
    found = specific_agreement(of_table([[40, 9], [6, 45]]).counts)
    assert found == pytest.approx([80 / 95, 90 / 105])


def test_two_marks_by_one_reviewer_on_one_case_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        ratings_of([("1", "A", "a"), ("1", "A", "b")], "ab")
    with pytest.raises(ValueError, match="scale"):
        ratings_of([("1", "A", "z")], "ab")


def test_pairs_are_counted() -> None:
    assert FOUR_OBSERVERS.pairs == sum(len(list(combinations(range(count), 2))) for count in
                                       (3, 4, 4, 4, 4, 4, 4, 4, 4, 3, 2, 1))
