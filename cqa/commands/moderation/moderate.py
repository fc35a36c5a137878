"""`cqa moderate`: agreed marks beside the originals, with causes: by script, at the full screen, or line by line."""

from collections.abc import Mapping
from dataclasses import dataclass

from cqa.commands.front import full_screen
from cqa.commands.leaders.leading import Leader, leader_of
from cqa.commands.moderation.moderating import Moderating, check_case, checked_record, open_moderating
from cqa.commands.moderation.moderation_cases import Cases, cases_for
from cqa.commands.moderation.moderation_queue import Queue, queue_of, tell_queue
from cqa.commands.scripts import script_lines
from cqa.errors import ExitCode, NotSaved
from cqa.files.drafts import DraftFile
from cqa.files.rooms import MODERATION as ROOM
from cqa.marking.moderation import MODERATION, REFERENCE
from cqa.screen.moderation_desk import ModerationDesk, moderation_keys
from cqa.screen.moderation_script import UNREADABLE, run_moderation_script
from cqa.screen.pasting import pastes_marked
from cqa.screen.printer import Printer
from cqa.screen.typist import Stop, Typist
from cqa.world import World


@dataclass(frozen=True, slots=True)
class ModerateOptions:
    """What was typed: the case (empty: the queue), the sample (empty: the only one), who, a script; whether all cases
    are listed, whether reference marks are meant, `--plain`, and the file of a panel pack."""

    case: str = ""
    sample: str = ""
    who: str = ""
    script: str = ""
    every: bool = False
    reference: bool = False
    plain: bool = False
    panel: str = ""

    @property
    def purpose(self) -> str:
        """What is agreed: marks beside the originals, or reference marks of calibration cases."""
        return REFERENCE if self.reference else MODERATION


def run(world: World, printer: Printer, options: ModerateOptions) -> int:
    """Moderates by script (`-`: standard input), at the full screen or line by line, or shows the queue.

    Raises WrongUse for unknown names; Forbidden for a case that this person may not moderate now; InUse, Damaged and
    NotSaved as for marks.
    """
    leader = leader_of(world, options.sample, options.who, ROOM)
    # Looked at before the journal is opened, so that a refusal leaves no file behind, and again under its lock.
    record = checked_record(leader)
    cases = cases_for(record, leader.person, leader.workspace.people)
    if options.case:
        check_case(cases, record.name, options.case)
    if options.script:
        printer.problems(record.problems)
        return _by_script(world, printer, leader, options)
    queue = queue_of(record, leader, cases, options.purpose, options.every)
    if options.panel or printer.as_json:
        printer.problems(record.problems)
        return _told(world, printer, leader, queue, options)
    return _at_the_terminal(world, printer, leader, queue, options)


def _told(world: World, printer: Printer, leader: Leader, queue: Queue, options: ModerateOptions) -> int:
    """Writes the panel pack, or the queue for a program."""
    if options.panel:
        from cqa.commands.moderation.moderation_panel import write_panel  # noqa: PLC0415 - only a pack loads the sheets of reports

        return write_panel(world, printer, leader, queue, options.panel, options.case)
    printer.json(queue.as_json())
    return ExitCode.DONE


def _at_the_terminal(
    world: World, printer: Printer, leader: Leader, queue: Queue, options: ModerateOptions
) -> int:
    """Moderates at the full screen where that can be; else one case line by line, or shows the queue."""
    wanted = (options.case,) if options.case else ()
    order = tuple(dict.fromkeys((*wanted, *(one.case_id for one in queue.listed))))
    whole = bool(order) and full_screen(world, printer, leader.workspace.settings, options.plain)
    if not whole:
        printer.problems(queue.record.problems)
    if not whole and not wanted:
        tell_queue(printer, queue, queue.record.name)
        return ExitCode.DONE
    with open_moderating(world, printer, leader, options.purpose) as moderating:
        check_case(Cases(moderating.state.cases, moderating.state.closed), queue.record.name, order[0])
        return (_full if whole else _plain)(world, printer, leader, moderating, order, options)


def _by_script(world: World, printer: Printer, leader: Leader, options: ModerateOptions) -> int:
    """Exit 3 where a line was not JSON or named something unknown, else 4 where a rule refused one."""
    with (script_lines(world, options.script) as lines,
          open_moderating(world, printer, leader, options.purpose) as moderating):
        codes = run_moderation_script(lines, moderating, world.stdout)
    if codes & UNREADABLE:
        return ExitCode.BAD_INPUT
    return ExitCode.FORBIDDEN if codes else ExitCode.DONE


def _full(
    world: World, printer: Printer, leader: Leader, moderating: Moderating, order: tuple[str, ...],
    options: ModerateOptions
) -> int:
    """Moderates at the full screen, beginning with a case or with the list. Raises NotSaved as it was told there."""
    from cqa.screen.console import Console  # noqa: PLC0415 - plain mode and scripts need none of it
    from cqa.screen.moderation_hands import MODERATING  # noqa: PLC0415

    desk = _desk(world, leader, moderating, order, options, moderation_keys(leader.workspace.settings.keys))
    if moderating.warnings:
        desk.read("BEFORE YOU BEGIN", tuple(f"{warning}" for warning in moderating.warnings))
    Console(desk, MODERATING).run()
    return _ended(printer, leader, desk, desk.stopped)


def _plain(
    world: World, printer: Printer, leader: Leader, moderating: Moderating, order: tuple[str, ...],
    options: ModerateOptions
) -> int:
    """Moderates line by line, beginning with a case."""
    from cqa.screen.plain_moderation import PlainModeration, plain_keys  # noqa: PLC0415

    desk = _desk(world, leader, moderating, order, options, plain_keys(leader.workspace.settings.keys))
    front = PlainModeration(desk, Typist(world.stdin, world.stdout, desk.drafts, world.now))
    stopped = False
    try:
        with pastes_marked(world.stdin, world.stdout, world.environment.get("TERM", "") == "dumb"):
            front.run()
    except Stop:
        printer.line()
    except KeyboardInterrupt:
        printer.line()
        stopped = True
    return _ended(printer, leader, desk, stopped)


def _desk(
    world: World, leader: Leader, moderating: Moderating, order: tuple[str, ...], options: ModerateOptions,
    keys: Mapping[str, str]
) -> ModerationDesk:
    drafts = DraftFile(moderating.journal.path, world.stamp)
    desk = ModerationDesk(moderating.state, moderating.act, world.now, drafts, leader.folder.sample.name, order, keys)
    if options.case:
        desk.open(options.case)
    else:
        desk.show_cases()
    return desk


def _ended(printer: Printer, leader: Leader, desk: ModerationDesk, stopped: bool) -> int:
    """What is safe, and the command that goes on. Raises NotSaved where the disk refused."""
    if desk.not_saved:
        raise NotSaved(desk.not_saved)
    kept = f"Kept to {desk.last_saved}." if desk.last_saved else "Nothing new was agreed."
    reference = "" if desk.state.purpose == MODERATION else " --reference"
    printer.line(f"Stopped. {kept}\nGo on with:\n  cqa moderate --sample {leader.folder.sample.name} --as "
                 f"{leader.person}{reference}")
    return ExitCode.STOPPED if stopped else ExitCode.DONE
