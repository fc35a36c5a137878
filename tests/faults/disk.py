"""A disk that may lose power: real calls on a real folder, and every state that could be found there afterwards.

Each call is made and written down. What has not been synced may be on the disk or not: any beginning of it, zeros
instead of it, a cut that has not happened yet, a name that is not there yet or still stands for what it stood for.
"""

import errno
import itertools
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cqa.files import atomic
from cqa.files.journal import RealOps

PAGE = 4096
Contents = Mapping[str, bytes]
"""What is in a folder: name to bytes."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one file that is not synced: bytes written at a place, or (None) the file cut off there."""

    at: int
    data: bytes | None

    def on(self, content: bytes) -> bytes:
        """The content once the change is made; what lies between the end and the place reads as zeros."""
        if self.data is None:
            return content[:self.at].ljust(self.at, b"\0")
        return content[:self.at].ljust(self.at, b"\0") + self.data + content[self.at + len(self.data):]


@dataclass(frozen=True, slots=True)
class File:
    """A file: what is on the disk for certain, and the changes made since, in order."""

    safe: bytes = b""
    pending: tuple[Change, ...] = ()

    @property
    def now(self) -> bytes:
        """What a reader of the running system finds."""
        content = self.safe
        for change in self.pending:
            content = change.on(content)
        return content

    def in_order(self, stride: int) -> Iterator[bytes]:
        """What a power cut may leave where the disk takes changes in their order: each byte by byte, or zeros.

        `stride` is how many bytes lie between the places where it may stop; of a long text they are further apart.
        """
        content = self.safe
        yield content
        for change in self.pending:
            length = len(change.data or b"")
            for stop in range(1, length, stride if length < 400 else 13 * stride):
                part = replace(change, data=(change.data or b"")[:stop]).on(content)
                yield part
                # The file's length may reach the disk before its bytes do: these then read as zeros.
                yield part + b"\0" * (len(change.on(content)) - len(part))
            if change.data:
                yield replace(change, data=b"\0" * len(change.data)).on(content)
            content = change.on(content)
            yield content

    def out_of_order(self) -> Iterator[bytes]:
        """What is left where the disk takes a later change, or a later page, and not what came before it."""
        for count in range(1, min(len(self.pending), 4)):
            for some in itertools.combinations(self.pending, count):
                if some != self.pending[:count]:
                    yield File(self.safe, some).now
        whole = self.now
        for edge in range(PAGE, len(whole), PAGE):
            if edge > len(self.safe):
                yield self.safe + b"\0" * (edge - len(self.safe)) + whole[edge:]


@dataclass(frozen=True, slots=True)
class Moment:
    """The disk after a call. `names` are those on the disk for certain, `renamed` the changes of names since (None:
    the name goes); `acknowledged` is what the program had been told was safe by then.
    """

    files: tuple[File, ...]
    names: Mapping[str, int]
    renamed: tuple[tuple[str, int | None], ...]
    acknowledged: tuple[int, ...]

    def states(self, stride: int = 1) -> Iterator[tuple[Contents, bool]]:
        """Every state a power cut can leave, and whether the disk kept to the order of the changes. `stride` is that
        of `File.in_order`."""
        for names in self._namings():
            fixed = {name: self.files[file].now for name, file in names.items()}
            safe = {name: self.files[file].safe for name, file in names.items()}
            yield fixed, True
            for name, file in ((name, self.files[file]) for name, file in names.items() if self.files[file].pending):
                # One file at a time is written to: the others are as they were, or as they are now.
                for rest in (fixed, safe) if len(names) > 1 else (fixed,):
                    yield from (({**rest, name: content}, True) for content in file.in_order(stride))
                    yield from (({**rest, name: content}, False) for content in file.out_of_order())

    def within(self, later: "Moment") -> bool:
        """Whether every state of this moment is one of the later moment, in which only more is on its way."""
        return (self.names, self.renamed, self.acknowledged) == (later.names, later.renamed, later.acknowledged) and (
            len(self.files) == len(later.files)) and all(
            one.safe == other.safe and other.pending[:len(one.pending)] == one.pending
            for one, other in zip(self.files, later.files, strict=True))

    def _namings(self) -> Iterator[dict[str, int]]:
        """The names after each beginning of the changes that are not synced."""
        for count in range(len(self.renamed) + 1):
            names = dict(self.names)
            for name, file in self.renamed[:count]:
                if file is None:
                    names.pop(name, None)
                else:
                    names[name] = file
            yield names


