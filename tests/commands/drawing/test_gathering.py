"""An export read in parts by several processes is the export read whole."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cqa.commands.drawing import gathering
from cqa.commands.drawing.gathering import gather_in_parts
from cqa.errors import BadInput, Problem
from cqa.files import text_in
from cqa.files.exports import ExportFiles, open_export
from cqa.sampling.candidates import Candidates
from cqa.sampling.frame import Collapse, Columns, find_places
from cqa.sampling.survey import Frame, Gather, Survey, gather, survey

STRICT = Collapse({}, None)
ROWS = [f'{number * 7919 % 10_007:05d},Unit {number % 5},"note {number}, with ""quotes"""'
        for number in range(1, 9_000)]


@pytest.fixture(autouse=True)
def small_files_are_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_in, "WORTH_PARTS", 1)
    monkeypatch.setattr(gathering, "_processors", lambda: 3)


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each export worth it, whether it could be read in parts."""
    told: list[bool] = []
    gathered = gathering._gathered

    def watched(into: Survey, export: ExportFiles, parts: list[ExportFiles], collapse: Collapse) -> bool:
        told.append(gathered(into, export, parts, collapse))
        return told[-1]

    monkeypatch.setattr(gathering, "_gathered", watched)
    return told


def drawn(path: Path, how: Gather) -> tuple[Frame, list[str], tuple[int, int, list[Problem]]]:
    export = open_export([path], ("id", "unit"))
    candidates = Candidates(25)
    frame = survey(export, find_places(export, Columns("id", ("unit",)), STRICT), STRICT, (), "seed", candidates,
                   gathering=how)
    ((source, blank),) = export.read()
    tickets = [case.ticket for size in frame.strata for _, case in candidates.of(size.name)]
    return frame, tickets, (source.rows, blank, export.remarks())


def same(path: Path) -> None:
    whole, part = drawn(path, gather), drawn(path, gather_in_parts)
    assert part[1:] == whole[1:]
    assert part[0].counted().strata == whole[0].strata and part[0].digest == whole[0].digest
    listed = [[(case_id, told) for ids, places, _ in frame.listing()
               for case_id, told in zip(ids, places, strict=True)] for frame in (whole[0], part[0])]
    assert listed[0] == listed[1]


def test_the_same_frame_and_candidates_come_of_the_parts(tmp_path: Path, in_parts: list[bool]) -> None:
    path = tmp_path / "e.csv"
    path.write_text("Closed cases\nid,unit,note\n" + "\n".join(ROWS) + "\n\n,,\nTotal,8999,\n", encoding="utf-8-sig")
    same(path)
    assert in_parts == [True]
    title, total = drawn(path, gather_in_parts)[2][2]
    assert (title.line, total.line) == (1, 2 + len(ROWS) + 3)


def test_a_cut_inside_a_quoted_field_is_noticed_and_the_whole_is_read(tmp_path: Path, in_parts: list[bool]) -> None:
    rows = [row.replace("with", "over\nmany\nlines,\n" * 40) for row in ROWS[:200]]
    path = tmp_path / "e.csv"
    path.write_text("id,unit,note\n" + "\n".join(rows) + "\n", encoding="utf-8", newline="\n")
    same(path)
    assert in_parts == [False]


@pytest.mark.parametrize(("place", "row", "code"), [
    (8_000, "1,a", "C005"), (20, "1,a", "C005"), (8_500, ROWS[3], "C008"), (4_000, "1.5E+9,a,b", "C019")])
def test_what_is_wrong_anywhere_is_named_with_its_line(tmp_path: Path, place: int, row: str, code: str) -> None:
    rows = [*ROWS[:place], row, *ROWS[place:]]
    path = tmp_path / "e.csv"
    path.write_text("id,unit,note\n" + "\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        drawn(path, gather_in_parts)
    assert (code, place + 2) in [(problem.code, problem.line) for problem in caught.value.problems]


KILLED = """
import os, signal, sys
from pathlib import Path
from cqa.commands.drawing import gathering
from cqa.files import text_in
from cqa.files.exports import open_export
from cqa.sampling.frame import Collapse, Columns, find_places
from cqa.sampling.survey import survey

text_in.WORTH_PARTS = 1
gathering._processors = lambda: 2
gathered = gathering._part

def killed(into, part, collapse):
    if part.files[0].records.span[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return gathered(into, part, collapse)

gathering._part = killed
export = open_export([Path(sys.argv[1])], ("id", "unit"))
strict = Collapse({}, None)
survey(export, find_places(export, Columns("id", ("unit",)), strict), strict, (), "seed",
       gathering=gathering.gather_in_parts)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the other process begins anew, without what is changed")
def test_a_draw_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text("id,unit,note\n" + "\n".join(f"{number:012d},a,b" for number in range(40_000)), encoding="utf-8")
    # `run` comes back only when nobody holds the standard output any more.
    ended = subprocess.run([sys.executable, "-c", KILLED, str(path)], capture_output=True, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
