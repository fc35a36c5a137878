"""Workbooks as exports: text as a person sees it, a cell named for all that is not certain, no bomb opened."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from cqa.errors import BadInput, Problem
from cqa.files.exports import open_export
from tests.casework import DRAW, Run, case_rows
from tests.files.test_exports import Read

HEADER = ("case_id", "unit", "note")
DAY = datetime(2026, 3, 2)  # noqa: DTZ001 - Excel knows no time zones
Part = Callable[[bytes], bytes]


def workbook(folder: Path, rows: Sequence[Sequence[object]], **more: Sequence[Sequence[object]]) -> Path:
    """A workbook with a sheet called Data, and more sheets by name."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, content in {"Data": rows, **more}.items():
        sheet = book.create_sheet(name)
        for row in content:
            sheet.append(row)
    book.save(folder / "e.xlsx")
    return folder / "e.xlsx"


def changed(path: Path, parts: dict[str, Part]) -> Path:
    """The same workbook with parts of its XML changed, as only other programs, or an enemy, would write them."""
    with zipfile.ZipFile(path) as old:
        contents = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in contents.items():
            new.writestr(name, parts[name](data) if name in parts else data)
    return path


def sheet_with(data: str) -> dict[str, Part]:
    """The first sheet with other rows."""
    return {"xl/worksheets/sheet1.xml": lambda xml: re.sub(
        rb"<sheetData>.*</sheetData>", f"<sheetData>{data}</sheetData>".encode(), xml, flags=re.DOTALL)}


def claiming(extent: str) -> dict[str, Part]:
    """The first sheet with another claim of its extent."""
    return {"xl/worksheets/sheet1.xml": lambda xml: re.sub(rb'<dimension ref="[^"]*"', f'<dimension ref="{extent}"'
                                                           .encode(), xml)}


def read(path: Path) -> Read:
    return Read(open_export([path], HEADER))


def problems(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(BadInput) as caught:
        read(path)
    return caught.value.problems


def refused(path: Path) -> tuple[str, str]:
    (problem,) = problems(path)
    return problem.code, problem.message


@pytest.mark.parametrize(("value", "text"), [
    ("00123", "00123"), (" Leeds\u00a0", " Leeds\u00a0"), ("1.23E+10", "1.23E+10"), (7, "7"), (7.0, "7"), (-3, "-3"),
    (12_300_000_000.0, "12300000000"), (0.1 + 0.2, "0.3"), (1e-7, "0.0000001"), (1e20, "100000000000000000000"),
    (True, "TRUE"), (False, "FALSE"), (date(2026, 3, 2), "2026-03-02"), (DAY, "2026-03-02"),
    (DAY.replace(hour=9, minute=5), "2026-03-02 09:05:00"), (time(9, 5), "09:05:00"), (None, ""),
    ("'quoted", "'quoted"), ("two\nlines", "two\nlines"), ("#N/A in words", "#N/A in words")])
def test_a_cell_is_the_text_a_person_sees(tmp_path: Path, value: object, text: str) -> None:
    rows = read(workbook(tmp_path, [HEADER, ("a1", "Leeds", value), ("a2", "York", "x")])).rows
    assert rows == ((2, ("a1", "Leeds", text)), (3, ("a2", "York", "x")))


def test_the_source_says_that_it_was_a_workbook(tmp_path: Path) -> None:
    source = read(workbook(tmp_path, [HEADER, ("a1", "Leeds", "")])).source
    assert (source.encoding, source.delimiter, source.rows, source.name) == ("xlsx", "workbook", 1, "e.xlsx")


def test_titles_blank_rows_and_totals_are_passed_over_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    found = read(workbook(tmp_path, [("Closed in March",), (), HEADER, ("a1", "Leeds", ""), (), (None, " "),
                                     ("a2", "York"), ("Total", 2)]))
    assert found.header[0] == 3 and found.rows == ((4, ("a1", "Leeds", "")), (7, ("a2", "York", "")))
    assert found.blank_rows == 2
    assert "Closed in March" in found.remarks[0] and "'Total, 2'" in found.remarks[1]


def test_formulas_and_errors_are_refused_with_their_cells_all_at_once(tmp_path: Path) -> None:
    path = workbook(tmp_path, [HEADER, ("a1", "=1+1", "#DIV/0!"), ("a2", "York", ""), ("a3", "York", "=B2")])
    found = problems(path)
    assert [(one.code, one.line, one.column) for one in found] == [("C023", 2, 2), ("C023", 2, 3), ("C023", 4, 3)]
    assert "B2 holds a formula ('=1+1')" in found[0].message and "C2 holds an error" in found[1].message


def test_a_cell_beyond_the_header_is_refused_and_a_blank_one_is_no_harm(tmp_path: Path) -> None:
    (found,) = problems(workbook(tmp_path, [HEADER, ("a1", "x", "y", "lost"), ("a2", "x", "y", " ")]))
    assert (found.code, found.line) == ("C005", 2) and "D2 ('lost')" in found.message


def test_ids_that_are_numbers_are_counted_and_said_aloud(tmp_path: Path) -> None:
    found = read(workbook(tmp_path, [HEADER, ("06AB1", "x"), (123, "x"), (124.0, "x")]))
    assert [row[0] for _, row in found.rows] == ["06AB1", "123", "124"]
    assert found.remarks == ["2 case ids are stored as numbers, such as 123 in cell A3: zeros at their beginning, if "
                             "they had any, are lost for good."]


def test_zeros_that_only_the_format_shows_are_kept(tmp_path: Path) -> None:
    path = workbook(tmp_path, [HEADER, (123, "x")])
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADER)
    sheet.append((123, "x", ""))
    sheet["A2"].number_format = "00000"
    book.save(path)
    found = read(path)
    assert found.rows[0][1][0] == "00123" and found.remarks == []


