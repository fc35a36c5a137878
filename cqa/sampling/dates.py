"""Dates in exports: the patterns people write them in, and which pattern a whole column follows.

A column is judged over all of its rows, never by its first ones, and a column that can be read in two ways is not read
at all until somebody says which is meant. Times after a date are dropped, also those with an offset: the date is the
one that is written. Years have four digits from 1000 on, or two: 00 to 68 are 2000 to 2068, and 69 to 99 are 1969 to
1999, as POSIX has it. Two-digit years never come first, because '24-03-15' would then be two dates in every column.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from typing import Literal

from cqa.errors import SHOWN, Problem
from cqa.sampling.shapes import at_once
from cqa.sampling.ticket import normal_id

Status = Literal["clear", "ambiguous", "mixed", "unreadable", "serial"]

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")
_MONTH_NUMBER = {short: number for number, name in enumerate(MONTHS, start=1)
                 for short in (name.lower(), name[:3].lower())} | {"sept": 9}

_TOKEN = re.compile("d+|m+|y+| ")
_EXPRESSION = {"dd": r"(?P<day>\d{1,2})", "mm": r"(?P<month>\d{1,2})", "mmm": r"(?P<month>[a-z]{3,9})\.?",
               "yyyy": r"(?P<year>[1-9]\d{3})", "yy": r"(?P<year>\d{2})", " ": ",? +"}
_PACKED = r"(?P<year>[1-9]\d{3})(?P<month>\d{2})(?P<day>\d{2})"
_DAY_NUMBER = r"(?P<serial>\d{5})(?:\.\d+)?"

# What stands before Excel's day 1, so that all days from March 1900 on come out right.
_EXCEL_START = date(1899, 12, 30)
_EXCEL_DAYS = range(30_000, 60_001)

# Lines of a joined block, so that a time is cut off each of them in one go. A time always follows a digit.
_TIME = re.compile(
    r"(?<=\d)(?:T|[ \t\xa0]+)(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-6]\d(?:[.,:]\d+)?)? ?(?:[ap]\.?m\.?)?"
    r" ?(?:Z|UTC|[+-]\d{2}:?\d{2})?[ \t]*$", re.ASCII | re.IGNORECASE | re.MULTILINE)

_LONGEST = len("September 26, 2000")
_SHAPE = str.maketrans("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "9" * 10 + "a" * 52)

_HELD = 20_000
"""How many distinct dates and texts a column holds before it sums them up; this bounds its memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """One way to write a date, named as a person would type it. There is one object for each name."""

    name: str
    expression: re.Pattern[str] = field(repr=False)

    def read(self, value: str) -> date | None:
        """The date that `value` is under this pattern, without its time; None where it is none."""
        return self.read_day(_plain(_without_times(value)))

    def read_day(self, value: str) -> date | None:
        """As `read`, for a value without a time and outer space."""
        found = self.expression.fullmatch(value)
        try:
            return _date(found) if found else None
        except ValueError:  # no such day in the calendar
            return None


def _date(found: re.Match[str]) -> date:
    if found.lastgroup == "serial":
        return _from_excel(int(found["serial"]))
    return date(_year(found["year"]), _month(found["month"]), int(found["day"]))


def _from_excel(number: int) -> date:
    if number not in _EXCEL_DAYS:
        raise ValueError(number)
    return _EXCEL_START + timedelta(days=number)


def _year(digits: str) -> int:
    number = int(digits)
    return number if len(digits) == 4 else number + (2000 if number <= 68 else 1900)


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTH_NUMBER.get(text.lower(), 0)


def _pattern(name: str, expression: str = "") -> Pattern:
    made = expression or _TOKEN.sub(lambda token: _EXPRESSION[token[0]], name.replace(".", r"\."))
    return Pattern(name, re.compile(made, re.ASCII | re.IGNORECASE))


SERIAL = _pattern("excel-serial", _DAY_NUMBER)
"""Excel's day numbers (days since 30 December 1899, from 30000 to 60000): read only where somebody names it."""

