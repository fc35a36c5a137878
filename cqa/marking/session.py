"""The marking session: a pure state machine. Every front end sends it actions and keeps the events it gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from cqa.marking.actions import (
    Action,
    Amend,
    Clear,
    DisputeBand,
    Flag,
    Redo,
    Reopen,
    SetFact,
    SetMark,
    SignOff,
    Undo,
    Urgent,
)
from cqa.marking.events import AMENDMENT, BAND, STATUS, URGENT, Event, Value
from cqa.marking.refusals import Refused, check_answer, check_text, why_closed
from cqa.marking.replay import Assessment, CaseRecord, worked_on
from cqa.marking.spent import Spent, seconds_between, spent_on
from cqa.marking.standing import Standing, known_facts, standing_of, texts_due
from cqa.rubric.gates import asked, fact_is_known, facts_wanted
from cqa.rubric.model import Rubric

GRACE = 24 * 60 * 60
"""Seconds after a sign-off in which it may be taken back without a reason."""
FORMS = {"flag": "a flag is Y or N", "date": "a date is written 2026-03-31", "number": "a number is written 12.5",
         "text": "a text must not be blank"}
"""How a value of each type of case fact is written."""


_BLANK = CaseRecord()


@dataclass(frozen=True, slots=True)
class State:
    """A sitting: the rubric, the cases assigned to the reviewer with their exported facts, and what stands.

    `others` are cases of the sample that are not this reviewer's. `trail` and `undone` hold, for each case, the events
    of this sitting that can be undone and redone. `rubric_sha256` is that of the rubric's
    bytes. `seen` are signed cases whose marks others may see by now. `spent`
    is the time on each case, and `last_at` when the last event came.
    """

    rubric: Rubric
    seed: str
    writer: str
    cases: Mapping[str, Mapping[str, str]]
    others: frozenset[str]
    records: Mapping[str, CaseRecord]
    next_seq: int
    trail: Mapping[str, tuple[tuple[Event, Event | None], ...]] = field(default_factory=dict)
    undone: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    rubric_sha256: str = ""
    seen: frozenset[str] = frozenset()
    spent: Mapping[str, Spent] = field(default_factory=dict)
    last_at: str = ""
    # What was derived from a record holds as long as the record is the same object, whatever state it stands in.
    derived: dict[str, tuple[CaseRecord, Assessment, Standing | None]] = field(
        default_factory=dict, compare=False, repr=False)

    def record(self, case_id: str) -> CaseRecord:
        """What stands for a case; empty when nothing was done."""
        return self.records.get(case_id, _BLANK)

    def assessment(self, case_id: str) -> Assessment:
        """The assessment of a case so far: of one that is being amended, as it is being changed."""
        return self._derived(case_id)[1]

    def standing(self, case_id: str) -> Standing:
        """The assessment of a case under the rubric, with what is owed."""
        record, assessment, standing = self._derived(case_id)
        if standing is None:
            standing = standing_of(self.rubric, self.seed, self.cases[case_id], assessment)
            self.derived[case_id] = record, assessment, standing
        return standing

    def _derived(self, case_id: str) -> tuple[CaseRecord, Assessment, Standing | None]:
        record = self.record(case_id)
        known = self.derived.get(case_id)
        if known is None or known[0] is not record:
            known = self.derived[case_id] = record, worked_on(case_id, record), None
        return known


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action came to: the state after it, and the event to keep before it is acknowledged (None: nothing new).

    `event_id` is the event that stands for the action; `due` the texts its mark still owes.
    """

    state: State
    event: Event | None
    event_id: str
    due: tuple[str, ...] = ()


def step(state: State, action: Action, now: str) -> Outcome:
    """One action at the time `now` (UTC text). Raises Refused, with a code and a sentence, and then nothing changed."""
    if action.case_id not in state.cases:
        raise Refused("not_assigned" if action.case_id in state.others else "unknown_case", action.case_id)
    if not isinstance(action, _ON_SIGNED) and state.assessment(action.case_id).signed_at:
        raise Refused("signed_off", action.case_id)
    return _STEPS[type(action)](state, action, now)


