"""Reads an export that comes as a workbook (.xlsx): each cell as the text a person sees, where that is certain, and a
refusal or a warning where it is not."""

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from cqa.errors import BadInput, Findings, Problem
from cqa.facts import folded
from cqa.files.layout import HEADER_WITHIN, Candidate, Layout, header_among
from cqa.sampling.frame import Batch

ENCODING, DELIMITER = "xlsx", "workbook"
_MOST_UNPACKED = 200_000_000
_MOST_RATIO = 100
"""Honest workbooks unpack to 15 times their size, and to 40 where every row is alike."""
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 1_000
_MOST_MISSING = 50_000
"""How many rows may be missing between two that are there."""
_FEW_CELLS = 1_000_000
_HEAD_ROWS = 1_000
_HEAD_BYTES = 4_096
_DIMENSION = re.compile(rb"""<(?:\w+:)?dimension\s[^>]*?ref=["']([A-Z0-9:]+)["']""")
_BATCH = 1024
_DIGITS = 15
"""How many digits of a number a spreadsheet keeps."""
_BETTER = "Better: export CSV from the system itself."
_KINDS = {"f": "a formula", "e": "an error"}
_TEXT = ("s", "inlineStr")


class Cell(Protocol):
    """What is needed of a cell."""

    value: object
    data_type: str
    number_format: str | None


class Sheet(Protocol):
    """What is needed of a sheet that is read as a stream. `claimed`: how many rows and columns it says it has."""

    claimed: tuple[int, int]

    def iter_rows(self) -> Iterator[Sequence[Cell]]:
        """Every row from the first on, those between rows too."""
        ...


@dataclass(slots=True)
class _Seen:
    """Cells of one kind in a column: how many, and the first of them."""

    count: int = 0
    first: str = ""
    row: int = 0
    told: str = ""

    def take(self, letter: str, row: int, told: str) -> None:
        if not self.count:
            self.first, self.row, self.told = f"{letter}{row}", row, told
        self.count += 1


class _NoTextError(Exception):
    """The cell holds no value that is certain."""


def open_workbook(path: Path, wanted: Sequence[str]) -> tuple[Layout, "SheetRows"]:
    """The first sheet that names the case id, which is the first of the `wanted` columns, else the first with rows.

    Raises BadInput for a file that is no workbook, unpacks to too much, or whose sheet reaches absurdly far.
    """
    unpacked = _checked_size(path)
    with _opened(path) as book:
        claims = {sheet.title: cast(Sheet, sheet).claimed for sheet in book.worksheets}
        heads = {sheet.title: _head(_rows(book, sheet.title, path.name)) for sheet in book.worksheets}
    filled = {name: head for name, head in heads.items() if head}
    if not filled:
        raise BadInput(Problem("C002", "The workbook has no rows.", "Export it again.", path.name))
    found = {name: header_among(head, wanted) for name, head in filled.items()}
    naming = [name for name, one in found.items() if wanted and folded(wanted[0]) in map(folded, one[2])]
    sheet = (naming or list(found))[0]
    _check_extent(path.name, sheet, *claims[sheet], unpacked)
    _, line, header = found[sheet]
    titles = tuple(" ".join(filter(None, map(str.strip, fields))) for _, at, fields in heads[sheet] if at < line)
    layout = Layout(ENCODING, DELIMITER, line, header, titles, f"sheet '{sheet}'")
    return layout, SheetRows(path, sheet, layout, _other_sheets(path.name, sheet, list(heads), naming))


def texts_in(path: Path, sheet: str) -> list[str]:
    """Every text in the cells of one sheet, row by row; none where there is no such sheet. Raises BadInput as
    `open_workbook` does."""
    _checked_size(path)
    with _opened(path) as book:
        if sheet not in book.sheetnames:
            return []
        return [cell.value for _, cells in _rows(book, sheet, path.name) for cell in cells
                if isinstance(cell.value, str)]


class Held(NamedTuple):
    """What a cell holds: the text that a person sees, and, where that is no plain value, what it is: `a formula`, `an
    error`."""

    text: str
    odd: str = ""


