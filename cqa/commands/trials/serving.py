"""Which sample of a trial a reviewer marks now: all their cases by one form, then all by the other, neither named."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from cqa.commands.here import acting, named_person, only_sample
from cqa.commands.trials.arms import arms_here, trial_meant, trial_names, trial_of
from cqa.errors import Forbidden, Problem, WrongUse
from cqa.facts import how_many
from cqa.files.changes import as_it_stands
from cqa.files.marks import read_marks
from cqa.files.sample_folder import SampleFolder, open_sample
from cqa.files.workspace import Workspace
from cqa.marking.history import History
from cqa.marking.replay import CaseRecord, assessment_of, worked_on
from cqa.sampling.plan import Sample
from cqa.sampling.trial import ARMS, arm_name, orders
from cqa.tree import did_you_mean
from cqa.world import World

NEW_FORM = "From here on you mark with another form. Read its questions afresh."
_NOTHING = CaseRecord()


@dataclass(frozen=True)
class Part:
    """What of one sample of a trial is one reviewer's, as the sample stands: their cases, and what they did there.
    `folder` holds it as it was drawn."""

    folder: SampleFolder
    cases: frozenset[str]
    history: History

    @cached_property
    def unsigned(self) -> frozenset[str]:
        """The cases that were never signed off."""
        return frozenset(case_id for case_id in self.cases
                         if not assessment_of(case_id, self._record(case_id)).signed_at)

    @cached_property
    def open(self) -> frozenset[str]:
        """The cases to go on with: those that were never signed off, and those that are being amended."""
        return frozenset(case_id for case_id in self.cases if not worked_on(case_id, self._record(case_id)).signed_at)

    @property
    def last(self) -> str:
        """When the last of what stands was marked, as UTC text; empty where nothing was."""
        return max((event.at for record in self.history.records.values() for events in record.heads.values()
                    for event in events), default="")

    def _record(self, case_id: str) -> CaseRecord:
        return self.history.records.get(case_id, _NOTHING)


@dataclass(frozen=True, slots=True)
class Served:
    """Where marking goes on: the sample, and the name under which the reviewer knows it.

    `word` is to be said before the first case; `more` says that cases by the other form follow, and `trial` whose
    sample it is (empty: of none).
    """

    folder: SampleFolder
    called: str
    trial: str = ""
    word: str = ""
    more: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """One reviewer's parts of a trial, by arm, in the order in which they mark them."""

    trial: str
    reviewer: str
    by_arm: Mapping[int, Part]

    def arm_with(self, case_id: str) -> int | None:
        """The arm in which the case is theirs; None where it is in none."""
        return next((arm for arm, part in self.by_arm.items() if case_id in part.cases), None)

    @property
    def now(self) -> int:
        """The arm to go on with: the first that has an open case, else the last."""
        theirs = [arm for arm, part in self.by_arm.items() if part.cases] or [*self.by_arm]
        return next((arm for arm in theirs if self.by_arm[arm].open), theirs[-1])

    def before(self, arm: int) -> frozenset[str]:
        """The cases that come before those of an arm, and were never signed off."""
        earlier = [*self.by_arm][:[*self.by_arm].index(arm)]
        return frozenset(case_id for one in earlier for case_id in self.by_arm[one].unsigned)

    def serve(self, arm: int) -> Served:
        """The sample of an arm. Raises Forbidden where others come first."""
        if first := self.before(arm):
            raise Forbidden(out_of_order(self.trial, first))
        part = self.by_arm[arm]
        others = [one for other, one in self.by_arm.items() if other != arm]
        new = any(one.last > part.last for one in others)
        later = sum(len(one.cases) for other, one in self.by_arm.items() if other != arm and one.open)
        word = NEW_FORM if new else self._both_sets(part, later) if not part.last and later else ""
        return Served(part.folder, self.trial, self.trial, word, bool(later))

    def _both_sets(self, part: Part, later: int) -> str:
        """What is said before the very first mark: how much there is in all."""
        return (f"You mark two sets of cases, one after the other: {how_many(len(part.cases), 'case')} now, and "
                f"{later} after them with another form.")


def out_of_order(trial: str, first: Iterable[str]) -> Problem:
    """The refusal of cases while others come first."""
    return Problem("S086", f"These cases of trial '{trial}' come later: first come {how_many(len(set(first)), 'case')} "
                   "of yours, marked with another form.", f"cqa assess --sample {trial} goes on in the right order.")


def served(world: World, workspace: Workspace, name: str, who: str, case_id: str = "") -> Served:
    """Where somebody's marking goes on: in the sample of that name (empty: the only one), or, where a trial or one of
    its samples is named, with those cases that are to be marked now; with `case_id` where that case is.

    Raises WrongUse for unknown names, Forbidden for cases of a trial whose turn it is not yet, Damaged for a sample
    that cannot be read.
    """
    trial, folder = meant(workspace, name)
    if not trial:
        found = folder or open_sample(workspace, only_sample(workspace, name))
        return Served(found, found.sample.name)
    parts = parts_of(workspace, trial, acting(world, who))
    if folder and (own := trial_of(folder)) and own.arm in parts.by_arm:
        return parts.serve(own.arm)
    arm = parts.arm_with(case_id) if case_id else None
    return parts.serve(arm or parts.now)


def meant(workspace: Workspace, name: str) -> tuple[str, SampleFolder | None]:
    """The trial that is meant, empty where none is, and the sample where one is named, or is the only one. Raises
    WrongUse where nothing is named and there are several."""
    if trial := trial_meant(workspace, name):
        return trial, None
    if not name and (known := trial_names(workspace)):
        arms = {arm_name(one, arm) for one in known for arm in ARMS}
        others = [one for one in workspace.sample_names() if one not in arms]
        raise WrongUse(Problem("S001", "Say which sample, or which trial.",
                               f"Add --sample with one of: {', '.join((*others, *known))}."))
    folder = open_sample(workspace, only_sample(workspace, name))
    own = trial_of(folder)
    return (own.name if own else ""), folder


def parts_of(workspace: Workspace, trial: str, who: str) -> Parts:
    """What of a trial is somebody's. Raises WrongUse where nothing is."""
    named_person(who)
    arms = arms_here(workspace, trial)
    standing = {arm: as_it_stands(folder).folder for arm, folder in arms.items()}
    names = tuple(dict.fromkeys(name for folder in standing.values() for name in folder.sample.reviewers))
    known = next((name for name in names if name.casefold() == who.casefold()), None)
    if known is None:
        raise WrongUse(Problem("S010", f"'{who}' is no reviewer of trial '{trial}'.", did_you_mean(who, names)))
    return Parts(trial, known, {arm: _part(arms[arm], standing[arm].sample, known) for arm in order_in(arms, known)})


def order_in(arms: Mapping[int, SampleFolder], reviewer: str) -> tuple[int, ...]:
    """The arms that are here, in the order in which a reviewer marks them by the seed, or by what their take says."""
    folder = next(iter(arms.values()))
    sample, trial = folder.sample, trial_of(folder)
    drawn = orders(sample.plan.reviewers, sample.seed, trial.only) if trial else {}
    first = folder.order or drawn.get(reviewer, ())
    return tuple(arm for arm in dict.fromkeys((*first, *ARMS)) if arm in arms)


def _part(folder: SampleFolder, sample: Sample, reviewer: str) -> Part:
    mine = {mark.case_id for mark in sample.assignments if mark.reviewer.casefold() == reviewer.casefold()}
    return Part(folder, frozenset(case.case_id for case in sample.cases if case.marked and case.case_id in mine),
                read_marks(folder.marks, only=reviewer).of(reviewer))
