"""`cqa replace`: a leader replaces a main case by the next reserve of its stratum, and nothing about it is a choice."""

from dataclasses import dataclass

from cqa.commands.leaders.changing import Ground, assessment_by, checked_text, ground_of, keep, signed_already
from cqa.commands.leaders.leading import leader_of, leaders_journal
from cqa.commands.trials.arms import trial_of
from cqa.errors import ExitCode, Forbidden, Problem, WrongUse
from cqa.facts import how_many
from cqa.files.sample_folder import SampleFolder
from cqa.sampling.changes import Replacement
from cqa.sampling.pairing import TURNS
from cqa.sampling.replacing import REPLACE_RULE, Chosen, replacement_for
from cqa.screen.printer import Printer, listed
from cqa.settings import Settings
from cqa.tree import did_you_mean
from cqa.world import World


@dataclass(frozen=True, slots=True)
class ReplaceOptions:
    """What was typed: the case, the reason's code, the sample (empty: the only one), who, and a note."""

    case: str
    reason: str
    sample: str = ""
    who: str = ""
    note: str = ""


def run(world: World, printer: Printer, options: ReplaceOptions) -> int:
    """Replaces a case, on disk before it is said.

    Raises WrongUse for an unknown case, reason or name; Forbidden for a finding, a case that is signed off, replaced,
    withdrawn or not in use, and where no reserve is left; InUse, Damaged and NotSaved as for marks.
    """
    leader = leader_of(world, options.sample, options.who)
    folder = leader.folder
    _refuse_trial(folder)
    reason, note = checked_code(leader.workspace.settings, options.reason), checked_text(options.note, "note")
    # Looked at before the journal is opened, so that a refusal leaves no file behind, and again under its lock.
    _chosen(folder, ground_of(folder), options.case)
    with leaders_journal(world, printer, leader) as journal:
        ground = ground_of(folder)
        chosen, begun = _chosen(folder, ground, options.case)
        one = Replacement(
            leader.writer, journal.next_seq, world.stamp(), chosen.case.case_id, chosen.reserve.case_id,
            chosen.case.stratum, reason, note, chosen.reviewer, chosen.second, REPLACE_RULE, ground.after)
        keep(journal, one)
    _tell(printer, folder, one, chosen, (*ground.problems, *begun, *_given_to_leavers(ground, one)))
    return ExitCode.DONE


def _refuse_trial(folder: SampleFolder) -> None:
    """Raises Forbidden for a sample of a trial: its two forms are to be held against each other on the cases that were
    drawn for both, and it has no reserves."""
    if trial := trial_of(folder):
        raise Forbidden(Problem("S022", "A case of a trial is not replaced: what took its place would be new under one "
                                "form alone.", "Take it out of the trial: cqa withdraw CASE --sample "
                                f"{trial.name} --reason TEXT."))


def checked_code(settings: Settings, code: str) -> str:
    """The reason's code. Raises Forbidden for a finding, WrongUse for a code that the settings do not know."""
    if code in settings.reasons:
        return code
    if code in settings.findings:
        raise Forbidden(Problem("S023", f"'{code}' is a finding, to be recorded as one, and not a reason to replace: "
                                "the case stays in the sample.",
                                f"Mark it, and say there what was found. {_known(settings)}"))
    raise WrongUse(Problem("S023", f"There is no reason '{code[:80]}'.",
                           f"{did_you_mean(code, settings.reasons)} {_known(settings)}".strip()))


def _known(settings: Settings) -> str:
    return f"Reasons to replace: {listed(settings.reasons) or 'none'} (replacement.reasons in cqa.yaml)."


def _chosen(folder: SampleFolder, ground: Ground, case_id: str) -> tuple[Chosen, tuple[Problem, ...]]:
    """What the rule gives, and a warning when the case is begun. Raises Forbidden when it is signed off."""
    chosen = replacement_for(ground.settled, case_id)
    begun = []
    for turn in TURNS:
        marker = ground.settled.sample.reviewer(case_id, turn)
        if marker:
            begun += _refuse_signed(folder, marker, case_id)
    return chosen, tuple(begun)


def _refuse_signed(folder: SampleFolder, marker: str, case_id: str) -> list[Problem]:
    """A warning when the marker has begun the case. Raises Forbidden when they have signed it off, Damaged when their
    journal does not let anyone tell."""
    assessment = assessment_by(folder, marker, case_id)
    if assessment.signed_at:
        raise signed_already(marker, case_id, "replaced")
    if assessment.marks:
        told = how_many(len(assessment.marks), "mark")
        return [Problem("S026", f"{marker} has begun case '{case_id}': {told}. They stay in the journal, and count "
                        "nowhere.", f"Tell {marker} that the case is replaced.", severity="warning")]
    return []


def _given_to_leavers(ground: Ground, one: Replacement) -> list[Problem]:
    """A warning where the rule gives the reserve to somebody who has handed on all they had."""
    left = ground.settled.left
    return [Problem("S030", f"{name} is to mark case '{one.reserve}', and has handed on every other case.",
                    f"If {name} has left: cqa assign {one.reserve} --turn {turn} --to PERSON --reason TEXT",
                    severity="warning")
            for turn, name in zip(TURNS, (one.reviewer, one.second), strict=True) if name in left]


def _tell(
    printer: Printer, folder: SampleFolder, one: Replacement, chosen: Chosen, problems: tuple[Problem, ...]
) -> None:
    printer.problems((*problems, *chosen.warnings))
    if printer.as_json:
        printer.json({
            "sample": folder.sample.name, "case": one.case_id, "with": one.reserve, "stratum": one.stratum,
            "rank": chosen.reserve.rank, "reason": one.reason, "note": one.note, "reviewer": one.reviewer or None,
            "second": one.second or None, "rule": one.rule, "event": one.id, "at": one.at})
        return
    markers = f"{one.reviewer or 'Nobody'} marks it" + (f", and {one.second} a second time" if one.second else "")
    printer.line(f"Case '{one.case_id}' is replaced by '{one.reserve}', the next reserve of stratum '{one.stratum}' "
                 f"(rank {chosen.reserve.rank}), because {one.reason}.")
    printer.line(f"{markers}. Kept as {one.id}.")
