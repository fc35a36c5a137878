"""Every hostile string in every text of a book: a text stays a text, and what cannot stand is visibly changed."""

import io
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from cqa.book import Book
from cqa.chart import StackedBars
from cqa.files.cells import altered
from cqa.files.workbook import write_book
from cqa.table import Column, Table
from tests.hostile.strings import STRINGS
from tests.workbook_lint import lint

MADE = datetime(2026, 3, 2, tzinfo=UTC)
NO_LANGUAGE = 2
"""The one rule that a hostile text breaks by nature: where it stands for the language, there is none."""
CHANGED = ("\ufffd", "_x005F_", "[cut]", "[z]")
"""What shows a reader that a text is not as it was written: no character, an escape, an end, nothing there."""
SHORTER = [name for name, text in STRINGS.items() if len(text) < 100_000]
CONTINUED = "(continued) "


def hostile(text: str) -> Book:
    """The text in every place of a book that takes one; numbers stand beside it, so that the chart has bars."""
    columns = (Column(text, "id"), Column(f"why {text}", "long"), Column("Met", "percent"), Column("Not", "percent"))
    table = Table(text, text, text, columns, ((text, text, 0.5, 0.5), ("plain", "plain", 0.25, 0.75)))
    chart = StackedBars(text, text, text, text, text, ("Met", "Not"))
    return Book(text, text, text, ((text, text), ("Cases", "12")), (text, "A note."), (table,), (chart,))


def written(folder: Path, book: Book) -> bytes:
    return write_book(folder / "book.xlsx", book, MADE).read_bytes()


def nothing_lives_in(data: bytes) -> None:
    """No cell is computed or an error, and nothing leads out of the file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            tree = etree.fromstring(archive.read(name))
            assert not list(tree.iter("{*}oleLink", "{*}ddeLink", "{*}externalReference")), name
            assert not [relation for relation in tree.iter("{*}Relationship") if relation.get("TargetMode")], name
            if name.startswith("xl/worksheets/sheet"):
                assert not [cell for cell in tree.iter("{*}c") if cell.get("t") in ("e", "str")], name
                assert tree.find(".//{*}f") is None, name


def told(sheet: Worksheet, row: int, column: int) -> str:
    """A text of a cell, with what the rows below carry on with."""
    text = str(sheet.cell(row, column).value)
    while str(sheet.cell(row + 1, column).value).startswith(CONTINUED):
        row += 1
        text += str(sheet.cell(row, column).value).removeprefix(CONTINUED)
    return text


def is_told(text: str, shown: str, line_end: str = "\n") -> bool:
    """Whether a text is shown as it is, but for its line ends, or can be seen to be another."""
    return shown == re.sub("\r\n|\r|\n", line_end, text) or any(mark in shown for mark in CHANGED)


@pytest.mark.parametrize("name", SHORTER)
def test_a_text_in_every_place_stays_a_text_and_every_rule_holds(tmp_path: Path, name: str) -> None:
    text = STRINGS[name]
    data = written(tmp_path, hostile(text))
    nothing_lives_in(data)
    found = [str(finding) for finding in lint(data) if finding.rule != NO_LANGUAGE]
    assert not found, [line.encode("ascii", "backslashreplace") for line in found[:5]]
    cover, contents, notes, chart, table = load_workbook(io.BytesIO(data)).worksheets
    for sheet, row, column in ((cover, 1, 1), (cover, 4, 1), (cover, 4, 2), (table, 1, 1), (table, 2, 1),
                               (table, 5, 1), (table, 5, 2), (chart, 1, 1), (chart, 2, 1)):
        # A table that has no note gets a sentence that says what its rows are.
        assert is_told(text, told(sheet, row, column)) or (not text and row == 2), (sheet.title, row, column)
    assert is_told(text, told(table, 4, 1), " ")
    noted = [str(notes.cell(row, 1).value) for row in range(3, notes.max_row + 1)]
    counted = noted.pop() if noted[-1].startswith("In ") else ""
    assert is_told(text, "".join(noted[:-1]))
    # What no cell can hold is counted, and only that.
    assert ("characters that no cell can hold" in counted) == altered(text)
    assert [link.location for row in range(4, 6) if (link := contents.cell(row, 1).hyperlink)] == [
        f"{quoted(sheet.title)}!A1" for sheet in (chart, table)]
    a_chart_says_its_title_and_is_told_to_those_who_cannot_see_it(data, text)
    assert (table.cell(6, 3).value, table.cell(5, 3).value) in ((0.25, 0.5), ("[z]", 0.5))


def quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"


def a_chart_says_its_title_and_is_told_to_those_who_cannot_see_it(data: bytes, text: str) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        chart = etree.fromstring(archive.read("xl/charts/chart1.xml"))
        drawing = etree.fromstring(archive.read("xl/drawings/drawing1.xml"))
    heading = next(chart.iter("{*}title"))
    title = "".join(piece.text or "" for piece in heading.iter("{*}t"))
    assert is_told(text, title, " ")
    assert "The figures are on the sheet" in next(drawing.iter("{*}cNvPr")).get("descr", "")


def test_a_line_of_a_megabyte_goes_on_in_the_rows_below_and_is_cut_where_it_cannot(tmp_path: Path) -> None:
    text = STRINGS["S02"]
    table = Table("T", text, "", (Column("Case", "id"), Column("Reason", "long")), (("c1", text),))
    data = written(tmp_path, Book("R", "", "en-GB", (("Sample", "march"),), ("A note.",), (table,)))
    assert lint(data) == []
    sheet = load_workbook(io.BytesIO(data))["T"]
    assert told(sheet, 5, 2) == text and str(sheet["A1"].value).endswith(" [cut]")
