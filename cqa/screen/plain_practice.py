"""Practice in plain mode: the same sitting over invented cases, and nothing that it says is kept anywhere."""

import textwrap
from collections.abc import Iterable, Iterator

from cqa.marking.view import CaseView, QuestionView
from cqa.screen.clean import one_line
from cqa.screen.plain import Deed, PlainSitting
from cqa.screen.plain_letters import LETTERS
from cqa.screen.plain_words import HELP, legend
from cqa.screen.printer import NARROW

PRACTICE_HELP = HELP.replace("(everything is kept)", "(nothing is kept: this is practice)") + """
p the papers: reads the case file again, p and a number one document of it."""


class PracticeSitting(PlainSitting):
    """A plain sitting that never says that something was saved."""

    greeting = ("Plain mode. Type ? and Enter for help, d for what each level means, p for the papers again. "
                "This is practice: nothing is kept.")
    all_done = "That was every practice case of this run."

    def saved(self) -> str:
        """What is said in place of the time at which something was saved."""
        return "noted"


class NoDrafts:
    """Where practice keeps unfinished texts: nowhere."""

    def get(self, case: str, question: str, text: str) -> None:
        """Nothing was kept."""

    def keep(self, case: str, question: str, text: str, words: str) -> None:
        """Keeps nothing."""

    def drop(self, case: str, question: str = "", text: str = "") -> None:
        """Has nothing to forget."""

    def count(self) -> int:
        """No text is unfinished."""
        return 0


def wrapped(lines: Iterable[str]) -> Iterator[str]:
    """Lines broken between words, to be read in any window."""
    for line in lines:
        yield from textwrap.wrap(one_line(line), NARROW, break_on_hyphens=False) or [""]


def _help(sitting: PlainSitting, case: CaseView, view: QuestionView | None, rest: str) -> str:
    sitting.say(f"{legend(view)}\n{PRACTICE_HELP}" if view else PRACTICE_HELP)
    return view.question.id if view else ""


def _papers(sitting: PlainSitting, case: CaseView, view: QuestionView | None, rest: str) -> str:
    """The papers, or one of them, and after so many lines the question once more."""
    wanted = int(rest) if rest.isdecimal() and len(rest) < 5 else 0
    lines = tuple(sitting.papers(case.case_id, wanted)) if wanted or not rest else ()
    sitting.tell(lines or ("There is no such document. Type p alone for the whole file.",))
    return sitting.again(view.question.id if view else "")


PRACTICE_LETTERS: dict[str, Deed] = {**LETTERS, "?": _help, "p": _papers}
