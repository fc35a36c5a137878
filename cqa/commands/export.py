"""`cqa export`: every standing mark as JSON or CSV, unblinded, for the leader."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from cqa.commands.here import workspace_here
from cqa.commands.records import exit_of, mark_rows, read_samples
from cqa.consistency.marks import EXPORT_COLUMNS, MarkRow
from cqa.errors import Problem, WrongUse
from cqa.facts import how_many, is_number
from cqa.files.atomic import write_bytes
from cqa.screen.printer import Printer
from cqa.whole import made_whole
from cqa.world import World

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def run(world: World, printer: Printer, names: tuple[str, ...], csv_file: str | None) -> int:
    """Exports the named samples, or all. Raises NotSaved when the CSV file cannot be written.

    Damage inside a journal ends with exit 7, after everything that can be read was exported.
    """
    if csv_file is None and not printer.as_json:
        raise WrongUse(Problem("S018", "Say where the marks should go.", "Add --json, or --csv FILE."))
    if csv_file is not None:
        _outside_samples(world.folder / csv_file)
    records = read_samples(workspace_here(world, printer), names)
    printer.problems(problem for record in records for problem in record.problems)
    rows = mark_rows(records)
    if csv_file is not None:
        path = write_bytes(world.folder / Path(csv_file), _csv(rows))
        printer.line(f"{how_many(len(rows), 'mark')} written to {path}. This file shows who gave which "
                     "mark: it is the leader's.")
    if printer.as_json:
        printer.json({"rows": [row.as_json() for row in rows]})
    return exit_of(records)


def _outside_samples(path: Path) -> None:
    """Raises WrongUse for a path inside a sample's folder: what is kept there is the record, and is never written over.
    """
    if any((folder / "sample.yaml").is_file() for folder in path.resolve().parents):
        raise WrongUse(Problem("S018", "The file would lie inside a sample's folder, which holds the record.",
                               "Choose a place outside samples/, such as reports/marks.csv.", str(path)))


def _csv(rows: Iterable[MarkRow]) -> bytes:
    """CSV for people: UTF-8 with a byte-order mark, and an apostrophe before text that a spreadsheet would compute."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(EXPORT_COLUMNS)
    for row in rows:
        values = row.as_json()
        writer.writerow([_told(values[name]) for name in EXPORT_COLUMNS])
    return made_whole(text.getvalue()).encode("utf-8-sig")


def _told(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA_SIGNS) and not is_number(value):
        return f"'{value}"
    return "" if value is None else value
