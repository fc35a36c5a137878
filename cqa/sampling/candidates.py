"""The cases with the smallest keys: as many of each stratum as can be drawn from it, however many there are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import lt
from typing import Any

Key = bytes | int
"""What a case is drawn by, smallest first: its ticket, or in a weighted draw ticket / weight."""

_HIGHEST_TICKET = b"\xff" * 33
_HIGHEST_KEY = 1 << 400
_ROOM = 12
"""So many more than can be drawn, and a quarter of these, are kept before they are sorted and cut down."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case that may be drawn. `facts` holds only columns that were asked for."""

    case_id: str
    stratum: str
    handlers: tuple[str, ...]
    facts: Mapping[str, str]
    ticket: str
    weight: int = 1


class Candidates:
    """The cases with the smallest keys in each stratum: as many as can be drawn from it, however many there are."""

    def __init__(self, caps: Mapping[str, int] | int, weighted: bool = False) -> None:
        self._caps, self._kept = caps, defaultdict[str, list[tuple[Key, str, Case]]](list)
        self.weighted = weighted
        self._cuts = _Cuts(_HIGHEST_KEY if weighted else _HIGHEST_TICKET)

    def below(self, keys: Sequence[Key], names: Sequence[str]) -> list[int]:
        """The places of those that may still be among the smallest of their strata."""
        return list(compress(range(len(names)), map(lt, keys, map(self._cuts.__getitem__, names))))

    def wants(self, key: Key, stratum: str) -> bool:
        """Whether the key is still below what is kept of its stratum, after what was kept since `below` was asked."""
        return bool(key < self._cuts[stratum])

    def keep(self, key: Key, case: Case) -> None:
        """Keeps a case until smaller keys push it out."""
        kept, cap = self._kept[case.stratum], self.cap(case.stratum)
        kept.append((key, case.case_id, case))
        if len(kept) > cap + cap // 4 + _ROOM:
            kept.sort(key=_key_and_id)
            del kept[cap:]
            self._cuts[case.stratum] = kept[-1][0] if kept else self._cuts.lowest

    def cap(self, stratum: str) -> int:
        """How many of a stratum are kept at the least."""
        return self._caps if isinstance(self._caps, int) else self._caps.get(stratum, 0)

    def empty(self) -> "Candidates":
        """Candidates under the same caps, with nobody among them."""
        return Candidates(self._caps, self.weighted)

    def join(self, other: "Candidates") -> None:
        """Takes in the candidates of another part of the export."""
        for stratum in other._kept:
            for key, case in other.of(stratum):
                self.keep(key, case)

    def of(self, stratum: str) -> list[tuple[Key, Case]]:
        """The candidates of a stratum, smallest key first, each with its key."""
        kept = sorted(self._kept.get(stratum, ()), key=_key_and_id)
        return [(key, case) for key, _, case in kept[: self.cap(stratum)]]


def _key_and_id(entry: tuple[Key, str, Case]) -> tuple[Key, str]:
    return entry[0], entry[1]


class _Cuts(dict[str, Any]):
    """The key a case must be below, by stratum; the highest of all while little is kept."""

    def __init__(self, highest: Key) -> None:
        super().__init__()
        self.highest = highest
        self.lowest: Key = b"" if isinstance(highest, bytes) else 0

    def __missing__(self, name: str) -> Any:
        return self.highest
