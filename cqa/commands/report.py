"""`cqa report`: the consistency report and each reviewer's marked assessments, on screen, as workbooks and as JSON."""

from collections.abc import Sequence
from pathlib import Path

from cqa import __version__
from cqa.commands.books import reviewer_book
from cqa.commands.records import SampleRecord, mark_rows, question_scales, read_samples
from cqa.consistency.report import ConsistencyReport, consistency_report
from cqa.consistency.tables import report_charts, report_tables
from cqa.errors import Damaged, ExitCode, Problem, only_errors
from cqa.files.workbook import write_book
from cqa.files.workspace import Workspace, find_workspace
from cqa.screen.printer import Printer, listed
from cqa.table import Book, Column, Table
from cqa.world import World

_HANDLING = "Holds marks and reasons about people's work, unblinded: for the team leader. Do not pass it on."


def run(world: World, printer: Printer, names: tuple[str, ...], books: bool = True) -> int:
    """Reports on the named samples together, or on all. Raises NotSaved when a workbook cannot be written.

    Damage inside a journal ends with exit 7, after everything that can be read was reported.
    """
    workspace = find_workspace(world.folder)
    records = read_samples(workspace, names)
    problems = [problem for record in records for problem in record.problems]
    report = make_report(workspace, records)
    printer.problems(problems)
    printer.problems(_doubts(records, report))
    written = _write(world, printer, workspace, records, report) if books and records else []
    if printer.as_json:
        printer.json(report.as_json())
    else:
        _tell(printer, report, written)
    return Damaged.exit_code if only_errors(problems) else ExitCode.DONE


def make_report(workspace: Workspace, records: Sequence[SampleRecord]) -> ConsistencyReport:
    """The consistency report over samples, as values."""
    reviewers = dict.fromkeys(name for record in records for name in record.folder.sample.plan.reviewers)
    rubrics = dict.fromkeys(
        (plan.rubric.id, plan.rubric.version, plan.rubric.sha256)
        for record in records for plan in (record.folder.sample.plan,) if plan.rubric)
    settings = workspace.settings
    return consistency_report(
        mark_rows(records), question_scales(records), tuple(reviewers), [record.name for record in records],
        tuple(rubrics), _coverage(records), float(settings.margin), settings.small)


def _coverage(records: Sequence[SampleRecord]) -> dict[str, int | None]:
    firsts = [one for record in records for one in record.assessed if one.turn == "first"]
    seconds = [(record, one) for record in records for one in record.assessed if one.turn == "second"]
    return {
        "drawn": sum(case.main for record in records for case in record.folder.sample.cases),
        "assessed": sum(one.signed for one in firsts),
        "second_due": len(seconds),
        "second_marked": sum(record.both_signed(one.case.case_id) for record, one in seconds),
        "replaced": 0,
        "withdrawn": 0,
        "feedback_given": 0,
        "overdue": None,
    }


def _doubts(records: Sequence[SampleRecord], report: ConsistencyReport) -> list[Problem]:
    """Reasons in words why there is little to report."""
    if not records:
        return [Problem("S001", "There are no samples here.", "Draw one with: cqa draw", severity="warning")]
    doubts = [Problem("S016", f"Sample '{record.name}' was drawn without a rubric and is left out.",
                      severity="warning") for record in records if record.rubric is None]
    if not report.coverage["assessed"]:
        doubts.append(Problem("S010", "Nothing is signed off yet, so there are no figures.",
                              "cqa status shows what is begun.", severity="warning"))
    elif not report.coverage["second_marked"]:
        doubts.append(Problem("S017", "No case is signed off by two reviewers, so nothing can be said of agreement.",
                              "cqa status shows which second marks are due.", severity="warning"))
    return doubts


