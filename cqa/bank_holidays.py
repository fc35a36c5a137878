"""The public holidays of the parts of the United Kingdom: the one door to the holidays library.

The library tells what governments proclaimed, as the clock tells the time: like the world's, its answers come from
outside, and the rooms that count with them take them as a plain set of days. It is imported when it is first asked.
"""

from datetime import date
from functools import cache

from cqa.scheme import DueSettings, Region

_SUBDIVISIONS: dict[Region, str] = {"England and Wales": "ENG", "Scotland": "SCT", "Northern Ireland": "NIR"}


def closed_days(due: DueSettings, first: int, last: int) -> frozenset[date]:
    """The days of the years from `first` to `last` on which nobody works though they may be weekdays: the public
    holidays of the region, with their substitute days, and the days that the settings name, of whatever year."""
    return frozenset(due.closed) | (_public(due.region, first, last) if due.region else frozenset())


@cache
def _public(region: Region, first: int, last: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - 0.1 s, for the commands that tell what is due alone

    return frozenset(country_holidays("GB", subdiv=_SUBDIVISIONS[region], years=range(first, last + 1)))
