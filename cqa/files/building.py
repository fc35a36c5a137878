"""Folders that are written whole or not at all: made beside their place, synced, and then put there."""

import csv
import hashlib
import io
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from cqa.errors import NotSaved, Problem


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV, each ended by a line feed."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def put_text(path: Path, pieces: Iterable[str]) -> str:
    """Writes text piece by piece, on the disk before it returns; gives its SHA-256."""
    digest = hashlib.sha256()
    with path.open("xb") as stream:
        for piece in pieces:
            data = piece.encode()
            digest.update(data)
            stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest()


def put(path: Path, data: bytes) -> str:
    """Writes bytes to a new file, with its folder, on the disk before it returns; gives their SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    return hashlib.sha256(data).hexdigest()


class Building:
    """A folder beside the final one, renamed to it at the end and removed when anything goes wrong.

    `what` says in a word what is written. A `private` folder is its owner's alone. An empty folder in the final place
    gives way.
    """

    def __init__(self, folder: Path, what: str, private: bool = False) -> None:
        self.folder, self.what, self.mode = folder, what, 0o700 if private else 0o777
        self.part = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")

    def __enter__(self) -> Path:
        try:
            self.part.parent.mkdir(parents=True, exist_ok=True)
            self.part.mkdir(mode=self.mode)
        except OSError as error:
            raise not_written(self.folder, error, self.what) from error
        return self.part

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is None:
            try:
                if self.folder.is_dir():
                    self.folder.rmdir()
                self.part.rename(self.folder)
            except OSError as failed:
                shutil.rmtree(self.part, ignore_errors=True)
                raise not_written(self.folder, failed, self.what) from failed
            return
        shutil.rmtree(self.part, ignore_errors=True)
        if isinstance(error, OSError):
            raise not_written(self.folder, error, self.what) from error


def not_written(folder: Path, error: OSError, what: str) -> NotSaved:
    """The refusal of a disk; `what` says in a word what was to be written."""
    return NotSaved(Problem("P004", f"The {what} could not be written: {error.strerror or error}.",
                            "Nothing was saved. Check the disk and the folder's permissions.", str(folder)))
