"""One run of marking: the reviewer's journal opened and locked, every mark on disk before it is acknowledged."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cqa import __version__
from cqa.commands.disputes import disputes
from cqa.commands.here import acting
from cqa.commands.left_out import changes_told
from cqa.commands.marking.rubric_told import rubric_told
from cqa.errors import BadInput, Damaged, Problem, WrongUse, only_errors
from cqa.files.changes import Standing, as_it_stands
from cqa.files.device import remember_end, remember_reviewer, shorter_than_remembered, this_device
from cqa.files.journal import Journal, Lines, LineTooLong
from cqa.files.journals import ahead_of, journal_path, live_device, writer_of
from cqa.files.marks import Marks, check_ground, read_marks
from cqa.files.parts import journal_device, refuse_packed
from cqa.files.rubrics import RubricFile
from cqa.files.sample_folder import SampleFolder
from cqa.files.sample_rubrics import SampleRubrics, read_rubrics
from cqa.marking.actions import Action, Amend, Reopen
from cqa.marking.events import JOURNAL_FORMAT, payload_of
from cqa.marking.history import History
from cqa.marking.refusals import Refused
from cqa.marking.replay import assessment_of
from cqa.marking.session import Outcome, State, step
from cqa.marking.versions import Versions
from cqa.tree import did_you_mean
from cqa.world import World


@dataclass(slots=True)
class Sitting:
    """One run of `assess`: the state, and the journal that keeps every event before the state moves on.

    `journal` is None where the reviewer only looks. `others_signed` tells whether everyone else who marks a case has
    signed it, so that they may see the marks by now. `versions` are those of the rubric.
    """

    state: State
    journal: Journal | None
    world: World
    sample: str
    reviewer: str
    others_signed: Callable[[str], bool]
    versions: Versions
    warnings: tuple[Problem, ...] = ()

    def act(self, action: Action) -> Outcome:
        """The outcome of an action, once its event is on disk. Raises Refused, or NotSaved from the journal."""
        if self.journal is None:
            raise Refused("looking")
        if isinstance(action, Reopen) and self.others_signed(action.case_id):
            self.state = replace(self.state, seen=self.state.seen | {action.case_id})
        outcome = step(self.state, action, self.world.stamp())
        if outcome.event is not None:
            try:
                self.journal.append(payload_of(outcome.event))
            except LineTooLong as error:
                raise Refused("too_much") from error
        if isinstance(action, Reopen | Amend):
            outcome = replace(outcome, state=self._under_the_present_rubric(outcome.state, action.case_id))
        self.state = outcome.state
        return outcome

    def _under_the_present_rubric(self, state: State, case_id: str) -> State:
        """The state in which a case that is open again owes what its rubric has changed since it was signed."""
        record = self.versions.worked_on(state.record(case_id))
        return replace(state, records={**state.records, case_id: record})


@contextmanager
def open_sitting(world: World, folder: SampleFolder, who: str, language: str = "") -> Iterator[Sitting]:
    """A sitting of one reviewer on one sample, with the journal locked until it ends, in `language` where the rubric
    has several.

    Raises WrongUse for an unknown reviewer, InUse while another sitting runs, Damaged when the journal is damaged or
    belongs to another sample or rubric, or when a leader's journal of changes is damaged: which cases are to be
    marked is then not known.
    """
    standing = _standing(folder)
    folder = standing.folder
    device = this_device(world)
    reviewer = _reviewer(folder, acting(world, who))
    rubrics = _rubrics(standing, language)
    rubric = rubrics.current
    name = live_device(folder.marks, reviewer, journal_device(folder, device.id))
    path, writer = journal_path(folder.marks, reviewer, name), writer_of(reviewer, name)
    opened = opening_line(world, folder, rubric, reviewer, name)
    found: list[Marks] = []

    def look(lines: Lines) -> None:
        check_ground(lines, opened, path, rubrics.versions.rubrics)
        found.append(_own_marks(folder, reviewer, name, path, lines))

    owner = {"reviewer": reviewer, "device": name}
    with closing(Journal.open(path, world.stamp, before=look, owner=owner)) as journal:
        marks = found[0]
        known = f"{opened['sample']}|{opened['drawn_at']}|{opened['frame']}|{writer}"
        warnings = (*_said(marks.problems, journal), *shorter_than_remembered(world, known, path, journal.lines))
        journal.append(opened)
        remember_reviewer(world, device, reviewer)
        remember_end(world, known, journal.next_seq - 1, journal.seal)
        history = marks.of(reviewer)
        state = replace(_state(folder, rubrics, reviewer, history, writer, journal.next_seq),
                        last_at=str(opened["at"]))
        told = rubric_told(folder, standing.settled, rubrics, state, history, journal.lines)
        disputed = (problem for case_id in state.cases
                    for problem in disputes(state.assessment(case_id), reviewer, str(folder.marks)))
        try:
            yield Sitting(state, journal, world, folder.sample.name, reviewer, _others_signed(folder, reviewer),
                          rubrics.versions, (*_told(standing), *warnings, *disputed, *told,
                                             *changes_told(standing.settled, reviewer, history.begun)))
        finally:
            remember_end(world, known, journal.next_seq - 1, journal.seal)


def _standing(folder: SampleFolder) -> Standing:
    """The sample as it stands. Raises Damaged when a leader's journal is damaged."""
    refuse_packed(folder)
    standing = as_it_stands(folder)
    if damage := only_errors(standing.problems):
        raise Damaged(damage)
    return standing


