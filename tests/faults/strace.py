"""A real process killed, or its call failed, at exactly the n-th call on its journal, from outside: by strace."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from cqa.files.journal import Journal, read_journal
from tests.faults.bed import CHECKOUT
from tests.faults.nth_call import MOST, tear
from tests.faults.power_cuts import NAME, stamp
from tests.faults.result import Result, Row, Size, Tally, could_not_run, sized

WRITER = """
import sys
from pathlib import Path
from typing import Any
from cqa.errors import NotSaved
from cqa.files.journal import Journal
try:
    with Journal.open(Path(sys.argv[1]), str) as journal:
        for number in range(60):
            print(journal.append({"kind": "answered"}), flush=True)
except NotSaved as refusal:
    sys.exit(refusal.exit_code)
"""


INJECTED = (
    ("write", "signal=KILL", MOST), ("write", "error=ENOSPC", MOST), ("write", "error=EDQUOT", 4),
    ("fsync", "signal=KILL", MOST), ("fsync", "error=EIO", MOST), ("fsync", "error=EROFS", 4),
    ("ftruncate", "signal=KILL", 1), ("ftruncate", "error=EIO", 1), ("openat", "signal=KILL", 2),
    ("openat", "error=EROFS", 2), ("close", "signal=KILL", 1), ("close", "error=EIO", 1))
"""Call, what strace does to it, and up to which n the call is made on the journal."""


def _injections(size: Size) -> Iterator[tuple[str, str, int]]:
    step = sized(size, 50, 50, 1)
    for call, what, most in INJECTED:
        yield from ((call, what, nth) for nth in range(1, most + 1, step))


def run_strace(size: Size, folder: Path) -> Result:
    """The same from outside: strace kills a real process, or fails its call, at the n-th call on the journal."""
    strace = shutil.which("strace")
    if strace is None or not _traces(strace):
        return could_not_run("faults", "strace is not here, or may not trace")
    injections = list(_injections(size))
    tally, path = Tally("faults", len(injections)), folder / NAME
    for call, what, nth in injections:
        tally.tried += 1
        for left in folder.iterdir():
            left.unlink()
        with Journal.open(path, stamp) as journal:
            journal.append({"kind": "answered"})
        tear(path, 1)
        ran = subprocess.run(
            [strace, "-o", "/dev/null", "-P", str(path), "-e", f"inject={call}:{what}:when={nth}", sys.executable, "-c",
             WRITER, str(path)], capture_output=True, env={**os.environ, "PYTHONPATH": str(CHECKOUT)}, timeout=60)
        _injected(tally, path, ran, (call, what, nth))
    return tally.result()


def _traces(strace: str) -> bool:
    return subprocess.run([strace, "-o", "/dev/null", "true"], capture_output=True).returncode == 0


def _injected(tally: Tally, path: Path, ran: "subprocess.CompletedProcess[bytes]", fault: tuple[str, str, int]) -> None:
    killed = "KILL" in fault[1]
    expected = {-9, 137} if killed else {0} if fault[0] == "close" else {5}
    tally.hold(ran.returncode in expected, "not refused", (fault, ran.returncode, ran.stderr[-200:]))
    told = [int(word) for word in ran.stdout.split()]
    reading = read_journal(path)
    tally.hold(set(told) <= {line["seq"] for line in reading.lines}, "acknowledged lost", (fault, told))
    tally.hold(all(problem.code == "J001" for problem in reading.problems), "wrongly damaged",
               (fault, reading.problems))
    tally.seen["acknowledged"] += len(told)
    Journal.open(path, stamp).close()


ROWS = (
    Row("6 strace", "the same injected by strace into a process of its own", run_strace),
)