@pytest.mark.parametrize("number", [1234567890123456, 1.23456789012346e22])
def test_ids_of_more_digits_than_a_spreadsheet_keeps_are_refused(tmp_path: Path, number: float) -> None:
    (found,) = problems(workbook(tmp_path, [HEADER, (number, "x")]))
    assert (found.code, found.line, found.column) == ("C019", 2, 1) and "cell A2" in found.message


def test_dates_of_excel_are_said_aloud_once_for_each_column(tmp_path: Path) -> None:
    found = read(workbook(tmp_path, [HEADER, ("a1", "x", date(2026, 3, 2)), ("a2", "x", date(2026, 4, 2))]))
    (remark,) = found.remarks
    assert "'note' holds 2 dates of Excel, such as 2026-03-02 in cell C2" in remark


def test_a_date_out_of_bounds_is_an_error_and_no_warning_of_openpyxl(tmp_path: Path) -> None:
    path = changed(workbook(tmp_path, [HEADER, ("a1", "x", date(2026, 3, 2))]),
                   {"xl/worksheets/sheet1.xml": lambda xml: xml.replace(b"<v>46083</v>", b"<v>99999999</v>")})
    (found,) = problems(path)
    assert found.code == "C023" and "C2" in found.message


def test_the_first_sheet_that_names_the_case_id_is_read_and_the_others_said(tmp_path: Path) -> None:
    path = workbook(tmp_path, [("Read me",)], March=[HEADER, ("a1", "x", "")], April=[HEADER, ("a2", "x", "")])
    found = read(path)
    assert [row[0] for _, row in found.rows] == ["a1"]
    assert found.remarks == ["The sheet 'March' was read. Not read, though they name the case id too: 'April'. "
                             "Not read: 'Data'."]


def test_what_a_sheet_claims_of_its_extent_is_not_relied_on(tmp_path: Path) -> None:
    path = changed(workbook(tmp_path, [HEADER, ("a1", "x", "y"), ("a2", "x", "y")]), claiming("A1"))
    assert len(read(path).rows) == 2


@pytest.mark.parametrize("extent", ["A1:XFD1048576", "A1:C1048576", "A1:XFD2"])
def test_a_sheet_that_claims_to_be_huge_is_refused(tmp_path: Path, extent: str) -> None:
    code, told = refused(changed(workbook(tmp_path, [HEADER, ("a1", "x", "y")]), claiming(extent)))
    assert code == "C021" and extent.partition(":")[2] in told


@pytest.mark.parametrize("data", [
    '<row r="1"><c r="A1" t="inlineStr"><is><t>case_id</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>1</v>'
    "</c></row>",
    '<row r="1"><c r="A1" t="inlineStr"><is><t>case_id</t></is></c></row><row r="99999999999"><c><v>1</v></c></row>'])
def test_a_cell_at_the_end_of_the_world_is_refused(tmp_path: Path, data: str) -> None:
    assert refused(changed(workbook(tmp_path, [HEADER]), sheet_with(data)))[0] == "C021"


def test_a_bomb_is_not_opened(tmp_path: Path) -> None:
    path = workbook(tmp_path, [HEADER])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet2.xml", bytes(50_000_000))
    assert refused(path)[0] == "C021"
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as packed:
        packed.writestr("xl/media/large.bin", bytes(210_000_000))
    assert "would unpack to 2" in refused(path)[1]


