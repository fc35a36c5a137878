"""The one door to openpyxl: writes a book as a workbook that people and programs can read, and reads it back."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path

from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.styles.named_styles import NamedStyle
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as SheetTable
from openpyxl.worksheet.table import TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from cqa.errors import NotSaved, Problem
from cqa.files.atomic import write_bytes
from cqa.files.cells import BLANK, TabNames, heading, legal, lines_of, parts, shown_parts
from cqa.files.charts import stacked_bars
from cqa.table import Book, Cell, Column, Table

HEADER_ROW = 4
FREEZE_OVER = 25
_TALL_BARS = 18
"""A chart of more bars is higher than wide."""
_WIDTHS = {"id": 16, "text": 26, "long": 60, "number": 12, "percent": 12, "decimal": 12}
_FORMATS = {"percent": "0%", "decimal": "0.00", "number": "General"}
_LINE_POINTS = 15.6
_MAX_POINTS = 400.0
_MAX_LINES = 25
"""What a row of 400 points shows; Excel hides whatever lies below its highest row, which is little more."""
_CONTINUED = "(continued) "
_LONGEST_WORD = 30
"""A longer id or word of a header is broken: room for it would leave too little to the other columns."""
_INDENT = 1.5
"""What one step of an indent takes of a column's width, in digits."""
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}cNvPr"
# openpyxl cannot say that a label's format is its own; without that, Excel takes the cells' and draws every label.
_LABEL_FORMAT = re.compile(rb'(<c?:?numFmt formatCode="[^"]*")\s*/>')
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def write_book(path: Path, book: Book, made_at: datetime) -> Path:
    """Writes the book and gives where (beside the target when that is open elsewhere).

    The same book and time give the same bytes. Before the file takes its place it is read back and every cell is
    compared. Raises NotSaved when the disk refuses or a cell differs.
    """
    written = _Written(book, made_at)
    data = _finished(written.bytes(), made_at, written.alt_texts)
    _compare(data, written.cells, path)
    return write_bytes(path, data, beside=True, code="W001")


