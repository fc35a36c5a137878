"""`cqa take`: a folder with one reviewer's cases, to be marked elsewhere; nothing of anybody else is in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cqa.commands.here import workspace_here
from cqa.commands.leaders.changing import Ground, ground_of
from cqa.commands.trials.arms import arms_here, trial_of
from cqa.commands.trials.serving import meant, out_of_order, parts_of
from cqa.errors import BadInput, Damaged, ExitCode, Forbidden, Problem, WrongUse, only_errors
from cqa.facts import how_many
from cqa.files.journals import Owner, journals_of, read_journals
from cqa.files.parts import refuse_packed, refuse_take
from cqa.files.plain_file import read_file
from cqa.files.rubrics import rubric_of
from cqa.files.sample_folder import SampleFolder
from cqa.files.taking import Take, write_take
from cqa.files.workspace import Workspace
from cqa.files.yaml_tree import written
from cqa.sampling.plan import RubricRef
from cqa.sampling.taking import moves_again, part_for
from cqa.screen.printer import Printer
from cqa.settings import Settings
from cqa.tree import Plain, did_you_mean
from cqa.world import World

_README = """\
This folder holds {person}'s cases of the {kind} {sample}: {cases}.
Nothing of anybody else's is in it.

TO MARK, open a terminal in this folder and type:

  cqa assess --as {person}

No network is needed. Every mark is saved in this folder before the next
question appears. Stop whenever you like, and go on with the same command.

TO BRING YOUR MARKS BACK, give this folder to your team leader, as it is or
as a zip, whenever you like. Keep your own until you are told that it has
arrived. Your team leader types, in the workspace that it came from:

  cqa collect {folder}

Nothing goes wrong when a folder is brought back twice, or again after more
was marked in it.

PLEASE
- mark in one folder only: two copies in which both was marked part ways;
- change no file by hand: your marks are sealed line by line, and it shows;
- keep the folder as you keep case files, and delete it when you are told
  that your marks have arrived.
"""


@dataclass(frozen=True, slots=True)
class TakeOptions:
    """What was typed: whose cases, of which sample (empty: the only one), and where to (empty: beside where one is)."""

    person: str
    sample: str = ""
    to: str = ""


def run(world: World, printer: Printer, options: TakeOptions) -> int:
    """Writes the take-away folder of one reviewer, whole or not at all: of a sample, or of both samples of a trial.

    Raises WrongUse for unknown names, for somebody without cases and where the folder is not empty; Damaged where the
    reviewer's journals or the leaders' changes are damaged; Forbidden for a take of a take, and for cases of a trial
    while others come first; NotSaved for the disk.
    """
    workspace = workspace_here(world)
    trial, folder = meant(workspace, options.sample)
    folders = [folder] if folder else [*arms_here(workspace, trial).values()]
    for one in folders:
        refuse_take(one)
        refuse_packed(one)
    grounds = [(one, ground_of(one)) for one in folders]
    person = _person(grounds, options.person, trial)
    order = _order(workspace, trial, folder, person) if trial else ()
    called = folder.path.name if folder else trial
    place = world.folder / (options.to or f"take-{called.casefold()}-{person.casefold()}")
    _check_free(place)
    number, at = world.random_id(), world.stamp()
    taken = [(one, _take(printer, one, ground, Take(number, person, at, ground.settled.sample, (), {}, {}, order)))
             for one, ground in grounds if person in ground.settled.sample.reviewers]
    taken = [(one, take) for one, take in taken if take.part.cases]
    if not taken:
        raise WrongUse(Problem("S010", f"{person} has no case of {_kind(trial)} '{trial or called}' to mark.",
                               "cqa show says who marks what."))
    cases = sum(len(take.part.cases) for _, take in taken)
    readme = _README.format(person=person, kind=_kind(trial), sample=trial or taken[0][1].part.name,
                            cases=how_many(cases, "case"), folder=place.name)
    write_take(place, taken, _settings(workspace.settings), readme)
    printer.problems([problem for _, ground in grounds for problem in ground.problems])
    _tell(printer, place, place.name if place.parent == world.folder else str(place.resolve()),
          [take for _, take in taken], trial if not folder else "")
    return ExitCode.DONE


def _kind(trial: str) -> str:
    return "trial" if trial else "sample"


def _order(workspace: Workspace, trial: str, named: SampleFolder | None, person: str) -> tuple[int, ...]:
    """The arms of a trial in the order in which the person marks them. Raises Forbidden where the sample that is named
    is not the one to be marked now."""
    parts = parts_of(workspace, trial, person)
    own = trial_of(named) if named else None
    if own and (first := parts.before(own.arm)):
        refusal = out_of_order(trial, first)
        raise Forbidden(replace(refusal, remedy=f"Take both away at once: cqa take {person} --sample {trial}"))
    return tuple(parts.by_arm)


def _take(printer: Printer, folder: SampleFolder, ground: Ground, take: Take) -> Take:
    """What of a sample goes along. Raises as `run`."""
    rubrics = _rubrics(folder, ground)
    facts = {fact.id for data in rubrics.values() for fact in rubric_of(data, str(folder.path), kept=True).rubric.facts}
    return replace(take, part=part_for(ground.settled, take.person, facts), moves=moves_again(ground.settled, take.id),
                   rubrics=rubrics, journals=_own_journals(printer, folder, take.person))


def _person(grounds: Sequence[tuple[SampleFolder, Ground]], who: str, trial: str) -> str:
    """The reviewer's name as the samples have it. Raises WrongUse where they have none of that name."""
    samples = [ground.settled.sample for _, ground in grounds]
    names = tuple(dict.fromkeys(name for sample in samples for name in sample.reviewers))
    known = next((name for name in names if name.casefold() == who.casefold()), None)
    if known is None:
        raise WrongUse(Problem("S010", f"'{who[:80]}' is no reviewer of {_kind(trial)} '{trial or samples[0].name}'.",
                               did_you_mean(who, names)))
    return known


