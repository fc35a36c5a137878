"""A script of JSON lines, from a file or from standard input."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from cqa.errors import BadInput, Problem
from cqa.screen.script import utf8_lines
from cqa.world import World


@contextmanager
def script_lines(world: World, name: str) -> Iterator[Iterator[str]]:
    """The lines of the script called so; `-` is standard input. Raises BadInput where it cannot be read."""
    if name == "-":
        yield utf8_lines(world.stdin)
        return
    try:
        stream = (world.folder / name).open(encoding="utf-8", newline="")
    except OSError as error:
        raise BadInput(Problem("J010", f"The script cannot be read: {error.strerror}.", "Check its path.",
                               name)) from error
    with closing(stream):
        yield utf8_lines(stream)
