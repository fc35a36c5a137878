"""`cqa moderate`: agreed marks beside the originals, with causes: by script, at the full screen, or line by line."""

from dataclasses import dataclass

from cqa.commands.leading import Leader, leader_of
from cqa.commands.moderating import check_case, checked_record, open_moderating
from cqa.commands.moderation_cases import cases_for
from cqa.commands.moderation_queue import queue_of, tell_queue
from cqa.commands.scripts import script_lines
from cqa.errors import ExitCode
from cqa.files.rooms import MODERATION as ROOM
from cqa.marking.moderation import MODERATION, REFERENCE
from cqa.screen.moderation_script import UNREADABLE, run_moderation_script
from cqa.screen.printer import Printer
from cqa.world import World


@dataclass(frozen=True, slots=True)
class ModerateOptions:
    """What was typed: the case (empty: the queue), the sample (empty: the only one), who, a script; whether all cases
    are listed, whether reference marks are meant, and `--plain`."""

    case: str = ""
    sample: str = ""
    who: str = ""
    script: str = ""
    every: bool = False
    reference: bool = False
    plain: bool = False

    @property
    def purpose(self) -> str:
        """What is agreed: marks beside the originals, or reference marks of calibration cases."""
        return REFERENCE if self.reference else MODERATION


def run(world: World, printer: Printer, options: ModerateOptions) -> int:
    """Moderates by script (`-`: standard input), or shows the queue.

    Raises WrongUse for unknown names; Forbidden for a case that this person may not moderate now; InUse, Damaged and
    NotSaved as for marks.
    """
    leader = leader_of(world, printer, options.sample, options.who, ROOM)
    # Looked at before the journal is opened, so that a refusal leaves no file behind, and again under its lock.
    record = checked_record(leader)
    cases = cases_for(record, leader.person, leader.workspace.people)
    printer.problems(record.problems)
    if options.case:
        check_case(cases, record.name, options.case)
    if options.script:
        return _by_script(world, printer, leader, options)
    queue = queue_of(record, leader, cases, options.purpose, options.every)
    if printer.as_json:
        printer.json(queue.as_json())
    else:
        tell_queue(printer, queue, record.name)
    return ExitCode.DONE


def _by_script(world: World, printer: Printer, leader: Leader, options: ModerateOptions) -> int:
    """Exit 3 where a line was not JSON or named something unknown, else 4 where a rule refused one."""
    with (script_lines(world, options.script) as lines,
          open_moderating(world, printer, leader, options.purpose) as moderating):
        codes = run_moderation_script(lines, moderating, world.stdout)
    if codes & UNREADABLE:
        return ExitCode.BAD_INPUT
    return ExitCode.FORBIDDEN if codes else ExitCode.DONE
