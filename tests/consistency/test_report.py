"""The report gives no figure that its data cannot bear, and finds who is severe."""

import random
from dataclasses import replace

import pytest
from scipy import stats

from cqa.chart import plotted
from cqa.consistency.applicability import applicability
from cqa.consistency.disagreements import disagreements
from cqa.consistency.hidden import hidden_place, hidden_rows, letter, lettered, without_names
from cqa.consistency.intervals import wilson
from cqa.consistency.marks import MarkRow, QuestionScale, marks_frame
from cqa.consistency.overall import overall
from cqa.consistency.population import Reach
from cqa.consistency.questions import agreements
from cqa.consistency.report import ConsistencyReport, consistency_report
from cqa.consistency.report_charts import report_charts
from cqa.consistency.results import QuestionResult, assessed_of, results
from cqa.consistency.reviewers import ReviewerResult, panel_of
from cqa.consistency.tables import report_tables
from cqa.consistency.texts import text_flags
from cqa.table import Cell

SCALE = QuestionScale("r", "1", "q1", "S", "Ask", ("not_met", "partly_met", "fully_met"), ("cannot_tell",),
                      {"not_met": "Not met", "partly_met": "Partly met", "fully_met": "Fully met",
                       "cannot_tell": "Cannot tell"},
                      {"not_met": 0, "partly_met": 1, "fully_met": 2}, ())
LEVELS = SCALE.levels
COVERAGE = {"drawn": 3}


def row(case: str, reviewer: str, mark: str, turn: str = "first", signed: bool = True) -> MarkRow:
    return MarkRow("s", case, "all", "h", reviewer, turn, "r", "1", "q1", mark, None, "", "", signed, "2026-03-02")


def cells_of(report: ConsistencyReport, sheet: str) -> tuple[tuple[Cell, ...], ...]:
    return next(tuple(table.rows) for table in report_tables(report) if table.name == sheet)


def result_of(rows: list[MarkRow], small: int) -> QuestionResult:
    return results(assessed_of(rows, [SCALE], {}, Reach(), small), [SCALE])[0]


def reviewers_of(rows: list[MarkRow], names: str = "ann bob") -> tuple[ReviewerResult, ...]:
    return panel_of(marks_frame(rows, [SCALE]), names.split(), [SCALE], 5).reviewers


def pairs(marks: list[tuple[str, str]]) -> list[MarkRow]:
    return [made for case, (one, other) in enumerate(marks)
            for made in (row(str(case), "ann", one), row(str(case), "bob", other, "second"))]


def test_unsigned_marks_count_nowhere() -> None:
    rows = [row("1", "ann", "fully_met"), row("1", "bob", "not_met", "second", signed=False)]
    assert agreements(rows, [SCALE])[0].pairs == 0 and disagreements(rows, [SCALE]) == ()
    assert result_of(rows, 1).n == 1


def test_under_twenty_pairs_no_coefficient_is_given_but_agreement_is() -> None:
    found = agreements(pairs([("fully_met", "fully_met"), ("not_met", "partly_met")] * 9), [SCALE])[0]
    assert (found.pairs, found.exact, found.within_one) == (18, 0.5, 1.0)
    assert found.ac2.value is None and "18 pairs" in found.ac2.why and "20 are needed" in found.ac2.why


def test_alpha_is_withheld_where_too_little_lies_below_the_top() -> None:
    found = agreements(pairs([("fully_met", "fully_met")] * 60 + [("not_met", "partly_met")] * 3), [SCALE])[0]
    assert found.ac2.value is not None and found.alpha.value is None and "6 marks on 3 cases" in found.alpha.why


def test_all_marks_alike_is_not_defined_in_words() -> None:
    found = agreements(pairs([("fully_met", "fully_met")] * 60), [SCALE])[0]
    assert found.alpha.why == "not defined, because all marks are at one level"
    assert found.ac2.value == 1 and found.ac2.low is not None and found.ac2.low < 1


