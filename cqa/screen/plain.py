"""Plain mode: line by line, one fact a line, no colour and no redrawing, as a screen reader or a pipe needs it."""

from collections.abc import Callable, Iterable, Mapping

from cqa.marking.actions import Action, SetFact, SetMark, SignOff
from cqa.marking.refusals import Refused
from cqa.marking.session import Outcome, State
from cqa.marking.spent import Spent
from cqa.marking.view import (
    CaseView,
    FactView,
    QuestionView,
    fact_in_words,
    mark_in_words,
    next_case,
    next_open,
    view_case,
    view_question,
)
from cqa.rubric.model import CaseFact
from cqa.screen.clean import one_line
from cqa.screen.coach import Coach
from cqa.screen.plain_words import (
    fact_prompt,
    is_case_number,
    legend,
    named_answer,
    options,
    passed_by_enter,
    question_lines,
    sign_off_lines,
    standing_lines,
    still_said,
    time_in_words,
)
from cqa.screen.typist import Typist

Clock = Callable[[], tuple[str, int]]
_ASKED = {"reason": "Reason{}.", "evidence": "Evidence{}: the place in the file."}
_NO_ANSWER = "That is no answer here. Nothing was saved. Type ? for help."


class GoTo(Exception):
    """The reviewer turns to another case."""

    def __init__(self, case_id: str) -> None:
        self.case_id = case_id
        super().__init__(case_id)


