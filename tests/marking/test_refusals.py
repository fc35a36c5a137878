"""Why a question is not asked: in the words of its gate, and without a hint at a fact that is never shown."""

from dataclasses import replace

import pytest

from cqa.files.yaml_tree import parse_tree
from cqa.marking.refusals import Refused, check_answer, why_closed
from cqa.rubric.build import build_rubric
from cqa.rubric.model import Rubric
from tests.casework import RUBRIC


def rubric(text: str) -> Rubric:
    built = build_rubric(parse_tree(text.encode(), "r"), "r").rubric
    assert built is not None
    return built


def test_a_closed_gate_says_when_the_question_would_be_asked() -> None:
    one = rubric(RUBRIC)
    assert why_closed(one, one.by_id["q2"]) == (
        "The question 'q2' is not asked for this case: it is asked when q1 is Fully met or Partly met.")


def test_a_fact_that_is_never_shown_is_not_hinted_at() -> None:
    one = rubric(RUBRIC.replace("type: flag, label: Child victim", "type: flag, label: Child victim, show: never"))
    assert why_closed(one, one.by_id["q3"]) == "The question 'q3' is not asked for this case."


def test_a_choice_of_half_a_character_is_no_answer_even_where_a_rubric_names_it() -> None:
    question = replace(rubric(RUBRIC).by_id["q1"], scale=None, type="choice", choices=("\ud800", "b"))
    with pytest.raises(Refused) as refused:
        check_answer(question, "\ud800")
    assert refused.value.code == "text_unreadable"
    check_answer(question, "b")
