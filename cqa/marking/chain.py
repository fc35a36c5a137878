"""Sealed, chained journal lines: encoded, checked, and a whole file's bytes told apart into good, torn and damaged."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from json.scanner import make_scanner
from typing import Literal, cast

SEAL_DIGITS = 32
MAX_LINE = 128 * 1024
START = "0" * SEAL_DIGITS

_MARK = b',"seal":"'
_END = b'"}'
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SUFFIX = len(_MARK) + SEAL_DIGITS + len(_END)


def _refuse(constant: str) -> object:
    raise ValueError(constant)


_DECODER = json.JSONDecoder(parse_constant=_refuse)
"""JSON without NaN and infinities, which Python would take and no other program need."""
_SCAN: Callable[[str, int], tuple[object, int]] = make_scanner(cast(make_scanner, _DECODER))

Fault = Literal["torn", "damaged", "unlinked", "rewritten"]


class LineTooLong(ValueError):
    """A line would be longer than 128 KiB."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A line whose seal holds."""

    payload: Mapping[str, object]
    seq: int
    prev: str
    seal: str


@dataclass(frozen=True, slots=True)
class Found:
    """Something wrong in a journal: which line (from 1), at which byte, and what the bytes are."""

    fault: Fault
    line: int
    offset: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Chain:
    """A whole journal as read: every sealed line, and what is wrong.

    `end` is the byte after the last good line (without counting a hurt last newline, which `newline_hurt` tells).
    """

    lines: tuple[Sealed, ...]
    faults: tuple[Found, ...]
    end: int
    newline_hurt: bool = False
    torn: Found | None = None

    @property
    def damaged(self) -> bool:
        """Whether anything but a torn tail is wrong."""
        return any(found.fault != "torn" for found in self.faults)

    @property
    def damaged_tail(self) -> bool:
        """Whether all that is wrong comes after the last sealed line: it can be set aside, and loses no other line."""
        return bool(self.faults) and all(found.offset >= self.end and found.fault != "rewritten"
                                         for found in self.faults)


def seal_of(body: bytes) -> str:
    """The first 128 bits of SHA-256 over the raw bytes before the seal, as 32 hex digits."""
    return hashlib.sha256(body).hexdigest()[:SEAL_DIGITS]


def encode(payload: Mapping[str, object], seq: int, prev: str) -> bytes:
    """A sealed line, ended by a line feed. Raises LineTooLong over 128 KiB, ValueError for what JSON cannot hold."""
    text = json.dumps({**payload, "seq": seq, "prev": prev}, ensure_ascii=False, allow_nan=False,
                      separators=(",", ":"))
    body = text.encode()[:-1]
    line = body + _MARK + seal_of(body).encode() + _END + b"\n"
    if len(line) > MAX_LINE:
        raise LineTooLong(f"a line of {len(line)} bytes")
    return line


def check(line: bytes) -> Sealed | None:
    """The line (without its line feed) when its seal holds, else None. Only sealed bytes are ever parsed."""
    body, suffix = line[:-_SUFFIX], line[-_SUFFIX:]
    if len(line) > MAX_LINE or not suffix.startswith(_MARK) or not suffix.endswith(_END):
        return None
    seal = suffix[len(_MARK):-len(_END)].decode("ascii", "replace")
    if seal != seal_of(body):
        return None
    try:
        payload = _DECODER.decode(line.decode())
    except (ValueError, RecursionError):
        return None
    if not isinstance(payload, dict) or type(payload.get("seq")) is not int:
        return None
    return Sealed(payload, payload["seq"], str(payload.get("prev", "")), seal)


@dataclass(slots=True)
class Place:
    """How far a journal is read: so many lines, so many bytes, and the number and seal of the last line."""

    lines: int = 0
    offset: int = 0
    seq: int = 0
    seal: str = START


def follow(raw_lines: Iterable[bytes], place: Place) -> Iterator[Mapping[str, object]]:
    """The payloads of a journal's lines (each with its line feed) for as long as nothing whatever is wrong.

    At its end `place` has moved on past them; what begins there is for `read_rest`. It is what `check` and the
    chain's links ask for, in one loop: a record may have a million lines, and hardly one of them has a fault.
    """
    digest, scan, body = hashlib.sha256, _SCAN, slice(-_SUFFIX - 1)
    lines, offset, seq, seal = place.lines, place.offset, place.seq, place.seal
    try:
        for raw in raw_lines:
            found = digest(raw[body]).hexdigest()[:SEAL_DIGITS]
            try:
                text = raw.decode()
                if not text.endswith(f',"seal":"{found}"}}\n') or len(raw) > MAX_LINE:
                    return
                payload, end = scan(text, 0)
            except (ValueError, RecursionError, StopIteration):
                return
            if end != len(text) - 1 or type(payload) is not dict or payload.get("prev") != seal:
                return
            number = payload.get("seq")
            if number != seq + 1 or type(number) is not int:
                return
            seq, seal = number, found
            lines += 1
            offset += len(raw)
            yield payload
    finally:
        place.lines, place.offset, place.seq, place.seal = lines, offset, seq, seal


