"""Which pattern a column of dates follows.

A column is judged over all of its rows, never by its first ones, and a column that can be read in two ways is not read
at all until somebody says which is meant.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from cqa.errors import SHOWN
from cqa.sampling.date_patterns import (
    KNOWN,
    SERIAL,
    Pattern,
    date_shape,
    fitting,
    plain_day,
    readings_of,
    without_time,
)
from cqa.sampling.shapes import at_once

Status = Literal["clear", "ambiguous", "mixed", "unreadable", "serial"]

_HELD = 20_000
"""How many distinct dates and texts a column holds before it sums them up; this bounds its memory."""


@dataclass(frozen=True, slots=True)
class Example:
    """A value as it stands in the export, its line, and the date that each pattern gives it (none for a misfit)."""

    value: str
    line: int
    dates: tuple[tuple[Pattern, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A group of a column's values that one pattern reads, or several, when nothing in the values tells which.

    `spans` holds the earliest and latest date under each of `patterns`.
    """

    patterns: tuple[Pattern, ...]
    count: int
    example: Example
    spans: tuple[tuple[date, date], ...]


@dataclass(frozen=True, slots=True)
class DateReading:
    """How a column of dates can be read.

    clear       all values are dates, each in one way only
    ambiguous   two patterns read the values and give different dates
    mixed       the values are of several forms, or some of them are no dates
    serial      numbers of Excel are among the values, and nobody said that they are dates
    unreadable  most values are no dates, or all are blank

    `patterns` are those that were given, else those that read every value; `forms` what was found, the commonest
    first. `earliest` and `latest` are None unless every date is certain. `misfits` are the first ten values, each
    told once, that no pattern reads (of those given, where some are); `misfit_count` counts all rows with such.
    """

    status: Status
    patterns: tuple[Pattern, ...]
    values: int
    blanks: int
    earliest: date | None
    latest: date | None
    examples: tuple[Example, ...]
    forms: tuple[Form, ...]
    conflicts: tuple[Example, ...]
    misfits: tuple[Example, ...]
    misfit_count: int


@dataclass(slots=True)
class _Group:
    """All values that the same patterns read, and read as the same or as different dates in the same way."""

    patterns: tuple[Pattern, ...]
    alike: tuple[int, ...]
    """For each pattern the place of the first one that gives the same date."""
    count: int = 0
    examples: list[Example] = field(default_factory=list)
    earliest: list[date] = field(init=False)
    latest: list[date] = field(init=False)

    def __post_init__(self) -> None:
        self.earliest = [date.max] * len(self.patterns)
        self.latest = [date.min] * len(self.patterns)

    def take(self, count: int, dates: Sequence[date], value: str, line: int) -> None:
        self.count += count
        for place, day in enumerate(dates):
            self.earliest[place] = min(self.earliest[place], day)
            self.latest[place] = max(self.latest[place], day)
        if len(self.examples) < SHOWN and all(kept.value != value for kept in self.examples):
            self.examples.append(Example(value, line, tuple(zip(self.patterns, dates, strict=True))))

    def differs(self, patterns: Sequence[Pattern]) -> bool:
        """Whether two of `patterns` give the values different dates."""
        return len({place for pattern, place in zip(self.patterns, self.alike, strict=True) if pattern in patterns}) > 1

    def read_by(self, patterns: Iterable[Pattern]) -> bool:
        return any(pattern in self.patterns for pattern in patterns)

    def told(self, patterns: Sequence[Pattern]) -> list[Example]:
        """The examples with the dates of `patterns` only."""
        return [Example(one.value, one.line, tuple(pair for pair in one.dates if pair[0] in patterns))
                for one in self.examples]


