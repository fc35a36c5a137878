"""The health of every question of both forms: what is never used, always the same, disagreed about, or asked twice."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from cqa.consistency.counts import ratings_of
from cqa.consistency.marks import QuestionScale
from cqa.consistency.measures import measure
from cqa.consistency.readings import ENOUGH_PAIRS, marks_said, pairs_said
from cqa.consistency.trials.data import FormData, TrialData
from cqa.consistency.trials.gaps import ASKED
from cqa.consistency.trials.notes import counted_note
from cqa.consistency.uncertainty import AC
from cqa.table import Column, Table

Kind = Literal["too few", "never used", "one level", "low agreement", "asked twice", "off the scale"]
ENOUGH_MARKS = 20
"""Of fewer answers nothing is said about levels and answers off the scale."""
ONE_LEVEL = 0.9
OFF_SCALE = 0.2
LOW_EXACT, LOW_AC = 0.6, 0.4
"""Agreement is low where fewer pairs than this agree, or Gwet's AC2 lies below it."""
ALWAYS = 0.95
VARIES = 0.2
"""Two questions that agree mean something only where at least this share of the marks of each is not at its commonest
level: if they had nothing to do with each other, they would agree in 68% of assessments at the most."""
ENOUGH_TOGETHER = 40
"""So many assessments must answer both: of fewer, some of the many pairs of questions agree by chance."""
RULES = (f"One level: over {ONE_LEVEL:.0%} of marks. Low agreement: under {LOW_EXACT:.0%} of pairs exactly, or AC2 "
         f"under {LOW_AC:g}. Off the scale: over {OFF_SCALE:.0%} of answers. Asked twice: at the level of another "
         f"question in {ALWAYS:.0%} of {ENOUGH_TOGETHER} assessments or more, where of both at least {VARIES:.0%} "
         "are not at the commonest level.")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to see in a question, as a sentence."""

    kind: Kind
    sentence: str

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"kind": self.kind, "sentence": self.sentence}


@dataclass(frozen=True, slots=True)
class QuestionHealth:
    """One question of one form: answers in all, marks on the scale, pairs of the two markers of a case that are both on
    it, and what was found."""

    form: str
    question: str
    ask: str
    answers: int
    marks: int
    pairs: int
    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        """Whether enough is known, and nothing was found."""
        return not self.findings

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"form": self.form, "question": self.question, "answers": self.answers, "marks": self.marks,
                "pairs": self.pairs, "findings": [one.as_json() for one in self.findings]}


def health_of(data: TrialData) -> tuple[QuestionHealth, ...]:
    """Every question on a scale of the parent, then of the variant, from signed assessments alone."""
    return tuple(one for form in data.forms for one in _of_form(form))


def _of_form(form: FormData) -> Iterator[QuestionHealth]:
    twins = dict(_twins(form))
    for scale in form.scales:
        given = [mark for one in form.signed if (mark := one.marks.get(scale.question))]
        marks = Counter(mark for mark in given if mark in scale.levels)
        pairs, low = _agreement(form, scale)
        known = (*_levels(scale, marks), *low) if marks.total() >= ENOUGH_MARKS else (_few(marks.total(), pairs),)
        findings = (*known, *_off(scale, given), *twins.get(scale.question, ()))
        yield QuestionHealth(form.form, scale.question, scale.ask, len(given), marks.total(), pairs, findings)


def _levels(scale: QuestionScale, marks: Mapping[str, int]) -> Iterator[Finding]:
    total = sum(marks.values())
    if unused := [scale.labels[level] for level in reversed(scale.levels) if not marks.get(level)]:
        yield Finding("never used", f"Never used in {total} marks: {', '.join(unused)}.")
    level, count = max(marks.items(), key=lambda item: item[1])
    if count > ONE_LEVEL * total:
        yield Finding("one level", f"{count} of {total} marks are {scale.labels[level]}.")


def _few(marks: int, pairs: int) -> Finding:
    return Finding("too few", f"Too few to tell: {marks_said(marks)} on the scale, where {ENOUGH_MARKS} are needed, "
                              f"and {pairs_said(pairs)} of its two markers, where {ENOUGH_PAIRS} are.")


def _off(scale: QuestionScale, given: Sequence[str]) -> Iterator[Finding]:
    off = Counter(mark for mark in given if mark not in scale.levels)
    if len(given) >= ENOUGH_MARKS and off.total() > OFF_SCALE * len(given):
        told = ", ".join(f"{scale.labels.get(answer, answer)} {off[answer]}" for answer in sorted(off))
        yield Finding("off the scale", f"{off.total()} of {len(given)} answers lie off the scale: {told}.")


def _agreement(form: FormData, scale: QuestionScale) -> tuple[int, tuple[Finding, ...]]:
    """How many pairs there are, and what is to say of them."""
    marks = [(one.case_id, one.reviewer, mark) for one in form.signed
             if (mark := one.marks.get(scale.question, "")) in scale.levels]
    (found,) = measure(ratings_of(marks, scale.levels), ASKED)
    if found.pairs < ENOUGH_PAIRS:
        return found.pairs, (Finding("too few", f"Too few to tell whether its two markers agree: "
                                     f"{pairs_said(found.pairs)}, and {ENOUGH_PAIRS} are needed."),)
    exact, ac = found.percent, found.coefficients[AC].value
    if (exact is None or exact >= LOW_EXACT) and (ac is None or ac >= LOW_AC):
        return found.pairs, ()
    beyond = "" if ac is None else f", AC2 {ac:.2f}"
    return found.pairs, (Finding("low agreement", f"Its two markers agree in {round(found.pairs * (exact or 0))} of "
                                 f"{pairs_said(found.pairs)}{beyond}."),)


def _twins(form: FormData) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """For each question the others that it nearly always goes together with."""
    told: dict[str, list[Finding]] = {scale.question: [] for scale in form.scales}
    for one, other in combinations(form.scales, 2):
        if sentence := _together(form, one, other):
            told[one.question].append(Finding("asked twice", sentence.format(other.question)))
            told[other.question].append(Finding("asked twice", sentence.format(one.question)))
    yield from ((name, tuple(findings)) for name, findings in told.items())


def _together(form: FormData, one: QuestionScale, other: QuestionScale) -> str:
    """What is to say of two questions with as many levels, level by level from the worst; empty where there is nothing.
    """
    if len(one.levels) != len(other.levels):
        return ""
    places = [(one.levels.index(first), other.levels.index(second)) for each in form.signed
              if (first := each.marks.get(one.question, "")) in one.levels
              and (second := each.marks.get(other.question, "")) in other.levels]
    same, total = sum(first == second for first, second in places), len(places)
    if total < ENOUGH_TOGETHER or same < ALWAYS * total or not all(
            _varies([pair[side] for pair in places]) for side in (0, 1)):
        return ""
    return f"At the same level as {{}} in {same} of {total} assessments, though both vary: one of the two may do."


def _varies(places: Sequence[int]) -> bool:
    return len(places) - max(Counter(places).values()) >= VARIES * len(places)


def _told(one: QuestionHealth) -> list[tuple[str, str]]:
    return [(each.kind, each.sentence) for each in one.findings] or [("nothing found", "Nothing found.")]


def health_table(data: TrialData, found: Sequence[QuestionHealth]) -> Table:
    """Every question, with one row for each finding."""
    columns = (Column("Form", "text", 10), Column("Question", "id", 14), Column("Asked", "long", 34),
               Column("Answers", "number", 9), Column("On the scale", "number", 8), Column("Pairs", "number", 7),
               Column("What", "text", 14), Column("Finding", "long", 46))
    rows = tuple((one.form, one.question, one.ask, one.answers, one.marks, one.pairs, *told)
                 for one in found for told in _told(one))
    return Table("Question health", "What is to see in each question of both forms", counted_note(data, RULES),
                 columns, rows)
