"""From an export's rows to cases: ids as the rule sees them, rows of one case joined, every problem named."""

from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter

from cqa.errors import SHOWN, Findings, Problem
from cqa.facts import flag_value, folded
from cqa.sampling.frame import JOINT, Batch, Cases, Collapse, Export, Fields, Places
from cqa.sampling.shapes import ruined_by_spreadsheet, unwrapped
from cqa.sampling.ticket import normal_id

_DOUBTFUL = " +="
"""What an id has that is padded, of two words, ruined by a spreadsheet or wrapped in a formula."""
LONGEST_ID = 255
"""Every line of a journal holds the id, and every table shows it."""
_CONTROLS = frozenset(map(chr, (*range(32), *range(127, 160))))

Member = tuple[str, int, Fields]
"""A row of a case: its file, the line it begins on, its fields."""

_First = tuple[str, str, int]
"""Where an id was met first: the id as it stands there, the file, the line."""


def read_cases(export: Export, places: Places, collapse: Collapse) -> Iterator[Cases]:
    """The export's cases, in batches. Rows of one case are joined where a rule allows it; then all come at once.

    Raises BadInput, at the end, with every blank, unusable or look-alike id and every difference between rows of one
    case that no rule settles. Doubled ids of an export whose rows may not join are for `doubled_ids` to name.
    """
    findings = Findings()
    batches = (with_ids(batch, places.case_id, findings) for batch in export.batches())
    if collapse.allowed:
        yield _joined(batches, export, places, collapse, findings)
    else:
        yield from batches
    findings.stop()


def with_ids(batch: Batch, place: int, findings: Findings) -> Cases:
    """The batch with its ids, at `place`, as the rule sees them; rows with an id that cannot be used become findings.
    """
    raw = list(map(itemgetter(place), batch.rows))
    if _plain(raw):
        return Cases(batch.where, raw, batch.lines, batch.rows)  # as nearly every batch of a large export is
    ids, kept = [], []
    for number, text in enumerate(raw):
        case_id = normal_id(unwrapped(text))
        if problem := _unusable(case_id):
            findings.add(problem.at(batch.where, batch.lines[number]))
        else:
            ids.append(case_id)
            kept.append(number)
    if len(kept) == len(raw):
        return Cases(batch.where, ids, batch.lines, batch.rows)
    return Cases(batch.where, ids, [batch.lines[number] for number in kept], [batch.rows[number] for number in kept])


def _plain(raw: list[str]) -> bool:
    """Whether every id can be taken as it stands, by a look at all of them together."""
    flat = "".join(raw)
    return (flat.isascii() and flat.isprintable() and all(raw) and max(map(len, raw), default=0) <= LONGEST_ID
            and not any(mark in flat for mark in _DOUBTFUL))


def _unusable(case_id: str) -> Problem | None:
    if not case_id:
        return Problem("C007", "The case id is blank.", "Fill it in, or take the row out.")
    if len(case_id) > LONGEST_ID:
        return Problem("P014", f"The case id '{case_id[:40]}...' has {len(case_id):,} characters; {LONGEST_ID} is the "
                       "most.", "Name the column that holds the ids, or look for a quotation mark that is not closed.")
    if ruined_by_spreadsheet(case_id):
        return Problem("C019", f"The case id '{case_id}' is what a spreadsheet left of a longer number.",
                       "The number is lost: export again, and do not open and save the file in a spreadsheet.")
    if not _CONTROLS.isdisjoint(case_id):
        return Problem("C013", f"The case id {case_id!r} holds a control character.", "Export it again.")
    return None


def doubled_ids(export: Export, place: int, culprits: Iterable[str], may_join: bool) -> Findings:
    """Every row whose id, ignoring case, is among the culprits and stood in an earlier row: read once more, to name
    the lines."""
    doubles = Doubles(place, culprits, may_join)
    for batch in export.batches():
        doubles.add(batch)
    return doubles.findings


class Doubles:
    """Names the rows whose id stood in an earlier row; `culprits` are the ids to look for, case-folded."""

    def __init__(self, place: int, culprits: Iterable[str], may_join: bool) -> None:
        self.place, self.may_join = place, may_join
        self.findings = Findings()
        self._wanted = set(culprits)
        self._first: dict[str, _First] = {}

    def add(self, batch: Batch) -> None:
        """The next rows."""
        for line, row in zip(batch.lines, batch.rows, strict=True):
            case_id = normal_id(unwrapped(row[self.place]))
            if case_id.casefold() in self._wanted and (
                    problem := _second(self._first, case_id, (row[self.place], batch.where, line), self.may_join)):
                self.findings.add(problem)


