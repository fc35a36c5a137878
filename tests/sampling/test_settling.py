"""Leaders' changes are settled in one way by every reader, and the rule of replacing leaves nothing to choose."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.errors import Forbidden, WrongUse
from cqa.sampling.changes import Change, HandOn, Replacement, RubricMove, Withdrawal
from cqa.sampling.draw import DrawnCase, Stratum
from cqa.sampling.frame import Collapse, Columns
from cqa.sampling.handing_on import objections, theirs
from cqa.sampling.main_case import main_case
from cqa.sampling.pairing import Assignment, Person, chosen_twice
from cqa.sampling.plan import Amount, Plan, RubricRef, Sample
from cqa.sampling.replacing import REPLACE_RULE, check_changes, loads, replacement_for
from cqa.sampling.settling import Settled, settle

REVIEWERS = ("ann", "bob", "cat")


def sample(
    barred: dict[str, tuple[str, ...]] | None = None, people: tuple[Person, ...] = (),
    handlers: dict[str, tuple[str, ...]] | None = None, provisional: str = "ann",
) -> Sample:
    """Two strata of three main cases (m1 to m3, n1 to n3) and three reserves (r1 to r3, s1 to s3); m1 and n1 are marked
    twice, by ann and bob. Reserves are `provisional`'s."""
    cases = []
    for stratum, main, reserve in (("M", "m", "r"), ("N", "n", "s")):
        for rank in range(1, 7):
            name = f"{main}{rank}" if rank <= 3 else f"{reserve}{rank - 3}"
            cases.append(DrawnCase(name, stratum, f"{rank}{name}", rank, "main" if rank <= 3 else "reserve",
                                   Fraction(20, 3), (handlers or {}).get(name, ()), (barred or {}).get(name, ()), {}))
    given = [Assignment(case.case_id, "ann" if case.rank != 3 else "bob", "first") for case in cases if case.main]
    given += [Assignment(case.case_id, provisional, "first") for case in cases if not case.main]
    given += [Assignment("m1", "bob", "second"), Assignment("n1", "bob", "second")]
    plan = Plan("s", Columns("id"), (), Collapse({}, None), Amount(take=3), Fraction(1, 3), REVIEWERS, people, None)
    strata = tuple(Stratum(name, 20, 20, 3, 3, 0) for name in "MN")
    return Sample(plan, "seed", "", "2026-03-02", (), "", 40, {}, strata, tuple(cases), tuple(given))


def made(drawn: Sample, known: Sequence[Change], case_id: str, writer: str, seq: int) -> Replacement:
    """The replacement that the command makes on a device which knows `known`."""
    chosen = replacement_for(settle(drawn, known), case_id)
    return Replacement(writer, seq, "", case_id, chosen.reserve.case_id, chosen.case.stratum, "out_of_scope", "",
                       chosen.reviewer, chosen.second, REPLACE_RULE, tuple(sorted(one.id for one in known)))


def roles(settled: Settled) -> dict[str, str]:
    return {case.case_id: case.role for case in settled.sample.cases}


def mains(settled: Settled) -> set[str]:
    return {name for name, role in roles(settled).items() if role == "main"}


def test_replacements_take_the_reserves_of_the_stratum_in_order() -> None:
    drawn = sample()
    known: list[Replacement] = []
    for seq, case_id in enumerate(("m2", "n3", "m1", "r1"), start=2):
        known.append(made(drawn, known, case_id, "lead.1", seq))
    assert [(one.case_id, one.reserve) for one in known] == [("m2", "r1"), ("n3", "s1"), ("m1", "r2"), ("r1", "r3")]
    settled = settle(drawn, known)
    assert mains(settled) == {"m3", "r2", "r3", "n1", "n2", "s1"}
    assert roles(settled)["m2"] == roles(settled)["r1"] == "replaced"
    assert not settled.void and not check_changes(drawn, known, "")


