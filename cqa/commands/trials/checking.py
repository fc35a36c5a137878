"""What `cqa verify` looks at in a sample of a trial: alone, and where both are here, the two together."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from cqa.commands.trials.arms import trial_of, unlike
from cqa.errors import BadInput, Damaged, Problem
from cqa.files.changes import as_it_stands
from cqa.files.sample_folder import RECORD, SampleFolder, read_sample
from cqa.sampling.crossover import balance_of, doubts_of
from cqa.sampling.plan import Sample
from cqa.sampling.trial import ARMS, Form, Trial, arm_name, orders, parents_arm

RULE = ("The sample is the arm of the trial that its name says, its rubric is that arm's form, and which arm has the "
        "parent follows from the seed. Where both arms are here, they are of one trial, nobody marks a case by both "
        "forms, and who marks what is even and connected.")
_CHANGED = "It was changed after the draw."


def trial_problems(folder: SampleFolder) -> Iterator[Problem]:
    """What does not hold of an arm alone, and of both where the other is here; nothing for a sample of no trial.
    `folder` must hold the sample as it was drawn."""
    trial = trial_of(folder)
    if trial is None:
        return
    yield from _alone(folder, trial)
    if not beside(folder):
        return
    try:
        other = read_sample(_other(folder, trial))
    except (Damaged, BadInput) as error:
        yield Problem("S085", f"The other sample of the trial cannot be read: {error.problems[0].message}",
                      "The two were not held against each other.", str(folder.path), severity="warning")
        return
    yield from _together({trial.arm: folder, 3 - trial.arm: other}, trial)


def beside(folder: SampleFolder) -> bool:
    """Whether the other sample of the trial is here."""
    trial = trial_of(folder)
    return trial is not None and (_other(folder, trial) / RECORD).is_file()


def _other(folder: SampleFolder, trial: Trial) -> Path:
    return folder.path.with_name(arm_name(trial.name, 3 - trial.arm).casefold())


def _alone(folder: SampleFolder, trial: Trial) -> Iterator[Problem]:
    sample, where = folder.sample, str(folder.path)
    rubric, form = sample.plan.rubric, trial.forms[trial.arm - 1]
    wrong = {
        f"The sample is called '{sample.name}', and says that it is arm {trial.arm} of trial '{trial.name}'.":
            sample.name != arm_name(trial.name, trial.arm),
        "The sample's rubric is not the form that its trial names for it.":
            rubric is None or Form(rubric.id, rubric.version, rubric.sha256) != form,
        f"By the seed the parent's rubric belongs to arm {parents_arm(trial.name, sample.seed)}; the trial says arm "
        f"{trial.parent}.": trial.parent != parents_arm(trial.name, sample.seed),
    }
    yield from (Problem("S085", told, _CHANGED, where) for told, holds in wrong.items() if holds)


def _together(arms: Mapping[int, SampleFolder], trial: Trial) -> Iterator[Problem]:
    where = str(arms[1].path.parent)
    for told in unlike(arms):
        yield Problem("S085", told, "Restore both from a copy.", where)
    drawn = {arm: _mains(folder.sample) for arm, folder in arms.items()}
    if trial.design == "crossover" and drawn[1] != drawn[2]:
        yield Problem("S085", "The two samples were not drawn with the same cases.", _CHANGED, where)
    if trial.design == "parallel" and drawn[1] & drawn[2]:
        yield Problem("S085", "The two samples have cases in common.", _CHANGED, where)
    now = {arm: as_it_stands(folder).folder.sample for arm, folder in arms.items()}
    names = tuple(dict.fromkeys(name for sample in now.values() for name in sample.marking))
    mains = {arm: _mains(sample) for arm, sample in now.items()}
    given = {arm: [mark for mark in sample.assignments if mark.case_id in mains[arm]] for arm, sample in now.items()}
    first = arms[1].sample
    balance = balance_of(given, {arm: sorted(mains[arm]) for arm in ARMS}, names,
                         orders(first.plan.reviewers, first.seed, trial.only))
    yield from (problem.at(where) for problem in doubts_of(balance))


def _mains(sample: Sample) -> set[str]:
    return {case.case_id for case in sample.cases if case.main}


def agreed_trials(checked: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """In words, of each trial that was looked at, that its samples belong together, or that one was seen alone."""
    for name, told in checked.items():
        trial = told.get("trial")
        if isinstance(trial, dict) and trial["both"] and (trial["arm"] == 1 or len(checked) == 1):
            yield (f"{trial['name']}: its two samples belong together, which form is whose follows from the seed, and "
                   "nobody marks a case by both.")
        elif isinstance(trial, dict) and not trial["both"]:
            yield (f"{trial['name']}: the trial's other sample is not here or cannot be read, so {name} was looked at "
                   "alone.")
