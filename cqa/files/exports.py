"""Reads an export as it is, in one file or several: every field as text, no row shifted or lost. It streams: one batch
of rows at a time, however large the file."""

import gc
import hashlib
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cqa.errors import BadInput, Findings, Problem
from cqa.facts import folded
from cqa.files.layout import Layout, Records
from cqa.files.text_in import DELIMITERS, LINE_END, TextRecords, open_bytes, text_records
from cqa.sampling.frame import Batch, Fields, column_place
from cqa.sampling.plan import Source
from cqa.sampling.shapes import Shapes, looks_like_total, shape

FOUND_BY_ITSELF = frozenset({"utf-8", "cp1252", "utf-16", "xlsx"})
"""What a file says of its encoding without being asked; any other was named."""
_FOOTERS = 5
"""How many total lines may stand at the end of a file."""
_CTRL_Z = "\x1a"
"""What old programs end a file with."""
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(slots=True)
class Tally:
    """What a pass over a file counted besides its rows."""

    rows: int = 0
    blank: int = 0
    footers: list[tuple[int, str]] = field(default_factory=list)
    """The total lines at the end: on which line each stands, and what it says."""
    lines: int = 0
    """How many lines a part has, which those of the next one come after."""


class ExportFile:
    """One file of an export, opened, or a part of one: its fingerprint, and its rows as often as asked for."""

    def __init__(self, path: Path, layout: Layout, records: Records, has_nul: bool = False) -> None:
        self.path, self.layout, self.records = path, layout, records
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

    def parts(self, count: int) -> list["ExportFile"]:
        """The file in so many parts that can be read apart, or only itself."""
        if not isinstance(self.records, TextRecords):
            return [self]
        return [ExportFile(self.path, self.layout, part, self._has_nul) for part in self.records.parts(count)]

    @property
    def _whole(self) -> bool:
        return not isinstance(self.records, TextRecords) or self.records.span is None

    @property
    def _ends_file(self) -> bool:
        return not isinstance(self.records, TextRecords) or self.records.ends_file

    def batches(self, id_place: int | None) -> Iterator[Batch]:
        """All rows that are as wide as the header; all-blank ones and total lines at the end are dropped and counted.

        Raises BadInput, once all was read, with every ragged row, stray quotation mark and NUL. The tally is of what
        was read so far.
        """
        if self._whole:
            self.hashing()
        checker = _Checker(self.layout, id_place, self.where, self._has_nul)
        self.tally = checker.tally
        try:
            for batch in self._checked(checker, id_place):
                checker.tally.rows += len(batch.rows)
                yield batch
        except BadInput as error:
            for problem in error.problems:
                checker.findings.add(problem)
        checker.findings.stop()

    def _checked(self, checker: "_Checker", id_place: int | None) -> Iterator[Batch]:
        """One batch is held back, so that the last of the file can be searched for total lines."""
        held: Batch | None = None
        stopped: BadInput | None = None
        try:
            for batch in self.records.read(id_place):
                good = checker.good(batch)
                if held is not None and good.rows:
                    yield held
                held = good if good.rows or held is None else held
        except BadInput as error:
            stopped = error
        if isinstance(self.records, TextRecords):
            checker.tally.lines = self.records.lines
        if held is not None:
            yield checker.without_totals(held) if self._ends_file else held
        if not self._ends_file:
            checker.forgive_no_more()
        if stopped is not None:
            raise stopped

    def remarks(self) -> Iterator[Problem]:
        """What was dropped, skipped or taken for granted, as warnings."""
        if self.layout.skipped:
            yield self._remark(f"{len(self.layout.skipped)} lines above the header were passed over: "
                               f"'{self.layout.skipped[0][:60]}'.", "", 1)
        for line, told in self.tally.footers:
            yield self._remark(f"The line '{told}' at the end was taken for a total, not a case.",
                               "Take it out of the export if you wish.", line)
        yield from self.records.remarks()

    def _remark(self, message: str, remedy: str, line: int) -> Problem:
        return Problem("C022", message, remedy, self.where, line, severity="warning")


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
        if self.delimiter in DELIMITERS and any(
                ("\n" in field or "\r" in field) and self._swallowed(field, fields) for field in fields):
            self._add("C014", "A quoted field runs over what looks like other rows",
                      "Look for a stray quotation mark in it.", line, fields)
            return None
        return fields

    def _swallowed(self, field: str, fields: Fields) -> bool:
        """Whether a line inside the field has as many delimiters as a whole row; or whether all its lines have as many
        as one or several rows, and one of them begins as this row does."""
        needed = self.width - 1
        parts = LINE_END.split(field)
        if not needed or field.count(self.delimiter) < needed:
            return False
        if any(part.count(self.delimiter) >= needed for part in parts):
            return True
        begins = shape(self._first(LINE_END.split(fields[0])[0]))
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
                place = column_place(file.layout.header, self._id) if self._id else None
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
        before = sum(tally.lines for tally in tallies[:-1])
        self.files[0].tally = Tally(
            sum(tally.rows for tally in tallies), sum(tally.blank for tally in tallies),
            [(before + line, told) for line, told in tallies[-1].footers], before + tallies[-1].lines)

    def by_id(self, column: str) -> "ExportFiles":
        """The same files, with the case id in another column."""
        return ExportFiles(self.files, column)

    def place(self, column: str) -> int | None:
        """Where the column is in a row, or None."""
        return column_place(self.header[1], column)

    def read(self) -> list[tuple[Source, int]]:
        """The fingerprint of each file once it was read, and how many all-blank rows were dropped."""
        return [(file.source, file.tally.blank) for file in self.files]

    def remarks(self) -> list[Problem]:
        """What was dropped, skipped or taken for granted, said once for each file, as warnings."""
        return [remark for file in self.files for remark in file.remarks()]


def open_export(paths: Sequence[Path], wanted: Sequence[str], encoding: str = "") -> ExportFiles:
    """The export in one or several files; `wanted` are the columns, the case id first, by which delimiter and header
    are told.

    Raises BadInput with a problem for every file that is missing, empty, no usable workbook or in no known encoding.
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
    return ExportFiles(files, wanted[0] if wanted else "")


def _opened(path: Path, wanted: Sequence[str], encoding: str) -> ExportFile:
    if path.exists() and not path.is_file() and not path.is_dir():
        raise BadInput(Problem("C001", "This is a pipe or a device, and an export is read more than once.",
                               "Save it as a file, and name that.", str(path)))
    try:
        with open_bytes(path) as stream:
            start = stream.read(4)
        if start == _OLD_WORKBOOK:
            raise BadInput(_workbook(path))
        if start == _WORKBOOK:
            from cqa.files.workbook_in import open_workbook  # noqa: PLC0415 - openpyxl costs 0.2 s, CSV needs none

            return ExportFile(path, *open_workbook(path, wanted))
        return ExportFile(path, *text_records(path, wanted, encoding))
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        remedy = "Ask for permission to read it." if isinstance(error, PermissionError) else \
            "Name a file." if isinstance(error, IsADirectoryError) else "Check the path and its spelling."
        raise BadInput(Problem("C001", f"The export cannot be read: {reason}.", remedy, str(path))) from error


def _workbook(path: Path) -> Problem:
    return Problem("C021", "This is a workbook, not CSV.",
                   "Open it, choose Save as, CSV UTF-8, and name that file. Better: export CSV from the system itself, "
                   "for a workbook loses leading zeros.", str(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
