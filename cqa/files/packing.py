"""Zips that are the same bytes for the same files: written as a stream, read back, and only then put in place."""

import hashlib
import shutil
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO

from cqa.errors import NotSaved, Problem
from cqa.files.atomic import REAL, Ops, write_with

SUMS = "SHA256SUMS"
_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX, _MODE = 3, 0o100600
"""What is unpacked is readable for whoever unpacks it alone, where the program that does it keeps modes."""
_BAD_LETTERS = frozenset('\\/:*?"<>|')

Source = bytes | Path
"""What goes into a zip: bytes, or a file that is read when it is needed."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A zip as written: where, its size and SHA-256, and how many files are in it."""

    path: Path
    bytes: int
    sha256: str
    files: int


def may_be_named(name: str) -> bool:
    """Whether a file may be called so in a zip: on every system, and in a list of sums, it is one name and the same."""
    return name.isprintable() and not _BAD_LETTERS & set(name) and not name.startswith(".")


def write_pack(path: Path, folder: str, files: Mapping[str, Source], ops: Ops = REAL) -> Packed:
    """A zip of one folder with the files, by their places in it, and with SHA256SUMS of all of them.

    The same files make the same bytes: sorted, of one date, on every system alike. Raises NotSaved when the disk
    refuses, and when what is read back is not what was to be packed; then nothing is changed.
    """
    sums = {name: _digest(source) for name, source in files.items()}
    listed = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))
    everything: dict[str, Source] = {**files, SUMS: listed.encode()}
    wanted = {f"{folder}/{name}": digest for name, digest in {**sums, SUMS: _digest(listed.encode())}.items()}

    def fill(stream: BinaryIO) -> None:
        with zipfile.ZipFile(stream, "w") as archive:
            for name in sorted(everything):
                _add(archive, f"{folder}/{name}", everything[name])

    placed = write_with(path, fill, lambda part: _compare(part, wanted, path), ops=ops)
    with placed.open("rb") as written:
        return Packed(placed, placed.stat().st_size, hashlib.file_digest(written, "sha256").hexdigest(), len(wanted))


def _opened(source: Source) -> IO[bytes]:
    return BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _digest(source: Source) -> str:
    with _opened(source) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]


def _add(archive: zipfile.ZipFile, name: str, source: Source) -> None:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.create_system, entry.external_attr = _UNIX, _MODE << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    with _opened(source) as stream, archive.open(entry, "w") as packed:
        shutil.copyfileobj(stream, packed, 1 << 20)


def _compare(part: Path, wanted: Mapping[str, str], path: Path) -> None:
    """Raises NotSaved when the zip does not hold what was to be packed, byte for byte."""
    found = {}
    with suppress(zipfile.BadZipFile, zlib.error, EOFError), zipfile.ZipFile(part) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as stream:
                found[entry.filename] = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    if found != wanted:
        other = ", ".join(sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name)))
        raise NotSaved(Problem("P004", f"Not all could be packed as it was: {other} changed meanwhile, or the disk is "
                               "not to be trusted.", "Nothing was changed. Pack again when nobody is marking.",
                               str(path)))