def cells_in(path: Path, most: int) -> dict[str, dict[str, Held]]:
    """Every cell that holds something, by sheet and reference, such as B4. Raises BadInput as `open_workbook` does, and
    where there are more than `most`."""
    unpacked = _checked_size(path)
    found: dict[str, dict[str, Held]] = {}
    left = most
    with _opened(path) as book, _quiet():
        for sheet in book.worksheets:
            title = sheet.title
            _check_extent(path.name, title, *cast(Sheet, sheet).claimed, unpacked)
            held = found.setdefault(title, {})
            for row, cells in _rows(book, title, path.name):
                held.update((f"{get_column_letter(place)}{row}", _held(cell))
                            for place, cell in enumerate(cells, start=1) if cell.value is not None)
                if len(held) > left:
                    raise BadInput(Problem("C021", f"The workbook holds more than {most:,} cells.",
                                           "It is not the one that is asked for.", path.name))
            left -= len(held)
    return found


def _held(cell: Cell) -> Held:
    try:
        return Held(_text(cell))
    except _NoTextError as error:
        return Held(f"{cell.value}", f"{error}")


def _checked_size(path: Path) -> int:
    """How many bytes the workbook unpacks to. What a part says of its size holds: zipfile gives no byte more."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise BadInput(_unreadable(path.name, f"{error}")) from error
    if "[Content_Types].xml" not in {part.filename for part in parts}:
        raise BadInput(Problem("C021", "This is a packed file, and no workbook of the kind .xlsx.",
                               "Unpack it, and name the export itself.", path.name))
    unpacked = sum(part.file_size for part in parts)
    if unpacked > min(_MOST_UNPACKED, _MOST_RATIO * path.stat().st_size):
        raise BadInput(Problem("C021", f"The workbook would unpack to {unpacked / 1e6:,.0f} MB, which is too much to "
                               "be read.", "Export CSV, which may be of any size.", path.name))
    return unpacked


def _check_extent(where: str, sheet: str, rows: int, columns: int, unpacked: int) -> None:
    """A cell takes more than a byte: a sheet that claims more cells than it has bytes is as good as empty."""
    if columns > _MOST_COLUMNS or rows > _MOST_ROWS or rows * columns > max(unpacked, _FEW_CELLS):
        raise BadInput(_too_far(where, sheet, f"{get_column_letter(min(columns, 16_384))}{rows}"))


def _too_far(where: str, sheet: str, cell: str) -> Problem:
    return Problem("C021", f"The sheet '{sheet}' reaches to the cell {cell}, nearly all of it empty.",
                   f"Copy only the rows and columns of the cases into a new workbook. {_BETTER}", where)


def _unreadable(where: str, told: str) -> Problem:
    return Problem("C021", f"The workbook cannot be read ({told[:100]}).",
                   f"Open it, choose Save as, and name the new file. {_BETTER}", where)


@contextmanager
def _opened(path: Path) -> Iterator[Workbook]:
    """The workbook, read as it is asked for. Raises BadInput for whatever is wrong inside it."""
    book = None
    try:
        with _quiet():
            reader = _Reader(path, read_only=True, keep_links=False)
            reader.read()
            book = reader.wb
        yield book
    except BadInput:
        raise
    except Exception as error:  # openpyxl fails in as many ways as there are ways to spoil a workbook
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise BadInput(_unreadable(path.name, f"{type(error).__name__}: {error}")) from error
    finally:
        if book is not None:
            book.close()


class _Sheet(ReadOnlyWorksheet):
    """A sheet whose extent is asked of its first bytes alone: openpyxl goes through all of it where it states none."""

    claimed = (0, 0)

    def _get_size(self) -> None:
        with self._get_source() as stream:  # type: ignore[attr-defined]
            found = _DIMENSION.search(stream.read(_HEAD_BYTES))
        if found is not None:
            _, _, columns, rows = range_boundaries(found[1].decode())
            self.claimed = rows or _MOST_ROWS, columns or _MOST_COLUMNS


class _Reader(ExcelReader):
    """Opens a workbook without going through its sheets."""

    def read_worksheets(self) -> None:
        """Notes where the sheets are."""
        for named, part in self.parser.find_sheets():
            if part.target in self.valid_files and "chartsheet" not in part.Type:
                sheet = _Sheet(self.wb, named.name, part.target, self.shared_strings)
                self.wb._sheets.append(sheet)  # type: ignore[attr-defined]


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the warnings of openpyxl, which are of parts of a workbook that no export needs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _rows(book: Workbook, sheet: str, where: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Every row with its number. What the sheet claims of its extent is not relied on: some programs write A1.

    Raises BadInput where a row stands or reaches too far.
    """
    found = cast(Sheet, book[sheet])
    last = 0
    for number, cells in enumerate(found.iter_rows(), start=1):
        last = number if cells else last
        if number > _MOST_ROWS or len(cells) > _MOST_COLUMNS or number - last > _MOST_MISSING:
            raise BadInput(_too_far(where, sheet, f"{get_column_letter(len(cells) or 1)}{number}"))
        yield number, cells


