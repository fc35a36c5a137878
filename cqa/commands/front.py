"""Which way a person marks: at the full screen, or line by line."""

from collections.abc import Callable

from cqa.errors import Problem, WrongUse
from cqa.screen.printer import Printer
from cqa.screen.terminal import front_end
from cqa.settings import Settings
from cqa.world import World


def full_screen(world: World, printer: Printer, settings: Settings, plain: bool) -> bool:
    """Whether it is the full screen: where both ends are a large enough console, unless the person wants it plain.

    Raises WrongUse where the settings ask for the full screen and it cannot be shown.
    """
    plain = plain or world.environment.get("CQA_PLAIN", "0") not in ("", "0")
    choice = front_end("plain" if plain else settings.screen, world.stdin, world.stdout, world.environment)
    if choice.full:
        return True
    if settings.screen == "full" and not plain:
        raise WrongUse(Problem("P008", f"The settings ask for the full screen (screen: full). {choice.why}",
                               "Make the window larger, or mark line by line: --plain."))
    if choice.why:
        printer.line(f"{choice.why} So it goes line by line; --plain asks for that by name.")
    return False


def clock(world: World) -> Callable[[], tuple[str, int]]:
    """The time of day as text, and the moment in milliseconds, whenever it is asked for."""
    def now() -> tuple[str, int]:
        moment = world.now()
        return moment.astimezone().strftime("%H:%M:%S"), int(moment.timestamp() * 1000)
    return now
