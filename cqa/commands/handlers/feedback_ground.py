"""What feedback on a case stands on: its marks, who has signed, what was written so far, the handler's other cases."""

from collections.abc import Iterable, Sequence
from datetime import date

from cqa.commands.records import SampleRecord
from cqa.errors import Damaged, Forbidden, Problem, only_errors
from cqa.marking.entries import Entry
from cqa.marking.feedback_deeds import Ground, Later
from cqa.marking.handout import Handout, Marked, band_of, lines_of, shown_facts
from cqa.marking.moderation import MODERATION
from cqa.marking.spent import moment_of
from cqa.sampling.draw import DrawnCase
from cqa.sampling.main_case import main_case


def case_for_feedback(record: SampleRecord, case_id: str, viewer: str) -> DrawnCase:
    """The main case of that id. Raises WrongUse for an unknown one; Forbidden for one that is not in use, and where
    the viewer is still to mark it: nothing of it may be shown to them."""
    case = main_case(record.settled, case_id, "J040", "fed back on")
    if case_id in record.still_to_mark(viewer):
        raise Forbidden(Problem("J042", f"You are still to mark case '{case_id}', and see nothing of it until then.",
                                f"Mark it first: cqa assess {case_id} --sample "
                                f"{record.owed_beside.get(case_id, record.name)}"))
    return case


def refuse_damage(record: SampleRecord) -> None:
    """Raises Damaged where a journal of the sample is: what stands is then not known, and nothing is built on it."""
    if damage := only_errors(record.problems):
        raise Damaged(damage)


def ground_for(record: SampleRecord, case: DrawnCase, today: date, others: Iterable[SampleRecord] = ()) -> Ground:
    """What there is to know before feedback on a case is written down. `others` are the samples in which an action
    may be looked for again."""
    markers = record.of_case(case.case_id)
    waiting = tuple(one.reviewer for one in markers if not one.signed)
    moderation = record.moderations.of(case.case_id, MODERATION)
    over = tuple(one.assessment.signed_id for one in markers if one.signed)
    signed = [one.assessment.signed_at for one in markers if one.signed]
    return Ground(
        case.case_id, case.handlers, waiting, handout_of(record, case), over,
        local_day(max(signed)) if signed else None, today, _entries(record, case.case_id),
        unsettled=bool(moderation.agreed) and not moderation.settled,
        outdated=moderation.settled and bool(set(moderation.over) - set(over)),
        later={(other.name.casefold(), one.case_id): later for other in others
               for one, later in _later(other, case.handlers)
               if (other.name.casefold(), one.case_id) != (record.name.casefold(), case.case_id)},
        sample=record.name, markers=tuple(one.reviewer for one in markers))


def local_day(stamp: str) -> date | None:
    """The day of a recorded moment where cqa runs: people date feedback by their own calendar."""
    moment = moment_of(stamp)
    return moment.astimezone().date() if moment else None


def handout_of(record: SampleRecord, case: DrawnCase) -> Handout | None:
    """What a sheet on a case says of its marks; None while its first marker has not signed it off."""
    first = next((one for one in record.of_case(case.case_id) if one.turn == "first" and one.signed), None)
    if first is None:
        return None
    moderation, rubric, sample = record.moderations.of(case.case_id, MODERATION), first.rubric, record.folder.sample
    marked = Marked(first.reviewer, first.assessment.signed_at, first.assessment.signed_id, moderation.settled_at)
    return Handout(
        sample.name, sample.frame_digest, case.case_id, case.handlers, rubric.id, rubric.title, rubric.version,
        lines_of(rubric, first.standing, moderation), shown_facts(rubric, first.standing),
        band_of(rubric, first.standing, moderation), marked)


def _entries(record: SampleRecord, case_id: str) -> tuple[Entry, ...]:
    """What stands of the feedback on a case."""
    return tuple(entry for standing in record.feedbacks.entries.get(case_id, {}).values() for entry in standing)


def _later(record: SampleRecord, handlers: Sequence[str]) -> Iterable[tuple[DrawnCase, Later]]:
    """The sample's main cases that one of these handled, with whether and when all have signed them."""
    wanted = {name.casefold() for name in handlers}
    for case in record.folder.sample.cases:
        if case.main and wanted & {name.casefold() for name in case.handlers}:
            markers = record.of_case(case.case_id)
            signed = bool(markers) and all(one.signed for one in markers)
            yield case, Later(signed, max((one.assessment.signed_at for one in markers), default=""))
