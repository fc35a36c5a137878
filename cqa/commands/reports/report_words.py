"""The consistency report on the screen: what was found in sentences, then the reviewers and the least agreement."""

from collections.abc import Iterable
from math import ceil

from cqa.consistency.headlines import Headline, enough, headlines
from cqa.consistency.readings import ENOUGH_PAIRS
from cqa.consistency.report import MIXED, ConsistencyReport
from cqa.consistency.reviewers import INCONSISTENT, LENIENT, NO_DIFFERENCE, NOT_ENOUGH, SEVERE, ReviewerResult
from cqa.screen.bars import interval_bar
from cqa.screen.printer import NARROW, Printer
from cqa.table import Cell, Column, Table

LETTERED = "Reviewers have letters; letters.csv says who is who, and stays with the leader."
_LEAST_LISTED = 10
_BAR = 19
_STEP = 5
"""The line of severities ends at a multiple of so many points."""


def tell(printer: Printer, report: ConsistencyReport, *, hidden: bool) -> None:
    """Says the findings, and shows the reviewers and the questions that reviewers agree on least."""
    printer.line(LETTERED if hidden else "This report is unblinded: it is the team leader's.")
    say(printer, headlines(report))
    if report.coverage["assessed"]:
        if any(one.severity.value is not None for one in report.reviewers):
            printer.line()
            printer.table(_reviewers(report), NARROW)
        if enough(report):
            printer.line()
            printer.table(_least_agreement(report), NARROW)
    printer.line()


def say(printer: Printer, findings: Iterable[Headline]) -> None:
    """Findings in their order, each under what it is about."""
    for one in findings:
        printer.line(f"\n{one.about}")
        printer.paragraph(one.says, indent=2)


def _reviewers(report: ConsistencyReport) -> Table:
    ends = [abs(end) for one in report.reviewers for end in (one.severity.value, one.severity.low, one.severity.high)
            if end is not None]
    most = max(_STEP, _STEP * ceil(max(ends, default=0) / _STEP))
    columns = (Column("Reviewer"), Column("Shared", "number"), Column("Points", "number"),
               Column("95% interval", "id"), Column(f"-{most}{'0':^{_BAR - 2 * len(str(most)) - 2}}+{most}", "id"),
               Column("Reading"))
    rows = tuple((one.reviewer, one.severity.cases, *_severity(one, most),
                  one.kind if one.kind in (SEVERE, LENIENT, INCONSISTENT) else "-") for one in report.reviewers)
    note = f"Reading '-': {NO_DIFFERENCE}, or {NOT_ENOUGH}. {report.panel.because}"
    return Table("reviewers", "How severe each reviewer is (points of 100; positive is more severe)",
                 f"{note} {MIXED if report.mixed else ''}".strip(), columns, rows)


def _severity(one: ReviewerResult, most: int) -> tuple[Cell, Cell, Cell]:
    found = one.severity
    if found.value is None:
        return "-", "-", ""
    spread = f"{found.low:+.1f} to {found.high:+.1f}" if found.low is not None and found.high is not None else "-"
    return f"{found.value:+.1f}", spread, interval_bar(found.value, found.low, found.high, -most, most, _BAR, zero=0)


def _least_agreement(report: ConsistencyReport) -> Table:
    known = enough(report)
    columns = (Column("Question", "id"), Column("Pairs", "number"), Column("Same mark", "percent"),
               Column("95% interval"), Column(f"0%{'50%':^{_BAR - 6}}100%", "id"), Column("AC2", "decimal"))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (report.name_of(one.scale), one.pairs, one.exact or 0.0,
         f"{one.exact_low:.0%} to {one.exact_high:.0%}" if one.exact_low is not None and one.exact_high is not None
         else "-", interval_bar(one.exact or 0.0, one.exact_low, one.exact_high, 0, 1, _BAR),
         one.ac2.value if one.ac2.value is not None else "not given") for one in known[:_LEAST_LISTED])
    few = len(report.agreement) - len(known)
    note = f"{few} of {len(report.agreement)} questions have fewer than {ENOUGH_PAIRS} pairs and are not listed." \
        if few else ""
    return Table("agreement", f"Questions with the least agreement ({len(rows)} of {len(report.agreement)})", note,
                 columns, rows)
