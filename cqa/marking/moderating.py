"""Moderating: a pure state machine. Every front end sends it actions, and keeps the entries that it gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cqa.marking.compared import Compared, SharedCase, compare
from cqa.marking.entries import Entry, Slot, ids
from cqa.marking.moderating_actions import Action, Agree, Clear, Settle, Unsettle
from cqa.marking.moderation import (
    AGREED,
    CAUSES,
    CLEARED,
    MODERATION,
    NOT_ASKED,
    REFERENCE,
    SETTLED,
    UNSETTLED,
    Agreed,
    Moderation,
    moderation_of,
)
from cqa.marking.refusals import Refused, check_answer, check_text
from cqa.rubric.model import Question
from cqa.tree import did_you_mean


@dataclass(frozen=True, slots=True)
class State:
    """What one moderator works on: the cases that they may moderate, and what stands of all moderators' entries.

    `closed` are the other cases of the sample, each with what Refused takes to say why they may not moderate it now.
    `usual` is how many levels off a reference mark a mark may be, None for as many as the scale suggests; `tolerances`
    says it of single questions.
    """

    purpose: str
    person: str
    writer: str
    cases: Mapping[str, SharedCase]
    closed: Mapping[str, tuple[str, ...]]
    entries: Mapping[str, Mapping[Slot, tuple[Entry, ...]]]
    next_seq: int
    usual: int | None = None
    tolerances: Mapping[str, int] = field(default_factory=dict)

    def tolerance(self, question: Question) -> int:
        """How many levels off its reference mark a mark of the question may be, unless it is said otherwise."""
        return usual_tolerance(question, self.tolerances.get(question.id, 0 if question.critical else self.usual))

    def moderation(self, case_id: str) -> Moderation:
        """What is agreed on a case so far."""
        return moderation_of(case_id, self.purpose, self.slots(case_id))

    def slots(self, case_id: str) -> Mapping[Slot, tuple[Entry, ...]]:
        """The entries that stand for a case."""
        return self.entries.get(case_id, {})

    def compared(self, case_id: str) -> tuple[Compared, ...]:
        """The questions of a case as they stand."""
        return compare(self.cases[case_id], self.moderation(case_id))

    def settled(self, case_id: str) -> bool:
        """Whether the case is settled over the marks that count now."""
        return self.cases[case_id].in_force(self.moderation(case_id))

    def amended_since(self, case_id: str) -> bool:
        """Whether the case was settled over marks that do not count any more."""
        return self.cases[case_id].amended_since(self.moderation(case_id))

    def left(self, case_id: str) -> tuple[Compared, ...]:
        """The questions that still need an agreed mark."""
        return tuple(one for one in self.compared(case_id) if one.owed)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action came to: the state after it, the entries to keep before it is acknowledged (none: nothing new),
    the event that stands for it, and the questions that still need an agreed mark."""

    state: State
    entries: tuple[Entry, ...]
    event_id: str
    due: tuple[str, ...]


def usual_tolerance(question: Question, usual: int | None = None) -> int:
    """How many levels off its reference mark a mark may be: as set, but never further than the scale reaches; else 1 on
    scales of four levels and more, and 0 on shorter ones and on a critical question."""
    levels = len(question.scale.levels) if question.scale else 0
    if usual is not None:
        return max(0, min(usual, levels - 1))
    return int(levels > 3 and not question.critical)


def step(state: State, action: Action, now: str) -> Outcome:
    """One action at the time `now` (UTC text). Raises Refused, with a code and a sentence, and then nothing changed."""
    if action.case_id in state.closed:
        raise Refused(*state.closed[action.case_id])
    if action.case_id not in state.cases:
        raise Refused("unknown_case", action.case_id[:80])
    if isinstance(action, Unsettle):
        return _unsettle(state, action, now)
    if isinstance(action, Settle):
        return _settle(state, action, now)
    if state.settled(action.case_id):
        raise Refused("settled", action.case_id)
    opened = _opened(state, action.case_id, now)
    before = opened.state if opened else state
    outcome = _agree(before, action, now) if isinstance(action, Agree) else _clear(before, action, now)
    return replace(outcome, entries=(*(opened.entries if opened else ()), *outcome.entries))


def _opened(state: State, case_id: str, now: str) -> Outcome | None:
    """A case that was settled while two moderators, apart, agreed different things is opened again: what one of them
    settled must not come into force over a mark that they never saw. None where it is open."""
    settled = any(entry.kind == SETTLED for entry in state.slots(case_id).get((state.purpose,), ()))
    if not settled or not state.moderation(case_id).disputed:
        return None
    return _kept(state, case_id, (UNSETTLED, "", {"reason": "Two moderators, apart, had agreed different marks."}), now)


def _agree(state: State, action: Agree, now: str) -> Outcome:
    one = _question(state, action.case_id, action.question_id)
    _check_mark(one, action.mark)
    reason = check_text(action.reason.strip())
    tolerance = _tolerance(state, one.question, action.tolerance)
    if state.purpose == MODERATION:
        _check_cause(one, action, reason)
    old = one.agreed
    body: dict[str, object] = {"agreed": action.mark}
    if action.cause:
        body["cause"] = action.cause
    if reason:
        body["reason"] = reason
    if action.change_rubric:
        body["change_rubric"] = True
    if tolerance is not None:
        body["tolerance"] = tolerance
    if old is not None and not one.disputed and _same(old, action, reason, tolerance):
        return _outcome(state, action.case_id, (), old.event_id)
    return _kept(state, action.case_id, (AGREED, one.question.id, body), now)


