"""Which of the changes that leaders wrote down count, and the sample as it stands with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cqa.errors import Problem, Severity
from cqa.sampling.changes import (
    REPLACED,
    WITHDRAWN,
    Added,
    Brought,
    Change,
    DipDraw,
    Dropped,
    HandOn,
    Replacement,
    RubricMove,
    Withdrawal,
    code_of,
    only_by,
    told,
)
from cqa.sampling.draw import DrawnCase
from cqa.sampling.further import brought_case
from cqa.sampling.pairing import TURNS, Assignment
from cqa.sampling.plan import Sample
from cqa.sampling.states import State, as_drawn, reserves_of
from cqa.sampling.ticket import ticket


@dataclass(frozen=True, slots=True)
class Void:
    """A change that does not count, and why. `deviates`: by the rules it could not have been made; otherwise two
    leaders could not see each other, and the other's counts."""

    change: Change
    why: str
    deviates: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """A sample as it stands. `counting` are the changes in force, in their order; `twice` the main cases that are to
    be marked twice, also those for which nobody was free; `drawn` the sample as it was drawn."""

    sample: Sample
    counting: tuple[Change, ...]
    void: tuple[Void, ...]
    missing: tuple[str, ...]
    twice: frozenset[str]
    drawn: Sample

    @property
    def replacements(self) -> tuple[Replacement, ...]:
        """The replacements in force."""
        return tuple(one for one in self.counting if isinstance(one, Replacement))

    @property
    def withdrawals(self) -> tuple[Withdrawal, ...]:
        """The withdrawals in force, one a case."""
        return tuple(one for one in self.counting if isinstance(one, Withdrawal))

    @property
    def hand_ons(self) -> tuple[HandOn, ...]:
        """Every handing on that counts, also of cases that were handed on again."""
        return tuple(one for one in self.counting if isinstance(one, HandOn))

    @property
    def brought(self) -> tuple[Brought, ...]:
        """The calibration cases brought in from other samples."""
        return tuple(one for one in self.counting if isinstance(one, Brought))

    @property
    def added(self) -> tuple[Added, ...]:
        """The further markers in force: of calibration cases of this sample, and of triggered second looks."""
        return tuple(one for one in self.counting if isinstance(one, Added))

    @property
    def dips(self) -> tuple[DipDraw, ...]:
        """The dip-samples of its assessments."""
        return tuple(one for one in self.counting if isinstance(one, DipDraw))

    @property
    def moves(self) -> tuple[RubricMove, ...]:
        """The moves to another version of the rubric that count, in their order."""
        return tuple(one for one in self.counting if isinstance(one, RubricMove))

    @property
    def moves_apart(self) -> tuple[RubricMove, ...]:
        """The moves that do not count because another leader's does, though they could be made."""
        return tuple(void.change for void in self.void
                     if isinstance(void.change, RubricMove) and not void.deviates)

    @property
    def left(self) -> frozenset[str]:
        """Those who handed cases on and have no main case any more: nobody expects them to mark."""
        mains = {case.case_id for case in self.sample.cases if case.main}
        marking = {mark.reviewer for mark in self.sample.assignments
                   if mark.case_id in mains and mark.turn in TURNS}
        return frozenset(one.giver for one in self.hand_ons if one.giver) - marking

    def state(self) -> State:
        """Where the sample stands, from which every further change is judged."""
        return _replayed(as_drawn(self.drawn), self.counting)

    def next_reserve(self, stratum: str) -> DrawnCase | None:
        """The reserve of the stratum that is next: the smallest rank not in use."""
        used = {one.reserve for one in self.replacements}
        return next((case for case in reserves_of(self.sample).get(stratum, ()) if case.case_id not in used), None)

    def problems(self, where: str, severity: Severity) -> tuple[Problem, ...]:
        """What does not count, in words. Two leaders who could not see each other are never more than a warning."""
        found = [Problem(code_of(void.change), f"{told(void.change)} does not count: {void.why}.", self._remedy(void),
                         where, severity=severity if void.deviates else "warning") for void in self.void]
        if self.missing:
            found.append(Problem("S022", f"Changes follow others that are not here: {', '.join(self.missing[:5])}.",
                                 "A leader's journal is missing, or is shorter than it was: put it beside the others.",
                                 where, severity=severity))
        return tuple(found)

    def _remedy(self, void: Void) -> str:
        if void.deviates:
            return only_by(void.change)
        apart = "Two leaders changed the sample without seeing each other."
        if isinstance(void.change, Added | Brought | DipDraw | Dropped):
            return f"{apart} If more marks are wanted, add them again."
        if isinstance(void.change, RubricMove):
            now = self.sample.plan.rubric
            if now == void.change.to:
                return f"{apart} Nothing is to be done."
            return f"{apart} The rubric is at {now.version if now else 'none'}: if it must be at " \
                   f"{void.change.to.version}, move it again."
        case_id = void.change.case_id
        if not any(case.case_id == case_id and case.main for case in self.sample.cases):
            return f"{apart} Nothing is to be done."
        if isinstance(void.change, HandOn):
            has = self.sample.reviewer(case_id, void.change.turn)
            if has.casefold() == void.change.taker.casefold():
                return f"{apart} Nothing is to be done."
            return f"{apart} {has or 'Nobody'} has it: if {void.change.taker} must, hand it on again."
        done = "replaced" if isinstance(void.change, Replacement) else "withdrawn"
        return f"{apart} Case '{case_id}' stands: if it must be {done}, do it again."


