"""Workbooks that are handed to one person: a summary first, cells to fill and no others, and every rule kept."""

import io
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from cqa.book import Book
from cqa.files.workbook import write_book
from cqa.table import Column, Row, Table
from tests.workbook_lint import lint

MADE = datetime(2026, 3, 2, 9, tzinfo=UTC)
ROWS: tuple[Row, ...] = (("q1", "Asked", "", ""), ("q2", "long " * 400, "", ""), ("q3", "Asked", "No answer here", ""))


def written(folder: Path, rows: tuple[Row, ...] = ROWS, offered: tuple[str, ...] = ("Agree", "Disagree")) -> bytes:
    columns = (Column("Question", "id"), Column("Asked", "long"), Column("Answer", fill=True, offered=offered),
               Column("Words", "long", fill=True))
    table = Table("Your reply", "Your reply", "Fill in.", columns, rows)
    book = Book("A sheet", "Northmoor", "en-GB", (("Good", "All of it."),), ("A note.",), (table,), handout=True)
    return write_book(folder / "book.xlsx", book, MADE).read_bytes()


def loaded(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def test_a_handout_keeps_every_rule_and_is_the_same_bytes_twice(tmp_path: Path) -> None:
    assert lint(written(tmp_path)) == [] and written(tmp_path) == written(tmp_path)
    assert lint(written(tmp_path, ())) == []


def test_the_summary_comes_first_and_notes_and_contents_last(tmp_path: Path) -> None:
    book = loaded(written(tmp_path))
    assert book.sheetnames == ["Summary", "Your reply", "Notes", "Contents"]
    assert [cell.value for cell in book["Contents"]["A"][2:]] == ["Your reply", "Notes"]


def test_only_empty_cells_of_columns_to_fill_can_be_written_in(tmp_path: Path) -> None:
    book = loaded(written(tmp_path))
    assert all(sheet.protection.sheet for sheet in book.worksheets)
    free = [cell.coordinate for sheet in book.worksheets for row in sheet.iter_rows() for cell in row
            if not cell.protection.locked]
    sheet = book["Your reply"]
    firsts = {sheet.cell(row, 1).value: row for row in range(sheet.max_row, 4, -1)}
    assert free == [f"{letter}{firsts[name]}" for name, letters in (("q1", "CD"), ("q2", "CD"), ("q3", "D"))
                    for letter in letters]
    assert all(sheet[ref].number_format == "@" and sheet[ref].value is None for ref in free)


def test_a_row_that_goes_on_is_not_to_be_filled_twice(tmp_path: Path) -> None:
    sheet = loaded(written(tmp_path))["Your reply"]
    assert [sheet.cell(row, 3).value for row in range(5, sheet.max_row + 1)].count("(continued)") == sheet.max_row - 7


def test_the_words_to_choose_from_are_offered_where_they_may_be_written(tmp_path: Path) -> None:
    found = loaded(written(tmp_path))["Your reply"].data_validations.dataValidation
    assert [(one.type, one.formula1) for one in found] == [("list", '"Agree,Disagree"')]
    assert {str(cell) for cell in found[0].sqref.ranges} == {"C5", "C6"}
    assert not loaded(written(tmp_path, offered=()))["Your reply"].data_validations.dataValidation


def test_rows_to_fill_leave_room_to_write_in(tmp_path: Path) -> None:
    sheet = loaded(written(tmp_path))["Your reply"]
    assert sheet.row_dimensions[5].height >= 3 * 15
