"""Marks that are kept and count nowhere, because their case was replaced, withdrawn or handed on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cqa.errors import Problem
from cqa.facts import how_many
from cqa.marking.replay import Assessment, CaseRecord, assessment_of
from cqa.sampling.changes import REPLACED, WITHDRAWN, CaseChange, HandOn, Replacement, Withdrawal
from cqa.sampling.pairing import TURNS
from cqa.sampling.plan import Sample
from cqa.sampling.settling import Settled

Records = Mapping[str, Mapping[str, CaseRecord]]
"""Reviewer (in lower case) to what stands for every case they marked."""


def left_out(settled: Settled, records: Records, where: str) -> tuple[Problem, ...]:
    """Warnings that count the marks on replaced, withdrawn and handed-on cases: they are kept, and no figure holds
    them; and how many withdrawn cases had been signed off."""
    roles = {case.case_id: case.role for case in settled.sample.cases}
    begun = [(reviewer, assessment) for reviewer, cases in records.items() for case_id, record in cases.items()
             if case_id in roles and (assessment := assessment_of(case_id, record)).marks]
    handed = _handed_on(settled)
    kinds = (
        ("S026", "replaced", [one for _, one in begun if roles[one.case_id] == REPLACED]),
        ("S031", "withdrawn", [one for _, one in begun if roles[one.case_id] == WITHDRAWN]),
        ("S031", "handed-on", [one for who, one in begun if (one.case_id, who) in handed]),
    )
    told = [_counted(code, kind, found, where) for code, kind, found in kinds if found]
    signed = signed_withdrawals(settled.withdrawals, settled.sample, records)
    if signed:
        told.append(Problem("S032", f"{signed_said(len(signed), len(settled.withdrawals))} They are: "
                            f"{', '.join(sorted(signed))}.", "The leaders' reasons stand in cqa show.", where,
                            severity="warning"))
    return tuple(told)


def _counted(code: str, kind: str, found: Sequence[Assessment], where: str) -> Problem:
    marks, signed = sum(len(one.marks) for one in found), sum(bool(one.signed_at) for one in found)
    cases = ", ".join(sorted({one.case_id for one in found}))
    return Problem(code, f"{how_many(marks, 'mark')} on {kind} cases ({cases}) are left out of everything that is "
                   f"counted; {signed} of the {len(found)} assessments are signed off.", "They stay in the journals.",
                   where, severity="warning")


def _handed_on(settled: Settled) -> set[tuple[str, str]]:
    """Each main case with somebody (in lower case) who handed it on and does not mark it any more."""
    mains = {case.case_id for case in settled.sample.cases if case.main}
    now = {(mark.case_id, mark.reviewer.casefold()) for mark in settled.sample.assignments}
    return {place for one in settled.hand_ons
            if (place := (one.case_id, one.giver.casefold())) not in now and one.case_id in mains}


def signed_withdrawals(withdrawals: Iterable[Withdrawal], sample: Sample, records: Records) -> set[str]:
    """The withdrawn cases that had been signed off: by what their leader saw, or by what the journals say now."""
    found = set()
    for one in withdrawals:
        markers = [sample.reviewer(one.case_id, turn).casefold() for turn in TURNS]
        kept = [record for marker in markers if (record := records.get(marker, {}).get(one.case_id))]
        if one.signed or any(assessment_of(one.case_id, record).signed_at for record in kept):
            found.add(one.case_id)
    return found


def signed_before(settled: Settled, records: Records, where: str) -> Iterator[Problem]:
    """A warning for each case that, by the clocks, was signed off when it was handed on, or withdrawn as if nobody had
    signed it: their leader may not have had the reviewer's journal yet, or may have known better."""
    def signed(reviewer: str, case_id: str) -> str:
        record = records.get(reviewer.casefold(), {}).get(case_id)
        return assessment_of(case_id, record).signed_at if record else ""

    for one in settled.hand_ons:
        if one.giver and "" < signed(one.giver, one.case_id) < one.at:
            yield Problem("S030", f"Case '{one.case_id}' was handed on by {one.leader} at {one.at}, and {one.giver} "
                          f"had signed it off at {signed(one.giver, one.case_id)}. A signed-off case is not handed on.",
                          f"Ask {one.leader} whether {one.giver}'s journal was there by then.", where,
                          severity="warning")
    for gone in settled.withdrawals:
        known = {name.casefold() for name in gone.signed}
        for marker in filter(None, (settled.sample.reviewer(gone.case_id, turn) for turn in TURNS)):
            if marker.casefold() not in known and "" < signed(marker, gone.case_id) < gone.at:
                yield Problem("S032", f"Case '{gone.case_id}' was withdrawn by {gone.leader} at {gone.at} without a "
                              f"word that {marker} had signed it off, at {signed(marker, gone.case_id)}.",
                              f"Ask {gone.leader} whether {marker}'s journal was there by then.", where,
                              severity="warning")


def signed_said(signed: int, withdrawn: int) -> str:
    """How many withdrawn cases had been signed off, in a sentence."""
    return f"{signed} of {how_many(withdrawn, 'withdrawn case')} had been signed off."


def changes_told(settled: Settled, reviewer: str, begun: frozenset[str]) -> Iterator[Problem]:
    """A warning for each case of the reviewer's that was changed since: replaced once it was among those `begun`,
    withdrawn, or handed on to somebody else."""
    now = {mark.case_id for mark in settled.sample.assignments if mark.reviewer == reviewer}
    for one in settled.counting:
        if not isinstance(one, Replacement | Withdrawal | HandOn):
            continue  # a move is told by itself, and a further marker is told to nobody
        kept = f" What {reviewer} marked there is kept, and counts nowhere." if one.case_id in begun else ""
        if _concerns(one, reviewer, now, bool(kept)):
            yield Problem("S026" if isinstance(one, Replacement) else "S031", f"{_said(one)}{kept}",
                          severity="warning")


def _concerns(one: CaseChange, reviewer: str, now: set[str], begun: bool) -> bool:
    if isinstance(one, Replacement):
        return begun
    if isinstance(one, Withdrawal):
        return begun or one.case_id in now
    return one.giver.casefold() == reviewer.casefold() and one.case_id not in now


def _said(one: CaseChange) -> str:
    if isinstance(one, Replacement):
        return f"Case '{one.case_id}' was replaced by '{one.reserve}' ({one.reason})."
    if isinstance(one, Withdrawal):
        return f"Case '{one.case_id}' was withdrawn by {one.leader} ({one.reason})."
    return f"Case '{one.case_id}' was handed on to {one.taker} by {one.leader} ({one.reason})."
