"""A handler's sheet in three forms beside the reviewers' books: a workbook to reply in, plain text, and HTML."""

from dataclasses import replace
from pathlib import Path

from cqa.book import UNDATED, Book
from cqa.commands.handlers.feedback_book import feedback_book, feedback_page
from cqa.errors import NotSaved
from cqa.files.atomic import write_bytes
from cqa.files.handout_page import as_html, as_text
from cqa.files.sample_folder import SampleFolder
from cqa.marking.feedback import Feedback
from cqa.marking.handout import Handout
from cqa.marking.spent import moment_of
from cqa.sampling.draw import DrawnCase
from cqa.screen.clean import clean
from cqa.settings import Settings
from cqa.table import Cell, Table

TICKET_DIGITS = 12
"""So much of its ticket names a case's files: neither case id nor handler is ever part of a file's name."""


def sheet_path(folder: SampleFolder, case: DrawnCase) -> Path:
    """Where the workbook of a case is written."""
    return folder.books / f"feedback-{case.ticket[:TICKET_DIGITS]}.xlsx"


def write_sheet(folder: SampleFolder, case: DrawnCase, handout: Handout, feedback: Feedback, settings: Settings
                ) -> tuple[Path, ...]:
    """Writes the three forms and gives where. Raises NotSaved when the disk refuses: what was recorded stays so."""
    from cqa.files.workbook import write_book  # noqa: PLC0415 - openpyxl is for workbooks only

    book, path = feedback_book(handout, feedback, settings), sheet_path(folder, case)
    readable = _cleaned(feedback_page(handout, feedback, settings))
    try:
        return (write_book(path, book, moment_of(feedback.written_at) or UNDATED),
                write_bytes(path.with_suffix(".txt"), as_text(readable).encode(), beside=True),
                write_bytes(path.with_suffix(".html"), as_html(readable).encode(), beside=True))
    except NotSaved as error:
        raise NotSaved(replace(problem, remedy="What was recorded of the feedback is kept; only its sheet is missing. "
                               f"Mend it, and make the sheet with: cqa feedback {case.case_id} --sample "
                               f"{folder.sample.name}")
                       for problem in error.problems) from error


def _cleaned(book: Book) -> Book:
    """The book with every character that a page could hide, or be turned by, made visible."""
    cover = tuple((clean(label), clean(text)) for label, text in book.cover)
    return replace(book, title=clean(book.title), cover=cover,
                   tables=tuple(map(_cleaned_table, book.tables)))


def _cleaned_table(table: Table) -> Table:
    return replace(table, rows=tuple(tuple(map(_cleaned_cell, row)) for row in table.rows))


def _cleaned_cell(cell: Cell) -> Cell:
    return clean(cell) if isinstance(cell, str) else cell
