"""Two sittings on one journal, with the lock and without it, and many reviewers at once in one folder of marks."""

import os
import random
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from cqa.errors import Damaged, InUse
from cqa.files.journal import Journal, read_journal
from cqa.files.journals import read_journals
from cqa.files.marks import read_marks
from tests.faults.bed import made, some_marks
from tests.faults.disk import Unsynced
from tests.faults.kills import NEEDS_FORK, in_a_child, told_by
from tests.faults.power_cuts import NAME, stamp
from tests.faults.result import Result, Row, Size, Tally, could_not_run, sized

WRITERS = 8


class Unlocked(Unsynced):
    """The real calls without the lock, as on a share where locks do nothing."""

    def lock(self, descriptor: int) -> None:
        """Nothing."""


def run_locked(size: Size, folder: Path, ops: Unsynced | None = None) -> Result:
    """A second sitting, in this process and by the command: refused with exit 6, and the first one goes on."""
    tally, ops = Tally("second sittings", sized(size, 3, 5, 40)), ops or Unsynced()
    bed = made(folder / "bed", 1)
    for turn in range(tally.wanted):
        tally.tried += 1
        with Journal.open(bed.journal(), stamp, ops) as journal:
            before = bed.journal().read_bytes()
            ran = bed.script(some_marks(bed.cases(), 1))
            tally.hold(ran.code == 6 and "J005" in ran.err and not ran.out, "second sitting let in", ran)
            try:
                Journal.open(bed.journal(), stamp, ops).close()
                tally.hold(False, "second sitting let in", turn)
            except InUse:
                pass
            tally.hold(bed.journal().read_bytes() == before, "changed though refused", turn)
            journal.append({"at": stamp(), "kind": "answered"})
        tally.hold(not read_journal(bed.journal()).problems, "chain broken", turn)
    return tally.result()


def run_unlocked(size: Size, folder: Path) -> Result:
    """Two sittings write to one journal in any order without a lock: a fork is always found, and only a fork."""
    tally, path = Tally("pairs of sittings", sized(size, 100, 400, 20_000)), folder / NAME
    while not tally.full:
        moments = random.Random(tally.tried)
        tally.tried += 1
        path.unlink(missing_ok=True)
        parted = _interleaved(path, moments)
        reading = read_journal(path)
        lines = [line for line in path.read_bytes().splitlines() if line]
        tally.hold(len(reading.lines) == len(lines), "lines lost", tally.tried)
        first = next((problem.line for problem in reading.problems if problem.code == "J003"), 0)
        tally.hold(first == parted, "fork not found, or wrongly", (tally.tried, first, parted))
        tally.hold(_opens(path) == (not parted), "wrongly opened or refused", (tally.tried, parted))
        tally.seen["forks found"] += bool(parted)
    return tally.result()


def _interleaved(path: Path, moments: random.Random) -> int:
    """Lets two sittings append in a random order; gives the first line that does not follow the one before it, or 0."""
    if moments.random() < 0.8:
        with Journal.open(path, stamp, Unlocked()) as journal:
            journal.append({"at": stamp(), "kind": "opened"})
    with ExitStack() as stack:
        both = [stack.enter_context(Journal.open(path, stamp, Unlocked())) for _ in range(2)]
        known = [both[0].next_seq - 1] * 2
        parted = 0
        for number in range(known[0] + 1, known[0] + 1 + moments.randint(1, 12)):
            who = moments.randrange(2)
            both[who].append({"at": stamp(), "kind": "answered", "who": who})
            if known[who] != number - 1 and not parted:
                parted = number
            known[who] = number
    return parted


def _opens(path: Path) -> bool:
    try:
        Journal.open(path, stamp, Unsynced()).close()
    except Damaged:
        return False
    return True


def run_many(size: Size, folder: Path) -> Result:
    """Eight processes, each its own reviewer's, write into one folder while a reader reads it: nothing is lost."""
    if sys.platform == "win32":
        return could_not_run("marks", NEEDS_FORK)
    each = sized(size, 10, 200, 1_250)
    tally = Tally("marks", WRITERS * each)
    marks = folder / "marks"
    marks.mkdir()
    children = [in_a_child(lambda pipe, number=number: _write(marks, number, each, pipe))  # type: ignore[misc]
                for number in range(WRITERS)]
    _read_meanwhile(tally, marks, [child for child, _ in children])
    read = read_journals(marks)
    tally.hold(tally.seen["readings meanwhile"] >= sized(size, 1, 2, 20), "hardly read meanwhile")
    tally.hold(not read.problems, "problems at the end", read.problems)
    for number, (_, reader) in enumerate(children):
        told = told_by(reader)
        tally.tried += len(told)
        there = {line["seq"] for line in read.lines.get((f"r{number}", "1"), ())}
        tally.hold(len(told) == each and set(told) <= there, "acknowledged lost", (number, len(told), len(there)))
    return tally.result()


def _write(marks: Path, number: int, count: int, pipe: int) -> None:
    with Journal.open(marks / f"r{number}.1.jsonl", stamp) as journal:
        journal.append({"at": stamp(), "kind": "opened", "reviewer": f"r{number}", "device": "1"})
        for turn in range(count):
            os.write(pipe, b"%d\n" % journal.append({"at": stamp(), "kind": "answered", "case": f"{turn % 9}",
                                                     "question": "q1", "mark": "not_met"}))
            time.sleep(0.002)  # in memory all would be written before the reader had looked twice


def _read_meanwhile(tally: Tally, marks: Path, children: list[int]) -> None:
    """Reads until every writer has ended; a line on its way may be seen as a torn tail, and nothing else."""
    seen = 0
    while children:
        read = read_marks(marks)
        tally.seen["readings meanwhile"] += 1
        tally.hold(all(problem.code == "J001" for problem in read.problems), "errors while reading", read.problems)
        tally.hold(read.lines >= seen, "lines gone while reading", (read.lines, seen))
        seen = read.lines
        children = [child for child in children if os.waitpid(child, os.WNOHANG)[0] == 0]
        time.sleep(0.002)


ROWS = (
    Row("9 locked", "a second sitting on an open journal, by the command and in the process", run_locked),
    Row("9 unlocked", "two sittings on one journal without a lock, in any order", run_unlocked),
    Row("9 many", "eight processes, each its own reviewer's, write into one folder while a reader reads it", run_many),
)
