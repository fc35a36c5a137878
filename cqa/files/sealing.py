"""Records that seal themselves: their last line holds the SHA-256 of all before it."""

import hashlib
from collections.abc import Mapping

from cqa.files.yaml_tree import written
from cqa.tree import Plain

_SEAL = b"seal: "
"""Begins a record's last line."""


def sealed(record: Mapping[str, Plain]) -> str:
    """The record with a last line that holds the SHA-256 of all before it, so that a careless edit shows."""
    text = written(record)
    return f'{text}{_SEAL.decode()}"{hashlib.sha256(text.encode()).hexdigest()}"\n'


def is_sealed(data: bytes) -> bool:
    """Whether the last line is the SHA-256 of all before it, to the byte as it was written."""
    body, _, seal = data.rpartition(_SEAL)
    return seal == f'"{hashlib.sha256(body).hexdigest()}"\n'.encode()
