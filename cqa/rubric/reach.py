"""What gates and bands come to over all answers that can be given: listed one by one, up to a bound."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import product

from cqa.facts import number
from cqa.rubric.gates import fact_holds, holds, leaves, mark_holds
from cqa.rubric.model import (
    Answered,
    AnsweredBelow,
    Condition,
    CriticalFailed,
    FactIs,
    Leaf,
    MarkIs,
    Question,
    Rubric,
    ScoreAtLeast,
)

MOST_STATES = 10_000
_OTHER = "something else"


class TooMany(Exception):
    """There are more states than can be listed."""


@dataclass(frozen=True, slots=True)
class State:
    """One way a case can stand: its facts, the marks of asked questions, and whether nothing required is missing."""

    facts: Mapping[str, str]
    marks: Mapping[str, str]
    finished: bool

    def holds(self, condition: Condition) -> bool:
        """Whether a condition without score or counts holds here."""
        return holds(condition, lambda leaf: fact_holds(leaf, self.facts) if isinstance(leaf, FactIs)
                     else mark_holds(leaf, self.marks)) is True


@dataclass(slots=True)
class Budget:
    """How many steps may still be taken in listing states, over all conditions of a rubric."""

    left: int = 4 * MOST_STATES

    def step(self) -> None:
        """Takes one step. Raises TooMany when there is none left."""
        self.left -= 1
        if self.left < 0:
            raise TooMany


def states(
    rubric: Rubric, conditions: Iterable[Condition], budget: Budget, also: Mapping[str, tuple[str, ...]] | None = None
) -> list[State]:
    """Every way in which a case can stand, as far as the conditions can see: over their questions and those of `also`
    (question to levels that are to be told apart), the questions on which these depend in turn, and the case facts of
    all their gates. Answers that no condition tells apart are taken as one. Raises TooMany.
    """
    conditions, also = tuple(conditions), also or {}
    wanted = _depends(rubric, conditions, also)
    gates = (*conditions, *(question.gate for question in wanted))
    told_apart = [leaf for gate in gates for leaf in leaves(gate) if isinstance(leaf, MarkIs)]
    told_apart.extend(MarkIs(name, levels) for name, levels in also.items())
    listing = _Listing(budget, {question.id: _classes(question, told_apart) for question in wanted})
    facts = _fact_values(gates)
    for chosen in product(*facts.values()):
        listing.branch(wanted, dict(zip(facts, chosen, strict=True)), {}, True)
    return listing.found


@dataclass(slots=True)
class _Listing:
    """States as they are found. `answers` are the ones to try for each question."""

    budget: Budget
    answers: Mapping[str, tuple[str, ...]]
    found: list[State] = field(default_factory=list)

    def branch(self, waiting: tuple[Question, ...], facts: Mapping[str, str], marks: dict[str, str], finished: bool
               ) -> None:
        self.budget.step()
        if not waiting:
            self.found.append(State(facts, marks, finished))
            if len(self.found) > MOST_STATES:
                raise TooMany
            return
        question, rest = waiting[0], waiting[1:]
        asked = State(facts, marks, finished).holds(question.gate)
        self.branch(rest, facts, marks, finished and not (asked and question.required))
        for answer in self.answers[question.id] if asked else ():
            self.branch(rest, facts, {**marks, question.id: answer}, finished)


def _classes(question: Question, told_apart: Iterable[MarkIs]) -> tuple[str, ...]:
    """One answer of each kind that the conditions tell apart."""
    sets = [leaf.levels for leaf in told_apart if leaf.question == question.id]
    first: dict[tuple[bool, ...], str] = {}
    for answer in possible(question):
        first.setdefault(tuple(answer in levels for levels in sets), answer)
    return tuple(first.values())


def _depends(rubric: Rubric, conditions: Iterable[Condition], also: Iterable[str]) -> tuple[Question, ...]:
    """The questions that decide, in the order of the file."""
    names = {*also, *(name for condition in conditions for name in questions_of(condition))}
    while True:
        more = {name for known in names if known in rubric.by_id for name in questions_of(rubric.by_id[known].gate)}
        if more <= names:
            return tuple(question for question in rubric.questions if question.id in names)
        names |= more


def questions_of(condition: Condition) -> tuple[str, ...]:
    """The questions that a condition names."""
    return tuple(leaf.question for leaf in leaves(condition) if isinstance(leaf, MarkIs | Answered))


def possible(question: Question) -> tuple[str, ...]:
    """The answers that may be given; any text will do for a question in words."""
    if not question.answers:
        return (_OTHER,)
    return tuple(answer for answer in question.answers if answer not in question.forbid)


def _fact_values(conditions: Iterable[Condition]) -> dict[str, tuple[str, ...]]:
    """For each case fact that is tested, values that tell all its tests apart; blank only where blank is tested."""
    tests: dict[str, list[FactIs]] = {}
    for condition in conditions:
        for leaf in leaves(condition):
            if isinstance(leaf, FactIs):
                tests.setdefault(leaf.fact, []).append(leaf)
    return {fact: tuple(dict.fromkeys((*_values(found), *([""] if any(one.test == "recorded" for one in found)
                                                          else [])))) for fact, found in tests.items()}


def _values(tests: list[FactIs]) -> Iterator[str]:
    kind = tests[0].type
    named = [value for test in tests if test.test != "recorded" for value in test.values]
    if kind == "flag":
        yield from ("yes", "no")
    elif kind == "text":
        yield from named
        if len(set(named)) > 1:
            yield "; ".join(dict.fromkeys(named))
        yield _OTHER
    elif kind == "number":
        for value in named or ["0"]:
            yield from (str(number(value) + step) if (number(value) + step).denominator == 1 else value
                        for step in (-1, 0, 1))
    else:
        for value in named or ["2026-01-01"]:
            yield from ((date.fromisoformat(value) + timedelta(days=step)).isoformat() for step in (-1, 0, 1))


def band_winners(rubric: Rubric) -> tuple[set[int], set[int]]:
    """The places of bands that are the first to hold in some result, and of those that hold in every result.

    Score, share answered and critical failure are taken at and beside every threshold; whatever else a band looks at
    is taken as true and as false. So a band that is never first here is never given. Raises TooMany.
    """
    others = list(dict.fromkeys(leaf for band in rubric.bands for leaf in leaves(band.when)
                                if not isinstance(leaf, ScoreAtLeast | AnsweredBelow | CriticalFailed)))
    if 2 ** len(others) > MOST_STATES:
        raise TooMany
    first: set[int] = set()
    always = set(range(len(rubric.bands)))
    results = list(_results(rubric))
    if len(results) * 2 ** len(others) > MOST_STATES:
        raise TooMany
    for truths in product((True, False), repeat=len(others)):
        known: dict[Leaf, bool] = dict(zip(others, truths, strict=True))
        for score, answered, failed in results:
            holding = [place for place, band in enumerate(rubric.bands) if holds(
                band.when, lambda leaf: _result_leaf(leaf, score, answered, failed, known))]  # noqa: B023
            first |= set(holding[:1])
            always &= set(holding)
    return first, always


Result = tuple[Fraction | None, Fraction, bool]


def _results(rubric: Rubric) -> Iterator[Result]:
    scored = any(question.scale and question.scale.top for question in rubric.questions)
    critical = any(question.critical for question in rubric.questions)
    named = [leaf for band in rubric.bands for leaf in leaves(band.when)]
    scores = _beside(leaf.percent for leaf in named if isinstance(leaf, ScoreAtLeast))
    for answered in _beside(leaf.percent for leaf in named if isinstance(leaf, AnsweredBelow)):
        told = scores if scored and answered else [None]
        for score in told:
            yield score, answered, False
            if critical and answered and score != 100:
                yield score, answered, True


def _beside(thresholds: Iterable[Fraction]) -> list[Fraction]:
    close = Fraction(1, 1000)
    points = {Fraction(0), Fraction(100)}
    for value in thresholds:
        points |= {value - close, value, value + close}
    return sorted(point for point in points if 0 <= point <= 100)


def _result_leaf(
    leaf: Leaf, score: Fraction | None, answered: Fraction, failed: bool, known: Mapping[Leaf, bool]
) -> bool:
    if isinstance(leaf, ScoreAtLeast):
        return score is not None and score >= leaf.percent
    if isinstance(leaf, AnsweredBelow):
        return answered < leaf.percent
    if isinstance(leaf, CriticalFailed):
        return failed == leaf.failed
    return known[leaf]
