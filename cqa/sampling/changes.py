"""Replacements: which of those that leaders wrote down count, and the sample as it stands with them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cqa.errors import Problem, Severity
from cqa.sampling.draw import DrawnCase
from cqa.sampling.pairing import Assignment
from cqa.sampling.plan import Sample

REPLACED = "replaced"
"""The role of a case that a reserve stands in for; also the kind of the journal line that says so."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a leader wrote down: the case, the reserve in its place, why, and who marks the reserve (empty: nobody).

    `writer` is `<person>.<device>`; with `seq` it makes the event's id. `after` holds the ids of all replacements
    that were known when it was written, in whatever journal: what it follows from can so be derived again.
    """

    writer: str
    seq: int
    at: str
    case_id: str
    reserve: str
    stratum: str
    reason: str
    note: str
    reviewer: str
    second: str
    rule: str
    after: tuple[str, ...]

    @property
    def id(self) -> str:
        """`<person>.<device>:<seq>`."""
        return f"{self.writer}:{self.seq}"


@dataclass(frozen=True, slots=True)
class Void:
    """A replacement that does not count, and why. `deviates`: by the rule it could not have been made; otherwise
    two leaders could not see each other, and the other's counts."""

    replacement: Replacement
    why: str
    deviates: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """A sample as it stands. `counting` are the replacements in force, in their order; `twice` the main cases that
    are to be marked twice, also those for which nobody was free."""

    sample: Sample
    counting: tuple[Replacement, ...]
    void: tuple[Void, ...]
    missing: tuple[str, ...]
    twice: frozenset[str]

    def next_reserve(self, stratum: str) -> DrawnCase | None:
        """The reserve of the stratum that is next: the smallest rank not in use."""
        used = {one.reserve for one in self.counting}
        return next((case for case in _reserves(self.sample).get(stratum, ()) if case.case_id not in used), None)

    def problems(self, where: str, severity: Severity) -> tuple[Problem, ...]:
        """What does not count, in words. Two leaders who could not see each other are never more than a warning."""
        told = [Problem("S022", f"The replacement of case '{void.replacement.case_id}' by "
                        f"'{void.replacement.reserve}' ({void.replacement.id}) does not count: {void.why}.",
                        self._remedy(void), where, severity=severity if void.deviates else "warning")
                for void in self.void]
        if self.missing:
            told.append(Problem("S022", f"Replacements follow others that are not here: {', '.join(self.missing[:5])}.",
                                "A leader's journal is missing, or is shorter than it was: put it beside the others.",
                                where, severity=severity))
        return tuple(told)

    def _remedy(self, void: Void) -> str:
        case_id = void.replacement.case_id
        if void.deviates:
            return "Replacements are made by cqa replace alone."
        told = "Two leaders replaced without seeing each other."
        if case_id in {one.case_id for one in self.counting}:
            return f"{told} Nothing is to be done."
        return f"{told} Case '{case_id}' stands: if it must be replaced, do it again."


def _reserves(sample: Sample) -> dict[str, list[DrawnCase]]:
    """The reserves of each stratum as drawn, by rank, whether or not they are in use."""
    mains = {one.name: one.take for one in sample.strata}
    reserves: dict[str, list[DrawnCase]] = {}
    for case in sorted(sample.cases, key=lambda case: case.rank):
        if case.rank > mains.get(case.stratum, 0):
            reserves.setdefault(case.stratum, []).append(case)
    return reserves


@dataclass(slots=True)
class _Standing:
    """Which cases are replaced and which reserves are in use, as one replacement after the other is taken."""

    drawn: Mapping[str, DrawnCase]
    reserves: Mapping[str, Sequence[DrawnCase]]
    replaced: dict[str, Replacement] = field(default_factory=dict)
    used: dict[str, Replacement] = field(default_factory=dict)

    def take(self, one: Replacement) -> None:
        self.replaced[one.case_id] = self.used[one.reserve] = one

    def fresh(self) -> "_Standing":
        return _Standing(self.drawn, self.reserves)

    def objection(self, one: Replacement) -> str:
        """In words why the replacement cannot be taken; empty when it can."""
        case, reserve = self.drawn.get(one.case_id), self.drawn.get(one.reserve)
        if case is None:
            return f"the sample holds no case '{one.case_id}'"
        if case.case_id in self.replaced:
            return f"the case was replaced by '{self.replaced[case.case_id].reserve}' already"
        if not case.main and case.case_id not in self.used:
            return "the case is a reserve that is not in use"
        if reserve is None or reserve not in self.reserves.get(case.stratum, ()):
            return f"'{one.reserve}' is no reserve of stratum '{case.stratum}'"
        if reserve.case_id in self.used:
            return f"the reserve is in use already, for case '{self.used[reserve.case_id].case_id}'"
        return ""

    def deviation(self, one: Replacement) -> str:
        """In words why nobody who saw this state could have made the replacement by the rule; empty when one could."""
        objection = self.objection(one)
        if objection:
            return objection
        stratum = self.drawn[one.case_id].stratum
        due = next(case.case_id for case in self.reserves[stratum] if case.case_id not in self.used)
        return "" if due == one.reserve else f"the next reserve was '{due}', not '{one.reserve}'"


