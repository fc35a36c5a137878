"""The rows of a table as a sheet's XML: text is always text, nothing is cut, and what was said is known afterwards."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from os import SEEK_END
from tempfile import SpooledTemporaryFile
from xml.sax.saxutils import escape

from cqa.files.cells import BLANK, altered, lines_of, plain, shown_parts
from cqa.table import Cell, Row

LAST_ROW = 1_048_576
"""Excel's limit; what is more goes on on another sheet."""
LINE_POINTS = 15.6
MAX_POINTS = 400.0
MAX_LINES = 25
"""What a row of 400 points shows; Excel hides whatever lies below its highest row, which is little more."""
CONTINUED = "(continued) "
_SHORT = 500
"""Texts of at most so many characters are remembered with their lines."""
_LINES_TO_FILL = 3
"""The least that a row shows of what is written in it."""
_IN_MEMORY = 4 << 20
_AT_ONCE = 500
TEXT = "t"
"""Before what a cell of text says, so that it is not taken for a figure."""
_BETWEEN = "\x1f"
"""Between the cells of a row in what it says; no cell can hold it."""
NAMES, FIGURES, TEXTS = "names", "figures", "texts"
"""What a column holds: what the row is about, which is said again where the row goes on; figures; anything else."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a column's cells are written: its letters, the numbers of the styles of text and of figures, its width and
    the room for text in digits, and what it holds; the style of its cells to fill, where it has any."""

    letters: str
    text: int
    figure: int
    width: float
    room: float
    holds: str
    fill: int | None = None


class SheetRows:
    """Rows of one sheet from `first` on, as XML that is kept aside until `until` is left."""

    def __init__(self, first: int, until: ExitStack) -> None:
        self.first = first
        self.xml = until.enter_context(SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - the stack is one
        self.says = array("q")
        self.to_fill: dict[str, list[str]] = {}
        """The cells to fill by the letters of their column."""

    @property
    def last(self) -> int:
        """The number of the last row; one before the first where there is none."""
        return self.first + len(self.says) - 1

    @property
    def size(self) -> int:
        """How many bytes of XML there are."""
        return self.xml.seek(0, SEEK_END)

    def chunks(self) -> Iterator[bytes]:
        """The XML, in order."""
        self.xml.seek(0)
        while chunk := self.xml.read(1 << 18):
            yield chunk


def height(lines: int) -> float:
    """Points that a row of so many lines takes."""
    return min(MAX_POINTS, LINE_POINTS * lines + 3)


def said(cells: Iterable[str]) -> int:
    """What a row says, as a number to compare within this process, from its cells: TEXT and the text, or a figure."""
    return hash(_BETWEEN.join(cells))


def rendered(
    rows: Iterable[Row], looks: Sequence[Look], first: int, last: int, until: ExitStack
) -> tuple[list[SheetRows], int]:
    """All rows, on as many sheets as they need, each from row `first` to `last` at most; and how many texts had
    characters that no cell can hold. They are kept until `until` is left.

    A row with a text that is too long to be seen is followed by rows that carry on with it. Raises ValueError for a
    figure that is none.
    """
    sheets = [SheetRows(first, until)]
    waiting: list[str] = []
    changed = 0
    for row in rows:
        pieces, different = _pieces(row, looks)
        changed += different
        for values, lines in pieces:
            if len(waiting) >= _AT_ONCE:
                _keep(sheets[-1], waiting)
            if sheets[-1].last >= last:
                _keep(sheets[-1], waiting)
                sheets.append(SheetRows(first, until))
            waiting.append(_xml(sheets[-1], values, looks, lines))
    _keep(sheets[-1], waiting)
    return sheets, changed


def _keep(sheet: SheetRows, waiting: list[str]) -> None:
    sheet.xml.write("".join(waiting).encode())
    waiting.clear()


def _pieces(row: Row, looks: Sequence[Look]) -> tuple[list[tuple[Sequence[Cell], int]], int]:
    """The row as one or several rows with their numbers of lines, and how many of its texts had to be changed."""
    lines = 1
    for value, look in zip(row, looks, strict=True):
        if isinstance(value, str):
            if value == "" and look.fill is not None:
                lines = max(lines, _LINES_TO_FILL)
                continue
            if not (len(value) <= _SHORT and plain(value) and value.strip()):
                break
            lines = max(lines, _lines(value, look.room))
    else:
        if lines <= MAX_LINES:
            return [(row, lines)], 0
    pieces = [shown_parts(value, look.room, MAX_LINES, CONTINUED) if isinstance(value, str) else [value]
              for value, look in zip(row, looks, strict=True)]
    found: list[tuple[Sequence[Cell], int]] = []
    for place in range(max(map(len, pieces))):
        values = [_piece(parts, place, look) for parts, look in zip(pieces, looks, strict=True)]
        found.append((values, max(_LINES_TO_FILL if value == "" else lines_of(value, look.room)
                                  if isinstance(value, str) else 1
                                  for value, look in zip(values, looks, strict=True))))
    return found, sum(isinstance(value, str) and altered(value) for value in row)


@lru_cache(maxsize=1 << 13)
def _lines(text: str, room: float) -> int:
    """As `lines_of`; answers, names and times come again and again."""
    return lines_of(text, room)


def _piece(parts: Sequence[Cell], place: int, look: Look) -> Cell:
    if place < len(parts):
        piece = parts[place]
        if not isinstance(piece, str):
            return piece
        if piece == "" and look.fill is not None:
            return ""
        return (CONTINUED if place else "") + (piece if piece.strip() else BLANK)
    return parts[0] if look.holds == NAMES else BLANK if look.holds == FIGURES else CONTINUED.strip()


def _xml(sheet: SheetRows, values: Sequence[Cell], looks: Sequence[Look], lines: int) -> str:
    number = sheet.last + 1
    cells, told = [], []
    for value, look in zip(values, looks, strict=True):
        if value == "":
            sheet.to_fill.setdefault(look.letters, []).append(f"{look.letters}{number}")
            cells.append(f'<c r="{look.letters}{number}" s="{look.fill}"/>')
            told.append("")
        elif isinstance(value, str):
            # White space at an end, and line feeds, are dropped by some programs unless they are told to keep them.
            keep = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
            cells.append(f'<c r="{look.letters}{number}" s="{look.text}" t="inlineStr"><is><t{keep}>{escape(value)}'
                         "</t></is></c>")
            told.append(TEXT + value)
        else:
            figure = _figure(value)
            cells.append(f'<c r="{look.letters}{number}" s="{look.figure}"><v>{figure}</v></c>')
            told.append(figure)
    sheet.says.append(said(told))
    return f'<row r="{number}" ht="{height(lines):g}" customHeight="1">{"".join(cells)}</row>'


def _figure(value: float) -> str:
    """The shortest digits that give the same number back."""
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError(f"{value} cannot stand in a cell")
        return float.__repr__(value)
    return str(int(value))
