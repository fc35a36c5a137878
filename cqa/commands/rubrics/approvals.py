"""What commands ask of the approvals beside a rubric's file."""

from pathlib import Path

from cqa.errors import CqaError, Problem
from cqa.files.approvals import Approved, approved_versions
from cqa.files.rubrics import RubricFile, version_line
from cqa.rubric.versions import Earlier, version_problems


def approval_of(path: Path, found: RubricFile) -> Approved | None:
    """The approval of the version that stands in the file. Raises BadInput and Damaged for records."""
    versions = approved_versions(path, found.rubric.id)
    return next((one for one in versions if one.version == found.rubric.version), None)


def check_versions(path: Path, found: RubricFile) -> tuple[Problem, ...]:
    """What is wrong with the version in the file, against the approved ones; records that cannot be read likewise."""
    try:
        versions = approved_versions(path, found.rubric.id)
    except CqaError as error:
        return error.problems
    earlier = tuple(Earlier(one.file.rubric, one.file.sha256, one.by) for one in versions)
    return tuple(version_problems(found.rubric, found.sha256, earlier, str(path), version_line(found.data, str(path))))


def approval_doubts(folder: Path, file: str | None, found: RubricFile | None) -> tuple[Problem, ...]:
    """A warning for a live rubric that was never approved, or is not as it was approved; a draw goes on with it."""
    if file is None or found is None or found.rubric.status != "live":
        return ()
    path = folder / file
    named = f"{found.rubric.id} {found.rubric.version}"
    try:
        approval = approval_of(path, found)
    except CqaError as error:
        return tuple(Problem(one.code, one.message, one.remedy, one.where, one.line, one.column, "warning")
                     for one in error.problems)
    if approval is None:
        return (Problem("R064", f"The live rubric {named} was never approved.",
                        f"cqa rubric approve {file} --as PERSON records who took it live, and keeps its bytes.",
                        str(path), severity="warning"),)
    if approval.file.sha256 != found.sha256:
        return (Problem("R064", f"The live rubric {named} is not as it was approved, by {approval.by}.",
                        "cqa rubric check says what has changed: raise the version, or put the file back.", str(path),
                        severity="warning"),)
    return ()
