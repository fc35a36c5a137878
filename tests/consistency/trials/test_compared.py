"""What compares: signed-off marks of cases that count, on common levels, and in the crossover by both forms."""

from dataclasses import replace

import pytest

from cqa.consistency.trials.compared import ground_of
from cqa.consistency.trials.data import PARENT, VARIANT
from cqa.consistency.trials.difference import difference_of
from cqa.rubric.matched import BELOW, BEST, Matched
from tests.consistency.trials.trialling import remarked, simple, trial_data


def test_what_is_not_signed_off_and_cases_withdrawn_count_for_nothing() -> None:
    data = simple()
    opened = tuple(replace(one, signed=one.case_id != "c03") for one in data.variant.assessed)
    found = difference_of(replace(data, variant=replace(data.variant, assessed=opened), withdrawn=("c05",)))
    assert found.cases == 22 and found.left_out == ("c03",)
    assert found.headline["exact"].cases == {PARENT: 22, VARIANT: 22}


def test_a_question_counts_only_on_the_cases_where_both_forms_have_it_twice() -> None:
    data = simple()
    found = difference_of(replace(data, variant=remarked(data.variant, lambda one: {
        "q": "cannot_tell"} if (one.case_id, one.reviewer) == ("c01", "c") else one.marks)))
    assert found.questions[0].measures["exact"].cases == {PARENT: 23, VARIANT: 23} and not found.left_out


def test_several_questions_of_the_parent_count_as_the_lowest_on_the_common_levels() -> None:
    split = {"not": BELOW, "partly": BELOW, "fully": BEST}
    one = Matched("q", ("a", "b"), (BELOW, BEST), split, {"good": BEST, "bad": BELOW}, "")
    parent, variant = {}, {}
    for case in range(6):
        for who in "xy":
            parent[f"c{case}", who] = {"a": "fully", "b": "not" if case < 2 or (case == 2 and who == "x") else "fully"}
        for who in "zw":
            variant[f"c{case}", who] = {"q": "bad" if case < 3 else "good"}
    found = difference_of(trial_data(parent, variant, [one]))
    exact = found.headline["exact"]
    assert exact.parent == pytest.approx(5 / 6) and exact.variant == 1.0
    assert found.below[0].marks == 5 and found.below[0].of == 12 and found.below[0].agreement == pytest.approx(4 / 5)
    assert found.below[1].agreement == 1.0 and found.questions[0].below[1].marks == 6


def test_in_the_parallel_design_each_form_has_its_own_cases() -> None:
    data = simple()
    data = replace(data, trial=replace(data.trial, design="parallel"), variant=replace(data.variant, assessed=tuple(
        replace(one, case_id=f"v{one.case_id}") for one in data.variant.assessed)), cases={
            PARENT: data.cases[PARENT], VARIANT: tuple(f"v{case}" for case in data.cases[VARIANT])})
    ground = ground_of(data)
    assert len(ground.cases) == 48 and not ground.left_out
    parent, variant = ground.scales[0].ratings
    assert not set(parent.case.tolist()) & set(variant.case.tolist())
