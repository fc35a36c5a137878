"""Journals that were brought from elsewhere: found in folders, zips and files, and read with bounds."""

import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cqa.errors import BadInput, Problem
from cqa.files.plain_file import open_file

ENDING = ".jsonl"
MOST_BYTES = 64 << 20
"""A larger file is no journal: one of 100,000 marks has half of that."""
MOST_TOGETHER = 1 << 30
MOST_FILES = 10_000
MOST_DEPTH = 8
_BROKEN_ZIP = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError,
               ValueError, OSError)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that may be a journal: where it was found, and its bytes, or why they could not be had."""

    where: str
    data: bytes
    trouble: str = ""


def journals_in(places: Iterable[Path]) -> tuple[Incoming, ...]:
    """Every file that may be a journal in the places named: a folder and what is below it, a .zip of one, or a file.

    Nothing of a zip is ever written under its own name, links are not followed, and hidden files are passed over.
    Raises BadInput, with all of them, for places that are not there or cannot be looked into.
    """
    found: list[Incoming] = []
    problems: list[Problem] = []
    for place in places:
        try:
            found.extend(_bounded(_look(place)))
        except _BROKEN_ZIP as error:
            told = getattr(error, "strerror", None) or error
            problems.append(Problem("J022", f"This cannot be looked into: {told}.", "Name a folder, a .zip or a .jsonl "
                                    "file that is there and whole.", str(place)))
        except BadInput as error:
            problems.extend(error.problems)
    if problems:
        raise BadInput(problems)
    return tuple(found)


def _bounded(found: Iterable[Incoming]) -> Iterator[Incoming]:
    """The files, as long as they are not too many and not too much."""
    together = 0
    for number, one in enumerate(found, start=1):
        together += len(one.data)
        if number > MOST_FILES or together > MOST_TOGETHER:
            raise BadInput(Problem("J022", f"There is too much here: more than {MOST_FILES:,} files or "
                                   f"{MOST_TOGETHER >> 20:,} MiB of journals.", "Name the folder that was brought "
                                   "back, and not one above it.", one.where))
        yield one


def _look(place: Path) -> Iterator[Incoming]:
    place.stat()  # raises where nothing is there
    if place.is_dir():
        yield from _in_folder(place)
    elif place.suffix.casefold() == ENDING:
        yield _read(place)
    else:
        with zipfile.ZipFile(place) as archive:
            yield from _in_zip(place, archive)


def _raise(error: OSError) -> None:
    raise error


def _in_folder(place: Path) -> Iterator[Incoming]:
    for folder, inside, names in os.walk(place, onerror=_raise):
        depth = len(Path(folder).relative_to(place).parts)
        inside[:] = sorted(name for name in inside if not name.startswith(".")) if depth < MOST_DEPTH else []
        for name in sorted(names):
            path = Path(folder) / name
            if _may_be_one(name) and not path.is_symlink():
                yield _read(path)


def _may_be_one(name: str) -> bool:
    return name.casefold().endswith(ENDING) and not name.startswith(".")


def _read(path: Path) -> Incoming:
    try:
        with open_file(path) as stream:
            return _of(str(path), stream.read(MOST_BYTES + 1))
    except OSError as error:
        return Incoming(str(path), b"", f"it cannot be read: {error.strerror}")


def _of(where: str, data: bytes) -> Incoming:
    if len(data) > MOST_BYTES:
        return Incoming(where, b"", f"it has more than {MOST_BYTES >> 20} MiB")
    return Incoming(where, data)


def _in_zip(place: Path, archive: zipfile.ZipFile) -> Iterator[Incoming]:
    for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
        *above, name = PurePosixPath(entry.filename.replace("\\", "/")).parts or ("",)
        hidden = any(part.startswith(".") and part != ".." for part in above)
        if entry.is_dir() or hidden or not _may_be_one(name):
            continue
        where = f"{place}:{entry.filename}"
        try:
            # What the zip says of a file's size is not believed: so much is read and no more.
            with archive.open(entry) as stream:
                yield _of(where, stream.read(MOST_BYTES + 1))
        except _BROKEN_ZIP as error:
            yield Incoming(where, b"", f"it cannot be read from the zip: {error}")
