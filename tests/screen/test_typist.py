"""What is said of times: whatever a journal holds for one."""

from datetime import UTC, datetime

import pytest

from cqa.screen.typist import time_of_day

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("stamp", ["", "now", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "\ud800",
                                   "10000-01-01", "2026-02-30"])
def test_what_is_no_moment_that_can_be_shown_was_before(stamp: str) -> None:
    assert time_of_day(stamp, NOW) == "before"


def test_today_has_its_time_and_another_day_its_date() -> None:
    assert len(time_of_day("2026-03-02T11:00:00.000Z", NOW)) == 5
    assert time_of_day("2020-06-15T12:00:00.000Z", NOW)[:11] == "15/06/2020 "
