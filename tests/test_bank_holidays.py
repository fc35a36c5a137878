"""Public holidays are those that were proclaimed, with their substitute days.

The dates are those of https://www.gov.uk/bank-holidays and of the proclamations of 2020 (VE Day), 2022 (Platinum
Jubilee, State Funeral), 2023 (Coronation) and, for Scotland, 2026 (15 June).
"""

from datetime import date

import pytest

from cqa.bank_holidays import closed_days
from cqa.scheme import DueSettings, Region

ENGLAND_AND_WALES = """
2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25 2020-08-31 2020-12-25 2020-12-28
2021-01-01 2021-04-02 2021-04-05 2021-05-03 2021-05-31 2021-08-30 2021-12-27 2021-12-28
2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 2022-12-26 2022-12-27
2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26
2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26
2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26
2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28
"""
SCOTLAND = """
2025-01-01 2025-01-02 2025-04-18 2025-05-05 2025-05-26 2025-08-04 2025-12-01 2025-12-25 2025-12-26
2026-01-01 2026-01-02 2026-04-03 2026-05-04 2026-05-25 2026-06-15 2026-08-03 2026-11-30 2026-12-25 2026-12-28
"""
NORTHERN_IRELAND = """
2025-01-01 2025-03-17 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-07-14 2025-08-25 2025-12-25 2025-12-26
2026-01-01 2026-03-17 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-07-13 2026-08-31 2026-12-25 2026-12-28
"""


@pytest.mark.parametrize(("region", "proclaimed"), [
    ("England and Wales", ENGLAND_AND_WALES), ("Scotland", SCOTLAND), ("Northern Ireland", NORTHERN_IRELAND)])
def test_weekdays_on_which_nobody_works_are_those_proclaimed(region: Region, proclaimed: str) -> None:
    days = [date.fromisoformat(text) for text in proclaimed.split()]
    found = closed_days(DueSettings(region=region), days[0].year, days[-1].year)
    assert sorted(day for day in found if day.weekday() < 5) == days


def test_days_of_the_settings_are_added_and_without_a_region_they_are_all() -> None:
    office = (date(2026, 5, 29),)
    both = closed_days(DueSettings(closed=office), 2026, 2026)
    assert both - closed_days(DueSettings(), 2026, 2026) == set(office) and date(2026, 12, 28) in both
    assert closed_days(DueSettings(region=None, closed=office), 2026, 2026) == set(office)
    assert not closed_days(DueSettings(region=None), 1, 9999)


def test_years_that_nobody_proclaimed_anything_for_have_none_and_do_no_harm() -> None:
    assert not closed_days(DueSettings(), 9000, 9999)
