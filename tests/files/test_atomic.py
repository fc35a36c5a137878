"""A file is written whole or not at all, whichever call fails."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cqa.errors import NotSaved
from cqa.files.atomic import Ops, write_bytes

CALLS = ("open", "write", "fsync", "close", "replace", "sync_folder")


def failing(call: str, error: OSError) -> Ops:
    """The real calls, but for one that always fails."""
    def fail(*_: object) -> int:
        raise error
    return Ops(**{call: fail})  # type: ignore[arg-type]


def test_what_is_written_is_there_and_nothing_else(tmp_path: Path) -> None:
    assert write_bytes(tmp_path / "new" / "a.bin", b"x" * 3_000_000) == tmp_path / "new" / "a.bin"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.bin"]


@pytest.mark.parametrize("call", [call for call in CALLS if call != "sync_folder"])
def test_a_failing_call_leaves_the_old_file_whole(tmp_path: Path, call: str) -> None:
    path = tmp_path / "a.bin"
    write_bytes(path, b"old")
    with pytest.raises(NotSaved, match=r"a\.bin"):
        write_bytes(path, b"new", ops=failing(call, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))))
    assert path.read_bytes() == b"old" and [entry.name for entry in tmp_path.iterdir()] == ["a.bin"]


def test_short_writes_go_on_until_all_is_written(tmp_path: Path) -> None:
    slow = Ops(write=lambda descriptor, data: os.write(descriptor, data[:7]))
    write_bytes(tmp_path / "a", b"0123456789" * 5, ops=slow)
    assert (tmp_path / "a").read_bytes() == b"0123456789" * 5


def test_what_a_crash_left_of_the_same_process_number_does_not_stand_in_the_way(tmp_path: Path) -> None:
    left: list[Path] = []
    ops = Ops(replace=lambda part, path: left.append(part), sync_folder=lambda folder: None)
    write_bytes(tmp_path / "a.bin", b"cut off", ops=ops)
    assert left[0].exists() and not (tmp_path / "a.bin").exists()
    write_bytes(tmp_path / "a.bin", b"new")
    assert (tmp_path / "a.bin").read_bytes() == b"new"


def test_the_name_of_a_new_folder_is_put_on_the_disk_too(tmp_path: Path) -> None:
    synced: list[Path] = []
    write_bytes(tmp_path / "new" / "deep" / "a.bin", b"x", ops=Ops(sync_folder=synced.append))
    assert set(synced) == {tmp_path, tmp_path / "new", tmp_path / "new" / "deep"} and synced[-1].name == "deep"


def busy(times: int) -> tuple[Callable[[Path, Path], None], list[float]]:
    """A replace that Windows refuses so many times because another program holds the target, and the waits."""
    left = [times]

    def replace(part: Path, path: Path) -> None:
        if path.name == "book.xlsx" and left[0] > 0:
            left[0] -= 1
            error = PermissionError(errno.EACCES, "in use")
            error.winerror = 32  # type: ignore[attr-defined]
            raise error
        os.replace(part, path)  # noqa: PTH105
    return replace, []


def test_a_target_that_is_busy_for_a_moment_is_waited_for(tmp_path: Path) -> None:
    replace, waits = busy(3)
    placed = write_bytes(tmp_path / "book.xlsx", b"x", ops=Ops(replace=replace, sleep=waits.append))
    assert placed.name == "book.xlsx" and len(waits) == 3


def test_a_workbook_that_stays_open_is_written_beside(tmp_path: Path) -> None:
    replace, waits = busy(100)
    ops = Ops(replace=replace, sleep=waits.append)
    assert write_bytes(tmp_path / "book.xlsx", b"x", beside=True, ops=ops).name == "book 2.xlsx"
    assert sum(waits) == pytest.approx(2.5)
    with pytest.raises(NotSaved):
        write_bytes(tmp_path / "book.xlsx", b"x", ops=ops)