class PlainSitting:
    """One sitting in plain mode over the cases of `state`.

    `act` applies an action and returns once it is on disk; `clock` gives the time of day as text and milliseconds.
    `letters` says what each letter does, and `keys` which letter does what. `last_saved` is the time of the last event
    that was kept, empty while there is none. `coach` speaks in practice.
    """

    greeting = "Plain mode. Type ? and Enter for help. What is saved is on this computer's disk."
    all_done = "Every case assigned to you is signed off."

    def __init__(
        self, state: State, act: Callable[[Action], Outcome], clock: Clock, typist: Typist,
        letters: Mapping[str, "Deed"], keys: Mapping[str, str], coach: Coach | None = None,
    ) -> None:
        self.state, self.act, self.clock, self.typist = state, act, clock, typist
        self.letters, self.keys, self.coach = letters, keys, coach
        self.say, self.ask = typist.say, typist.ask
        self.shown_at = 0
        self.last_saved = ""
        self.told: set[tuple[str, str]] = set()
        self.open = ("", "")

    def run(self, first_case: str) -> None:
        """Goes through the cases from `first_case` on until all are signed off or the reviewer stops."""
        self.say(self.greeting)
        at = first_case
        if self.state.record(at).heads:
            self.say("Going on where you stopped.")
        while at:
            try:
                self.case(at)
                at = next_case(self.state, at)
            except GoTo as wanted:
                at = wanted.case_id
        self.say(self.all_done)

    def do(self, action: Action) -> Outcome | None:
        """Applies an action; says the refusal, if there is one, and gives None."""
        try:
            outcome = self.act(action)
        except Refused as refused:
            self.say(refused.why)
            return None
        self.state = outcome.state
        if outcome.event is not None or not self.last_saved:
            self.last_saved = self.clock()[0]
        return outcome

    def saved(self) -> str:
        """When the last thing was kept."""
        return f"saved {self.last_saved}"

    def tell(self, lines: Iterable[str]) -> None:
        """Line after line."""
        for line in lines:
            self.say(line)

    def case(self, case_id: str) -> None:
        """One case, until it is signed off."""
        self.headline(view_case(self.state, case_id))
        self.tell(self.coach.papers(case_id, 0) if self.coach else ())
        at = next_open(self.state, case_id, optional=True)
        while not self.state.assessment(case_id).signed_at:
            case = view_case(self.state, case_id)
            if case.facts_wanted:
                at = self.fact(case, case.facts_wanted[0]) or next_open(self.state, case_id)
            elif at in {question.id for question in case.questions}:
                at = self.question(case, at)
            else:
                at = next_open(self.state, case_id) or self.finished(case)
        self.typist.forget(case_id)
        self.tell(self.coach.closing(case_id) if self.coach else self.result(case_id))

    def result(self, case_id: str) -> Iterable[str]:
        """What a case that was signed off comes to."""
        result = self.state.standing(case_id).result(self.state.rubric)
        score = f"{float(result.score):.0%} of the points" if result.score is not None else "nothing to score"
        yield f"Signed off, {self.saved()}. {result.band or 'No band'}: {score}."

    def headline(self, case: CaseView) -> None:
        """Which case this is, and what the export says of it."""
        flagged = " Flagged." if case.flagged else ""
        self.say(f"Case {case.number} of {case.of}, {one_line(case.case_id)}. {case.left} left.{flagged}")
        for one in case.facts:
            if one.value:
                self.say(f"{one_line(one.fact.label)}: {one_line(one.value)}")

    def fact(self, case: CaseView, fact_id: str) -> str:
        """Asks for a case fact that the export left blank, or takes a letter; gives a question to show, or none."""
        fact = self.state.rubric.fact(fact_id)
        if fact is None:
            return ""
        self.say(f"The export does not say: {one_line(fact.label)}.")
        return self.take_fact(case, fact, self.ask(fact_prompt(fact)))

    def fact_again(self, case: CaseView, view: FactView) -> str:
        """Asks for a case fact anew, unless the export has it."""
        label = one_line(view.fact.label)
        if view.exported:
            self.say(f"{label}: {one_line(view.value)}. That stands in the export and is not asked.")
            return ""
        self.say(f"{label}: until now {one_line(view.value) or 'not answered'}.")
        return self.take_fact(case, view.fact, self.ask(fact_prompt(view.fact)))

    def take_fact(self, case: CaseView, fact: CaseFact, typed: str) -> str:
        """One answer or one letter at the prompt of a case fact."""
        deed, rest = self.letter(typed)
        yes_or_no = fact.type == "flag" and typed.casefold() in ("y", "n")
        if deed and not yes_or_no and (not rest or rest.isdecimal()):
            return deed(self, case, None, rest)
        value = typed.removeprefix(".").strip()
        if self.do(SetFact(case.case_id, fact.id, value)):
            self.say(f"{one_line(fact.label)}: {one_line(fact_in_words(fact, value))}, {self.saved()}.")
        return ""

    def question(self, case: CaseView, question_id: str) -> str:
        """Takes one answer to a question, and gives the question to turn to next (empty: none).

        The question is said when the reviewer comes to it, and not again after a letter that stays there.
        """
        view = view_question(self.state, case, question_id)
        if self.open != (case.case_id, question_id):
            self.show(case, view)
        return self.answer(case, view, self.ask("Mark: "))

    def show(self, case: CaseView, view: QuestionView) -> None:
        """Says a question, the mark it has, and the legend where it holds something new."""
        self.open = (case.case_id, view.question.id)
        for line in question_lines(case, view):
            self.say(line)
        for line in standing_lines(view):
            self.say(line)
        untold = {(view.question.scale.id if view.question.scale else view.question.id, option.value)
                  for option in options(view)} - self.told
        if untold or not options(view):
            self.say(legend(view))
            self.told |= untold
        self.shown_at = self.clock()[1]

    def again(self, question_id: str) -> str:
        """The question to turn to, said even if it was the last one said."""
        self.open = ("", "")
        return question_id

    def answer(self, case: CaseView, view: QuestionView, typed: str) -> str:
        """One answer, or one letter with what follows it."""
        chosen = named_answer(view, typed)
        if chosen:
            return self.mark(case, view, chosen)
        if not typed:
            onwards = next_open(self.state, case.case_id, view.question.id, optional=True)
            return onwards if passed_by_enter(view) else self.again(view.question.id)
        deed, rest = self.letter(typed)
        if deed is None:
            hint = "" if options(view) else " An answer in words is typed after a full stop: .answer"
            self.say(_NO_ANSWER + hint)
            return view.question.id
        return deed(self, case, view, rest)

    def letter(self, typed: str) -> "tuple[Deed | None, str]":
        """What a typed letter does, and what was typed after it."""
        word, _, rest = typed.partition(" ")
        return self.letters.get(word.casefold()), rest.strip()

    def mark(self, case: CaseView, view: QuestionView, value: str) -> str:
        """Saves a mark, then asks at once for the texts it owes, one after the other."""
        name, old = view.question.id, view.mark
        # What was written about a question stays when only the level changes: it is told and can be written anew.
        reason, evidence = (old.reason, old.evidence) if old else (None, None)
        outcome = self.do(SetMark(case.case_id, name, value, reason, evidence, self.clock()[1] - self.shown_at))
        if outcome is None:
            return name
        label = next((one.label for one in options(view) if one.value == value), value)
        if old and old.value != value:
            label = f"{name} changed from {one_line(mark_in_words(view.question, old.value))} to {label}"
        self.tell(still_said(old) if old and old.value != value else ())
        self.owed(case, name, f"{label}, {self.saved()}.")
        self.tell(self.coach.after_mark(case.case_id, name) if self.coach else ())
        return next_open(self.state, case.case_id, name, optional=True)

    def owed(self, case: CaseView, name: str, told: str) -> None:
        """Asks for the texts that a question owes, one after the other; `told` is said before the first."""
        view = view_question(self.state, view_case(self.state, case.case_id), name)
        for text in view.due:
            why = " This mark is a spot check: one of the few that show their place." if view.spot_check else ""
            self.say(f"{told} {_ASKED[text].format(' needed')}{why if text == 'evidence' else ''} End with an empty "
                     "line.".strip())
            self.keep_text(case, name, text, self.typist.text(case.case_id, name, text, ""))
            told = ""
        if told:
            self.say(told)

    def write(self, case: CaseView, name: str, text: str, words: str) -> None:
        """Takes the reason or the evidence of a mark, from the letter's own line where words stand there."""
        mark = view_case(self.state, case.case_id).standing.marks.get(name)
        if mark is None:
            self.say(f"{name} has no mark yet. Mark it first.")
            return
        old = mark.reason if text == "reason" else mark.evidence
        if words:
            self.typist.keep(case.case_id, name, text, words)
            self.keep_text(case, name, text, "" if words == "-" else words)
            self.other_text(case, name, text)
            return
        if old:
            self.say(f"{text.capitalize()} of {name} until now: {one_line(old)}")
            self.say("Type a new one and end with an empty line. An empty line alone keeps it; a line - removes it.")
        else:
            self.say(f"{_ASKED[text].format(f' of {name}')} End with an empty line.")
        self.keep_text(case, name, text, self.typist.text(case.case_id, name, text, old))
        self.other_text(case, name, text)

    def other_text(self, case: CaseView, name: str, text: str) -> None:
        """Once one text of a mark is written, asks for the other where that is due."""
        due = view_case(self.state, case.case_id).standing.due.get(name, ())
        if due and text not in due:
            self.owed(case, name, f"{name}:")

    def keep_text(self, case: CaseView, name: str, text: str, written: str | None) -> None:
        """Saves a text with its mark and says so. None, nothing typed, keeps what there was."""
        mark = view_case(self.state, case.case_id).standing.marks.get(name)
        if mark is None:
            return
        texts = {"reason": mark.reason, "evidence": mark.evidence}
        if written is None:
            due = text in view_case(self.state, case.case_id).standing.due.get(name, ())
            nothing = f"Nothing typed: the {text} is still due." if due else "Nothing typed."
            self.say(f"{text.capitalize()} kept as it was." if texts[text] else nothing)
            return
        texts[text] = written
        if self.do(SetMark(case.case_id, name, mark.value, texts["reason"], texts["evidence"])):
            self.typist.forget(case.case_id, name, text)
            due = text in view_case(self.state, case.case_id).standing.due.get(name, ())
            gone = f"{text.capitalize()} removed, {self.saved()}." + (f" {text.capitalize()} due." if due else "")
            self.say(f"{text.capitalize()} {self.saved()}." if written else gone)

    def finished(self, case: CaseView) -> str:
        """No question is open: says so, and takes a letter."""
        for rule in case.standing.broken:
            self.say(f"These marks contradict each other: {rule.say} (rule {rule.id}). Change one before the sign-off.")
        told = "is answered" if case.questions else "asks no question"
        self.say(f"Case {one_line(case.case_id)} {told}. Type s to sign off, j and a number to go to a question, "
                 "? for help.")
        typed = self.ask("Now: ")
        deed, rest = self.letter(typed)
        if deed is None:
            self.say("No question is open, so nothing was saved. Type ? for help.")
            return ""
        return deed(self, case, None, rest)

    def sign_off(self, case: CaseView) -> str:
        """Says what stands, and signs off once the case number is typed; says what is owed instead while it is."""
        if not case.standing.finished:
            self.do(SignOff(case.case_id))
            return next_open(self.state, case.case_id)
        for line in sign_off_lines(case):
            self.say(line)
        self.say(f"Time on this case: {time_in_words(self.state.spent.get(case.case_id, Spent()))}.")
        typed = self.ask(f"Type the case number, {one_line(case.case_id)}, to sign off, or Enter to go back: ")
        if not is_case_number(case.case_id, typed):
            self.say("Not signed off.")
        else:
            self.do(SignOff(case.case_id))
        return next_open(self.state, case.case_id)


Deed = Callable[[PlainSitting, CaseView, QuestionView | None, str], str]
"""What a letter does on a case, at a question or at none; gives the question to show next (empty: what is open)."""
