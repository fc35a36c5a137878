"""Reads an export as it is: encoding by trial, delimiter and header by the columns asked for, every field as text, no
row shifted or lost. It streams: one batch of rows at a time, however large the file."""

import codecs
import csv
import gc
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from cqa.errors import BadInput, Findings, Problem
from cqa.facts import folded
from cqa.sampling.frame import Batch, Fields, column_place
from cqa.sampling.plan import Source
from cqa.sampling.shapes import Shapes, looks_like_total, shape

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FOUND_BY_ITSELF = ("utf-8", "cp1252", "utf-16")
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_FIELD_LIMIT = 16 * 1024 * 1024
_CHUNK = 1 << 18
_HEAD = 1 << 16
"""How many characters are looked at to tell delimiter and header."""
_HEADER_WITHIN = 20
_BATCH = 1024
_WORTH_PARTS = 24 * 1024 * 1024
"""A file of fewer bytes is read before another process has started."""
_FOOTERS = 5
"""How many total lines may stand at the end of a file."""
_GZIP = b"\x1f\x8b"
_CTRL_Z = "\x1a"
"""What old programs end a file with."""
_LINE_END = re.compile("\r\n|\r|\n")
"""What ends a line of a file. Python's own splitlines knows further signs, at which no program breaks a row."""
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(slots=True)
class Tally:
    """What a pass over a file counted besides its rows."""

    rows: int = 0
    blank: int = 0
    footers: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is to be read: its encoding, delimiter, and where its header stands."""

    encoding: str
    delimiter: str
    header_line: int
    header: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    """Title lines above the header."""


class ExportFile:
    """One file of an export, opened: how it is read, its fingerprint, and its rows as often as asked for.

    With a `span` of bytes it is a part of the file: from the beginning of one record to that of another.
    """

    def __init__(self, path: Path, layout: Layout, has_nul: bool, span: tuple[int, int] | None = None) -> None:
        self.path, self.layout, self.span = path, layout, span
        self.where = path.name
        self._has_nul = has_nul
        self._size = path.stat().st_size
        self._sha256: Future[str] | None = None
        self.tally = Tally()

    def __getstate__(self) -> dict[str, object]:
        """For another process: without the hash that is being made in this one."""
        return {**self.__dict__, "_sha256": None}

    @property
    def source(self) -> Source:
        """The file's fingerprint; `rows` is known once it was read."""
        layout = self.layout
        return Source(self.path.name, self._size, self.hashing().result(), self.tally.rows,
                      layout.encoding.removesuffix("-sig"), DELIMITERS.get(layout.delimiter, layout.delimiter))

    def hashing(self) -> Future[str]:
        """The file's SHA-256 to come: hashing lets go of the interpreter, so it goes on while the file is read."""
        if self._sha256 is None:
            pool = ThreadPoolExecutor(1)
            self._sha256 = pool.submit(_sha256, self.path)
            pool.shutdown(wait=False)
        return self._sha256

    def batches(self, id_place: int | None) -> Iterator[Batch]:
        """All rows that are as wide as the header; all-blank ones and total lines at the end are dropped and counted.

        Raises BadInput, once all was read, with every ragged row, stray quotation mark and NUL.
        """
        if self.span is None:
            self.hashing()
        checker = _Checker(self.layout, id_place, self.where, self._has_nul)
        for batch in self._checked(checker):
            checker.tally.rows += len(batch.rows)
            yield batch
        self.tally = checker.tally
        checker.findings.stop()

    def _checked(self, checker: "_Checker") -> Iterator[Batch]:
        """One batch is held back, so that the last of the file can be searched for total lines."""
        held: Batch | None = None
        for batch in self._records():
            good = checker.good(batch)
            if held is not None and good.rows:
                yield held
            held = good if good.rows or held is None else held
        if held is not None:
            yield checker.without_totals(held) if self._ends_file else held
        if not self._ends_file:
            checker.forgive_no_more()

    @property
    def _begins_file(self) -> bool:
        return self.span is None or self.span[0] == 0

    @property
    def _ends_file(self) -> bool:
        return self.span is None or self.span[1] == self._size

    def parts(self, count: int) -> list["ExportFile"]:
        """The file in so many parts that can be read apart; only itself where it is small, compressed, or in an
        encoding whose line ends cannot be told from its bytes.

        Each part begins after a line feed. Should that stand inside a quoted field, the part before it ends in a field
        that is not closed, which is an error: a file read in parts without one was cut between records.
        """
        if self._size < _WORTH_PARTS or count < 2 or self.layout.encoding not in ("utf-8", "utf-8-sig", "cp1252") or \
                _is_packed(self.path):
            return [self]
        ends = [0]
        with self.path.open("rb") as stream:
            for number in range(1, count):
                stream.seek(self._size * number // count)
                stream.readline()
                ends.append(stream.tell())
        ends.append(self._size)
        return [ExportFile(self.path, self.layout, self._has_nul, span) for span in pairwise(ends) if span[0] < span[1]]

    def _text(self) -> io.TextIOWrapper:
        """The file's text, or that of its part, with every line end as it stands."""
        if self.span is None:
            return io.TextIOWrapper(open_bytes(self.path), encoding=self.layout.encoding, newline="")
        part = io.BufferedReader(_Span(self.path, *self.span), _CHUNK)
        encoding = self.layout.encoding if self._begins_file else self.layout.encoding.removesuffix("-sig")
        return io.TextIOWrapper(part, encoding=encoding, newline="")

    def _records(self) -> Iterator[Batch]:
        """The records below the header, as the parser gives them. Lines count from the part's beginning."""
        csv.field_size_limit(_FIELD_LIMIT)
        skipped = self.layout.header_line - 1 if self._begins_file else 0
        with closing(self._text()) as text:
            for _ in range(skipped):
                text.readline()
            reader = csv.reader(text, delimiter=self.layout.delimiter, strict=True)
            line = skipped + 1
            try:
                if self._begins_file:
                    next(reader, None)
                while True:
                    line = skipped + reader.line_num + 1
                    rows = list(islice(reader, _BATCH))
                    if not rows:
                        return
                    yield Batch(self.where, _lines(line, rows, skipped + reader.line_num + 1), rows)
            except csv.Error as error:
                raise BadInput(self._stray_quote(line, str(error))) from error
            except UnicodeDecodeError as error:
                raise BadInput(_undecodable(self.path, (self.layout.encoding,))) from error

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


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the cycle collector, which would look at every row again and again: rows hold no cycles."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


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


class _Checker:
    """Holds every record against the header: none too short or long, none swallowed by a stray quotation mark."""

    def __init__(self, layout: Layout, id_place: int | None, where: str, has_nul: bool) -> None:
        self.width, self.delimiter = len(layout.header), layout.delimiter
        self.id_place, self.where, self.has_nul = id_place, where, has_nul
        self.findings = Findings()
        self.tally = Tally()
        self.misfits: list[tuple[int, Fields]] = []
        """Ragged rows that look like total lines: forgiven when nothing but such follows."""

    def good(self, batch: Batch) -> Batch:
        """The batch without rows that are blank or wrong; what is wrong becomes a finding."""
        plain = isinstance(batch.lines, range)
        if plain and not self.has_nul and set(map(len, batch.rows)) == {self.width} and all(map(any, batch.rows)):
            self.forgive_no_more()
            return batch
        lines: list[int] = []
        rows: list[Fields] = []
        for line, fields in zip(batch.lines, batch.rows, strict=True):
            row = self._good(line, fields)
            if row is not None:
                self.forgive_no_more()
                lines.append(line)
                rows.append(row)
        return Batch(self.where, lines, rows)

    def _good(self, line: int, fields: Fields) -> Fields | None:
        if not any(field.strip("\x1a\0 \t\xa0\r\n") for field in fields):
            self.tally.blank += 1
            return None
        if len(fields) != self.width:
            if any(field.strip() for field in fields[self.width:]) or len(fields) < self.width:
                self.misfits.append((line, fields))
                if not self._is_total(fields, Shapes()):
                    self.forgive_no_more()
                return None
            fields = fields[: self.width]
        if self.has_nul and "\0" in "".join(fields):
            fields = [field.rstrip("\0") for field in fields]
            if "\0" in "".join(fields):
                self._add("C013", "The row holds a NUL character", "Export it again.", line, fields)
                return None
        if any(("\n" in field or "\r" in field) and self._swallowed(field, fields) for field in fields):
            self._add("C014", "A quoted field runs over what looks like other rows",
                      "Look for a stray quotation mark in it.", line, fields)
            return None
        return fields

    def _swallowed(self, field: str, fields: Fields) -> bool:
        """Whether a line inside the field has as many delimiters as a whole row; or whether all its lines have as many
        as one or several rows, and one of them begins as this row does."""
        needed = self.width - 1
        parts = _LINE_END.split(field)
        if not needed or field.count(self.delimiter) < needed:
            return False
        if any(part.count(self.delimiter) >= needed for part in parts):
            return True
        begins = shape(self._first(_LINE_END.split(fields[0])[0]))
        return not field.count(self.delimiter) % needed and any(shape(self._first(part)) == begins
                                                                for part in parts[1:])

    def _first(self, part: str) -> str:
        """What stands before the first delimiter."""
        return part.partition(self.delimiter)[0].strip()

    def forgive_no_more(self) -> None:
        """Misfits with something after them are no total lines: they become findings."""
        for line, fields in self.misfits:
            self._add("C005", f"The row has {len(fields)} fields where the header has {self.width}",
                      f"Look for a {DELIMITERS.get(self.delimiter, 'delimiter')} or quotation mark inside a field.",
                      line, fields)
        self.misfits = []

    def without_totals(self, batch: Batch) -> Batch:
        """The last batch without the total lines that end it; they are counted, with what they say."""
        self.tally.footers = [(line, _spoken(fields)) for line, fields in self.misfits]
        rows = list(batch.rows)
        if rows and rows[-1][-1].endswith(_CTRL_Z):
            rows[-1] = [*rows[-1][:-1], rows[-1][-1].rstrip(_CTRL_Z)]
        shapes = Shapes()
        if self.id_place is not None:
            shapes.add([row[self.id_place].strip() for row in rows], batch.lines)
        while rows and len(self.tally.footers) < _FOOTERS and self._is_total(rows[-1], shapes):
            self.tally.footers.insert(0, (batch.lines[len(rows) - 1], _spoken(rows.pop())))
        return Batch(batch.where, batch.lines[: len(rows)], rows)

    def _is_total(self, fields: Fields, shapes: Shapes) -> bool:
        """Whether a row at the end is a total and no case. A ragged one may end before the id's place."""
        place = self.id_place
        return place is not None and looks_like_total(fields, min(place, len(fields) - 1), shapes)

    def _add(self, code: str, told: str, remedy: str, line: int, fields: Fields) -> None:
        place = self.id_place
        case = f" (case '{fields[place]}')" if place is not None and place < len(fields) else ""
        self.findings.add(Problem(code, f"{told}{case}.", remedy, self.where, line))


def _spoken(fields: Fields) -> str:
    return ", ".join(field.strip() for field in fields if field.strip())[:80]


class ExportFiles:
    """The files of an export as one: the columns of the first, whatever their order in the others."""

    def __init__(self, files: Sequence[ExportFile], wanted: str) -> None:
        self.files = tuple(files)
        self.header = (files[0].layout.header_line, files[0].layout.header)
        self.where = files[0].where if len(files) == 1 else f"{files[0].where} and {len(files) - 1} more"
        self._id = wanted

    @property
    def sources(self) -> tuple[Source, ...]:
        """The fingerprint of each file; rows are known once all was read."""
        return tuple(file.source for file in self.files)

    def batches(self) -> Iterator[Batch]:
        """The rows of all files, each as wide as the first one's header. Raises BadInput with every bad row of all."""
        findings = Findings()
        with _uncollected():
            yield from self._all(findings)
        findings.stop()

    def _all(self, findings: Findings) -> Iterator[Batch]:
        for file in self.files:
            try:
                place = column_place(file.layout.header, self._id)
                order = self._order(file)
                for batch in file.batches(place):
                    yield batch if order is None else Batch(
                        batch.where, batch.lines, [tuple(map(row.__getitem__, order)) for row in batch.rows])
            except BadInput as error:
                for problem in error.problems:
                    findings.add(problem)

    def _order(self, file: ExportFile) -> list[int] | None:
        """Where the first file's columns are in this one; None where all are in their places."""
        first, own = self.header[1], file.layout.header
        names, mine = list(map(folded, first)), list(map(folded, own))
        if names == mine:
            return None
        if sorted(names) != sorted(mine) or len(set(names)) < len(names):
            missing = [name for name in first if folded(name) not in mine]
            more = [name for name in own if folded(name) not in names]
            told = "; ".join(part for part in (f"without {', '.join(missing)}" if missing else "",
                                               f"with {', '.join(more)}" if more else "") if part)
            raise BadInput(Problem("C017", f"Its columns are not those of {self.files[0].where} ({told or 'doubled'}).",
                                   "Export all files with the same columns.", file.where, file.layout.header_line))
        return [mine.index(name) for name in names]

    def parts(self, count: int) -> list["ExportFiles"]:
        """The export in so many parts that can be read apart, or only itself."""
        if len(self.files) > 1:
            return [self]
        return [ExportFiles([part], self._id) for part in self.files[0].parts(count)]

    def read_in_parts(self, tallies: Sequence[Tally]) -> None:
        """What the parts of the only file counted, as if it had been read whole."""
        self.files[0].tally = Tally(sum(tally.rows for tally in tallies), sum(tally.blank for tally in tallies),
                                    [footer for tally in tallies for footer in tally.footers])

    def place(self, column: str) -> int | None:
        """Where the column is in a row, or None."""
        return column_place(self.header[1], column)

    def read(self) -> list[tuple[Source, int]]:
        """The fingerprint of each file once it was read, and how many all-blank rows were dropped."""
        return [(file.source, file.tally.blank) for file in self.files]

    def remarks(self) -> list[Problem]:
        """What was dropped, skipped or taken for granted, said once for each file, as warnings."""
        return [remark for file in self.files for remark in _remarks(file)]


def _remarks(file: ExportFile) -> Iterator[Problem]:
    def remark(message: str, remedy: str = "", line: int | None = None) -> Problem:
        return Problem("C022", message, remedy, file.where, line, severity="warning")

    if file.layout.skipped:
        yield remark(f"{len(file.layout.skipped)} lines above the header were passed over: "
                     f"'{file.layout.skipped[0][:60]}'.", "", 1)
    for line, told in file.tally.footers:
        yield remark(f"The line '{told}' at the end was taken for a total, not a case.",
                     "Take it out of the export if you wish.", line)


def open_export(paths: Sequence[Path], wanted: Sequence[str], encoding: str = "") -> ExportFiles:
    """The export in one or several files; `wanted` are the columns, the case id first, by which delimiter and header
    are told.

    Raises BadInput with a problem for every file that is missing, empty, a workbook or in no known encoding.
    """
    problems: list[Problem] = []
    files = []
    for path in paths:
        try:
            files.append(_opened(path, wanted, encoding))
        except BadInput as error:
            problems.extend(error.problems)
    if problems:
        raise BadInput(problems)
    return ExportFiles(files, wanted[0])


def _opened(path: Path, wanted: Sequence[str], encoding: str) -> ExportFile:
    if path.exists() and not path.is_file() and not path.is_dir():
        raise BadInput(Problem("C001", "This is a pipe or a device, and an export is read more than once.",
                               "Save it as a file, and name that.", str(path)))
    try:
        with open_bytes(path) as stream:
            start = stream.read(4)
            if start[:4] == _WORKBOOK or start == _OLD_WORKBOOK:
                raise BadInput(_workbook(path))
        found, has_nul = _told_encoding(path, encoding)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        remedy = "Ask for permission to read it." if isinstance(error, PermissionError) else \
            "Name a file." if isinstance(error, IsADirectoryError) else "Check the path and its spelling."
        raise BadInput(Problem("C001", f"The export cannot be read: {reason}.", remedy, str(path))) from error
    return ExportFile(path, _layout(path, found, wanted), has_nul)


def _is_packed(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == _GZIP


def open_bytes(path: Path) -> BinaryIO:
    """The file's bytes, unpacked where it is compressed. Raises OSError."""
    return gzip.GzipFile(path) if _is_packed(path) else path.open("rb")  # type: ignore[return-value]


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


def _workbook(path: Path) -> Problem:
    return Problem("C021", "This is a workbook, not CSV.",
                   "Open it, choose Save as, CSV UTF-8, and name that file. Better: export CSV from the system itself, "
                   "for a workbook loses leading zeros.", str(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _told_encoding(path: Path, named: str) -> tuple[str, bool]:
    """Byte-order mark, then strict UTF-8, then strict cp1252, over the whole file; or the encoding that was named.

    Also whether there is a NUL in it. Raises BadInput when none fits or nothing but white space is there.
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
            return candidate, bool(nuls)
    raise BadInput(_undecodable(path, candidates))


def _decodes(path: Path, encoding: str) -> tuple[bool, int, int] | None:
    """Whether all is white space, how many NULs there are, and how many characters; None where it does not decode."""
    decoder = codecs.getincrementaldecoder(encoding)()
    empty, nuls, letters = True, 0, 0
    with open_bytes(path) as stream:
        try:
            while chunk := stream.read(_CHUNK):
                text = decoder.decode(chunk)
                nuls += text.count("\0")
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
    before = _LINE_END.split(data[:place].decode(candidates[-1], "replace"))
    return Problem("C003", f"Byte {data[place]:#04x} is not {' or '.join(candidates)}.",
                   "Export it as UTF-8, or name the encoding with --encoding.", path.name, len(before),
                   len(before[-1]) + 1)


def _layout(path: Path, encoding: str, wanted: Sequence[str]) -> Layout:
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
    names = list(map(folded, wanted))
    named = [one for one in found if names and names[0] in map(folded, one[2])]
    if named:
        delimiter, line, header = max(named, key=lambda one: (
            sum(name in set(map(folded, one[2])) for name in names), -one[1], len(one[2])))
    else:
        # No row names the case id: the widest row is the header, and the missing column is said of it.
        delimiter, line, header = max(found, key=lambda one: (len(one[2]), -one[1]))
    titles = tuple(text.strip() for text in lines[skip: line - 1] if text.strip())
    return Layout(encoding, delimiter, line, header, titles)


def _headers(lines: Sequence[str], delimiter: str, first_line: int) -> Iterator[tuple[str, int, tuple[str, ...]]]:
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
            if shown >= _HEADER_WITHIN:
                return
    except csv.Error:
        return
