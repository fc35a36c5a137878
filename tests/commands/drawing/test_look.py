"""`cqa look`: everything at once, on the screen only, from whatever a system calls an export."""

import json
import shlex
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from openpyxl import Workbook

from cqa.files.shipped import shipped
from cqa.world import World
from tests.casework import Run
from tests.test_cli import HEAVY, imported_by

UGLY = ('Cases closed in March\n\ncase_id ,unit,closed,closed,flag\nA1,Leeds,03/04/2026,1,7\n'
        'a1,LEEDS,04/05/2026,2,7.0\n"=""00123""",York,05/06/2026,3,x\n,York,,4,x\n1.23E+10,York,05/06/2026,3,x\n,,,,\nB2,York\n'
        'B3,"Yo\x1b[31mrk",N/A,2,"two\nlines"\nTotal,8\n')


def exported(world: World, text: str, name: str = "e.csv") -> None:
    (world.folder / name).write_text(text, encoding="utf-8", newline="")


def told(run: Run, *options: str, code: int = 0) -> dict[str, list[dict[str, object]]]:
    ran = run("look", *options, "--json")
    assert (ran.code, ran.err) == (code, ""), ran.err
    found: dict[str, list[dict[str, object]]] = json.loads(ran.out)
    assert list(found) == ["files", "columns", "case_id", "dates", "strata", "problems"]
    return found


def codes(found: dict[str, list[dict[str, object]]]) -> list[tuple[object, object, object]]:
    return [(one["code"], one["line"], one["severity"]) for one in found["problems"]]


def test_all_that_is_wrong_is_shown_at_once_with_codes_and_lines_and_the_answer_is_no(run: Run, world: World) -> None:
    exported(world, UGLY)
    found = told(run, "e.csv", code=1)
    assert codes(found) == [
        ("C005", 10, "error"), ("C007", 7, "error"), ("C019", 8, "error"), ("C009", 5, "error"),
        ("C015", 4, "warning"), ("C016", 11, "warning"), ("C022", 1, "warning"), ("C022", 13, "warning")]
    assert found["files"] == [{"file": "e.csv", "encoding": "utf-8", "told_by": "all bytes fit", "delimiter": "comma",
                               "header_line": 3, "titles": 1, "rows": 6, "blank": 1, "totals": 1}]
    assert [(one["column"], one["blank"], one["distinct"], one["faults"]) for one in found["columns"]][:4] == [
        ("case_id", 1, 5, "padded name"), ("unit", 0, 4, None), ("closed", 1, 4, "doubled name"),
        ("closed", 0, 4, "doubled name")]


def test_a_person_sees_the_same_and_no_sign_that_moves_the_cursor(run: Run, world: World) -> None:
    exported(world, UGLY)
    ran = run("look", "e.csv", "--by", "unit")
    assert ran.code == 1 and "\x1b" not in ran.out + ran.err and "Yo<U+001B>[31mrk" in ran.out
    assert "e.csv:10 C005" in ran.err and "warning: e.csv:4 C015" in ran.err
    assert "would stop any draw" in ran.out and "guessed by its name: name another with --id" in ran.out


def test_a_clean_export_is_exit_0_and_ends_with_a_draw_that_runs(run: Run, workspace: Path) -> None:
    ran = run("look", "export.csv", folder=workspace)
    assert ran.code == 0 and "Nothing found here would stop a draw such as:" in ran.out
    words = shlex.split(ran.out.splitlines()[-1])
    assert words == ["cqa", "draw", "export.csv", "--sample", "NAME", "--id", "case_id", "--by", "unit", "--take", "10"]
    assert run(*words[1:], folder=workspace).code == 0


def test_the_rules_that_join_rows_are_named_and_the_draw_with_them_runs(run: Run, workspace: Path) -> None:
    source = shipped("samples") / "area-quarter.csv"
    ran = run("look", str(source), "--id", "case_id", "--by", "unit", folder=workspace)
    assert ran.code == 0 and "--collapse in_custody=any" in ran.out and "--collapse plea=all" in ran.out
    assert "995 more of this kind" in ran.err and "guessed" not in ran.out
    assert run(*shlex.split(ran.out.splitlines()[-1])[1:], folder=workspace).code == 0


