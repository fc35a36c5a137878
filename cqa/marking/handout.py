"""What the handler of a case is handed: what was good, what to do next, each mark with what it and the next one mean.

Nothing of anybody else's work stands in it, and no score: a few cases say little about a person in numbers.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cqa.marking.compared import level_place
from cqa.marking.feedback import Feedback
from cqa.marking.moderation import NOT_ASKED, Agreed, Moderation
from cqa.marking.replay import Mark
from cqa.marking.standing import Standing
from cqa.marking.view import fact_in_words, mark_in_words
from cqa.rubric.gates import asked
from cqa.rubric.model import Question, Rubric
from cqa.rubric.scoring import result_of
from cqa.rubric.trial_questions import is_of_trial

FORMAT = "cqa-feedback-sheet/1"


@dataclass(frozen=True, slots=True)
class Line:
    """One asked question on the sheet: its mark in words and what that means, and the next better level (both empty
    where the mark is the best one, or on no scale). `best`: nothing is better. `agreed`: the mark is that of a
    moderation. `chosen`: the answer is one of a scale's, be it outside its levels, and not in words. `below`: how many
    levels of the scale are above the mark."""

    question_id: str
    section: str
    ask: str
    mark: str
    means: str
    up: str
    up_means: str
    best: bool
    reason: str
    evidence: str
    agreed: bool
    chosen: bool = True
    below: int = 0

    @property
    def said(self) -> list[str | bool]:
        """What of it a sheet's digest binds, in this order for good: a sheet that was given must keep its digest."""
        return [self.question_id, self.section, self.ask, self.mark, self.means, self.up, self.up_means, self.best,
                self.reason, self.evidence, self.agreed]


@dataclass(frozen=True, slots=True)
class Marked:
    """Who marked a case, when they signed it off, and the id of that sign-off; the time at which a moderation was
    settled whose marks count instead, empty where there was none."""

    by: str
    signed_at: str
    signed_id: str
    settled_at: str = ""


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do next, as a sheet says it."""

    what: str
    owner: str
    due: str


@dataclass(frozen=True, slots=True)
class Handout:
    """Everything that one version of a sheet says. `facts` are pairs of label and value, hidden ones left out; `band`
    is empty where the rubric has none; `frame` is the digest of the sample's frame."""

    sample: str
    frame: str
    case_id: str
    handlers: tuple[str, ...]
    rubric: str
    rubric_title: str
    rubric_version: str
    lines: tuple[Line, ...]
    facts: tuple[tuple[str, str], ...]
    band: str
    marked: Marked
    version: int = 0
    strength: str = ""
    todo: tuple[Todo, ...] = ()
    nothing: str = ""

    @property
    def worst_first(self) -> tuple[Line, ...]:
        """The lines as they are read: the marks with a better one above them, the worst first, those on no scale, and
        then the best marks; among equals in the rubric's order."""
        return tuple(sorted(self.lines, key=lambda line: (0, -line.below) if line.up else (2 if line.best else 1, 0)))

    @property
    def digest(self) -> str:
        """64 hex digits: SHA-256 of the JSON of all that it says. It binds a sheet to sample, case and version."""
        marked = self.marked
        said = [FORMAT, self.sample, self.frame, self.case_id, list(self.handlers), self.rubric, self.rubric_version,
                [line.said for line in self.lines], [list(fact) for fact in self.facts], self.band,
                [marked.by, marked.signed_at, marked.signed_id, marked.settled_at], self.version, self.strength,
                [[one.what, one.owner, one.due] for one in self.todo], self.nothing]
        text = json.dumps(said, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def written(self, feedback: Feedback) -> "Handout":
        """The same marks with what was written about them."""
        return replace(self, version=feedback.version, strength=feedback.strength, nothing=feedback.nothing,
                       todo=tuple(Todo(step.what, step.owner, step.due) for step in feedback.actions))


def lines_of(rubric: Rubric, standing: Standing, moderation: Moderation) -> tuple[Line, ...]:
    """The asked questions with the marks that count: those of the first marker, and where the case was moderated and
    that is settled, the agreed ones."""
    agreed = moderation.agreed if moderation.settled else {}
    values = _values_of(rubric, standing, agreed)
    return tuple(_line(rubric, rubric.by_id[question], value, standing.marks.get(question), agreed.get(question))
                 for question, value in values.items() if not is_of_trial(rubric.by_id[question]))


def band_of(rubric: Rubric, standing: Standing, moderation: Moderation) -> str:
    """The band in words of the marks that count; empty where the rubric gives none."""
    values = _values_of(rubric, standing, moderation.agreed if moderation.settled else {})
    return result_of(rubric, values, standing.facts).band


def shown_facts(rubric: Rubric, standing: Standing) -> tuple[tuple[str, str], ...]:
    """Label and value of the case facts that are known and may be shown."""
    return tuple((fact.label, told) for fact in rubric.facts
                 if not fact.hidden and (told := fact_in_words(fact, standing.facts.get(fact.id, "")).strip()))


def _values_of(rubric: Rubric, standing: Standing, agreed: Mapping[str, Agreed]) -> dict[str, str]:
    """Question to the mark that counts, in the rubric's order. An agreed mark may open or close other questions."""
    values = {**standing.values, **{name: one.mark for name, one in agreed.items() if name in rubric.by_id}}
    given = {name: value for name, value in values.items() if value != NOT_ASKED}
    states = asked(rubric, given, standing.facts)
    return {question.id: given[question.id] for question in rubric.questions
            if states.get(question.id) and question.id in given}


def _line(rubric: Rubric, question: Question, value: str, mark: Mark | None, agreed: Agreed | None) -> Line:
    changed = agreed is not None and (mark is None or mark.value != value)
    up = next(_better(question, value), None)
    return Line(
        question.id, rubric.section_title(question), question.ask, mark_in_words(question, value),
        question.descriptors.get(value, ""),
        mark_in_words(question, up) if up else "", question.descriptors.get(up, "") if up else "",
        best=up is None and question.scale is not None and any(level.id == value for level in question.scale.levels),
        # What the first marker said was said for another mark.
        reason=agreed.reason if changed and agreed else mark.reason if mark else "",
        evidence="" if changed else mark.evidence if mark else "", agreed=agreed is not None,
        chosen=question.scale is not None, below=level_place(question, value) or 0)


def _better(question: Question, value: str) -> Iterator[str]:
    """The levels above a mark that may be given, the next one first; none for an answer outside the scale."""
    levels = [level.id for level in question.scale.levels] if question.scale else []
    place = levels.index(value) if value in levels else 0
    return (level for level in reversed(levels[:place]) if level not in question.forbid)
