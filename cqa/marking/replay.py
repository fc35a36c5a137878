"""From journal events to what stands: for every case the marks, facts, flag and sign-off that nothing replaced."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter

from cqa.marking.events import AMENDMENT, BAND, BESIDE, STATUS, URGENT, Event
from cqa.marking.fold import Fold


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands for a question: a level's id, or the words of a question in words, with its reason and evidence.

    `shown_ms`: how long the question had been shown when it was marked, where that was recorded.
    """

    question_id: str
    value: str
    reason: str
    evidence: str
    at: str
    event_id: str
    shown_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """One reviewer's assessment of one case, derived by replay. `signed_at` is empty until it is signed off.

    `disputed` lists the slots where two events stand that nobody replaced, as two devices can leave them; `unsigned`
    those where something stands that came beside the sign-off without being seen, which never counts; `missing` the
    ids of events that were signed and are not here.

    `urgent` are the words of an urgent concern, raised at `urgent_at`; `amending` the reason of an amendment that is
    not signed off yet; `band_dispute` why the reviewer thinks the band wrong; `signed_id` the event of the sign-off
    that counts. Each is empty where there is none.
    """

    case_id: str
    marks: Mapping[str, Mark]
    facts: Mapping[str, str]
    flagged: bool
    signed_at: str
    disputed: tuple[str, ...]
    unsigned: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    urgent: str = ""
    urgent_at: str = ""
    amending: str = ""
    band_dispute: str = ""
    signed_id: str = ""

    @property
    def values(self) -> dict[str, str]:
        """Question id to mark."""
        return {question: mark.value for question, mark in self.marks.items()}


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """The events that stand in each slot of one case: one each, or several where devices disagree.

    `signed` holds the events that the standing sign-off names, whether or not a later event replaced them.
    """

    heads: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    signed: tuple[Event, ...] = ()

    def after(self, event: Event) -> "CaseRecord":
        """The record once the event is added: it takes the place of those it replaces."""
        rest = tuple(head for head in self.heads.get(event.slot, ()) if head.id not in event.replaces)
        heads = {**self.heads, event.slot: (*rest, event)}
        known = {one.id: one for standing in (self.signed, *self.heads.values()) for one in standing}
        return CaseRecord(heads, tuple(_signed(heads, known.get)))

    def head(self, slot: str) -> Event | None:
        """The event that stands in the slot; of several the one with the greatest id, so that all readers agree."""
        standing = self.heads.get(slot, ())
        return standing[0] if len(standing) == 1 else _greatest(standing)

    def standing_ids(self, slot: str) -> tuple[str, ...]:
        """The ids of all events standing in the slot, which the next event there replaces."""
        return tuple(event.id for event in self.heads.get(slot, ()))

    def counting(self) -> dict[str, Event]:
        """Slot to the event that counts there: of a signed case what was signed, else what stands."""
        status = self.head(STATUS)
        if status is not None and signs(status) is not None:
            return {STATUS: status, **{event.slot: event for event in self.signed}}
        return self.standing()

    def standing(self) -> dict[str, Event]:
        """Slot to the event that stands there, slots beside the assessment left out."""
        return {slot: event for slot in self.heads if slot not in BESIDE and (event := self.head(slot))}

    @property
    def disputed(self) -> tuple[str, ...]:
        """The slots of the assessment where several events stand."""
        return tuple(slot for slot, standing in self.heads.items() if len(standing) > 1 and slot not in BESIDE)

    def beside(self, slot: str) -> tuple[Event, ...]:
        """What stands in a slot beside the assessment, blank words left out."""
        return tuple(event for event in self.heads.get(slot, ()) if str(event.body[slot]).strip())

    @property
    def amendment(self) -> Event | None:
        """The amendment that was begun and is not signed off: one that names the standing sign-off."""
        status, begun = self.head(STATUS), self.head(AMENDMENT)
        return begun if status and begun and begun.body[AMENDMENT] == status.id else None


def _greatest(events: Iterable[Event]) -> Event | None:
    return max(events, key=lambda event: (event.writer, event.seq), default=None)


def signs(event: Event) -> tuple[str, ...] | None:
    """The ids that a sign-off signs; None for other events, and for sign-offs from before they named any."""
    named = event.body.get("signs") if event.kind == "signed_off" else None
    return tuple(str(named).split()) if named is not None else None


