"""The checker itself: every damage planted in a real sample is found by `cqa verify`, with its file and line."""

import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults.bed import Bed, made
from tests.faults.result import Result, Row, Size, Tally, could_not_run, sized

FILES = ("sample.yaml", "plan.yaml", "cases.csv", "assignments.csv", "frame.csv", "rubrics/small-1.0.yaml")


def run_planted(size: Size, folder: Path) -> Result:
    """Bits flipped in and cuts made of a journal of marks and one of changes, at places that differ each time."""
    bed = _changed(folder)
    tally = Tally("damages", sized(size, 25, 100, 2_500))
    journals = (bed.journal(), next((bed.sample / "changes").iterdir()))
    wholes = {path: path.read_bytes() for path in journals}
    while not tally.full:
        places = random.Random(tally.tried)
        path = journals[tally.tried % 4 == 0]
        whole = wholes[path]
        place = places.randrange(len(whole))
        if tally.tried % 3:
            _flipped(tally, bed, path, whole, place, 1 << places.randrange(8))
        else:
            _cut(tally, bed, path, whole, place)
        path.write_bytes(whole)
    tally.hold(bed.verify()[0] == 0, "an untouched sample that does not agree")
    return tally.result()


def _changed(folder: Path) -> Bed:
    """A sample with marks of two reviewers and a leader's change."""
    bed = made(folder / "bed", 6, ("ann", "bob"))
    gone = bed.run("withdraw", bed.cases()[-1], "--sample", "march", "--as", "lea", "--reason", "lost",
                   folder=bed.workspace)
    assert gone.code == 0, gone.err
    return bed


def _flipped(tally: Tally, bed: Bed, path: Path, whole: bytes, place: int, bit: int) -> None:
    tally.tried += 1
    hurt = bytearray(whole)
    hurt[place] ^= bit
    path.write_bytes(hurt)
    code, problems = bed.verify()
    number = whole.count(b"\n", 0, place) + 1
    last_end = place == len(whole) - 1
    lines = (number, number + 1) if whole[place:place + 1] == b"\n" else (number,)
    named = [problem for problem in problems if problem["where"] == str(path) and problem["line"] in lines]
    tally.hold(bool(named), "not named", (path.name, place, bit, problems))
    tally.hold(code == (0 if last_end else 7), "passed", (path.name, place, bit, code))
    tally.seen["last line ends, said as a warning" if last_end else "found, exit 7"] += 1


def _cut(tally: Tally, bed: Bed, path: Path, whole: bytes, place: int) -> None:
    """A cut within a line is a torn tail: said, and no error. One between lines no chain can show."""
    tally.tried += 1
    path.write_bytes(whole[:place])
    code, problems = bed.verify()
    shown = bool(whole[:place]) and whole[place - 1:place] != b"\n" and whole[place:place + 1] != b"\n"
    named = [problem for problem in problems if problem["where"] == str(path) and problem["code"] == "J001"
             and problem["line"] == whole.count(b"\n", 0, place) + 1 and problem["severity"] == "warning"]
    tally.hold(bool(named) == shown, "not named", (path.name, place, problems))
    tally.hold(code == 0, "torn and called damaged", (path.name, place, problems))
    tally.seen["torn, said as a warning" if shown else "cut between lines, which no chain can show"] += 1


