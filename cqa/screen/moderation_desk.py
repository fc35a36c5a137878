"""The full screen of moderation without its terminal: what is before the moderator, what is being agreed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cqa.errors import NotSaved
from cqa.keys import named, with_own
from cqa.marking.compared import Compared, SharedCase
from cqa.marking.moderating import Outcome, State
from cqa.marking.moderating_actions import Action
from cqa.marking.moderation import REFERENCE
from cqa.marking.refusals import Refused
from cqa.screen.boxes import Menu
from cqa.screen.clean import one_line
from cqa.screen.moderation_words import noun, question_line, queue_line, standing_of_case
from cqa.screen.surface import Surface
from cqa.screen.typist import Drafts

SHARED_DEEDS = ("back", "next", "first", "unanswered", "list", "cases", "facts", "guidance", "reason", "clear", "help",
                "stop", "sign_off")
"""What is done here as at the marking desk, by the same keys."""
OWN_DEEDS: Mapping[str, str] = {"wording": "wmy", "all": "vbz", "tolerance": "thk", "unsettle": "od!"}
"""What is done here alone, and the letters for it, of which the first that is free is taken."""


def moderation_keys(own: Mapping[str, str]) -> dict[str, str]:
    """Every deed with its key; a letter that the settings give to another deed is never taken."""
    keys = {deed: key for deed, key in with_own(own).items() if deed in SHARED_DEEDS}
    for deed, letters in OWN_DEEDS.items():
        keys[deed] = next(letter for letter in letters if letter not in keys.values())
    return keys


@dataclass(frozen=True, slots=True)
class Chosen:
    """A mark that is being agreed: nothing of it is kept before its cause and its reason are given."""

    value: str
    cause: str = ""


@dataclass(slots=True)
class ModerationDesk(Surface):
    """One run of moderation at the full screen over the cases of `order`.

    `act` applies an action and returns once it is on disk, or raises Refused or NotSaved. `every` tells that questions
    on which nobody differs are shown too.
    """

    state: State
    act: Callable[[Action], Outcome]
    now: Callable[[], datetime]
    drafts: Drafts
    sample: str
    order: tuple[str, ...]
    keys: Mapping[str, str] = field(default_factory=lambda: moderation_keys({}))
    case_id: str = ""
    at: str = ""
    every: bool = False
    chosen: Chosen | None = None

    # What is before the moderator.

    @property
    def case(self) -> SharedCase:
        """The case that is open."""
        return self.state.cases[self.case_id]

    @property
    def settled(self) -> bool:
        """Whether the case that is open is settled."""
        return self.state.settled(self.case_id)

    def questions(self) -> tuple[Compared, ...]:
        """The questions that are shown: those that differ or that something is agreed on; for reference marks all
        that are asked."""
        return tuple(one for one in self.state.compared(self.case_id) if self.every or one.differs or one.owed
                     or one.agreed or (self.state.purpose == REFERENCE and one.open is not False))

    def one(self) -> Compared | None:
        """The question that is open; None at the end of the case."""
        return next((one for one in self.questions() if one.question.id == self.at), None)

    # Going from one thing to another.

    def open(self, case_id: str) -> None:
        """Turns to a case: to its first question that needs a mark."""
        self.case_id, self.menu, self.sheet, self.at = case_id, None, None, ""
        self.go_on()

    def go(self, question_id: str) -> None:
        """Turns to a question; empty: to the end of the case."""
        self.at, self.top, self.chosen = question_id, 0, None

    def go_on(self) -> None:
        """Turns to the next question that needs a mark, looking round from the open one; else to the end."""
        shown = self.questions()
        ids = [one.question.id for one in shown]
        start = ids.index(self.at) + 1 if self.at in ids else 0
        waiting = {one.question.id for one in shown if self.waits(one)}
        self.go(next((name for name in (*ids[start:], *ids[:start]) if name in waiting), ""))

    def waits(self, one: Compared) -> bool:
        """Whether a question is to be shown before the case is settled: what owes a mark, and every reference mark."""
        return one.owed or (self.state.purpose == REFERENCE and one.agreed is None and one.open is not False
                            and one.common is not None)

    def show_cases(self, told: str = "") -> None:
        """The list of the cases, the cursor on the one at hand, or on the first that waits."""
        order = self.order
        at = self.case_id or next((name for name in order if not self.state.settled(name)), order[0])
        waiting = sum(not self.state.settled(name) for name in order)
        self.menu = Menu(f"{self.sample.upper()}   to moderate: {waiting} of {len(order)}", len(order), self._case_line,
                         lambda place: self.open(order[place]), order.index(at), closes=bool(self.case_id))
        self.say(told)

    def _case_line(self, place: int) -> str:
        name = self.order[place]
        return f"{place + 1:>3}  {one_line(name):<16} {queue_line(standing_of_case(self.state, name))}"

    def end_lines(self) -> Iterator[str]:
        """What is said where no question is open."""
        left, settle, every = self.state.left(self.case_id), named(self.keys["sign_off"]), named(self.keys["all"])
        if left:
            yield f"{len(left)} still open."
        else:
            yield f"Nothing is left. {settle} settles the case."
        if self.state.amended_since(self.case_id):
            yield "A marker amended the case since it was settled: look at what is agreed again before you settle it."
        if len(versions := self.case.versions) > 1:
            yield (f"The case was marked under versions {' and '.join(versions)} of the rubric: a level may have "
                   "changed its meaning between them.")
        if not self.every and self.state.purpose != REFERENCE:
            yield f"{every} shows the questions that do not differ too."

    def next_case(self) -> None:
        """Turns to the next case that is not settled, or says that there is none."""
        start = self.order.index(self.case_id) + 1 if self.case_id in self.order else 0
        waiting = [name for name in (*self.order[start:], *self.order[:start]) if not self.state.settled(name)]
        if waiting:
            self.open(waiting[0])
        else:
            self.show_cases("Every case of this list is settled.")

    def show_list(self) -> None:
        """The questions that are shown, to choose from."""
        shown = self.questions()
        ids = [one.question.id for one in shown]
        self.menu = Menu(f"THE QUESTIONS OF CASE {one_line(self.case_id)}", len(shown),
                         lambda place: f"{place + 1:>3}  {question_line(shown[place], self.state)}",
                         lambda place: self.go(ids[place]), ids.index(self.at) if self.at in ids else 0)

    # Keeping things.

    def do(self, action: Action) -> bool:
        """Applies an action; says why not where it is refused, and takes nothing more once the disk refuses."""
        if self.not_saved:
            self.fail(self.not_saved)
            return False
        try:
            self.keep(action)
        except Refused as refused:
            self.say(one_line(refused.why), alarm=True)
            return False
        except NotSaved as error:
            self.fail(error.problems[0])
            return False
        return True

    def keep(self, action: Action) -> None:
        """Applies an action whose words stand in a box. Raises Refused or NotSaved, and then the box stays."""
        self.state = self.act(action).state
        self.note_saved()

    def leave_box(self, words: str) -> None:
        """Leaves the box: its words stay as a draft, and the mark that was being agreed is not kept."""
        dropped, self.chosen = self.chosen, None
        Surface.leave_box(self, words)
        if dropped:
            self.say(f"{self.at} has no {noun(self.state.purpose)} yet. {self.message}".rstrip())

    def words_used_before(self) -> list[str]:
        """Reasons that were given in this sample, those of this moderator first, the latest first; each text once."""
        if self.writing is None or self.writing.text != "reason":
            return []
        agreed = [one for name in self.state.cases for one in self.state.moderation(name).agreed.values() if one.reason]
        latest = sorted(agreed, key=lambda one: (one.by == self.state.person, one.at), reverse=True)
        return list(dict.fromkeys(one.reason for one in latest))
