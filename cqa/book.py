"""A workbook before it is written: what was found, notes, tables each on a sheet, and pictures of them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cqa.chart import Chart
from cqa.table import Table

UNDATED = datetime(1980, 1, 1, tzinfo=UTC)
"""The date of a workbook whose content tells none: its bytes never depend on when it was written."""


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook before it is written: a cover of label and text, notes, tables each on a sheet, charts of them.

    A `handout` goes to one person, who may write in the cells to fill and in no others: its cover is a summary, and
    the tables come before notes and contents.
    """

    title: str
    organisation: str
    language: str
    cover: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    tables: tuple[Table, ...]
    charts: tuple[Chart, ...] = ()
    handout: bool = False
