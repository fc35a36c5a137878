"""One case under several hands: what each marker gave, question by question, where they differ, what is agreed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import ascii_uppercase

from cqa.facts import is_number, number
from cqa.marking.moderation import NOT_ASKED, Agreed, Moderation
from cqa.marking.replay import Mark
from cqa.rubric.gates import Truth, fact_holds, holds, leaves, mark_holds
from cqa.rubric.model import Answered, FactIs, Leaf, MarkIs, Question, Rubric
from cqa.rubric.scoring import Result, result_of
from cqa.sampling.ticket import ticket

IN_WORDS = "text"
"""The type of question whose answers are never held against each other: two people never write the same."""


@dataclass(frozen=True, slots=True)
class Marker:
    """What one reviewer signed off on a case: the marks of the questions that were asked, and the case facts as they
    had them. `signed_id` is the event of the sign-off, `version` that of the rubric it was signed under, `result` what
    it came to there."""

    reviewer: str
    turn: str
    signed_id: str
    version: str
    marks: Mapping[str, Mark]
    facts: Mapping[str, str]
    result: Result


@dataclass(frozen=True, slots=True)
class SharedCase:
    """A case that several reviewers marked and all of them signed off. `markers` stand in the order of their hidden
    letters; `rubric` is the latest that one of them signed under."""

    case_id: str
    rubric: Rubric
    markers: tuple[Marker, ...]

    @property
    def lettered(self) -> tuple[tuple[str, Marker], ...]:
        """Every marker with the letter that hides them."""
        return tuple((letter(place), marker) for place, marker in enumerate(self.markers))

    @property
    def over(self) -> tuple[str, ...]:
        """The ids of the sign-offs that are its marks."""
        return tuple(marker.signed_id for marker in self.markers)

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions of the rubric that it was marked under, each once."""
        return tuple(dict.fromkeys(marker.version for marker in self.markers))

    @property
    def facts(self) -> dict[str, str]:
        """The case facts on which all markers agree; blank where they do not."""
        told = [marker.facts for marker in self.markers]
        return {fact.id: told[0].get(fact.id, "") if len({one.get(fact.id, "") for one in told}) == 1 else ""
                for fact in self.rubric.facts}

    def amended_since(self, moderation: Moderation) -> bool:
        """Whether a sign-off that the moderation was settled over is not the one that counts any more."""
        return moderation.settled and not set(moderation.over) <= set(self.over)

    def in_force(self, moderation: Moderation) -> bool:
        """Whether it is settled, and over the marks that count now."""
        return moderation.settled and not self.amended_since(moderation)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one marker answered under their letter; `mark` is None where they were not asked, or left it open."""

    letter: str
    reviewer: str
    mark: Mark | None

    @property
    def value(self) -> str:
        """The mark; empty where there is none."""
        return self.mark.value if self.mark else ""


@dataclass(frozen=True, slots=True)
class Compared:
    """One question of a case. `apart` is how many levels the marks are apart, None where one is off the scale or was
    not given. `common` is the mark that all gave, None where they did not. `agreed` is what moderation set so far, and
    `disputed` that two moderators, apart, set different things.

    `open` says whether the question is asked under what is agreed or common: None where that waits for `waits_for`,
    or for a case fact. `owed`: it needs an agreed mark before the case can be settled.
    """

    question: Question
    section: str
    answers: tuple[Answer, ...]
    differs: bool
    apart: int | None
    common: str | None
    agreed: Agreed | None
    disputed: bool
    open: Truth
    waits_for: tuple[str, ...]
    owed: bool

    @property
    def value(self) -> str | None:
        """The mark that counts once the case is settled: the agreed one, else the common one; None where there is
        none yet, empty where the question is not asked."""
        if self.open is False:
            return ""
        return None if self.disputed else self.agreed.mark if self.agreed else self.common

    @property
    def may_be_unasked(self) -> bool:
        """Whether it can be agreed that the question should not have been asked, or may stay open: where somebody did
        not answer it, and what is agreed does not call for an answer."""
        return not all(answer.mark for answer in self.answers) and not (self.open is True and self.question.required)


def letter(place: int) -> str:
    """The letter of a marker, counted from 0."""
    round_, place = divmod(place, len(ascii_uppercase))
    return f"{ascii_uppercase[place]}{round_ or ''}"


def in_hidden_order(seed: str, case_id: str, markers: Iterable[Marker]) -> tuple[Marker, ...]:
    """The markers by SHA-256 of `seed/moderate|case|reviewer`, the reviewer in lower case: A is not always the first
    marker, and the same person is another letter on another case."""
    return tuple(sorted(markers, key=lambda one: ticket(seed, f"{case_id}|{one.reviewer.casefold()}", "moderate")))


def levels_apart(question: Question, values: Iterable[str]) -> int | None:
    """How many levels the marks are apart at most; None where one is off the scale, or the question has none."""
    places = [level_place(question, value) for value in values]
    known = [place for place in places if place is not None]
    return max(known) - min(known) if known and len(known) == len(places) else None


def level_place(question: Question, value: str) -> int | None:
    """How many levels a mark is below the best; None off the scale."""
    levels = [level.id for level in question.scale.levels] if question.scale else []
    return levels.index(value) if value in levels else None


def compare(case: SharedCase, moderation: Moderation) -> tuple[Compared, ...]:
    """Every question that somebody answered, or that is asked under what is agreed, in the order of the rubric."""
    decided: dict[str, str] = {}
    undecided: set[str] = set()
    found = []
    for question in case.rubric.questions:
        one = _compared(case, moderation, question, decided, undecided)
        if one.value:
            decided[question.id] = one.value
        elif one.owed:
            undecided.add(question.id)
        if one.open is not False or one.differs or any(answer.mark for answer in one.answers):
            found.append(one)
    return tuple(found)


def _compared(
    case: SharedCase, moderation: Moderation, question: Question, decided: Mapping[str, str], undecided: set[str]
) -> Compared:
    answers = tuple(Answer(name, marker.reviewer, marker.marks.get(question.id)) for name, marker in case.lettered)
    values = {answer.value for answer in answers}
    alike = len({_meant(question, value) for value in values}) == 1
    differs = not alike and question.type != IN_WORDS
    opened = holds(question.gate, lambda leaf: _leaf(case, leaf, decided, undecided))
    named = (leaf.question for leaf in leaves(question.gate) if isinstance(leaf, MarkIs | Answered))
    waits = tuple(dict.fromkeys(name for name in named if name in undecided)) if opened is None else ()
    agreed, disputed = moderation.agreed.get(question.id), question.id in moderation.disputed
    if agreed is not None and agreed.mark == NOT_ASKED and opened is True and question.required:
        agreed = None  # what was agreed since asks the question after all
    nobody = opened is True and question.required and question.type != IN_WORDS and values == {""}
    return Compared(
        question, case.rubric.section_title(question), answers, differs, levels_apart(question, values),
        answers[0].value if alike and values != {""} and question.type != IN_WORDS else None,
        agreed, disputed, opened, waits,
        owed=opened is not False and (disputed or (agreed is None and (differs or nobody))))


def _meant(question: Question, value: str) -> object:
    """What a mark says, to hold against another: 12 and 12.0 are one number."""
    return number(value) if question.type == "number" and is_number(value) else value


def _leaf(case: SharedCase, leaf: Leaf, decided: Mapping[str, str], undecided: set[str]) -> Truth:
    """A condition's part under what is agreed or common: not known while a mark is undecided, or facts differ."""
    if isinstance(leaf, FactIs):
        told = {fact_holds(leaf, marker.facts) for marker in case.markers}
        return told.pop() if len(told) == 1 else None
    waits = isinstance(leaf, MarkIs | Answered) and leaf.question in undecided
    return None if waits else mark_holds(leaf, decided)


def agreed_result(case: SharedCase, moderation: Moderation) -> Result:
    """Score and band under the marks that are agreed, and where none is, common."""
    marks = {one.question.id: one.value for one in compare(case, moderation) if one.value}
    return result_of(case.rubric, marks, case.facts)
