"""An export that is text: its encoding by trial, its delimiter and header by the columns asked for, its records."""

import codecs
import csv
import gzip
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from cqa.errors import BadInput, Problem
from cqa.files.layout import HEADER_WITHIN, Candidate, Layout, header_among
from cqa.sampling.frame import Batch, Fields

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
LINE_END = re.compile("\r\n|\r|\n")
"""What ends a line of a file. Python's own splitlines knows further signs, at which no program breaks a row."""
WORTH_PARTS = 24 * 1024 * 1024
"""A file of fewer bytes is read before another process has started."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TOLD_BY = {"utf-8": "all bytes fit", "cp1252": "not UTF-8, and all bytes fit"}
_FIELD_LIMIT = 16 * 1024 * 1024
_CHUNK = 1 << 16
"""How many bytes are read at a time: larger pieces no longer fit the processor's own memory."""
_LESS = 20
"""The first part is smaller by the twentieth of a part: whoever reads it has the file's fingerprint to make too."""
_HEAD = 1 << 16
"""How many characters are looked at to tell delimiter and header."""
_BATCH = 1024
_GZIP = b"\x1f\x8b"


def open_bytes(path: Path) -> BinaryIO:
    """The file's bytes, unpacked where it is compressed. Raises OSError."""
    return gzip.GzipFile(path) if _is_packed(path) else path.open("rb")  # type: ignore[return-value]