def _head(rows: Iterator[tuple[int, Sequence[Cell]]]) -> list[Candidate]:
    """The first rows of a sheet that are not blank: each may be the header."""
    found: list[Candidate] = []
    with _quiet():
        head = list(islice(rows, _HEAD_ROWS))
    for row, cells in head:
        fields = [_shown(cell) for cell in cells]
        while fields and not fields[-1].strip():
            fields.pop()
        if fields:
            found.append((DELIMITER, row, tuple(fields)))
        if len(found) == HEADER_WITHIN:
            break
    return found


def _shown(cell: Cell) -> str:
    """The cell's text; what a cell in the header that has none holds."""
    try:
        return _text(cell)
    except _NoTextError:
        return f"{cell.value}"


def _text(cell: Cell) -> str:
    """What a person sees in the cell: text as it is, whole numbers without a point, dates as ISO, TRUE and FALSE.

    Raises _NoTextError for formulas, errors, and numbers that are none.
    """
    value = cell.value
    if cell.data_type in _KINDS:
        raise _NoTextError(_KINDS[cell.data_type])
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else f"{value}"


def _number(value: float, number_format: str) -> str:
    if not isfinite(value):
        raise _NoTextError("no number")
    if value == int(value):
        # A format of zeros alone, such as 00000, shows the zeros at the beginning; any other could round or decorate.
        return f"{int(value)}".zfill(len(number_format) if set(number_format) == {"0"} else 0)
    return format(Decimal(f"{value:.{_DIGITS}g}"), "f")


def _other_sheets(where: str, sheet: str, sheets: Sequence[str], naming: Sequence[str]) -> tuple[Problem, ...]:
    """Which sheets were not read; those that look like more of the same export are said apart."""
    others = [name for name in sheets if name != sheet]
    if not others:
        return ()
    alike = [name for name in naming if name != sheet]
    told = f" Not read, though they name the case id too: {_names(alike)}." if alike else ""
    rest = [name for name in others if name not in alike]
    told += f" Not read: {_names(rest)}." if rest else ""
    return (Problem("C022", f"The sheet '{sheet}' was read.{told}",
                    "If the others hold cases too, export each as a file of its own.", where, severity="warning"),)


def _names(sheets: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in sheets)


