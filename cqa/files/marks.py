"""The journals of a sample: whose they are, what they hold, and which copies of one journal to believe."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cqa.errors import Problem
from cqa.files.journal import read_journal
from cqa.marking.events import Event, event_of

Line = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Marks:
    """The events of each reviewer (by name in lower case), and what was found wrong with their files."""

    events: Mapping[str, tuple[Event, ...]]
    problems: tuple[Problem, ...]


def journal_path(folder: Path, reviewer: str, device: str) -> Path:
    """The journal that one reviewer writes on one device; nobody else ever writes it."""
    return folder / f"{reviewer.casefold()}.{device}.jsonl"


def writer_of(reviewer: str, device: str) -> str:
    """The name under which a reviewer's events on a device are numbered."""
    return f"{reviewer.casefold()}.{device}"


def read_marks(folder: Path, only: str = "") -> Marks:
    """The marks in a sample's folder; with `only`, of that reviewer alone.

    Of another reviewer's journal then nothing but the first line is read, which holds no mark. Copies of one journal
    are recognised by their first line, never by name: the longest is believed when the others are its beginning.
    """
    journals: dict[tuple[str, str], tuple[str, tuple[Line, ...]]] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.jsonl")):
        owner = _first_line(path)
        reviewer, device = str(owner.get("reviewer", "")).casefold(), str(owner.get("device", ""))
        if only and reviewer != only.casefold():
            continue
        reading = read_journal(path)
        problems.extend(reading.problems)
        key = (reviewer, device)
        kept = journals.get(key)
        if kept is not None and not _same_beginning(kept[1], reading.lines):
            problems.append(Problem("J006", f"This journal and {kept[0]} are of one device and part ways.",
                                    "Keep both, and ask the reviewer which one holds their marks.", str(path)))
        if kept is None or len(reading.lines) > len(kept[1]):
            journals[key] = (path.name, tuple(reading.lines))
    events: dict[str, list[Event]] = {}
    for (reviewer, device), (_, lines) in journals.items():
        events.setdefault(reviewer, []).extend(event_of(line, writer_of(reviewer, device)) for line in lines)
    return Marks({reviewer: tuple(listed) for reviewer, listed in events.items()}, tuple(problems))


def _first_line(path: Path) -> Line:
    """The first line, unverified: it only says whose journal this is, and is verified when the journal is read."""
    try:
        with path.open("rb") as stream:
            line = json.loads(stream.readline(65_536))
    except (OSError, ValueError, RecursionError):
        return {}
    return line if isinstance(line, dict) else {}


def _same_beginning(one: Iterable[Line], other: Iterable[Line]) -> bool:
    return all(first.get("seal") == second.get("seal") for first, second in zip(one, other, strict=False))