class _Written:
    """A workbook being made; remembers every cell it wrote, for the comparison afterwards."""

    def __init__(self, book: Book, made_at: datetime) -> None:
        self.book = book
        self.workbook = Workbook()
        self.tabs = TabNames()
        self.cells: dict[str, dict[tuple[int, int], Cell]] = {}
        self.alt_texts: list[str] = []
        self._styles()
        self._properties(made_at)
        first = self.workbook.active
        if isinstance(first, Worksheet):
            self.workbook.remove(first)
        self._front()
        sheets = {table.name: self._table(table) for table in book.tables}
        for chart in book.charts:
            self._chart(chart.name, sheets[chart.table])
        self._contents(sheets)
        self.workbook.active = 0

    def bytes(self) -> bytes:
        stream = io.BytesIO()
        self.workbook.save(stream)
        return stream.getvalue()

    def _styles(self) -> None:
        body = Font(name="Arial", size=12)
        wrapped = Alignment(wrap_text=True, vertical="top", horizontal="left")
        # Without an indent a text runs into the one before it, and a header into its neighbour.
        indented = Alignment(wrap_text=True, vertical="top", horizontal="left", indent=1)
        right = Alignment(vertical="top", horizontal="right", indent=1)
        flat = Alignment(wrap_text=False, vertical="top", horizontal="left")
        # Column widths are counted in the font of Normal, which openpyxl offers no public way to set.
        self.workbook._named_styles["Normal"].font = body  # type: ignore[attr-defined]
        rule = Border(bottom=Side(style="medium", color="000000"))
        for style in (
            NamedStyle("cqa title", font=Font(name="Arial", size=16, bold=True), alignment=flat),
            NamedStyle("cqa sentence", font=body, alignment=flat),
            NamedStyle("cqa link", font=Font(name="Arial", size=12, underline="single", color="12436D"),
                       alignment=flat),
            NamedStyle("cqa header", font=Font(name="Arial", size=12, bold=True), alignment=wrapped, border=rule),
            NamedStyle("cqa header right", font=Font(name="Arial", size=12, bold=True), border=rule,
                       alignment=Alignment(wrap_text=True, vertical="top", horizontal="right", indent=1)),
            NamedStyle("cqa header indented", font=Font(name="Arial", size=12, bold=True), alignment=indented,
                       border=rule),
            NamedStyle("cqa text", font=body, alignment=wrapped),
            NamedStyle("cqa text indented", font=body, alignment=indented),
            # Words beside numbers are broken where the column is narrow, or the next column would hide their end.
            NamedStyle("cqa text right", font=body,
                       alignment=Alignment(wrap_text=True, vertical="top", horizontal="right", indent=1)),
            *(NamedStyle(f"cqa {kind}", font=body, number_format=number_format,
                         alignment=right)
              for kind, number_format in _FORMATS.items()),
        ):
            self.workbook.add_named_style(style)

    def _properties(self, made_at: datetime) -> None:
        properties = self.workbook.properties
        properties.title = legal(self.book.title).strip() or "Casework quality assessment"
        properties.creator = legal(self.book.organisation).strip() or "Casework quality assessment"
        properties.language = legal(self.book.language)
        properties.created = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)

    def _sheet(self, name: str, title: str, sentence: str) -> Worksheet:
        sheet: Worksheet = self.workbook.create_sheet(self.tabs.name(name))
        self.cells[sheet.title] = {}
        self._put(sheet, 1, 1, _one(title), "cqa title")
        sheet.row_dimensions[1].height = 26
        if sentence:
            self._put(sheet, 2, 1, _one(sentence), "cqa sentence")
            sheet.row_dimensions[2].height = _LINE_POINTS * (sentence.count("\n") + 1)
        page = sheet.page_setup
        page.paperSize, page.orientation, page.fitToWidth, page.fitToHeight = 9, "landscape", 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        margins = sheet.page_margins
        margins.left = margins.right = 0.5
        margins.top, margins.bottom, margins.footer = 0.6, 0.75, 0.3
        if sheet.oddFooter is not None:
            sheet.oddFooter.center.text = "&A - page &P of &N"
        return sheet

    def _put(self, sheet: Worksheet, row: int, column: int, value: Cell, style: str) -> SheetCell:
        """One cell. Text, legal by now, is always a string cell, never a formula, also after somebody edits it."""
        if isinstance(value, float) and not isfinite(value):
            raise ValueError(f"{value} cannot stand in a cell of '{sheet.title}'")
        cell = sheet.cell(row, column)
        if not isinstance(cell, SheetCell):
            raise TypeError("a merged cell")
        if isinstance(value, str):
            value = value if value.strip() else BLANK
            cell.value = value
            cell.data_type = "s"
            cell.style = style
            cell.quotePrefix = True
        else:
            cell.value = value
            cell.style = style
        self.cells[sheet.title][row, column] = value
        return cell

    def _link(self, sheet: Worksheet, row: int, text: str, target: str) -> None:
        cell = self._put(sheet, row, 1, _one(text), "cqa link")
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(target)}!A1")
        cell.style = "cqa link"
        cell.data_type = "s"
        cell.quotePrefix = True

    def _front(self) -> None:
        cover = self._sheet("Cover", self.book.title, "")
        self._rows(cover, tuple(("Label", "text", label, text) for label, text in self.book.cover), 30, 90)
        contents = self._sheet("Contents", "Contents", "Each line leads to its sheet.")
        contents.column_dimensions["A"].width = 90
        notes = self._sheet("Notes", "Notes", "What the figures mean and how far they carry.")
        pieces = (piece for note in self.book.notes for piece in shown_parts(note, 110, _MAX_LINES))
        for row, note in enumerate(pieces, start=3):
            self._put(notes, row, 1, note, "cqa text")
            notes.row_dimensions[row].height = _height([lines_of(note, 110)])
        notes.column_dimensions["A"].width = 110

    def _rows(self, sheet: Worksheet, rows: tuple[tuple[str, str, str, str], ...], left: int, right: int) -> None:
        table = Table(sheet.title, "", "", (Column("About", "text", left), Column("This workbook", "long", right)),
                      tuple((label, text) for *_, label, text in rows))
        self._fill(sheet, table, 3)

    def _table(self, table: Table) -> Worksheet:
        sheet = self._sheet(table.name, table.title, table.note or "One row for each line of the table.")
        self._link(sheet, 3, "Back to Contents", "Contents")
        if not table.rows:
            self._put(sheet, HEADER_ROW, 1, "No rows.", "cqa sentence")
            sheet.column_dimensions["A"].width = 40
            return sheet
        self._fill(sheet, table, HEADER_ROW)
        if len(table.rows) > FREEZE_OVER:
            sheet.freeze_panes = f"A{HEADER_ROW + 1}"
        return sheet

    def _fill(self, sheet: Worksheet, table: Table, header_row: int) -> None:
        """Header and rows as a named table; a text that no cell can hold goes on in the next row."""
        widths = [_width(table, place) for place in range(len(table.columns))]
        styles = _styles_of(table)
        rooms = [width - _INDENT * bool(style) for width, style in zip(widths, styles, strict=True)]
        for place, (column, width) in enumerate(zip(table.columns, widths, strict=True), start=1):
            self._put(sheet, header_row, place, heading(column.name), f"cqa header{styles[place - 1]}")
            sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.row_dimensions[header_row].height = _height(
            lines_of(heading(column.name), 0.85 * room) for column, room in zip(table.columns, rooms, strict=True))
        row = header_row
        for values in _continued(table, rooms):
            row += 1
            for place, (value, column) in enumerate(zip(values, table.columns, strict=True), start=1):
                style = column.kind if not isinstance(value, str) and column.kind in _FORMATS \
                    else f"text{styles[place - 1]}"
                self._put(sheet, row, place, value, f"cqa {style}")
            sheet.row_dimensions[row].height = _height(
                lines_of(value, room) if isinstance(value, str) else 1
                for value, room in zip(values, rooms, strict=True))
        sheet.print_title_rows = f"{header_row}:{header_row}"
        self._mark_up(sheet, table, header_row, row)

    def _mark_up(self, sheet: Worksheet, table: Table, header_row: int, last_row: int) -> None:
        name = "Table_" + re.sub(r"[^A-Za-z0-9]", "_", sheet.title)
        marked = SheetTable(displayName=name,
                            ref=f"A{header_row}:{get_column_letter(len(table.columns))}{last_row}")
        marked.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
        # Filter buttons belong in working sheets, not in reports; openpyxl adds them unless the columns are made first.
        marked._initialise_columns()  # type: ignore[attr-defined]
        for column, made in zip(table.columns, marked.tableColumns, strict=True):
            made.name = heading(column.name)
        marked.autoFilter = None
        sheet.add_table(marked)

    def _chart(self, name: str, data: Worksheet) -> None:
        chart = next(chart for chart in self.book.charts if chart.name == name)
        table = next(table for table in self.book.tables if table.name == chart.table)
        if not table.rows:
            return
        sheet = self._sheet(chart.name, chart.title, chart.sentence)
        self._link(sheet, 3, f"The figures are on the sheet {data.title}", data.title)
        sheet.column_dimensions["A"].width = 60
        sheet.page_setup.fitToHeight = 1
        if len(table.rows) > _TALL_BARS:
            sheet.page_setup.orientation = "portrait"
        sheet.add_chart(stacked_bars(chart, table, data, HEADER_ROW), "A5")
        self.alt_texts.append(legal(f"{chart.title}. {chart.sentence} The figures are on the sheet {data.title}."))

    def _contents(self, sheets: dict[str, Worksheet]) -> None:
        contents = self.workbook["Contents"]
        titles = {sheet.title: table.title for table in self.book.tables for sheet in (sheets[table.name],)}
        charts = {chart.name: chart.title for chart in self.book.charts}
        others = [sheet for sheet in self.workbook.worksheets if sheet.title not in ("Cover", "Contents")]
        for row, sheet in enumerate(others, start=3):
            title = titles.get(sheet.title) or charts.get(sheet.title, "")
            self._link(contents, row, f"{sheet.title}: {title}" if title else sheet.title, sheet.title)


