"""Asks at a terminal, line by line, for what a sheet of feedback needs. Nothing is kept until the last question."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from cqa.commands.handlers.feedback_typed import Typed
from cqa.marking.feedback import MOST_ACTIONS
from cqa.marking.feedback_deeds import Write
from cqa.marking.handout import Todo
from cqa.screen.clean import clean
from cqa.screen.printer import Printer
from cqa.world import World

_Read = TypeVar("_Read")


class LeftOff(Exception):
    """The input ended, or the answer at the end was no: nothing is to be kept."""


def ask_for_sheet(world: World, printer: Printer, today: date) -> Write:
    """What was good and what to do next, each shown back as it was understood. Raises LeftOff."""
    asking = _Asking(world, printer, today)
    printer.line("Ctrl-C leaves at any time, and keeps nothing.")
    strength = asking.until_right("What was good? ", lambda typed, line: typed.text(line, "What was good"))
    printer.line(f"  Good: {strength}")
    printer.line(f"What to do next, up to {MOST_ACTIONS}, each as: what; whose it is; by which day (such as {today}).")
    steps = asking.steps()
    nothing = "" if steps else asking.until_right("Nothing to do next. Why? ", lambda typed, line: typed.text(
        line, "Why nothing is to be done"))
    if asking.line("Save it? Type y and Enter: ").casefold() not in ("y", "yes"):
        raise LeftOff
    return Write(strength, steps, nothing)


class _Asking:
    """Questions at one terminal."""

    def __init__(self, world: World, printer: Printer, today: date) -> None:
        self.world, self.printer, self.today = world, printer, today

    def line(self, prompt: str) -> str:
        """One line as it was typed, without outer white space. Raises LeftOff at the end of input."""
        self.world.stdout.write(clean(prompt))
        self.world.stdout.flush()
        line = self.world.stdin.readline()
        if not line:
            raise LeftOff
        return line.strip()

    def until_right(self, prompt: str, read: Callable[[Typed, str], _Read]) -> _Read:
        """Asks again until what is typed can be taken."""
        while True:
            typed = Typed(self.today, "what to do next, ")
            found = read(typed, self.line(prompt))
            if not typed.problems:
                return found
            for problem in typed.problems:
                self.printer.line(f"  {problem.message} {problem.remedy}")

    def steps(self) -> tuple[Todo, ...]:
        """Up to three things to do next; an empty line ends them."""
        steps: list[Todo] = []
        while len(steps) < MOST_ACTIONS:
            step = self.until_right(f"Next {len(steps) + 1} (Enter alone ends): ", lambda typed, line: typed.step(
                line, len(steps) + 1) if line else None)
            if step is None:
                break
            steps.append(step)
            self.printer.line(f"  {step.what} - {step.owner}, by {step.due}")
        return tuple(steps)
