"""A world that stands still, and cqa run in it inside this process."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cqa import cli
from cqa.world import World
from tests.casework import Ran, Run


class Clock:
    """A clock that moves on by one second each time somebody looks at it."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


def world_in(place: Path) -> World:
    """A world whose clock, randomness, folder and streams belong to the test; its files lie in `place`."""
    folder = place / "here"
    folder.mkdir()
    return World(
        now=Clock(), random_digits=lambda count: "0123456789" * 10 if count > 20 else "12345678901234567890"[:count],
        environment={}, folder=folder, home=place / "home", account="tester", host="desk",
        stdin=io.StringIO(), stdout=io.StringIO(), stderr=io.StringIO())


def running_in(world: World) -> Run:
    """Runs one command line in the world, with `typed` as its standard input."""
    def running(*arguments: str, typed: str = "", folder: Path | None = None) -> Ran:
        inside = replace(world, stdin=io.StringIO(typed), stdout=io.StringIO(), stderr=io.StringIO(),
                         folder=folder or world.folder)
        code = cli.run(arguments, inside)
        return Ran(code, inside.stdout.getvalue(), inside.stderr.getvalue())  # type: ignore[attr-defined]
    return running
