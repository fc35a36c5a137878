"""What a rubric is: scales with levels, sections with questions, gates, rules and bands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Literal

FACT_TYPES = ("flag", "text", "date", "number")
QUESTION_TYPES = ("scale", "text", "choice", "number", "date")
ROLES = ("charging", "reviewing", "advocate", "team")
STATUSES = ("draft", "trial", "live", "retired")
NEEDS = ("reason", "evidence")
CORRESPONDENCES = ("same", "lower_of", "theme", "subset", "related", "none")
COMPARED = ("same", "lower_of")
"""Only these kinds of correspondence let marks be compared question by question."""

FactTest = Literal["is", "at_least", "at_most", "before", "after", "recorded"]


@dataclass(frozen=True, slots=True)
class Level:
    """One answer on a scale, or one outside it; `needs` lists the texts it owes, `points` is None outside."""

    id: str
    key: str
    label: str
    points: Fraction | None
    needs: tuple[str, ...]
    outside: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale: its levels, best first, then the answers outside it."""

    id: str
    levels: tuple[Level, ...]
    outside: tuple[Level, ...]

    @property
    def answers(self) -> tuple[Level, ...]:
        """Every answer that can be given, in the order shown."""
        return self.levels + self.outside

    def level(self, level_id: str) -> Level | None:
        """The answer of that id, on the scale or outside it."""
        return next((level for level in self.answers if level.id == level_id), None)

    @property
    def top(self) -> Fraction:
        """The most points a level of this scale gives; 0 for a scale without points."""
        return max((level.points for level in self.levels if level.points is not None), default=Fraction(0))


@dataclass(frozen=True, slots=True)
class MarkIs:
    """True when the question's mark is one of the levels; an unanswered or unasked question has none."""

    question: str
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """True when the question has any mark."""

    question: str


@dataclass(frozen=True, slots=True)
class FactIs:
    """A test of a case fact; not known while the fact is blank, except for `recorded`."""

    fact: str
    type: str
    test: FactTest
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreAtLeast:
    """True when the score in per cent is at least this; false without a score."""

    percent: Fraction


@dataclass(frozen=True, slots=True)
class CriticalFailed:
    """True when whether a critical question failed is as said."""

    failed: bool


@dataclass(frozen=True, slots=True)
class AnsweredBelow:
    """True when fewer than this per cent of the asked scale questions have a mark on the scale."""

    percent: Fraction


@dataclass(frozen=True, slots=True)
class CountAtLeast:
    """True when at least `least` marks are among the levels, over questions with any of the tags (none: all)."""

    levels: tuple[str, ...]
    tags: tuple[str, ...]
    least: int


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every part is."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when one part is."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when the part is false."""

    part: "Condition"


Leaf = MarkIs | Answered | FactIs | ScoreAtLeast | CriticalFailed | AnsweredBelow | CountAtLeast
Condition = Leaf | AllOf | AnyOf | Not
ALWAYS = AllOf(())


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A column of the export that gates or the reviewer need; a `hidden` one is never shown or exported."""

    id: str
    column: str
    type: str
    label: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Correspondence:
    """How a question of a variant stands to its parent's `questions`; `levels` maps own levels to the parent's.

    `same`: one question and the same meaning. `lower_of`: the lower mark of several. `theme`: several that belong
    together. `subset`: part of one. `related`: near, and not comparable. `none`: new, with nothing like it.
    """

    kind: str
    questions: tuple[str, ...] = ()
    levels: Mapping[str, str] = field(default_factory=dict)

    @property
    def compared(self) -> bool:
        """Whether marks can be compared question by question."""
        return self.kind in COMPARED


@dataclass(frozen=True, slots=True)
class VariantOf:
    """The rubric that a variant was made from."""

    id: str
    version: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `gate` already holds its section's condition, `own_gate` is what stands at the question alone.

    `scale` is None for questions in words. `descriptors` say what a level means, `examples` show it; `choices` are the
    answers of a question of type choice. `allow` holds warnings that are meant to stand: code to reason.
    """

    id: str
    section: str
    ask: str
    look_for: str
    guidance: str
    type: str
    scale: Scale | None
    choices: tuple[str, ...]
    descriptors: Mapping[str, str]
    gate: Condition
    required: bool
    forbid: tuple[str, ...]
    fails_on: tuple[str, ...]
    weight: Fraction
    needs: tuple[str, ...]
    tags: tuple[str, ...]
    role: str
    retired: str
    own_gate: Condition = ALWAYS
    corresponds_to: Correspondence | None = None
    legal_basis: str = ""
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: str = ""
    allow: Mapping[str, str] = field(default_factory=dict)

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers that can be chosen, in the order shown; none for a question in words, a number or a date."""
        return tuple(level.id for level in self.scale.answers) if self.scale else self.choices

    @property
    def critical(self) -> bool:
        """Whether some mark fails the whole case."""
        return bool(self.fails_on)


@dataclass(frozen=True, slots=True)
class Section:
    """Questions under one title; `gate` stands before each of them."""

    id: str
    title: str
    questions: tuple[Question, ...]
    gate: Condition = ALWAYS
    notes: str = ""
    allow: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """Marks that contradict each other: while `when` holds, the forbidden levels stop the sign-off."""

    id: str
    when: Condition
    forbid: Mapping[str, tuple[str, ...]]
    say: str


@dataclass(frozen=True, slots=True)
class Proof:
    """One in so many marks at these levels owes a place in the file too; 0 means none does."""

    levels: tuple[str, ...] = ()
    one_in: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """A word for the whole case, given when its condition is the first that holds."""

    name: str
    when: Condition


@dataclass(frozen=True)
class Rubric:
    """A whole rubric. Questions keep the order of the file.

    `use_for`: the cases it may be used on. `dropped`: the parent's questions that a variant leaves out. `languages`:
    those its texts name, none where they name no language.
    """

    id: str
    version: str
    title: str
    status: str
    facts: tuple[CaseFact, ...]
    scales: tuple[Scale, ...]
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]
    proof: Proof
    bands: tuple[Band, ...]
    owner: str = ""
    use_for: Condition = ALWAYS
    variant_of: VariantOf | None = None
    dropped: tuple[str, ...] = ()
    notes: str = ""
    languages: tuple[str, ...] = ()
    allow: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question that can be asked: retired ones are kept for old marks and left out here."""
        return tuple(question for section in self.sections for question in section.questions if not question.retired)

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """The questions that can be asked, by id."""
        return {question.id: question for question in self.questions}

    def fact(self, fact_id: str) -> CaseFact | None:
        """The case fact of that id."""
        return next((fact for fact in self.facts if fact.id == fact_id), None)

    def section_title(self, question: Question) -> str:
        """The title of the question's section."""
        return next(section.title for section in self.sections if section.id == question.section)
