"""Which questions of two forms compare, and on what common levels: like is held against like, or not at all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cqa.rubric.comparable import Comparable, comparable
from cqa.rubric.model import Question, Rubric
from cqa.rubric.rules_evidence import CANNOT_TELL

BELOW, BEST = "below_best", "best"
"""The common levels where only the split at the best level means the same in both forms."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A question of the variant and those of the parent that it is held against.

    `levels` are the common ones, worst first. `of_parent` and `of_variant` say which of them each level of a form comes
    to; answers off the scale come to none. Where several questions of the parent are named, the lowest of their marks
    counts. `coarse` tells that only the split at the best level is common.
    """

    question: str
    parents: tuple[str, ...]
    levels: tuple[str, ...]
    of_parent: Mapping[str, str]
    of_variant: Mapping[str, str]
    why: str

    @property
    def coarse(self) -> bool:
        """Whether only the split at the best level is common."""
        return self.levels == (BELOW, BEST)

    def parent_mark(self, marks: Mapping[str, str]) -> str | None:
        """The common level of one assessment by the parent form; None where nothing was marked on the scale, and where
        one of several questions could not be told, for it may be the lowest."""
        found = [self.of_parent[marks[name]] for name in self.parents if marks.get(name) in self.of_parent]
        lowest = min(found, key=self.levels.index) if found else None
        untold = any(marks.get(name) == CANNOT_TELL for name in self.parents)
        return None if untold and lowest != self.levels[0] else lowest

    def variant_mark(self, marks: Mapping[str, str]) -> str | None:
        """The common level of one assessment by the variant form; None where nothing was marked on the scale."""
        return self.of_variant.get(marks.get(self.question, ""))


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A question that is never averaged with one of the other form, and why. `form` is `parent` or `variant`."""

    form: str
    question: str
    ask: str
    why: str


def matched(parent: Rubric, variant: Rubric) -> tuple[tuple[Matched, ...], tuple[Unmatched, ...]]:
    """The questions that compare, and those of either form that do not, in the order of the variant, then the parent.
    """
    told = {one.question: one for one in comparable(parent, variant)}
    pairs = [(one, _matched(told[one.id], one, parent)) for one in variant.questions]
    found = tuple(pair for _, pair in pairs if pair)
    alone = [Unmatched("variant", one.id, one.ask, _why(told[one.id])) for one, pair in pairs if not pair]
    return found, (*alone, *_of_parent(parent, variant, found, told))


def _why(told: Comparable) -> str:
    return told.why if told.answer == "no" else "It is not answered on a scale."


def _matched(told: Comparable, question: Question, parent: Rubric) -> Matched | None:
    said = question.corresponds_to
    names = said.questions if said else (question.id,)
    theirs = [parent.by_id[name] for name in names if name in parent.by_id]
    if told.answer == "no" or question.scale is None or not theirs or any(one.scale is None for one in theirs):
        return None
    own = {level.id: (said.levels.get(level.id, level.id) if said else level.id) for level in question.scale.levels}
    scales = [one.scale for one in theirs if one.scale]
    if told.answer == "yes":
        levels = tuple(level.id for level in reversed(scales[0].levels))
        return Matched(question.id, names, levels, {level: level for level in levels}, own, told.why)
    best = {scale.levels[0].id for scale in scales}
    of_parent = {level.id: BEST if level.id in best else BELOW for scale in scales for level in scale.levels}
    of_variant = {level: BEST if reached in best else BELOW for level, reached in own.items()}
    return Matched(question.id, names, (BELOW, BEST), of_parent, of_variant, told.why)


def _of_parent(
    parent: Rubric, variant: Rubric, found: tuple[Matched, ...], told: Mapping[str, Comparable]
) -> Iterator[Unmatched]:
    compared = {name for one in found for name in one.parents}
    named: dict[str, list[str]] = {}
    for question in variant.questions:
        for name in question.corresponds_to.questions if question.corresponds_to else ():
            named.setdefault(name, []).append(question.id)
    for question in parent.questions:
        if question.id in compared:
            continue
        if question.id in named:
            yield Unmatched("parent", question.id, question.ask, f"Only in part with {', '.join(named[question.id])} "
                            "of the other form, which does not compare.")
        elif question.id in variant.by_id:
            yield Unmatched("parent", question.id, question.ask, _why(told[question.id]))
        else:
            yield Unmatched("parent", question.id, question.ask, "The other form does not ask it.")