KNOWN = (
    *map(_pattern, ("dd/mm/yyyy", "mm/dd/yyyy", "yyyy-mm-dd", "dd-mm-yyyy", "mm-dd-yyyy", "dd.mm.yyyy", "yyyy/mm/dd",
                    "dd/mm/yy", "mm/dd/yy", "dd-mm-yy", "mm-dd-yy", "dd.mm.yy", "dd-mmm-yy", "dd-mmm-yyyy",
                    "dd/mmm/yyyy", "dd mmm yyyy", "dd mmm yy", "mmm dd yyyy")),
    _pattern("yyyymmdd", _PACKED),
    SERIAL,
)
"""Every pattern. `mmm` is an English month, short or in full, in any case; days and months need no leading zero."""

_BY_NAME = {pattern.name: pattern for pattern in KNOWN}


def read_pattern(text: str) -> Pattern:
    """The pattern of that name, ignoring case and outer space; `d/m/yyyy` and `iso` are taken for what they mean.

    Raises ValueError, with the known patterns, for anything else.
    """
    name = re.sub(r"[t ]hh:mm.*$", "", text.strip().lower())
    name = re.sub(r"\b([dm])\b", r"\1\1", name).replace("mmmm", "mmm").replace("iso", "yyyy-mm-dd")
    if name not in _BY_NAME:
        raise ValueError(f"'{text}' is no known date pattern. Known: {', '.join(_BY_NAME)}.")
    return _BY_NAME[name]


def as_iso(value: str, patterns: Iterable[Pattern]) -> str | None:
    """The date as `yyyy-mm-dd`; None where `value` is blank, no pattern reads it, or two read it as different dates."""
    day = _plain(_without_times(value))
    dates = {found for pattern in patterns if (found := pattern.read_day(day))}
    return dates.pop().isoformat() if len(dates) == 1 else None


def _without_times(text: str) -> str:
    return _TIME.sub("", text) if ":" in text else text


def _shape(text: str) -> str:
    return text.translate(_SHAPE)


def _plain(text: str) -> str:
    return normal_id(text) if text.isascii() else normal_id(text.replace("\xa0", " "))


def _readings(day: str) -> tuple[tuple[Pattern, date], ...]:
    """Every known pattern that reads a value without time, with the date it gives."""
    return tuple((pattern, found) for pattern in _candidates(_shape(day))
                 if (found := pattern.read_day(day)))


def _candidates(shape: str) -> tuple[Pattern, ...]:
    """The patterns that may read values of a shape, in which digits are 9 and letters a."""
    return _fitting(shape) if len(shape) <= _LONGEST and shape[-1:] == "9" else ()


@lru_cache(maxsize=1_000)
def _fitting(shape: str) -> tuple[Pattern, ...]:
    return tuple(pattern for pattern in KNOWN if pattern.expression.fullmatch(shape))


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
        days = at_once(_without_times, values)
        shapes = at_once(_shape, days)
        other = {shape for shape in set(shapes) if not _candidates(_plain(shape))}
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
            day = _without_times(value)
            if _candidates(_plain(_shape(day))):
                self._counts[day] += count
                self._first.setdefault(day, (value, lines[value]))
            elif _plain(value):
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
        texts = [place for place in places if _plain(values[place])]
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
            plain = _plain(day)
            if plain:
                self._take(_readings(plain), self._counts[day], value, line)
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


def problems(reading: DateReading, column: str, where: str) -> tuple[Problem, ...]:
    """What keeps the dates of `column` from being read, in sentences; none for a clear reading.

    `where` names the export. C015 where two ways remain, C016 for several forms, Excel's numbers and misfits.
    """
    if reading.status == "unreadable":
        return (_unreadable(reading, column, where),)
    return (*_two_ways(reading, column, where), *_several_forms(reading, column, where),
            *_numbers(reading, column, where), *_misfits(reading, column, where))


