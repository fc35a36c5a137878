"""Times `cqa draw` against pandas on a generated export, as whole processes in turn, and prints the ratios.

    python benchmarks/draw_speed.py [--rows N] [--rounds N] [--folder DIR]
"""

import argparse
import csv
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import gcd
from pathlib import Path

UNITS = 60
TAKE = 10
HEADER = ("urn", "unit", "team", "prosecutor_id", "prosecutor", "court", "plea", "outcome", "received", "finalised",
          "costs", "flag", "note", "area")
NAMES = ("Smith, J", "O'Neill, K", "Hussain, A", "Price, L")

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Every program runs from compiled files, as an installed one does; the first round makes those that are missing."""

PANDAS = """
import sys
if {without}:
    sys.modules["pyarrow"] = None
import pandas as pd
frame = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
frame.groupby("unit").sample({take}, random_state=1).to_csv(sys.argv[2])
"""


@dataclass(frozen=True)
class Run:
    """What one whole process took: wall seconds, processor seconds, and its largest resident set in MiB."""

    wall: float
    cpu: float
    peak: float


def make_export(path: Path, rows: int) -> None:
    """An export of 14 columns and about 144 bytes a row: quoted names with commas, pound signs, doubled quotes in one
    note of 21, unique references of 11 characters in no order, and 60 units of very different sizes."""
    rng = random.Random(5)
    weights = [(place + 1) ** -0.7 for place in range(UNITS)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for number in shuffled(rows, rng):
            unit = rng.choices(range(UNITS), weights)[0]
            note = 'said "no comment" in interview' if number % 21 == 0 else "no remark on the file here"
            writer.writerow((
                f"{number % 97:02d}{chr(65 + number % 26)}{chr(65 + number // 26 % 26)}{number:07d}",
                f"Unit {unit:02d}", f"Team {number % 5}", f"P1{number % 2500:04d}", NAMES[number % 4],
                "magistrates", "not guilty", "convicted", "2025-03-14", "2025-06-01",
                "\u00a35,000", "Y", note, "Northmoor"))


def shuffled(rows: int, rng: random.Random) -> Iterator[int]:
    """Every number below `rows` once, in an order that is as good as none, without a list of them."""
    step = next(step for step in range(rows * 5 // 8, rows * 2) if gcd(step, rows) == 1)
    at = rng.randrange(rows)
    for _ in range(rows):
        yield at
        at = (at + step) % rows


def timed(command: Sequence[str], folder: Path) -> Run:
    """Runs a command to its end and gives what the system accounted to it."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> None:
    """Makes the export, runs everything in turn, and prints medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="cqa-bench-"))
    export = folder / f"export-{options.rows}.csv"
    if not export.exists():
        make_export(export, options.rows)
    (folder / "cqa.yaml").touch()
    out = str(folder / "sampled.csv")
    commands = {
        "cqa draw": [sys.executable, "-m", "cqa", "draw", export.name, "--sample", "bench", "--id", "urn", "--by",
                     "unit", "--take", str(TAKE), "--seed", "73129048561093847562"],
        "pandas with pyarrow": [sys.executable, "-c", PANDAS.format(without=False, take=TAKE), str(export), out],
        "pandas without": [sys.executable, "-c", PANDAS.format(without=True, take=TAKE), str(export), out],
    }
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(options.rounds + 1):
        for name, command in commands.items():
            shutil.rmtree(folder / "samples", ignore_errors=True)
            run = timed(command, folder)
            if number:  # the first round only warms the disk's cache
                runs[name].append(run)
    print(f"{options.rows:,} rows, {export.stat().st_size / 1e6:.0f} MB, {options.rounds} rounds in turn, medians")
    for name, done in runs.items():
        told = [statistics.median(getattr(run, what) for run in done) for what in ("wall", "cpu", "peak")]
        print(f"{name:20} {told[0]:7.2f} s wall {told[1]:7.2f} s processor {told[2]:7.0f} MiB")
    for name in list(commands)[1:]:
        pairs = list(zip(runs["cqa draw"], runs[name], strict=True))
        wall, cpu, peak = (statistics.median(getattr(one, what) / getattr(other, what) for one, other in pairs)
                           for what in ("wall", "cpu", "peak"))
        print(f"cqa draw / {name}: wall {wall:.2f}, processor {cpu:.2f}, memory {peak:.3f}")
    if options.folder is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
