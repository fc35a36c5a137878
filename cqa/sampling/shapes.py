"""The shapes of ids and names: what most ids look like, which do not, and names that only look different."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from cqa.errors import SHOWN
from cqa.sampling.ticket import normal_id

_HELD = 5_000
"""How many different shapes are told apart; ids of further shapes are counted together as OTHER."""

OTHER = "(other)"

_FEW = Fraction(1, 100)
_ALONE = 20

_RUINED = re.compile(r"\d(\.\d+)?E\+\d+", re.ASCII | re.IGNORECASE)
_WRAPPED = re.compile(r'=\s*"((?:[^"]|"")*)"')

_TOTAL = re.compile(
    r"(?:(?:grand|overall|sub)[ -]?)?(?:totals?|sum|count|records|rows|number of (?:cases|records|rows))\b"
    r"(?: (?:of|for|number|cases|records|rows)\b.*)?\s*[:=]?[\d,. ]*"
    r"|\(?\d[\d, ]* (?:rows?|records?)(?: (?:affected|selected|returned))?\)?", re.IGNORECASE)
_AMOUNT = re.compile(r"[-+(]?[£$€]?\d[\d,. ]*%?\)?", re.ASCII)

_NUMBER = re.compile(r"([-+]?)0*(\d+?)(?:\.(\d*?)0*)?", re.ASCII)

# Dashes and quotation marks that a word processor puts for the plain ones; and marks that nobody sees.
_LOOK_ALIKE = str.maketrans({
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032`\u00b4", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\x00"),
})

Alike = tuple[tuple[str, int], ...]
"""Names that are probably one, each with its count, the commonest first."""


class _ShapeTable(dict[int, str]):
    """What each character becomes in a shape, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = made = _shape_of(chr(code))
        return made


def _shape_of(letter: str) -> str:
    if letter.isdecimal():
        return "9"
    if letter.isalpha():
        return "A" if letter.isupper() else "a"
    return letter


_SHAPE = _ShapeTable()


def at_once(change: Callable[[str], str], texts: Sequence[str]) -> list[str]:
    """`change` of each text: of all lines at once, which is faster, unless a text holds a line feed of its own.

    `change` must treat every line alike and leave the line feeds alone.
    """
    made = change("\n".join(texts)).split("\n")
    return made if len(made) == len(texts) else [change(text) for text in texts]


def shape(text: str) -> str:
    """The shape of an id: digits become 9, capitals A, other letters a, and all else stays: 06AB12 is 99AA99."""
    return text.translate(_SHAPE)


@dataclass(frozen=True, slots=True)
class ShapeShare:
    """A shape, how many ids have it, and what fraction of 1 they are of the ids that are not blank."""

    shape: str
    count: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class Misfit:
    """An id of a rare shape, and its line."""

    case_id: str
    line: int
    shape: str


@dataclass(frozen=True, slots=True)
class ShapeReading:
    """The shapes of an export's ids, the commonest first, and the first ten ids of rare shapes by line.

    A shape is rare when it and all shapes as rare or rarer hold, together, under 1% of the ids; or only one id, among
    20 or more. `misfit_count` counts all ids of rare shapes.
    """

    ids: int
    blanks: int
    shapes: tuple[ShapeShare, ...]
    misfits: tuple[Misfit, ...]
    misfit_count: int


