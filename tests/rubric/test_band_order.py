"""Bands are put in order by what they ask for, and where that says nothing they are in none."""

from fractions import Fraction

import pytest

from cqa.files.rubrics import read_rubric
from cqa.files.shipped import shipped
from cqa.rubric.band_order import move, ranks
from tests.casework import RUBRIC
from tests.rubric.test_compare import rubric


def test_bands_stand_by_the_score_they_ask_for_and_a_failed_case_lowest() -> None:
    found = ranks(read_rubric(shipped("rubrics") / "prosecution.yaml").rubric)
    assert found == {"Serious concern": -2, "Meets the standard": 70, "Partly meets the standard": 60,
                     "Does not meet the standard": -1}
    assert "Too little answered" not in found


def test_a_band_that_is_given_for_a_count_of_marks_is_in_no_order() -> None:
    found = ranks(read_rubric(shipped("rubrics") / "complaints.yaml").rubric)
    assert found["Handled well"] > found["Handled with gaps"] > found["Handled badly"]
    assert "Unfair in several ways" not in found


def test_of_several_conditions_the_score_counts_and_otherwise_is_below_scores_only() -> None:
    text = RUBRIC.replace("{score_at_least: 70}", "{all: [{score_at_least: 70}, {critical_failed: false}]}")
    assert ranks(rubric(text))["Fine"] == Fraction(70)
    alone = RUBRIC.replace("    - {band: Fine, when: {score_at_least: 70}}\n", "")
    assert "Poor" not in ranks(rubric(alone))


@pytest.mark.parametrize(("was", "now", "expected"), [
    ("Fine", "Fine", "same"), ("Fine", "Poor", "down"), ("Poor", "Fine", "up"), ("Fine", "Fail", "down"),
    ("Fail", "Poor", "up"), ("Fine", "", "aside"), ("Fine", "Unknown", "aside"), ("", "", "same")])
def test_a_move_is_up_or_down_only_where_the_bands_have_an_order(was: str, now: str, expected: str) -> None:
    assert move(rubric(RUBRIC), rubric(RUBRIC), was, now) == expected


def test_the_new_order_decides_where_it_knows_both_bands() -> None:
    turned = rubric(RUBRIC.replace("band: Fine", "band: Low").replace("band: Poor", "band: Fine").replace(
        "band: Low", "band: Poor"))
    assert move(rubric(RUBRIC), turned, "Fine", "Poor") == "up"