def read_chain(data: bytes) -> Chain:
    """The chain in a journal's bytes. A tail that is no sealed line is torn; everything else that fails is damage."""
    place = Place()
    lines = [Sealed(payload, seq, str(payload["prev"]), str(payload["seal"]))
             for seq, payload in enumerate(follow(_whole_lines(data), place), start=1)]
    rest = read_rest(data[place.offset:], place)
    return replace(rest, lines=(*lines, *rest.lines))


def _whole_lines(data: bytes) -> Iterator[bytes]:
    offset = 0
    while stop := data.find(b"\n", offset) + 1:
        yield data[offset:stop]
        offset = stop


def read_rest(data: bytes, place: Place) -> Chain:
    """What a journal holds from `place` on, where `follow` found it to be no whole line, or at its end.

    Lines and bytes are counted from the journal's beginning; `lines` are those of the rest alone.
    """
    plain = _plain(data, place.offset)
    if plain != data and (cleaned := _read(plain, place)).lines and not cleaned.damaged:
        return Chain((), (Found("rewritten", place.lines + 1, place.offset, data[:80]),), place.offset)
    return _read(data, place)


def _plain(data: bytes, offset: int = 0) -> bytes:
    """The bytes without what other programs add. No sealed line holds a raw carriage return: JSON escapes it."""
    return data.removeprefix(b"" if offset else _BYTE_ORDER_MARK).replace(b"\r\n", b"\n")


def without_rewriting(data: bytes) -> bytes | None:
    """A journal's bytes as they were before another program changed its line ends; None where that is not what is
    wrong with it."""
    rewritten = any(found.fault == "rewritten" for found in read_chain(data).faults)
    return _plain(data) if rewritten else None


def _read(data: bytes, place: Place) -> Chain:
    pieces = _pieces(data, place.offset)
    checked = [(number, offset, raw, ended, check(raw)) for number, (offset, raw, ended)
               in enumerate(pieces, place.lines + 1)]
    last_good = max((place for place, (*_, sealed) in enumerate(checked) if sealed), default=-1)
    lines: list[Sealed] = []
    faults: list[Found] = []
    end, seq, seal = place.offset, place.seq, place.seal
    joined = False
    for number, offset, raw, ended, sealed in checked[: last_good + 1]:
        if sealed is None or joined:
            faults.append(Found("damaged", number, offset, raw))
        # Nothing between two sealed lines: somebody took the line feed away.
        joined = sealed is not None and not ended
        if sealed is None:
            continue
        if sealed.prev != seal or sealed.seq != seq + 1:
            faults.append(Found("unlinked", number, offset, raw))
        lines.append(sealed)
        seq, seal = sealed.seq, sealed.seal
        end = offset + len(raw) + (1 if ended else 0)
    tail = checked[last_good + 1:]
    hurt = last_good >= 0 and not checked[last_good][3]
    if not tail:
        return Chain(tuple(lines), tuple(faults), end, hurt)
    return _with_tail(lines, faults, end, hurt, tail, data[end - place.offset:])


_Checked = tuple[int, int, bytes, bool, Sealed | None]


def _with_tail(
    lines: list[Sealed], faults: list[Found], end: int, hurt: bool, tail: list[_Checked], left: bytes
) -> Chain:
    """Bytes after the last sealed line: torn when no whole line ends there, else damage that nobody can tell apart.

    More bytes than a line can have were not one line that was never finished: lines were overwritten, as with zeros.
    """
    number, offset, *_ = tail[0]
    ended = [piece for piece in tail if piece[3]] or (tail if len(left) > MAX_LINE else [])
    if ended:
        faults.extend(Found("damaged", piece[0], piece[1], piece[2]) for piece in ended)
        return Chain(tuple(lines), tuple(faults), end, hurt)
    torn = Found("torn", number, offset, left)
    return Chain(tuple(lines), (*faults, torn), end, hurt, torn)


def _pieces(data: bytes, first: int) -> list[tuple[int, bytes, bool]]:
    """Offset (`first` is that of the data), bytes and whether a line feed ends them, for each line; a hurt line feed
    is found by the seal.

    A line whose last byte was hurt runs into what follows: its sealed beginning is split off.
    """
    pieces: list[tuple[int, bytes, bool]] = []
    offset = 0
    while offset < len(data):
        stop = data.find(b"\n", offset)
        raw, ended = (data[offset:stop], True) if stop >= 0 else (data[offset:], False)
        pieces.extend(_split(first + offset, raw, ended))
        offset += len(raw) + (1 if ended else 0)
    return pieces


def _split(offset: int, raw: bytes, ended: bool) -> list[tuple[int, bytes, bool]]:
    pieces: list[tuple[int, bytes, bool]] = []
    while check(raw) is None and (stop := _sealed_length(raw)):
        pieces.append((offset, raw[:stop], False))
        offset, raw = offset + stop, raw[stop:]
        if check(raw[1:]) is not None or _sealed_length(raw[1:]):
            pieces.append((offset, raw[:1], False))
            offset, raw = offset + 1, raw[1:]
    return [*pieces, (offset, raw, ended)]


def _sealed_length(raw: bytes) -> int:
    """How many bytes at the beginning are a sealed line with something after it; 0 for none."""
    mark = raw.find(_MARK)
    stop = mark + _SUFFIX
    return stop if mark >= 0 and stop < len(raw) and check(raw[:stop]) is not None else 0
