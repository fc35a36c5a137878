"""The report's charts: drawn where the figures bear them, with sentences that say what is to be seen."""

from cqa.chart import Intervals, plotted
from cqa.consistency.completion import Completion
from cqa.consistency.report_charts import report_charts
from cqa.consistency.tables import report_tables
from tests.consistency.test_headlines import ALIKE, HALF, pairs, report, scale


def test_with_enough_pairs_agreement_and_severity_are_drawn_and_the_lowest_is_named() -> None:
    made = report([*pairs("q1", ALIKE), *pairs("q2", HALF), *pairs("q3", ALIKE[:5])],
                  [scale("q1"), scale("q2"), scale("q3")], completion=[Completion("ann", 40, 38, 1, 0, 0)])
    charts = {chart.name: chart for chart in report_charts(made)}
    assert list(charts) == ["Chart of completion", "Chart of agreement", "Chart of severity", "Chart of levels"]
    agreement = charts["Chart of agreement"]
    assert isinstance(agreement, Intervals)
    assert agreement.sentence.startswith("Lowest: q2, 50% of 40 pairs. 1 question that has fewer than 20 pairs is not ")
    table = next(table for table in report_tables(made) if table.name == agreement.table)
    assert [row[0] for row in plotted(agreement, table).rows] == ["q2", "All questions", "q1"]
    assert "38 of 40 main cases are signed off" in charts["Chart of completion"].sentence


def test_without_pairs_there_is_no_picture_of_agreement_or_severity() -> None:
    names = [chart.name for chart in report_charts(report(pairs("q1", ALIKE[:4]), [scale("q1")]))]
    assert "Chart of agreement" not in names and "Chart of severity" not in names
    assert report_charts(report([], [], {"assessed": 0})) == ()
