"""Marks count under a new rubric where they mean the same there, and are never guessed where they do not."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.files.rubrics import read_rubric
from cqa.files.shipped import shipped
from cqa.rubric.gates import asked
from cqa.rubric.model import Rubric
from cqa.rubric.rescoring import Carrying, Rescored, carrying, rescored
from cqa.rubric.scoring import result_of
from tests.casework import RUBRIC
from tests.rubric.test_compare import TOLD, rubric

MARKS = {"q1": "fully_met", "q2": "partly_met", "q3": "not_met"}
CHILD = {"child": "Y"}


def told(*pairs: tuple[str, str], text: str = RUBRIC) -> Carrying:
    """From the small rubric to the same with parts replaced."""
    new = text
    for old, other in pairs:
        assert old in new
        new = new.replace(old, other)
    return carrying(rubric(text), rubric(new))


def came(found: Carrying, marks: dict[str, str] | None = None, facts: dict[str, str] | None = None) -> Rescored:
    marks, facts = MARKS if marks is None else marks, CHILD if facts is None else facts
    return rescored(found, result_of(found.before, marks, facts), marks, facts)


SHIPPED, SHORT = (read_rubric(shipped("rubrics") / name).rubric
                  for name in ("prosecution.yaml", "prosecution-short.yaml"))


def _marks(of: Rubric) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({}, optional={
        question.id: st.sampled_from(answers) for question in of.questions
        if (answers := [answer for answer in question.answers if answer not in question.forbid])})


def _facts(of: Rubric) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({}, optional={
        fact.id: st.sampled_from(("Y", "N", "", "not guilty", "CPS")) for fact in of.facts})


@given(st.sampled_from((SHIPPED, SHORT)).flatmap(lambda of: st.tuples(st.just(of), _marks(of), _facts(of))))
def test_under_the_same_rubric_or_variant_nothing_changes_whatever_the_marks(
    made: tuple[Rubric, dict[str, str], dict[str, str]]
) -> None:
    """Marks that stand come to the same again, and what has no mark is missing where it is owed."""
    of, marks, facts = made
    states = asked(of, marks, facts)
    standing = {name: mark for name, mark in marks.items() if states[name]}
    found = carrying(of, of)
    again = rescored(found, result_of(of, standing, facts), standing, facts)
    assert again.after == again.before and again.moved == "same" and not again.lost and not again.dropped
    assert found.share == 1
    owed = [name for name, state in states.items() if state and name not in standing]
    assert list(again.missing) == [name for name in owed if of.by_id[name].required]


@pytest.mark.parametrize(("pair", "score", "band"), [
    (("id: q2,", "id: q2, weight: 3,"), Fraction(5, 10), "Poor"),       # (2 + 3*1 + 0) / (2 + 3*2 + 2)
    (("label: Partly met, points: 1", "label: Partly met, points: 1.5"), Fraction(7, 12), "Poor"),
    (("score_at_least: 70", "score_at_least: 50"), Fraction(1, 2), "Fine"),
    (("ask: Was the child heard", "critical: {fails_on: [not_met]}, ask: Was the child heard"), Fraction(1, 2), "Fail"),
    (("ask_when: {case: {child: true}}", "ask_when: {case: {child: false}}"), Fraction(3, 4), "Fine"),
])
def test_new_weights_points_bands_critical_answers_and_gates_are_applied(
    pair: tuple[str, str], score: Fraction, band: str
) -> None:
    found = came(told(pair))
    assert (found.before.score, found.before.band) == (Fraction(1, 2), "Poor")
    assert (found.after.score, found.after.band, found.whole) == (score, band, True)


def test_a_mark_whose_question_is_not_asked_any_more_of_the_case_is_told_and_leaves_the_case_whole() -> None:
    found = came(told(("ask_when: {case: {child: true}}", "ask_when: {case: {child: false}}")))
    assert [one.question for one in found.dropped] == ["q3"] and found.whole and not found.lost
    gone = came(told(("{id: q3, ask: Was the child heard}", "{id: q9, ask: Was anything lost on the way}"),
                     ("forbid: {q3:", "forbid: {q9:")),
                facts={"child": "N"}, marks={"q1": "fully_met", "q2": "fully_met"})
    assert gone.whole and not gone.lost and gone.after == gone.before


def test_a_new_question_without_a_mark_leaves_the_case_not_fully_rescored() -> None:
    found = came(told(("- {id: q3, ask: Was the child heard}",
                       "- {id: q3, ask: Was the child heard}\n      - {id: q4, ask: Was it in time}")))
    assert found.missing == ("q4",) and not found.whole and found.after.score == found.before.score


def test_a_question_that_means_something_else_is_lost_and_never_guessed() -> None:
    found = came(told(("ask: Was it reasoned", "ask: How long did the witness wait for an answer")))
    assert [(one.question, one.mark) for one in found.lost] == [("q2", "partly_met")]
    assert "another question" in found.lost[0].why and found.missing == ("q2",)
    assert found.after.score == Fraction(1, 2)  # q1 and q3 alone


def test_a_level_that_is_gone_or_not_allowed_any_more_is_lost_and_the_best_stays() -> None:
    two = "      partly_met: {key: \"2\", label: Partly met, points: 1, needs: [reason]}\n"
    found = came(told((two, ""), ("ask_when: {q1: [fully_met, partly_met]}", "ask_when: {q1: [fully_met]}")))
    assert {one.question: one.why for one in found.lost} == {
        "q2": "The answer partly_met is not there any more.",
        "q3": "Below the best level the lines are drawn anew, so this mark may mean another level."}
    assert found.missing == ("q2", "q3") and found.after.score == 1
    forbidden = told(("ask: Was it reasoned,", "ask: Was it reasoned, forbid: [cannot_tell],"))
    barred = came(forbidden, {**MARKS, "q2": "cannot_tell"})
    assert "not allowed" in barred.lost[0].why and barred.missing == ("q2",)


def test_below_the_best_level_a_mark_is_lost_where_a_descriptor_changed() -> None:
    found = told(("partly_met: Most of it", "partly_met: More than a third of it"), text=TOLD)
    assert [one.question for one in came(found).lost] == ["q2"]
    assert came(found, {**MARKS, "q2": "fully_met"}).whole
    assert came(found, {**MARKS, "q2": "cannot_tell"}).whole


def test_a_question_may_stay_without_a_mark_only_where_it_may_be_left_out_and_none_was_lost() -> None:
    optional = ("ask: Was it reasoned,", "ask: Was it reasoned, required: false,")
    assert came(told(optional), {"q1": "fully_met", "q3": "not_met"}).whole
    lost = told(optional, ("Was it reasoned,", "How long did the witness wait for an answer,"))
    assert came(lost).missing == ("q2",)


def test_a_question_in_words_alone_bears_on_no_score() -> None:
    words = told(("- {id: q3, ask: Was the child heard}",
                  "- {id: q3, ask: Was the child heard}\n      - {id: q4, ask: What else, type: text}"))
    assert came(words).whole


def test_a_case_fact_that_is_not_known_is_awaited_and_never_taken_as_no() -> None:
    found = came(told(("ask_when: {case: {child: true}}", "ask_when: {case: {child: false}}")), facts={"child": ""})
    assert found.waiting == ("child",) and not found.whole


def test_marks_that_the_new_rules_forbid_together_are_told() -> None:
    found = came(told(("when: {q1: [not_met]}, forbid: {q3: [fully_met]}",
                       "when: {q1: [fully_met]}, forbid: {q3: [not_met]}")))
    assert found.broken == ("r1",) and found.whole


def test_of_a_variant_only_questions_in_the_same_form_carry_over() -> None:
    short = carrying(SHIPPED, SHORT)
    assert short.share == 0 and not short.enough
    assert set(short.told) >= {*short.before.by_id, *short.after.by_id}
    text = RUBRIC.replace("id: small", "id: smaller").replace("status: trial", (
        'status: trial\nvariant_of: {id: small, version: "1.0"}')).replace(
        "ask: Was it reasoned", "corresponds_to: {kind: same, question: q2}, ask: Was it reasoned").replace(
        "ask: Was the child heard", "corresponds_to: {kind: related, question: q3}, ask: Was the child heard").replace(
        "ask: Was it right", "corresponds_to: {kind: same, question: q2}, ask: Was it right")
    found = carrying(rubric(RUBRIC), rubric(text))
    assert {name: one.answer for name, one in found.told.items()} == {"q1": "no", "q2": "yes", "q3": "no"}
    assert found.share == Fraction(1, 3) and not found.enough
