"""SIGKILL at random moments, of a forked writer and of the real `cqa assess`: every acknowledged mark is there."""

import json
import os
import random
import signal
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from cqa.files.journal import Journal, read_journal
from tests.faults.bed import Bed, made, some_marks
from tests.faults.power_cuts import NAME, stamp
from tests.faults.result import Result, Row, Size, Tally, could_not_run, sized

NEEDS_FORK = "this system has no fork and no SIGKILL"
MOST_LINES = 60
"""A journal of more lines is begun anew, so that the kills also fall on its making."""


def in_a_child(work: Callable[[int], None]) -> tuple[int, int]:
    """Forks a child that works and then ends; gives its process number, and a pipe that holds what it tells."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        # A test runner may have threads; the child touches nothing that they hold.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reader)
            work(writer)
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    return child, reader


def told_by(reader: int) -> list[int]:
    """The numbers that a child told before it ended."""
    with open(reader, "rb") as stream:
        return [int(line) for line in stream.read().split()]


def run_fork(size: Size, folder: Path) -> Result:
    """A child appends and tells each number once `append` has returned; it is killed, and the journal opened again."""
    if sys.platform == "win32":
        return could_not_run("kills", NEEDS_FORK)
    tally, moments = Tally("kills", sized(size, 40, 250, 10_000)), random.Random(20260302)
    path, acknowledged = folder / NAME, 0
    while not tally.full:
        tally.tried += 1
        child, reader = in_a_child(lambda pipe, path=path: _append_for_ever(path, pipe))  # type: ignore[misc]
        # Every second time it is hardly opened: so it is killed while it makes, reads or mends the journal.
        time.sleep(moments.uniform(0, 0.008 if tally.tried % 2 else 0.0015))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told = told_by(reader)
        tally.seen["acknowledged"] += len(told)
        acknowledged = max([acknowledged, *told])
        if _left_by_kill(tally, path, acknowledged) > MOST_LINES:
            path.unlink()
            acknowledged = 0
    return tally.result()


def _append_for_ever(path: Path, pipe: int) -> None:
    with Journal.open(path, stamp) as journal:
        while True:
            os.write(pipe, b"%d\n" % journal.append({"at": stamp(), "kind": "answered", "mark": "not_met" * 40}))


def _left_by_kill(tally: Tally, path: Path, acknowledged: int) -> int:
    """How many lines a killed writer left, among which must be all that it was told of."""
    if not path.exists():
        tally.hold(acknowledged == 0, "acknowledged lost", path.name)
        return 0
    reading = read_journal(path)
    tally.hold(all(problem.code == "J001" for problem in reading.problems), "wrongly damaged", reading.problems)
    tally.hold(len(reading.lines) >= acknowledged, "acknowledged lost", (len(reading.lines), acknowledged))
    tally.seen["torn tails"] += bool(reading.problems)
    return len(reading.lines)


def run_command(size: Size, folder: Path) -> Result:
    """`cqa assess --script` killed while it marks: what it answered `saved` to is in the journal, and stands."""
    tally, moments = Tally("kills", sized(size, 1, 3, 50)), random.Random(7)
    bed = made(folder / "bed")
    lines = some_marks(bed.cases(), 20_000)
    typed = folder / "script.jsonl"
    typed.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8", newline="\n")
    while not tally.full:
        answers = _killed_command(bed, typed, folder / "out.jsonl", moments.uniform(0, 0.15))
        tally.tried += 1
        tally.seen["acknowledged"] += len(answers)
        if tally.hold(bool(answers) and all(answer["saved"] for answer in answers), "nothing saved", answers[:1]):
            _stands(tally, bed, answers, lines)
        if len(read_journal(bed.journal()).lines) > 20 * MOST_LINES:
            bed.journal().unlink()
    return tally.result()


def _killed_command(bed: Bed, typed: Path, out: Path, wait: float) -> list[dict[str, str]]:
    with out.open("wb") as stream:
        child = bed.popen("assess", "--sample", "march", "--as", "ann", "--script", str(typed), stdout=stream)
        try:
            while not out.stat().st_size and child.poll() is None:
                time.sleep(0.005)
            time.sleep(wait)
        finally:
            child.kill()
            child.wait()
    return [json.loads(line) for line in out.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]


def _stands(tally: Tally, bed: Bed, answers: list[dict[str, str]], lines: list[dict[str, str]]) -> None:
    reading = read_journal(bed.journal())
    tally.hold(all(problem.code == "J001" for problem in reading.problems), "wrongly damaged", reading.problems)
    kept = {f"{bed.journal().stem}:{line['seq']}" for line in reading.lines}
    lost = [answer["event"] for answer in answers if answer["event"] not in kept]
    tally.hold(not lost, "acknowledged lost", lost)
    ran = bed.run("export", "march", "--json", folder=bed.workspace)
    standing = {row["case_id"]: row["reason"] for row in json.loads(ran.out)["rows"]}
    last = {line["case"]: line["reason"] for line in lines[:len(answers)]}
    # The journal may hold one mark more than was acknowledged; then that one stands.
    after = {**last, lines[len(answers)]["case"]: lines[len(answers)]["reason"]}
    tally.hold(standing.items() >= last.items() or standing.items() >= after.items(), "another mark stands",
               (answers[-1], standing))


ROWS = (
    Row("5 process", "kill -9 of a process that appends, at a random moment", run_fork),
    Row("5 command", "kill -9 of `cqa assess --script`, at a random moment", run_command),
)