def _second(first: dict[str, _First], case_id: str, row: _First, may_join: bool) -> Problem | None:
    """What is wrong with a second row of an id: it only looks alike, or it may not be there."""
    key = case_id.casefold()
    if key not in first:
        first[key] = row
        return None
    (known, before, at), (raw, where, line) = first[key], row
    told = f"line {at}" if before == where else f"line {at} of {before}"
    if raw != known:
        return Problem("C009", f"The case id '{raw}' differs from '{known}' in {told} only in case, accents or outer "
                       "space.", "Make them alike or different.", where, line)
    if not may_join:
        return Problem("C008", f"The case id '{case_id}' stands in {told} already.",
                       "If one case has several rows, say how they join: --collapse same.", where, line)
    return None


def _joined(
    batches: Iterable[Cases], export: Export, places: Places, collapse: Collapse, findings: Findings
) -> Cases:
    """All cases at once, the rows of each joined into one; of a row only the used fields are held."""
    used = places.used
    id_place = places.case_id
    groups: dict[str, list[Member]] = {}
    first: dict[str, _First] = {}
    for batch in batches:
        for case_id, line, row in zip(batch.ids, batch.lines, batch.rows, strict=True):
            if problem := _second(first, case_id, (row[id_place], batch.where, line), True):
                findings.add(problem)
            groups.setdefault(case_id, []).append((batch.where, line, tuple(row[place] for place in used)))
    joiner = _Joiner(export.header[1], used, collapse, findings)
    rows = [joiner.row(case_id, members) for case_id, members in groups.items()]
    return Cases(export.where, list(groups), [members[0][1] for members in groups.values()], rows)


class _Joiner:
    """Joins the values of one case's rows, column by column, by the collapse rules."""

    def __init__(
        self, header: tuple[str, ...], used: tuple[int, ...], collapse: Collapse, findings: Findings
    ) -> None:
        self.header, self.used, self.findings = header, used, findings
        named = {folded(name): rule for name, rule in collapse.rules.items()}
        self.rules = {place: named.get(folded(header[place]), collapse.otherwise or "same") for place in used}

    def row(self, case_id: str, members: list[Member]) -> Fields:
        """One row as wide as the header, with the joined values at the used places."""
        row = [""] * len(self.header)
        for number, place in enumerate(self.used):
            values = list(dict.fromkeys(normal_id(fields[number]) for *_, fields in members))
            row[place] = values[0] if len(values) == 1 else _RULES[self.rules[place]](
                self, case_id, members, place, values)
        return row

    def same(self, case_id: str, members: list[Member], place: int, values: list[str]) -> str:
        name = self.header[place].strip()
        told = self._differs(case_id, members, place, values)
        can_any = all(flag_value(value) is not None or not value for value in values)
        remedy = f"--collapse {name}=any (yes if any is) or {name}=all" if can_any else f"--collapse {name}=all"
        self.findings.add(Problem("C011", told, f"Say how they join: {remedy}.", *members[0][:2]))
        return values[0]

    def any(self, case_id: str, members: list[Member], place: int, values: list[str]) -> str:
        flags = [flag_value(value) for value in values]
        unread = next((value for flag, value in zip(flags, values, strict=True) if flag is None and value), None)
        if unread is not None:
            name = self.header[place].strip()
            self.findings.add(Problem(
                "C011", f"{self._differs(case_id, members, place, values)} '{unread}' is neither yes nor no.",
                f"'any' is for Y and N: use {name}=all, or {name}=same and mend the rows.", *members[0][:2]))
            return values[0]
        # Yes if any row is; a blank beside a No stays blank, because nobody has said that none is.
        return "Y" if True in flags else "" if None in flags else "N"

    def all(self, case_id: str, members: list[Member], place: int, values: list[str]) -> str:
        return JOINT.join(value for value in values if value)

    def _differs(self, case_id: str, members: list[Member], place: int, values: list[str]) -> str:
        one = len({where for where, *_ in members}) == 1
        lines = ", ".join(str(line) if one else f"{line} of {where}" for where, line, _ in members[:SHOWN])
        return (f"Case '{case_id}' (lines {lines}) differs in '{self.header[place].strip()}': "
                f"{', '.join(map(repr, values[:4]))}.")


_RULES: dict[str, Callable[[_Joiner, str, list[Member], int, list[str]], str]] = {
    "same": _Joiner.same,
    "any": _Joiner.any,
    "all": _Joiner.all,
}
