"""The rubrics under which one sample was marked, and what of a case's marks stands under the one that governs it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
        if len(self.rubrics) == 1:
            return record
        governing = self._governing(record)
        return CaseRecord(
            {slot: tuple(self._kept(event, governing) for event in events) for slot, events in record.heads.items()},
            tuple(self._kept(event, governing) for event in record.signed))

    def worked_on(self, record: CaseRecord) -> CaseRecord:
        """The record as its reviewer works on it: an amendment is made under the current rubric, and sets aside what a
        case that is not signed off would set aside; what was signed stays as it was signed."""
        if len(self.rubrics) == 1 or record.amendment is None:
            return self.under(record)
        heads = {slot: tuple(self._kept(event, self.current) for event in events)
                 for slot, events in record.heads.items()}
        return CaseRecord(heads, self.under(record).signed)

    def set_aside(self, record: CaseRecord) -> dict[str, Mark]:
        """Question to the mark that is set aside there, in the order of the governing rubric, as long as it has it."""
        governing = self._governing(record)
        gone = {event.question_id: mark_of(event) for event in record.counting().values()
                if self._aside(event, governing)}
        return {name: gone[name] for name in self.rubrics[governing].by_id if name in gone}

    def _governing(self, record: CaseRecord) -> str:
        status = record.head(STATUS)
        return self._known(status.rubric) if status is not None and status.kind == "signed_off" else self.current

    def _known(self, sha256: str) -> str:
        """A rubric nobody knows counts as the one that was drawn with."""
        return sha256 if sha256 in self.rubrics else self.drawn

    def _aside(self, event: Event, governing: str) -> bool:
        made_under = self._known(event.rubric)
        return (made_under != governing and event.body.get("mark") is not None
                and event.question_id in self.touched[made_under, governing])

    def _kept(self, event: Event, governing: str) -> Event:
        return replace(event, body={}) if self._aside(event, governing) else event


def versions_of(drawn: str, current: str, rubrics: Mapping[str, Rubric]) -> Versions:
    """The versions of a sample's rubric; `rubrics` by SHA-256 hold at least the two named."""
    pairs = {(one, other): frozenset(touched(rubrics[one], rubrics[other]))
             for one, other in permutations(rubrics, 2)}
    return Versions(drawn, current, rubrics, pairs)
