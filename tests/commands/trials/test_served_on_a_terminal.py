"""At a terminal the second form of a trial follows the first in one sitting, and neither start loads what is heavy."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.casework import Run
from tests.test_cli import HEAVY
from tests.trialled import SECRETS, cases_in, designed, marked, order_of, who_begins

WORD = "From here on you mark with another form. Read its questions afresh."


@pytest.fixture
def root(run: Run, workspace: Path) -> Path:
    designed(run, workspace, cases=8)
    return workspace


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize("size", [(80, 24), (100, 30)])
def test_the_screen_goes_on_from_the_last_case_of_one_form_to_the_other(
    run: Run, root: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    from tests.journeys.screen_at import ENTER, ScreenAt  # noqa: PLC0415 - Windows has no pseudo-terminals

    who = who_begins(root / "samples", 1)
    first, second = (cases_in(root / "samples", arm, who) for arm in order_of(root / "samples", who))
    marked(run, root, who, first)
    assert run("assess", "--sample", "pilot-1", "--as", who, "--script", "-", typed=(
        f'{{"case": "{first[-1]}", "do": "reopen"}}\n'), folder=root).code == 0
    with ScreenAt(root, tmp_path / "home", "assess", "--as", who, size=size) as at:
        at.wait(f"your cases: {len(first)}")
        at.press(ENTER, until="ABOUT THIS FORM")
        at.press("s", until="Type the case number")
        at.write(f"{first[-1]}{ENTER}", until="SIGNED OFF")
        at.press(ENTER, until=("THESE CASES ARE DONE", "Enter goes on to your other cases. Q stops"))
        at.press(ENTER, until=("BEFORE YOU BEGIN", WORD))
        at.press(ENTER, until=f"your cases: {len(second)}, signed off: 0")
        at.press(ENTER, until=("PILOT", second[0]) if size[0] > 99 else second[0])
        at.press("q")
        assert at.ended() == 0
        assert f"cqa assess --sample pilot --as {who}" in at.told
        assert not [name for name in SECRETS if name.casefold() in at.raw.decode("utf-8", "replace").casefold()]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_whoever_stops_between_the_forms_is_told_where_to_go_on(run: Run, root: Path, tmp_path: Path) -> None:
    from tests.journeys.screen_at import ENTER, ScreenAt  # noqa: PLC0415 - Windows has no pseudo-terminals

    who = who_begins(root / "samples", 2)
    first, second = (cases_in(root / "samples", arm, who) for arm in order_of(root / "samples", who))
    marked(run, root, who, first)
    assert run("assess", "--sample", "pilot-2", "--as", who, "--script", "-", typed=(
        f'{{"case": "{first[-1]}", "do": "reopen"}}\n'), folder=root).code == 0
    with ScreenAt(root, tmp_path / "home", "assess", first[-1], "--as", who) as at:
        at.press("s", until="Type the case number")
        at.write(f"{first[-1]}{ENTER}", until="SIGNED OFF")
        at.press(ENTER, until="THESE CASES ARE DONE")
        at.press("q")
        assert at.ended() == 0
        assert "Go on with:" in at.told
    with ScreenAt(root, tmp_path / "home", "assess", "--as", who) as at:
        at.wait("BEFORE YOU BEGIN", WORD)
        at.press(ENTER, until=f"your cases: {len(second)}")
        at.press("q")
        assert at.ended() == 0


def test_marking_in_a_trial_imports_nothing_heavy(root: Path) -> None:
    program = ("import os, sys\nos.chdir(sys.argv[1])\nos.environ['CQA_HOME'] = sys.argv[1] + '/home'\n"
               "from cqa.cli import run\nassert run(['assess', '--as', 'ann', '--script', 'small.yaml']) == 3\n"
               "print(' '.join({name.split('.')[0] for name in sys.modules}))\n")
    ran = subprocess.run([sys.executable, "-c", program, str(root)], capture_output=True, text=True, check=True,
                         encoding="utf-8")
    assert not set(ran.stdout.splitlines()[-1].split()) & HEAVY