def _write(
    world: World, printer: Printer, workspace: Workspace, records: Sequence[SampleRecord], report: ConsistencyReport
) -> list[Path]:
    """Every workbook: one consistency report, and a book for each reviewer of each sample."""
    jobs = [(record, reviewer) for record in records if record.rubric
            for reviewer in record.folder.sample.plan.reviewers]
    now = world.now()
    written = []
    with printer.progress("Writing workbooks", len(jobs) + 1) as steps:
        name = "-".join(record.name.casefold() for record in records) if len(records) <= 3 else "all"
        book = _report_book(world, workspace, records, report)
        written.append(write_book(workspace.reports / f"{name}-consistency.xlsx", book, now))
        steps.advance()
        for record, reviewer in jobs:
            book = reviewer_book(workspace, record, reviewer, world.stamp())
            written.append(write_book(record.folder.books / f"{reviewer.casefold()}.xlsx", book, now))
            steps.advance()
    return written


def _report_book(
    world: World, workspace: Workspace, records: Sequence[SampleRecord], report: ConsistencyReport
) -> Book:
    cover = [
        ("Samples", listed([record.name for record in records])),
        *(("Rubric", f"{name} {version}, SHA-256 {digest}") for name, version, digest in report.rubrics),
        ("Main cases drawn", str(report.coverage["drawn"])),
        ("Signed off by the first marker", str(report.coverage["assessed"])),
        ("Signed off by both markers", str(report.coverage["second_marked"])),
        ("Made", f"{world.stamp()} by cqa {__version__}"),
        ("How to read this", "Coverage first, then Disagreements; Agreement and Reviewers say how far the marks would "
         "have been the same whoever gave them. Every figure is explained on the sheet Method."),
        ("Handling", _HANDLING),
    ]
    notes = ("A figure that its data cannot bear is not given, and the reason stands in its place.",
             *(f"{name.replace('_', ' ')}: {told}" for name, told in report.method.items()))
    return Book("Consistency report", workspace.settings.organisation, workspace.settings.language, tuple(cover), notes,
                report_tables(report), report_charts(report))


def _tell(printer: Printer, report: ConsistencyReport, written: Sequence[Path]) -> None:
    coverage = report.coverage
    printer.line(f"{coverage['assessed']} of {coverage['drawn']} main cases are signed off, "
                 f"{coverage['second_marked']} of {coverage['second_due']} second-marked cases by both markers.")
    if coverage["assessed"]:
        printer.table(_reviewers_summary(report))
        printer.table(_lowest_agreement(report))
    for path in written:
        printer.line(f"Written to {path}")


def _reviewers_summary(report: ConsistencyReport) -> Table:
    columns = (Column("Reviewer"), Column("Cases", "number"), Column("Shared", "number"),
               Column("Severity", "decimal"), Column("95% interval"), Column("Reading"))
    rows = tuple(
        (one.reviewer, one.cases, one.severity.cases,
         one.severity.value if one.severity.value is not None else "-",
         f"{one.severity.low:.1f} to {one.severity.high:.1f}"
         if one.severity.low is not None and one.severity.high is not None else "-", one.reading)
        for one in report.reviewers)
    return Table("reviewers", "Reviewers beside their partners (points of 100; positive is more severe)", "", columns,
                 rows)


def _lowest_agreement(report: ConsistencyReport, most: int = 10) -> Table:
    known = sorted((one for one in report.agreement if one.exact is not None and one.pairs >= 5),
                   key=lambda one: one.exact if one.exact is not None else 1.0)
    columns = (Column("Question", "id"), Column("Pairs", "number"), Column("Exact", "percent"),
               Column("AC2", "decimal"), Column("Reading"))
    rows = tuple(
        (one.scale.question, one.pairs, one.exact if one.exact is not None else "-",
         one.ac2.value if one.ac2.value is not None else "not given", one.reading) for one in known[:most])
    return Table("agreement", f"Questions with the least agreement ({len(rows)} of {len(report.agreement)})",
                 "" if rows else "No question has five pairs of marks yet.", columns, rows)
