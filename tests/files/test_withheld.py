"""What was left out of cases.csv is sealed beside the record, and only what is sealed is believed."""

import csv
import hashlib
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.errors import Damaged
from cqa.files.building import csv_text
from cqa.files.sealing import is_sealed
from cqa.files.withheld import WITHHELD, cases_without, read_withheld, withheld_record

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=5)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=5), st.sets(st.sampled_from(["a", "b", "c"]), max_size=2))
def test_the_columns_are_gone_and_the_others_as_they_were(rows: list[tuple[str, str, str]], gone: set[str]) -> None:
    data = csv_text([("a", "b", "c"), *rows]).encode()
    left = list(csv.reader(io.StringIO(cases_without(data, gone).decode(), newline=""), strict=True))
    kept = [place for place, name in enumerate("abc") if name not in gone]
    assert left == [[row[place] for place in kept] for row in [("a", "b", "c"), *rows]]
    assert cases_without(data, ()) == data


def test_the_record_reads_back(tmp_path: Path) -> None:
    assert read_withheld(tmp_path) is None
    (tmp_path / WITHHELD).write_bytes(withheld_record("march", ("a", "b"), b"drawn", b"packed"))
    found = read_withheld(tmp_path)
    assert found is not None and found.columns == ("a", "b") and is_sealed((tmp_path / WITHHELD).read_bytes())
    assert (found.drawn, found.packed) == tuple(hashlib.sha256(data).hexdigest() for data in (b"drawn", b"packed"))


@pytest.mark.parametrize("data", [b"", b"\xff", b"format: x\n", b"[" * 1000])
def test_a_record_that_is_none_is_damage(tmp_path: Path, data: bytes) -> None:
    (tmp_path / WITHHELD).write_bytes(data)
    with pytest.raises(Damaged):
        read_withheld(tmp_path)


def test_every_changed_byte_is_damage_or_unseen(tmp_path: Path) -> None:
    whole = withheld_record("march", ("a",), b"drawn", b"packed")
    unseen = set()
    for place in range(len(whole)):
        data = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1:]
        (tmp_path / WITHHELD).write_bytes(data)
        try:
            found = read_withheld(tmp_path)
        except Damaged:
            continue
        assert found is not None and found.columns == ("a",)
        unseen.add(place)
    # A seal's own quotation marks and line feed may be hurt; what it seals may not.
    assert all(place >= whole.rindex(b"seal: ") for place in unseen)
