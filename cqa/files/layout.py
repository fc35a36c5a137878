"""How a file of an export is laid out: which of its first rows is the header, and what stands above it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from cqa.errors import Problem
from cqa.facts import folded
from cqa.sampling.frame import Batch
from cqa.sampling.id_column import id_rank

HEADER_WITHIN = 20
"""Among how many rows that are not blank the header is looked for."""

Candidate = tuple[str, int, tuple[str, ...]]
"""A row that may be the header: the delimiter it was split by, its line, its fields."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is to be read: its encoding and how that was told, its delimiter, and where its header stands."""

    encoding: str
    delimiter: str
    header_line: int
    header: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    """Title lines above the header."""
    told_by: str = ""


class Records(Protocol):
    """The rows of a file below its header, as often as asked for."""

    def read(self, id_place: int | None) -> Iterator[Batch]:
        """All rows. Raises BadInput where reading has to stop, or at the end with every cell that cannot be used."""
        ...

    def remarks(self) -> Sequence[Problem]:
        """What the last reading took for granted, as warnings."""
        ...


def header_among(found: Sequence[Candidate], wanted: Sequence[str]) -> Candidate:
    """The candidate that names most of the `wanted` columns, the case id first among them.

    Where none names the case id, the header is the first row that has a column called like an id, else the first that
    is as wide as most rows and mostly filled; what is missing is then said of it.
    """
    names = list(map(folded, wanted))
    named = [one for one in found if names and names[0] in map(folded, one[2])]
    if named:
        return max(named, key=lambda one: (
            sum(name in set(map(folded, one[2])) for name in names), -one[1], len(one[2])))
    widths = Counter((delimiter, len(fields)) for delimiter, _, fields in found)

    def likely(one: Candidate) -> tuple[bool, bool, int, bool, int, int]:
        delimiter, line, fields = one
        filled = 2 * sum(map(bool, map(str.strip, fields))) > len(fields)
        return (any(id_rank(field) is not None for field in fields), len(fields) > 1, widths[delimiter, len(fields)],
                filled, -line, len(fields))

    return max(found, key=likely)
