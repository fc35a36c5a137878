"""Rules of how it looks: fonts, room for words and lines, colours."""

from collections.abc import Iterator
from functools import cache

from lxml import etree

from tests.workbook_lint.book_rules import Place
from tests.workbook_lint.parts import Cell, Package, Sheet, letters, span
from tests.workbook_lint.setting import lines_in, width_of, words_of
from tests.workbook_lint.styles import MAIN, Style, contrast

SANS = ("Arial", "Calibri", "Aptos", "Helvetica", "Verdana", "Open Sans")
SMALLEST = 12
LEAST_CONTRAST = 4.5
ROOM_A_LETTER = 1.2
_USUAL_WIDTH, _INDENT, _EDGES = 8.43, 1.5, 0.7
"""In digits: a column without a width, one step of an indent, and what Excel leaves at the sides of a cell."""
_LINE = 1.2
"""Points a line takes for each point of the font: Arial's own line height is 1.15."""
_TALLEST = 409
"""Points; Excel has no higher rows, so a text that fills one is carried on in the next."""


def fonts(book: Package) -> Iterator[Place]:
    """21. Cells are set in a sans-serif font of 12 points or more, never in italics. The guidance asks for 10 points;
    12 is the house's."""
    for number, sheet, ref in _first_uses(book):
        style = book.styles.all[number]
        if style.font not in SANS or style.size < SMALLEST or style.italic:
            yield sheet.name, ref, f"set in {style.font} {style.size:g}{' italic' if style.italic else ''}"


def _first_uses(book: Package) -> Iterator[tuple[int, Sheet, str]]:
    """Every cell style that a cell in use has, with the first such cell."""
    seen: set[int] = set()
    for sheet in book.sheets:
        for cell in sheet.cells.values():
            if cell.style not in seen:
                seen.add(cell.style)
                yield cell.style, sheet, cell.ref


def headers_wrap(book: Package) -> Iterator[Place]:
    """22. The cells of a table's header wrap."""
    for sheet in book.sheets:
        for table in sheet.tables:
            top, left, _, right = span(table.get("ref", "A1"))
            for column in range(left, right + 1):
                cell = sheet.cells.get((top, column))
                if cell and not book.styles.all[cell.style].wraps:
                    yield sheet.name, cell.ref, "the header does not wrap"


def room(book: Package) -> Iterator[Place]:
    """23. Columns are at least 1.2 times as wide as the longest word in them, and rows as high as their lines.

    House rule: what is no word (ids, hashes, file names, anything with a digit or of more than 30 letters) may be
    broken anywhere, as no width fits it; numbers are never broken, and need the width of what they
    show, else Excel shows #### instead. Text that does not wrap flows over the empty cells beside it: it needs
    no width if nothing stands there, else its own. Rows must be high enough for the lines that the words break into,
    since not every program makes them so; 409 points is the most a row can have.
    """
    for sheet in book.sheets:
        yield from _columns(sheet, book.styles.all)
        yield from _rows(sheet, book.styles.all)


def _columns(sheet: Sheet, styles: list[Style]) -> Iterator[Place]:
    needed: dict[int, tuple[float, Cell]] = {}
    for cell in sheet.cells.values():
        need = _needed(sheet, cell, styles[cell.style])
        if need > needed.get(cell.column, (0.0, cell))[0]:
            needed[cell.column] = need, cell
    for column, (need, cell) in sorted(needed.items()):
        width = sheet.widths.get(column, _USUAL_WIDTH)
        if width + 1e-9 < need:
            yield sheet.name, cell.ref, f"column {letters(column)} is {width:g} wide and needs {need:.1f}"


def _needed(sheet: Sheet, cell: Cell, style: Style) -> float:
    """The width that one cell asks of its column, in digits."""
    if cell.kind == "n":
        return width_of(shown_number(cell.text, style.number_format)) + _EDGES + _INDENT * style.indent
    if not style.wraps:
        beside = (cell.row, cell.column + 1) in sheet.cells
        return width_of(cell.text) + _EDGES + _INDENT * style.indent if beside else 0.0
    return ROOM_A_LETTER * _longest_word(cell.text)


@cache
def _longest_word(text: str) -> int:
    return max(map(len, words_of(text)), default=0)


def shown_number(value: str, number_format: str) -> str:
    """A number as its format shows it. General drops decimals until a number fits, but never a digit before the point.
    """
    number = float(value)
    if number_format in ("9", "0%"):
        return f"{number:.0%}"
    if number_format in ("2", "0.00"):
        return f"{number:.2f}"
    return f"{number:.0f}"


def _rows(sheet: Sheet, styles: list[Style]) -> Iterator[Place]:
    usual = sheet.tree.find(f"{MAIN}sheetFormatPr")
    usual_height = 15.0 if usual is None else float(usual.get("defaultRowHeight", "15"))
    heights = {int(row.get("r", "0")): float(row.get("ht", usual_height)) for row in sheet.tree.iter(f"{MAIN}row")}
    told: set[int] = set()
    for cell in sheet.cells.values():
        need = min(_TALLEST, _height(sheet, cell, styles[cell.style]))
        if heights[cell.row] + 1e-9 < need and cell.row not in told:
            told.add(cell.row)
            yield sheet.name, cell.ref, f"row {cell.row} is {heights[cell.row]:g} points high and needs {need:.1f}"


def _height(sheet: Sheet, cell: Cell, style: Style) -> float:
    lines = 1
    if style.wraps and cell.kind != "n":
        width = sheet.widths.get(cell.column, _USUAL_WIDTH) * 12 / style.size
        lines = _lines(cell.text, round(max(1.0, width - _EDGES - _INDENT * style.indent), 2))
    return lines * _LINE * style.size


_lines = cache(lines_in)


def colours(book: Package) -> Iterator[Place]:
    """32. Colour is never alone: what a conditional format colours has a value in every cell, and every font stands
    out from its ground at 4.5 to 1 or more, also in the colours that a condition gives."""
    for number, sheet, ref in _first_uses(book):
        style = book.styles.all[number]
        if contrast(style.colour, style.ground) < LEAST_CONTRAST:
            yield sheet.name, ref, f"{style.colour} on {style.ground} is {contrast(style.colour, style.ground):.1f}:1"
    for sheet in book.sheets:
        for formatting in sheet.tree.iterfind(f"{MAIN}conditionalFormatting"):
            yield from _conditional(book, sheet, formatting.get("sqref", "").split(),
                                    [ground for rule in formatting for ground in _grounds(book, rule)])


def _grounds(book: Package, rule: etree._Element) -> Iterator[tuple[str, str | None]]:
    """The grounds that a condition may give a cell, each with the font's colour where it gives that too."""
    if rule.get("dxfId"):
        yield list(book.styles.differences())[int(rule.get("dxfId", "0"))]
    for colour in rule.iterfind(f"{MAIN}colorScale/{MAIN}color"):
        yield book.styles.colour(colour, "FFFFFF"), None


def _conditional(book: Package, sheet: Sheet, ranges: list[str], grounds: list[tuple[str, str | None]]
                 ) -> Iterator[Place]:
    for top, left, bottom, right in map(span, ranges):
        for spot in ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)):
            cell = sheet.cells.get(spot)
            if cell is None:
                yield sheet.name, f"{letters(spot[1])}{spot[0]}", "a condition colours an empty cell"
                continue
            font = book.styles.all[cell.style].colour
            for ground, own in grounds:
                if contrast(own or font, ground) < LEAST_CONTRAST:
                    yield sheet.name, cell.ref, f"a condition gives {own or font} on {ground}"
