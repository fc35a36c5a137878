"""Work taken away by two reviewers and brought back comes to the figures of the same work done at home."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.carried import ANN, BOB, CAT, cases_to_mark, drawn, figures, files, mark, marking, take
from tests.casework import Run
from tests.commands.rubrics.test_rubric_move import NEWER

Place = Callable[[str], Path]
"""Where somebody marks."""


@pytest.fixture
def march(run: Run, workspace: Path) -> Path:
    return drawn(run, workspace)


def begin(run: Run, root: Path) -> None:
    """What was done at home before anybody took anything away."""
    mark(run, root, ANN, cases_to_mark(run, root, ANN)[:1])
    mark(run, root, BOB, cases_to_mark(run, root, BOB)[-1:], sign=False)


def go_on(run: Run, where: Place, root: Path) -> None:
    """What each does wherever they are: all that is left, of which every case with two markers is marked by both."""
    for who, level in ((ANN, "fully_met"), (BOB, "partly_met"), (CAT, "fully_met")):
        left = cases_to_mark(run, root, who)[1:] if who == ANN else cases_to_mark(run, root, who)
        mark(run, where(who), who, left, level)


def copied(root: Path) -> Path:
    other = root.with_name("other")
    shutil.copytree(root, other)
    return other


def test_figures_of_work_brought_back_are_those_of_work_at_home(run: Run, laptop: Run, march: Path) -> None:
    root = march.parent.parent
    begin(run, root)
    home = copied(root)
    go_on(run, lambda who: home, home)
    away = {who: shutil.move(take(run, root, who), root.parent / f"usb-{who}") for who in (ANN, BOB)}
    go_on(laptop, lambda who: Path(away.get(who, root)), root)
    assert figures(run, root) != figures(run, home)
    back = run("collect", *map(str, away.values()), "--json", folder=root)
    # Of the two journals from home that went along each is known; what was marked on the laptop is new.
    assert back.code == 0 and sorted(one["what"] for one in json.loads(back.out)["journals"]) == [
        "known", "known", "new", "new"]
    assert figures(run, root) == figures(run, home)
    assert figures(run, root)["coverage"]["second_marked"] == figures(run, root)["coverage"]["second_due"] == 6
    again = run("collect", *map(str, away.values()), "--json", folder=root)
    assert {one["what"] for one in json.loads(again.out)["journals"]} == {"known"}
    assert run("verify", folder=root).code == 0


def test_the_same_machine_marks_in_the_take_and_at_home_without_a_fork(run: Run, march: Path) -> None:
    root = march.parent.parent
    begin(run, root)
    place = take(run, root, ANN)
    mine = cases_to_mark(run, root, ANN)
    mark(run, place, ANN, mine[1:3])
    mark(run, root, ANN, mine[3:5])
    for expected in ({"new", "shorter"}, {"known", "shorter"}):
        back = run("collect", place.name, "--json", folder=root)
        assert back.code == 0 and {one["what"] for one in json.loads(back.out)["journals"]} == expected
    mark(run, root, ANN, mine[5:])
    mark(run, place, ANN, [])
    rows = json.loads(run("status", "--json", folder=root).out)["rows"]
    assert sum(row["signed"] + row["second_marked"] for row in rows if row["reviewer"] == ANN) == len(mine)
    assert run("verify", folder=root).code == 0
    told = run("assess", "--sample", "march", "--as", ANN, "--script", "-", folder=root)
    assert told.code == 0 and "J006" not in told.err and "J011" not in told.err


def test_after_a_move_and_a_handing_on_a_take_brings_back_what_is_asked_now(run: Run, march: Path) -> None:
    root = march.parent.parent
    begin(run, root)
    (root / "newer.yaml").write_text(NEWER, encoding="utf-8", newline="\n")
    leading = ("--sample", "march", "--reason", "so it is", "--as", "lead")
    assert run("rubric", "move", "newer.yaml", *leading, "--yes", folder=root).code == 0
    given = next(case for case in cases_to_mark(run, root, CAT) if case not in cases_to_mark(run, root, BOB)
                 and run("assign", case, "--to", BOB, *leading, folder=root).code == 0)
    place = take(run, root, BOB)
    assert given in cases_to_mark(run, place, BOB)
    mark(run, place, BOB, cases_to_mark(run, place, BOB))
    assert run("collect", place.name, folder=root).code == 0
    rows = json.loads(run("export", "--json", folder=root).out)["rows"]
    mine = [row for row in rows if row["reviewer"] == BOB]
    assert {row["version"] for row in mine} == {"1.1"} and {row["signed"] for row in mine} == {True}
    assert {row["case_id"] for row in mine} == set(cases_to_mark(run, root, BOB))
    assert run("verify", folder=root).code == 0


def test_marks_of_the_take_and_of_home_on_one_case_are_told_and_settled(run: Run, march: Path) -> None:
    root = march.parent.parent
    place = take(run, root, ANN)
    case = cases_to_mark(run, root, ANN)[0]
    for where, level in ((place, "fully_met"), (root, "partly_met")):
        marking(run, where, ANN, {"case": case, "question": "q1", "mark": level, "reason": "so"})
    assert run("collect", place.name, folder=root).code == 0
    told = run("assess", "--sample", "march", "--as", ANN, "--script", "-", folder=root)
    assert told.code == 0 and "J009" in told.err
    marking(run, root, ANN, {"case": case, "question": "q1", "mark": "fully_met"})
    assert "J009" not in run("assess", "--sample", "march", "--as", ANN, "--script", "-", folder=root).err
    assert set(files(place / "samples" / "march" / "marks")) < set(files(march / "marks"))
