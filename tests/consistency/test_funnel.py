"""The funnel of units: who lies outside its limits, and which sizes its lines are drawn for."""

import pytest

from cqa.consistency.control_limits import P_95, P_998, limits_at
from cqa.consistency.funnel import funnel_table, known, middle_of, outside
from cqa.consistency.population import Share
from cqa.consistency.results import GroupResult


def unit(name: str, rate: float | None, effective: float | None, place: str = "s") -> GroupResult:
    return GroupResult("unit", place, name, 100, Share(rate, None, None, None, 20, 200, effective))


def test_the_middle_counts_each_unit_by_its_size_and_the_far_one_is_named() -> None:
    units = [unit("A", 0.8, 100), unit("B", 0.8, 100), unit("C", 0.5, 100), unit("D", None, None)]
    assert middle_of(units) == pytest.approx(0.7)
    assert outside(units, P_95) == ["A", "B", "C"] and outside(units, P_998) == ["C"]
    table = funnel_table(units)
    assert table is not None and len(table.rows) == 41
    rows = list(table.rows)
    assert rows[0][0] == 50 and rows[-1][0] == pytest.approx(110)
    assert rows[-1][1:4] == pytest.approx((0.7, *limits_at(110, 0.7, P_95)))


def test_fewer_than_three_units_make_no_funnel_and_units_of_several_samples_are_told_apart() -> None:
    assert funnel_table([unit("A", 0.8, 100), unit("B", 0.8, 100), unit("C", None, None)]) is None
    units = [unit("A", 0.2, 100, "one"), unit("A", 0.8, 100, "two"), unit("B", 0.8, 100, "two")]
    assert outside(units, P_998)[0] == "one: A"


def test_a_unit_of_which_nearly_all_was_seen_counts_no_more_than_its_marks() -> None:
    assert [size for *_, size in known([unit("A", 0.5, 1e6), unit("B", 0.5, 40), unit("C", 0.5, 0.2)])] == [100, 40]