def test_pairs_lost_to_answers_off_the_scale_are_counted() -> None:
    found = agreements(pairs([("fully_met", "cannot_tell"), ("fully_met", "fully_met")]), [SCALE])[0]
    assert (found.pairs, found.lost) == (1, 1)


def test_a_rate_on_few_marks_is_a_count_and_a_reason() -> None:
    rows = [row(str(case), "ann", "fully_met") for case in range(4)]
    found = result_of(rows, 5)
    assert found.rate is None and found.n == 4 and "only 4 marks" in found.share.why
    assert found.levels == {"fully_met": 4, "partly_met": 0, "not_met": 0, "cannot_tell": 0}


def test_a_second_mark_does_not_inflate_the_results() -> None:
    found = result_of(pairs([("fully_met", "not_met")] * 10), 5)
    assert (found.n, found.rate) == (10, 1.0)


def simulated(shift: float, cases: int, seed: int) -> list[MarkRow]:
    """Bob marks lower than Ann by a known shift of the latent quality."""
    rng = random.Random(seed)
    rows = []
    for case in range(cases):
        truth = rng.gauss(0, 1)
        for reviewer, turn, severity in (("ann", "first", 0.0), ("bob", "second", shift)):
            seen = truth + rng.gauss(0, 0.5) - severity
            rows.append(row(str(case), reviewer, LEVELS[0 if seen < -1.2 else 1 if seen < -0.4 else 2], turn))
    return rows


def test_a_severe_reviewer_is_found_and_an_even_one_is_not_accused() -> None:
    found, accused = 0, 0
    for seed in range(30):
        severe = reviewers_of(simulated(0.8, 100, seed))
        found += severe[1].kind == "severe" and severe[0].kind == "lenient"
        even = reviewers_of(simulated(0.0, 100, seed))
        accused += any(one.kind in ("severe", "lenient") for one in even)
    assert found >= 28 and accused <= 3


def test_with_two_reviewers_the_within_case_estimate_is_half_the_paired_difference_with_its_t_interval() -> None:
    rows = simulated(0.8, 60, 2)
    ann, bob = reviewers_of(rows)
    frame = marks_frame(rows, [SCALE])
    wide = frame.pivot(index="case_id", columns="reviewer", values="percent")
    half = (wide["ann"] - wide["bob"]) / 2
    low, high = stats.ttest_1samp(half, 0).confidence_interval(0.95)
    within = bob.severity.within
    assert within.value == pytest.approx(half.mean()) and (within.low, within.high) == pytest.approx((low, high))
    assert ann.severity.within.value == pytest.approx(-half.mean())


def test_few_shared_cases_give_no_severity() -> None:
    told = [reviewers_of(shared(cases))[0].severity for cases in (4, 1)]
    assert told[0].value is None and "only 4 cases are shared" in told[0].why and told[0].within.value is None
    assert "only 1 case is shared" in told[1].why
    nobody = reviewers_of([row("1", "ann", "fully_met")], "ann")[0].severity
    assert nobody.value is None and "no case is shared" in nobody.why


def test_a_zero_width_interval_is_never_given() -> None:
    rows = pairs([("fully_met", "partly_met")] * 12)
    bob = reviewers_of(rows)[1]
    assert bob.severity.value == pytest.approx(25.0) and (bob.severity.low, bob.severity.high) == (None, None)
    assert "differ by exactly the same" in bob.severity.why and bob.kind == "severe"


def shared(cases: int, partners: tuple[str, ...] = ("bob",)) -> list[MarkRow]:
    """Ann marks all fully met, her partners in turn something lower on every other case."""
    return [made for case in range(cases) for made in (
        row(str(case), "ann", "fully_met"),
        row(str(case), partners[case % len(partners)], ("not_met", "partly_met")[case % 2], "second"))]


