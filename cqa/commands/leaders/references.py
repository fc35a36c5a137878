"""Calibration cases of a workspace: which cases have reference marks in force, and how reviewers marked them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cqa.commands.records import Assessed, SampleRecord, question_scales, rows_of, samples_beside
from cqa.consistency.calibration import Accuracy, Reference, Seeded, accuracies, seeded_marks
from cqa.files.workspace import Workspace
from cqa.marking.moderation import Moderation
from cqa.sampling.changes import Brought
from cqa.sampling.extra_turns import CALIBRATION
from cqa.scheme import CalibrationSettings


@dataclass(frozen=True, slots=True)
class ReferenceCase:
    """A case with reference marks in force in the sample where the panel agreed them."""

    record: SampleRecord
    moderation: Moderation
    panel: tuple[Assessed, ...]
    reference: Reference

    @property
    def case_id(self) -> str:
        """The case."""
        return self.moderation.case_id

    def knows(self, person: str) -> bool:
        """Whether somebody marked it in its sample, or settled its reference marks: for them it is no test."""
        return (self.moderation.by == person.casefold() or any(
            one.reviewer.casefold() == person.casefold() for one in self.record.of_case(self.case_id)))


def reference_cases(record: SampleRecord) -> tuple[ReferenceCase, ...]:
    """The sample's cases with reference marks in force. The panel are those whose sign-offs it was settled over."""
    found = []
    for case_id, settled in record.moderations.reference.items():
        panel = tuple(one for one in record.of_case(case_id) if one.assessment.signed_id in settled.over)
        if settled.settled and panel:
            rubric = panel[0].rubric
            found.append(ReferenceCase(record, settled, panel, Reference(
                rubric.id, rubric.version, {name: one.mark for name, one in settled.agreed.items()},
                {name: one.tolerance for name, one in settled.agreed.items() if one.tolerance is not None})))
    return tuple(found)


def _brought_reference(record: SampleRecord, one: Brought) -> Reference | None:
    """The reference marks that came with a case; None where its rubric is none of the sample's."""
    drawn = record.settled.drawn.plan.rubric
    known = {ref.sha256: ref for ref in (*((drawn,) if drawn else ()), *(move.to for move in record.settled.moves))}
    ref = known.get(one.rubric_sha256)
    return Reference(ref.id, ref.version, one.reference, one.tolerance) if ref else None


def seeded_of(records: Sequence[SampleRecord]) -> tuple[Seeded, ...]:
    """Every signed-off mark that was given to be held against reference marks; the panel's own were not."""
    references: dict[tuple[str, str], Reference] = {}
    tested: list[Assessed] = []
    for record in records:
        own = {one.case_id: one for one in reference_cases(record)}
        brought = {one.case_id: found for one in record.settled.brought
                   if (found := _brought_reference(record, one))}
        for one in record.further:
            case_id = one.case.case_id
            if one.turn != CALIBRATION:
                continue
            if case_id in own:
                case = own[case_id]
                if one not in case.panel and one.reviewer.casefold() != case.moderation.by:
                    references[record.name, case_id] = case.reference
                    tested.append(one)
            elif case_id in brought:
                references[record.name, case_id] = brought[case_id]
                tested.append(one)
    scales = {scale.key: scale for scale in question_scales(records)}
    return seeded_marks(rows_of(tested), references, scales)


def accuracies_of(
    records: Sequence[SampleRecord], settings: CalibrationSettings | None, seeded: Sequence[Seeded]
) -> tuple[Accuracy, ...]:
    """The accuracy of everyone who marks in the samples, under the rubric each sample is at and those they used."""
    keys = [(name, rubric.id, rubric.version) for record in records if (rubric := record.rubric)
            for name in record.folder.sample.plan.reviewers]
    used = [(one.reviewer, one.rubric, one.version) for one in seeded]
    return accuracies(seeded, (*keys, *used), settings.clearance if settings else None)


def clearances(workspace: Workspace, records: Sequence[SampleRecord]) -> tuple[Accuracy, ...]:
    """Everyone's accuracy where a clearance is asked for, over all samples of the workspace; `records` are those that
    were read already, of whose reviewers it is told."""
    settings = workspace.settings.calibration
    if settings is None or settings.clearance is None:
        return ()
    return accuracies_of(records, settings, seeded_of((*records, *samples_beside(workspace, records))))


def clearance_of(found: Iterable[Accuracy]) -> Mapping[tuple[str, str, str], str]:
    """Reviewer, rubric and version to the state of their clearance."""
    return {(one.reviewer, one.rubric, one.version): one.state for one in found}
