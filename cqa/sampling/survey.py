"""One pass over an export's cases: the frame they make, and the candidates that may be drawn from it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, compress, islice
from operator import itemgetter

from cqa.errors import BadInput, Problem
from cqa.sampling.candidates import Candidates, Case, Key
from cqa.sampling.case_rows import doubled_ids, read_cases
from cqa.sampling.date_patterns import Pattern, as_iso
from cqa.sampling.frame import BLANK, Cases, Collapse, Export, Fields, Places, handlers_of
from cqa.sampling.runs import Runs
from cqa.sampling.ticket import normal_id, tickets
from cqa.sampling.weighted import order_key, read_weight

Exclude = Callable[[Cases], Sequence[str]]
"""For each case why it is not in the frame; empty where it is."""

_AND = "+"
"""A case's tag in the runs is its stratum's number; this and its reason's number follow where it was left out."""
_NAMED = 1000


@dataclass(frozen=True, slots=True)
class StratumSize:
    """How many cases a stratum holds, and how many of them are in the frame. `group` is the stratum of a cell."""

    name: str
    group: str
    size: int
    eligible: int


Listing = Iterator[tuple[Sequence[str], Sequence[tuple[str, str]], Sequence[str]]]
"""Cases sorted by id, in pieces of parallel columns: ids; stratum and why not in the frame (or empty); weights."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The cases that could have been drawn: how many in which strata, the digest of their ids, and who was left out."""

    digest: str
    cases: int
    strata: tuple[StratumSize, ...]
    excluded: Mapping[str, int]
    listing: Callable[[], Listing]
    names: Mapping[str, tuple[str, ...]]
    """The values of its columns that each stratum's name is made of."""

    def counted(self) -> "Frame":
        """The same without its list, which holds every id in memory."""
        return replace(self, listing=lambda: iter(()))


class StratumNames(dict[tuple[str, ...] | str, str]):
    """The stratum's name for the values of its columns. Two strata of one name are a problem, never one stratum."""

    def __init__(self) -> None:
        super().__init__()
        self.meant: dict[str, tuple[str, ...]] = {}

    def __missing__(self, values: tuple[str, ...] | str) -> str:
        parts = (values,) if isinstance(values, str) else values
        plain = tuple(normal_id(part) or BLANK for part in parts)
        name = " / ".join(plain)
        if self.meant.setdefault(name, plain) != plain:
            told = " and ".join(" + ".join(map(repr, one)) for one in (self.meant[name], plain))
            raise BadInput(Problem("C018", f"The strata {told} would both be called '{name}'.",
                                   "Draw by fewer columns, or take ' / ' out of the values."))
        self[values] = name
        return name


class _Numbers(dict[str, str]):
    """Numbers the names in the order in which they are first seen, after a number of the survey's own.

    A tag holds no letters, so that whether ids could differ only in case is for the ids alone to say.
    """

    def __init__(self, part: str) -> None:
        super().__init__()
        self.part = part

    def __missing__(self, name: str) -> str:
        self[name] = number = f"{self.part}{len(self)}"
        return number


