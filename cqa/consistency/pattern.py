"""How one reviewer uses the levels of a question, beside the range of the others, whom nobody can tell apart in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FEWEST_OTHERS = 3
"""With fewer, the lowest or the highest of a range would be somebody in particular."""

Uses = Mapping[str, int]
"""Level id to how often a reviewer gave it."""


@dataclass(frozen=True, slots=True)
class LevelUse:
    """One level of one question: `given` of the reviewer's `marks` there; `low` and `high` are the smallest and
    largest share, as fractions of 1, among the `others` that were compared. Both are None where nothing is shown."""

    level: str
    given: int
    marks: int
    others: int
    low: float | None
    high: float | None

    @property
    def share(self) -> float | None:
        """The reviewer's own share; None where they gave no mark."""
        return self.given / self.marks if self.marks else None

    def reading(self, small: int) -> str:
        """In words, where the own share lies; a share of fewer than `small` marks is not compared."""
        share = self.share
        if share is None or self.low is None or self.high is None or self.marks < small:
            return "not compared"
        mine, low, high = map(_shown, (share, self.low, self.high))
        return "above the range" if mine > high else "below the range" if mine < low else "in the range"


def _shown(share: float) -> int:
    """A share in whole per cent, as a sheet shows it: what reads alike is not called different."""
    return int(100 * share + 0.5)


def level_uses(mine: Uses, others: Iterable[Uses], levels: Iterable[str], small: int) -> tuple[LevelUse, ...]:
    """The use of each level. Others with fewer than `small` marks on the question are not compared, and without
    FEWEST_OTHERS that are, there is no range."""
    compared = [uses for uses in others if sum(uses.values()) >= max(small, 1)]
    marks, shown = sum(mine.values()), len(compared) >= FEWEST_OTHERS
    shares = {level: [uses.get(level, 0) / sum(uses.values()) for uses in compared if shown] for level in levels}
    return tuple(LevelUse(level, mine.get(level, 0), marks, len(compared) if shown else 0,
                          min(found, default=None), max(found, default=None)) for level, found in shares.items())
