"""`cqa amend`: changes a signed case for a reason; what was signed counts until the case is signed off again."""

from cqa.commands.marking import assess
from cqa.commands.marking.assess import AssessOptions
from cqa.errors import Problem, WrongUse
from cqa.screen.printer import Printer
from cqa.world import World


def run(world: World, printer: Printer, options: AssessOptions) -> int:
    """Begins the amendment, on disk, and goes on as `assess`. Raises CqaError for every refusal to begin."""
    if not (options.reason or "").strip():
        raise WrongUse(Problem("S018", "An amendment needs a reason.", "Give --reason TEXT: it stays in the record."))
    return assess.run(world, printer, options)
