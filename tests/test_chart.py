"""What a chart draws: only rows that have figures, in its order, with how far each interval reaches."""

from cqa.chart import DOWN, NUMBER, UP, Funnel, Intervals, OverTime, StackedBars, plotted, unbroken_runs
from cqa.table import Column, Table

AGREEMENT = Table("Agreement", "t", "n", (
    Column("Question", "id"), Column("Pairs", "number"), Column("Exact", "percent"), Column("Low", "percent"),
    Column("High", "percent"), Column("Reading", "long")), (
    ("All questions", 99, 0.75, 0.5, 0.875, "-"), ("q1", 40, 0.5, 0.25, 0.625, "-"), ("q2", 19, 0.1, 0.0, 0.5, "-"),
    ("q3", 3, "2 of 3", "-", "-", "-"), ("q4", 30, 1.0, 0.75, 1.0, "-")))


def intervals(highest_first: bool = False, enough: tuple[str, int] | None = ("Pairs", 20)) -> Intervals:
    return Intervals("C", "t", "s", "Agreement", "Question", "Exact", "Low", "High", "Share", highest_first, enough)


def test_intervals_are_sorted_and_told_by_their_reach_and_few_pairs_are_not_drawn() -> None:
    shown = plotted(intervals(), AGREEMENT)
    assert [column.name for column in shown.columns] == ["Question", "Exact", "Low", "High", DOWN, UP]
    assert list(shown.rows) == [("q1", 0.5, 0.25, 0.625, 0.25, 0.125), ("All questions", 0.75, 0.5, 0.875, 0.25, 0.125),
                                ("q4", 1.0, 0.75, 1.0, 0.25, 0.0)]
    assert [row[0] for row in plotted(intervals(highest_first=True), AGREEMENT).rows] == ["q4", "All questions", "q1"]
    assert [row[0] for row in plotted(intervals(enough=None), AGREEMENT).rows] == ["q2", "q1", "All questions", "q4"]


def test_bars_leave_out_rows_whose_shares_are_counts_in_words() -> None:
    levels = Table("Levels", "t", "n", (Column("Question", "id"), Column("Met", "percent"), Column("Not", "percent")),
                   (("q1", 0.25, 0.75), ("q2", "2 of 4", "2 of 4")))
    shown = plotted(StackedBars("C", "t", "s", "Levels", "Question", ("Not", "Met")), levels)
    assert list(shown.rows) == [("q1", 0.75, 0.25)]


def test_a_line_over_time_is_numbered_in_order_and_knows_where_it_breaks() -> None:
    trend = Table("Trend", "t", "n", (
        Column("What"), Column("Sample", "id"), Column("Version", "id"), Column("Share", "percent"),
        Column("Low", "percent"), Column("High", "percent")), (
        ("all", "a", "1", 0.5, 0.25, 0.75), ("theme", "a", "1", 0.1, 0.0, 0.2),
        ("all", "b", "2", "not given", "-", "-"), ("all", "c", "2", 0.5, 0.25, 1.0)))
    chart = OverTime("C", "t", "s", "Trend", "Sample", "Version", "Share", "Low", "High", "Share", ("What", "all"))
    shown = plotted(chart, trend)
    assert [column.name for column in shown.columns][:3] == [NUMBER, "Sample", "Version"]
    assert list(shown.rows) == [(1, "a", "1", 0.5, 0.25, 0.75, 0.25, 0.25), (2, "c", "2", 0.5, 0.25, 1.0, 0.25, 0.5)]
    assert unbroken_runs("aabba") == [("a", 0, 1), ("b", 2, 3), ("a", 4, 4)] and unbroken_runs("") == []


def test_a_funnel_draws_units_that_have_both_figures() -> None:
    units = Table("Units", "t", "n", (Column("Unit"), Column("Size", "number"), Column("Share", "percent")),
                  (("North", 40.5, 0.5), ("South", "-", "not given")))
    chart = Funnel("C", "t", "s", "Units", "Unit", "Size", "Share", "Limits", "Share", "Size")
    assert list(plotted(chart, units).rows) == [("North", 40.5, 0.5)]
