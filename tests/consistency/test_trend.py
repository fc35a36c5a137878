"""Changes from sample to sample have Newcombe's intervals, stop at a new version, and few are called changes."""

import random
from dataclasses import replace

import pytest

from cqa.consistency.intervals import wilson
from cqa.consistency.marks import MarkRow, QuestionScale
from cqa.consistency.population import Design, Reach, Share
from cqa.consistency.results import assessed_of
from cqa.consistency.trend import ALL, QUESTION, THEME, Point, change_between, trend

SCALES = [QuestionScale("r", version, f"q{number}", "S", "Ask", ("not_met", "fully_met"), (),
                        {"not_met": "No", "fully_met": "Yes"}, {"not_met": 0, "fully_met": 1}, ())
          for version in ("1", "2") for number in range(6)]


def share(met: int, cases: int) -> Share:
    low, high = wilson(met, cases)
    return Share(met / cases, 0.0, low, high, cases, cases, float(cases))


def rows(sample: str, rate: float, seed: int, version: str = "1", cases: int = 100) -> list[MarkRow]:
    rng = random.Random(seed)
    return [MarkRow(sample, str(case), "all", "h", "ann", "first", "r", version, f"q{number}",
                    "fully_met" if rng.random() < rate else "not_met", None, "", "", True, "")
            for case in range(cases) for number in range(6)]


def points(*given: list[MarkRow]) -> tuple[Point, ...]:
    names = [one[0].sample for one in given]
    drawn = {name: Design({"all": 1000}) for name in names}
    return trend(assessed_of([row for one in given for row in one], SCALES, drawn, Reach(), 5), SCALES, names)


def test_a_difference_has_newcombes_interval() -> None:
    """Newcombe 1998, Statistics in Medicine 17:873, table II, method 10: 56/70 - 48/80, and 10/10 - 0/20."""
    found = change_between(share(48, 80), share(56, 70))
    assert found is not None and (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    extreme = change_between(share(0, 20), share(10, 10))
    assert extreme is not None and (extreme.low, extreme.high) == pytest.approx((0.6791, 1.0), abs=5e-5)


def test_the_p_value_says_what_the_interval_says() -> None:
    found = change_between(share(48, 80), share(56, 70))
    assert found is not None and found.low > 0 and found.p < 0.05
    same = change_between(share(48, 80), share(50, 80))
    assert same is not None and same.low < 0 < same.high and same.p > 0.05
    assert change_between(share(3, 9), replace(share(3, 9), low=None)) is None


def test_a_rise_is_found_for_the_whole_the_theme_and_the_questions() -> None:
    found = points(rows("spring", 0.6, 1), rows("summer", 0.9, 2))
    assert [point.kind for point in found] == [*[ALL] * 2, *[THEME] * 2, *[QUESTION] * 12]
    assert [point.reading for point in found[:2]] == ["the first sample", "higher than before"]
    assert sum(point.reading == "higher than before" for point in found if point.kind == QUESTION) >= 5


def test_where_nothing_changed_hardly_a_question_is_said_to_have() -> None:
    accused = sum(any("before" in point.reading for point in points(rows("a", 0.8, seed), rows("b", 0.8, 900 + seed)))
                  for seed in range(12))
    assert accused <= 2


def test_nothing_is_compared_across_versions_of_a_rubric() -> None:
    found = points(rows("a", 0.5, 1), rows("b", 0.9, 2, "2"), rows("c", 0.5, 3, "2"))
    whole = [point for point in found if point.kind == ALL]
    assert [point.reading for point in whole] == [
        "the first sample", "not compared: the rubric changed from version 1 to 2", "lower than before"]
    assert whole[1].change is None and whole[1].share.rate is not None


def test_one_sample_has_no_trend_and_one_without_marks_is_passed_over() -> None:
    assert points(rows("a", 0.5, 1)) == ()
    found = trend(assessed_of(rows("a", 0.5, 1), SCALES, {}, Reach(), 5), SCALES, ["a", "empty"])
    assert {point.sample for point in found} == {"a"}
