"""Like is held against like: which questions of two forms compare, on what levels, and what is never averaged in."""

from pathlib import Path

import pytest

from cqa.files.rubrics import read_rubric, rubric_of
from cqa.files.shipped import shipped
from cqa.rubric.matched import BELOW, BEST, Matched, matched
from cqa.rubric.model import Rubric
from cqa.rubric.trial_questions import SECTION, TRIAL_QUESTIONS, with_trial_questions
from tests.casework import RUBRIC

PARENT = read_rubric(shipped("rubrics") / "prosecution.yaml").rubric
SHORT = read_rubric(shipped("rubrics") / "prosecution-short.yaml").rubric


def found(name: str) -> Matched:
    return next(one for one in matched(PARENT, SHORT)[0] if one.question == name)


def built(text: str) -> Rubric:
    return rubric_of(text.encode(), str(Path("small.yaml"))).rubric


def test_only_same_and_lower_of_compare_question_by_question() -> None:
    pairs, alone = matched(PARENT, SHORT)
    kinds = {one.id: one.corresponds_to.kind for one in SHORT.questions if one.corresponds_to}
    assert {one.question for one in pairs} == {name for name, kind in kinds.items() if kind in ("same", "lower_of")}
    assert {one.question for one in alone if one.form == "variant"} == {
        name for name, kind in kinds.items() if kind not in ("same", "lower_of")}


@pytest.mark.parametrize("variant", ["prosecution-short", "rasso", "disclosure"])
def test_every_question_of_either_form_compares_or_is_listed_with_a_reason_and_never_both(variant: str) -> None:
    other = read_rubric(shipped("rubrics") / f"{variant}.yaml").rubric
    pairs, alone = matched(PARENT, other)
    assert sorted((*(one.question for one in pairs), *(one.question for one in alone if one.form == "variant"))) == \
        sorted(other.by_id)
    compared = {name for one in pairs for name in one.parents}
    listed = [one.question for one in alone if one.form == "parent"]
    assert not compared & set(listed) and len(listed) == len(set(listed))
    assert compared | set(listed) == set(PARENT.by_id)
    assert all(one.why for one in alone)


def test_three_levels_and_four_compare_at_the_split_that_means_the_same() -> None:
    one = found("S2")
    assert one.levels == (BELOW, BEST) and one.coarse
    assert dict(one.of_parent) == {"fully_met": BEST, "partly_met": BELOW, "not_met": BELOW}
    assert dict(one.of_variant) == {"exemplary": BEST, "meets": BEST, "below": BELOW, "serious_failing": BELOW}


def test_of_several_questions_of_the_parent_the_lowest_counts() -> None:
    one = found("S1")
    assert one.parents == ("CH1", "CH2")
    assert one.parent_mark({"CH1": "fully_met", "CH2": "partly_met"}) == BELOW
    assert one.parent_mark({"CH1": "fully_met", "CH2": "does_not_apply"}) == BEST
    assert one.parent_mark({"CH1": "does_not_apply"}) is None and one.parent_mark({}) is None


def test_what_could_not_be_told_may_be_the_lowest_so_nothing_is_said_unless_the_worst_is_known() -> None:
    one = found("S1")
    assert one.parent_mark({"CH1": "fully_met", "CH2": "cannot_tell"}) is None
    assert one.parent_mark({"CH1": "not_met", "CH2": "cannot_tell"}) == BELOW


def test_two_versions_of_one_rubric_compare_by_their_ids_on_all_levels() -> None:
    pairs, alone = matched(built(RUBRIC), built(RUBRIC.replace('"1.0"', '"1.1"')))
    assert [one.question for one in pairs] == ["q1", "q2", "q3"] and not alone
    assert pairs[0].levels == ("not_met", "partly_met", "fully_met") and not pairs[0].coarse
    assert pairs[0].variant_mark({"q1": "partly_met"}) == "partly_met"
    assert pairs[0].variant_mark({"q1": "cannot_tell"}) is None


def test_the_questions_that_end_a_trial_case_are_last_and_change_nothing_else() -> None:
    plain = built(RUBRIC)
    asked = with_trial_questions(plain)
    assert [one.id for one in asked.questions] == ["q1", "q2", "q3", *TRIAL_QUESTIONS]
    assert asked.questions[:3] == plain.questions and asked.sections[-1].id == SECTION
    assert all(one.type == "text" and not one.required and one.scale is None for one in asked.questions[3:])
    assert with_trial_questions(asked).questions == asked.questions
