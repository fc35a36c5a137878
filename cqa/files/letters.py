"""letters.csv: who is called by which letter where names are hidden; it stays with the leader."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from cqa.errors import BadInput, Problem
from cqa.files.atomic import write_bytes
from cqa.files.plain_file import read_file

LETTERS_FILE = "letters.csv"
_HEADER = ["called", "person"]
_CALLED = re.compile(r"(Reviewer|Handler) [A-Z]{1,4}")
_REMEDY = "Mend the line, or move the file away: everyone is then given a new letter, and earlier reports differ."


def read_letters(root: Path) -> dict[str, str]:
    """Person to what they are called; nothing where there is no such file. Raises BadInput with every line that is
    wrong."""
    path = root / LETTERS_FILE
    if not path.exists():
        return {}
    try:
        rows = list(csv.reader(io.StringIO(read_file(path).decode("utf-8-sig"), newline=""), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(Problem("P015", f"The letters cannot be read: {error}.", _REMEDY, str(path))) from error
    problems = list(_wrong(path, rows))
    if problems:
        raise BadInput(problems)
    return {row[1]: row[0] for row in rows[1:]}


def _wrong(path: Path, rows: list[list[str]]) -> Iterator[Problem]:
    if not rows or rows[0] != _HEADER:
        yield Problem("P015", f"The first line must be: {','.join(_HEADER)}", _REMEDY, str(path), 1)
        return
    seen: set[str] = set()
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(_HEADER) or not _CALLED.fullmatch(row[0]) or not row[1]:
            yield Problem("P015", "The line must hold 'Reviewer' or 'Handler' with a letter, and a person.", _REMEDY,
                          str(path), line)
            continue
        called, person = row
        if called in seen or f"person {person}" in seen:
            yield Problem("P015", f"'{called}' or '{person[:80]}' stands here a second time.", _REMEDY, str(path), line)
        seen.update((called, f"person {person}"))


def _order(row: tuple[str, str]) -> tuple[str, int, str]:
    """Handlers before reviewers, each from A to Z and then AA."""
    return row[0].partition(" ")[0], len(row[0]), row[0]


def keep_letters(root: Path, told: Mapping[str, str]) -> Path:
    """Writes everyone's letter, in the order of the letters. Raises NotSaved when the disk refuses."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    writer.writerows((called, person) for called, person in sorted(
        ((called, person) for person, called in told.items()), key=_order))
    return write_bytes(root / LETTERS_FILE, text.getvalue().encode())
