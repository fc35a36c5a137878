"""What `cqa verify` finds in what was moderated: by whom it must not have been, and what no longer stands."""

from collections.abc import Iterable, Iterator, Mapping

from cqa.errors import Problem
from cqa.marking.entries import Entry
from cqa.marking.moderation import Moderation, moderations_of
from cqa.marking.replay import CaseRecord, assessment_of
from cqa.sampling.pairing import why_barred
from cqa.sampling.plan import Sample

Records = Mapping[str, Mapping[str, CaseRecord]]
"""Reviewer (in lower case) to case to what stands of their marks."""


def moderation_problems(
    sample: Sample, entries: Iterable[Entry], records: Records, where: str
) -> Iterator[Problem]:
    """Every case that was moderated by somebody who marks it (S063) or handled it (S061), which is not marked in the
    sample any more (J033), or which was amended since it was settled (J034). `sample` has the changes in force."""
    known = tuple(entries)
    for person, case_id in dict.fromkeys((entry.person, entry.case_id) for entry in known):
        yield from _by_whom(sample, person, case_id, where)
    found = moderations_of(known)
    for moderation in (*found.moderated.values(), *found.reference.values()):
        yield from _amended(sample, moderation, records, where)


def _by_whom(sample: Sample, person: str, case_id: str, where: str) -> Iterator[Problem]:
    case = next((one for one in sample.cases if one.case_id == case_id), None)
    if case is None or not case.marked:
        yield Problem("J033", f"Case '{case_id[:80]}' was moderated by {person}, and is not marked in this sample.",
                      "What was agreed on it counts nowhere.", where, severity="warning")
        return
    if any(given.case_id == case_id and given.reviewer.casefold() == person for given in sample.assignments):
        yield Problem("S063", f"Case '{case_id}' was moderated by {person}, who marks it too.",
                      "Let somebody else moderate it anew.", where)
    if why := why_barred(case, person, "first", sample.plan.people):
        yield Problem("S061", f"Case '{case_id}' was moderated by {person}: {why}.",
                      "Let somebody else moderate it anew.", where)


def _amended(sample: Sample, moderation: Moderation, records: Records, where: str) -> Iterator[Problem]:
    case_id = moderation.case_id
    standing = {assessment_of(case_id, cases[case_id]).signed_id for cases in records.values() if case_id in cases}
    marked = any(given.case_id == case_id for given in sample.assignments)
    if marked and moderation.settled and not set(moderation.over) <= standing:
        yield Problem("J034", f"Case '{case_id}' was amended after {moderation.by} had settled it.",
                      "Settle it again: cqa moderate.", where, severity="warning")
