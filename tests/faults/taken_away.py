"""A journal moved, removed or replaced in mid-sitting, by a sync client or by somebody who tidies up."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from cqa.errors import NotSaved
from cqa.files.journal import Journal, read_journal
from tests.faults.bed import made, some_marks
from tests.faults.power_cuts import NAME, stamp
from tests.faults.result import Result, Row, Size, Tally, could_not_run


def replaced_by_a_copy(path: Path) -> None:
    """What a sync client does: the file is written anew beside, and put in its place."""
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    copy.replace(path)


def link_in_its_place(path: Path) -> None:
    """The journal moved, and a link to where it went: nothing that is written is lost, and a link is never trusted."""
    path.rename(path.with_name("moved"))
    path.symlink_to(path.with_name("moved"))


DEEDS: dict[str, Callable[[Path], object]] = {
    "the journal removed": lambda path: path.unlink(),
    "the journal moved": lambda path: path.rename(path.with_name("elsewhere")),
    "the journal replaced by a copy": replaced_by_a_copy,
    "the journal replaced by a link": link_in_its_place,
    "the folder of marks removed": lambda path: shutil.rmtree(path.parent),
    "the folder of marks moved": lambda path: path.parent.rename(path.parent.with_name("elsewhere")),
    "the sample moved": lambda path: path.parent.parent.rename(path.parent.parent.with_name("elsewhere")),
}


def _taken_from_a_writer(tally: Tally, path: Path, name: str, deed: Callable[[Path], object]) -> None:
    tally.tried += 1
    with Journal.open(path, stamp) as journal:
        journal.append({"at": stamp(), "kind": "answered"})
        deed(path)
        try:
            journal.append({"at": stamp(), "kind": "answered"})
            tally.hold(False, "not refused", name)
        except NotSaved:
            tally.hold(True, "not refused")


def run_taken_away(size: Size, folder: Path) -> Result:
    """A journal, and that of `cqa assess`, taken away between two marks: the second is refused, for nobody would find
    it."""
    if sys.platform == "win32":
        return could_not_run("journals taken away", "this system lets nobody take away an open file")
    deeds = list(DEEDS.items())[:: 6 if size == "smoke" else 3 if size == "ci" else 1]
    tally = Tally("journals taken away", len(DEEDS) + len(deeds))
    for number, (name, deed) in enumerate(DEEDS.items()):
        _taken_from_a_writer(tally, folder / f"writer-{number}" / "marks" / NAME, name, deed)
    for number, (name, deed) in enumerate(deeds):
        tally.tried += 1
        bed = made(folder / f"{number}", 1)
        child = bed.popen("assess", "--sample", "march", "--as", "ann", "--script", "-", stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        first, second = (json.dumps(line).encode() + b"\n" for line in some_marks(bed.cases(), 3)[1:])
        assert child.stdin and child.stdout
        child.stdin.write(first)
        child.stdin.flush()
        tally.hold(json.loads(child.stdout.readline())["saved"], "nothing saved", name)
        deed(bed.journal())
        out, err = child.communicate(second, timeout=60)
        tally.hold(b'"saved": true' not in out, "acknowledged lost", (name, out))
        tally.hold(child.returncode == 5 and b"NOT SAVED" in err, "not refused", (name, child.returncode, err))
        there = [path for path in folder.rglob("*") if path.is_file() and b'"kind":"answered"' in path.read_bytes()]
        tally.hold("removed" in name or (bool(there) and not any(read_journal(path).problems for path in there)),
                   "first mark lost", name)
    return tally.result()


ROWS = (
    Row("8 taken away", "the journal, its folder or the sample moved, removed or replaced in mid-sitting",
        run_taken_away),
)
