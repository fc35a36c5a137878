"""`cqa report`: the consistency report and each reviewer's marked assessments, on screen, as workbooks and as JSON."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cqa.commands.books import anchor_table, as_of, reviewer_book
from cqa.commands.here import workspace_here
from cqa.commands.records import SampleRecord, mark_rows, question_scales, read_samples
from cqa.consistency.hidden import aliases, hidden_place, hidden_rows, without_names
from cqa.consistency.listings import left_out_said
from cqa.consistency.population import Design, Reach
from cqa.consistency.questions import QuestionAgreement
from cqa.consistency.readings import ENOUGH_PAIRS
from cqa.consistency.report import MIXED, ConsistencyReport, Ground, consistency_report
from cqa.consistency.scores import Units
from cqa.consistency.tables import report_charts, report_tables
from cqa.errors import Damaged, ExitCode, NotSaved, Problem, only_errors
from cqa.files.anchors import anchor_of
from cqa.files.parts import refuse_take
from cqa.files.workbook import write_book
from cqa.files.workspace import Workspace
from cqa.sampling.changes import HandOn
from cqa.sampling.plan import RubricRef
from cqa.screen.printer import Printer, listed
from cqa.table import Book, Cell, Column, Table
from cqa.world import World

_HANDLING = "Holds marks and reasons about people's work, unblinded: for the team leader. Do not pass it on."
_NAMED_IN_FILES = 3
"""Up to so many samples name their report's file themselves."""


def run(
    world: World, printer: Printer, names: tuple[str, ...], books: bool = True, reach: Reach | None = None
) -> int:
    """Reports on the named samples together, or on all: figures first, then the workbooks.

    What cannot be written ends with exit 5, after everything else was written and the figures were told. Damage inside
    a journal ends with exit 7, after everything that can be read was reported; the books it concerns stay as they are.
    """
    workspace = workspace_here(world, printer)
    records = read_samples(workspace, names)
    for record in records:
        refuse_take(record.folder)
    left_out = _left_out(records)
    printer.problems(left_out)
    report = make_report(workspace, records, reach)
    printer.problems(report.doubts)
    if printer.as_json:
        printer.json(report.as_json())
    else:
        _tell(printer, report)
    refused = _write(printer, workspace, records, report) if books and records else []
    printer.problems(refused)
    if only_errors(left_out):
        return Damaged.exit_code
    return NotSaved.exit_code if refused else ExitCode.DONE


def make_report(
    workspace: Workspace, records: Sequence[SampleRecord], reach: Reach | None = None
) -> ConsistencyReport:
    """The consistency report over samples, as values; without names where cqa.yaml says `names: hidden`."""
    settings = workspace.settings
    rows = mark_rows(records)
    reviewers = tuple(dict.fromkeys(name for record in records for name in record.folder.sample.reviewers))
    told = aliases(rows, reviewers) if settings.names == "hidden" else {}
    rubrics = dict.fromkeys((ref.id, ref.version, ref.sha256) for record in records for ref in _rubrics(record))
    coverage = _coverage(records)
    return consistency_report(
        hidden_rows(rows, told), question_scales(records), _in_order(reviewers, told),
        [record.name for record in records], tuple(rubrics), coverage, float(settings.margin), settings.small,
        _draws(records), tuple(_placed(workspace, problem, told and {**_passed_over(records, reviewers), **told})
                               for problem in _left_out(records)),
        _doubts(records, coverage), Ground({record.name: _design(record) for record in records if record.rubric},
                                           _units(workspace, told), reach or Reach(), _in_time(records)))


def _passed_over(records: Sequence[SampleRecord], reviewers: Sequence[str]) -> dict[str, str]:
    """In the place of their names, those to whom a case was handed on in a way that does not count."""
    takers = {void.change.taker for record in records for void in record.settled.void
              if isinstance(void.change, HandOn) and void.change.taker}
    return dict.fromkeys(sorted(takers.difference(reviewers)), "somebody else")


def _rubrics(record: SampleRecord) -> tuple[RubricRef, ...]:
    """The versions of the rubric that govern what the sample holds, as drawn first."""
    drawn, used = record.settled.drawn.plan.rubric, {rubric.version for rubric in record.rubrics}
    versions = (*((drawn,) if drawn else ()), *(one.to for one in record.settled.moves))
    return tuple(dict.fromkeys(ref for ref in versions if ref.version in used))


