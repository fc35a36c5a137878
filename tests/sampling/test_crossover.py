"""Nobody marks a trial case twice; loads are even, forms take turns, and everyone can be compared with everyone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cqa.sampling.crossover import Balance, allotted, balance_of, doubts_of, trial_assignments
from cqa.sampling.draw import DrawnCase
from cqa.sampling.pairing import Assignment
from cqa.sampling.ticket import ticket
from cqa.sampling.trial import Design, Form, Trial, Verdict, orders, read_trial, trial_record
from cqa.tree import Items, Node, Plain, Reader, Text, Tree

FORMS = (Form("a", "1", ""), Form("b", "1", ""))
VERDICT = Verdict("ac2", Fraction(1, 20))


def trial(design: Design = "crossover", arm: int = 1, only: dict[str, int] | None = None) -> Trial:
    return Trial("pilot", design, arm, FORMS, 1, VERDICT, only or {})


def cases(count: int, barred: Sequence[str] = (), handlers: Sequence[str] = ()) -> list[DrawnCase]:
    return [DrawnCase(f"c{number}", "all", ticket("s", f"c{number}"), number + 1, "main", Fraction(1),
                      tuple(handlers), tuple(barred), {}) for number in range(count)]


def looked_at(made: dict[int, tuple[Assignment, ...]], names: list[str], drawn: list[DrawnCase]) -> Balance:
    ids = [case.case_id for case in drawn]
    return balance_of(made, {1: ids, 2: ids}, names, orders(names, "seed", {}))


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(4, 9), st.text("0123456789", min_size=1, max_size=12))
def test_every_case_is_marked_by_four_people_two_under_each_form(count: int, reviewers: int, seed: str) -> None:
    names = [f"r{number}" for number in range(reviewers)]
    made, problems = allotted(trial(), cases(count), names, seed, {})
    assert not problems
    for number in range(count):
        markers = {arm: [mark.reviewer for mark in made[arm] if mark.case_id == f"c{number}"] for arm in (1, 2)}
        assert [len(pair) for pair in markers.values()] == [2, 2]
        assert len({*markers[1], *markers[2]}) == 4


@settings(deadline=None)
@given(st.integers(8, 60), st.integers(4, 9), st.text("0123456789", min_size=1, max_size=12))
def test_loads_are_even_between_reviewers_and_between_the_forms_of_each(count: int, reviewers: int, seed: str) -> None:
    names = [f"r{number}" for number in range(reviewers)]
    drawn = cases(count)
    made, _ = allotted(trial(), drawn, names, seed, {})
    balance = looked_at(made, names, drawn)
    assert balance.uneven <= 2 and not balance.twice and not balance.bare and not balance.nested
    assert not [problem for problem in doubts_of(balance) if problem.code != "S084"]


@settings(deadline=None)
@given(st.integers(4, 9), st.text("0123456789", min_size=1, max_size=12))
def test_as_many_cases_as_reviewers_connect_them_under_each_form(reviewers: int, seed: str) -> None:
    names = [f"r{number}" for number in range(reviewers)]
    drawn = cases(2 * reviewers)
    made, _ = allotted(trial(), drawn, names, seed, {})
    assert looked_at(made, names, drawn).connected


@given(st.integers(4, 12), st.text("0123456789", min_size=1, max_size=12))
def test_half_the_reviewers_begin_with_each_form(reviewers: int, seed: str) -> None:
    begins = Counter(order[0] for order in orders([f"r{number}" for number in range(reviewers)], seed, {}).values())
    assert abs(begins[1] - begins[2]) <= 1


def test_the_rule_gives_the_same_pairs_whatever_the_order_of_cases_and_names() -> None:
    names = [f"r{number}" for number in range(6)]
    one, _ = allotted(trial(), cases(20), names, "seed", {})
    other, _ = allotted(trial(), cases(20)[::-1], names[::-1], "seed", {})
    assert one == other


def test_each_arm_derives_its_own_part_of_one_design() -> None:
    names = [f"r{number}" for number in range(5)]
    made, _ = allotted(trial(), cases(9), names, "seed", {})
    for arm in (1, 2):
        assert trial_assignments(trial(arm=arm), cases(9), names, "seed", {})[0] == made[arm]


def test_who_is_barred_or_manages_the_handler_does_not_mark_the_case() -> None:
    names = [f"r{number}" for number in range(6)]
    made, problems = allotted(trial(), cases(6, ["r0"], ["h"]), names, "seed", {"h": "r1"})
    assert not problems
    assert {mark.reviewer for marks in made.values() for mark in marks} == {"r2", "r3", "r4", "r5"}


def test_a_case_that_too_few_are_free_to_mark_stays_out_and_is_named() -> None:
    names = ["r0", "r1", "r2", "r3"]
    drawn = [*cases(3), replace(cases(1, ["r0"])[0], case_id="bare")]
    made, problems = allotted(trial(), drawn, names, "seed", {})
    assert [problem.code for problem in problems] == ["S081"] and "'bare'" in problems[0].message
    assert looked_at(made, names, drawn).bare == ("bare",)


def test_who_uses_one_form_alone_is_given_that_form_and_called_nested() -> None:
    names = ["r0", "r1", "r2", "r3"]
    only = {"r0": 1, "r1": 1, "r2": 2, "r3": 2}
    made, _ = allotted(trial(only=only), cases(8), names, "seed", {})
    assert {mark.reviewer for mark in made[1]} == {"r0", "r1"}
    assert {mark.reviewer for mark in made[2]} == {"r2", "r3"}
    assert looked_at(made, names, cases(8)).nested == tuple(names)


def test_in_the_parallel_design_two_reviewers_are_enough() -> None:
    made, problems = allotted(trial("parallel", 2), cases(7), ["r0", "r1"], "seed", {})
    assert not problems and not made[1] and len(made[2]) == 14


def test_a_case_that_was_handed_to_somebody_who_marks_it_already_is_found() -> None:
    given = {1: (Assignment("c0", "r0", "first"), Assignment("c0", "r1", "second")),
             2: (Assignment("c0", "r0", "first"), Assignment("c0", "r2", "second"))}
    balance = balance_of(given, {1: ["c0"], 2: ["c0"]}, ["r0", "r1", "r2"], {})
    assert balance.twice == (("c0", "r0"),)
    assert [problem.code for problem in doubts_of(balance)] == ["S082"]


def test_pairs_that_never_meet_are_said_to_be_unconnected() -> None:
    given = {1: tuple(Assignment(case, name, turn) for case, pair in (("c0", "ab"), ("c1", "cd"))
                      for name, turn in zip(pair, ("first", "second"), strict=True)), 2: ()}
    balance = balance_of(given, {1: ["c0", "c1"], 2: []}, list("abcd"), {})
    assert not balance.connected
    assert "(a, b; c, d)" in next(one for one in doubts_of(balance) if one.code == "S084").message


@pytest.mark.parametrize(("one", "other"), [("ac2", "alpha"), ("alpha", "ac2"), ("exact", "alpha")])
def test_the_rule_in_words_names_its_measure_and_the_one_that_must_not_contradict(one: str, other: str) -> None:
    named = {"ac2": "Gwet's AC2", "alpha": "Krippendorff's alpha", "exact": "exact agreement"}
    words = Verdict(one, Fraction(3, 50)).words  # type: ignore[arg-type]
    assert f"mean of {named[one]} over" in words and "0.06" in words
    assert f"mean of {named[other]} is defined and does not" in words


def test_two_rules_have_two_hashes() -> None:
    assert len({Verdict("ac2", Fraction(1, 20)).sha256, Verdict("ac2", Fraction(1, 25)).sha256,
                Verdict("alpha", Fraction(1, 20)).sha256}) == 3


def test_a_rule_whose_words_were_changed_is_no_rule_any_more() -> None:
    record = trial_record(trial())
    verdict = record["verdict"]
    assert isinstance(verdict, dict)
    for key, value in (("rule", "Take the variant."), ("measure", "alpha"), ("least", "1/10"), ("sha256", "0" * 64)):
        reader = Reader("plan.yaml", ("S004", "S004", "S004"))
        read_trial(reader, _node({**record, "verdict": {**verdict, key: value}}))
        assert [problem.code for problem in reader.problems] == ["S004"], key
    reader = Reader("plan.yaml", ("S004", "S004", "S004"))
    assert read_trial(reader, _node(record)) == trial() and not reader.problems


def _node(value: Plain) -> Node:
    if isinstance(value, dict):
        return Tree(tuple((Text(key, 1, 1), _node(one)) for key, one in value.items()), 1, 1)
    if isinstance(value, list):
        return Items(tuple(map(_node, value)), 1, 1)
    return Text(str(value), 1, 1)
