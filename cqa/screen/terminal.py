"""What the terminal can do: whether the full screen can be shown on it, and why not."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TextIO

from cqa.screen.page import LEAST, Size

Wanted = Literal["auto", "plain", "full"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which way of marking it is to be, and, where it is not the full screen, why not; empty where that goes without
    saying."""

    full: bool
    why: str = ""


def front_end(wanted: Wanted, source: TextIO, out: TextIO, environment: Mapping[str, str]) -> Choice:
    """The full screen where both ends are a console that is large enough and can redraw, else line by line."""
    if wanted == "plain":
        return Choice(False)
    if not (source.isatty() and out.isatty()):
        return Choice(False, "This is no console." if wanted == "full" else "")
    if environment.get("TERM", "") == "dumb":
        return Choice(False, "This terminal cannot redraw a page.")
    size = _size(out)
    if size.enough:
        return Choice(True)
    return Choice(False, f"This window has {size.width} columns and {size.height} rows; the full screen needs "
                  f"{LEAST[0]} and {LEAST[1]}.")


def _size(out: TextIO) -> Size:
    """The window's size; the least that is enough where the system cannot tell."""
    try:
        found = os.get_terminal_size(out.fileno())
    except OSError:
        return Size(*LEAST)
    return Size(found.columns, found.lines) if found.columns and found.lines else Size(*LEAST)
