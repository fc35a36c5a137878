"""The workspace that a command runs in."""

from cqa.files.workspace import Workspace, find_workspace
from cqa.screen.printer import Printer
from cqa.world import World


def workspace_here(world: World, printer: Printer) -> Workspace:
    """The workspace of the folder the command was typed in, its doubtful settings said. Raises BadInput where there is
    none, or where its settings or people cannot be used."""
    workspace = find_workspace(world.folder)
    printer.problems(workspace.settings.warnings)
    return workspace
