"""Time on a case: gaps between events, the long ones left out, each journal by itself."""

from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from cqa.marking.spent import Spent, Times, moment_of, seconds_between, together


def at(seconds: int, case: str = "c1") -> tuple[str, str]:
    return case, f"2026-03-02T{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.000Z"


def times_of(events: list[tuple[str, str]]) -> dict[str, Spent]:
    times = Times()
    for case, stamp in events:
        times.add(case, stamp)
    return times.spent


def test_a_moment_is_told_in_utc_and_one_that_utc_has_not_is_none() -> None:
    assert moment_of("2026-03-02T10:00:00+01:00") == moment_of("2026-03-02T09:00:00Z") == moment_of("2026-03-02T09:00")
    for text in ("2026-03-02T10:00:00+01:00", "2026-03-02T09:00:00Z", "2026-03-02T09:00"):
        moment = moment_of(text)
        assert moment is not None and moment.tzinfo is UTC
    for text in ("0001-01-01T00:30:00+01:00", "9999-12-31T23:30:00-01:00", "no time", ""):
        assert moment_of(text) is None


def test_a_long_gap_is_no_time_at_the_keyboard_and_a_very_long_one_no_open_time() -> None:
    minutes = [0, 1, 4, 14, 16, 136]
    events = [at(60 * minute, "" if minute == 0 else "c1") for minute in minutes]
    assert times_of(events) == {"c1": Spent(keyboard=60 * (1 + 3 + 2), open=60 * (1 + 3 + 10 + 2))}


def test_a_gap_belongs_to_the_case_of_the_event_that_ends_it() -> None:
    assert times_of([at(0, ""), at(10, "c1"), at(40, "c2"), at(60, "c1")]) == {"c1": Spent(30, 30), "c2": Spent(30, 30)}


def test_two_devices_are_timed_apart() -> None:
    one, other = times_of([at(0, ""), at(10)]), times_of([at(5, ""), at(200, "c1"), at(201, "c2")])
    assert together(one, other) == {"c1": Spent(10 + 195, 10 + 195), "c2": Spent(1, 1)}


def test_a_clock_set_back_and_a_stamp_that_is_none_add_nothing() -> None:
    assert times_of([at(100, ""), at(50), at(60)]) == {"c1": Spent(10, 10)}
    assert times_of([at(100, ""), ("c1", "yesterday"), at(120), at(130)]) == {"c1": Spent(10, 10)}
    assert seconds_between("yesterday", "2026-03-02T09:00:00Z") == 0


def test_a_stamp_without_a_zone_is_utc() -> None:
    assert seconds_between("2026-03-02T08:00:00", "2026-03-02T09:00:00Z") == 3600


@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=30))
def test_keyboard_time_never_exceeds_open_time_nor_open_time_the_span(moments: list[int]) -> None:
    ordered = sorted(set(moments))
    total = times_of([at(moment) for moment in ordered]).get("c1", Spent())
    assert 0 <= total.keyboard <= total.open <= ordered[-1] - ordered[0]
