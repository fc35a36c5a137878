"""`cqa draw`: from an export, or from a plan that was committed to, to a sample nobody can say was hand-picked."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from cqa.commands.drawing.gathering import gather_in_parts
from cqa.commands.drawing.not_calibrated import not_calibrated
from cqa.commands.drawing.planning import PlanOptions, assessed_cases, make_plan
from cqa.commands.drawing.show import sample_json, show_sample
from cqa.commands.here import workspace_here
from cqa.commands.leaders.changing import checked_text
from cqa.commands.rubrics.approvals import approval_doubts
from cqa.errors import BadInput, Damaged, ExitCode, Problem, WrongUse
from cqa.facts import how_many
from cqa.files.exports import FOUND_BY_ITSELF, ExportFiles, open_export
from cqa.files.retiring import record_place, retired_names
from cqa.files.rubrics import read_rubric, rubric_of
from cqa.files.sample_folder import SampleFolder, is_planned, read_committed, read_sample
from cqa.files.sample_writing import MOST_LISTED, refuse_taken, write_sample
from cqa.files.sealing import sealed
from cqa.files.workspace import Workspace
from cqa.rubric.use import used_beside
from cqa.sampling.derive import derive
from cqa.sampling.plan import Committed, Derived, Plan, Sample, plan_record
from cqa.sampling.survey import Frame
from cqa.sampling.ticket import SEED_DIGITS, checked_seed
from cqa.screen.printer import Printer
from cqa.world import World


def run(world: World, printer: Printer, options: PlanOptions, seed: str | None, seed_source: str = "") -> int:
    """Draws a planned sample, or plans and draws in one step; writes the sample's folder, and shows it.

    Raises WrongUse for names and options, BadInput for the export or the rubric, Damaged when the export is not the
    one that was committed to, NotSaved for the disk.
    """
    workspace = workspace_here(world)
    folder = workspace.sample_folder(options.sample)
    told = checked_seed(seed) if seed is not None else world.random_digits(SEED_DIGITS)
    source = checked_text(seed_source, "seed's source") or (
        "given when drawing" if seed is not None else "made from the system's randomness when drawing")
    if is_planned(folder):
        drawn = _draw_planned(world, printer, workspace, folder, options, told, source)
    else:
        drawn = _draw_at_once(world, printer, workspace, folder, options, told, source)
    _tell(printer, workspace, *drawn)
    return ExitCode.DONE


Drawn = tuple[SampleFolder, ExportFiles, Frame, Derived]


def _draw_at_once(
    world: World, printer: Printer, workspace: Workspace, folder: Path, options: PlanOptions, seed: str, source: str
) -> Drawn:
    refuse_taken(folder)
    rubric = read_rubric(world.folder / options.rubric) if options.rubric else None
    plan, export = make_plan(world, workspace, options, rubric)
    printer.problems(approval_doubts(world.folder, options.rubric, rubric))
    frame, derived = _derive(printer, workspace, plan, export, seed)
    text = sealed(plan_record(plan, export.sources, frame.digest, frame.cases, absent_facts(export, plan)))
    sample = _sample(world, plan, export, frame, derived, seed, source)
    write_sample(folder, sample, text, rubric.data if rubric else None, frame)
    return read_sample(folder), export, frame.counted(), derived


def _draw_planned(
    world: World, printer: Printer, workspace: Workspace, folder: Path, options: PlanOptions, seed: str, source: str
) -> Drawn:
    if options.given:
        raise WrongUse(Problem("S020", f"The plan of '{options.sample}' is fixed: only --seed may be given now.",
                               "Leave the other options out, or plan again under another name.", str(folder)))
    committed, text = read_committed(folder)
    export = _committed_export(world, workspace, folder, committed, options.exports)
    frame, derived = _derive(printer, workspace, committed.plan, export, seed)
    if (frame.digest, frame.cases) != (committed.digest, committed.cases):
        raise Damaged(Problem("S021", f"The export gives a frame of {how_many(frame.cases, 'case')}, and the plan "
                              f"committed to another, of {committed.cases}.", "Name the export that was planned with. "
                              "A changed frame wants a new plan, a new name and a new seed.", export.where))
    sample = _sample(world, committed.plan, export, frame, derived, seed, source)
    write_sample(folder, sample, text.decode(), None, frame)
    return read_sample(folder), export, frame.counted(), derived


def _committed_export(
    world: World, workspace: Workspace, folder: Path, committed: Committed, named: Sequence[str]
) -> ExportFiles:
    """The export of a plan: as named now, else where it was when it was planned."""
    paths = [world.folder / path for path in named] or [workspace.root / path for path in committed.paths]
    if not paths:
        raise WrongUse(Problem("S018", "Say which export the plan is for.", "cqa draw EXPORT --sample NAME --seed "
                               "TEXT", str(folder)))
    return open_again(paths, committed)


def open_again(paths: Sequence[Path], committed: Committed) -> ExportFiles:
    """The export of a plan, or one that was made again: in the encoding that had to be named, if one had to be, unless
    it is Unicode now and says so by itself."""
    columns = committed.plan.columns.names
    named = {source.encoding for source in committed.sources} - FOUND_BY_ITSELF
    if len(named) != 1:
        return open_export(paths, columns)
    try:
        found = open_export(paths, columns)
    except BadInput:
        return open_export(paths, columns, named.pop())
    doubtful = any(file.layout.encoding == "cp1252" for file in found.files)
    return open_export(paths, columns, named.pop()) if doubtful else found


def _derive(printer: Printer, workspace: Workspace, plan: Plan, export: ExportFiles, seed: str
            ) -> tuple[Frame, Derived]:
    with printer.progress("Reading the export", 1) as steps:
        made = derive(plan, export, assessed_cases(workspace, plan.register), seed, gathering=gather_in_parts)
        steps.advance()
    return made


def _sample(
    world: World, plan: Plan, export: ExportFiles, frame: Frame, derived: Derived, seed: str, source: str
) -> Sample:
    return Sample(plan, seed, source, world.stamp(), export.sources, frame.digest, frame.cases, frame.excluded,
                  derived.strata, derived.cases, derived.assignments)


def absent_facts(export: ExportFiles, plan: Plan) -> tuple[str, ...]:
    """Case facts that the export has no column for."""
    return tuple(fact for fact, column in plan.columns.facts if export.place(column) is None)


def _tell(
    printer: Printer, workspace: Workspace, drawn: SampleFolder, export: ExportFiles, frame: Frame, derived: Derived
) -> None:
    sample = drawn.sample
    printer.problems((*export.remarks(), *derived.warnings, *_doubts(workspace, sample, absent_facts(export,
                                                                                                     sample.plan)),
                      *_beside(drawn), *not_calibrated(workspace, drawn)))
    if printer.as_json:
        printer.json(sample_json(sample))
        return
    tell_read(printer, export, frame)
    show_sample(printer, sample)
    if not drawn.listed:
        printer.line(f"The frame is too large to be listed in the folder (over {MOST_LISTED:,} cases).")
    commitment = hashlib.sha256((drawn.path / "plan.yaml").read_bytes()).hexdigest()
    printer.line(f"Commitment (SHA-256 of plan.yaml): {commitment}")
    printer.line(f"Written to {drawn.path}")


def tell_read(printer: Printer, export: ExportFiles, frame: Frame) -> None:
    """How each file was read, and how its rows came to cases: nothing is left out without a word."""
    rows = 0
    for source, blank in export.read():
        rows += source.rows
        how = "a workbook" if source.encoding == "xlsx" else f"{source.encoding}, separated by {source.delimiter}"
        printer.line(f"Read {source.name} as {how}: {how_many(source.rows, 'row')}, {how_many(blank, 'blank row')} "
                     "dropped.")
    inside = sum(size.size for size in frame.strata)
    joined = f" ({how_many(rows - inside, 'row')} joined to others)" if rows > inside else ""
    verb = "makes" if rows == 1 else "make"
    printer.line(f"{how_many(rows, 'row')} {verb} {how_many(inside, 'case')}{joined}; {frame.cases:,} in the frame.")
    for reason, cases in frame.excluded.items():
        printer.line(f"  left out, {reason}: {cases}")


def _beside(drawn: SampleFolder) -> Iterator[Problem]:
    """Warnings about drawn cases that the rubric is not for."""
    if drawn.sample.plan.rubric is not None:
        rubric = rubric_of(drawn.rubric_bytes(), drawn.rubric_file).rubric
        yield from used_beside(rubric, ((case.case_id, case.facts) for case in drawn.sample.cases if case.main),
                               drawn.rubric_file)


def _doubts(workspace: Workspace, sample: Sample, absent: Sequence[str]) -> list[Problem]:
    """Warnings about the whole: no rubric, facts the export lacks, a seed that was used before."""
    doubts = []
    if sample.plan.rubric is None:
        doubts.append(Problem("S016", "No rubric was named, so this sample cannot be marked.",
                              "Draw again under another name, with --rubric FILE.", severity="warning"))
    if absent:
        doubts.append(Problem("C004", f"The export has no column for: {', '.join(absent)}.",
                              "The reviewer is asked where a question depends on it.", severity="warning"))
    records = {name: workspace.samples / name / "sample.yaml" for name in workspace.sample_names()
               if name != sample.name.casefold()}
    records |= {name: record_place(workspace.samples / name) for name in retired_names(workspace.root)}
    used = [name for name, record in records.items() if f'seed: "{sample.seed}"' in record.read_text(encoding="utf-8")]
    if used:
        doubts.append(Problem("S013", f"The seed was used before, for: {', '.join(used)}.",
                              "A new round wants a new seed: the same seed gives the same tickets.",
                              severity="warning"))
    return doubts
