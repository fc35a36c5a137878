"""What `plan` and `draw` share: from options, settings, people and rubric to a plan, and from a plan to a sample."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from os.path import relpath
from pathlib import Path

from cqa.errors import BadInput, Problem, WrongUse
from cqa.facts import folded, share
from cqa.files.exports import ExportFiles, open_export
from cqa.files.rates import read_rates
from cqa.files.rubrics import RubricFile
from cqa.files.sample_folder import read_sample
from cqa.files.workspace import Workspace, checked_name
from cqa.sampling.date_patterns import Pattern, read_pattern
from cqa.sampling.derive import read_dates
from cqa.sampling.frame import COLLAPSE_RULES, Collapse, Columns
from cqa.sampling.pairing import Person
from cqa.sampling.plan import Amount, Plan, Register, RubricRef, condition_columns
from cqa.sampling.where import read_conditions
from cqa.settings import ALLOCATIONS, Settings
from cqa.world import World

_DAYS_A_MONTH = Fraction(365, 12)


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """The options of `plan` and `draw` as typed; None and () where not given."""

    exports: tuple[str, ...]
    sample: str
    case_id: str | None = None
    by: tuple[str, ...] = ()
    take: int | None = None
    total: int | None = None
    allocation: str | None = None
    per: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    refill: bool = False
    rates: str | None = None
    weight: str | None = None
    where: tuple[str, ...] = ()
    assessed_within: int | None = None
    rubric: str | None = None
    reviewers: tuple[str, ...] = ()
    second: str | None = None
    reserves: int | None = None
    handled_by: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    collapse: tuple[str, ...] = ()
    encoding: str | None = None
    dates: tuple[str, ...] = ()

    @property
    def given(self) -> bool:
        """Whether anything but the export and the sample's name was typed."""
        return replace(self, exports=(), sample="") != PlanOptions((), "")


def make_plan(world: World, workspace: Workspace, options: PlanOptions, rubric: RubricFile | None
              ) -> tuple[Plan, ExportFiles]:
    """The plan that options, settings, people and rubric make together, and the export it is for, opened.

    Raises WrongUse for options, with every one that is wrong or missing; BadInput for an export that cannot be opened
    and for dates that can be read in two ways.
    """
    settings = workspace.settings
    problems: list[Problem] = []
    case_id = options.case_id or settings.case_id
    if not options.exports:
        problems.append(_needed("EXPORT", "which export to draw from"))
    if not case_id:
        problems.append(_needed("--id COLUMN", "which column holds the case id"))
    amount = _amount(world, options, settings, problems)
    second = _second(options, settings, problems)
    collapse = read_collapse(options.collapse or settings.collapse)
    read_conditions(options.where or settings.where)
    read_patterns(options.dates or settings.dates, problems)
    reviewers = _reviewers(options, workspace)
    if problems:
        raise WrongUse(problems)
    columns = _columns(options, settings, case_id, rubric)
    export = open_export([world.folder / path for path in options.exports], columns.names,
                         options.encoding or settings.encoding)
    plan = Plan(
        sample=checked_name(options.sample, "sample"), columns=columns, keep=options.keep or settings.keep,
        collapse=collapse, amount=amount, second=second, reviewers=reviewers,
        people=_told_people(workspace.people, reviewers),
        rubric=RubricRef(rubric.rubric.id, rubric.rubric.version, rubric.sha256) if rubric else None,
        where=options.where or settings.where,
        register=_register(world, workspace, options.assessed_within or 0),
        dates=_dates(export, columns, options, settings, rubric))
    return plan, export


def _needed(option: str, why: str) -> Problem:
    return Problem("S018", f"Say {why}.", f"Add {option}, or set it in cqa.yaml.")


def _amount(world: World, options: PlanOptions, settings: Settings, problems: list[Problem]) -> Amount:
    """How much is drawn. A total typed on the command line goes before a take in the settings, and the other way."""
    take = options.take if options.take is not None or options.total is not None else settings.take
    allocation = options.allocation or settings.allocation or ("proportional" if options.total else "equal")
    if options.take is not None and options.total is not None:
        problems.append(Problem("S018", "--take and --total exclude each other.", "Give the number of each stratum, or "
                                "the number in all."))
    elif take is None and options.total is None:
        problems.append(_needed("--take N, or --total N", "how many cases to take"))
    elif options.total is None:
        problems += _only_with_total(options)
    if options.rates and options.total is not None and allocation in ALLOCATIONS and allocation != "neyman":
        problems.append(Problem("S018", f"--rates are not used by --allocation {allocation}.",
                                "Use --allocation neyman, or leave them out."))
    if allocation not in ALLOCATIONS:
        problems.append(Problem("S018", f"--allocation cannot be '{allocation}'.", f"Known: {', '.join(ALLOCATIONS)}."))
    if options.most is not None and options.least is not None and options.least > options.most:
        problems.append(Problem("S018", "--least is more than --most.", "Swap them."))
    rates = read_rates(world.folder / options.rates) if options.rates else {}
    return Amount(
        take=None if options.total is not None else take, total=options.total,
        allocation=allocation if options.total is not None else "equal",
        least=options.least or 0, most=options.most, refill=options.refill, rates=rates,
        reserves=options.reserves if options.reserves is not None else settings.reserves)


