"""Invented cases: the same seed gives the same ones, each could really be signed off, and idle parts are found."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cqa.files.rubrics import read_rubric
from cqa.files.shipped import shipped
from cqa.files.yaml_tree import parse_tree
from cqa.rubric.build import build_rubric
from cqa.rubric.gates import asked
from cqa.rubric.model import Rubric
from cqa.rubric.rehearsal import _Dice, _invent, _values, rehearse
from cqa.rubric.scoring import broken_rules, result_of
from tests.casework import RUBRIC


def rubric(text: str = RUBRIC) -> Rubric:
    built = build_rubric(parse_tree(text.encode(), "r"), "r")
    assert built.rubric is not None, built.problems
    return built.rubric


def changed(old: str, new: str) -> Rubric:
    assert old in RUBRIC
    return rubric(RUBRIC.replace(old, new))


def test_the_same_seed_gives_the_same_cases_and_another_gives_others() -> None:
    assert rehearse(rubric(), 300, "a") == rehearse(rubric(), 300, "a") != rehearse(rubric(), 300, "b")


@settings(max_examples=30)
@given(st.text(st.characters(exclude_categories=()), max_size=8))
def test_every_invented_case_could_be_signed_off(seed: str) -> None:
    one = rubric()
    case = _invent(one, _values(one), _Dice(seed))
    assert case is not None and not broken_rules(one, case.marks, case.facts)
    assert [name for name, state in asked(one, case.marks, case.facts).items() if state] == list(case.asked)
    assert all(mark not in one.by_id[question].forbid for question, mark in case.marks.items())
    assert case.result == result_of(one, case.marks, case.facts)


def test_bands_and_questions_are_counted_over_every_case() -> None:
    found = rehearse(rubric(), 500, "try")
    assert sum(found.bands.values()) == 500 - found.unfinished == 500
    assert found.asked["q1"] == 500 and 0 < found.asked["q2"] < 500 and 180 < found.asked["q3"] < 320
    assert found.never_given == found.never_asked == () and found.moves_band == {"q1", "q2", "q3"}
    assert (found.questions.least, found.questions.most) == (1, 3)
    assert found.questions.mean == Fraction(sum(found.asked.values()), 500)


def test_a_band_that_no_case_reaches_is_named() -> None:
    bands = changed("{band: Fine, when: {score_at_least: 70}}", "{band: Fine, when: {score_at_least: 101}}")
    assert rehearse(bands, 300, "try").never_given == ("Fine",)


def test_a_question_that_no_case_is_asked_is_named() -> None:
    closed = changed("ask_when: {q1: [fully_met, partly_met]}", "ask_when: {all: [{q1: [fully_met]}, {q1: [not_met]}]}")
    assert rehearse(closed, 300, "try").never_asked == ("q2",)


def test_a_question_that_decides_nothing_is_found() -> None:
    words = changed("- {id: q3, ask: Was the child heard}", "- {id: q3, ask: Was the child heard}\n"
                    "      - {id: q4, type: choice, choices: [a, b], ask: Which}")
    found = rehearse(words, 300, "try")
    assert "q4" not in found.moves_score | found.moves_band and {"q1", "q2", "q3"} <= found.moves_score


def test_a_rule_that_cannot_be_kept_leaves_cases_unfinished() -> None:
    everything = "[fully_met, partly_met, not_met, cannot_tell]"
    never = changed("{id: r1, when: {q1: [not_met]}, forbid: {q3: [fully_met]}, say: Not both.}",
                    f"{{id: r1, when: {{case: {{child: true}}}}, forbid: {{q1: {everything}}}, say: Never.}}")
    found = rehearse(never, 200, "try")
    assert 60 < found.unfinished < 140 and sum(found.bands.values()) == 200 - found.unfinished


def test_only_cases_that_the_rubric_may_be_used_on_are_invented() -> None:
    used = changed("scales:\n", "use_for: {child: true}\nscales:\n")
    assert rehearse(used, 200, "try").asked["q3"] == 200


def test_a_question_with_every_answer_forbidden_is_asked_and_never_marked() -> None:
    mute = changed("ask: Was the child heard", "ask: Was the child heard, forbid: [fully_met, partly_met, not_met, "
                   "cannot_tell, does_not_apply]")
    found = rehearse(mute, 100, "try")
    assert found.asked["q3"] and "q3" not in found.moves_score


@pytest.mark.parametrize(("kind", "test", "values"), [
    ("text", "[Crown, youth]", {"Crown", "youth", "something else"}),
    ("number", "{at_least: 21}", {"21", "20.0", "22.0"}),
    ("date", '{after: "2026-03-31"}', {"2026-03-31", "2026-03-30", "2026-04-01"}),
    ("date", "{recorded: true}", {"", "2025-12-31", "2026-01-02"}),
])
def test_facts_get_values_on_either_side_of_what_a_gate_asks(kind: str, test: str, values: set[str]) -> None:
    text = RUBRIC.replace("scales:\n", f"  f: {{type: {kind}}}\nscales:\n", 1).replace(
        "ask_when: {case: {child: true}}", f"ask_when: {{case: {{f: {test}}}}}")
    assert set(_values(rubric(text))["f"]) == values
    assert 0 < rehearse(rubric(text), 200, "try").asked["q3"] < 200


@pytest.mark.parametrize("name", sorted(path.name for path in shipped("rubrics").glob("*.yaml")))
def test_every_band_and_question_of_a_shipped_rubric_is_reached_and_decides_something(name: str) -> None:
    one = read_rubric(shipped("rubrics") / name).rubric
    found = rehearse(one, 700, "try")
    scored = {question.id for question in one.questions if question.scale}
    assert found.never_given == found.never_asked == () and found.unfinished == 0
    assert scored <= found.moves_score and scored <= found.moves_band