def _one(text: str) -> str:
    """A title's text, legal; tables and notes go on in further rows, a title that is too long is cut visibly."""
    pieces = parts(text)
    return pieces[0] + (" [cut]" if len(pieces) > 1 else "")


def _width(table: Table, place: int) -> float:
    """The column's width in characters: as asked, but never less than the longest word of its header, or than an id
    in it that is not very long."""
    column = table.columns[place]
    ids = (str(row[place]) for row in table.rows) if column.kind == "id" else ()
    longest_id, longest_word = (min(_LONGEST_WORD, max(map(len, texts), default=0))
                                for texts in (ids, column.name.split()))
    return max(column.width or _WIDTHS[column.kind], 1.2 * longest_id, 1.3 * longest_word + 1)


def _styles_of(table: Table) -> list[str]:
    """For each column the ending of its header's style: right for numbers, indented for text beside another column."""
    return [" right" if column.kind in _FORMATS else " indented" if place else ""
            for place, column in enumerate(table.columns)]


def _continued(table: Table, rooms: Sequence[float]) -> Iterator[tuple[Cell, ...]]:
    """The table's rows; a row with a text that is too long to be seen is followed by rows that carry on with it."""
    for row in table.rows:
        pieces = [shown_parts(value, room, _MAX_LINES, _CONTINUED) if isinstance(value, str) else [value]
                  for value, room in zip(row, rooms, strict=True)]
        for place in range(max(map(len, pieces))):
            if place == 0:
                yield tuple(piece[0] for piece in pieces)
            else:
                yield tuple(
                    _CONTINUED + str(piece[place]) if place < len(piece)
                    else piece[0] if column.kind == "id" else BLANK if column.kind in _FORMATS else _CONTINUED.strip()
                    for piece, column in zip(pieces, table.columns, strict=True))


