"""What each key does at the full screen, and that no run of keys breaks it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cqa.keys import SHIPPED
from cqa.marking.replay import CaseRecord, replay, worked_on
from cqa.screen import desk_keys
from cqa.screen.page import Size
from tests.commands.test_questions_in_words import WORDS
from tests.screen.desk_at import AtDesk, built

# What a key does, one by one.


def test_a_digit_marks_and_goes_on() -> None:
    at = AtDesk().at("c1").press("1", "9")
    assert at.marks == {"q1": "fully_met", "q2": "does_not_apply"} and at.desk.at == "q3"


def test_an_answer_that_is_forbidden_is_no_key() -> None:
    at = AtDesk().at("c1").press("9")
    assert at.marks == {} and at.desk.message == "9 does nothing here. ? shows what every key does."


def test_a_mark_that_owes_texts_opens_their_boxes_one_after_the_other() -> None:
    at = AtDesk().at("c1").press("3")
    assert at.desk.writing and at.desk.writing.title == "Reason for q1, NOT MET   [due]"
    at.type("Nothing is there.")
    assert at.desk.writing and at.desk.writing.title == "Evidence, the place in the file, for q1, NOT MET   [due]"
    at.type("Review, p 2")
    assert at.desk.writing is None and at.desk.at == "q3"
    mark = at.desk.state.assessment("c1").marks["q1"]
    assert (mark.value, mark.reason, mark.evidence) == ("not_met", "Nothing is there.", "Review, p 2")
    assert at.kinds == ["answered"] * 3


def test_a_box_left_empty_says_that_its_text_is_still_due() -> None:
    at = AtDesk().at("c1").press("2").type("")
    assert at.desk.message == "q1: reason still due." and at.desk.at == "q2"
    at.press("left")
    assert "Reason: DUE (C writes it)" in at.flowing()


def test_another_digit_changes_a_mark_keeps_its_words_and_says_so() -> None:
    at = AtDesk().at("c1").press("2").type("Late.").press("left", "1")
    assert at.desk.message == "q1 changed from Partly met to Fully met. U undoes it."
    assert at.desk.state.assessment("c1").marks["q1"].reason == "Late."
    at.press("left")
    assert "was Partly met until" in at.flowing()


def test_the_same_digit_again_is_nothing_new() -> None:
    at = AtDesk().at("c1").press("1", "left", "1")
    assert at.kinds == ["answered"] and at.desk.at == "q2"


def test_undo_and_redo_go_to_what_they_changed() -> None:
    at = AtDesk().at("c1").press("1", "1", "home", "u")
    assert at.desk.at == "q2" and at.marks == {"q1": "fully_met"}
    assert at.desk.message == "Undone: q2 back from Fully met to no mark."
    at.press("r")
    assert at.marks == {"q1": "fully_met", "q2": "fully_met"}
    at.press("r")
    assert "Nothing is left to do again" in at.desk.message and at.desk.alarm


@pytest.mark.parametrize(("keys", "where"), [
    (["left"], "q1"), (["right"], "q3"), (["right", "right"], ""), (["right", "right", "left"], "q3"),
    (["right", "right", "right"], ""), (["pagedown"], "q3"), (["pagedown", "pageup"], "q1"), (["right", "home"], "q1"),
    (["n"], "q3"), (["n", "n"], "q1"), (["enter"], "q1")])
def test_keys_that_only_move(keys: list[str], where: str) -> None:
    at = AtDesk().at("c1").press(*keys)
    assert at.desk.at == where and at.events == []


@pytest.mark.parametrize(("typed", "where", "told"), [
    ("2", "q3", ""), ("Q3", "q3", ""), (" 1 ", "q1", ""), ("", "q1", ""),
    ("9", "q1", "There is no question 9: type a number from 1 to 2."), ("\u0662", "q3", ""),
    ("0", "q1", "There is no question 0: type a number from 1 to 2."),
    ("q9\x1b", "q1", "There is no question q9<U+001B>: type a number from 1 to 2.")])
def test_jump_takes_a_number_or_an_id(typed: str, where: str, told: str) -> None:
    at = AtDesk().at("c1").press("j").type(typed)
    assert (at.desk.at, at.desk.message, at.desk.writing) == (where, told, None)


def test_clear_flag_and_texts_without_a_mark() -> None:
    at = AtDesk().at("c1").press("x")
    assert "no mark to clear" in at.desk.message
    at.press("c")
    assert at.desk.message == "q1 has no mark yet: mark it first." and at.desk.writing is None
    at.press("1", "left", "x")
    assert at.marks == {} and at.desk.message == "Mark of q1 taken away."
    at.press("f")
    assert at.desk.message == "Case flagged." and "FLAGGED" in at.screen()
    at.press("f")
    assert at.desk.message == "The flag is taken off." and "FLAGGED" not in at.screen()


def test_words_of_a_mark_are_changed_and_taken_away_and_the_question_stays() -> None:
    at = AtDesk().at("c1").press("1", "left", "e").type("p 2").press("c").type("So.")
    mark = at.desk.state.assessment("c1").marks["q1"]
    assert (mark.reason, mark.evidence, at.desk.at) == ("So.", "p 2", "q1")
    at.press("c")
    assert at.desk.writing and at.desk.writing.words == "So." and not at.desk.writing.onwards
    at.type("  ")
    assert at.desk.state.assessment("c1").marks["q1"].reason == ""


@pytest.mark.parametrize(("key", "title"), [("l", "THE QUESTIONS OF CASE c1"), ("a", "MARCH   your cases: 3"),
                                            ("i", "THE CASE"), ("g", "GUIDANCE"), ("?", "HELP"), ("s", "SIGN-OFF")])
def test_every_page_to_read_opens_and_closes_and_marks_nothing(key: str, title: str) -> None:
    at = AtDesk().at("c1").press(key)
    assert title in at.screen()
    at.press("1")
    assert title in at.screen() and at.events == []
    at.press("escape")
    assert "q1  Was it right" in at.screen() and at.events == []


def test_the_papers_are_in_practice_only() -> None:
    at = AtDesk().at("c1").press("p")
    assert "cqa practise has papers to read" in at.desk.message


def test_the_list_of_questions_goes_to_the_chosen_one() -> None:
    at = AtDesk().at("c1").press("l", "down", "down", "up", "enter")
    assert at.desk.menu is None and at.desk.at == "q1"
    at.press("l", "end", "enter")
    assert at.desk.at == "q3"


def test_q_in_a_list_stops_and_the_list_says_so() -> None:
    at = AtDesk().at("c1").press("l")
    assert "Esc goes back, Q stops" in at.screen()
    at.press("q")
    assert at.desk.ended and not at.desk.stopped


def test_a_blank_fact_is_answered_once_and_can_be_answered_again() -> None:
    at = AtDesk().at("c2")
    assert "The export does not say: Child victim." in at.flowing() and "Y yes, N no" in at.flowing()
    at.press("enter")
    assert at.desk.message == "Y or N answers."
    at.press("n")
    assert at.desk.message == "Child victim: no." and at.desk.at == "q1"
    at.press("i", "enter")
    assert "Child victim" in at.screen() and "> Yes" in at.screen()
    at.press("down", "enter")
    assert at.desk.state.assessment("c2").facts == {"child": "N"}
    at.press("i", "enter", "1", "enter")
    assert at.desk.menu is None and at.desk.state.assessment("c2").facts == {"child": "Y"}


def test_a_case_is_signed_off_by_its_number_alone_and_then_takes_no_mark() -> None:
    at = AtDesk().at("c3").press("1", "1", "s")
    assert "Sign-off: 2 fully met." in at.screen() and at.desk.writing
    at.type("c1")
    assert at.desk.writing and at.desk.message.startswith("Not signed off: that is not the case number. Type c3,")
    at.type(" c3 ")
    assert "SIGNED OFF" in at.screen() and "Band: Fine" in at.screen()
    at.press("1")
    assert at.desk.message == "This case is signed off. Enter goes on to the next one."
    assert at.kinds == ["answered", "answered", "signed_off"]
    at.press("enter")
    assert at.desk.case_id == "c1"


def test_a_contradiction_is_told_at_the_end_of_the_case_and_stops_the_sign_off() -> None:
    at = AtDesk().at("c1").press("3").type("x").type("y").press("1")
    assert "These marks contradict each other: Not both. (rule r1)" in at.flowing()
    at.press("s")
    assert "Not yet. What is still owed:" in at.screen() and "Not both. (rule r1)" in at.screen()


def signed() -> AtDesk:
    return AtDesk().at("c3").press("1", "1", "s").type("c3")


def test_a_sign_off_is_taken_back_a_band_disputed_and_something_urgent_said() -> None:
    at = signed().press("d").type("The file is thin.")
    assert "You dispute the band: The file is thin." in at.screen()
    at.press("d").type("")
    assert at.desk.message == "Taken back." and "dispute the band:" not in at.screen()
    at.press("!").type("Custody ends today.")
    assert "URGENT" in at.rows()[0]
    at.press("o")
    assert at.desk.state.assessment("c3").signed_at == "" and "The sign-off is taken back." in at.flowing()


def test_a_sign_off_of_yesterday_is_not_taken_back_and_the_way_is_told_in_whole() -> None:
    at = signed()
    at.time += timedelta(hours=25)
    at.press("o")
    assert at.desk.state.assessment("c3").signed_at and "To change it: cqa amend." in at.flowing()
    assert len(at.rows()) == 24


def test_a_long_dispute_is_scrolled_to_its_end() -> None:
    at = signed().press("d").type("The file is thin. " * 200 + "Last words.")
    assert "Last words." not in at.flowing() and "Down: more" in at.screen()
    at.press(*["pagedown"] * 10)
    assert "Last words." in at.flowing() and "and why." in at.flowing()
    at.press(*["pageup"] * 10)
    assert "Band: Fine" in at.screen()


def test_all_signed_off_is_said() -> None:
    at = AtDesk(cases={"c3": {"child": "N"}}).at("c3").press("1", "1", "s").type("c3").press("enter")
    assert at.desk.menu and at.desk.message == "Every case assigned to you is signed off."


def test_questions_in_words_open_a_box_and_digits_do_nothing_there() -> None:
    at = AtDesk(built(WORDS), {"c1": {}}).at("c1").press("1")
    assert at.desk.at == "n1"
    at.press("5")
    assert at.marks == {"s1": "fully_met"}
    at.press("enter").type("")
    assert at.desk.at == "d1"
    at.press("enter").type("28/02/2026")
    assert at.desk.writing and "a date such as 2026-03-31" in at.desk.message
    at.type("2026-02-28").press("2")
    assert at.marks == {"s1": "fully_met", "d1": "2026-02-28", "c1": "sound"} and at.desk.at == ""


def test_stop_and_ctrl_c() -> None:
    assert AtDesk().at("c1").press("q").desk.stopped is False
    at = AtDesk().at("c1").press("ctrl-c")
    assert at.desk.ended and at.desk.stopped


def test_while_the_window_is_too_small_only_leaving_is_possible() -> None:
    at = AtDesk().at("c1")
    for key in ("1", "s", "ctrl-x", "enter"):
        desk_keys.press_unseen(at.desk, key)
    assert not at.desk.ended and at.events == [] and at.desk.writing is None
    desk_keys.press_unseen(at.desk, "q")
    assert at.desk.ended and not at.desk.stopped
    at = AtDesk(own={"stop": "f10"}).at("c1")
    desk_keys.press_unseen(at.desk, "q")
    assert not at.desk.ended and "Or press F10" in at.flowing(Size(60, 16))
    desk_keys.press_unseen(at.desk, "ctrl-c")
    assert at.desk.ended and at.desk.stopped


# Ones own keys.


def test_own_keys_take_the_place_of_the_shipped_ones() -> None:
    at = AtDesk(own={"flag": "off", "reason": "w", "back": "b", "unanswered": "f2"}).at("c1").press("f")
    assert at.desk.message == "F does nothing here. ? shows what every key does." and at.events == []
    at.press("1", "b", "w")
    assert at.desk.writing and at.desk.writing.text == "reason"
    at.type("So.")
    footer = " ".join(at.rows()[-2:])
    assert "B back" in footer and "W reason" in footer and "F2 next open" in footer and "flag" not in footer
    assert "W  all" not in at.screen() and "(C" not in at.screen()


# Pastes and held keys.


def test_a_burst_is_no_mark_and_takes_back_what_it_began_with() -> None:
    at = AtDesk().at("c1").press("1", "1", "1", "2", apart=5)
    assert at.marks == {} and "That looked like a paste" in at.desk.message and "press C first" in at.desk.message
    at.press("1")
    assert at.marks == {"q1": "fully_met"}


def test_a_key_held_down_leaves_the_one_mark_that_was_meant() -> None:
    at = AtDesk().at("c1").press("1").press("1", apart=500).press(*["1"] * 20, apart=33)
    assert at.marks == {"q1": "fully_met"} and at.desk.at == "q2"
    assert at.kinds == ["answered", "answered", "undone"]
    at.press("1")
    assert at.marks == {"q1": "fully_met", "q2": "fully_met"}


def test_a_moving_key_held_down_moves_on_and_on() -> None:
    cases = {f"c{number}": {"child": "N"} for number in range(60)}
    at = AtDesk(cases=cases)
    at.desk.show_cases()
    at.press(*["down"] * 40, apart=8)
    assert at.desk.menu and at.desk.menu.at == 40
    at.press("enter").press("right", "right", "left", apart=5)
    assert at.desk.case_id == "c40" and at.desk.message == ""


def test_a_bracketed_paste_is_refused_and_says_where_a_text_goes() -> None:
    at = AtDesk().at("c1")
    desk_keys.pasted(at.desk)
    assert at.desk.message.endswith("To paste a text press C first.") and at.desk.alarm
    at.press("l")
    desk_keys.pasted(at.desk)
    assert at.desk.message.strip() == desk_keys.PASTED


# Laws.

KEYS = st.sampled_from([*"123489yn", *SHIPPED.values(), "enter", "escape", "up", "down", "pageup", "pagedown", "end",
                        "o", "d", "z", "tab", "f5"])
WORD = st.sampled_from(["", "c1", "c2", "c3", "2", "Y", "N", "So it was.\nAnd more.", "\x1b[2J\u202e", "x" * 8_001,
                        "2026-02-28", "4.5", "\ud800"])
DEEDS = st.lists(st.tuples(KEYS, WORD, st.sampled_from(["finish", "finish", "leave", "draft"]),
                           st.sampled_from([2, 20, 60, 300, 900, 900, 900])), max_size=60)

def driven(at: AtDesk, deeds: list[tuple[str, str, str, int]], checked: Callable[[AtDesk], None]) -> None:
    for key, words, end, apart in deeds:
        if at.desk.writing is None:
            at.press(key, apart=apart)
        elif end == "finish":
            at.desk.finish_box(words)
        elif end == "leave":
            at.desk.leave_box(words)
        else:
            at.desk.draft(at.desk.writing, words)
        # A sitting that has ended is over; the law is about what keys do.
        at.desk.ended = at.desk.stopped = False
        checked(at)


@settings(max_examples=60)
@given(DEEDS, st.booleans(), st.booleans())
def test_no_run_of_keys_breaks_the_desk_and_the_events_are_the_state(
    deeds: list[tuple[str, str, str, int]], words: bool, listed: bool
) -> None:
    at = AtDesk(built(WORDS)) if words else AtDesk()
    if listed:
        at.desk.show_cases()
    else:
        at.desk.open("c1")
    at.check_filled()
    driven(at, deeds, AtDesk.check_filled)
    records = replay(at.events)
    for case_id in at.desk.state.cases:
        assert worked_on(case_id, records.get(case_id, CaseRecord())) == at.desk.state.assessment(case_id)


@settings(max_examples=40)
@given(DEEDS)
def test_who_only_looks_changes_nothing(deeds: list[tuple[str, str, str, int]]) -> None:
    at = AtDesk(looking=True).at("c1")
    driven(at, deeds, lambda _: None)
    assert at.events == [] and at.desk.state == at.start


@settings(max_examples=40)
@given(DEEDS, DEEDS)
def test_a_full_disk_takes_nothing_more_even_when_it_is_free_again(
    before: list[tuple[str, str, str, int]], after: list[tuple[str, str, str, int]]
) -> None:
    at = AtDesk().at("c1")
    driven(at, before, lambda _: None)
    at.full = True
    driven(at, after, lambda _: None)
    kept, state = len(at.events), at.desk.state
    if at.desk.not_saved:
        at.full = False
        driven(at, before, lambda _: None)
        assert len(at.events) == kept and at.desk.state == state


def test_a_level_that_changes_brings_its_texts_back_to_be_looked_at() -> None:
    at = AtDesk().at("c1").press("3").type("So it was.").type("page 2").press("left", "2")
    assert at.desk.writing and at.desk.writing.title == "Reason for q1, PARTLY MET   [from before]"
    assert at.desk.writing.words == "So it was." and "changed from Not met to Partly met" in at.desk.message
    at.type("Nearly so.")
    assert at.desk.writing is None and at.desk.at == "q2"
    mark = at.desk.state.assessment("c1").marks["q1"]
    assert (mark.value, mark.reason, mark.evidence) == ("partly_met", "Nearly so.", "page 2")


def test_a_reason_written_by_its_key_leads_on_to_the_evidence_that_is_due() -> None:
    at = AtDesk().at("c1").press("3").type("").press("left", "c").type("So.")
    assert at.desk.writing and at.desk.writing.text == "evidence"
    at.type("page 2")
    view = at.desk.view(at.desk.case)
    assert at.desk.writing is None and view and view.question.id == "q1" and view.due == ()


def test_a_signed_case_is_read_and_not_changed() -> None:
    at = signed().press("l", "enter")
    assert "Your mark: Fully met." in at.screen() and "MARK OF q1" in at.screen()
    at.press("enter", "escape")
    assert "SIGNED OFF" in at.screen() and "cqa amend c3 --reason TEXT" in at.flowing()


def test_the_number_of_a_line_is_typed_digit_after_digit() -> None:
    cases = {f"c{number}": {"child": "N"} for number in range(1, 25)}
    at = AtDesk(cases=cases)
    at.desk.show_cases()
    at.press("1", "7", "enter")
    assert at.desk.case_id == "c17"


def test_an_urgent_concern_and_a_flag_are_both_seen_in_the_smallest_window() -> None:
    at = AtDesk().at("c1").press("f", "!").type("Custody ends today.")
    assert "URGENT" in at.rows()[0] and "FLAGGED" in at.rows()[0] and "1/2" in at.rows()[0]
