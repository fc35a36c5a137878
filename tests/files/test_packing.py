"""A zip that is the same for the same files, is written whole or not at all, and is read back before it is in place."""

import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from cqa.errors import NotSaved
from cqa.files.atomic import REAL
from cqa.files.packing import Source, may_be_named, write_pack


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Source]:
    large = tmp_path / "large"
    large.write_bytes(bytes(range(256)) * 20_000)
    return {"b/large.csv": large, "a.txt": b"one\n", "b/a.txt": b""}


def test_the_same_files_make_the_same_bytes_in_any_order(tmp_path: Path, files: dict[str, Source]) -> None:
    packed = write_pack(tmp_path / "1.zip", "x", files)
    again = write_pack(tmp_path / "2.zip", "x", dict(reversed(files.items())))
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
    assert packed.sha256 == again.sha256 == hashlib.sha256((tmp_path / "1.zip").read_bytes()).hexdigest()
    assert packed.files == 4 and packed.bytes == (tmp_path / "1.zip").stat().st_size
    with zipfile.ZipFile(tmp_path / "1.zip") as archive:
        assert archive.namelist() == sorted(archive.namelist()) and archive.testzip() is None
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.read("x/b/large.csv") == files["b/large.csv"].read_bytes()  # type: ignore[union-attr]


@pytest.mark.skipif(sys.platform == "win32", reason="needs sha256sum")
def test_the_sums_are_of_every_other_file(tmp_path: Path, files: dict[str, Source]) -> None:
    write_pack(tmp_path / "1.zip", "x", files)
    with zipfile.ZipFile(tmp_path / "1.zip") as archive:
        archive.extractall(tmp_path)
    assert subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=tmp_path / "x", check=False,
                          capture_output=True).returncode == 0
    assert len((tmp_path / "x" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()) == 3
    (tmp_path / "x" / "a.txt").write_bytes(b"two\n")
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "x", check=False,
                          capture_output=True).returncode == 1


@pytest.mark.parametrize("call", ["open", "fsync", "replace", "sync_folder"])
def test_a_call_that_fails_leaves_what_was_there(tmp_path: Path, files: dict[str, Source], call: str) -> None:
    target = tmp_path / "out" / "1.zip"
    write_pack(target, "x", {"a.txt": b"before"})
    before = target.read_bytes()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(NotSaved, match="No space left"):
        write_pack(target, "x", files, replace(REAL, **{call: full}))  # type: ignore[arg-type]
    assert [path.name for path in target.parent.iterdir()] == ["1.zip"]
    assert call == "sync_folder" or target.read_bytes() == before


def test_a_zip_that_reads_back_otherwise_is_not_put_in_place(tmp_path: Path, files: dict[str, Source]) -> None:
    def spoiling(where: Callable[[bytes], bytes]) -> Callable[[int], None]:
        def fsync(descriptor: int) -> None:
            os.lseek(descriptor, 0, os.SEEK_SET)
            data = where(os.read(descriptor, 1 << 24))
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, data)
        return fsync

    def other(data: bytes) -> bytes:
        spoilt = BytesIO()
        with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(spoilt, "w") as new:
            for name in old.namelist():
                new.writestr(name, b"two\n" if name == "x/a.txt" else old.read(name))
        return spoilt.getvalue()

    spoils: tuple[Callable[[bytes], bytes], ...] = (
        other, lambda data: data[:100], lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:],
        lambda data: b"")
    for spoil in spoils:
        with pytest.raises(NotSaved, match="packed as it was"):
            write_pack(tmp_path / "out" / "1.zip", "x", {**files, "c.txt": os.urandom(64)},
                       replace(REAL, fsync=spoiling(spoil)))
        assert not list((tmp_path / "out").iterdir())


def test_a_file_that_changes_while_it_is_packed_is_told(tmp_path: Path) -> None:
    moving = tmp_path / "moving"
    moving.write_bytes(b"x" * 100)

    def opened(path: Path, flags: int, mode: int) -> int:
        moving.write_bytes(b"y" * 100)
        return os.open(path, flags, mode)

    with pytest.raises(NotSaved, match="changed meanwhile"):
        write_pack(tmp_path / "out.zip", "x", {"moving": moving}, replace(REAL, open=opened))


@pytest.mark.parametrize(("name", "may"), [("ann.0.jsonl", True), ("ann.0 (copy 2).jsonl", True), ("é.jsonl", True),
                                           ("a\nb.jsonl", False), ("a\\b.jsonl", False), ("a:b", False), (".x", False)])
def test_names_that_would_not_come_out_as_they_went_in(name: str, may: bool) -> None:
    assert may_be_named(name) is may
