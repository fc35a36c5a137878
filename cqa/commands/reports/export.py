"""`cqa export`: every standing mark, unblinded, for the leader: exact for programs, or safe in a spreadsheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cqa.commands.here import workspace_here
from cqa.commands.records import exit_of, read_samples, rows_of
from cqa.consistency.marks import EXPORT_COLUMNS, MarkRow
from cqa.errors import Problem, WrongUse
from cqa.facts import how_many
from cqa.files.rows_out import Values, computes, write_exact, write_guarded, write_parquet
from cqa.marking.spent import moment_of
from cqa.screen.printer import Printer
from cqa.world import World

_TYPES = {"points": "float64", "signed": "bool", "at": "timestamp"}
"""The types of columns in Parquet that are no text."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Where the marks go: files for CSV and Parquet, and whether the CSV is for people."""

    csv: str = ""
    for_excel: bool = False
    parquet: str = ""


def run(world: World, printer: Printer, names: tuple[str, ...], options: ExportOptions) -> int:
    """Exports the named samples, or all. Raises NotSaved when a file cannot be written, WrongUse for no place, for a
    place inside a sample, and for Parquet without pyarrow.

    Damage inside a journal ends with exit 7, after everything that can be read was exported.
    """
    _check(world, printer, options)
    records = read_samples(workspace_here(world), names)
    printer.problems(problem for record in records for problem in record.problems)
    rows = rows_of(one for record in records for one in record.everyone)
    if options.csv:
        write = write_guarded if options.for_excel else write_exact
        path = write(world.folder / options.csv, EXPORT_COLUMNS, (row.as_json() for row in rows))
        _say(printer, rows, path, _guarded_said(rows) if options.for_excel else "The text is exactly as recorded: read "
             "it with a program; for a spreadsheet add --for-excel.")
    if options.parquet:
        types = {name: _TYPES.get(name, "string") for name in EXPORT_COLUMNS}
        _say(printer, rows, write_parquet(world.folder / options.parquet, types, _typed(rows)), "")
    if printer.as_json:
        printer.json({"rows": [row.as_json() for row in rows]})
    return exit_of(records)


def _check(world: World, printer: Printer, options: ExportOptions) -> None:
    """Everything that is wrong with where the marks should go, before anything is read."""
    if not (options.csv or options.parquet or printer.as_json):
        raise WrongUse(Problem("S018", "Say where the marks should go.", "Add --json, --csv FILE or --parquet FILE."))
    if options.for_excel and not options.csv:
        raise WrongUse(Problem("S018", "--for-excel is about a CSV file, and none is named.", "Add --csv FILE."))
    places = [world.folder / name for name in (options.csv, options.parquet) if name]
    for path in places:
        check_outside_samples(path)
    if len({path.resolve() for path in places}) < len(places):
        raise WrongUse(Problem("S040", "The two files are one and the same.", "Give each a name of its own."))


def _guarded_said(rows: Sequence[MarkRow]) -> str:
    count = sum(computes(value) for row in rows for value in row.as_json().values())
    return f"An apostrophe was put before {how_many(count, 'text')} that a spreadsheet would compute."


def _typed(rows: Sequence[MarkRow]) -> Iterator[Values]:
    """The rows with their moment as one; what is no moment is missing."""
    for row in rows:
        yield {**row.as_json(), "at": moment_of(row.at)}


def _say(printer: Printer, rows: Sequence[MarkRow], path: Path, how: str) -> None:
    told = f"{how_many(len(rows), 'mark')} written to {path}. {how}".rstrip()
    printer.line(f"{told} This file shows who gave which mark: it is the leader's.")


def check_outside_samples(path: Path) -> None:
    """Raises WrongUse for a path inside a sample's folder: what is kept there is the record, and is never written over.
    """
    if any((folder / "sample.yaml").is_file() for folder in path.resolve().parents):
        raise WrongUse(Problem("S018", "The file would lie inside a sample's folder, which holds the record.",
                               "Choose a place outside samples/, such as reports/marks.csv.", str(path)))