def _is_packed(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == _GZIP


class TextRecords:
    """The records of a file of text; with a `span` of bytes those of a part of it, from the beginning of one record to
    that of another."""

    def __init__(self, path: Path, layout: Layout, span: tuple[int, int] | None = None) -> None:
        self.path, self.layout, self.span = path, layout, span
        self.where = path.name
        self.ends_file = span is None or span[1] == path.stat().st_size
        self.lines = 0
        """How many lines there are, once all were read."""

    @property
    def _begins_file(self) -> bool:
        return self.span is None or self.span[0] == 0

    def remarks(self) -> Sequence[Problem]:
        """Nothing: text is read as it stands."""
        return ()

    def parts(self, count: int) -> list["TextRecords"]:
        """The records in so many parts that can be read apart; all in one where the file is small, compressed, or in
        an encoding whose line ends cannot be told from its bytes.

        Each part begins after a line feed. Should that stand inside a quoted field, the part before it ends in a field
        that is not closed, which is an error: a file read in parts without one was cut between records.
        """
        size = self.path.stat().st_size
        if size < WORTH_PARTS or count < 2 or self.layout.encoding not in ("utf-8", "utf-8-sig", "cp1252") or \
                _is_packed(self.path):
            return [self]
        ends = [0]
        begins = size // count // _LESS
        with self.path.open("rb") as stream:
            for number in range(1, count):
                stream.seek(size * number // count - begins)
                stream.readline()
                ends.append(stream.tell())
        ends.append(size)
        return [TextRecords(self.path, self.layout, span) for span in pairwise(ends) if span[0] < span[1]]

    def _text(self) -> io.TextIOWrapper:
        """The file's text, or that of its part, with every line end as it stands."""
        if self.span is None:
            return io.TextIOWrapper(open_bytes(self.path), encoding=self.layout.encoding, newline="")
        part = io.BufferedReader(_Span(self.path, *self.span), _CHUNK)
        encoding = self.layout.encoding if self._begins_file else self.layout.encoding.removesuffix("-sig")
        return io.TextIOWrapper(part, encoding=encoding, newline="")

    def read(self, id_place: int | None) -> Iterator[Batch]:
        """The records below the header, as the parser gives them. Lines count from the part's beginning.

        Raises BadInput at a quotation mark or a byte that cannot be, after the records before it.
        """
        csv.field_size_limit(_FIELD_LIMIT)
        skipped = self.layout.header_line - 1 if self._begins_file else 0
        with closing(self._text()) as text:
            for _ in range(skipped):
                text.readline()
            reader = csv.reader(text, delimiter=self.layout.delimiter, strict=True)
            line = skipped + 1
            rows: list[Fields] = []
            try:
                if self._begins_file:
                    next(reader, None)
                while True:
                    line = skipped + reader.line_num + 1
                    rows = []
                    rows.extend(islice(reader, _BATCH))
                    if not rows:
                        self.lines = line - 1
                        return
                    yield Batch(self.where, _lines(line, rows, skipped + reader.line_num + 1), rows)
            except csv.Error as error:
                problem = self._stray_quote(line, str(error))
            except UnicodeDecodeError:
                problem = _undecodable(self.path, (self.layout.encoding,))
            if rows:  # those that could be read before it
                yield Batch(self.where, _lines(line, rows, -1), rows)
            raise BadInput(problem)

    def _stray_quote(self, line: int, told: str) -> Problem:
        """Finds the record with the quotation mark: one by one from the batch that held it."""
        begins = line
        with closing(self._text()) as text:
            for _ in range(line - 1):
                text.readline()
            reader = csv.reader(text, delimiter=self.layout.delimiter, strict=True)
            try:
                for _ in reader:
                    begins = line + reader.line_num
            except csv.Error as error:
                told = str(error)
        if "end of data" in told:
            message = "A quotation mark is opened in the record that begins here and never closed."
        elif "field larger" in told:
            message = f"A field of the record that begins here has more than {_FIELD_LIMIT:,} characters."
        else:
            message = "A quotation mark in the record that begins here is closed before its field ends."
        return Problem("C006", message, "Mend the quotation marks of that record, or export it again.", self.where,
                       begins)


def _lines(first: int, rows: Sequence[Fields], after: int) -> Sequence[int]:
    """The line on which each row begins, when the rows take up the lines from `first` to before `after`."""
    if after - first == len(rows):
        return range(first, after)
    lines = []
    for row in rows:
        lines.append(first)
        text = "\0".join(row)
        first += 1 + _line_ends(text)
    return lines


def _line_ends(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


class _Span(io.RawIOBase):
    """The bytes of a file from `start` to before `end`."""

    def __init__(self, path: Path, start: int, end: int) -> None:
        super().__init__()
        self._stream = path.open("rb", buffering=0)
        self._stream.seek(start)
        self._left = end - start

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """As many bytes as there are, up to the buffer's size."""
        view = memoryview(buffer).cast("B")[: self._left]
        count = self._stream.readinto(view) or 0
        self._left -= count
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()


def text_records(path: Path, wanted: Sequence[str], encoding: str) -> tuple[Layout, TextRecords, bool]:
    """How a file of text is laid out, its records, and whether there is a NUL in it.

    Raises OSError, and BadInput when no encoding fits or there is nothing in it.
    """
    found, told_by, has_nul = _told_encoding(path, encoding)
    layout = _layout(path, found, told_by, wanted)
    return layout, TextRecords(path, layout), has_nul


def _told_encoding(path: Path, named: str) -> tuple[str, str, bool]:
    """Byte-order mark, then strict UTF-8, then strict cp1252, over the whole file; or the encoding that was named.

    Also how it was told, and whether there is a NUL in the file. Raises BadInput when none fits or nothing but white
    space is there.
    """
    where = path.name
    with open_bytes(path) as stream:
        start = stream.read(4)
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), "")
    candidates = (named,) if named else (marked,) if marked else ("utf-8", "cp1252")
    for candidate in candidates:
        try:
            io.TextIOWrapper(io.BytesIO(), encoding=candidate).read()  # refuses also what is no encoding of text: hex
        except (LookupError, UnicodeError) as error:
            raise BadInput(Problem("C003", f"There is no encoding called '{candidate}'.",
                                   "Use one such as utf-8, cp1252 or utf-16.", where)) from error
        told = _decodes(path, candidate)
        if told is not None:
            empty, nuls, letters = told
            if empty:
                raise BadInput(Problem("C002", "The export is empty.", "Export it again.", where))
            if nuls * 4 > letters:
                kind = "utf-16-be" if start[:1] == b"\0" else "utf-16-le"
                raise BadInput(Problem("C003", "Every other byte is empty: this looks like UTF-16 without its mark.",
                                       f"Add --encoding {kind}, or export it as UTF-8.", where))
            told_by = "named" if named else "byte-order mark" if marked else _TOLD_BY[candidate]
            return candidate, told_by, bool(nuls)
    raise BadInput(_undecodable(path, candidates))


def _decodes(path: Path, encoding: str) -> tuple[bool, int, int] | None:
    """Whether all is white space, how many NULs there are, and how many characters; None where it does not decode."""
    decoder = codecs.getincrementaldecoder(encoding)()
    empty, nuls, letters = True, 0, 0
    with open_bytes(path) as stream:
        try:
            while chunk := stream.read(_CHUNK):
                text = decoder.decode(chunk)
                nuls += text.count("\0") if b"\0" in chunk else 0
                letters += len(text)
                empty = empty and not text.strip("\ufeff \t\r\n\x1a")
            decoder.decode(b"", final=True)
        except UnicodeError:  # also for utf-16 without its mark
            return None
    return empty, nuls, letters


def _undecodable(path: Path, candidates: Sequence[str]) -> Problem:
    """Names the first byte that the last candidate cannot be, by line and column."""
    with open_bytes(path) as stream:
        data = stream.read()
    try:
        data.decode(candidates[-1])
        place = 0
    except UnicodeDecodeError as error:
        place = error.start
    before = LINE_END.split(data[:place].decode(candidates[-1], "replace"))
    return Problem("C003", f"Byte {data[place]:#04x} is not {' or '.join(candidates)}.",
                   "Export it as UTF-8, or name the encoding with --encoding.", path.name, len(before),
                   len(before[-1]) + 1)


def _layout(path: Path, encoding: str, told_by: str, wanted: Sequence[str]) -> Layout:
    """Finds delimiter and header: the row, within the first twenty, that names the wanted columns."""
    with closing(io.TextIOWrapper(open_bytes(path), encoding=encoding, newline="")) as text:
        head = text.read(_HEAD)
    lines = list(io.StringIO(head.lstrip("\ufeff"), newline=""))
    delimiters: Sequence[str] = tuple(DELIMITERS)
    first = lines[0].strip().strip('"') if lines else ""
    skip = 0
    if first.casefold().startswith("sep=") and len(first) <= 5:
        delimiters, skip = (first[4:] or "\t",), 1
    found = [one for delimiter in delimiters for one in _headers(lines[skip:], delimiter, skip + 1)]
    if not found:
        raise BadInput(Problem("C004", f"There is no header within the first {len(head):,} characters.",
                               "The first line should name the columns.", path.name))
    delimiter, line, header = header_among(found, wanted)
    titles = tuple(text.strip() for text in lines[skip: line - 1] if text.strip())
    return Layout(encoding, delimiter, line, header, titles, told_by)


def _headers(lines: Sequence[str], delimiter: str, first_line: int) -> Iterator[Candidate]:
    """The first twenty records that are not blank, as a header they might be: delimiter, line, names."""
    reader = csv.reader(lines, delimiter=delimiter)
    line = first_line
    shown = 0
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                shown += 1
                yield delimiter, line, tuple(field.lstrip("\ufeff") for field in fields)
            line = first_line + reader.line_num
            if shown >= HEADER_WITHIN:
                return
    except csv.Error:
        return
