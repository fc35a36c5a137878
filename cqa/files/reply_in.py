"""A reply that comes back as a workbook: opened as what a stranger sent, and read as text, cell by cell."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import BadZipFile, ZipFile

from cqa.book import UNDATED, Book
from cqa.errors import BadInput, Problem
from cqa.files.workbook import write_book
from cqa.files.workbook_in import Held, cells_in

_LARGEST = 10_000_000
_MOST_CELLS = 100_000
_OLD_OR_LOCKED = bytes.fromhex("d0cf11e0")
_FOREIGN = ("vbaProject", "externalLink", "connections", "embeddings", "activeX", "ctrlProps")
"""What no sheet that cqa wrote has in it."""
_AGAIN = "Ask for the sheet that was given, with only the coloured cells filled in, saved as .xlsx."


def reply_cells(path: Path) -> dict[str, dict[str, Held]]:
    """Every cell of a workbook that was sent back, by sheet and reference. Raises BadInput for whatever is no workbook,
    is too large, or has macros or links to elsewhere in it."""
    _looked_at(path)
    try:
        return cells_in(path, _MOST_CELLS)
    except BadInput as error:
        raise BadInput(replace(problem, code="W020", remedy=_AGAIN) for problem in error.problems) from error


def cells_of_book(book: Book) -> dict[str, dict[str, Held]]:
    """The same of a book as it is written, read back by the same reader."""
    with TemporaryDirectory() as folder:
        return cells_in(write_book(Path(folder) / "sheet.xlsx", book, UNDATED), _MOST_CELLS)


def _looked_at(path: Path) -> None:
    """Raises BadInput for a file that is not to be opened at all."""
    try:
        with path.open("rb") as file:
            begins = file.read(len(_OLD_OR_LOCKED))
        size = path.stat().st_size
    except OSError as error:
        raise BadInput(_unreadable(path, f"The reply cannot be read: {error.strerror}.")) from error
    except ValueError as error:
        raise BadInput(_unreadable(path, "No file can be called so.")) from error
    if begins == _OLD_OR_LOCKED:
        raise BadInput(_unreadable(path, "The workbook is protected by a password, or of the old kind .xls."))
    if size > _LARGEST:
        raise BadInput(_unreadable(path, f"The file has {size / 1e6:,.0f} MB, which no reply has."))
    try:
        with ZipFile(path) as packed:
            names = packed.namelist()
    except (BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise BadInput(_unreadable(path, "The file is no workbook of the kind .xlsx.")) from error
    if found := sorted(name for name in names if any(word in name for word in _FOREIGN)):
        raise BadInput(_unreadable(path, f"The workbook has something in it that no sheet of feedback has: "
                                   f"{found[0][:80]}."))


def _unreadable(path: Path, told: str) -> Problem:
    return Problem("W020", told, _AGAIN, path.name)
