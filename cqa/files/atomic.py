"""Files that are written whole or not at all: beside the target, synced, then put in its place."""

import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cqa.errors import NotSaved, Problem

_WAITS = (0.05, 0.1, 0.2, 0.4, 0.75, 1.0)
"""Seconds between tries on Windows, 2.5 in all: a virus scanner or a sync client lets go within that."""
_BUSY_ON_WINDOWS = (5, 32, 33)
_NEW = os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_NO_DIRECTORY_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EPERM)


def sync_folder(folder: Path) -> None:
    """New names in the folder are on the disk. Windows has no such call, and some network mounts refuse it: then the
    system decides when."""
    if sys.platform == "win32":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _NO_DIRECTORY_SYNC:
            raise


@dataclass(frozen=True, slots=True)
class Ops:
    """The file calls that are made; a test replaces one to fail."""

    open: Callable[[Path, int, int], int] = os.open
    write: Callable[[int, bytes], int] = os.write
    fsync: Callable[[int], None] = os.fsync
    close: Callable[[int], None] = os.close
    replace: Callable[[Path, Path], None] = os.replace
    unlink: Callable[[Path], None] = os.unlink
    sync_folder: Callable[[Path], None] = sync_folder
    sleep: Callable[[float], None] = time.sleep


REAL = Ops()


def write_bytes(path: Path, data: bytes, *, beside: bool = False, code: str = "P004", ops: Ops = REAL) -> Path:
    """Writes `data` to `path`, whole or not at all, and gives where it was written.

    With `beside`, a target that another program holds open is left alone and `name 2.ext` is written instead. Raises
    NotSaved, with `code`, when the disk refuses; the target is then as it was.
    """
    part = _part_of(path)
    with _discarded_unless_placed(part, path, code, ops):
        make_folder(path.parent, ops.sync_folder)
        _write_part(part, data, ops)
        placed = _place(part, path, beside, ops)
        ops.sync_folder(path.parent)
    return placed


def write_with(
    path: Path, fill: Callable[[BinaryIO], None], check: Callable[[Path], None], *, code: str = "P004",
    ops: Ops = REAL
) -> Path:
    """Writes what `fill` puts into a stream, whole or not at all, and gives where: beside the target when that is open
    elsewhere. `check` looks at the finished file before it takes its place, and may raise to leave all as it was.

    Raises NotSaved, with `code`, when the disk refuses.
    """
    part = _part_of(path)
    with _discarded_unless_placed(part, path, code, ops):
        make_folder(path.parent, ops.sync_folder)
        with os.fdopen(ops.open(part, _NEW | os.O_RDWR, 0o600), "w+b") as stream:
            fill(stream)
            stream.flush()
            ops.fsync(stream.fileno())
        check(part)
        placed = _place(part, path, True, ops)
        ops.sync_folder(path.parent)
    return placed


def _part_of(path: Path) -> Path:
    """Where a file is made: what a crash has left behind must not stand in the way, and process numbers are given out
    again."""
    return path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}.tmp")


@contextmanager
def _discarded_unless_placed(part: Path, path: Path, code: str, ops: Ops) -> Iterator[None]:
    """Whatever goes wrong, the part is removed; what the disk refuses becomes NotSaved."""
    try:
        yield
    except OSError as error:
        _discard(part, ops)
        raise NotSaved(Problem(code, f"The file could not be written: {error.strerror or error}.",
                               "Nothing was changed. Free the disk, close the file elsewhere, or choose another "
                               "folder.", str(path))) from error
    except BaseException:
        _discard(part, ops)
        raise


def make_folder(folder: Path, sync: Callable[[Path], None], mode: int = 0o777) -> None:
    """Makes the folder, and those it is in, where they are missing; `sync` puts each new name on the disk.

    Without that, what is written and synced in a new folder may be gone with its name after a power cut.
    """
    missing = [place for place in (folder, *folder.parents) if not place.is_dir()]
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    for place in missing:
        sync(place.parent)


def _write_part(part: Path, data: bytes, ops: Ops) -> None:
    descriptor = ops.open(part, _NEW | os.O_WRONLY, 0o600)
    try:
        rest = memoryview(data)
        while rest:
            taken = ops.write(descriptor, bytes(rest[: 1 << 20]))
            if taken <= 0:
                raise OSError(errno.EIO, "the disk took nothing")
            rest = rest[taken:]
        ops.fsync(descriptor)
    finally:
        ops.close(descriptor)


def _place(part: Path, path: Path, beside: bool, ops: Ops) -> Path:
    """Puts the finished part in the target's place; waits for a busy target on Windows, then writes beside it."""
    for wait in (*_WAITS, None):
        try:
            ops.replace(part, path)
        except OSError as error:
            if getattr(error, "winerror", None) not in _BUSY_ON_WINDOWS:
                raise
            if wait is None and not beside:
                raise
            if wait is not None:
                ops.sleep(wait)
        else:
            return path
    other = next(name for number in range(2, 1000)
                 if not (name := path.with_name(f"{path.stem} {number}{path.suffix}")).exists())
    ops.replace(part, other)
    return other


def _discard(part: Path, ops: Ops) -> None:
    try:
        ops.unlink(part)
    except OSError:
        return
