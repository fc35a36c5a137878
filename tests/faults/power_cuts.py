"""Power lost after any call of a journal or of an atomic write: every state of the disk is opened again."""

import hashlib
import json
import random
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cqa.errors import Damaged, NotSaved
from cqa.files.atomic import write_bytes
from cqa.files.journal import Journal, read_journal
from cqa.marking.chain import read_chain
from tests.faults.disk import Contents, Disk, Moment, Unsynced, atomic_on
from tests.faults.result import Result, Row, Size, Tally, sized

NAME = "ann.1.jsonl"
TEXTS = (0, 0, 0, 20, 20, 100)
"""Letters in a mark's reason."""
OVER_AN_EDGE = 1_500
"""Letters in a reason now and then, so that the line lies over a page's edge."""


STRIDE: Mapping[Size, int] = {"smoke": 9, "ci": 9, "full": 1}
"""How many bytes lie between the places where a write may stop: in full every byte is one."""


def stamp() -> str:
    """A moment."""
    return "2026-03-02T09:00:00.000Z"


@dataclass
class Cuts:
    """Where states are opened again: each once, in a folder that is emptied every time."""

    tally: Tally
    place: Path
    known: set[bytes] = field(default_factory=set)

    def new(self, contents: Contents, acknowledged: tuple[int, ...]) -> bool:
        """Whether the state was never tried; it then stands in the folder."""
        digest = hashlib.blake2b(digest_size=12)
        for name, content in sorted(contents.items()):
            digest.update(b"%s %d " % (name.encode(), len(content)) + content)
        digest.update(repr(acknowledged).encode())
        if digest.digest() in self.known:
            return False
        self.known.add(digest.digest())
        for path in self.place.iterdir():
            path.unlink()
        for name, content in contents.items():
            (self.place / name).write_bytes(content)
        self.tally.tried += 1
        return True


def run_journal(size: Size, folder: Path, deaf: str = "") -> Result:
    """Sittings that end in a power cut, and sittings that find what it left, and are cut in their turn."""
    tally = Tally("disk states", sized(size, 500, 4_000, 200_000))
    (folder / "again").mkdir()
    cuts = Cuts(tally, folder / "again")
    for seed in range(10_000):
        for moment, tail in _sittings(random.Random(seed), folder / f"{seed}", deaf, tally):
            for contents, in_order in moment.states(STRIDE[size]):
                if not tally.full and cuts.new(contents, moment.acknowledged):
                    _open_again(cuts, contents, moment, in_order, tail)
        shutil.rmtree(folder / f"{seed}")
        if tally.full:
            break
    return tally.result()


def _sittings(moments: random.Random, folder: Path, deaf: str, tally: Tally) -> Iterator[tuple[Moment, bytes]]:
    """The moments of three runs of sittings, each on what a cut left of the one before, and the torn bytes it found."""
    folder.mkdir()
    contents: Contents = {}
    safe: tuple[int, ...] = ()
    numbers = iter(range(1_000))
    for run in range(3):
        if tally.full:
            return
        marks = folder / f"marks-{run}"
        if run or moments.random() < 0.5:
            marks.mkdir()
        disk = Disk.of(marks, contents, deaf)
        disk.acknowledged = safe
        tail = _torn(contents.get(NAME, b""))
        tally.seen["sittings that found a torn tail"] += bool(tail)
        disk.failing = moments.choice((0, 0, moments.randint(1, 14)))
        for _ in range(2):
            _sitting(disk, marks / NAME, moments, numbers, tally)
        yield from ((moment, tail) for moment in disk.moments)
        chosen = moments.choice(disk.moments)
        contents, safe = _left(chosen, moments), chosen.acknowledged


def _torn(journal: bytes) -> bytes:
    chain = read_chain(journal)
    return journal[chain.end:].strip(b"\n") if chain.torn else b""


