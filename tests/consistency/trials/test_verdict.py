"""The rule of the plan, applied as it is written: each outcome, its conditions, and sentences that say what to do."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cqa.consistency.trials.apart import Apart
from cqa.consistency.trials.data import PARENT, VARIANT, TrialData
from cqa.consistency.trials.difference import Difference, difference_of
from cqa.consistency.trials.rule import form_taken
from cqa.consistency.trials.verdict import Decision, decision_of
from cqa.sampling.trial import MEASURES, Measure, Verdict
from tests.consistency.trials.trialling import simple, some_trials


def figure(difference: float | None, low: float | None = None, high: float | None = None, questions: int = 5,
           why: str = "") -> Apart:
    parent = None if difference is None else 0.7
    variant = None if difference is None else 0.7 + difference
    return Apart("ac2", parent, variant, difference, None, None, low, high, None, {PARENT: 30, VARIANT: 30}, questions,
                 why)


def decided(main: Apart, beside: Apart, measure: Measure = "ac2", data: TrialData | None = None) -> Decision:
    data = data or simple()
    data = replace(data, trial=replace(data.trial, verdict=Verdict(measure, Fraction(1, 20))))
    others = dict.fromkeys(MEASURES, beside)
    found = Difference({**others, measure: main}, beside, difference_of(simple()).below, (), 30, ())
    return decision_of(data, found)


@pytest.mark.parametrize(("main", "beside", "outcome"), [
    (figure(0.08, 0.03, 0.13), figure(0.02), "variant"),
    (figure(-0.08, -0.13, -0.03), figure(-0.02), "parent"),
    (figure(-0.08, -0.13, -0.03), figure(0.04), "parent"),  # the other way, and by less than the rule minds
    (figure(0.05, 0.01, 0.09), figure(0.0), "variant"),
    (figure(0.08, 0.03, 0.13), figure(-0.05), "cannot tell"),
    (figure(-0.08, -0.13, -0.03), figure(0.05), "cannot tell"),
    (figure(0.08, 0.03, 0.13), figure(None, why="not defined, because of nothing"), "cannot tell"),
    (figure(0.08, -0.01, 0.17), figure(0.1), "cannot tell"),
    (figure(0.04, 0.01, 0.07), figure(0.1), "cannot tell"),
    (figure(0.02, 0.01, 0.03), figure(0.04), "alike"),
    (figure(-0.01, -0.05, 0.03), figure(-0.04), "alike"),
    (figure(0.02, 0.01, 0.03), figure(0.1), "cannot tell"),  # the one measure hides what the other shows
    (figure(-0.01, -0.05, 0.03), figure(None, why="not defined, because of nothing"), "cannot tell"),
    (figure(0.0, -0.06, 0.06), figure(0.0), "cannot tell"),
    (figure(None, why="not defined, because of nothing"), figure(0.2), "cannot tell"),
    (figure(0.2, why="no interval, because of nothing"), figure(0.2), "cannot tell"),
])
def test_the_rule_decides_as_its_words_say(main: Apart, beside: Apart, outcome: str) -> None:
    found = decided(main, beside)
    assert found.outcome == outcome and found.met == (outcome in ("variant", "parent", "alike"))
    assert found.rule == Verdict("ac2", Fraction(1, 20)).words and found.sentences
    assert "nan" not in found.words.lower() and "None" not in found.words


def test_the_form_that_is_taken_is_named_with_how_much_higher_it_is() -> None:
    assert decided(figure(0.08, 0.03, 0.13), figure(0.02)).words == (
        "Take the variant short 0.1: Gwet's AC2, on average over 5 questions, is 0.080 higher with it than with the "
        "parent (95% interval 0.030 to 0.130; 30 cases).")
    assert decided(figure(-0.08, -0.13, -0.03), figure(0.02), "exact").words == (
        "Take the parent default 0.1: exact agreement, on average over 5 questions, is 0.080 higher with it than with "
        "the variant (95% interval 0.030 to 0.130; 30 cases).")


def test_what_cannot_be_told_comes_with_what_it_would_take() -> None:
    found = decided(figure(0.08, -0.01, 0.17), figure(0.02)).words
    # Half the width is 0.09 on 30 cases: it is below 0.08 on 30 * (0.09 / 0.08) ** 2 = 37.97.
    assert "reaches 0 and beyond 0.05" in found and "about 39 cases instead of 30 would settle it" in found
    small = decided(figure(0.04, 0.01, 0.07), figure(0.02)).words
    # It is to be within 0.05 of 0, 0.01 away: 30 * (0.03 / 0.01) ** 2.
    assert "more than nothing and less than the 0.05" in small and "about 271 cases instead of 30" in small
    assert "no trial of a practical size" in decided(figure(0.0499, 0.02, 0.0798), figure(0.02)).words


def test_a_contradiction_by_the_measure_beside_is_named() -> None:
    found = decided(figure(0.08, 0.03, 0.13), figure(-0.07))
    assert "the mean of Krippendorff's alpha points the other way by 0.070" in found.words
    assert "below the best level" in found.sentences[1]
    assert [one.held for one in found.conditions if "alpha" in one.what] == [False, False]
    unknown = decided(figure(0.08, 0.03, 0.13), figure(None, why="not defined, because all is at the top"))
    assert "not known: it is not defined, because all is at the top" in unknown.words


def test_forms_that_one_measure_calls_alike_and_the_other_does_not_are_not_called_so() -> None:
    found = decided(figure(0.02, 0.01, 0.03), figure(0.1)).words
    assert "all of it within 0.05 of 0, but the mean of Krippendorff's alpha differs by +0.100" in found
    assert "More cases need not mend that" in found


def test_one_reviewer_in_common_does_not_make_two_teams_one() -> None:
    data = simple()
    names = sorted({one.reviewer for one in data.variant.assessed})
    shared = names[0]
    apart = replace(data, variant=replace(data.variant, assessed=tuple(
        one if one.reviewer == shared else replace(one, reviewer=f"other {one.reviewer}")
        for one in data.variant.assessed)))
    both = sum(one.reviewer == shared for form in apart.forms for one in form.assessed)
    found = decision_of(apart, difference_of(apart))
    assert 2 * both < sum(len(form.assessed) for form in apart.forms) and found.outcome == "teams"
    assert found.conditions[1].held is False and found.conditions[1].found.startswith("1 of")


def test_forms_of_which_nothing_compares_are_no_matter_of_more_cases() -> None:
    data = replace(simple(), matched=())
    found = decision_of(data, difference_of(data))
    assert found.outcome == "cannot tell" and "no question of the two forms compares" in found.words
    assert "more cases" not in found.words and "corresponds to" in found.words


def test_every_condition_stands_beside_what_was_found() -> None:
    found = decided(figure(0.08, 0.03, 0.13), figure(-0.07)).conditions
    assert [(one.found, one.held) for one in found] == [
        ("0 open", True), ("4 of 4", True), ("+0.080", True), ("+0.030 to +0.130", True),
        ("-0.070", False), ("+0.030 to +0.130", False), ("-0.070", False)]
    bare = decided(figure(None, why="not defined"), figure(None, why="not defined")).conditions
    assert [one.held for one in bare[2:]] == [None, None, None, None, None] and bare[2].found == "not defined"


def test_where_a_form_is_taken_nobody_asks_whether_both_are_alike() -> None:
    found = decided(figure(0.08, 0.03, 0.13), figure(0.07))
    assert found.outcome == "variant" and found.conditions[-1].held is None


def test_nothing_is_decided_before_all_is_signed_off() -> None:
    data = simple()
    opened = replace(data, parent=replace(data.parent, assessed=(
        replace(data.parent.assessed[0], signed=False), *data.parent.assessed[1:])))
    found = decided(figure(0.08, 0.03, 0.13), figure(0.08), data=opened)
    assert (found.outcome, found.met) == ("not yet", False) and "1 assessment is not signed off" in found.words
    assert found.conditions[0].found == "1 open" and found.conditions[0].held is False
    bare = decision_of(replace(data, variant=replace(data.variant, assessed=())), difference_of(data))
    assert bare.outcome == "not yet" and "nothing was given out to be marked by the variant" in bare.words


def test_where_nobody_used_both_forms_it_is_a_comparison_of_teams() -> None:
    data = simple()
    apart = replace(data, variant=replace(data.variant, assessed=tuple(
        replace(one, reviewer=f"other {one.reviewer}") for one in data.variant.assessed)))
    found = decision_of(apart, difference_of(apart))
    assert (found.outcome, found.met) == ("teams", False) and "teams, not forms" in found.words
    planned = replace(data, trial=replace(data.trial, only={"a": 1}))
    assert decision_of(planned, difference_of(planned)).outcome == "teams"
    opened = replace(planned.parent, assessed=tuple(replace(one, signed=False) for one in planned.parent.assessed))
    assert decision_of(replace(planned, parent=opened), difference_of(planned)).outcome == "teams"
    assert decision_of(data, difference_of(data)).outcome != "teams"


def test_a_verdict_on_few_of_the_questions_says_so() -> None:
    data = simple()
    many = replace(data, matched=tuple(replace(data.matched[0], question=f"q{place}") for place in range(12)))
    assert "only 5 of the 12 questions that compare" in decided(
        figure(0.08, 0.03, 0.13), figure(0.02), data=many).words
    half = replace(many, matched=many.matched[:10])
    assert "only" not in decided(figure(0.08, 0.03, 0.13), figure(0.02), data=half).words


@settings(deadline=None, max_examples=30)
@given(some_trials(), st.sampled_from(MEASURES), st.fractions(0, 1, max_denominator=20))
def test_every_trial_has_an_outcome_with_sentences(data: TrialData, measure: Measure, least: Fraction) -> None:
    data = replace(data, trial=replace(data.trial, verdict=Verdict(measure, least)))
    found = decision_of(data, difference_of(data))
    assert found.sentences and len(found.conditions) == 7 and "nan" not in str(found.as_json()).lower()
    assert found.met == (found.outcome in ("variant", "parent", "alike"))


def test_of_many_trials_at_once_each_is_decided_as_by_itself() -> None:
    rows = [(0.08, 0.03, 0.13, 0.02), (-0.08, -0.13, -0.03, 0.02), (0.08, 0.03, 0.13, -0.05), (0.08, -0.1, 0.2, 0.1),
            (0.08, np.nan, np.nan, 0.1), (0.08, 0.03, 0.13, np.nan), (np.nan, np.nan, np.nan, np.nan)]
    difference, low, high, beside = np.array(rows).T
    assert form_taken(difference, low, high, beside, 0.05).tolist() == [1, -1, 0, 0, 0, 0, 0]
