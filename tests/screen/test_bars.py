"""Bars of ASCII: as wide as asked, nothing unseen that is not 0, the value always on the line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.screen.bars import interval_bar, parts_bar


def test_what_is_done_begun_and_open_is_seen_in_its_share() -> None:
    assert parts_bar((5, 2, 3), 10) == "#####++..."
    assert parts_bar((0, 0, 4), 5) == "....." and parts_bar((0, 0), 5) == ""
    assert parts_bar((999, 1), 10) == "#########+"
    with pytest.raises(ValueError, match="4 parts"):
        parts_bar((1, 1, 1, 1), 10)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=3).filter(any))
def test_a_bar_is_as_wide_as_asked_and_hides_nothing(parts: list[int]) -> None:
    bar = parts_bar(parts, 10)
    assert len(bar) == 10
    for sign, part in zip("#+.", parts, strict=False):
        assert (sign in bar) == (part > 0)


def test_a_value_stands_within_its_interval_beside_zero() -> None:
    assert interval_bar(5, 0, 9.9, -10, 10, 10, zero=0) == ".....|-o--"
    assert interval_bar(0.5, None, None, 0, 1, 9) == "....o...."


@given(st.floats(-50, 50), st.floats(0, 30), st.floats(0, 30))
def test_what_lies_outside_stands_at_the_end(value: float, down: float, up: float) -> None:
    line = interval_bar(value, value - down, value + up, -10, 10, 21, zero=0)
    assert len(line) == 21 and line.count("o") == 1
