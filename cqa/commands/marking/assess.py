"""`cqa assess`: lets a front end mark: the full screen, line by line, or a script."""

from contextlib import ExitStack
from dataclasses import dataclass, replace

from cqa.commands.front import clock, full_screen
from cqa.commands.here import workspace_here
from cqa.commands.marking.sitting import Sitting, looking, open_since, open_sitting
from cqa.commands.scripts import script_lines
from cqa.commands.trials.in_turn import InTurn
from cqa.commands.trials.serving import Served, parts_of, served
from cqa.errors import ExitCode, Forbidden, InUse, NotSaved, Problem, WrongUse
from cqa.files.drafts import DraftFile
from cqa.files.workspace import Workspace
from cqa.keys import line_by_line, with_own
from cqa.marking.actions import Amend
from cqa.marking.refusals import Refused
from cqa.marking.session import State
from cqa.marking.view import case_to_go_on_with
from cqa.screen.pasting import pastes_marked
from cqa.screen.plain import PlainSitting
from cqa.screen.plain_letters import letters
from cqa.screen.plain_words import unfinished_in_words
from cqa.screen.printer import Printer, listed
from cqa.screen.script import run_script
from cqa.screen.typist import Drafts, NoDrafts, Stop, Typist, time_of_day
from cqa.settings import Settings
from cqa.world import World

SHOWN = 5
"""So many unfinished texts are named one by one."""


@dataclass(frozen=True, slots=True)
class AssessOptions:
    """What was typed: the sample (empty: the only one), who, the case to begin with, a script, and `--plain`.

    `reason` is that of an amendment of the case, with which the sitting begins.
    """

    sample: str = ""
    who: str = ""
    case: str = ""
    script: str = ""
    plain: bool = False
    reason: str | None = None


def run(world: World, printer: Printer, options: AssessOptions) -> int:
    """Marks cases by script (`-`: standard input), at the full screen, or line by line. Raises CqaError for every
    refusal to begin."""
    workspace = workspace_here(world)
    place = served(world, workspace, options.sample, options.who, options.case)
    if options.script:
        return _by_script(world, printer, workspace, place, options)
    while True:
        try:
            with open_sitting(world, place.folder, options.who, workspace.settings.language) as sitting:
                sitting.sample = place.called
                if options.reason is not None:
                    _begin_amendment(sitting, options.case, options.reason)
                ended = _at_the_terminal(world, printer, workspace, (place, sitting), options)
        except InUse as refusal:
            return _look_only(world, printer, workspace, place, options, refusal)
        if ended is not None:
            return ended
        # The cases by one form of a trial are done, and those by the other follow in the same breath.
        done, place = place, served(world, workspace, place.trial, options.who)
        if place.folder.path == done.folder.path:
            return ExitCode.DONE
        options = replace(options, case="", reason=None)


def _by_script(world: World, printer: Printer, workspace: Workspace, place: Served, options: AssessOptions) -> int:
    """Answers a script; in a trial it may go through the cases by both forms, in their order."""
    with script_lines(world, options.script) as lines, ExitStack() as opened:
        def begin(one: Served) -> Sitting:
            sitting = opened.enter_context(open_sitting(world, one.folder, options.who, workspace.settings.language))
            sitting.sample = one.called
            printer.problems((*((Problem("S086", one.word, severity="warning"),) if one.word else ()),
                              *sitting.warnings))
            return sitting

        sitting = begin(place)
        if options.reason is not None:
            _begin_amendment(sitting, options.case, options.reason)
        marking = InTurn(place, sitting, lambda: parts_of(workspace, place.trial, sitting.reviewer), begin) \
            if place.trial else sitting
        return ExitCode.DONE if run_script(lines, marking, world.stdout) else ExitCode.BAD_INPUT


def _begin_amendment(sitting: Sitting, case: str, reason: str) -> None:
    """Opens a signed case again; one whose amendment was begun and not signed off is gone on with.

    Raises WrongUse for a case of somebody else and for a reason that cannot be kept, Forbidden for a case that is not
    signed off.
    """
    _check_assigned(sitting.state, case)
    if sitting.state.record(case).amendment is not None:
        return
    try:
        sitting.act(Amend(case, reason))
    except Refused as refused:
        if refused.code == "not_signed":
            raise Forbidden(Problem("J014", refused.why, "Go on with it in cqa assess.")) from refused
        raise WrongUse(Problem("S018", refused.why, "Give --reason TEXT.")) from refused


def _look_only(
    world: World, printer: Printer, workspace: Workspace, place: Served, options: AssessOptions, refusal: InUse
) -> int:
    """A second window on one device: offers to look, where somebody can answer. Raises the refusal otherwise."""
    if not (world.stdin.isatty() and world.stdout.isatty()):
        raise refusal
    since = time_of_day(open_since(place.folder, options.who, world), world.now())
    printer.line(f"Your marks are open in another window since {since}. Go on there; or look only, here?")
    world.stdout.write("Type y and Enter to look, Enter alone to leave: ")
    world.stdout.flush()
    if world.stdin.readline().strip().casefold() not in ("y", "yes"):
        return ExitCode.IN_USE
    sitting = looking(world, place.folder, options.who, workspace.settings.language)
    sitting.sample = place.called
    ended = _at_the_terminal(world, printer, workspace, (replace(place, more=False), sitting), options)
    return ExitCode.DONE if ended is None else ended


