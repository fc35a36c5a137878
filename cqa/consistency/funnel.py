"""How far the share of a unit may lie from that of all by chance alone, by its size."""

from collections.abc import Sequence

from cqa.consistency.control_limits import P_95, P_998, limits_at
from cqa.consistency.result_tables import names_of
from cqa.consistency.results import GroupResult
from cqa.table import Column, Row, Table

ENOUGH_UNITS = 3
_POINTS = 40
_BEYOND = 1.1
"""The lines go on a little beyond the largest unit."""
SIZE, MIDDLE = "Size", "All units"
LINES = ("95% low", "95% high", "99.8% low", "99.8% high")


def known(units: Sequence[GroupResult]) -> list[tuple[str, float, float]]:
    """The units that have a share and an effective size of 1 or more: the name of each with both."""
    return [(name, unit.share.rate, unit.effective) for name, unit in zip(names_of(units), units, strict=True)
            if unit.share.rate is not None and unit.effective is not None and unit.effective >= 1]


def middle_of(units: Sequence[GroupResult]) -> float:
    """The mean share, each unit counting by its effective size. Raises ZeroDivisionError without a unit."""
    found = known(units)
    return sum(rate * size for _, rate, size in found) / sum(size for *_, size in found)


def outside(units: Sequence[GroupResult], tail: float) -> list[str]:
    """The units whose share lies beyond the limits that leave so much outside on each side."""
    middle = middle_of(units)
    return [name for name, rate, size in known(units)
            if not limits_at(size, middle, tail)[0] <= rate <= limits_at(size, middle, tail)[1]]


def funnel_table(units: Sequence[GroupResult]) -> Table | None:
    """The lines of the funnel from half the smallest size to beyond the largest; None for fewer than three units."""
    found = known(units)
    if len(found) < ENOUGH_UNITS:
        return None
    middle, largest = middle_of(units), _BEYOND * max(size for *_, size in found)
    columns = (Column(SIZE, "decimal", 12), Column(MIDDLE, "percent", 12),
               *(Column(name, "percent", 12) for name in LINES))
    first = max(1.0, min(size for *_, size in found) / 2)
    rows: list[Row] = []
    for place in range(_POINTS + 1):
        size = first + (largest - first) * place / _POINTS
        rows.append((size, middle, *limits_at(size, middle, P_95), *limits_at(size, middle, P_998)))
    return Table("Funnel limits", "How far a unit may lie from the others by chance",
                 "Control limits of the share at the best level by effective size, for the chart of units.", columns,
                 tuple(rows))
