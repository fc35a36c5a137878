"""The full-screen sitting without its terminal: what is shown, what each key does, what is being written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cqa.errors import NotSaved
from cqa.keys import SHIPPED, named
from cqa.marking.actions import Action, SetFact, SetMark, Undo
from cqa.marking.refusals import REFUSALS, Refused
from cqa.marking.session import Outcome, State
from cqa.marking.view import (
    CaseView,
    QuestionView,
    case_to_go_on_with,
    change_in_words,
    fact_in_words,
    mark_in_words,
    next_case,
    next_open,
    view_case,
    view_question,
)
from cqa.rubric.model import NEEDS
from cqa.screen.boxes import Menu, Sheet, Writing
from cqa.screen.clean import one_line
from cqa.screen.coach import Coach
from cqa.screen.sheets import case_line, cases_title, prose
from cqa.screen.surface import RECALLED, Surface
from cqa.screen.typist import Drafts


@dataclass(slots=True)
class Desk(Surface):
    """One sitting at the full screen. `act` applies an action and returns once it is on disk, or raises Refused or
    NotSaved. `follows` tells that other cases come once all are signed off, and `handed_on` that the reviewer went on
    to them."""

    state: State
    act: Callable[[Action], Outcome]
    now: Callable[[], datetime]
    drafts: Drafts
    sample: str
    keys: Mapping[str, str] = field(default_factory=lambda: dict(SHIPPED))
    coach: Coach | None = None
    looking: bool = False
    follows: bool = False
    handed_on: bool = False
    case_id: str = ""
    at: str = ""
    shown_at: int = 0
    presses: list[tuple[str, str] | None] = field(default_factory=list)

    # What is before the reviewer.

    @property
    def case(self) -> CaseView:
        """The case that is open."""
        return view_case(self.state, self.case_id)

    def view(self, case: CaseView) -> QuestionView | None:
        """The question that is open; None while a fact is asked, or when no question is left."""
        asked = any(question.id == self.at for question in case.questions)
        return view_question(self.state, case, self.at) if asked and not case.facts_wanted else None

    def shown_ms(self) -> int:
        """For how long the question has been before the reviewer; below 0 where the clock was put back meanwhile."""
        return self.milliseconds() - self.shown_at

    # Going from one thing to another.

    def open(self, case_id: str) -> None:
        """Turns to a case: to its first question that is open, or to what stands where it is signed off."""
        self.case_id, self.menu, self.sheet = case_id, None, None
        self.go(next_open(self.state, case_id, optional=True))

    def go(self, question_id: str) -> None:
        """Turns to a question of the case; empty: to the end of the case."""
        self.at, self.top = question_id, 0
        self.shown_at = self.milliseconds()

    def go_on(self) -> None:
        """Turns to the next case that is not signed off, or says that there is none."""
        following = next_case(self.state, self.case_id)
        if following:
            self.open(following)
        elif self.follows:
            stop = named(self.keys["stop"])
            told = ("Every one of these cases is signed off.", f"Enter goes on to your other cases. {stop} stops; "
                    "everything is kept, and the next cqa assess goes on there.")
            self.sheet = Sheet("THESE CASES ARE DONE", prose(told), then=self.hand_on)
        else:
            self.show_cases("Every case assigned to you is signed off.")

    def hand_on(self) -> None:
        """Ends the sitting, to go on with the cases that follow; the key that stops, stops here too."""
        self.ended = True
        self.handed_on = self.pressed != self.keys["stop"]

    def show_cases(self, told: str = "") -> None:
        """The list of all cases, the cursor on the one at hand, or on the one to go on with."""
        order = list(self.state.cases)
        at = self.case_id if told or self.case_id else case_to_go_on_with(self.state)
        self.menu = Menu(cases_title(self.state, self.sample), len(order),
                         lambda place: case_line(self.state, order[place]), lambda place: self.open(order[place]),
                         order.index(at) if at in order else 0, closes=bool(self.case_id))
        self.say(told or self.go_on_offer(at))

    def go_on_offer(self, case_id: str) -> str:
        """Where the reviewer left off, in words."""
        if not case_id or self.state.assessment(case_id).signed_at:
            return ""
        case = view_case(self.state, case_id)
        where = next_open(self.state, case_id)
        ids = [question.id for question in case.questions]
        at = f", question {ids.index(where) + 1}" if where in ids and not case.facts_wanted else ""
        begun = "Go on with" if self.state.record(case_id).heads else "Begin with"
        new = "" if self.state.records or self.coach else ". To try invented cases: cqa practise"
        return f"{begun} case {case.number}{at}: Enter{new}"

    # Keeping things.

    def do(self, action: Action) -> Outcome | None:
        """Applies an action; says why not where it is refused, and stops all marking where the disk refuses."""
        if self.not_saved:
            self.say(str(self.not_saved.message), alarm=True)
            return None
        try:
            outcome = self.act(action)
        except Refused as refused:
            self.say(one_line(refused.why), alarm=True)
            return None
        except NotSaved as error:
            self.fail(error.problems[0])
            return None
        self.state = outcome.state
        if outcome.event is not None or not self.last_saved:
            self.note_saved()
        return outcome

    def mark(self, case: CaseView, view: QuestionView, value: str) -> None:
        """Keeps a mark, opens a box for each text that is to be written or looked at again, and goes on."""
        name, old = view.question.id, view.mark
        # What was written about a question stays when only the level changes.
        reason, evidence = (old.reason, old.evidence) if old else (None, None)
        outcome = self.do(SetMark(case.case_id, name, value, reason, evidence, self.shown_ms()))
        if outcome is None:
            return
        if outcome.event is not None and self.presses:
            self.presses[-1] = (case.case_id, name)
        changed = old is not None and old.value != value
        if old and changed:
            was, now = mark_in_words(view.question, old.value), mark_in_words(view.question, value)
            undo = f" {named(self.keys['undo'])} undoes it." if "undo" in self.keys else ""
            self.say(f"{name} changed from {one_line(was)} to {one_line(now)}.{undo}")
        self.pursue(name, again=bool(changed))

    def pursue(self, name: str, again: bool = False, done: tuple[str, ...] = ()) -> None:
        """The next text that a question owes, else what practice says of it, else the next question.

        With `again` also a text that was written for another level: whether it still fits is for the reviewer to say.
        `done` are those that were before the reviewer already.
        """
        view = view_question(self.state, self.case, name)
        wanted = [text for text in NEEDS if text not in done and (text in view.due or (again and text in view.needs))]
        if wanted:
            self.write_text(name, wanted[0], onwards=True, again=again, done=done)
        else:
            self.leave(name)

    def leave(self, name: str) -> None:
        """Goes on from a question: to the next one, in practice by way of the worked answer."""
        def onwards() -> None:
            self.go(next_open(self.state, self.case_id, name, optional=True))

        told = tuple(self.coach.after_mark(self.case_id, name)) if self.coach else ()
        if not told:
            onwards()
            return
        self.sheet = Sheet(f"THE WORKED ANSWER TO {name}", prose(told), then=onwards)

    # Words.

    def write(self, box: Writing) -> None:
        """Opens a box, unless this window only looks."""
        if self.looking:
            self.say(one_line(REFUSALS["looking"]), alarm=True)
        else:
            Surface.write(self, box)

    def write_text(
        self, name: str, text: str, onwards: bool = False, again: bool = False, done: tuple[str, ...] = ()
    ) -> None:
        """A box for the reason or the evidence of a question's mark, and then for the other where that is due.

        With `onwards` the next question follows; `again` and `done` as for `pursue`.
        """
        view = view_question(self.state, self.case, name)
        if view.mark is None:
            self.say(f"{name} has no mark yet: mark it first.")
            return

        def ended(words: str) -> None:
            mark = view_case(self.state, self.case_id).standing.marks[name]
            texts = {"reason": mark.reason, "evidence": mark.evidence, text: words.strip()}
            self.keep(SetMark(self.case_id, name, mark.value, texts["reason"], texts["evidence"]))
            self.close_box()
            still = view_case(self.state, self.case_id).standing.due.get(name, ())
            if text in still:
                self.say(f"{name}: {' and '.join(still)} still due.")
            elif onwards:
                self.pursue(name, again, (*done, text))
                return
            elif still:
                self.write_text(name, still[0])
                return
            if onwards:
                self.leave(name)

        self.write(Writing(self.case_id, name, text, _title(view, text, again), getattr(view.mark, text), ended,
                           onwards=onwards))

    def keep(self, action: Action) -> Outcome:
        """Applies an action whose words stand in a box. Raises Refused or NotSaved, and then the box stays."""
        outcome = self.act(action)
        self.state = outcome.state
        self.note_saved()
        return outcome

    def words_used_before(self) -> list[str]:
        """What the reviewer wrote of this kind before, to this question first, the latest first; each text once."""
        box = self.writing
        if box is None or box.text not in RECALLED:
            return []
        marks = [mark for case_id in self.state.cases for mark in self.state.assessment(case_id).marks.values()
                 if getattr(mark, box.text).strip()]
        latest = sorted(marks, key=lambda mark: (mark.question_id == box.question_id, mark.at), reverse=True)
        return list(dict.fromkeys(getattr(mark, box.text) for mark in latest))

    # Facts.

    def fact(self, fact_id: str, value: str) -> None:
        """Keeps a case fact. Raises Refused and NotSaved."""
        fact = self.state.rubric.fact(fact_id)
        self.keep(SetFact(self.case_id, fact_id, value))
        if fact:
            self.say(f"{one_line(fact.label)}: {one_line(fact_in_words(fact, value))}.")
        if not self.at:
            self.go(next_open(self.state, self.case_id, optional=True))

    # Back again.

    def change(self, action: Action, told: str, back: str) -> None:
        """Undo or redo: says what changed, and goes to the question that it changed."""
        before = self.state.assessment(self.case_id)
        outcome = self.do(action)
        if outcome is None or outcome.event is None:
            return
        after = self.state.assessment(self.case_id)
        told_change = change_in_words(self.state.rubric, before, after, outcome.event, back)
        self.say(f"{told}: {one_line(told_change).rstrip('.')}.")
        if outcome.event.question_id:
            self.go(outcome.event.question_id)

    def take_back(self, presses: int) -> int:
        """Undoes the marks that the last so many presses made; how many there were."""
        marks = [press for press in self.presses[len(self.presses) - presses:] if press] if presses else []
        for case_id, question_id in reversed(marks):
            self.writing = self.sheet = None
            if self.do(Undo(case_id)) is not None:
                self.go(question_id)
        self.presses.clear()
        return len(marks)

    def unfinished(self) -> set[tuple[str, str]]:
        """Case and question of every text that was begun and not ended."""
        return {(case_id, question_id) for case_id, question_id, _ in self.drafts.places()}


def _title(view: QuestionView, text: str, again: bool) -> str:
    """What a box for a text of a mark is headed with."""
    level = one_line(mark_in_words(view.question, view.mark.value)) if view.mark else ""
    what = "Reason" if text == "reason" else "Evidence, the place in the file,"
    if text in view.due:
        why = "   [due: a spot check, which few marks owe]" if text == "evidence" and view.spot_check else "   [due]"
    else:
        why = "   [from before]" if again else ""
    return f"{what} for {view.question.id}, {level.upper()}{why}"
