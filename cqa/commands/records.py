"""What every reading command begins with: the assessments of samples, with what stands under each rubric."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cqa.consistency.marks import MarkRow, QuestionScale
from cqa.errors import Damaged, ExitCode, Problem, WrongUse, only_errors
from cqa.facts import how_many
from cqa.files.changes import as_it_stands
from cqa.files.marks import read_marks
from cqa.files.rubrics import rubric_of
from cqa.files.sample_folder import SampleFolder, open_sample
from cqa.files.workspace import Workspace
from cqa.marking.replay import Assessment, CaseRecord, assessment_of, replay
from cqa.marking.standing import Standing, standing_of
from cqa.rubric.model import Rubric
from cqa.rubric.scoring import level_of
from cqa.sampling.changes import REPLACED, Replacement
from cqa.sampling.draw import DrawnCase
from cqa.sampling.plan import Sample


@dataclass(frozen=True, slots=True)
class Assessed:
    """One assignment of a main case, and what its reviewer has done with it so far."""

    sample: str
    case: DrawnCase
    reviewer: str
    turn: str
    rubric: Rubric
    assessment: Assessment
    standing: Standing

    @property
    def signed(self) -> bool:
        """Whether the reviewer has signed the case off."""
        return bool(self.assessment.signed_at)

    @property
    def state(self) -> str:
        """In words, how far it is."""
        return "signed off" if self.signed else "begun" if self.assessment.marks else "not begun"


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """A sample as it stands, its rubric (None where it was drawn without), all its assessments, and problems of its
    journals. `folder` holds the sample with the replacements in force, which are `replacements`."""

    folder: SampleFolder
    rubric: Rubric | None
    assessed: tuple[Assessed, ...]
    problems: tuple[Problem, ...]
    replacements: tuple[Replacement, ...] = ()

    @property
    def name(self) -> str:
        """The sample's name."""
        return self.folder.sample.name

    def still_to_mark(self, viewer: str) -> frozenset[str]:
        """The cases that this person marks, has not signed off, and somebody else marks too: until then nothing of
        what others did there may be shown to them."""
        mine = {one.case.case_id for one in self.assessed
                if one.reviewer.casefold() == viewer.casefold() and not one.signed}
        return frozenset(one.case.case_id for one in self.assessed
                         if one.case.case_id in mine and one.reviewer.casefold() != viewer.casefold())

    def both_signed(self, case_id: str) -> bool:
        """Whether everyone who marks the case has signed it off."""
        return all(one.signed for one in self.assessed if one.case.case_id == case_id)


def read_samples(workspace: Workspace, names: Iterable[str], viewer: str = "") -> tuple[SampleRecord, ...]:
    """The named samples, each once however often it is named, or all; `viewer` as for `read_record`. Raises WrongUse
    for an unknown name, Damaged for a changed sample."""
    once = {name.casefold(): name for name in names}
    return tuple(read_record(open_sample(workspace, name), workspace.settings.language, viewer)
                 for name in once.values() or workspace.sample_names())


def only_sample(workspace: Workspace, name: str) -> str:
    """The name as given, or the only sample's. Raises WrongUse where there is none, or more than one."""
    names = workspace.sample_names()
    if name:
        return name
    if len(names) == 1:
        return names[0]
    raise WrongUse(Problem("S001", "Say which sample.", f"Add --sample with one of: {', '.join(names)}." if names
                           else "There is none yet: draw one with cqa draw."))


