"""Journals on disk: appended and synced line by line, locked, repaired only at a torn tail."""

import errno
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cqa.errors import Damaged, InUse, NotSaved, Problem, Severity, shortened
from cqa.facts import how_many
from cqa.files.atomic import make_folder, sync_folder
from cqa.files.plain_file import NEVER_WAIT, check_file, open_file
from cqa.marking.chain import (
    START,
    Chain,
    Found,
    LineTooLong,
    Place,
    encode,
    follow,
    read_chain,
    read_rest,
)

_APPEND = os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_CREATE = _APPEND | os.O_CREAT | os.O_EXCL
# A Windows lock blocks readers of the locked bytes, so it lies where no journal ever reaches.
_LOCK_OFFSET = 1 << 30

_FAULTS = {
    "torn": ("J001", "The last line was never finished; nothing acknowledged is in it."),
    "damaged": ("J002", "The line was damaged or changed: its seal does not hold."),
    "unlinked": ("J003", "A line before this one is missing, doubled or moved: the chain does not hold."),
    "rewritten": ("J008", "Another program changed the line ends of this journal."),
}
_RESTORE = ("Nothing was changed by reading it. Move the file out of its folder, and bring a copy or a pack back with: "
            "cqa collect. Without a copy, whoever writes it goes on with: cqa verify --set-aside --as NAME")
_REMEDIES = {
    "torn": "It is set aside when whoever wrote it next adds to the journal.",
    "damaged": _RESTORE,
    "unlinked": _RESTORE,
    "rewritten": "Keep that program away from *.jsonl files. Whoever writes the journal puts its line ends right with: "
                 "cqa verify --set-aside --as NAME",
}


class Ops(Protocol):
    """The file calls a journal makes; a test replaces them to fail or to lose power at any one of them."""

    def open(self, path: Path, flags: int, mode: int) -> int:
        """A descriptor, as os.open."""
        ...

    def read(self, descriptor: int) -> bytes:
        """Everything in the file."""
        ...

    def write(self, descriptor: int, data: bytes) -> int:
        """How many bytes were taken, as os.write."""
        ...

    def fsync(self, descriptor: int) -> None:
        """Everything written is on the disk."""
        ...

    def truncate(self, descriptor: int, length: int) -> None:
        """The file ends after `length` bytes."""
        ...

    def sync_folder(self, folder: Path) -> None:
        """New names in the folder are on the disk, where the system can promise it."""
        ...

    def lock(self, descriptor: int) -> None:
        """Locks the file against a second sitting. Raises OSError when another holds it."""
        ...

    def is_at(self, descriptor: int, path: Path) -> bool:
        """Whether the open file still is the one under that name. Raises OSError where that cannot be told."""
        ...

    def close(self, descriptor: int) -> None:
        """Closes, and thereby unlocks."""
        ...


