"""What `cqa collect` says of each journal that was brought: its receipt."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from cqa.errors import Damaged, ExitCode, InUse, NotSaved, Problem, only_errors
from cqa.facts import how_many
from cqa.screen.printer import Printer
from cqa.table import Column, Table
from cqa.world import World

TAKEN = ("new", "longer")
"""What a journal is whose lines were taken."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one journal that was brought: whose it is, of which sample (empty where that is not known), what
    it was, how many lines the journal here had before and has now, and the seal of its own last line."""

    where: str
    what: str
    reviewer: str = ""
    device: str = ""
    sample: str = ""
    before: int = 0
    after: int = 0
    seal: str = ""
    lines: int = 0
    problems: tuple[Problem, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The receipt under the keys that the README names."""
        return {"where": self.where, "what": self.what, "reviewer": self.reviewer or None,
                "device": self.device or None, "sample": self.sample or None, "lines": self.lines,
                "before": self.before, "after": self.after, "seal": self.seal or None}


def not_taken(receipt: Receipt, what: str, code: str, why: str, warning: bool = False) -> Receipt:
    """The receipt of a journal that is not taken, with the reason as a problem."""
    problem = Problem(code, f"{why} It was not taken.", "", receipt.where, severity="warning" if warning else "error")
    return replace(receipt, what=what, problems=(*receipt.problems, problem))


def exit_of(problems: Iterable[Problem]) -> ExitCode:
    """How collecting ends: that the disk refused goes before damage and forks, and these before a journal in use."""
    errors = {problem.code for problem in only_errors(problems)}
    if "J004" in errors:
        return NotSaved.exit_code
    if errors - {"J005"}:
        return Damaged.exit_code
    return InUse.exit_code if errors else ExitCode.DONE


def tell(
    world: World, printer: Printer, receipts: Sequence[Receipt], problems: Sequence[Problem], who: str
) -> None:
    """Says what became of every journal: as a table and a line each, or as JSON. `who` collected them."""
    printer.problems(problems)
    taken = sum(one.what in TAKEN for one in receipts)
    if printer.as_json:
        printer.json({"by": who or None, "account": world.account, "at": world.stamp(), "taken": taken,
                      "journals": [one.as_json() for one in receipts],
                      "problems": [problem.as_json() for problem in problems]})
        return
    columns = (Column("Reviewer"), Column("Sample"), Column("Device"), Column("What"), Column("Before", "number"),
               Column("Now", "number"), Column("Last seal"))
    printer.table(Table("collected", "Collected", "", columns, tuple(
        (one.reviewer or "not known", one.sample or "not known", one.device or "-", one.what, one.before, one.after,
         one.seal[:12] or "-") for one in receipts)))
    for one in receipts:
        printer.line(_in_words(one))
    counts = Counter("taken" if one.what in TAKEN else one.what for one in receipts)
    told = ", ".join(f"{count} {what}" for what, count in counts.items())
    printer.line(f"{how_many(len(receipts), 'journal')}: {told}.")


_SAID: dict[str, Callable[[Receipt], str]] = {
    "new": lambda one: f"new here: {how_many(one.after, 'line')} taken",
    "longer": lambda one: f"{how_many(one.after - one.before, 'line')} taken after the {one.before} that were here",
    "known": lambda one: f"known: all of its {how_many(one.lines, 'line')} are here",
    "shorter": lambda one: f"shorter than what is here: it has {one.lines} of {how_many(one.after, 'line')}",
    "forked": lambda one: "it parts from its other copy: nothing was taken, and both are kept",
    "in use": lambda one: "the journal is open in another window: close it, and collect again",
    "damaged here": lambda one: "the journal here is damaged: nothing was added to it",
    "not saved": lambda one: "it could not be saved",
}


def _in_words(one: Receipt) -> str:
    """A journal's receipt in a line, as it can be read out or sent to the reviewer."""
    whose = f"{one.reviewer} in {one.sample}, device {one.device}" if one.reviewer else one.where
    told = _SAID[one.what](one) if one.what in _SAID else f"not taken ({one.what})"
    seal = f" Last seal {one.seal}." if one.seal else ""
    return f"{whose}: {told}.{seal}"
