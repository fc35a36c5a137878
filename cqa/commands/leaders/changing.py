"""What every change of a drawn sample begins and ends with: what is known, who has marked, a line on the disk."""

from collections.abc import Mapping
from dataclasses import dataclass

from cqa.errors import Damaged, Forbidden, Problem, WrongUse, only_errors
from cqa.files.changes import change_line, read_changes
from cqa.files.journal import Journal, LineTooLong
from cqa.files.marks import read_marks
from cqa.files.sample_folder import SampleFolder
from cqa.marking.refusals import Refused, check_text
from cqa.marking.replay import Assessment, CaseRecord, assessment_of
from cqa.sampling.changes import Change
from cqa.sampling.settling import Settled, settle


@dataclass(frozen=True, slots=True)
class Ground:
    """What a change follows from: every change known, what they come to, and what is to be said of their journals."""

    known: tuple[Change, ...]
    settled: Settled
    problems: tuple[Problem, ...]

    @property
    def after(self) -> tuple[str, ...]:
        """The ids of all that is known, as the next change names them."""
        return tuple(sorted(one.id for one in self.known))


def ground_of(folder: SampleFolder) -> Ground:
    """Every leader's changes. Raises Damaged when a journal of changes is damaged: how the sample stands is then not
    known."""
    changes = read_changes(folder.changes)
    if damage := only_errors(changes.problems):
        raise Damaged(damage)
    settled = settle(folder.sample, changes.changes)
    return Ground(changes.changes, settled, (*changes.problems, *settled.problems(str(folder.changes), "warning")))


def checked_text(text: str, what: str) -> str:
    """A text that is to be kept. Raises WrongUse when it cannot be."""
    try:
        return check_text(text)
    except Refused as refused:
        raise WrongUse(Problem("S018", f"The {what} cannot be kept. {refused.why}")) from refused


def checked_reason(text: str) -> str:
    """The reason of a change in the leader's words. Raises WrongUse where it is blank, or cannot be kept."""
    if not text.strip():
        raise WrongUse(Problem("S018", "The reason is blank.", "Say why in a few words: they are kept with the change, "
                               "and those whom it concerns read them."))
    return checked_text(text.strip(), "reason")


def assessments(folder: SampleFolder, marker: str) -> Mapping[str, Assessment]:
    """What somebody has marked, by case. Raises Damaged when their journals do not let anyone tell."""
    marks = read_marks(folder.marks, only=marker)
    if damage := only_errors(marks.problems):
        raise Damaged(damage)
    records = marks.of(marker).records
    return {case_id: assessment_of(case_id, record) for case_id, record in records.items()}


def assessment_by(folder: SampleFolder, marker: str, case_id: str) -> Assessment:
    """What somebody has marked of a case. Raises Damaged as `assessments`."""
    return assessments(folder, marker).get(case_id, assessment_of(case_id, CaseRecord()))


def signed_already(marker: str, case_id: str, done: str) -> Forbidden:
    """The refusal of a change to a case that its marker has signed off."""
    return Forbidden(Problem("J013", f"Case '{case_id}' is signed off by {marker}, and is not {done} any more.",
                             "What was marked counts. If it should not, that is a matter for moderation."))


def keep(journal: Journal, change: Change) -> None:
    """Writes the change down. Raises WrongUse when it is longer than a line can be, NotSaved from the journal."""
    try:
        journal.append(change_line(change))
    except LineTooLong as error:
        raise WrongUse(Problem("S018", "The change is longer than a line of a journal.",
                               "Shorten its reason or note.")) from error
