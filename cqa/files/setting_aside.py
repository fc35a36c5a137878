"""Damage in a journal that its writer goes on from: kept beside it, named, never repaired in silence."""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cqa.errors import only_errors
from cqa.files.atomic import write_bytes
from cqa.files.journal import Journal
from cqa.files.journals import (
    DAMAGE,
    following,
    following_device,
    journal_path,
    live_device,
    read_journals,
)
from cqa.files.plain_file import read_file
from cqa.marking.chain import Chain, read_chain, without_rewriting

Opened = Callable[[str], Mapping[str, object]]
"""The line that begins a sitting, for the device under whose name it is written."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """What was done about one damaged journal: `what` in words, and `kept`, the file that holds the damaged bytes."""

    journal: Path
    what: str
    kept: Path


def set_aside(
    room: Path, person: str, device: str, opened: Opened, stamp: Callable[[], str], shared: bool = False
) -> list[SetAside]:
    """Lets a person go on from damage in their journals of marks or of changes, which `room` holds.

    Damage after the last sealed line of this device's journal is moved beside it; line ends that another program
    changed are put right, on whatever device, the changed file kept beside it; beside any other damaged journal the
    person goes on in the next, whose first line names it and its SHA-256. Raises NotSaved, InUse, and Damaged as
    `Journal.open` does.
    """
    damaged = dict.fromkeys(Path(problem.where) for problem in only_errors(read_journals(room, person).problems)
                            if problem.code in DAMAGE)
    writing = _Writing(room, person, device, opened, stamp, shared)
    return [writing.set_aside(path) for path in damaged]


@dataclass(frozen=True, slots=True)
class _Writing:
    room: Path
    person: str
    device: str
    opened: Opened
    stamp: Callable[[], str]
    shared: bool

    @property
    def live(self) -> str:
        return live_device(self.room, self.person, self.device)

    def set_aside(self, path: Path) -> SetAside:
        """What was done about one damaged journal."""
        data = read_file(path)
        if (whole := without_rewriting(data)) is not None:
            return self._put_right(path, data, whole)
        if path != journal_path(self.room, self.person, self.live):
            return self._acknowledge(path, self.live)
        chain = read_chain(data)
        return self._cut(path, chain) if chain.damaged_tail else self._acknowledge(path, following_device(self.live))

    def _open(self, device: str, damaged_tail: bool = False) -> Journal:
        opened = self.opened(device)
        owner = {key: opened[key] for key in ("reviewer", "person", "device") if key in opened}
        return Journal.open(journal_path(self.room, self.person, device), self.stamp, owner=owner, shared=self.shared,
                            damaged_tail=damaged_tail)

    def _acknowledge(self, path: Path, device: str) -> SetAside:
        """Names the damaged journal, and what it holds now, in the journal in which the person goes on."""
        with closing(self._open(device)) as journal:
            journal.append({**self.opened(device), **following(path)})
            return SetAside(path, f"It stays as it is; what its damaged lines held is lost. You go on in "
                            f"{journal.path.name}.", path)

    def _cut(self, path: Path, chain: Chain) -> SetAside:
        kept = path.with_name(f"{path.name}.torn-{chain.end}")
        self._open(self.live, damaged_tail=True).close()
        return SetAside(path, f"The bytes after line {len(chain.lines)} were moved into {kept.name}. Whether a mark "
                        "was in them cannot be told: look whether what you last entered is there.", kept)

    def _put_right(self, path: Path, data: bytes, whole: bytes) -> SetAside:
        """Writes the journal as it was, which its seals prove, once the changed file is kept."""
        kept = write_bytes(path.with_name(f"{path.name}.rewritten-{hashlib.sha256(data).hexdigest()[:8]}"), data,
                           code="J004")
        mode = path.stat().st_mode
        write_bytes(path, whole, code="J004").chmod(mode)
        with closing(self._open(self.live)) as journal:
            journal.append({**self.opened(self.live), "put_right": path.name, "kept": kept.name})
        return SetAside(path, f"Its line ends were put right: every seal holds again. The changed file is kept as "
                        f"{kept.name}.", kept)
