"""Working days: adding some and counting them gives as many, and nothing is ever due when nobody works."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.working_days import is_working_day, working_days_after, working_days_since

DAYS = st.dates(date(2019, 1, 1), date(2031, 1, 1))
CLOSED = st.frozensets(st.dates(date(2019, 1, 1), date(2031, 12, 31)), max_size=60)
CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)})


@given(DAYS, st.integers(1, 260), CLOSED)
def test_adding_working_days_and_counting_them_gives_as_many(day: date, count: int, closed: frozenset[date]) -> None:
    due = working_days_after(day, count, closed)
    assert working_days_since(day, due, closed) == count
    assert due.weekday() < 5 and due not in closed and is_working_day(due, closed)
    assert working_days_since(day, due - timedelta(days=1), closed) == count - 1


@given(DAYS, st.integers(1, 60), st.integers(1, 60), CLOSED)
def test_adding_twice_is_adding_the_sum(day: date, one: int, other: int, closed: frozenset[date]) -> None:
    first = working_days_after(day, one, closed)
    assert working_days_after(first, other, closed) == working_days_after(day, one + other, closed)


@given(DAYS, DAYS, CLOSED)
def test_working_days_are_those_of_the_days_after_the_first_up_to_the_last(
    day: date, today: date, closed: frozenset[date]
) -> None:
    days = [day + timedelta(days=number) for number in range(1, (today - day).days + 1)]
    assert working_days_since(day, today, closed) == sum(is_working_day(one, closed) for one in days)


@pytest.mark.parametrize(("day", "count", "due"), [
    # 2026-12-23 is a Wednesday: 24 December, then Christmas, the weekend and the substitute day are passed over.
    (date(2026, 12, 23), 1, date(2026, 12, 24)), (date(2026, 12, 23), 2, date(2026, 12, 29)),
    (date(2026, 12, 23), 5, date(2027, 1, 4)), (date(2026, 12, 26), 1, date(2026, 12, 29)),
    # 20 working days of four plain weeks.
    (date(2026, 10, 5), 20, date(2026, 11, 2)), (date(2026, 10, 4), 20, date(2026, 10, 30)),
])
def test_days_on_which_nobody_works_are_passed_over(day: date, count: int, due: date) -> None:
    assert working_days_after(day, count, CHRISTMAS) == due


def test_nothing_is_due_after_the_end_of_the_calendar() -> None:
    assert working_days_after(date(9999, 12, 30), 20, frozenset()) == date.max
    assert working_days_since(date.max, date.max, frozenset()) == 0
