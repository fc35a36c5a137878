"""Names taken out of a report: people become 'Reviewer 1' and 'Handler 1', and nothing in it says who is who."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from cqa.consistency.marks import MarkRow


def aliases(rows: Iterable[MarkRow], reviewers: Sequence[str]) -> dict[str, str]:
    """Reviewer to 'Reviewer n' and handler to 'Handler n'.

    The order is that of SHA-256 over the person's marks with their times, so that neither the alphabet nor anything
    printed in the report gives the numbers away; they hold within one report.
    """
    listed = tuple(rows)
    handlers = tuple(dict.fromkeys(row.handler for row in listed if row.handler not in ("", *reviewers)))
    return {**_numbered("Reviewer", _marks_of(reviewers, ((row.reviewer, row) for row in listed))),
            **_numbered("Handler", _marks_of(handlers, ((row.handler, row) for row in listed)))}


def _marks_of(names: Sequence[str], marked: Iterable[tuple[str, MarkRow]]) -> dict[str, list[str]]:
    """What each person's order is made from."""
    told: dict[str, list[str]] = {name: [name] for name in names}
    for name, row in marked:
        if name in told:
            told[name].append(f"{row.case_id}|{row.question}|{row.mark}|{row.at}")
    return told


def _numbered(word: str, told: Mapping[str, Sequence[str]]) -> dict[str, str]:
    ordered = sorted(told, key=lambda name: hashlib.sha256("\n".join(told[name]).encode()).hexdigest())
    return {name: f"{word} {number}" for number, name in enumerate(ordered, start=1)}


def hidden_rows(rows: Iterable[MarkRow], told: Mapping[str, str]) -> tuple[MarkRow, ...]:
    """The same rows with aliases for people; their own words are not touched."""
    return tuple(replace(row, reviewer=told.get(row.reviewer, row.reviewer), handler=told.get(row.handler, row.handler))
                 for row in rows)


def without_names(text: str, told: Mapping[str, str]) -> str:
    """A sentence or a path of ours with aliases in the place of names, whatever their letter case."""
    for name in sorted(told, key=len, reverse=True):
        text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", told[name], text, flags=re.IGNORECASE)
    return text


def hidden_place(where: str, told: Mapping[str, str]) -> str:
    """Whose journal a file is, by alias: a file's name holds the person and their device, either of which tells who."""
    name = where.replace("\\", "/").rsplit("/", 1)[-1].casefold()
    owner = max((person for person in told if name.startswith(f"{person.casefold()}.")), key=len, default="")
    return f"a journal of {told[owner]}" if owner else without_names(where, told)