def test_nobody_is_called_severe_on_fewer_than_ten_shared_cases() -> None:
    nine, ten = (reviewers_of(shared(cases)) for cases in (9, 10))
    assert [one.kind for one in nine] == ["not enough shared cases"] * 2 and nine[1].severity.value is not None
    assert [one.kind for one in ten] == ["lenient", "severe"]


def test_with_few_reviewers_the_partners_are_named_with_their_shared_cases() -> None:
    two = reviewers_of(shared(20))
    assert two[1].reading == "severe beside their partners: ann (20 shared cases)"
    four = reviewers_of(shared(60, ("bob", "cat", "dan")), "ann bob cat dan")
    assert four[0].reading == "lenient" and four[0].partners == {"bob": 20, "cat": 20, "dan": 20}


@pytest.mark.parametrize(("marks", "told"), [
    ([("fully_met", "not_met")], "1 of 1 pair differs."),
    ([("fully_met", "fully_met")] * 3, "0 of 3 pairs differ."),
    ([("fully_met", "fully_met")] * 2 + [("not_met", "fully_met")] * 3, "Too few pairs: 3 of 5 differ."),
    ([("fully_met", "fully_met")] * 42 + [("not_met", "fully_met")] * 30, "About 4 in 10 pairs differ (31% to 53%)."),
    ([("fully_met", "fully_met")] * 98 + [("not_met", "fully_met")] * 2, "About 1 in 50 pairs differs (1% to 7%)."),
    ([("fully_met", "fully_met")] * 25, "None of 25 pairs differs (0% to 13%). Under 50 pairs: coefficients are "
     "rough."),
    ([("fully_met", "cannot_tell")] * 25,
     "Reviewers disagree whether this question can be answered: 25 of 25 pairs."),
    ([("cannot_tell", "cannot_tell")] * 3, "Both reviewers say that it cannot be answered or does not apply: 3 of 3 "
     "pairs."),
    ([("fully_met", "not_met"), ("fully_met", "cannot_tell")], "1 of 1 pair differs. In 1 pair more one reviewer gave "
     "no level."),
    ([], "Nothing can be said: no case was marked by two reviewers."),
])
def test_a_reading_claims_no_more_than_its_pairs_bear(marks: list[tuple[str, str]], told: str) -> None:
    assert agreements(pairs(marks), [SCALE])[0].reading == told


def test_exact_agreement_has_wilsons_interval_where_every_case_has_two_marks() -> None:
    marks = [("fully_met", "fully_met")] * 20 + [("fully_met", "not_met")] * 10
    found = agreements(pairs(marks), [SCALE])[0]
    assert (found.exact_low, found.exact_high) == wilson(20, 30)
    third = agreements([*pairs(marks), row("0", "cat", "fully_met", "second")], [SCALE])[0]
    assert third.exact is not None and third.exact_low is None


def test_within_one_means_nothing_on_two_levels() -> None:
    two = replace(SCALE, levels=("not_met", "fully_met"))
    report = consistency_report(pairs([("fully_met", "not_met")] * 9), [two], ["ann", "bob"], ["s"], [], COVERAGE, 5, 5)
    assert report.agreement[0].within_one is None
    assert "not meaningful on two levels" in cells_of(report, "Agreement")[1]


def test_specific_agreement_is_given_for_the_top_and_for_anything_below() -> None:
    marks = [("fully_met", "fully_met")] * 6 + [("not_met", "partly_met")] * 2 + [("fully_met", "not_met")] * 2
    found = agreements(pairs(marks), [SCALE])[0]
    assert found.specific == pytest.approx({"top": 12 / 14, "below_top": 4 / 6}) and found.below_top == 6
    assert found.as_json()["specific"] == found.specific