def test_no_file_is_written(run: Run, world: World) -> None:
    exported(world, UGLY)
    run("look", "e.csv")
    assert [path.name for path in world.folder.parent.rglob("*")] == ["here", "e.csv"]


def test_the_settings_of_a_workspace_above_are_used_and_not_repeated(run: Run, workspace: Path) -> None:
    (workspace / "cqa.yaml").write_text("export: {case_id: handler, collapse: same, dates: dd/mm/yyyy}\n"
                                        "draw: {by: unit, take: 2}\n", encoding="utf-8")
    ran = run("look", "export.csv", folder=workspace)
    assert ran.code == 0 and "set in cqa.yaml" in ran.out and "C008" not in ran.err
    assert ran.out.splitlines()[-1].strip() == "cqa draw export.csv --sample NAME"


def test_a_broken_cqa_yaml_is_said(run: Run, workspace: Path) -> None:
    (workspace / "cqa.yaml").write_text("exports: {}\n", encoding="utf-8")
    ran = run("look", "export.csv", folder=workspace)
    assert ran.code == 3 and "P002" in ran.err


def test_a_column_that_is_not_there_is_exit_3_and_everything_else_is_shown(run: Run, world: World) -> None:
    exported(world, "case_id,unit\n1,a\n2,b\n")
    found = told(run, "e.csv", "--id", "urn", "--by", "units", code=3)
    assert codes(found) == [("C004", 1, "error"), ("C004", 1, "error")]
    assert found["case_id"]["column"] == "case_id" and len(found["columns"]) == 2  # type: ignore[call-overload]


def test_a_doubled_column_stops_only_a_draw_that_uses_it(run: Run, world: World) -> None:
    exported(world, "case_id,unit,unit\n1,a,b\n2,b,b\n")
    assert codes(told(run, "e.csv")) == []
    assert codes(told(run, "e.csv", "--by", "unit", code=1)) == [("C010", 1, "error")]


def test_where_no_column_looks_like_an_id_it_is_asked_for(run: Run, world: World) -> None:
    exported(world, "unit,plea\na,g\na,g\nb,n\n")
    found = told(run, "e.csv", code=1)
    assert codes(found) == [("C004", 1, "error")] and found["case_id"]["column"] is None  # type: ignore[call-overload]
    assert "--id COLUMN" in run("look", "e.csv").out.splitlines()[-1]


@pytest.mark.parametrize("data", [b"", b" \n", b"\x81\x8d\n", b"sep=,\n", b"\xd0\xcf\x11\xe0", b"PK\x03\x04"])
def test_an_export_that_cannot_be_read_at_all_is_exit_3_with_its_problem(run: Run, world: World, data: bytes) -> None:
    (world.folder / "e.csv").write_bytes(data)
    assert len(told(run, "e.csv", code=3)["problems"]) == 1
    assert run("look", "e.csv", "gone.csv").err.count("C0") == 2


def test_rows_before_a_stray_quotation_mark_are_shown_with_the_ragged_ones(run: Run, world: World) -> None:
    exported(world, 'case_id,unit\n1,a\n2\n3,b\n4,"b\n5,c\n')
    found = told(run, "e.csv", code=1)
    assert codes(found) == [("C005", 3, "error"), ("C006", 5, "error")] and found["files"][0]["rows"] == 2


@pytest.mark.parametrize(("data", "encoding", "told_by"), [
    ("case_id\n\u00e9\n".encode("utf-8-sig"), "utf-8", "byte-order mark"),
    ("case_id\n\u00e9\n".encode(), "utf-8", "all bytes fit"),
    ("case_id\n\u00e9\n".encode("cp1252"), "cp1252", "not UTF-8, and all bytes fit"),
    ("case_id\n\u00e9\n".encode("utf-16"), "utf-16", "byte-order mark")])
