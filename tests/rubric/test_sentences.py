"""Conditions read aloud as they are meant: no word of the language is left, and "and" is never taken for "or"."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.files.rubrics import read_rubric
from cqa.files.shipped import shipped
from cqa.files.yaml_tree import parse_tree
from cqa.rubric.build import build_rubric
from cqa.rubric.model import (
    ALWAYS,
    AllOf,
    Answered,
    AnsweredBelow,
    AnyOf,
    Band,
    Condition,
    CountAtLeast,
    CriticalFailed,
    FactIs,
    MarkIs,
    Not,
    Rubric,
    ScoreAtLeast,
)
from cqa.rubric.sentences import asked_when, band_when, either, in_words, plain_number, rule_in_words
from tests.casework import RUBRIC

FACTS = """\
  court: {type: text, label: "Court (Crown or youth)"}
  victim: {type: flag, label: An identifiable victim}
  days: {type: number, label: Days open}
  heard: {type: date, label: First hearing}
"""
Q1 = MarkIs("q1", ("fully_met", "partly_met"))
CROWN = FactIs("court", "text", "is", ("Crown",))
VICTIM = FactIs("victim", "flag", "is", ("true",))


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    text = RUBRIC.replace("scales:\n", FACTS + "scales:\n", 1)
    built = build_rubric(parse_tree(text.encode(), "r"), "r").rubric
    assert built is not None
    return built


@pytest.mark.parametrize(("condition", "told"), [
    (AllOf((Q1, VICTIM)), "q1 is Fully met or Partly met, and the case has an identifiable victim"),
    (AllOf((AllOf((VICTIM, CROWN)), Q1)),
     "the case has an identifiable victim, and Court is Crown, and q1 is Fully met or Partly met"),
    (AllOf((VICTIM, AnyOf((CROWN, Answered("q2"))))),
     "the case has an identifiable victim, and (either Court is Crown, or q2 has a mark)"),
    (AnyOf((AllOf((VICTIM, CROWN)), Q1)),
     "either (the case has an identifiable victim, and Court is Crown), or q1 is Fully met or Partly met"),
    (Not(Q1), "q1 is not Fully met or Partly met"),
    (Not(Answered("q1")), "q1 has no mark"),
    (Not(VICTIM), "the case does not have an identifiable victim"),
    (Not(AnyOf((CROWN, VICTIM))),
     "it is not so that (either Court is Crown, or the case has an identifiable victim)"),
    (FactIs("child", "flag", "is", ("Y",)), "Child victim is yes"),
    (FactIs("child", "flag", "is", ("no",)), "Child victim is no"),
    (FactIs("child", "flag", "is", ("yes", "no")), "Child victim is filled in"),
    (FactIs("court", "text", "is", ("Crown", "youth", "magistrates")), "Court is Crown, youth or magistrates"),
    (FactIs("days", "number", "at_least", ("21",)), "Days open is at least 21"),
    (Not(FactIs("days", "number", "at_most", ("21",))), "Days open is not at most 21"),
    (FactIs("heard", "date", "after", ("2026-03-31",)), "First hearing is after 2026-03-31"),
    (FactIs("heard", "date", "recorded", ("true",)), "First hearing is filled in"),
    (Not(FactIs("heard", "date", "recorded", ("true",))), "First hearing is blank"),
    (ScoreAtLeast(Fraction("62.5")), "the score is at least 62.5%"),
    (CriticalFailed(True), "a critical question failed"),
    (CriticalFailed(False), "no critical question failed"),
    (AnsweredBelow(Fraction(60)), "fewer than 60% of the questions asked have a mark on the scale"),
    (CountAtLeast(("not_met",), ("legal", "victims"), 2),
     "at least 2 marks are Not met among questions tagged legal or victims"),
    (CountAtLeast(("not_met", "partly_met"), (), 1), "at least 1 mark is Not met or Partly met"),
    (AnyOf(()), "never"),
    (ALWAYS, "always"),
])
def test_a_condition_is_a_sentence(rubric: Rubric, condition: Condition, told: str) -> None:
    assert in_words(condition, rubric) == told


def test_gates_bands_and_rules_have_their_opening_words(rubric: Rubric) -> None:
    assert asked_when(rubric.by_id["q1"].gate, rubric) == "always asked"
    assert asked_when(rubric.by_id["q2"].gate, rubric) == "asked when q1 is Fully met or Partly met"
    assert [band_when(band, rubric) for band in rubric.bands] == [
        "when a critical question failed", "when the score is at least 70%", "otherwise"]
    assert rule_in_words(rubric.rules[0], rubric) == "While q1 is Not met: q3 cannot be Fully met."
    assert band_when(Band("x", ALWAYS), rubric) == "otherwise"


LEAVES = st.sampled_from([Q1, CROWN, VICTIM, Answered("q2")])
CONDITIONS = st.recursive(LEAVES, lambda inner: st.one_of(
    st.lists(inner, min_size=2, max_size=3).map(lambda parts: AllOf(tuple(parts))),
    st.lists(inner, min_size=2, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
    inner.map(Not)), max_leaves=6)


@given(CONDITIONS)
def test_brackets_keep_and_from_or_and_every_bracket_closes(rubric: Rubric, condition: Condition) -> None:
    told = in_words(condition, rubric)
    depth, joins = 0, {0: set[str]()}
    for place, letter in enumerate(told):
        depth += (letter == "(") - (letter == ")")
        if letter == "(":
            joins[depth] = set()
        joins[depth].update(word for word in (", and ", ", or ") if told.startswith(word, place))
        assert depth >= 0 and len(joins[depth]) < 2, told
    assert depth == 0


@pytest.mark.parametrize("name", sorted(path.name for path in shipped("rubrics").glob("*.yaml")))
def test_no_id_of_a_level_or_fact_is_left_in_a_sentence_of_a_shipped_rubric(name: str) -> None:
    rubric = read_rubric(shipped("rubrics") / name).rubric
    told = [*(asked_when(question.gate, rubric) for question in rubric.questions),
            *(band_when(band, rubric) for band in rubric.bands),
            *(rule_in_words(rule, rubric) for rule in rubric.rules)]
    raw = {level.id for scale in rubric.scales for level in scale.answers} | {
        fact.id for fact in rubric.facts if "_" in fact.id}
    assert not [sentence for sentence in told if set(sentence.replace(",", "").split()) & raw]


def test_words_are_joined_and_numbers_written_as_people_do() -> None:
    assert [either(words) for words in ((), ("a",), ("a", "b"), ("a", "b", "c"))] == [
        "none", "a", "a or b", "a, b or c"]
    assert [plain_number(Fraction(value)) for value in ("70", "62.50", "1/3")] == ["70", "62.5", "0.3333"]
