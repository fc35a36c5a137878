"""Rows for other programs and for people: CSV exact or guarded, and Parquet where pyarrow is there."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from cqa.errors import Problem, WrongUse
from cqa.facts import is_number
from cqa.files.atomic import write_with
from cqa.whole import made_whole

Values = Mapping[str, object]
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_AT_ONCE = 50_000


def write_exact(path: Path, columns: Sequence[str], rows: Iterable[Values]) -> Path:
    """CSV for programs (RFC 4180): UTF-8 without a mark, lines ended by CR and LF, what is missing left empty. Raises
    NotSaved."""
    return _written(path, lambda stream: put_rows(stream, columns, rows, "utf-8", lambda value: value))


def write_guarded(path: Path, columns: Sequence[str], rows: Iterable[Values]) -> Path:
    """CSV for people: UTF-8 with a byte-order mark, and an apostrophe before text that a spreadsheet would compute.
    Raises NotSaved."""
    return _written(path, lambda stream: put_rows(stream, columns, rows, "utf-8-sig", guarded))


def write_parquet(path: Path, columns: Mapping[str, str], rows: Iterable[Values]) -> Path:
    """Parquet with `columns` of the types `string`, `float64`, `bool` and `timestamp`, all nullable. Raises WrongUse
    where pyarrow is not installed, NotSaved for the disk."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - optional, and heavy
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        raise WrongUse(Problem("S041", "Parquet needs pyarrow, which is not installed here.",
                               'Install it with: python -m pip install "pyarrow>=17", or use --csv FILE.')) from error
    types = {"string": pa.string(), "float64": pa.float64(), "bool": pa.bool_(), "timestamp": pa.timestamp("us", "UTC")}
    schema = pa.schema([(name, types[kind]) for name, kind in columns.items()])

    def fill(stream: BinaryIO) -> None:
        with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
            for batch in _batches(rows):
                writer.write_table(pa.Table.from_pylist(batch, schema=schema))

    return _written(path, fill)


def _batches(rows: Iterable[Values]) -> Iterator[list[dict[str, Any]]]:
    waiting = iter(rows)
    while batch := [{name: made_whole(value) if isinstance(value, str) else value for name, value in row.items()}
                    for row in islice(waiting, _AT_ONCE)]:
        yield batch


def _written(path: Path, fill: Callable[[BinaryIO], None]) -> Path:
    return write_with(path, fill, lambda part: None)


def put_rows(
    stream: BinaryIO, columns: Sequence[str], rows: Iterable[Values], encoding: str, told: Callable[[object], object]
) -> None:
    """One row after the other, so that the file is never held whole."""
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_field(told(row[name])) for name in columns] for row in rows)
    text.detach()


def _field(value: object) -> object:
    """A field: nothing for what is missing, `true` and `false` as JSON has them, half characters as U+FFFD."""
    if isinstance(value, str):
        return made_whole(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else value


def computes(value: object) -> bool:
    """Whether a spreadsheet might compute this text; a plain number is none."""
    return isinstance(value, str) and value.startswith(FORMULA_SIGNS) and not is_number(value)


def guarded(value: object) -> object:
    """The value, with an apostrophe before a text that a spreadsheet might compute."""
    return f"'{value}" if computes(value) else value
