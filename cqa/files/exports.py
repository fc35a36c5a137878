"""Reads an export as it is, in one file or several: every field as text, no row shifted or lost. It streams: one batch
of rows at a time, however large the file."""

import gc
import hashlib
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from cqa.errors import BadInput, Findings, Problem
from cqa.facts import folded
from cqa.files.layout import Layout, Records
from cqa.files.row_check import RowCheck, Tally
from cqa.files.text_in import DELIMITERS, TextRecords, open_bytes, text_records
from cqa.sampling.frame import Batch, column_place
from cqa.sampling.plan import Source

FOUND_BY_ITSELF = frozenset({"utf-8", "cp1252", "utf-16", "xlsx"})
"""What a file says of its encoding without being asked; any other was named."""
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


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
        checker = RowCheck(self.layout, id_place, self.where, self._has_nul)
        self.tally = checker.tally
        try:
            for batch in self._checked(checker, id_place):
                checker.tally.rows += len(batch.rows)
                yield batch
        except BadInput as error:
            for problem in error.problems:
                checker.findings.add(problem)
        checker.findings.stop()

    def _checked(self, checker: RowCheck, id_place: int | None) -> Iterator[Batch]:
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
