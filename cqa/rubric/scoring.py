"""Score and band of a finished assessment: points gained over points available, and the first band that holds."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from cqa.rubric.gates import fact_holds, holds, mark_holds
from cqa.rubric.model import (
    AnsweredBelow,
    Condition,
    CountAtLeast,
    CriticalFailed,
    FactIs,
    Leaf,
    Level,
    Question,
    Rubric,
    Rule,
    ScoreAtLeast,
)


@dataclass(frozen=True, slots=True)
class Result:
    """What a case comes to. `score` is a fraction of 1 and None when nothing could be scored."""

    score: Fraction | None
    answered: Fraction
    critical_failed: tuple[str, ...]
    band: str


def level_of(question: Question, mark: str) -> Level | None:
    """The level a mark stands for; None for questions in words."""
    return question.scale.level(mark) if question.scale else None


def result_of(rubric: Rubric, marks: Mapping[str, str], facts: Mapping[str, str]) -> Result:
    """Score and band over `marks`: the marks of asked questions only.

    Score = sum of weight * points gained / sum of weight * points available, over marks on the scale; nothing is
    imputed. `answered` is the share of asked scale questions whose mark is on the scale.
    """
    scored = [(question, level_of(question, marks[question.id]))
              for question in rubric.questions if question.scale and question.id in marks]
    on_scale = [(question, level) for question, level in scored if level and not level.outside]
    gained = sum((question.weight * (level.points or 0) for question, level in on_scale), Fraction(0))
    available = sum((question.weight * question.scale.top for question, _ in on_scale if question.scale), Fraction(0))
    failed = tuple(question.id for question, level in on_scale if level.id in question.fails_on)
    score = gained / available if available else None
    answered = Fraction(len(on_scale), len(scored)) if scored else Fraction(0)

    def test(leaf: Leaf) -> bool | None:
        if isinstance(leaf, ScoreAtLeast):
            return score is not None and score * 100 >= leaf.percent
        if isinstance(leaf, CriticalFailed):
            return bool(failed) == leaf.failed
        if isinstance(leaf, AnsweredBelow):
            return answered * 100 < leaf.percent
        if isinstance(leaf, CountAtLeast):
            return _count(rubric, marks, leaf) >= leaf.least
        return fact_holds(leaf, facts) if isinstance(leaf, FactIs) else mark_holds(leaf, marks)

    band = next((band.name for band in rubric.bands if holds(band.when, test)), "")
    return Result(score, answered, failed, band)


def _count(rubric: Rubric, marks: Mapping[str, str], leaf: CountAtLeast) -> int:
    # Words that happen to be a level's id are no mark at that level.
    known = ((rubric.by_id[name], mark) for name, mark in marks.items() if name in rubric.by_id)
    return sum(mark in leaf.levels and (not leaf.tags or bool(set(leaf.tags) & set(question.tags)))
               for question, mark in known if question.type != "text")


def broken_rules(rubric: Rubric, marks: Mapping[str, str], facts: Mapping[str, str]) -> tuple[Rule, ...]:
    """The rules that the marks of asked questions break."""
    def applies(condition: Condition) -> bool:
        return holds(condition, lambda leaf: fact_holds(leaf, facts) if isinstance(leaf, FactIs)
                     else mark_holds(leaf, marks)) is True

    return tuple(rule for rule in rubric.rules if applies(rule.when)
                 and any(marks.get(question) in levels for question, levels in rule.forbid.items()))


def owes_proof(rubric: Rubric, seed: str, case_id: str, question_id: str, mark: str) -> bool:
    """Whether a mark at a proof level owes a place in the file all the same.

    The pairs are chosen by SHA-256(`seed/proof|case|question`): one in so many, settled before anything is marked.
    """
    if rubric.proof.one_in < 1 or mark not in rubric.proof.levels:
        return False
    digest = hashlib.sha256(f"{seed}/proof|{case_id}|{question_id}".encode()).digest()
    return int.from_bytes(digest, "big") % rubric.proof.one_in == 0
