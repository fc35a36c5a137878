"""Overdue is what was due before today: counted by hand over Christmas, and the oldest is first."""

from datetime import date

import pytest

from cqa.consistency.overdue import Overdue, Owed, overdue

# In 2026 Christmas Day is a Friday, and Monday 28 December the substitute day of Boxing Day.
CLOSED = frozenset({date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 28), date(2027, 1, 1)})


def owed(case_id: str, since: date, within: int = 2) -> Owed:
    return Owed("march", case_id, "ann", "mark", since, within)


def found(today: date, *things: Owed) -> list[tuple[str, date, int]]:
    return [(one.owed.case_id, one.due, one.late) for one in overdue(things, today, CLOSED)]


@pytest.mark.parametrize(("today", "late"), [
    (date(2026, 12, 28), None), (date(2026, 12, 29), None), (date(2026, 12, 30), 1), (date(2026, 12, 31), 2),
    (date(2027, 1, 1), 2), (date(2027, 1, 3), 2), (date(2027, 1, 4), 3)])
def test_two_working_days_after_23_december_it_is_29_december(today: date, late: int | None) -> None:
    assert found(today, owed("1", date(2026, 12, 23))) == ([("1", date(2026, 12, 29), late)] if late else [])


def test_what_was_due_on_a_friday_is_overdue_on_saturday_though_no_working_day_has_passed() -> None:
    assert found(date(2026, 12, 5), owed("1", date(2026, 12, 2))) == [("1", date(2026, 12, 4), 0)]


def test_the_oldest_due_date_is_first_then_the_case() -> None:
    told = found(date(2027, 1, 5), owed("3", date(2026, 12, 23)), owed("2", date(2026, 12, 1), 20),
                 owed("1", date(2026, 12, 23)), owed("4", date(2026, 12, 1)))
    assert told == [("4", date(2026, 12, 3), 20), ("1", date(2026, 12, 29), 4), ("3", date(2026, 12, 29), 4),
                    ("2", date(2026, 12, 31), 2)]


def test_of_the_case_nothing_is_told_but_that_it_is_not_done() -> None:
    one = Overdue(Owed("march", "0001", "", "second mark", date(2026, 12, 1), 2), date(2026, 12, 3), 5)
    assert one.as_json() == {"sample": "march", "case": "0001", "reviewer": "", "what": "second mark",
                             "due": "2026-12-03", "working_days_late": 5}


def test_clocks_that_are_thousands_of_years_off_do_no_harm() -> None:
    far = [owed(str(number), date(9999, 12, 31)) for number in range(3)]
    assert found(date(1970, 1, 1), *far) == [] == found(date.max, *far)
    assert len(found(date.max, *(owed(str(number), date(1970, 1, 1)) for number in range(500)))) == 500