def _moved(record: SampleRecord) -> str:
    return "".join(f"; moved to {one.to.version}, SHA-256 {one.to.sha256}, on {one.at[:10]}: {one.reason}"
                   for one in record.settled.moves)


def _design(record: SampleRecord) -> Design:
    """How the sample was drawn: the sizes of its strata, and the weights of its cases where chances were unequal."""
    sample = record.folder.sample
    weights = {case.case_id: float(case.weight) for case in sample.cases if case.main}
    return Design({stratum.name: stratum.eligible for stratum in sample.strata if stratum.eligible},
                  weights if sample.plan.columns.weight else {})


def _in_time(records: Sequence[SampleRecord]) -> tuple[str, ...]:
    """The samples with a rubric in the order in which they were drawn."""
    return tuple(record.name for record in sorted(
        (record for record in records if record.rubric),
        key=lambda record: (record.folder.sample.drawn_at, record.name)))


def _units(workspace: Workspace, told: Mapping[str, str]) -> Units:
    """Who belongs to which unit by people.csv, under the names that the report uses."""
    known = {person.name.casefold(): person.unit for person in workspace.people if person.unit}
    if not told:
        return Units(known)
    return Units({alias.casefold(): unit for name, alias in told.items()
                  if (unit := next((known[part.casefold()] for part in name.split("; ") if part.casefold() in known),
                                   ""))})


def _in_order(reviewers: Sequence[str], told: Mapping[str, str]) -> list[str]:
    """The reviewers as the report lists them: as drawn, or by their numbers where names are hidden."""
    return sorted((told[name] for name in reviewers), key=lambda alias: (len(alias), alias)) if told else [*reviewers]


def _placed(workspace: Workspace, problem: Problem, told: Mapping[str, str]) -> Problem:
    """The problem with its file named from the workspace on, and without names where they are hidden."""
    path = Path(problem.where)
    where = path.relative_to(workspace.root).as_posix() if path.is_relative_to(workspace.root) else problem.where
    return replace(problem, where=hidden_place(where, told), message=without_names(problem.message, told),
                   remedy=without_names(problem.remedy, told))


def _left_out(records: Sequence[SampleRecord]) -> tuple[Problem, ...]:
    """What is not in the figures: lines and journals that cannot be used, and samples without a rubric."""
    return tuple(problem for record in records for problem in (
        *record.problems,
        *((Problem("S016", f"Sample '{record.name}' was drawn without a rubric and is left out.",
                   severity="warning"),) if record.rubric is None else ())))


def _coverage(records: Sequence[SampleRecord]) -> dict[str, int | None]:
    """Counts of cases, a withdrawn one still among those drawn; None for what no command records yet."""
    counted = [record for record in records if record.rubric]
    firsts = [one for record in records for one in record.assessed if one.turn == "first"]
    seconds = [(record, one) for record in records for one in record.assessed if one.turn == "second"]
    return {
        "drawn": sum(_mains(record) for record in counted),
        "assessed": sum(one.signed for one in firsts),
        "second_due": len(seconds),
        "second_marked": sum(record.both_signed(one.case.case_id) for record, one in seconds),
        "replaced": sum(len(record.settled.replacements) for record in counted),
        "withdrawn": sum(len(record.settled.withdrawals) for record in counted),
        "withdrawn_signed": sum(record.withdrawn_signed for record in counted),
        "feedback_given": None,
        "overdue": None,
    }


def _mains(record: SampleRecord) -> int:
    """How many main cases were drawn: replacing one does not change that, and withdrawing one does not either."""
    return sum(case.main for case in record.settled.drawn.cases)


def _draws(records: Sequence[SampleRecord]) -> dict[str, str]:
    """How each sample was drawn, so that anyone can check it: one line for each thing, under the sample's name."""
    told: dict[str, str] = {}
    for record in records:
        sample = record.folder.sample
        plan, rubric = sample.plan, record.settled.drawn.plan.rubric
        lines = {
            "frame": f"{sample.frame_cases} cases in {listed([source.name for source in sample.sources])}; "
                     f"digest {sample.frame_digest}",
            "seed": f"{sample.seed} (source: {sample.seed_source})",
            "take": f"{plan.amount.told(plan.columns)}; "
                    f"{_mains(record)} main cases were drawn",
            "second share": f"{plan.second}",
            "exclusions": "; ".join(f"{reason}: {count} cases" for reason, count in sample.excluded.items()) or "none",
            "rubric": f"{rubric.id} {rubric.version}, SHA-256 {rubric.sha256}{_moved(record)}" if rubric else "none",
        }
        told.update({f"Sample {record.name}: {name}": text for name, text in lines.items()})
    return told