def test_the_encoding_is_told_and_how_it_was_found(
    run: Run, world: World, data: bytes, encoding: str, told_by: str
) -> None:
    (world.folder / "e.csv").write_bytes(data)
    (file,) = told(run, "e.csv")["files"]
    assert (file["encoding"], file["told_by"]) == (encoding, told_by)


def test_the_header_is_found_under_titles_that_nobody_named(run: Run, world: World) -> None:
    exported(world, "Report of March;;\nprinted by X, Y, Z and W;;\nNumber;Office;Plea\n1;a;g\n2;b;n\n3;b;n\n")
    found = told(run, "e.csv")
    assert [one["column"] for one in found["columns"]] == ["Number", "Office", "Plea"]
    assert (found["files"][0]["delimiter"], found["files"][0]["header_line"]) == ("semicolon", 3)
    assert found["case_id"]["column"] == "Number"  # type: ignore[call-overload]


def test_several_files_are_looked_at_as_one_export(run: Run, world: World) -> None:
    exported(world, "case_id,unit\n1,a\n2,b\n", "a.csv")
    exported(world, "unit;case_id\nb;2\n", "b.csv")
    found = told(run, "a.csv", "b.csv")
    assert [(one["file"], one["rows"]) for one in found["files"]] == [("a.csv", 2), ("b.csv", 1)]
    doubled = found["case_id"]["doubled_ids"]  # type: ignore[call-overload]
    assert doubled == [{"case_id": "2", "rows": 2, "lines": "a.csv:3, b.csv:2"}]


def test_a_workbook_is_looked_at_with_its_own_doubts(run: Run, world: World) -> None:
    book = Workbook()
    for row in (("case_id", "unit"), (123, "a"), ("06AB1", "=1+1"), (45, "b")):
        book.worksheets[0].append(row)
    book.save(world.folder / "e.xlsx")
    found = told(run, "e.xlsx", code=1)
    assert codes(found) == [("C023", 3, "error"), ("C022", 2, "warning")]
    assert found["files"][0]["encoding"] == "xlsx" and found["files"][0]["told_by"] == "sheet 'Sheet'"


def test_a_hostile_name_is_quoted_in_the_suggested_line(run: Run, world: World) -> None:
    exported(world, "case $(id),unit\n1,a\n2,b\n")
    line = run("look", "e.csv", "--id", "case $(id)").out.splitlines()[-1]
    assert "'case $(id)'" in line and shlex.split(line)[6] == "case $(id)"


def test_a_pattern_that_is_none_is_wrong_use(run: Run, world: World) -> None:
    exported(world, "case_id\n1\n")
    ran = run("look", "e.csv", "--dates", "dd-yy")
    assert ran.code == 2 and "S018" in ran.err
    assert run("look").code == 2


def test_csv_is_looked_at_without_anything_heavy(workspace: Path) -> None:
    assert not imported_by("look", str(workspace / "export.csv")) & HEAVY


@given(st.one_of(
    st.binary(max_size=200),
    st.lists(st.sampled_from([b"case_id", b"unit", b",", b";", b"\t", b'"', b"\n", b"\r\n", b"1", b"A2", b"=", b"\x00",
                              b"\x1a", b"\xe9", b"\xef\xbb\xbf", b"\xff\xfe", b"03/04/2026", b"Total", b" "]),
             max_size=40).map(b"".join)))
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_whatever_the_bytes_are_there_is_an_answer_and_never_a_fault(run: Run, world: World, data: bytes) -> None:
    (world.folder / "e.csv").write_bytes(data)
    ran = run("look", "e.csv", "--by", "unit", "--json")
    assert ran.code in (0, 1, 3), ran.err
    errors = [problem for problem in json.loads(ran.out)["problems"] if problem["severity"] == "error"]
    assert bool(errors) == (ran.code != 0)
