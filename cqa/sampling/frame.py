"""The frame: from an export's rows to the cases that could be drawn, with every problem named."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from cqa.errors import SHOWN, BadInput, Problem, shortened
from cqa.facts import flag_value, folded
from cqa.sampling.ticket import frame_digest, normal_id
from cqa.tree import did_you_mean

Row = tuple[int, tuple[str, ...]]
"""A record of the export: the line it begins on, and its fields."""

BLANK = "(blank)"


@dataclass(frozen=True, slots=True)
class Case:
    """One case of the frame. `row` is the export's line; `facts` holds only columns that were asked for."""

    case_id: str
    row: int
    stratum: str
    handlers: tuple[str, ...]
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns are read: the id, the strata, the handlers, and the facts to keep (name to column)."""

    case_id: str
    by: tuple[str, ...] = ()
    handled_by: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    optional: tuple[str, ...] = ()
    """Names of facts whose column may be missing: a blank or absent fact is asked of the reviewer."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every column that is read, the case id first."""
        return (self.case_id, *self.by, *self.handled_by, *(column for _, column in self.facts))


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
class Frame:
    """The cases that could have been drawn, and the digest of their ids."""

    cases: tuple[Case, ...]
    digest: str
    absent: tuple[str, ...]
    """Facts that the export has no column for."""


COLLAPSE_RULES = ("same", "any", "all")


class _Header:
    """Finds columns by name and collects what is missing or ambiguous."""

    def __init__(self, header: Row, offered: tuple[str, ...], where: str) -> None:
        self.line, self.header = header
        self.offered, self.where = offered or self.header, where
        self.problems: list[Problem] = []

    def position(self, name: str, optional: bool = False) -> int | None:
        places = [place for place, title in enumerate(self.header) if folded(title) == folded(name)]
        exact = [place for place in places if self.header[place].strip() == name.strip()]
        if len(exact or places) == 1:
            return (exact or places)[0]
        if places:
            self.problems.append(Problem("C010", f"The column '{name}' occurs {len(places)} times.",
                                         "Rename or remove the ones not meant.", self.where, self.line))
        elif not optional:
            self.problems.append(Problem("C004", f"There is no column '{name}'.",
                                         did_you_mean(name, tuple(title.strip() for title in self.offered)),
                                         self.where, self.line))
        return None


def build_frame(
    header: Row, rows: Iterable[Row], columns: Columns, collapse: Collapse, where: str, offered: tuple[str, ...] = ()
) -> Frame:
    """The frame of an export.

    `where` names the export in problems; `offered` are all its columns, where `header` holds only those kept. Raises
    BadInput with every missing column, blank, doubled or look-alike id, and every difference between rows of one case
    that no collapse rule settles.
    """
    finder = _Header(header, offered, where)
    id_place = finder.position(columns.case_id)
    by = [finder.position(name) for name in columns.by]
    handled = [finder.position(name) for name in columns.handled_by]
    facts = {fact: finder.position(column, fact in columns.optional) for fact, column in columns.facts}
    for name in collapse.rules:
        if folded(name) not in map(folded, finder.offered):
            finder.position(name)
    if finder.problems or id_place is None:
        raise BadInput(finder.problems)
    groups = _grouped(rows, id_place, collapse.allowed, where)
    used = _Joiner(header[1], collapse, where)
    cases = tuple(
        Case(
            case_id=case_id,
            row=members[0][0],
            stratum=" / ".join(used.join(case_id, members, place) or BLANK for place in by) or "all",
            handlers=used.handlers(case_id, members, handled),
            facts={fact: used.join(case_id, members, place) for fact, place in facts.items() if place is not None},
        )
        for case_id, members in groups.items()
    )
    if used.problems:
        raise BadInput(shortened(used.problems))
    if not cases:
        raise BadInput(Problem("C002", "The export has a header but no cases.", "Export it again.", where))
    return Frame(cases, frame_digest(list(groups)), tuple(fact for fact, place in facts.items() if place is None))


def _grouped(rows: Iterable[Row], id_place: int, may_join: bool, where: str) -> dict[str, list[Row]]:
    """Rows by normal id, in the export's order. Raises BadInput for blank, doubled and look-alike ids."""
    groups: dict[str, list[Row]] = {}
    first: dict[str, tuple[str, int]] = {}
    blank, doubled, alike = [], [], []
    for row in rows:
        line, fields = row
        raw = fields[id_place]
        case_id = normal_id(raw)
        if not case_id:
            blank.append(Problem("C007", "The case id is blank.", "Fill it in, or take the row out.", where, line))
            continue
        raw_first, line_first = first.setdefault(case_id.casefold(), (raw, line))
        if raw != raw_first:
            alike.append(Problem("C009", f"The case id '{raw}' differs from '{raw_first}' in line {line_first} "
                                 "only in case or outer space.", "Make them alike or different.", where, line))
        elif case_id in groups and not may_join:
            doubled.append(Problem("C008", f"The case id '{case_id}' stands in line {line_first} already.",
                                   "If one case has several rows, say how they join: --collapse same.", where, line))
        groups.setdefault(case_id, []).append(row)
    if blank or doubled or alike:
        raise BadInput(shortened([*blank, *doubled, *alike]))
    return groups


class _Joiner:
    """Joins the values of one case's rows, column by column, by the collapse rules."""

    def __init__(self, header: tuple[str, ...], collapse: Collapse, where: str) -> None:
        self.header, self.collapse, self.where = header, collapse, where
        self.rules = {folded(name): rule for name, rule in collapse.rules.items()}
        self.problems: list[Problem] = []
        self.told: set[tuple[str, int]] = set()

    def join(self, case_id: str, rows: list[Row], place: int | None) -> str:
        if place is None:
            return ""
        if len(rows) == 1:
            return normal_id(rows[0][1][place])
        values = list(dict.fromkeys(normal_id(fields[place]) for _, fields in rows))
        if len(values) == 1:
            return values[0]
        rule = self.rules.get(folded(self.header[place]), self.collapse.otherwise or "same")
        return _RULES[rule](self, case_id, rows, place, values)

    def same(self, case_id: str, rows: list[Row], place: int, values: list[str]) -> str:
        if (case_id, place) not in self.told:
            self.told.add((case_id, place))
            lines = ", ".join(str(line) for line, _ in islice(rows, SHOWN))
            name = self.header[place].strip()
            self.problems.append(Problem(
                "C011", f"Case '{case_id}' (lines {lines}) differs in '{name}': {', '.join(map(repr, values[:4]))}.",
                f"Say how they join: --collapse {name}=any or {name}=all.", self.where, rows[0][0]))
        return values[0]

    def any(self, case_id: str, rows: list[Row], place: int, values: list[str]) -> str:
        flags = [flag_value(value) for value in values]
        if any(flag is None and value for flag, value in zip(flags, values, strict=True)):
            return self.same(case_id, rows, place, values)
        # Yes if any row is; a blank beside a No stays blank, because nobody has said that none is.
        return "Y" if True in flags else "" if None in flags else "N"

    def all(self, case_id: str, rows: list[Row], place: int, values: list[str]) -> str:
        return "; ".join(value for value in values if value)

    def handlers(self, case_id: str, rows: list[Row], places: list[int | None]) -> tuple[str, ...]:
        joined = (self.join(case_id, rows, place) for place in places)
        return tuple(dict.fromkeys(name for value in joined for name in value.split("; ") if name))


_RULES: dict[str, Callable[[_Joiner, str, list[Row], int, list[str]], str]] = {
    "same": _Joiner.same,
    "any": _Joiner.any,
    "all": _Joiner.all,
}
