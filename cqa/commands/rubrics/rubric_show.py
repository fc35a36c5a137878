"""`cqa rubric show`: a rubric in the terminal, or as one JSON object."""

from dataclasses import replace

from cqa.commands.rubrics.rubric_book import source_of
from cqa.errors import ExitCode
from cqa.files.rubrics import read_rubric
from cqa.files.workspace import settings_above
from cqa.rubric.book import Part, document
from cqa.rubric.outline import outline
from cqa.screen.printer import NARROW, Printer
from cqa.world import World


def run(world: World, printer: Printer, file: str) -> int:
    """Shows the rubric of a file. Raises BadInput with every error found in it."""
    path = world.folder / file
    found = read_rubric(path, settings_above(world.folder).language)
    source = source_of(path, found)
    if printer.as_json:
        printer.json(outline(found.rubric, source))
        return ExitCode.DONE
    for part in document(found.rubric, source)[:-1]:
        _show(printer, part)
    return ExitCode.DONE


def _show(printer: Printer, part: Part) -> None:
    """A part as lines of at most 80 columns; a table follows its sentences."""
    printer.line()
    printer.paragraph(part.title.upper() if part.depth == 2 else part.title, hanging=2)
    for line in part.lines:
        printer.paragraph(line, indent=2, hanging=2)
    if part.table is not None:
        printer.table(replace(part.table, title="", note=""), NARROW)
