"""An export made of rows in memory, for tests of what is done with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cqa.sampling.frame import Batch


@dataclass(frozen=True)
class Rows:
    """Rows from line 2 on, handed out in batches of `size`."""

    names: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    size: int = 7
    where: str = "e.csv"

    @property
    def header(self) -> tuple[int, tuple[str, ...]]:
        return 1, self.names

    def batches(self) -> Iterator[Batch]:
        for start in range(0, len(self.rows), self.size):
            part = self.rows[start: start + self.size]
            yield Batch(self.where, range(start + 2, start + 2 + len(part)), part)
