"""Counting in working days: every day but Saturdays, Sundays and the days on which nobody works."""

from collections.abc import Container
from datetime import date, timedelta

_A_DAY = timedelta(days=1)
_SATURDAY = 5


def is_working_day(day: date, closed: Container[date]) -> bool:
    """Whether people work on that day: on a weekday that is not among the `closed` days."""
    return day.weekday() < _SATURDAY and day not in closed


def working_days_after(day: date, count: int, closed: Container[date]) -> date:
    """The working day that is `count` (1 or more) working days after `day`, which need not be one itself; the last day
    of the calendar where it ends before that."""
    while count > 0 and day < date.max:
        day += _A_DAY
        count -= is_working_day(day, closed)
    return day


def working_days_since(day: date, today: date, closed: Container[date]) -> int:
    """How many working days lie after `day`, `today` among them; 0 where today is no later."""
    count = 0
    while day < today:
        day += _A_DAY
        count += is_working_day(day, closed)
    return count
