"""Versions against what was approved: a live rubric never changes in place, and a step is as large as its changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cqa.errors import Problem
from cqa.rubric.compare import compare
from cqa.rubric.model import Rubric
from cqa.rubric.steps import falls_short, step_between


@dataclass(frozen=True, slots=True)
class Earlier:
    """A version that was approved before: the rubric, the SHA-256 of its bytes, and by whom, in words."""

    rubric: Rubric
    sha256: str
    by: str


def version_problems(
    rubric: Rubric, sha256: str, approved: Sequence[Earlier], where: str, line: int | None
) -> Iterator[Problem]:
    """What is wrong with the version of a rubric's file, against every approved version of the same id."""
    same = next((one for one in approved if one.rubric.version == rubric.version), None)
    if same is not None and same.sha256 != sha256:
        found = compare(same.rubric, rubric)
        if rubric.status == "retired" and {change.what for change in found.changes} == {"status"}:
            return  # taken out of use, and nothing else: marks under it mean what they meant
        told = found.kinds
        what = f"changes of {', '.join(told)}" if told else "comments or layout alone"
        yield Problem("R061", f"Version {rubric.version} was approved by {same.by}, and the file is not the same any "
                      f"more ({what}).", "Raise the version, or put the file back as it was approved.", where, line,
                      severity="error" if rubric.status == "live" else "warning")
        return
    before = _nearest(rubric, approved) if same is None else None
    if before is not None:
        yield from _step(before, rubric, where, line)


def _step(before: Earlier, rubric: Rubric, where: str, line: int | None) -> Iterator[Problem]:
    found = compare(before.rubric, rubric)
    taken = step_between(before.rubric.version, rubric.version)
    if falls_short(taken, found.needed):
        yield Problem("R062", f"From the approved version {before.rubric.version} to {rubric.version} is a {taken} "
                      f"step, and changes of {found.kinds[0]} ask for a {found.needed} one.",
                      f"Raise the version further; cqa rubric diff names the changes since {before.rubric.version}.",
                      where, line, severity="warning")


def _nearest(rubric: Rubric, approved: Sequence[Earlier]) -> Earlier | None:
    """The highest approved version below this one; None where none can be told to be below."""
    below = [one for one in approved if step_between(one.rubric.version, rubric.version) not in (None, "none")]
    for one in below:
        if all(step_between(other.rubric.version, one.rubric.version) is not None for other in below):
            return one
    return None
