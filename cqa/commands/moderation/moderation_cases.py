"""The cases of a sample as moderation sees them: which can be moderated, by whom, and why the others cannot."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cqa.commands.records import Assessed, SampleRecord
from cqa.marking.compared import Marker, SharedCase, in_hidden_order
from cqa.marking.moderation import Moderation
from cqa.sampling.draw import DrawnCase
from cqa.sampling.extra_turns import CALIBRATION, DIP
from cqa.sampling.pairing import Person, why_barred

_APART = (CALIBRATION, DIP)


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases that somebody may moderate now, in ticket order, and of all others why they may not: a code of
    REFUSALS and its words."""

    shared: Mapping[str, SharedCase]
    closed: Mapping[str, tuple[str, ...]]

    def count(self, code: str) -> int:
        """How many cases are closed for that reason."""
        return sum(why[0] == code for why in self.closed.values())


def cases_for(record: SampleRecord, person: str, people: Iterable[Person]) -> Cases:
    """What this person may moderate in a sample. Nobody moderates what they marked or handled, or are still to mark;
    nothing is moderated before everyone who marks it has signed it off."""
    known = tuple(people)
    shared: dict[str, SharedCase] = {}
    closed: dict[str, tuple[str, ...]] = {}
    by_case: dict[str, list[Assessed]] = {}
    for one in record.everyone:
        by_case.setdefault(one.case.case_id, []).append(one)
    for case in record.folder.sample.cases:
        given = tuple(by_case.get(case.case_id, ()))
        if case.case_id in record.owed_beside:
            closed[case.case_id] = ("still_to_mark", case.case_id)
        elif why := _why_closed(case, given, person, known):
            closed[case.case_id] = why
        else:
            shared[case.case_id] = shared_case(record, given)
    return Cases(shared, closed)


def shared_case(record: SampleRecord, given: Sequence[Assessed]) -> SharedCase:
    """What those who have signed a case off gave on it, under the letters that hide them; `given` are its assessments,
    one at least. The rubric is the sample's present one where one of them signed under it.

    Marks for calibration and of dip-samples are held against what was agreed, and have no part in agreeing.
    """
    case_id, signed = given[0].case.case_id, [one for one in given if one.signed and one.turn not in _APART]
    used = {one.rubric.version: one.rubric for one in (signed or given)}
    present = used.get(record.rubric.version) if record.rubric else None
    return SharedCase(case_id, present or next(iter(used.values())),
                      in_hidden_order(record.folder.sample.seed, case_id, map(_marker, signed)))


def settled_cases(record: SampleRecord, purpose: str) -> Iterator[tuple[SharedCase, Moderation]]:
    """Every settled case in ticket order with its moderation, whose questions `cqa.marking.moderated` tells: unblinded,
    so that who reads it must be allowed to. Cases that are not marked in the sample any more are left out."""
    for case in record.folder.sample.cases:
        moderation = record.moderations.of(case.case_id, purpose)
        if moderation.settled and (given := record.of_case(case.case_id)):
            yield shared_case(record, given), moderation


def _marker(one: Assessed) -> Marker:
    return Marker(one.reviewer, one.turn, one.assessment.signed_id, one.rubric.version, one.standing.marks,
                  one.standing.facts, one.standing.result(one.rubric))


def _why_closed(
    case: DrawnCase, given: tuple[Assessed, ...], person: str, people: tuple[Person, ...]
) -> tuple[str, ...]:
    if not case.marked:
        unused = "it is a reserve that is not in use" if case.role == "reserve" else f"it was {case.role}"
        return "gone", case.case_id, unused
    if barred := why_barred(case, person, "first", people):
        return "own_work", case.case_id, barred
    mine = [one for one in given if one.reviewer.casefold() == person.casefold()]
    # Whether somebody else marks it too is nothing that a marker should learn before they have signed.
    if any(not one.signed for one in mine):
        return "still_to_mark", case.case_id
    if mine:
        return "own_marks", case.case_id
    if sum(one.turn not in _APART for one in given) < 2:
        return "marked_once", case.case_id
    return () if all(one.signed for one in given) else ("not_all_signed", case.case_id)