class Survey:
    """What one pass over the cases gathers; `candidates` only once a seed exists.

    Surveys of the parts of an export are joined: what they come to then is what one survey of all would have gathered.
    """

    def __init__(
        self, places: Places, excludes: Sequence[Exclude] = (), seed: str = "", candidates: Candidates | None = None,
        dates: Mapping[str, Sequence[Pattern]] | None = None,
    ) -> None:
        self.places, self.excludes, self.seed, self.candidates = places, excludes, seed, candidates
        self.dates = dates or {}
        self._names = StratumNames()
        self._strata, self._reasons = _Numbers(""), _Numbers("")
        self._told = _Told()
        self._sizes, self._eligible, self._excluded = Counter[str](), Counter[str](), Counter[str]()
        self._runs, self._weights = Runs(), Runs()
        self.twice = False
        """Whether an id occurred more than once, as `frame` found it."""

    def add(self, cases: Cases) -> None:
        """Counts the cases, lists them, and keeps those that may be drawn."""
        names = self._stratum_names(cases.rows)
        self._sizes.update(names)
        tags = list(map(self._strata.__getitem__, names))
        if self.excludes:
            reasons = self._reasons_of(cases)
            tags = [f"{tag}{_AND}{self._reasons[why]}" if why else tag for tag, why in zip(tags, reasons, strict=True)]
        self._runs.add(cases.ids, tags)
        weights = self._weights_of(cases)
        if self.excludes:
            inside = [not why for why in reasons]
            self._excluded.update(filter(None, reasons))
            cases = Cases(cases.where, list(compress(cases.ids, inside)), list(compress(cases.lines, inside)),
                          list(compress(cases.rows, inside)))
            names = list(compress(names, inside))
            weights = list(compress(weights, inside)) if weights else weights
            self._eligible.update(names)
        if self.candidates is not None:
            self._offer(self.candidates, cases, names, weights)

    def _stratum_names(self, rows: Sequence[Fields]) -> list[str]:
        places, names = self.places.stratum, self._names
        if not places:
            return ["all"] * len(rows)
        if len(places) == 1:
            return list(map(names.__getitem__, map(itemgetter(places[0]), rows)))
        return [names[tuple([row[place] for place in places])] for row in rows]

    def _reasons_of(self, cases: Cases) -> list[str]:
        """For each case the first reason to leave it out, or nothing."""
        told = [exclude(cases) for exclude in self.excludes]
        return [next(filter(None, reasons), "") for reasons in zip(*told, strict=True)]

    def _weights_of(self, cases: Cases) -> list[int]:
        place = self.places.weight
        if place is None:
            return []
        weights = []
        for line, row in zip(cases.lines, cases.rows, strict=True):
            try:
                weights.append(read_weight(normal_id(row[place])))
            except ValueError as error:
                raise BadInput(Problem("C020", f"The weight '{row[place][:40]}' cannot be used: {error}.",
                                       "A weight is a whole number of 1 or more.", cases.where, line)) from error
        self._weights.add(cases.ids, map(str, weights))
        return weights

    def _offer(self, candidates: Candidates, cases: Cases, names: Sequence[str], weights: Sequence[int]) -> None:
        digests = tickets(self.seed, cases.ids)
        keys: Sequence[Key] = digests
        if candidates.weighted:
            keys = [order_key(one.hex(), weight) for one, weight in zip(digests, weights, strict=True)]
        for place in candidates.below(keys, names):
            if candidates.wants(keys[place], names[place]):
                candidates.keep(keys[place], self._case(cases, place, names[place], digests[place].hex(),
                                                        weights[place] if weights else 1))

    def _case(self, cases: Cases, place: int, stratum: str, ticket: str, weight: int) -> Case:
        row = cases.rows[place]
        facts = {fact: self._fact(fact, normal_id(row[at])) for fact, at in self.places.facts.items()}
        facts.update(dict.fromkeys(self.places.absent, ""))
        return Case(cases.ids[place], stratum, handlers_of(row, self.places), facts, ticket, weight)

    def _fact(self, fact: str, value: str) -> str:
        """The value as it stands; dates, of which it is known how they are written, as yyyy-mm-dd."""
        patterns = self.dates.get(fact)
        return (as_iso(value, patterns) or value) if patterns else value

    def part(self, number: int) -> "Survey":
        """An empty survey like this one, of one part of the export; the number tells its tags from other parts'."""
        candidates = self.candidates and self.candidates.empty()
        made = Survey(self.places, self.excludes, self.seed, candidates, self.dates)
        made._strata, made._reasons = _Numbers(f"{number}."), _Numbers(f"{number}.")
        return made

    def sort(self) -> None:
        """Puts what was listed in order, so that what is joined is sorted already."""
        self._runs.sort()
        self._weights.sort()

    def join(self, other: "Survey") -> None:
        """Takes in what the survey of another part gathered. Raises BadInput where two strata would have one name."""
        for plain in other._names.meant.values():
            _ = self._names[plain]
        for mine, its in ((self._sizes, other._sizes), (self._eligible, other._eligible),
                          (self._excluded, other._excluded)):
            mine.update(its)
        self._runs.join(other._runs)
        self._weights.join(other._weights)
        self._told.know(other._strata, other._reasons)
        if self.candidates is not None and other.candidates is not None:
            self.candidates.join(other.candidates)

    def frame(self) -> Frame:
        """The frame of all that was added."""
        eligible = self._eligible if self.excludes else self._sizes
        strata = tuple(StratumSize(name, self._group(name), size, eligible[name])
                       for name, size in sorted(self._sizes.items()))
        self._told.know(self._strata, self._reasons)
        digest, self.twice = self._runs.digest(self._told.strata)
        excluded = {reason: self._excluded[reason] for reason in sorted(self._excluded)}
        return Frame(digest, eligible.total(), strata, excluded, self._listing, self._names.meant)

    def _group(self, name: str) -> str:
        """The stratum that a cell lies in; all cases are one stratum where only cells were asked for."""
        if not self.places.per:
            return name
        return " / ".join(self._names.meant[name][: len(self.places.by)]) or "all"

    def _listing(self) -> Listing:
        told = self._told
        weights = chain.from_iterable(some for _, some in self._weights.sorted())
        for ids, tags in self._runs.sorted():
            yield ids, list(map(told.__getitem__, tags)), list(islice(weights, len(ids)))

    def doubled(self) -> list[str]:
        """Ids that occur more than once, ignoring case, in case-folded form: the first thousand."""
        if not self.twice and not self._runs.tells_case:
            return []
        return list(islice(self._runs.doubled(), _NAMED))


