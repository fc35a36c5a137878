"""What came after the marks of samples, taken from the record: moderation, calibration, further looks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cqa.commands.leaders.references import accuracies_of, seeded_of
from cqa.commands.moderation.moderation_cases import settled_cases
from cqa.commands.records import Assessed, SampleRecord, question_scales, rows_of
from cqa.commands.reports.amending import amendments
from cqa.consistency.after_marking import AfterMarking, Look, Settled, differs, held_against_agreed
from cqa.consistency.calibration import drift
from cqa.consistency.feedback_tables import FeedbackRows
from cqa.consistency.held import Held, ScaleKey, held_against
from cqa.consistency.marks import MarkRow, QuestionScale
from cqa.marking.moderation import CAUSES, MODERATION
from cqa.sampling.extra_turns import DIP, TRIGGERED, TRIGGERS
from cqa.scheme import CalibrationSettings

Call = Callable[[str], str]
"""How a person is called in what is made: by name, or by letter."""
_Scales = Mapping[ScaleKey, QuestionScale]


def after_marking(
    records: Sequence[SampleRecord], settings: CalibrationSettings | None, call: Call = str,
    others: Sequence[SampleRecord] = (), feedback: FeedbackRows | None = None
) -> AfterMarking:
    """Everything that came after the marks. `call` gives the names under which people appear; `others` are further
    samples in which the same reviewers may have marked calibration cases; `feedback` is what was fed back."""
    scales = {scale.key: scale for scale in question_scales((*records, *others))}
    known = seeded_of((*records, *others))
    seeded = tuple(replace(one, reviewer=call(one.reviewer)) for one in known)
    accuracy = accuracies_of(records, settings, known) if settings or seeded else ()
    settled = tuple(one for record in records for one in _settled(record, call))
    cases = [(record.name, case_id) for record in records for case_id in sorted(settled_now(record))]
    rows = [_called(row, call) for row in rows_of(one for record in records for one in record.assessed)]
    due = [(record, case_id) for record in records for case_id in differing(record, scales)]
    return AfterMarking(
        due=len(due), done=sum((record.name, case_id) in cases for record, case_id in due), settled=settled,
        held=held_against_agreed(rows, settled, cases, scales), seeded=seeded,
        accuracy=tuple(replace(one, reviewer=call(one.reviewer)) for one in accuracy), drift=drift(seeded),
        looks=tuple(look for record in records for look in _looks(record, scales, call)),
        amendments=tuple(amendments(records, call)), feedback=called_so(feedback or FeedbackRows(), call),
        clearance=settings is not None and settings.clearance is not None, scales=scales, causes_in_words=CAUSES,
        triggers_in_words=TRIGGERS)


def called_so(feedback: FeedbackRows, call: Call) -> FeedbackRows:
    """The rows with people as `call` names them; of several handlers each."""
    return FeedbackRows(
        tuple(replace(row, reviewer=call(row.reviewer), handler="; ".join(map(call, row.handler.split("; ")))
                      if row.handler else "") for row in feedback.cases),
        feedback.replies, tuple(replace(row, owner=call(row.owner)) for row in feedback.actions))


def settled_now(record: SampleRecord) -> frozenset[str]:
    """The cases whose moderation is settled over the marks that count now: one amended since is open again."""
    return frozenset(case.case_id for case, moderation in settled_cases(record, MODERATION)
                     if case.in_force(moderation))


def differing(record: SampleRecord, scales: _Scales) -> Iterator[str]:
    """The cases with a random second mark that everyone has signed, and whose marks differ."""
    for one in record.assessed:
        if one.turn == "second" and record.both_signed(one.case.case_id):
            first = next((other for other in record.assessed
                          if other.turn == "first" and other.case.case_id == one.case.case_id), None)
            if first and differs(_by_question(first), _by_question(one), scales):
                yield one.case.case_id


def _by_question(one: Assessed) -> dict[str, MarkRow]:
    return {row.question: row for row in rows_of((one,))}


def _called(row: MarkRow, call: Call) -> MarkRow:
    return replace(row, reviewer=call(row.reviewer))


def _settled(record: SampleRecord, call: Call) -> Iterator[Settled]:
    settled = settled_now(record)
    for case_id in (case.case_id for case in record.folder.sample.cases if case.case_id in settled):
        markers = [one for one in record.assessed if one.case.case_id == case_id]
        found = record.moderations.moderated[case_id]
        rubric, given = markers[0].rubric, [_called(row, call) for row in rows_of(markers)]
        for question, one in found.agreed.items():
            yield Settled(record.name, case_id, rubric.id, rubric.version, question,
                          tuple(row for row in given if row.question == question), one.mark, one.cause, one.reason,
                          one.change_rubric, call(one.by), one.at)


def _looks(record: SampleRecord, scales: _Scales, call: Call) -> Iterator[Look]:
    triggers = {(one.case_id, one.taker.casefold()): one.trigger for one in record.settled.added}
    firsts = {one.case.case_id: one for one in record.assessed if one.turn == "first"}
    for look in record.further:
        first = firsts.get(look.case.case_id)
        if look.turn in (TRIGGERED, DIP) and first:
            held = None
            if first.signed and look.signed and record.both_signed(look.case.case_id):
                held = _held(first, look, scales)
            yield Look(look.turn, record.name, look.case.case_id, call(first.reviewer), call(look.reviewer),
                       triggers.get((look.case.case_id, look.reviewer.casefold()), ""), look.state, held)


def _held(first: Assessed, look: Assessed, scales: _Scales) -> Held:
    """The first assessment held against the further look at its case."""
    return held_against(rows_of((first,)), _marks(rows_of((look,)), scales), scales)


def _marks(rows: Iterable[MarkRow], scales: _Scales) -> dict[str, str]:
    return {row.question: row.mark for row in rows if (row.rubric, row.version, row.question) in scales}