@dataclass(slots=True)
class DateColumn:
    """Reads a column block by block: any number of rows in bounded memory."""

    _counts: Counter[str] = field(default_factory=Counter)
    _first: dict[str, tuple[str, int]] = field(default_factory=dict)
    _groups: dict[tuple[tuple[Pattern, ...], tuple[int, ...]], _Group] = field(default_factory=dict)
    _texts: _Group = field(default_factory=lambda: _Group((), ()))
    """Values that do not even look like dates, so that none of them need be held."""
    _blanks: int = 0

    def add(self, values: Sequence[str], lines: Sequence[int]) -> None:
        """The next values of the column and the export's line of each (a range, where rows are lines)."""
        days = at_once(without_time, values)
        shapes = at_once(date_shape, days)
        other = {shape for shape in set(shapes) if not fitting(plain_day(shape))}
        if other:
            self._pass_over([place for place, shape in enumerate(shapes) if shape in other], values, lines)
            places = [place for place, shape in enumerate(shapes) if shape not in other]
            days = [days[place] for place in places]
            values = [values[place] for place in places]
            lines = [lines[place] for place in places]
        self._hold(days, values, lines)

    def add_counted(self, counts: Mapping[str, int], lines: Mapping[str, int]) -> None:
        """Values of the column, each told once, with how often it stands there and the line of the first."""
        for value, count in sorted(counts.items(), key=lambda item: lines[item[0]]):
            day = without_time(value)
            if fitting(plain_day(date_shape(day))):
                self._counts[day] += count
                self._first.setdefault(day, (value, lines[value]))
            elif plain_day(value):
                self._texts.take(count, (), value, lines[value])
            else:
                self._blanks += count
        if len(self._first) > _HELD:
            self._settle()

    def _hold(self, days: list[str], values: Sequence[str], lines: Sequence[int]) -> None:
        self._counts.update(days)
        first = dict(zip(reversed(days), range(len(days) - 1, -1, -1), strict=True))
        for day in first.keys() - self._first.keys():
            self._first[day] = values[first[day]], lines[first[day]]
        if len(self._first) > _HELD:
            self._settle()

    def _pass_over(self, places: list[int], values: Sequence[str], lines: Sequence[int]) -> None:
        """Counts values that are blank or do not look like dates, and keeps the first of them."""
        texts = [place for place in places if plain_day(values[place])]
        self._blanks += len(places) - len(texts)
        self._texts.count += len(texts)
        for place in texts:
            if len(self._texts.examples) == SHOWN:
                break
            self._texts.take(0, (), values[place], lines[place])

    def conclude(self, given: tuple[Pattern, ...] = ()) -> DateReading:
        """How everything added so far can be read; by the `given` patterns only, where there are some."""
        self._settle()
        groups = [group for group in (*self._groups.values(), self._texts) if group.count]
        return _concluded(groups, given, self._blanks)

    def _settle(self) -> None:
        """Sums up the values held, in the order of their lines."""
        for day, (value, line) in sorted(self._first.items(), key=lambda item: item[1][1]):
            plain = plain_day(day)
            if plain:
                self._take(readings_of(plain), self._counts[day], value, line)
            else:
                self._blanks += self._counts[day]
        self._counts.clear()
        self._first.clear()

    def _take(self, readings: tuple[tuple[Pattern, date], ...], count: int, value: str, line: int) -> None:
        dates = [found for _, found in readings]
        key = tuple(pattern for pattern, _ in readings), tuple(map(dates.index, dates))
        group = self._groups.get(key) or self._groups.setdefault(key, _Group(*key))
        group.take(count, dates, value, line)


def _concluded(groups: list[_Group], given: tuple[Pattern, ...], blanks: int) -> DateReading:
    patterns = given or _reading_all(groups)
    forms = _forms(groups, patterns or KNOWN)
    used = tuple(pattern for form in forms for pattern in form.patterns)
    misfits = [group for group in groups if not group.read_by(used)]
    conflicts = [group for group in groups if group.differs(used)]
    lost = sum(group.count for group in misfits)
    values = sum(group.count for group in groups)
    status = _status(forms, patterns, 2 * lost > values or not values, bool(conflicts), bool(misfits))
    sure = status in ("clear", "mixed") and not conflicts
    days = [day for form in forms for day in form.spans[0]] if sure else []
    return DateReading(
        status, patterns, values, blanks, min(days, default=None), max(days, default=None),
        examples=_examples(groups, used)[:2], forms=forms,
        conflicts=tuple(one for group in conflicts for one in group.told(used)[:2]),
        misfits=tuple(Example(one.value, one.line) for one in _by_line(misfits)[:SHOWN]), misfit_count=lost)


def _status(forms: Sequence[Form], patterns: tuple[Pattern, ...], lost: bool, torn: bool, misfits: bool) -> Status:
    if lost:
        return "unreadable"
    if patterns and torn:
        return "ambiguous"
    if not patterns and any(form.patterns == (SERIAL,) for form in forms):
        return "serial"
    return "mixed" if misfits or not patterns else "clear"


def _reading_all(groups: list[_Group]) -> tuple[Pattern, ...]:
    """The patterns that read every value. Day numbers of Excel are never taken for dates unasked."""
    return tuple(pattern for pattern in KNOWN
                 if groups and pattern is not SERIAL and all(pattern in group.patterns for group in groups))


def _forms(groups: list[_Group], offered: tuple[Pattern, ...]) -> tuple[Form, ...]:
    """The fewest patterns that read what can be read: at each step the one that reads most of what is left."""
    forms: list[Form] = []
    left = [group for group in groups if group.read_by(offered)]
    while left:
        best = max(offered, key=lambda pattern: sum(group.count for group in left if pattern in group.patterns))
        inside = [group for group in left if best in group.patterns]
        left = [group for group in left if best not in group.patterns]
        alike = tuple(pattern for pattern in dict.fromkeys(offered)
                      if all(pattern in group.patterns for group in inside)
                      and not any(pattern in group.patterns for group in left))
        forms.append(_form(inside, alike or (best,)))
    return tuple(forms)


def _form(groups: list[_Group], patterns: tuple[Pattern, ...]) -> Form:
    return Form(patterns, sum(group.count for group in groups), _by_line(groups)[0],
                tuple(_span(groups, pattern) for pattern in patterns))


def _span(groups: list[_Group], pattern: Pattern) -> tuple[date, date]:
    places = [(group, group.patterns.index(pattern)) for group in groups]
    return (min(group.earliest[place] for group, place in places),
            max(group.latest[place] for group, place in places))


def _by_line(groups: list[_Group]) -> list[Example]:
    return sorted((one for group in groups for one in group.examples), key=lambda one: one.line)


def _examples(groups: list[_Group], used: tuple[Pattern, ...]) -> tuple[Example, ...]:
    """Examples of what can be read: those in dispute first, then those that fewest patterns could read."""
    ordered = sorted((group for group in groups if group.read_by(used)),
                     key=lambda group: (not group.differs(used), len(group.patterns), group.examples[0].line))
    return tuple(one for group in ordered for one in group.told(used))
