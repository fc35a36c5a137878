"""What every command of a team leader begins with: who acts on which sample, and a journal of theirs, open."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cqa import __version__
from cqa.commands.here import acting, named_person, only_sample, workspace_here
from cqa.errors import Damaged
from cqa.files.device import Device, remember_end, shorter_than_remembered, this_device
from cqa.files.journal import Journal, Lines
from cqa.files.journals import ahead_of, journal_path, live_device, writer_of
from cqa.files.marks import check_ground
from cqa.files.parts import refuse_packed, refuse_take
from cqa.files.rooms import CHANGES, FORMATS
from cqa.files.sample_folder import SampleFolder, open_sample
from cqa.files.workspace import Workspace
from cqa.screen.printer import Printer
from cqa.world import World

_SHARED = (CHANGES,)
"""Reviewers must be able to read what was changed, for it says which cases they are to mark. Nobody but leaders
needs what was moderated or fed back, and marks stand in it."""


@dataclass(frozen=True, slots=True)
class Leader:
    """Who writes down what of which sample, on which device. `room` is the folder of the journal: that of changes, of
    moderation or of feedback."""

    workspace: Workspace
    folder: SampleFolder
    person: str
    device: Device
    room: str = CHANGES

    @property
    def shared(self) -> bool:
        """Whether others who use this computer may read the journal."""
        return self.room in _SHARED

    @property
    def journals(self) -> Path:
        """The folder of the journal."""
        return self.folder.path / self.room

    @property
    def journal_device(self) -> str:
        """The device under whose name the leader's journal is gone on with."""
        return live_device(self.journals, self.person, self.device.id)

    @property
    def writer(self) -> str:
        """Under which name what is written is numbered."""
        return writer_of(self.person, self.journal_device)


def leader_of(world: World, sample: str, who: str, room: str = CHANGES) -> Leader:
    """Who is acting on which sample (empty: the only one). Raises WrongUse for unknown names, Damaged for a sample
    whose files were changed, Forbidden for a take."""
    workspace = workspace_here(world)
    folder = open_sample(workspace, only_sample(workspace, sample))
    refuse_take(folder)
    refuse_packed(folder)
    device = this_device(world)
    return Leader(workspace, folder, named_person(acting(world, who)), device, room)


@contextmanager
def leaders_journal(world: World, printer: Printer, leader: Leader) -> Iterator[Journal]:
    """The leader's journal, locked, its `opened` line on disk. Raises as `Journal.open`."""
    device = leader.journal_device
    path = journal_path(leader.journals, leader.person, device)
    opened = opening_line(world, leader, device)

    def look(lines: Lines) -> None:
        check_ground(lines, opened, path)
        if ahead := ahead_of(path, (leader.person, device), lines):
            raise Damaged(ahead)

    owner = {"person": leader.person, "device": device}
    known = f"{opened['sample']}|{opened['drawn_at']}|{opened['frame']}|{leader.room}|{leader.writer}"
    with closing(Journal.open(path, world.stamp, before=look, owner=owner, shared=leader.shared)) as journal:
        printer.problems((*shorter_than_remembered(world, known, path, journal.lines),
                          *((journal.recovered,) if journal.recovered else ())))
        journal.append(opened)
        try:
            yield journal
        finally:
            remember_end(world, known, journal.next_seq - 1, journal.seal)


def opening_line(world: World, leader: Leader, device: str) -> dict[str, object]:
    """The line that begins every run: who, on what device and account, on which sample."""
    sample = leader.folder.sample
    return {
        "at": world.stamp(), "kind": "opened", "format": FORMATS[leader.room], "sample": sample.name,
        "drawn_at": sample.drawn_at, "frame": sample.frame_digest, "person": leader.person,
        "device": device, "account": world.account, "host": world.host, "cqa": __version__,
    }
