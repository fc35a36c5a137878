"""Killed, or failing, at exactly the n-th call: by calls that do it themselves."""

import errno
import itertools
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cqa.errors import Damaged, NotSaved
from cqa.files.journal import Journal, RealOps, read_journal
from tests.faults.kills import NEEDS_FORK, in_a_child, told_by
from tests.faults.power_cuts import stamp
from tests.faults.result import Result, Row, Size, Tally, could_not_run, sized

CALLS = ("open", "read", "write", "fsync", "truncate", "close", "sync_folder")
KILLS = ("killed before", "killed after")
HALF = ("killed half way", "full half way")
"""Of a write: some of the bytes are on the disk."""
ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EDQUOT": getattr(errno, "EDQUOT", errno.ENOSPC),
          "EROFS": errno.EROFS, "full half way": errno.ENOSPC}
MOST = 50
SITTINGS_A_FILE = 6
AFTER = 2
"""So many sittings follow the one that failed."""


@dataclass
class NthCall(RealOps):
    """The real calls, until the n-th of one kind: it is killed before or after it, or fails with an error's name."""

    call: str
    nth: int
    deed: str
    done: bool = field(default=False, init=False)

    def _met(self, call: str) -> bool:
        self.nth -= call == self.call
        self.done = self.done or (call == self.call and self.nth == 0)
        return call == self.call and self.nth == 0

    def _make(self, call: str, *arguments: Any) -> Any:
        met = self._met(call)
        if met and self.deed in ("killed before", "killed half way"):
            os.kill(os.getpid(), signal.SIGKILL)
        if met and (error := ERRORS.get(self.deed)):
            if call == "close":
                super().close(arguments[0])
            raise OSError(error, os.strerror(error))
        try:
            return getattr(super(), call)(*arguments)
        finally:
            if met and self.deed == "killed after":
                os.kill(os.getpid(), signal.SIGKILL)

    def open(self, path: Path, flags: int, mode: int) -> int:
        """As os.open, or the fault."""
        return int(self._make("open", path, flags, mode))

    def read(self, descriptor: int) -> bytes:
        """Everything in the file, or the fault."""
        return bytes(self._make("read", descriptor))

    def write(self, descriptor: int, data: bytes) -> int:
        """As os.write, or the fault; half way, some bytes are on the disk."""
        if self.nth == 1 and self.deed in HALF:
            os.write(descriptor, data[: len(data) // 2])
        return int(self._make("write", descriptor, data))

    def fsync(self, descriptor: int) -> None:
        """As os.fsync, or the fault."""
        self._make("fsync", descriptor)

    def truncate(self, descriptor: int, length: int) -> None:
        """As os.ftruncate, or the fault."""
        self._make("truncate", descriptor, length)

    def close(self, descriptor: int) -> None:
        """As os.close, or the fault: the descriptor is gone in either case."""
        self._make("close", descriptor)

    def sync_folder(self, folder: Path) -> None:
        """As the real one, or the fault."""
        self._make("sync_folder", folder)


Told = Callable[[int, int], object]


def _sittings(folder: Path, ops: NthCall, tell: Told) -> Iterator[NotSaved]:
    """Sittings on torn journals, until some after the fault; tells the file and number of each line acknowledged."""
    left = AFTER
    for turn in itertools.count():
        file = turn // SITTINGS_A_FILE
        path = folder / f"ann.{file}.jsonl"
        tear(path, turn)
        try:
            with Journal.open(path, stamp, ops) as journal:
                for _ in range(2):
                    tell(file, journal.append({"at": stamp(), "kind": "answered", "n": turn}))
        except NotSaved as refusal:
            yield refusal
        left -= ops.done
        if left < 0:
            return


def tear(path: Path, turn: int) -> None:
    """Every second time a torn tail, else no last line end, on a journal that is there."""
    if path.exists() and turn % 2:
        with path.open("ab") as stream:
            stream.write(b'{"at":"2026-03')
    elif path.exists() and path.read_bytes().endswith(b"\n"):
        os.truncate(path, path.stat().st_size - 1)


def _faults(size: Size) -> Iterator[tuple[str, int, str]]:
    step = sized(size, 40, 13, 1)
    for call, nth in itertools.product(CALLS, range(1, MOST + 1, step)):
        for deed in (*KILLS, *ERRORS, HALF[0]):
            if call == "write" or deed not in HALF:
                yield call, nth, deed


def run_calls(size: Size, folder: Path) -> Result:
    """Every call, every n, every fault."""
    if sys.platform == "win32":
        return could_not_run("faults", NEEDS_FORK)
    faults = list(_faults(size))
    tally = Tally("faults", len(faults))
    for call, nth, deed in faults:
        tally.tried += 1
        marks = folder / "marks"
        marks.mkdir()
        ops = NthCall(call, nth, deed)
        acknowledged = _killed(tally, marks, ops) if "killed" in deed else _failed(tally, marks, ops)
        _check(tally, marks, acknowledged, (call, nth, deed))
        shutil.rmtree(marks)
    return tally.result()


def _killed(tally: Tally, marks: Path, ops: NthCall) -> list[tuple[int, int]]:
    """The lines acknowledged by a process that a call kills."""
    def work(pipe: int) -> None:
        for _ in _sittings(marks, ops, lambda file, number: os.write(pipe, b"%d " % (file * 1_000 + number))):
            pass

    child, reader = in_a_child(work)
    tally.hold(os.WIFSIGNALED(os.waitpid(child, 0)[1]), "never reached", (ops.call, ops.nth, ops.deed))
    return [divmod(number, 1_000) for number in told_by(reader)]


def _failed(tally: Tally, marks: Path, ops: NthCall) -> list[tuple[int, int]]:
    """The lines acknowledged beside a call that fails; where it was a call that had to work, that was said."""
    told: list[tuple[int, int]] = []
    fault = (ops.call, ops.nth, ops.deed)
    try:
        refusals = list(_sittings(marks, ops, lambda file, number: told.append((file, number))))
    except OSError as error:
        tally.hold(False, "failed without a word", (*fault, error))
        return told
    tally.hold(ops.done, "never reached", fault)
    # A close that fails takes nothing back, and is refused only where torn bytes are set aside.
    tally.hold(len(refusals) == 1 or (ops.call == "close" and not refusals), "not refused", (*fault, refusals))
    tally.seen["refusals that say so"] += len(refusals)
    return told


def _check(tally: Tally, marks: Path, acknowledged: list[tuple[int, int]], fault: object) -> None:
    tally.seen["acknowledged"] += len(acknowledged)
    tally.hold(len(set(acknowledged)) == len(acknowledged), "one number twice", fault)
    for path in marks.glob("*.jsonl"):
        reading = read_journal(path)
        there = {line["seq"] for line in reading.lines}
        lost = {number for file, number in acknowledged if path.name == f"ann.{file}.jsonl"} - there
        tally.hold(not lost, "acknowledged lost", (fault, lost))
        tally.hold(all(problem.code == "J001" for problem in reading.problems), "wrongly damaged",
                   (fault, reading.problems))
        try:
            Journal.open(path, stamp).close()
        except Damaged as refusal:
            tally.hold(False, "refused to open", (fault, refusal, path.read_bytes()))


ROWS = (
    Row("6 calls", "killed before, after or half way through, or failing with ENOSPC, EIO, EDQUOT or EROFS, at exactly "
        "the n-th call (n = 1 to 50) of open, read, write, sync, truncate, close and folder sync", run_calls),
)
