"""The rubrics under which one sample was marked, and what of a case's marks stands under the one that governs it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations

from cqa.marking.events import STATUS, Event
from cqa.marking.replay import CaseRecord, Mark, mark_of
from cqa.rubric.model import Rubric
from cqa.rubric.touched import touched


@dataclass(frozen=True, slots=True)
class Versions:
    """Every rubric of a sample by the SHA-256 of its bytes: as `drawn`, and as leaders moved it; `current` governs all
    that is not signed off. `touched`: from which rubric to which, the questions whose marks do not carry over."""

    drawn: str
    current: str
    rubrics: Mapping[str, Rubric]
    touched: Mapping[tuple[str, str], frozenset[str]]

    def of(self, record: CaseRecord) -> Rubric:
        """The rubric that governs a case: that of its sign-off, else the current one."""
        return self.rubrics[self._governing(record)]

    def under(self, record: CaseRecord) -> CaseRecord:
        """The record with every mark set aside that was given under another rubric than the governing one, to a
        question that the two do not mean alike. The event of such a mark stays in its place, without the mark, so that
        the next one names it as what it replaces."""
        gone = self._gone(record, self._governing(record))
        return CaseRecord(_heads_without(record, gone), _without(record.signed, gone)) if gone else record

    def worked_on(self, record: CaseRecord) -> CaseRecord:
        """The record as its reviewer works on it: an amendment is made under the current rubric, and sets aside what a
        case that is not signed off would set aside; what was signed stays as it was signed."""
        if record.amendment is None:
            return self.under(record)
        return CaseRecord(_heads_without(record, self._gone(record, self.current)), self.under(record).signed)

    def set_aside(self, record: CaseRecord) -> dict[str, Mark]:
        """Question to the mark that is set aside there, in the order of the governing rubric, as long as it has it."""
        gone = self._gone(record, self._governing(record))
        marks = {event.question_id: mark_of(event) for event in record.counting().values() if event.id in gone}
        return {name: marks[name] for name in self.of(record).by_id if name in marks}

    def _gone(self, record: CaseRecord, governing: str) -> frozenset[str]:
        """The ids of the events whose marks are set aside under a rubric."""
        if len(self.rubrics) == 1:
            return frozenset()
        events = (*(event for standing in record.heads.values() for event in standing), *record.signed)
        return frozenset(event.id for event in events if event.body.get("mark") is not None
                         and event.question_id in self._not_alike(event, governing))

    def _not_alike(self, event: Event, governing: str) -> frozenset[str]:
        return self.touched.get((self._known(event.rubric), governing), frozenset())

    def _governing(self, record: CaseRecord) -> str:
        signed = _signed(record)
        return self._known(signed.rubric) if signed else self.current

    def _known(self, sha256: str) -> str:
        """A rubric nobody knows counts as the one that was drawn with."""
        return sha256 if sha256 in self.rubrics else self.drawn


def _without(events: Iterable[Event], gone: frozenset[str]) -> tuple[Event, ...]:
    """The events, those that are set aside without their marks."""
    return tuple(event._replace(body={}) if event.id in gone else event for event in events)


def _heads_without(record: CaseRecord, gone: frozenset[str]) -> dict[str, tuple[Event, ...]]:
    return {slot: _without(events, gone) for slot, events in record.heads.items()}


def _signed(record: CaseRecord) -> Event | None:
    """The sign-off that stands, if one does."""
    status = record.head(STATUS)
    return status if status is not None and status.kind == "signed_off" else None


def versions_of(drawn: str, current: str, rubrics: Mapping[str, Rubric]) -> Versions:
    """The versions of a sample's rubric; `rubrics` by SHA-256 hold at least the two named."""
    pairs = {(one, other): frozenset(touched(rubrics[one], rubrics[other]))
             for one, other in permutations(rubrics, 2)}
    return Versions(drawn, current, rubrics, pairs)
