"""`cqa draw`: from an export to a sample nobody can say was hand-picked."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from cqa.commands.show import sample_json, show_sample
from cqa.errors import ExitCode, Problem, WrongUse
from cqa.facts import folded
from cqa.files.exports import Export, read_export
from cqa.files.rubrics import RubricFile, read_rubric
from cqa.files.sample_folder import SampleFolder, read_sample, refuse_taken, write_sample
from cqa.files.workspace import Workspace, checked_name, find_workspace
from cqa.files.yaml_tree import written
from cqa.sampling.frame import COLLAPSE_RULES, Collapse, Columns, Frame, build_frame
from cqa.sampling.pairing import Person
from cqa.sampling.plan import Derived, Plan, RubricRef, Sample, derive, plan_record
from cqa.sampling.ticket import checked_seed
from cqa.screen.printer import Printer
from cqa.settings import Settings, share
from cqa.world import World

SEED_DIGITS = 24


@dataclass(frozen=True, slots=True)
class DrawOptions:
    """The options of `cqa draw` as typed; None and () where not given."""

    export: str
    sample: str
    case_id: str | None = None
    by: tuple[str, ...] = ()
    take: int | None = None
    seed: str | None = None
    rubric: str | None = None
    reviewers: tuple[str, ...] = ()
    second: str | None = None
    reserves: int | None = None
    handled_by: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    collapse: tuple[str, ...] = ()
    encoding: str | None = None


def run(world: World, printer: Printer, options: DrawOptions) -> int:
    """Plans and draws in one step, writes the sample's folder, and shows it.

    Raises WrongUse for names and options, BadInput for the export or the rubric, NotSaved for the disk.
    """
    workspace = find_workspace(world.folder)
    folder = workspace.sample_folder(options.sample)
    refuse_taken(folder)
    seed = checked_seed(options.seed) if options.seed is not None else world.random_digits(SEED_DIGITS)
    rubric = read_rubric(world.folder / options.rubric) if options.rubric else None
    plan = make_plan(options, workspace, rubric)
    encoding = options.encoding or workspace.settings.encoding
    with printer.progress("Reading the export", 1) as steps:
        export = read_export(world.folder / options.export, plan.columns.names, encoding)
        steps.advance()
    frame = frame_of(export, plan)
    derived = derive(plan, frame, seed)
    source = "given when drawing" if options.seed is not None else "made from the system's randomness when drawing"
    drawn = save(folder, world.stamp(), seed, source, plan, export, frame, derived, rubric)
    _tell(printer, workspace, drawn, export, frame, derived)
    return ExitCode.DONE


def frame_of(export: Export, plan: Plan) -> Frame:
    """The frame of an export under a plan. Raises BadInput with every problem of ids, columns and joining rows."""
    return build_frame(export.header, export.rows, plan.columns, plan.collapse, export.source.name, export.offered)


def save(
    folder: Path, stamp: str, seed: str, seed_source: str, plan: Plan, export: Export, frame: Frame, derived: Derived,
    rubric: RubricFile | None,
) -> SampleFolder:
    """Writes the sample and reads it back, so that what is shown is what was recorded."""
    sample = Sample(plan, seed, seed_source, stamp, export.source, frame.digest, len(frame.cases), derived.strata,
                    derived.cases, derived.assignments)
    plan_text = written(plan_record(plan, export.source, frame))
    write_sample(folder, sample, plan_text, rubric.data if rubric else None)
    return read_sample(folder)


def make_plan(options: DrawOptions, workspace: Workspace, rubric: RubricFile | None) -> Plan:
    """The plan that options, settings, people and rubric make together. Raises WrongUse for what is missing."""
    settings = workspace.settings
    case_id = options.case_id or settings.case_id
    take = options.take if options.take is not None else settings.take
    if not case_id or take is None or take < 1:
        raise WrongUse([
            *([] if case_id else [_needed("--id COLUMN", "which column holds the case id")]),
            *([] if take is not None and take >= 1 else [_needed("--take N", "how many cases, 1 or more, to take")]),
        ])
    reserves = options.reserves if options.reserves is not None else settings.reserves
    reviewers = _reviewers(options, workspace)
    return Plan(
        sample=options.sample,
        columns=_columns(options, settings, case_id, rubric),
        keep=options.keep or settings.keep,
        collapse=read_collapse(options.collapse or settings.collapse),
        take=take,
        reserves=take if reserves is None else reserves,
        second=_second(options, settings),
        reviewers=reviewers,
        people=_told_people(workspace.people, reviewers),
        rubric=RubricRef(rubric.rubric.id, rubric.rubric.version, rubric.sha256) if rubric else None,
    )


def _needed(option: str, why: str) -> Problem:
    return Problem("S018", f"Say {why}.", f"Add {option}, or set it in cqa.yaml.")


def _columns(options: DrawOptions, settings: Settings, case_id: str, rubric: RubricFile | None) -> Columns:
    """The rubric's case facts, which may be missing from the export, and the columns to keep, which may not."""
    facts = [(fact.id, settings.columns.get(fact.id, fact.column)) for fact in (rubric.rubric.facts if rubric else ())]
    known = {folded(column) for _, column in facts}
    keep = [(name, name) for name in options.keep or settings.keep if folded(name) not in known]
    return Columns(
        case_id=case_id,
        by=options.by or settings.by,
        handled_by=options.handled_by or settings.handled_by,
        facts=(*facts, *keep),
        optional=tuple(fact for fact, _ in facts),
    )


