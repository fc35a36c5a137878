"""`cqa assess`: opens a reviewer's journal and lets a front end mark, every mark on disk before it is acknowledged."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from cqa import __version__
from cqa.commands.here import workspace_here
from cqa.commands.left_out import changes_told
from cqa.commands.records import disputes, only_sample
from cqa.commands.rubric_told import rubric_told
from cqa.errors import BadInput, Damaged, ExitCode, Forbidden, Problem, WrongUse, only_errors
from cqa.files.changes import as_it_stands
from cqa.files.device import remember_end, remember_reviewer, shorter_than_remembered, this_device
from cqa.files.drafts import DraftFile
from cqa.files.journal import Journal, Lines, LineTooLong
from cqa.files.marks import Marks, ahead_of, check_ground, journal_path, read_marks, writer_of
from cqa.files.rubrics import RubricFile
from cqa.files.sample_folder import SampleFolder, open_sample
from cqa.files.sample_rubrics import SampleRubrics, read_rubrics
from cqa.marking.events import JOURNAL_FORMAT, Event, payload_of
from cqa.marking.refusals import Refused
from cqa.marking.replay import replay
from cqa.marking.session import Action, Outcome, State, step
from cqa.screen.plain import PlainSitting
from cqa.screen.plain_letters import LETTERS
from cqa.screen.printer import Printer
from cqa.screen.script import run_script, utf8_lines
from cqa.screen.typist import Stop, Typist
from cqa.tree import did_you_mean
from cqa.world import World


@dataclass(slots=True)
class Sitting:
    """One run of `assess`: the state, and the journal that keeps every event before the state moves on."""

    state: State
    journal: Journal
    world: World
    sample: str
    reviewer: str
    warnings: tuple[Problem, ...] = ()

    def act(self, action: Action) -> Outcome:
        """The outcome of an action, once its event is on disk. Raises Refused, or NotSaved from the journal."""
        outcome = step(self.state, action, self.world.stamp())
        if outcome.event is not None:
            try:
                self.journal.append(payload_of(outcome.event))
            except LineTooLong as error:
                raise Refused("too_much") from error
        self.state = outcome.state
        return outcome


def run(world: World, printer: Printer, sample: str, who: str, case: str, script: str) -> int:
    """Marks cases by script (`-`: standard input) or line by line. Raises CqaError for every refusal to begin."""
    workspace = workspace_here(world, printer)
    folder = open_sample(workspace, only_sample(workspace, sample))
    if script:
        with _script(world, script) as stream, open_sitting(world, folder, who, workspace.settings.language) as sitting:
            printer.problems(sitting.warnings)
            return ExitCode.DONE if run_script(utf8_lines(stream), sitting, world.stdout) else ExitCode.BAD_INPUT
    with open_sitting(world, folder, who, workspace.settings.language) as sitting:
        return _plain(world, printer, sitting, case)


@contextmanager
def _script(world: World, name: str) -> Iterator[TextIO]:
    if name == "-":
        yield world.stdin
        return
    try:
        stream = (world.folder / name).open(encoding="utf-8", newline="")
    except OSError as error:
        raise BadInput(Problem("J010", f"The script cannot be read: {error.strerror}.", "Check its path.",
                               name)) from error
    with closing(stream):
        yield stream


@contextmanager
def open_sitting(world: World, folder: SampleFolder, who: str, language: str = "") -> Iterator[Sitting]:
    """A sitting of one reviewer on one sample, with the journal locked until it ends, in `language` where the rubric
    has several.

    Raises WrongUse for an unknown reviewer, InUse while another sitting runs, Damaged when the journal is damaged or
    belongs to another sample or rubric, or when a leader's journal of changes is damaged: which cases are to be
    marked is then not known.
    """
    standing = as_it_stands(folder)
    if damage := only_errors(standing.problems):
        raise Damaged(damage)
    folder = standing.folder
    device = this_device(world)
    reviewer = _reviewer(folder, who or world.environment.get("CQA_REVIEWER", "") or device.reviewer)
    rubrics = read_rubrics(folder, standing.settled, language)
    rubric = rubrics.current
    path = journal_path(folder.marks, reviewer, device.id)
    opened = _opened(world, folder, rubric, reviewer, device.id)
    found: list[Marks] = []

    def look(lines: Lines) -> None:
        check_ground(lines, opened, path, rubrics.versions.rubrics)
        found.append(_own_marks(folder, reviewer, device.id, path, lines))

    owner = {"reviewer": reviewer, "device": device.id}
    with closing(Journal.open(path, world.stamp, before=look, owner=owner)) as journal:
        marks, writer = found[0], writer_of(reviewer, device.id)
        known = f"{opened['sample']}|{opened['drawn_at']}|{opened['frame']}|{writer}"
        warnings = (*_said(marks.problems, journal), *shorter_than_remembered(world, known, path, journal.lines))
        journal.append(opened)
        remember_reviewer(world, device, reviewer)
        remember_end(world, known, journal.next_seq - 1, journal.seal)
        events = marks.events.get(reviewer.casefold(), ())
        state = _state(folder, rubrics, reviewer, events, writer, journal.next_seq)
        told = rubric_told(folder, standing.settled, rubrics, state, events, journal.lines)
        disputed = (problem for case_id in state.cases
                    for problem in disputes(state.assessment(case_id), reviewer, str(folder.marks)))
        try:
            yield Sitting(state, journal, world, folder.sample.name, reviewer,
                          (*standing.problems, *warnings, *disputed, *told,
                           *changes_told(standing.settled, reviewer, events)))
        finally:
            remember_end(world, known, journal.next_seq - 1, journal.seal)


def _own_marks(folder: SampleFolder, reviewer: str, device: str, path: Path, lines: Lines) -> Marks:
    """The reviewer's marks from all devices. Raises Damaged for damage, and for a copy that is ahead of `path`."""
    marks = read_marks(folder.marks, only=reviewer)
    ahead = ahead_of(path, (reviewer, device), lines)
    forks = {problem.where for problem in ahead}
    errors = (*ahead, *(problem for problem in only_errors(marks.problems)
                        if problem.code != "J006" or problem.where not in {*forks, str(path)}))
    if errors:
        raise Damaged(errors)
    return marks