def _doubts(records: Sequence[SampleRecord], coverage: Mapping[str, int | None]) -> tuple[Problem, ...]:
    """Reasons in words why there is little to report."""
    if not records:
        return (Problem("S001", "There are no samples here.", "Draw one with: cqa draw", severity="warning"),)
    doubts = [*_unlike(records)]
    if not coverage["assessed"]:
        doubts.append(Problem("S010", "Nothing is signed off yet, so there are no figures.", "cqa status shows what is "
                              "begun.", severity="warning"))
    elif not coverage["second_marked"]:
        doubts.append(Problem("S017", "No case is signed off by two reviewers, so nothing can be said of agreement.",
                              "cqa status shows which second marks are due.", severity="warning"))
    return tuple(doubts)


def _unlike(records: Sequence[SampleRecord]) -> Iterator[Problem]:
    """A warning for every rubric version that is not the same file in all samples: its figures mix two rubrics."""
    found: dict[tuple[str, str], set[str]] = {}
    for record in records:
        for rubric in _rubrics(record):
            found.setdefault((rubric.id, rubric.version), set()).add(rubric.sha256)
    for (name, version), digests in found.items():
        if len(digests) > 1:
            yield Problem("R020", f"Rubric {name} {version} is not the same in all these samples; the figures take it "
                          "as one.", "Report on the samples apart, and raise the version of a rubric that is changed.",
                          severity="warning")


def _write(
    printer: Printer, workspace: Workspace, records: Sequence[SampleRecord], report: ConsistencyReport
) -> list[Problem]:
    """Every workbook: one consistency report, and a book for each reviewer of each sample. Gives what was refused."""
    jobs = [(record, reviewer) for record in records if record.rubric
            for reviewer in record.folder.sample.reviewers]
    written: list[Path] = []
    refused: list[Problem] = []
    kept: list[Path] = []

    def put(path: Path, book: Book) -> None:
        try:
            written.append(write_book(path, book, max(record.as_of for record in records)))
        except NotSaved as error:
            refused.extend(error.problems)

    with printer.progress("Writing workbooks", len(jobs) + 1) as steps:
        put(workspace.reports / f"{file_name(records)}-consistency.xlsx", _report_book(workspace, records, report))
        steps.advance()
        for record, reviewer in jobs:
            path = record.folder.books / f"{reviewer.casefold()}.xlsx"
            if path.exists() and reviewer in concerned(record):
                kept.append(path)
            else:
                put(path, reviewer_book(workspace, record, reviewer))
            steps.advance()
    for path in written:
        printer.line(f"Written to {path}")
    for path in kept:
        printer.line(f"Left as it was, because a journal it is made from cannot be read in full: {path}")
    return refused


def file_name(records: Sequence[SampleRecord]) -> str:
    """What a report's file begins with: no two sets of samples share it, for no sample's name holds a '+'."""
    names = sorted(record.name.casefold() for record in records)
    if len(names) <= _NAMED_IN_FILES:
        return "+".join(names)
    return f"{len(names)}-samples++{hashlib.sha256('+'.join(names).encode()).hexdigest()[:12]}"


def concerned(record: SampleRecord) -> frozenset[str]:
    """The reviewers whose journals are damaged or cannot be read; all where nobody can say whose the journal is."""
    reviewers = record.folder.sample.reviewers
    found: set[str] = set()
    for problem in only_errors(record.problems):
        owner = Path(problem.where).name.casefold()
        found.update([name for name in reviewers if owner.startswith(f"{name.casefold()}.")] or reviewers)
    return frozenset(found)


