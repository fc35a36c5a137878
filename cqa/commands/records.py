"""What every reading command begins with: the assessments of samples, with what stands under each rubric."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from cqa.book import UNDATED
from cqa.commands.disputes import disputes
from cqa.commands.left_out import left_out, signed_withdrawals
from cqa.commands.still_owed import still_owed
from cqa.consistency.marks import MarkRow, QuestionScale
from cqa.errors import Damaged, ExitCode, Problem, only_errors
from cqa.files.changes import as_it_stands
from cqa.files.entries import read_entries
from cqa.files.marks import read_marks
from cqa.files.sample_folder import SampleFolder, open_sample
from cqa.files.sample_rubrics import read_rubrics
from cqa.files.workspace import Workspace
from cqa.marking.feedback import Feedbacks, feedbacks_of
from cqa.marking.moderation import Moderations, moderations_of
from cqa.marking.replay import Assessment, CaseRecord, Mark, assessment_of
from cqa.marking.spent import moment_of
from cqa.marking.standing import Standing, standing_of
from cqa.rubric.model import Rubric
from cqa.rubric.scoring import level_of
from cqa.sampling.draw import DrawnCase
from cqa.sampling.pairing import TURNS
from cqa.sampling.settling import Settled


@dataclass(frozen=True, slots=True)
class Assessed:
    """One assignment of a main case, and what its reviewer has done with it so far.

    `rubric` is the one that governs it: that of its sign-off, else the sample's present one. `again` are the marks
    set aside by question, because they were given under a version that meant something else.
    """

    sample: str
    case: DrawnCase
    reviewer: str
    turn: str
    rubric: Rubric
    assessment: Assessment
    standing: Standing
    again: Mapping[str, Mark] = field(default_factory=dict)

    @property
    def signed(self) -> bool:
        """Whether the reviewer has signed the case off."""
        return bool(self.assessment.signed_at)

    @property
    def begun(self) -> bool:
        """Whether the reviewer has given a mark, be it set aside since."""
        return bool(self.assessment.marks or self.again)

    @property
    def state(self) -> str:
        """In words, how far it is."""
        return "signed off" if self.signed else "begun" if self.begun else "not begun"


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """A sample as it stands, its rubric (None where it was drawn without), all its assessments, and problems of its
    journals. `folder` holds the sample with the changes in force, which `settled` names; `withdrawn_signed` counts the
    withdrawn cases that had been signed off; `latest` is the time of the last entry in the journals.

    `assessed` are those by first and random second markers, of which alone results and agreement are made; `further`
    those on calibration cases, by triggered second looks and of dip-samples. `moderations` and `feedbacks` are what
    leaders wrote down about them. `owed_beside` are the cases that the viewer, for whom the sample was read, is still
    to mark in another sample, with the name of its folder."""

    folder: SampleFolder
    rubric: Rubric | None
    assessed: tuple[Assessed, ...]
    problems: tuple[Problem, ...]
    settled: Settled
    withdrawn_signed: int = 0
    latest: datetime | None = None
    further: tuple[Assessed, ...] = ()
    moderations: Moderations = field(default_factory=Moderations)
    feedbacks: Feedbacks = field(default_factory=Feedbacks)
    owed_beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The sample's name."""
        return self.folder.sample.name

    @property
    def trial(self) -> str:
        """The trial that the sample is an arm of; empty where it is of none."""
        trial = self.settled.drawn.plan.trial
        return trial.name if trial else ""

    @property
    def as_of(self) -> datetime:
        """The time of the last entry in any journal, else of the draw: of what moment the record speaks."""
        changes = (*self.settled.counting, *(void.change for void in self.settled.void))
        told = map(moment_of, (self.folder.sample.drawn_at, *(one.at for one in changes)))
        return max((moment for moment in (self.latest, *told) if moment), default=UNDATED)

    @property
    def rubrics(self) -> tuple[Rubric, ...]:
        """The rubrics that govern its assessments, the present one first; none where it was drawn without."""
        used = (*((self.rubric,) if self.rubric else ()), *(one.rubric for one in self.assessed))
        return tuple({rubric.version: rubric for rubric in used}.values())

    @property
    def everyone(self) -> tuple[Assessed, ...]:
        """Every assessment, at whatever turn."""
        return (*self.assessed, *self.further)

    def still_to_mark(self, viewer: str) -> frozenset[str]:
        """The cases that this person marks, has not signed off, and somebody else marks too; and those that they are
        still to mark in another sample. Until then nothing of what others did there may be shown to them."""
        everyone = self.everyone
        mine = {one.case.case_id for one in everyone
                if one.reviewer.casefold() == viewer.casefold() and not one.signed}
        return frozenset(self.owed_beside).union(
            one.case.case_id for one in everyone
            if one.case.case_id in mine and one.reviewer.casefold() != viewer.casefold())

    def both_signed(self, case_id: str) -> bool:
        """Whether everyone who marks the case has signed it off."""
        return all(one.signed for one in self.everyone if one.case.case_id == case_id)

    def first_signed(self, case_id: str) -> bool:
        """Whether the first marker of a case has signed it off."""
        return any(one.signed for one in self.assessed if (one.case.case_id, one.turn) == (case_id, "first"))

    def of_case(self, case_id: str) -> tuple[Assessed, ...]:
        """Every assessment of a case: the first marker's, the second's, and those of further markers."""
        return tuple(one for one in self.everyone if one.case.case_id == case_id)


