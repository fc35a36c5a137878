"""All rows of the fault suite in their order, and their results as a table."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults import (
    checker,
    clocks,
    cuts_and_flips,
    damages,
    full_disk,
    kills,
    mutants,
    nth_call,
    obstacles,
    power_cuts,
    sequences,
    sittings,
    strace,
    taken_away,
)
from tests.faults.result import Result, Row

ROWS: tuple[Row, ...] = (
    *power_cuts.ROWS, *cuts_and_flips.ROWS, *damages.ROWS, *kills.ROWS, *nth_call.ROWS, *strace.ROWS, *full_disk.ROWS,
    *obstacles.ROWS, *taken_away.ROWS, *sittings.ROWS, *clocks.ROWS, *sequences.ROWS, *checker.ROWS, *mutants.ROWS)
LONGEST_FIRST = ("11", "1 journal", "3", "14 planted", "5 process", "6 calls", "6 strace", "14 mutants", "5 command",
                 "14 files")
"""Where several processes share the rows, these are begun first, so that none is waited for alone at the end."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A row that was run, and how many seconds it took: by the clock, and of the processor."""

    row: Row
    result: Result
    seconds: float
    processor: float

    @property
    def held(self) -> str:
        """In a word, how it ended; one that could not run is never said to have held."""
        return "not run" if self.result.not_run else "yes" if self.result.held else "NO"


def chosen(rows: str) -> tuple[Row, ...]:
    """The rows of these numbers, separated by commas; all where none is named. Raises ValueError for others."""
    numbers = [part.strip() for part in rows.split(",") if part.strip()]
    known = {row.key.split()[0] for row in ROWS}
    if unknown := set(numbers) - known:
        raise ValueError(f"no such row: {', '.join(sorted(unknown))}. Rows: {', '.join(sorted(known, key=int))}.")
    return tuple(row for row in ROWS if not numbers or row.key.split()[0] in numbers)


@contextmanager
def working_folder() -> Iterator[Path]:
    """A folder of its own for a row: in memory where there is such a place, so that a hundred thousand files wait for
    no disk. What a row shows does not depend on it: a killed process leaves the same in either."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="cqa-faults-", dir=memory if os.access(memory, os.W_OK) else None) as place:
        yield Path(place)


def longest_first(rows: Sequence[Row]) -> list[Row]:
    """The rows in the order in which they are best begun."""
    return sorted(rows, key=lambda row: LONGEST_FIRST.index(row.key) if row.key in LONGEST_FIRST else len(ROWS))


def table(ended: Sequence[Ended]) -> str:
    """The results as Markdown, in the order of the rows."""
    order = {row.key: place for place, row in enumerate(ROWS)}
    head = ["| row | what was done | tried | found | held | seconds | of CPU |", "|---|---|---|---|---|---|---|"]
    return "\n".join([*head, *(table_row(one) for one in sorted(ended, key=lambda one: order[one.row.key]))])


def table_row(one: Ended) -> str:
    """One line of the table."""
    result = one.result
    tried = f"{result.tried:,} {result.unit}" if not result.not_run else "-"
    cells = (one.row.key, one.row.does, tried, result.not_run or result.found, one.held, f"{one.seconds:.0f}",
             f"{one.processor:.0f}")
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"