def test_applicability_is_a_question_of_its_own() -> None:
    marks = [("fully_met", "not_met")] * 20 + [("fully_met", "cannot_tell")] * 3 + [("cannot_tell", "cannot_tell")] * 2
    found = applicability(pairs(marks), [SCALE])[0]
    assert (found.pairs, found.one_sided) == (25, 3) and found.exact == pytest.approx(22 / 25)
    assert found.specific == pytest.approx({"off_scale": 4 / 7, "on_scale": 40 / 43})
    # Gwet 2008 by hand: pa = .88, pi(off) = 7/50, pe = 2 * .14 * .86
    assert found.ac1.value == pytest.approx((0.88 - 0.2408) / (1 - 0.2408))
    assert (found.exact_low, found.exact_high) == wilson(22, 25)
    assert applicability(pairs(marks[:19]), [SCALE])[0].ac1.value is None


def test_where_many_pairs_are_divided_agreement_is_also_given_with_answers_off_the_scale_as_a_level() -> None:
    marks = [("fully_met", "not_met")] * 20 + [("fully_met", "cannot_tell")] * 3 + [("cannot_tell", "cannot_tell")] * 2
    found = applicability(pairs(marks), [SCALE])[0].off_as_level
    # By hand: 2 of 25 pairs agree; shares .46 fully met, .40 not met, .14 off, none partly met, on four levels.
    chance = (0.46 * 0.54 + 0.40 * 0.60 + 0.14 * 0.86) / 3
    assert found is not None and found[0].value == pytest.approx((0.08 - chance) / (1 - chance))
    expected = (50**2 - 23**2 - 20**2 - 7**2) / (50 * 49)
    assert found[1].value == pytest.approx(1 - (46 / 50) / expected)
    few = [("fully_met", "not_met")] * 20 + [("fully_met", "cannot_tell")]
    assert applicability(pairs(few), [SCALE])[0].off_as_level is None


def many_questions(cases: int, seed: int = 1) -> tuple[list[MarkRow], list[QuestionScale]]:
    rng = random.Random(seed)
    scales = [replace(SCALE, question=f"q{number}") for number in range(4)]
    rows = [replace(made, question=scale.question) for scale in scales
            for made in pairs([(rng.choice(LEVELS), rng.choice(LEVELS)) if rng.random() < 0.5 else ("fully_met",) * 2
                               for _ in range(cases)])]
    return rows, scales


def test_the_rubrics_means_are_those_of_its_questions_with_whole_cases_left_out() -> None:
    rows, scales = many_questions(24)
    found = overall(rows, scales)[0]
    by_question = agreements(rows, scales)
    assert found.ac2.figure.value == pytest.approx(sum(one.ac2.value or 0 for one in by_question) / 4)
    assert found.exact.figure.value == pytest.approx(sum(one.exact or 0 for one in by_question) / 4)
    means = []
    for left in range(24):
        rest = agreements([made for made in rows if made.case_id != str(left)], scales)
        means.append(sum(one.ac2.value or 0 for one in rest) / 4)
    middle = sum(means) / 24
    slow = (23 / 24 * sum((mean - middle) ** 2 for mean in means)) ** 0.5
    assert found.ac2.figure.se == pytest.approx(slow) and found.ac2.questions == 4
    assert cells_of(consistency_report(rows, scales, ["ann", "bob"], ["s"], [], COVERAGE, 5, 5), "Agreement")[0][0] == \
        "All questions"


def test_the_rubrics_means_need_twenty_cases() -> None:
    found = overall(*many_questions(19))[0]
    assert found.alpha.figure.value is None and "only 19 cases have two marks" in found.alpha.figure.why


def test_few_are_counted_in_words() -> None:
    report = consistency_report(pairs([("fully_met", "not_met"), ("fully_met", "fully_met")]), [SCALE], ["ann", "bob"],
                                ["s"], [], COVERAGE, 5, 5)
    assert cells_of(report, "Agreement")[1][4] == "1 of 2" and cells_of(report, "Results")[0][3] == "2 of 2"
    assert cells_of(report, "Levels")[0][2] == "2 of 2" and cells_of(report, "Reviewer levels")[1][2] == "1 of 2"


