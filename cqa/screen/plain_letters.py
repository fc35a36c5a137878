"""What each letter does in plain mode."""

from collections.abc import Callable, Iterable, Mapping

from cqa.keys import line_by_line
from cqa.marking.actions import Clear, Flag, Redo, Reopen, Undo, Urgent
from cqa.marking.view import CaseView, QuestionView, change_in_words, next_open, question_named
from cqa.screen.clean import one_line
from cqa.screen.plain import Deed, GoTo, PlainSitting
from cqa.screen.plain_words import case_lines, fact_help, fact_lines, help_words, legend, level_lines, listing
from cqa.screen.typist import Stop


def _at(view: QuestionView | None) -> str:
    return view.question.id if view else ""


def _help(sitting: PlainSitting, case: CaseView, view: QuestionView | None, rest: str) -> str:
    if view:
        sitting.say(legend(view))
    sitting.say((fact_help if case.facts_wanted else help_words)(sitting.keys))
    return _at(view)


def _told(lines: Callable[[PlainSitting, CaseView], Iterable[str]]) -> Deed:
    """A letter that only says something of the case."""
    def deed(sitting: PlainSitting, case: CaseView, view: QuestionView | None, rest: str) -> str:
        for line in lines(sitting, case):
            sitting.say(line)
        return _at(view)
    return deed


def _asked(act: Callable[[PlainSitting, CaseView, QuestionView, str], object]) -> Deed:
    """A letter that acts on the question that is open, and is refused where none is."""
    def deed(sitting: PlainSitting, case: CaseView, view: QuestionView | None, rest: str) -> str:
        if view is None:
            sitting.say("No question is open: go to the one you mean with j and its number, then type that letter.")
        else:
            act(sitting, case, view, rest)
        return _at(view)
    return deed


def _next(sitting: PlainSitting, case: CaseView, view: QuestionView | None, rest: str) -> str:
    return sitting.again(next_open(sitting.state, case.case_id, _at(view), optional=True))


def _back(sitting: PlainSitting, case: CaseView, view: QuestionView | None, rest: str) -> str:
    ids = [question.id for question in case.questions]
    if view is None:
        return ids[-1] if ids else ""
    place = ids.index(view.question.id)
    if place == 0:
        sitting.say("This is the first question.")
    return sitting.again(ids[max(0, place - 1)])


def _jump(sitting: PlainSitting, case: CaseView, view: QuestionView | None, rest: str) -> str:
    if named := question_named(case, rest):
        return sitting.again(named)
    sitting.say(f"Type j and a number from 1 to {len(case.questions)}." if case.questions
                else "No question is asked for this case.")
    return _at(view)


def _facts(sitting: PlainSitting, case: CaseView, view: QuestionView | None, rest: str) -> str:
    if not rest:
        sitting.say(f"Case {case.number} of {case.of}, {one_line(case.case_id)}.")
        for line in fact_lines(case):
            sitting.say(line)
    elif rest.isdecimal() and len(rest) < 5 and 1 <= int(rest) <= len(case.facts):
        return sitting.fact_again(case, case.facts[int(rest) - 1]) or _at(view)
    else:
        sitting.say(f"Type i and a number from 1 to {len(case.facts)}.")
    return _at(view)


def _cases(sitting: PlainSitting, case: CaseView, view: QuestionView | None, rest: str) -> str:
    order = list(sitting.state.cases)
    if not rest:
        for line in case_lines(sitting.state, case.case_id):
            sitting.say(line)
    elif rest.isdecimal() and len(rest) < 6 and 1 <= int(rest) <= len(order):
        wanted = order[int(rest) - 1]
        if not sitting.state.assessment(wanted).signed_at:
            raise GoTo(wanted)
        reopen = sitting.keys["reopen"]
        sitting.say(f"Case {one_line(wanted)} is signed off. {reopen} {rest} takes that back for a day; then it is an "
                    "amendment.")
    else:
        sitting.say(f"Type a and a number from 1 to {len(order)}.")
    return _at(view)


def _clear(sitting: PlainSitting, case: CaseView, view: QuestionView, rest: str) -> None:
    if sitting.do(Clear(case.case_id, view.question.id)):
        sitting.say(f"Mark of {view.question.id} cleared, {sitting.saved()}.")