def _report_book(workspace: Workspace, records: Sequence[SampleRecord], report: ConsistencyReport) -> Book:
    coverage, left_out = report.coverage, left_out_said(report.left_out)
    cover = [
        ("Samples", listed(report.samples)),
        *(("Rubric", f"{name} {version}, SHA-256 {digest}") for name, version, digest in report.rubrics),
        ("Main cases drawn", str(coverage["drawn"])),
        ("Signed off by the first marker", str(coverage["assessed"])),
        ("Signed off by both markers", f"{coverage['second_marked']} of {coverage['second_due']}"),
        *((("Withdrawn", _withdrawn(coverage)),) if coverage["withdrawn"] else ()),
        ("Left out", left_out.removeprefix("Left out: ")),
        as_of(records),
        *((("Names", "Hidden. The numbers hold within this report only; what people wrote is not changed."),)
          if workspace.settings.names == "hidden" else ()),
        ("How to read this", "Coverage first, then Critical failures and Disagreements; Agreement and Reviewers say "
         "how far the marks would have been the same whoever gave them. Every figure, and how each sample was drawn, "
         "is explained on the sheet Method."),
        ("Handling", _HANDLING),
    ]
    notes = (left_out, "A figure that its data cannot bear is not given, and the reason stands in its place.",
             f"A share of fewer than {report.small} cases is printed as a count.",
             "Intervals are 95%. Those of results speak of the frame the cases were drawn from; those of agreement of "
             "further cases marked by these reviewers.",
             "Severity is how a reviewer marks beside the panel. It is not error: only a reference mark can say who is "
             "right.",
             "How every figure was made, and how each sample was drawn, stands on the sheet Method.")
    return Book("Consistency report", workspace.settings.organisation, workspace.settings.language, tuple(cover), notes,
                (*report_tables(report), *_anchors(workspace, records)), report_charts(report))


def _anchors(workspace: Workspace, records: Sequence[SampleRecord]) -> tuple[Table, ...]:
    """The anchors of the samples, which name everybody who marks: left out where names are hidden."""
    if workspace.settings.names == "hidden":
        return ()
    return (anchor_table([line for record in records for line in anchor_of(record.folder).lines]),)


def _withdrawn(coverage: Mapping[str, int | None]) -> str:
    """How many cases were withdrawn, and that some had been signed off where they had."""
    signed = coverage["withdrawn_signed"]
    return f"{coverage['withdrawn']}, of which {signed} had been signed off" if signed else f"{coverage['withdrawn']}"


def _tell(printer: Printer, report: ConsistencyReport) -> None:
    coverage = report.coverage
    printer.line("This report is unblinded: it is the team leader's.")
    if len(report.rubrics) > 1:
        printer.line(f"Rubrics: {listed([f'{name} {version}' for name, version, _ in report.rubrics])}.")
    printer.line(f"{coverage['assessed']} of {coverage['drawn']} main cases are signed off, "
                 f"{coverage['second_marked']} of {coverage['second_due']} second-marked cases by both markers.")
    if coverage["withdrawn"]:
        printer.line(f"Withdrawn: {_withdrawn(coverage)}.")
    if coverage["assessed"]:
        printer.table(_reviewers_summary(report))
        printer.table(_lowest_agreement(report))


def _reviewers_summary(report: ConsistencyReport) -> Table:
    columns = (Column("Reviewer"), Column("Cases", "number"), Column("Shared", "number"),
               Column("Severity", "decimal"), Column("95% interval"), Column("Within cases", "decimal"),
               Column("Reading"))
    rows = tuple(
        (one.reviewer, one.cases, one.severity.cases,
         one.severity.value if one.severity.value is not None else "-",
         f"{one.severity.low:.1f} to {one.severity.high:.1f}"
         if one.severity.low is not None and one.severity.high is not None else "-",
         one.severity.within.value if one.severity.within.value is not None else "-", one.reading)
        for one in report.reviewers)
    return Table("reviewers", "How severe each reviewer is (points of 100; positive is more severe)",
                 f"{report.panel.because} {MIXED if report.mixed else ''}".strip(), columns, rows)


def _lowest_agreement(report: ConsistencyReport, most: int = 10) -> Table:
    known = sorted((one for one in report.agreement if one.pairs >= ENOUGH_PAIRS), key=_exact)
    columns = (Column("Question", "id"), Column("Pairs", "number"), Column("Exact", "percent"),
               Column("AC2", "decimal"), Column("Reading"))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (report.name_of(one.scale), one.pairs, _exact(one), one.ac2.value if one.ac2.value is not None else "not given",
         one.reading) for one in known[:most])
    few = len(report.agreement) - len(known)
    note = f"{few} of {len(report.agreement)} questions have fewer than {ENOUGH_PAIRS} pairs and are not listed." \
        if few else ""
    return Table("agreement", f"Questions with the least agreement ({len(rows)} of {len(report.agreement)})", note,
                 columns, rows)


def _exact(one: QuestionAgreement) -> float:
    return one.exact if one.exact is not None else 1.0


def consistency_book(workspace: Workspace, record: SampleRecord) -> Book:
    """The consistency report over one sample, as a workbook before it is written."""
    return _report_book(workspace, [record], make_report(workspace, [record]))
