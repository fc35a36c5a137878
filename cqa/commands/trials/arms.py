"""The two samples of a trial, its arms: found by the trial's name, and held against each other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cqa.errors import CqaError, Damaged, Problem, WrongUse
from cqa.files.rubrics import RubricFile, rubric_of
from cqa.files.sample_folder import SampleFolder, open_sample
from cqa.files.workspace import Workspace
from cqa.sampling.trial import ARMS, Trial, arm_name
from cqa.tree import did_you_mean


@dataclass(frozen=True, slots=True)
class Arm:
    """One of a trial's two samples, its folder as drawn, and its part of the trial."""

    folder: SampleFolder
    trial: Trial

    @property
    def rubric_file(self) -> RubricFile:
        """The arm's rubric as its file has it."""
        return rubric_of(self.folder.rubric_bytes(), str(self.folder.path / self.folder.rubric_file), kept=True)


def trial_of(folder: SampleFolder) -> Trial | None:
    """The trial that a sample is an arm of; None where it is of none."""
    return folder.committed.plan.trial


def trial_names(workspace: Workspace) -> tuple[str, ...]:
    """The trials whose two arms are in the workspace, by the names of their folders; one that cannot be read is passed
    over, for it must not stop the others."""
    return tuple(name for name in _stems(workspace) if _is_trial(workspace, name))


def _stems(workspace: Workspace) -> list[str]:
    """The names of which there are two samples that are called as arms are."""
    names = set(workspace.sample_names())
    return [name.removesuffix("-1") for name in sorted(names) if name.endswith("-1") and f"{name[:-2]}-2" in names]


def _is_trial(workspace: Workspace, name: str) -> bool:
    try:
        return trial_of(open_sample(workspace, arm_name(name, 1))) is not None
    except CqaError:
        return False


def open_arms(workspace: Workspace, name: str) -> dict[int, Arm]:
    """Both arms of a trial (empty name: of the only one). Raises WrongUse where there is none of that name, or more
    than one and no name; Damaged where the two do not belong together."""
    known = () if name else trial_names(workspace)
    if not name and len(known) != 1:
        raise WrongUse(Problem("S001", "Say which trial.", f"Add one of: {', '.join(known)}." if known else
                               "There is none yet: design one with cqa trial design."))
    name = name or known[0]
    if name.casefold() not in _stems(workspace):
        raise _no_trial(workspace, name)
    folders = {arm: open_sample(workspace, arm_name(name, arm)) for arm in ARMS}
    if not any(map(trial_of, folders.values())):
        raise _no_trial(workspace, name)
    if wrong := [Problem("S085", told, "Restore both from a copy.", str(workspace.samples))
                 for told in unlike(folders)]:
        raise Damaged(wrong)
    return {arm: Arm(folder, trial) for arm, folder in folders.items() if (trial := trial_of(folder))}


def _no_trial(workspace: Workspace, name: str) -> WrongUse:
    known = trial_names(workspace)
    return WrongUse(Problem("S001", f"There is no trial called '{name}'.", did_you_mean(name, known) if known else
                            "Design one with cqa trial design."))


def unlike(folders: Mapping[int, SampleFolder]) -> Iterator[str]:
    """In words, what of two samples shows that they are not the two arms of one trial."""
    arms = {arm: Arm(folder, trial) for arm, folder in folders.items() if (trial := trial_of(folder))}
    if set(arms) != set(ARMS) or any(arm != one.trial.arm for arm, one in arms.items()):
        yield "The two samples are not the two arms of one trial."
        return
    one, other = (arms[arm] for arm in ARMS)
    for what, first, second in (
        ("name", one.trial.name, other.trial.name), ("design", one.trial.design, other.trial.design),
        ("forms", one.trial.forms, other.trial.forms), ("parent's arm", one.trial.parent, other.trial.parent),
        ("verdict rule", one.trial.verdict, other.trial.verdict), ("power", one.trial.power, other.trial.power),
        ("reviewers of one form", dict(one.trial.only), dict(other.trial.only)),
        ("seed", one.folder.sample.seed, other.folder.sample.seed),
        ("reviewers", one.folder.sample.plan.reviewers, other.folder.sample.plan.reviewers)):
        if first != second:
            yield f"The two samples of the trial differ about its {what}."


def arms_here(workspace: Workspace, trial: str) -> dict[int, SampleFolder]:
    """Those arms of a trial that are in the workspace, as drawn; none where there is no trial of that name. Raises
    Damaged for one that cannot be read."""
    names = {arm: arm_name(trial, arm).casefold() for arm in ARMS}
    there = workspace.sample_names()
    folders = {arm: open_sample(workspace, name) for arm, name in names.items() if name in there}
    return {arm: folder for arm, folder in folders.items()
            if (found := trial_of(folder)) and found.name.casefold() == trial.casefold() and found.arm == arm}


def trial_meant(workspace: Workspace, name: str) -> str:
    """The trial that is meant by the name of none of the samples (empty: by saying nothing, where the only samples are
    one trial's arms); empty where no trial is."""
    names = workspace.sample_names()
    if name:
        known = "" if name.casefold() in names else name
    else:
        stems = {one.removesuffix(f"-{arm}") for one in names for arm in ARMS if one.endswith(f"-{arm}")}
        known = next(iter(stems)) if len(stems) == 1 and len(names) <= len(ARMS) and all(
            one[:-2] in stems for one in names) else ""
    arms = arms_here(workspace, known) if known else {}
    return next((trial.name for folder in arms.values() if (trial := trial_of(folder))), "")
