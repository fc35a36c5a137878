"""What every front end shows of a case: never a score, a band, or another reviewer's mark."""

from dataclasses import dataclass

from cqa.marking.replay import Mark
from cqa.marking.session import State
from cqa.marking.standing import Standing
from cqa.rubric.model import Level, Question


@dataclass(frozen=True, slots=True)
class CaseView:
    """Where a case stands: its place in the list, the visible facts, the asked questions, and what is left."""

    case_id: str
    number: int
    of: int
    facts: tuple[tuple[str, str], ...]
    questions: tuple[Question, ...]
    facts_wanted: tuple[str, ...]
    left: int
    flagged: bool
    signed_at: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question of a case: its place, the answers with their descriptors, the mark and what the mark owes."""

    question: Question
    section: str
    number: int
    of: int
    answers: tuple[tuple[Level, str], ...]
    mark: Mark | None
    due: tuple[str, ...]


def view_case(state: State, case_id: str) -> CaseView:
    """The case as a front end shows it."""
    standing = state.standing(case_id)
    assessment = state.assessment(case_id)
    order = tuple(state.cases)
    shown = tuple((fact.label, standing.facts.get(fact.id, "")) for fact in state.rubric.facts if not fact.hidden)
    return CaseView(
        case_id=case_id, number=order.index(case_id) + 1, of=len(order),
        facts=tuple((label, value) for label, value in shown if value),
        questions=tuple(question for question in state.rubric.questions if standing.asked[question.id]),
        facts_wanted=standing.facts_wanted,
        left=len(set(standing.unanswered) | set(standing.due)) + len(standing.facts_wanted),
        flagged=assessment.flagged, signed_at=assessment.signed_at, standing=standing,
    )


def view_question(state: State, case: CaseView, question_id: str) -> QuestionView:
    """One asked question of the case."""
    question = state.rubric.by_id[question_id]
    levels = question.scale.answers if question.scale else ()
    return QuestionView(
        question=question, section=state.rubric.section_title(question),
        number=case.questions.index(question) + 1, of=len(case.questions),
        answers=tuple((level, question.descriptors.get(level.id, "")) for level in levels
                      if level.id not in question.forbid),
        mark=case.standing.marks.get(question_id), due=case.standing.due.get(question_id, ()),
    )


def next_open(state: State, case_id: str, after: str = "") -> str:
    """The next question that has no mark or owes a text, looking round from `after`; empty when none is left."""
    case = view_case(state, case_id)
    standing = case.standing
    ids = [question.id for question in case.questions]
    start = ids.index(after) + 1 if after in ids else 0
    still = set(standing.unanswered) | set(standing.due)
    return next((name for name in (*ids[start:], *ids[:start]) if name in still), "")
