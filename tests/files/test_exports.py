"""Exports as they are: encodings by trial, delimiters by the header, nothing shifted and nothing lost."""

import gzip
from pathlib import Path

import pytest

from cqa.errors import BadInput, Problem
from cqa.files.exports import ExportFiles, open_export

PLAIN = "case_id,unit\n00123,Leeds\n06E12345,York\n"


class Read:
    """An export that was read to the end."""

    def __init__(self, files: ExportFiles) -> None:
        self.files = files
        self.rows = tuple((line, tuple(row)) for batch in files.batches()
                          for line, row in zip(batch.lines, batch.rows, strict=True))
        self.header = files.header
        ((self.source, self.blank_rows),) = files.read()
        self.remarks = [problem.message for problem in files.remarks()]


def export(folder: Path, data: bytes, encoding: str = "") -> Read:
    path = folder / "e.csv"
    path.write_bytes(data)
    return Read(open_export([path], ("case_id", "unit", "note"), encoding))


def problem(folder: Path, data: bytes, encoding: str = "") -> Problem:
    with pytest.raises(BadInput) as caught:
        export(folder, data, encoding)
    return caught.value.problems[0]


@pytest.mark.parametrize(("encoding", "told"), [
    ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "cp1252")])
def test_the_encoding_is_found_and_said(tmp_path: Path, encoding: str, told: str) -> None:
    read = export(tmp_path, "case_id,unit\n1,Caf\u00e9 \u2013 \u00a3\n".encode(encoding))
    assert read.source.encoding == told and read.rows == ((2, ("1", "Caf\u00e9 \u2013 \u00a3")),)


def test_a_doubled_byte_order_mark_is_no_part_of_the_first_header(tmp_path: Path) -> None:
    assert export(tmp_path, b"\xef\xbb\xbf\xef\xbb\xbf" + PLAIN.encode()).header[1][0] == "case_id"


def test_bytes_that_fit_no_encoding_are_named_by_line(tmp_path: Path) -> None:
    found = problem(tmp_path, b"case_id,unit\n1,a\n2,\x81\n")
    assert (found.code, found.line, found.column) == ("C003", 3, 3)


def test_an_encoding_that_is_named_decides(tmp_path: Path) -> None:
    assert export(tmp_path, "case_id,unit\n1,\u0142\n".encode("cp1250"), "cp1250").rows[0][1][1] == "\u0142"
    assert problem(tmp_path, b"case_id\n1\n", "no-such").code == "C003"


