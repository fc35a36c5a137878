"""Whose a journal is, and which copies of one are believed: told by its opened line, never by its name."""

from pathlib import Path

import pytest

from cqa.files.journal import Journal
from cqa.files.journals import journal_path
from cqa.files.marks import read_marks


def stamp() -> str:
    return "2026-03-02T09:00:00.000Z"


def begun(path: Path, count: int, word: str = "fully_met", reviewer: str = "ann", device: str = "1") -> bytes:
    """A journal of an opened line and `count` marks, and its bytes."""
    with Journal.open(path, stamp) as journal:
        journal.append({"at": stamp(), "kind": "opened", "reviewer": reviewer, "device": device})
        for number in range(count):
            journal.append({"at": stamp(), "kind": "answered", "case": "c", "question": f"q{number}", "mark": word})
    return path.read_bytes()


def found(folder: Path) -> list[tuple[str, str, str, int | None]]:
    return [(problem.code, problem.severity, Path(problem.where).name, problem.line)
            for problem in read_marks(folder).problems]


def test_marks_after_a_torn_first_line_are_still_the_reviewers(tmp_path: Path) -> None:
    path = journal_path(tmp_path, "Ann", "1")
    path.write_bytes(b'{"at":"2026-')
    begun(path, 2)
    assert b'"kind":"recovered"' in path.read_bytes().splitlines()[0]
    assert len(read_marks(tmp_path, only="ann").of("ann").records["c"].heads) == 2
    assert found(tmp_path) == []


def test_a_recovered_line_that_comes_first_says_whose_it_is(tmp_path: Path) -> None:
    path = tmp_path / "odd name.jsonl"
    path.write_bytes(b"{")
    Journal.open(path, stamp, owner={"reviewer": "Ann", "device": "7"}).close()
    assert set(read_marks(tmp_path).histories) == {"ann"}


def test_a_copy_under_any_name_is_a_warning_and_counts_once(tmp_path: Path) -> None:
    whole = begun(journal_path(tmp_path, "ann", "1"), 3)
    (tmp_path / "ann.1 (conflict copy).jsonl").write_bytes(whole)
    (tmp_path / "older.jsonl").write_bytes(b"".join(whole.splitlines(keepends=True)[:2]))
    assert {(code, severity) for code, severity, *_ in found(tmp_path)} == {("J006", "warning")}
    assert len(found(tmp_path)) == 2 and len(read_marks(tmp_path).of("Ann").records["c"].heads) == 3


def test_a_fork_is_an_error_at_the_line_where_the_files_part(tmp_path: Path) -> None:
    one = begun(journal_path(tmp_path, "ann", "1"), 3)
    other = tmp_path / "ann-PC.jsonl"
    other.write_bytes(b"".join(one.splitlines(keepends=True)[:2]))
    with Journal.open(other, stamp) as journal:
        journal.append({"at": stamp(), "kind": "cleared", "case": "c", "question": "q0"})
    assert found(tmp_path) == [("J006", "error", "ann-PC.jsonl", 3)]


@pytest.mark.parametrize("only", ["bob", "BOB"])
def test_of_another_reviewer_nothing_but_the_owner_is_read(tmp_path: Path, only: str) -> None:
    begun(journal_path(tmp_path, "ann", "1"), 3)
    begun(journal_path(tmp_path, "bob", "2"), 1, reviewer="Bob", device="2")
    marks = read_marks(tmp_path, only=only)
    assert set(marks.histories) == {"bob"} and marks.lines == 2


def test_what_one_device_replaced_and_another_had_signed_is_found_by_reading_again(tmp_path: Path) -> None:
    with Journal.open(journal_path(tmp_path, "ann", "2"), stamp) as journal:
        journal.append({"kind": "opened", "reviewer": "ann", "device": "2"})
        mark = {"at": stamp(), "kind": "answered", "case": "c", "question": "q"}
        journal.append({**mark, "mark": "met"})
    with Journal.open(journal_path(tmp_path, "ann", "1"), stamp) as journal:
        journal.append({"kind": "opened", "reviewer": "ann", "device": "1"})
        journal.append({**mark, "mark": "not_met", "replaces": ["ann.2:2"]})
    with Journal.open(journal_path(tmp_path, "ann", "3"), stamp) as journal:
        journal.append({"kind": "opened", "reviewer": "ann", "device": "3"})
        journal.append({"at": stamp(), "kind": "signed_off", "case": "c", "signs": "ann.2:2"})
    record = read_marks(tmp_path).of("ann").records["c"]
    assert [event.id for event in record.signed] == ["ann.2:2"]
    assert [event.id for event in record.heads["question:q"]] == ["ann.1:2"]


def test_lines_that_were_verified_already_are_not_read_again(tmp_path: Path) -> None:
    path = journal_path(tmp_path, "ann", "1")
    begun(path, 3)
    with Journal.open(path, stamp) as journal:
        lines = journal.lines
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    marks = read_marks(tmp_path, "ann", {path: lines})
    assert marks.lines == 4 and not marks.problems and len(marks.of("ann").records["c"].heads) == 3
