"""The words of plain mode: a question, its legend and its standing mark as lines."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from cqa.marking.replay import Mark
from cqa.marking.session import State
from cqa.marking.spent import Spent
from cqa.marking.view import CaseView, QuestionView, mark_in_words, state_in_words, view_question
from cqa.rubric.model import CaseFact
from cqa.screen.clean import one_line

WRITTEN = {"date": "a date such as 2026-03-31", "number": "a number such as 12.5"}
"""How an answer that is no free text is written, by its type."""
_FORMS = {**WRITTEN, "flag": "Y or N", "text": "in words; a single letter after a full stop"}


def help_words(keys: Mapping[str, str]) -> str:
    """What every letter does; `keys` are the letters by what they do."""
    return """\
A digit marks and goes on. Letters, each followed by Enter:
{unanswered} next unanswered, {back} back, {jump} and a number jumps, {list} list of questions,
{levels} what each level means, {guidance} guidance, {facts} case number and facts, {facts} and a number answers that \
fact again,
Enter alone says the question again,
{reason} reason, {evidence} evidence (the place in the file), alone or with the words after it,
{clear} clear the mark, {undo} undo, {redo} redo, {flag} flag the case, {sign_off} sign off,
{urgent} something that cannot wait: your team leader sees it in cqa status,
{cases} all your cases, {cases} and a number goes to that case, {reopen} and a number takes back its sign-off for a day,
{stop} stop (everything is kept).
A text ends with an empty line, or with a line holding only a full stop.""".format_map(keys)


def fact_help(keys: Mapping[str, str]) -> str:
    """What can be done where a case fact is asked."""
    return """\
Some questions are only asked when this holds. Look in the file and answer once for this case.
{facts} and its number changes the answer later. Letters: {facts} case number and facts, {list} list of questions, \
{undo} undo, {redo} redo,
{flag} flag the case, {cases} all your cases, {stop} stop (everything is kept). Anything after a full stop is an \
answer.\
""".format_map(keys)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen: its key, what is saved, and what is said."""

    key: str
    value: str
    label: str


def options(view: QuestionView) -> tuple[Option, ...]:
    """The answers that can be chosen by a key; none for a question in words."""
    question = view.question
    if question.type == "choice":
        allowed = (choice for choice in question.choices if choice not in question.forbid)
        return tuple(Option(str(place), choice, choice) for place, choice in enumerate(allowed, start=1))
    return tuple(Option(level.key, level.id, level.label) for level, _ in view.answers)


def named_answer(view: QuestionView, typed: str) -> str:
    """The answer that was typed, by its key or after a full stop; empty where none was."""
    chosen = next((option.value for option in options(view) if option.key.casefold() == typed.casefold()), "")
    if chosen or not typed.startswith(".") or view.question.scale:
        return chosen
    return typed[1:].strip()


def passed_by_enter(view: QuestionView) -> bool:
    """Whether Enter alone goes on from a question: one in words that may be left open, and has no answer."""
    return not (view.question.required or view.mark or options(view))


def legend(view: QuestionView) -> str:
    """Which key gives which answer."""
    told = ", ".join(f"{option.key} {one_line(option.label.lower())}" for option in options(view))
    if told:
        return f"Type {told}, or ? for help."
    form = {"date": ", such as .2026-03-31", "number": ", such as .12.5"}.get(view.question.type, ": .answer")
    return f"Type your answer after a full stop{form}"


def fact_prompt(fact: CaseFact) -> str:
    """What to type for a case fact."""
    return f"{one_line(fact.label)} ({_FORMS[fact.type]}): "


def question_lines(case: CaseView, view: QuestionView) -> Iterator[str]:
    """Where the reviewer is, and what is asked."""
    critical = " Critical." if view.question.critical else ""
    passing = "Enter alone, or n, goes on" if passed_by_enter(view) else "type n"
    optional = "" if view.question.required else f" It may be left open: {passing}."
    yield f"Question {view.number} of {view.of}, {one_line(view.section)}.{critical} {case.left} left.{optional}"
    yield f"{view.question.id}. {view.question.ask}"


