"""The table that a sheet, a terminal listing and `--json` are all rendered from, and the book that holds several."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cqa.chart import Chart

Cell = str | int | float
Row = tuple[Cell, ...]
Kind = Literal["id", "text", "long", "number", "percent", "decimal"]
UNDATED = datetime(1980, 1, 1, tzinfo=UTC)
"""The date of a workbook whose content tells none: its bytes never depend on when it was written."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `kind` says how it is set (`percent` holds a fraction of 1, `decimal` shows two places)."""

    name: str
    kind: Kind = "text"
    width: int = 0


@dataclass(frozen=True, slots=True)
class Made(Collection[Row]):
    """`count` rows that are made anew, one by one, each time they are gone through."""

    count: int
    make: Callable[[], Iterator[Row]]

    def __len__(self) -> int:
        """How many rows there are."""
        return self.count

    def __iter__(self) -> Iterator[Row]:
        """The rows, in order."""
        return self.make()

    def __contains__(self, row: object) -> bool:
        """Whether the row is among them."""
        return any(row == other for other in self)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns. Every row is as long as `columns`; no cell is empty: what is missing says why.

    Rows that are many are best `Made`, so that they are never all in memory.
    """

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: Collection[Row]


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook before it is written: a cover of label and text, notes, tables each on a sheet, charts of them."""

    title: str
    organisation: str
    language: str
    cover: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    tables: tuple[Table, ...]
    charts: "tuple[Chart, ...]" = ()
