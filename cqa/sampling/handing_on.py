"""Who may take a case over from its marker, and what a marker who leaves has to hand on."""

from collections.abc import Iterable, Iterator

from cqa.errors import Problem
from cqa.sampling.draw import DrawnCase
from cqa.sampling.pairing import Person, why_barred
from cqa.sampling.settling import Settled
from cqa.sampling.states import Turn, as_drawn


def theirs(settled: Settled, person: str) -> list[Turn]:
    """The main cases, in ticket order, that somebody is to mark, each with the turn."""
    mine = {(mark.case_id, mark.turn) for mark in settled.sample.assignments
            if mark.reviewer.casefold() == person.casefold()}
    return [(case.case_id, turn) for case in settled.sample.cases if case.main for turn in ("first", "second")
            if (case.case_id, turn) in mine]


def objections(
    settled: Settled, case: DrawnCase, turn: str, taker: str, people: Iterable[Person]
) -> Iterator[Problem]:
    """Why the case may not go to the taker at that turn (S030), every reason; none when it may.

    `people` are those whom the draw knew and those whom the workspace knows now: what bars by either bars.
    """
    sample = settled.sample
    has = sample.reviewer(case.case_id, turn)
    other_turn = "second" if turn == "first" else "first"
    if has.casefold() == taker.casefold():
        yield _refused(case, taker, f"{has} is its {turn} marker already")
    if sample.reviewer(case.case_id, other_turn).casefold() == taker.casefold():
        yield _refused(case, taker, f"{taker} is its {other_turn} marker, and two marks of one person are no second "
                       "mark")
    if why := why_barred(case, taker, turn, people):
        yield _refused(case, taker, why)
    if turn == "second" and not has and not _second_is_due(settled, case):
        yield _refused(case, taker, "it has no second marker, for the draw did not choose it to be marked twice")


def _second_is_due(settled: Settled, case: DrawnCase) -> bool:
    return case.case_id in settled.twice or as_drawn(settled.drawn).second_is_due(case.case_id)


def _refused(case: DrawnCase, taker: str, why: str) -> Problem:
    return Problem("S030", f"Case '{case.case_id}' cannot be handed on to {taker}: {why}.",
                   "Hand it on to somebody else.")
