"""The shipped variants account for every question of their parent, and what they share with it is word for word."""

from dataclasses import replace

import pytest

from cqa.files.rubrics import read_rubric
from cqa.files.shipped import shipped
from cqa.rubric.model import Rubric

VARIANTS = ("prosecution-short", "rasso", "disclosure")
ALL = ("complaints", "disclosure", "prosecution", "prosecution-short", "rasso")


def rubric(name: str) -> Rubric:
    return read_rubric(shipped("rubrics") / f"{name}.yaml").rubric


def test_these_rubrics_are_shipped() -> None:
    assert tuple(sorted(path.stem for path in shipped("rubrics").glob("*.yaml"))) == ALL


@pytest.mark.parametrize("name", VARIANTS)
def test_every_question_of_the_parent_is_matched_or_left_out_and_none_is_both(name: str) -> None:
    parent, variant = rubric("prosecution"), rubric(name)
    assert variant.variant_of is not None
    assert (variant.variant_of.id, variant.variant_of.version) == (parent.id, parent.version)
    told = [question.corresponds_to for question in variant.questions]
    assert all(one is not None for one in told)
    matched = {other for one in told if one is not None for other in one.questions}
    assert matched | set(variant.dropped) == set(parent.by_id) and not matched & set(variant.dropped)


@pytest.mark.parametrize("name", VARIANTS)
def test_a_question_under_the_id_of_the_parent_is_the_parents_word_for_word(name: str) -> None:
    parent, variant = rubric("prosecution"), rubric(name)
    shared = set(parent.by_id) & set(variant.by_id)
    assert len(shared) == {"prosecution-short": 0, "rasso": 10, "disclosure": 6}[name]
    for question in (variant.by_id[name] for name in shared):
        other = parent.by_id[question.id]
        assert question.corresponds_to is not None and question.corresponds_to.kind == "same"
        assert question.corresponds_to.questions == (other.id,)
        # In a section of another gate, and critical where a round is about nothing else.
        assert replace(question, corresponds_to=None, section=other.section, gate=other.gate, own_gate=other.own_gate,
                       fails_on=other.fails_on) == other


def test_the_new_questions_of_the_bank_are_there_as_the_bank_relates_them() -> None:
    kinds = {question.id: question.corresponds_to.kind for name in ("rasso", "disclosure")
             for question in rubric(name).questions if question.corresponds_to}
    assert {name: kinds[name] for name in ("RSO1", "RSO2", "RSO3", "RSO4", "D7")} == {
        "RSO1": "none", "RSO2": "none", "RSO3": "none", "RSO4": "subset", "D7": "related"}
    assert len(rubric("rasso").questions) == 14 and len(rubric("disclosure").questions) == 10


def test_the_shorter_form_asks_twelve_questions_and_every_level_of_each_says_something_else() -> None:
    short = rubric("prosecution-short")
    assert {question.id for question in short.questions} == {f"S{number}" for number in range(1, 13)}
    assert [level.points for level in short.scales[0].levels] == [3, 2, 1, 0]
    kinds = {question.id: question.corresponds_to.kind for question in short.questions if question.corresponds_to}
    assert {name for name, kind in kinds.items() if kind in ("same", "lower_of")} == {"S1", "S2", "S4", "S8", "S12"}


@pytest.mark.parametrize("name", ALL)
def test_a_shipped_rubric_says_what_to_look_for_and_describes_each_level_in_words_of_its_own(name: str) -> None:
    for question in rubric(name).questions:
        assert question.look_for and len(question.ask.split()) <= 30 and question.ask.endswith("?")
        levels = question.scale.levels if question.scale else ()
        told = [question.descriptors[level.id] for level in levels]
        assert len({text.casefold() for text in told}) == len(told) and all(len(text) > 5 for text in told)


@pytest.mark.parametrize("name", ALL)
def test_a_shipped_rubric_owes_evidence_at_its_lowest_level_and_something_fails_the_case(name: str) -> None:
    one = rubric(name)
    assert all({"reason", "evidence"} <= set(scale.levels[-1].needs) for scale in one.scales)
    assert any(question.critical for question in one.questions) and one.proof.one_in == 10


@pytest.mark.parametrize("name", ALL)
def test_a_shipped_rubric_is_plain_ascii_without_tabs(name: str) -> None:
    data = (shipped("rubrics") / f"{name}.yaml").read_bytes()
    assert data.isascii() and b"\t" not in data and b"\r" not in data


def test_the_general_one_uses_what_the_others_do_not() -> None:
    one = rubric("complaints")
    assert {question.type for question in one.questions} == {"scale", "choice", "text"} and len(one.scales) == 2
    assert {fact.type for fact in one.facts} == {"date", "number", "text", "flag"} and one.variant_of is None
