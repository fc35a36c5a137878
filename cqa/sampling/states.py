"""Where a sample stands while one change after the other is taken, and which change could be made there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cqa.sampling.changes import Added, Brought, Change, DipDraw, Dropped, HandOn, Replacement, RubricMove, Withdrawal
from cqa.sampling.draw import DrawnCase
from cqa.sampling.extra_turns import CALIBRATION, DIP
from cqa.sampling.further import further_deviation, further_objection
from cqa.sampling.pairing import TURNS, Person, chosen_twice, why_barred
from cqa.sampling.plan import RubricRef, Sample

Turn = tuple[str, str]
"""A case and a turn."""


@dataclass(slots=True)
class State:
    """Which cases are replaced or withdrawn, which reserves are in use, and who marks what (empty: nobody).

    `names` are the markers' names as first given, by the name in lower case: one person has one spelling. `rubrics` are
    the versions that governed the sample, the present one last; none where it was drawn without.
    """

    sample: Sample
    drawn: Mapping[str, DrawnCase]
    reserves: Mapping[str, Sequence[DrawnCase]]
    markers: dict[Turn, str]
    twice: set[str]
    names: dict[str, str]
    rubrics: list[RubricRef]
    replaced: dict[str, Replacement] = field(default_factory=dict)
    used: dict[str, Replacement] = field(default_factory=dict)
    withdrawn: dict[str, Withdrawal] = field(default_factory=dict)
    brought: dict[str, Brought] = field(default_factory=dict)
    further: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """A case and a person (in lower case) to the extra turn at which they mark it, and their name."""

    def knowing(self, people: Iterable[Person]) -> "State":
        """The same state, where more is known of people than the draw knew."""
        plan = self.sample.plan
        return replace(self, sample=replace(self.sample, plan=replace(plan, people=(*plan.people, *people))))

    def take(self, one: Change) -> None:
        """The state after the change, to which there must be no objection."""
        if isinstance(one, Replacement):
            self._replace(one)
        elif isinstance(one, Withdrawal):
            self.withdrawn[one.case_id] = one
            self.twice.discard(one.case_id)
        elif isinstance(one, RubricMove):
            self.rubrics.append(one.to)
        elif isinstance(one, Added):
            self._add(one.case_id, one.turn, one.taker)
        elif isinstance(one, Brought):
            self.brought[one.case_id] = one
            for name in one.takers:
                self._add(one.case_id, CALIBRATION, name)
        elif isinstance(one, Dropped):
            self.further.pop((one.case_id, one.taker.casefold()))
        elif isinstance(one, DipDraw):
            for case_id, name in one.takers.items():
                self._add(case_id, DIP, name)
        else:
            self.markers[one.case_id, one.turn] = self.names.setdefault(one.taker.casefold(), one.taker)
            if one.turn == "second":
                self.twice.add(one.case_id)

    def _add(self, case_id: str, turn: str, name: str) -> None:
        self.further[case_id, name.casefold()] = turn, self.names.setdefault(name.casefold(), name)

    def marks_it(self, case_id: str, name: str) -> str:
        """At which turn somebody marks a case; empty where they do not."""
        turn = next((turn for turn in TURNS if self.markers.get((case_id, turn), "").casefold() == name.casefold()), "")
        return turn or self.further.get((case_id, name.casefold()), ("", ""))[0]

    def _replace(self, one: Replacement) -> None:
        self.replaced[one.case_id] = self.used[one.reserve] = one
        for turn, name in zip(TURNS, (one.reviewer, one.second), strict=True):
            self.markers.pop((one.reserve, turn), None)
            self.markers[one.reserve, turn] = name
        if one.case_id in self.twice:
            self.twice.remove(one.case_id)
            self.twice.add(one.reserve)

    def objection(self, one: Change) -> str:
        """In words why the change cannot be taken; empty when it can."""
        if isinstance(one, Added | Brought | DipDraw | Dropped):
            return further_objection(self, one)
        return self._elsewhere(one) if isinstance(one, RubricMove) else self._not_this_case(one)

    def _elsewhere(self, one: RubricMove) -> str:
        if not self.rubrics:
            return "the sample was drawn without a rubric"
        if one.was != self.rubrics[-1]:
            return f"the rubric was at {self.rubrics[-1].version}, not at {one.was.version or 'none'}"
        return ""

    def _not_this_case(self, one: Replacement | Withdrawal | HandOn) -> str:
        gone = self.gone(one.case_id)
        if gone or isinstance(one, Withdrawal):
            return gone
        return self._no_reserve(one) if isinstance(one, Replacement) else self._not_theirs(one)

    def gone(self, case_id: str) -> str:
        """In words why the case is none of the main cases; empty when it is one."""
        case = self.drawn.get(case_id)
        if case is None:
            return f"the sample holds no case '{case_id}'"
        if case_id in self.replaced:
            return f"the case was replaced by '{self.replaced[case_id].reserve}' already"
        if case_id in self.withdrawn:
            return f"the case was withdrawn already ({self.withdrawn[case_id].id})"
        return "" if case.main or case_id in self.used else "the case is a reserve that is not in use"

    def _no_reserve(self, one: Replacement) -> str:
        stratum, reserve = self.drawn[one.case_id].stratum, self.drawn.get(one.reserve)
        if reserve is None or reserve not in self.reserves.get(stratum, ()):
            return f"'{one.reserve}' is no reserve of stratum '{stratum}'"
        if reserve.case_id in self.used:
            return f"the reserve is in use already, for case '{self.used[reserve.case_id].case_id}'"
        return ""

    def _not_theirs(self, one: HandOn) -> str:
        has = self.markers.get((one.case_id, one.turn), "")
        if has.casefold() != one.giver.casefold():
            return f"{has or 'nobody'} was its {one.turn} marker, not {one.giver or 'nobody'}"
        other = self.markers.get((one.case_id, "second" if one.turn == "first" else "first"), "")
        if other.casefold() == one.taker.casefold():
            return f"{other} is its other marker"
        turn = self.further.get((one.case_id, one.taker.casefold()), ("",))[0]
        return f"{one.taker} marks it already ({turn})" if turn else ""

    def deviation(self, one: Change) -> str:
        """In words why nobody who saw this state could have made the change by the rules; empty when one could."""
        objection = self.objection(one)
        if objection or isinstance(one, Withdrawal):
            return objection
        if isinstance(one, RubricMove):
            return self.no_move(one.to)
        if isinstance(one, Added | Brought | DipDraw | Dropped):
            return further_deviation(self, one)
        return self._passed_over(one) if isinstance(one, Replacement) else self._forbidden(one)

    def _passed_over(self, one: Replacement) -> str:
        stratum = self.drawn[one.case_id].stratum
        due = next(case.case_id for case in self.reserves[stratum] if case.case_id not in self.used)
        return "" if due == one.reserve else f"the next reserve was '{due}', not '{one.reserve}'"

    def _forbidden(self, one: HandOn) -> str:
        if one.turn not in TURNS or not one.taker:
            return "it does not say who is to mark it, or at which turn"
        if one.giver.casefold() == one.taker.casefold():
            return "it was theirs already"
        if one.turn == "second" and not one.giver and not self.second_is_due(one.case_id):
            return "the draw did not choose it for a second mark"
        return why_barred(self.drawn[one.case_id], one.taker, one.turn, self.sample.plan.people)

    def no_move(self, to: RubricRef) -> str:
        """In words why the sample cannot be moved to that version; empty when it can."""
        now = self.rubrics[-1]
        if self.sample.plan.trial:
            return "the forms of a trial are fixed before anything is marked"
        if not to.version or to.id != now.id:
            return f"it is another rubric than '{now.id}', with which the sample was drawn"
        if to.version == now.version:
            return f"the sample is at version {now.version} already: a change calls for another version"
        same = next((one for one in self.rubrics if one.version == to.version), to)
        return "" if same.sha256 == to.sha256 else f"the sample was at another rubric of version {to.version} before"

    def second_is_due(self, case_id: str) -> bool:
        """Whether the case is to be marked twice, also where the draw chose it and nobody was free."""
        plan = self.sample.plan
        return case_id in self.twice or case_id in {
            case.case_id for case in chosen_twice(self.sample.cases, self.sample.seed, plan.second)}


def as_drawn(sample: Sample) -> State:
    """The state before the first change."""
    mains = {case.case_id for case in sample.cases if case.main}
    return State(
        sample, {case.case_id: case for case in sample.cases}, reserves_of(sample),
        {(mark.case_id, mark.turn): mark.reviewer for mark in sample.assignments},
        {mark.case_id for mark in sample.assignments if mark.turn == "second"} & mains,
        {name.casefold(): name for name in sample.plan.reviewers},
        [sample.plan.rubric] if sample.plan.rubric else [])


def reserves_of(sample: Sample) -> dict[str, list[DrawnCase]]:
    """The reserves of each stratum as drawn, by rank, whether or not they are in use."""
    mains = {one.name: one.take for one in sample.strata}
    reserves: dict[str, list[DrawnCase]] = {}
    for case in sorted(sample.cases, key=lambda case: case.rank):
        if case.rank > mains.get(case.stratum, 0):
            reserves.setdefault(case.stratum, []).append(case)
    return reserves