def test_a_reserve_in_use_has_the_weight_of_the_case_it_replaces() -> None:
    drawn = sample()
    heavy = replace(drawn, cases=tuple(replace(case, weight=Fraction(case.rank)) for case in drawn.cases))
    settled = settle(heavy, [made(heavy, [], "m2", "lead.1", 2)])
    weights = {case.case_id: case.weight for case in settled.sample.cases}
    assert weights["r1"] == weights["m2"] == 2 and weights["r2"] == 5


def test_nothing_replaced_is_the_sample_as_drawn() -> None:
    drawn = sample()
    assert settle(drawn, []).sample is drawn


def test_unknown_unused_and_replaced_cases_are_refused() -> None:
    drawn = sample()
    settled = settle(drawn, [made(drawn, [], "m1", "lead.1", 2)])
    with pytest.raises(WrongUse, match="S009"):
        replacement_for(settled, "elsewhere")
    with pytest.raises(Forbidden, match=r"S022.*reserve that is not in use"):
        replacement_for(settled, "r2")
    with pytest.raises(Forbidden, match=r"S022.*replaced already, by 'r1'"):
        replacement_for(settled, "m1")


def test_no_reserve_left_names_the_stratum() -> None:
    drawn = sample()
    known: list[Replacement] = []
    for seq, case_id in enumerate(("m1", "m2", "m3"), start=2):
        known.append(made(drawn, known, case_id, "lead.1", seq))
    with pytest.raises(Forbidden, match=r"S022 No reserve is left in stratum 'M'.*further sample"):
        replacement_for(settle(drawn, known), "r1")
    assert replacement_for(settle(drawn, known), "n1").reserve.case_id == "s1"


def seconds(drawn: Sample, case_id: str = "m1") -> tuple[str, str, list[str]]:
    chosen = replacement_for(settle(drawn, []), case_id)
    return chosen.reviewer, chosen.second, [problem.code for problem in chosen.warnings]


def test_the_replaced_cases_second_marker_goes_on() -> None:
    assert seconds(sample()) == ("ann", "bob", [])


def test_a_case_marked_once_is_replaced_by_one_marked_once() -> None:
    assert seconds(sample(), "m2") == ("ann", "", [])


def test_else_the_replaced_cases_first_marker_takes_the_second_turn() -> None:
    assert seconds(sample(provisional="bob")) == ("bob", "ann", [])


def test_a_second_marker_who_manages_the_handler_is_passed_over() -> None:
    bossed = sample(people=(Person("H1", manager="Bob"),), handlers={"r1": ("h1",)})
    assert seconds(bossed) == ("ann", "cat", [])


def test_else_the_smallest_load_decides_and_ties_go_by_name() -> None:
    drawn = sample(barred={"r1": ("bob",)})
    dee = replace(drawn, plan=replace(drawn.plan, reviewers=("dee", "cat", "bob", "ann")))
    assert seconds(dee) == ("ann", "cat", [])
    busy = replace(dee, assignments=(*dee.assignments, Assignment("n2", "cat", "second")))
    assert seconds(busy) == ("ann", "dee", [])


def test_whoever_handed_on_all_they_had_is_not_chosen_again() -> None:
    drawn = sample(barred={"r1": ("bob",)})
    cats = tuple(replace(mark, reviewer="cat") if mark.case_id == "n3" else mark for mark in drawn.assignments)
    four = replace(drawn, plan=replace(drawn.plan, reviewers=("ann", "bob", "cat", "dee")), assignments=cats)
    known: list[Change] = [handed_on(four, [], "n3", "eve", "lead.1", 2)]
    assert settle(four, known).left == {"cat"}
    assert replacement_for(settle(four, known), "m1").second == "dee"
    known.append(made(four, known, "m1", "lead.1", 3))
    assert not deviations(four, *known)


def test_nobody_free_is_a_warning_and_the_case_stays_due() -> None:
    nobody = sample(barred={"r1": ("bob", "cat")})
    assert seconds(nobody) == ("ann", "", ["S014"])
    first = made(nobody, [], "m1", "lead.1", 2)
    after = settle(nobody, [first])
    assert after.twice == {"r1", "n1"}
    # The reserve after it is marked twice again: the second mark was owed, not dropped.
    assert replacement_for(after, "r1").second == "cat"


