"""What a frame is made from: an export's rows, the columns that are read, and cases side by side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from cqa.errors import BadInput, Problem
from cqa.facts import folded
from cqa.sampling.ticket import normal_id
from cqa.tree import did_you_mean

BLANK = "(blank)"
COLLAPSE_RULES = ("same", "any", "all")
JOINT = "; "

Fields = Sequence[str]


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one file that follow one another: `rows[i]` begins on line `lines[i]` and is as wide as the header."""

    where: str
    lines: Sequence[int]
    rows: Sequence[Fields]


class Export(Protocol):
    """What a frame needs of an export: its header, and its rows as often as asked for."""

    @property
    def where(self) -> str:
        """What the export is called in problems."""
        ...

    @property
    def header(self) -> tuple[int, tuple[str, ...]]:
        """The line of the header, and the names of the columns."""
        ...

    def batches(self) -> Iterator[Batch]:
        """All rows, once. Raises BadInput for rows that cannot be used."""
        ...


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns are read: the id, the strata, the handlers, the facts to keep (name to column), the weight.

    `per` are columns whose values make cells within a stratum; `where` those that the plan's conditions look at.
    """

    case_id: str
    by: tuple[str, ...] = ()
    handled_by: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    optional: tuple[str, ...] = ()
    """Names of facts whose column may be missing: a blank or absent fact is asked of the reviewer."""
    per: tuple[str, ...] = ()
    weight: str = ""
    where: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every column that is read, the case id first."""
        weight = (self.weight,) if self.weight else ()
        return (self.case_id, *self.by, *self.per, *self.handled_by, *weight, *self.where,
                *(column for _, column in self.facts))


@dataclass(frozen=True, slots=True)
class Collapse:
    """How rows of one case join: a rule for named columns, and one for all others (None: rows may not join)."""

    rules: Mapping[str, str]
    otherwise: str | None

    @property
    def allowed(self) -> bool:
        """Whether any collapse was asked for."""
        return bool(self.rules) or self.otherwise is not None


@dataclass(frozen=True, slots=True)
class Places:
    """Where in a row the columns are. `facts` holds only those there are; `absent` names the rest."""

    case_id: int
    by: tuple[int, ...]
    per: tuple[int, ...]
    handled_by: tuple[int, ...]
    facts: Mapping[str, int]
    absent: tuple[str, ...]
    weight: int | None
    where: Mapping[str, int]

    @property
    def used(self) -> tuple[int, ...]:
        """Every place that is read, once, in the order of the row."""
        weight = () if self.weight is None else (self.weight,)
        return tuple(sorted({self.case_id, *self.by, *self.per, *self.handled_by, *self.facts.values(), *weight,
                             *self.where.values()}))

    @property
    def stratum(self) -> tuple[int, ...]:
        """The places whose values make the stratum, and within it the cell."""
        return self.by + self.per


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases in columns: `ids[i]` is as the rule sees it, `rows[i]` its (joined) row, begun on line `lines[i]`."""

    where: str
    ids: Sequence[str]
    lines: Sequence[int]
    rows: Sequence[Fields]


def find_places(export: Export, columns: Columns, collapse: Collapse) -> Places:
    """The places of the columns. Raises BadInput with every missing or ambiguous one and the near names."""
    header = _Header(export)
    names = {
        "case_id": (columns.case_id,), "by": columns.by, "per": columns.per, "handled_by": columns.handled_by,
        "weight": (columns.weight,) if columns.weight else (), "where": columns.where,
    }
    found = {what: [header.position(name) for name in listed] for what, listed in names.items()}
    facts = {fact: header.position(column, fact in columns.optional) for fact, column in columns.facts}
    for name in collapse.rules:
        header.position(name)
    if header.problems:
        raise BadInput(header.problems)
    known = {what: tuple(place for place in places if place is not None) for what, places in found.items()}
    return Places(
        case_id=known["case_id"][0], by=known["by"], per=known["per"], handled_by=known["handled_by"],
        facts={fact: place for fact, place in facts.items() if place is not None},
        absent=tuple(fact for fact, place in facts.items() if place is None),
        weight=known["weight"][0] if known["weight"] else None,
        where=dict(zip(columns.where, known["where"], strict=True)))


def column_place(header: Sequence[str], name: str) -> int | None:
    """Where the column is: by its exact name, else ignoring case, space and underscore; None where it is missing or
    stands twice."""
    places = _places(header, name)
    return places[0] if len(places) == 1 else None


def _places(header: Sequence[str], name: str) -> list[int]:
    places = [place for place, title in enumerate(header) if folded(title) == folded(name)]
    return [place for place in places if header[place].strip() == name.strip()] or places


class _Header:
    """Finds columns by name and collects what is missing or ambiguous."""

    def __init__(self, export: Export) -> None:
        self.line, self.names = export.header
        self.where = export.where
        self.problems: list[Problem] = []

    def position(self, name: str, optional: bool = False) -> int | None:
        places = _places(self.names, name)
        if len(places) == 1:
            return places[0]
        if places:
            self.problems.append(Problem("C010", f"The column '{name}' occurs {len(places)} times.",
                                         "Rename or remove the ones not meant.", self.where, self.line))
        elif not optional:
            self.problems.append(Problem("C004", f"There is no column '{name}'.",
                                         did_you_mean(name, tuple(title.strip() for title in self.names)),
                                         self.where, self.line))
        return None


def handlers_of(row: Fields, places: Places) -> tuple[str, ...]:
    """Whose work the case shows: every name in the handler columns, once."""
    joined = (normal_id(row[place]) for place in places.handled_by)
    return tuple(dict.fromkeys(name for value in joined for name in value.split(JOINT) if name))