@dataclass
class Disk(RealOps):
    """The folder's disk while a program runs: what each call did, and the moment after it. A journal's calls, and
    through `atomic_on` those of an atomic write.

    The `failing`-th write takes nothing and says that the disk is full. `deaf` names a call that this disk ignores, to
    show that it would be noticed.
    """

    folder: Path
    files: list[File] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    renamed: list[tuple[str, int | None]] = field(default_factory=list)
    acknowledged: tuple[int, ...] = ()
    moments: list[Moment] = field(default_factory=list)
    deaf: str = ""
    failing: int = 0
    opened: dict[int, int] = field(default_factory=dict)
    folder_is_safe: bool = True

    @classmethod
    def of(cls, folder: Path, contents: Contents, deaf: str = "") -> "Disk":
        """A disk on which these files are safe; they are written to the folder, where it is there already."""
        disk = cls(folder, deaf=deaf, folder_is_safe=folder.is_dir())
        for name, content in contents.items():
            (folder / name).write_bytes(content)
            disk.names[name] = len(disk.files)
            disk.files.append(File(content))
        return disk

    def note(self) -> None:
        """Keeps the moment; of one that lies within the next, the next."""
        moment = Moment(tuple(self.files), dict(self.names), tuple(self.renamed), self.acknowledged)
        if self.moments and self.moments[-1].within(moment):
            self.moments.pop()
        self.moments.append(moment)

    def current(self) -> dict[str, int]:
        """The names as the running system has them."""
        names: dict[str, int | None] = {**self.names, **dict(self.renamed)}
        return {name: file for name, file in names.items() if file is not None}

    def open(self, path: Path, flags: int, mode: int) -> int:
        """As os.open; a new file's name is not safe yet."""
        new = path.name not in self.current()
        descriptor = os.open(path, flags, mode)
        if new:
            self.renamed.append((path.name, len(self.files)))
            self.files.append(File())
        file = self.opened[descriptor] = self.current()[path.name]
        if flags & os.O_TRUNC:
            self._change(file, Change(0, None))
        self.note()
        return descriptor

    def write(self, descriptor: int, data: bytes) -> int:
        """As os.write, a part at a time, so that a line is on its way for several calls."""
        self.failing -= 1
        if self.failing == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken = os.write(descriptor, data[: max(70, len(data) // 3)])
        file = self.opened[descriptor]
        self._change(file, Change(len(self.files[file].now), data[:taken]))
        self.note()
        return taken

    def truncate(self, descriptor: int, length: int) -> None:
        """As os.ftruncate."""
        os.ftruncate(descriptor, length)
        self._change(self.opened[descriptor], Change(length, None))
        self.note()

    def fsync(self, descriptor: int) -> None:
        """The file's bytes are safe; its name is not."""
        file = self.opened[descriptor]
        if self.deaf != "fsync":
            self.files[file] = File(self.files[file].now)
        self.note()

    def sync_folder(self, folder: Path) -> None:
        """The folder's names are safe, if the folder itself is: that takes a sync of the one it is in."""
        if self.deaf != "sync_folder":
            if folder == self.folder.parent:
                self.folder_is_safe = True
            elif self.folder_is_safe:
                self.names, self.renamed = self.current(), []
        self.note()

    def close(self, descriptor: int) -> None:
        """As os.close."""
        os.close(descriptor)
        del self.opened[descriptor]
        self.note()

    def replace(self, source: Path, target: Path) -> None:
        """As os.replace: a change of names, and no more."""
        file = self.current()[source.name]
        source.replace(target)
        self.renamed.append((target.name, file))
        self.renamed.append((source.name, None))
        self.note()

    def unlink(self, path: Path) -> None:
        """As os.unlink."""
        path.unlink()
        self.renamed.append((path.name, None))
        self.note()

    def _change(self, file: int, change: Change) -> None:
        self.files[file] = replace(self.files[file], pending=(*self.files[file].pending, change))


def atomic_on(disk: Disk) -> atomic.Ops:
    """The calls of an atomic write on such a disk."""
    return atomic.Ops(open=disk.open, write=disk.write, fsync=disk.fsync, close=disk.close, replace=disk.replace,
                      unlink=disk.unlink, sync_folder=disk.sync_folder)


class Unsynced(RealOps):
    """The real calls without the wait for the disk, for thousands of openings that no power cut follows."""

    def fsync(self, descriptor: int) -> None:
        """Nothing."""

    def sync_folder(self, folder: Path) -> None:
        """Nothing."""
