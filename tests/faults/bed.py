"""A drawn sample with marks in it, and cqa run on it in this process or in one of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cqa.world import World
from tests.casework import Ran, Run, drawn_sample, new_workspace, running_in, world_at

CHECKOUT = Path(__file__).parent.parent.parent
LEVELS = ("fully_met", "partly_met", "not_met")


@dataclass(frozen=True, slots=True)
class Bed:
    """A workspace with the sample march, and the world in which cqa runs on it."""

    world: World
    sample: Path

    @property
    def run(self) -> Run:
        """Runs one command line in this process."""
        return running_in(self.world)

    @property
    def home(self) -> Path:
        """What the device remembers."""
        return self.world.home

    @property
    def workspace(self) -> Path:
        """The workspace's folder."""
        return self.sample.parent.parent

    @property
    def marks(self) -> Path:
        """Where the journals are."""
        return self.sample / "marks"

    def journal(self, who: str = "ann") -> Path:
        """The one journal of a reviewer."""
        (path,) = self.marks.glob(f"{who}.*.jsonl")
        return path

    def cases(self, who: str = "ann") -> list[str]:
        """The main cases that somebody marks, in the order of the assignments."""
        mains = {row[0] for row in _rows(self.sample / "cases.csv") if "main" in row}
        return [row[0] for row in _rows(self.sample / "assignments.csv") if row[1] == who and row[0] in mains]

    def script(self, lines: Sequence[object], who: str = "ann") -> Ran:
        """A script of marks, run in this process."""
        typed = "".join(json.dumps(line) + "\n" for line in lines)
        return self.run("assess", "--sample", "march", "--as", who, "--script", "-", typed=typed,
                        folder=self.workspace)

    def verify(self) -> tuple[int, list[dict[str, Any]]]:
        """Exit code and problems of `cqa verify march --json`."""
        ran = self.run("verify", "march", "--json", folder=self.workspace)
        return ran.code, json.loads(ran.out)["problems"]

    def popen(self, *arguments: str, **options: Any) -> "subprocess.Popen[bytes]":
        """One command in a process of its own."""
        return subprocess.Popen([sys.executable, "-m", "cqa", *arguments], cwd=self.workspace, env=self.environment(),
                                **options)

    def environment(self) -> Mapping[str, str]:
        """The environment of a process that runs this checkout's cqa as this device."""
        return {**os.environ, "CQA_HOME": str(self.home), "PYTHONPATH": str(CHECKOUT)}


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as stream:
        yield from (line.rstrip("\n").split(",") for line in stream)


def made(folder: Path, marks: int = 0, who: Sequence[str] = ("ann",)) -> Bed:
    """A bed in the folder, which is made; each of `who` has given so many marks."""
    folder.mkdir(exist_ok=True)
    world = world_at(folder)
    run = running_in(world)
    bed = Bed(world, drawn_sample(run, new_workspace(run, world.folder)))
    for person in who if marks else ():
        ran = bed.script(some_marks(bed.cases(person), marks), person)
        assert ran.code == 0, ran.err
    return bed


def some_marks(cases: Sequence[str], count: int) -> list[dict[str, str]]:
    """So many marks on the first question, no two alike that follow each other on one case."""
    return [{"case": cases[number % len(cases)], "question": "q1", "mark": LEVELS[(number // len(cases)) % 3],
             "reason": f"turn {number} \u00e9", "evidence": "p 2"} for number in range(count)]