def _same(old: Agreed, action: Agree, reason: str, tolerance: int | None) -> bool:
    return (old.mark, old.cause, old.reason, old.change_rubric, old.tolerance) == (
        action.mark, action.cause, reason, action.change_rubric, tolerance)


def _question(state: State, case_id: str, question_id: str) -> Compared:
    """The question of a case as it stands. Raises Refused for one that is unknown, or not asked on the case."""
    rubric = state.cases[case_id].rubric
    if question_id not in rubric.by_id:
        raise Refused("unknown_question", question_id[:80], did_you_mean(question_id, tuple(rubric.by_id)))
    one = next((one for one in state.compared(case_id) if one.question.id == question_id), None)
    if one is None:
        raise Refused("gate_closed", f"The question '{question_id}' is not asked on this case.")
    return one


def _check_mark(one: Compared, mark: str) -> None:
    name = one.question.id
    if mark == NOT_ASKED:
        if not one.may_be_unasked:
            raise Refused("forbidden_answer", f"The question '{name}' is asked on this case: what is agreed on it must "
                          "be an answer.")
        return
    check_answer(one.question, mark)
    if one.open is False:
        raise Refused("gate_closed", f"Under what is agreed so far '{name}' is not asked, so that there is nothing to "
                      "agree on it.")


def _check_cause(one: Compared, action: Agree, reason: str) -> None:
    """Raises Refused where a difference lacks why the marks differed, or why the agreed one is right."""
    name, told = one.question.id, tuple(CAUSES)
    if action.cause and action.cause not in CAUSES:
        raise Refused("unknown_cause", f"'{action.cause[:80]}' is no cause. {did_you_mean(action.cause, told)}")
    if action.mark == one.common:
        return
    if not action.cause and any(answer.mark for answer in one.answers):
        raise Refused("cause_missing", f"Say why the marks of '{name}' are not the agreed one: {', '.join(told)}.")
    if not reason:
        raise Refused("agreed_reason_missing", name)


def _tolerance(state: State, question: Question, given: int | None) -> int | None:
    if state.purpose != REFERENCE:
        if given is not None:
            raise Refused("bad_tolerance", "A tolerance belongs to a reference mark: cqa moderate --reference.")
        return None
    most = max(0, len(question.scale.levels) - 1) if question.scale else 0
    if given is not None and not 0 <= given <= most:
        raise Refused("bad_tolerance", f"The tolerance of '{question.id}' must be from 0 to {most} levels.")
    return state.tolerance(question) if given is None else given


def _clear(state: State, action: Clear, now: str) -> Outcome:
    one = _question(state, action.case_id, action.question_id)
    if one.agreed is None and not one.disputed:
        raise Refused("nothing_agreed", one.question.id)
    return _kept(state, action.case_id, (CLEARED, one.question.id, {}), now)


def _settle(state: State, action: Settle, now: str) -> Outcome:
    case_id = action.case_id
    standing = state.slots(case_id).get((state.purpose,), ())
    if state.settled(case_id) and len(standing) == 1:
        return _outcome(state, case_id, (), standing[0].id)
    if left := state.left(case_id):
        named = ", ".join(one.question.id for one in left)
        raise Refused("still_differs", case_id, named)
    taken: tuple[Entry, ...] = ()
    for one in _to_be_taken(state, case_id):
        tolerance = state.tolerance(one.question)
        outcome = _kept(state, case_id, (AGREED, one.question.id, {"agreed": one.common, "tolerance": tolerance}), now)
        state, taken = outcome.state, (*taken, *outcome.entries)
    settled = _kept(state, case_id, (SETTLED, "", {"over": " ".join(state.cases[case_id].over)}), now)
    return replace(settled, entries=(*taken, *settled.entries))


def _to_be_taken(state: State, case_id: str) -> tuple[Compared, ...]:
    """The questions whose reference mark is the one that all gave, and that nobody needs to confirm."""
    if state.purpose != REFERENCE:
        return ()
    return tuple(one for one in state.compared(case_id)
                 if one.open is not False and one.agreed is None and one.common is not None)


def _unsettle(state: State, action: Unsettle, now: str) -> Outcome:
    if not state.moderation(action.case_id).settled:
        raise Refused("not_settled", action.case_id)
    reason = check_text(action.reason.strip())
    if not reason:
        raise Refused("unsettle_reason_missing", action.case_id)
    return _kept(state, action.case_id, (UNSETTLED, "", {"reason": reason}), now)


def _kept(state: State, case_id: str, said: tuple[str, str, Mapping[str, object]], now: str) -> Outcome:
    """The outcome of something new: its kind, its question (empty: the case) and its body."""
    kind, question_id, body = said
    slot: Slot = (state.purpose, question_id) if question_id else (state.purpose,)
    slots = state.slots(case_id)
    entry = Entry(state.person, state.writer, state.next_seq, now, kind, case_id, question_id,
                  {"purpose": state.purpose, **body}, ids(slots, slot))
    entries = {**state.entries, case_id: {**slots, slot: (entry,)}}
    after = replace(state, entries=entries, next_seq=state.next_seq + 1)
    return _outcome(after, case_id, (entry,), entry.id)


def _outcome(state: State, case_id: str, entries: tuple[Entry, ...], event_id: str) -> Outcome:
    return Outcome(state, entries, event_id, tuple(one.question.id for one in state.left(case_id)))

