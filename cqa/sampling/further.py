"""Who may mark a case beside its first and second marker, and which change that gives a case to one could be made."""

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from cqa.sampling.changes import Added, Brought, DipDraw, Dropped, Extra
from cqa.sampling.draw import DrawnCase
from cqa.sampling.extra_turns import CALIBRATION, DIP_RULE, TRIGGERED, TRIGGERS, dip_drawn
from cqa.sampling.pairing import Person, why_barred

if TYPE_CHECKING:  # a state asks here, and this only looks at it
    from cqa.sampling.states import State


def further_objection(state: "State", one: Extra) -> str:
    """In words why the change cannot be taken as the sample stands; empty when it can."""
    if isinstance(one, Brought):
        if one.case_id in state.drawn:
            return f"the sample holds case '{one.case_id}' itself"
        return "it was brought in already" if one.case_id in state.brought else ""
    if isinstance(one, DipDraw):
        return ""
    if isinstance(one, Dropped):
        further = (one.case_id, one.taker.casefold()) in state.further
        return "" if further else f"{one.taker or 'nobody'} is no further marker of case '{one.case_id}'"
    if one.case_id in state.brought:
        why = "" if one.turn == CALIBRATION else "it is a calibration case of another sample"
    else:
        why = state.gone(one.case_id)
    turn = state.marks_it(one.case_id, one.taker)
    return why or (f"{one.taker} marks it already ({turn})" if turn else "")


def further_deviation(state: "State", one: Extra) -> str:
    """In words why nobody who saw this state could have made the change by the rules; empty when one could."""
    people = state.sample.plan.people
    if isinstance(one, Dropped):
        return further_objection(state, one)
    if isinstance(one, Added):
        return _not_added(state, one, people)
    if isinstance(one, Brought):
        case = brought_case(one)
        return next((why for name in one.takers if (why := _barred(case, name, people))), "") or (
            "" if one.reference else "it brings no reference marks")
    if one.rule != DIP_RULE:
        return f"no rule '{one.rule}' is known"
    drawn = {case_id for case_id, _ in dip_drawn(one.seed, one.population, one.wanted)}
    for case_id, name in one.takers.items():
        if case_id not in drawn:
            return f"by the seed, case '{case_id}' was not drawn"
        if why := state.gone(case_id) or _marks_already(state, case_id, name) or _barred(
                state.drawn[case_id], name, people):
            return why
    return ""


def _not_added(state: "State", one: Added, people: Iterable[Person]) -> str:
    if one.turn not in (CALIBRATION, TRIGGERED) or not one.taker:
        return "it does not say who is to mark it, or at which turn"
    if (one.turn == TRIGGERED) != (one.trigger in TRIGGERS):
        return "it does not say what triggered it"
    brought = state.brought.get(one.case_id)
    return _barred(brought_case(brought) if brought else state.drawn[one.case_id], one.taker, people)


def _marks_already(state: "State", case_id: str, name: str) -> str:
    turn = state.marks_it(case_id, name)
    return f"{name} marks case '{case_id}' already ({turn})" if turn else ""


def _barred(case: DrawnCase, name: str, people: Iterable[Person]) -> str:
    return why_barred(case, name, "second", people)


def brought_case(one: Brought) -> DrawnCase:
    """The calibration case that a change brings in. It stands for no case of the frame."""
    return DrawnCase(one.case_id, one.stratum, "", 1, "calibration", Fraction(0), one.handlers, (), one.facts)
