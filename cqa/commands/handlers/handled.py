"""What is known of one person's work: their cases in every sample, what was fed back on each, and what became of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cqa.commands.handlers.feedback_ground import ground_for, local_day
from cqa.commands.records import SampleRecord
from cqa.files.journals import read_journals
from cqa.marking.feedback import Feedback, NextStep
from cqa.marking.feedback_deeds import open_steps, stale
from cqa.marking.handout import Line
from cqa.marking.log import log_entries, reworked
from cqa.rubric.model import Rubric
from cqa.sampling.draw import DrawnCase

NOT_SHOWN = "to be marked: nothing is told of it until then"


@dataclass(frozen=True, slots=True)
class HandledCase:
    """One case of a handler. `signed_at` is empty until everyone who marks it has signed; only then are `band` and
    `levels` (label of a mark to how many) told. `amendments` counts those of its marks; `outdated` says why its sheet
    no longer says what stands. A case that the viewer is still to mark tells nothing but its state."""

    sample: str
    case_id: str
    state: str
    signed_at: str = ""
    band: str = ""
    levels: Mapping[str, int] = field(default_factory=dict)
    feedback: Feedback = field(default_factory=lambda: Feedback(""))
    amendments: int = 0
    outdated: str = ""

    @property
    def signed_on(self) -> str:
        """The day on which the last marker signed; empty until then."""
        day = local_day(self.signed_at)
        return f"{day}" if day else ""

    def as_json(self) -> dict[str, object]:
        """The case under stable names."""
        return {
            "sample": self.sample, "case_id": self.case_id, "state": self.state, "signed_on": self.signed_on,
            "band": self.band, "levels": dict(self.levels), "amendments": self.amendments,
            "version": self.feedback.version, "given": self.feedback.given, "seen": self.feedback.seen,
            "outdated": self.outdated}


@dataclass(frozen=True, slots=True)
class ToLookFor:
    """An action of earlier feedback that nobody has looked for yet, and a later case in which it can be."""

    sample: str
    case_id: str
    step: NextStep
    later_sample: str
    later_case: str


def handled_by(records: Iterable[SampleRecord], handler: str, viewer: str, today: date) -> tuple[HandledCase, ...]:
    """The cases of a handler, whatever the case of the letters in the name, in the order of samples and tickets;
    reserves that are not in use are left out, and cases that were marked to try a form and never fed back on: what
    stands there is no count of somebody's work, and each case stands there twice."""
    wanted = handler.casefold()
    found: list[HandledCase] = []
    for record in records:
        cases = [case for case in record.folder.sample.cases
                 if case.role != "reserve" and wanted in map(str.casefold, case.handlers)
                 and (not record.trial or record.feedbacks.of(case.case_id).version)]
        # The journals are gone through once more for the amendments: only where there is anybody to look for.
        hidden, amended = _hidden(record, viewer), _amendments(record) if cases else {}
        found.extend(_handled(record, case, hidden, amended, today) for case in cases)
    return tuple(found)


def handlers_of(records: Iterable[SampleRecord]) -> tuple[str, ...]:
    """Everybody whose work a drawn case shows, sorted."""
    return tuple(sorted({name for record in records for case in record.folder.sample.cases
                         if case.role != "reserve" for name in case.handlers}))


def to_look_for(cases: Sequence[HandledCase]) -> Iterator[ToLookFor]:
    """For each case that was signed after feedback on an earlier one was written, the actions to look for in it."""
    for later in cases:
        for earlier in cases:
            if later is not earlier and earlier.feedback.version and earlier.feedback.written_at < later.signed_at:
                for step in open_steps(earlier.feedback):
                    yield ToLookFor(earlier.sample, earlier.case_id, step, later.sample, later.case_id)


def levels_together(cases: Iterable[HandledCase]) -> Counter[str]:
    """How many marks there are of each label, over all cases whose marks may be told."""
    return sum((Counter(case.levels) for case in cases), Counter())


def _hidden(record: SampleRecord, viewer: str) -> frozenset[str]:
    """The cases of which the viewer is told nothing; where nobody says who that is, all that are still to be marked.
    """
    if viewer:
        return record.still_to_mark(viewer)
    return frozenset(one.case.case_id for one in record.everyone if not one.signed)


def _handled(
    record: SampleRecord, case: DrawnCase, hidden: frozenset[str], amended: Mapping[str, int], today: date
) -> HandledCase:
    if case.case_id in hidden:
        return HandledCase(record.name, case.case_id, NOT_SHOWN)
    feedback = record.feedbacks.of(case.case_id)
    if not case.marked:
        return HandledCase(record.name, case.case_id, case.role, feedback=feedback)
    markers, ground = record.of_case(case.case_id), ground_for(record, case, today)
    signed = sum(one.signed for one in markers)
    told = None if ground.waiting else ground.handout
    return HandledCase(
        record.name, case.case_id,
        "signed off" if told else f"{signed} of {len(markers)} signed off" if markers else "nobody is to mark it",
        max(one.assessment.signed_at for one in markers) if told else "", told.band if told else "",
        _levels(markers[0].rubric, told.lines) if told else {}, feedback,
        amended.get(case.case_id, 0), stale(ground, feedback))


def _levels(rubric: Rubric, lines: Iterable[Line]) -> Mapping[str, int]:
    """How many marks there are of each label, in the order of the scales."""
    counts = Counter(line.mark for line in lines if line.chosen)
    return {label: counts[label] for scale in rubric.scales for label in (level.label for level in scale.answers)
            if counts[label]}


def _amendments(record: SampleRecord) -> Mapping[str, int]:
    """How many amendments changed something and were signed off, by case."""
    entries = log_entries("marks", read_journals(record.folder.marks).lines, frozenset())
    return Counter(one.opened.case_id for one in reworked(entries)
                   if one.opened.kind == "amended" and one.changed and one.signed)
