"""Practice in plain mode: the same sitting over invented cases, and nothing that it says is kept anywhere."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from cqa.keys import line_by_line
from cqa.marking.view import CaseView, QuestionView
from cqa.screen.clean import one_line
from cqa.screen.plain import Deed, PlainSitting
from cqa.screen.plain_letters import letters
from cqa.screen.plain_words import help_words, legend
from cqa.screen.printer import NARROW


class PracticeSitting(PlainSitting):
    """A plain sitting that never says that something was saved."""

    greeting = ("Plain mode. Type ? and Enter for help, d for what each level means, p for the papers again. "
                "This is practice: nothing is kept.")
    all_done = "That was every practice case of this run."

    def tell(self, lines: Iterable[str]) -> None:
        """Line after line, broken between words, to be read in any window."""
        for line in broken(lines):
            self.say(line)

    def saved(self) -> str:
        """What is said in place of the time at which something was saved."""
        return "noted"


def broken(lines: Iterable[str]) -> Iterator[str]:
    """Lines broken between words, to be read in any window; empty ones stay."""
    for line in lines:
        yield from textwrap.wrap(one_line(line), NARROW, break_on_hyphens=False) or [""]


def practice_help(keys: Mapping[str, str]) -> str:
    """What every letter does in practice; `keys` are the letters by what they do."""
    told = help_words(keys).replace("(everything is kept)", "(nothing is kept: this is practice)")
    papers = keys["papers"]
    return f"{told}\n{papers} the papers: reads the case file again, {papers} and a number one document of it."


def _help(sitting: PlainSitting, case: CaseView, view: QuestionView | None, rest: str) -> str:
    told = practice_help(sitting.keys)
    sitting.say(f"{legend(view)}\n{told}" if view else told)
    return view.question.id if view else ""


def _papers(sitting: PlainSitting, case: CaseView, view: QuestionView | None, rest: str) -> str:
    """The papers, or one of them, and after so many lines the question once more."""
    wanted = int(rest) if rest.isdecimal() and len(rest) < 5 else 0
    lines = tuple(sitting.coach.papers(case.case_id, wanted)) if sitting.coach and (wanted or not rest) else ()
    sitting.tell(lines or ("There is no such document. Type p alone for the whole file.",))
    return sitting.again(view.question.id if view else "")


def practice_letters(own: Mapping[str, str]) -> dict[str, Deed]:
    """What each letter does in practice, with the person's own letters."""
    keys = line_by_line(own)
    return {**letters(own), keys["help"]: _help, keys["papers"]: _papers}
