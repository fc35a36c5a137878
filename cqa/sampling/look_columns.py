"""What can be seen in the columns of an export in one pass: blanks, values, dates, and what would make strata."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from cqa.errors import BadInput, Problem
from cqa.facts import flag_value, folded
from cqa.sampling.date_patterns import SERIAL, Pattern
from cqa.sampling.dates import DateColumn, DateReading
from cqa.sampling.frame import BLANK, Fields
from cqa.sampling.shapes import Alike, alike
from cqa.sampling.survey import StratumNames
from cqa.sampling.ticket import normal_id

MOST_VALUES = 10_000
"""How many distinct values of a column are told apart; this, and how long they are, bounds the memory."""
_MOST_LETTERS = 1_000_000
_EXAMPLES = 2
SMALLEST = 5
MOST_STRATA = 200
"""A column with more values than this is no likely stratum."""


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """What a column holds. `distinct` is how many values were told apart; `over`: there are more than that.

    `values` counts each of them, as `normal_id` gives it (none where there are more); `dates` is None for a column of
    anything else.
    """

    name: str
    place: int
    blanks: int
    distinct: int
    over: bool
    examples: tuple[str, ...]
    faults: tuple[str, ...]
    values: Mapping[str, int]
    dates: DateReading | None

    @property
    def rule(self) -> str:
        """How differing values of one case can be joined: `any` where all are yes or no, else `all`."""
        flags = self.values and all(flag_value(value) is not None or not value for value in self.values)
        return "any" if flags else "all"


@dataclass(frozen=True, slots=True)
class StrataLook:
    """The strata that columns would make: how many (`over`: more than that), the five smallest, the largest, and
    names that may be one."""

    by: tuple[str, ...]
    number: int
    over: bool
    smallest: tuple[tuple[str, int], ...]
    largest: tuple[str, int]
    alike: tuple[Alike, ...]


class ColumnTally:
    """Counts the values of one column, block by block."""

    def __init__(self, name: str, place: int) -> None:
        self.name, self.place = name, place
        self._counts = Counter[str]()
        self._first: dict[str, int] = {}
        self._letters = 0
        self._blanks = 0
        self._distinct = 0
        self._examples: tuple[str, ...] = ()
        self._dates: DateColumn | None = None
        """Only once there are too many values to hold: until then dates are read from the counts."""

    def add(self, values: Sequence[str], lines: Sequence[int]) -> None:
        """The next values of the column, and the line of each."""
        if self._dates is not None:
            self._blanks += sum(not value or value.isspace() for value in values)
            self._dates.add(values, lines)
            return
        counts = Counter(values)
        if new := counts.keys() - self._counts.keys():
            places = dict(zip(reversed(values), range(len(values) - 1, -1, -1), strict=True))
            self._first.update((value, lines[places[value]]) for value in new)
            self._letters += sum(map(len, new))
        self._counts.update(counts)
        if len(self._counts) > MOST_VALUES or self._letters > _MOST_LETTERS:
            self._hold_no_more()

    def _hold_no_more(self) -> None:
        self._examples = self._told()
        self._distinct = min(MOST_VALUES, len(self._counts) - 1)
        self._blanks = sum(count for value, count in self._counts.items() if not normal_id(value))
        self._dates = DateColumn()
        self._dates.add_counted(self._counts, self._first)
        self._counts.clear()
        self._first.clear()

    def _told(self) -> tuple[str, ...]:
        """The first values that are not blank."""
        filled = ((line, value) for value, line in self._first.items() if normal_id(value))
        return tuple(value for _, value in nsmallest(_EXAMPLES, filled))

    def conclude(self, faults: tuple[str, ...], given: tuple[Pattern, ...]) -> ColumnLook:
        """What the column holds. `given` are the patterns that its dates are to be read by, where there are some."""
        if self._dates is not None:
            return ColumnLook(self.name, self.place, self._blanks, self._distinct, True, self._examples, faults, {},
                              _dates(self.name, self._dates, given))
        dates = DateColumn()
        dates.add_counted(self._counts, self._first)
        values = Counter[str]()
        for value, count in self._counts.items():
            values[normal_id(value)] += count
        return ColumnLook(self.name, self.place, values[""], len(values.keys() - {""}), False, self._told(), faults,
                          +values, _dates(self.name, dates, given))


def _dates(name: str, column: DateColumn, given: tuple[Pattern, ...]) -> DateReading | None:
    """How the column's dates can be read; None where most of its values are no dates.

    Day numbers of Excel look like any other number, so the column's name must speak of dates.
    """
    reading = column.conclude()
    only_numbers = all(form.patterns == (SERIAL,) for form in reading.forms)
    if reading.status == "unreadable" or (only_numbers and "date" not in folded(name)):
        return None
    return column.conclude(given) if given else reading


def faults_of(header: Sequence[str]) -> list[tuple[str, ...]]:
    """For each column name what is wrong with it: doubled, padded, missing."""
    counts = Counter(map(folded, header))
    return [tuple(fault for fault, found in (
        ("no name", not normal_id(name)), ("doubled name", bool(normal_id(name)) and counts[folded(name)] > 1),
        ("padded name", bool(normal_id(name)) and name != normal_id(name))) if found) for name in header]


class StrataTally:
    """Counts the rows of each stratum that the columns at `places` make."""

    def __init__(self, by: tuple[str, ...], places: tuple[int, ...]) -> None:
        self.by, self.places = by, places
        self.problems: tuple[Problem, ...] = ()
        self._names = StratumNames()
        self._sizes = Counter[str]()
        self._over = False

    def add(self, rows: Iterable[Fields]) -> None:
        """The next rows."""
        counts = Counter(tuple([row[place] for place in self.places]) for row in rows)
        for values, count in counts.items():
            name = self._name(values)
            if len(self._sizes) < MOST_VALUES or name in self._sizes:
                self._sizes[name] += count
            else:
                self._over = True
        if len(self._names) > 2 * MOST_VALUES:
            self._names = StratumNames()

    def _name(self, values: tuple[str, ...]) -> str:
        try:
            return self._names[values]
        except BadInput as error:
            self.problems = self.problems or error.problems
            return " / ".join(normal_id(value) or BLANK for value in values)

    def conclude(self) -> list[StrataLook]:
        """The strata; none where there are no rows."""
        return [strata_look(self.by, self._sizes, self._over)] if self._sizes else []


def strata_look(by: tuple[str, ...], sizes: Mapping[str, int], over: bool = False) -> StrataLook:
    """The strata of the given sizes, of which there is at least one."""
    ordered = sorted(sizes.items(), key=lambda item: (item[1], item[0]))
    return StrataLook(by, len(sizes), over, tuple(ordered[:SMALLEST]), ordered[-1], alike(sizes))


def likely_strata(columns: Iterable[ColumnLook], id_place: int | None) -> list[StrataLook]:
    """The strata that each column would make that has at least two values and not too many, and is no date."""
    return [strata_look((column.name.strip(),), {value or BLANK: count for value, count in column.values.items()})
            for column in columns
            if 2 <= column.distinct <= MOST_STRATA and not column.over and column.dates is None
            and column.place != id_place and normal_id(column.name)]
