"""Records that seal themselves: their last line holds the SHA-256 of all before it."""

import hashlib
from collections.abc import Mapping

from cqa.errors import BadInput, Problem
from cqa.files.yaml_tree import parse_tree, written
from cqa.tree import Plain

_SEAL = b"seal: "
"""Begins a record's last line."""
_SURELY_READ = 64 * 1024
"""A record of so many bytes is within every limit of reading, for each of its parts takes four at least."""


def sealed(record: Mapping[str, Plain]) -> str:
    """The record with a last line that holds the SHA-256 of all before it, so that a careless edit shows.

    Raises BadInput for a record that could not be read again: nothing may be drawn then.
    """
    text = written(record)
    body = text.encode()
    _check_readable(body)
    return f'{text}{_SEAL.decode()}"{hashlib.sha256(body).hexdigest()}"\n'


def _check_readable(body: bytes) -> None:
    """Raises BadInput for a record larger than those that are read. A small one need not be tried."""
    if len(body) <= _SURELY_READ:
        return
    try:
        parse_tree(body + _SEAL + b'"' + 64 * b"0" + b'"\n', "the record", kept=True)
    except BadInput as error:
        raise BadInput(Problem("P012", f"The record of this draw would have {len(body):,} bytes, too many to be read "
                               "again.", "Draw by fewer columns, so that there are fewer strata, or shorten the "
                               "longest values in these columns.")) from error


def is_sealed(data: bytes) -> bool:
    """Whether the last line is the SHA-256 of all before it, to the byte as it was written."""
    body, _, seal = data.rpartition(_SEAL)
    return seal == f'"{hashlib.sha256(body).hexdigest()}"\n'.encode()
