"""Workbooks: text is never a formula, nothing is cut, equal books are equal bytes, and the rules hold."""

import io
import re
import zipfile
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from cqa.book import Book
from cqa.chart import StackedBars
from cqa.errors import NotSaved
from cqa.files.cells import MAX_LINE_FEEDS, MAX_UNITS, TabNames, legal, lines_of, parts, units
from cqa.files.workbook import write_book
from cqa.files.workbook_parts import put_together
from cqa.table import Cell, Column, Made, Table
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
    assert loaded.worksheets[4]["B5"].value == "_x005F_x000D_"
    assert loaded.worksheets[4]["A1"].value == "_x005F_x0041_ by question"


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


def one_table(columns: tuple[Column, ...], rows: Collection[tuple[Cell, ...]]) -> Book:
    return Book("R", "", "en-GB", (("a", "b"),), ("n",), (Table("T", "T", "", columns, rows),))


def test_rows_that_no_sheet_holds_go_on_on_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cqa.files.workbook.LAST_ROW", 44)
    made = one_table((Column("Case", "id"),), Made(100, lambda: ((f"c{number}",) for number in range(100))))
    data = written(tmp_path, made)
    sheets = load_workbook(io.BytesIO(data)).worksheets[3:]
    assert [sheet.title for sheet in sheets] == ["T", "T 2", "T 3"]
    assert [sheet.max_row for sheet in sheets] == [44, 44, 24]
    cells = [sheet.cell(row, 1).value for sheet in sheets for row in range(5, sheet.max_row + 1)]
    assert cells == [f"c{number}" for number in range(100)]
    assert "the sheet T 2" in str(sheets[2]["A2"].value)
    assert lint(data) == []


def test_sheets_whose_names_differ_in_signs_alone_have_tables_of_their_own(tmp_path: Path) -> None:
    tables = tuple(Table(name, name, "", (Column("a"),), (("x",),))
                   for name in ("R v X", "R-v-X", "r_v_x", "\u00e9", "\u00e8"))
    data = written(tmp_path, Book("R", "", "en-GB", (("a", "b"),), ("n",), tables))
    names = [name.casefold() for sheet in load_workbook(io.BytesIO(data)) for name in sheet.tables]
    assert len(set(names)) == len(names) == 6 and lint(data) == []


def test_headers_that_are_alike_ignoring_case_are_told_apart(tmp_path: Path) -> None:
    made = one_table((Column("Met"), Column("met"), Column("a\x00"), Column("a\x01"), Column("met (2)")), (("x",) * 5,))
    data = written(tmp_path, made)
    sheet = load_workbook(io.BytesIO(data))["T"]
    assert [cell.value for cell in sheet[4]] == ["Met", "met (2)", "a\ufffd", "a\ufffd (2)", "met (2) (2)"]
    assert lint(data) == []


def test_a_table_wider_than_a_sheet_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    columns = tuple(Column(f"c{number}") for number in range(16_385))
    with pytest.raises(NotSaved, match="16,385 columns"):
        written(tmp_path, one_table(columns, (("x",) * 16_385,)))
    assert list(tmp_path.iterdir()) == []


def test_texts_that_no_cell_can_hold_are_counted_on_the_notes(tmp_path: Path) -> None:
    rows = tuple((text,) for text in ("plain", "a\x00b", "c\x0bd", "e\r\nf", "_x0041_", "two\nlines"))
    notes = load_workbook(io.BytesIO(written(tmp_path, one_table((Column("Text"),), rows))))["Notes"]
    told = [str(notes.cell(row, 1).value) for row in range(3, notes.max_row + 1)]
    assert any(note.startswith("In 3 texts of this workbook, characters that no cell can hold") for note in told)
    notes = load_workbook(io.BytesIO(written(tmp_path, one_table((Column("Text"),), rows[:1]))))["Notes"]
    assert notes.max_row == 3


@pytest.mark.parametrize(("before", "after", "where"), [
    (b"<v>0.25</v>", b"<v>0.26</v>", "sheet 'T', row 5"),
    (b"<t>second</t>", b"<t>secand</t>", "sheet 'T', row 6"),
    (b't="inlineStr"><is><t>second</t></is>', b"><v>second</v>", "sheet 'T', row 6"),
    (b'<row r="6"', b'<row r="7"', "sheet 'T', row 6"),
    (b">Head</t>", b">Hand</t>", "sheet 'T', row 4"),
    (b"</sheetData>", b'<row r="9"><c r="A9"><v>1</v></c></row></sheetData>', "row"),
])
def test_a_workbook_that_reads_back_otherwise_is_not_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes, after: bytes, where: str
) -> None:
    made = one_table((Column("Head"), Column("Share", "percent")), (("first", 0.25), ("second", 0.5)))
    written(tmp_path, made)
    old = (tmp_path / "book.xlsx").read_bytes()

    def spoiled(*given: Any) -> None:
        stream = io.BytesIO()
        skeleton, sheets, made_at, texts, _ = given
        put_together(skeleton, sheets, made_at, texts, stream)
        with zipfile.ZipFile(stream) as good, zipfile.ZipFile(given[-1], "w") as bad:
            for name in good.namelist():
                bad.writestr(name, good.read(name).replace(before, after))

    monkeypatch.setattr("cqa.files.workbook.put_together", spoiled)
    with pytest.raises(NotSaved, match=f"does not read back as it was written: .*{where}"):
        written(tmp_path, made)
    assert (tmp_path / "book.xlsx").read_bytes() == old
    assert [path.name for path in tmp_path.iterdir()] == ["book.xlsx"]


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
