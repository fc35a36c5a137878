"""Rules of tables: marked up as such, with headers, whole, and alone on their sheet."""

import re
from collections.abc import Iterator

from lxml import etree

from tests.workbook_lint.book_rules import Place
from tests.workbook_lint.parts import Package, Sheet, decoded, letters, span
from tests.workbook_lint.styles import MAIN

LONGEST_HEADER = 255
FREEZE_OVER = 25
"""Rows; the guidance advises against frozen panes, and the house has them on longer tables only."""


def _tables(book: Package) -> Iterator[tuple[Sheet, etree._Element, tuple[int, int, int, int]]]:
    for sheet in book.sheets:
        for table in sheet.tables:
            yield sheet, table, span(table.get("ref", "A1"))


def one_table_a_sheet(book: Package) -> Iterator[Place]:
    """10. A sheet holds one table at most."""
    for sheet in book.sheets:
        if len(sheet.tables) > 1:
            yield sheet.name, "", f"{len(sheet.tables)} tables"


def marked_up(book: Package) -> Iterator[Place]:
    """11. A sheet with anything beyond column A has a table, and all of that lies in it or below it."""
    for sheet in book.sheets:
        beyond = [cell for cell in sheet.in_order() if cell.column > 1]
        spans = [span(table.get("ref", "A1")) for table in sheet.tables]
        for cell in beyond:
            if not any(top <= cell.row and cell.column <= right for top, _, _, right in spans):
                yield sheet.name, cell.ref, "this stands beside column A and in no table"


def header_row(book: Package) -> Iterator[Place]:
    """12. The table's first row is flagged as its header."""
    for sheet, table, _ in _tables(book):
        if table.get("headerRowCount", "1") != "1":
            yield sheet.name, "", "the table has no header row"


def headers(book: Package) -> Iterator[Place]:
    """13. Headers are unique ignoring case, not blank, on one line, of the table's own words, as their cells say, and
    of at most 255 UTF-16 units, which is all that Excel allows."""
    for sheet, table, (top, left, _, right) in _tables(book):
        names = [decoded(column.get("name", "")) for column in table.iterfind(f"{MAIN}tableColumns/{MAIN}tableColumn")]
        if len(names) != right - left + 1:
            yield sheet.name, "", f"{len(names)} columns are named of {right - left + 1}"
        seen: set[str] = set()
        for place, name in enumerate(names):
            cell = sheet.cells.get((top, left + place))
            ref = f"{letters(left + place)}{top}"
            if not name.strip() or "\n" in name or re.fullmatch(r"(?i)column ?\d+", name) or name.casefold() in seen:
                yield sheet.name, ref, f"the header {name!r} is blank, broken, empty of meaning, or there twice"
            if len(name.encode("utf-16-le")) // 2 > LONGEST_HEADER:
                yield sheet.name, ref, "the header is too long"
            if cell is None or decoded(cell.text).casefold() != name.casefold() or cell.kind in ("n", "b", "e"):
                yield sheet.name, ref, f"the table calls the column {name!r}, its cell says otherwise"
            seen.add(name.casefold())


def table_named(book: Package) -> Iterator[Place]:
    """14. The table has a name of its own: a word, an underscore, and letters and digits; never one that could be a
    cell."""
    seen: set[str] = set()
    for sheet, table, _ in _tables(book):
        name = table.get("displayName", "")
        if not re.fullmatch(r"[^\W\d_]+_\w+", name) or len(name) > 255 or name.casefold() in seen:
            yield sheet.name, "", f"the table's name {name!r} says nothing, cannot be one, or is there twice"
        seen.add(name.casefold())


def no_filter_buttons(book: Package) -> Iterator[Place]:
    """15. There are no filter buttons."""
    for sheet in book.sheets:
        if any(tree.find(f"{MAIN}autoFilter") is not None for tree in (sheet.tree, *sheet.tables)):
            yield sheet.name, "", "there are filter buttons"


def begins_in_column_a(book: Package) -> Iterator[Place]:
    """16. The table begins in column A."""
    for sheet, table, (_, left, _, _) in _tables(book):
        if left != 1:
            yield sheet.name, table.get("ref", "").split(":")[0], "the table begins further right"


def nothing_below(book: Package) -> Iterator[Place]:
    """17. Nothing stands below the table."""
    for sheet, _, (_, _, bottom, _) in _tables(book):
        found = [cell for cell in sheet.in_order() if cell.row > bottom]
        if found:
            yield sheet.name, found[0].ref, "this stands below the table"


def no_blank_line(book: Package) -> Iterator[Place]:
    """18. No row and no column of the table is blank, but for a column to fill."""
    for sheet, _, (top, left, bottom, right) in _tables(book):
        rows = {row for row, column in sheet.cells if left <= column <= right}
        columns = {column for row, column in (*sheet.cells, *sheet.to_fill) if top < row <= bottom}
        for row in set(range(top, bottom + 1)) - rows:
            yield sheet.name, f"A{row}", "the row is blank"
        for column in set(range(left, right + 1)) - columns:
            yield sheet.name, f"{letters(column)}{top}", "the column is blank"


def no_empty_cell(book: Package) -> Iterator[Place]:
    """19. Every cell of the table holds a value or a shorthand. House rule: any value will do, and a lone mark that
    says nothing will not; cells to fill are empty. A row or column that is blank throughout is rule 18's alone."""
    for sheet, _, (top, left, bottom, right) in _tables(book):
        rows = {row for row, _ in sheet.cells}
        columns = {column for row, column in sheet.cells if top < row <= bottom}
        held = {*sheet.cells, *sheet.to_fill}
        for row in range(top + 1, bottom + 1):
            for column in range(left, right + 1):
                if row in rows and column in columns and (row, column) not in held:
                    yield sheet.name, f"{letters(column)}{row}", "the cell is empty"


def frozen_when_long(book: Package) -> Iterator[Place]:
    """30. House rule: rows are frozen only above a table of more than 25 rows, and then its header is the last of them.
    """
    for sheet in book.sheets:
        pane = sheet.tree.find(f".//{MAIN}pane")
        spans = [span(table.get("ref", "A1")) for table in sheet.tables]
        if pane is None:
            continue
        frozen = pane.get("state") == "frozen" and not float(pane.get("xSplit", "0"))
        if not frozen or not any(bottom - top > FREEZE_OVER and float(pane.get("ySplit", "0")) == top
                                 for top, _, bottom, _ in spans):
            yield sheet.name, "", "rows are frozen where the table is short, or not below its header"