WHOLE_FILE: dict[str, Callable[[bytes], bytes | None]] = {
    "removed": lambda data: None,
    "emptied": lambda data: b"",
    "zeros": lambda data: bytes(len(data)),
    "half": lambda data: data[:len(data) // 2],
    "its last line gone": lambda data: b"".join(data.splitlines(keepends=True)[:-1]),
    "Windows line ends": lambda data: data.replace(b"\n", b"\r\n"),
    "a byte-order mark": lambda data: b"\xef\xbb\xbf" + data,
    "a space at its end": lambda data: data + b" ",
    "a line feed at its end": lambda data: data + b"\n",
    "its last line feed gone": lambda data: data[:-1],
}


def run_files(size: Size, folder: Path) -> Result:
    """Damage to everything else that a sample's folder keeps: exit 1 or 7, with the file named."""
    bed = _changed(folder)
    flips = sized(size, 2, 12, 250)
    damages = [(bed.sample / name, *damage) for name in FILES
               for damage in _damages_of((bed.sample / name).read_bytes(), flips)]
    tally = Tally("damages", len(damages))
    for path, what, data in damages:
        tally.tried += 1
        whole = path.read_bytes()
        if data is None:
            path.unlink()
        else:
            path.write_bytes(data)
        code, problems = bed.verify()
        named = [problem for problem in problems if problem["severity"] == "error" and problem["where"] == str(path)]
        tally.hold(code in (1, 7), "passed", (path.name, what, code))
        tally.hold(bool(named), "not named", (path.name, what, problems))
        tally.hold("P007" not in {problem["code"] for problem in problems}, "faults in cqa", (path.name, what))
        path.write_bytes(whole)
    tally.hold(bed.verify()[0] == 0, "an untouched sample that does not agree")
    return tally.result()


def _damages_of(data: bytes, flips: int) -> Iterator[tuple[str, bytes | None]]:
    yield from ((name, change(data)) for name, change in WHOLE_FILE.items())
    places = random.Random(len(data))
    # Half of the flips fall on the last line, which in sample.yaml and plan.yaml holds the seal of all others.
    last = data.rstrip(b"\n").rfind(b"\n") + 1
    for number in range(flips):
        place = places.randrange(last if number % 2 else 0, len(data))
        hurt = bytearray(data)
        hurt[place] ^= 1 << places.randrange(8)
        yield f"a bit flipped in byte {place}", bytes(hurt)


EDITS = (
    ("a level changed", ("s/fully_met/not_met/",), 2, "J002"),
    ("a level of one line changed", ("3s/\"mark\":\"[a-z_]*\"/\"mark\":\"cannot_tell\"/",), 3, "J002"),
    ("a word of a reason changed", ("5s/turn/tern/",), 5, "J002"),
    ("a line deleted", ("4d",), 4, "J003"),
    ("a line pasted twice", ("3p",), 4, "J003"),
    ("a line typed in", (r"3a\{\"kind\":\"answered\"}",), 4, "J002"),
    ("an empty line typed in", ("3G",), 4, "J002"),
    ("saved with Windows line ends", ("s/$/\\r/",), 1, "J008"),
    ("saved with a byte-order mark", ("1s/^/\\xef\\xbb\\xbf/",), 1, "J008"),
    ("saved with both", ("1s/^/\\xef\\xbb\\xbf/;s/$/\\r/",), 1, "J008"),
    ("spaces after a line", ("2s/$/  /",), 3, "J002"),
)
"""What is done by hand, what `sed` is told for it, and the line and code that must come of it."""


def run_by_hand(size: Size, folder: Path) -> Result:
    """Edits made by `sed -i`, as somebody with an editor would make them."""
    sed = shutil.which("sed")
    if sed is None or b"GNU" not in subprocess.run([sed, "--version"], capture_output=True).stdout:
        return could_not_run("edits", "GNU sed is not here")
    bed = made(folder / "bed", 6)
    path, whole = bed.journal(), bed.journal().read_bytes()
    tally = Tally("edits", len(EDITS))
    for what, commands, line, code in EDITS:
        tally.tried += 1
        subprocess.run([sed, "-b", "-i", *commands, str(path)], check=True, env={"LC_ALL": "C"})
        tally.hold(path.read_bytes() != whole, "nothing edited", what)
        ended, problems = bed.verify()
        tally.hold(ended == 7, "passed", (what, ended))
        first = next((problem for problem in problems if problem["where"] == str(path)), {})
        tally.hold((first.get("line"), first.get("code")) == (line, code), "not named", (what, first))
        path.write_bytes(whole)
    return tally.result()


ROWS = (
    Row("14 planted", "`cqa verify` of a sample whose journals had a bit flipped or were cut", run_planted),
    Row("14 files", "`cqa verify` of a sample whose other files were changed, cut, emptied or removed", run_files),
    Row("14 by hand", "`cqa verify` after edits of a journal by `sed -i`", run_by_hand),
)
