"""The patterns that people write dates in, and the date that a value is under each.

Times after a date are dropped, also those with an offset: the date is the one that is written. Years have four digits
from 1000 on, or two: 00 to 68 are 2000 to 2068, and 69 to 99 are 1969 to 1999, as POSIX has it. Two-digit years never
come first, because '24-03-15' would then be two dates in every column.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from cqa.sampling.ticket import normal_id

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


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """One way to write a date, named as a person would type it. There is one object for each name."""

    name: str
    expression: re.Pattern[str] = field(repr=False)

    def read(self, value: str) -> date | None:
        """The date that `value` is under this pattern, without its time; None where it is none."""
        return self.read_day(plain_day(without_time(value)))

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
    day = plain_day(without_time(value))
    dates = {found for pattern in patterns if (found := pattern.read_day(day))}
    return dates.pop().isoformat() if len(dates) == 1 else None


def without_time(text: str) -> str:
    """The text without a time of day at the end of each of its lines."""
    return _TIME.sub("", text) if ":" in text else text


def date_shape(text: str) -> str:
    """The text with every digit as 9 and every plain letter as a."""
    return text.translate(_SHAPE)


def plain_day(text: str) -> str:
    """The text without outer space, no-break spaces as spaces."""
    return normal_id(text) if text.isascii() else normal_id(text.replace("\xa0", " "))


def readings_of(day: str) -> tuple[tuple[Pattern, date], ...]:
    """Every known pattern that reads a value without time, with the date it gives."""
    return tuple((pattern, found) for pattern in fitting(date_shape(day))
                 if (found := pattern.read_day(day)))


def fitting(shape: str) -> tuple[Pattern, ...]:
    """The patterns that may read values of a shape, in which digits are 9 and letters a."""
    return _fitting(shape) if len(shape) <= _LONGEST and shape[-1:] == "9" else ()


@lru_cache(maxsize=1_000)
def _fitting(shape: str) -> tuple[Pattern, ...]:
    return tuple(pattern for pattern in KNOWN if pattern.expression.fullmatch(shape))
