"""The synthetic export is what its script makes, and every trap it promises is in it."""

import csv
import io
import runpy
from collections import defaultdict
from pathlib import Path

import pytest

from cqa.files.shipped import shipped

FLAGS = ("plea_offer", "schedules_due", "bail_in_issue", "hearing_held")


@pytest.fixture(scope="module")
def data() -> bytes:
    return (shipped("samples") / "area-quarter.csv").read_bytes()


@pytest.fixture(scope="module")
def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("cp1252"), newline=""), strict=True, restkey="extra"))


def test_the_file_is_byte_for_byte_what_the_script_makes(data: bytes) -> None:
    made = runpy.run_path(str(Path(__file__).parent.parent.parent / "samples" / "make_export.py"))
    assert made["make"]() == data


def test_it_is_one_area_quarter(rows: list[dict[str, str]]) -> None:
    assert len(rows) == 6_005 and len({row["case_id"] for row in rows}) == 5_000
    assert {row["area"] for row in rows} == {"Northmoor"} and len({row["unit"] for row in rows}) == 5
    assert not any("extra" in row or None in row.values() for row in rows)
    assert {len(row["urn"]) for row in rows} == {11}


def test_it_is_cp1252_and_not_utf8(data: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")


def test_rows_of_a_case_differ_only_where_they_should(rows: list[dict[str, str]]) -> None:
    cases = defaultdict(list)
    for row in rows:
        cases[row["case_id"]].append(row)
    differing = {name for members in cases.values() for name in members[0]
                 if len({row[name] for row in members}) > 1}
    assert differing == {"defendant", "plea", "outcome", "in_custody", "advocate_id"}


def test_the_promised_traps_are_there(rows: list[dict[str, str]]) -> None:
    assert all(row["case_id"].startswith("00") for row in rows)
    assert any(row["urn"].startswith("06E12") for row in rows) and any(row["urn"].startswith("001") for row in rows)
    assert all(any(row[flag] == "" for row in rows) and any(row[flag] == "Yes" for row in rows) for flag in FLAGS)
    assert any("None" in row["defendant"] for row in rows) and any(", " in row["defendant"] for row in rows)
    notes = {row["reviewing_note"] for row in rows}
    assert any("\n" in note for note in notes) and any(note.startswith("=SUM(") for note in notes)
    assert any(row["first_hearing"] == "" for row in rows)
    assert {"a-byrne", "d-okafor", "l-marsh", "r-hughes", "s-patel"} <= {row["prosecutor_id"] for row in rows}


def test_the_ratings_are_byte_for_byte_what_their_script_makes() -> None:
    made = runpy.run_path(str(Path(__file__).parent.parent.parent / "samples" / "make_ratings.py"))
    assert made["make"]() == (shipped("samples") / "ratings.csv").read_bytes()
