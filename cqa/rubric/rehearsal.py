"""Thousands of invented cases through the real gates and scoring: what a rubric does before anybody marks with it."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice

from cqa.facts import number
from cqa.rubric.gates import asked, fact_holds, holds, leaves
from cqa.rubric.model import CaseFact, FactIs, Leaf, Question, Rubric
from cqa.rubric.scoring import Result, broken_rules, level_of, owes_proof, result_of

SECONDS_A_QUESTION = 45
SECONDS_A_TEXT = 60
ASSUMED = (f"Assumed: {SECONDS_A_QUESTION} seconds for each question and {SECONDS_A_TEXT} more for each reason or "
           "place in the file that is owed. Reading the file is not in it.")
"""A guess, said wherever it is used: nobody has timed this rubric."""
_TRIES = 20
"""How often an invented case that breaks a rule is made again before it counts as one that cannot be finished."""
_CHANGED = 200
"""In so many cases at most another answer is tried, question by question."""
_CANNOT_TELL = 6
"""One answer in so many is off the scale, where the question allows any."""


@dataclass(frozen=True, slots=True)
class Invented:
    """One invented case as it could be signed off: its facts, the marks of its asked questions, and what came of it."""

    facts: Mapping[str, str]
    kept: Mapping[str, str]
    marks: Mapping[str, str]
    asked: tuple[str, ...]
    result: Result


@dataclass(frozen=True, slots=True)
class Spread:
    """How a number lies over the cases: least, median, mean and most."""

    least: int
    median: int
    mean: Fraction
    most: int


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of the cases. `bands` and `asked` count cases; `unfinished` broke a rule whatever was tried.

    `moves_score` and `moves_band` hold the questions of which another answer would have changed score or band in at
    least one case.
    """

    cases: int
    unfinished: int
    bands: Mapping[str, int]
    asked: Mapping[str, int]
    moves_score: frozenset[str]
    moves_band: frozenset[str]
    questions: Spread
    seconds: Spread

    @property
    def never_given(self) -> tuple[str, ...]:
        """The bands that no case came to."""
        return tuple(band for band, cases in self.bands.items() if not cases)

    @property
    def never_asked(self) -> tuple[str, ...]:
        """The questions that no case was asked."""
        return tuple(question for question, cases in self.asked.items() if not cases)


def rehearse(rubric: Rubric, cases: int, seed: str, tick: Callable[[], None] = lambda: None) -> Rehearsal:
    """Invents `cases` cases from `seed` and puts them through the rubric; the same seed gives the same cases. `tick` is
    called after each.

    Each case has a quality of its own between 0 and 1, and each mark is as many levels below the best as that many
    throws with this chance fail, so that all-best, all-worst and every mixture occur. Values of facts are those the
    conditions name, and others beside them.
    """
    dice = _Dice(seed)
    facts = _values(rubric)
    finished = []
    for _ in range(cases):
        if (case := _invent(rubric, facts, dice)) is not None:
            finished.append(case)
        tick()
    moves_score, moves_band = _deciding(rubric, finished)
    bands = Counter(one.result.band for one in finished)
    counts = Counter(question for one in finished for question in one.asked)
    return Rehearsal(
        cases=cases,
        unfinished=cases - len(finished),
        bands={band.name: bands[band.name] for band in rubric.bands},
        asked={question.id: counts[question.id] for question in rubric.questions},
        moves_score=moves_score, moves_band=moves_band,
        questions=_spread([len(one.asked) for one in finished]),
        seconds=_spread([_seconds(rubric, one, str(place)) for place, one in enumerate(finished)]),
    )


class _Dice:
    """Numbers below 65,536 from SHA-256 of the seed and a count: the same everywhere, and never the system's."""

    def __init__(self, seed: str) -> None:
        self.numbers = self._endless(seed)

    def _endless(self, seed: str) -> Iterator[int]:
        count = 0
        while True:
            digest = hashlib.sha256(f"{seed}/try|{count}".encode("utf-8", "surrogatepass")).digest()
            yield from (int.from_bytes(digest[place:place + 2], "big") for place in range(0, 32, 2))
            count += 1

    def below(self, most: int) -> int:
        return next(self.numbers) % most

    def choose(self, words: Sequence[str]) -> str:
        return words[self.below(len(words))]


def _values(rubric: Rubric) -> dict[str, tuple[str, ...]]:
    """For every case fact the values worth trying: on either side of whatever a condition asks."""
    named: dict[str, list[FactIs]] = {fact.id: [] for fact in rubric.facts}
    conditions = (rubric.use_for, *(question.gate for question in rubric.questions),
                  *(rule.when for rule in rubric.rules), *(band.when for band in rubric.bands))
    for condition in conditions:
        for leaf in leaves(condition):
            if isinstance(leaf, FactIs):
                named[leaf.fact].append(leaf)
    return {fact.id: tuple(dict.fromkeys(_worth_trying(fact, named[fact.id]))) for fact in rubric.facts}


