"""Counts over a table of who marked what, in plain Python and by nothing of the product's."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

QUESTIONS = ("q1", "q2", "q3", "q4")
ANSWERS = {"F": "fully", "M": "mainly", "P": "partly", "N": "not", "?": "cannot_tell"}
"""The letters of the table; - stands for a question that was not asked, . for one that was not answered yet."""
_LEVELS = "NPMF"


def marks(letters: str) -> dict[str, str]:
    """Question to letter, of those that were answered."""
    return {name: letter for name, letter in zip(QUESTIONS, letters, strict=True) if letter in ANSWERS}


@dataclass(frozen=True)
class Given:
    """One line of the table: who marked which case at which turn on which day, and whether it was signed off."""

    day: str
    case_id: str
    who: str
    turn: str
    letters: str
    signed: bool

    @property
    def marks(self) -> dict[str, str]:
        """Question to letter, of those that were answered."""
        return marks(self.letters)


def table(text: str) -> tuple[Given, ...]:
    """The lines of a table: a day alone on its line, then `case who turn q1 q2 q3 q4 [begun]`."""
    found, day = [], ""
    for line in text.splitlines():
        words = line.split("#")[0].split()
        if len(words) == 1:
            day = words[0]
        elif words:
            case_id, who, turn, *rest = words
            found.append(Given(day, case_id, who, turn, "".join(rest[:4]), rest[4:] != ["begun"]))
    return tuple(found)


def standing(given: Iterable[Given]) -> dict[tuple[str, str], Given]:
    """What stands in the end by case and person: an amendment takes the place of what it amends."""
    return {(one.case_id, one.who): one for one in given if one.signed}


def apart(one: str, other: str) -> int | None:
    """How many levels the one lies below the other (positive = more severe); None where one alone is off the scale."""
    if one == other:
        return 0
    return _LEVELS.index(other) - _LEVELS.index(one) if one in _LEVELS and other in _LEVELS else None


def held(pairs: Iterable[tuple[Mapping[str, str], Mapping[str, str]]]) -> dict[str, object]:
    """Marks held against others, each with what it is held against, under the names of the JSON contract."""
    found, levels = Counter[str](), 0
    for one, against in pairs:
        found["one_only"] += len(one.keys() ^ against.keys())
        for name in one.keys() & against.keys():
            off = apart(one[name], against[name])
            found["divided" if off is None else "same" if off == 0 else "more_severe" if off > 0 else
                  "more_lenient"] += 1
            levels += off or 0
    both = found["same"] + found["more_severe"] + found["more_lenient"]
    return {**{key: found[key] for key in ("same", "more_severe", "more_lenient", "divided", "one_only")},
            "marks": both + found["divided"], "lean": levels / both if both else None}


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95% interval of Wilson (1927)."""
    z, share = 1.959963984540054, part / whole
    middle, half = share + z * z / (2 * whole), z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    return (middle - half) / (1 + z * z / whole), (middle + half) / (1 + z * z / whole)
