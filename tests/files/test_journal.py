"""The journal on disk: one test for each row of what can be found when it is opened."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cqa.errors import Damaged, InUse, NotSaved
from cqa.files.journal import Journal, RealOps, read_journal
from cqa.files.journals import read_journals


def stamp() -> str:
    return "2026-03-02T09:00:00.000Z"


def written(path: Path, count: int = 3) -> bytes:
    with Journal.open(path, stamp) as journal:
        for number in range(count):
            journal.append({"at": stamp(), "kind": "answered", "n": number})
    return path.read_bytes()


def kinds(path: Path) -> list[object]:
    reading = read_journal(path)
    assert not reading.problems, reading.problems
    return [line["kind"] for line in reading.lines]


def test_lines_are_numbered_from_one_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "marks" / "ann.1.jsonl"
    written(path)
    with Journal.open(path, stamp) as journal:
        assert [line["n"] for line in journal.lines] == [0, 1, 2] and journal.next_seq == 4
        assert journal.append({"kind": "answered"}) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="modes are the system's own there")
def test_a_new_journal_is_the_reviewers_alone(tmp_path: Path) -> None:
    path = tmp_path / "marks" / "ann.1.jsonl"
    written(path, 1)
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700


def test_a_torn_tail_is_set_aside_and_said(tmp_path: Path) -> None:
    path = tmp_path / "ann.1.jsonl"
    whole = written(path)
    path.write_bytes(whole + b'{"at":"2026')
    assert [problem.code for problem in read_journal(path).problems] == ["J001"]
    assert path.read_bytes() == whole + b'{"at":"2026'
    with Journal.open(path, stamp) as journal:
        assert len(journal.lines) == 3
        assert journal.recovered is not None and "11 bytes were set aside" in journal.recovered.message
    assert kinds(path) == ["answered"] * 3 + ["recovered"]
    assert (tmp_path / f"ann.1.jsonl.torn-{len(whole)}").read_bytes() == b'{"at":"2026'


def test_a_hurt_last_line_end_is_mended_and_the_line_kept(tmp_path: Path) -> None:
    path = tmp_path / "ann.1.jsonl"
    whole = written(path)
    for hurt in (whole[:-1], whole[:-1] + b"\x8a"):
        path.write_bytes(hurt)
        with Journal.open(path, stamp) as journal:
            assert len(journal.lines) == 3
            assert journal.recovered is not None and "the line is kept" in journal.recovered.message
        assert kinds(path) == ["answered"] * 3 + ["recovered"]


@pytest.mark.parametrize(("change", "code"), [
    (lambda data: data.replace(b'"n":1', b'"n":9'), "J002"),
    (lambda data: b"".join(data.splitlines(keepends=True)[1:]), "J003"),
    (lambda data: data.replace(b"\n", b"\r\n"), "J008"),
    (lambda data: data[:-4] + b"zz}\n", "J002"),
])
def test_damage_refuses_to_open_and_changes_nothing(tmp_path: Path, change: object, code: str) -> None:
    path = tmp_path / "ann.1.jsonl"
    damaged = change(written(path))  # type: ignore[operator]
    path.write_bytes(damaged)
    with pytest.raises(Damaged) as caught:
        Journal.open(path, stamp)
    assert code in {problem.code for problem in caught.value.problems} and caught.value.problems[0].line
    assert path.read_bytes() == damaged
    assert code in {problem.code for problem in read_journal(path).problems}


def test_a_second_sitting_in_another_process_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ann.1.jsonl"
    program = """
import sys
from pathlib import Path
from cqa.errors import InUse
from cqa.files.journal import Journal
try:
    Journal.open(Path(sys.argv[1]), str)
except InUse as error:
    sys.exit(error.exit_code)
