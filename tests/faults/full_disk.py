"""A disk that is really full, under the real `cqa assess --script`: what was acknowledged is there, and it says so."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cqa.files.journal import read_journal
from tests.faults.bed import Bed, made, some_marks
from tests.faults.result import Result, Row, Size, Tally, could_not_run, sized

ROOM = 3_000
"""Bytes that the journal may grow beyond what it has: some ten lines."""


def run_limit(size: Size, folder: Path) -> Result:
    """A limit on the size of a file: the write that reaches it takes some bytes of its line, and the next none."""
    if sys.platform == "win32":
        return could_not_run("full disks", "this system has no limit on the size of a file")
    import resource  # noqa: PLC0415

    def limited(limit: int) -> Callable[[], None]:
        return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    tally = Tally("full disks", sized(size, 1, 2, 30))
    bed = made(folder / "bed", 6)
    typed = _script(bed, folder)
    while not tally.full:
        # From a limit below the line that opens the sitting to one within a mark, byte by byte over all of it.
        limit = bed.journal().stat().st_size + 60 + tally.tried * (ROOM // tally.wanted)
        child = bed.popen("assess", "--sample", "march", "--as", "ann", "--script", str(typed),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limited(limit))
        out, err = child.communicate(timeout=60)
        _refused(tally, bed, child.returncode, out, err.decode())
    return tally.result()


def _script(bed: Bed, folder: Path) -> Path:
    typed = folder / "script.jsonl"
    lines = some_marks(bed.cases(), 400)
    typed.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8", newline="\n")
    return typed


def _refused(tally: Tally, bed: Bed, code: int | None, out: bytes, err: str) -> None:
    """It ended with exit 5 and named the last safe line; what was acknowledged is there, and marking goes on."""
    tally.tried += 1
    tally.hold(code == 5, "not refused", (code, err))
    tally.hold("NOT SAVED" in err and bed.journal().name in err, "refused without a word",
               err)
    answers: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    kept = {f"{bed.journal().stem}:{line['seq']}" for line in read_journal(bed.journal()).lines}
    lost = [answer for answer in answers if answer["event"] not in kept]
    tally.hold(not lost, "acknowledged lost", lost)
    tally.seen["acknowledged"] += len(answers)
    again = bed.script(some_marks(bed.cases(), 3))
    tally.hold(again.code == 0 and not read_journal(bed.journal()).problems, "could not go on", (again.code, again.err))


MOUNTED = """
mount -t tmpfs -o size=16k none "$1" || exit 99
"$3" -m cqa assess --sample march --as ann --script "$4"
code=$?
cp "$1"/*.jsonl "$2"
exit $code
"""


def run_tmpfs(size: Size, folder: Path) -> Result:
    """The folder of marks on a disk of 16 KB: it takes what fits, down to the page."""
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-Urm", "true"], capture_output=True).returncode:
        return could_not_run("full disks", "a small disk may not be mounted here (unshare -Urm)")
    tally = Tally("full disks", sized(size, 1, 1, 8))
    for turn in range(tally.wanted):
        bed = made(folder / f"bed-{turn}")
        lines = [{**line, "reason": "x" * (turn * 37)} for line in some_marks(bed.cases(), 400)]
        typed = folder / f"script-{turn}.jsonl"
        typed.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8", newline="\n")
        out = folder / f"kept-{turn}"
        out.mkdir()
        ran = subprocess.run([unshare, "-Urm", "sh", "-c", MOUNTED, "sh", str(bed.marks), str(out), sys.executable,
                              str(typed)], cwd=bed.workspace, env=bed.environment(), capture_output=True, timeout=60)
        if ran.returncode == 99:
            return could_not_run("full disks", "a small disk may not be mounted here")
        for path in out.iterdir():
            shutil.copy(path, bed.marks)
        tally.hold(len(list(out.iterdir())) == 1, "no journal", ran.stderr)
        _refused(tally, bed, ran.returncode, ran.stdout, ran.stderr.decode())
    return tally.result()


ROWS = (
    Row("7 limit", "`cqa assess --script` under a limit on the size of a file (a short write, then EFBIG)", run_limit),
    Row("7 disk", "`cqa assess --script` with its marks on a disk of 16 KB", run_tmpfs),
)