def _at_the_terminal(
    world: World, printer: Printer, workspace: Workspace, where: tuple[Served, Sitting], options: AssessOptions
) -> int | None:
    """Marks at the full screen where that can be, else line by line; None where the reviewer goes on with the cases of
    a trial that follow by its other form.

    Raises WrongUse for a case of somebody else and where the settings ask for the full screen and it cannot be shown,
    Forbidden for a case that is signed off.
    """
    place, sitting = where
    first = _first_case(sitting.state, options.case)
    settings = workspace.settings
    if full_screen(world, printer, settings, options.plain):
        return _full(world, printer, place, sitting, options.case, settings)
    return _plain(world, printer, place, sitting, first, settings)


def _full(
    world: World, printer: Printer, place: Served, sitting: Sitting, case: str, settings: Settings
) -> int | None:
    """Marks at the full screen, beginning with a case or with the list of all. Raises NotSaved as it was told there."""
    from cqa.screen.console import Console  # noqa: PLC0415 - plain mode and scripts need none of it
    from cqa.screen.desk import Desk  # noqa: PLC0415
    from cqa.screen.desk_hands import MARKING  # noqa: PLC0415

    keys = {deed: key for deed, key in with_own(settings.keys).items() if deed != "papers"}
    desk = Desk(sitting.state, sitting.act, world.now, _drafts(world, sitting), sitting.sample, keys,
                looking=sitting.journal is None, follows=place.more)
    if case:
        desk.open(case)
    else:
        desk.show_cases()
    if before := (*((place.word,) if place.word else ()), *(f"{warning}" for warning in sitting.warnings)):
        desk.read("BEFORE YOU BEGIN", before)
    Console(desk, MARKING).run()
    if desk.not_saved:
        raise NotSaved(desk.not_saved)
    if desk.handed_on:
        return None
    printer.line(_closing(sitting, desk.last_saved, desk.drafts))
    return ExitCode.STOPPED if desk.stopped else ExitCode.DONE


def _drafts(world: World, sitting: Sitting) -> Drafts:
    return DraftFile(sitting.journal.path, world.stamp) if sitting.journal else NoDrafts()


def _plain(
    world: World, printer: Printer, place: Served, sitting: Sitting, first: str, settings: Settings
) -> int | None:
    """Marks line by line, beginning with a case (empty: all are signed off)."""
    if place.word:
        printer.line(place.word)
    for warning in sitting.warnings:
        printer.line(f"Warning. {warning}")
    if not first:
        printer.line("Every case assigned to you is signed off.")
        return ExitCode.DONE

    typist = Typist(world.stdin, world.stdout, _drafts(world, sitting), world.now)
    dumb = world.environment.get("TERM", "") == "dumb"
    front = PlainSitting(sitting.state, sitting.act, clock(world), typist, letters(settings.keys),
                         line_by_line(settings.keys))
    if place.more:
        front.all_done = "Every one of these cases is signed off."
    try:
        with pastes_marked(world.stdin, world.stdout, dumb):
            front.run(first)
    except Stop:
        printer.line("\n" + _closing(sitting, front.last_saved, typist.drafts))
    except KeyboardInterrupt:
        printer.line("\n" + _closing(sitting, front.last_saved, typist.drafts))
        return ExitCode.STOPPED
    else:
        return None if place.more else ExitCode.DONE
    return ExitCode.DONE


def _check_assigned(state: State, case: str) -> None:
    if case not in state.cases:
        raise WrongUse(Problem("S009", f"The case '{case}' is not assigned to you.",
                               "In cqa assess, the letter a lists your cases."))


def _first_case(state: State, wanted: str) -> str:
    """The case to begin with: the one wanted, else the one that was last worked on, else the first; empty when all are
    signed."""
    if not wanted:
        return case_to_go_on_with(state)
    _check_assigned(state, wanted)
    if state.assessment(wanted).signed_at:
        raise Forbidden(Problem("J013", f"The case '{wanted}' is signed off; changing it is an amendment.",
                                f"To change it: cqa amend {wanted} --reason TEXT. Without a case, cqa assess goes on "
                                "with what is left, and can take a young sign-off back."))
    return wanted


def _closing(sitting: Sitting, last_saved: str, drafts: Drafts) -> str:
    """What is safe, and the command that goes on."""
    kept = f"Kept to {last_saved}." if last_saved else "Nothing new was marked."
    places = [unfinished_in_words(*place) for place in drafts.places()]
    shown = listed([*places[:SHOWN], *([f"{len(places) - SHOWN} more"] if len(places) > SHOWN else [])])
    unfinished = f"\nUnfinished, and kept as it was: {shown}." if places else ""
    # On a line of its own the command can be copied whole.
    return (f"Stopped. {kept}{unfinished}\nGo on with:\n  cqa assess --sample {sitting.sample} "
            f"--as {sitting.reviewer}")
