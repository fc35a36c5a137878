"""What every full screen is, whatever is done at it: the news, a box that takes words, something to read, a list."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cqa.errors import NotSaved, Problem
from cqa.marking.refusals import Refused
from cqa.screen.boxes import Menu, Sheet, Writing
from cqa.screen.clean import one_line
from cqa.screen.pace import Pace
from cqa.screen.sheets import prose_lines
from cqa.screen.typist import Drafts, time_of_day

RECALLED = ("reason", "evidence")
"""The boxes into which earlier words can be brought back."""


class Given:
    """What a full screen is given: the present moment, where unfinished texts are kept, and which key does what."""

    now: Callable[[], datetime]
    drafts: Drafts
    keys: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Surface(Given, ABC):
    """A full screen without its terminal. `last_saved` is the time of the last thing kept, `top` how many rows of the
    page are scrolled out above. `ended` tells that the person has left, and `stopped` that it was by Ctrl-C."""

    top: int = 0
    message: str = ""
    alarm: bool = False
    last_saved: str = ""
    writing: Writing | None = None
    sheet: Sheet | None = None
    menu: Menu | None = None
    not_saved: Problem | None = None
    ended: bool = False
    stopped: bool = False
    draft_failed: bool = False
    pace: Pace = field(default_factory=Pace)
    pressed: str = ""

    def milliseconds(self) -> int:
        """The present moment as a number to take differences of."""
        return int(self.now().timestamp() * 1000)

    def time_of_day(self, stamp: str) -> str:
        """A recorded moment as people say it."""
        return time_of_day(stamp, self.now())

    def say(self, text: str, alarm: bool = False) -> None:
        """Sets the line of news."""
        self.message, self.alarm = text, alarm

    def read(self, title: str, texts: tuple[str, ...]) -> None:
        """Something to be read before all else, line by line. The news waits until it is read."""
        told, self.message = self.message, ""
        self.sheet = Sheet(title, prose_lines(texts), then=lambda: self.say(told))

    def fail(self, problem: Problem) -> None:
        """The disk refused: from now on nothing is taken, and what was typed stays where it is."""
        self.not_saved = problem
        self.say(f"{problem.message} {problem.remedy}", alarm=True)

    def note_saved(self) -> None:
        """Something is on the disk at this time of day."""
        self.last_saved = self.now().astimezone().strftime("%H:%M:%S")

    def write(self, box: Writing) -> None:
        """Opens a box; words that were never ended the last time are in it again."""
        found = self.drafts.get(box.case_id, box.question_id, box.text) if box.text else None
        if found and found[1] != box.words:
            self.say(f"Unfinished since {self.time_of_day(found[0])}: it is in the box as you left it.")
            box.words = found[1]
        self.writing = box

    def finish_box(self, words: str) -> None:
        """The reviewer ends the box: its words are kept and it closes, or it says why it stays."""
        box = self.writing
        if box is not None:
            self.say("")
            self.attempt(lambda: box.done(words))

    def attempt(self, deed: Callable[[], None]) -> None:
        """Does something that keeps words; where it is refused says why, and leaves everything as it is."""
        if self.not_saved:
            self.fail(self.not_saved)
            return
        try:
            deed()
        except Refused as refused:
            self.say(one_line(refused.why), alarm=True)
        except NotSaved as error:
            self.fail(error.problems[0])

    def leave_box(self, words: str) -> None:
        """The reviewer leaves the box without ending it: its words stay as a draft."""
        box, self.writing = self.writing, None
        self.say("")
        if box and box.text and words != box.words:
            self.draft(box, words)
            if words.strip():
                self.say("Left as a draft: open the box again and it is there.")

    def close_box(self) -> None:
        """Closes the box; its draft is no longer needed."""
        box, self.writing = self.writing, None
        if box and box.text:
            try:
                self.drafts.drop(box.case_id, box.question_id, box.text)
            except (NotSaved, OSError):
                self.draft_failed = True

    def draft(self, box: Writing, words: str) -> None:
        """Keeps what stands in a box; where that fails says so once, for a draft never stops the marking."""
        if not box.text:
            return
        try:
            self.drafts.keep(box.case_id, box.question_id, box.text, words)
        except (NotSaved, OSError):
            if not self.draft_failed:
                self.say("What you type cannot be kept beside the journal until you end it.", alarm=True)
            self.draft_failed = True

    @abstractmethod
    def words_used_before(self) -> list[str]:
        """What could be brought back into the open box, the latest first; each text once."""
