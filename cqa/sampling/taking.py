"""What of a sample goes with one reviewer who takes their cases away: their own part, and nothing that names others."""

from collections.abc import Container
from dataclasses import replace
from fractions import Fraction

from cqa.sampling.changes import RubricMove
from cqa.sampling.extra_turns import CALIBRATION
from cqa.sampling.frame import Collapse, Columns
from cqa.sampling.pairing import TURNS, Assignment
from cqa.sampling.plan import Amount, Plan, Register, Sample
from cqa.sampling.settling import Settled

LEADER = "leader"
"""Under which name the moves of a rubric are written down again: who made them may mark too."""
REASON = "your team leader's, kept with the whole sample"


def part_for(settled: Settled, person: str, facts: Container[str]) -> Sample:
    """The reviewer's main cases as the sample stands, with the named case facts; `person` as the sample spells it.

    Strata, handlers and who is barred are left out: marking needs none of them, and each may name somebody. The rubric
    is the one that was drawn with; `moves_again` says where it went. A calibration case, and one given to a further
    marker, look like any other.
    """
    now = settled.sample
    mains = {case.case_id for case in now.cases if case.marked}
    mine = tuple(mark for mark in now.assignments if mark.reviewer == person and mark.case_id in mains)
    taken = {mark.case_id for mark in mine}
    plan = _plan_for(settled.drawn.plan, person, facts)
    kept = [fact for fact, _ in plan.columns.facts]
    weight = next((case.weight for case in now.cases if case.main), Fraction(1))
    cases = tuple(replace(case, stratum="", handlers=(), barred=(), role="main", weight=case.weight or weight,
                          facts={name: case.facts.get(name, "") for name in kept})
                  for case in now.cases if case.case_id in taken)
    assignments = tuple(Assignment(mark.case_id, person, _as_drawn(mark.turn)) for mark in mine)
    return replace(now, plan=plan, seed_source="that of the whole sample", sources=(), excluded={}, strata=(),
                   cases=cases, assignments=assignments)


def _as_drawn(turn: str) -> str:
    """Nobody is told of an extra turn."""
    return turn if turn in TURNS else "first" if turn == CALIBRATION else "second"


def _plan_for(plan: Plan, person: str, facts: Container[str]) -> Plan:
    """The plan with what marking needs of it. The column of weights stays, for the rules are named by it; of a trial
    whatever tells of others, or of what it is to find, goes."""
    kept = tuple(pair for pair in plan.columns.facts if pair[0] in facts)
    columns = Columns(plan.columns.case_id, facts=kept, optional=tuple(name for name, _ in kept),
                      weight=plan.columns.weight)
    alone = {name: arm for name, arm in plan.trial.only.items() if name == person} if plan.trial else {}
    trial = replace(plan.trial, only=alone, power="") if plan.trial else None
    return replace(plan, columns=columns, keep=(), collapse=Collapse({}, None), amount=Amount(), second=Fraction(0),
                   reviewers=(person,), people=(), where=(), register=Register(), dates={},
                   trial=trial)


def moves_again(settled: Settled, device: str) -> tuple[RubricMove, ...]:
    """The moves of the rubric that count, written down again as nobody's in particular, the other changes left out.

    A version to which somebody moved it while another one's move counts is kept so too, for marks may have been given
    under it: as a move that was made without seeing any other. Line 1 of each journal is its `opened` line, so numbers
    begin at 2.
    """
    made: list[RubricMove] = []
    first = f"{LEADER}.{device}"
    for number, one in enumerate(settled.moves, start=2):
        made.append(replace(one, writer=first, seq=number, reason=REASON, after=tuple(each.id for each in made)))
    drawn = settled.drawn.plan.rubric
    if made and drawn:
        known = {drawn, *(one.to for one in made)}
        apart = {one.to: one for one in settled.moves_apart if one.to not in known and one.to.version != drawn.version}
        made.extend(replace(one, writer=f"{first}-{number}", seq=2, was=drawn, reason=REASON, after=())
                    for number, one in enumerate(apart.values(), start=2))
    return tuple(made)
