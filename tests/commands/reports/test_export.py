"""`cqa export`: for a spreadsheet, and never over the record."""

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.consistency.marks import EXPORT_COLUMNS, MarkRow
from cqa.facts import is_number
from cqa.files.rows_out import FORMULA_SIGNS, guarded, put_rows, write_parquet
from cqa.marking.spent import moment_of
from cqa.whole import made_whole
from tests.casework import Run
from tests.hostile.strings import STRINGS
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
    (None, None), ("plain", "plain"), (2.0, 2.0),
])
def test_an_apostrophe_stands_before_formulas_and_never_before_numbers(value: object, told: object) -> None:
    assert guarded(value) == told


def read(path: Path, encoding: str) -> list[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_file_for_programs_is_exact_and_that_for_people_is_safe(run: Run, sample: Path) -> None:
    root, case = sample.parent.parent, cases_of(sample, "ann")[0]
    assess(run, sample, {"case": case, "question": "q1", "mark": "not_met", "reason": "=1+1", "evidence": "p, 2"})
    assert run("export", "march", "--csv", "out/marks.csv", "--json", folder=root).code == 0
    ran = run("export", "march", "--csv", "out/people.csv", "--for-excel", folder=root)
    assert ran.code == 0 and "before 1 text that" in ran.out
    exact, people = (root / "out" / name for name in ("marks.csv", "people.csv"))
    assert exact.read_bytes().startswith(b"sample,") and exact.read_bytes().endswith(b"\r\n")
    assert people.read_bytes().startswith(b"\xef\xbb\xbf")
    for path, encoding, reason in ((exact, "utf-8", "=1+1"), (people, "utf-8-sig", "'=1+1")):
        rows = [(row["case_id"], row["reason"], row["evidence"], row["points"], row["signed"])
                for row in read(path, encoding)]
        assert rows == [(case, reason, "p, 2", "0.0", "false")]


def test_both_files_may_not_be_one(run: Run, sample: Path) -> None:
    ran = run("export", "--csv", "m.csv", "--parquet", "./m.csv", folder=sample.parent.parent)
    assert ran.code == 2 and "S040" in ran.err and not (sample.parent.parent / "m.csv").exists()
    ran = run("export", "--for-excel", "--json", folder=sample.parent.parent)
    assert ran.code == 2 and "Add --csv FILE" in ran.err


def mark_row(text: str) -> MarkRow:
    return MarkRow("march", text, text, text, "ann", "first", "small", "1.0", "q1", text, None, text, text, True, "")


def columns(told: Callable[[object], object], texts: list[str], encoding: str) -> list[list[str]]:
    stream = io.BytesIO()
    put_rows(stream, EXPORT_COLUMNS, (mark_row(text).as_json() for text in texts), encoding, told)
    return [[row[place] for place in (1, 2, 3, 9, 11, 12)] for row in csv.reader(
        io.StringIO(stream.getvalue().decode(encoding), newline=""))][1:]


def as_it_is(value: object) -> object:
    return value


@given(st.lists(st.text() | st.sampled_from([text for text in STRINGS.values() if len(text) < 100_000]), max_size=5))
def test_any_text_is_read_back_as_it_was_and_the_safe_one_by_dropping_one_apostrophe(texts: list[str]) -> None:
    recorded = [[made_whole(text)] * 6 for text in texts]
    assert columns(as_it_is, texts, "utf-8") == recorded
    for told, row in zip(columns(guarded, texts, "utf-8-sig"), recorded, strict=True):
        for cell, text in zip(told, row, strict=True):
            assert cell in (text, f"'{text}")
            assert not cell.startswith(FORMULA_SIGNS) or is_number(cell)


def test_the_whole_corpus_is_read_back_as_it_was() -> None:
    before = csv.field_size_limit(2_000_000)
    try:
        assert columns(as_it_is, list(STRINGS.values()), "utf-8") == [[made_whole(text)] * 6
                                                                    for text in STRINGS.values()]
    finally:
        csv.field_size_limit(before)


def test_parquet_holds_every_text_and_the_types_of_figures_and_moments(run: Run, sample: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    root, case = sample.parent.parent, cases_of(sample, "ann")[0]
    assess(run, sample, {"case": case, "question": "q1", "mark": "not_met", "reason": "=1+1\n", "evidence": "p, 2"})
    ran = run("export", "march", "--parquet", "out/marks.parquet", "--json", folder=root)
    assert ran.code == 0
    found = parquet.read_table(root / "out" / "marks.parquet")
    assert found.column_names == list(EXPORT_COLUMNS)
    assert [str(found.schema.field(name).type) for name in ("reason", "points", "signed", "at")] == [
        "string", "double", "bool", "timestamp[us, tz=UTC]"]
    row, = found.to_pylist()
    told, = json.loads(ran.out)["rows"]
    assert {**row, "at": told["at"]} == told and row["at"] == moment_of(told["at"])


def test_parquet_holds_the_whole_corpus(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    write_parquet(tmp_path / "m.parquet", {"text": "string", "points": "float64"},
                  ({"text": text, "points": None} for text in STRINGS.values()))
    found = parquet.read_table(tmp_path / "m.parquet").to_pydict()
    assert found == {"text": [made_whole(text) for text in STRINGS.values()], "points": [None] * len(STRINGS)}


def test_without_pyarrow_parquet_is_refused_in_words(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    ran = run("export", "--parquet", "m.parquet", folder=sample.parent.parent)
    assert ran.code == 2 and "S041" in ran.err and "pip install" in ran.err
    assert not (sample.parent.parent / "m.parquet").exists()
