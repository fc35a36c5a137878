"""Times reading the record: opening a sitting on a long journal, and folding a million events, against bare loops.

    python benchmarks/journal_speed.py [--events N] [--rounds N] [--folder DIR]

`open`: a whole `cqa assess` on a journal of 12,000 events, beside the same command on one of none. `replay`: every
journal of many samples read, verified and folded as a report does, beside `json.loads` and SHA-256 over the same bytes;
with the peak memory of a process that does nothing else. The folder should be one in memory (such as /dev/shm).
"""

import argparse
import gc
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cqa.__main__ import FEW_COLLECTIONS
from cqa.marking.chain import START, encode

CASES, QUESTIONS, PER_SAMPLE = 200, 30, 12_000
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
TEXT = "The letter went late, and the reason for it is not recorded anywhere in the file."
ALONE = """
import gc, resource, sys
from pathlib import Path
from cqa.__main__ import FEW_COLLECTIONS
from journal_speed import folded
gc.set_threshold(FEW_COLLECTIONS, 20, 20)
print(folded(Path(sys.argv[1])), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def line_of(number: int, last: dict[tuple[int, int], int], writer: str) -> dict[str, object]:
    """An answer to one of 6,000 questions in a scattered order; the second on each replaces the first."""
    place = divmod(number * 7_919 % (CASES * QUESTIONS), QUESTIONS)
    said: dict[str, object] = {
        "at": f"2026-03-02T09:{number // 60 % 60:02d}:{number % 60:02d}.000Z", "kind": "answered",
        "case": f"{place[0]:07d}", "question": f"q{place[1]:02d}", "mark": "partly_met", "mark_reason": TEXT,
        "evidence": "letter of 3 May, p. 2", "shown_ms": 4_200}
    if place in last:
        said["replaces"] = [f"{writer}:{last[place]}"]
    last[place] = number + 2
    return said


def write_journal(path: Path, opened: dict[str, object], events: int) -> None:
    """A sealed journal of an opened line and so many answers."""
    prev, last, writer = START, {}, path.stem
    with path.open("wb") as stream:
        for seq, said in enumerate((opened, *(line_of(number, last, writer) for number in range(events))), start=1):
            line = encode(said, seq, prev)
            prev = line[-35:-3].decode()
            stream.write(line)


def bare(folder: Path) -> int:
    """What reading the record is held against: each line parsed by json.loads and hashed."""
    count = 0
    for path in sorted(folder.rglob("*.jsonl")):
        with path.open("rb") as stream:
            for raw in stream:
                json.loads(raw)
                hashlib.sha256(raw).hexdigest()
                count += 1
    return count


def folded(folder: Path) -> int:
    """The record of every sample read, verified and folded, one sample after the other: how many lines that were."""
    from cqa.files.marks import read_marks  # noqa: PLC0415

    count = 0
    for sample in sorted(path for path in folder.iterdir() if path.is_dir()):
        marks = read_marks(sample)
        assert not marks.problems and sum(map(len, marks.records.values())) == CASES
        count += marks.lines
    return count


def seconds(work: Callable[[Path], int], folder: Path) -> float:
    """The processor time that the work takes."""
    began = time.process_time()
    work(folder)
    return time.process_time() - began


def replay(folder: Path, events: int, rounds: int) -> None:
    """Makes the samples, times both ways in turn, prints."""
    whole = folder / "replay"
    for number in range(max(1, events // PER_SAMPLE)):
        sample = whole / f"{number:04d}"
        sample.mkdir(parents=True)
        opened = {"kind": "opened", "reviewer": "ann", "device": "1", "rubric_sha256": "0" * 64}
        write_journal(sample / "ann.1.jsonl", opened, min(events, PER_SAMPLE))
    gc.set_threshold(FEW_COLLECTIONS, 20, 20)
    ours, theirs = [], []
    for _ in range(rounds):
        theirs.append(seconds(bare, whole))
        ours.append(seconds(folded, whole))
    size = sum(path.stat().st_size for path in whole.rglob("*.jsonl"))
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    print(f"replay of {bare(whole):,} events, {size / 1e6:,.0f} MB: {min(ours):.2f} s; json and hash {min(theirs):.2f} "
          f"s; ratio of the best {min(ours) / min(theirs):.2f}, median of {rounds} {statistics.median(ratios):.2f}")
    told = subprocess.run([sys.executable, "-c", ALONE, str(whole)], cwd=Path(__file__).parent, check=True,
                          capture_output=True, text=True).stdout.split()
    print(f"its peak memory: {told[1]} MB")


def cqa(*words: str, folder: Path) -> None:
    """Runs one command of cqa to its end."""
    subprocess.run([sys.executable, "-m", "cqa", *words], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True,
                   stdin=subprocess.DEVNULL)


def opening(folder: Path, rounds: int) -> None:
    """Times whole commands: assess on a journal of 12,000 events, and on one of none, in turn."""
    cqa("init", "work", folder=folder)
    work = folder / "work"
    rows = "".join(f"{number:07d}\n" for number in range(CASES))
    (work / "export.csv").write_text("case_id\n" + rows, encoding="utf-8", newline="\n")
    for sample in ("long", "none"):
        cqa("draw", "export.csv", "--sample", sample, "--id", "case_id", "--take", str(CASES), "--reserves", "0",
            "--seed", "12345678901234567890", "--rubric", "rubrics/complaints.yaml", "--reviewers", "ann", folder=work)
        cqa("assess", "--sample", sample, "--as", "ann", "--script", "-", folder=work)
    journal = next((work / "samples" / "long" / "marks").glob("*.jsonl"))
    write_journal(journal, json.loads(journal.read_bytes().splitlines()[0]), PER_SAMPLE)
    whole, kept = journal.read_bytes(), {"long": [], "none": []}
    for _ in range(rounds):
        for sample, found in kept.items():
            journal.write_bytes(whole)
            began = time.perf_counter()
            cqa("assess", "--sample", sample, "--as", "ann", "--script", "-", folder=work)
            found.append(time.perf_counter() - began)
    long, none = (statistics.median(found) * 1000 for found in kept.values())
    print(f"cqa assess on {PER_SAMPLE:,} events: {long:.0f} ms; on none: {none:.0f} ms; {long - none:.0f} ms more "
          f"(of the best {1000 * (min(kept['long']) - min(kept['none'])):.0f})")


def main() -> None:
    """Times, prints."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--events", type=int, default=1_200_000)
    given.add_argument("--rounds", type=int, default=5)
    given.add_argument("--folder", type=Path, default=Path("/dev/shm"))
    options = given.parse_args()
    folder = Path(tempfile.mkdtemp(dir=options.folder if options.folder.is_dir() else None))
    ENVIRONMENT["CQA_HOME"] = str(folder / "home")
    try:
        opening(folder, 3 * options.rounds)
        replay(folder, options.events, options.rounds)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
