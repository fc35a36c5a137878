"""The workspace that a command runs in, and who is acting."""

from cqa.errors import Problem, WrongUse
from cqa.files.workspace import Workspace, checked_name, find_workspace
from cqa.screen.printer import Printer
from cqa.world import World


def workspace_here(world: World, printer: Printer) -> Workspace:
    """The workspace of the folder the command was typed in, its doubtful settings said. Raises BadInput where there is
    none, or where its settings or people cannot be used."""
    workspace = find_workspace(world.folder)
    printer.problems(workspace.settings.warnings)
    return workspace


def named_person(who: str) -> str:
    """The name of who is acting. Raises WrongUse where nobody is named, or where it cannot be a name."""
    if not who:
        raise WrongUse(Problem("P005", "Say who you are.", "Add --as PERSON, or set CQA_REVIEWER."))
    return checked_name(who, "person")