def _set_mark(state: State, action: SetMark, now: str) -> Outcome:
    case_id, question_id = action.case_id, action.question_id
    question = state.rubric.by_id.get(question_id)
    if question is None:
        raise Refused("unknown_question", question_id)
    assessment = state.assessment(case_id)
    facts = known_facts(state.rubric, state.cases[case_id], assessment.facts)
    gate = asked(state.rubric, assessment.values, facts)[question_id]
    if gate is None:
        raise Refused("fact_needed", ", ".join(facts_wanted(question, facts)))
    if not gate:
        raise Refused("gate_closed", why_closed(state.rubric, question))
    check_answer(question, action.mark)
    old = assessment.marks.get(question_id)
    same = old is not None and old.value == action.mark
    reason = check_text(action.reason if action.reason is not None else old.reason if same and old else "")
    evidence = check_text(action.evidence if action.evidence is not None else old.evidence if same and old else "")
    settled = len(state.record(case_id).standing_ids(f"question:{question_id}")) < 2
    if same and old and settled and (reason, evidence) == (old.reason, old.evidence):
        return Outcome(state, None, old.event_id, texts_due(state.rubric, state.seed, case_id, old))
    body: dict[str, Value] = {"mark": action.mark, "mark_reason": reason, "evidence": evidence}
    if action.shown_ms is not None:
        body["shown_ms"] = max(0, action.shown_ms)  # a clock may be set back
    outcome = _kept(state, _event(state, now, "answered", case_id, f"question:{question_id}", body))
    mark = outcome.state.assessment(case_id).marks[question_id]
    return replace(outcome, due=texts_due(state.rubric, state.seed, case_id, mark))


def _clear(state: State, action: Clear, now: str) -> Outcome:
    if action.question_id not in state.rubric.by_id:
        raise Refused("unknown_question", action.question_id)
    if action.question_id not in state.assessment(action.case_id).marks:
        raise Refused("nothing_to_clear", action.question_id)
    return _kept(state, _event(state, now, "cleared", action.case_id, f"question:{action.question_id}", {}))


def _set_fact(state: State, action: SetFact, now: str) -> Outcome:
    fact = state.rubric.fact(action.fact_id)
    if fact is None:
        raise Refused("unknown_fact", action.fact_id)
    if fact_is_known(fact.type, state.cases[action.case_id].get(fact.id, "")):
        raise Refused("fact_known", fact.id)
    if not fact_is_known(fact.type, check_text(action.value)):
        raise Refused("unreadable_fact", f"'{fact.label}': {FORMS[fact.type]}")
    record = state.record(action.case_id)
    head = record.head(f"fact:{fact.id}")
    settled = len(record.standing_ids(f"fact:{fact.id}")) < 2
    if head is not None and settled and head.body.get("value") == action.value:
        return Outcome(state, None, head.id)
    body: dict[str, Value] = {"fact": fact.id, "value": action.value}
    return _kept(state, _event(state, now, "fact", action.case_id, f"fact:{fact.id}", body))


def _flag(state: State, action: Flag, now: str) -> Outcome:
    flag = "off" if state.assessment(action.case_id).flagged else "on"
    return _kept(state, _event(state, now, "flagged", action.case_id, "flag", {"flag": flag}))


def _sign_off(state: State, action: SignOff, now: str) -> Outcome:
    standing = state.standing(action.case_id)
    if not standing.finished:
        raise Refused("not_finished", "; ".join(owed(state.rubric, standing)))
    # What came from another device without being seen here must not change what is signed: so its events are named.
    signed = state.record(action.case_id).standing()
    body: dict[str, Value] = {"marks": len(standing.marks),
                              "signs": " ".join(event.id for slot, event in signed.items() if slot != STATUS)}
    event = _event(state, now, "signed_off", action.case_id, STATUS, body)
    # What is signed is undone by nobody: reopening is an event of its own.
    return _bare(_kept(state, event))


def _bare(outcome: Outcome) -> Outcome:
    """The outcome with nothing to undo or redo on its case."""
    after, case_id = outcome.state, outcome.event.case_id if outcome.event else ""
    trail = {case: steps for case, steps in after.trail.items() if case != case_id}
    undone = {case: steps for case, steps in after.undone.items() if case != case_id}
    return replace(outcome, state=replace(after, trail=trail, undone=undone))


def why_not_reopened(state: State, case_id: str, now: str) -> str:
    """The code of the refusal to take the sign-off back now; empty when it may be taken back."""
    signed_at = state.assessment(case_id).signed_at
    if not signed_at:
        return "not_signed"
    if case_id in state.seen:
        return "seen"
    return "" if seconds_between(signed_at, now) < GRACE else "grace_over"


def _reopen(state: State, action: Reopen, now: str) -> Outcome:
    if code := why_not_reopened(state, action.case_id, now):
        raise Refused(code, action.case_id)
    return _bare(_kept(state, _event(state, now, "reopened", action.case_id, STATUS, {})))