def _second(options: DrawOptions, settings: Settings) -> Fraction:
    if options.second is None:
        return settings.second
    try:
        return share(options.second)
    except ValueError as error:
        raise WrongUse(Problem("S018", f"--second cannot be '{options.second}'.",
                               "Write a share such as 0.2 or 20%.")) from error


def _reviewers(options: DrawOptions, workspace: Workspace) -> tuple[str, ...]:
    listed = options.reviewers or tuple(
        person.name for person in workspace.people if person.role.casefold() == "reviewer")
    unique = {checked_name(name, "person").casefold(): name for name in listed}
    if len(unique) < len(listed):
        raise WrongUse(Problem("S018", "A reviewer is named twice.", "Names are compared ignoring case."))
    return tuple(unique.values())


def _told_people(people: Sequence[Person], reviewers: Sequence[str]) -> tuple[Person, ...]:
    """What of people.csv the assignment depends on: reviewers' conflicts, and who is managed by a reviewer."""
    marking = {name.casefold() for name in reviewers}
    return tuple(
        Person(person.name, manager=person.manager if person.manager.casefold() in marking else "",
               conflicts=person.conflicts if person.name.casefold() in marking else ())
        for person in people
    )


def read_collapse(options: Sequence[str]) -> Collapse:
    """`same` for all columns, or `COLUMN=same|any|all` for some. Raises WrongUse for anything else."""
    rules: dict[str, str] = {}
    otherwise = None
    for option in options:
        column, equals, rule = option.rpartition("=")
        if rule not in COLLAPSE_RULES or (equals and not column) or (not equals and rule != "same"):
            raise WrongUse(Problem("C012", f"--collapse cannot be '{option}'.",
                                   "Write --collapse same, or COLUMN=same, COLUMN=any or COLUMN=all."))
        if column:
            rules[column] = rule
        else:
            otherwise = rule
    return Collapse(rules, otherwise)


def _tell(
    printer: Printer, workspace: Workspace, drawn: SampleFolder, export: Export, frame: Frame, derived: Derived
) -> None:
    sample, source = drawn.sample, export.source
    printer.problems((*derived.warnings, *_doubts(workspace, sample, frame)))
    if printer.as_json:
        printer.json(sample_json(sample))
        return
    printer.line(f"Read {source.name} as {source.encoding}, separated by {source.delimiter}: {source.rows} rows, "
                 f"{export.blank_rows} blank rows dropped, {len(frame.cases)} cases.")
    show_sample(printer, sample)
    commitment = hashlib.sha256((drawn.path / "plan.yaml").read_bytes()).hexdigest()
    printer.line(f"Commitment (SHA-256 of plan.yaml): {commitment}")
    printer.line(f"Written to {drawn.path}")


def _doubts(workspace: Workspace, sample: Sample, frame: Frame) -> list[Problem]:
    """Warnings about the whole: no rubric, facts the export lacks, a seed that was used before."""
    doubts = []
    if sample.plan.rubric is None:
        doubts.append(Problem("S016", "No rubric was named, so this sample cannot be marked.",
                              "Draw again under another name, with --rubric FILE.", severity="warning"))
    if frame.absent:
        doubts.append(Problem("C004", f"The export has no column for: {', '.join(frame.absent)}.",
                              "The reviewer is asked where a question depends on it.", severity="warning"))
    used = [name for name in workspace.sample_names() if name != sample.name.casefold()
            and f'seed: "{sample.seed}"' in (workspace.samples / name / "sample.yaml").read_text(encoding="utf-8")]
    if used:
        doubts.append(Problem("S013", f"The seed was used before, for: {', '.join(used)}.",
                              "A new round wants a new seed: the same seed gives the same tickets.",
                              severity="warning"))
    return doubts
