"""A frame's ids in sorted runs: its digest, its doubled ids and its list, in a few bytes for each case."""

import hashlib
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import compress, pairwise
from pickle import PickleBuffer

RUN = 8_192
"""Entries sorted together. Larger runs cost more memory and are no faster to merge."""
MOST_PIECES = 64
"""Runs are merged in at most so many pieces: finding a place for every cut in every run costs more than it saves."""
_SPENT = 8
"""A run that is being merged is cut short once the eighth part of it is spent, so that both are never held whole."""
_SAMPLES = 8
TAG = "\0"
"""Between an id and its tag: no id holds it, and it sorts before everything else, so entries sort as their ids do."""


class Runs:
    """Entries `id NUL tag` added in any order and given back sorted by id, as UTF-8 bytes sort.

    What is held is the text itself, 12 to 20 bytes an entry, not a Python object for each.
    """

    def __init__(self) -> None:
        self._runs: list[bytes] = []
        self._open: list[str] = []
        self._count = 0
        self._in_order = True
        """Whether each run sorts after the one before it."""

    def __getstate__(self) -> dict[str, object]:
        """For another process: whoever sends them can take the runs out of the message and send them one by one."""
        self._close()
        return {**self.__dict__, "_runs": [PickleBuffer(run) for run in self._runs]}

    def __len__(self) -> int:
        return self._count

    def add(self, ids: Sequence[str], tags: Iterable[str]) -> None:
        """Adds an entry for each id; neither ids nor tags hold a NUL or a line feed."""
        self._open.extend(map(TAG.join, zip(ids, tags, strict=True)))
        self._count += len(ids)
        if len(self._open) >= RUN:
            self._close()

    def join(self, other: "Runs") -> None:
        """Takes in the entries of others, which it then shares with them."""
        other._close()
        self._runs.extend(other._runs)
        self._count += len(other)
        self._in_order = False

    def sort(self) -> None:
        """Puts all entries in order, once; what was sorted apart is then joined sooner and in less memory."""
        self._close()
        if not self._in_order:
            self._runs = list(self._merged())
            self._in_order = True

    def sorted(self) -> Iterator[tuple[list[str], list[str]]]:
        """All entries in order, in pieces: ids and their tags."""
        self.sort()
        for run in self._runs:
            parts = run.decode().replace(TAG, "\n").split("\n")
            yield parts[::2], parts[1::2]

    def digest(self, counts: Container[str]) -> tuple[str, bool]:
        """SHA-256 of the sorted unique ids whose tags count, each followed by a line feed, as
        `LC_ALL=C sort -u ids.txt | sha256sum` prints it; and whether any id occurs twice."""
        digest = hashlib.sha256()
        twice = False
        for ids, tags in self.sorted():
            unique = dict.fromkeys(ids)
            twice = twice or len(unique) < len(ids)
            if not all(map(counts.__contains__, set(tags))):
                unique = dict.fromkeys(compress(ids, map(counts.__contains__, tags)))
            if unique:
                digest.update(("\n".join(unique) + "\n").encode())
        return digest.hexdigest(), twice

    def doubled(self) -> Iterator[str]:
        """Ids that occur more than once, ignoring case: in case-folded form, in order."""
        for ids, _ in self.folded().sorted():
            if len(set(ids)) < len(ids):
                yield from (one.casefold() for before, one in pairwise(ids) if before == one)

    @property
    def tells_case(self) -> bool:
        """Whether ids could differ in nothing but case: not where all letters are plain and of one case."""
        self._close()
        return not (all(run.isascii() for run in self._runs) and (
            all(run == run.upper() for run in self._runs) or all(run == run.lower() for run in self._runs)))

    def folded(self) -> "Runs":
        """The same entries with case-folded ids; these runs themselves where folding changes nothing to tell apart."""
        if not self.tells_case:
            return self
        other = Runs()
        other._count = self._count
        other._in_order = False
        other._runs = ["\n".join(sorted(run.decode().casefold().split("\n"))).encode() for run in self._runs]
        return other

    def _close(self) -> None:
        if self._open:
            self._open.sort()
            self._runs.append("\n".join(self._open).encode())
            self._in_order = len(self._runs) == 1
            self._open = []

    def _merged(self) -> Iterator[bytes]:
        """Runs in order, made of these, which are used up: every run is cut at the same ids, and what lies between two
        cuts is sorted together."""
        cuts = self._cuts()
        runs, self._runs = self._runs, []
        starts = [0] * len(runs)
        for cut in (*cuts, None):
            piece: list[str] = []
            for place, run in enumerate(runs):
                stop = len(run) if cut is None else _position(run, cut, starts[place])
                if stop > starts[place]:
                    piece += run[starts[place]:stop].rstrip(b"\n").decode().split("\n")
                    starts[place] = stop
                if starts[place] * _SPENT > len(run):
                    runs[place], starts[place] = run[stop:], 0
            # All entries of one id are in one piece: a cut is an id without its tag, which sorts before all of them.
            piece.sort()
            if piece:
                yield "\n".join(piece).encode()

    def _cuts(self) -> list[bytes]:
        """Ids, taken evenly from all runs, between which the entries fall into pieces of about the same size."""
        taken = sorted(entry for number, run in enumerate(self._runs) for entry in _taken(run, number))
        pieces = min(len(self._runs), MOST_PIECES)
        return [taken[len(taken) * number // pieces] for number in range(1, pieces)] if taken else []


def _taken(run: bytes, number: int) -> Iterator[bytes]:
    """Some ids from evenly spaced places of a run; each run begins elsewhere, or all would give the same quantiles."""
    step = max(1, len(run) // _SAMPLES)
    for place in range(number * 61 % 97 * step // 97, len(run), step):
        start = run.rfind(b"\n", 0, place) + 1
        yield run[start:run.index(TAG.encode(), start)]


def _position(run: bytes, cut: bytes, low: int) -> int:
    """Where the first entry that is not below `cut` begins, at `low` or after it."""
    high = len(run) if run[low: low + len(cut)] < cut else low
    while low < high:
        middle = (low + high) // 2
        start = run.rfind(b"\n", low, middle) + 1 or low
        end = run.find(b"\n", middle)
        end = len(run) if end < 0 else end
        if run[start:end] < cut:
            low = min(end + 1, len(run))
        else:
            high = start
    return low
