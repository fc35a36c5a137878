"""The tables of `cqa look`, from which both the screen and --json are rendered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cqa.files.exports import ExportFile
from cqa.files.text_in import DELIMITERS
from cqa.sampling.dates import DateReading
from cqa.sampling.look import Look
from cqa.sampling.look_columns import ColumnLook, StrataLook
from cqa.sampling.look_ids import IdLook
from cqa.screen.clean import one_line
from cqa.table import Cell, Column, Kind, Table

NONE = "(none)"
"""Stands in a cell that has nothing to show; null in JSON."""
_LONGEST = 40
_MOST_SHAPES = 8
_STATUS = {"clear": "clear", "ambiguous": "can be read in two ways", "mixed": "of several forms, or some are no dates",
           "serial": "day numbers of Excel?", "unreadable": "not of the form that was named"}


@dataclass(frozen=True, slots=True)
class Part:
    """A table, and the key of each of its columns in JSON."""

    table: Table
    keys: tuple[str, ...]

    def records(self) -> list[dict[str, object]]:
        """Each row under the keys."""
        return [{key: None if cell == NONE else cell for key, cell in zip(self.keys, row, strict=True)}
                for row in self.table.rows]

    def shown(self) -> list[Table]:
        """The table, if there is anything in it."""
        return [self.table] if self.table.rows else []


Heading = tuple[str, str, Kind]
"""A column's key in JSON, its name on the screen, and its kind."""


def _part(name: str, title: str, headings: Sequence[Heading], rows: Iterable[tuple[Cell, ...]], note: str = "") -> Part:
    return Part(Table(name, title, note, tuple(Column(told, kind) for _, told, kind in headings), tuple(rows)),
                tuple(key for key, _, _ in headings))


def _short(text: str) -> str:
    """A value on one line, cleaned for the terminal and cut visibly."""
    plain = one_line(text)
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}..."


def files(read: Sequence[ExportFile]) -> Part:
    """How each file was read, and what of it was left out."""
    return _part("files", "Files", (
        ("file", "File", "text"), ("encoding", "Encoding", "text"), ("told_by", "told by", "text"),
        ("delimiter", "Separated by", "text"), ("header_line", "Header in line", "number"),
        ("titles", "Titles passed over", "number"), ("rows", "Rows", "number"),
        ("blank", "Blank rows dropped", "number"), ("totals", "Totals dropped", "number")), (
        (one_line(file.where), file.layout.encoding.removesuffix("-sig"), one_line(file.layout.told_by),
         DELIMITERS.get(file.layout.delimiter, file.layout.delimiter), file.layout.header_line,
         len(file.layout.skipped), file.tally.rows, file.tally.blank, len(file.tally.footers)) for file in read))


def columns(seen: Look) -> Part:
    """What each column holds."""
    return _part("columns", "Columns", (
        ("column", "Column", "text"), ("blank", "Blank", "number"), ("distinct", "Distinct values", "text"),
        ("example", "Example", "text"), ("another", "Another", "text"), ("faults", "Header", "text")), (
        (_name(column.name), column.blanks, f"over {column.distinct:,}" if column.over else column.distinct,
         *(*map(_short, column.examples), NONE, NONE)[:2], ", ".join(column.faults) or NONE)
        for column in seen.columns))


def _name(name: str) -> str:
    return _short(name) or NONE


@dataclass(frozen=True, slots=True)
class CaseId:
    """What is to be said of the case id: single figures, and lists under their keys."""

    facts: Part
    values: tuple[tuple[str, Cell], ...]
    lists: tuple[tuple[str, Part], ...]

    def record(self) -> dict[str, object]:
        """All of it as one JSON object."""
        return {**{key: None if value == NONE else value for key, value in self.values},
                **{key: part.records() for key, part in self.lists}}

    def tables(self) -> list[Table]:
        """All of it as tables; lists with nothing in them are left out."""
        return [self.facts.table, *(table for _, part in self.lists for table in part.shown())]


def case_id(seen: Look, name: str | None, told_by: str) -> CaseId:
    """The case id, its shapes, and every reason not to trust it."""
    ids = seen.ids
    told: list[tuple[str, str, Cell]] = [
        ("column", "Column", _name(name or "")), ("told_by", "How it was told", told_by)]
    if ids is not None:
        told += [
            ("distinct", "Distinct ids", ids.distinct), ("blank", "Blank ids", ids.blank),
            ("doubled", "Ids in several rows", ids.several),
            ("alike", "Ids that differ from another only by case or space", ids.alike),
            ("ruined", "Ids that a spreadsheet has ruined", ids.ruined),
            ("wrapped", 'Ids wrapped as ="..." (they are unwrapped)', ids.wrapped)]
    facts = _part("case_id", "Case id", (("what", "What", "text"), ("value", "Found", "text")),
                  ((label, value) for _, label, value in told))
    return CaseId(facts, tuple((key, value) for key, _, value in told), _id_lists(seen, ids) if ids is not None else ())


