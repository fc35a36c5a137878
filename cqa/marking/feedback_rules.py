"""The rules of feedback: who may do what, once what was done, and on which days it can have happened."""

from collections.abc import Callable, Iterable, Iterator

from cqa.errors import Problem
from cqa.facts import how_many
from cqa.marking.feedback import Feedback
from cqa.marking.feedback_deeds import (
    Answer,
    Decide,
    Deed,
    Finish,
    Give,
    Ground,
    LookAgain,
    See,
    Write,
    again,
    stale,
)

Check = Callable[[Ground, Feedback, Deed, str], Iterable[Problem]]


def _own_case(ground: Ground, _: Feedback, deed: Deed, person: str) -> Iterator[Problem]:
    """Nobody feeds back on their own work. That they saw a sheet, replied, or did an action, they may record."""
    if isinstance(deed, Write | Give | Decide | LookAgain) and person.casefold() in map(str.casefold, ground.handlers):
        yield Problem("J041", f"Case '{ground.case_id}' is your own work.", "Somebody else gives feedback on it.")


def _own_marks(ground: Ground, _: Feedback, deed: Deed, person: str) -> Iterator[Problem]:
    """Nobody decides whether a mark stands who gave one."""
    if isinstance(deed, Decide) and person.casefold() in map(str.casefold, ground.markers):
        yield Problem("J041", f"You marked case '{ground.case_id}': whoever marked a case does not decide on a "
                      "reply to it.", "Ask a team leader.")


def _signed_first(ground: Ground, _: Feedback, deed: Deed, __: str) -> Iterator[Problem]:
    """A sheet before all have signed would tell a marker of the others' marks."""
    if not isinstance(deed, Write | Give):
        return
    if ground.waiting:
        yield Problem("J040", f"Case '{ground.case_id}' is not signed off yet by {', '.join(ground.waiting)}.",
                      "Feedback is given once everyone who marks the case has signed it off.")
    elif ground.outdated and isinstance(deed, Write):
        yield Problem("J045", f"The moderation of case '{ground.case_id}' was settled over marks that were amended "
                      "since.", f"Look at it again first: cqa moderate {ground.called}")


def _sheet_first(ground: Ground, feedback: Feedback, deed: Deed, _: str) -> Iterator[Problem]:
    if not isinstance(deed, Write) and not feedback.version:
        yield Problem("J044", f"No feedback on case '{ground.case_id}' was written yet.",
                      f'Write it first: cqa feedback {ground.called} --strength TEXT --next "WHAT; OWNER; DAY"')
    elif isinstance(deed, See | Answer) and not feedback.given:
        yield Problem("J044", f"The feedback on case '{ground.case_id}', version {feedback.version}, was not given "
                      "yet.", "Record first when and how it was given: --given DATE --how TEXT")


def _up_to_date(ground: Ground, feedback: Feedback, deed: Deed, _: str) -> Iterator[Problem]:
    if isinstance(deed, Give) and not ground.waiting and (why := stale(ground, feedback)):
        yield Problem("J045", f"{why}: {again(ground)}.", f"cqa feedback {ground.called} with --strength and --next "
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


CHECKS: tuple[Check, ...] = (
    _own_case, _own_marks, _signed_first, _sheet_first, _up_to_date, _days, _replied_first, _actions_first)
"""Every rule; each gives a problem for whatever a deed would break."""
