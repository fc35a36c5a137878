"""What leaders do about feedback: write a sheet, give it, record that it was seen, what was replied, decided and done.

Every deed makes one entry, or says why it may not be done. Several are followed one after the other, all or none.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from cqa.errors import Forbidden, Problem
from cqa.facts import how_many
from cqa.marking.entries import Entry, ids
from cqa.marking.feedback import (
    AGAIN,
    DECIDED,
    DONE,
    GIVEN,
    REPLIED,
    SEEN,
    WRITTEN,
    Feedback,
    Feedbacks,
    NextStep,
    feedbacks_of,
    slot_of,
)
from cqa.marking.handout import Handout, Todo

FOLLOWS = {
    "keep": "",
    "change": "The marker is to amend the case: cqa amend {case} --reason TEXT. Then write the sheet again.",
    "third_mark": "Bring in a third marker: cqa assign {case} --turn triggered --trigger reply --to PERSON --reason "
                  "TEXT",
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
    what a sheet would say, None where the case is not signed; `over` the ids of the sign-offs that count; `signed_on`
    the day of the last. `later` are the same handlers' other cases, by sample (in lower case) and case.
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


def entries_for(ground: Ground, deeds: Iterable[Deed], pen: Pen) -> tuple[Entry, ...]:
    """The entries that the deeds make, in order; none for one that says what stands already.

    Raises Forbidden with every rule that one of them breaks.
    """
    course = _Course(ground, pen)
    for deed in deeds:
        if not course.take(deed):
            break
    if course.problems:
        raise Forbidden(course.problems)
    return tuple(course.made)


class _Course:
    """Deeds followed one after the other, each on what the ones before it come to."""

    def __init__(self, ground: Ground, pen: Pen) -> None:
        self.ground, self.pen = ground, pen
        self.problems: list[Problem] = []
        self.made: list[Entry] = []

    def take(self, deed: Deed) -> bool:
        """Adds the deed's entry or its problems; False where those after it would only fail for the same reason."""
        known = feedbacks_of((*self.ground.entries, *self.made))
        feedback = known.of(self.ground.case_id)
        found = [problem for check in _CHECKS for problem in check(self.ground, feedback, deed, self.pen.person)]
        self.problems.extend(found)
        if not found:
            self._add(known, self._entry(feedback, deed))
        return not (found and isinstance(deed, Write))

    def _entry(self, feedback: Feedback, deed: Deed) -> Entry:
        kind, question_id, body = _said(self.ground, feedback, deed)
        return Entry(self.pen.person, self.pen.writer, self.pen.seq + len(self.made), self.pen.at, kind,
                     self.ground.case_id, question_id, body)

    def _add(self, known: Feedbacks, entry: Entry) -> None:
        slot, slots = slot_of(entry), known.entries.get(entry.case_id, {})
        if slot is None:
            raise ValueError(f"an entry that sets nothing: {entry.kind}")
        standing = slots.get(slot, ())
        if len(standing) != 1 or standing[0].body != entry.body:
            self.made.append(entry._replace(replaces=ids(slots, slot)))


def _said(ground: Ground, feedback: Feedback, deed: Deed) -> tuple[str, str, Mapping[str, object]]:
    """The kind of a deed's entry, its question, and its body."""
    version: Mapping[str, object] = {"version": feedback.version}
    match deed:
        case Write():
            return WRITTEN, "", _sheet_said(ground, feedback, deed)
        case Give(day, how):
            return GIVEN, "", {"day": f"{day}", "how": how, **version}
        case See(day):
            return SEEN, "", {"day": f"{day}", **version}
        case Answer(question_id, answer, words):
            return REPLIED, question_id, {"answer": answer, "words": words, **version}
        case Decide(question_id, decision, reason):
            reply = feedback.replies[question_id].entry_id
            return DECIDED, question_id, {"decision": decision, "reason": reason, "reply": reply}
        case Finish(number, day):
            return DONE, "", {"what": feedback.actions[number - 1].what, "day": f"{day}"}
        case LookAgain(number, sample, case_id, again):
            return AGAIN, "", {"what": feedback.actions[number - 1].what, "in_sample": sample, "in_case": case_id,
                               "again": again}


def _sheet_said(ground: Ground, feedback: Feedback, deed: Write) -> dict[str, object]:
    """The body of a sheet: the version that stands where it says the same, else the next."""
    if ground.handout is None:
        raise ValueError("a sheet on a case that is not signed")
    asked = replace(ground.handout, strength=deed.strength, todo=deed.todo, nothing=deed.nothing)
    same = feedback.version and replace(asked, version=feedback.version).digest == feedback.sheet
    sheet = replace(asked, version=feedback.version + (not same))
    over = feedback.over if same else ground.over
    actions = [{"what": one.what, "owner": one.owner, "due": one.due} for one in deed.todo]
    return {"strength": deed.strength, "actions": actions, "nothing": deed.nothing,
            "version": sheet.version, "over": " ".join(over), "sheet": sheet.digest}


_Check = Callable[[Ground, Feedback, Deed, str], Iterable[Problem]]


def _own_case(ground: Ground, _: Feedback, deed: Deed, person: str) -> Iterator[Problem]:
    """Nobody feeds back on their own work. That they saw a sheet, replied, or did an action, they may record."""
    if isinstance(deed, Write | Give | Decide | LookAgain) and person.casefold() in map(str.casefold, ground.handlers):
        yield Problem("J041", f"Case '{ground.case_id}' is your own work.", "Somebody else gives feedback on it.")