def ordered(sample: Sample, replacements: Iterable[Replacement]) -> list[Replacement]:
    """By how many others each follows, then by the reserve's rank, then by id: every reader finds the same order,
    whatever the order of files, and nothing comes before what it was made after."""
    ranks = {case.case_id: case.rank for case in sample.cases}
    known = {one.id: one for one in replacements}
    return sorted(known.values(), key=lambda one: (len(one.after), ranks.get(one.reserve, 0), one.writer, one.seq))


def settle(sample: Sample, replacements: Iterable[Replacement]) -> Settled:
    """The sample as drawn with the replacements applied, in the order of `ordered`.

    A replacement that, by what its leader knew, did not take the next reserve never counts. Of two that leaders made
    without seeing each other the first in order counts, when they replace one case or take one reserve.
    """
    events = ordered(sample, replacements)
    void: list[Void] = []
    proper = _proper(sample, events, void)
    standing = _as_drawn(sample)
    counting = []
    for one in proper:
        why = standing.objection(one)
        if why:
            void.append(Void(one, why, False))
        else:
            standing.take(one)
            counting.append(one)
    here = {one.id for one in events}
    missing = sorted({event_id for one in events for event_id in one.after} - here)
    return Settled(_applied(sample, counting), tuple(counting), tuple(void), tuple(missing),
                   _marked_twice(sample, counting))


def _as_drawn(sample: Sample) -> _Standing:
    return _Standing({case.case_id: case for case in sample.cases}, _reserves(sample))


def _proper(sample: Sample, events: Sequence[Replacement], void: list[Void]) -> list[Replacement]:
    """The replacements that took the next reserve by what their leaders knew; the others are added to `void`."""
    proper: list[Replacement] = []
    latest = _as_drawn(sample)
    known: set[str] = set()
    for one in events:
        after = set(one.after)
        # Nearly always a leader saw everything, and the state goes on from one replacement to the next.
        state = latest if known <= after else _replayed(latest.fresh(), [each for each in proper if each.id in after])
        why = _hidden(one, events) or state.deviation(one)
        if why:
            void.append(Void(one, why, True))
            continue
        proper.append(one)
        known.add(one.id)
        if not latest.objection(one):
            latest.take(one)
    return proper


def _replayed(standing: _Standing, events: Iterable[Replacement]) -> _Standing:
    for one in events:
        if not standing.objection(one):
            standing.take(one)
    return standing


def _hidden(one: Replacement, events: Iterable[Replacement]) -> str:
    """A journal cannot leave out what it says itself, further up."""
    hidden = [each.id for each in events
              if each.writer == one.writer and each.seq < one.seq and each.id not in one.after]
    return f"it leaves out {hidden[0]} of the same journal" if hidden else ""


def _applied(sample: Sample, counting: Sequence[Replacement]) -> Sample:
    """The sample with roles, weights and assignments as the replacements leave them.

    A reserve in use takes the weight of the case it replaces: together the main cases stand for the whole frame.
    A replaced case keeps the names of those who had it.
    """
    if not counting:
        return sample
    cases = {case.case_id: case for case in sample.cases}
    for one in counting:
        cases[one.reserve] = replace(cases[one.reserve], role="main", weight=cases[one.case_id].weight)
        cases[one.case_id] = replace(cases[one.case_id], role=REPLACED)
    used = {one.reserve for one in counting}
    given = [mark for mark in sample.assignments if mark.case_id not in used]
    for turn in ("first", "second"):
        given.extend(Assignment(one.reserve, name, turn) for one in counting
                     if (name := one.reviewer if turn == "first" else one.second))
    return replace(sample, cases=tuple(cases.values()), assignments=tuple(given))


def _marked_twice(sample: Sample, counting: Iterable[Replacement]) -> frozenset[str]:
    mains = {case.case_id for case in sample.cases if case.main}
    twice = {mark.case_id for mark in sample.assignments if mark.turn == "second"} & mains
    for one in counting:
        if one.case_id in twice:
            twice.remove(one.case_id)
            twice.add(one.reserve)
    return frozenset(twice)
