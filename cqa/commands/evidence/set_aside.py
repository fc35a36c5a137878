"""`cqa verify --set-aside`: a person goes on from damage in journals of theirs, knowing what is lost."""

from functools import partial

from cqa.commands.here import acting, named_person, only_sample, workspace_here
from cqa.commands.leaders.leading import Leader, opening_line
from cqa.commands.marking.sitting import opening_line as opening_sitting
from cqa.errors import ExitCode
from cqa.files.changes import as_it_stands
from cqa.files.device import this_device
from cqa.files.parts import journal_device
from cqa.files.rooms import LEADERS
from cqa.files.sample_folder import SampleFolder, open_sample
from cqa.files.sample_rubrics import read_rubrics
from cqa.files.setting_aside import SetAside, set_aside
from cqa.files.workspace import Workspace
from cqa.screen.printer import Printer
from cqa.world import World


def run(world: World, printer: Printer, names: tuple[str, ...], who: str) -> int:
    """Sets aside what is damaged in the person's journals of the named samples, or of the only one.

    Raises WrongUse for unknown names, NotSaved and InUse from the disk, Damaged where a leader's journal that somebody
    else writes does not let anyone tell how the sample stands.
    """
    workspace = workspace_here(world)
    person = named_person(acting(world, who))
    done: list[SetAside] = []
    for name in names or (only_sample(workspace, ""),):
        done.extend(_in_sample(world, workspace, open_sample(workspace, name), person))
    if printer.as_json:
        printer.json({"set_aside": [{"journal": str(one.journal), "what": one.what, "kept": str(one.kept)}
                                    for one in done]})
    for one in done:
        printer.line(f"{one.journal}: {one.what}")
    if not done:
        printer.line(f"No journal of {person}'s is damaged here; nothing was changed.")
    return ExitCode.DONE


def _in_sample(world: World, workspace: Workspace, folder: SampleFolder, person: str) -> list[SetAside]:
    device = this_device(world)
    done: list[SetAside] = []
    for room in LEADERS:
        leader = Leader(workspace, folder, person, device, room)
        done.extend(set_aside(leader.journals, person, device.id, partial(opening_line, world, leader), world.stamp,
                              shared=leader.shared))
    reviewer = next((name for name in folder.sample.reviewers if name.casefold() == person.casefold()), person)
    standing = as_it_stands(folder)
    rubric = read_rubrics(standing.folder, standing.settled).current if folder.sample.plan.rubric else None
    if rubric is None:
        return done
    return [*done, *set_aside(
        folder.marks, person, journal_device(folder, device.id),
        lambda name: opening_sitting(world, standing.folder, rubric, reviewer, name), world.stamp)]
