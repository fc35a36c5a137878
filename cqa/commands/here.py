"""The workspace and the sample that a command works on, and who is acting."""

from cqa.errors import Problem, WrongUse
from cqa.files.device import remembered_reviewer
from cqa.files.workspace import Workspace, checked_name, find_workspace
from cqa.world import World


def workspace_here(world: World) -> Workspace:
    """The workspace of the folder the command was typed in. Raises BadInput where there is none, or where its settings
    or people cannot be used."""
    return find_workspace(world.folder)


def only_sample(workspace: Workspace, name: str) -> str:
    """The name as given, or the only sample's. Raises WrongUse where there is none, or more than one."""
    names = workspace.sample_names()
    if name:
        return name
    if len(names) == 1:
        return names[0]
    raise WrongUse(Problem("S001", "Say which sample.", f"Add --sample with one of: {', '.join(names)}." if names
                           else "There is none yet: draw one with cqa draw."))


def acting(world: World, who: str = "") -> str:
    """Who is at work: as was typed, else as the environment says, else who last marked on this device; empty where
    nobody says."""
    return who or world.environment.get("CQA_REVIEWER", "") or remembered_reviewer(world)


def named_person(who: str) -> str:
    """The name of who is acting. Raises WrongUse where nobody is named, or where it cannot be a name."""
    if not who:
        raise WrongUse(Problem("P005", "Say who you are.", "Add --as PERSON, or set CQA_REVIEWER."))
    return checked_name(who, "person")