class RealOps:
    """The system's own calls."""

    def open(self, path: Path, flags: int, mode: int) -> int:
        """As os.open; raises OSError for what is no file, too."""
        return check_file(os.open(path, flags | NEVER_WAIT, mode), path)

    def read(self, descriptor: int) -> bytes:
        """Everything in the file, from its beginning."""
        os.lseek(descriptor, 0, os.SEEK_SET)
        parts = []
        while part := os.read(descriptor, 1 << 20):
            parts.append(part)
        return b"".join(parts)

    def write(self, descriptor: int, data: bytes) -> int:
        """As os.write."""
        return os.write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        """On macOS fsync only reaches the drive's cache; F_FULLFSYNC reaches the disk."""
        if sys.platform == "darwin":
            import fcntl  # noqa: PLC0415

            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        else:
            os.fsync(descriptor)

    def truncate(self, descriptor: int, length: int) -> None:
        """As os.ftruncate."""
        os.ftruncate(descriptor, length)

    def sync_folder(self, folder: Path) -> None:
        """As far as the system can."""
        sync_folder(folder)

    def lock(self, descriptor: int) -> None:
        """flock, or one locked byte far past the end on Windows; either dies with the process."""
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415

            os.lseek(descriptor, _LOCK_OFFSET, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def is_at(self, descriptor: int, path: Path) -> bool:
        """Windows lets nobody move or remove an open file; elsewhere anyone may, and its lines would go with it."""
        if sys.platform == "win32":
            return True
        try:
            return os.path.samestat(os.fstat(descriptor), os.lstat(path))
        except (FileNotFoundError, NotADirectoryError):
            return False

    def close(self, descriptor: int) -> None:
        """As os.close."""
        os.close(descriptor)


REAL = RealOps()


Lines = tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A journal as a reader sees it: every sealed line with its seal, and what was left out."""

    lines: Lines
    problems: tuple[Problem, ...]


def read_journal(path: Path) -> Reading:
    """Every sealed line of a journal, and its problems. Never writes, never repairs. A torn tail is a warning."""
    problems: list[Problem] = []
    return Reading(tuple(journal_lines(path, problems.append)), tuple(problems))


def journal_lines(
    path: Path, wrong: Callable[[Problem], None], ended: Callable[[int], None] = lambda count: None
) -> Iterator[Mapping[str, object]]:
    """Every sealed line of a journal as it is read, one at a time; at its end what is wrong is told to `wrong`, and how
    many lines there were to `ended`.

    Never writes, never repairs. Only from the first fault on is a journal held in memory.
    """
    place = Place()
    try:
        with open_file(path) as stream:
            yield from follow(stream, place)
            stream.seek(place.offset)
            left = stream.read()
    except OSError as error:
        wrong(Problem("J004", f"The journal cannot be read: {error.strerror}.", "Check its permissions.", str(path)))
        return
    rest = read_rest(left, place)
    for problem in shortened(_problem(found, path) for found in rest.faults):
        wrong(problem)
    ended(place.lines + len(rest.lines))
    yield from (line.payload for line in rest.lines)


def _problem(found: Found, path: Path) -> Problem:
    code, message = _FAULTS[found.fault]
    severity: Severity = "warning" if found.fault == "torn" else "error"
    if found.fault in ("torn", "damaged"):
        message = f"{message} It is {how_many(len(found.raw), 'byte')} from byte {found.offset:,} on."
    return Problem(code, message, _REMEDIES[found.fault], str(path), found.line, severity=severity)


def _recovery(path: Path, chain: Chain, dropped: int) -> Problem:
    """What its owner is told of a mended journal: what was kept, and that nothing acknowledged was in the rest."""
    kept = len(chain.lines)
    if chain.damaged:
        return Problem("J002", f"{dropped} bytes after line {kept} were set aside beside the journal. Whether a mark "
                       "was in them cannot be told.", "Look whether what you last entered is there, and enter it again "
                       "if not.", str(path), kept + 1, severity="warning")
    told = (f"The end of line {kept} was damaged and is mended; the line is kept." if chain.newline_hurt else
            f"The last line had never been finished: {dropped} bytes were set aside beside the journal. Nothing "
            f"acknowledged was in it; {kept} lines are kept.")
    return Problem("J001", told, "Look whether what you last entered is there, and enter it again if not.",
                   str(path), kept + (not chain.newline_hurt), severity="warning")


class Journal:
    """One person's journal on one device, open for appending and locked. Made by `Journal.open`."""

    def __init__(self, path: Path, descriptor: int, ops: Ops) -> None:
        self.path, self._descriptor, self._ops = path, descriptor, ops
        self._length = 0
        self._seq, self._seal = 0, START
        self._failed = False
        self.lines: tuple[Mapping[str, object], ...] = ()
        self.recovered: Problem | None = None

    @classmethod
    def open(
        cls, path: Path, stamp: Callable[[], str], ops: Ops = REAL,
        before: Callable[[Lines], None] | None = None, owner: Mapping[str, object] | None = None,
        shared: bool = False, damaged_tail: bool = False,
    ) -> "Journal":
        """Opens or creates the journal under its lock, verifies it, and sets a torn tail aside.

        `stamp` gives the present moment as text. `before` sees the sealed lines before anything is changed, and may
        raise to leave everything as it is. `owner` is repeated in a `recovered` line, which may be a file's first.
        A `shared` journal is made readable for whoever may read the sample; any other for its owner alone. With
        `damaged_tail` damage after the last sealed line is set aside too, which a person must have asked for: it
        cannot be told whether it was acknowledged.
        Raises InUse when another sitting holds it, Damaged when it is damaged anywhere but at a torn tail, NotSaved
        when the disk refuses. What was set aside is told by `recovered`.
        """
        try:
            descriptor = _opened(path, ops, shared)
        except OSError as error:
            raise _not_saved(path, error, "Nothing was added yet.") from error
        try:
            ops.lock(descriptor)
        except OSError as error:
            _let_go(descriptor, ops)
            raise InUse(Problem("J005", "Another sitting has this journal open.",
                                "Go on in that window, or close it first.", str(path))) from error
        journal = cls(path, descriptor, ops)
        try:
            journal._begin(stamp, before, owner or {}, damaged_tail)
        except BaseException:
            _let_go(descriptor, ops)
            raise
        return journal

    @property
    def next_seq(self) -> int:
        """The number of the next line."""
        return self._seq + 1

    @property
    def seal(self) -> str:
        """The seal of the last line; zeros while there is none."""
        return self._seal

    def append(self, payload: Mapping[str, object]) -> int:
        """Writes one line and gives its number once it is on the disk.

        Raises NotSaved when the disk refuses; the journal then takes no further line, for a descriptor whose sync has
        failed once may lie the next time. So it is where the file is no longer the one under the journal's name: what
        is written there, nobody would find. Raises ValueError for a payload that no line can hold.
        """
        if self._failed:
            raise NotSaved(Problem("J004", "The journal failed earlier and takes nothing more.",
                                   f"Line {self._seq} is the last safe one. Stop, mend the disk, and begin again.",
                                   str(self.path)))
        line = encode(payload, self._seq + 1, self._seal)
        try:
            self._write(line)
            here = self._ops.is_at(self._descriptor, self.path)
        except OSError as error:
            self._failed = True
            self._take_back()
            raise _not_saved(self.path, error, f"Line {self._seq} is the last safe one.") from error
        if not here:
            self._failed = True
            self._take_back()
            raise _taken_away(self.path, self._seq)
        self._length += len(line)
        self._seq += 1
        self._seal = line[-35:-3].decode("ascii")
        return self._seq

    def close(self) -> None:
        """Closes the journal and lets it go."""
        if self._descriptor >= 0:
            _let_go(self._descriptor, self._ops)
            self._descriptor = -1

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(
        self, stamp: Callable[[], str], before: Callable[[Lines], None] | None, owner: Mapping[str, object],
        damaged_tail: bool,
    ) -> None:
        try:
            data = self._ops.read(self._descriptor)
        except OSError as error:
            raise _not_saved(self.path, error, "Nothing was added yet.") from error
        chain = read_chain(data)
        setting_aside = damaged_tail and chain.damaged_tail
        if chain.damaged and not setting_aside:
            raise Damaged(shortened(_problem(found, self.path) for found in chain.faults))
        self.lines = tuple(line.payload for line in chain.lines)
        if before is not None:
            before(self.lines)
        self._length = chain.end
        if chain.lines:
            self._seq, self._seal = chain.lines[-1].seq, chain.lines[-1].seal
        if chain.torn or chain.newline_hurt or setting_aside:
            self._mend(chain, data, stamp, owner)

    def _mend(self, chain: Chain, data: bytes, stamp: Callable[[], str], owner: Mapping[str, object]) -> None:
        try:
            self._recover(chain, data)
        except OSError as error:
            raise _not_saved(self.path, error, "The torn line could not be set aside.") from error
        dropped = len(data) - chain.end
        kind = "set_aside" if chain.damaged else "recovered"
        self.append({"at": stamp(), "kind": kind, **owner, "dropped": dropped})
        self.recovered = _recovery(self.path, chain, dropped)

    def _recover(self, chain: Chain, data: bytes) -> None:
        """Copies the torn bytes beside the journal, then cuts them off and mends a hurt line end."""
        tail = data[chain.end:]
        if tail.strip(b"\n"):
            self._set_aside(tail, chain.end)
        self._ops.truncate(self._descriptor, chain.end)
        if chain.newline_hurt:
            self._all(self._descriptor, b"\n")
            self._length += 1
        self._ops.fsync(self._descriptor)

    def _set_aside(self, tail: bytes, offset: int) -> None:
        beside = self.path.with_name(f"{self.path.name}.torn-{offset}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        descriptor = self._ops.open(beside, flags, 0o600)
        try:
            self._all(descriptor, tail)
            self._ops.fsync(descriptor)
        finally:
            self._ops.close(descriptor)
        self._ops.sync_folder(self.path.parent)

    def _write(self, line: bytes) -> None:
        self._all(self._descriptor, line)
        self._ops.fsync(self._descriptor)

    def _all(self, descriptor: int, data: bytes) -> None:
        while data:
            taken = self._ops.write(descriptor, data)
            if taken <= 0:
                raise OSError(errno.EIO, "the disk took nothing")
            data = data[taken:]

    def _take_back(self) -> None:
        """Cuts off what was written of an unacknowledged line; if even that fails, the next opening finds it torn."""
        try:
            self._ops.truncate(self._descriptor, self._length)
        except OSError:
            return


def _opened(path: Path, ops: Ops, shared: bool) -> int:
    """A descriptor of the journal, made with its folder when there is none. A planted link is never followed."""
    make_folder(path.parent, ops.sync_folder, 0o777 if shared else 0o700)
    if path.is_symlink():
        raise OSError(errno.ELOOP, "the journal is a link", str(path))
    try:
        descriptor = ops.open(path, _CREATE, 0o644 if shared else 0o600)
    except FileExistsError:
        return ops.open(path, _APPEND, 0o600)
    ops.sync_folder(path.parent)
    return descriptor


def _taken_away(path: Path, seq: int) -> NotSaved:
    return NotSaved(Problem("J004", "NOT SAVED: the journal was moved, removed or replaced while it was open.",
                            f"Its lines up to {seq} are wherever it went. Put the folder back as it was, then begin "
                            "again.", str(path)))


def _let_go(descriptor: int, ops: Ops) -> None:
    """Closes; a close that fails, as on a share that went away, takes back nothing that was synced before."""
    with suppress(OSError):
        ops.close(descriptor)


def _not_saved(path: Path, error: OSError, safe: str) -> NotSaved:
    return NotSaved(Problem("J004", f"NOT SAVED: {error.strerror or error}.", f"{safe} Free the disk or the folder, "
                            "then begin again.", str(path)))


__all__ = ["REAL", "Journal", "LineTooLong", "Ops", "Reading", "journal_lines", "read_journal"]