def _change(action: type[Undo] | type[Redo], told: str, back: str) -> Deed:
    """Undo or redo: says what changed, and goes to the question that it changed."""
    def deed(sitting: PlainSitting, case: CaseView, view: QuestionView | None, rest: str) -> str:
        before = sitting.state.assessment(case.case_id)
        outcome = sitting.do(action(case.case_id))
        if outcome is None or outcome.event is None:
            return _at(view)
        changed = change_in_words(sitting.state.rubric, before, sitting.state.assessment(case.case_id), outcome.event,
                                  back)
        sitting.say(f"{told}: {one_line(changed).rstrip('.')}, {sitting.saved()}.")
        return sitting.again(outcome.event.question_id) if outcome.event.question_id else _at(view)
    return deed


def _flag(sitting: PlainSitting, case: CaseView, view: QuestionView | None, rest: str) -> str:
    if sitting.do(Flag(case.case_id)):
        flagged = sitting.state.assessment(case.case_id).flagged
        sitting.say(f"{'Case flagged' if flagged else 'Flag taken off'}, {sitting.saved()}.")
    return _at(view)


def _urgent(sitting: PlainSitting, case: CaseView, view: QuestionView | None, rest: str) -> str:
    if not rest:
        old = sitting.state.assessment(case.case_id).urgent
        if old:
            sitting.say(f"Urgent until now: {one_line(old)}")
        sitting.say(f"What cannot wait on case {one_line(case.case_id)}? cqa status shows it from now on. End with an "
                    "empty line; a line - alone takes it back.")
        rest = sitting.typist.text(case.case_id, "", "urgent", old) or ("" if old else "-")
    words = "" if rest == "-" else rest
    if (words or rest == "-") and sitting.do(Urgent(case.case_id, words)):
        sitting.typist.forget(case.case_id, "", "urgent")
        where = f"case {one_line(case.case_id)}"
        sitting.say(f"Urgent concern on {where}, {sitting.saved()}. It stands in cqa status now; if it is for today, "
                    "tell your team leader too." if words else f"No urgent concern on {where}, {sitting.saved()}.")
    return _at(view)


def _reopen(sitting: PlainSitting, case: CaseView, view: QuestionView | None, rest: str) -> str:
    order = list(sitting.state.cases)
    if not rest.isdecimal() or len(rest) > 5 or not 1 <= int(rest) <= len(order):
        sitting.say(f"Type {sitting.keys['reopen']} and the number of a case you have signed off, 1 to {len(order)}.")
        return _at(view)
    wanted = order[int(rest) - 1]
    if sitting.do(Reopen(wanted)) is None:
        return _at(view)
    sitting.say(f"The sign-off of case {one_line(wanted)} is taken back, {sitting.saved()}.")
    raise GoTo(wanted)


def _stop(sitting: PlainSitting, case: CaseView, view: QuestionView | None, rest: str) -> str:
    raise Stop


_DEEDS: dict[str, Deed] = {
    "help": _help,
    "unanswered": _next,
    "back": _back,
    "jump": _jump,
    "list": _told(lambda sitting, case: listing(sitting.state, case, sitting.typist.unfinished_questions())),
    "levels": _asked(lambda sitting, case, view, rest: [sitting.say(line) for line in level_lines(view)]),
    "guidance": _asked(lambda sitting, case, view, rest: sitting.say(view.question.guidance
                                                                     or "There is no more guidance.")),
    "facts": _facts,
    "cases": _cases,
    "reason": _asked(lambda sitting, case, view, rest: sitting.write(case, view.question.id, "reason", rest)),
    "evidence": _asked(lambda sitting, case, view, rest: sitting.write(case, view.question.id, "evidence", rest)),
    "clear": _asked(_clear),
    "undo": _change(Undo, "Undone", "back"),
    "redo": _change(Redo, "Done again", ""),
    "flag": _flag,
    "urgent": _urgent,
    "reopen": _reopen,
    "sign_off": lambda sitting, case, view, rest: sitting.sign_off(case) or _at(view),
    "stop": _stop,
}


def letters(own: Mapping[str, str]) -> dict[str, Deed]:
    """What each letter does, with the person's own letters."""
    keys = line_by_line(own)
    return {keys[deed]: act for deed, act in _DEEDS.items()}
