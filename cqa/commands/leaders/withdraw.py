"""`cqa withdraw`: a leader takes a case out of the sample, with a reason and nothing in its place."""

from collections.abc import Iterator
from dataclasses import dataclass

from cqa.commands.here import workspace_here
from cqa.commands.leaders.changing import Ground, assessment_by, checked_reason, ground_of, keep
from cqa.commands.leaders.leading import Leader, leader_of, leaders_journal
from cqa.commands.left_out import signed_said, signed_withdrawals
from cqa.commands.trials.arms import arms_here, trial_meant, trial_of
from cqa.commands.trials.nobody_twice import OtherForm
from cqa.errors import ExitCode, Problem
from cqa.facts import how_many
from cqa.files.marks import read_marks
from cqa.files.sample_folder import SampleFolder
from cqa.marking.replay import Assessment
from cqa.sampling.changes import Withdrawal
from cqa.sampling.draw import DrawnCase
from cqa.sampling.main_case import main_case
from cqa.sampling.pairing import TURNS
from cqa.screen.printer import Printer, listed
from cqa.world import World


@dataclass(frozen=True, slots=True)
class WithdrawOptions:
    """What was typed: the case, the reason, the sample (empty: the only one), and who."""

    case: str
    reason: str
    sample: str = ""
    who: str = ""


def run(world: World, printer: Printer, options: WithdrawOptions) -> int:
    """Withdraws a case, on disk before it is said; one that is signed off too, which is said aloud here and later.
    Where a trial is named, the case is withdrawn from both its samples.

    Raises WrongUse for an unknown case or name and a blank reason; Forbidden for a case that is replaced or withdrawn
    already, and for a reserve that is not in use; InUse, Damaged and NotSaved as for marks.
    """
    leaders, reason = _leaders(world, options), checked_reason(options.reason)
    # Looked at before the first journal is opened, so that a refusal leaves no file behind, and again under its lock.
    for leader in leaders:
        _withdrawable(leader.folder, ground_of(leader.folder), options.case)
    told = [_withdraw(world, printer, leader, options.case, reason) for leader in leaders]
    printer.problems(_still_there(leaders[-1], options.case))
    if printer.as_json:
        printer.json(told[0] if len(told) == 1 else {"samples": told})
    return ExitCode.DONE


def _leaders(world: World, options: WithdrawOptions) -> list[Leader]:
    """Who withdraws the case from which samples: one, or where a trial is meant those of its two that still have it."""
    workspace = workspace_here(world)
    trial = trial_meant(workspace, options.sample)
    if not trial:
        return [leader_of(world, options.sample, options.who)]
    leaders = [leader_of(world, folder.path.name, options.who) for folder in arms_here(workspace, trial).values()]
    having = [leader for leader in leaders if any(
        case.case_id == options.case and case.main for case in ground_of(leader.folder).settled.sample.cases)]
    return having or leaders[:1]


def _withdraw(world: World, printer: Printer, leader: Leader, case_id: str, reason: str) -> dict[str, object]:
    """Withdraws the case from one sample, says so, and gives what a program is told of it."""
    folder = leader.folder
    with leaders_journal(world, printer, leader) as journal:
        ground = ground_of(folder)
        case, begun = _withdrawable(folder, ground, case_id)
        signed = tuple(marker for marker, assessment in begun.items() if assessment.signed_at)
        one = Withdrawal(leader.writer, journal.next_seq, world.stamp(), case.case_id, reason, signed, ground.after)
        keep(journal, one)
    printer.problems((*ground.problems, *(_begun(marker, one.case_id, assessment)
                                          for marker, assessment in begun.items())))
    if one.signed:
        printer.problems([_loudly(folder, ground, one)])
    return _tell(printer, folder, one, case, sum(len(assessment.marks) for assessment in begun.values()))


def _still_there(leader: Leader, case_id: str) -> Iterator[Problem]:
    """A warning where the case of a trial is still to be marked by its other form."""
    other = OtherForm(leader.workspace, leader.folder)
    if other.folder and other.holds(case_id):
        yield Problem("S085", f"Case '{case_id}' is still in {other.folder.name}, to be marked by the trial's other "
                      "form.", "To take it out there too: cqa withdraw CASE --sample "
                      f"{other.folder.name} --reason TEXT", severity="warning")


def _withdrawable(folder: SampleFolder, ground: Ground, case_id: str) -> tuple[DrawnCase, dict[str, Assessment]]:
    """The case, and what its markers have marked of it so far. Raises Damaged when nobody can tell that."""
    case = main_case(ground.settled, case_id, "S029", "withdrawn")
    found = {marker: assessment_by(folder, marker, case_id) for turn in TURNS
             if (marker := ground.settled.sample.reviewer(case_id, turn))}
    return case, {marker: assessment for marker, assessment in found.items() if assessment.marks}


def _begun(marker: str, case_id: str, assessment: Assessment) -> Problem:
    told = how_many(len(assessment.marks), "mark")
    done = "has signed off" if assessment.signed_at else "has begun"
    return Problem("S031", f"{marker} {done} case '{case_id}': {told}. They stay in the journal, and count nowhere.",
                   f"Tell {marker} that the case is withdrawn.", severity="warning")


def _loudly(folder: SampleFolder, ground: Ground, one: Withdrawal) -> Problem:
    """That a case was withdrawn after somebody had signed it off, and how many such cases there are by now."""
    withdrawals = (*ground.settled.withdrawals, one)
    signed = signed_withdrawals(withdrawals, ground.settled.sample, read_marks(folder.marks).records)
    return Problem("S032", f"Case '{one.case_id}' had been signed off by {listed(one.signed)} when it was withdrawn. "
                   f"{signed_said(len(signed), len(withdrawals))}", "Status and report say so too: be ready to give "
                   "the reason to whoever asks.", severity="warning")


def _tell(
    printer: Printer, folder: SampleFolder, one: Withdrawal, case: DrawnCase, marks: int
) -> dict[str, object]:
    if not printer.as_json:
        where = f" from {folder.sample.name}" if trial_of(folder) else ""
        printer.line(f"Case '{one.case_id}' of stratum '{case.stratum}' is withdrawn{where}, and no reserve takes its "
                     f"place: {one.reason}")
        printer.line(f"Kept as {one.id}.")
    return {"sample": folder.sample.name, "case": one.case_id, "stratum": case.stratum, "reason": one.reason,
            "marks": marks, "signed": list(one.signed), "event": one.id, "at": one.at}