def test_a_reserve_that_nobody_may_mark_is_a_warning() -> None:
    drawn = sample(barred={"r1": REVIEWERS})
    bare = replace(drawn, assignments=tuple(mark for mark in drawn.assignments if mark.case_id != "r1"))
    assert seconds(bare) == ("", "", ["S014"])


def test_two_leaders_who_replace_one_case_come_to_one_result() -> None:
    drawn = sample()
    one, other = made(drawn, [], "m1", "ann.1", 2), made(drawn, [], "m1", "zoe.2", 2)
    for order in ((one, other), (other, one)):
        settled = settle(drawn, order)
        assert [each.id for each in settled.counting] == ["ann.1:2"]
        assert [(void.change.id, void.deviates) for void in settled.void] == [("zoe.2:2", False)]
        told = settled.problems("", "error")
        assert [(problem.code, problem.severity) for problem in told] == [("S022", "warning")]
        assert "Nothing is to be done" in told[0].remedy


def test_two_leaders_who_take_one_reserve_leave_the_later_case_in_the_sample() -> None:
    drawn = sample()
    both = [made(drawn, [], "m2", "zoe.2", 2), made(drawn, [], "m1", "ann.1", 2)]
    settled = settle(drawn, both)
    assert mains(settled) >= {"m2", "m3", "r1"} and roles(settled)["m1"] == "replaced"
    assert "'m2' stands" in settled.problems("", "error")[0].remedy
    again = made(drawn, both, "m2", "zoe.2", 3)
    assert again.reserve == "r2" and not check_changes(drawn, [*both, again], "")[1:]


def test_a_replacement_is_never_settled_before_the_one_it_follows() -> None:
    drawn = sample()
    here = [made(drawn, [], "m1", "ann.1", 2)]
    there = [made(drawn, [], "m2", "zoe.2", 2)]
    there.append(made(drawn, there, "m1", "zoe.2", 3))
    there.append(made(drawn, there, "m3", "zoe.2", 4))
    # m2 by r1 and m1 by r2 are void; m3 by r3 counts, and r2 is free again: the next replacement takes it.
    known = [*here, *there]
    assert [(one.case_id, one.reserve) for one in settle(drawn, known).replacements] == [("m1", "r1"), ("m3", "r3")]
    known.append(made(drawn, known, "r3", "zoe.2", 5))
    assert known[-1].reserve == "r2"
    for order in permutations(known):
        assert mains(settle(drawn, order)) == {"m2", "r1", "r2", "n1", "n2", "n3"}
    assert {problem.severity for problem in check_changes(drawn, known, "")} == {"warning"}


def taken_out(known: Sequence[Change], case_id: str, writer: str, seq: int) -> Withdrawal:
    """The withdrawal that the command makes on a device which knows `known`."""
    return Withdrawal(writer, seq, "", case_id, "sealed", (), tuple(sorted(one.id for one in known)))


def handed_on(
    drawn: Sample, known: Sequence[Change], case_id: str, taker: str, writer: str, seq: int, turn: str = "first"
) -> HandOn:
    """The handing on that the command makes on a device which knows `known`."""
    giver = settle(drawn, known).sample.reviewer(case_id, turn)
    return HandOn(writer, seq, "", case_id, turn, giver, taker, "on leave", tuple(sorted(one.id for one in known)))


def by_command(
    drawn: Sample, known: Sequence[Change], kind: str, case_id: str, taker: str, writer: str, seq: int
) -> Change:
    """What the command of that kind makes. Raises Forbidden where it refuses."""
    settled = settle(drawn, known)
    if kind == "replace":
        return made(drawn, known, case_id, writer, seq)
    case = main_case(settled, case_id, "S029", "changed")
    if kind == "withdraw":
        return taken_out(known, case_id, writer, seq)
    if refused := list(objections(settled, case, kind, taker, ())):
        raise Forbidden(refused)
    return handed_on(drawn, known, case_id, taker, writer, seq, kind)


@given(st.lists(st.tuples(
    st.sampled_from(["ann.1", "zoe.2"]), st.sampled_from(["replace", "replace", "withdraw", "first", "second"]),
    st.integers(0, 11), st.sampled_from(["bob", "cat", "dee", "Dee"]), st.booleans()), max_size=9),
    st.randoms(use_true_random=False))
