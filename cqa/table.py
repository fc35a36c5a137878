"""The table that a sheet, a terminal listing and `--json` are all rendered from, and the book that holds several."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Cell = str | int | float
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
class Table:
    """Rows under named columns. Every row is as long as `columns`; no cell is empty: what is missing says why."""

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class StackedBars:
    """A chart of shares: one bar for each row of the named table, one band for each of `bands` (percent columns)."""

    name: str
    title: str
    sentence: str
    table: str
    categories: str
    bands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook before it is written: a cover of label and text, notes, tables each on a sheet, charts of them."""

    title: str
    organisation: str
    language: str
    cover: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    tables: tuple[Table, ...]
    charts: tuple[StackedBars, ...] = ()
