"""withheld.yaml: which columns of cases.csv were left out when a sample was packed, sealed beside its record.

The record, sample.yaml, stays as it was written at the draw; so it names a file that is not here in full.
"""

import csv
import hashlib
import io
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from cqa.errors import Damaged
from cqa.files.building import csv_text
from cqa.files.plain_file import read_file
from cqa.files.recorded import changed, damaged_if_bad, record_reader, unreadable
from cqa.files.sealing import is_sealed, sealed
from cqa.files.yaml_tree import parse_tree

WITHHELD = "withheld.yaml"
FORMAT = "cqa-withheld/1"


@dataclass(frozen=True, slots=True)
class Withheld:
    """The columns left out of cases.csv, and the SHA-256 of that file as drawn and as it is here."""

    columns: tuple[str, ...]
    drawn: str
    packed: str


def cases_without(data: bytes, columns: Container[str]) -> bytes:
    """cases.csv, which must be as it was written, without the columns."""
    rows = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
    kept = [place for place, name in enumerate(rows[0]) if name not in columns]
    return csv_text([[row[place] for place in kept] for row in rows]).encode()


def withheld_record(sample: str, columns: tuple[str, ...], drawn: bytes, packed: bytes) -> bytes:
    """withheld.yaml for a sample of which the file was `drawn` and is `packed`."""
    return sealed({"format": FORMAT, "sample": sample, "columns": list(columns), "cases.csv": {
        "drawn": hashlib.sha256(drawn).hexdigest(), "packed": hashlib.sha256(packed).hexdigest()}}).encode()


def read_withheld(folder: Path) -> Withheld | None:
    """What was left out of a sample's folder; None where nothing was. Raises Damaged when the record cannot be read or
    was changed."""
    path = folder / WITHHELD
    try:
        data = read_file(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Damaged(unreadable(path, error)) from error
    if not is_sealed(data):
        raise Damaged(changed(path))
    reader = record_reader(path)
    tree = reader.mapping(damaged_if_bad(lambda: parse_tree(data, str(path), kept=True)), "the record")
    reader.choice(tree.get("format"), "format", (FORMAT,), "")
    cases = reader.mapping(tree.get("cases.csv"), "cases.csv")
    found = Withheld(reader.texts(tree.get("columns"), "columns"),
                     *(reader.text(reader.required(cases, key, "cases.csv"), key) for key in ("drawn", "packed")))
    if reader.problems:
        raise Damaged(reader.problems)
    return found
