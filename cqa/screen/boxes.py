"""What can lie over a question: a box that takes words, something to read, a list to choose from."""

from collections.abc import Callable
from dataclasses import dataclass

from cqa.screen.rows import Row


@dataclass(slots=True)
class Writing:
    """A box that takes words: whose, what for, and what to do with them.

    `done` may raise Refused or NotSaved, and then the box stays as it is. `text` names the draft; empty where none is
    kept. `above` is read while the box is open; None for the question. `onwards` tells that the next thing is shown
    once the words are kept.
    """

    case_id: str
    question_id: str
    text: str
    title: str
    words: str
    done: Callable[[str], None]
    one_line: bool = False
    above: Callable[[int], list[Row]] | None = None
    onwards: bool = False


@dataclass(slots=True)
class Sheet:
    """Something to read over the question, longer than the window perhaps, until a key closes it."""

    title: str
    rows: Callable[[int], list[Row]]
    top: int = 0
    then: Callable[[], None] | None = None


@dataclass(slots=True)
class Menu:
    """A list to choose from: how many lines, each line in words, where the cursor is, and what Enter does.

    `typed` are the digits of a line's number so far."""

    title: str
    count: int
    line: Callable[[int], str]
    chosen: Callable[[int], None]
    at: int = 0
    closes: bool = True
    typed: str = ""