def test_whatever_two_leaders_do_apart_every_reader_finds_the_same_sample(
    acts: list[tuple[str, str, int, str, bool]], random: object
) -> None:
    drawn = sample()
    names = [case.case_id for case in drawn.cases]
    journals: dict[str, list[Change]] = {"ann.1": [], "zoe.2": []}
    seen: dict[str, list[Change]] = {"ann.1": [], "zoe.2": []}
    for writer, kind, place, taker, synced in acts:
        if synced:
            seen[writer] = [one for other in journals.values() for one in other]
        known = list({one.id: one for one in (*seen[writer], *journals[writer])}.values())
        try:
            journals[writer].append(by_command(drawn, known, kind, names[place], taker, writer,
                                               len(journals[writer]) + 2))
        except Forbidden:
            continue
    events = [one for journal in journals.values() for one in journal]
    settled = settle(drawn, events)
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert settle(drawn, shuffled) == settled
    assert len(mains(settled)) + len(settled.withdrawals) == 6
    assert len({one.reserve for one in settled.replacements}) == len(settled.replacements)
    assert not any(void.deviates for void in settled.void)
    assert all(problem.severity == "warning" for problem in check_changes(drawn, events, ""))
    for stratum in "MN":
        weights = [case.weight for case in settled.sample.cases if case.stratum == stratum and case.main]
        assert not weights or sum(weights) == 20
    for case in settled.sample.cases:
        markers = [mark.reviewer for mark in settled.sample.assignments if mark.case_id == case.case_id]
        assert len(set(markers)) == len(markers) and not {"dee", "Dee"} <= set(settled.sample.reviewers)


def deviations(drawn: Sample, *events: Change) -> list[str]:
    return [problem.message for problem in check_changes(drawn, events, "") if problem.severity == "error"]


def test_a_reserve_that_was_chosen_never_counts() -> None:
    drawn = sample()
    right = made(drawn, [], "m1", "lead.1", 2)
    for chosen in ("r2", "n2", "s1", "elsewhere", "m1"):
        forced = replace(right, reserve=chosen)
        assert settle(drawn, [forced]).sample is drawn
        assert deviations(drawn, forced)[0].startswith(f"The replacement of case 'm1' by '{chosen}'")


def test_a_case_that_could_not_be_replaced_never_counts() -> None:
    drawn = sample()
    right = made(drawn, [], "m1", "lead.1", 2)
    for case_id in ("r2", "elsewhere", ""):
        assert settle(drawn, [replace(right, case_id=case_id)]).sample is drawn


def test_a_journal_cannot_leave_out_what_it_says_itself() -> None:
    drawn = sample()
    first = made(drawn, [], "m1", "lead.1", 2)
    blind = replace(made(drawn, [], "m2", "lead.1", 3), after=())
    assert [void.deviates for void in settle(drawn, [first, blind]).void] == [True]


def test_markers_against_the_rule_are_named() -> None:
    drawn = sample()
    right = made(drawn, [], "m1", "lead.1", 2)
    assert not deviations(drawn, right)
    assert "ann as second marker; the rule gives bob" in deviations(drawn, replace(right, second="ann"))[0]
    assert "cat as first marker; the rule gives ann" in deviations(drawn, replace(right, reviewer="cat"))[0]
    assert deviations(drawn, replace(right, stratum="N")) and deviations(drawn, replace(right, rule="mine/1"))


def test_a_journal_that_is_missing_is_said() -> None:
    drawn = sample()
    first = made(drawn, [], "m1", "lead.1", 2)
    second = made(drawn, [first], "m2", "zoe.2", 2)
    settled = settle(drawn, [second])
    assert settled.missing == ("lead.1:2",)
    assert any("not here" in message for message in deviations(drawn, second))


def test_loads_count_the_main_cases_as_they_stand() -> None:
    drawn = sample()
    assert loads(drawn) == {"ann": 4, "bob": 4} and loads(drawn, without="m1") == {"ann": 3, "bob": 3}