def _said(problems: tuple[Problem, ...], journal: Journal) -> tuple[Problem, ...]:
    """The warnings about the reviewer's journals; of this one's torn tail, what was done with it."""
    rest = tuple(problem for problem in problems if (problem.code, problem.where) != ("J001", str(journal.path)))
    return (*rest, journal.recovered) if journal.recovered else rest


def _reviewer(folder: SampleFolder, who: str) -> str:
    """The reviewer's name as the sample has it."""
    reviewers = folder.sample.reviewers
    if not who:
        raise WrongUse(Problem("P005", "Say who you are.", "Add --as PERSON, or set CQA_REVIEWER."))
    known = next((name for name in reviewers if name.casefold() == who.casefold()), None)
    if known is None:
        raise WrongUse(Problem("S010", f"'{who}' is no reviewer of sample '{folder.sample.name}'.",
                               did_you_mean(who, reviewers)))
    return known


def _opened(
    world: World, folder: SampleFolder, rubric: RubricFile, reviewer: str, device: str
) -> dict[str, object]:
    """The line that begins every sitting: who, on what device and account, on which sample and rubric."""
    plan = folder.sample.plan
    return {
        "at": world.stamp(), "kind": "opened", "format": JOURNAL_FORMAT, "sample": plan.sample,
        "drawn_at": folder.sample.drawn_at, "frame": folder.sample.frame_digest, "rubric": rubric.rubric.id,
        "version": rubric.rubric.version, "rubric_sha256": rubric.sha256, "reviewer": reviewer, "device": device,
        "account": world.account, "host": world.host, "cqa": __version__,
    }


def _state(
    folder: SampleFolder, rubrics: SampleRubrics, reviewer: str, events: tuple[Event, ...], writer: str, next_seq: int
) -> State:
    """Where the sitting begins: the reviewer's main cases in ticket order, and what stands after replay."""
    sample = folder.sample
    mine = {mark.case_id for mark in sample.assignments if mark.reviewer == reviewer}
    cases = {case.case_id: case.facts for case in sample.cases if case.main and case.case_id in mine}
    others = frozenset(case.case_id for case in sample.cases if case.case_id not in cases)
    records = {case_id: rubrics.versions.under(record) for case_id, record in replay(events).items()
               if case_id in cases}
    return State(rubrics.current.rubric, sample.seed, writer, cases, others, records, next_seq)


def _plain(world: World, printer: Printer, sitting: Sitting, case: str) -> int:
    """Marks line by line. Raises WrongUse for a case of somebody else, Forbidden for one that is signed off."""
    for warning in sitting.warnings:
        printer.line(f"Warning. {warning}")
    first = _first_case(sitting.state, case)
    if not first:
        printer.line("Every case assigned to you is signed off.")
        return ExitCode.DONE

    def clock() -> tuple[str, int]:
        now = world.now()
        return now.astimezone().strftime("%H:%M:%S"), int(now.timestamp() * 1000)

    typist = Typist(world.stdin, world.stdout, DraftFile(sitting.journal.path, world.stamp), world.now)
    front = PlainSitting(sitting.state, sitting.act, clock, typist, LETTERS)
    try:
        front.run(first)
    except Stop:
        printer.line(_closing(sitting, front))
    except KeyboardInterrupt:
        printer.line(_closing(sitting, front))
        return ExitCode.STOPPED
    return ExitCode.DONE


def _first_case(state: State, wanted: str) -> str:
    """The case to begin with: the one wanted, else one that is begun, else the first; empty when all are signed."""
    if wanted and wanted not in state.cases:
        raise WrongUse(Problem("S009", f"The case '{wanted}' is not assigned to you.",
                               "In cqa assess, the letter a lists your cases."))
    if wanted and state.assessment(wanted).signed_at:
        raise Forbidden(Problem("J013", f"The case '{wanted}' is signed off; changing it is an amendment.",
                                "cqa assess without a case goes on with what is left."))
    waiting = [case_id for case_id in state.cases if not state.assessment(case_id).signed_at]
    begun = [case_id for case_id in waiting if state.record(case_id).heads]
    return wanted or next(iter(begun or waiting), "")


def _closing(sitting: Sitting, front: PlainSitting) -> str:
    """What is safe, and the command that goes on."""
    kept = f"Kept to {front.last_saved}." if front.last_saved else "Nothing new was marked."
    drafts = front.typist.drafts.count()
    unfinished = f" Unfinished texts kept: {drafts}." if drafts else ""
    return (f"\nStopped. {kept}{unfinished} Go on with: cqa assess --sample {sitting.sample} "
            f"--as {sitting.reviewer}")
