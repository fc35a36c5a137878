"""The one door to openpyxl: writes a book as a workbook that people and programs can read, and reads it back."""

import io
import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.protection import SheetProtection
from openpyxl.worksheet.table import Table as SheetTable
from openpyxl.worksheet.table import TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from cqa.book import Book
from cqa.chart import Chart, Funnel, plotted
from cqa.errors import NotSaved, Problem
from cqa.facts import how_many
from cqa.files.atomic import write_with
from cqa.files.cells import BLANK, TabNames, altered, legal, lines_of, parts, shown_parts
from cqa.files.chart_style import Cells
from cqa.files.charts import native
from cqa.files.columns import headings, look_of
from cqa.files.sheet_rows import LAST_ROW, LINE_POINTS, MAX_LINES, Look, height, rendered
from cqa.files.workbook_parts import SheetParts, first_difference, put_together
from cqa.files.workbook_styles import add_styles, put_text, side_of
from cqa.table import Column, Table

HEADER_ROW = 4
FREEZE_OVER = 25
LAST_COLUMN = 16_384
_FRONT = 3
"""Cover, contents and notes."""
_SAFE = "Nothing was written. The marks are safe in the journals."


def write_book(path: Path, book: Book, made_at: datetime) -> Path:
    """Writes the book and gives where (beside the target when that is open elsewhere).

    The same book and time give the same bytes. Before the file takes its place it is read back and every row is
    compared. Raises NotSaved when the disk refuses, a row differs, or a table is wider than a sheet can be.
    """
    with ExitStack() as until:
        written = _made(path, book, made_at, until)
        sheets = written.in_order()

        def check(part: Path) -> None:
            with part.open("rb") as file:
                if where := first_difference(file, sheets):
                    raise NotSaved(Problem("W001", f"The workbook does not read back as it was written: {where}.",
                                           _SAFE, str(path)))

        return write_with(path, lambda stream: put_together(
            written.skeleton(), sheets, made_at, written.alt_texts, stream), check, code="W001")


def _made(path: Path, book: Book, made_at: datetime, until: ExitStack) -> "_Written":
    try:
        return _Written(book, made_at, until)
    except OSError as error:
        raise NotSaved(Problem("W001", f"The workbook could not be made: {error.strerror or error}.",
                               f"Free the disk. {_SAFE}", str(path))) from error
    except _TooWide as wide:
        raise NotSaved(Problem("W001", f"{wide} columns do not fit on a sheet, which holds {LAST_COLUMN:,}.", _SAFE,
                               str(path))) from wide


class _TooWide(Exception):
    """A table has more columns than a sheet."""


