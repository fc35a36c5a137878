"""`cqa retire`: the end of a sample's retention: what is needed to know that it was is kept, all else is removed."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cqa import __version__
from cqa.commands.here import acting, named_person, workspace_here
from cqa.commands.leaders.changing import checked_reason
from cqa.commands.records import SampleRecord, read_record
from cqa.errors import BadInput, CqaError, Damaged, ExitCode, Problem, WrongUse, only_errors
from cqa.facts import how_many
from cqa.files.anchors import anchor_at
from cqa.files.journals import read_journals
from cqa.files.parts import refuse_packed, refuse_take
from cqa.files.plain_file import read_file
from cqa.files.retiring import (
    FORMAT,
    HeldJournals,
    elsewhere,
    finish,
    leaving,
    read_retired,
    record_place,
    retire,
)
from cqa.files.rooms import ROOMS
from cqa.files.sample_folder import PLAN, RECORD, SampleFolder, open_sample, read_sample
from cqa.files.workspace import RETIRED, Workspace
from cqa.sampling.plan import RubricRef
from cqa.screen.printer import Printer
from cqa.tree import Plain
from cqa.world import World


@dataclass(frozen=True, slots=True)
class RetireOptions:
    """What was typed: the sample, why, who, and whether to do it."""

    sample: str
    reason: str
    who: str = ""
    yes: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """What there is of a sample: its folder and record, as far as they can be read, and what is wrong with them."""

    path: Path
    folder: SampleFolder | None
    record: SampleRecord | None
    damage: tuple[Problem, ...]

    @property
    def name(self) -> str:
        return self.folder.name if self.folder else self.path.name


def run(world: World, printer: Printer, options: RetireOptions) -> int:
    """Says what would be removed and kept, and with `yes` does it, the record on disk first.

    Raises WrongUse for an unknown, planned or retired sample and where nobody is named; Forbidden for a take; InUse
    while somebody marks; NotSaved for the disk. A damaged sample may be retired, and is recorded as one.
    """
    workspace = workspace_here(world)
    path = workspace.sample_folder(options.sample)
    reason = checked_reason(options.reason)
    if leaving(path).exists() and not path.exists():
        return _finish(printer, path, options.yes)
    _check_there(workspace, path, options.sample)
    if not options.yes:
        found = _found(workspace, path)
        printer.problems(found.damage)
        _tell(printer, workspace, found, _counts(found), done=None)
        return ExitCode.DONE
    person = named_person(acting(world, options.who))
    with HeldJournals(path) as held:
        found = _found(workspace, path)
        counts = _counts(found)
        signed_by: dict[str, Plain] = {"at": world.stamp(), "by": person, "account": world.account, "reason": reason}
        retire(path, _record(found, counts, signed_by), held, release_first=world.windows)
    printer.problems(found.damage)
    _tell(printer, workspace, found, counts, done=record_place(path))
    return ExitCode.DONE


def _check_there(workspace: Workspace, path: Path, name: str) -> None:
    """Raises WrongUse where there is no drawn sample of that name, or where it was retired before."""
    if record_place(path).exists() and not path.exists():
        told = read_retired(record_place(path))
        raise WrongUse(Problem("S037", f"'{name}' was retired on {told.at[:10]} by {told.by}.", "Nothing is to be "
                               "done.", str(record_place(path))))
    if path.is_symlink():
        raise WrongUse(Problem("S037", "The sample's folder is a link.", "Retire it where it really is.", str(path)))
    try:
        refuse_take(open_sample(workspace, name))
    except Damaged:
        return


def _found(workspace: Workspace, path: Path) -> _Found:
    """The sample as far as it can be read. Raises Forbidden for a take or a pack."""
    try:
        folder = read_sample(path)
    except Damaged as error:
        return _Found(path, None, None, error.problems)
    refuse_packed(folder)
    try:
        record = read_record(folder, workspace.settings.language)
    except (Damaged, BadInput) as error:
        return _Found(path, folder, None, error.problems)
    return _Found(path, folder, record, only_errors(record.problems))


def _counts(found: _Found) -> dict[str, int]:
    """How much there was of what, as far as it can be told."""
    files = [path for room in ROOMS for path in (found.path / room).glob("*.jsonl")]
    counts = {"journals": len(files), "events": sum(read_journals(found.path / room).count for room in ROOMS)}
    if found.folder:
        cases = found.folder.sample.cases
        counts |= {"frame": found.folder.sample.frame_cases, "drawn": sum(case.main for case in cases)}
    if found.record:
        done = found.record.everyone
        counts |= {
            "replaced": len(found.record.settled.replacements), "withdrawn": len(found.record.settled.withdrawals),
            "signed": sum(one.signed for one in done), "begun": sum(one.begun and not one.signed for one in done),
            "second_marked": sum(one.signed for one in done if one.turn == "second"),
            "marks": sum(len(one.standing.marks) for one in done)}
    return counts


def _record(found: _Found, counts: Mapping[str, int], retired: Mapping[str, Plain]) -> dict[str, Plain]:
    """The record of a retired sample: no case, no handler, no mark, and no word of anybody but the reason."""
    sample = found.folder.sample if found.folder else None
    frame: Plain = {"digest": sample.frame_digest, "cases": sample.frame_cases} if sample else None
    return {
        "format": FORMAT,
        "sample": found.name,
        "drawn_at": sample.drawn_at if sample else None,
        "retired": dict(retired),
        "cqa_version": __version__,
        "record": _digest(found.path / RECORD),
        "commitment": _digest(found.path / PLAN),
        "seed": sample.seed if sample else None,
        "frame": frame,
        "rubrics": [{"id": ref.id, "version": ref.version, "sha256": ref.sha256} for ref in _rubrics(found)],
        "counts": dict(counts),
        "damage": sorted({problem.code for problem in found.damage}),
        "anchor": list(_anchor(found)),
    }


def _rubrics(found: _Found) -> Iterator[RubricRef]:
    if found.folder and found.folder.sample.plan.rubric:
        yield found.folder.sample.plan.rubric if not found.record else (
            found.record.settled.drawn.plan.rubric or found.folder.sample.plan.rubric)
    for one in found.record.settled.moves if found.record else ():
        yield one.to


def _anchor(found: _Found) -> tuple[str, ...]:
    try:
        return anchor_at(found.path, found.name).lines
    except OSError:
        return ()


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(read_file(path)).hexdigest()
    except OSError:
        return None


def _finish(printer: Printer, path: Path, yes: bool) -> int:
    """Ends a retirement that was cut off after the record stood. Raises Damaged where the record does not hold."""
    told = read_retired(record_place(path))
    if yes:
        finish(path, told)
    if printer.as_json:
        printer.json({"sample": told.sample, "done": yes, "record": str(record_place(path)), "finished": yes})
        return ExitCode.DONE
    said = f"'{told.sample}' was retired on {told.at[:10]} by {told.by}, and that was cut off: "
    printer.line(said + (f"the rest of its folder is removed now. Its record: {record_place(path)}" if yes else
                         f"the rest of its folder is still at {leaving(path)}. Add --yes to remove it."))
    return ExitCode.DONE


def _tell(
    printer: Printer, workspace: Workspace, found: _Found, counts: Mapping[str, int], done: Path | None
) -> None:
    """What is or would be removed and kept; `done` is the record where it was done."""
    untouched = elsewhere(workspace.root, found.path.name)
    leaned_on = list(_left_out_by(workspace, found.name))
    if printer.as_json:
        printer.json({"sample": found.name, "done": done is not None, "record": str(record_place(found.path)),
                      "counts": dict(counts), "damage": [problem.as_json() for problem in found.damage],
                      "untouched": list(untouched), "left_out_by": leaned_on})
        return
    signed = f", {how_many(counts['signed'], 'signed-off assessment')}" if "signed" in counts else ""
    printer.line(f"{found.name}: {'removed' if done else 'to be removed'}: its folder {found.path}, with "
                 f"{how_many(counts['journals'], 'journal')} of {how_many(counts['events'], 'line')}{signed}.")
    kept = f"{RETIRED}/{found.path.name}.yaml"
    printer.line(f"{'Kept' if done else 'To be kept'}: {kept} (seed, digests, counts, the reason, where each journal "
                 "ended; no case and no mark).")
    if found.damage:
        printer.line("The sample is damaged, and is recorded as such.")
    if untouched:
        printer.line(f"Not touched, and yours to remove: {', '.join(untouched)}.")
    if leaned_on:
        printer.line(f"Its cases were left out of the draw of {', '.join(leaned_on)}: those draws can be derived from "
                     "their own lists, and no more from their exports.")
    printer.line("Exports, copies and backups elsewhere are not known to cqa.")
    if not done:
        printer.line("Nothing was changed. To retire the sample, add --yes.")


def _left_out_by(workspace: Workspace, name: str) -> Iterator[str]:
    """The other samples whose plan leaves out the cases of this one."""
    for other in workspace.sample_names():
        try:
            plan = read_sample(workspace.samples / other).sample.plan
        except CqaError:
            continue
        if name in dict(plan.register.samples):
            yield plan.sample
