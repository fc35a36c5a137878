"""After a move of the rubric a mark on a touched question is set aside, kept and replaced; what is signed stays."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cqa.marking.actions import Action, Clear, Redo, SetMark, SignOff, Undo
from cqa.marking.events import Event, event_of, payload_of
from cqa.marking.refusals import Refused
from cqa.marking.replay import CaseRecord, assessment_of, replay
from cqa.marking.session import State, step
from cqa.marking.versions import Versions, versions_of
from tests.casework import RUBRIC
from tests.marking.test_session import NOW, built

OLD, NEW = built(), built(RUBRIC.replace('version: "1.0"', 'version: "1.1"').replace(
    "ask: Was it reasoned", "levels: {not_met: No word of it.}, ask: Was the decision reasoned"))
MOVED = versions_of("old", "new", {"old": OLD, "new": NEW})
ANSWERS = (SetMark("c1", "q1", "fully_met"), SetMark("c1", "q2", "fully_met"), SetMark("c1", "q3", "fully_met"))


def sitting(versions: Versions, events: list[Event], sha256: str, *actions: Action) -> State:
    """A sitting under the rubric of that SHA-256 that begins from the events; what it keeps is added to them, as a
    journal gives it back."""
    records = {case_id: versions.under(record) for case_id, record in replay(events).items()}
    state = State(versions.rubrics[sha256], "seed", "ann.1", {"c1": {"child": "Y"}}, frozenset(), records,
                  len(events) + 1)
    for action in actions:
        try:
            outcome = step(state, action, NOW)
        except Refused:
            continue
        state = outcome.state
        if outcome.event is not None:
            events.append(event_of({**payload_of(outcome.event), "seq": outcome.event.seq}, "ann.1", sha256))
    return state


def record(events: list[Event]) -> CaseRecord:
    return replay(events)["c1"]


def values(versions: Versions, events: list[Event]) -> dict[str, str]:
    return assessment_of("c1", versions.under(record(events))).values


def marked() -> list[Event]:
    events: list[Event] = []
    sitting(versions_of("old", "old", {"old": OLD}), events, "old", *ANSWERS)
    return events


def test_marks_on_untouched_questions_stand_and_the_touched_is_set_aside() -> None:
    events = marked()
    assert values(MOVED, events) == {"q1": "fully_met", "q3": "fully_met"}
    assert [*MOVED.set_aside(record(events))] == ["q2"] and MOVED.of(record(events)) is NEW
    assert assessment_of("c1", record(events)).values["q2"] == "fully_met"
    assert "q2" in sitting(MOVED, events, "new").standing("c1").unanswered


def test_with_one_version_nothing_is_looked_at() -> None:
    events = marked()
    one = versions_of("old", "old", {"old": OLD})
    assert one.under(record(events)) is not None and one.under(record(events)).heads == record(events).heads
    assert one.set_aside(record(events)) == {}


def test_the_new_mark_takes_the_place_of_the_one_set_aside_without_a_dispute() -> None:
    events = marked()
    sitting(MOVED, events, "new", SetMark("c1", "q2", "fully_met"))
    assert events[-1].replaces == (events[1].id,)
    assert values(MOVED, events)["q2"] == "fully_met" and not MOVED.set_aside(record(events))
    assert not assessment_of("c1", MOVED.under(record(events))).disputed


def test_undoing_the_new_mark_does_not_bring_the_old_one_back() -> None:
    events = marked()
    sitting(MOVED, events, "new", SetMark("c1", "q2", "not_met"), Undo("c1"))
    assert "q2" not in values(MOVED, events) and "q2" not in assessment_of("c1", record(events)).values


def test_what_is_signed_off_stays_under_the_version_it_was_signed_under() -> None:
    events = marked()
    sitting(versions_of("old", "old", {"old": OLD}), events, "old", SignOff("c1"))
    assert MOVED.of(record(events)) is OLD and MOVED.set_aside(record(events)) == {}
    assert values(MOVED, events) == {"q1": "fully_met", "q2": "fully_met", "q3": "fully_met"}
    assert not assessment_of("c1", MOVED.under(record(events))).unsigned


def test_a_sign_off_under_the_new_version_does_not_bring_in_a_mark_that_was_set_aside() -> None:
    optional = built(RUBRIC.replace('version: "1.0"', 'version: "1.1"').replace(
        "ask: Was it reasoned", "required: false, levels: {not_met: No word of it.}, ask: Was the decision reasoned"))
    versions = versions_of("old", "new", {"old": OLD, "new": optional})
    events = marked()
    state = sitting(versions, events, "new", SignOff("c1"))
    assert state.assessment("c1").signed_at and versions.of(record(events)) is optional
    assert values(versions, events) == {"q1": "fully_met", "q3": "fully_met"}


def test_a_mark_cleared_under_the_old_version_stays_cleared() -> None:
    events = marked()
    sitting(versions_of("old", "old", {"old": OLD}), events, "old", Clear("c1", "q2"))
    assert MOVED.set_aside(record(events)) == {} and "q2" not in values(MOVED, events)


def test_of_three_versions_only_the_first_and_the_last_are_held_against_each_other() -> None:
    again = replace(OLD, version="1.2")
    versions = versions_of("old", "again", {"old": OLD, "new": NEW, "again": again})
    events = marked()
    assert versions.set_aside(record(events)) == {}
    sitting(MOVED, events, "new", SetMark("c1", "q2", "not_met"))
    assert versions.set_aside(record(events))["q2"].value == "not_met"


def test_a_mark_of_a_rubric_nobody_knows_counts_as_given_under_the_one_drawn_with() -> None:
    events = [event._replace(rubric="") for event in marked()]
    assert [*MOVED.set_aside(record(events))] == ["q2"]


ACTS = st.lists(st.one_of(
    st.builds(SetMark, st.just("c1"), st.sampled_from(["q1", "q2", "q3"]), st.sampled_from(["fully_met", "not_met"]),
              st.just("a reason"), st.just("page 2")),
    st.builds(Clear, st.just("c1"), st.sampled_from(["q1", "q2"])),
    st.sampled_from([Undo("c1"), Redo("c1"), SignOff("c1")])), max_size=8)


@given(ACTS, ACTS, ACTS)
def test_whatever_is_done_before_and_after_a_move_every_reader_finds_what_the_sitting_showed(
    before: list[Action], after: list[Action], later: list[Action]
) -> None:
    events: list[Event] = []
    sitting(versions_of("old", "old", {"old": OLD}), events, "old", *before)
    old = {event.id: event for event in events}
    for acts in (after, later):
        state = sitting(MOVED, events, "new", *acts)
        read = {case_id: MOVED.under(found) for case_id, found in replay(events).items()}.get("c1", CaseRecord())
        told = assessment_of("c1", read)
        assert (told.values, told.signed_at, told.disputed) == (
            state.assessment("c1").values, state.assessment("c1").signed_at, ())
        standing = [old[mark.event_id] for mark in told.marks.values() if mark.event_id in old]
        if MOVED.of(read) is NEW:
            assert "q2" not in {event.question_id for event in standing}