def standing_lines(view: QuestionView) -> Iterator[str]:
    """The mark a question has, its texts and what it owes; nothing for one without a mark."""
    if view.mark is None:
        return
    yield f"Your mark: {one_line(mark_in_words(view.question, view.mark.value))}."
    if view.mark.reason:
        yield f"Reason: {one_line(view.mark.reason)}"
    if view.mark.evidence:
        yield f"Evidence: {one_line(view.mark.evidence)}"
    if view.due:
        keys = {"reason": "c", "evidence": "e"}
        yield f"{' and '.join(view.due).capitalize()} due: type {' and '.join(keys[text] for text in view.due)}."


def still_said(old: Mark) -> Iterator[str]:
    """The texts of a mark whose level was changed: they stand beside the new one."""
    if old.reason:
        yield f"The reason from before stands: {one_line(old.reason)}"
    if old.evidence:
        yield f"The evidence from before stands: {one_line(old.evidence)}"


def level_lines(view: QuestionView) -> Iterator[str]:
    """What to look for, and what each level means and needs."""
    if view.question.look_for:
        yield f"Look for: {view.question.look_for}"
    for level, descriptor in view.answers:
        needs = f"Needed: {' and '.join(level.needs)}." if level.needs else ""
        yield " ".join(filter(None, (f"{level.key} {level.label}.", descriptor, needs)))


def listing(state: State, case: CaseView, unfinished: Container[tuple[str, str]] = ()) -> Iterator[str]:
    """Every asked question with its mark, what it owes, and whether a text of it was begun and not ended: `unfinished`
    holds pairs of case and question."""
    for number, question in enumerate(case.questions, start=1):
        view = view_question(state, case, question.id)
        told = one_line(mark_in_words(question, view.mark.value)) if view.mark else "no mark yet"
        due = f", {' and '.join(view.due)} due" if view.due else ""
        begun = ", unfinished text" if (case.case_id, question.id) in unfinished else ""
        yield f"{number}. {question.id}: {told}{due}{begun}"
    if not case.questions:
        yield "No question is asked for this case."


def fact_lines(case: CaseView) -> Iterator[str]:
    """Every case fact with its number; those the export left blank can be answered by it."""
    for number, one in enumerate(case.facts, start=1):
        whose = ", answered by you" if one.answered else ""
        if one.value and not one.exported and not one.answered:
            whose = f", which is not {_FORMS[one.fact.type]}"
        yield f"{number}. {one_line(one.fact.label)}: {one_line(one.value) or 'not in the export'}{whose}"


def case_lines(state: State, current: str) -> Iterator[str]:
    """Every case of the reviewer with how far it is."""
    for number, case_id in enumerate(state.cases, start=1):
        assessment = state.assessment(case_id)
        flagged = (", flagged" if assessment.flagged else "") + (", urgent" if assessment.urgent else "")
        here = ", this one" if case_id == current else ""
        yield f"{number}. {one_line(case_id)}: {state_in_words(state, case_id)}{flagged}{here}"


def unfinished_in_words(case_id: str, question_id: str, text: str) -> str:
    """Which text was begun and not ended."""
    what = {"urgent": "what cannot wait", "band": "why the band is wrong"}.get(text, f"the {text.partition(':')[0]}")
    return f"{what}{f' of {question_id}' if question_id else ''} (case {one_line(case_id)})"


def is_case_number(case_id: str, typed: str) -> bool:
    """Whether the case's number was typed: as it is, or as it is shown; spaces do not matter."""
    return " ".join(typed.split()) in (" ".join(case_id.split()), one_line(case_id))


def sign_off_lines(case: CaseView) -> Iterator[str]:
    """What a reviewer is about to sign: marks counted by level, critical failures, the flag."""
    scales = [question.scale for question in case.questions if question.scale]
    told = [level.label for question in case.questions if question.scale
            for level in [question.scale.level(case.standing.values.get(question.id, ""))] if level]
    labels = dict.fromkeys(level.label for scale in scales for level in scale.answers)
    counts = {label: told.count(label) for label in labels if label in told}
    yield "Sign-off: " + (", ".join(f"{count} {label.lower()}" for label, count in counts.items()) or "no marks") + "."
    failed = [question.id for question in case.questions if case.standing.values.get(question.id) in question.fails_on]
    if failed:
        yield f"Critical questions failed: {', '.join(failed)}."
    if case.flagged:
        yield "The case is flagged."


def time_in_words(spent: Spent) -> str:
    """The time on a case: at the keyboard, and open."""
    return f"{round(spent.keyboard / 60)} min at the keyboard, {round(spent.open / 60)} min open"
