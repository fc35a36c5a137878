"""Which earlier marks stay comparable when a rubric changes: a mark is worth what its level means."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from cqa.rubric.model import Correspondence, Question, Rubric

Answer = Literal["yes", "top", "no"]

_ALIKE = 0.5
"""Below this likeness of two wordings (Ratcliff and Obershelp, of words) an id is taken to mean another question."""


@dataclass(frozen=True, slots=True)
class Comparable:
    """Whether marks given before still compare: `top` only as the best level against everything below it."""

    question: str
    answer: Answer
    why: str


def comparable(before: Rubric, after: Rubric) -> Iterator[Comparable]:
    """For every question that either rubric asks, what becomes of marks given by the first.

    Questions are the same where their ids are. Those of a variant of the first rubric are what they say they
    correspond to; a question of the first that one of them names is not listed by itself.
    """
    variant = after.variant_of is not None and after.variant_of.id == before.id
    named = {name for question in after.questions if variant and question.corresponds_to
             for name in question.corresponds_to.questions}
    for name in dict.fromkeys((*after.by_id, *before.by_id)):
        old, new = before.by_id.get(name), after.by_id.get(name)
        if variant and new is not None and new.corresponds_to is not None:
            yield Comparable(name, *_through(new, new.corresponds_to, before))
        elif new is not None and old is not None:
            yield Comparable(name, *_marks_compare(old, new))
        elif new is not None:
            yield Comparable(name, "no", "It was not asked before.")
        elif name not in named:
            yield Comparable(name, "no", "It is not asked any more; the earlier marks stand by themselves.")


def _through(new: Question, told: Correspondence, before: Rubric) -> tuple[Answer, str]:
    """What marks of the other rubric are worth beside those of a question that corresponds to some of its own."""
    if not told.compared:
        return "no", _NOT_COMPARED[told.kind].format(", ".join(told.questions))
    others = [before.by_id.get(name) for name in told.questions]
    if any(other is None or other.scale is None for other in others) or new.scale is None:
        return "no", f"Not all of {', '.join(told.questions)} are asked there with marks on a scale."
    if told.kind == "same" and not told.levels and others[0] is not None:
        return _marks_compare(others[0], new)
    reached = [told.levels.get(level.id, level.id) for level in new.scale.levels]
    lower = "the lower of " if told.kind == "lower_of" and len(others) > 1 else ""
    one_to_one = all(other is not None and tuple(reached) == _ids(other) for other in others)
    if one_to_one:
        return "yes", f"Level for level with {lower}{', '.join(told.questions)}."
    return "top", (f"With {lower}{', '.join(told.questions)}: its levels are not theirs one by one, so only the split "
                   "at their best level means the same.")


_NOT_COMPARED = {
    "none": "It is new: nothing like it is asked there.",
    "theme": "It covers the theme of {}: only the theme compares.",
    "subset": "It asks a part of {}: never to be averaged with it.",
    "related": "It is near {}, and asks something else.",
}


def _marks_compare(old: Question, new: Question) -> tuple[Answer, str]:
    """What a mark given before is worth beside one given now, and why."""
    if old.scale is None or new.scale is None:
        return ("yes", "It is answered in the same way.") if (old.type, old.choices) == (new.type, new.choices) else (
            "no", "It is answered in another way.")
    if _likeness(old.ask, new.ask) < _ALIKE:
        return "no", "The words are so different that the id may mean another question: give it a new id."
    changed = _changed_levels(old, new)
    top = new.scale.levels[0].id
    if top in changed or old.scale.levels[0].id != top:
        return "no", "The best level means something else."
    if changed or _ids(old) != _ids(new):
        return "top", "The best level means the same; below it the lines were drawn anew."
    return "yes", _remark(old, new)


def _changed_levels(old: Question, new: Question) -> set[str]:
    """The levels of both scales whose descriptor is not the same."""
    if old.scale is None or new.scale is None:
        return set()
    both = {level.id for level in old.scale.levels} & {level.id for level in new.scale.levels}
    return {level for level in both if _words(old.descriptors.get(level, "")) != _words(new.descriptors.get(level, ""))}


def _remark(old: Question, new: Question) -> str:
    if old.gate != new.gate:
        return "A mark means the same, but it is asked of other cases: compare only those in which both ask."
    if _words(old.ask) != _words(new.ask):
        return "The words changed; the same id says that the meaning did not."
    return "Nothing that a mark means has changed."


def _ids(question: Question) -> tuple[str, ...]:
    return tuple(level.id for level in question.scale.levels) if question.scale else ()


def _words(text: str) -> list[str]:
    """The words alone: a comma or a capital letter more is no change of meaning."""
    return ["".join(filter(str.isalnum, word)).casefold() for word in text.split()]


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, _words(one), _words(other), autojunk=False).ratio()