def read_samples(workspace: Workspace, names: Iterable[str], viewer: str = "") -> tuple[SampleRecord, ...]:
    """The named samples, each once however often it is named, or all; `viewer` as for `read_record`. Raises WrongUse
    for an unknown name, Damaged for a changed sample."""
    once = {name.casefold(): name for name in names}
    owed = still_owed(workspace.samples, viewer) if workspace.sample_names() else {}
    return tuple(read_record(open_sample(workspace, name), workspace.settings.language, viewer, owed)
                 for name in once.values() or workspace.sample_names())


def samples_beside(workspace: Workspace, records: Sequence[SampleRecord]) -> tuple[SampleRecord, ...]:
    """The other samples of the workspace, in which the same people may have marked."""
    read = {record.name.casefold() for record in records}
    names = [name for name in workspace.sample_names() if name.casefold() not in read]
    return read_samples(workspace, names) if names else ()


def read_record(
    folder: SampleFolder, language: str = "", viewer: str = "", owed: Mapping[Path, frozenset[str]] | None = None
) -> SampleRecord:
    """A sample with its assessments, from every journal in its folder, which must hold it as it was drawn.

    `language` is the one to show of a rubric that has several. `viewer` is the reviewer who is going to read the
    problems, where it is one: those that tell of others' marks on a case which they are still to mark are left out.
    `owed` is what they are still to mark in all samples beside this one, where that was looked up already.
    """
    owed = still_owed(folder.path.parent, viewer) if owed is None else owed
    standing = as_it_stands(folder)
    folder, settled = standing.folder, standing.settled
    sample = folder.sample
    if sample.plan.rubric is None:
        return SampleRecord(folder, None, (), standing.problems, settled)
    rubrics = read_rubrics(folder, settled, language)
    versions = rubrics.versions
    marks = read_marks(folder.marks)
    records = marks.records
    latest = max((history.latest for history in marks.histories.values() if history.latest), default=None)
    moderation, feedback = read_entries(folder.moderation), read_entries(folder.feedback)
    told = map(moment_of, (entry.at for room in (moderation, feedback) for entry in room.entries))
    latest = max((moment for moment in (latest, *told) if moment), default=None)
    cases = {case.case_id: case for case in sample.cases if case.marked}
    assessed = []
    for given in sample.assignments:
        case = cases.get(given.case_id)
        if case is not None:
            record = records.get(given.reviewer.casefold(), {}).get(case.case_id, CaseRecord())
            assessment = assessment_of(case.case_id, versions.under(record))
            rubric = versions.of(record)
            assessed.append(Assessed(sample.name, case, given.reviewer, given.turn, rubric, assessment,
                                     standing_of(rubric, sample.seed, case.facts, assessment),
                                     versions.set_aside(record)))
    whole = SampleRecord(
        folder, rubrics.current.rubric, tuple(one for one in assessed if one.turn in TURNS), (), settled,
        len(signed_withdrawals(settled.withdrawals, sample, records)), latest,
        tuple(one for one in assessed if one.turn not in TURNS), moderations_of(moderation.entries),
        feedbacks_of(feedback.entries),
        {case_id: path.name for path, found in owed.items() if path != folder.path
         for case_id in found & cases.keys()})
    hidden = whole.still_to_mark(viewer)
    disputed = (problem for one in whole.everyone
                if one.case.case_id not in hidden or one.reviewer.casefold() == viewer.casefold()
                for problem in disputes(one.assessment, one.reviewer, str(folder.marks)))
    uncounted = left_out(settled, records, str(folder.marks))
    return replace(whole, problems=(
        *standing.problems, *marks.problems, *moderation.problems, *feedback.problems, *disputed, *uncounted))


def exit_of(records: Iterable[SampleRecord]) -> ExitCode:
    """How a reading command ends: damage inside a journal is exit 7, after everything that can be read was told."""
    damaged = any(only_errors(record.problems) for record in records)
    return Damaged.exit_code if damaged else ExitCode.DONE


def mark_rows(records: Iterable[SampleRecord]) -> tuple[MarkRow, ...]:
    """One row per standing mark, in the order of samples, tickets, turns and questions."""
    return rows_of(one for record in records for one in record.assessed)


def rows_of(assessed: Iterable[Assessed]) -> tuple[MarkRow, ...]:
    """One row per standing mark of these assessments."""
    return tuple(row for one in assessed for row in _rows(one))


def _rows(one: Assessed) -> Iterable[MarkRow]:
    for question in one.rubric.questions:
        mark = one.standing.marks.get(question.id)
        if mark is not None:
            level = level_of(question, mark.value)
            points = float(level.points) if level and level.points is not None else None
            yield MarkRow(
                one.sample, one.case.case_id, one.case.stratum, "; ".join(one.case.handlers), one.reviewer, one.turn,
                one.rubric.id, one.rubric.version, question.id, mark.value, points, mark.reason, mark.evidence,
                one.signed, mark.at, mark.shown_ms, one.standing.due.get(question.id, ()))


def question_scales(records: Iterable[SampleRecord]) -> tuple[QuestionScale, ...]:
    """The scale questions of every rubric that the samples are or were marked under, each version once."""
    rubrics = {(rubric.id, rubric.version): rubric for record in records for rubric in record.rubrics}
    return tuple(
        QuestionScale(
            rubric=rubric.id, version=rubric.version, question=question.id, section=rubric.section_title(question),
            ask=question.ask,
            levels=tuple(level.id for level in reversed(question.scale.levels)),
            outside=tuple(level.id for level in question.scale.outside),
            labels={level.id: level.label for level in question.scale.answers},
            points={level.id: float(level.points) for level in question.scale.levels if level.points is not None},
            fails_on=question.fails_on,
        )
        for rubric in rubrics.values() for question in rubric.questions if question.scale)