def _worth_trying(fact: CaseFact, tests: Sequence[FactIs]) -> Iterator[str]:
    if any(test.test == "recorded" for test in tests):
        yield ""
    if fact.type == "flag":
        yield from ("yes", "no")
        return
    values = [value for test in tests if test.test != "recorded" for value in test.values]
    yield from values
    if fact.type == "text":
        yield "something else"
    elif fact.type == "number":
        yield from (str(float(number(value) + step)) for value in values or ["0"] for step in (-1, 1))
    else:
        days = [date.fromisoformat(value) for value in values] or [date(2026, 1, 1)]
        yield from ((day + timedelta(days=step)).isoformat() for day in days for step in (-1, 1))


def _invent(rubric: Rubric, values: Mapping[str, tuple[str, ...]], dice: _Dice) -> Invented | None:
    """A case that could be signed off; None where every try broke a rule."""
    facts = _facts(rubric, values, dice)
    for _ in range(_TRIES):
        quality = dice.below(65_536)
        kept = {question.id: _answer(question, quality, dice) for question in rubric.questions if allowed(question)}
        case = _through(rubric, facts, kept)
        if not broken_rules(rubric, case.marks, facts):
            return case
    return None


def _facts(rubric: Rubric, values: Mapping[str, tuple[str, ...]], dice: _Dice) -> dict[str, str]:
    """The facts of a case that the rubric may be used on, as far as one can be found."""
    def test(leaf: Leaf) -> bool | None:
        return fact_holds(leaf, facts) if isinstance(leaf, FactIs) else None

    for _ in range(_TRIES):
        facts = {fact: dice.choose(words) for fact, words in values.items()}
        if holds(rubric.use_for, test):
            break
    return facts


def _through(rubric: Rubric, facts: Mapping[str, str], kept: Mapping[str, str]) -> Invented:
    """The case after the gates: a mark kept for a question that is not asked is no answer."""
    states = asked(rubric, kept, facts)
    open_questions = tuple(question for question, state in states.items() if state)
    marks = {question: kept[question] for question in open_questions if question in kept}
    return Invented(facts, kept, marks, open_questions, result_of(rubric, marks, facts))


def allowed(question: Question) -> tuple[str, ...]:
    """The answers that can be given, best first; one that stands for all of them where it is answered in words."""
    if question.scale is None:
        return tuple(choice for choice in question.choices if choice not in question.forbid) or ("words",)
    return tuple(level.id for level in question.scale.answers if level.id not in question.forbid)


def _answer(question: Question, quality: int, dice: _Dice) -> str:
    answers = allowed(question)
    on_scale = [answer for answer in answers if (level := level_of(question, answer)) and not level.outside]
    outside = [answer for answer in answers if answer not in on_scale]
    if not on_scale or (outside and dice.below(_CANNOT_TELL) == 0):
        return dice.choose(outside)
    return on_scale[sum(next(dice.numbers) >= quality for _ in on_scale[1:])]


def _deciding(rubric: Rubric, cases: Sequence[Invented]) -> tuple[frozenset[str], frozenset[str]]:
    """The questions of which another answer changes the score, and the band, of some case."""
    score: set[str] = set()
    band: set[str] = set()
    for question in rubric.questions:
        for case in islice((case for case in cases if question.id in case.marks), _CHANGED):
            for answer in allowed(question):
                other = _through(rubric, case.facts, {**case.kept, question.id: answer}).result
                score |= {question.id} if other.score != case.result.score else set()
                band |= {question.id} if other.band != case.result.band else set()
            if question.id in score and question.id in band:
                break
    return frozenset(score), frozenset(band)


def _spread(values: Sequence[int]) -> Spread:
    """The spread of the values; all 0 where there are none."""
    ordered = sorted(values) or [0]
    return Spread(ordered[0], ordered[len(ordered) // 2], Fraction(sum(ordered), len(ordered)), ordered[-1])


def _seconds(rubric: Rubric, case: Invented, name: str) -> int:
    """The guessed time to mark the case, by what is assumed in `ASSUMED`."""
    texts = 0
    for question_id, mark in case.marks.items():
        question = rubric.by_id[question_id]
        level = level_of(question, mark)
        owed = {*question.needs, *(level.needs if level else ())}
        owed |= {"evidence"} if owes_proof(rubric, "try", name, question_id, mark) else set()
        texts += len(owed)
    return len(case.marks) * SECONDS_A_QUESTION + texts * SECONDS_A_TEXT