def test_a_withdrawn_case_leaves_without_a_reserve_and_the_others_stand_for_its_share() -> None:
    drawn = sample()
    settled = settle(drawn, [taken_out([], "m2", "lead.1", 2)])
    assert mains(settled) == {"m1", "m3", "n1", "n2", "n3"} and roles(settled)["m2"] == "withdrawn"
    weights = {case.case_id: case.weight for case in settled.sample.cases}
    assert weights["m1"] == weights["m3"] == 10 and weights["n1"] == Fraction(20, 3)
    assert settled.sample.reviewer("m2", "first") == "ann" and settled.next_reserve("M") == drawn.cases[3]


def test_unequal_weights_grow_in_proportion_and_an_empty_stratum_stands_for_nothing() -> None:
    drawn = sample()
    heavy = replace(drawn, cases=tuple(replace(case, weight=Fraction(case.rank)) for case in drawn.cases))
    known: list[Change] = [taken_out([], "m3", "lead.1", 2)]
    weights = {case.case_id: case.weight for case in settle(heavy, known).sample.cases}
    assert weights["m1"] == 2 and weights["m2"] == 4 and weights["r1"] == 4
    for seq, case_id in enumerate(("m1", "m2"), start=3):
        known.append(taken_out(known, case_id, "lead.1", seq))
    assert mains(settle(heavy, known)) == {"n1", "n2", "n3"} and not deviations(heavy, *known)


def test_a_reserve_in_use_can_be_withdrawn_and_stays_used() -> None:
    drawn = sample()
    known: list[Change] = [made(drawn, [], "m1", "lead.1", 2)]
    known.append(taken_out(known, "r1", "lead.1", 3))
    settled = settle(drawn, known)
    assert mains(settled) == {"m2", "m3", "n1", "n2", "n3"} and settled.twice == {"n1"}
    assert made(drawn, known, "m2", "lead.1", 4).reserve == "r2"
    with pytest.raises(Forbidden, match=r"S022.*withdrawn already \(lead.1:3\)"):
        replacement_for(settled, "r1")


@pytest.mark.parametrize(("case_id", "error"), [("r2", Forbidden), ("elsewhere", WrongUse), ("m1", Forbidden),
                                                ("m2", Forbidden)])
def test_only_a_main_case_can_be_withdrawn(case_id: str, error: type[Exception]) -> None:
    drawn = sample()
    known: list[Change] = [made(drawn, [], "m1", "lead.1", 2)]
    known.append(taken_out(known, "m2", "lead.1", 3))
    with pytest.raises(error):
        main_case(settle(drawn, known), case_id, "S029", "withdrawn")
    forced = taken_out(known, case_id, "lead.1", 4)
    assert settle(drawn, [*known, forced]).sample == settle(drawn, known).sample
    assert [void.deviates for void in settle(drawn, [*known, forced]).void] == [True]
    assert deviations(drawn, *known, forced)[0].startswith(f"The withdrawal of case '{case_id}' (lead.1:4) does not")


def test_two_leaders_who_withdraw_one_case_apart_withdraw_it_once() -> None:
    drawn = sample()
    both = [taken_out([], "m1", "zoe.2", 2), taken_out([], "m1", "ann.1", 2)]
    settled = settle(drawn, both)
    assert [one.id for one in settled.withdrawals] == ["ann.1:2"]
    assert [(problem.code, problem.severity) for problem in settled.problems("", "error")] == [("S029", "warning")]
    assert "Nothing is to be done" in settled.problems("", "error")[0].remedy


def test_a_case_withdrawn_here_and_replaced_there_leaves_the_sample_once() -> None:
    drawn = sample()
    both: list[Change] = [made(drawn, [], "m1", "ann.1", 2), taken_out([], "m1", "zoe.2", 2)]
    for order in (both, both[::-1]):
        settled = settle(drawn, order)
        assert roles(settled)["m1"] == "withdrawn" and roles(settled)["r1"] == "reserve"
        assert [void.deviates for void in settled.void] == [False] and not deviations(drawn, *order)


