"""The shipped rubric is the question bank, whole."""

from pathlib import Path

import pytest

from cqa.files.rubrics import read_draft
from cqa.files.shipped import shipped
from cqa.rubric.gates import asked
from cqa.rubric.model import Rubric

IDS = ["CH1", "CH2", "CH3", "CH4", "CH5", "CH6", "RV1", "RV2", "RV3", "RV4", "DS1", "DS2", "DS3", "DS4", "DS5", "DS6",
       "VW1", "VW2", "VW3", "VW4", "VW5", "GR1", "GR2", "GR3", "GR4", "GR5", "PR1", "PR2", "PR3", "PR4", "HO1", "HO2",
       "HO3", "RC1", "RC2"]
FLAGS = ("contested", "trial_listed", "sent", "in_custody", "has_victim", "civilian_witness", "charge_dropped",
         "plea_offer", "schedules_due", "bail_in_issue", "hearing_held")
OPEN = {"charged_by": "CPS", "decision_type": "charge", "court": "Crown", "plea": "not guilty", "outcome": "convicted",
        "first_hearing": "01/07/2026", **dict.fromkeys(FLAGS, "Y")}


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    draft = read_draft(shipped("rubrics") / "prosecution.yaml")
    assert draft.problems == () and draft.built is not None and draft.built.rubric is not None
    return draft.built.rubric


def test_it_asks_the_35_questions_of_the_bank_in_order(rubric: Rubric) -> None:
    assert [question.id for question in rubric.questions] == IDS and rubric.status == "live"


def test_every_question_says_what_to_look_for_and_what_each_level_means(rubric: Rubric) -> None:
    texts = [text for question in rubric.questions for text in question.descriptors.values()]
    assert len(texts) == 35 * 3 and all(question.look_for and question.role for question in rubric.questions)
    for question in rubric.questions:
        assert len(set(question.descriptors.values())) == 3
        assert len(question.ask.split()) <= 30


def test_a_mark_below_the_top_owes_a_reason_and_a_place(rubric: Rubric) -> None:
    needs = {level.id: level.needs for level in rubric.scales[0].answers}
    assert needs["partly_met"] == needs["not_met"] == ("reason", "evidence") and needs["fully_met"] == ()
    assert rubric.proof.one_in == 10


def test_every_gate_can_be_opened_and_asks_about_blanks(rubric: Rubric) -> None:
    assert all(state is True for state in asked(rubric, {}, OPEN).values())
    blank = asked(rubric, {}, {})
    assert {question for question, state in blank.items() if state is True} == {
        "RV3", "DS5", "GR2", "GR4", "PR1", "RC1", "RC2"}
    assert blank["RV1"] is False and all(blank[question] is None for question in ("CH1", "DS1", "VW4", "HO3"))


@pytest.mark.parametrize("fact", [*OPEN])
def test_each_fact_closes_some_gate(rubric: Rubric, fact: str) -> None:
    other = {"charged_by": "police", "decision_type": "nfa", "court": "magistrates", "plea": "guilty",
             "outcome": "acquitted", "first_hearing": ""}.get(fact, "N")
    assert False in asked(rubric, {}, {**OPEN, fact: other}).values()


def test_an_unsent_letter_leaves_nothing_but_not_met_for_the_explanation(rubric: Rubric) -> None:
    rule = next(rule for rule in rubric.rules if rule.id == "letter-not-sent")
    answers = {level.id for level in rubric.scales[0].answers}
    assert answers - set(rule.forbid["VW5"]) == {"not_met"} and "not_met" in rubric.by_id["VW4"].fails_on


def test_questions_that_always_apply_cannot_be_waved_away(rubric: Rubric) -> None:
    assert {question.id for question in rubric.questions if "does_not_apply" in question.forbid} == {
        "CH4", "CH6", "PR1", "PR2", "RC1", "RC2"}


def test_the_file_is_plain_ascii_without_tabs() -> None:
    data = Path(shipped("rubrics") / "prosecution.yaml").read_bytes()
    assert data.isascii() and b"\t" not in data
