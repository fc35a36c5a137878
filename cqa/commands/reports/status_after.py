"""What `cqa status` says of what comes after the marks: moderation, clearance, second looks, feedback."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from cqa.commands.handlers.feedback_rows import feedback_rows
from cqa.commands.leaders.references import clearances
from cqa.commands.leaders.second_looks import SecondLookDue, second_looks_due, second_looks_told
from cqa.commands.records import SampleRecord, question_scales
from cqa.commands.reports.after_marking import differing, settled_now
from cqa.commands.reports.asked import Asked
from cqa.commands.reports.owing import feedback_due
from cqa.consistency.calibration import NOT_CLEARED, TOO_FEW, Accuracy
from cqa.consistency.feedback_tables import FeedbackRows
from cqa.facts import how_many
from cqa.files.workspace import Workspace


@dataclass(frozen=True, slots=True)
class AfterMarks:
    """What is open after the marks of the samples asked for. `unsettled` are cases whose markers differ, `settled` how
    many such are settled; `to_amend` the marks, with their case, that are to be changed by a decision on a reply and
    were not; of all but `accuracy` nothing where only some people were asked for."""

    accuracy: tuple[Accuracy, ...]
    looks: tuple[SecondLookDue, ...] = ()
    fed_back: FeedbackRows = field(default_factory=FeedbackRows)
    unsettled: tuple[str, ...] = ()
    settled: int = 0
    to_amend: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"second_looks": [one.as_json() for one in self.looks],
                "calibration": [one.as_json() for one in self.accuracy],
                "replies": [row.as_json() for row in self.fed_back.disputes if not row.decision],
                "actions": [row.as_json() for row in self.fed_back.actions if row.overdue]}

    def remarks(self) -> Iterator[str]:
        """Everything that waits for somebody, in sentences."""
        if self.unsettled:
            whole = len(self.unsettled) + self.settled
            yield f"To moderate: {len(self.unsettled)} of {how_many(whole, 'case')} whose markers differ. cqa moderate"
        yield from self._feedback()
        yield from _uncleared(self.accuracy)
        yield from second_looks_told(self.looks)

    def _feedback(self) -> Iterator[str]:
        rows = self.fed_back
        counts = rows.counts
        if counts.due > counts.given:
            yield f"Feedback to give: {counts.due - counts.given} of {how_many(counts.due, 'case')}. cqa feedback CASE"
        written = [row.case_id for row in rows.cases if row.version and not row.given]
        if written:
            yield f"Sheets of feedback written and not given: {_few(written)}."
        if stale := [row.case_id for row in rows.cases if row.outdated]:
            yield (f"The marks changed since the sheet of feedback was written: {_few(stale)}. Settle the case again "
                   "where it was settled (cqa moderate), then write the sheet again.")
        if waiting := [f"{row.case_id} {row.question}" for row in rows.disputes if not row.decision]:
            yield f"Disputed marks to decide on: {_few(waiting)}. cqa feedback CASE --decide"
        if self.to_amend:
            yield f"Marks to change by amendment, as was decided: {_few(self.to_amend)}. cqa amend CASE"
        if late := list(dict.fromkeys(row.case_id for row in rows.actions if row.overdue)):
            yield f"Actions of feedback are overdue on {_few(late)}."


def after_marks(
    workspace: Workspace, records: Sequence[SampleRecord], asked: Asked, today: date, viewer: str
) -> AfterMarks:
    """What is open after the marks of `records`, as far as the viewer may know."""
    accuracy = tuple(one for one in clearances(workspace, records) if asked.about(one.reviewer))
    whole = [record for record in records if not record.folder.taken]
    if asked.people is not None or not whole:
        return AfterMarks(accuracy)
    scales = {scale.key: scale for scale in question_scales(whole)}
    # What two markers of a trial make of a case differently is what the trial is about, and nothing to be settled.
    casework = [record for record in whole if not record.trial]
    differ = [(record, case_id) for record in casework for hidden in [record.still_to_mark(viewer)]
              for case_id in differing(record, scales) if case_id not in hidden]
    settled = {record.name: settled_now(record) for record in whole}
    unsettled = tuple(case_id for record, case_id in differ if case_id not in settled[record.name])
    return AfterMarks(
        accuracy, second_looks_due(whole, viewer),
        feedback_rows(whole, today, feedback_due(workspace.settings.due), viewer), unsettled,
        len(differ) - len(unsettled), tuple(_to_amend(whole, viewer)))


def _to_amend(records: Sequence[SampleRecord], viewer: str) -> Iterator[str]:
    """The marks that a decision says are to be amended, where nothing was signed anew since."""
    for record in records:
        hidden = record.still_to_mark(viewer)
        for one in record.assessed:
            if one.turn == "first" and one.case.case_id not in hidden:
                for reply in record.feedbacks.of(one.case.case_id).replies.values():
                    if reply.decision == "change" and one.assessment.signed_at < reply.decided_at:
                        yield f"{one.case.case_id} {reply.question_id} ({one.reviewer})"


@dataclass(frozen=True, slots=True)
class FurtherMarks:
    """How many further marks of a sample somebody was asked for, on calibration cases, by second looks and dip-samples
    together, and how many of them are signed off."""

    sample: str
    reviewer: str
    due: int
    signed: int

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return asdict(self)


def further_marks(record: SampleRecord) -> tuple[FurtherMarks, ...]:
    """Everyone who was asked for further marks in a sample."""
    asked = Counter(one.reviewer for one in record.further)
    signed = Counter(one.reviewer for one in record.further if one.signed)
    return tuple(FurtherMarks(record.name, name, asked[name], signed[name]) for name in asked)


def _uncleared(accuracy: Sequence[Accuracy]) -> Iterator[str]:
    """Who is not cleared on calibration cases, where a clearance is asked for."""
    for one in accuracy:
        if one.state in (NOT_CLEARED, TOO_FEW):
            marks = f"{one.within} of {how_many(one.marks, 'mark')} within tolerance" if one.marks else "no marks"
            yield f"{one.reviewer} is not cleared under {one.rubric} {one.version}: {marks} on calibration cases."


def _few(names: Sequence[str], most: int = 5) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
