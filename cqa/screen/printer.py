"""Everything that commands say: lines, problems, tables, JSON and progress, with data never taken as markup."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from cqa.errors import Problem
from cqa.screen.clean import clean, one_line
from cqa.screen.json_line import json_line
from cqa.table import Cell, Column, Table
from cqa.world import World

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_WIDTH = 100
NARROW = 80
"""What is to be read in any window keeps to so many columns."""
_RULED = "    \n    \n -- \n    \n    \n    \n    \n    \n"
"""Only a rule under the header, in ASCII: it reads aloud well and survives every console."""


class Printer:
    """Speaks to the person. With `as_json`, standard output carries one JSON object and all words go to stderr."""

    def __init__(self, world: World, as_json: bool = False) -> None:
        self.world, self.as_json = world, as_json

    @property
    def words(self) -> TextIO:
        """The stream for words."""
        return self.world.stderr if self.as_json else self.world.stdout

    def line(self, text: str = "") -> None:
        """One line, or several, on the stream for words."""
        print(clean(text), file=self.words)

    def paragraph(self, text: str, indent: int = 0, hanging: int = 0) -> None:
        """Running text broken between words at 80 columns; lines after the first stand `hanging` further in."""
        print(textwrap.fill(one_line(text), NARROW, initial_indent=" " * indent, break_on_hyphens=False,
                            subsequent_indent=" " * (indent + hanging)), file=self.words)

    def problems(self, problems: Iterable[Problem]) -> None:
        """Problems on standard error, one after the other."""
        for problem in problems:
            told = "warning: " if problem.severity == "warning" else ""
            print(clean(f"{told}{problem}"), file=self.world.stderr)

    def aside(self, text: str) -> None:
        """Lines on standard error."""
        print(clean(text), file=self.world.stderr)

    def json(self, value: object) -> None:
        """One JSON object on standard output."""
        print(json_line(value), file=self.world.stdout, flush=True)

    def table(self, table: Table, most: int | None = None) -> None:
        """A table on the stream for words, as wide as the console, or as `most` columns where that is less."""
        from rich.box import Box  # noqa: PLC0415 - rich costs 40 ms, and --help needs none of it
        from rich.table import Table as RichTable  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        if table.title:
            self.line(table.title)
        drawn = RichTable(box=Box(_RULED, ascii=True), pad_edge=False, header_style="bold", show_edge=False)
        for column in table.columns:
            drawn.add_column(Text(column.name), justify="left" if column.kind in ("id", "text", "long") else "right",
                             overflow="fold", no_wrap=column.kind == "id")
        for row in table.rows:
            drawn.add_row(*(Text(clean(shown(value, column)))
                            for value, column in zip(row, table.columns, strict=True)))
        console = self._console(self.words)
        console.print(drawn, width=min(console.width, most) if most else None)
        if table.note:
            (self.paragraph if most else self.line)(table.note)

    def _console(self, stream: TextIO) -> "Console":
        from rich.console import Console  # noqa: PLC0415

        width = None if stream.isatty() else PLAIN_WIDTH
        return Console(file=stream, markup=False, highlight=False, emoji=False, width=width, safe_box=True)

    @contextmanager
    def progress(self, title: str, total: int) -> Iterator["Steps"]:
        """A progress bar on standard error while it is a terminal; silent otherwise."""
        if not self.world.stderr.isatty():
            yield Steps(None, None)
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

        columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self._console(self.world.stderr), transient=True) as bar:
            yield Steps(bar, bar.add_task(clean(title), total=total))


class Steps:
    """The handle of a progress bar."""

    def __init__(self, bar: object, task: object) -> None:
        self.bar, self.task = bar, task

    def advance(self, count: int = 1) -> None:
        """So many steps are done."""
        if self.bar is not None:
            self.bar.advance(self.task, count)  # type: ignore[attr-defined]


def shown(value: Cell, column: Column) -> str:
    """A cell as words: shares as per cents, decimals with two places."""
    if isinstance(value, str):
        return value
    if column.kind == "percent":
        return f"{value:.0%}"
    return f"{value:.2f}" if column.kind == "decimal" else f"{value}"


def listed(parts: Sequence[str]) -> str:
    """Parts joined as a sentence lists them: `a, b and c`."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else ""
