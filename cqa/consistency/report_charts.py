"""The charts of the report: pictures of its tables, each drawn only where its figures bear it."""

from collections.abc import Iterator

from cqa.chart import Chart, Funnel, Intervals, OverTime, StackedBars
from cqa.consistency.cells import CHART_COLUMN, labels_of
from cqa.consistency.control_limits import P_95, P_998
from cqa.consistency.funnel import ENOUGH_UNITS, SIZE, known, middle_of, outside
from cqa.consistency.headlines import enough
from cqa.consistency.readings import ENOUGH_PAIRS
from cqa.consistency.report import ConsistencyReport
from cqa.consistency.reviewers import ENOUGH_CASES
from cqa.consistency.trend import ALL

BEST = "At the best level"


def report_charts(report: ConsistencyReport) -> tuple[Chart, ...]:
    """Every chart that the figures bear, in the order in which a team leader asks."""
    return tuple(chart for make in (_completion, _agreement, _severity, _levels, _units, _trend)
                 for chart in make(report))


def _completion(report: ConsistencyReport) -> Iterator[Chart]:
    if not any(one.to_mark for one in report.completion):
        return
    owed = sum(one.open for one in report.completion)
    whole = sum(one.to_mark for one in report.completion)
    yield StackedBars(
        "Chart of completion", "How much of the marking is done", f"{whole - owed} of {whole} main cases are signed "
        "off. Each bar is what a reviewer was given to mark first.", "Completion", "Reviewer",
        ("Signed off", "Begun", "Not begun"), "Main cases", counts=True)


def _agreement(report: ConsistencyReport) -> Iterator[Chart]:
    found = enough(report)
    if not found:
        return
    left = len(report.agreement) - len(found)
    worst = found[0]
    yield Intervals(
        "Chart of agreement", "How often two reviewers gave the same mark", f"Lowest: {report.name_of(worst.scale)}, "
        f"{worst.exact or 0:.0%} of {worst.pairs} pairs. {_left_out(left)}Lines: 95% intervals.",
        "Agreement", CHART_COLUMN, "Exact", "Low", "High", "Share of pairs with the same mark",
        enough=("Pairs", ENOUGH_PAIRS))


def _left_out(questions: int) -> str:
    if not questions:
        return ""
    verb, noun = ("has", "question") if questions == 1 else ("have", "questions")
    return f"{questions} {noun} that {verb} fewer than {ENOUGH_PAIRS} pairs {'is' if questions == 1 else 'are'} not " \
           "drawn. "


def _severity(report: ConsistencyReport) -> Iterator[Chart]:
    found = [one for one in report.reviewers if one.severity.low is not None]
    if not found:
        return
    left = len(report.reviewers) - len(found)
    untold = f"{left} with fewer than {ENOUGH_CASES} shared cases or without an interval not drawn. " if left else ""
    yield Intervals(
        "Chart of severity", "How severe each reviewer is beside the panel", "Right of 0 is more severe, left more "
        f"lenient, in points of 100. {untold}Lines: 95% intervals; severity is not error.", "Reviewers", "Reviewer",
        "Severity, points of 100", "Low", "High", "Points of 100 that marks are lower than the panel's",
        highest_first=True)


def _levels(report: ConsistencyReport) -> Iterator[Chart]:
    bands = tuple(labels_of(result.scale for result in report.results).values())
    if bands:
        yield StackedBars(
            "Chart of levels", "How often each answer was given, by question", "Each bar is a question, each band the "
            "share of an answer among all answers to it. A question with fewer than "
            f"{report.small} answers has no bar.", "Levels", CHART_COLUMN, bands)


def _units(report: ConsistencyReport) -> Iterator[Chart]:
    found = known(report.units)
    if len(found) < ENOUGH_UNITS:
        return
    middle = middle_of(report.units)
    beyond, far = outside(report.units, P_95), outside(report.units, P_998)
    told = f"Beyond the outer lines, so more than chance explains: {', '.join(far)}." if far else \
        f"Between the lines, worth a question: {', '.join(beyond)}." if beyond else \
        "No unit lies beyond the lines: the differences between units may be chance."
    left = len(report.units) - len(found)
    untold = f" {left} without a figure not drawn." if left else ""
    yield Funnel(
        "Chart of units", "Units beside all units together", f"All: {middle:.0%} at the best level. {told} Dashed "
        f"lines hold 95% of units by chance, dotted ones 99.8%.{untold}", "Units", "Unit", "Effective size", BEST,
        "Funnel limits", "Share of marks at the best level", f"Effective {SIZE.lower()}: of a simple sample that would "
        "be as exact")


def _trend(report: ConsistencyReport) -> Iterator[Chart]:
    line = [point for point in report.trend if point.kind == ALL and point.share.low is not None]
    if len(line) < 2 or len({point.rubric for point in line}) > 1:
        return
    versions = list(dict.fromkeys(point.version for point in line))
    broken = f" The line breaks where the rubric changed: versions {', '.join(versions)} are not compared." \
        if len(versions) > 1 else ""
    yield OverTime(
        "Chart of the trend", "From sample to sample, all questions together", "Share of marks at the best level, with "
        f"95% intervals.{broken}", "Trend", "Sample", "Version", BEST, "Low", "High",
        "Share of marks at the best level", only=("What", ALL))
