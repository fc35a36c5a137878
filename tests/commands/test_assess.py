"""`cqa assess` opens only the journal it may go on with, and says what it found."""

import json
from pathlib import Path

import pytest

from cqa.files.journal import Journal, read_journal
from tests.casework import Run
from tests.screen.test_script import assess, cases_of


def journal_of(sample: Path, who: str = "ann") -> Path:
    return next(path for path in (sample / "marks").glob(f"{who}.*.jsonl"))


def marked(run: Run, sample: Path, *levels: str, who: str = "ann") -> list[dict[str, object]]:
    """Marks q1 of the reviewer's first case with each level in turn."""
    case = cases_of(sample, who)[0]
    lines = [{"case": case, "question": "q1", "mark": level, "reason": "so", "evidence": "p 2"} for level in levels]
    return assess(run, sample, *lines, who=who)[1]


def script(run: Run, sample: Path, typed: str = "", who: str = "ann") -> tuple[int, str]:
    ran = run("assess", "--sample", "march", "--as", who, "--script", "-", typed=typed, folder=sample.parent.parent)
    return ran.code, ran.err


def exported(run: Run, sample: Path) -> list[tuple[str, str, str]]:
    rows = json.loads(run("export", "march", "--json", folder=sample.parent.parent).out)["rows"]
    return [(row["case_id"], row["question"], row["mark"]) for row in rows]


def test_marks_after_a_first_line_torn_in_the_middle_are_read(run: Run, sample: Path) -> None:
    case = cases_of(sample, "ann")[0]
    marked(run, sample, "fully_met")
    path = journal_of(sample)
    path.write_bytes(path.read_bytes()[:100])
    code, told = script(run, sample)
    assert code == 0 and "J001" in told and "set aside" in told
    assert marked(run, sample, "not_met", "partly_met")[1]["saved"] is True
    assert exported(run, sample) == [(case, "q1", "partly_met")]


def test_a_copy_that_is_longer_stops_before_anything_is_appended(run: Run, sample: Path) -> None:
    marked(run, sample, "fully_met", "not_met")
    path = journal_of(sample)
    whole = path.read_bytes()
    path.with_name("ann (conflict).jsonl").write_bytes(whole)
    shorter = b"".join(whole.splitlines(keepends=True)[:2])
    path.write_bytes(shorter + b'{"at":')
    code, told = script(run, sample)
    assert code == 7 and "J006" in told and "from line 3" in told and "ann (conflict).jsonl" in told
    assert path.read_bytes() == shorter + b'{"at":' and len(list(path.parent.iterdir())) == 2


def test_a_copy_that_parts_from_the_journal_stops_before_anything_is_appended(run: Run, sample: Path) -> None:
    marked(run, sample, "fully_met")
    path = journal_of(sample)
    whole = path.read_bytes()
    other = path.with_name("copy.jsonl")
    other.write_bytes(whole.splitlines(keepends=True)[0])
    with Journal.open(other, lambda: "2026-03-02T09:00:00.000Z") as journal:
        journal.append({"at": "2026-03-02T09:00:00.000Z", "kind": "cleared", "case": "c", "question": "q1"})
    code, told = script(run, sample)
    assert code == 7 and "part ways at line 2" in told and path.read_bytes() == whole


def test_an_equal_copy_is_said_and_ignored(run: Run, sample: Path) -> None:
    marked(run, sample, "fully_met")
    path = journal_of(sample)
    path.with_name("copy.jsonl").write_bytes(path.read_bytes())
    code, told = script(run, sample)
    assert code == 0 and "warning: " in told and "J006" in told and "is ignored" in told
    assert script(run, sample)[0] == 0


@pytest.mark.parametrize("key", ["reviewer", "device"])
def test_a_journal_under_my_name_that_is_another_persons_is_refused(run: Run, sample: Path, key: str) -> None:
    marked(run, sample, "fully_met")
    path = journal_of(sample)
    opened = {name: value for name, value in read_journal(path).lines[0].items() if name not in ("seq", "prev", "seal")}
    path.unlink()
    with Journal.open(path, lambda: "") as journal:
        journal.append({**opened, key: "zoe"})
    before = path.read_bytes()
    code, told = script(run, sample)
    assert code == 7 and "J007" in told and "'zoe'" in told and path.read_bytes() == before


def test_whole_lines_cut_off_the_end_are_said_by_the_device_that_wrote_them(run: Run, sample: Path) -> None:
    marked(run, sample, "fully_met", "not_met")
    path = journal_of(sample)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
    code, told = script(run, sample)
    assert code == 0 and "J011" in told and "2 lines" in told and "wrote 3" in told
    assert script(run, sample) == (0, "")


def test_a_reviewers_name_may_be_typed_in_any_case(run: Run, sample: Path) -> None:
    assert marked(run, sample, "fully_met")[0]["saved"] is True
    assert script(run, sample, who="ANN") == (0, "")
    assert len(list((sample / "marks").iterdir())) == 1
