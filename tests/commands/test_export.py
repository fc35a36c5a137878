"""`cqa export`: for a spreadsheet, and never over the record."""

import csv
from pathlib import Path

import pytest

from cqa.commands.export import _told
from tests.casework import Run
from tests.screen.test_script import assess, cases_of


@pytest.mark.parametrize("place", ["samples/march/cases.csv", "samples/march/books/marks.csv",
                                   "samples/../samples/MARCH/../march/marks.csv"])
def test_nothing_is_written_into_a_samples_folder(run: Run, sample: Path, place: str) -> None:
    before = {path: path.read_bytes() for path in sample.rglob("*") if path.is_file()}
    ran = run("export", "march", "--csv", place, folder=sample.parent.parent)
    assert ran.code == 2 and "S018" in ran.err
    assert {path: path.read_bytes() for path in sample.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(("value", "told"), [
    ("-5", "-5"), ("-12.50", "-12.50"), ("+1", "+1"), ("-5+1", "'-5+1"), ("=1", "'=1"), ("-", "'-"), ("@a", "'@a"),
    (None, ""), ("plain", "plain"), (2.0, 2.0),
])
def test_an_apostrophe_stands_before_formulas_and_never_before_numbers(value: object, told: object) -> None:
    assert _told(value) == told


def test_csv_has_one_row_a_mark(run: Run, sample: Path) -> None:
    case = cases_of(sample, "ann")[0]
    assess(run, sample, {"case": case, "question": "q1", "mark": "not_met", "reason": "=1+1", "evidence": "p, 2"})
    ran = run("export", "march", "--csv", "out/marks.csv", folder=sample.parent.parent)
    assert ran.code == 0
    with (sample.parent.parent / "out" / "marks.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["case_id"], row["reason"], row["evidence"]) for row in rows] == [(case, "'=1+1", "p, 2")]
