"""What marks given under one rubric come to under another: each counts only where it means the same there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from cqa.rubric.band_order import Move, move
from cqa.rubric.comparable import Answer, Comparable, comparable
from cqa.rubric.gates import asked, facts_wanted, leaves
from cqa.rubric.model import Answered, MarkIs, Question, Rubric
from cqa.rubric.scoring import Result, broken_rules, result_of

LEAST_CARRIED = Fraction(1, 2)
"""A score of which marks can carry less than this share of the weight would be another score."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A mark that cannot be taken over, and why."""

    question: str
    mark: str
    why: str


@dataclass(frozen=True, slots=True)
class Rescored:
    """One assessment under another rubric. `before` is what it came to, `after` what its marks come to.

    `lost` are marks that the new rubric would ask for and that mean something else there; `dropped` those of questions
    that it does not ask of this case. `missing` are questions that it asks and that have no mark; `waiting` the blank
    case facts that it needs; `broken` the ids of its rules that the marks break.
    """

    before: Result
    after: Result
    moved: Move
    lost: tuple[Lost, ...]
    dropped: tuple[Lost, ...]
    missing: tuple[str, ...]
    waiting: tuple[str, ...]
    broken: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether everything that the new rubric asks has a mark, so that its score and band are those of the case."""
        return not (self.missing or self.waiting)


@dataclass(frozen=True, slots=True)
class Carrying:
    """How marks given under `before` are taken over into `after`; `told` says of every question of either whether."""

    before: Rubric
    after: Rubric
    told: Mapping[str, Comparable] = field(default_factory=dict)

    @property
    def share(self) -> Fraction:
        """The share of the new rubric's weight, over questions with a scale, that earlier marks can carry."""
        scaled = [question for question in self.after.questions if question.scale]
        carried = [question for question in scaled if self.told[question.id].answer != "no"]
        weight = sum((question.weight for question in scaled), Fraction(0))
        if not weight:
            return Fraction(len(carried), len(scaled)) if scaled else Fraction(0)
        return sum((question.weight for question in carried), Fraction(0)) / weight

    @property
    def enough(self) -> bool:
        """Whether enough is carried for a score that means anything."""
        return self.share >= LEAST_CARRIED


def carrying(before: Rubric, after: Rubric) -> Carrying:
    """How marks are taken over: by questions of the same id that mean the same.

    A variant is another form and no later version: what its questions correspond to under other ids is for a trial to
    compare, and no mark is taken over through that.
    """
    told = {one.question: one for one in comparable(before, after)}
    if after.variant_of is not None and after.variant_of.id == before.id:
        told = {name: _kept(one, before, after) for name, one in told.items()}
        for question in before.questions:  # what a variant asks in another form is not listed by itself
            told.setdefault(question.id, Comparable(question.id, "no", "It is asked in another form."))
    return Carrying(before, after, told)


def _kept(one: Comparable, before: Rubric, after: Rubric) -> Comparable:
    """What a variant makes of marks of the same id: they carry over only where it asks in the same form."""
    question = after.by_id.get(one.question)
    said = question.corresponds_to if question else None
    same = said is None or (said.kind == "same" and said.questions == (one.question,) and not said.levels)
    if one.answer == "no" or (same and one.question in before.by_id):
        return one
    return Comparable(one.question, "no", "It is asked in another form.")


def rescored(told: Carrying, before: Result, marks: Mapping[str, str], facts: Mapping[str, str]) -> Rescored:
    """One assessment under the new rubric. `marks` are those that stand for asked questions; `before` what they came
    to; `facts` those that the new rubric knows."""
    after = told.after
    stopped = {name: why for name, mark in marks.items() if (why := _stops(told, name, mark))}
    kept = {name: mark for name, mark in marks.items() if name not in stopped}
    states = asked(after, kept, facts)
    counted = {name: mark for name, mark in kept.items() if states[name]}
    result = result_of(after, counted, facts)
    bearing = _bearing(after)
    missing = tuple(question.id for question in after.questions if states[question.id] and question.id not in counted
                    and question.id in bearing and (question.required or question.id in stopped))
    waiting = dict.fromkeys(fact for question in after.questions if states[question.id] is None
                            for fact in facts_wanted(question, facts))
    unasked = dict.fromkeys((name for name in kept if name not in counted), _UNASKED)
    gone = {name: why for name, why in stopped.items() if states.get(name, False) is False}
    return Rescored(
        before, result, move(told.before, after, before.band, result.band),
        tuple(Lost(name, marks[name], why) for name, why in stopped.items() if name not in gone),
        tuple(Lost(name, marks[name], why) for name, why in {**gone, **unasked}.items()),
        missing, tuple(waiting), tuple(rule.id for rule in broken_rules(after, counted, facts)))


_UNASKED = "It is not asked of the case any more."


def _stops(told: Carrying, name: str, mark: str) -> str:
    """Why a mark cannot be taken over; empty where it can."""
    one = told.told[name]
    if one.answer == "no":
        return one.why
    return _level_stops(told.before.by_id[name], told.after.by_id[name], one.answer, mark)


def _level_stops(old: Question, new: Question, answer: Answer, mark: str) -> str:
    if old.scale is None or new.scale is None:
        return ""
    was, level = old.scale.level(mark), new.scale.level(mark)
    if level is None or (was is not None and was.outside != level.outside):
        return f"The answer {mark} is not there any more."
    if mark in new.forbid:
        return f"The answer {mark} is not allowed there any more."
    if answer == "top" and not level.outside and mark != new.scale.levels[0].id:
        return "Below the best level the lines are drawn anew, so this mark may mean another level."
    return ""


def _bearing(rubric: Rubric) -> frozenset[str]:
    """The questions on which a score or band may depend: those with a scale, and those that any condition names."""
    return frozenset(question.id for question in rubric.questions if question.scale).union(_named(rubric))


def _named(rubric: Rubric) -> Iterator[str]:
    conditions = (*(question.gate for question in rubric.questions), *(band.when for band in rubric.bands))
    for condition in conditions:
        yield from (leaf.question for leaf in leaves(condition) if isinstance(leaf, MarkIs | Answered))
