"""The report gives no figure that its data cannot bear, and finds who is severe."""

import random

import pytest
from scipy import stats

from cqa.consistency.disagreements import disagreements
from cqa.consistency.marks import MarkRow, QuestionScale, marks_frame
from cqa.consistency.report import agreements, consistency_report
from cqa.consistency.results import results
from cqa.consistency.reviewers import reviewer_results, severity_of
from cqa.consistency.tables import report_charts, report_tables

SCALE = QuestionScale("r", "1", "q1", "S", "Ask", ("not_met", "partly_met", "fully_met"), ("cannot_tell",),
                      {"not_met": "Not met", "partly_met": "Partly met", "fully_met": "Fully met",
                       "cannot_tell": "Cannot tell"},
                      {"not_met": 0, "partly_met": 1, "fully_met": 2}, ())
LEVELS = SCALE.levels


def row(case: str, reviewer: str, mark: str, turn: str = "first", signed: bool = True) -> MarkRow:
    return MarkRow("s", case, "all", "h", reviewer, turn, "r", "1", "q1", mark, None, "", "", signed, "2026-03-02")


def pairs(marks: list[tuple[str, str]]) -> list[MarkRow]:
    return [made for case, (one, other) in enumerate(marks)
            for made in (row(str(case), "ann", one), row(str(case), "bob", other, "second"))]


def test_unsigned_marks_count_nowhere() -> None:
    rows = [row("1", "ann", "fully_met"), row("1", "bob", "not_met", "second", signed=False)]
    assert agreements(rows, [SCALE])[0].pairs == 0 and disagreements(rows, [SCALE]) == ()
    assert results(marks_frame(rows, [SCALE]), [SCALE], 1)[0].n == 1


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
    found = results(marks_frame(rows, [SCALE]), [SCALE], 5)[0]
    assert found.rate is None and found.n == 4 and "only 4 marks" in found.why
    assert found.levels == {"fully_met": 4, "partly_met": 0, "not_met": 0, "cannot_tell": 0}


def test_a_second_mark_does_not_inflate_the_results() -> None:
    found = results(marks_frame(pairs([("fully_met", "not_met")] * 10), [SCALE]), [SCALE], 5)[0]
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
        severe = reviewer_results(marks_frame(simulated(0.8, 100, seed), [SCALE]), ["ann", "bob"], [SCALE], 5)
        found += severe[1].reading == "severe" and severe[0].reading == "lenient"
        even = reviewer_results(marks_frame(simulated(0.0, 100, seed), [SCALE]), ["ann", "bob"], [SCALE], 5)
        accused += any(one.reading in ("severe", "lenient") for one in even)
    assert found >= 28 and accused <= 3


def test_severity_is_the_t_interval_of_the_case_differences() -> None:
    values = [3.0, -1.0, 4.5, 10.0, 0.0, 2.5]
    found = severity_of(values)
    low, high = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((low, high)) and found.value == pytest.approx(sum(values) / 6)


def test_few_shared_cases_give_no_severity() -> None:
    found = severity_of([5.0] * 4)
    assert found.value is None and "only 4 cases" in found.why


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
        assert {*chart.bands, chart.categories} <= {column.name for column in table.columns}
