"""Holds every record of an export against its header: none ragged or swallowed, and no total taken for a case."""

from dataclasses import dataclass, field

from cqa.errors import Findings, Problem
from cqa.files.layout import Layout
from cqa.files.text_in import DELIMITERS, LINE_END
from cqa.sampling.frame import Batch, Fields
from cqa.sampling.shapes import Shapes, looks_like_total, shape

_FOOTERS = 5
"""How many total lines may stand at the end of a file."""
_CTRL_Z = "\x1a"
"""What old programs end a file with."""


@dataclass(slots=True)
class Tally:
    """What a pass over a file counted besides its rows."""

    rows: int = 0
    blank: int = 0
    footers: list[tuple[int, str]] = field(default_factory=list)
    """The total lines at the end: on which line each stands, and what it says."""
    lines: int = 0
    """How many lines a part has, which those of the next one come after."""


class RowCheck:
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
