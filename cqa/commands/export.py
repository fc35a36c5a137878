"""`cqa export`: every standing mark, unblinded, for the leader: exact for programs, or safe in a spreadsheet."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from cqa.commands.here import workspace_here
from cqa.commands.records import exit_of, mark_rows, read_samples
from cqa.consistency.marks import EXPORT_COLUMNS, MarkRow
from cqa.errors import Problem, WrongUse
from cqa.facts import how_many, is_number
from cqa.files.atomic import write_with
from cqa.screen.printer import Printer
from cqa.whole import made_whole
from cqa.world import World

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def run(world: World, printer: Printer, names: tuple[str, ...], csv_file: str | None,
        for_excel: str | None = None) -> int:
    """Exports the named samples, or all. Raises NotSaved when a file cannot be written, WrongUse for no place or a
    place inside a sample.

    Damage inside a journal ends with exit 7, after everything that can be read was exported.
    """
    if csv_file is None and for_excel is None and not printer.as_json:
        raise WrongUse(Problem("S018", "Say where the marks should go.",
                               "Add --json, --csv FILE for a program, or --for-excel FILE for people."))
    places = [world.folder / name for name in (csv_file, for_excel) if name is not None]
    for path in places:
        _outside_samples(path)
    if len({path.resolve() for path in places}) < len(places):
        raise WrongUse(Problem("S040", "The two files are one and the same.", "Give each a name of its own."))
    records = read_samples(workspace_here(world, printer), names)
    printer.problems(problem for record in records for problem in record.problems)
    rows = mark_rows(records)
    if csv_file is not None:
        path = write_with(world.folder / csv_file, lambda stream: _exact(rows, stream), _unchecked)
        _say(printer, rows, path, "The text is exactly as recorded: read it with a program, and never open it in a "
             "spreadsheet.")
    if for_excel is not None:
        guarded = sum(_computes(value) for row in rows for value in row.as_json().values())
        path = write_with(world.folder / for_excel, lambda stream: _for_people(rows, stream), _unchecked)
        _say(printer, rows, path, f"An apostrophe was put before {how_many(guarded, 'text')} that a spreadsheet "
             "would compute.")
    if printer.as_json:
        printer.json({"rows": [row.as_json() for row in rows]})
    return exit_of(records)


def _say(printer: Printer, rows: Sequence[MarkRow], path: Path, how: str) -> None:
    printer.line(f"{how_many(len(rows), 'mark')} written to {path}. {how} This file shows who gave which mark: it is "
                 "the leader's.")


def _outside_samples(path: Path) -> None:
    """Raises WrongUse for a path inside a sample's folder: what is kept there is the record, and is never written over.
    """
    if any((folder / "sample.yaml").is_file() for folder in path.resolve().parents):
        raise WrongUse(Problem("S018", "The file would lie inside a sample's folder, which holds the record.",
                               "Choose a place outside samples/, such as reports/marks.csv.", str(path)))


def _exact(rows: Iterable[MarkRow], stream: BinaryIO) -> None:
    """CSV for programs (RFC 4180): UTF-8 without a mark, lines ended by CR and LF, what is missing left empty."""
    _put(rows, stream, "utf-8", lambda value: value)


def _for_people(rows: Iterable[MarkRow], stream: BinaryIO) -> None:
    """CSV for people: UTF-8 with a byte-order mark, and an apostrophe before text that a spreadsheet would compute."""
    _put(rows, stream, "utf-8-sig", _told)


def _put(rows: Iterable[MarkRow], stream: BinaryIO, encoding: str, told: Callable[[object], object]) -> None:
    """One row after the other, so that the file is never held whole."""
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    writer = csv.writer(text)
    writer.writerow(EXPORT_COLUMNS)
    for row in rows:
        values = row.as_json()
        writer.writerow([_field(told(values[name])) for name in EXPORT_COLUMNS])
    text.detach()


def _field(value: object) -> object:
    """A field: nothing for what is missing, `true` and `false` as JSON has them, half characters as U+FFFD."""
    if isinstance(value, str):
        return made_whole(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value


def _computes(value: object) -> bool:
    return isinstance(value, str) and value.startswith(_FORMULA_SIGNS) and not is_number(value)


def _told(value: object) -> object:
    return f"'{value}" if _computes(value) else value


def _unchecked(path: Path) -> None:
    """Nothing is left to look at in a file of text once it is on the disk."""
