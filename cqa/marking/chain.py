"""Sealed, chained journal lines: encoded, checked, and a whole file's bytes told apart into good, torn and damaged."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

SEAL_DIGITS = 32
MAX_LINE = 128 * 1024
START = "0" * SEAL_DIGITS

_MARK = b',"seal":"'
_END = b'"}'
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SUFFIX = len(_MARK) + SEAL_DIGITS + len(_END)

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
        payload = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(payload, dict) or not isinstance(payload.get("seq"), int):
        return None
    return Sealed(payload, payload["seq"], str(payload.get("prev", "")), seal)


def read_chain(data: bytes) -> Chain:
    """The chain in a journal's bytes. A tail that is no sealed line is torn; everything else that fails is damage."""
    # No sealed line holds a raw carriage return: JSON escapes it. So these two signs come from another program.
    plain = data.removeprefix(_BYTE_ORDER_MARK).replace(b"\r\n", b"\n")
    if plain != data and (cleaned := _read(plain)).lines and not cleaned.damaged:
        return Chain((), (Found("rewritten", 1, 0, data[:80]),), 0)
    return _read(data)


def _read(data: bytes) -> Chain:
    pieces = _pieces(data)
    checked = [(number, offset, raw, ended, check(raw)) for number, (offset, raw, ended) in enumerate(pieces, 1)]
    last_good = max((place for place, (*_, sealed) in enumerate(checked) if sealed), default=-1)
    lines: list[Sealed] = []
    faults: list[Found] = []
    end = 0
    joined = False
    for number, offset, raw, ended, sealed in checked[: last_good + 1]:
        if sealed is None or joined:
            faults.append(Found("damaged", number, offset, raw))
        # Nothing between two sealed lines: somebody took the line feed away.
        joined = sealed is not None and not ended
        if sealed is None:
            continue
        if sealed.prev != (lines[-1].seal if lines else START) or sealed.seq != (lines[-1].seq + 1 if lines else 1):
            faults.append(Found("unlinked", number, offset, raw))
        lines.append(sealed)
        end = offset + len(raw) + (1 if ended else 0)
    tail = checked[last_good + 1:]
    hurt = last_good >= 0 and not checked[last_good][3]
    if not tail:
        return Chain(tuple(lines), tuple(faults), end, hurt)
    return _with_tail(lines, faults, end, hurt, tail, data)


_Checked = tuple[int, int, bytes, bool, Sealed | None]


def _with_tail(
    lines: list[Sealed], faults: list[Found], end: int, hurt: bool, tail: list[_Checked], data: bytes
) -> Chain:
    """Bytes after the last sealed line: torn when no whole line ends there, else damage that nobody can tell apart.

    More bytes than a line can have were not one line that was never finished: lines were overwritten, as with zeros.
    """
    number, offset, *_ = tail[0]
    ended = [piece for piece in tail if piece[3]] or (tail if len(data) - end > MAX_LINE else [])
    if ended:
        faults.extend(Found("damaged", piece[0], piece[1], piece[2]) for piece in ended)
        return Chain(tuple(lines), tuple(faults), end, hurt)
    torn = Found("torn", number, offset, data[end:])
    return Chain(tuple(lines), (*faults, torn), end, hurt, torn)


def _pieces(data: bytes) -> list[tuple[int, bytes, bool]]:
    """Offset, bytes and whether a line feed ends them, for each line; a hurt line feed is found by the seal.

    A line whose last byte was hurt runs into what follows: its sealed beginning is split off.
    """
    pieces: list[tuple[int, bytes, bool]] = []
    offset = 0
    while offset < len(data):
        stop = data.find(b"\n", offset)
        raw, ended = (data[offset:stop], True) if stop >= 0 else (data[offset:], False)
        pieces.extend(_split(offset, raw, ended))
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
