"""`cqa trial report`: what a trial of two forms shows, on screen, as a workbook and as JSON."""

from collections.abc import Mapping
from pathlib import Path

from cqa.commands.here import workspace_here
from cqa.commands.records import SampleRecord, exit_of, mark_rows
from cqa.commands.trials.ground import TrialGround, ground_of_trial
from cqa.commands.trials.report_book import trial_book
from cqa.commands.trials.report_words import tell
from cqa.consistency.hidden import lettered
from cqa.consistency.trials.burden import Marking
from cqa.consistency.trials.data import renamed
from cqa.consistency.trials.headlines import trial_headlines
from cqa.consistency.trials.report import TrialReport, trial_report
from cqa.errors import NotSaved, Problem
from cqa.files.letters import keep_letters, read_letters
from cqa.files.parts import refuse_take
from cqa.files.workbook import write_book
from cqa.files.workspace import Workspace
from cqa.screen.printer import Printer
from cqa.world import World


def run(world: World, printer: Printer, name: str, people: str = "", book: bool = True) -> int:
    """Reports on a trial (empty name: the only one): findings first, then the workbook.

    `people` says whether names are `shown` or `hidden`, else cqa.yaml does. A workbook that cannot be written ends with
    exit 5, after the figures were told; damage inside a journal with exit 7. Raises WrongUse for an unknown trial,
    Damaged where its two samples do not belong together.
    """
    workspace = workspace_here(world)
    ground = ground_of_trial(workspace, name)
    records = tuple(ground.records.values())
    for record in records:
        refuse_take(record.folder)
    hidden = (people or workspace.settings.names) == "hidden"
    report = made_report(workspace, ground, hidden=hidden)
    printer.problems(dict.fromkeys(problem for record in records for problem in record.problems))
    if printer.as_json:
        printer.json({**report.as_json(), "headlines": [one.as_json() for one in trial_headlines(report)]})
    else:
        tell(printer, report, hidden=hidden)
    refused = _write(printer, workspace, ground, report, hidden=hidden) if book else []
    printer.problems(refused)
    return NotSaved.exit_code if refused else exit_of(records)


def made_report(workspace: Workspace, ground: TrialGround, *, hidden: bool) -> TrialReport:
    """The report as values; people have letters where names are hidden."""
    told = _letters(workspace, ground) if hidden else {}
    return trial_report(renamed(ground.data, told), _with_text(ground, told), hidden=hidden)


def _letters(workspace: Workspace, ground: TrialGround) -> Mapping[str, str]:
    """Everyone's letter, those given before among them. Raises BadInput where these cannot be read, NotSaved where new
    ones cannot be kept: the next report would give others."""
    kept = read_letters(workspace.root)
    reviewers = tuple(dict.fromkeys(one.reviewer for form in ground.data.forms for one in form.assessed))
    told = lettered(kept, mark_rows(ground.records.values()), reviewers)
    if told != kept:
        keep_letters(workspace.root, told)
    return told


def _with_text(ground: TrialGround, told: Mapping[str, str]) -> dict[Marking, int]:
    """For each assessment, its reviewer as they are called, how many marks on a scale have a reason or evidence."""
    trial = ground.data.trial
    found: dict[Marking, int] = {}
    for arm, record in ground.records.items():
        for one in record.assessed:
            scales = {question.id for question in one.rubric.questions if question.scale}
            found[trial.form(arm), one.case.case_id, told.get(one.reviewer, one.reviewer)] = sum(
                bool(mark.reason or mark.evidence) for name, mark in one.standing.marks.items() if name in scales)
    return found


def book_place(workspace: Workspace, name: str, *, hidden: bool) -> Path:
    """Where a trial's workbook is written; one that is not as cqa.yaml says has a file of its own."""
    shown = "hidden" if hidden else "shown"
    apart = "" if shown == workspace.settings.names else f"-{shown}"
    return workspace.reports / f"{name.casefold()}-trial{apart}.xlsx"


def _write(
    printer: Printer, workspace: Workspace, ground: TrialGround, report: TrialReport, *, hidden: bool
) -> tuple[Problem, ...]:
    path = book_place(workspace, report.data.trial.name, hidden=hidden)
    records: tuple[SampleRecord, ...] = tuple(ground.records.values())
    try:
        write_book(path, trial_book(workspace, ground, report, hidden=hidden),
                   max(record.as_of for record in records))
    except NotSaved as error:
        return error.problems
    printer.line(f"Written to {path}")
    return ()
