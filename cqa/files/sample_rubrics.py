"""Every version of a sample's rubric that its folder keeps: as drawn, and as leaders moved it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cqa.errors import Damaged, Problem
from cqa.files.rubrics import RubricFile, rubric_of
from cqa.files.sample_folder import SampleFolder, rubric_file
from cqa.marking.versions import Versions, versions_of
from cqa.rubric.trial_questions import with_trial_questions
from cqa.sampling.plan import RubricRef
from cqa.sampling.settling import Settled


@dataclass(frozen=True, slots=True)
class SampleRubrics:
    """The rubric that governs what is not signed off, and all versions."""

    current: RubricFile
    versions: Versions


def read_rubrics(folder: SampleFolder, settled: Settled, language: str = "") -> SampleRubrics:
    """The rubrics of a sample as it stands, their texts in `language`. Raises BadInput where it has none, Damaged when
    one that counts is not as recorded. Those of a trial end with its questions.

    A rubric to which a leader moved without seeing another's move is among them where its file is: marks may have been
    given under it.
    """
    current = rubric_of(folder.rubric_bytes(), str(folder.path / folder.rubric_file), language, kept=True)
    drawn = settled.drawn.plan.rubric
    sure = [ref for ref in (drawn, *(one.to for one in settled.moves)) if ref]
    unsure = [one.to for one in settled.moves_apart]
    found = {current.sha256: current.rubric}
    for ref in (*sure, *unsure):
        if ref.sha256 in found:
            continue
        try:
            where = str(folder.path / rubric_file(ref))
            found[ref.sha256] = rubric_of(folder.bytes_of(ref), where, language, kept=True).rubric
        except Damaged:
            if ref in sure:
                raise
    if settled.drawn.plan.trial:
        current = replace(current, rubric=with_trial_questions(current.rubric))
        found = {sha256: with_trial_questions(rubric) for sha256, rubric in found.items()}
    return SampleRubrics(current, versions_of(drawn.sha256 if drawn else current.sha256, current.sha256, found))


def moved_problems(folder: SampleFolder, moved: Iterable[RubricRef]) -> list[Problem]:
    """What is wrong with the files to which leaders moved the rubric: one that is not there, or not as recorded, or
    that holds another rubric than the journal says."""
    problems: list[Problem] = []
    for ref in moved:
        where = str(folder.path / rubric_file(ref))
        try:
            rubric = rubric_of(folder.bytes_of(ref), where).rubric
        except Damaged as error:
            problems.extend(error.problems)
            continue
        if (rubric.id, rubric.version) != (ref.id, ref.version):
            problems.append(Problem("S033", f"The file holds {rubric.id} {rubric.version}; the journal says that the "
                                    f"rubric was moved to {ref.id} {ref.version}.", "Rubrics are moved by cqa rubric "
                                    "move alone.", where))
    return problems
