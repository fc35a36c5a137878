"""What tests share: a world that stands still, a workspace in a temporary folder, and cqa run inside this process."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

from cqa.world import World
from tests.casework import Run, drawn_sample, new_workspace, running_in, world_at

# A shared machine may be slow at any moment: no test fails because of the clock.
settings.register_profile("cqa", deadline=None)
settings.load_profile("cqa")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A world whose clock, randomness, folder and streams belong to the test."""
    return world_at(tmp_path)


@pytest.fixture
def run(world: World) -> Run:
    """Runs one command line in this process, with `typed` as its standard input."""
    return running_in(world)


@pytest.fixture
def laptop(world: World) -> Run:
    """Runs one command line on a second device of the same people."""
    return running_in(replace(world, home=world.home.with_name("laptop"), random_digits=lambda count: "9" * count))


@pytest.fixture
def workspace(run: Run, world: World) -> Path:
    """A workspace with the small rubric and an export of 60 cases, ready for a draw."""
    return new_workspace(run, world.folder)


@pytest.fixture
def sample(run: Run, workspace: Path) -> Path:
    """A drawn sample called march, of 12 main cases, 6 of them to be marked twice."""
    return drawn_sample(run, workspace)
