"""`cqa rubric approve`: who took a rubric live, when, and on what grounds; its bytes are kept."""

from collections.abc import Mapping
from pathlib import Path

from cqa.commands.here import acting, named_person
from cqa.commands.rubrics.approvals import approval_of
from cqa.commands.rubrics.rubric_check import checked
from cqa.commands.rubrics.rubric_try import golden_of
from cqa.errors import BadInput, CqaError, ExitCode, Forbidden, Problem, only_errors
from cqa.files.approvals import FOLDER, Signed, keep_approval
from cqa.files.rubrics import RubricFile, read_draft, read_rubric
from cqa.rubric.rehearsal import rehearse
from cqa.screen.printer import Printer
from cqa.world import World

CASES = 1_000
SEED = "approve"


class GoldenFailed(CqaError):
    """A golden case came out otherwise: what the rubric was agreed to do, it does not do."""

    exit_code = ExitCode.ANSWER_IS_NO


def run(world: World, printer: Printer, file: str, who: str) -> int:
    """Records the approval of a live rubric beside it.

    Raises BadInput for a rubric with errors, GoldenFailed for a golden case, Forbidden for a status that is not live
    and a version that was approved with other bytes, WrongUse for nobody named, NotSaved for the disk.
    """
    path = world.folder / file
    person = named_person(acting(world, who))
    found = read_rubric(path)
    _refuse(path, found)
    before = approval_of(path, found)
    if before is not None and person.casefold() in {one.person.casefold() for one in before.signed}:
        printer.line(f"{found.rubric.id} {found.rubric.version} was approved already: {before.by}.")
        return ExitCode.DONE
    signed = Signed(person, world.account, world.stamp(), _checked(world, path), _tried(path, found))
    record = keep_approval(path, found, (*(before.signed if before else ()), signed))
    printer.line(f"{found.rubric.id} {found.rubric.version} is approved by {person}.")
    printer.line(f"SHA-256 {found.sha256}")
    printer.line(f"Check: {_told(signed.check)}. Try: {_told(signed.tried)}.")
    printer.line(f"Kept in {record.parent}: {record.name}, and the bytes beside it.")
    return ExitCode.DONE


def _told(grounds: Mapping[str, str]) -> str:
    return ", ".join(f"{what} {came}" for what, came in grounds.items())


def _refuse(path: Path, found: RubricFile) -> None:
    rubric = found.rubric
    if rubric.status != "live":
        raise Forbidden(Problem("R065", f"The status is {rubric.status}: only a live rubric is approved.",
                                "Write 'status: live' when the working group has agreed on it.", str(path)))
    before = approval_of(path, found)
    if before is not None and before.file.sha256 != found.sha256:
        raise Forbidden(Problem("R065", f"Version {rubric.version} was approved with other bytes, by {before.by}.",
                                "Raise the version: an approved one never changes.",
                                str(path.parent / FOLDER)))


def _checked(world: World, path: Path) -> dict[str, str]:
    """How many warnings the check found, and how many of them the file acknowledges. Raises BadInput for errors."""
    problems = checked(world, read_draft(path), {})
    if errors := only_errors(problems):
        raise BadInput(errors)
    acknowledged = sum(bool(one.acknowledged) for one in problems)
    return {"errors": "0", "warnings": str(len(problems) - acknowledged), "acknowledged": str(acknowledged)}


def _tried(path: Path, found: RubricFile) -> dict[str, str]:
    """What a try came to, in short. Raises GoldenFailed."""
    passed, failed = golden_of(path, found.rubric)
    if failed:
        raise GoldenFailed(failed)
    tried = rehearse(found.rubric, CASES, SEED)
    return {"cases": str(CASES), "seed": SEED, "golden cases passed": str(passed),
            "bands never given": ", ".join(tried.never_given) or "none",
            "questions never asked": ", ".join(tried.never_asked) or "none"}