def test_a_case_handed_on_is_its_new_markers_in_every_list() -> None:
    drawn = sample()
    one = handed_on(drawn, [], "m2", "dee", "lead.1", 2)
    settled = settle(drawn, [one])
    assert settled.sample.reviewer("m2", "first") == "dee" and settled.sample.reviewers == (*REVIEWERS, "dee")
    assert theirs(settled, "DEE") == [("m2", "first")] and ("m2", "first") not in theirs(settled, "ann")
    assert not deviations(drawn, one)


def test_the_next_reserve_is_marked_again_by_whoever_took_the_second_turn() -> None:
    drawn = sample()
    known: list[Change] = [handed_on(drawn, [], "m1", "cat", "lead.1", 2, "second")]
    known.append(made(drawn, known, "m1", "lead.1", 3))
    assert settle(drawn, known).sample.reviewer("r1", "second") == "cat" and not deviations(drawn, *known)


def test_of_two_who_hand_on_one_turn_apart_the_first_counts_and_the_other_is_told_who_has_it() -> None:
    drawn = sample()
    both = [handed_on(drawn, [], "m2", "cat", "ann.1", 2), handed_on(drawn, [], "m2", "dee", "zoe.2", 2)]
    settled = settle(drawn, both)
    assert settled.sample.reviewer("m2", "first") == "cat"
    told = settled.problems("", "error")
    assert [(problem.code, problem.severity) for problem in told] == [("S030", "warning")]
    assert "cat has it: if dee must" in told[0].remedy
    alike = settle(drawn, [both[0], replace(both[1], taker="Cat")])
    assert "Nothing is to be done" in alike.problems("", "error")[0].remedy


def test_two_leaders_apart_never_leave_one_person_both_turns() -> None:
    drawn = sample()
    both = [handed_on(drawn, [], "m1", "dee", "ann.1", 2), handed_on(drawn, [], "m1", "Dee", "zoe.2", 2, "second")]
    settled = settle(drawn, both)
    assert (settled.sample.reviewer("m1", "first"), settled.sample.reviewer("m1", "second")) == ("dee", "bob")
    assert not deviations(drawn, *both)


def refusals(drawn: Sample, case_id: str, taker: str, turn: str = "first", people: tuple[Person, ...] = ()) -> str:
    settled = settle(drawn, [])
    case = main_case(settled, case_id, "S030", "handed on")
    return " ".join(problem.message for problem in objections(settled, case, turn, taker, people))


def test_who_may_not_take_a_case_is_told_why() -> None:
    own = sample(handlers={"m2": ("Dee",), "m1": ("h1",)}, barred={"m3": ("cat",)})
    assert "dee's own work" in refusals(own, "m2", "dee")
    assert "declared a conflict" in refusals(own, "m3", "Cat")
    assert "declared a conflict" in refusals(own, "m1", "eve", people=(Person("Eve", conflicts=("H1",)),))
    boss = (Person("H1", manager="Eve"),)
    assert "manages its handler" in refusals(own, "m1", "eve", "second", boss) and not refusals(own, "m1", "eve",
                                                                                               people=boss)
    assert "bob is its second marker" in refusals(own, "m1", "bob")
    assert "ann is its first marker already" in refusals(own, "m1", "ANN")
    assert "ann is its first marker, and two marks" in refusals(own, "m1", "ann", "second")
    once = {"m2", "m3", "n2", "n3"} - {case.case_id for case in chosen_twice(own.cases, own.seed, own.plan.second)}
    assert "did not choose it to be marked twice" in refusals(own, min(once), "dee", "second")


def test_a_second_mark_that_nobody_was_free_for_can_be_given_to_somebody() -> None:
    drawn = sample()
    chosen = chosen_twice(drawn.cases, drawn.seed, drawn.plan.second)
    case_id = next(case.case_id for case in chosen if case.case_id not in ("m1", "n1"))
    assert not refusals(drawn, case_id, "cat", "second")
    one = handed_on(drawn, [], case_id, "cat", "lead.1", 2, "second")
    assert one.giver == "" and not deviations(drawn, one)
    assert settle(drawn, [one]).twice == {"m1", "n1", case_id}


