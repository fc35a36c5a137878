"""Nobody marks one case by both forms of a trial: what is seen once is seen again."""

from collections.abc import Iterable, Mapping

from cqa.commands.trials.arms import arms_here, trial_of
from cqa.errors import Problem
from cqa.files.changes import as_it_stands
from cqa.files.marks import read_marks
from cqa.files.sample_folder import SampleFolder
from cqa.files.workspace import Workspace


class OtherForm:
    """The other sample of the trial that a sample is part of; of one that is part of none, nothing."""

    def __init__(self, workspace: Workspace, folder: SampleFolder) -> None:
        trial = trial_of(folder)
        arms = arms_here(workspace, trial.name) if trial else {}
        self.folder = next((other for arm, other in arms.items() if trial and arm != trial.arm), None)
        self._standing = as_it_stands(self.folder).folder.sample if self.folder else None

    @property
    def given(self) -> Mapping[tuple[str, str], str]:
        """Case and marker (in lower case) to their turn there, as that sample stands."""
        marked = {case.case_id for case in self._standing.cases if case.marked} if self._standing else set()
        return {(mark.case_id, mark.reviewer.casefold()): mark.turn
                for mark in (self._standing.assignments if self._standing else ()) if mark.case_id in marked}

    def why_not(self, case_id: str, name: str) -> str:
        """In words why somebody may not mark the case by this form as well; empty where they may."""
        if self.folder is None:
            return ""
        if (case_id, name.casefold()) in self.given:
            return f"{name} marks it by the trial's other form, in {self.folder.name}"
        record = read_marks(self.folder.marks, only=name).of(name).records.get(case_id)
        return f"{name} has marked it by the trial's other form, in {self.folder.name}" if record else ""

    def doubt_of(self, name: str) -> list[Problem]:
        """A warning where somebody marks by this form and nothing by the other: the forms' difference is then theirs
        too."""
        if self.folder is None or any(marker == name.casefold() for _, marker in self.given):
            return []
        return [Problem("S087", f"{name} marks by one form of the trial alone: the forms' difference is then partly "
                        "that of who used them.", "Name somebody who uses both, or give them cases of the other form "
                        "too.", severity="warning")]

    def refusals(self, places: Iterable[tuple[str, str]]) -> list[Problem]:
        """A refusal (S082) for each case and person who may not mark it by this form as well."""
        return [Problem("S082", f"Case '{case_id}' cannot be marked by {name}: {why}.", "Nobody marks a case of a "
                        "trial twice: name somebody else.")
                for case_id, name in places if (why := self.why_not(case_id, name))]

    def holds(self, case_id: str) -> bool:
        """Whether the case is still to be marked there."""
        cases = self._standing.cases if self._standing else ()
        return any(case.case_id == case_id and case.main for case in cases)