class SheetRows:
    """The rows of one sheet below its header, as text."""

    def __init__(self, path: Path, sheet: str, layout: Layout, said: tuple[Problem, ...]) -> None:
        self.path, self.sheet, self.layout, self.said = path, sheet, layout, said
        self.where = path.name
        self._numeric_ids = _Seen()
        self._dates: dict[int, _Seen] = {}

    def read(self, id_place: int | None) -> Iterator[Batch]:
        """All rows, each as wide as the header. Raises BadInput, at the end, with every cell that cannot be read."""
        self._numeric_ids, self._dates = _Seen(), {}
        findings = Findings()
        with _opened(self.path) as book:
            rows = _rows(book, self.sheet, self.where)
            while part := self._part(rows):
                made = [(number, fields) for number, cells in part if number > self.layout.header_line
                        and (fields := self._fields(number, cells, id_place, findings)) is not None]
                if made:
                    yield Batch(self.where, [number for number, _ in made], [fields for _, fields in made])
        findings.stop()

    def _part(self, rows: Iterator[tuple[int, Sequence[Cell]]]) -> list[tuple[int, Sequence[Cell]]]:
        with _quiet():
            return list(islice(rows, _BATCH))

    def _fields(self, row: int, cells: Sequence[Cell], id_place: int | None, findings: Findings) -> list[str] | None:
        """The row as text; None where a cell has none, which is then a finding."""
        width = len(self.layout.header)
        fields: list[str] = []
        good = True
        for place, cell in enumerate(cells):
            value, kind = cell.value, cell.data_type
            if value is None or (kind in _TEXT and place < width):
                fields.append(cast(str, value) or "")
                continue
            problem = self._doubt(row, place, cell, id_place)
            if problem is None:
                fields.append(_text(cell))
            else:
                findings.add(problem)
                good = False
        if not good:
            return None
        return fields[:width] if len(fields) >= width else fields + [""] * (width - len(fields))

    def _doubt(self, row: int, place: int, cell: Cell, id_place: int | None) -> Problem | None:
        """What is wrong with a cell that holds anything but text; what is only doubtful is counted."""
        letter = get_column_letter(place + 1)
        try:
            text = _text(cell)
        except _NoTextError as error:
            return self._problem("C023", f"The cell {letter}{row} holds {error} ('{str(cell.value)[:40]}'), not a "
                                 "value.", "Copy the column, paste it as values, and mend what is then wrong.",
                                 row, place)
        if place >= len(self.layout.header):
            return self._problem("C005", f"The cell {letter}{row} ('{text[:40]}') stands beyond the last column of the "
                                 "header.", "Name its column, or empty it.", row, place) if text.strip() else None
        if place == id_place and cell.data_type == "n":
            return self._numeric_id(row, letter, place, text, cell.number_format or "")
        if cell.data_type == "d":
            self._dates.setdefault(place, _Seen()).take(letter, row, text)
        return None

    def _numeric_id(self, row: int, letter: str, place: int, text: str, number_format: str) -> Problem | None:
        if len(text.strip("-").partition(".")[0]) > _DIGITS:
            return self._problem(
                "C019", f"The case id '{text}' in cell {letter}{row} is stored as a number, of which a spreadsheet "
                f"keeps {_DIGITS} digits.", "The number is lost: export again, and do not open and save the file in a "
                "spreadsheet.", row, place)
        if set(number_format) != {"0"}:
            self._numeric_ids.take(letter, row, text)
        return None

    def _problem(self, code: str, message: str, remedy: str, row: int, place: int) -> Problem:
        return Problem(code, message, remedy, self.where, row, place + 1)

    def remarks(self) -> Sequence[Problem]:
        """Which sheets were not read, ids that are numbers, and dates that Excel made, as warnings."""
        return (*self.said, *self._numbers_remark(), *self._dates_remarks())

    def _numbers_remark(self) -> Iterator[Problem]:
        seen = self._numeric_ids
        if seen.count:
            yield Problem("C022", f"{seen.count:,} case ids are stored as numbers, such as {seen.told} in cell "
                          f"{seen.first}: zeros at their beginning, if they had any, are lost for good.", _BETTER,
                          self.where, seen.row, severity="warning")

    def _dates_remarks(self) -> Iterator[Problem]:
        for place, seen in sorted(self._dates.items()):
            yield Problem("C022", f"The column '{self.layout.header[place].strip()}' holds {seen.count:,} dates of "
                          f"Excel, such as {seen.told} in cell {seen.first}: they are read as year-month-day.",
                          "Excel may have taken months for days when it made them: look at some.", self.where, seen.row,
                          severity="warning")
