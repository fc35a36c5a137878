"""Reads an export as it is: encoding by trial, delimiter by the header, every field as text, no row shifted or lost."""

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cqa.errors import BadInput, Problem, shortened
from cqa.facts import folded
from cqa.sampling.frame import Row
from cqa.sampling.plan import Source

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FOUND_BY_ITSELF = ("utf-8", "cp1252", "utf-16")
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_FIELD_LIMIT = 16 * 1024 * 1024
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
"""A line with whatever ends it; found one by one, as a copy of a large export's text would cost four times its size."""


@dataclass(frozen=True, slots=True)
class Export:
    """An export in memory: its fingerprint, and of its records, each with the line it begins on, the wanted columns.

    `header` names the columns that are kept, `offered` all there are.
    """

    source: Source
    header: Row
    rows: tuple[Row, ...]
    blank_rows: int
    offered: tuple[str, ...]


def read_export(path: Path, wanted: Sequence[str], encoding: str = "") -> Export:
    """The export at `path`, of which no column but the wanted ones is kept; the first of them is the case id, by which
    delimiters are told apart.

    Raises BadInput when the file is missing, empty, in no known encoding, holds ragged rows or unclosed quotes; every
    problem carries its line.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(Problem("C001", f"The export cannot be read: {error.strerror}.",
                               "Check the path and its spelling.", str(path))) from error
    text, encoding = _decoded(data, path.name, encoding)
    if not text.strip():
        raise BadInput(Problem("C002", "The export is empty.", "Export it again.", path.name))
    first_line, text, delimiter = _told_delimiter(text)
    delimiter = delimiter or _delimiter_by_header(text, wanted[0])
    records = _records(text, delimiter, path.name, first_line)
    line, names = next((row for row in records if any(row[1])), (first_line, ()))
    checker = _Checker(names, wanted, delimiter, path.name)
    rows, blank = checker.check(records)
    digest = hashlib.sha256(data).hexdigest()
    source = Source(path.name, len(data), digest, len(rows), encoding, _DELIMITERS.get(delimiter, delimiter))
    return Export(source, (line, checker.kept(names)), rows, blank, names)


def _decoded(data: bytes, where: str, encoding: str) -> tuple[str, str]:
    """Byte-order mark, then strict UTF-8, then strict cp1252; or the encoding that was named."""
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    candidates = (encoding,) if encoding else (marked,) if marked else ("utf-8", "cp1252")
    for candidate in candidates:
        try:
            # Further byte-order marks, which joined files carry, would stay in the first header.
            return data.decode(candidate).lstrip("\ufeff"), candidate.removesuffix("-sig")
        except LookupError as error:
            raise BadInput(Problem("C003", f"There is no encoding called '{candidate}'.",
                                   "Use one such as utf-8, cp1252 or utf-16.", where)) from error
        except UnicodeDecodeError as error:
            place = error.start
    line = data.count(b"\n", 0, place) + 1
    raise BadInput(Problem(
        "C003", f"Byte {data[place]:#04x} is not {' or '.join(candidates)}.",
        "Export it as UTF-8, or name the encoding with --encoding.", where, line, place - data.rfind(b"\n", 0, place)))


def _told_delimiter(text: str) -> tuple[int, str, str]:
    """The text without a first line such as `sep=;`, the line it then begins on, and the delimiter that was named."""
    first, _, rest = text.partition("\n")
    first = first.strip().strip('"')
    if first.casefold().startswith("sep=") and len(first) <= 5:
        return 2, rest, first[4:] or "\t"
    return 1, text, ""


def _delimiter_by_header(text: str, wanted: str) -> str:
    """The delimiter whose header has the wanted column, else the one that makes most columns."""
    start = text.lstrip()
    headers = {}
    for delimiter in _DELIMITERS:
        try:
            headers[delimiter] = next(csv.reader(io.StringIO(start[:65536], newline=""), delimiter=delimiter), [])
        except csv.Error:
            headers[delimiter] = []
    return max(headers, key=lambda delimiter: (
        folded(wanted) in map(folded, headers[delimiter]), len(headers[delimiter])))


def _records(text: str, delimiter: str, where: str, first_line: int) -> Iterator[Row]:
    """The records of the text, all-blank ones included. A quote that never closes, or closes badly, is BadInput."""
    csv.field_size_limit(_FIELD_LIMIT)
    lines = (found[0] for found in _LINE.finditer(text))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = first_line
    try:
        for fields in reader:
            yield line, tuple(fields)
            line = reader.line_num + first_line
    except csv.Error as error:
        raise BadInput(Problem("C006", f"A quotation mark in the record that begins here is not closed as it should "
                               f"be ({error}).", "Mend the quotation marks of that record.", where, line)) from error


class _Checker:
    """Holds every record against the header: none too short or long, none swallowed by a stray quotation mark."""

    def __init__(self, header: tuple[str, ...], wanted: Sequence[str], delimiter: str, where: str) -> None:
        self.width, self.delimiter, self.where = len(header), delimiter, where
        names = set(map(folded, wanted))
        self.places = tuple(place for place, name in enumerate(header) if folded(name) in names)
        self.id_place = next((place for place in self.places if folded(header[place]) == folded(wanted[0])), None)

    def kept(self, fields: tuple[str, ...]) -> tuple[str, ...]:
        """Of a record the fields of the wanted columns."""
        return tuple(fields[place] for place in self.places)

    def check(self, records: Iterator[Row]) -> tuple[tuple[Row, ...], int]:
        """Records of the header's width, and how many all-blank ones were dropped. Raises BadInput for any other."""
        rows, blank = [], 0
        problems: list[Problem] = []
        for line, fields in records:
            if not any(field.strip() for field in fields):
                blank += 1
            elif problem := self.misfit(line, fields):
                problems.append(problem)
            else:
                rows.append((line, self.kept(fields)))
        if problems:
            raise BadInput(shortened(problems))
        return tuple(rows), blank

    def misfit(self, line: int, fields: tuple[str, ...]) -> Problem | None:
        """What is wrong with one record, or None."""
        case = self.named(fields)
        if len(fields) < self.width or any(field.strip() for field in fields[self.width:]):
            return Problem("C005", f"The row has {len(fields)} fields where the header has {self.width}{case}.",
                           f"Look for a {_DELIMITERS.get(self.delimiter, 'delimiter')} or quotation mark inside a "
                           "field.", self.where, line)
        whole = "\n".join(fields)
        if "\0" in whole:
            return Problem("C013", f"The row holds a NUL character{case}.", "Export it again.", self.where, line)
        if whole.count("\n") >= len(fields) and any(self.swallowed(field) for field in fields if "\n" in field):
            return Problem("C014", f"A quoted field runs over what looks like other rows{case}.",
                           "Look for a stray quotation mark in it.", self.where, line)
        return None

    def named(self, fields: tuple[str, ...]) -> str:
        """Which case a record speaks of, as far as it can be told."""
        place = self.id_place
        return f" (case '{fields[place]}')" if place is not None and place < len(fields) else ""

    def swallowed(self, field: str) -> bool:
        """Whether a line inside the field has as many delimiters as a whole row."""
        return any(part.count(self.delimiter) >= self.width - 1 > 0 for part in field.split("\n"))
