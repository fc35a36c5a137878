"""Plain mode: line by line, one fact a line, no colour and no redrawing, as a screen reader or a pipe needs it."""

from collections.abc import Callable
from typing import TextIO

from cqa.marking.refusals import Refused
from cqa.marking.session import Action, Clear, Flag, Outcome, Redo, SetFact, SetMark, SignOff, State, Undo
from cqa.marking.view import CaseView, QuestionView, next_open, view_case, view_question
from cqa.screen.clean import clean, one_line

HELP = """\
A digit marks and goes on. Other letters, each followed by Enter:
n next unanswered, b back, j and a number jumps, l list of questions,
d what each level means, g guidance, i case facts,
c comment (the reason), e evidence (the place in the file), x clear the mark,
u undo, r redo, f flag the case, s sign off, q stop (everything is kept)."""

_END_OF_TEXT = "."
Clock = Callable[[], tuple[str, int]]


class Stop(Exception):
    """The reviewer stops; everything acknowledged is kept."""


class PlainSitting:
    """One sitting in plain mode over the cases of `state`.

    `act` applies an action and returns once it is on disk; `clock` gives the time of day as text and milliseconds.
    """

    def __init__(
        self, state: State, act: Callable[[Action], Outcome], clock: Clock, source: TextIO, out: TextIO
    ) -> None:
        self.state, self.act, self.clock, self.source, self.out = state, act, clock, source, out
        self.shown_at = 0

    def run(self, first_case: str) -> None:
        """Goes through the cases from `first_case` on until all are signed off or the reviewer stops."""
        self.say("Plain mode. Type ? and Enter for help.")
        order = list(self.state.cases)
        start = order.index(first_case)
        for case_id in (*order[start:], *order[:start]):
            if not self.state.assessment(case_id).signed_at:
                self.case(case_id)
        self.say("Every case assigned to you is signed off.")

    def say(self, text: str) -> None:
        self.out.write(clean(text) + "\n")
        self.out.flush()

    def ask(self, prompt: str) -> str:
        """One line from the reviewer. Raises Stop at the end of input."""
        self.out.write(clean(prompt))
        self.out.flush()
        line = self.source.readline()
        if not line:
            raise Stop
        return line.strip()

    def text(self, what: str) -> str:
        """Several lines, ended by a line that holds only a full stop."""
        self.say(f"{what}. End with a line holding only a full stop.")
        lines: list[str] = []
        while (line := self.ask("> ")) != _END_OF_TEXT:
            lines.append(line)
        return "\n".join(lines).strip()

    def do(self, action: Action) -> Outcome | None:
        """Applies an action; says the refusal, if there is one, and gives None."""
        try:
            outcome = self.act(action)
        except Refused as refused:
            self.say(refused.why)
            return None
        self.state = outcome.state
        return outcome

    def saved(self) -> str:
        return f"saved on this computer {self.clock()[0]}"

    def case(self, case_id: str) -> None:
        """One case, until it is signed off."""
        case = view_case(self.state, case_id)
        self.say(f"Case {case.number} of {case.of}, {one_line(case_id)}.")
        self.facts(case)
        at = next_open(self.state, case_id)
        while not self.state.assessment(case_id).signed_at:
            case = view_case(self.state, case_id)
            if case.facts_wanted:
                self.fact(case, case.facts_wanted[0])
                at = next_open(self.state, case_id, at)
            elif at:
                at = self.question(case, at)
            else:
                at = self.finished(case)
        result = self.state.standing(case_id).result(self.state.rubric)
        score = f"{float(result.score):.0%} of the points" if result.score is not None else "nothing to score"
        self.say(f"Signed off, {self.saved()}. {result.band or 'No band'}: {score}.")

    def facts(self, case: CaseView) -> None:
        for label, value in case.facts:
            self.say(f"{one_line(label)}: {one_line(value)}")

    def fact(self, case: CaseView, fact_id: str) -> None:
        """Asks for a case fact that the export left blank."""
        fact = self.state.rubric.fact(fact_id)
        label, kind = (fact.label, fact.type) if fact else (fact_id, "text")
        form = {"flag": "Y or N", "date": "a date such as 2026-03-31", "number": "a number"}.get(kind, "a text")
        self.say(f"The export does not say: {label}.")
        answer = self.ask(f"{label} ({form}, q to stop): ")
        if answer.casefold() == "q":
            raise Stop
        if answer == "?":
            self.say("Some questions are only asked when this holds. Look in the file and answer once for this case.")
        elif self.do(SetFact(case.case_id, fact_id, answer)):
            self.say(f"{label}: {answer}, {self.saved()}.")

    def question(self, case: CaseView, question_id: str) -> str:
        """Shows one question, takes one answer, and gives the question to show next (empty: none)."""
        if question_id not in {question.id for question in case.questions}:
            return next_open(self.state, case.case_id)
        view = view_question(self.state, case, question_id)
        critical = " Critical." if view.question.critical else ""
        self.say(f"Case {case.number} of {case.of}, {one_line(case.case_id)}. Question {view.number} of {view.of}, "
                 f"{view.section}.{critical} {case.left} left.")
        self.say(f"{view.question.id}. {view.question.ask}")
        if view.mark:
            self.say(f"Your mark: {self.label(view, view.mark.value)}.")
        options = ", ".join(f"{level.key} {level.label.lower()}" for level, _ in view.answers)
        self.say(f"Type {options}, or ? for help." if options else "Type your answer after a full stop: .answer")
        self.shown_at = self.clock()[1]
        return self.answer(case, view, self.ask("Mark: "))

    def label(self, view: QuestionView, value: str) -> str:
        return next((level.label for level, _ in view.answers if level.id == value), value)

    def answer(self, case: CaseView, view: QuestionView, typed: str) -> str:
        level = next((level for level, _ in view.answers if level.key == typed), None)
        if level:
            return self.mark(case, view, level.id)
        if typed.startswith(".") and not view.answers:
            return self.mark(case, view, typed[1:].strip())
        word, _, rest = typed.partition(" ")
        deed = _DEEDS.get(word.casefold())
        if deed is None:
            self.say("That is no answer here. Nothing was saved. Type ? for help.")
            return view.question.id
        return deed(self, case, view, rest.strip())

    def mark(self, case: CaseView, view: QuestionView, value: str) -> str:
        """Saves a mark, then asks at once for the texts it owes."""
        name = view.question.id
        old = view.mark
        # What was written about a question stays when only the level changes: it is shown and can be written anew.
        reason, evidence = (old.reason, old.evidence) if old else (None, None)
        took = self.clock()[1] - self.shown_at
        outcome = self.do(SetMark(case.case_id, name, value, reason, evidence, took))
        if outcome is None:
            return name
        self.say(f"{self.label(view, value)}, {self.saved()}.")
        for text in outcome.due:
            self.write(case, name, text)
        return next_open(self.state, case.case_id, name)

    def write(self, case: CaseView, name: str, text: str) -> None:
        """Takes the reason or the evidence of a mark and saves it with the mark."""
        mark = view_case(self.state, case.case_id).standing.marks.get(name)
        if mark is None:
            self.say("Mark the question first.")
            return
        told = "Reason" if text == "reason" else "Evidence: the place in the file"
        if getattr(mark, text):
            self.say(f"Until now: {getattr(mark, text)}")
        written = self.text(told)
        texts = {"reason": mark.reason, "evidence": mark.evidence, text: written}
        if self.do(SetMark(case.case_id, name, mark.value, texts["reason"], texts["evidence"])):
            self.say(f"{text.capitalize()} {self.saved()}." if written else f"No {text} given: it is still due.")

    def finished(self, case: CaseView) -> str:
        """Nothing is open: says so and offers to sign off."""
        self.say(f"Case {one_line(case.case_id)} is answered. Type s to sign off, a letter from ? for anything else.")
        typed = self.ask("Now: ")
        last = case.questions[-1].id if case.questions else ""
        if not last:
            return self.sign_off(case)
        view = view_question(self.state, case, last)
        if typed.casefold() == "s":
            return self.sign_off(case)
        if any(level.key == typed for level, _ in view.answers):
            self.say("No question is open: jump to one with j and its number.")
            return ""
        after = self.answer(case, view, typed)
        return "" if after == last and typed.casefold() not in ("b",) and not typed.startswith("j") else after

    def sign_off(self, case: CaseView) -> str:
        """Says what stands, and signs off once the case number is typed."""
        standing = case.standing
        told = [level.label for question in case.questions if question.scale
                for level in [question.scale.level(standing.values.get(question.id, ""))] if level]
        self.say("Sign-off: " + ", ".join(f"{count} {label.lower()}" for label, count in _counted(told).items()) + ".")
        failed = [question.id for question in case.questions if standing.values.get(question.id) in question.fails_on]
        if failed:
            self.say(f"Critical questions failed: {', '.join(failed)}.")
        if self.ask("Type the case number to sign off, or Enter to go back: ") != case.case_id:
            self.say("Not signed off.")
        else:
            self.do(SignOff(case.case_id))
        return next_open(self.state, case.case_id)

    def listing(self, case: CaseView) -> None:
        for number, question in enumerate(case.questions, start=1):
            mark = case.standing.marks.get(question.id)
            view = view_question(self.state, case, question.id)
            told = self.label(view, mark.value) if mark else "no mark yet"
            due = f", {' and '.join(view.due)} due" if view.due else ""
            self.say(f"{number}. {question.id}: {told}{due}")

    def jump(self, case: CaseView, view: QuestionView, to: str) -> str:
        if to.isdecimal() and 1 <= int(to) <= len(case.questions):
            return case.questions[int(to) - 1].id
        self.say(f"Type j and a number from 1 to {len(case.questions)}.")
        return view.question.id

    def levels(self, view: QuestionView) -> None:
        if view.question.look_for:
            self.say(f"Look for: {view.question.look_for}")
        for level, descriptor in view.answers:
            needs = f" Needed: {' and '.join(level.needs)}." if level.needs else ""
            self.say(f"{level.key} {level.label}. {descriptor}{needs}")


