"""The README is true: its examples run as they stand, and its ticket is the one it prints."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from cqa.files.shipped import shipped
from cqa.sampling.ticket import ticket
from cqa.world import World
from tests.casework import Run

README = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")


def block(mark: str) -> str:
    """The code block that follows a mark."""
    found = re.search(rf"<!-- {mark} -->\n```\w*\n(.*?)```", README, re.DOTALL)
    assert found, mark
    return found[1]


def test_the_order_of_work_runs_in_an_empty_folder(run: Run, world: World) -> None:
    shutil.copy(shipped("samples") / "area-quarter.csv", world.folder)
    folder = world.folder
    for line in block("example").splitlines():
        words = shlex.split(line)
        if words[0] == "cd":
            folder /= words[1]
            continue
        ran = run(*words[1:], folder=folder)
        assert ran.code == 0, (line, ran.err)


def test_the_ticket_is_the_one_printed() -> None:
    found = re.search(r"'(\d+)\|(\w+)' \| sha256sum", block("ticket"))
    assert found and ticket(found[1], found[2]) in README


@pytest.mark.parametrize("mark", ["demo-posix", "demo-windows", "test-posix", "test-windows"])
def test_each_set_up_is_one_command(mark: str) -> None:
    assert len(block(mark).strip().splitlines()) == 1 and "venv .venv" in block(mark)


def test_every_command_the_readme_names_is_there(run: Run) -> None:
    for name in set(re.findall(r"`cqa ([a-z]+)", README)):
        assert run(name, "--help").code == 0, name
