"""The screens of the README are those that a reviewer sees, and a whole case in plain mode reads as it did."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TextIO

import pytest

from cqa import cli
from cqa.commands.marking.sitting import Sitting, open_sitting
from cqa.files.sample_folder import open_sample
from cqa.files.workspace import find_workspace
from cqa.screen.desk import Desk
from cqa.screen.desk_keys import press
from cqa.screen.frame import page
from cqa.screen.page import Size
from cqa.screen.rows import text_of
from cqa.screen.typist import NoDrafts
from cqa.world import World
from tests.casework import Run
from tests.journeys.test_readme import block

ROOT = Path(__file__).parent.parent.parent
GOLDEN = Path(__file__).parent.parent / "golden" / "plain_case.txt"
CASE = "0009330"
DRAWN = ("draw", "area-quarter.csv", "--sample", "autumn", "--id", "case_id", "--by", "unit", "--take", "4", "--seed",
         "73129048561093847562", "--rubric", "rubrics/prosecution.yaml", "--reviewers", "a-byrne,d-okafor,l-marsh",
         "--second", "0.5", "--handled-by", "prosecutor_id", "--collapse", "plea=all", "--collapse", "outcome=all",
         "--collapse", "in_custody=any")
TYPED = f"""\
?
1
2
The first review came after the hearing.

review log, entry of 4 May

i
9
No third party held anything.

d
1
2
The explanation names no reason.

letter of 12 June
.
u
r
1
1
f
1
l
1
1
1
1
1
s
{CASE}
q
"""
"""What a reviewer types at the case of the golden transcript, line by line."""


@pytest.fixture
def autumn(run: Run, world: World) -> Path:
    """The workspace of the README's example."""
    assert run("init", "work").code == 0
    work = world.folder / "work"
    (work / "area-quarter.csv").write_bytes((ROOT / "samples" / "area-quarter.csv").read_bytes())
    assert run(*DRAWN, folder=work).code == 0
    return work


@pytest.fixture
def sitting(world: World, autumn: Path) -> Iterator[Sitting]:
    """A reviewer's sitting there."""
    here = replace(world, folder=autumn)
    with open_sitting(here, open_sample(find_workspace(autumn), "autumn"), "a-byrne") as opened:
        yield opened


def shown(desk: Desk, width: int, height: int) -> str:
    rows = [text_of(row).rstrip() for row in page(desk, Size(width, height))]
    # The time of day is that of the reader's country.
    return re.sub(r"\d\d:\d\d:\d\d", "14:02:51", "\n".join(rows)) + "\n"


def screens(sitting: Sitting, world: World) -> dict[str, str]:
    """The screens of the README, by their mark."""
    desk = Desk(sitting.state, sitting.act, world.now, NoDrafts(), "autumn")
    desk.open(CASE)
    press(desk, "1")
    press(desk, "2")
    desk.finish_box("The first review came after the hearing.")
    desk.finish_box("review log, entry of 4 May")
    press(desk, "left")
    small = shown(desk, 80, 24)
    press(desk, "n")
    press(desk, "f")
    return {"screen-80x24": small, "screen-100x30": shown(desk, 100, 30)}


@pytest.mark.parametrize("mark", ["screen-80x24", "screen-100x30"])
def test_the_readmes_screens_are_those_of_the_tool(sitting: Sitting, world: World, mark: str) -> None:
    assert block(mark) == screens(sitting, world)[mark]


class Typing(io.StringIO):
    """Standard input that shows what is typed, as a terminal does."""

    def __init__(self, typed: str, out: TextIO) -> None:
        super().__init__(typed)
        self.out = out

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        """One line, shown in brackets."""
        line = super().readline()
        self.out.write(f"[{line.rstrip()}]\n" if line else "")
        return line


def transcript(world: World, autumn: Path) -> str:
    """A whole case in plain mode: everything said, and what was typed, in brackets."""
    out = io.StringIO()
    inside = replace(world, folder=autumn, stdin=Typing(TYPED, out), stdout=out)
    assert cli.run(("assess", CASE, "--sample", "autumn", "--as", "a-byrne", "--plain"), inside) == 0
    return re.sub(r"\d\d:\d\d:\d\d", "14:02:51", out.getvalue())


def test_a_whole_case_in_plain_mode_reads_as_it_did(world: World, autumn: Path) -> None:
    assert transcript(world, autumn) == GOLDEN.read_text(encoding="utf-8")
