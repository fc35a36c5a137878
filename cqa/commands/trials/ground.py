"""A trial as its two samples record it: both arms read, held against each other, and put together for its figures."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cqa.commands.records import Assessed as Record
from cqa.commands.records import SampleRecord, question_scales, read_record
from cqa.commands.reports.amending import amendments
from cqa.commands.trials.arms import Arm, open_arms
from cqa.consistency.trials.data import PARENT, VARIANT, Assessed, FormData, TrialData
from cqa.files.marks import read_marks
from cqa.files.rubrics import RubricFile
from cqa.files.workspace import Workspace
from cqa.marking.history import History
from cqa.rubric.matched import matched
from cqa.rubric.trial_questions import TRIAL_QUESTIONS
from cqa.sampling.crossover import balance_of
from cqa.sampling.pairing import TURNS
from cqa.sampling.trial import orders


@dataclass(frozen=True, slots=True)
class TrialGround:
    """A trial's two samples as they stand, by arm, with both rubrics as their files have them."""

    records: dict[int, SampleRecord]
    rubrics: dict[int, RubricFile]
    data: TrialData


def ground_of_trial(workspace: Workspace, name: str) -> TrialGround:
    """The trial with every assessment of both arms. Raises as `open_arms`, and as reading a sample does."""
    arms = open_arms(workspace, name)
    language = workspace.settings.language
    records = {arm: read_record(one.folder, language) for arm, one in arms.items()}
    rubrics = {arm: one.rubric_file for arm, one in arms.items()}
    return TrialGround(records, rubrics, _data(arms, records, rubrics))


def _data(arms: dict[int, Arm], records: dict[int, SampleRecord], rubrics: dict[int, RubricFile]) -> TrialData:
    trial, sample = arms[1].trial, records[1].folder.sample
    forms = {PARENT: trial.parent, VARIANT: trial.variant}
    found, alone = matched(rubrics[trial.parent].rubric, rubrics[trial.variant].rubric)
    cases = {arm: tuple(case.case_id for case in record.folder.sample.cases if case.main)
             for arm, record in records.items()}
    given = {arm: [mark for mark in record.folder.sample.assignments if mark.case_id in set(cases[arm])]
             for arm, record in records.items()}
    balance = balance_of(given, cases, _reviewers(records), orders(sample.plan.reviewers, sample.seed, trial.only))
    gone = [one.case_id for record in records.values() for one in record.settled.withdrawals]
    return TrialData(
        trial, sample.seed, _form(PARENT, trial.parent, records, rubrics),
        _form(VARIANT, trial.variant, records, rubrics), found, alone,
        {form: cases[arm] for form, arm in forms.items()}, balance, tuple(dict.fromkeys(gone)),
        sum(record.withdrawn_signed for record in records.values()))


def _reviewers(records: dict[int, SampleRecord]) -> Sequence[str]:
    return tuple(dict.fromkeys(name for record in records.values() for name in record.folder.sample.marking))


def _form(form: str, arm: int, records: dict[int, SampleRecord], rubrics: dict[int, RubricFile]) -> FormData:
    record, file = records[arm], rubrics[arm]
    histories = read_marks(record.folder.marks, timed=True).histories
    bands = tuple(band.name for band in file.rubric.bands)
    amended = {(one.case_id, one.reviewer.casefold()) for one in amendments([record], lambda name: name)}
    return FormData(
        form, arm, file.rubric.id, file.rubric.version, file.sha256, file.rubric.title, question_scales([record]),
        bands, tuple(_assessed(form, one, histories.get(one.reviewer.casefold(), History()), amended)
                     for one in record.assessed if one.turn in TURNS))


def _assessed(form: str, one: Record, history: History, amended: Collection[tuple[str, str]]) -> Assessed:
    result, spent = one.standing.result(one.rubric), history.spent.get(one.case.case_id)
    on_scale = {question.id for question in one.rubric.questions if question.scale}
    texts = [text for name, mark in one.standing.marks.items() if name in on_scale
             for text in (mark.reason, mark.evidence)]
    return Assessed(
        form, one.case.case_id, one.reviewer, one.turn,
        {name: value for name, value in one.standing.values.items() if name in on_scale}, one.signed,
        float(result.score) if result.score is not None else None, result.band, result.critical_failed,
        spent.keyboard / 60 if spent and spent.keyboard else None, sum(len(text.split()) for text in texts),
        {name: value for name in TRIAL_QUESTIONS if (value := one.standing.values.get(name, ""))},
        (one.case.case_id, one.reviewer.casefold()) in amended)
