"""The marking session under random hands: nothing is lost, nothing counts that is not asked, undo goes all the way."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.files.yaml_tree import parse_tree
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
from cqa.marking.events import Event, event_of, payload_of
from cqa.marking.refusals import Refused
from cqa.marking.replay import CaseRecord, assessment_of, replay, worked_on
from cqa.marking.session import State, step
from cqa.marking.spent import Spent
from cqa.rubric.build import build_rubric
from cqa.rubric.model import Rubric
from tests.casework import RUBRIC

NOW = "2026-03-02T09:00:00.000Z"
LEVELS = ("fully_met", "partly_met", "not_met", "cannot_tell", "does_not_apply")


def built(text: str = RUBRIC) -> Rubric:
    rubric = build_rubric(parse_tree(text.encode(), "r"), "r").rubric
    assert rubric is not None
    return rubric


def begun(rubric: Rubric | None = None, child: str = "Y", writer: str = "ann.1") -> State:
    cases = {"c1": {"child": child}, "c2": {"child": ""}}
    return State(rubric or built(), "seed", writer, cases, frozenset({"c9"}), {}, 2)


def refused(state: State, action: Action) -> str:
    with pytest.raises(Refused) as caught:
        step(state, action, NOW)
    assert caught.value.why
    return caught.value.code


def after(state: State, *actions: Action) -> State:
    for action in actions:
        state = step(state, action, NOW).state
    return state


@pytest.mark.parametrize(("action", "code"), [
    (SetMark("c7", "q1", "fully_met"), "unknown_case"),
    (SetMark("c9", "q1", "fully_met"), "not_assigned"),
    (SetMark("c1", "q9", "fully_met"), "unknown_question"),
    (SetMark("c1", "q1", "good"), "unknown_level"),
    (SetMark("c1", "q1", "does_not_apply"), "forbidden_answer"),
    (SetMark("c1", "q2", "fully_met"), "gate_closed"),
    (SetMark("c2", "q3", "fully_met"), "fact_needed"),
    (SetMark("c1", "q1", "not_met", "x" * 8_001), "text_too_long"),
    (SetMark("c1", "q1", "not_met", "\ud800"), "text_unreadable"),
    (SetMark("c1", "q1", "not_met", "\x01" * 8_000), "text_of_controls"),
    (Clear("c1", "q1"), "nothing_to_clear"),
    (Clear("c1", "q9"), "unknown_question"),
    (SetFact("c1", "child", "N"), "fact_known"),
    (SetFact("c2", "child", "perhaps"), "unreadable_fact"),
    (SetFact("c2", "kid", "Y"), "unknown_fact"),
    (Undo("c1"), "nothing_to_undo"),
    (Redo("c1"), "nothing_to_redo"),
    (SignOff("c1"), "not_finished"),
])
def test_what_is_not_allowed_is_refused_with_its_code(action: Action, code: str) -> None:
    assert refused(begun(), action) == code


def test_a_mark_is_saved_with_what_it_owes() -> None:
    assert step(begun(), SetMark("c1", "q1", "not_met"), NOW).due == ("reason", "evidence")
    assert step(begun(), SetMark("c1", "q1", "not_met", "why"), NOW).due == ("evidence",)
    assert step(begun(), SetMark("c1", "q1", "fully_met"), NOW).due == ()


def test_a_mark_equal_to_the_standing_one_is_no_new_event() -> None:
    first = step(begun(), SetMark("c1", "q1", "not_met", "why", "p 2"), NOW)
    again = step(first.state, SetMark("c1", "q1", "not_met"), NOW)
    assert again.event is None and again.event_id == first.event_id and again.state == first.state
    assert step(first.state, SetMark("c1", "q1", "not_met", "other"), NOW).event is not None


def test_another_level_begins_without_the_texts_of_the_old_one() -> None:
    state = after(begun(), SetMark("c1", "q1", "not_met", "why", "p 2"), SetMark("c1", "q1", "partly_met"))
    assert state.assessment("c1").marks["q1"].reason == ""


def test_sign_off_lists_what_is_owed_and_then_nothing_can_be_changed() -> None:
    state = after(begun(), SetMark("c1", "q1", "not_met", "why"), SetMark("c1", "q3", "fully_met"))
    with pytest.raises(Refused) as caught:
        step(state, SignOff("c1"), NOW)
    assert "q1 owes its evidence" in caught.value.why and "rule r1" in caught.value.why
    state = after(state, SetMark("c1", "q1", "not_met", "why", "p 2"), SetMark("c1", "q3", "partly_met", "so"),
                  SignOff("c1"))
    assert state.assessment("c1").signed_at == NOW
    for action in (SetMark("c1", "q1", "fully_met"), Undo("c1"), Flag("c1"), SignOff("c1")):
        assert refused(state, action) == "signed_off"


def test_a_blank_fact_has_to_be_answered_before_the_sign_off() -> None:
    state = after(begun(), SetMark("c2", "q1", "not_met", "why", "p"))
    with pytest.raises(Refused, match="child"):
        step(state, SignOff("c2"), NOW)
    assert after(state, SetFact("c2", "child", "N"), SignOff("c2")).assessment("c2").signed_at


def test_a_gate_that_reopens_brings_its_old_answer_back() -> None:
    state = after(begun(), SetMark("c1", "q1", "fully_met"), SetMark("c1", "q2", "partly_met", "because"),
                  SetMark("c1", "q1", "not_met"))
    assert state.standing("c1").set_aside == ("q2",) and "q2" not in state.standing("c1").marks
    state = after(state, SetMark("c1", "q1", "fully_met"))
    assert state.standing("c1").marks["q2"].reason == "because"


def test_proof_is_due_on_some_full_marks() -> None:
    rubric = built(RUBRIC.replace("sections:\n", "proof: {levels: [fully_met], one_in: 1}\nsections:\n"))
    outcome = step(begun(rubric), SetMark("c1", "q1", "fully_met"), NOW)
    assert outcome.due == ("evidence",)
    assert step(outcome.state, SetMark("c1", "q1", "fully_met", evidence="p 3"), NOW).due == ()


ACTIONS = st.one_of(
    st.builds(SetMark, st.sampled_from(["c1", "c2"]), st.sampled_from(["q1", "q2", "q3"]), st.sampled_from(LEVELS),
              st.sampled_from([None, "", "why"]), st.sampled_from([None, "p 2"])),
    st.builds(Clear, st.sampled_from(["c1", "c2"]), st.sampled_from(["q1", "q2", "q3"])),
    st.builds(SetFact, st.just("c2"), st.just("child"), st.sampled_from(["Y", "N", "x"])),
    st.builds(Flag, st.sampled_from(["c1", "c2"])),
    st.builds(Undo, st.sampled_from(["c1", "c2"])),
    st.builds(Redo, st.sampled_from(["c1", "c2"])),
    st.builds(SignOff, st.sampled_from(["c1", "c2"])),
)


def walked(state: State, actions: Sequence[Action]) -> tuple[State, list[Event]]:
    """The state after what was allowed of the actions, and every event to keep."""
    events = []
    for action in actions:
        try:
            outcome = step(state, action, NOW)
        except Refused:
            continue
        state = outcome.state
        if outcome.event is not None:
            events.append(outcome.event)
    return state, events


@given(st.lists(ACTIONS, max_size=25), st.randoms(use_true_random=False))
def test_replay_of_the_journal_in_any_order_is_the_state(actions: list[Action], shuffler: random.Random) -> None:
    state, events = walked(begun(), actions)
    lines = [event_of({**payload_of(event), "seq": event.seq}, "ann.1") for event in events]
    shuffler.shuffle(lines)
    records = replay(lines)
    for case_id in ("c1", "c2"):
        assert assessment_of(case_id, records.get(case_id, begun().record(case_id))) == state.assessment(case_id)
    assert [event.seq for event in events] == list(range(2, 2 + len(events)))


@given(st.lists(ACTIONS, max_size=25))
def test_undoing_everything_leads_back_to_the_start_and_redoing_back_to_the_end(actions: list[Action]) -> None:
    state, _ = walked(begun(), actions)
    for case_id in ("c1", "c2"):
        if state.assessment(case_id).signed_at:
            continue
        end, undone = state.assessment(case_id), 0
        while state.trail.get(case_id):
            state = step(state, Undo(case_id), NOW).state
            undone += 1
        bare = state.assessment(case_id)
        assert not bare.marks and not bare.facts and not bare.flagged
        for _ in range(undone):
            state = step(state, Redo(case_id), NOW).state
        again = state.assessment(case_id)
        assert (again.values, again.facts, again.flagged) == (end.values, end.facts, end.flagged)


@given(st.lists(ACTIONS, max_size=25))
def test_an_unasked_question_never_counts(actions: list[Action]) -> None:
    state, _ = walked(begun(), actions)
    for case_id in ("c1", "c2"):
        standing = state.standing(case_id)
        assert all(standing.asked[question] for question in standing.marks)
        if state.assessment(case_id).signed_at:
            assert standing.finished


@given(st.lists(ACTIONS, max_size=12), st.lists(ACTIONS, max_size=12))
def test_two_devices_are_joined_and_what_they_dispute_is_named(one: list[Action], other: list[Action]) -> None:
    _, first = walked(begun(writer="ann.1"), one)
    _, second = walked(begun(writer="ann.2"), other)
    joined, turned = replay([*first, *second]), replay([*second, *first])
    assert joined == turned
    for case_id, record in joined.items():
        both = {event.slot for event in first if event.case_id == case_id} & {
            event.slot for event in second if event.case_id == case_id}
        assert set(assessment_of(case_id, record).disputed) == both


@pytest.mark.parametrize("number", ["1/0", "1/3", "1e9999999", "nan", "1_0"])
def test_a_number_that_is_no_plain_decimal_is_refused(number: str) -> None:
    text = RUBRIC.replace("- {id: q3, ask: Was the child heard}", "- {id: q3, ask: How many, type: number}").replace(
        "forbid: {q3: [fully_met]}", "forbid: {q1: [not_met]}")
    assert refused(begun(built(text)), SetMark("c1", "q3", number)) == "unknown_level"
    assert after(begun(built(text)), SetMark("c1", "q3", "-12.5")).assessment("c1").values == {"q3": "-12.5"}
    facts = text.replace("type: flag", "type: number").replace("{child: true}", "{child: {at_least: 1}}")
    assert refused(begun(built(facts)), SetFact("c2", "child", number)) == "unreadable_fact"


def signed() -> State:
    """A sitting whose first case is signed off at NOW."""
    return after(begun(child="N"), SetMark("c1", "q1", "fully_met"), SetMark("c1", "q2", "fully_met"), SignOff("c1"))


def at(hours: float) -> str:
    """A moment so many hours after NOW."""
    return (datetime.fromisoformat(NOW) + timedelta(hours=hours)).isoformat()


def test_a_sign_off_is_taken_back_within_a_day_and_then_only_by_an_amendment() -> None:
    reopened = step(signed(), Reopen("c1"), at(23.9)).state
    assert not reopened.assessment("c1").signed_at and refused(reopened, Undo("c1")) == "nothing_to_undo"
    with pytest.raises(Refused) as caught:
        step(signed(), Reopen("c1"), at(24))
    assert caught.value.code == "grace_over"
    assert refused(replace(signed(), seen=frozenset({"c1"})), Reopen("c1")) == "seen"
    assert refused(begun(), Reopen("c1")) == "not_signed"


def test_while_a_case_is_amended_what_was_signed_counts() -> None:
    assert refused(signed(), Amend("c1", " ")) == "reason_missing"
    assert refused(begun(), Amend("c1", "so")) == "not_signed"
    amending = after(signed(), Amend("c1", "The letter was found."), SetMark("c1", "q1", "partly_met", "late"))
    counts = assessment_of("c1", amending.record("c1"))
    assert counts.signed_at and counts.values["q1"] == "fully_met" and counts.amending == "The letter was found."
    assert not counts.unsigned and not counts.disputed
    assert amending.assessment("c1").values["q1"] == "partly_met" and not amending.assessment("c1").signed_at
    again = after(amending, SignOff("c1"))
    assert assessment_of("c1", again.record("c1")).values["q1"] == "partly_met"
    assert not again.assessment("c1").amending and refused(again, SetMark("c1", "q1", "fully_met")) == "signed_off"


def test_an_urgent_concern_is_no_part_of_the_assessment() -> None:
    state = after(begun(child="N"), SetMark("c1", "q1", "fully_met"), Urgent("c1", "Custody limit on Friday."))
    assert state.assessment("c1").urgent == "Custody limit on Friday." and state.assessment("c1").urgent_at == NOW
    undone = after(state, Undo("c1"))
    assert undone.assessment("c1").urgent and not undone.assessment("c1").marks
    late = after(signed(), Urgent("c1", "The child is at risk."))
    assert assessment_of("c1", late.record("c1")).urgent and not assessment_of("c1", late.record("c1")).unsigned
    assert not after(late, Urgent("c1", "")).assessment("c1").urgent


def test_a_band_is_disputed_beside_it_and_only_once_it_is_shown() -> None:
    assert refused(begun(), DisputeBand("c1", "Too low.")) == "not_signed"
    assert after(signed(), DisputeBand("c1", "Too low.")).assessment("c1").band_dispute == "Too low."


LATE = st.sampled_from([
    SignOff("c1"), SignOff("c1"), Reopen("c1"), Amend("c1", "so"), Urgent("c1", "now"), Urgent("c1", ""),
    DisputeBand("c1", "no"), Undo("c1"), *(SetMark("c1", question, level, "why", "p 1")
                                           for question in ("q1", "q2", "q3") for level in LEVELS[:2])])


@given(st.lists(LATE, max_size=40))
def test_replay_is_the_state_through_sign_offs_and_amendments(actions: list[Action]) -> None:
    state, events = walked(begun(child="N"), actions)
    record = replay(events).get("c1", CaseRecord())
    assert worked_on("c1", record) == state.assessment("c1")
    assert assessment_of("c1", record) == assessment_of("c1", state.record("c1"))
    assert state.spent.get("c1", Spent()) == Spent()


def test_what_was_signed_still_counts_when_an_urgent_concern_follows_a_mark_of_the_amendment() -> None:
    state = after(signed(), Amend("c1", "so"), SetMark("c1", "q1", "partly_met", "why", "p 1"), Urgent("c1", "now"))
    counting = assessment_of("c1", state.record("c1"))
    assert counting.values == assessment_of("c1", signed().record("c1")).values and not counting.missing


@st.composite
def rubrics(draw: st.DrawFn) -> Rubric:
    """A rubric of up to six questions, each asked always or by what was answered to earlier ones."""
    lines = [RUBRIC[:RUBRIC.index("sections:")], "sections:\n  - id: a\n    title: A\n    questions:\n"]
    for number in range(1, draw(st.integers(1, 6)) + 1):
        gate = ""
        if number > 1 and draw(st.booleans()):
            levels = draw(st.lists(st.sampled_from(LEVELS), min_size=1, max_size=3, unique=True))
            asked = f"{{q{draw(st.integers(1, number - 1))}: [{', '.join(levels)}]}}"
            gate = f", ask_when: {draw(st.sampled_from([asked, f'{{not: {asked}}}']))}"
        lines.append(f"      - {{id: q{number}, ask: Was it right{gate}}}\n")
    return built("".join(lines))


@given(rubrics(), st.data())
def test_on_any_rubric_undoing_everything_is_the_start_and_only_what_is_asked_counts(
    rubric: Rubric, data: st.DataObject
) -> None:
    marks = st.builds(SetMark, st.just("c1"), st.sampled_from(list(rubric.by_id)), st.sampled_from(LEVELS),
                      st.just("why"), st.just("p 2"))
    actions = data.draw(st.lists(st.one_of(marks, marks, st.just(Undo("c1")), st.just(Redo("c1"))), max_size=25))
    start = begun(rubric)
    state, events = walked(start, actions)
    standing = state.standing("c1")
    assert all(standing.asked[question] for question in (*standing.marks, *standing.unanswered))
    assert worked_on("c1", replay(events).get("c1", CaseRecord())) == state.assessment("c1")
    kept = dict(state.assessment("c1").values)
    assert {**standing.values, **{question: kept[question] for question in standing.set_aside}} == kept
    while state.trail.get("c1"):
        state = step(state, Undo("c1"), NOW).state
    assert state.assessment("c1") == start.assessment("c1") or not state.assessment("c1").marks
