"""Plan, due dates and calibration in cqa.yaml: read as written, and every mistake told with its line."""

from datetime import date
from fractions import Fraction

import pytest

from cqa.errors import BadInput, Problem
from cqa.files.yaml_tree import parse_tree
from cqa.scheme import CalibrationSettings, PlanSettings
from cqa.settings import Settings, read_settings


def settings(text: str) -> Settings:
    return read_settings(parse_tree(text.encode(), "cqa.yaml"), "cqa.yaml")


def problems(text: str) -> list[Problem]:
    with pytest.raises(BadInput) as refused:
        settings(text)
    assert {(problem.code, problem.where) for problem in refused.value.problems} == {("P002", "cqa.yaml")}
    return list(refused.value.problems)


def test_without_them_nothing_is_planned_or_calibrated_and_marks_are_due_after_20_working_days() -> None:
    found = settings("language: en-GB\n")
    assert (found.plan, found.calibration) == (None, None)
    assert (found.due.mark, found.due.feedback, found.due.region, found.due.closed) == (20, 10, "England and Wales", ())


def test_a_plan_is_read() -> None:
    assert settings("plan: {cases: 4}\n").plan == PlanSettings(4, "handler", "quarter", Fraction(0))
    assert settings("plan:\n  per: reviewer\n  cases: 10\n  period: month\n  second: 12.5%\n").plan == PlanSettings(
        10, "reviewer", "month", Fraction(1, 8))
    assert settings("plan: {per: handler, cases: 1, period: year, second: 1}\n").plan == PlanSettings(
        1, "handler", "year", Fraction(1))


@pytest.mark.parametrize(("line", "region", "closed"), [
    ("", "England and Wales", ()),
    ("holidays: scotland", "Scotland", ()),
    ("holidays: Northern Ireland", "Northern Ireland", ()),
    ("holidays: none", None, ()),
    ("holidays: []", None, ()),
    ("holidays: 2026-12-25", None, (date(2026, 12, 25),)),
    ("holidays: [2027-01-01, 2026-12-25, 2026-12-25]", None, (date(2026, 12, 25), date(2027, 1, 1))),
    ("holidays: [England and Wales, 2026-05-29]", "England and Wales", (date(2026, 5, 29),)),
])
def test_holidays_are_a_region_or_none_or_dates(line: str, region: str | None, closed: tuple[date, ...]) -> None:
    found = settings(f"due:\n  mark: 15\n  {line}\n").due
    assert (found.mark, found.feedback, found.region, found.closed) == (15, 10, region, closed)


def test_calibration_is_read() -> None:
    assert settings("calibration: {rate: 10%}\n").calibration == CalibrationSettings(Fraction(1, 10), None, {}, None)
    assert settings("calibration: {rate: 0.05, tolerance: 1, clearance: 0.8}\n").calibration == CalibrationSettings(
        Fraction(1, 20), 1, {}, Fraction(4, 5))
    found = settings("calibration:\n  rate: 0.1\n  tolerance: {D5: 0, CH1: 2}\n").calibration
    assert found is not None and (found.tolerance, found.tolerances) == (None, {"D5": 0, "CH1": 2})


def test_every_mistake_of_the_three_is_told_at_once_with_its_line() -> None:
    told = problems("plan:\n  per: person\n  cases: 0\n  period: week\n  second: 3\n"
                    "due:\n  mark: 0\n  feedback: soon\n  holidays: [Wales, 2026-02-30]\n"
                    "calibration:\n  rate: 110%\n  tolerance:\n    D5: -1\n  clearance: much\n  rates: 1\n")
    assert [(problem.line, problem.message) for problem in told] == [
        (3, "plan.cases must be a whole number from 1, not '0'."),
        (2, "plan.per cannot be 'person'."),
        (4, "plan.period cannot be 'week'."),
        (5, "plan.second must be a share such as 0.1 or 10%, not '3'."),
        (7, "due.mark must be a whole number of working days from 1 to 999, not '0'."),
        (8, "due.feedback must be a whole number of working days from 1 to 999, not 'soon'."),
        (9, "due.holidays cannot be 'Wales'."),
        (9, "due.holidays cannot be '2026-02-30'."),
        (15, "Unknown key 'rates' in calibration."),
        (11, "calibration.rate must be a share such as 0.1 or 10%, not '110%'."),
        (14, "calibration.clearance must be a share such as 0.8 or 80%, not 'much'."),
        (13, "calibration.tolerance of D5 must be a whole number of levels, not '-1'.")]


@pytest.mark.parametrize(("text", "said"), [
    ("plan: {per: handler}\n", "plan has no 'cases'."), ("plan:\n", "plan has no 'cases'."),
    ("calibration: {tolerance: 1}\n", "calibration has no 'rate'."),
    ("plan: 4\n", "plan must be a list of 'key: value' lines."), ("due: []\n", "due must be a list of"),
    ("due: {mark: 1000}\n", "from 1 to 999"), ("due: {mark: 1.5}\n", "from 1 to 999"),
    ("due: {holidays: [none, Scotland]}\n", "due.holidays cannot be 'none'."),
    ("due: {holidays: [Scotland, England and Wales]}\n", "names more than one region"),
    ("due: {holidays: 20261225}\n", "cannot be '20261225'"),
    ("due: {holidays: 2026-W52-5}\n", "cannot be '2026-W52-5'"),
    ("due: {holidays: {a: b}}\n", "due.holidays must be a piece of text."),
    ("calibration: {rate: 0.1, tolerance: [1]}\n", "calibration.tolerance must be a piece of text."),
])
def test_what_is_no_plan_no_due_date_and_no_calibration_is_refused(text: str, said: str) -> None:
    assert any(said in problem.message and problem.line for problem in problems(text))


def test_a_region_that_is_misspelt_is_offered_as_it_is_spelt() -> None:
    assert "Did you mean Scotland?" in problems("due: {holidays: Scottland}\n")[0].remedy
