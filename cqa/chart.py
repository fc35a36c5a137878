"""The kinds of chart, and which figures of a table each of them draws."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cqa.table import Cell, Column, Row, Table

DOWN, UP = "Down to low", "Up to high"
"""How far an interval reaches from its figure, which is how charts want it told."""
NUMBER = "Number"


@dataclass(frozen=True, slots=True)
class StackedBars:
    """One bar for each row of the table, one band for each of `bands`: shares of 1 that fill it, or counts."""

    name: str
    title: str
    sentence: str
    table: str
    categories: str
    bands: tuple[str, ...]
    axis: str = "Share of answers"
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Intervals:
    """One bar for each row that has a figure, from 0 to it, with its interval; the lowest first, or the highest. With
    `enough`, only rows that have as much in that column."""

    name: str
    title: str
    sentence: str
    table: str
    categories: str
    value: str
    low: str
    high: str
    axis: str
    highest_first: bool = False
    enough: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Funnel:
    """One point for each row that has both figures, among lines of the table `limits`: its first column is the size,
    the others are the lines, of which the first is the middle."""

    name: str
    title: str
    sentence: str
    table: str
    categories: str
    size: str
    value: str
    limits: str
    axis: str
    size_axis: str


@dataclass(frozen=True, slots=True)
class OverTime:
    """One point for each row in the table's order that holds `only` this in that column, with its interval, joined
    only where `unbroken` is the same and the rows follow each other."""

    name: str
    title: str
    sentence: str
    table: str
    categories: str
    unbroken: str
    value: str
    low: str
    high: str
    axis: str
    only: tuple[str, str]


Chart = StackedBars | Intervals | Funnel | OverTime


def plotted(chart: Chart, table: Table) -> Table:
    """The figures that the chart draws, as the table that stands beside it; rows without a figure are left out."""
    if isinstance(chart, StackedBars):
        columns, rows = _picked(table, (chart.categories, *chart.bands), chart.bands)
    elif isinstance(chart, Funnel):
        columns, rows = _picked(table, (chart.categories, chart.size, chart.value), (chart.size, chart.value))
    else:
        columns, rows = _with_reaches(chart, replace(table, rows=_kept(chart, table)))
    return Table(chart.name, chart.title, chart.sentence, tuple(map(_narrowed, columns)), tuple(rows))


def _kept(chart: Intervals | OverTime, table: Table) -> tuple[Row, ...]:
    """The rows that the chart is about."""
    places = {column.name: place for place, column in enumerate(table.columns)}
    if isinstance(chart, OverTime):
        return tuple(row for row in table.rows if row[places[chart.only[0]]] == chart.only[1])
    if chart.enough is None:
        return tuple(table.rows)
    name, least = chart.enough
    return tuple(row for row in table.rows if _number(row[places[name]]) >= least)


def _picked(table: Table, names: Sequence[str], figures: Sequence[str]) -> tuple[list[Column], list[Row]]:
    """These columns of the rows that hold a figure in each of `figures`."""
    places = {column.name: place for place, column in enumerate(table.columns)}
    needed = [places[name] for name in figures]
    rows = [tuple(row[places[name]] for name in names) for row in table.rows
            if all(not isinstance(row[place], str) for place in needed)]
    return [table.columns[places[name]] for name in names], rows


def _with_reaches(chart: Intervals | OverTime, table: Table) -> tuple[list[Column], list[Row]]:
    apart = (chart.unbroken,) if isinstance(chart, OverTime) else ()
    names = (chart.categories, *apart, chart.value, chart.low, chart.high)
    columns, rows = _picked(table, names, (chart.value, chart.low, chart.high))
    kind = columns[-3].kind
    found = [(*row, _number(row[-3]) - _number(row[-2]), _number(row[-1]) - _number(row[-3])) for row in rows]
    columns += [Column(DOWN, kind), Column(UP, kind)]
    if isinstance(chart, OverTime):
        return [Column(NUMBER, "number"), *columns], [(number, *row) for number, row in enumerate(found, start=1)]
    return columns, sorted(found, key=_value, reverse=chart.highest_first)


def _value(row: Row) -> float:
    """The figure of a row with its interval and its reaches."""
    return _number(row[-5])


def _number(cell: Cell) -> float:
    return 0.0 if isinstance(cell, str) else float(cell)


def _narrowed(column: Column) -> Column:
    """As wide as it must be, for the picture wants the room."""
    width = 30 if column.kind in ("text", "long") else 16 if column.kind == "id" else 10
    return Column(column.name, column.kind, width)


def unbroken_runs(names: Iterable[Cell]) -> list[tuple[str, int, int]]:
    """Runs of equal neighbours: what they are, the first place and the last."""
    runs: list[tuple[str, int, int]] = []
    for place, name in enumerate(map(str, names)):
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1], place)
        else:
            runs.append((name, place, place))
    return runs
