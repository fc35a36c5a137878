"""A handout as plain text, and as a page that a browser shows and a word processor opens: no script, nothing loaded."""

import textwrap
from collections.abc import Iterator
from html import escape

from cqa.book import Book
from cqa.table import Cell, Table

WIDTH = 78
_STYLE = """\
body { font-family: Arial, sans-serif; font-size: 12pt; color: #000; background: #fff; max-width: 60em; margin: 2em; }
h1 { font-size: 18pt; } h2 { font-size: 14pt; margin-top: 1.6em; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #595959; padding: 0.35em 0.5em; text-align: left; vertical-align: top; }
"""


def as_text(book: Book) -> str:
    """The handout in lines of at most 78 letters: the summary, then every row of every table on lines of its own."""
    lines = [*_wrapped(book.title), "=" * min(WIDTH, len(book.title)), ""]
    for label, text in book.cover:
        lines += [f"{label.upper()}", *_wrapped(text, "  "), ""]
    for table in book.tables:
        lines += [*_heading(table.title), *_wrapped(table.note), ""]
        for row in table.rows:
            lines += [*_row(table, row), ""]
    lines += [*_heading("Notes")]
    for note in book.notes:
        lines += [*_wrapped(note), ""]
    return "\n".join(lines)


def _heading(text: str) -> list[str]:
    return [*_wrapped(text), "-" * min(WIDTH, len(text))]


def _row(table: Table, row: tuple[Cell, ...]) -> Iterator[str]:
    """What the row is about, then each further cell under the name of its column."""
    yield from _wrapped(f"{row[0]}")
    for column, cell in zip(table.columns[1:], row[1:], strict=True):
        yield from _wrapped(f"{column.name}: {cell}", "  ", "    ")


def _wrapped(text: str, indent: str = "", hanging: str = "") -> list[str]:
    """The text broken between words; its own line ends are kept."""
    return [line for number, part in enumerate(text.split("\n") or [""])
            for line in textwrap.wrap(part, WIDTH, initial_indent=(hanging or indent) if number else indent,
                                      subsequent_indent=hanging or indent, break_on_hyphens=False,
                                      drop_whitespace=True) or [indent.rstrip()]]


def as_html(book: Book) -> str:
    """The handout as HTML 5 in the book's language. Whatever stands in it is text, and never taken for markup."""
    parts = [f'<!DOCTYPE html>\n<html lang="{escape(book.language)}">\n<head>\n<meta charset="utf-8">\n'
             f"<title>{_text(book.title)}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n"
             f"<h1>{_text(book.title)}</h1>\n"]
    parts += [f"<h2>{_text(label)}</h2>\n<p>{_text(text)}</p>\n" for label, text in book.cover]
    parts += [_table(table) for table in book.tables]
    parts += ["<h2>Notes</h2>\n", *(f"<p>{_text(note)}</p>\n" for note in book.notes), "</body>\n</html>\n"]
    return "".join(parts)


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{_text(column.name)}</th>' for column in table.columns)
    rows = "".join(f"<tr>{_cells(row)}</tr>\n" for row in table.rows)
    return (f"<h2>{_text(table.title)}</h2>\n<p>{_text(table.note)}</p>\n"
            f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n")


def _cells(row: tuple[Cell, ...]) -> str:
    """The first cell says what the row is about, and heads it."""
    rest = "".join(f"<td>{_text(f'{cell}')}</td>" for cell in row[1:])
    return f'<th scope="row">{_text(f"{row[0]}")}</th>{rest}'


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")
