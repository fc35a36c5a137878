"""The difference of two forms is the one by hand, turns with the forms, and is of like held against like alone."""

from dataclasses import replace
from math import isnan
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cqa.consistency.intervals import t_quantile
from cqa.consistency.trials.apart import Apart
from cqa.consistency.trials.data import PARENT, VARIANT, FormData, TrialData
from cqa.consistency.trials.difference import difference_of
from cqa.rubric.matched import Unmatched
from cqa.sampling.trial import MEASURES, Measure
from tests.consistency.trials import by_hand
from tests.consistency.trials.trialling import (
    LEVELS,
    both,
    matched,
    remarked,
    simple,
    sizes,
    some_trials,
    turned,
)


@settings(deadline=None, max_examples=60)
@given(some_trials(), st.sampled_from(MEASURES))
def test_the_headline_is_that_by_hand_whole_cases_left_out_of_both_forms_at_once(
    data: TrialData, measure: Measure
) -> None:
    value, se, cases, questions = by_hand.paired(measure, *both(data), sizes(data))
    found = difference_of(data).headline[measure]
    assert found.questions == questions
    if not questions:
        assert found.difference is None and found.why.startswith("not ")
        return
    assert found.difference == pytest.approx(value, abs=1e-9)
    assert found.cases == {PARENT: cases, VARIANT: cases}
    if se < 1e-12:
        assert found.interval is None and "no case changes" in found.why
        return
    assert found.se == pytest.approx(se) and found.df == cases - 1
    assert found.low == pytest.approx(value - t_quantile(cases - 1) * se, abs=1e-9)
    assert found.high == pytest.approx(value + t_quantile(cases - 1) * se, abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(some_trials("parallel"), st.sampled_from(MEASURES))
def test_of_forms_that_marked_different_cases_the_variances_add_up(data: TrialData, measure: Measure) -> None:
    value, se, df = by_hand.apart(measure, *both(data), sizes(data))
    found = difference_of(data).headline[measure]
    if isnan(value):
        assert found.difference is None
        return
    assert found.difference == pytest.approx(value, abs=1e-9)
    if se > 1e-12:
        assert found.se == pytest.approx(se) and found.df == pytest.approx(df)


@settings(deadline=None, max_examples=40)
@given(some_trials(most=40), st.sampled_from(MEASURES))
def test_a_question_by_itself_is_that_by_hand_or_says_why_not(data: TrialData, measure: Measure) -> None:
    parent, variant = both(data)
    for one in difference_of(data).questions:
        name, found = one.matched.question, one.measures[measure]
        count = len(parent[name])
        assert found.cases == {PARENT: count, VARIANT: count} and found.questions == 1
        if found.difference is None:
            assert found.why and found.low is None and found.p is None
            continue
        only = {name: sizes(data)[name]}
        value = by_hand.mean(measure, variant, only, [name]) - by_hand.mean(measure, parent, only, [name])
        assert found.difference == pytest.approx(value, abs=1e-9)
        if found.se is not None:
            assert count >= 20 and found.se == pytest.approx(by_hand.paired(measure, parent, variant, only)[1])
            assert found.q is not None and found.p is not None and found.q >= found.p
        else:
            assert "no interval, because" in found.why


@settings(deadline=None, max_examples=30)
@given(some_trials())
def test_no_figure_is_ever_undefined_in_silence(data: TrialData) -> None:
    found = difference_of(data)
    figures = [*found.headline.values(), *(one.measures[name] for one in found.questions for name in MEASURES),
               found.below_best]
    for one in figures:
        for value in (one.parent, one.variant, one.difference, one.se, one.df, one.low, one.high, one.p, one.q):
            assert value is None or value == value
        assert bool(one.why) == (one.interval is None)


def mirrored(one: Apart, other: Apart) -> None:
    for mine, theirs in ((one.difference, other.difference), (one.low, other.high), (one.high, other.low)):
        assert (mine is None) == (theirs is None)
        assert mine is None or mine == pytest.approx(-(theirs or 0.0), abs=1e-9)
    assert (one.parent, one.variant) == (other.variant, other.parent) and one.p == other.p


@settings(deadline=None, max_examples=30)
@given(some_trials())
def test_forms_that_change_places_change_the_sign_and_nothing_else(data: TrialData) -> None:
    found, other = difference_of(data), difference_of(turned(data))
    for name in MEASURES:
        mirrored(found.headline[name], other.headline[name])
        for one, two in zip(found.questions, other.questions, strict=True):
            mirrored(one.measures[name], two.measures[name])
    assert found.below == other.below[::-1]


@settings(deadline=None, max_examples=30)
@given(some_trials())
def test_the_same_marks_by_both_forms_are_no_difference(data: TrialData) -> None:
    same = replace(data, variant=replace(data.parent, form=VARIANT))
    for one in difference_of(same).headline.values():
        assert one.difference in (None, 0.0) and one.interval is None and one.why


@settings(deadline=None, max_examples=30)
@given(some_trials(), st.randoms(use_true_random=False))
def test_the_order_of_what_was_read_does_not_matter(data: TrialData, order: Random) -> None:
    def mixed(form: FormData) -> FormData:
        return replace(form, assessed=tuple(order.sample(form.assessed, len(form.assessed))))
    found = difference_of(data)
    other = difference_of(replace(data, parent=mixed(data.parent), variant=mixed(data.variant)))
    for name in MEASURES:
        one, two = found.headline[name], other.headline[name]
        assert (one.difference is None) == (two.difference is None)
        assert one.difference == pytest.approx(two.difference, abs=1e-9) and one.se == pytest.approx(two.se)


@settings(deadline=None, max_examples=30)
@given(some_trials())
def test_questions_that_do_not_compare_never_change_the_headline(data: TrialData) -> None:
    alone = tuple(Unmatched(PARENT, one.question, "", "") for one in data.matched[1:])
    less = replace(data, matched=data.matched[:1], unmatched=alone)
    noisy = replace(less, parent=replace(less.parent, assessed=tuple(
        replace(one, marks={**dict.fromkeys(sizes(data), "l0"), data.matched[0].question: mark})
        if (mark := one.marks.get(data.matched[0].question)) else one for one in less.parent.assessed)))
    assert difference_of(less).headline == difference_of(noisy).headline


def test_a_form_without_marks_gives_words_and_no_numbers() -> None:
    bare = replace(simple(), variant=replace(simple().variant, assessed=()))
    found = difference_of(bare)
    assert found.cases == 0 and len(found.left_out) == 24
    for one in (*found.headline.values(), *found.questions[0].measures.values(), found.below_best):
        assert one.difference is None and one.low is None and one.why
    assert [below.marks for below in found.below] == [0, 0]


def test_too_few_cases_for_a_mean_are_counted() -> None:
    found = difference_of(simple(4)).headline
    assert {one.why for one in found.values()} == {
        "not given, because only 4 cases can be compared, and 5 are needed"}
    assert difference_of(replace(simple(), matched=())).headline["ac2"].why.endswith("no question of the two forms "
                                                                                    "compares")


def test_a_question_on_few_cases_has_its_share_of_agreement_and_no_coefficient() -> None:
    found = difference_of(simple(19)).questions[0].measures
    for name in ("ac2", "alpha"):
        assert found[name].parent is None and found[name].why.startswith("not given, because only 19 cases")
    assert found["exact"].difference is not None and found["exact"].why.startswith("no interval, because only 19 cases")
    assert difference_of(simple(20)).questions[0].measures["ac2"].interval is not None


def test_p_values_are_adjusted_over_the_questions() -> None:
    data = simple()
    parent = remarked(data.parent, lambda one: {**one.marks, "r": one.marks["q"], "s": "fully"})
    variant = remarked(data.variant, lambda one: {
        **one.marks, "r": "fully", "s": "partly" if one.reviewer == "c" else "fully"})
    found = difference_of(replace(data, parent=parent, variant=variant, matched=(
        *data.matched, matched("r"), matched("s")))).questions
    p = sorted((one.measures["exact"].p or 0.0, one.measures["exact"].q or 0.0) for one in found)
    assert 0 < p[0][0] < p[1][0] < p[2][0]
    assert [two for _, two in p] == pytest.approx([
        min(p[0][0] * 3, p[1][0] * 3 / 2, p[2][0]), min(p[1][0] * 3 / 2, p[2][0]), p[2][0]])
    assert found[1].measures["alpha"].why.startswith("not defined under the variant, because all marks are at one")


def test_the_figures_stand_in_json_under_stable_names() -> None:
    told = difference_of(simple()).as_json()
    assert set(told) == {"headline", "below_best", "questions", "cases", "left_out", "method"}
    one = told["questions"][0]  # type: ignore[index]
    assert one["question"] == "q" and one["levels"] == list(LEVELS) and one["below_best"]["parent"]["of"] == 48
    assert set(one["ac2"]) == {"parent", "variant", "difference", "se", "df", "low", "high", "p", "q", "cases",
                               "questions", "why"}
