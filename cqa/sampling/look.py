"""One look at an export before anybody trusts it: everything that can be seen, and everything that would stop a draw.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cqa.errors import BadInput, Problem
from cqa.sampling import date_words
from cqa.sampling.date_patterns import Pattern
from cqa.sampling.frame import Batch, Export, column_place
from cqa.sampling.look_columns import (
    ColumnLook,
    ColumnTally,
    StrataLook,
    StrataTally,
    faults_of,
    likely_strata,
)
from cqa.sampling.look_ids import IdLook, IdTally


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen. `id_place` and `ids` are None where no column holds the case id; `strata` are those asked for,
    or where none were asked for, those that single columns would make (`likely`).

    A problem with the severity `error` would stop any draw; a warning stops some, or none.
    """

    rows: int
    columns: tuple[ColumnLook, ...]
    id_place: int | None
    ids: IdLook | None
    strata: tuple[StrataLook, ...]
    likely: bool
    problems: tuple[Problem, ...]


def look(
    export: Export, id_place: int | None, by: Sequence[str] = (), patterns: tuple[Pattern, ...] = (),
    may_join: bool = False,
) -> Look:
    """Reads the export once, and once more where ids stand in several rows. `by` are names of columns that there are.
    """
    header = export.header[1]
    columns = [ColumnTally(name, place) for place, name in enumerate(header)]
    ids = None if id_place is None else IdTally(id_place)
    places = tuple(place for name in by if (place := column_place(header, name)) is not None)
    strata = StrataTally(tuple(by), places) if by else None
    rows = 0
    problems: tuple[Problem, ...] = ()
    try:
        for batch in filter(_filled, export.batches()):
            rows += len(batch.rows)
            for column, values in zip(columns, zip(*batch.rows, strict=True), strict=True):
                column.add(values, batch.lines)
            if ids is not None:
                ids.add(batch)
            if strata is not None:
                strata.add(batch.rows)
    except BadInput as error:
        problems = error.problems
    seen = tuple(column.conclude(faults, patterns)
                 for column, faults in zip(columns, faults_of(header), strict=True))
    told = ids.conclude(export, may_join) if ids is not None else None
    found = likely_strata(seen, id_place) if strata is None else strata.conclude()
    return Look(rows, seen, id_place, told, tuple(found), strata is None, (
        *problems, *_nothing(export, rows, problems), *(told.problems if told else ()),
        *(strata.problems if strata else ()), *_date_problems(seen, export.where),
        *(() if strata is None else _one_stratum(found, export.where))))


def _filled(batch: Batch) -> bool:
    return bool(batch.rows)


def _nothing(export: Export, rows: int, problems: Sequence[Problem]) -> list[Problem]:
    if rows or problems:
        return []
    return [Problem("C002", "The export has a header but no cases.", "Export it again.", export.where)]


def _date_problems(columns: Sequence[ColumnLook], where: str) -> list[Problem]:
    """What keeps a column's dates from being read: warnings, for a draw that uses no date needs none."""
    return [replace(problem, severity="warning") for column in columns if column.dates is not None
            for problem in date_words.problems(column.dates, column.name.strip(), where)]


def _one_stratum(strata: Sequence[StrataLook], where: str) -> list[Problem]:
    return [Problem("S024", "These strata may be one: " + ", ".join(f"'{name}' (rows: {rows})" for name, rows in group)
                    + ".", "Make the values alike in the export, if they mean the same.", where, severity="warning")
            for one in strata for group in one.alike]
