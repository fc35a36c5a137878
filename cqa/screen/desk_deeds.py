"""What can be done at the full screen: going about a case, writing, looking things up, signing off."""

from collections.abc import Callable

from cqa.keys import named
from cqa.marking.actions import Clear, DisputeBand, Flag, Redo, SetMark, SignOff, Undo, Urgent
from cqa.marking.refusals import Refused
from cqa.marking.session import owed
from cqa.marking.spent import Spent
from cqa.marking.view import CaseView, QuestionView, next_open, question_named, view_question
from cqa.rubric.model import CaseFact
from cqa.screen.boxes import Menu, Sheet, Writing
from cqa.screen.clean import one_line
from cqa.screen.desk import Desk
from cqa.screen.plain_words import WRITTEN, is_case_number, options
from cqa.screen.sheets import fact_rows, guidance_rows, help_rows, mark_rows, prose_lines, question_line, signing_rows


def do_deed(desk: Desk, case: CaseView, view: QuestionView | None, key: str) -> None:
    """Does what the key stands for on a case; `view` is the question that is open, None where none is."""
    deed = next((name for name, its in desk.keys.items() if its == key), "")
    if not deed:
        shown = "That key" if len(key) > 1 else one_line(named(key))
        desk.say(f"{shown} does nothing here. {desk.keys['help']} shows what every key does.")
    elif deed in _ON_CASE:
        _ON_CASE[deed](desk, case)
    elif view is None:
        desk.say("No question is open: go to one first.")
    else:
        _ON_QUESTION[deed](desk, case, view)


def enter(desk: Desk, view: QuestionView) -> None:
    """Enter opens the box of a question in words, and does nothing where a digit marks."""
    name = view.question.id
    if options(view):
        desk.say("A digit marks. To go on without a mark, press Right.")
        return
    case_id, mark = desk.case_id, view.mark

    def done(words: str) -> None:
        if not words.strip() and not view.question.required:
            desk.close_box()
            desk.leave(name)
            return
        desk.keep(SetMark(case_id, name, words.strip(), mark.reason if mark else None,
                          mark.evidence if mark else None, desk.shown_ms()))
        desk.close_box()
        desk.pursue(name)

    desk.write(Writing(case_id, name, "answer", f"Your answer to {name}", mark.value if mark else "", done,
                       one_line=view.question.type in ("date", "number")))


def fact_box(desk: Desk, fact: CaseFact, value: str) -> None:
    """Asks for a case fact: yes or no for a flag, a line for any other; `value` is what it was until now."""
    if fact.type == "flag":
        desk.menu = Menu(one_line(fact.label), 2, lambda place: ("Yes", "No")[place],
                         lambda place: desk.attempt(lambda: desk.fact(fact.id, "YN"[place])))
        return
    form = WRITTEN.get(fact.type, "in words")

    def done(words: str) -> None:
        desk.fact(fact.id, words.strip())
        desk.close_box()

    desk.write(Writing(desk.case_id, "", f"fact:{fact.id}", f"{one_line(fact.label)}: {form}", value, done,
                       one_line=True))


def _box(
    desk: Desk, text: str, title: str, words: str, action: Callable[[str], Urgent | DisputeBand], kept: str
) -> None:
    def done(written: str) -> None:
        desk.keep(action(written.strip()))
        desk.close_box()
        desk.say(kept if written.strip() else "Taken back.")

    desk.write(Writing(desk.case_id, "", text, title, words, done))


def _back(desk: Desk, case: CaseView) -> None:
    ids = [question.id for question in case.questions]
    if desk.at not in ids:
        desk.go(ids[-1] if ids else "")
    elif ids.index(desk.at) == 0:
        desk.say("This is the first question.")
    else:
        desk.go(ids[ids.index(desk.at) - 1])


def _next(desk: Desk, case: CaseView) -> None:
    ids = [question.id for question in case.questions]
    place = ids.index(desk.at) + 1 if desk.at in ids else len(ids)
    if place < len(ids):
        desk.go(ids[place])
    else:
        desk.say("" if desk.at else "This is the end of the case.")
        desk.go("")


def _first(desk: Desk, case: CaseView) -> None:
    desk.go(case.questions[0].id if case.questions else "")


def _unanswered(desk: Desk, case: CaseView) -> None:
    desk.go(next_open(desk.state, case.case_id, desk.at, optional=True))


def _jump(desk: Desk, case: CaseView) -> None:
    def done(words: str) -> None:
        desk.close_box()
        if meant := question_named(case, words):
            desk.go(meant)
        elif words.strip():
            desk.say(f"There is no question {one_line(words)[:20]}: type a number from 1 to {len(case.questions)}.")

    desk.write(Writing(case.case_id, "", "", f"Go to question (1 to {len(case.questions)})", "", done, one_line=True))


def _list(desk: Desk, case: CaseView) -> None:
    ids = [question.id for question in case.questions]
    unfinished = desk.unfinished()

    def chosen(place: int) -> None:
        desk.go(ids[place])
        if case.signed_at:
            desk.sheet = Sheet(f"MARK OF {ids[place]}", mark_rows(view_question(desk.state, case, ids[place])),
                               then=lambda: _list(desk, case))

    desk.menu = Menu(f"THE QUESTIONS OF CASE {one_line(case.case_id)}", len(ids),
                     lambda place: question_line(desk.state, case, place, unfinished), chosen,
                     ids.index(desk.at) if desk.at in ids else 0)


