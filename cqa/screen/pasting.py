"""Pastes in plain mode: the terminal marks where they begin and end, as far as it can."""

import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

BEGINS, ENDS = "\x1b[200~", "\x1b[201~"
"""What a terminal sends around a paste once it is asked to."""
_ASK, _ENOUGH = "\x1b[?2004h", "\x1b[?2004l"


@contextmanager
def pastes_marked(source: TextIO, out: TextIO, dumb: bool) -> Iterator[None]:
    """Asks a terminal to mark pastes, and not to show the marks, until the block ends. Windows has no such marks in
    lines that are typed, nor has a `dumb` terminal."""
    if dumb or sys.platform == "win32" or not (source.isatty() and out.isatty()):
        yield
        return
    import termios  # noqa: PLC0415 - Windows has none

    before = termios.tcgetattr(source.fileno())
    silent = [*before]
    silent[3] &= ~termios.ECHOCTL
    try:
        termios.tcsetattr(source.fileno(), termios.TCSADRAIN, silent)
        out.write(_ASK)
        out.flush()
        yield
    finally:
        out.write(_ENOUGH)
        out.flush()
        termios.tcsetattr(source.fileno(), termios.TCSADRAIN, before)


def waits(source: TextIO, seconds: float) -> bool:
    """Whether a terminal holds more input, or gets some within so many seconds; never for what is no terminal."""
    if not source.isatty():
        return False
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - Windows alone has it

        return msvcrt.kbhit()
    return bool(select.select([source.fileno()], [], [], seconds)[0])


def thrown_away(source: TextIO) -> None:
    """Forgets what was typed or pasted at a terminal and is not read yet, half a line too."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415

        while msvcrt.kbhit():
            msvcrt.getwch()
    elif source.isatty():
        import termios  # noqa: PLC0415

        termios.tcflush(source.fileno(), termios.TCIFLUSH)