def replay(events: Iterable[Event]) -> dict[str, CaseRecord]:
    """The record of every case. The order of the events, and of the files they came from, changes nothing."""
    known = {event.id: event for event in events if event.case_id and event.slot}
    fold: Fold[Event] = Fold()
    for event in known.values():
        fold.add(event.id, event.case_id, event, event.replaces, signed_text(event.kind, event.body))
    for event_id in fold.missed() & known.keys():
        fold.keep(event_id, known[event_id])
    return records_of(fold.standing(), fold.known)


def signed_text(kind: object, body: Mapping[str, object]) -> str | None:
    """What a sign-off names as signed, as the line has it; None for any other event."""
    named = body.get("signs") if kind == "signed_off" else None
    return str(named) if named is not None else None


def records_of(standing: Iterable[Event], known: Callable[[str], Event | None]) -> dict[str, CaseRecord]:
    """The record of every case, of the events that stand in it; `known` gives those that may have been signed."""
    heads: dict[str, dict[str, tuple[Event, ...]]] = {}
    for event in sorted(standing, key=attrgetter("writer", "seq")):
        slots, slot = heads.setdefault(event.case_id, {}), event.slot
        slots[slot] = (*slots[slot], event) if slot in slots else (event,)
    return {case_id: CaseRecord(slots, tuple(event for event in _signed(slots, known) if event.case_id == case_id))
            for case_id, slots in heads.items()}


def _signed(heads: Mapping[str, tuple[Event, ...]], known: Callable[[str], Event | None]) -> Iterator[Event]:
    """The known events that the standing sign-off names."""
    status = _greatest(heads.get(STATUS, ()))
    for event_id in (signs(status) or ()) if status else ():
        if (event := known(event_id)) is not None:
            yield event


def assessment_of(case_id: str, record: CaseRecord) -> Assessment:
    """The assessment that counts: of a case that is being amended, what was signed."""
    counting = record.counting()
    status = record.head(STATUS)
    disputed = record.disputed
    unsigned = () if record.amendment or status is None or signs(status) is None else tuple(
        slot for slot in record.heads
        if slot not in (*disputed, *BESIDE) and record.head(slot) != counting.get(slot))
    here = {event.id for event in record.signed}
    missing = tuple(event_id for event_id in (signs(status) or () if status else ()) if event_id not in here)
    signed = status if status and status.kind == "signed_off" else None
    return _assessment(case_id, record, counting, signed, (disputed, unsigned, missing))


def worked_on(case_id: str, record: CaseRecord) -> Assessment:
    """The assessment as its reviewer works on it: of a case that is being amended what stands now, not signed."""
    if record.amendment is None:
        return assessment_of(case_id, record)
    standing = {slot: event for slot, event in record.standing().items() if slot != STATUS}
    return _assessment(case_id, record, standing, None, (record.disputed, (), ()))


_Doubts = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def _assessment(
    case_id: str, record: CaseRecord, events: Mapping[str, Event], signed: Event | None, doubts: _Doubts
) -> Assessment:
    marks, facts, flagged = {}, {}, False
    for slot, event in events.items():
        what, _, name = slot.partition(":")
        if what == "question" and event.body.get("mark") is not None:
            marks[name] = mark_of(event)
        elif what == "fact" and event.body.get("value"):
            facts[name] = str(event.body["value"])
        elif what == "flag":
            flagged = event.body["flag"] == "on"
    urgent, amendment = record.beside(URGENT), record.amendment
    return Assessment(
        case_id, marks, facts, flagged, signed.at if signed else "", *doubts,
        urgent=_words(urgent, URGENT), urgent_at=min((event.at for event in urgent), default=""),
        amending=amendment.reason if amendment else "", band_dispute=_words(record.beside(BAND), BAND),
        signed_id=signed.id if signed else "")


def _words(events: tuple[Event, ...], slot: str) -> str:
    return "\n".join(str(event.body[slot]) for event in events)


def mark_of(event: Event) -> Mark:
    """The mark that an event sets."""
    body = event.body
    shown = body.get("shown_ms")
    return Mark(event.question_id, str(body["mark"]), str(body.get("mark_reason") or ""),
                str(body.get("evidence") or ""), event.at, event.id, shown if isinstance(shown, int) else None)
