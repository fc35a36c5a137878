"""Lines said and lines typed, without colour, boxes or redrawing: what plain mode stands on."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TextIO

from cqa.errors import NotSaved
from cqa.screen.clean import clean, one_line
from cqa.screen.pasting import BEGINS, ENDS, thrown_away, waits

LONGEST_TYPED = 4_095
"""Bytes of a line that a terminal hands over at most on Linux; the rest of a longer one is lost before cqa sees it."""
PASTE_SECONDS = 0.05
_FULL_STOP, _NOTHING = ".", "-"


class Stop(Exception):
    """The reviewer stops; everything acknowledged is kept."""


class Drafts(Protocol):
    """Where unfinished texts are kept, by case, question, and which text it is (reason or evidence)."""

    def get(self, case: str, question: str, text: str) -> tuple[str, str] | None:
        """When the text was kept (UTC text), and its words."""
        ...

    def keep(self, case: str, question: str, text: str, words: str) -> None:
        """Keeps the words so far."""
        ...

    def drop(self, case: str, question: str = "", text: str = "") -> None:
        """Forgets one text, or all of a case."""
        ...

    def places(self) -> tuple[tuple[str, str, str], ...]:
        """Case, question, and which text it is, of every unfinished text."""
        ...


class NoDrafts:
    """For a sitting that keeps nothing."""

    def get(self, case: str, question: str, text: str) -> tuple[str, str] | None:
        """There is never one."""
        return None

    def keep(self, case: str, question: str, text: str, words: str) -> None:
        """Keeps nothing."""

    def drop(self, case: str, question: str = "", text: str = "") -> None:
        """There is nothing to forget."""

    def places(self) -> tuple[tuple[str, str, str], ...]:
        """None."""
        return ()


class Typist:
    """Says lines and takes lines. A text may have many, each kept as a draft until the text is saved."""

    def __init__(self, source: TextIO, out: TextIO, drafts: Drafts, now: Callable[[], datetime]) -> None:
        self.source, self.out, self.drafts, self.now = source, out, drafts, now
        self.draft_failed = False
        self.pasting = False

    def say(self, text: str) -> None:
        """One line, or several."""
        self.out.write(clean(text) + "\n")
        self.out.flush()

    def ask(self, prompt: str) -> str:
        """One answer, without outer white space. Raises Stop at the end of input.

        A paste is not taken: its lines were not meant as answers.
        """
        while True:
            line = self.line(prompt)
            if BEGINS in line:
                while ENDS not in line:
                    line = self.line("")
            elif not waits(self.source, 0):
                return line.strip()
            thrown_away(self.source)
            self.say("That looked like a paste: nothing of it was taken. A text is pasted where a text is asked for.")

    def line_of_text(self) -> str:
        """One line of a text, pasted or typed, without outer white space. Raises Stop at the end of input.

        A prompt is shown before what is typed, and not before lines of a paste that wait already.
        """
        line = self.line("" if self.pasting or waits(self.source, 0) else "> ")
        begins, ends = line.rfind(BEGINS), line.rfind(ENDS)
        self.pasting = begins > ends or (self.pasting and ends < 0)
        return line.replace(BEGINS, "").replace(ENDS, "").strip()

    def line(self, prompt: str) -> str:
        """One line as it was typed. Raises Stop at the end of input.

        A line that the terminal has cut is not taken: half an answer must not pass for a whole one.
        """
        while True:
            self.out.write(clean(prompt))
            self.out.flush()
            line = self.source.readline()
            if not line:
                raise Stop
            if not self.was_cut(line):
                return line
            self.say(f"The terminal cuts lines at {LONGEST_TYPED:,} characters, and this one was cut. Nothing of it "
                     "was taken: type or paste it again in shorter lines.")

    def was_cut(self, line: str) -> bool:
        """Whether a line from a terminal is as long as the terminal lets through."""
        typed = line.rstrip("\n").encode("utf-8", "surrogatepass")
        return len(typed) >= LONGEST_TYPED and self.source.isatty()

    def text(self, case: str, question: str, text: str, old: str) -> str | None:
        """The lines of a text up to an empty one; None keeps what there was, an empty text removes it.

        Raises Stop at the end of input; the lines so far are then kept as a draft.
        """
        lines = self.unfinished(case, question, text, old)
        begun = bool(lines)
        while True:
            line = self.line_of_text()
            if self.pasting:
                lines.append(line)
                self.keep(case, question, text, "\n".join(lines))
            elif line == _NOTHING and begun:
                lines, begun = [], False
                self.forget(case, question, text)
                self.say("Thrown away. Type the text, and end with an empty line.")
            elif line == _NOTHING and not lines:
                if old:
                    return ""
                self.say("There is nothing to remove.")
            elif line == _FULL_STOP or (not line and not waits(self.source, PASTE_SECONDS)):
                return "\n".join(lines).strip() or None
            else:
                lines.append(line)
                begun = False
                self.keep(case, question, text, "\n".join(lines))

    def unfinished_questions(self) -> set[tuple[str, str]]:
        """Case and question of every text that was begun and not ended."""
        return {(case, question) for case, question, _ in self.drafts.places()}

    def unfinished(self, case: str, question: str, text: str, old: str) -> list[str]:
        """The lines of this text that were typed and never saved, and says that they are there."""
        found = self.drafts.get(case, question, text)
        if found is None or found[1] == old:
            return []
        self.say(f"Unfinished from {time_of_day(found[0], self.now())}: {one_line(found[1])}")
        self.say("It is kept before what you type now; a line - alone throws it away.")
        return found[1].split("\n")

    def keep(self, case: str, question: str, text: str, words: str) -> None:
        """Keeps a draft; where that fails says so once, for a draft never stops the marking."""
        try:
            self.drafts.keep(case, question, text, words)
        except (NotSaved, OSError):
            if not self.draft_failed:
                self.say("What you type cannot be kept beside the journal until you end it.")
            self.draft_failed = True

    def forget(self, case: str, question: str = "", text: str = "") -> None:
        """Drops drafts; one that cannot be dropped is offered again, which costs nothing."""
        try:
            self.drafts.drop(case, question, text)
        except (NotSaved, OSError):
            self.draft_failed = True


def time_of_day(stamp: str, now: datetime) -> str:
    """A moment (UTC text) as people say it here: the time, with the day when that is not today; `before` for what is no
    moment, or one that no clock here can show."""
    try:
        moment = datetime.fromisoformat(stamp).astimezone()
    except (ValueError, OverflowError, OSError):
        return "before"
    return moment.strftime("%H:%M" if moment.date() == now.astimezone().date() else "%d/%m/%Y %H:%M")
