"""Workbooks: text is never a formula, nothing is cut, equal books are equal bytes, and the rules hold."""

import io
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from cqa.files.cells import MAX_LINE_FEEDS, MAX_UNITS, TabNames, legal, lines_of, parts, units
from cqa.files.workbook import write_book
from cqa.table import Book, Cell, Column, StackedBars, Table
from tests.hostile.strings import STRINGS
from tests.workbook_lint import lint
from tests.workbook_lint.setting import lines_in

MADE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOSTILE = (*(text for text in STRINGS.values() if 0 < len(text) < 100_000), "\U0001f600" * 17_000, "line\x0bbreak", " ")


def book(rows: tuple[tuple[Cell, ...], ...], title: str = "Results") -> Book:
    columns = (Column("Question", "id"), Column("Reason", "long"), Column("Met", "percent"), Column("Not", "percent"))
    table = Table(title, f"{title} by question", "A note.", columns, rows)
    chart = StackedBars("Chart", "How often", "Each bar is a question.", title, "Question", ("Met", "Not"))
    return Book("A report", "Northmoor", "en-GB", (("Sample", "march"),), ("One note.",), (table,), (chart,))


def written(folder: Path, made: Book) -> bytes:
    return write_book(folder / "book.xlsx", made, MADE).read_bytes()


def test_a_book_with_and_without_rows_keeps_every_rule(tmp_path: Path) -> None:
    rows = tuple((f"q{number}", "why", number / 40, 1 - number / 40) for number in range(40))
    assert lint(written(tmp_path, book(rows))) == []
    assert lint(written(tmp_path, book(()))) == []


@pytest.mark.parametrize("text", [text for text in HOSTILE if len(text) < 300 and legal(text) == text and text.strip()])
def test_legal_text_reads_back_exactly(tmp_path: Path, text: str) -> None:
    loaded = load_workbook(io.BytesIO(written(tmp_path, book((("q", text, 0.5, 0.5),)))))
    cell = loaded["Results"]["B5"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_what_looks_like_an_escape_is_escaped_once(tmp_path: Path) -> None:
    loaded = load_workbook(io.BytesIO(written(tmp_path, book((("q", "_x000D_", 0.5, 0.5),), title="_x0041_"))))
    assert loaded.worksheets[3]["B5"].value == "_x005F_x000D_"
    assert loaded.worksheets[3]["A1"].value == "_x005F_x0041_ by question"


@pytest.mark.parametrize("text", ["abcdefghij" * 9_000, "one word after another " * 400, "line\n" * 90])
def test_long_text_goes_on_in_the_next_rows_and_nothing_is_lost_or_out_of_sight(tmp_path: Path, text: str) -> None:
    sheet = load_workbook(io.BytesIO(written(tmp_path, book((("q", text, 0.5, 0.5),)))))["Results"]
    rows = range(5, sheet.max_row + 1)
    column = [str(sheet.cell(row, 2).value) for row in rows]
    assert "".join(part.removeprefix("(continued) ") for part in column) == text
    assert {sheet.cell(row, 1).value for row in rows} == {"q"} and len(rows) > 2
    for row, part in zip(rows, column, strict=True):
        height = sheet.row_dimensions[row].height
        assert height is not None and lines_of(part, sheet.column_dimensions["B"].width) * 15.6 <= height <= 400


def test_lines_are_counted_as_words_wrap() -> None:
    assert [lines_of(text, 10) for text in ("", "ten chars.", "eleven char", "a b c d e f", "x" * 21, "a\n\nb")] == [
        1, 1, 2, 1, 3, 3]


@given(st.text(), st.floats(5, 60))
def test_a_row_is_never_lower_than_its_lines_as_arial_sets_them(text: str, width: float) -> None:
    assert lines_of(text, width) >= lines_in(text, max(1.0, width - 0.7))


def test_no_column_runs_into_the_one_before_it(tmp_path: Path) -> None:
    table = Table("T", "T", "", (Column("A"), Column("B"), Column("C", "number")), (("a", "b", 1),))
    sheet = load_workbook(io.BytesIO(written(tmp_path, Book("R", "", "en-GB", (("a", "b"),), ("n",), (table,)))))["T"]
    assert [sheet.cell(5, column).alignment.indent for column in (1, 2, 3)] == [0, 1, 1]


def test_a_chart_draws_no_label_that_has_no_room(tmp_path: Path) -> None:
    data = written(tmp_path, book((("q", "why", 0.95, 0.05),)))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    labels = re.findall(r"<dLbls>.*?</dLbls>", chart)
    assert len(labels) == 2 and all('sourceLinked="0"' in label and '<showBubbleSize val="0"' in label
                                    and "&gt;=0.07" in label for label in labels)
    assert "Share of answers" in chart


def test_the_same_book_is_the_same_bytes_and_another_time_is_not(tmp_path: Path) -> None:
    made = book((("q", "why", 0.5, 0.5),))
    first = written(tmp_path, made)
    assert written(tmp_path, made) == first
    later = write_book(tmp_path / "book.xlsx", made, datetime(2026, 3, 3, tzinfo=UTC)).read_bytes()
    assert later != first


def test_a_number_that_is_none_is_a_mistake_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nan"):
        write_book(tmp_path / "book.xlsx", book((("q", "why", float("nan"), 0.5),)), MADE)
    assert list(tmp_path.iterdir()) == []


@given(st.text(max_size=50).map(lambda text: text * 1_000) | st.text())
@settings(max_examples=40)
def test_parts_fit_a_cell_and_join_to_the_whole(text: str) -> None:
    pieces = parts(text)
    assert "".join(pieces) == legal(text)
    assert all(units(piece) <= MAX_UNITS and piece.count("\n") <= MAX_LINE_FEEDS for piece in pieces)


@given(st.lists(st.text(max_size=50), max_size=12))
def test_sheet_names_are_legal_and_unique_whatever_is_wanted(wanted: list[str]) -> None:
    tabs = TabNames()
    names = [tabs.name(name) for name in wanted]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < units(name) <= 31 and not set(name) & set("[]:*?/\\") and name.casefold() != "history"
        assert name == name.strip(" '")
