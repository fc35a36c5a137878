"""The rule of a replacement: the next reserve of the stratum, and who marks it. Nothing in it can be chosen."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from cqa.errors import Forbidden, Problem
from cqa.sampling.changes import Change, Replacement
from cqa.sampling.draw import DrawnCase
from cqa.sampling.main_case import main_case
from cqa.sampling.pairing import TURNS, managed_by
from cqa.sampling.plan import Sample
from cqa.sampling.settling import Settled, ordered, settle

REPLACE_RULE = "cqa-replace/1"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the rule gives for a case: the reserve in its place, and who marks it (empty: nobody), with warnings."""

    case: DrawnCase
    reserve: DrawnCase
    reviewer: str
    second: str
    warnings: tuple[Problem, ...]


def replacement_for(settled: Settled, case_id: str) -> Chosen:
    """`cqa-replace/1`: the smallest rank not in use of the case's stratum; its first marker as drawn.

    When the replaced case is marked twice, the reserve is too: by the replaced case's second marker, else by its
    first, else by the plan's reviewer with the smallest load, ties by name; always one who is not barred, not the
    reserve's first marker, not the manager of its handler, and who has not handed on all they had. Nobody free is a
    warning.

    Raises WrongUse for a case that was not drawn; Forbidden for a reserve not in use, for a case that is replaced
    or withdrawn already, and where no reserve is left.
    """
    case = main_case(settled, case_id, "S022", "replaced")
    reserve = settled.next_reserve(case.stratum)
    if reserve is None:
        raise Forbidden(Problem(
            "S022", f"No reserve is left in stratum '{case.stratum}': the draw gave it {_reserves(settled, case)}, and "
            "none is free.", f"Case '{case_id}' stays. Draw a further sample of the stratum under a new name and "
            "seed, and draw more --reserves next time."))
    first = settled.sample.reviewer(reserve.case_id, "first")
    second = _second(settled, case, reserve, first) if case_id in settled.twice else ""
    return Chosen(case, reserve, first, second, tuple(_nobody(settled, case, reserve, first, second)))


def _reserves(settled: Settled, case: DrawnCase) -> int:
    return next((one.reserves for one in settled.sample.strata if one.name == case.stratum), 0)


def _second(settled: Settled, case: DrawnCase, reserve: DrawnCase, first: str) -> str:
    """Who marks the reserve a second time; empty where nobody is free."""
    sample = settled.sample
    managers = managed_by(sample.plan.people)
    bosses = {managers.get(handler.casefold()) for handler in reserve.handlers}
    left = settled.left
    free = [name for name in sorted(sample.plan.reviewers) if name not in left
            and name != first and name not in reserve.barred and name.casefold() not in bosses]
    if not free or not first:
        return ""
    for had in (sample.reviewer(case.case_id, "second"), sample.reviewer(case.case_id, "first")):
        if had in free:
            return had
    load = loads(sample, without=case.case_id)
    return min(free, key=lambda name: (load[name], name))


def loads(sample: Sample, without: str = "") -> Counter[str]:
    """How many main cases each reviewer has, first and second together; the case `without` is not counted."""
    mains = {case.case_id for case in sample.cases if case.main} - {without}
    return Counter(mark.reviewer for mark in sample.assignments if mark.case_id in mains and mark.turn in TURNS)


def _nobody(settled: Settled, case: DrawnCase, reserve: DrawnCase, first: str, second: str) -> Iterable[Problem]:
    if settled.sample.plan.reviewers and not first:
        yield _unmarked(reserve, "")
    elif case.case_id in settled.twice and not second:
        yield _unmarked(reserve, " a second time")


def _unmarked(reserve: DrawnCase, again: str) -> Problem:
    return Problem("S014", f"Nobody is free to mark case '{reserve.case_id}'{again}: every reviewer is barred, manages "
                   "its handler or has it already.", "It stays in the sample: find a reviewer from outside.",
                   severity="warning")


def check_changes(sample: Sample, changes: Iterable[Change], where: str) -> list[Problem]:
    """Every change derived again from what its leader knew; what differs, with what never counted (S022, S029, S030).

    Of a withdrawal and of a handing on all that can be derived is whether the case was one of the main cases, and
    whether the new marker may mark it by what the draw recorded of people.
    """
    events = ordered(sample, changes)
    settled = settle(sample, events)
    deviating = {void.change.id for void in settled.void if void.deviates}
    problems = list(settled.problems(where, "error"))
    for place, one in enumerate(events):
        if isinstance(one, Replacement) and one.id not in deviating:
            after = set(one.after)
            known = settle(sample, [each for each in events[:place] if each.id in after])
            problems.extend(_differing(one, replacement_for(known, one.case_id), where))
    return problems


def _differing(one: Replacement, chosen: Chosen, where: str) -> Iterable[Problem]:
    told = {
        "first marker": (one.reviewer, chosen.reviewer),
        "second marker": (one.second, chosen.second),
        "stratum": (one.stratum, chosen.case.stratum),
        "rule": (one.rule, REPLACE_RULE),
    }
    for what, (was, should) in told.items():
        if was != should:
            yield Problem("S022", f"The replacement of case '{one.case_id}' by '{one.reserve}' ({one.id}) was recorded "
                          f"with {was or 'nobody'} as {what}; the rule gives {should or 'nobody'}.",
                          "Replacements are made by cqa replace alone.", where)