def _only_with_total(options: PlanOptions) -> list[Problem]:
    """Options that say how a total is spread, where each stratum gives the same number."""
    given = [name for name, value in (("--allocation", options.allocation), ("--rates", options.rates)) if value]
    return [Problem("S018", f"{name} says how a total is spread, and --take is of each stratum.",
                    "Give --total N, or leave it out.") for name in given]


def _second(options: PlanOptions, settings: Settings, problems: list[Problem]) -> Fraction:
    if options.second is None:
        return settings.second
    try:
        return share(options.second)
    except (ValueError, ArithmeticError):
        problems.append(Problem("S018", f"--second cannot be '{options.second}'.",
                                "Write a share such as 0.2 or 20%."))
        return Fraction(0)


def read_patterns(texts: Sequence[str], problems: list[Problem]) -> tuple[Pattern, ...]:
    """The date patterns as typed; those that are none become problems."""
    patterns = []
    for text in texts:
        try:
            patterns.append(read_pattern(text))
        except ValueError as error:
            problems.append(Problem("S018", f"--dates cannot be '{text}'.", f"{error}"))
    return tuple(patterns)


def _columns(options: PlanOptions, settings: Settings, case_id: str, rubric: RubricFile | None) -> Columns:
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
        per=options.per,
        weight=options.weight or "",
        where=condition_columns(options.where or settings.where),
    )


def _dates(
    export: ExportFiles, columns: Columns, options: PlanOptions, settings: Settings, rubric: RubricFile | None
) -> dict[str, tuple[str, ...]]:
    """The patterns of every column that is read as dates: the rubric's facts of that type, and ranges of dates."""
    typed = {fact.id for fact in (rubric.rubric.facts if rubric else ()) if fact.type == "date"}
    named = [column for fact, column in columns.facts if fact in typed]
    ranges = [one.column for one in read_conditions(options.where or settings.where) if one.kind == "date"]
    return read_dates(export, tuple(dict.fromkeys((*named, *ranges))), options.dates or settings.dates,
                      set(named) - set(ranges))


def _reviewers(options: PlanOptions, workspace: Workspace) -> tuple[str, ...]:
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


def _register(world: World, workspace: Workspace, months: int) -> Register:
    """The samples of this workspace that were drawn within so many months."""
    if not months:
        return Register()
    since = (world.now() - timedelta(days=int(months * _DAYS_A_MONTH))).isoformat()
    drawn = [read_sample(workspace.samples / name).sample for name in workspace.sample_names()]
    return Register(months, tuple((one.name, one.drawn_at) for one in drawn if one.drawn_at >= since))


def assessed_cases(workspace: Workspace, register: Register) -> dict[str, str]:
    """The main cases of the register's samples: id to sample. Raises BadInput when one is gone or another."""
    cases: dict[str, str] = {}
    for name, drawn_at in register.samples:
        folder = workspace.sample_folder(name)
        sample = read_sample(folder).sample if (folder / "sample.yaml").is_file() else None
        if sample is None or sample.drawn_at != drawn_at:
            raise BadInput(Problem("S021", f"The plan leaves out the cases of sample '{name}' (drawn {drawn_at}), "
                                   "which is not here.", "Put its folder back.", str(folder)))
        cases.update({case.case_id: sample.name for case in sample.cases if case.main})
    return cases


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


def told_paths(workspace: Workspace, world: World, paths: Sequence[str]) -> tuple[str, ...]:
    """Where the export's files are, as seen from the workspace: what a later draw looks for."""
    return tuple(_from(workspace.root, (world.folder / path).resolve()) for path in paths)


def _from(root: Path, path: Path) -> str:
    try:
        return Path(relpath(path, root)).as_posix()
    except ValueError:  # another drive on Windows
        return path.as_posix()
