"""The world a command runs in: time, randomness, environment, home folder, streams. Everything a test replaces."""

import errno
import getpass
import io
import os
import platform
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO, cast

from cqa.whole import made_whole


@dataclass(frozen=True, slots=True)
class World:
    """One value that carries every outside influence; commands take it and nothing else reaches out.

    `program` are the words that start cqa again from any folder.
    """

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
    program: tuple[str, ...] = ("cqa",)
    windows: bool = False

    def stamp(self) -> str:
        """The present moment as UTC text to the millisecond, as journals and samples record it."""
        return self.now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def today(self) -> date:
        """The present day in UTC, as due dates are counted."""
        return self.now().astimezone(UTC).date()

    def random_id(self) -> str:
        """Eight random hex digits, as devices and takes are called by."""
        return f"{int(self.random_digits(20)):x}"[:8].rjust(8, "0")


class ClosedStream(io.TextIOBase):
    """Stands where a stream was closed before cqa began: any use says so, instead of failing somewhere else."""

    def __init__(self, name: str) -> None:
        self.told = f"{name} is closed"

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        """Raises OSError."""
        raise OSError(errno.EBADF, self.told)

    def write(self, text: str, /) -> int:
        """Raises OSError."""
        raise OSError(errno.EBADF, self.told)


def _take_standard_places() -> None:
    """Opens the places of closed standard streams, so that no journal is ever opened as standard error."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)


def _program(started_as: str, python: str) -> tuple[str, ...]:
    """The words that start cqa again from any folder: the script that is running, else this Python with `-m cqa`."""
    path = Path(started_as).absolute()
    for script in (path, path.with_name(f"{path.name}.exe")):
        if script.stem == "cqa" and script.is_file():
            return (str(script),)
    return (python, "-m", "cqa")


def _account() -> str:
    try:
        return made_whole(getpass.getuser())
    except (OSError, KeyError):
        return "unknown"


def _digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))


def real_world() -> World:
    """The world as it is: system clock, system randomness, this process's environment and streams."""
    _take_standard_places()
    # A Windows console or pipe may be cp1252: what it cannot show is escaped, never a crash in mid-sentence.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    # Bytes that no encoding explains become lone surrogates, which the session refuses wherever they are to be kept.
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="surrogateescape")
    environment = dict(os.environ)
    home = environment.get("CQA_HOME")
    return World(
        now=lambda: datetime.now(UTC),
        random_digits=_digits,
        environment=environment,
        folder=Path.cwd(),
        home=Path(home) if home else Path.home() / ".cqa",
        account=_account(),
        host=made_whole(platform.node()),
        stdin=sys.stdin or cast(TextIO, ClosedStream("standard input")),
        stdout=sys.stdout or cast(TextIO, ClosedStream("standard output")),
        stderr=sys.stderr or io.StringIO(),
        program=_program(sys.argv[0], sys.executable),
        windows=sys.platform == "win32",
    )