def _signed_first(ground: Ground, _: Feedback, deed: Deed, __: str) -> Iterator[Problem]:
    """A sheet before all have signed would tell a marker of the others' marks."""
    if not isinstance(deed, Write | Give):
        return
    if ground.waiting:
        yield Problem("J040", f"Case '{ground.case_id}' is not signed off yet by {', '.join(ground.waiting)}.",
                      "Feedback is given once everyone who marks the case has signed it off.")
    elif ground.outdated and isinstance(deed, Write):
        yield Problem("J045", f"The moderation of case '{ground.case_id}' was settled over marks that were amended "
                      "since.", f"Look at it again first: cqa moderate {ground.case_id}")


def _sheet_first(ground: Ground, feedback: Feedback, deed: Deed, _: str) -> Iterator[Problem]:
    if not isinstance(deed, Write) and not feedback.version:
        yield Problem("J044", f"No feedback on case '{ground.case_id}' was written yet.",
                      f"Write it first: cqa feedback {ground.case_id} --strength TEXT --next 'WHAT; OWNER; DAY'")
    elif isinstance(deed, See | Answer) and not feedback.given:
        yield Problem("J044", f"The feedback on case '{ground.case_id}', version {feedback.version}, was not given "
                      "yet.", "Record first when and how it was given: --given DATE --how TEXT")


def _up_to_date(ground: Ground, feedback: Feedback, deed: Deed, _: str) -> Iterator[Problem]:
    if isinstance(deed, Give) and not ground.waiting and (why := stale(ground, feedback)):
        yield Problem("J045", f"{why}: write it again.", f"cqa feedback {ground.case_id} with --strength and --next "
                      f"makes version {feedback.version + 1}.")


def _days(ground: Ground, feedback: Feedback, deed: Deed, _: str) -> Iterator[Problem]:
    """The order in which things can have happened."""
    if isinstance(deed, Write):
        for number, step in enumerate(deed.todo, start=1):
            if step.due < f"{ground.today}":
                yield _day(f"The day of action {number}, {step.due}, is past.", "Give a day from today on.")
    if isinstance(deed, Give | See | Finish) and deed.day > ground.today:
        yield _day(f"{deed.day} is still to come.", "Record it once it has happened.")
    if isinstance(deed, Give) and ground.signed_on and deed.day < ground.signed_on:
        yield _day(f"Feedback cannot have been given on {deed.day}: the last marker signed off on "
                   f"{ground.signed_on}.", "Look at the day.")
    if isinstance(deed, See) and f"{deed.day}" < feedback.given:
        yield _day(f"Feedback cannot have been seen on {deed.day}: it was given on {feedback.given}.",
                   "Look at the day.")
    if isinstance(deed, Finish) and ground.signed_on and deed.day < ground.signed_on:
        yield _day(f"An action of this feedback cannot have been done on {deed.day}: the last marker signed off on "
                   f"{ground.signed_on}.", "Look at the day.")


def _day(told: str, remedy: str) -> Problem:
    return Problem("J043", told, remedy)


def _replied_first(ground: Ground, feedback: Feedback, deed: Deed, _: str) -> Iterator[Problem]:
    if isinstance(deed, Answer) and ground.handout and not any(
            line.question_id == deed.question_id for line in ground.handout.lines):
        yield Problem("J046", f"The sheet of case '{ground.case_id}' holds no question '{deed.question_id[:80]}'.",
                      "Reply to a question that stands on it.")
    if isinstance(deed, Decide) and deed.question_id not in feedback.replies:
        told = ", ".join(feedback.replies)
        yield Problem("J046", f"There is no reply to question '{deed.question_id[:80]}' of case '{ground.case_id}' to "
                      "decide on.", f"Replies there are on: {told}." if told else "Read the handler's reply first: "
                      "--reply FILE.xlsx")


def _actions_first(ground: Ground, feedback: Feedback, deed: Deed, _: str) -> Iterator[Problem]:
    if not isinstance(deed, Finish | LookAgain) or not feedback.version:
        return
    if not 1 <= deed.number <= len(feedback.actions):
        has = f"has {how_many(len(feedback.actions), 'action')}"
        yield Problem("J047", f"There is no action {deed.number}: the feedback on case '{ground.case_id}' {has}.",
                      "cqa feedback with the case alone lists them.")
    if isinstance(deed, LookAgain):
        yield from _later(ground, feedback, deed)


def _later(ground: Ground, feedback: Feedback, deed: LookAgain) -> Iterator[Problem]:
    """An action is looked for in work of the same handler that was assessed after the sheet was written."""
    later = ground.later.get((deed.sample.casefold(), deed.case_id))
    if later is None:
        yield Problem("J047", f"Case '{deed.case_id[:80]}' of sample '{deed.sample}' is no other case of the same "
                      "handler.", "cqa history HANDLER lists a handler's cases.")
    elif not later.signed:
        yield Problem("J047", f"Case '{deed.case_id}' of sample '{deed.sample}' is not signed off by all who mark it.",
                      "Look for the action there once it is.")
    elif later.signed_at <= feedback.written_at:
        yield Problem("J047", f"Case '{deed.case_id}' of sample '{deed.sample}' was signed off before this feedback "
                      "was written.", "An action is looked for in a later case.")


_CHECKS: tuple[_Check, ...] = (
    _own_case, _signed_first, _sheet_first, _up_to_date, _days, _replied_first, _actions_first)


def open_steps(feedback: Feedback) -> tuple[NextStep, ...]:
    """The actions that were not looked for in a later case yet."""
    return tuple(step for step in feedback.actions if step.again is None)
