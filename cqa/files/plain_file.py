"""Recorded files are opened for reading here: only what is a file, for a pipe or a device might never end."""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

NEVER_WAIT = getattr(os, "O_NONBLOCK", 0)
"""Opening a pipe does not wait for somebody at its other end."""


def check_file(descriptor: int, path: Path) -> int:
    """The descriptor. Raises OSError, the descriptor closed, when it is no file's."""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "It is no file but a folder, a pipe or a device", str(path))
    return descriptor


def open_file(path: Path) -> BufferedReader:
    """The file's bytes as a stream. Raises OSError when it cannot be opened, or is no file."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | NEVER_WAIT)
    return os.fdopen(check_file(descriptor, path), "rb")


def read_file(path: Path) -> bytes:
    """The file's bytes. Raises OSError as `open_file`."""
    with open_file(path) as stream:
        return stream.read()
