"""Periods: the one that a day lies in, the one that comes next, and how people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.periods import Period, PeriodLength, period_of, periods_between, read_period

LENGTHS = st.sampled_from(("month", "quarter", "year"))


@pytest.mark.parametrize(("day", "length", "name"), [
    (date(2026, 11, 28), "month", "2026-11"), (date(2026, 1, 1), "month", "2026-01"),
    (date(2026, 9, 30), "quarter", "2026-Q3"), (date(2026, 10, 1), "quarter", "2026-Q4"),
    (date(2026, 12, 31), "quarter", "2026-Q4"), (date(2026, 3, 31), "quarter", "2026-Q1"),
    (date(2026, 7, 4), "year", "2026"), (date(99, 7, 4), "year", "0099"),
])
def test_a_day_lies_in_its_month_quarter_and_year(day: date, length: PeriodLength, name: str) -> None:
    assert period_of(day, length).name == name and day in period_of(day, length)


@given(st.dates(), LENGTHS)
def test_a_period_is_read_as_it_is_named_and_its_next_one_begins_where_it_ends(day: date, length: PeriodLength) -> None:
    period = period_of(day, length)
    assert read_period(period.name) == period
    after = period.following()
    assert after > period and day not in after and not period.overlaps(after)
    assert period.overlaps(period_of(day, "year")) and period_of(day, "month").overlaps(period)


@given(st.dates(), st.dates(), LENGTHS)
def test_a_day_lies_in_the_period_of_another_just_where_both_have_the_same(
    one: date, other: date, length: PeriodLength
) -> None:
    assert (one in period_of(other, length)) == (period_of(one, length) == period_of(other, length))


@pytest.mark.parametrize("text", ["", "26", "2026-Q5", "2026-Q0", "2026-13", "2026-00", "2026-1", "2026-11-01", "Q4",
                                  "2026-q44", "20264", "٢٠٢٦", "2026 - 11"])
def test_nothing_else_is_a_period(text: str) -> None:
    with pytest.raises(ValueError):
        read_period(text)


def test_small_letters_and_outer_spaces_do_no_harm() -> None:
    assert read_period(" 2026-q4 ") == Period(2026, 10, "quarter")


def test_periods_follow_over_the_turn_of_the_year_and_there_are_none_backwards() -> None:
    found = periods_between(Period(2026, 7, "quarter"), Period(2027, 4, "quarter"))
    assert [one.name for one in found] == ["2026-Q3", "2026-Q4", "2027-Q1", "2027-Q2"]
    assert not list(periods_between(Period(2026, 2, "month"), Period(2026, 1, "month")))
