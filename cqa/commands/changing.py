"""What every change of a drawn sample begins and ends with: what is known, who has marked, a line on the disk."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass

from cqa import __version__
from cqa.commands.here import acting, named_person, only_sample, workspace_here
from cqa.errors import Damaged, Forbidden, Problem, WrongUse, only_errors
from cqa.files.changes import CHANGES_FORMAT, change_line, read_changes
from cqa.files.device import Device, remember_end, shorter_than_remembered, this_device
from cqa.files.journal import Journal, Lines, LineTooLong
from cqa.files.journals import ahead_of, journal_path, live_device, writer_of
from cqa.files.marks import check_ground, read_marks
from cqa.files.parts import refuse_packed, refuse_take
from cqa.files.sample_folder import SampleFolder, open_sample
from cqa.files.workspace import Workspace
from cqa.marking.refusals import Refused, check_text
from cqa.marking.replay import Assessment, CaseRecord, assessment_of
from cqa.sampling.changes import Change
from cqa.sampling.settling import Settled, settle
from cqa.screen.printer import Printer
from cqa.world import World


@dataclass(frozen=True, slots=True)
class Ground:
    """What a change follows from: every change known, what they come to, and what is to be said of their journals."""

    known: tuple[Change, ...]
    settled: Settled
    problems: tuple[Problem, ...]

    @property
    def after(self) -> tuple[str, ...]:
        """The ids of all that is known, as the next change names them."""
        return tuple(sorted(one.id for one in self.known))


@dataclass(frozen=True, slots=True)
class Leader:
    """Who changes which sample, on which device."""

    workspace: Workspace
    folder: SampleFolder
    person: str
    device: Device

    @property
    def journal_device(self) -> str:
        """The device under whose name the leader's journal is gone on with."""
        return live_device(self.folder.changes, self.person, self.device.id)

    @property
    def writer(self) -> str:
        """Under which name the changes are numbered."""
        return writer_of(self.person, self.journal_device)


def leader_of(world: World, printer: Printer, sample: str, who: str) -> Leader:
    """Who is acting on which sample (empty: the only one). Raises WrongUse for unknown names, Damaged for a sample
    whose files were changed, Forbidden for a take."""
    workspace = workspace_here(world)
    folder = open_sample(workspace, only_sample(workspace, sample))
    refuse_take(folder)
    refuse_packed(folder)
    device = this_device(world)
    return Leader(workspace, folder, named_person(acting(world, who)),
                  device)


def ground_of(folder: SampleFolder) -> Ground:
    """Every leader's changes. Raises Damaged when a journal of changes is damaged: how the sample stands is then not
    known."""
    changes = read_changes(folder.changes)
    if damage := only_errors(changes.problems):
        raise Damaged(damage)
    settled = settle(folder.sample, changes.changes)
    return Ground(changes.changes, settled, (*changes.problems, *settled.problems(str(folder.changes), "warning")))


def checked_text(text: str, what: str) -> str:
    """A text that is to be kept. Raises WrongUse when it cannot be."""
    try:
        return check_text(text)
    except Refused as refused:
        raise WrongUse(Problem("S018", f"The {what} cannot be kept. {refused.why}")) from refused


def checked_reason(text: str) -> str:
    """The reason of a change in the leader's words. Raises WrongUse where it is blank, or cannot be kept."""
    if not text.strip():
        raise WrongUse(Problem("S018", "The reason is blank.", "Say why in a few words: they are kept with the change, "
                               "and those whom it concerns read them."))
    return checked_text(text.strip(), "reason")


def assessments(folder: SampleFolder, marker: str) -> Mapping[str, Assessment]:
    """What somebody has marked, by case. Raises Damaged when their journals do not let anyone tell."""
    marks = read_marks(folder.marks, only=marker)
    if damage := only_errors(marks.problems):
        raise Damaged(damage)
    records = marks.of(marker).records
    return {case_id: assessment_of(case_id, record) for case_id, record in records.items()}


def assessment_by(folder: SampleFolder, marker: str, case_id: str) -> Assessment:
    """What somebody has marked of a case. Raises Damaged as `assessments`."""
    return assessments(folder, marker).get(case_id, assessment_of(case_id, CaseRecord()))


def signed_already(marker: str, case_id: str, done: str) -> Forbidden:
    """The refusal of a change to a case that its marker has signed off."""
    return Forbidden(Problem("J013", f"Case '{case_id}' is signed off by {marker}, and is not {done} any more.",
                             "What was marked counts. If it should not, that is a matter for moderation."))


@contextmanager
def changes_journal(world: World, printer: Printer, leader: Leader) -> Iterator[Journal]:
    """The leader's journal of changes, locked, its `opened` line on disk. Raises as `Journal.open`.

    Reviewers must be able to read it, for it says which cases they are to mark.
    """
    device = leader.journal_device
    path = journal_path(leader.folder.changes, leader.person, device)
    opened = opening_change(world, leader, device)

    def look(lines: Lines) -> None:
        check_ground(lines, opened, path)
        if ahead := ahead_of(path, (leader.person, device), lines):
            raise Damaged(ahead)

    owner = {"person": leader.person, "device": device}
    known = f"{opened['sample']}|{opened['drawn_at']}|{opened['frame']}|changes|{leader.writer}"
    with closing(Journal.open(path, world.stamp, before=look, owner=owner, shared=True)) as journal:
        printer.problems((*shorter_than_remembered(world, known, path, journal.lines),
                          *((journal.recovered,) if journal.recovered else ())))
        journal.append(opened)
        try:
            yield journal
        finally:
            remember_end(world, known, journal.next_seq - 1, journal.seal)


def keep(journal: Journal, change: Change) -> None:
    """Writes the change down. Raises WrongUse when it is longer than a line can be, NotSaved from the journal."""
    try:
        journal.append(change_line(change))
    except LineTooLong as error:
        raise WrongUse(Problem("S018", "The change is longer than a line of a journal.",
                               "Shorten its reason or note.")) from error


def opening_change(world: World, leader: Leader, device: str) -> dict[str, object]:
    """The line that begins every run: who, on what device and account, on which sample."""
    sample = leader.folder.sample
    return {
        "at": world.stamp(), "kind": "opened", "format": CHANGES_FORMAT, "sample": sample.name,
        "drawn_at": sample.drawn_at, "frame": sample.frame_digest, "person": leader.person,
        "device": device, "account": world.account, "host": world.host, "cqa": __version__,
    }
