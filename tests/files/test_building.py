"""A folder stands in its place whole, or nothing does; what was there before is never mixed with it."""

import stat
import sys
from pathlib import Path

import pytest

from cqa.errors import NotSaved
from cqa.files.building import Building, csv_text, put, put_text


def build(place: Path, private: bool = False) -> None:
    with Building(place, "folder", private) as building:
        put(building / "deep" / "a", b"a")
        put_text(building / "b.csv", [csv_text([("x", "y,z")]), csv_text([("\"",)])])


def test_a_folder_is_there_whole_and_may_take_an_empty_ones_place(tmp_path: Path) -> None:
    for place in (tmp_path / "new" / "one", tmp_path / "empty"):
        if place.name == "empty":
            place.mkdir()
        build(place)
        assert (place / "deep" / "a").read_bytes() == b"a" and [path.name for path in place.parent.iterdir()
                                                              if path.name.startswith(".")] == []
        assert (place / "b.csv").read_bytes() == b'x,"y,z"\n""""\n'


def test_what_fails_inside_leaves_nothing_and_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotSaved, match="The folder could not be written: No space"), \
            Building(tmp_path / "one", "folder") as building:
        put(building / "a", b"a")
        raise OSError(28, "No space left on device")
    with pytest.raises(KeyError), Building(tmp_path / "one", "folder") as building:
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "mine").write_bytes(b"x")
    with pytest.raises(NotSaved):
        build(tmp_path / "one")
    assert [path.name for path in tmp_path.rglob("*")] == ["one", "mine"]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    with pytest.raises(FileExistsError):
        put(tmp_path / "a", b"y")
    with pytest.raises(FileExistsError):
        put_text(tmp_path / "a", ["y"])
    assert (tmp_path / "a").read_bytes() == b"x"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_private_folder_is_its_owners_alone(tmp_path: Path) -> None:
    build(tmp_path / "one", private=True)
    assert stat.S_IMODE((tmp_path / "one").stat().st_mode) == 0o700
