"""The world a command runs in: time, randomness, environment, home folder, streams. Everything a test replaces."""

import getpass
import os
import platform
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO


@dataclass(frozen=True, slots=True)
class World:
    """One value that carries every outside influence; commands take it and nothing else reaches out."""

    now: Callable[[], datetime]
    random_digits: Callable[[int], str]
    environment: Mapping[str, str]
    folder: Path
    home: Path
    account: str
    host: str
    stdin: TextIO
    stdout: TextIO
    stderr: TextIO

    def stamp(self) -> str:
        """The present moment as UTC text to the millisecond, as journals and samples record it."""
        return self.now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def _digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))


def real_world() -> World:
    """The world as it is: system clock, system randomness, this process's environment and streams."""
    # A Windows console or pipe may be cp1252: what it cannot show is escaped, never a crash in mid-sentence.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    environment = dict(os.environ)
    home = environment.get("CQA_HOME")
    return World(
        now=lambda: datetime.now(UTC),
        random_digits=_digits,
        environment=environment,
        folder=Path.cwd(),
        home=Path(home) if home else Path.home() / ".cqa",
        account=_account(),
        host=platform.node(),
        stdin=sys.stdin,
        stdout=sys.stdout,
        stderr=sys.stderr,
    )
