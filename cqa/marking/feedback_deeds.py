"""What can be done about feedback, and what it stands on: deeds as values, and the ground as they find it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from cqa.marking.entries import Entry
from cqa.marking.feedback import Feedback, NextStep
from cqa.marking.handout import Handout, Todo

FOLLOWS = {
    "keep": "",
    "change": "The marker is to amend the case: cqa amend {case} --reason TEXT. Then write the sheet again.",
    "third_mark": "Bring in a third marker: cqa assign {case} --turn triggered --trigger reply --to PERSON --reason "
                  "TEXT. Once they have signed off, settle the mark: cqa moderate {case}. Then write the sheet again.",
}
"""What follows from a decision."""


class Write(NamedTuple):
    """A new sheet, or the same case's sheet anew: what was good, and what to do next or why there is nothing to do."""

    strength: str
    todo: tuple[Todo, ...]
    nothing: str = ""


class Give(NamedTuple):
    """The sheet was given, on a day and in a way."""

    day: date
    how: str


class See(NamedTuple):
    """The handler has seen it."""

    day: date


class Answer(NamedTuple):
    """What the handler answered to one mark."""

    question_id: str
    answer: str
    words: str


class Decide(NamedTuple):
    """What is decided on a reply, and why."""

    question_id: str
    decision: str
    reason: str


class Finish(NamedTuple):
    """An action was done."""

    number: int
    day: date


class LookAgain(NamedTuple):
    """An action was looked for in a later case: whether the fault was there again."""

    number: int
    sample: str
    case_id: str
    again: bool


Deed = Write | Give | See | Answer | Decide | Finish | LookAgain


@dataclass(frozen=True, slots=True)
class Later:
    """Another case of the same handler: whether all have signed it, and at what time the last did."""

    signed: bool
    signed_at: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What feedback on a case stands on. `waiting` are those who mark it and have not signed it off; `unsettled`:
    a moderation was begun and not settled; `outdated`: it was settled over marks that were amended since. `handout` is
    what a sheet would say, None where its first marker has not signed; `over` the ids of the sign-offs that count;
    `signed_on` the day of the last. `later` are the same handlers' other cases, by sample (in lower case) and
    case; `sample` is the name of its own. `markers` are all who mark the case.
    """

    case_id: str
    handlers: tuple[str, ...]
    waiting: tuple[str, ...]
    handout: Handout | None
    over: tuple[str, ...]
    signed_on: date | None
    today: date
    entries: tuple[Entry, ...] = ()
    unsettled: bool = False
    outdated: bool = False
    later: Mapping[tuple[str, str], Later] = field(default_factory=dict)
    sample: str = ""
    markers: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """The case as a command line names it."""
        case = f'"{self.case_id}"' if " " in self.case_id else self.case_id
        return f"{case} --sample {self.sample}" if self.sample else case


class Pen(NamedTuple):
    """Who writes, and as what the next entry will be numbered."""

    person: str
    writer: str
    seq: int
    at: str


def stale(ground: Ground, feedback: Feedback) -> str:
    """Why a written sheet no longer says what stands; empty where it does, and where none was written."""
    if not feedback.version or ground.handout is None:
        return ""
    if set(feedback.over) - set(ground.over):
        return "The marks were amended since the sheet was made"
    if ground.handout.written(feedback).digest != feedback.sheet:
        return "What counts of the marks was changed since the sheet was made, as moderation may do"
    return ""


def again(ground: Ground) -> str:
    """How a sheet that is stale comes to say what stands, as the end of a sentence."""
    if not ground.outdated:
        return "write it again"
    return f"settle the case again first (cqa moderate {ground.called}), then write the sheet again"


def open_steps(feedback: Feedback) -> tuple[NextStep, ...]:
    """The actions that were not looked for in a later case yet."""
    return tuple(step for step in feedback.actions if step.again is None)
