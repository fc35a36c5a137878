"""What tests share: a world that stands still, a workspace in a temporary folder, and cqa run inside this process."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings

from cqa import cli
from cqa.world import World
from tests.casework import DRAW, RUBRIC, Ran, Run, case_rows, csv_text

# A shared machine may be slow at any moment: no test fails because of the clock.
settings.register_profile("cqa", deadline=None)
settings.load_profile("cqa")


class Clock:
    """A clock that moves on by one second each time somebody looks at it."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world whose clock, randomness, folder and streams belong to the test."""
    folder = tmp_path / "here"
    folder.mkdir()
    return World(
        now=Clock(), random_digits=lambda count: "0123456789" * 10 if count > 20 else "12345678901234567890"[:count],
        environment={}, folder=folder, home=tmp_path / "home", account="tester", host="desk",
        stdin=io.StringIO(), stdout=io.StringIO(), stderr=io.StringIO())


def _running_in(world: World) -> Run:
    def running(*arguments: str, typed: str = "", folder: Path | None = None) -> Ran:
        inside = replace(world, stdin=io.StringIO(typed), stdout=io.StringIO(), stderr=io.StringIO(),
                         folder=folder or world.folder)
        code = cli.run(arguments, inside)
        return Ran(code, inside.stdout.getvalue(), inside.stderr.getvalue())  # type: ignore[attr-defined]
    return running


@pytest.fixture
def run(world: World) -> Run:
    """Runs one command line in this process, with `typed` as its standard input."""
    return _running_in(world)


@pytest.fixture
def laptop(world: World) -> Run:
    """Runs one command line on a second device of the same people."""
    return _running_in(replace(world, home=world.home.with_name("laptop"), random_digits=lambda count: "9" * count))


@pytest.fixture
def workspace(run: Run, world: World) -> Path:
    """A workspace with the small rubric and an export of 60 cases, ready for a draw."""
    assert run("init", "work").code == 0
    root = world.folder / "work"
    (root / "small.yaml").write_text(RUBRIC, encoding="utf-8", newline="\n")
    (root / "export.csv").write_text(csv_text(case_rows(60)), encoding="utf-8", newline="\n")
    return root


@pytest.fixture
def sample(run: Run, workspace: Path) -> Path:
    """A drawn sample called march, of 12 main cases, 6 of them to be marked twice."""
    drawn = run(*DRAW, folder=workspace)
    assert drawn.code == 0, drawn.err
    return workspace / "samples" / "march"