def ordered(sample: Sample, changes: Iterable[Change]) -> list[Change]:
    """By how many others each follows, then by the reserve's rank, then by id: every reader finds the same order,
    whatever the order of files, and nothing comes before what it was made after."""
    ranks = {case.case_id: case.rank for case in sample.cases}
    known = {one.id: one for one in changes}

    def place(one: Change) -> tuple[int, int, str, int]:
        rank = ranks.get(one.reserve, 0) if isinstance(one, Replacement) else 0
        return len(one.after), rank, one.writer, one.seq

    return sorted(known.values(), key=place)


def settle(sample: Sample, changes: Iterable[Change]) -> Settled:
    """The sample as drawn with the changes applied, in the order of `ordered`.

    A change that could not have been made by what its leader knew never counts: a replacement that did not take the
    next reserve, a case handed on to somebody who is barred. Of two that leaders made without seeing each other the
    first in order counts, when they concern one case or take one reserve.
    """
    events = ordered(sample, changes)
    void: list[Void] = []
    state = as_drawn(sample)
    counting = []
    for one in _proper(sample, events, void):
        why = state.objection(one)
        if why:
            void.append(Void(one, why, False))
        else:
            state.take(one)
            counting.append(one)
    here = {one.id for one in events}
    missing = sorted({event_id for one in events for event_id in one.after} - here)
    return Settled(_applied(sample, state) if counting else sample, tuple(counting), tuple(void), tuple(missing),
                   frozenset(state.twice), sample)


def _proper(sample: Sample, events: Sequence[Change], void: list[Void]) -> list[Change]:
    """The changes that could be made by what their leaders knew; the others are added to `void`."""
    proper: list[Change] = []
    latest = as_drawn(sample)
    known: set[str] = set()
    for one in events:
        after = set(one.after)
        # Nearly always a leader saw everything, and the state goes on from one change to the next.
        state = latest if known <= after else _replayed(as_drawn(sample), [each for each in proper if each.id in after])
        why = _hidden(one, after, events) or state.deviation(one)
        if why:
            void.append(Void(one, why, True))
            continue
        proper.append(one)
        known.add(one.id)
        if not latest.objection(one):
            latest.take(one)
    return proper


def _replayed(state: State, events: Iterable[Change]) -> State:
    for one in events:
        if not state.objection(one):
            state.take(one)
    return state


def _hidden(one: Change, after: set[str], events: Iterable[Change]) -> str:
    """A journal cannot leave out what it says itself, further up."""
    hidden = [each.id for each in events
              if each.writer == one.writer and each.seq < one.seq and each.id not in after]
    return f"it leaves out {hidden[0]} of the same journal" if hidden else ""


def _applied(sample: Sample, state: State) -> Sample:
    """The sample with roles, weights and assignments as the changes leave them.

    A reserve in use takes the weight of the case it replaces. What withdrawn cases stood for is shared among the main
    cases left in their stratum, in proportion to their weights. So the main cases together stand for the whole frame
    as before. That takes a withdrawn case for one of the frame that could not be looked at; a leader's free words
    cannot tell it from one that never belonged there, which would make the stratum smaller instead. Shares within a
    stratum are the same either way. A stratum without main cases left stands for nothing, and the report says so.

    A replaced or withdrawn case keeps the names of those who had it.
    """
    cases = {case.case_id: case for case in sample.cases}
    for one in state.replaced.values():
        cases[one.reserve] = replace(cases[one.reserve], role="main", weight=cases[one.case_id].weight)
        cases[one.case_id] = replace(cases[one.case_id], role=REPLACED)
    for case_id in state.withdrawn:
        cases[case_id] = replace(cases[case_id], role=WITHDRAWN)
    for each in state.brought.values():
        cases[each.case_id] = replace(brought_case(each), ticket=ticket(sample.seed, each.case_id))
    if state.brought:  # nobody is to tell by its place which case was brought in
        cases = {case.case_id: case for case in sorted(cases.values(), key=lambda case: (case.ticket, case.case_id))}
    more = _raised(cases.values())
    return replace(
        sample,
        plan=replace(sample.plan, rubric=state.rubrics[-1]) if state.rubrics else sample.plan,
        cases=tuple(replace(case, weight=case.weight * more[case.stratum]) if case.main and case.stratum in more
                    else case for case in cases.values()),
        assignments=(
            *(Assignment(case_id, name, turn) for (case_id, turn), name in state.markers.items() if name),
            *(Assignment(case_id, name, turn) for (case_id, _), (turn, name) in state.further.items())))


def _raised(cases: Iterable[DrawnCase]) -> dict[str, Fraction]:
    """Stratum to what the weights of its main cases are multiplied by, where cases were withdrawn and some are left."""
    left: dict[str, Fraction] = {}
    gone: dict[str, Fraction] = {}
    for case in cases:
        if case.main or case.role == WITHDRAWN:
            sums = left if case.main else gone
            sums[case.stratum] = sums.get(case.stratum, Fraction(0)) + case.weight
    return {name: 1 + gone[name] / left[name] for name in gone if left.get(name)}
