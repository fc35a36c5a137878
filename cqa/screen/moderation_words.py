"""The words of moderation, for every front end alike: who gave what under a letter, what is agreed, what it came to."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from cqa.facts import how_many
from cqa.marking.compared import Answer, Compared, SharedCase
from cqa.marking.moderated import VERDICTS, Judged, Moderated, ToModerate, effects, moderated, to_moderate
from cqa.marking.moderating import State
from cqa.marking.moderation import CAUSES, MODERATION, NOT_ASKED, REFERENCE, Agreed, Moderation
from cqa.marking.view import mark_in_words
from cqa.rubric.model import Question
from cqa.screen.clean import one_line

CAUSE_KEYS = {str(place): cause for place, cause in enumerate(CAUSES, start=1)}
"""The key of each cause."""


def noun(purpose: str) -> str:
    """What is set: an agreed mark or a reference mark."""
    return "reference mark" if purpose == REFERENCE else "agreed mark"


def value_in_words(question: Question, value: str) -> str:
    """A mark as it is said; an empty one is no answer."""
    if value == NOT_ASKED:
        return "not asked" if question.required else "left open"
    return one_line(mark_in_words(question, value))


def answer_in_words(one: Compared, answer: Answer) -> str:
    """What a marker gave."""
    return value_in_words(one.question, answer.value)


def apart_in_words(one: Compared) -> str:
    """How far the markers are apart."""
    if not one.differs:
        return "all gave the same" if one.common is not None else "nobody was asked"
    return f"{how_many(one.apart, 'level')} apart" if one.apart else "not on one scale"


def agreed_in_words(question: Question, agreed: Agreed) -> str:
    """An agreed or a reference mark with all that was said of it but its reason."""
    cause = f", {CAUSES.get(agreed.cause, agreed.cause).lower()}" if agreed.cause else ""
    wording = ", the rubric's wording is to be changed" if agreed.change_rubric else ""
    levels = "" if agreed.tolerance is None else f", within {how_many(agreed.tolerance, 'level')}"
    return f"{value_in_words(question, agreed.mark)}{levels}{cause}{wording}"


def standing_in_words(one: Compared, state: State) -> str:
    """What stands for a question so far."""
    if one.disputed:
        return "two moderators, apart, set different ones: give it once more"
    if one.open is False:
        return "not asked under what is agreed"
    if one.agreed:
        return agreed_in_words(one.question, one.agreed)
    if one.owed:
        return "none yet"
    if one.common is None:
        return "none needed"
    kept = value_in_words(one.question, one.common)
    if state.purpose == REFERENCE:
        return f"{kept}, as all gave it, within {how_many(state.tolerance(one.question), 'level')}"
    return f"{kept}, as all gave it"


def waits_in_words(one: Compared) -> str:
    """That a question may turn out not to be asked; empty where that is settled."""
    if one.open is not None or not one.waits_for:
        return ""
    return f"Whether it is asked follows from {', '.join(one.waits_for)}."


def queue_line(one: ToModerate) -> str:
    """A case in the list."""
    if one.settled:
        return "settled"
    state = "amended since it was settled" if one.amended else f"{one.agreed} agreed" if one.agreed else "not begun"
    apart = f", {how_many(one.apart, 'level')} apart" if one.apart else ""
    critical = ", critical" if one.critical else ""
    return f"{one.differs} {'differs' if one.differs == 1 else 'differ'}{apart}{critical}; {state}"


def standing_of_case(state: State, case_id: str) -> ToModerate:
    """How a case stands now."""
    return to_moderate(state.cases[case_id], state.moderation(case_id))


def question_line(one: Compared, state: State) -> str:
    """A question in the list: what each gave, and what is agreed."""
    gave = ", ".join(f"{answer.letter} {answer_in_words(one, answer)}" for answer in one.answers)
    critical = " [!]" if one.question.critical else ""
    return f"{one.question.id}{critical}: {gave}; {noun(state.purpose).split()[0]}: {standing_in_words(one, state)}"


def left_lines(state: State, case_id: str) -> Iterator[str]:
    """What still stands in the way of settling."""
    yield f"These questions still need their {noun(state.purpose)}:"
    for one in state.left(case_id):
        waits = waits_in_words(one)
        yield f"  - {one.question.id}: {one_line(one.question.ask)}{f' ({waits})' if waits else ''}"


def settled_lines(case: SharedCase, moderation: Moderation) -> Iterator[str]:
    """A settled case: who was which letter, what each came to and comes to, and every question with who gave what."""
    what = "settled" if moderation.purpose == MODERATION else "given its reference marks"
    questions = moderated(case, moderation)
    yield f"Case {one_line(case.case_id)} is {what}."
    for effect in effects(case, moderation):
        score = f"score {_percent(effect.before.score)} -> {_percent(effect.after.score)}"
        band = f"band {effect.before.band or 'none'} -> {effect.after.band or 'none'}"
        yield f"{effect.letter} was {one_line(effect.reviewer)}, {effect.turn} marker: {one_line(f'{score}, {band}')}."
        if verdicts := _verdicts_in_words(questions, effect.reviewer):
            yield f"  {verdicts}"
    for one in questions:
        yield ""
        yield from _settled_question(one)


def _verdicts_in_words(questions: Sequence[Moderated], reviewer: str) -> str:
    """How often a marker was right, too lenient and too severe; empty where there is nothing to count."""
    counts = Counter(mark.verdict for one in questions for mark in one.marks if mark.reviewer == reviewer)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])
    return f"Of {how_many(len(questions), 'question')}: {told}." if told else ""


def _settled_question(one: Moderated) -> Iterator[str]:
    agreed = value_in_words(one.question, one.agreed)
    cause = f" {one.cause_in_words}." if one.cause else ""
    wording = " The rubric's wording is to be changed." if one.change_rubric else ""
    yield f"{one.question.id}. {noun(one.purpose).capitalize()}: {agreed}.{cause}{wording}"
    yield "; ".join(_judged_in_words(one.question, mark) for mark in one.marks) + "."
    if one.reason:
        yield f"Reason: {one_line(one.reason)}"


def _judged_in_words(question: Question, mark: Judged) -> str:
    gave = f"{one_line(mark.reviewer)} {value_in_words(question, mark.mark)}"
    return f"{gave} ({how_many(abs(mark.apart), 'level')} {mark.verdict})" if mark.apart else f"{gave} ({mark.verdict})"


def _percent(score: Fraction | None) -> str:
    return "none" if score is None else f"{float(score):.0%}"