"""
    with Journal.open(path, stamp):
        assert subprocess.run([sys.executable, "-c", program, str(path)]).returncode == 6
    assert subprocess.run([sys.executable, "-c", program, str(path)]).returncode == 0


def test_a_second_sitting_in_one_process_is_refused_too(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "a.1.jsonl", stamp), pytest.raises(InUse):
        Journal.open(tmp_path / "a.1.jsonl", stamp)


def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_bytes(b"")
    try:
        (tmp_path / "ann.1.jsonl").symlink_to(target)
    except OSError:
        pytest.skip("links may not be made here")
    with pytest.raises(NotSaved):
        Journal.open(tmp_path / "ann.1.jsonl", stamp)
    assert target.read_bytes() == b""


class Failing(RealOps):
    """The real calls, until the n-th write or sync, which fails; a failing write may take some bytes first."""

    def __init__(self, call: str, nth: int, error: int, taken: int = 0) -> None:
        self.call, self.left, self.error, self.taken = call, nth, error, taken

    def due(self, call: str) -> bool:
        self.left -= call == self.call
        return call == self.call and self.left == 0

    def write(self, descriptor: int, data: bytes) -> int:
        if self.due("write"):
            os.write(descriptor, data[: self.taken])
            raise OSError(self.error, os.strerror(self.error))
        return super().write(descriptor, data[: max(1, len(data) // 2)])

    def fsync(self, descriptor: int) -> None:
        if self.due("fsync"):
            raise OSError(self.error, os.strerror(self.error))
        super().fsync(descriptor)


@pytest.mark.parametrize("call", ["write", "fsync"])
@pytest.mark.parametrize("nth", range(1, 12))
@pytest.mark.parametrize("taken", [0, 40])
def test_a_full_or_failing_disk_loses_no_acknowledged_line(tmp_path: Path, call: str, nth: int, taken: int) -> None:
    path = tmp_path / "ann.1.jsonl"
    acknowledged = []
    with Journal.open(path, stamp, Failing(call, nth, errno.ENOSPC, taken)) as journal:
        for number in range(12):
            try:
                acknowledged.append(journal.append({"kind": "answered", "n": number}))
            except NotSaved as refused:
                assert f"Line {len(acknowledged)} is the last safe one" in str(refused)
                break
        with pytest.raises(NotSaved):
            journal.append({"kind": "answered"})
    with Journal.open(path, stamp) as journal:
        assert [line["seq"] for line in journal.lines if line["kind"] == "answered"] == acknowledged


def test_a_close_that_fails_takes_nothing_back_and_hides_no_refusal(tmp_path: Path) -> None:
    class Closing(RealOps):
        def close(self, descriptor: int) -> None:
            super().close(descriptor)
            raise OSError(errno.EIO, "the share went away")

    path = tmp_path / "ann.1.jsonl"
    with Journal.open(path, stamp, Closing()) as journal:
        assert journal.append({"kind": "answered"}) == 1
        with pytest.raises(InUse):
            Journal.open(path, stamp, Closing())
    assert kinds(path) == ["answered"]


@pytest.mark.skipif(sys.platform == "win32", reason="nobody can take away an open file there")
@pytest.mark.parametrize("put_back", [False, True])
def test_a_mark_written_to_a_journal_that_was_taken_away_is_not_acknowledged(tmp_path: Path, put_back: bool) -> None:
    path = tmp_path / "ann.1.jsonl"
    with Journal.open(path, stamp) as journal:
        journal.append({"kind": "answered"})
        data = path.read_bytes()
        path.unlink()
        if put_back:
            path.write_bytes(data)
        with pytest.raises(NotSaved, match="moved, removed or replaced"):
            journal.append({"kind": "answered"})
        with pytest.raises(NotSaved):
            journal.append({"kind": "answered"})


@pytest.mark.skipif(sys.platform == "win32", reason="nobody can take away an open file there")
def test_of_a_journal_that_was_moved_the_mark_that_was_not_acknowledged_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "ann.1.jsonl"
    with Journal.open(path, stamp) as journal:
        journal.append({"kind": "answered"})
        path.rename(tmp_path / "moved")
        with pytest.raises(NotSaved):
            journal.append({"kind": "cleared"})
    assert kinds(tmp_path / "moved") == ["answered"]


def test_a_mark_is_not_acknowledged_where_nobody_can_tell_whether_the_journal_is_there(tmp_path: Path) -> None:
    class Shut(RealOps):
        def is_at(self, descriptor: int, path: Path) -> bool:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    with Journal.open(tmp_path / "ann.1.jsonl", stamp, Shut()) as journal, pytest.raises(NotSaved, match="NOT SAVED"):
        journal.append({"kind": "answered"})


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_a_pipe_in_the_place_of_a_journal_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "ann.1.jsonl"
    os.mkfifo(path)
    assert [problem.code for problem in read_journal(path).problems] == ["J004"]
    assert [problem.code for problem in read_journals(tmp_path).problems] == ["J004"]
    with pytest.raises(NotSaved, match="no file"):
        Journal.open(path, stamp)


def test_a_folder_of_journals_that_cannot_be_listed_is_a_problem_and_a_missing_one_is_none(tmp_path: Path) -> None:
    assert read_journals(tmp_path / "none").problems == ()
    (tmp_path / "marks").write_bytes(b"")
    assert [problem.code for problem in read_journals(tmp_path / "marks").problems] == ["J004"]


def test_of_many_damaged_lines_the_first_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    path = tmp_path / "ann.1.jsonl"
    path.write_bytes(b"\n" * 100_000)
    problems = read_journal(path).problems
    assert len(problems) == 10 and "And 99990 more of this kind" in problems[-1].message
