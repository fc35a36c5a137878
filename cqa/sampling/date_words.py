"""What keeps a column's dates from being read, in sentences, and what would settle it."""

from collections.abc import Iterable
from datetime import date
from itertools import product

from cqa.errors import Problem
from cqa.sampling.date_patterns import MONTHS, SERIAL, Pattern
from cqa.sampling.dates import DateReading, Example


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
