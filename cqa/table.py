"""The table that a sheet, a terminal listing and `--json` are all rendered from."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Literal

Cell = str | int | float
Row = tuple[Cell, ...]
Kind = Literal["id", "text", "long", "number", "percent", "decimal"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `kind` says how it is set (`percent` holds a fraction of 1, `decimal` shows two places).

    Blank cells of a column to `fill` are the reader's own: they stay empty, and may be written in; `offered` are the
    words to choose from there, where that is all that may be written.
    """

    name: str
    kind: Kind = "text"
    width: int = 0
    fill: bool = False
    offered: tuple[str, ...] = ()


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
    """Rows under named columns. Every row is as long as `columns`; no cell is empty but those to fill: what is missing
    says why.

    Rows that are many are best `Made`, so that they are never all in memory.
    """

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: Collection[Row]
