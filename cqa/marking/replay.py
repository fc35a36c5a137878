"""From journal events to what stands: for every case the marks, facts, flag and sign-off that nothing replaced."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cqa.marking.events import Event


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands for a question: a level's id, or the words of a question in words, with its reason and evidence."""

    question_id: str
    value: str
    reason: str
    evidence: str
    at: str
    event_id: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """One reviewer's assessment of one case, derived by replay. `signed_at` is empty until it is signed off.

    `disputed` lists the slots where two events stand that nobody replaced, as two devices can leave them.
    """

    case_id: str
    marks: Mapping[str, Mark]
    facts: Mapping[str, str]
    flagged: bool
    signed_at: str
    disputed: tuple[str, ...]

    @property
    def values(self) -> dict[str, str]:
        """Question id to mark."""
        return {question: mark.value for question, mark in self.marks.items()}


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """The events that stand in each slot of one case: one each, or several where devices disagree."""

    heads: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)

    def after(self, event: Event) -> "CaseRecord":
        """The record once the event is added: it takes the place of those it replaces."""
        rest = tuple(head for head in self.heads.get(event.slot, ()) if head.id not in event.replaces)
        return CaseRecord({**self.heads, event.slot: (*rest, event)})

    def head(self, slot: str) -> Event | None:
        """The event that stands in the slot; of several the one with the greatest id, so that all readers agree."""
        return max(self.heads.get(slot, ()), key=lambda event: (event.writer, event.seq), default=None)

    def standing_ids(self, slot: str) -> tuple[str, ...]:
        """The ids of all events standing in the slot, which the next event there replaces."""
        return tuple(event.id for event in self.heads.get(slot, ()))


def replay(events: Iterable[Event]) -> dict[str, CaseRecord]:
    """The record of every case. The order of the events, and of the files they came from, changes nothing."""
    listed = [event for event in events if event.case_id and event.slot]
    replaced = {event_id for event in listed for event_id in event.replaces}
    heads: dict[str, dict[str, tuple[Event, ...]]] = {}
    for event in sorted({event.id: event for event in listed}.values(), key=lambda one: (one.writer, one.seq)):
        if event.id not in replaced:
            slots = heads.setdefault(event.case_id, {})
            slots[event.slot] = (*slots.get(event.slot, ()), event)
    return {case_id: CaseRecord(slots) for case_id, slots in heads.items()}


def assessment_of(case_id: str, record: CaseRecord) -> Assessment:
    """The assessment that a case's record comes to."""
    marks, facts = {}, {}
    flagged, signed_at = False, ""
    for slot in record.heads:
        event = record.head(slot)
        if event is None:
            continue
        what, _, name = slot.partition(":")
        if what == "question" and event.body.get("mark") is not None:
            marks[name] = mark_of(event)
        elif what == "fact" and event.body.get("value"):
            facts[name] = str(event.body["value"])
        elif what == "flag":
            flagged = event.body["flag"] == "on"
        elif event.kind == "signed_off":
            signed_at = event.at
    disputed = tuple(slot for slot, standing in record.heads.items() if len(standing) > 1)
    return Assessment(case_id, marks, facts, flagged, signed_at, disputed)


def mark_of(event: Event) -> Mark:
    """The mark that an event sets."""
    body = event.body
    return Mark(event.question_id, str(body["mark"]), str(body.get("mark_reason") or ""),
                str(body.get("evidence") or ""), event.at, event.id)
