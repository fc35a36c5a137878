"""One case under several hands: what differs, what is open under what is agreed, and under which letters."""

import hashlib

from cqa.marking.compared import Compared, SharedCase, agreed_result, compare, letter, levels_apart
from cqa.marking.moderating_actions import Agree
from cqa.marking.moderation import Moderation
from tests.casework import RUBRIC
from tests.marking.shared import after, begun, marker, shared, two
from tests.screen.desk_at import built

NOTHING = Moderation("c1", "moderation", {})
ALL = {"q1": "fully_met", "q2": "fully_met", "q3": "fully_met"}


def compared(case: SharedCase, question_id: str, moderation: Moderation = NOTHING) -> Compared:
    return next(one for one in compare(case, moderation) if one.question.id == question_id)


def test_marks_that_are_alike_are_common_and_owe_nothing() -> None:
    found = compare(two(ALL, ALL), NOTHING)
    assert [(one.question.id, one.common, one.differs, one.owed) for one in found] == [
        (name, "fully_met", False, False) for name in ("q1", "q2", "q3")]


def test_levels_apart_are_counted_and_an_answer_off_the_scale_is_a_difference_without_a_number() -> None:
    case = two(ALL, {**ALL, "q1": "partly_met", "q3": "cannot_tell"})
    assert (compared(case, "q1").differs, compared(case, "q1").apart) == (True, 1)
    assert (compared(case, "q3").differs, compared(case, "q3").apart) == (True, None)
    assert levels_apart(built().by_id["q1"], ("fully_met", "not_met")) == 2


def test_a_question_that_one_was_asked_only_differs_and_is_owed_until_its_gate_is_decided() -> None:
    case = two(ALL, {"q1": "not_met", "q3": "partly_met"})
    one = compared(case, "q2")
    assert (one.differs, one.open, one.waits_for, one.owed, one.may_be_unasked) == (
        True, None, ("q1",), True, True)
    shut = after(begun(case), Agree("c1", "q1", "not_met", "slip", "so")).moderation("c1")
    assert (compared(case, "q2", shut).open, compared(case, "q2", shut).owed, compared(case, "q2", shut).value) == (
        False, False, "")
    opened = after(begun(case), Agree("c1", "q1", "fully_met", "slip", "so")).moderation("c1")
    assert (compared(case, "q2", opened).open, compared(case, "q2", opened).owed) == (True, True)
    assert not compared(case, "q2", opened).may_be_unasked


def test_what_was_agreed_not_to_be_asked_is_owed_again_once_what_is_agreed_asks_it() -> None:
    case = two(ALL, {"q1": "not_met", "q3": "fully_met"})
    state = after(begun(case), Agree("c1", "q2", "", "slip", "so"), Agree("c1", "q1", "fully_met", "slip", "so"))
    assert compared(case, "q2", state.moderation("c1")).owed


def test_a_question_that_nobody_was_asked_is_owed_once_what_is_agreed_opens_it() -> None:
    case = two({"q1": "not_met", "q3": "not_met"}, {"q1": "not_met", "q3": "not_met"})
    assert [one.question.id for one in compare(case, NOTHING)] == ["q1", "q3"]
    both_wrong = after(begun(case), Agree("c1", "q1", "fully_met", "fact_missed", "the note is there"))
    assert compared(case, "q2", both_wrong.moderation("c1")).owed


def test_case_facts_that_differ_leave_a_gate_unknown_and_the_question_owed() -> None:
    case = shared(marker("ann", ALL, child="Y"), marker("bob", {"q1": "fully_met", "q2": "fully_met"}, child="N"))
    one = compared(case, "q3")
    assert (one.open, one.waits_for, one.differs, one.owed) == (None, (), True, True)
    assert case.facts == {"child": ""}


def test_letters_hide_who_is_who_and_are_not_the_order_of_turns() -> None:
    firsts = {shared(marker("ann", ALL), marker("bob", ALL), case_id=f"c{number}").markers[0].reviewer
              for number in range(20)}
    assert firsts == {"ann", "bob"}
    case = shared(marker("ann", ALL), marker("bob", ALL))
    again = shared(marker("bob", ALL), marker("ann", ALL))
    assert [one.reviewer for one in case.markers] == [one.reviewer for one in again.markers]
    assert [name for name, _ in case.lettered] == ["A", "B"] and [letter(26), letter(27)] == ["A1", "B1"]


def test_the_hidden_order_is_that_of_the_rule() -> None:
    def ticket(name: str) -> str:
        return hashlib.sha256(f"seed/moderate|c1|{name}".encode()).hexdigest()

    assert [one.reviewer for one in shared(marker("Ann", ALL), marker("bob", ALL)).markers] == sorted(
        ("Ann", "bob"), key=lambda name: ticket(name.lower()))


def test_the_result_under_what_is_agreed() -> None:
    case = two(ALL, {**ALL, "q1": "not_met", "q2": "fully_met"})
    found = after(begun(case), Agree("c1", "q1", "partly_met", "judgement", "one point is missing")).moderation("c1")
    result = agreed_result(case, found)
    assert (result.band, float(result.score or 0)) == ("Fine", 5 / 6)
    assert {one.reviewer: one.result.band for one in case.markers} == {"ann": "Fine", "bob": "Fail"}


def test_words_are_never_held_against_each_other() -> None:
    rubric = built(RUBRIC.replace("rules:", "      - {id: q4, ask: What else, type: text}\nrules:"))
    case = shared(marker("ann", {**ALL, "q4": "this"}, rubric=rubric), marker("bob", {**ALL, "q4": "that"},
                  rubric=rubric), rubric=rubric)
    one = compared(case, "q4")
    assert not one.differs and not one.owed and one.common is None


def test_one_number_written_in_two_ways_is_no_difference() -> None:
    rubric = built(RUBRIC.replace("rules:", "      - {id: q4, ask: How many, type: number}\nrules:"))
    case = shared(*(marker(name, {**ALL, "q4": written}, rubric=rubric)
                    for name, written in (("ann", "12"), ("bob", "12.0"))), rubric=rubric)
    assert not compared(case, "q4").differs and compared(case, "q4").common in ("12", "12.0")
