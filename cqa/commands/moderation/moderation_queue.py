"""What there is to moderate, without names and marks, and what is settled, with both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cqa.commands.leaders.leading import Leader
from cqa.commands.moderation.moderation_cases import Cases, settled_cases
from cqa.commands.records import SampleRecord
from cqa.facts import how_many
from cqa.marking.compared import SharedCase
from cqa.marking.moderated import Moderated, ToModerate, in_queue, moderated, to_moderate
from cqa.marking.moderation import MODERATION, Moderation
from cqa.sampling.pairing import why_barred
from cqa.screen.printer import NARROW, Printer
from cqa.table import Column, Row, Table


@dataclass(frozen=True, slots=True)
class Queue:
    """What one person is shown: the cases to moderate (`shared` holds their marks), those that are settled, and how
    many of what kind are not shown. `waiting` are not signed off by everyone yet; `own` were marked by this person, or
    show their work."""

    record: SampleRecord
    purpose: str
    shared: Mapping[str, SharedCase]
    listed: tuple[ToModerate, ...]
    settled: tuple[tuple[SharedCase, Moderation], ...]
    waiting: int
    own: int

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"sample": self.record.name, "purpose": self.purpose, "queue": [_listed(one) for one in self.listed],
                "settled": [_settled(case, moderation) for case, moderation in self.settled],
                "waiting": self.waiting, "own": self.own}


def queue_of(record: SampleRecord, leader: Leader, cases: Cases, purpose: str, every: bool) -> Queue:
    """The queue of one person: cases with a critical question in dispute first, else in ticket order."""
    found = [to_moderate(case, record.moderations.of(case_id, purpose)) for case_id, case in cases.shared.items()]
    listed = sorted((one for one in found if in_queue(one, purpose, every)), key=lambda one: not one.critical)
    return Queue(record, purpose, cases.shared, tuple(listed), tuple(_may_see_settled(record, leader, purpose)),
                 cases.count("not_all_signed") + cases.count("still_to_mark"),
                 cases.count("own_marks") + cases.count("own_work"))


def _may_see_settled(record: SampleRecord, leader: Leader, purpose: str) -> Iterator[tuple[SharedCase, Moderation]]:
    """The settled cases with their originals: none that this person is still to mark, or whose work it shows."""
    hidden = record.still_to_mark(leader.person)
    cases = {case.case_id: case for case in record.folder.sample.cases}
    for case, moderation in settled_cases(record, purpose):
        own = why_barred(cases[case.case_id], leader.person, "first", leader.workspace.people)
        if case.case_id not in hidden and not own:
            yield case, moderation


def _listed(one: ToModerate) -> dict[str, object]:
    return {"case": one.case_id, "differs": one.differs, "apart": one.apart, "furthest": one.furthest,
            "critical": one.critical, "agreed": one.agreed, "settled": one.settled, "amended_since": one.amended}


def _settled(case: SharedCase, moderation: Moderation) -> dict[str, object]:
    return {"case": case.case_id, "by": moderation.by, "at": moderation.settled_at,
            "amended_since": case.amended_since(moderation),
            "questions": [_question(one) for one in moderated(case, moderation)]}


def _question(one: Moderated) -> dict[str, object]:
    tolerance: Mapping[str, object] = {} if one.tolerance is None else {"tolerance": one.tolerance}
    return {"question": one.question.id, "agreed": one.agreed, "cause": one.cause, "reason": one.reason,
            "change_rubric": one.change_rubric, **tolerance,
            "marks": [{"reviewer": mark.reviewer, "turn": mark.turn, "mark": mark.mark, "apart": mark.apart}
                      for mark in one.marks]}


def tell_queue(printer: Printer, queue: Queue, sample: str) -> None:
    """The queue in words: a table, and what is not in it."""
    if queue.listed:
        printer.table(_table(queue.listed, queue), NARROW)
        printer.line()
    else:
        printer.paragraph(nothing_said(queue))
    for told in remarks(queue):
        printer.paragraph(told)
    if queue.listed:
        reference = "" if queue.purpose == MODERATION else " --reference"
        printer.line(f"Go on with:\n  cqa moderate {queue.listed[0].case_id} --sample {sample}{reference}")


def nothing_said(queue: Queue) -> str:
    """That nothing waits, and why it may be so."""
    if queue.settled or not queue.waiting:
        return "Nothing waits to be moderated."
    return "Nothing can be moderated yet."


def remarks(queue: Queue) -> Iterator[str]:
    """In words how many cases are not in the queue, and why."""
    settled = len(queue.settled)
    amended = sum(case.amended_since(moderation) for case, moderation in queue.settled)
    if settled:
        again = f", of which {amended} {'was' if amended == 1 else 'were'} amended since" if amended else ""
        yield f"{how_many(settled, 'case')} settled{again}."
    if queue.waiting:
        verb = "waits" if queue.waiting == 1 else "wait"
        yield f"{how_many(queue.waiting, 'case')} {verb} until everyone who marks it has signed it off."
    if queue.own:
        yield f"{how_many(queue.own, 'case')} that you marked yourself, or that shows your work: for somebody else."


def _table(listed: Sequence[ToModerate], queue: Queue) -> Table:
    columns = (Column("Case", "id"), Column("Differ", "number"), Column("Levels apart", "number"),
               Column("Furthest", "number"), Column("Agreed", "number"), Column("State"))
    rows: tuple[Row, ...] = tuple((one.case_id, one.differs, one.apart, one.furthest, one.agreed, state_said(one))
                                  for one in listed)
    what = "To be moderated" if queue.purpose == MODERATION else "To be given reference marks"
    return Table("moderate", f"{what} in {queue.record.name}", "On how many questions the markers differ, by how many "
                 "levels in all and at most on one; an answer off the scale counts as no level. Agreed: of these, how "
                 "many have their mark.", columns, rows)


def state_said(one: ToModerate) -> str:
    """In words, what is to be known of a case in the queue."""
    begun = "begun" if one.agreed else "not begun"
    state = "settled" if one.settled else "amended since it was settled" if one.amended else begun
    return f"critical, {state}" if one.critical else state

