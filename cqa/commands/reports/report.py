"""`cqa report`: the consistency report and each reviewer's marked assessments, on screen, as workbooks and as JSON."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from cqa.book import Book
from cqa.commands.here import workspace_here
from cqa.commands.records import SampleRecord, read_samples, samples_beside
from cqa.commands.reports.books import reviewer_book
from cqa.commands.reports.report_book import report_book
from cqa.commands.reports.report_making import Wanted, left_out_of, make_report
from cqa.commands.reports.report_words import tell
from cqa.commands.reports.rescoring import rescoring_of, tell_rescored
from cqa.commands.trials.arms import trial_meant
from cqa.consistency.headlines import headlines
from cqa.consistency.population import Reach
from cqa.consistency.report import ConsistencyReport
from cqa.errors import Damaged, ExitCode, NotSaved, Problem, WrongUse, only_errors
from cqa.files.parts import refuse_take
from cqa.files.workbook import write_book
from cqa.files.workspace import Workspace
from cqa.sampling.trial import arm_name
from cqa.screen.printer import Printer
from cqa.world import World

_NAMED_IN_FILES = 3
"""Up to so many samples name their report's file themselves."""


def run(
    world: World, printer: Printer, names: tuple[str, ...], books: bool = True, reach: Reach | None = None,
    people: str = "", cleared: bool = False, rubric: str = ""
) -> int:
    """Reports on the named samples together, or on all: figures first, then the workbooks.

    `people` says whether names are `shown` or `hidden`, else cqa.yaml does; with `cleared` the figures hold the marks
    of cleared reviewers alone; with `rubric`, a file, it also tells what the marks would come to under that one, and
    leaves the books alone. A report that is not as cqa.yaml says has a file of its own. What cannot be written ends
    with exit 5, after everything else was written and the figures were told. Damage inside a journal ends with exit 7,
    after everything that can be read was reported; the books it concerns stay as they are.
    """
    workspace = workspace_here(world)
    records, trials = _asked_for(workspace, names)
    for record in records:
        refuse_take(record.folder)
    hidden = (people or workspace.settings.names) == "hidden"
    left_out = left_out_of(records)
    if cleared and (workspace.settings.calibration is None or workspace.settings.calibration.clearance is None):
        raise WrongUse(Problem("S073", "cqa.yaml asks for no clearance, so nobody is cleared.", "Set calibration: "
                               "{rate: 10%, clearance: 80%}, or leave --cleared out."))
    others = samples_beside(workspace, records) if workspace.settings.calibration else ()
    wanted = Wanted(world.today(), reach or Reach(), hidden=hidden, cleared=cleared,
                    rescored=rescoring_of(world, workspace, rubric))
    report = make_report(workspace, records, wanted, others)
    printer.problems(report.left_out if hidden else left_out)
    # Where there are trials alone it would be wrong to say that there is nothing.
    printer.problems((*(doubt for doubt in report.doubts if not (trials and doubt.code == "S001")),
                      *_left_to_trials(trials)))
    if printer.as_json:
        printer.json({**report.as_json(), "headlines": [one.as_json() for one in headlines(report)]})
    else:
        tell(printer, report, hidden=hidden)
        if report.rescored:
            tell_rescored(printer, report.rescored)
    refused = _write(printer, workspace, records, report, wanted) if books and records else []
    printer.problems(refused)
    if only_errors(left_out):
        return Damaged.exit_code
    return NotSaved.exit_code if refused else ExitCode.DONE


def _asked_for(workspace: Workspace, names: tuple[str, ...]) -> tuple[tuple[SampleRecord, ...], tuple[str, ...]]:
    """The named samples; where none is named all but those of trials, and which trials there are. Raises WrongUse as
    `read_samples`, and for the name of a trial."""
    for name in names:
        if trial := trial_meant(workspace, name):
            raise WrongUse(Problem("S001", f"'{name}' is a trial, and its two forms are not to be reported as one.",
                                   f"cqa trial report {trial} compares them; cqa report {arm_name(trial, 1)} reports "
                                   "on one."))
    records = read_samples(workspace, names)
    if names:
        return records, ()
    return (tuple(record for record in records if not record.trial),
            tuple(dict.fromkeys(record.trial for record in records if record.trial)))


def _left_to_trials(trials: Sequence[str]) -> list[Problem]:
    """A word on each trial that is left out."""
    return [Problem("S085", f"The two samples of trial '{name}' are left out.", f"cqa trial report {name} compares its "
                    "forms.", severity="warning") for name in trials]


def _write(
    printer: Printer, workspace: Workspace, records: Sequence[SampleRecord], report: ConsistencyReport, wanted: Wanted
) -> list[Problem]:
    """Every workbook: one consistency report, and a book for each reviewer of each sample, but not where marks are
    re-scored. Gives what was refused."""
    shown = "hidden" if wanted.hidden else "shown"
    apart = "" if shown == workspace.settings.names else f"-{shown}"
    apart += ("-cleared" if wanted.cleared else "") + ("-rescored" if wanted.rescored else "")
    jobs = [(record, reviewer) for record in records if record.rubric and not wanted.rescored
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
        put(workspace.reports / f"{file_name(records)}-consistency{apart}.xlsx",
            report_book(workspace, records, report, hidden=wanted.hidden))
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