def _facts(desk: Desk, case: CaseView) -> None:
    own = [one for one in case.facts if not one.exported]
    if not own or case.signed_at:
        desk.sheet = Sheet("THE CASE", fact_rows(case))
        return

    def chosen(place: int) -> None:
        one = case.facts[place]
        if one.exported:
            desk.say(f"{one_line(one.fact.label)} stands in the export and is not asked.")
        else:
            known = desk.state.assessment(case.case_id).facts.get(one.fact.id, "")
            fact_box(desk, one.fact, known)

    def line(place: int) -> str:
        one = case.facts[place]
        whose = "  (yours)" if one.answered else ""
        return f"{one_line(one.fact.label)}: {one_line(one.value) or 'not in the export, Enter answers'}{whose}"

    desk.menu = Menu(f"CASE {case.number} OF {case.of}, {one_line(case.case_id)}", len(case.facts), line, chosen,
                     case.facts.index(own[0]))


def _papers(desk: Desk, case: CaseView) -> None:
    if desk.coach:
        desk.sheet = Sheet("THE PAPERS", prose_lines(desk.coach.papers(case.case_id, 0)))
    else:
        desk.say("The papers of a case are where you keep your files. cqa practise has papers to read.")


def _clear(desk: Desk, case: CaseView, view: QuestionView) -> None:
    if desk.do(Clear(case.case_id, view.question.id)):
        desk.say(f"Mark of {view.question.id} taken away.")


def _flag(desk: Desk, case: CaseView) -> None:
    if desk.do(Flag(case.case_id)):
        flagged = desk.state.assessment(case.case_id).flagged
        desk.say("Case flagged." if flagged else "The flag is taken off.")


def _urgent(desk: Desk, case: CaseView) -> None:
    _box(desk, "urgent", "URGENT: what cannot wait? cqa status shows it from now on; empty takes it back",
         desk.state.assessment(case.case_id).urgent, lambda words: Urgent(case.case_id, words),
         "It stands in cqa status now. If it is for today, tell your team leader too.")


def dispute_band(desk: Desk) -> None:
    """A box for why the band of a signed case is wrong."""
    case_id = desk.case_id
    _box(desk, "band", "Why the band is wrong (kept beside it; the band stays)",
         desk.state.assessment(case_id).band_dispute, lambda words: DisputeBand(case_id, words),
         "Kept beside the band, which stays.")


def _sign_off(desk: Desk, case: CaseView) -> None:
    spent = desk.state.spent.get(case.case_id, Spent())
    if not case.standing.finished:
        desk.sheet = Sheet("SIGN-OFF", signing_rows(case, spent, owed(desk.state.rubric, case.standing)),
                           then=lambda: desk.go(next_open(desk.state, case.case_id)))
        return
    number = one_line(case.case_id)

    def done(words: str) -> None:
        if not words.strip():
            desk.close_box()
            desk.say("Not signed off.", alarm=True)
            return
        if not is_case_number(case.case_id, words):
            raise Refused("unknown_action", f"Not signed off: that is not the case number. Type {number}, or Esc.")
        desk.keep(SignOff(case.case_id))
        desk.close_box()
        if desk.coach:
            told = tuple(desk.coach.closing(case.case_id))
            desk.sheet = Sheet("HOW IT WENT", prose_lines(told), then=desk.go_on)

    desk.write(Writing(case.case_id, "", "", f"Type the case number, {number}, to sign off", "", done, one_line=True,
                       above=signing_rows(case, spent, ())))


def _guidance(desk: Desk, case: CaseView, view: QuestionView) -> None:
    desk.sheet = Sheet("GUIDANCE", guidance_rows(view))


def show_help(desk: Desk) -> None:
    """What every key does, to be read."""
    desk.sheet = Sheet("HELP", help_rows(desk.keys))


def _stop(desk: Desk, case: CaseView) -> None:
    desk.ended = True


_ON_QUESTION: dict[str, Callable[[Desk, CaseView, QuestionView], None]] = {
    "guidance": _guidance,
    "reason": lambda desk, case, view: desk.write_text(view.question.id, "reason"),
    "evidence": lambda desk, case, view: desk.write_text(view.question.id, "evidence"),
    "clear": _clear,
}
_ON_CASE: dict[str, Callable[[Desk, CaseView], None]] = {
    "back": _back, "next": _next, "first": _first, "unanswered": _unanswered, "jump": _jump, "list": _list,
    "cases": lambda desk, case: desk.show_cases(), "facts": _facts, "papers": _papers,
    "undo": lambda desk, case: desk.change(Undo(case.case_id), "Undone", "back"),
    "redo": lambda desk, case: desk.change(Redo(case.case_id), "Done again", ""),
    "flag": _flag, "urgent": _urgent, "sign_off": _sign_off, "stop": _stop,
    "help": lambda desk, case: show_help(desk),
}
