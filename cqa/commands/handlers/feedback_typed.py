"""What was typed after `cqa feedback`, read as the deeds it asks for: every problem of it at once."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cqa.errors import Problem, WrongUse
from cqa.marking.feedback import DECISIONS, MOST_ACTIONS
from cqa.marking.feedback_deeds import Decide, Deed, Finish, Give, LookAgain, See, Write
from cqa.marking.handout import Todo
from cqa.marking.refusals import Refused, check_text
from cqa.tree import did_you_mean

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SEPARATOR = ";"
LONGEST_OWNER = 200


@dataclass(frozen=True, slots=True)
class FeedbackOptions:
    """What was typed. `again` is None where neither --yes nor --no was; `done` and `looked_for` 0 where not asked for.
    """

    case: str
    sample: str = ""
    who: str = ""
    strength: str | None = None
    todo: tuple[str, ...] = ()
    none: str | None = None
    given: str | None = None
    how: str | None = None
    seen: str | None = None
    reply: str | None = None
    decide: tuple[str, ...] = ()
    reason: str | None = None
    done: int | None = None
    on: str | None = None
    looked_for: int | None = None
    in_case: str | None = None
    in_sample: str | None = None
    again: bool | None = None

    @property
    def asks(self) -> bool:
        """Whether anything is to be recorded."""
        return any(value is not None and value != () for value in (
            self.strength, self.todo, self.none, self.given, self.how, self.seen, self.reply, self.decide, self.reason,
            self.done, self.on, self.looked_for, self.in_case, self.in_sample, self.again))


def deeds_typed(options: FeedbackOptions, sample: str, today: date) -> tuple[Deed, ...]:
    """The deeds in the order in which they can have happened, but for those of a reply. Raises WrongUse with every
    problem of the options."""
    typed = Typed(today)
    deeds = tuple(typed.deeds(options, sample))
    if typed.problems:
        raise WrongUse(typed.problems)
    return deeds


class Typed:
    """Reads what people type, and keeps every problem; `next_called` is what a thing to do next is called before its
    number."""

    def __init__(self, today: date, next_called: str = "--next ") -> None:
        self.today, self.next_called = today, next_called
        self.problems: list[Problem] = []

    def deeds(self, options: FeedbackOptions, sample: str) -> Iterator[Deed]:
        """Every deed that the options ask for; its problems are kept."""
        self._pairs(options)
        if options.reply is not None and (options.strength is not None or options.todo or options.none is not None):
            self._wrong("A reply is to the sheet that was given, not to the one that is being written.",
                        "Read the reply first, by itself.")
        if options.strength is not None or options.todo or options.none is not None:
            yield self.sheet(options.strength or "", options.todo, options.none)
        if options.given is not None:
            yield Give(self.day(options.given, "--given"), self._with(options.how, "--how"))
        if options.seen is not None:
            yield See(self.day(options.seen, "--seen"))
        for typed in options.decide:
            yield self._decision(typed, self._with(options.reason, "--reason"))
        if options.done is not None:
            yield Finish(options.done, self.today if options.on is None else self.day(options.on, "--on"))
        if options.looked_for is not None:
            yield LookAgain(options.looked_for, options.in_sample or sample, options.in_case or "",
                            bool(options.again))

    def _pairs(self, options: FeedbackOptions) -> None:
        """Options that are nothing without each other."""
        for one, other, value, partner in (
            ("--given", "--how", options.given, options.how), ("--decide", "--reason", options.decide or None,
                                                               options.reason),
            ("--done", "--on", options.done, options.on), ("--again", "--in-case", options.looked_for,
                                                           options.in_case),
            ("--again", "--yes or --no", options.looked_for, options.again),
        ):
            if value is not None and partner is None:
                self._wrong(f"{one} needs {other}.", f"Add {other}.")
            if value is None and partner is not None:
                self._wrong(f"{other} is for {one}, which is missing.", f"Add {one}, or leave {other} out.")
        if options.in_sample is not None and options.looked_for is None:
            self._wrong("--in-sample is for --again, which is missing.", "Add --again, or leave --in-sample out.")

    def sheet(self, strength: str, todo: Sequence[str], none: str | None) -> Write:
        """A sheet: its strength, and one to three things to do next, or why there is none."""
        if todo and none is not None:
            self._wrong("There is something to do next (--next), and nothing (--none).", "Leave one of them out.")
        if not todo and none is None:
            self._wrong("What to do next is missing.", 'Add --next "WHAT; OWNER; DAY", up to three times, or say with '
                        "--none REASON why nothing is to be done.")
        if len(todo) > MOST_ACTIONS:
            self._wrong(f"{len(todo)} things to do next are too many: more than {MOST_ACTIONS} are not done.",
                        f"Keep the {MOST_ACTIONS} that matter most.")
        steps = tuple(self.step(typed, number) for number, typed in enumerate(todo, start=1))
        doubled = {step.what.casefold() for step in steps}
        if len(doubled) < len(steps) and all(step.what for step in steps):
            self._wrong("Two things to do next are the same.", "Say each once.")
        return Write(self.text(strength, "--strength", "Say what was good: there is always something."), steps,
                     "" if none is None else self.text(none, "--none"))

    def step(self, typed: str, number: int) -> Todo:
        """`WHAT; OWNER; DAY`, parted from the right, so that WHAT may hold semicolons."""
        parts = [part.strip() for part in typed.rsplit(_SEPARATOR, 2)]
        if len(parts) < 3:
            self._wrong(f"'{typed[:80]}' is not a thing to do next.", "Write what, whose it is, and by which day, "
                        f'parted by semicolons: "Check the schedule; a-byrne; {self.today}".')
            return Todo("", "", "")
        what, owner, due = parts
        called = f"{self.next_called}{number}"
        if len(owner) > LONGEST_OWNER:
            self._wrong(f"The owner of action {number} is longer than {LONGEST_OWNER} letters.", "Give a name.")
        return Todo(self.text(what, f"{called}, what to do"), self.text(owner, f"{called}, its owner"),
                    f"{self.day(due, called)}")

    def day(self, typed: str, option: str) -> date:
        """A day as in 2026-12-18, or `today`; never a day and a month that could be taken for each other."""
        word = typed.strip()
        if word.casefold() == "today":
            return self.today
        if not _DAY.fullmatch(word):
            self._wrong(f"{option}: '{word[:40]}' is no day that is certain.", "Write year, month and day, as in "
                        f"{self.today}, or today: a day such as 03/04/2026 can be read in two ways.")
            return self.today
        try:
            return date.fromisoformat(word)
        except ValueError:
            self._wrong(f"{option}: there is no day {word}.", "Look at the calendar.")
            return self.today

    def text(self, typed: str, option: str, remedy: str = "Say it in a few words.") -> str:
        """A text that is to be kept: not blank, not too long, of whole characters."""
        words = typed.strip()
        if not words:
            self._wrong(f"{option} is blank.", remedy)
        try:
            return check_text(words)
        except Refused as refused:
            self._wrong(f"{option} cannot be kept. {refused.why}", "")
            return ""

    def _decision(self, typed: str, reason: str) -> Decide:
        question, _, decision = (part.strip() for part in typed.rpartition("="))
        if not question or decision not in DECISIONS:
            self._wrong(f"--decide: '{typed[:80]}' is no decision. {did_you_mean(decision, tuple(DECISIONS))}",
                        "Write QUESTION=keep, QUESTION=change or QUESTION=third_mark.")
        return Decide(question, decision, reason)

    def _with(self, typed: str | None, option: str) -> str:
        """The text of an option; that it is missing was said already."""
        return "" if typed is None else self.text(typed, option)

    def _wrong(self, told: str, remedy: str) -> None:
        problem = Problem("S018", told, remedy)
        if problem not in self.problems:
            self.problems.append(problem)
