"""What a reviewer is told in practice: the papers, the worked answer after each mark, and what it all came to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from cqa.facts import how_many
from cqa.marking.session import State
from cqa.marking.view import mark_in_words
from cqa.rubric.model import Proof, Question, Rubric
from cqa.rubric.practice import PracticeCase, WorkedAnswer
from cqa.rubric.scoring import level_of

Likeness = Literal["equal", "defensible", "higher", "lower", "otherwise", "words"]
"""How a mark stands to the worked answer. `otherwise`: it differs, and one of the two is on no scale; `words`: it is in
words, which nothing compares."""
_TOLD: dict[Likeness, str] = {
    "equal": "Yours is the same.",
    "defensible": "Yours, {}, can be defended too.",
    "higher": "You marked higher: {}.",
    "lower": "You marked lower: {}.",
    "otherwise": "You marked {}.",
    "words": "Yours is in your own words, so compare the two.",
}
LENIENT = ("Most of what differs is marked higher: give a level only for what the file shows, the act itself with its "
           "date and reasons about this very case, for a plan, a promise or a standard sentence is none of these.")
UNANSWERED = "There is no worked answer to this question: by the worked marks before it, it is not asked."


def practice_state(rubric: Rubric, cases: Mapping[str, Mapping[str, str]]) -> State:
    """A sitting on practice cases (case id to facts) that no journal keeps; no mark in it owes a proof."""
    return State(rubric=replace(rubric, proof=Proof()), seed="practice", writer="practice.lesson", cases=cases,
                 others=frozenset(), records={}, next_seq=1)


def likeness(question: Question, mark: str, worked: WorkedAnswer) -> Likeness:
    """How a mark stands to the worked answer of its question."""
    if not question.answers:
        return "words"
    if mark == worked.mark:
        return "equal"
    if mark in worked.also:
        return "defensible"
    given, right = level_of(question, mark), level_of(question, worked.mark)
    if question.scale is None or given is None or right is None or given.outside or right.outside:
        return "otherwise"
    order = question.scale.levels
    return "higher" if order.index(given) < order.index(right) else "lower"


def _weighed(question: Question, mark: str) -> str:
    """A mark in words, and that it fails the case where it does."""
    return mark_in_words(question, mark) + (", which fails the case" if mark in question.fails_on else "")


@dataclass(frozen=True, slots=True)
class Lesson:
    """One practice case under its rubric. All it tells are lines of text, to be cleaned before they are shown."""

    rubric: Rubric
    case: PracticeCase

    def papers(self) -> tuple[str, ...]:
        """The whole case file, document after document."""
        documents = (line for number in range(1, len(self.case.documents) + 1) for line in self.document(number))
        return (f"{self.case.title}. Invented, for practice. The file has "
                f"{how_many(len(self.case.documents), 'document')}.", *documents, "", "End of the file.")

    def document(self, number: int) -> tuple[str, ...]:
        """One document of the case file, counted from 1; nothing where there is none of that number."""
        if not 1 <= number <= len(self.case.documents):
            return ()
        document = self.case.documents[number - 1]
        return ("", f"Document {number} of {len(self.case.documents)}: {document.name}", *document.text.split("\n"))

    def remark(self, question_id: str, value: str) -> tuple[str, ...]:
        """What is said once a question has the mark `value`."""
        worked = self.case.answers.get(question_id)
        return tuple(self._remark(self.rubric.by_id[question_id], value, worked)) if worked else (UNANSWERED,)

    def _remark(self, question: Question, value: str, worked: WorkedAnswer) -> Iterator[str]:
        told = _TOLD[likeness(question, value, worked)].format(mark_in_words(question, value))
        others = [mark_in_words(question, other) for other in worked.also if other != value]
        defended = f" {' or '.join(others)} can be defended too." if others else ""
        right = mark_in_words(question, worked.mark)
        yield f"The worked answer: {right.removesuffix('.')}. {told}{defended}"
        yield f"Because: {worked.because}"
        if worked.evidence:
            yield f"In the file: {worked.evidence}"
        for example in question.examples.get(worked.mark, ())[:1]:
            yield f"An example of {right}: {example}"

    def summary(self, state: State, first: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """What the marks of the case came to beside the worked answers.

        `first` holds the mark that each question got before its worked answer was told; without it the marks that
        stand are taken.
        """
        standing = state.standing(self.case.case_id).values
        marks = {question: (first or {}).get(question, value) for question, value in standing.items()}
        changed = sum(marks[question] != value for question, value in standing.items())
        return tuple(self._summary(marks, changed))

    def _summary(self, marks: Mapping[str, str], changed: int) -> Iterator[str]:
        found = {question.id: likeness(question, marks[question.id], self.case.answers[question.id])
                 for question in self.rubric.questions if question.id in marks and question.id in self.case.answers}
        counts = {kind: list(found.values()).count(kind) for kind in _TOLD}
        compared = how_many(len(found) - counts["words"], "mark")
        other = f", one off the scale {counts['otherwise']}" if counts["otherwise"] else ""
        yield (f"Case {self.case.case_id} beside the worked answers, {compared}: the same {counts['equal']}, "
               f"defensible {counts['defensible']}, higher {counts['higher']}, lower {counts['lower']}{other}.")
        if changed:
            yield f"What counts here is your first mark: {changed} changed after the worked answer was told."
        for name in (name for name, kind in found.items() if kind in ("higher", "lower", "otherwise")):
            question = self.rubric.by_id[name]
            yield (f"{name}: you marked {_weighed(question, marks[name])}; the worked answer is "
                   f"{_weighed(question, self.case.answers[name].mark)}.")
        differing = counts["higher"] + counts["lower"] + counts["otherwise"]
        if counts["higher"] > 1 and 2 * counts["higher"] > differing:
            yield LENIENT