def _sitting(disk: Disk, path: Path, moments: random.Random, numbers: Iterator[int], tally: Tally) -> None:
    try:
        with Journal.open(path, stamp, disk) as journal:
            for _ in range(moments.randint(1, 2)):
                number = next(numbers)
                letters = OVER_AN_EDGE if moments.random() < 0.02 else moments.choice(TEXTS)
                reason = "\u00e9*J" * (letters // 3)
                journal.append({"at": stamp(), "kind": "answered", "n": number, "mark_reason": reason})
                disk.acknowledged = (*disk.acknowledged, number)
                disk.note()
    except NotSaved:
        disk.note()  # the disk was full, as it was told to be
    except Damaged as refusal:
        tally.hold(False, "refused to open", refusal)


def _left(moment: Moment, moments: random.Random) -> Contents:
    """A state to go on from: torn, with a hurt line end, or whole, each as often where there are such."""
    states = [contents for contents, in_order in moment.states() if in_order]
    sorts: dict[tuple[bool, bool], list[Contents]] = {}
    for contents in moments.sample(states, min(len(states), 400)):
        chain = read_chain(contents.get(NAME, b""))
        sorts.setdefault((bool(chain.torn), chain.newline_hurt), []).append(contents)
    return moments.choice(sorts[moments.choice(sorted(sorts))])


def _numbers(lines: Iterable[object]) -> list[int]:
    return [line["n"] for line in lines if isinstance(line, dict) and "n" in line]


def _open_again(cuts: Cuts, contents: Contents, moment: Moment, in_order: bool, tail: bytes) -> None:
    """Opens a state and goes on: nothing acknowledged may be gone, and no torn byte that was set aside."""
    tally, path = cuts.tally, cuts.place / NAME
    example = (sorted(contents), len(contents.get(NAME, b"")), moment.acknowledged)
    tally.hold(not tail or any(tail in content for content in contents.values()), "torn bytes thrown away", example)
    try:
        with Journal.open(path, stamp, Unsynced()) as journal:
            found = _numbers(journal.lines)
            journal.append({"at": stamp(), "kind": "answered", "n": 1_000})
    except (Damaged, NotSaved) as refusal:
        _refused(tally, path, refusal, moment, in_order)
        return
    tally.hold(set(moment.acknowledged) <= set(found), "acknowledged lost", example)
    tally.hold(found == sorted(set(found)), "lines doubled or moved", example)
    after = read_journal(path)
    tally.hold(not after.problems and _numbers(after.lines) == [*found, 1_000], "could not go on", after.problems)


def _refused(tally: Tally, path: Path, refusal: Damaged | NotSaved, moment: Moment, in_order: bool) -> None:
    """A state that is refused: only one in which the disk wrote a later page and not the one before, and then the line
    is named and everything acknowledged can still be read."""
    tally.hold(not in_order, "refused to open", refusal)
    tally.seen["torn over a page's edge, refused with the line"] += 1
    tally.hold(isinstance(refusal, Damaged) and all(problem.line for problem in refusal.problems),
               "refused without the line", refusal)
    tally.hold(set(moment.acknowledged) <= set(_numbers(read_journal(path).lines)), "acknowledged lost", refusal)


def run_atomic(size: Size, folder: Path, deaf: str = "") -> Result:
    """Files replaced whole: after every cut the old one or the new one stands there, and the next can be written."""
    tally = Tally("disk states", sized(size, 500, 1_500, 20_000))
    (folder / "again").mkdir()
    cuts = Cuts(tally, folder / "again")
    for seed in range(10_000):
        moments = random.Random(seed)
        old = moments.choice((None, b"", moments.randbytes(30)))
        new = moments.randbytes(moments.randint(1, 60))
        disk = _replaced(folder / f"{seed}", old, new, moments, deaf)
        for moment in disk.moments:
            for contents, _ in moment.states():
                if cuts.new(contents, moment.acknowledged):
                    _old_or_new(cuts, contents.get("book.xlsx"), (new,) if moment.acknowledged else (old, new))
        shutil.rmtree(folder / f"{seed}")
        if tally.full:
            break
    return tally.result()


def _replaced(folder: Path, old: bytes | None, new: bytes, moments: random.Random, deaf: str) -> Disk:
    folder.mkdir()
    books = folder / "books"
    if old is not None or moments.random() < 0.5:
        books.mkdir()
    disk = Disk.of(books, {} if old is None else {"book.xlsx": old}, deaf)
    disk.failing = moments.choice((0, 0, 1, 2, 3, 4))
    disk.note()
    try:
        write_bytes(books / "book.xlsx", new, ops=atomic_on(disk))
        disk.acknowledged = (1,)
    except NotSaved:
        pass  # the disk was full, as it was told to be
    disk.note()
    return disk


def _old_or_new(cuts: Cuts, found: bytes | None, allowed: tuple[bytes | None, ...]) -> None:
    tally = cuts.tally
    tally.seen["new"] += found == allowed[-1]
    tally.hold(found in allowed, "acknowledged lost" if len(allowed) == 1 else "neither old nor new",
               json.dumps([None if one is None else len(one) for one in (found, *allowed)]))
    try:
        write_bytes(cuts.place / "book.xlsx", b"next")
    except NotSaved as refusal:
        tally.hold(False, "could not go on", refusal)
        return
    tally.hold((cuts.place / "book.xlsx").read_bytes() == b"next", "could not go on", "other bytes")


ROWS = (
    Row("1 journal", "power cut after every call of opening, appending, mending and setting aside: any beginning of "
        "what was not synced, zeros in its place, names not yet there", run_journal),
    Row("1 atomic", "power cut after every call of writing a file whole: the old file or the new one", run_atomic),
)
