"""What every front end shows of a case: never a score, a band, or another reviewer's mark."""

from dataclasses import dataclass

from cqa.facts import flag_value
from cqa.marking.events import Event
from cqa.marking.replay import Assessment, Mark
from cqa.marking.session import State
from cqa.marking.standing import Standing
from cqa.rubric.gates import fact_is_known
from cqa.rubric.model import CaseFact, Level, Question, Rubric


@dataclass(frozen=True, slots=True)
class FactView:
    """A case fact: its value in words (empty where blank), whether the export has it, so that it is not asked, and
    whether the reviewer answered it."""

    fact: CaseFact
    value: str
    exported: bool
    answered: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """Where a case stands: its place in the list, the facts that may be shown, the asked questions, what is left."""

    case_id: str
    number: int
    of: int
    facts: tuple[FactView, ...]
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

    @property
    def needs(self) -> frozenset[str]:
        """The texts that the mark's level needs, written or not."""
        level = next((level for level, _ in self.answers if self.mark and level.id == self.mark.value), None)
        return frozenset((*self.question.needs, *(level.needs if level else ()))) if self.mark else frozenset()

    @property
    def spot_check(self) -> bool:
        """Whether the mark owes a place in the file that its level alone would not: one in so many does."""
        return "evidence" in self.due and "evidence" not in self.needs


def view_case(state: State, case_id: str) -> CaseView:
    """The case as a front end shows it."""
    standing = state.standing(case_id)
    assessment = state.assessment(case_id)
    order = tuple(state.cases)
    exported = state.cases[case_id]
    shown = tuple(FactView(fact, fact_in_words(fact, standing.facts.get(fact.id, "")),
                           fact_is_known(fact.type, exported.get(fact.id, "")), fact.id in assessment.facts)
                  for fact in state.rubric.facts if not fact.hidden)
    return CaseView(
        case_id=case_id, number=order.index(case_id) + 1, of=len(order),
        facts=shown,
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


def question_named(case: CaseView, typed: str) -> str:
    """The asked question that somebody means by its id or its number; empty where there is none."""
    wanted = typed.strip().casefold()
    named = next((question.id for question in case.questions if question.id.casefold() == wanted), "")
    if not named and wanted.isdecimal() and len(wanted) < 5 and 1 <= int(wanted) <= len(case.questions):
        return case.questions[int(wanted) - 1].id
    return named


def next_open(state: State, case_id: str, after: str = "", optional: bool = False) -> str:
    """The next question that has no mark or owes a text, looking round from `after`; empty when none is left.

    With `optional`, a question that may be left open counts too, but only behind `after`: it is offered in passing.
    """
    case = view_case(state, case_id)
    standing = case.standing
    ids = [question.id for question in case.questions]
    start = ids.index(after) + 1 if after in ids else 0
    still = set(standing.unanswered) | set(standing.due)
    offered = still | (set(ids) - set(standing.marks) if optional else set())
    return next((name for name in ids[start:] if name in offered), "") or next(
        (name for name in ids[:start] if name in still), "")


def next_case(state: State, after: str) -> str:
    """The next case that is not signed off, looking round from `after`; empty when none is left."""
    order = list(state.cases)
    start = order.index(after) + 1 if after in state.cases else 0
    return next((case_id for case_id in (*order[start:], *order[:start])
                 if not state.assessment(case_id).signed_at), "")


def case_to_go_on_with(state: State) -> str:
    """The case that was last worked on and is not signed off, else the first that is not; empty when all are."""
    waiting = [case_id for case_id in state.cases if not state.assessment(case_id).signed_at]
    begun = {case_id: max(event.at for events in state.record(case_id).heads.values() for event in events)
             for case_id in waiting if state.record(case_id).heads}
    return max(begun, key=lambda case_id: begun[case_id]) if begun else next(iter(waiting), "")


def state_in_words(state: State, case_id: str) -> str:
    """How far a case is: not begun, so many left, answered, or signed off."""
    case = view_case(state, case_id)
    if case.signed_at:
        return "signed off"
    if not state.record(case_id).heads:
        return "not begun"
    return f"{case.left} left" if case.left else "answered, not signed off"


def fact_in_words(fact: CaseFact, value: str) -> str:
    """A fact's value as it is said: yes and no for flags."""
    known = flag_value(value) if fact.type == "flag" else None
    return value if known is None else "yes" if known else "no"


def mark_in_words(question: Question, value: str) -> str:
    """A mark as it is said: the level's label, or the words of a question in words."""
    level = question.scale.level(value) if question.scale else None
    return level.label if level else value


def change_in_words(rubric: Rubric, before: Assessment, after: Assessment, event: Event, back: str = "") -> str:
    """What an event changed: `D1 from Not met to Partly met`; with `back` that word stands before `from`."""
    way = f"{back} from" if back else "from"
    if "flag" in event.body:
        return "the case is flagged" if after.flagged else "the case is not flagged"
    if fact := rubric.fact(str(event.body.get("fact", ""))):
        old, new = (fact_in_words(fact, one.facts.get(fact.id, "")) or "not answered" for one in (before, after))
        return f"{fact.label} {way} {old} to {new}"
    question = rubric.by_id.get(event.question_id)
    if question is None:
        return event.question_id
    then, now = before.marks.get(question.id), after.marks.get(question.id)
    if then and now and then.value == now.value:
        name, text = ("reason", now.reason) if then.reason != now.reason else ("evidence", now.evidence)
        told = f"with {name}: {text}" if text else f"without {name}"
        return f"{question.id} {mark_in_words(question, now.value)}, now {told}"
    old, new = (mark_in_words(question, mark.value) if mark else "no mark" for mark in (then, now))
    return f"{question.id} {way} {old} to {new}"
