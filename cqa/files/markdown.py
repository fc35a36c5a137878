"""Markdown that shows text as it was typed: whatever stands in it, it is never taken for mark-up."""

import re
from collections.abc import Iterator

from cqa.table import Table

_SIGNS = re.compile(r"([\\`*_\[\]<>|~#&!])")
_BULLET = re.compile(r"^([-+=])")
_NUMBER = re.compile(r"^(\d+)([.)])(?=\s|$)")


def escaped(text: str) -> str:
    """The text on one line, every sign that Markdown or HTML would take for its own made plain."""
    line = _SIGNS.sub(r"\\\1", " ".join(text.split()))
    return _NUMBER.sub(r"\1\\\2", _BULLET.sub(r"\\\1", line))


def heading(depth: int, text: str) -> str:
    """A heading; `depth` 1 is the document's."""
    return f"{'#' * depth} {escaped(text)}"


def table_lines(table: Table) -> Iterator[str]:
    """The table as a pipe table, figures to the right."""
    yield _row([escaped(column.name) for column in table.columns])
    yield _row(["---" if column.kind in ("id", "text", "long") else "--:" for column in table.columns])
    for row in table.rows:
        yield _row([escaped(str(cell)) for cell in row])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