class _Written:
    """A workbook being made: openpyxl holds everything but the rows of tables, which are kept aside as XML."""

    def __init__(self, book: Book, made_at: datetime, until: ExitStack) -> None:
        self.book, self.until = book, until
        self.workbook = Workbook()
        self.tabs = TabNames()
        self.sheets: dict[str, SheetParts] = {}
        self.titles: dict[str, str] = {}
        self.table_names: set[str] = set()
        self.alt_texts: list[str] = []
        self.altered = 0
        add_styles(self.workbook, to_fill=book.handout)
        self._properties(made_at)
        first = self.workbook.active
        if isinstance(first, Worksheet):
            self.workbook.remove(first)
        self._cover()
        contents = self._sheet("Contents", "Contents", "Each line leads to its sheet.")
        notes = self._sheet("Notes", "Notes", "What this is, and what becomes of it." if book.handout else
                            "What the figures mean and how far they carry.")
        sheets = {table.name: self._table(table) for table in book.tables}
        if book.handout:
            for sheet in (notes, contents):
                self.workbook.move_sheet(sheet, len(self.workbook.worksheets))
        tables = {table.name: table for table in book.tables}
        for chart in book.charts:
            self._chart(chart, tables, sheets)
        self._contents(contents)
        self._notes(notes)
        self.workbook.active = 0

    def in_order(self) -> tuple[SheetParts, ...]:
        """What each sheet holds, in the order of the sheets."""
        return tuple(self.sheets[sheet.title] for sheet in self.workbook.worksheets)

    def skeleton(self) -> bytes:
        """The workbook without the rows of its tables."""
        stream = io.BytesIO()
        self.workbook.save(stream)
        return stream.getvalue()

    def _properties(self, made_at: datetime) -> None:
        properties = self.workbook.properties
        properties.title = legal(self.book.title).strip() or "Casework quality assessment"
        properties.creator = legal(self.book.organisation).strip() or "Casework quality assessment"
        properties.language = legal(self.book.language)
        properties.created = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)

    def _sheet(self, name: str, title: str, sentence: str) -> Worksheet:
        sheet: Worksheet = self.workbook.create_sheet(self.tabs.name(name))
        self.sheets[sheet.title], self.titles[sheet.title] = SheetParts(sheet.title), title
        self._put(sheet, 1, 1, self._one(title), "cqa title")
        sheet.row_dimensions[1].height = 26
        if sentence:
            self._put(sheet, 2, 1, self._one(sentence), "cqa sentence")
            sheet.row_dimensions[2].height = LINE_POINTS * (sentence.count("\n") + 1)
        page = sheet.page_setup
        page.paperSize, page.orientation, page.fitToWidth, page.fitToHeight = 9, "landscape", 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        if self.book.handout:
            # Without a password: it keeps fingers from slipping, and nobody from making a row higher.
            sheet.protection = SheetProtection(sheet=True, formatColumns=False, formatRows=False)
        margins = sheet.page_margins
        margins.left = margins.right = 0.5
        margins.top, margins.bottom, margins.footer = 0.6, 0.75, 0.3
        if sheet.oddFooter is not None:
            sheet.oddFooter.center.text = "&A - page &P of &N"
        return sheet

    def _one(self, text: str) -> str:
        """A title's text, legal; tables and notes go on in further rows, a title that is too long is cut visibly."""
        self.altered += altered(text)
        pieces = parts(text)
        return pieces[0] + (" [cut]" if len(pieces) > 1 else "") if text.strip() else BLANK

    def _put(self, sheet: Worksheet, row: int, column: int, text: str, style: str) -> SheetCell:
        cell = sheet.cell(row, column)
        if not isinstance(cell, SheetCell):
            raise TypeError("a merged cell")
        put_text(cell, text, style)
        self.sheets[sheet.title].heading.setdefault(row, []).append(text)
        return cell

    def _link(self, sheet: Worksheet, row: int, text: str, target: str) -> None:
        text = self._one(text)
        cell = self._put(sheet, row, 1, text, "cqa link")
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(target)}!A1")
        put_text(cell, text, "cqa link")

    def _cover(self) -> None:
        cover = self._sheet("Summary" if self.book.handout else "Cover", self.book.title, "")
        columns = (Column("What", "text", 28), Column("In short", "long", 90)) if self.book.handout else (
            Column("About", "text", 30), Column("This workbook", "long", 90))
        self._fill(cover, Table("Cover", self.book.title, "", columns, self.book.cover), 3)

    def _notes(self, sheet: Worksheet) -> None:
        """The notes, and one more where a text could not be shown as it is."""
        told = (f"In {how_many(self.altered, 'text')} of this workbook, characters that no cell can hold stand as "
                "\ufffd, and carriage returns as new lines. The journals hold them as they were typed.",)
        row = 2
        for note in (*self.book.notes, *(told if self.altered else ())):
            for piece in shown_parts(note, 110, MAX_LINES):
                row += 1
                self._put(sheet, row, 1, piece if piece.strip() else BLANK, "cqa text")
                sheet.row_dimensions[row].height = height(lines_of(piece, 110))
        sheet.column_dimensions["A"].width = 110

    def _table(self, table: Table) -> Worksheet:
        """The table on a sheet of its own; where it has more rows than a sheet, it goes on on others."""
        sheet = self._table_sheet(table)
        if not table.rows:
            self._put(sheet, HEADER_ROW, 1, "No rows.", "cqa sentence")
            sheet.column_dimensions["A"].width = 40
            return sheet
        self._fill(sheet, table, HEADER_ROW)
        return sheet

    def _table_sheet(self, table: Table) -> Worksheet:
        sheet = self._sheet(table.name, table.title, table.note or "One row for each line of the table.")
        self._link(sheet, 3, "Back to Contents", "Contents")
        return sheet

    def _fill(self, sheet: Worksheet, table: Table, header_row: int) -> None:
        """Header and rows as a named table; a text that no cell can hold goes on in the next row, and rows that no
        sheet can hold on the next sheet."""
        if len(table.columns) > LAST_COLUMN:
            raise _TooWide(f"{len(table.columns):,}")
        looks = [look_of(sheet, table, place) for place in range(len(table.columns))]
        made, changed = rendered(table.rows, looks, header_row + 1, LAST_ROW, self.until)
        self.altered += changed
        for number, rows in enumerate(made):
            if number:
                sheet = self._table_sheet(replace(table, note=f"This goes on from the sheet {sheet.title}."))
            self._header(sheet, table, looks, header_row)
            self.sheets[sheet.title].rows = rows
            self.sheets[sheet.title].columns = looks[-1].letters
            if len(rows.says) > FREEZE_OVER:
                sheet.freeze_panes = f"A{header_row + 1}"
            self._mark_up(sheet, table, f"A{header_row}:{looks[-1].letters}{rows.last}")
            for column, look in zip(table.columns, looks, strict=True):
                self._offer(sheet, column, rows.to_fill.get(look.letters, ()))

    def _header(self, sheet: Worksheet, table: Table, looks: list[Look], header_row: int) -> None:
        names = headings(table.columns)
        for place, (column, look) in enumerate(zip(table.columns, looks, strict=True)):
            self._put(sheet, header_row, place + 1, names[place], f"cqa header{side_of(column, place)}")
            sheet.column_dimensions[look.letters].width = look.width
        sheet.print_title_rows = f"{header_row}:{header_row}"
        sheet.row_dimensions[header_row].height = height(max(
            lines_of(name, 0.85 * look.room) for name, look in zip(names, looks, strict=True)))

    def _mark_up(self, sheet: Worksheet, table: Table, where: str) -> None:
        # Sheets whose names differ only in what no table's name can hold: the number of the sheet keeps them apart.
        name = "Table_" + re.sub(r"[^A-Za-z0-9]", "_", sheet.title)
        if name.casefold() in self.table_names:
            name += f"_{len(self.sheets)}"
        self.table_names.add(name.casefold())
        marked = SheetTable(displayName=name, ref=where)
        marked.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
        # Filter buttons belong in working sheets, not in reports; openpyxl adds them unless the columns are made first.
        marked._initialise_columns()  # type: ignore[attr-defined]
        for name, made in zip(headings(table.columns), marked.tableColumns, strict=True):
            made.name = name
        marked.autoFilter = None
        sheet.add_table(marked)

    def _offer(self, sheet: Worksheet, column: Column, cells: Sequence[str]) -> None:
        """The words to choose from in the cells to fill. Excel lists them, and takes nothing else that is typed."""
        if column.offered and cells:
            listed = DataValidation(type="list", formula1='"' + ",".join(column.offered) + '"', allow_blank=True,
                                    showErrorMessage=True, errorTitle="Choose from the list",
                                    error=f"Choose {', '.join(column.offered)}, or leave it empty.")
            listed.sqref = MultiCellRange(" ".join(cells))
            sheet.add_data_validation(listed)

    def _chart(self, chart: Chart, tables: Mapping[str, Table], sheets: Mapping[str, Worksheet]) -> None:
        """The picture, with the table of what it draws at its left; none where there is nothing to draw."""
        shown = plotted(chart, tables[chart.table])
        if not shown.rows:
            return
        data = sheets[chart.table]
        sheet = self._sheet(chart.name, chart.title, chart.sentence)
        self._link(sheet, 3, f"The figures are on the sheet {data.title}", data.title)
        self._fill(sheet, shown, HEADER_ROW)
        lines = (tables[chart.limits], Cells(tables[chart.limits], sheets[chart.limits], HEADER_ROW)) \
            if isinstance(chart, Funnel) else None
        sheet.page_setup.fitToHeight = 1
        sheet.add_chart(native(chart, shown, Cells(shown, sheet, HEADER_ROW), lines),
                        f"{get_column_letter(len(shown.columns) + 2)}{HEADER_ROW}")
        self.alt_texts.append(legal(f"{chart.title}. {chart.sentence} The figures are on the sheet {data.title}."))
        # People look before they read: the pictures stand before the tables.
        self.workbook.move_sheet(sheet, len(self.alt_texts) + _FRONT - len(self.sheets))

    def _contents(self, contents: Worksheet) -> None:
        others = [sheet.title for sheet in self.workbook.worksheets[1:] if sheet is not contents]
        for row, name in enumerate(others, start=3):
            title = self.titles[name]
            self._link(contents, row, f"{name}: {title}" if title != name else name, name)
        contents.column_dimensions["A"].width = 90
