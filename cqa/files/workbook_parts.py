"""A workbook's parts: put together into a file that depends on nothing but its content, and read back from it."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, BinaryIO
from xml.parsers import expat

from lxml import etree

from cqa.files.sheet_rows import TEXT, SheetRows, said

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}cNvPr"
# openpyxl cannot say that a label's format is its own; without that, Excel takes the cells' and draws every label.
_LABEL_FORMAT = re.compile(rb'(<c?:?numFmt formatCode="[^"]*")\s*/>')
_DIMENSION = re.compile(rb'(<dimension ref=")[^"]*')
_END_OF_ROWS = b"</sheetData>"
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


@dataclass(slots=True)
class SheetParts:
    """What a sheet holds beside its heading rows, and what every row is to say: heading rows by number, then the
    table's."""

    title: str
    columns: str = "A"
    heading: dict[int, list[str]] = field(default_factory=dict)
    rows: SheetRows | None = None

    @property
    def expected(self) -> Iterator[tuple[int, int]]:
        """Row number and what it says, in order."""
        for number in sorted(self.heading):
            yield number, said(TEXT + text for text in self.heading[number])
        if self.rows:
            yield from enumerate(self.rows.says, start=self.rows.first)


def put_together(
    skeleton: bytes, sheets: Sequence[SheetParts], made_at: datetime, alt_texts: Sequence[str], into: BinaryIO
) -> None:
    """Writes the finished workbook into a stream: `skeleton` is the workbook without the rows of its tables.

    Parts carry one date, and stand in one order, so that equal books are equal bytes; charts get their texts.
    """
    texts = iter(alt_texts)
    when = made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    by_part = {_part_of(number): sheet for number, sheet in enumerate(sheets, start=1)}
    with zipfile.ZipFile(io.BytesIO(skeleton)) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", _numbers(name))):
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + when, part)
            elif name.startswith("xl/charts/chart"):
                part = _LABEL_FORMAT.sub(rb'\g<1> sourceLinked="0"/>', part)
            elif name.startswith("xl/drawings/drawing"):
                part = _described(part, next(texts))
            _put(new, name, part, by_part.get(name))


def _put(new: zipfile.ZipFile, name: str, part: bytes, sheet: SheetParts | None) -> None:
    entry = zipfile.ZipInfo(name, _ZIP_DATE)
    entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, _UNIX
    if sheet is None or sheet.rows is None:
        new.writestr(entry, part)
        return
    part = _DIMENSION.sub(rb"\g<1>" + f"A1:{sheet.columns}{sheet.rows.last}".encode(), part, count=1)
    before, end, after = part.partition(_END_OF_ROWS)
    # Above 2 GiB a zip needs longer fields, which are chosen by the size that is expected.
    entry.file_size = len(part) + sheet.rows.size
    with new.open(entry, "w") as target:
        target.write(before)
        for chunk in sheet.rows.chunks():
            target.write(chunk)
        target.write(end + after)


def _part_of(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"


def _numbers(name: str) -> tuple[str, int]:
    """Part names in the order of their numbers, so that drawing10 follows drawing9."""
    digits = re.search(r"(\d+)\.xml", name)
    return re.sub(r"\d+", "", name), int(digits[1]) if digits else 0


def _described(drawing: bytes, text: str) -> bytes:
    root = etree.fromstring(drawing)
    for number, frame in enumerate(root.iter(_DRAWING), start=1):
        frame.set("descr", text)
        frame.set("name", f"Chart {number}")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def first_difference(file: BinaryIO, sheets: Sequence[SheetParts]) -> str:
    """Where the finished workbook, read as XML, says something else than was to be written; empty where nowhere."""
    with zipfile.ZipFile(file) as archive:
        for number, sheet in enumerate(sheets, start=1):
            with archive.open(_part_of(number)) as part:
                found = _rows(part)
                for row, said in sheet.expected:
                    if next(found, None) != (row, said):
                        return f"sheet '{sheet.title}', row {row}"
                if (more := next(found, None)) is not None:
                    return f"sheet '{sheet.title}', row {more[0]}"
    return ""


def _rows(part: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Every row that has a cell: its number and what it says. The reader is not the one that openpyxl writes with."""
    reader = _RowReader()
    while chunk := part.read(1 << 18):
        yield from reader.rows_of(chunk)


class _RowReader:
    """Follows the XML of a sheet and remembers the rows that have ended."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self._started
        self.parser.EndElementHandler = self._ended
        self.number, self.mark = 0, ""
        self.text: list[str] = []
        self.parser.CharacterDataHandler = self.text.append
        self.cells: list[str] = []
        self.found: list[tuple[int, int]] = []

    def rows_of(self, chunk: bytes) -> list[tuple[int, int]]:
        """The rows that end in this part of the XML."""
        self.found = []
        self.parser.Parse(chunk)
        return self.found

    def _started(self, name: str, attributes: list[str]) -> None:
        if name == "c":
            self.text.clear()
            self.mark = TEXT if "inlineStr" in attributes else ""
        elif name == "row":
            self.cells.clear()
            self.number = int(attributes[attributes.index("r") + 1])

    def _ended(self, name: str) -> None:
        if name == "c":
            self.cells.append(self.mark + "".join(self.text))
        elif name == "row" and self.cells:
            self.found.append((self.number, said(self.cells)))
