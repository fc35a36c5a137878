"""The consistency report as a workbook before it is written: its cover, its notes, its sheets."""

from collections.abc import Sequence

from cqa.book import Book
from cqa.commands.records import SampleRecord
from cqa.commands.reports.books import anchor_table, as_of
from cqa.commands.reports.report_making import Wanted, make_report
from cqa.consistency.headlines import headlines
from cqa.consistency.listings import left_out_said
from cqa.consistency.report import ConsistencyReport
from cqa.consistency.report_charts import report_charts
from cqa.consistency.rescored_tables import rescored_said, rescored_tables
from cqa.consistency.tables import report_tables
from cqa.files.anchors import anchor_of
from cqa.files.workspace import Workspace
from cqa.screen.printer import listed
from cqa.table import Table

_HANDLING = "Holds marks and reasons about people's work, unblinded: for the team leader. Do not pass it on."
_HANDLING_HIDDEN = ("Holds marks and reasons about people's work. Reviewers and handlers have letters that stay the "
                    "same in later reports; letters.csv of the workspace says who is who, and stays there. What people "
                    "wrote is not changed, and may name somebody.")


def report_book(
    workspace: Workspace, records: Sequence[SampleRecord], report: ConsistencyReport, *, hidden: bool = False
) -> Book:
    """The report as a workbook: first what was found in plain sentences, then what it is made from, then every figure.
    """
    left_out = left_out_said(report.left_out)
    cover = (
        *((one.about, one.says) for one in (rescored_said(report.rescored) if report.rescored else ())),
        *((one.about, one.says) for one in headlines(report)),
        ("How to read this", "Every figure, and how each sample was drawn, is explained on the sheet Method. Agreement "
         "and Reviewers say how far the marks would have been the same whoever gave them; the charts show the same "
         "figures as the sheets they name."),
        ("Samples", listed(report.samples)),
        *(("Rubric", f"{name} {version}, SHA-256 {digest}") for name, version, digest in report.rubrics),
        ("Left out", left_out.removeprefix("Left out: ")),
        as_of(records),
        ("Handling", _HANDLING_HIDDEN if hidden else _HANDLING),
    )
    notes = (left_out, "A figure that its data cannot bear is not given, and the reason stands in its place.",
             f"A share of fewer than {report.small} cases is printed as a count.",
             "Intervals are 95%. Those of results speak of the frame the cases were drawn from; those of agreement of "
             "further cases marked by these reviewers.",
             "Severity is how a reviewer marks beside the panel. It is not error: only a reference mark can say who is "
             "right.",
             "How every figure was made, and how each sample was drawn, stands on the sheet Method.")
    return Book("Consistency report", workspace.settings.organisation, workspace.settings.language, cover, notes,
                (*(rescored_tables(report.rescored) if report.rescored else ()), *report_tables(report),
                 *_anchors(records, hidden=hidden)), report_charts(report))


def _anchors(records: Sequence[SampleRecord], *, hidden: bool) -> tuple[Table, ...]:
    """The anchors of the samples, which name everybody who marks: left out where names are hidden."""
    if hidden:
        return ()
    return (anchor_table([line for record in records for line in anchor_of(record.folder).lines]),)


def consistency_book(workspace: Workspace, record: SampleRecord) -> Book:
    """The consistency report over one sample, with names or without as the settings say. What is overdue is counted on
    the day of the last entry in its journals, so that the same record makes the same book on every day."""
    hidden = workspace.settings.names == "hidden"
    report = make_report(workspace, [record], Wanted(record.as_of.date(), hidden=hidden))
    return report_book(workspace, [record], report, hidden=hidden)
