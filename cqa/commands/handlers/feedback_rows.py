"""Feedback over whole samples as plain rows: for the status, and for the sheets of the report."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from cqa.commands.handlers.feedback_ground import ground_for, local_day
from cqa.commands.records import SampleRecord
from cqa.consistency.feedback_tables import ActionRow, FeedbackRow, FeedbackRows, ReplyRow
from cqa.marking.feedback import ANSWERS, DECISIONS, Feedback
from cqa.marking.feedback_deeds import stale
from cqa.sampling.draw import DrawnCase

DueOn = Callable[[date], date | None]
"""From the day on which the last marker signed to the day by which feedback is to be given; None: no day is set."""


def no_due_day(signed: date) -> None:
    """Where no day is set by which feedback is to be given."""


def feedback_rows(
    records: Iterable[SampleRecord], today: date, due_on: DueOn = no_due_day, viewer: str = ""
) -> FeedbackRows:
    """Every main case with somebody to mark it, in the order of samples and tickets; of trials, where none is owed,
    those on which a sheet was written. What `viewer` is still to mark is left out: that others have signed it, and what
    they were told of it, is not for them yet."""
    found = [(record, case, record.feedbacks.of(case.case_id)) for record in records
             for hidden in [record.still_to_mark(viewer)]
             for case in record.folder.sample.cases
             if case.main and case.case_id not in hidden and record.of_case(case.case_id)
             and (not record.trial or record.feedbacks.of(case.case_id).version)]
    return FeedbackRows(
        tuple(_case(record, case, feedback, today, due_on) for record, case, feedback in found),
        tuple(row for record, case, feedback in found for row in _replies(record, case, feedback)),
        tuple(row for record, case, feedback in found for row in _actions(record, case, feedback, today)))


def _case(
    record: SampleRecord, case: DrawnCase, feedback: Feedback, today: date, due_on: DueOn
) -> FeedbackRow:
    ground = ground_for(record, case, today)
    signed = None if ground.waiting else ground.signed_on
    due = due_on(signed) if signed else None
    first = next((one.reviewer for one in record.of_case(case.case_id) if one.turn == "first"), "")
    return FeedbackRow(
        record.name, case.case_id, case.stratum, "; ".join(case.handlers), first, _day(signed), _day(due),
        feedback.version, feedback.given, feedback.how, feedback.seen,
        overdue=due is not None and due < today and not feedback.given, outdated=bool(stale(ground, feedback)))


def _replies(record: SampleRecord, case: DrawnCase, feedback: Feedback) -> Iterator[ReplyRow]:
    for reply in feedback.replies.values():
        replied = local_day(reply.at)
        decided = local_day(reply.decided_at) if reply.decision else None
        yield ReplyRow(
            record.name, case.case_id, reply.question_id, reply.answer, ANSWERS.get(reply.answer, reply.answer),
            _day(replied), reply.words, reply.decision, DECISIONS.get(reply.decision, reply.decision), _day(decided),
            reply.reason, (decided - replied).days if decided and replied else None)


def _actions(record: SampleRecord, case: DrawnCase, feedback: Feedback, today: date) -> Iterator[ActionRow]:
    for step in feedback.actions:
        yield ActionRow(record.name, case.case_id, step.number, step.what, step.owner, step.due, step.done,
                        not step.done and step.due < f"{today}", step.again, step.again_in)


def _day(day: date | None) -> str:
    return f"{day}" if day else ""
