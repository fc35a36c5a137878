"""The funnel of units: control limits by an independent count, and nobody outside them by chance."""

import pytest
from scipy import stats

from cqa.consistency.funnel import INNER, OUTER, funnel_table, limits_at, middle_of, outside
from cqa.consistency.population import Share
from cqa.consistency.results import GroupResult


def unit(name: str, rate: float | None, effective: float | None, place: str = "s") -> GroupResult:
    return GroupResult("unit", place, name, 50, Share(rate, None, None, None, 20, 200, effective))


def test_limits_hold_the_shares_that_chance_gives() -> None:
    assert stats.norm.cdf(INNER) - stats.norm.cdf(-INNER) == pytest.approx(0.95, abs=1e-6)
    assert stats.norm.cdf(OUTER) - stats.norm.cdf(-OUTER) == pytest.approx(0.998, abs=1e-6)
    for middle, size in ((0.5, 200), (0.7, 400), (0.8, 1000)):
        for errors, share in ((INNER, 0.95), (OUTER, 0.998)):
            low, high = limits_at(middle, size, errors)
            inside = stats.binom.cdf(high * size, size, middle) - stats.binom.cdf(low * size, size, middle)
            assert inside == pytest.approx(share, abs=0.012)
    assert limits_at(0.9, 4, OUTER)[1] == 1.0 and limits_at(0.1, 4, OUTER)[0] == 0.0


def test_the_middle_counts_each_unit_by_its_size_and_the_far_one_is_named() -> None:
    units = [unit("A", 0.8, 100), unit("B", 0.8, 100), unit("C", 0.5, 100), unit("D", None, None)]
    assert middle_of(units) == pytest.approx(0.7)
    assert outside(units, INNER) == ["A", "B", "C"] and outside(units, OUTER) == ["C"]
    table = funnel_table(units)
    assert table is not None and len(table.rows) == 41
    rows = list(table.rows)
    assert rows[0][0] == 50 and rows[-1][0] == pytest.approx(110)
    assert rows[-1][1:4] == pytest.approx((0.7, *limits_at(0.7, 110, INNER)))


def test_fewer_than_three_units_make_no_funnel_and_units_of_several_samples_are_told_apart() -> None:
    assert funnel_table([unit("A", 0.8, 100), unit("B", 0.8, 100), unit("C", None, None)]) is None
    units = [unit("A", 0.2, 100, "one"), unit("A", 0.8, 100, "two"), unit("B", 0.8, 100, "two")]
    assert outside(units, OUTER)[0] == "one: A"