def _amend(state: State, action: Amend, now: str) -> Outcome:
    signed = state.record(action.case_id).head(STATUS)
    if signed is None or not state.assessment(action.case_id).signed_at:
        raise Refused("not_signed", action.case_id)
    if not check_text(action.reason).strip():
        raise Refused("reason_missing", action.case_id)
    event = _event(state, now, "amended", action.case_id, AMENDMENT, {AMENDMENT: signed.id})
    return _bare(_kept(state, event._replace(reason=action.reason)))


def _urgent(state: State, action: Urgent, now: str) -> Outcome:
    return _beside(state, action.case_id, URGENT, action.words, now)


def _dispute_band(state: State, action: DisputeBand, now: str) -> Outcome:
    if not state.assessment(action.case_id).signed_at:
        raise Refused("not_signed", action.case_id)
    return _beside(state, action.case_id, BAND, action.reason, now)


def _beside(state: State, case_id: str, slot: str, words: str, now: str) -> Outcome:
    """Sets a slot beside the assessment; the trail of what can be undone stays as it was."""
    check_text(words)
    head = state.record(case_id).head(slot)
    if head is not None and head.body[slot] == words:
        return Outcome(state, None, head.id)
    outcome = _kept(state, _event(state, now, "flagged", case_id, slot, {slot: words}))
    return replace(outcome, state=replace(outcome.state, trail=state.trail, undone=state.undone))


def owed(rubric: Rubric, standing: Standing) -> list[str]:
    """What stands in the way of the sign-off, in words."""
    told = [f"not answered: {', '.join(standing.unanswered)}"] if standing.unanswered else []
    if standing.facts_wanted:
        told.append(f"case facts to be answered: {', '.join(standing.facts_wanted)}")
    told.extend(f"{question} owes its {' and '.join(texts)}" for question, texts in standing.due.items())
    told.extend(f"{rule.say} (rule {rule.id})" for rule in standing.broken)
    return told


def _undo(state: State, action: Undo, now: str) -> Outcome:
    trail = state.trail.get(action.case_id, ())
    if not trail:
        raise Refused("nothing_to_undo", action.case_id)
    event, before = trail[-1]
    undone = _again(state, now, "undone", event, before)
    outcome = _kept(state, undone)
    return replace(outcome, state=replace(
        outcome.state,
        trail={**state.trail, action.case_id: trail[:-1]},
        undone={**state.undone, action.case_id: (*state.undone.get(action.case_id, ()), event)},
    ))


def _redo(state: State, action: Redo, now: str) -> Outcome:
    undone = state.undone.get(action.case_id, ())
    if not undone:
        raise Refused("nothing_to_redo", action.case_id)
    outcome = _kept(state, _again(state, now, "redone", undone[-1], undone[-1]))
    return replace(outcome, state=replace(
        outcome.state, undone={**state.undone, action.case_id: undone[:-1]}))


def _again(state: State, now: str, kind: str, event: Event, value: Event | None) -> Event:
    """An event that sets the slot of `event` to the value it has in `value`; blank where that is None."""
    blank: dict[str, Value] = {}
    if "fact" in event.body:
        blank = {"fact": event.body["fact"], "value": ""}
    elif "flag" in event.body:
        blank = {"flag": "off"}
    shown = {key: item for key, item in value.body.items() if key != "shown_ms"} if value else blank
    return _event(state, now, kind, event.case_id, event.slot, shown)


def _event(state: State, now: str, kind: str, case_id: str, slot: str, body: Mapping[str, Value]) -> Event:
    question = slot.removeprefix("question:") if slot.startswith("question:") else ""
    replaces = state.record(case_id).standing_ids(slot)
    return Event(state.writer, state.next_seq, now, kind, case_id, question, body, replaces,
                 rubric=state.rubric_sha256)


def _kept(state: State, event: Event) -> Outcome:
    """The state with the event in it, ready to be undone."""
    record = state.record(event.case_id)
    trail = (*state.trail.get(event.case_id, ()), (event, record.head(event.slot)))
    after = replace(
        state,
        records={**state.records, event.case_id: record.after(event)},
        next_seq=event.seq + 1,
        trail={**state.trail, event.case_id: trail},
        undone={**state.undone, event.case_id: ()},
        spent=spent_on(state.spent, event.case_id, state.last_at, event.at) if state.last_at else state.spent,
        last_at=event.at,
    )
    return Outcome(after, event, event.id)


_STEPS: dict[type[Action], Callable[..., Outcome]] = {
    SetMark: _set_mark, Clear: _clear, SetFact: _set_fact, Undo: _undo, Redo: _redo, Flag: _flag, SignOff: _sign_off,
    Urgent: _urgent, Reopen: _reopen, Amend: _amend, DisputeBand: _dispute_band,
}
_ON_SIGNED = (Urgent, Reopen, Amend, DisputeBand)