def _unreadable(reading: DateReading, column: str, where: str) -> Problem:
    if not reading.values:
        return Problem("C016", f"The column '{column}' holds no dates: it is blank.", "Choose another column.", where)
    names = _or(pattern.name for pattern in reading.patterns)
    said = f"Most values in '{column}' are no dates" + (f" of the form {names}" if names else "")
    remedy = ("Name the pattern they follow with --dates." if names else
              "Choose another column, or leave blank what is no date.")
    told = ", ".join(map(_placed, reading.misfits[:2]))
    return Problem("C016", f"{said}, such as {told}.", remedy, where, reading.misfits[0].line)


def _two_ways(reading: DateReading, column: str, where: str) -> list[Problem]:
    if not reading.conflicts:
        return []
    names = _or(dict.fromkeys(pattern.name for one in reading.conflicts for pattern, _ in one.dates))
    told = ", ".join(f"{_placed(one)} is {_or(_spoken(day) for _, day in one.dates)}" for one in reading.conflicts[:2])
    return [Problem("C015", f"The dates in '{column}' can be read as {names}: {told}.", _remedy(reading), where,
                    reading.conflicts[0].line)]


def _several_forms(reading: DateReading, column: str, where: str) -> list[Problem]:
    if reading.status not in ("mixed", "serial") or reading.patterns:
        return []
    forms = [form for form in reading.forms if form.patterns != (SERIAL,)]
    told = ", ".join(f"{_or(pattern.name for pattern in form.patterns)} ({form.count:,}, such as "
                     f"{_placed(form.example)})" for form in forms)
    return [Problem("C016", f"The dates in '{column}' are of {len(forms)} forms: {told}.", _remedy(reading), where,
                    forms[1].example.line)] if len(forms) > 1 else []


def _numbers(reading: DateReading, column: str, where: str) -> list[Problem]:
    if reading.status != "serial":
        return []
    form = next(form for form in reading.forms if form.patterns == (SERIAL,))
    one = form.example
    beside = (" Excel makes numbers of the dates it understands, and may have taken months for days in them."
              if len(reading.forms) > 1 else "")
    told = f"{_placed(one)} would be {_spoken(one.dates[0][1])}"
    options = _options(reading)
    remedy = "Export it again with dates as text" + (f", or take them as they are with {options}." if options else ".")
    return [Problem("C016", f"The column '{column}' holds what may be day numbers of Excel ({form.count:,}): {told}."
                    f"{beside}", remedy, where, one.line)]


def _misfits(reading: DateReading, column: str, where: str) -> list[Problem]:
    """One problem for each of the first misfits, and one more with the number of rows where there are more."""
    names = _or(pattern.name for form in reading.forms for pattern in form.patterns)
    told = [Problem("C016", f"'{one.value[:40]}' in '{column}' is no date of the form {names}.",
                    "Correct it or leave it blank, or name its pattern too with --dates.", where, one.line)
            for one in reading.misfits]
    more = Problem("C016", f"In all, {reading.misfit_count:,} of {reading.values:,} values in '{column}' are no dates "
                   f"of the form {names}.", "", where)
    return [*told, more] if reading.misfit_count > len(told) else told


def _remedy(reading: DateReading) -> str:
    options = _options(reading)
    return (f"Say {options}." if options else
            "Days and months stand in both orders, so no pattern can tell them apart: export it again.")


def _options(reading: DateReading) -> str:
    """What would settle it: one pattern of each form, days first or months first; empty where dispute would remain."""
    choices = [f"--dates {_quoted(choice)}" for choice in product(*(form.patterns for form in reading.forms))
               if not any(_disputed(one, choice) for one in reading.conflicts)]
    return _or(dict.fromkeys((*choices[:1], *choices[-1:])))


def _disputed(one: Example, patterns: tuple[Pattern, ...]) -> bool:
    return len({day for pattern, day in one.dates if pattern in patterns}) > 1


def _quoted(patterns: Iterable[Pattern]) -> str:
    names = ",".join(pattern.name for pattern in patterns)
    return f'"{names}"' if " " in names else names


def _placed(one: Example) -> str:
    return f"'{one.value[:40]}' (line {one.line})"


def _spoken(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _or(words: Iterable[str]) -> str:
    return " or ".join(words)
