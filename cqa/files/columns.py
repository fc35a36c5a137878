"""The columns of a sheet: what heads them, how wide they are, and how their cells look."""

from collections.abc import Sequence
from itertools import islice

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from cqa.files.cells import heading
from cqa.files.sheet_rows import FIGURES, NAMES, TEXTS, Look
from cqa.files.workbook_styles import FILL, FORMATS, side_of, style_number
from cqa.table import Column, Table

_WIDTHS = {"id": 16, "text": 26, "long": 60, "number": 12, "percent": 12, "decimal": 12}
_LONGEST_WORD = 30
"""A longer id or word of a header is broken: room for it would leave too little to the other columns."""
_IDS_SEEN = 2_000
"""So many rows are looked at for how wide an id is."""
_INDENT = 1.5
"""What one step of an indent takes of a column's width, in digits."""


def headings(columns: Sequence[Column]) -> list[str]:
    """The headers as Excel has them; of those that are alike ignoring case, later ones carry a number."""
    found: dict[str, str] = {}
    for column in columns:
        name, number = heading(column.name), 1
        while (told := name if number == 1 else f"{name} ({number})").casefold() in found:
            number += 1
        found[told.casefold()] = told
    return list(found.values())


def look_of(sheet: Worksheet, table: Table, place: int) -> Look:
    """How the cells of a column are written."""
    column = table.columns[place]
    side, figures, width = side_of(column, place), column.kind in FORMATS, _width(table, place)
    return Look(get_column_letter(place + 1), style_number(sheet, f"cqa text{side}", text=True),
                style_number(sheet, f"cqa {column.kind if figures else 'number'}", text=False),
                width, width - _INDENT * bool(side),
                NAMES if column.kind == "id" else FIGURES if figures else TEXTS,
                style_number(sheet, FILL, text=False) if column.fill else None)


def _width(table: Table, place: int) -> float:
    """The column's width in characters: as asked, but never less than the longest word of its header, or than an id
    in it that is not very long."""
    column = table.columns[place]
    ids = (str(row[place]) for row in islice(table.rows, _IDS_SEEN)) if column.kind == "id" else ()
    longest_id, longest_word = (min(_LONGEST_WORD, max(map(len, texts), default=0))
                                for texts in (ids, column.name.split()))
    return max(column.width or _WIDTHS[column.kind], 1.2 * longest_id, 1.3 * longest_word + 1)
