"""Moderating as a state machine: what is refused and why, what is kept, and that the originals never move."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.marking.entries import Entry, entry_line, entry_of
from cqa.marking.moderating import State, step, usual_tolerance
from cqa.marking.moderating_actions import Action, Agree, Clear, Settle, Unsettle
from cqa.marking.moderation import CAUSES, NOT_ASKED, REFERENCE, Agreed, moderations_of
from cqa.marking.refusals import REFUSALS, Refused
from tests.casework import RUBRIC
from tests.marking.shared import NOW, after, amended, begun, marker, shared, two
from tests.screen.desk_at import built

ALL = {"q1": "fully_met", "q2": "fully_met", "q3": "fully_met"}
OTHER = {**ALL, "q2": "not_met"}
RIGHT = Agree("c1", "q2", "partly_met", "judgement", "one reason is missing")


def refused(state: State, action: Action) -> str:
    with pytest.raises(Refused) as caught:
        step(state, action, NOW)
    assert caught.value.why and caught.value.code in REFUSALS
    return caught.value.code


def test_a_difference_is_agreed_and_settled_with_its_cause() -> None:
    state = after(begun(two(ALL, OTHER)), RIGHT, Settle("c1"))
    found = state.moderation("c1")
    assert found.settled and found.over == state.cases["c1"].over and found.by == "lee"
    agreed = found.agreed["q2"]
    assert (agreed.mark, agreed.cause, agreed.reason, agreed.by) == (
        "partly_met", "judgement", "one reason is missing", "lee")


@pytest.mark.parametrize(("action", "code"), [
    (Agree("c1", "q2", "partly_met", "", "so"), "cause_missing"),
    (Agree("c1", "q2", "partly_met", "slip", " "), "agreed_reason_missing"),
    (Agree("c1", "q2", "partly_met", "judgment", "so"), "unknown_cause"),
    (Agree("c1", "q9", "partly_met", "slip", "so"), "unknown_question"),
    (Agree("c1", "q2", "partly", "slip", "so"), "unknown_level"),
    (Agree("c1", "q1", "does_not_apply", "slip", "so"), "forbidden_answer"),
    (Agree("c1", "q2", NOT_ASKED, "slip", "so"), "forbidden_answer"),
    (Agree("c1", "q2", "partly_met", "slip", "so", tolerance=1), "bad_tolerance"),
    (Agree("c1", "q2", "partly_met", "slip", "\ud800"), "text_unreadable"),
    (Agree("c7", "q2", "partly_met", "slip", "so"), "unknown_case"),
    (Agree("c8", "q2", "partly_met", "slip", "so"), "own_marks"),
    (Clear("c1", "q2"), "nothing_agreed"),
    (Settle("c1"), "still_differs"),
    (Unsettle("c1", "so"), "not_settled"),
])
def test_what_is_refused(action: Action, code: str) -> None:
    state = begun(two(ALL, OTHER), c8=("own_marks", "c8"))
    assert refused(state, action) == code


def test_mistyped_words_are_answered_with_the_nearest() -> None:
    state = begun(two(ALL, OTHER))
    for action, near in ((Agree("c1", "q2", "partly_met", "judgment", "so"), "judgement"),
                         (Agree("c1", "q2", "partly", "slip", "so"), "partly_met"),
                         (Agree("c1", "Q2", "partly_met", "slip", "so"), "q2")):
        with pytest.raises(Refused, match=f"Did you mean .*{near}"):
            step(state, action, NOW)


def test_settling_names_every_question_that_is_left() -> None:
    with pytest.raises(Refused, match=r"q1, q2"):
        step(begun(two(ALL, {"q1": "not_met", "q3": "fully_met"})), Settle("c1"), NOW)


def test_both_may_be_wrong_which_needs_a_cause_and_what_both_gave_needs_none() -> None:
    state = begun(two(ALL, OTHER))
    assert refused(state, Agree("c1", "q3", "not_met")) == "cause_missing"
    assert step(state, Agree("c1", "q3", "fully_met"), NOW).entries[0].body == {
        "purpose": "moderation", "agreed": "fully_met"}
    state = after(state, Agree("c1", "q3", "not_met", "fact_missed", "no note of the child"))
    assert state.moderation("c1").agreed["q3"].mark == "not_met"


def test_not_asked_can_be_agreed_where_one_was_not_asked() -> None:
    case = shared(marker("ann", ALL, child="Y"), marker("bob", {"q1": "fully_met", "q2": "fully_met"}, child="N"))
    state = after(begun(case), Agree("c1", "q3", NOT_ASKED, "fact_missed", "there is no child"), Settle("c1"))
    assert state.settled("c1") and state.moderation("c1").agreed["q3"].mark == NOT_ASKED


def test_a_question_that_what_is_agreed_closes_owes_nothing_and_takes_no_mark() -> None:
    case = two(ALL, {"q1": "not_met", "q3": "fully_met"})
    state = after(begun(case), Agree("c1", "q1", "not_met", "fact_missed", "the finding is missing"))
    assert refused(state, Agree("c1", "q2", "fully_met", "slip", "so")) == "gate_closed"
    assert after(state, Settle("c1")).settled("c1")


def test_nothing_changes_on_a_settled_case_until_it_is_unsettled_with_a_reason() -> None:
    state = after(begun(two(ALL, OTHER)), RIGHT, Settle("c1"))
    for action in (RIGHT, Clear("c1", "q2")):
        assert refused(state, action) == "settled"
    assert refused(state, Unsettle("c1", "  ")) == "unsettle_reason_missing"
    again = after(state, Unsettle("c1", "a page was found"), Agree("c1", "q2", "not_met", "fact_missed", "page 3"))
    assert not again.settled("c1") and again.moderation("c1").agreed["q2"].mark == "not_met"


def test_what_is_said_twice_is_kept_once() -> None:
    state = after(begun(two(ALL, OTHER)), RIGHT)
    assert step(state, RIGHT, NOW).entries == () and step(state, RIGHT, NOW).event_id == "lee.1:2"
    state = after(state, Settle("c1"))
    assert step(state, Settle("c1"), NOW).entries == ()


def test_an_amendment_since_opens_the_case_again_without_a_word() -> None:
    state = after(begun(two(ALL, OTHER)), RIGHT, Settle("c1"))
    state = amended(state, shared(marker("ann", ALL), marker("bob", ALL, signed="bob.1:30")))
    assert state.amended_since("c1") and not state.settled("c1")
    state = after(state, Clear("c1", "q2"), Settle("c1"))
    assert state.settled("c1") and not state.moderation("c1").agreed


def test_a_further_marker_since_is_no_amendment() -> None:
    state = after(begun(two(ALL, OTHER)), RIGHT, Settle("c1"))
    case = shared(marker("ann", ALL), marker("bob", OTHER), marker("cat", ALL))
    assert amended(state, case).settled("c1")


def test_every_asked_question_gets_a_reference_mark_and_what_all_gave_is_taken() -> None:
    state = begun(two(ALL, OTHER), purpose=REFERENCE)
    assert refused(state, Settle("c1")) == "still_differs"
    state = after(state, Agree("c1", "q2", "partly_met"))
    outcome = step(state, Settle("c1"), NOW)
    assert [entry.kind for entry in outcome.entries] == ["agreed", "agreed", "settled"]
    agreed = outcome.state.moderation("c1").agreed
    assert {name: (one.mark, one.tolerance) for name, one in agreed.items()} == {
        "q1": ("fully_met", 0), "q2": ("partly_met", 0), "q3": ("fully_met", 0)}


def test_a_tolerance_is_in_levels_and_never_wider_than_the_scale() -> None:
    state = begun(two(ALL, OTHER), purpose=REFERENCE)
    assert refused(state, Agree("c1", "q2", "partly_met", tolerance=3)) == "bad_tolerance"
    assert after(state, Agree("c1", "q2", "partly_met", tolerance=2)).moderation("c1").agreed["q2"].tolerance == 2


def test_the_usual_tolerance_follows_the_scale_and_is_none_on_a_critical_question() -> None:
    four = built(RUBRIC.replace("points: 0,", "points: 0.5,").replace(
        "    outside:\n", "      bad: {key: \"4\", label: Bad, points: 0}\n    outside:\n"))
    assert [usual_tolerance(four.by_id[name]) for name in ("q1", "q2")] == [0, 1]
    assert [usual_tolerance(built().by_id["q2"], usual) for usual in (None, 0, 1, 9)] == [0, 0, 1, 2]
    state = replace(begun(two(ALL, OTHER)), usual=1, tolerances={"q3": 2})
    assert {name: state.tolerance(built().by_id[name]) for name in ("q1", "q2", "q3")} == {"q1": 0, "q2": 1, "q3": 2}


def test_the_two_purposes_never_mix() -> None:
    state = after(begun(two(ALL, OTHER)), RIGHT, Settle("c1"))
    other = State(REFERENCE, "lee", "lee.1", state.cases, {}, state.entries, 9)
    assert not other.settled("c1") and not other.moderation("c1").agreed


@given(st.lists(st.one_of(
    st.builds(Agree, st.just("c1"), st.sampled_from(["q1", "q2", "q3"]),
              st.sampled_from(["fully_met", "partly_met", "not_met", "cannot_tell", "does_not_apply", NOT_ASKED]),
              st.sampled_from(["", *CAUSES]), st.sampled_from(["", "so", "for this"]), st.booleans()),
    st.builds(Clear, st.just("c1"), st.sampled_from(["q1", "q2", "q3"])),
    st.just(Settle("c1")), st.builds(Unsettle, st.just("c1"), st.sampled_from(["", "a page was found"]))),
    max_size=25))
def test_whatever_is_done_what_is_read_back_from_the_lines_is_what_stands(actions: list[Action]) -> None:
    case = two(ALL, {"q1": "not_met", "q3": "partly_met"})
    state = begun(case)
    kept: list[Entry] = []
    for action in actions:
        try:
            outcome = step(state, action, NOW)
        except Refused:
            continue
        state = outcome.state
        kept += outcome.entries
    lines = [{**entry_line(entry), "seq": entry.seq} for entry in kept]
    read = moderations_of(entry for line in lines if (entry := entry_of(line, "lee", "lee.1")))
    assert read.of("c1", "moderation") == state.moderation("c1")
    assert [entry.seq for entry in kept] == list(range(2, 2 + len(kept)))
    if state.settled("c1"):
        assert not state.left("c1")
    assert state.cases["c1"] == case


def test_an_agreed_mark_says_who_and_when() -> None:
    assert after(begun(two(ALL, OTHER)), RIGHT).moderation("c1").agreed["q2"] == Agreed(
        "q2", "partly_met", "judgement", "one reason is missing", False, "lee", NOW, "lee.1:2")


def test_a_settling_that_was_cut_off_between_two_lines_is_gone_on_with() -> None:
    state = after(begun(two(ALL, OTHER), purpose=REFERENCE), Agree("c1", "q2", "partly_met"))
    whole = step(state, Settle("c1"), NOW).entries
    first = whole[0]
    cut = replace(state, entries={"c1": {**state.slots("c1"), (REFERENCE, first.question_id): (first,)}},
                  next_seq=first.seq + 1)
    assert not cut.settled("c1")
    rest = step(cut, Settle("c1"), NOW)
    assert [entry.kind for entry in rest.entries] == ["agreed", "settled"] and rest.state.settled("c1")
