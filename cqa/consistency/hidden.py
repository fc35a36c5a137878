"""Names taken out of a report: people become 'Reviewer A' and 'Handler B', and nothing in it says who is who."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from string import ascii_uppercase

from cqa.consistency.marks import MarkRow
from cqa.consistency.plans import PlanRow

Letters = Mapping[str, str]
"""Person to what they are called instead: a word for their part, and a letter."""
REVIEWER, HANDLER = "Reviewer", "Handler"


def lettered(
    kept: Letters, rows: Iterable[MarkRow], reviewers: Sequence[str], others: Sequence[str] = ()
) -> dict[str, str]:
    """The letters in use, with new ones for those who have none: reviewers, and handlers who are no reviewers; `others`
    are handlers whose work nobody has marked.

    New ones are given in the order of SHA-256 over the person's marks with their times, so that neither the alphabet
    nor anything printed in the report gives them away.
    """
    listed = tuple(rows)
    worked = dict.fromkeys(name for row in listed for name in _handlers(row) if name not in reviewers)
    known = {name.casefold() for name in (*worked, *reviewers, *kept)}
    handlers = (*worked, *(name for name in others if name.casefold() not in known))
    told = {**_marks_of(reviewers, ((row.reviewer, row) for row in listed)),
            **_marks_of(handlers, ((name, row) for row in listed for name in _handlers(row)))}
    found = dict(kept)
    for word, people in ((REVIEWER, reviewers), (HANDLER, handlers)):
        number = sum(called.startswith(f"{word} ") for called in kept.values())
        new = sorted((name for name in people if name not in found),
                     key=lambda name: hashlib.sha256("\n".join(told[name]).encode()).hexdigest())
        found.update({name: f"{word} {letter(number + place)}" for place, name in enumerate(new)})
    return found


def _handlers(row: MarkRow) -> list[str]:
    return [name for name in row.handler.split("; ") if name]


def _marks_of(names: Iterable[str], marked: Iterable[tuple[str, MarkRow]]) -> dict[str, list[str]]:
    """What each person's order is made from."""
    told: dict[str, list[str]] = {name: [name] for name in names}
    for name, row in marked:
        if name in told:
            told[name].append(f"{row.case_id}|{row.question}|{row.mark}|{row.at}")
    return told


def letter(place: int) -> str:
    """The letter of a place from 0 on: A to Z, then AA, AB and so on."""
    rest, last = divmod(place, len(ascii_uppercase))
    return (letter(rest - 1) if rest else "") + ascii_uppercase[last]


def in_letters(names: Iterable[str], told: Letters) -> list[str]:
    """What these people are called, in the order of the letters."""
    return sorted((told[name] for name in names), key=lambda called: (len(called), called))


def hidden_rows(rows: Iterable[MarkRow], told: Letters) -> tuple[MarkRow, ...]:
    """The same rows with letters for people; their own words are not touched."""
    return tuple(replace(row, reviewer=told.get(row.reviewer, row.reviewer),
                         handler="; ".join(told.get(name, name) for name in _handlers(row))) for row in rows)


def hidden_plan(rows: Iterable[PlanRow], told: Letters) -> tuple[PlanRow, ...]:
    """The same rows with letters for people, in the order of the letters."""
    letters = {name.casefold(): called for name, called in told.items()}
    hidden = (replace(row, person=letters[row.person.casefold()]) for row in rows)
    return tuple(sorted(hidden, key=lambda row: (row.period, len(row.person), row.person)))


def without_names(text: str, told: Letters) -> str:
    """A sentence or a path of ours with letters in the place of names, whatever their letter case."""
    for name in sorted(told, key=len, reverse=True):
        text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", told[name], text, flags=re.IGNORECASE)
    return text


def hidden_place(where: str, told: Letters) -> str:
    """Whose journal a file is, by letter: a file's name holds the person and their device, either of which tells who.
    """
    name = where.replace("\\", "/").rsplit("/", 1)[-1].casefold()
    owner = max((person for person in told if name.startswith(f"{person.casefold()}.")), key=len, default="")
    return f"a journal of {told[owner]}" if owner else without_names(where, told)
