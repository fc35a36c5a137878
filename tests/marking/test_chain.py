"""Sealed lines: every change is found, and only a tail that was never finished is torn."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.marking.chain import MAX_LINE, START, LineTooLong, check, encode, read_chain


def journal(count: int, word: str = "met") -> bytes:
    """A whole journal of `count` lines."""
    data, prev = b"", START
    for seq in range(1, count + 1):
        line = encode({"at": "2026-03-02T09:00:00.000Z", "kind": "answered", "mark": word, "n": seq * 7}, seq, prev)
        data, prev = data + line, line[-35:-3].decode()
    return data


def faults(data: bytes) -> list[tuple[str, int]]:
    return [(found.fault, found.line) for found in read_chain(data).faults]


def test_ten_lines_of_any_language_can_check_a_seal() -> None:
    line = encode({"kind": "x"}, 1, START).rstrip(b"\n")
    body, _, seal = line.rpartition(b',"seal":"')
    assert hashlib.sha256(body).hexdigest()[:32] == seal[:-2].decode()
    assert json.loads(line) == {"kind": "x", "seq": 1, "prev": "0" * 32, "seal": seal[:-2].decode()}


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.text(st.characters(codec="utf-8")),
                       max_size=4))
def test_what_is_sealed_reads_back(payload: dict[str, str]) -> None:
    sealed = check(encode(payload, 3, START)[:-1])
    assert sealed is not None and {key: sealed.payload[key] for key in payload} == payload and sealed.seq == 3


def test_a_line_over_128_kib_is_refused() -> None:
    with pytest.raises(LineTooLong):
        encode({"text": "x" * MAX_LINE}, 1, START)


@pytest.mark.parametrize("value", [float("nan"), "\ud800"])
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        encode({"value": value}, 1, START)


def test_a_whole_journal_is_good() -> None:
    chain = read_chain(journal(5))
    assert [line.seq for line in chain.lines] == [1, 2, 3, 4, 5]
    assert chain.end == len(journal(5)) and not chain.faults and not chain.newline_hurt


def test_an_empty_journal_is_good() -> None:
    assert read_chain(b"") == read_chain(b"") and read_chain(b"").lines == () and not read_chain(b"").faults


@pytest.mark.parametrize("tail", [b"{", b"\x00" * 200, b"\xff" * 50, b'{"at":"2026","kind":"answ', b"}"])
def test_a_tail_that_is_no_line_is_torn(tail: bytes) -> None:
    chain = read_chain(journal(3) + tail)
    assert [found.fault for found in chain.faults] == ["torn"] and chain.end == len(journal(3)) and not chain.damaged


def test_a_tail_of_more_bytes_than_a_line_can_have_is_damage_for_lines_were_overwritten() -> None:
    assert not read_chain(journal(3) + bytes(MAX_LINE)).damaged
    assert faults(journal(3) + bytes(MAX_LINE + 1)) == [("damaged", 4)]
    assert faults(bytes(MAX_LINE + 1)) == [("damaged", 1)]


def test_two_lines_without_a_line_end_between_them_are_damage_and_both_are_read() -> None:
    lines = journal(4).splitlines(keepends=True)
    joined = lines[0] + lines[1][:-1] + lines[2] + lines[3]
    assert faults(joined) == [("damaged", 3)] and [line.seq for line in read_chain(joined).lines] == [1, 2, 3, 4]


def test_a_missing_or_hurt_last_line_end_keeps_the_line() -> None:
    whole = journal(3)
    for data in (whole[:-1], whole[:-1] + b"\x8a"):
        chain = read_chain(data)
        assert len(chain.lines) == 3 and chain.newline_hurt and not chain.damaged


def test_a_last_line_that_ended_and_fails_its_seal_is_damage() -> None:
    data = journal(3)
    assert faults(data[:-20] + b"X" + data[-19:]) == [("damaged", 3)]


def test_a_bad_line_with_good_ones_after_it_is_damage() -> None:
    lines = journal(4).splitlines(keepends=True)
    assert faults(b"".join([lines[0], lines[1].replace(b"met", b"not"), *lines[2:]])) == [
        ("damaged", 2), ("unlinked", 3)]


@pytest.mark.parametrize("order", [[0, 2, 3], [0, 1, 1, 2, 3], [0, 2, 1, 3], [1, 2, 3]])
def test_a_missing_doubled_or_moved_line_breaks_the_chain(order: list[int]) -> None:
    lines = journal(4).splitlines(keepends=True)
    assert "unlinked" in {fault for fault, _ in faults(b"".join(lines[place] for place in order))}


def test_another_journals_line_breaks_the_chain() -> None:
    lines, other = journal(3).splitlines(keepends=True), journal(3, "not_met").splitlines(keepends=True)
    assert faults(lines[0] + other[1] + lines[2]) != []


@pytest.mark.parametrize("data", [journal(3).replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + journal(1)])
def test_line_ends_changed_by_another_program_are_named_as_such(data: bytes) -> None:
    assert faults(data) == [("rewritten", 1)]


def test_a_line_end_hurt_in_the_middle_is_damage_and_loses_no_line() -> None:
    data = bytearray(journal(3))
    data[data.index(b"\n")] ^= 1
    chain = read_chain(bytes(data))
    assert chain.damaged and [line.seq for line in chain.lines] == [1, 2, 3]


def test_five_whole_lines_cut_off_the_end_cannot_be_seen_by_the_chain_alone() -> None:
    # The README says so: without a copy held elsewhere, truncation at a line's end is invisible.
    assert not read_chain(b"".join(journal(9).splitlines(keepends=True)[:4])).faults


def test_a_deeply_nested_line_is_no_crash() -> None:
    body = b'{"a":' + b"[" * 30_000
    line = body + b',"seal":"' + hashlib.sha256(body).hexdigest()[:32].encode() + b'"}'
    assert check(line) is None
