"""A sample is retired whole or not at all: whatever call fails or is the last, nothing looks damaged afterwards."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cqa.errors import CqaError, Damaged, InUse, NotSaved, WrongUse
from cqa.files.anchors import ends_at
from cqa.files.atomic import write_bytes
from cqa.files.journal import Journal
from cqa.files.retiring import (
    REAL,
    HeldJournals,
    elsewhere,
    finish,
    leaving,
    read_retired,
    record_place,
    refuse_retired,
    remove_rest,
    retire,
)
from tests.files.test_marks import begun, stamp

CALLS = ("write", "rename", "remove", "sync_folder")


@pytest.fixture
def march(tmp_path: Path) -> Path:
    """A folder as that of a sample, with a reviewer's journal and a leader's."""
    sample = tmp_path / "samples" / "march"
    begun(sample / "marks" / "ann.1.jsonl", 3)
    begun(sample / "changes" / "lead.1.jsonl", 1, reviewer="lead")
    (sample / "sample.yaml").write_bytes(b"x")
    return sample


def record(sample: Path) -> dict[str, Any]:
    return {"format": "cqa-retired/1", "sample": "march", "retired": {"at": "2026-03-02T09:00:00.000Z", "by": "lead"},
            "anchor": [str(end) for end in ends_at(sample)]}


def retiring(sample: Path, **calls: Callable[..., object]) -> None:
    with HeldJournals(sample) as held:
        retire(sample, record(sample), held, ops=replace(REAL, **calls))  # type: ignore[arg-type]


def whole(sample: Path) -> bool:
    return (sample / "sample.yaml").exists() and len(ends_at(sample)) == 2


def test_a_retired_sample_is_a_record_and_nothing_else(march: Path) -> None:
    retiring(march)
    told = read_retired(record_place(march))
    assert (told.sample, told.at, told.by) == ("march", "2026-03-02T09:00:00.000Z", "lead") and len(told.anchor) == 2
    assert not march.exists() and not leaving(march).exists()
    with pytest.raises(WrongUse, match="was retired"):
        refuse_retired(march)


@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_fails_leaves_the_sample_whole_or_retired(march: Path, call: str) -> None:
    def refused(*_: object) -> None:
        raise OSError(28, "No space left on device")

    fails: dict[str, Callable[..., object]] = {call: refused}
    if call == "write":
        fails = {call: lambda path, data: write_bytes(Path("/dev/null/nowhere") / path.name, data)}
    with pytest.raises(NotSaved):
        retiring(march, **fails)
    if march.exists():
        assert whole(march) and not record_place(march).exists()
        retiring(march)
    else:
        finish(march, read_retired(record_place(march)))
    assert not march.exists() and not leaving(march).exists() and record_place(march).exists()


class Cut(BaseException):
    """Power is lost."""


@pytest.mark.parametrize("moment", ["before the rename", "after the rename", "in the middle of the removal",
                                    "after the removal"])
def test_a_cut_at_any_moment_is_gone_on_from(march: Path, moment: str) -> None:
    def cut(*_: object) -> None:
        raise Cut

    def some(folder: Path) -> None:
        (folder / "sample.yaml").unlink()
        shutil.rmtree(folder / "changes")
        raise Cut

    def renamed(old: Path, new: Path) -> None:
        old.rename(new)
        raise Cut

    def removed(folder: Path) -> None:
        shutil.rmtree(folder)
        raise Cut

    calls = {"before the rename": {"rename": cut}, "after the rename": {"rename": renamed},
             "in the middle of the removal": {"remove": some}, "after the removal": {"remove": removed}}[moment]
    with pytest.raises(Cut):
        retiring(march, **calls)  # type: ignore[arg-type]
    assert record_place(march).exists(), "the record is on the disk before anything is removed"
    if march.exists():
        assert whole(march)
        retiring(march)
    else:
        finish(march, read_retired(record_place(march)))
    assert not march.exists() and not leaving(march).exists() and read_retired(record_place(march)).sample == "march"


def test_an_open_journal_forbids_it(march: Path) -> None:
    for name in ("marks/ann.1.jsonl", "changes/lead.1.jsonl"):
        with Journal.open(march / name, stamp), pytest.raises(InUse):
            retiring(march)
        assert whole(march) and not record_place(march).exists()


def test_while_it_is_retired_nobody_adds_to_a_journal(march: Path) -> None:
    with HeldJournals(march), pytest.raises(InUse):
        Journal.open(march / "marks" / "ann.1.jsonl", stamp)
    Journal.open(march / "marks" / "ann.1.jsonl", stamp).close()


@pytest.mark.parametrize("name", ["marks/bob.1.jsonl", "marks/ann.1.jsonl"])
def test_what_is_marked_between_the_locks_and_the_rename_is_kept(march: Path, name: str) -> None:
    """Of an empty journal, too, whose first line is about to be written; and on Windows, where locks end before."""
    def renaming(old: Path, new: Path) -> None:
        if old == march:
            if name.endswith("ann.1.jsonl"):
                held.release()
                begun(march / name, 2)
            else:
                (march / name).write_bytes(b"")
        old.rename(new)

    with HeldJournals(march) as held, pytest.raises(InUse, match="marked meanwhile"):
        retire(march, record(march), held, ops=replace(REAL, rename=renaming))
    assert whole(march) and (march / name).exists() and not record_place(march).exists()


def test_a_rest_with_marks_that_the_record_does_not_name_is_not_removed(march: Path) -> None:
    def renamed(old: Path, new: Path) -> None:
        old.rename(new)
        raise Cut

    with pytest.raises(Cut):
        retiring(march, rename=renamed)
    begun(leaving(march) / "marks" / "bob.1.jsonl", 1, reviewer="bob")
    with pytest.raises(Damaged, match="marked meanwhile"):
        finish(march, read_retired(record_place(march)))
    assert len(ends_at(leaving(march))) == 3


def test_nothing_of_a_link_is_removed(march: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "kept").write_bytes(b"x")
    try:
        (march / "books").symlink_to(tmp_path / "other", target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no links")
    retiring(march)
    assert (tmp_path / "other" / "kept").exists()


@pytest.mark.parametrize("change", [lambda data: data.replace(b"lead", b"bead"), lambda data: data[:-5],
                                    lambda data: b"", lambda data: b"\xff" * 40])
def test_a_changed_record_is_found(march: Path, change: Callable[[bytes], bytes]) -> None:
    retiring(march)
    place = record_place(march)
    place.write_bytes(change(place.read_bytes()))
    with pytest.raises(CqaError):
        read_retired(place)


def test_what_lies_elsewhere_is_named(tmp_path: Path) -> None:
    of_it = ("reports/march-consistency.xlsx", "reports/april+march-consistency.xlsx", "reports/march-evidence.zip",
             "reports/5-samples++abc-consistency.xlsx")
    for name in (*of_it, "reports/marching-consistency.xlsx", "reports/april-consistency.xlsx",
                 "take-march-ann/samples/march/sample.yaml", "samples/march/sample.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert set(elsewhere(tmp_path, "march")) == {*of_it, "take-march-ann"}


def test_removing_what_is_not_there_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "samples" / "april").mkdir(parents=True)
    remove_rest(tmp_path / "samples" / "march")
    assert [path.name for path in (tmp_path / "samples").iterdir()] == ["april"]