def test_thin_texts_and_texts_on_several_cases_are_flagged_once_for_each_reviewer() -> None:
    rows = [replace(row(str(case), "ann", "not_met"), reason="Nothing on the file shows it.",
                    evidence=f"page {case} of the review") for case in range(4)]
    rows += [replace(row("9", "bob", "not_met"), reason="Late.", evidence="hearing record of 3 May")]
    flags = text_flags(rows)
    assert [(flag.reviewer, flag.kind, flag.finding, len(flag.cases)) for flag in flags] == [
        ("ann", "reason", "repeated", 4), ("bob", "reason", "thin", 1)]


def test_letters_follow_no_alphabet_and_no_name_survives() -> None:
    rows = [row(str(case), name, "fully_met") for name in ("ann", "bob", "cat", "dan") for case in range(3)]
    orders = set()
    for day in range(8):
        dated = [replace(made, at=f"2026-03-{day + 1:02d}") for made in rows]
        told = lettered({}, dated, ["ann", "bob", "cat", "dan"])
        assert sorted(told.values()) == ["Handler A", *(f"Reviewer {letter}" for letter in "ABCD")]
        assert {made.reviewer for made in hidden_rows(dated, told)} == set(told.values()) - {"Handler A"}
        orders.add(tuple(told[name] for name in ("ann", "bob", "cat", "dan")))
    assert len(orders) > 1
    people = {"ann": "Reviewer B", "ann.b": "Reviewer C"}
    assert hidden_place("samples/march/marks/ann.b.7f3a.jsonl", people) == "a journal of Reviewer C"
    assert hidden_place("samples/march/marks", people) == "samples/march/marks"
    assert without_names("marks/ANN.7f.jsonl of annex", {"ann": "Reviewer B"}) == "marks/Reviewer B.7f.jsonl of annex"


def test_letters_that_were_given_stay_and_new_people_have_the_next_ones() -> None:
    rows = [row("1", "ann", "fully_met"), replace(row("2", "bob", "met"), handler="x; y")]
    first = lettered({}, rows, ["ann", "bob"])
    assert sorted(first.values()) == ["Handler A", "Handler B", "Handler C", "Reviewer A", "Reviewer B"]
    later = lettered(first, [row("1", "cat", "fully_met"), row("1", "ann", "not_met")], ["cat", "ann"])
    assert later == {**first, "cat": "Reviewer C"}
    assert hidden_rows(rows, first)[1].handler == (
        f"{first['x']}; {first['y']}")
    assert [letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_thresholds_stand_in_the_method() -> None:
    method = consistency_report([], [SCALE], [], [], [], COVERAGE, 7, 5).method
    assert "beyond 7 points" in method["margin"] and "10 shared cases" in method["margin"]
    assert "Under 5 shared cases" in method["margin"]


def test_the_furthest_disagreements_come_first() -> None:
    found = disagreements(pairs([("fully_met", "partly_met"), ("fully_met", "not_met"), ("fully_met", "cannot_tell"),
                                 ("fully_met", "fully_met")]), [SCALE])
    assert [pair.apart for pair in found] == [2, 1, None]


@pytest.mark.parametrize("rows", [[], [row("1", "ann", "fully_met")], simulated(0.5, 60, 1)])
def test_every_table_is_whole_whatever_the_data(rows: list[MarkRow]) -> None:
    report = consistency_report(rows, [SCALE], ["ann", "bob"], ["s"], [("r", "1", "0" * 64)], {"drawn": 3}, 5.0, 5)
    names = [table.name for table in report_tables(report)]
    assert len(set(names)) == len(names)
    for table in report_tables(report):
        assert all(len(cells) == len(table.columns) for cells in table.rows)
        assert not any(cell == "" for cells in table.rows for cell in cells)
    for chart in report_charts(report):
        table = next(table for table in report_tables(report) if table.name == chart.table)
        shown = plotted(chart, table)
        assert all(len(cells) == len(shown.columns) for cells in shown.rows)