class _Told(dict[str, tuple[str, str]]):
    """What a tag stands for: the stratum, and the reason why the case is not in the frame."""

    def __init__(self) -> None:
        super().__init__()
        self.strata: dict[str, str] = {}
        self.reasons: dict[str, str] = {"": ""}

    def know(self, strata: Mapping[str, str], reasons: Mapping[str, str]) -> None:
        """Learns the numbers of names."""
        self.strata.update({number: name for name, number in strata.items()})
        self.reasons.update({number: name for name, number in reasons.items()})

    def __missing__(self, tag: str) -> tuple[str, str]:
        stratum, _, reason = tag.partition(_AND)
        self[tag] = told = (self.strata[stratum], self.reasons[reason])
        return told


Gather = Callable[[Survey, Export, Collapse], None]
"""Adds all cases of an export to a survey. Raises BadInput with what `read_cases` finds."""


def gather(into: Survey, export: Export, collapse: Collapse) -> None:
    """Adds all cases of an export to a survey, in one pass. Raises BadInput with what `read_cases` finds."""
    for cases in read_cases(export, into.places, collapse):
        into.add(cases)


def survey(
    export: Export, places: Places, collapse: Collapse, excludes: Sequence[Exclude] = (), seed: str = "",
    candidates: Candidates | None = None, dates: Mapping[str, Sequence[Pattern]] | None = None,
    gathering: Gather = gather,
) -> Frame:
    """The frame of an export; with a seed the candidates are gathered in the same pass, and of them the facts that
    `dates` names are kept as ISO dates. `gathering` says how the cases are gone through.

    Raises BadInput with every problem of ids, joining rows, strata and weights, each with its line.
    """
    gathered = Survey(places, excludes, seed, candidates, dates)
    problems: list[Problem] = []
    try:
        gathering(gathered, export, collapse)
    except BadInput as error:
        problems.extend(error.problems)
    frame = gathered.frame()
    if doubled := gathered.doubled():
        problems.extend(doubled_ids(export, places.case_id, doubled, collapse.allowed).problems())
    if problems:
        raise BadInput(problems)
    if not frame.cases:
        raise BadInput(_nothing(export, frame))
    return frame


def _nothing(export: Export, frame: Frame) -> Problem:
    if not frame.excluded:
        return Problem("C002", "The export has a header but no cases.", "Export it again.", export.where)
    told = "; ".join(f"{reason}: {cases}" for reason, cases in frame.excluded.items())
    return Problem("C002", f"The plan leaves no case to draw from ({told}).", "Widen its conditions.", export.where)
