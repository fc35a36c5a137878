"""Why a question is not asked: in the words of its gate, and without a hint at a fact that is never shown."""

from cqa.files.yaml_tree import parse_tree
from cqa.marking.refusals import why_closed
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