def _counted(labels: list[str]) -> dict[str, int]:
    return {label: labels.count(label) for label in dict.fromkeys(labels)}


def _stop(sitting: PlainSitting, case: CaseView, view: QuestionView, rest: str) -> str:
    raise Stop


def _stay(show: Callable[[PlainSitting, CaseView, QuestionView], object]) -> "Deed":
    def deed(sitting: PlainSitting, case: CaseView, view: QuestionView, rest: str) -> str:
        show(sitting, case, view)
        return view.question.id
    return deed


def _changed(action: Callable[[CaseView, QuestionView], Action], told: str) -> "Deed":
    def deed(sitting: PlainSitting, case: CaseView, view: QuestionView, rest: str) -> str:
        if sitting.do(action(case, view)):
            sitting.say(f"{told}, {sitting.saved()}.")
        return view.question.id
    return deed


def _back(sitting: PlainSitting, case: CaseView, view: QuestionView, rest: str) -> str:
    return case.questions[max(0, case.questions.index(view.question) - 1)].id


Deed = Callable[[PlainSitting, CaseView, QuestionView, str], str]
_DEEDS: dict[str, Deed] = {
    "?": _stay(lambda sitting, case, view: sitting.say(HELP)),
    "n": lambda sitting, case, view, rest: next_open(sitting.state, case.case_id, view.question.id),
    "b": _back,
    "j": PlainSitting.jump,
    "l": _stay(lambda sitting, case, view: sitting.listing(case)),
    "d": _stay(lambda sitting, case, view: sitting.levels(view)),
    "g": _stay(lambda sitting, case, view: sitting.say(view.question.guidance or "There is no more guidance.")),
    "i": _stay(lambda sitting, case, view: sitting.facts(case)),
    "c": _stay(lambda sitting, case, view: sitting.write(case, view.question.id, "reason")),
    "e": _stay(lambda sitting, case, view: sitting.write(case, view.question.id, "evidence")),
    "x": _changed(lambda case, view: Clear(case.case_id, view.question.id), "Mark cleared"),
    "u": _changed(lambda case, view: Undo(case.case_id), "Undone"),
    "r": _changed(lambda case, view: Redo(case.case_id), "Done again"),
    "f": _changed(lambda case, view: Flag(case.case_id), "Flag changed"),
    "s": lambda sitting, case, view, rest: sitting.sign_off(case) or view.question.id,
    "q": _stop,
}
