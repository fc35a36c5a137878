"""Files of a record, each held against the digest that was written down for it."""

import csv
import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from cqa.errors import BadInput, Damaged, Problem
from cqa.files.plain_file import open_file, read_file
from cqa.tree import Reader

RESTORE = "Restore the sample's folder from a copy."

T = TypeVar("T")


def stop(problem: Problem) -> None:
    """Raises the problem as damage."""
    raise Damaged(problem)


def record_reader(path: Path) -> Reader:
    """A reader of a record that cqa wrote."""
    return Reader(str(path), ("S004", "S004", "S004"))


def damaged_if_bad(read: Callable[[], T]) -> T:
    """What `read` gives; a recorded file that cannot be read is damaged, not bad input of the user's."""
    try:
        return read()
    except BadInput as error:
        raise Damaged(replace(problem, code="S004", remedy=RESTORE) for problem in error.problems) from error


def unreadable(path: Path, error: OSError) -> Problem:
    """That a recorded file cannot be read."""
    return Problem("S004", f"The file cannot be read: {error.strerror}.", RESTORE, str(path))


def changed(path: Path) -> Problem:
    """That a recorded file is not the one that was recorded."""
    return Problem("S004", "The file is not as it was written.",
                   "Restore it from a copy; changes are recorded by commands, never by editing.", str(path))


def recorded_bytes(path: Path, sha256: str, wrong: Callable[[Problem], None] = stop) -> bytes:
    """The bytes of a recorded file; others than those recorded are told to `wrong`. Raises Damaged when unreadable."""
    try:
        data = read_file(path)
    except OSError as error:
        raise Damaged(unreadable(path, error)) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        wrong(changed(path))
    return data


def check_recorded(path: Path, sha256: str, wrong: Callable[[Problem], None]) -> None:
    """As `recorded_bytes`, for a file too large to be held."""
    try:
        with open_file(path) as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise Damaged(unreadable(path, error)) from error
    if found != sha256:
        wrong(changed(path))


def recorded_rows(path: Path, data: bytes, read: Callable[[dict[str, str]], T]) -> tuple[T, ...]:
    """Each row of a recorded CSV file. Raises Damaged for one that no longer has its form."""
    try:
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
        if any(None in row or None in row.values() for row in rows):
            raise ValueError("a row has more or fewer fields than the header")
        return tuple(map(read, rows))
    except (ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError, csv.Error) as error:
        raise Damaged(changed(path)) from error
