"""Why an action is refused: a code that programs can rely on, and a sentence for the reviewer."""

import json
from datetime import date

from cqa.facts import number
from cqa.rubric.gates import leaves
from cqa.rubric.model import FactIs, Question, Rubric
from cqa.rubric.sentences import asked_when
from cqa.tree import did_you_mean
from cqa.whole import is_whole

MAX_TEXT = 8_000
MAX_TEXT_BYTES = 32_100
"""A journal line holds three texts and has at most 128 KiB; texts of emoji alone fit, and only control characters,
written as escapes, come near."""

REFUSALS: dict[str, str] = {
    "unknown_case": "There is no case '{}' in this sample.",
    "not_assigned": "The case '{}' is not assigned to you.",
    "unknown_question": "There is no question '{}' in this rubric. {}",
    "unknown_level": "{}",
    "unknown_fact": "There is no case fact '{}' in this rubric.",
    "fact_known": "The case fact '{}' stands in the export and is not asked.",
    "fact_needed": "Whether this question is asked depends on case facts that are blank: answer {} first.",
    "unreadable_fact": "That cannot be the case fact {}.",
    "gate_closed": "{}",
    "forbidden_answer": "{}",
    "not_yet": "The case '{}' is not to be marked yet. {}",
    "signed_off": "The case '{}' is signed off; changing it is an amendment.",
    "not_signed": "The case '{}' is not signed off, so it can be changed as it is.",
    "seen": "The case '{}' was signed off, and others may have seen the marks since. To change it: cqa amend.",
    "grace_over": "The case '{}' was signed off more than 24 hours ago. To change it: cqa amend.",
    "reason_missing": "An amendment of case '{}' needs a reason.",
    "looking": "This window only looks: the marks are open in another one.",
    "not_finished": "The case cannot be signed off yet: {}.",
    "nothing_to_clear": "The question '{}' has no mark to clear.",
    "nothing_to_undo": "Nothing was changed on case '{}' in this sitting.",
    "nothing_to_redo": "Nothing is left to do again on case '{}'.",
    "text_too_long": "The text has {} characters; 8,000 is the most. Nothing of it was cut: shorten it.",
    "text_unreadable": "The text holds half a character (a lone surrogate), which cannot be saved: type it afresh.",
    "text_of_controls": "The text is mostly control characters: type it afresh.",
    "too_much": "The mark and its texts are together too long for one line of the journal: shorten one of them.",
    "unknown_action": "{}",
    "unknown_cause": "{}",
    "cause_missing": "{}",
    "agreed_reason_missing": "Say in words why the agreed mark of '{}' is right.",
    "nothing_agreed": "Nothing is agreed on '{}' that could be taken away.",
    "bad_tolerance": "{}",
    "settled": "The case '{}' is settled; to change what is agreed, unsettle it first, with a reason.",
    "not_settled": "The case '{}' is not settled.",
    "unsettle_reason_missing": "To open the settled case '{}' again needs a reason.",
    "still_differs": "The case '{}' cannot be settled yet: these questions need an agreed mark: {}.",
    "own_marks": "You marked the case '{}' yourself: somebody else has to moderate it.",
    "own_work": "You may not moderate the case '{}': {}.",
    "still_to_mark": "You are still to mark the case '{}', and must not see what others gave.",
    "not_all_signed": "The case '{}' is not signed off yet by everyone who marks it.",
    "marked_once": "The case '{}' has no second marker: there is nothing to compare.",
    "gone": "The case '{}' is not marked in this sample any more: {}.",
}


class Refused(Exception):
    """The session refuses an action; nothing changed. `code` is one of REFUSALS, `why` a sentence."""

    def __init__(self, code: str, about: str = "", more: str = "") -> None:
        self.code, self.why = code, REFUSALS[code].format(about, more).rstrip()
        super().__init__(self.why)


def why_closed(rubric: Rubric, question: Question) -> str:
    """That a question is not asked, and when it would be; a case fact that is never shown is not hinted at."""
    told = f"The question '{question.id}' is not asked for this case"
    hidden = {fact.id for fact in rubric.facts if fact.hidden}
    if any(isinstance(leaf, FactIs) and leaf.fact in hidden for leaf in leaves(question.gate)):
        return f"{told}."
    return f"{told}: it is {asked_when(question.gate, rubric)}."


def check_answer(question: Question, mark: str) -> None:
    """Raises Refused when `mark` is no answer to the question, or one that it forbids."""
    if question.scale is not None:
        known = tuple(level.id for level in question.scale.answers)
    elif question.type == "choice":
        known = question.choices
        check_text(mark)
    else:
        _check_words(question, mark)
        return
    if mark not in known:
        raise Refused("unknown_level", f"'{mark[:80]}' is not an answer to '{question.id}'. "
                      f"{did_you_mean(mark, known)}")
    if mark in question.forbid:
        raise Refused("forbidden_answer", f"'{mark}' is not allowed for '{question.id}'.")


def _check_words(question: Question, mark: str) -> None:
    check_text(mark)
    try:
        if question.type == "date":
            date.fromisoformat(mark)
        elif question.type == "number":
            number(mark)
    except ValueError as error:
        form = "a date such as 2026-03-31" if question.type == "date" else "a plain number such as 12.5"
        raise Refused("unknown_level", f"The answer to '{question.id}' must be {form}.") from error
    if not mark.strip():
        raise Refused("unknown_level", f"The answer to '{question.id}' is blank.")


def check_text(text: str) -> str:
    """The text as it is. Raises Refused when it is too long or holds a lone surrogate."""
    if len(text) > MAX_TEXT:
        raise Refused("text_too_long", f"{len(text):,}")
    if not is_whole(text):
        raise Refused("text_unreadable")
    if len(json.dumps(text, ensure_ascii=False).encode()) > MAX_TEXT_BYTES:
        raise Refused("text_of_controls")
    return text