def test_a_handing_on_against_the_rules_written_by_hand_changes_nothing_and_is_found() -> None:
    drawn = sample(handlers={"m2": ("dee",)}, people=(Person("h1", manager="cat"),))
    drawn = replace(drawn, cases=tuple(replace(case, handlers=("h1",)) if case.case_id == "m1" else case
                                       for case in drawn.cases))
    right = handed_on(drawn, [], "m2", "cat", "lead.1", 2)
    assert not deviations(drawn, right)
    for forced in (replace(right, taker="dee"), replace(right, taker=""), replace(right, giver="bob"),
                   replace(right, turn="third"), replace(right, taker="ann"), replace(right, case_id="r1"),
                   handed_on(drawn, [], "m1", "cat", "lead.1", 2, "second")):
        assert settle(drawn, [forced]).sample is drawn
        assert deviations(drawn, forced)[0].startswith(f"The handing on of case '{forced.case_id}'")


V10, V11, V12 = (RubricRef("r", version, sha256) for version, sha256 in (("1.0", "a"), ("1.1", "b"), ("1.2", "c")))


def with_rubric() -> Sample:
    drawn = sample()
    return replace(drawn, plan=replace(drawn.plan, rubric=V10))


def moved(known: Sequence[Change], was: RubricRef, to: RubricRef, writer: str, seq: int) -> RubricMove:
    return RubricMove(writer, seq, "", was, to, "unclear", tuple(sorted(one.id for one in known)))


def test_a_moved_sample_is_at_the_last_version_and_its_cases_are_as_they_were() -> None:
    drawn = with_rubric()
    known: list[Change] = [moved([], V10, V11, "lead.1", 2)]
    known.append(taken_out(known, "m1", "lead.1", 3))
    known.append(moved(known, V11, V12, "lead.1", 4))
    settled = settle(drawn, known)
    assert settled.sample.plan.rubric == V12 and settled.drawn.plan.rubric == V10 and not deviations(drawn, *known)
    assert [one.to for one in settled.moves] == [V11, V12] and roles(settled)["m1"] == "withdrawn"
    back = moved(known, V12, V10, "lead.1", 5)
    assert settle(drawn, [*known, back]).sample.plan.rubric == V10 and not deviations(drawn, *known, back)


def test_of_two_moves_apart_the_first_counts_and_the_other_is_kept_in_mind() -> None:
    drawn = with_rubric()
    both = [moved([], V10, V12, "zoe.2", 2), moved([], V10, V11, "ann.1", 2)]
    settled = settle(drawn, both)
    assert settled.sample.plan.rubric == V11 and [one.to for one in settled.moves_apart] == [V12]
    told = settled.problems("", "error")
    assert [(problem.code, problem.severity) for problem in told] == [("S033", "warning")]
    assert "at 1.1: if it must be at 1.2" in told[0].remedy
    alike = settle(drawn, [both[1], replace(both[0], to=V11)])
    assert "Nothing is to be done" in alike.problems("", "error")[0].remedy


@pytest.mark.parametrize("changed", [
    {"to": RubricRef("other", "1.1", "b")}, {"to": RubricRef("r", "1.0", "b")}, {"to": RubricRef("r", "", "b")},
    {"was": RubricRef("r", "1.0", "z")}])
def test_a_move_that_could_not_be_made_changes_nothing_and_is_found(changed: dict[str, RubricRef]) -> None:
    drawn = with_rubric()
    forced = replace(moved([], V10, V11, "lead.1", 2), **changed)  # type: ignore[arg-type]
    assert settle(drawn, [forced]).sample is drawn
    assert deviations(drawn, forced)[0].startswith("The move of the rubric to")
    assert settle(sample(), [forced]).sample.plan.rubric is None


def test_an_earlier_version_is_the_same_bytes_or_it_is_refused() -> None:
    drawn = with_rubric()
    known = [moved([], V10, V11, "lead.1", 2)]
    forced = moved(known, V11, RubricRef("r", "1.0", "other bytes"), "lead.1", 3)
    assert "another rubric of version 1.0 before" in deviations(drawn, *known, forced)[0]
