"""What is brought back is found wherever it lies, read with bounds, and never written by its own name."""

import os
import sys
import zipfile
from pathlib import Path

import pytest

from cqa.errors import BadInput
from cqa.files import incoming
from cqa.files.incoming import journals_in


def names(*places: Path) -> list[str]:
    return [Path(one.where).name for one in journals_in(places)]


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    root = tmp_path / "brought"
    for name in ("a.jsonl", "take/samples/march/marks/b.JSONL", "take/samples/march/cases.csv", ".hidden/c.jsonl",
                 "take/._d.jsonl"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(name.encode())
    return root


def test_journals_are_found_in_folders_files_and_zips_alike(brought: Path, tmp_path: Path) -> None:
    assert names(brought) == ["a.jsonl", "b.JSONL"] and names(brought / "a.jsonl") == ["a.jsonl"]
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in brought.rglob("*.*"):
            archive.write(path, path.relative_to(brought))
    assert names(tmp_path / "x.zip") == ["x.zip:a.jsonl", "b.JSONL"]
    assert {one.data for one in journals_in([tmp_path / "x.zip"])} == {one.data for one in journals_in([brought])}


def test_no_name_in_a_zip_reaches_the_disk(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name in ("../../up.jsonl", "/abs.jsonl", "C:\\win\\back.jsonl", "con.jsonl", "dir.jsonl/"):
            archive.writestr(name, b"x")
    before = sorted(tmp_path.rglob("*"))
    assert len(journals_in([tmp_path / "x.zip"])) == 4 and sorted(tmp_path.rglob("*")) == before


def test_sizes_are_bounded_whatever_a_zip_says_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "MOST_BYTES", 1000)
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.jsonl", b"\0" * 1_000_000)
        archive.writestr("small.jsonl", b"x")
    bomb, small = journals_in([tmp_path / "x.zip"])
    assert bomb.trouble and not bomb.data and small.data == b"x"
    (tmp_path / "large.jsonl").write_bytes(b"x" * 1001)
    assert journals_in([tmp_path / "large.jsonl"])[0].trouble
    monkeypatch.setattr(incoming, "MOST_FILES", 1)
    with pytest.raises(BadInput, match="too much"):
        journals_in([tmp_path / "x.zip"])
    monkeypatch.setattr(incoming, "MOST_TOGETHER", 0)
    with pytest.raises(BadInput, match="too much"):
        journals_in([tmp_path / "x.zip"])


def test_a_file_of_a_zip_that_cannot_be_read_is_said_and_the_others_are_read(tmp_path: Path) -> None:
    place = tmp_path / "x.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.jsonl", b"AAAAAAAA")
        archive.writestr("b.jsonl", b"BBBBBBBB")
    place.write_bytes(place.read_bytes().replace(b"AAAAAAAA", b"AAAAXAAA"))
    one, other = journals_in([place])
    assert "zip" in one.trouble and other.data == b"BBBBBBBB"


def test_places_that_are_nothing_are_all_named(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"this is no zip")
    (tmp_path / "empty.zip").write_bytes(b"")
    with pytest.raises(BadInput) as raised:
        journals_in([tmp_path / "no.zip", tmp_path / "nowhere", tmp_path / "empty.zip", tmp_path])
    assert [Path(problem.where).name for problem in raised.value.problems] == ["no.zip", "nowhere", "empty.zip"]
    assert {problem.code for problem in raised.value.problems} == {"J022"}


@pytest.mark.skipif(sys.platform == "win32", reason="needs links")
def test_links_are_not_followed(brought: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.jsonl").write_bytes(b"secret")
    (brought / "link.jsonl").symlink_to(tmp_path / "secret.jsonl")
    (brought / "round").symlink_to(brought, target_is_directory=True)
    assert names(brought) == ["a.jsonl", "b.JSONL"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_no_empty_one(brought: Path) -> None:
    (brought / "take").chmod(0)
    with pytest.raises(BadInput):
        journals_in([brought])


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pipe")
def test_a_pipe_or_device_that_is_called_like_a_journal_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "folder.jsonl").mkdir()
    (tmp_path / "a.jsonl").write_bytes(b"x")
    found = {Path(one.where).name: one for one in journals_in([tmp_path])}
    assert set(found) == {"pipe.jsonl", "a.jsonl"} and found["pipe.jsonl"].trouble and not found["a.jsonl"].trouble
