"""`cqa take`: a folder with one reviewer's cases, to be marked elsewhere; nothing of anybody else is in it."""

from dataclasses import dataclass
from pathlib import Path

from cqa.commands.changing import Ground, ground_of
from cqa.commands.here import only_sample, workspace_here
from cqa.errors import BadInput, Damaged, ExitCode, Problem, WrongUse, only_errors
from cqa.facts import how_many
from cqa.files.journals import Owner, journals_of, read_journals
from cqa.files.parts import refuse_packed, refuse_take
from cqa.files.plain_file import read_file
from cqa.files.rubrics import rubric_of
from cqa.files.sample_folder import SampleFolder, open_sample
from cqa.files.taking import Take, write_take
from cqa.files.yaml_tree import written
from cqa.sampling.plan import RubricRef
from cqa.sampling.taking import moves_again, part_for
from cqa.screen.printer import Printer
from cqa.settings import Settings
from cqa.tree import Plain, did_you_mean
from cqa.world import World

_README = """\
This folder holds {person}'s cases of the sample {sample}: {cases}.
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
    """Writes the take-away folder of one reviewer, whole or not at all.

    Raises WrongUse for unknown names, for somebody without cases and where the folder is not empty; Damaged where the
    reviewer's journals or the leaders' changes are damaged; Forbidden for a take of a take; NotSaved for the disk.
    """
    workspace = workspace_here(world)
    folder = open_sample(workspace, only_sample(workspace, options.sample))
    refuse_take(folder)
    refuse_packed(folder)
    ground = ground_of(folder)
    person = _person(ground, options.person)
    place = world.folder / (options.to or f"take-{folder.path.name}-{person.casefold()}")
    _check_free(place)
    journals = _own_journals(printer, folder, person)
    rubrics = _rubrics(folder, ground)
    facts = {fact.id for data in rubrics.values() for fact in rubric_of(data, str(folder.path), kept=True).rubric.facts}
    part = part_for(ground.settled, person, facts)
    if not part.cases:
        raise WrongUse(Problem("S010", f"{person} has no case of sample '{folder.sample.name}' to mark.",
                               "cqa show says who marks what."))
    number = world.random_id()
    readme = _README.format(person=person, sample=part.name, cases=how_many(len(part.cases), "case"), folder=place.name)
    take = Take(number, person, world.stamp(), part, moves_again(ground.settled, number), rubrics, journals,
                _settings(workspace.settings), readme)
    write_take(place, folder, take)
    printer.problems(ground.problems)
    _tell(printer, place, place.name if place.parent == world.folder else str(place.resolve()), take)
    return ExitCode.DONE


def _person(ground: Ground, who: str) -> str:
    """The reviewer's name as the sample has it. Raises WrongUse where it has none of that name."""
    sample = ground.settled.sample
    known = next((name for name in sample.reviewers if name.casefold() == who.casefold()), None)
    if known is None:
        raise WrongUse(Problem("S010", f"'{who[:80]}' is no reviewer of sample '{sample.name}'.",
                               did_you_mean(who, sample.reviewers)))
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


def _tell(printer: Printer, place: Path, typed: str, take: Take) -> None:
    second = sum(mark.turn == "second" for mark in take.part.assignments)
    if printer.as_json:
        printer.json({"sample": take.part.name, "person": take.person, "folder": str(place), "take": take.id,
                      "cases": len(take.part.cases), "second": second,
                      "rubrics": [ref.version for ref in take.rubrics],
                      "journals": [".".join(owner) for owner in take.journals]})
        return
    seconds = f", of which {second} as second marker" if second else ""
    printer.line(f"{take.person}'s part of {take.part.name} is in {place}: "
                 f"{how_many(len(take.part.cases), 'case')}{seconds}, "
                 f"{how_many(len(take.journals), 'journal')} of theirs. Nothing of anybody else is in it.")
    printer.line(f"To mark there, offline if need be:\n  cqa assess --as {take.person}")
    printer.line(f"When it comes back, in this workspace:\n  cqa collect {typed}")
