"""The leaders' journals of moderation and of feedback, read as the entries they hold."""

from dataclasses import dataclass
from pathlib import Path

from cqa.errors import Problem
from cqa.files.journals import read_journals, writer_of
from cqa.marking.entries import Entry, entry_of


@dataclass(frozen=True, slots=True)
class Entries:
    """Every entry of a folder's journals, the problems of these journals, and how many lines they have."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    lines: int


def read_entries(folder: Path) -> Entries:
    """The entries in a folder of journals, which need not exist. Never writes."""
    journals = read_journals(folder)
    found = tuple(entry for owner, lines in journals.lines.items() for line in lines
                  if (entry := entry_of(line, owner[0], writer_of(*owner))) is not None)
    return Entries(found, journals.problems, journals.count)