@pytest.mark.parametrize(("delimiter", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_the_delimiter_is_told_by_the_header(tmp_path: Path, delimiter: str, name: str) -> None:
    read = export(tmp_path, PLAIN.replace(",", delimiter).encode())
    assert read.source.delimiter == name and read.rows[0][1] == ("00123", "Leeds")


def test_a_single_column_is_one_column(tmp_path: Path) -> None:
    assert export(tmp_path, b"case_id\na;b\n").rows == ((2, ("a;b",)),)


def test_the_sep_line_is_honoured_and_lines_still_count_from_the_top(tmp_path: Path) -> None:
    read = export(tmp_path, b"sep=;\r\ncase_id;unit\r\n1;a\r\n")
    assert read.header == (2, ("case_id", "unit")) and read.rows == ((3, ("1", "a")),)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read(tmp_path: Path, ends: str) -> None:
    assert len(export(tmp_path, PLAIN.replace("\n", ends).encode()).rows) == 2


def test_blank_rows_are_dropped_and_counted(tmp_path: Path) -> None:
    read = export(tmp_path, b"\ncase_id,unit\n1,a\n,\n\n2,b\n")
    assert read.blank_rows == 2 and [line for line, _ in read.rows] == [3, 6]


def test_records_are_counted_not_lines(tmp_path: Path) -> None:
    read = export(tmp_path, b'case_id,note\n1,"two\nlines"\n2,"said ""no"""\n')
    assert read.rows == ((2, ("1", "two\nlines")), (4, ("2", 'said "no"')))


@pytest.mark.parametrize(("row", "line"), [("2", 3), ("2,b,c", 3)])
def test_a_ragged_row_is_refused_with_line_and_case(tmp_path: Path, row: str, line: int) -> None:
    found = problem(tmp_path, f"case_id,unit\n1,a\n{row}\n".encode())
    assert (found.code, found.line) == ("C005", line) and "'2'" in found.message


def test_an_empty_extra_column_is_no_harm(tmp_path: Path) -> None:
    assert export(tmp_path, b"case_id,unit\n1,a,\n2,b,\n").rows[1] == (3, ("2", "b"))


def test_a_quote_that_never_closes_is_refused_where_it_begins(tmp_path: Path) -> None:
    found = problem(tmp_path, b'case_id,unit\n1,a\n2,"b\n3,c\n')
    assert (found.code, found.line) == ("C006", 3)


def test_rows_swallowed_between_two_stray_quotes_are_noticed(tmp_path: Path) -> None:
    found = problem(tmp_path, b'case_id,unit,note\n1,a,"x\n2,b,y\n3,c,z"\n')
    assert (found.code, found.line) == ("C014", 2)


def test_a_nul_at_the_end_of_a_field_is_dropped_and_any_other_refused(tmp_path: Path) -> None:
    assert export(tmp_path, b"case_id,unit\n1,ab\x00\n").rows == ((2, ("1", "ab")),)
    assert problem(tmp_path, b"case_id,unit\n1,a\x00b\n").code == "C013"


def test_an_empty_and_a_missing_file_are_told_apart(tmp_path: Path) -> None:
    assert problem(tmp_path, b" \n").code == "C002"
    with pytest.raises(BadInput) as caught:
        open_export([tmp_path / "gone.csv"], ("case_id",))
    assert caught.value.problems[0].code == "C001"


def test_a_very_long_field_is_read_whole(tmp_path: Path) -> None:
    assert len(export(tmp_path, b"case_id,note\n1," + b"x" * 500_000 + b"\n").rows[0][1][1]) == 500_000


def test_the_fingerprint_is_of_the_bytes(tmp_path: Path) -> None:
    source = export(tmp_path, PLAIN.encode()).source
    assert (source.bytes, source.rows, source.name) == (len(PLAIN), 2, "e.csv") and len(source.sha256) == 64


def test_title_lines_above_the_header_are_passed_over_and_said(tmp_path: Path) -> None:
    read = export(tmp_path, b"Cases closed in March\n\ncase_id,unit\n1,a\n")
    assert read.header[0] == 3 and read.rows == ((4, ("1", "a")),) and "Cases closed in March" in read.remarks[0]


@pytest.mark.parametrize("total", [b"Total,2\n", b"Total,\n", b"Total\n", b",2\n"[:0] + b"Grand total,2\n"])
def test_a_total_at_the_end_is_no_case_and_said(tmp_path: Path, total: bytes) -> None:
    read = export(tmp_path, b"case_id,unit\n12,a\n13,b\n" + total)
    assert [row[0] for _, row in read.rows] == ["12", "13"] and "total" in read.remarks[0].casefold()


def test_a_short_row_in_the_middle_is_no_total(tmp_path: Path) -> None:
    assert problem(tmp_path, b"case_id,unit\n12,a\nTotal\n13,b\n").line == 3


def test_a_workbook_is_told_from_csv(tmp_path: Path) -> None:
    assert problem(tmp_path, b"PK\x03\x04rest").code == "C021"


def test_a_compressed_export_is_read(tmp_path: Path) -> None:
    assert len(export(tmp_path, gzip.compress(PLAIN.encode())).rows) == 2


def test_several_files_are_one_export_whatever_the_order_of_their_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("case_id,unit\n1,a\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("Unit;Case_ID\nb;2\n", encoding="utf-8")
    files = open_export([tmp_path / "a.csv", tmp_path / "b.csv"], ("case_id", "unit"))
    assert [tuple(row) for batch in files.batches() for row in batch.rows] == [("1", "a"), ("2", "b")]
    assert [source.rows for source in files.sources] == [1, 1]


def test_files_with_different_columns_are_no_export(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("case_id,unit\n1,a\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("case_id,team\n2,b\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        list(open_export([tmp_path / "a.csv", tmp_path / "b.csv"], ("case_id",)).batches())
    assert caught.value.problems[0].code == "C017" and "without unit; with team" in caught.value.problems[0].message


def test_a_large_export_is_read_in_batches_with_true_lines(tmp_path: Path) -> None:
    lines = [f'{number},"a\nb"' if number % 1000 == 7 else f"{number},x" for number in range(10_000)]
    read = export(tmp_path, ("case_id,unit\n" + "\n".join(lines) + "\n").encode())
    assert len(read.rows) == 10_000
    assert read.rows[7][0] == 9 and read.rows[8][0] == 11 and read.rows[9_999][0] == 2 + 9_999 + 10


def test_utf_16_without_its_mark_is_named_as_such(tmp_path: Path) -> None:
    assert "UTF-16" in problem(tmp_path, PLAIN.encode("utf-16-le")).message