def _told(standing: Standing) -> tuple[Problem, ...]:
    """What a reviewer is told of the leaders' changes that do not count: in a trial nothing of a rubric's versions."""
    hidden = ("S033",) if standing.settled.drawn.plan.trial else ()
    return tuple(problem for problem in standing.problems if problem.code not in hidden)


def _rubrics(standing: Standing, language: str) -> SampleRubrics:
    """The sample's rubrics. Raises as `read_rubrics`; in a trial without the file's name, which tells the form."""
    try:
        return read_rubrics(standing.folder, standing.settled, language)
    except (BadInput, Damaged) as error:
        if standing.settled.drawn.plan.trial is None:
            raise
        raise Damaged(Problem("S004", "The form that these cases are marked with is not as it was recorded.",
                              "Tell your team leader: cqa verify says what differs.",
                              str(standing.folder.path))) from error


def looking(world: World, folder: SampleFolder, who: str, language: str = "") -> Sitting:
    """A sitting that keeps nothing, for a second window: what stands at this moment. Raises as `open_sitting`."""
    standing = _standing(folder)
    folder = standing.folder
    device = this_device(world)
    reviewer = _reviewer(folder, acting(world, who))
    rubrics = _rubrics(standing, language)
    history = read_marks(folder.marks, only=reviewer, timed=True).of(reviewer)
    writer = writer_of(reviewer, live_device(folder.marks, reviewer, journal_device(folder, device.id)))
    state = _state(folder, rubrics, reviewer, history, writer, 0)
    return Sitting(state, None, world, folder.sample.name, reviewer, lambda case_id: False, rubrics.versions)


def open_since(folder: SampleFolder, who: str, world: World) -> str:
    """When the reviewer's other window was opened on this device, as UTC text; empty where that cannot be told."""
    device = this_device(world)
    reviewer = acting(world, who)
    opened = read_marks(folder.marks, only=reviewer).of(reviewer).opened
    name = live_device(folder.marks, reviewer, journal_device(folder, device.id))
    return opened.get(writer_of(reviewer, name), "")


def _others_signed(folder: SampleFolder, reviewer: str) -> Callable[[str], bool]:
    """Whether a case has other markers and all of them have signed it. Nothing else of their journals is looked at."""
    def signed(case_id: str) -> bool:
        others = [given.reviewer for given in folder.sample.assignments
                  if given.case_id == case_id and given.reviewer != reviewer]
        return bool(others) and all(_has_signed(folder, other, case_id) for other in others)
    return signed


def _has_signed(folder: SampleFolder, reviewer: str, case_id: str) -> bool:
    record = read_marks(folder.marks, only=reviewer).of(reviewer).records.get(case_id)
    return record is not None and bool(assessment_of(case_id, record).signed_at)


def _own_marks(folder: SampleFolder, reviewer: str, device: str, path: Path, lines: Lines) -> Marks:
    """The reviewer's marks from all devices. Raises Damaged for damage, and for a copy that is ahead of `path`."""
    marks = read_marks(folder.marks, reviewer, {path: lines}, timed=True)
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


def opening_line(
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
    folder: SampleFolder, rubrics: SampleRubrics, reviewer: str, history: History, writer: str, next_seq: int
) -> State:
    """Where the sitting begins: the reviewer's main cases in ticket order, and what stands after replay."""
    sample = folder.sample
    mine = {mark.case_id for mark in sample.assignments if mark.reviewer == reviewer}
    cases = {case.case_id: case.facts for case in sample.cases if case.marked and case.case_id in mine}
    others = frozenset(case.case_id for case in sample.cases if case.case_id not in cases)
    records = {case_id: rubrics.versions.worked_on(record) for case_id, record in history.records.items()
               if case_id in cases}
    return State(rubrics.current.rubric, sample.seed, writer, cases, others, records, next_seq,
                 rubric_sha256=rubrics.current.sha256, spent=history.spent)
