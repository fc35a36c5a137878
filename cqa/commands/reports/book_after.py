"""The sheets of a reviewer's book on what became of their marks: what moderation agreed, and what handlers answered."""

from collections.abc import Collection, Iterator

from cqa.commands.records import Assessed, SampleRecord
from cqa.commands.reports.after_marking import settled_now
from cqa.facts import second_of
from cqa.marking.feedback import ANSWERS, DECISIONS
from cqa.marking.moderation import CAUSES, MODERATION
from cqa.marking.view import mark_in_words
from cqa.table import Cell, Column, Table

NONE, NOT_ASKED = "none", "not asked"


def after_own_marks(record: SampleRecord, shown: Collection[Assessed]) -> tuple[Table, ...]:
    """The sheets that have something to say; `shown` are the reviewer's assessments that their book may show."""
    tables = (_moderation(record, shown), _replies(record, shown))
    return tuple(table for table in tables if table.rows)


def _moderation(record: SampleRecord, shown: Collection[Assessed]) -> Table:
    columns = (Column("Case", "id", 12), Column("Question", "id", 12), Column("My mark", "text", 18),
               Column("Agreed mark", "text", 18), Column("Why the marks differed", "text", 22),
               Column("Reason", "long", 40), Column("Settled (UTC)", "text", 14))
    return Table("Moderation", "What moderation agreed on my cases", "My marks stay as they are. A case that was "
                 "amended since it was settled is not listed.", columns, tuple(_agreed(record, shown)))


def _agreed(record: SampleRecord, shown: Collection[Assessed]) -> Iterator[tuple[Cell, ...]]:
    settled = settled_now(record)
    for one in shown:
        if one.case.case_id in settled:
            found = record.moderations.of(one.case.case_id, MODERATION).agreed
            for question in one.rubric.questions:
                agreed, mark = found.get(question.id), one.standing.marks.get(question.id)
                if agreed is not None:
                    yield (one.case.case_id, question.id, mark_in_words(question, mark.value) if mark else NOT_ASKED,
                           mark_in_words(question, agreed.mark) if agreed.mark else NOT_ASKED,
                           CAUSES.get(agreed.cause, NONE), agreed.reason or NONE, second_of(agreed.at))


def _replies(record: SampleRecord, shown: Collection[Assessed]) -> Table:
    columns = (Column("Case", "id", 12), Column("Question", "id", 12), Column("Answer", "text", 14),
               Column("In the handler's words", "long", 40), Column("Decided", "text", 24), Column("Why", "long", 34))
    return Table("Replies", "What handlers answered to my marks", "Of cases that I marked first. A reply stands "
                 "beside the mark, never over it.", columns, tuple(_answered(record, shown)))


def _answered(record: SampleRecord, shown: Collection[Assessed]) -> Iterator[tuple[Cell, ...]]:
    for one in shown:
        if one.turn == "first":
            for reply in record.feedbacks.of(one.case.case_id).replies.values():
                yield (one.case.case_id, reply.question_id, ANSWERS.get(reply.answer, reply.answer),
                       reply.words or NONE, DECISIONS.get(reply.decision, "not yet"), reply.reason or NONE)
