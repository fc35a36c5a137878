"""The log of faults: for its owner alone, of bounded length, whole entries only, safe for several at once."""

import subprocess
import sys
from pathlib import Path

import pytest

from cqa.files import faults
from cqa.files.faults import LOG, MOST_BYTES, log_fault
from cqa.files.journal import REAL


def entry(number: int, lines: int = 10) -> str:
    return f"entry {number}\n" + "  cqa/somewhere.py:1 somebody\n" * lines + f"end {number}\n\n"


def test_an_entry_is_added_to_those_before(tmp_path: Path) -> None:
    log = log_fault(tmp_path / "home", entry(1))
    assert log_fault(tmp_path / "home", entry(2)) == log == tmp_path / "home" / LOG
    assert log.read_text(encoding="utf-8") == entry(1) + entry(2)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes; the folder's rights are inherited")
def test_only_its_owner_may_read_it_also_where_it_was_readable_before(tmp_path: Path) -> None:
    assert log_fault(tmp_path / "new", entry(1)).stat().st_mode & 0o777 == 0o600
    (tmp_path / LOG).write_text("older\n\n")
    (tmp_path / LOG).chmod(0o644)
    assert log_fault(tmp_path, entry(1)).stat().st_mode & 0o777 == 0o600


def test_it_never_grows_over_its_measure_and_keeps_the_newest_entries_whole(tmp_path: Path) -> None:
    log = tmp_path / LOG
    log.write_text("".join(map(entry, range(MOST_BYTES // len(entry(0))))), encoding="utf-8", newline="\n")
    before = log.stat().st_size
    for number in range(10_000_000, 10_000_020):
        log_fault(tmp_path, entry(number))
        assert log.stat().st_size <= MOST_BYTES
    text = log.read_text(encoding="utf-8")
    assert MOST_BYTES * 0.4 < log.stat().st_size < before
    assert text.endswith(entry(10_000_019)) and text.startswith("entry ")
    entries = text.split("\n\n")[:-1]
    assert all(one.split()[1] == one.split()[-1] for one in entries)


def test_an_entry_that_is_larger_than_the_log_is_cut_and_a_log_of_one_line_gives_way(tmp_path: Path) -> None:
    (tmp_path / LOG).write_bytes(b"x" * 5 * MOST_BYTES)
    log = log_fault(tmp_path, "y" * 3 * MOST_BYTES)
    assert log.read_bytes() == b"y" * (MOST_BYTES // 4)


def test_text_that_is_no_unicode_is_logged_escaped(tmp_path: Path) -> None:
    assert log_fault(tmp_path, "cqa/\udc80.py\n\n").read_text(encoding="utf-8") == "cqa/\\udc80.py\n\n"


@pytest.mark.skipif(sys.platform == "win32", reason="makes a link")
def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("kept")
    (tmp_path / LOG).symlink_to(tmp_path / "victim")
    with pytest.raises(OSError):
        log_fault(tmp_path, entry(1))
    assert (tmp_path / "victim").read_text() == "kept"


def test_a_log_that_somebody_holds_locked_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "_TRIES", 2)
    monkeypatch.setattr(faults, "_WAIT", 0.0)
    log = log_fault(tmp_path, entry(1))
    descriptor = REAL.open(log, faults._FLAGS, 0o600)
    try:
        REAL.lock(descriptor)
        log_fault(tmp_path, entry(2))
    finally:
        REAL.close(descriptor)
    assert log.read_text(encoding="utf-8") == entry(1) + entry(2)


def test_several_commands_that_fail_at_once_lose_no_entry_and_mix_none(tmp_path: Path) -> None:
    program = ("import sys, pathlib\nfrom cqa.files.faults import log_fault\n"
               "for number in range(40):\n"
               "    log_fault(pathlib.Path(sys.argv[1]), f'entry {sys.argv[2]}-{number}\\n'\n"
               "              + '  x\\n' * 2000 + '\\n')\n")
    running = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path), str(number)]) for number in range(3)]
    assert [one.wait(60) for one in running] == [0, 0, 0]
    entries = (tmp_path / LOG).read_text(encoding="utf-8").split("\n\n")[:-1]
    assert {one.count("  x") for one in entries} == {2000}
    assert {one.partition("\n")[0] for one in entries} == {
        f"entry {who}-{number}" for who in range(3) for number in range(40)}
