"""Collecting a journal while calls fail or power is lost: it keeps every line it had, and gets whole ones or none."""

import os
import random
import signal
import sys
import time
from pathlib import Path

import pytest

from cqa.errors import CqaError
from cqa.files.joining import join, keep
from cqa.marking.chain import START, encode, read_chain
from tests.faults.memory_disk import Disk, State, after_a_cut

NAME = "ann.0.jsonl"


def journal(count: int) -> list[bytes]:
    lines: list[bytes] = []
    for number in range(count):
        lines.append(encode({"kind": "answered", "n": number}, number + 1,
                            lines[-1][-35:-3].decode() if lines else START))
    return lines


LINES = journal(7)
STARTS = {
    "no file": None,
    "an empty file": b"",
    "three lines": b"".join(LINES[:3]),
    "the beginning of the next line": b"".join(LINES[:3]) + LINES[3][:20],
    "another torn line": b"".join(LINES[:3]) + b'{"at":"2026-03-0',
    "zeros": b"".join(LINES[:3]) + b"\0\0\0\0",
    "no last line feed": b"".join(LINES[:3])[:-1],
}


def disk_with(data: bytes | None, **options: int) -> Disk:
    return Disk(files={} if data is None else {NAME: (data, b"")}, **options)  # type: ignore[arg-type]


def sealed(data: bytes) -> int:
    """How many lines a reader finds, in a journal that must not be damaged, and must hold what was written first."""
    chain = read_chain(data)
    assert not chain.damaged
    assert [line.payload["n"] for line in chain.lines] == list(range(len(chain.lines)))
    return len(chain.lines)


@pytest.mark.parametrize("start", STARTS)
def test_a_cut_at_any_moment_loses_no_line_and_joining_goes_on(tmp_path: Path, start: str) -> None:
    before = sealed(STARTS[start] or b"")
    disk = disk_with(STARTS[start])
    assert join(tmp_path / NAME, LINES, disk).after == 7
    assert b"".join(disk.files[NAME]) == b"".join(LINES) and not disk.files[NAME][1]

    def look(name: str, data: bytes) -> None:
        if name == NAME:
            assert before <= sealed(data) <= 7
            again = disk_with(data)
            assert join(tmp_path / NAME, LINES, again).after == 7
            # What is all here already is left as it is, be its last line feed missing.
            assert b"".join(again.files[NAME]) == (data if sealed(data) == 7 else b"".join(LINES))

    tried = sum(after_a_cut(state, look) for state in disk.states)
    assert tried > 200


@pytest.mark.parametrize("start", ["another torn line", "zeros"])
def test_what_was_torn_is_beside_the_journal_before_it_is_cut_off(tmp_path: Path, start: str) -> None:
    torn = (STARTS[start] or b"")[len(b"".join(LINES[:3])):]
    disk = disk_with(STARTS[start])
    join(tmp_path / NAME, LINES, disk)
    aside = next(name for name in disk.files if ".torn-" in name)
    assert disk.files[aside] == (torn, b"")

    def held(state: State) -> bool:
        return torn in b"".join(state[NAME]) or state.get(aside) == (torn, b"")

    assert all(held(state) for state in disk.states)


@pytest.mark.parametrize("for_good", [False, True])
@pytest.mark.parametrize("start", STARTS)
def test_a_call_that_fails_leaves_the_journal_as_it_was_or_with_whole_lines(
    tmp_path: Path, start: str, for_good: bool
) -> None:
    before = sealed(STARTS[start] or b"")
    failing = 1
    while True:
        disk = disk_with(STARTS[start], fails_at=failing, for_good=for_good)
        try:
            join(tmp_path / NAME, LINES, disk)
        except CqaError:
            data = b"".join(disk.files.get(NAME, (b"", b"")))
            assert before <= sealed(data) <= 7
            assert for_good or not read_chain(data).torn or data == STARTS[start], "what was begun is taken back"
        else:
            if disk.calls < failing:
                break
        again = Disk(files={name: (b"".join(parts), b"") for name, parts in disk.files.items()})
        assert join(tmp_path / NAME, LINES, again).after == 7
        assert sealed(again.files[NAME][0]) == 7 and not again.files[NAME][1]
        failing += 1
    assert failing > 6


def test_what_is_not_longer_is_not_written(tmp_path: Path) -> None:
    fork = [*LINES[:2], encode({"kind": "answered", "n": 99}, 3, LINES[1][-35:-3].decode())]
    for copy, what in ((LINES, "known"), (LINES[:4], "shorter"), (fork, "forked")):
        disk = disk_with(b"".join(LINES))
        joined = join(tmp_path / NAME, copy, disk)
        assert joined.verdict.what == what and (joined.before, joined.after) == (7, 7)
        assert disk.files == {NAME: (b"".join(LINES), b"")}


DAMAGED = b"".join(LINES[:3]).replace(b'"n":1', b'"n":8') + b"".join(LINES[3:])


@pytest.mark.parametrize("start", [None, b"", DAMAGED[:40], DAMAGED[:-7]])
def test_a_damaged_journal_is_kept_byte_for_byte_whatever_fails(tmp_path: Path, start: bytes | None) -> None:
    whole = disk_with(start)
    assert keep(tmp_path / NAME, DAMAGED, whole).verdict.what == ("longer" if start else "new")
    assert whole.files == {NAME: (DAMAGED, b"")}

    def look(name: str, data: bytes) -> None:
        if data.rstrip(b"\0") == data:
            assert DAMAGED.startswith(data) and len(data) >= len(start or b"")
            again = disk_with(data)
            keep(tmp_path / NAME, DAMAGED, again)
            assert again.files == {NAME: (DAMAGED, b"")}

    assert sum(after_a_cut(state, look) for state in whole.states) > 20
    for failing in range(1, whole.calls + 1):
        disk = disk_with(start, fails_at=failing)
        try:
            keep(tmp_path / NAME, DAMAGED, disk)
        except CqaError:
            assert b"".join(disk.files.get(NAME, (b"", b""))) == (start or b"")
        keep(tmp_path / NAME, DAMAGED, again := Disk(files=dict(disk.files)))
        assert again.files == {NAME: (DAMAGED, b"")}


@pytest.mark.parametrize(("held", "what", "line"), [(DAMAGED, "known", 0), (b"".join(LINES), "forked", 2),
                                                    (DAMAGED + LINES[0], "forked", 8)])
def test_what_is_there_is_not_written_over_by_a_damaged_journal(
    tmp_path: Path, held: bytes, what: str, line: int
) -> None:
    disk = disk_with(held)
    joined = keep(tmp_path / NAME, DAMAGED, disk)
    assert (joined.verdict.what, joined.verdict.line) == (what, line) and disk.files == {NAME: (held, b"")}


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
def test_a_killed_collect_leaves_whole_lines_and_the_next_one_ends_it(tmp_path: Path) -> None:
    lines, moments = journal(3_000), random.Random(20260302)
    whole, cut = b"".join(lines), 0
    for number in range(60):
        place = tmp_path / f"{number}.1.jsonl"
        if number % 2:
            place.write_bytes(b"".join(lines[:7]))
        child = os.fork()
        if child == 0:
            try:
                join(place, lines)
            finally:
                os._exit(0)
        time.sleep(moments.uniform(0, 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = place.read_bytes() if place.exists() else b""
        assert whole.startswith(found) and sealed(found) >= (7 if number % 2 else 0)
        cut += found != whole
        join(place, lines)
        assert place.read_bytes() == whole
    assert cut > 5, "some were killed before they had ended"
