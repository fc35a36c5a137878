"""What can be seen of an export's case ids in one pass, and in a second one where ids stand in several rows."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from heapq import nsmallest
from itertools import groupby, islice
from operator import itemgetter
from zlib import crc32

from cqa.errors import SHOWN, BadInput, Findings, Problem
from cqa.sampling.case_rows import Doubles, with_ids
from cqa.sampling.frame import Batch, Export
from cqa.sampling.runs import Runs
from cqa.sampling.shapes import ShapeReading, Shapes, unwrapped
from cqa.sampling.ticket import normal_id

MOST_NAMED = 20_000
"""Among how many ids with several rows those are looked for whose lines are named."""
_HASH = 6
"""How many hex digits stand for a value when the rows of a case are compared."""


@dataclass(frozen=True, slots=True)
class Doubled:
    """A case id that stands in several rows, how many, and file and line of the first ten."""

    case_id: str
    rows: int
    places: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class IdLook:
    """What the ids are like. `rows_per_case` counts cases by their rows; `differing` counts, for each column's place,
    the cases whose rows differ in it; `alike` counts rows whose id differs from an earlier one only in case or space.
    """

    distinct: int
    blank: int
    ruined: int
    alike: int
    wrapped: int
    shapes: ShapeReading
    doubled: tuple[Doubled, ...]
    rows_per_case: tuple[tuple[int, int], ...]
    differing: tuple[tuple[int, int], ...]
    problems: tuple[Problem, ...]

    @property
    def several(self) -> int:
        """How many cases have more than one row."""
        return sum(cases for rows, cases in self.rows_per_case if rows > 1)


class IdTally:
    """Gathers the ids at `place`, block by block: a few bytes for each."""

    def __init__(self, place: int) -> None:
        self.place = place
        self._findings = Findings()
        self._runs, self._shapes = Runs(), Shapes()
        self._files: list[str] = []
        self._wrapped = 0

    def add(self, batch: Batch) -> None:
        """The next rows."""
        if batch.where not in self._files:
            self._files.append(batch.where)
        cases = with_ids(batch, self.place, self._findings)
        file = self._files.index(batch.where)
        self._runs.add(cases.ids, [f"{file}:{line}" for line in cases.lines])
        self._shapes.add(cases.ids, cases.lines)
        raw = [row[self.place] for row in batch.rows]
        if "=" in "".join(raw):
            self._wrapped += sum(unwrapped(text) != text for text in raw)

    def conclude(self, export: Export, may_join: bool) -> IdLook:
        """What the ids are like; reads the export once more where ids stand in several rows, or look alike.

        That an id stands in several rows is a warning: a draw can be told how they join.
        """
        sizes, doubled = self._sizes()
        culprits = set(self._runs.doubled()) if doubled or self._runs.tells_case else set()
        doubles = Doubles(self.place, islice(sorted(culprits), MOST_NAMED), may_join)
        differing = _read_again(export, self.place, culprits, doubles) if culprits else Counter[int]()
        named = (replace(one, severity="warning") if one.code == "C008" else one
                 for one in doubles.findings.problems())
        counts = self._findings.counts
        return IdLook(
            sizes.total(), counts.get("C007", 0), counts.get("C019", 0), doubles.findings.counts.get("C009", 0),
            self._wrapped, self._shapes.conclude(), doubled, tuple(sorted(sizes.items())),
            tuple(sorted(differing.items())), (*self._findings.problems(), *named))

    def _sizes(self) -> tuple[Counter[int], tuple[Doubled, ...]]:
        """How many cases have how many rows, and the first ten cases that have several."""
        sizes = Counter[int]()
        kept: list[tuple[list[tuple[int, int]], str]] = []
        for ids, tags in self._runs.sorted():
            counts = Counter(ids)
            sizes.update(counts.values())
            if len(counts) < len(ids):
                several = ((sorted(map(_place, group)), case_id) for case_id, group in _grouped(ids, tags)
                           if counts[case_id] > 1)
                kept = nsmallest(SHOWN, (*kept, *nsmallest(SHOWN, several)))
        return sizes, tuple(
            Doubled(case_id, len(places), tuple((self._files[file], line) for file, line in places[:SHOWN]))
            for places, case_id in kept)


def _grouped(ids: Sequence[str], tags: Sequence[str]) -> Iterator[tuple[str, Iterator[str]]]:
    """Each id with its tags; equal ids follow one another."""
    for case_id, group in groupby(zip(ids, tags, strict=True), key=itemgetter(0)):
        yield case_id, map(itemgetter(1), group)


def _place(tag: str) -> tuple[int, int]:
    file, _, line = tag.partition(":")
    return int(file), int(line)


def _read_again(export: Export, place: int, culprits: set[str], doubles: Doubles) -> Counter[int]:
    """Names the lines of doubled and look-alike ids, and counts in which columns the rows of one case differ."""
    rows, hashes = Runs(), _Hashes()
    with suppress(BadInput):  # what stops the reading was said the first time
        for batch in export.batches():
            cases = with_ids(batch, place, Findings())
            wanted = [number for number, case_id in enumerate(cases.ids) if case_id.casefold() in culprits]
            several = [cases.rows[number] for number in wanted]
            doubles.add(Batch(batch.where, [cases.lines[number] for number in wanted], several))
            rows.add([cases.ids[number] for number in wanted],
                     ["".join([hashes[value] for value in row]) for row in several])
            if len(hashes) > MOST_NAMED:
                hashes.clear()
    differing = Counter[int]()
    for ids, tags in rows.sorted():
        for _, group in _grouped(ids, tags):
            differing.update(_different(set(group)))
    return differing


class _Hashes(dict[str, str]):
    """What stands for a value, worked out when it is first met: most columns hold few different ones."""

    def __missing__(self, value: str) -> str:
        told = crc32(normal_id(value).encode("utf-8", "surrogatepass")) & 0xFFFFFF
        self[value] = made = f"{told:0{_HASH}x}"
        return made


def _different(tags: set[str]) -> Sequence[int]:
    """The places in which rows differ, each given as the hashes of its values one after the other."""
    if len(tags) == 1:
        return ()
    first, *others = tags
    return [place for place in range(len(first) // _HASH)
            if any(one[place * _HASH:(place + 1) * _HASH] != first[place * _HASH:(place + 1) * _HASH]
                   for one in others)]
