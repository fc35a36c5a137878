"""The 33 rules that public spreadsheets, and Excel itself, hold a workbook to, read from its XML alone.

`python -m tests.workbook_lint FILE...` prints what breaks one, and exits 1.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.workbook_lint.book_rules import (
    author,
    cover_first,
    language_property,
    links,
    no_hidden_sheet,
    nothing_from_outside,
    opens_at_start,
    print_setup,
    sheet_names,
    title_property,
)
from tests.workbook_lint.look_rules import colours, fonts, headers_wrap, room
from tests.workbook_lint.parts import Package
from tests.workbook_lint.sheet_rules import (
    alt_text,
    axes,
    no_boxes_or_comments,
    not_blank,
    nothing_computed,
    nothing_hidden,
    nothing_merged,
    titled,
)
from tests.workbook_lint.table_rules import (
    begins_in_column_a,
    frozen_when_long,
    header_row,
    headers,
    marked_up,
    no_blank_line,
    no_empty_cell,
    no_filter_buttons,
    nothing_below,
    one_table_a_sheet,
    table_named,
)

Rule = Callable[[Package], Iterator[tuple[str, str, str]]]
RULES: tuple[Rule, ...] = (
    title_property, language_property, author, cover_first, sheet_names, no_hidden_sheet, titled, not_blank,
    nothing_merged, one_table_a_sheet, marked_up, header_row, headers, table_named, no_filter_buttons,
    begins_in_column_a, nothing_below, no_blank_line, no_empty_cell, nothing_hidden, fonts, headers_wrap, room,
    alt_text, no_boxes_or_comments, axes, links, opens_at_start, nothing_from_outside, frozen_when_long,
    print_setup, colours, nothing_computed,
)
"""Rule 1 first; the docstring of each begins with its number."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of one rule: `sheet` and `cell` are empty where it is the workbook's."""

    rule: int
    sheet: str
    cell: str
    words: str

    def __str__(self) -> str:
        place = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        return f"rule {self.rule}: {place}: {self.words}" if place else f"rule {self.rule}: {self.words}"


def lint(data: bytes, language: str = "en-GB") -> list[Finding]:
    """Every breach in a workbook's bytes, in the order of the rules; none for a good one."""
    package = Package(data, language)
    return [Finding(number, *place) for number, rule in enumerate(RULES, start=1) for place in rule(package)]