SPOILT: list[dict[str, Part]] = [
    {"xl/workbook.xml": lambda _: b"<no"}, {"xl/worksheets/sheet1.xml": lambda xml: xml[:-40]},
    {"[Content_Types].xml": lambda _: b"<Types/>"}, {"xl/styles.xml": lambda _: b"<styleSheet"},
    sheet_with('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), sheet_with('<row r="x"><c r="A1"><v>9</v></c></row>'),
    sheet_with('<row r="1"><c r="A1"><v>nan</v></c></row>'), sheet_with('<row r="1"><c r="ZZZZ1"><v>9</v></c></row>'),
    {"xl/worksheets/sheet1.xml": lambda xml: b'<!DOCTYPE a [<!ENTITY x "y">]>' + xml.replace(b"case_id", b"&z;")},
]


@pytest.mark.parametrize("parts", SPOILT)
def test_a_spoilt_workbook_is_refused_with_a_sentence(tmp_path: Path, parts: dict[str, Part]) -> None:
    assert refused(changed(workbook(tmp_path, [HEADER, ("a1", "x", "y")]), parts))[0] in ("C021", "C002")


def test_entities_that_multiply_are_not_unfolded(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE a [<!ENTITY a0 "ha">{laughs}]>'.encode()
    path = changed(workbook(tmp_path, [HEADER, ("a1", "x", "y")]), {"xl/worksheets/sheet1.xml": lambda xml: re.sub(
        rb"^(<\?.*?\?>)?", lambda found: found[0] + bomb, xml).replace(b"case_id", b"&a9;")})
    assert refused(path)[0] == "C021"


def test_other_files_are_told_from_workbooks(tmp_path: Path) -> None:
    path = tmp_path / "e.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    assert refused(path) == ("C021", "This is a workbook, not CSV.")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("export.csv", "case_id\n1\n")
    path.write_bytes(stream.getvalue())
    assert "packed file" in refused(path)[1]


def test_a_workbook_without_rows_is_an_empty_export(tmp_path: Path) -> None:
    assert refused(workbook(tmp_path, [])) == ("C002", "The workbook has no rows.")


def test_a_large_sheet_is_read_in_batches(tmp_path: Path) -> None:
    rows = read(workbook(tmp_path, [HEADER, *((f"a{number}", "x", number) for number in range(5_000))])).rows
    assert len(rows) == 5_000 and rows[-1] == (5_001, ("a4999", "x", "4999"))


def test_many_columns_keep_their_letters(tmp_path: Path) -> None:
    names = ("case_id", *(f"c{number}" for number in range(40)))
    (found,) = problems(workbook(tmp_path, [names, ("a", *([""] * 39), "=1")]))
    assert f"{get_column_letter(41)}2 holds a formula" in found.message


def test_a_workbook_draws_the_same_cases_as_its_csv_and_is_verified(run: Run, workspace: Path) -> None:
    workbook(workspace, case_rows(60))
    drawn = [run(*(name if part in ("march", "export.csv") and (name := names.get(part)) else part for part in DRAW),
                 "--json", folder=workspace)
             for names in ({}, {"march": "april", "export.csv": "e.xlsx"})]
    cases = [json.loads(ran.out)["cases"] for ran in drawn]
    assert cases[0] == cases[1]
    checked = run("verify", "april", "--export", "e.xlsx", folder=workspace)
    assert (checked.code, checked.err) == (0, "")


def test_a_workbook_may_be_planned_with_and_the_encoding_option_is_for_text_only(run: Run, workspace: Path) -> None:
    workbook(workspace, case_rows(60))
    assert run("plan", "e.xlsx", "--sample", "s", "--id", "case_id", "--take", "3", "--encoding", "cp1252",
               folder=workspace).code == 0
    ran = run("draw", "--sample", "s", "--seed", "12345", folder=workspace)
    assert ran.code == 0 and "Read e.xlsx as a workbook: 60 rows" in ran.out


def test_a_workbook_is_opened_by_its_first_rows_and_what_can_be_read_of_it_is_given(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>{"case_id" if number == 1 else number}'
                   "</t></is></c></row>" for number in range(1, 6_000))
    path = changed(workbook(tmp_path, [HEADER]), {"xl/worksheets/sheet1.xml": lambda xml: re.sub(
        rb"<dimension[^>]*>|<sheetData.*", b"", xml, flags=re.DOTALL) + f"<sheetData>{rows}<row".encode()})
    export = open_export([path], HEADER)
    given: list[int] = []
    with pytest.raises(BadInput) as caught:
        for batch in export.batches():
            given.extend(batch.lines)
    assert caught.value.problems[0].code == "C021" and given[:1] == [2] and len(given) > 1_000