@dataclass(slots=True)
class Shapes:
    """Counts the shapes of ids block by block: any number of rows in bounded memory."""

    _counts: Counter[str] = field(default_factory=Counter)
    _first: dict[str, list[Misfit]] = field(default_factory=dict)
    _blanks: int = 0

    def add(self, ids: Sequence[str], lines: Sequence[int]) -> None:
        """The next ids, as `normal_id` gives them, and the export's line of each (a range, where rows are lines)."""
        shapes = at_once(shape, ids)
        counts = Counter(shapes)
        self._blanks += counts.pop("", 0)
        wanted = {made for made in counts if len(self._first.get(self._known(made), ())) < SHOWN}
        for place, made in enumerate(shapes) if wanted else ():
            if made in wanted:
                self._keep(Misfit(ids[place], lines[place], made), wanted)
        for made, count in counts.items():
            self._counts[self._known(made)] += count

    def count(self, case_id: str) -> int:
        """How many of the ids have the shape of `case_id`; where too many shapes were met, at least that many."""
        return self._counts[self._known(shape(case_id))]

    def conclude(self) -> ShapeReading:
        """The shapes of everything added so far."""
        ids = self._counts.total()
        rare = _rare(self._counts)
        shares = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        misfits = sorted((one for made in rare for one in self._first[made]), key=lambda one: one.line)
        return ShapeReading(ids, self._blanks, tuple(ShapeShare(made, count, Fraction(count, ids))
                                                     for made, count in shares),
                            tuple(misfits[:SHOWN]), sum(self._counts[made] for made in rare))

    def _known(self, made: str) -> str:
        return made if made in self._first or len(self._first) < _HELD else OTHER

    def _keep(self, one: Misfit, wanted: set[str]) -> None:
        kept = self._first.setdefault(self._known(one.shape), [])
        if len(kept) < SHOWN:
            kept.append(one)
        else:
            wanted.discard(one.shape)


def _rare(counts: Counter[str]) -> list[str]:
    """The rare shapes, by the rule that ShapeReading states."""
    ids, below = counts.total(), 0
    alike = Counter(counts.values())
    limit = 0
    for count in sorted(alike):
        below += count * alike[count]
        if below < ids * _FEW or (below == 1 and ids >= _ALONE):
            limit = count
    return [made for made, count in counts.items() if count <= limit]


def ruined_by_spreadsheet(case_id: str) -> bool:
    """Whether a spreadsheet has made a number of the id, such as 1.23E+10: the original is lost."""
    return _RUINED.fullmatch(case_id) is not None


def unwrapped(text: str) -> str:
    """`="00123"`, as some systems write ids for Excel's sake, becomes `00123`; everything else stays as it is."""
    if "=" not in text:
        return text
    found = _WRAPPED.fullmatch(normal_id(text))
    return found[1].replace('""', '"') if found else text


def looks_like_total(fields: Sequence[str], id_place: int, shapes: Shapes) -> bool:
    """Whether an export's last row is a total and no case, such as `Total,2,,`.

    It is when its first filled field is a word such as total, sum, count or records (`Total for Leeds`, `Records: 12`
    and `(12 rows affected)` too), its other fields are blank or amounts, and its id is blank, or is that first field
    and of a shape that no other row has. A row that merely lacks its id, or says little, is a case with a mistake in
    it. `shapes` holds the ids of all rows, this one among them.
    """
    filled = [(place, text) for place, text in enumerate(map(normal_id, fields)) if text]
    if not filled or not _TOTAL.fullmatch(filled[0][1]) or not all(_AMOUNT.fullmatch(text) for _, text in filled[1:]):
        return False
    case_id = normal_id(fields[id_place])
    return not case_id or (filled[0][0] == id_place and shapes.count(case_id) <= 1)


def alike(values: Mapping[str, int]) -> tuple[Alike, ...]:
    """The groups of names that differ only in case, white space, kind of dash or quotation mark, or as 7 and 7.0 do.

    `values` holds each name with its count; groups are in the order of their commonest names.
    """
    groups: dict[str, list[tuple[str, int]]] = {}
    for name, count in values.items():
        groups.setdefault(_key(name), []).append((name, count))
    doubtful = [tuple(sorted(group, key=lambda pair: (-pair[1], pair[0]))) for group in groups.values()
                if len(group) > 1]
    return tuple(sorted(doubtful, key=lambda group: group[0][0]))


def _key(name: str) -> str:
    folded = "".join(unicodedata.normalize("NFKC", name.translate(_LOOK_ALIKE)).casefold().split())
    number = _NUMBER.fullmatch(folded)
    if number is None:
        return folded
    sign, whole, part = number.groups(default="")
    return f"{sign.strip('+')}{whole}.{part}"
