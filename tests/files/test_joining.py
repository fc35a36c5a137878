"""A journal grows by the lines that its copy has more, under its lock; its content says whose it is, not its name."""

import stat
import sys
from pathlib import Path

import pytest

from cqa.errors import Damaged, InUse
from cqa.files.joining import join, place_of
from cqa.files.journal import Journal
from cqa.files.journals import journal_path
from cqa.marking.chain import read_chain
from cqa.marking.joining import raw_lines
from tests.files.test_marks import begun, stamp


def lines_of(data: bytes) -> tuple[bytes, ...]:
    return raw_lines(data, read_chain(data))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_new_journal_is_its_owners_alone(tmp_path: Path) -> None:
    data = begun(tmp_path / "ann.1.jsonl", 2)
    place = tmp_path / "marks" / "ann.1.jsonl"
    assert join(place, lines_of(data)).verdict.what == "new" and place.read_bytes() == data
    assert stat.S_IMODE(place.stat().st_mode) == 0o600 and stat.S_IMODE(place.parent.stat().st_mode) == 0o700


def test_an_open_journal_is_in_use_and_not_touched(tmp_path: Path) -> None:
    place = tmp_path / "ann.1.jsonl"
    shorter = begun(place, 1)
    longer = begun(place, 2)
    with Journal.open(place, stamp) as journal, pytest.raises(InUse):
        journal.append({"kind": "answered"})
        join(place, lines_of(longer))
    assert place.read_bytes().startswith(longer) and longer.startswith(shorter)


def test_a_line_that_was_added_meanwhile_is_seen_under_the_lock(tmp_path: Path) -> None:
    place = tmp_path / "ann.1.jsonl"
    begun(place, 1)
    copy = lines_of(place.read_bytes() + b"")
    with Journal.open(place, stamp) as journal:
        journal.append({"kind": "answered", "n": 9})
    assert join(place, copy).verdict.what == "shorter"


def test_a_damaged_journal_here_takes_nothing(tmp_path: Path) -> None:
    place = tmp_path / "ann.1.jsonl"
    data = begun(place, 3)
    place.write_bytes(data.replace(b"fully_met", b"fully_mat", 1))
    damaged = place.read_bytes()
    with pytest.raises(Damaged):
        join(place, lines_of(data))
    assert place.read_bytes() == damaged


def test_the_place_is_told_by_content(tmp_path: Path) -> None:
    assert place_of(tmp_path, ("ann", "1")) == journal_path(tmp_path, "ann", "1")
    begun(tmp_path / "ann.1 (copy).jsonl", 2)
    assert place_of(tmp_path, ("ann", "1")) == tmp_path / "ann.1 (copy).jsonl"
    begun(tmp_path / "ann.1.jsonl", 1)
    assert place_of(tmp_path, ("ann", "1")) == tmp_path / "ann.1.jsonl"
    begun(tmp_path / "bob.1.jsonl", 1, reviewer="cat")
    assert place_of(tmp_path, ("bob", "1")) is None