def _height(lines: "Iterator[int] | list[int]") -> float:
    return min(_MAX_POINTS, _LINE_POINTS * max(lines, default=1) + 3)


def _finished(data: bytes, made_at: datetime, alt_texts: list[str]) -> bytes:
    """The same workbook with fixed dates inside, so that equal books are equal bytes, and with texts for charts."""
    stream = io.BytesIO()
    texts = iter(alt_texts)
    when = made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", _numbers(name))):
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + when, part)
            elif name.startswith("xl/charts/chart"):
                part = _LABEL_FORMAT.sub(rb'\g<1> sourceLinked="0"/>', part)
            elif name.startswith("xl/drawings/drawing"):
                part = _described(part, next(texts))
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, part)
    return stream.getvalue()


def _numbers(name: str) -> tuple[str, int]:
    """Part names in the order of their numbers, so that drawing10 follows drawing9."""
    digits = re.search(r"(\d+)\.xml", name)
    return re.sub(r"\d+", "", name), int(digits[1]) if digits else 0


def _described(drawing: bytes, text: str) -> bytes:
    root = etree.fromstring(drawing)
    for number, frame in enumerate(root.iter(_DRAWING), start=1):
        frame.set("descr", text)
        frame.set("name", f"Chart of shares {number}")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _compare(data: bytes, cells: dict[str, dict[tuple[int, int], Cell]], path: Path) -> None:
    """Reads the workbook back. Raises NotSaved when a cell differs from what was to be written."""
    workbook = load_workbook(io.BytesIO(data), read_only=True)
    for title, expected in cells.items():
        found: dict[tuple[int, int], object] = {
            (row, column): value
            for row, values in enumerate(workbook[title].iter_rows(values_only=True), start=1)
            for column, value in enumerate(values, start=1) if value is not None
        }
        wrong = next((place for place, value in expected.items() if not _same(found.get(place), value)), None)
        if wrong is not None or len(found) != len(expected):
            place = f"{get_column_letter(wrong[1])}{wrong[0]}" if wrong else "some cell"
            raise NotSaved(Problem("W001", f"The workbook does not read back as it was written: sheet '{title}', "
                                   f"{place}.", "Nothing was written. The marks are safe in the journals.", str(path)))
    workbook.close()


def _same(found: object, expected: Cell) -> bool:
    if isinstance(expected, float) and isinstance(found, int | float):
        return abs(found - expected) <= 1e-12 * max(1.0, abs(expected))
    return found == expected