def _check_free(place: Path) -> None:
    if place.is_symlink() or (place.exists() and (not place.is_dir() or any(place.iterdir()))):
        raise WrongUse(Problem("P003", "There is something in that place already.", "Name a new folder with --to DIR.",
                               str(place)))


def _own_journals(printer: Printer, folder: SampleFolder, person: str) -> dict[Owner, bytes]:
    """The reviewer's journals from all devices, byte for byte; of several copies the one that is believed. Raises
    Damaged for damage, and where two part ways: in the take nobody could tell what stands."""
    problems = read_journals(folder.marks, only=person).problems
    if damage := only_errors(problems):
        raise Damaged(damage)
    printer.problems(problems)
    return {owner: read_file(paths[0]) for owner, paths in journals_of(folder.marks, only=person).items()}


def _rubrics(folder: SampleFolder, ground: Ground) -> dict[RubricRef, bytes]:
    """Every version under which the reviewer may have marked. Raises BadInput for a sample without a rubric, Damaged
    where one that counts is not as recorded."""
    drawn = ground.settled.drawn.plan.rubric
    if drawn is None:
        folder.rubric_bytes()  # refuses
        raise BadInput(())
    found = {ref: folder.bytes_of(ref) for ref in (drawn, *(one.to for one in ground.settled.moves))}
    for ref in (one.to for one in ground.settled.moves_apart):
        try:
            found[ref] = folder.bytes_of(ref)
        except Damaged:
            continue  # it governs nothing, and may be on its way from another leader
    return found


def _settings(settings: Settings) -> str:
    """The settings that marking uses, as cqa.yaml holds them."""
    told: dict[str, Plain] = {"language": settings.language, "screen": settings.screen}
    if settings.organisation:
        told["organisation"] = settings.organisation
    if settings.keys:
        told["keys"] = dict(settings.keys)
    return f"# The settings of the workspace that marking uses.\n{written(told)}"


def _tell(printer: Printer, place: Path, typed: str, taken: Sequence[Take], trial: str) -> None:
    """What was taken; `trial` is named where it is both samples of one."""
    person, name = taken[0].person, trial or taken[0].part.name
    cases = sum(len(take.part.cases) for take in taken)
    second = sum(mark.turn == "second" for take in taken for mark in take.part.assignments)
    journals = [".".join(owner) for take in taken for owner in take.journals]
    if printer.as_json:
        printer.json({"sample": name, "person": person, "folder": str(place), "take": taken[0].id,
                      "cases": cases, "second": second,
                      "rubrics": [ref.version for take in taken for ref in take.rubrics], "journals": journals})
        return
    seconds = f", of which {second} as second marker" if second else ""
    printer.line(f"{person}'s part of {name} is in {place}: {how_many(cases, 'case')}{seconds}, "
                 f"{how_many(len(journals), 'journal')} of theirs. Nothing of anybody else is in it.")
    printer.line(f"To mark there, offline if need be:\n  cqa assess --as {person}")
    printer.line(f"When it comes back, in this workspace:\n  cqa collect {typed}")
