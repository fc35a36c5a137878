"""`cqa replace`: a leader replaces a main case by the next reserve of its stratum, and nothing about it is a choice."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from cqa import __version__
from cqa.commands.here import named_person, workspace_here
from cqa.commands.records import only_sample
from cqa.errors import Damaged, ExitCode, Forbidden, Problem, WrongUse, only_errors
from cqa.facts import how_many
from cqa.files.changes import CHANGES_FORMAT, read_changes, replaced_line
from cqa.files.device import Device, remember_end, shorter_than_remembered, this_device
from cqa.files.journal import Journal, Lines, LineTooLong
from cqa.files.marks import ahead_of, check_ground, journal_path, read_marks, writer_of
from cqa.files.sample_folder import SampleFolder, open_sample
from cqa.marking.refusals import Refused, check_text
from cqa.marking.replay import assessment_of, replay
from cqa.sampling.changes import Replacement, Settled, settle
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


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a replacement follows from: every replacement known, and what they come to."""

    known: tuple[Replacement, ...]
    settled: Settled
    problems: tuple[Problem, ...]


def run(world: World, printer: Printer, options: ReplaceOptions) -> int:
    """Replaces a case, on disk before it is said.

    Raises WrongUse for an unknown case, reason or name; Forbidden for a finding, a case that is signed off, replaced
    or not in use, and where no reserve is left; InUse, Damaged and NotSaved as for marks.
    """
    workspace = workspace_here(world, printer)
    folder = open_sample(workspace, only_sample(workspace, options.sample))
    reason, note = checked_reason(workspace.settings, options.reason), _checked_note(options.note)
    device = this_device(world)
    person = named_person(options.who or world.environment.get("CQA_REVIEWER", "") or device.reviewer)
    # Looked at before the journal is opened, so that a refusal leaves no file behind, and again under its lock.
    _chosen(folder, _ground(folder), options.case)
    with _journal(world, printer, folder, person, device) as journal:
        ground = _ground(folder)
        chosen, begun = _chosen(folder, ground, options.case)
        one = Replacement(
            writer_of(person, device.id), journal.next_seq, world.stamp(), chosen.case.case_id,
            chosen.reserve.case_id, chosen.case.stratum, reason, note, chosen.reviewer, chosen.second, REPLACE_RULE,
            tuple(sorted(each.id for each in ground.known)))
        try:
            journal.append(replaced_line(one))
        except LineTooLong as error:
            raise WrongUse(Problem("S018", "The replacement is longer than a line of a journal.",
                                   "Shorten the note.")) from error
    _tell(printer, folder, one, chosen, (*ground.problems, *begun))
    return ExitCode.DONE


def checked_reason(settings: Settings, code: str) -> str:
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


def _checked_note(note: str) -> str:
    try:
        return check_text(note)
    except Refused as refused:
        raise WrongUse(Problem("S018", f"The note cannot be kept. {refused.why}")) from refused


def _ground(folder: SampleFolder) -> _Ground:
    """Every leader's replacements. Raises Damaged when a journal of changes is damaged: the next reserve is then not
    known."""
    changes = read_changes(folder.changes)
    if damage := only_errors(changes.problems):
        raise Damaged(damage)
    settled = settle(folder.sample, changes.replacements)
    return _Ground(changes.replacements, settled,
                   (*changes.problems, *settled.problems(str(folder.changes), "warning")))


def _chosen(folder: SampleFolder, ground: _Ground, case_id: str) -> tuple[Chosen, tuple[Problem, ...]]:
    """What the rule gives, and a warning when the case is begun. Raises Forbidden when it is signed off."""
    chosen = replacement_for(ground.settled, case_id)
    begun = []
    for turn in ("first", "second"):
        marker = ground.settled.sample.reviewer(case_id, turn)
        if marker:
            begun += _refuse_signed(folder, marker, case_id)
    return chosen, tuple(begun)


def _refuse_signed(folder: SampleFolder, marker: str, case_id: str) -> list[Problem]:
    """A warning when the marker has begun the case. Raises Forbidden when they have signed it off, Damaged when their
    journal does not let anyone tell."""
    marks = read_marks(folder.marks, only=marker)
    if damage := only_errors(marks.problems):
        raise Damaged(damage)
    record = replay(marks.events.get(marker.casefold(), ())).get(case_id)
    assessment = assessment_of(case_id, record) if record else None
    if assessment and assessment.signed_at:
        raise Forbidden(Problem("J013", f"Case '{case_id}' is signed off by {marker}, and is not replaced any more.",
                                "What was marked counts. If it should not, that is a matter for moderation."))
    if assessment and assessment.marks:
        told = how_many(len(assessment.marks), "mark")
        return [Problem("S026", f"{marker} has begun case '{case_id}': {told}. They stay in the journal, and count "
                        "nowhere.", f"Tell {marker} that the case is replaced.", severity="warning")]
    return []


@contextmanager
def _journal(
    world: World, printer: Printer, folder: SampleFolder, person: str, device: Device
) -> Iterator[Journal]:
    """The leader's journal of changes, locked, its `opened` line on disk. Raises as `Journal.open`.

    Reviewers must be able to read it, for it says which cases they are to mark.
    """
    path = journal_path(folder.changes, person, device.id)
    opened = _opened(world, folder, person, device.id)

    def look(lines: Lines) -> None:
        check_ground(lines, opened, path)
        if ahead := ahead_of(path, (person, device.id), lines):
            raise Damaged(ahead)

    owner = {"person": person, "device": device.id}
    known = f"{opened['sample']}|{opened['drawn_at']}|{opened['frame']}|changes|{writer_of(person, device.id)}"
    with closing(Journal.open(path, world.stamp, before=look, owner=owner, shared=True)) as journal:
        printer.problems((*shorter_than_remembered(world, known, path, journal.lines),
                          *((journal.recovered,) if journal.recovered else ())))
        journal.append(opened)
        try:
            yield journal
        finally:
            remember_end(world, known, journal.next_seq - 1, journal.seal)


def _opened(world: World, folder: SampleFolder, person: str, device: str) -> dict[str, object]:
    """The line that begins every run: who, on what device and account, on which sample."""
    sample = folder.sample
    return {
        "at": world.stamp(), "kind": "opened", "format": CHANGES_FORMAT, "sample": sample.name,
        "drawn_at": sample.drawn_at, "frame": sample.frame_digest, "person": person, "device": device,
        "account": world.account, "host": world.host, "cqa": __version__,
    }


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
