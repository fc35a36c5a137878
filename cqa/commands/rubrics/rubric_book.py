"""`cqa rubric book`: the whole rubric as a document to sign, in Markdown or Excel."""

from collections.abc import Iterator
from pathlib import Path

from cqa import __version__
from cqa.book import UNDATED, Book
from cqa.errors import ExitCode, Problem, WrongUse
from cqa.files.atomic import write_bytes
from cqa.files.markdown import escaped, heading, table_lines
from cqa.files.rubrics import RubricFile, read_rubric
from cqa.files.workspace import settings_above
from cqa.rubric.book import Part, Source, approval, document, identity, scoring, sheets
from cqa.screen.printer import Printer
from cqa.settings import Settings
from cqa.world import World

SUFFIXES = (".md", ".xlsx")


def run(world: World, printer: Printer, file: str, out: str | None) -> int:
    """Writes the book of a rubric to `out`, or its Markdown to standard output.

    Raises WrongUse for another ending of `out`, BadInput for the rubric, NotSaved for the disk.
    """
    path = world.folder / file
    target = world.folder / out if out else None
    if target is not None and target.suffix.casefold() not in SUFFIXES:
        raise WrongUse(Problem("S018", f"--out cannot be '{out}'.", f"End it in {' or '.join(SUFFIXES)}."))
    found = read_rubric(path, settings_above(world.folder).language)
    source = source_of(path, found)
    if target is None:
        printer.line("\n".join(markdown(found, source)))
        return ExitCode.DONE
    written = _write(world, target, found, source)
    printer.line(f"Written to {written}")
    return ExitCode.DONE


def source_of(path: Path, found: RubricFile) -> Source:
    """Which bytes the book is of."""
    return Source(path.name, found.sha256, len(found.data))


def _write(world: World, target: Path, found: RubricFile, source: Source) -> Path:
    if target.suffix.casefold() == ".md":
        return write_bytes(target, ("\n".join(markdown(found, source)) + "\n").encode(), beside=True)
    from cqa.files.workbook import write_book  # noqa: PLC0415 - openpyxl is for workbooks only

    return write_book(target, workbook(found, source, settings_above(world.folder)), UNDATED)


def workbook(found: RubricFile, source: Source, settings: Settings) -> Book:
    """The book as a workbook: a cover that says which bytes are meant, and a sheet for each part."""
    cover = (*identity(found.rubric, source), ("Made", f"by cqa {__version__}"),
             ("What is signed", approval(found.rubric, source)))
    return Book(found.rubric.title, settings.organisation, settings.language, cover, scoring(found.rubric),
                sheets(found.rubric))


def markdown(found: RubricFile, source: Source) -> Iterator[str]:
    """The document as lines of Markdown."""
    for part in document(found.rubric, source):
        yield from _part(part)


def _part(part: Part) -> Iterator[str]:
    yield from (heading(part.depth, part.title), "")
    for line in part.lines:
        yield from (escaped(line), "")
    if part.table is not None:
        yield from (*table_lines(part.table), "")
