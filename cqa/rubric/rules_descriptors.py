"""Checks of what the levels say: two that say the same, or the same but for a word of degree."""

import re
from collections.abc import Iterator
from itertools import combinations

from cqa.rubric.checking import Checked, Found

_DEGREES = re.compile(r"\b(fully|partly|partially|mostly|largely|mainly|completely|entirely|wholly|somewhat|slightly|"
                      r"well|very|quite|rather|only|not|never|no|all|most|some|few|none)\b")


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", text.casefold()).split())


def _without_degree(text: str) -> str:
    return " ".join(_DEGREES.sub(" ", _plain(text)).split())


def alike(checked: Checked) -> Iterator[Found]:
    """R032, R033: two levels of one question that a reviewer cannot tell apart."""
    for question, _ in checked.asked:
        told = [(level, text) for level, text in question.descriptors.items() if text.strip()]
        for (one, first), (other, second) in combinations(told, 2):
            at = checked.places.question(question.id, "levels", other)
            if _plain(first) == _plain(second):
                yield Found("R032", at, f"'{one}' and '{other}' of '{question.id}' say the same.", "Say what makes the "
                            "difference.", question=question.id)
            elif _without_degree(first) == _without_degree(second):
                yield Found("R033", at, f"'{one}' and '{other}' of '{question.id}' differ only by a word of degree.",
                            "Say what can be seen in the file at the one level and not at the other.",
                            question=question.id)


RULES = (alike,)
