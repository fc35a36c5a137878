"""Scores are exact, over asked answers on the scale; a critical failure is a band, not a nought."""

from fractions import Fraction

import pytest

from cqa.files.yaml_tree import parse_tree
from cqa.rubric.build import build_rubric
from cqa.rubric.model import Rubric
from cqa.rubric.scoring import broken_rules, owes_proof, result_of
from tests.casework import RUBRIC


def rubric(old: str = "", new: str = "") -> Rubric:
    built = build_rubric(parse_tree(RUBRIC.replace(old, new).encode() if old else RUBRIC.encode(), "r"), "r").rubric
    assert built is not None
    return built


@pytest.mark.parametrize(("marks", "score", "band"), [
    ({"q1": "fully_met", "q2": "partly_met"}, Fraction(3, 4), "Fine"),
    ({"q1": "partly_met", "q2": "cannot_tell"}, Fraction(1, 2), "Poor"),
    ({"q1": "not_met"}, Fraction(0), "Fail"),
    ({"q1": "cannot_tell"}, None, "Poor"),
    ({}, None, "Poor"),
])
def test_the_score_is_points_gained_over_points_available(
    marks: dict[str, str], score: Fraction | None, band: str
) -> None:
    result = result_of(rubric(), marks, {})
    assert (result.score, result.band) == (score, band)


def test_a_critical_failure_is_a_band_and_leaves_the_score() -> None:
    result = result_of(rubric("id: q2,", "id: q2, weight: 3,"), {"q1": "not_met", "q2": "fully_met"}, {})
    assert (result.score, result.band, result.critical_failed) == (Fraction(3, 4), "Fail", ("q1",))


def test_too_little_answered_is_a_condition() -> None:
    bands = rubric("{critical_failed: true}", "{any: [{critical_failed: true}, {answered_below: 60}]}")
    assert result_of(bands, {"q1": "cannot_tell", "q2": "fully_met"}, {}).band == "Fail"
    assert result_of(bands, {"q1": "fully_met", "q2": "fully_met"}, {}).band == "Fine"


def test_counts_of_levels_and_tags_are_conditions() -> None:
    text = RUBRIC.replace("{critical_failed: true}", "{count: {levels: [not_met], tags: [key], at_least: 1}}")
    built = build_rubric(parse_tree(text.replace("id: q2,", "id: q2, tags: [key],").encode(), "r"), "r").rubric
    assert built is not None
    assert result_of(built, {"q1": "not_met", "q2": "fully_met"}, {}).band == "Poor"
    assert result_of(built, {"q1": "fully_met", "q2": "not_met"}, {}).band == "Fail"


def test_a_rule_is_broken_only_while_its_condition_holds() -> None:
    assert [rule.id for rule in broken_rules(rubric(), {"q1": "not_met", "q3": "fully_met"}, {})] == ["r1"]
    assert broken_rules(rubric(), {"q1": "fully_met", "q3": "fully_met"}, {}) == ()


def test_proof_is_owed_for_about_one_in_ten_and_always_the_same_ones() -> None:
    proof = rubric("sections:\n", "proof: {levels: [fully_met], one_in: 10}\nsections:\n")
    owed = [owes_proof(proof, "seed", f"c{case}", "q1", "fully_met") for case in range(4_000)]
    assert 320 < sum(owed) < 480
    assert owed == [owes_proof(proof, "seed", f"c{case}", "q1", "fully_met") for case in range(4_000)]
    assert not any(owes_proof(proof, "seed", f"c{case}", "q1", "not_met") for case in range(100))