def _id_lists(seen: Look, ids: IdLook) -> tuple[tuple[str, Part], ...]:
    shapes = _part("shapes", "Shapes of ids (9: a digit, A: a capital, a: a small letter)", (
        ("shape", "Shape", "text"), ("ids", "Ids", "number"), ("share", "Share", "decimal")),
        ((_short(one.shape), one.count, float(one.share)) for one in ids.shapes.shapes[:_MOST_SHAPES]),
        f"And {len(ids.shapes.shapes) - _MOST_SHAPES:,} more." if len(ids.shapes.shapes) > _MOST_SHAPES else "")
    misfits = _part("misfits", f"Ids of rare shapes ({ids.shapes.misfit_count:,} in all)", (
        ("case_id", "Id", "text"), ("line", "Line", "number"), ("shape", "Shape", "text")),
        ((_short(one.case_id), one.line, _short(one.shape)) for one in ids.shapes.misfits))
    several = bool(ids.several)
    doubled = _part("doubled_ids", f"Ids in several rows ({ids.several:,} in all)", (
        ("case_id", "Id", "text"), ("rows", "Rows", "number"), ("lines", "In lines", "text")),
        ((_short(one.case_id), one.rows, _lines(one.places)) for one in ids.doubled))
    rows = _part("rows_per_case", "Rows per case", (("rows", "Rows", "number"), ("cases", "Cases", "number")),
                 ids.rows_per_case if several else ())
    differing = _part("differing", "Columns that differ between rows of one case", (
        ("column", "Column", "text"), ("cases", "Cases", "number"), ("rule", "A rule that would join them", "text")),
        ((_name(seen.columns[place].name), cases, f"--collapse {_name(seen.columns[place].name)}="
          f"{seen.columns[place].rule}") for place, cases in ids.differing),
        "A draw needs a rule for each of these that it uses; 'any' is for yes and no, 'all' keeps every value.")
    return (("shapes", shapes), ("misfits", misfits), ("doubled_ids", doubled), ("rows_per_case", rows),
            ("differing", differing))


def _lines(places: Sequence[tuple[str, int]]) -> str:
    one_file = len({where for where, _ in places}) == 1
    return ", ".join(f"{line}" if one_file else f"{one_line(where)}:{line}" for where, line in places)


def dates(seen: Look) -> Part:
    """Every column of dates: how it is written, from when to when, or what is wrong."""
    return _part("dates", "Dates", (
        ("column", "Column", "text"), ("pattern", "Pattern", "text"), ("earliest", "Earliest", "text"),
        ("latest", "Latest", "text"), ("dates", "Dates", "number"), ("no_dates", "No dates", "number"),
        ("blank", "Blank", "number"), ("reading", "Reading", "text")),
        (_dates_row(column, column.dates) for column in seen.columns if column.dates is not None))


def _dates_row(column: ColumnLook, reading: DateReading) -> tuple[Cell, ...]:
    patterns = " or ".join(dict.fromkeys(
        pattern.name for form in reading.forms for pattern in form.patterns)) or NONE
    return (_name(column.name), patterns, f"{reading.earliest or NONE}", f"{reading.latest or NONE}",
            reading.values - reading.misfit_count, reading.misfit_count, reading.blanks, _STATUS[reading.status])


@dataclass(frozen=True, slots=True)
class Strata:
    """The strata in short, and for each what is listed of them."""

    short: Part
    listed: tuple[Part, ...]
    likely: bool

    def records(self) -> list[dict[str, object]]:
        """Each with its list."""
        return [{**record, "listed": part.records()}
                for record, part in zip(self.short.records(), self.listed, strict=True)]

    def tables(self) -> list[Table]:
        """In short, and the lists of strata that were asked for."""
        return [*self.short.shown(), *(() if self.likely else (part.table for part in self.listed))]


def strata(seen: Look) -> Strata:
    """The strata asked for; else those that columns would make."""
    title = "Columns that --by could name" if seen.likely else "Strata"
    short = _part("strata", title, (
        ("by", "By", "text"), ("strata", "Strata", "text"), ("smallest", "Smallest", "text"),
        ("smallest_rows", "Rows", "number"), ("largest", "Largest", "text"), ("largest_rows", "Rows", "number"),
        ("may_be_one", "May be one", "text")), map(_strata_row, seen.strata))
    return Strata(short, tuple(map(_listed, seen.strata)), seen.likely)


def _strata_row(one: StrataLook) -> tuple[Cell, ...]:
    (smallest, few), (largest, many) = one.smallest[0], one.largest
    doubts = "; ".join(" = ".join(f"'{_short(name)}'" for name, _ in group) for group in one.alike[:3])
    return (one_line(",".join(one.by)), f"over {one.number:,}" if one.over else one.number, _short(smallest), few,
            _short(largest), many, doubts or NONE)


def _listed(one: StrataLook) -> Part:
    rows: list[tuple[Cell, ...]] = [(_short(name), rows, "smallest") for name, rows in one.smallest]
    rows.append((_short(one.largest[0]), one.largest[1], "largest"))
    rows += [(_short(name), count, f"may be '{_short(group[0][0])}'") for group in one.alike
             for name, count in group[1:]]
    return _part("listed", "The smallest strata, the largest, and those that may be one", (
        ("stratum", "Stratum", "text"), ("rows", "Rows", "number"), ("which", "Which", "text")), rows)
