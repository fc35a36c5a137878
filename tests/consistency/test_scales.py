"""The scale of marks: as declared, as numbers if all are, else as text."""

import pytest

from cqa.consistency.scales import scale_of


def test_marks_that_are_all_numbers_are_ordered_as_numbers() -> None:
    scale = scale_of(["10", "9", "2.5", "-1"])
    assert scale.levels == ("-1", "2.5", "9", "10") and scale.places == (-1.0, 2.5, 9.0, 10.0)
    assert scale.order == "numbers"


def test_a_number_written_in_two_ways_is_one_level() -> None:
    scale = scale_of(["3.0", "1", "3", "03"])
    assert scale.levels == ("1", "3") and scale.of_text == {"3.0": 1, "1": 0, "3": 1, "03": 1}


def test_marks_of_which_one_is_no_number_are_ordered_as_text() -> None:
    scale = scale_of(["10", "9", "NA"])
    assert (scale.levels, scale.places, scale.order) == (("10", "9", "NA"), (0.0, 1.0, 2.0), "text")


def test_a_declared_scale_keeps_its_order_and_its_unused_levels() -> None:
    scale = scale_of(["met", "not met"], ["not met", "partly met", "met"])
    assert scale.levels == ("not met", "partly met", "met") and scale.of_text == {"met": 2, "not met": 0}


@pytest.mark.parametrize(("declared", "places"), [
    (["1", "2", "5"], (1.0, 2.0, 5.0)), (["5", "2", "1"], (-5.0, -2.0, -1.0)), (["1", "5", "2"], (0.0, 1.0, 2.0)),
    (["low", "2", "5"], (0.0, 1.0, 2.0))])
def test_declared_numbers_lie_where_they_are_if_they_rise_or_fall(declared: list[str], places: tuple[float]) -> None:
    assert scale_of(["1"], declared).places == places


def test_a_mark_that_fits_no_declared_level_is_left_out() -> None:
    assert scale_of(["1", "1.0", "x", "7"], ["1", "2"]).of_text == {"1": 0, "1.0": 0}


def test_no_marks_make_no_scale() -> None:
    assert scale_of([]).levels == ()