def read_record(folder: SampleFolder, language: str = "", viewer: str = "") -> SampleRecord:
    """A sample with its assessments, from every journal in its folder, which must hold it as it was drawn.

    `language` is the one to show of a rubric that has several. `viewer` is the reviewer who is going to read the
    problems, where it is one: those that tell of others' marks on a case which they are still to mark are left out.
    """
    standing = as_it_stands(folder)
    folder, replacements = standing.folder, standing.settled.counting
    sample = folder.sample
    if sample.plan.rubric is None:
        return SampleRecord(folder, None, (), standing.problems, replacements)
    rubric = rubric_of(folder.rubric_bytes(), str(folder.path / folder.rubric_file), language, kept=True).rubric
    marks = read_marks(folder.marks)
    records = {reviewer: replay(events) for reviewer, events in marks.events.items()}
    cases = {case.case_id: case for case in sample.cases if case.main}
    assessed = []
    for given in sample.assignments:
        case = cases.get(given.case_id)
        if case is not None:
            record = records.get(given.reviewer.casefold(), {}).get(case.case_id, CaseRecord())
            assessment = assessment_of(case.case_id, record)
            assessed.append(Assessed(sample.name, case, given.reviewer, given.turn, rubric, assessment,
                                     standing_of(rubric, sample.seed, case.facts, assessment)))
    whole = SampleRecord(folder, rubric, tuple(assessed), (), replacements)
    hidden = whole.still_to_mark(viewer)
    disputed = (problem for one in assessed
                if one.case.case_id not in hidden or one.reviewer.casefold() == viewer.casefold()
                for problem in disputes(one.assessment, one.reviewer, str(folder.marks)))
    left_out = _left_out(sample, records, str(folder.marks))
    return replace(whole, problems=(*standing.problems, *marks.problems, *disputed, *left_out))


def _left_out(
    sample: Sample, records: Mapping[str, Mapping[str, CaseRecord]], where: str
) -> tuple[Problem, ...]:
    """A warning that counts the marks on replaced cases: they are kept, and no figure holds them."""
    replaced = {case.case_id for case in sample.cases if case.role == REPLACED}
    begun = [assessment for cases in records.values() for case_id, record in cases.items() if case_id in replaced
             if (assessment := assessment_of(case_id, record)).marks]
    if not begun:
        return ()
    marks, signed = sum(len(one.marks) for one in begun), sum(bool(one.signed_at) for one in begun)
    cases = ", ".join(sorted({one.case_id for one in begun}))
    return (Problem("S026", f"{how_many(marks, 'mark')} on replaced cases ({cases}) are left out of "
                    f"everything that is counted; {signed} of the {len(begun)} assessments are signed off.",
                    "They stay in the journals.", where, severity="warning"),)


def disputes(assessment: Assessment, reviewer: str, where: str) -> tuple[Problem, ...]:
    """What devices of one reviewer left side by side on a case, as warnings."""
    told: list[tuple[str, str, str]] = []
    case, beside = assessment.case_id, ", ".join((*assessment.disputed, *assessment.unsigned))
    if beside and assessment.signed_at:
        told.append(("J009", f"Case '{case}' was signed off by {reviewer}, and another device of theirs, which had not "
                     f"seen it, has something else for {beside}. What was signed counts; the rest is kept beside it.",
                     "If the change was meant, it is an amendment."))
    elif beside:
        told.append(("J009", f"Two devices of {reviewer} left different marks on case '{case}': {beside}.",
                     "The reviewer settles it by marking again; giving the standing mark once more is enough."))
    if assessment.missing:
        told.append(("J012", f"The sign-off of case '{case}' by {reviewer} names {len(assessment.missing)} events that "
                     f"are not here: {', '.join(assessment.missing[:5])}.",
                     "A journal of another device is missing, or is shorter than it was: put it beside the others."))
    return tuple(Problem(code, message, remedy, where, severity="warning") for code, message, remedy in told)


def exit_of(records: Iterable[SampleRecord]) -> ExitCode:
    """How a reading command ends: damage inside a journal is exit 7, after everything that can be read was told."""
    damaged = any(only_errors(record.problems) for record in records)
    return Damaged.exit_code if damaged else ExitCode.DONE


def mark_rows(records: Iterable[SampleRecord]) -> tuple[MarkRow, ...]:
    """One row per standing mark, in the order of samples, tickets, turns and questions."""
    return tuple(row for record in records for one in record.assessed for row in _rows(one))


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
    """The scale questions of every rubric in the samples, each rubric version once."""
    rubrics = {(record.rubric.id, record.rubric.version): record.rubric for record in records if record.rubric}
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
