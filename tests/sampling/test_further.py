"""A case goes to a further marker only where nothing bars it, and a forged change never counts."""

from dataclasses import replace
from fractions import Fraction

import pytest

from cqa.sampling.changes import Added, Brought, DipDraw, Dropped, Withdrawal
from cqa.sampling.extra_turns import DIP_RULE, dip_drawn
from cqa.sampling.pairing import Person
from cqa.sampling.replacing import check_changes, loads
from cqa.sampling.settling import settle
from tests.sampling.test_settling import sample

AT = "2026-03-02T09:00:00.000Z"


def added(case_id: str = "m1", taker: str = "cat", turn: str = "calibration", trigger: str = "", seq: int = 2,
          after: tuple[str, ...] = (), writer: str = "lead.d1") -> Added:
    return Added(writer, seq, AT, case_id, turn, taker, trigger, "why", after)


def brought(case_id: str = "old", takers: tuple[str, ...] = ("ann",), handlers: tuple[str, ...] = ("h9",)) -> Brought:
    return Brought("lead.d1", 2, AT, case_id, "autumn", "Unit 1", "ab" * 32, {"child": "Y"}, handlers,
                   {"q1": "fully_met"}, {"q1": 0}, takers, "why", ())


def dip(takers: dict[str, str], wanted: int = 2, rule: str = DIP_RULE) -> DipDraw:
    population = (("m1", "ann"), ("m2", "ann"), ("n1", "ann"))
    return DipDraw("lead.d1", 2, AT, "7", "given", rule, population, wanted, takers, "why", ())


def whys(*changes: object) -> list[str]:
    return [void.why for void in settle(sample(), changes).void]  # type: ignore[arg-type]


def test_a_further_marker_is_added_and_changes_nothing_for_the_others() -> None:
    drawn = sample()
    settled = settle(drawn, [added()])
    before = {(mark.case_id, mark.reviewer, mark.turn) for mark in drawn.assignments}
    after = {(mark.case_id, mark.reviewer, mark.turn) for mark in settled.sample.assignments}
    assert after - before == {("m1", "cat", "calibration")} and before <= after
    assert settled.sample.cases == drawn.cases and loads(settled.sample) == loads(drawn)
    assert settled.added and not settled.void and check_changes(drawn, [added()], "here") == []


@pytest.mark.parametrize(("change", "why"), [
    (added(taker="bob"), "bob marks it already (second)"),
    (added(taker="ANN"), "ANN marks it already (first)"),
    (added(case_id="r1"), "the case is a reserve that is not in use"),
    (added(case_id="zz"), "the sample holds no case 'zz'"),
    (added(turn="second"), "it does not say who is to mark it, or at which turn"),
    (added(turn="dip"), "it does not say who is to mark it, or at which turn"),
    (added(taker=""), "it does not say who is to mark it, or at which turn"),
    (added(turn="triggered"), "it does not say what triggered it"),
    (added(turn="triggered", trigger="a whim"), "it does not say what triggered it"),
    (added(trigger="urgent"), "it does not say what triggered it"),
    (brought(case_id="m1"), "the sample holds case 'm1' itself"),
    (brought(takers=("h9",)), "it shows h9's own work"),
    (replace(brought(), reference={}), "it brings no reference marks"),
    (dip({"m1": "cat"}, rule="cqa-dip/9"), "no rule 'cqa-dip/9' is known"),
    (dip({"m1": "bob", "m2": "cat", "n1": "cat"}, wanted=3), "bob marks case 'm1' already (second)"),
])
def test_what_the_rules_forbid_never_counts(change: Added | Brought | DipDraw, why: str) -> None:
    assert whys(change) == [why]


def test_a_dip_sample_that_the_seed_does_not_give_never_counts() -> None:
    population = dip({}).population
    drawn = [case_id for case_id, _ in dip_drawn("7", population, 2)]
    other = next(case_id for case_id, _ in population if case_id not in drawn)
    assert whys(dip(dict.fromkeys(drawn, "cat"))) == []
    assert whys(dip({drawn[0]: "cat", other: "cat"})) == [f"by the seed, case '{other}' was not drawn"]


def test_own_work_conflicts_and_the_manager_are_barred_from_further_marks() -> None:
    drawn = sample(people=(Person("boss", manager=""), Person("h2", manager="boss"), Person("cat", conflicts=("h3",))),
                   handlers={"m1": ("cat",), "m2": ("h2",), "m3": ("h3",)})
    changes = [added("m1", "cat"), added("m2", "boss", seq=3, after=("lead.d1:2",)),
               added("m3", "cat", seq=4, after=("lead.d1:2", "lead.d1:3"))]
    assert [void.why for void in settle(drawn, changes).void] == [
        "it shows cat's own work", "boss manages its handler, and may not be second marker",
        "cat has declared a conflict with its handler"]


def test_a_case_brought_in_stands_among_the_others_and_for_nothing() -> None:
    drawn = sample()
    settled = settle(drawn, [brought(takers=("ann", "cat"))])
    case = next(case for case in settled.sample.cases if case.case_id == "old")
    assert (case.role, case.marked, case.main, case.weight, case.facts) == ("calibration", True, False, Fraction(0),
                                                                           {"child": "Y"})
    assert [one.ticket for one in settled.sample.cases] == sorted(one.ticket for one in settled.sample.cases)
    assert sum(one.weight for one in settled.sample.cases if one.main) == sum(
        one.weight for one in drawn.cases if one.main)
    assert {mark.reviewer for mark in settled.sample.assignments if mark.case_id == "old"} == {"ann", "cat"}
    assert settled.sample.marking == drawn.reviewers


def test_a_case_is_taken_from_a_further_marker_again_and_from_nobody_else() -> None:
    gone = Dropped("lead.d1", 3, AT, "m1", "CAT", "a slip", ("lead.d1:2",))
    settled = settle(sample(), [added(), gone])
    assert not settled.void and ("m1", "cat") not in {
        (mark.case_id, mark.reviewer) for mark in settled.sample.assignments}
    again = added(seq=4, after=("lead.d1:2", "lead.d1:3"))
    assert not settle(sample(), [added(), gone, again]).void
    assert whys(replace(gone, taker="ann", after=())) == ["ann is no further marker of case 'm1'"]


def test_two_leaders_who_give_one_case_to_one_person_are_told_and_it_counts_once() -> None:
    settled = settle(sample(), [added(), added(writer="boss.d2")])
    assert len(settled.added) == 1 and [void.deviates for void in settled.void] == [False]
    assert settled.problems("here", "error")[0].severity == "warning"


def test_a_withdrawn_case_gets_no_further_marker() -> None:
    gone = Withdrawal("lead.d1", 2, AT, "m1", "sealed", (), ())
    assert whys(gone, added(seq=3, after=("lead.d1:2",)))[0].startswith("the case was withdrawn already")
