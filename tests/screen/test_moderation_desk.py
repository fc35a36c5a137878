"""The full screen of moderation: nothing is kept before its cause and reason, nobody is named before it is settled."""

from dataclasses import replace

import pytest

from cqa.marking.moderation import REFERENCE
from cqa.screen.page import Size
from tests.casework import RUBRIC
from tests.marking.shared import marker, shared, two
from tests.screen.desk_at import SMALL, WIDE, built
from tests.screen.moderation_at import ALL, APART, AtModeration

BETWEEN = {**ALL, "q2": "partly_met"}


def kinds(at: AtModeration) -> list[str]:
    return [entry.kind for entry in at.entries]


def settled() -> AtModeration:
    """A case of which q2 was agreed, and which was settled."""
    at = AtModeration(two(ALL, BETWEEN), shared(marker("ann", ALL), marker("bob", APART), case_id="c2"))
    return at.press("enter", "2", "1").type("one reason is missing").press("s", "enter")


def test_a_digit_a_cause_and_a_reason_agree_and_the_next_difference_comes() -> None:
    at = AtModeration().press("enter")
    assert "q1 Was it right" in at.flowing() and "A FULLY MET | B NOT MET" in at.flowing()
    at.press("2")
    assert "why were the marks not this one?" in at.flowing() and "1 A fact was missed" in at.flowing()
    assert at.entries == []
    at.press("1")
    assert at.desk.writing is not None
    assert at.desk.writing.title == "Why PARTLY MET is right for q1 (the handler may read this)"
    assert at.entries == []
    at.type("one finding names no evidence")
    (entry,) = at.entries
    assert entry.body == {"purpose": "moderation", "agreed": "partly_met", "cause": "fact_missed",
                          "reason": "one finding names no evidence"}
    assert at.desk.at == "q2" and "q1: Partly met." in at.flowing() and "saved" in at.flowing()


def test_both_answers_are_side_by_side_with_reason_and_evidence_at_every_size() -> None:
    at = AtModeration().press("enter")
    for size in (SMALL, WIDE):
        told = at.flowing(size)
        assert told.isascii()
        for words in ("Reason: why fully_met", "Reason: why not_met", "Evidence: page of q1", "[A]", "[B]",
                      "2 levels apart"):
            assert words in told
    for keys in ((), ("1",), ("4",), ("s",), ("?",), ("enter",), ("a",)):
        at.press(*keys)
        at.check_filled()


def test_nobody_is_named_before_the_case_is_settled() -> None:
    at = AtModeration()
    for keys in (("enter",), ("l",), ("enter",), ("g",), ("enter",), ("i",), ("enter",), ("v",), ("?",), ("enter",),
                 ("a",)):
        at.press(*keys)
        for size in (SMALL, WIDE):
            assert "ann" not in at.screen(size).casefold().replace("cannot", "") and "bob" not in at.screen(size)
    told = settled().flowing()
    assert "A was ann" in told or "B was ann" in told
    assert "ann Fully met (1 level too lenient); bob Partly met (as agreed)." in told
    assert "band Fine -> Fine" in told and "score 100% -> 83%" in told
    assert "Of 1 question: 1 too lenient." in told and "Of 1 question: 1 as agreed." in told


def test_esc_at_the_cause_and_leaving_the_box_keep_nothing_but_the_draft() -> None:
    at = AtModeration().press("enter", "2", "escape")
    assert at.desk.chosen is None and "nothing was kept" in at.flowing()
    at.press("2", "3")
    at.desk.leave_box("half a thou")
    assert at.entries == [] and "q1 has no agreed mark yet." in at.flowing()
    assert at.drafts.texts == {("c1", "q1", "reason"): "half a thou"}
    at.press("2", "3")
    assert at.desk.writing is not None and at.desk.writing.words == "half a thou"
    at.type("half a thought")
    assert at.drafts.texts == {} and kinds(at) == ["agreed"]


def test_a_blank_reason_leaves_the_box_open_and_says_why() -> None:
    at = AtModeration().press("enter", "2", "1").type("  ")
    assert at.desk.writing is not None and "Say in words" in at.flowing() and at.entries == []


def test_the_box_leaves_what_the_markers_wrote_in_sight() -> None:
    at = AtModeration().press("enter", "2", "1")
    assert "Reason: why not_met" in at.flowing() and "PARTLY MET" not in at.flowing()
    at.check_filled()


def test_what_all_gave_is_confirmed_with_one_key() -> None:
    at = AtModeration(two(ALL, BETWEEN)).press("enter", "v", "home", "enter")
    assert [entry.body for entry in at.entries] == [{"purpose": "moderation", "agreed": "fully_met"}]


def test_wording_clear_and_a_new_reason_change_what_is_agreed() -> None:
    at = AtModeration(two(ALL, BETWEEN)).press("enter", "2", "4").type("so it is").press("left", "w")
    assert at.desk.state.moderation("c1").agreed["q2"].change_rubric
    assert "the rubric's wording is to be changed" in at.flowing()
    at.press("w", "c").type("so it was")
    agreed = at.desk.state.moderation("c1").agreed["q2"]
    assert (agreed.change_rubric, agreed.reason, agreed.cause) == (False, "so it was", "slip")
    at.press("left", "x")
    assert not at.desk.state.moderation("c1").agreed and "is taken away" in at.flowing()
    at.press("w", "c")
    assert "has no agreed mark yet" in at.flowing()


def test_settling_lists_what_is_left_and_asks_before_it_settles() -> None:
    at = AtModeration(two(ALL, BETWEEN)).press("enter", "s")
    assert "NOT YET" in at.screen() and "q2: Was it reasoned" in at.flowing()
    at.press("enter", "2", "1").type("so it is").press("s", "2", "enter")
    assert kinds(at) == ["agreed"], "the second line goes on moderating"
    at.press("s", "enter")
    assert kinds(at) == ["agreed", "settled"] and "SETTLED" in at.screen()


def test_a_settled_case_leads_on_and_can_be_opened_again_with_a_reason() -> None:
    at = settled()
    at.press("1", "x")
    assert "This case is settled" in at.flowing() and kinds(at) == ["agreed", "settled"]
    at.press("o").type("  ")
    assert at.desk.writing is not None
    at.type("a page was found")
    assert kinds(at)[-1] == "unsettled" and "Open again" in at.flowing()
    at.press("s", "enter", "enter")
    assert at.desk.case_id == "c2"


def test_the_last_case_ends_with_the_list() -> None:
    at = AtModeration(two(ALL, BETWEEN)).press("enter", "2", "1").type("so").press("s", "enter", "enter")
    assert "Every case of this list is settled." in at.flowing() and "settled" in at.flowing()


def test_a_question_that_may_not_be_asked_says_what_that_follows_from() -> None:
    at = AtModeration().press("enter", "right")
    assert "Whether it is asked follows from q1." in at.flowing() and "0 NOT ASKED" in at.flowing()
    at.press("left", "3", "1").type("the finding is missing")
    assert at.desk.at == "q3", "q2 is not asked any more"


def test_not_asked_is_refused_where_everyone_answered() -> None:
    at = AtModeration().press("enter", "0")
    assert "must be an answer" in at.flowing() and at.entries == []


def test_reference_marks_are_one_key_each_with_a_tolerance() -> None:
    at = AtModeration(two(ALL, BETWEEN), purpose=REFERENCE).press("enter")
    assert "question 1/3 3 left" in at.flowing() and "Fully met, as all gave it, within 0 levels" in at.flowing()
    at.press("1", "2", "left", "t", "down", "enter")
    assert at.desk.state.moderation("c1").agreed["q2"].tolerance == 1
    at.press("right", "s", "enter")
    assert kinds(at) == ["agreed", "agreed", "agreed", "agreed", "settled"]


def test_a_full_disk_keeps_what_was_typed_and_takes_nothing_more() -> None:
    at = AtModeration().press("enter", "2", "1")
    at.full = True
    at.type("one finding is missing")
    assert at.desk.writing is not None and "NOT SAVED" in at.screen() and at.entries == []
    at.desk.leave_box("one finding is missing")
    at.press("2", "1")
    assert at.entries == []


def test_a_paste_and_a_held_key_do_nothing() -> None:
    at = AtModeration().press("enter")
    at.press("2", "1", "3", "s", apart=5)
    assert at.entries == [] and "looked like a paste" in at.flowing()


@pytest.mark.parametrize("own", [{"reason": "w", "flag": "v"}, {"reason": "o", "list": "t"}])
def test_a_letter_of_the_settings_is_never_taken_for_something_else(own: dict[str, str]) -> None:
    keys = AtModeration(own=own).desk.keys
    assert len(set(keys.values())) == len(keys) and all(
        keys[deed] == key for deed, key in own.items() if deed in keys)


def test_hostile_and_long_texts_are_made_visible_and_can_be_scrolled_to() -> None:
    case = two({**ALL, "q1": "not_met"}, ALL)
    marks = dict(case.markers[0].marks)
    marks["q1"] = replace(marks["q1"], reason="\x1b[2J" + "word " * 600 + "END")
    case = replace(case, markers=(replace(case.markers[0], marks=marks), case.markers[1]))
    at = AtModeration(case).press("enter")
    assert "\x1b" not in at.screen() and "<U+001B>" in at.flowing()
    at.check_filled()
    at.press(*["down"] * 130)
    assert "END" in at.flowing()
    at.check_filled()


def test_three_markers_and_a_long_rubric_fit_every_window() -> None:
    rubric = built(RUBRIC.replace("Was it right", "Was it right " + "and was it well reasoned " * 9))
    case = shared(marker("ann", ALL, rubric=rubric), marker("bob", APART, rubric=rubric),
                  marker("cat", BETWEEN, rubric=rubric), rubric=rubric)
    at = AtModeration(case).press("enter")
    at.check_filled()
    assert "C FULLY MET" in at.flowing(Size(132, 43)) or "C NOT MET" in at.flowing(Size(132, 43))


def test_a_date_is_agreed_in_a_box() -> None:
    rubric = built(RUBRIC.replace("rules:", "      - {id: q4, ask: When, type: date}\nrules:"))
    one, other = {**ALL, "q4": "2026-03-01"}, {**ALL, "q4": "2026-03-02"}
    case = shared(marker("ann", one, rubric=rubric), marker("bob", other, rubric=rubric), rubric=rubric)
    at = AtModeration(case).press("enter", "enter").type("2026-03-02").press("1").type("the stamp says so")
    assert at.entries[0].body["agreed"] == "2026-03-02"
    at.press("left", "enter").type("soon").press("1").type("so")
    assert "must be a date" in at.flowing()


def test_a_question_that_nobody_was_asked_needs_a_reason_and_no_cause() -> None:
    both = {"q1": "not_met", "q3": "partly_met"}
    at = AtModeration(two(both, both)).press("enter", "v", "home", "1", "1").type("the finding is on page 2")
    assert at.desk.at == "q2" and "nobody was asked" in at.flowing()
    at.press("2")
    assert at.desk.writing is not None
    at.type("one reason is missing")
    assert at.entries[-1].body == {"purpose": "moderation", "agreed": "partly_met", "reason": "one reason is missing"}


def test_the_page_can_be_scrolled_while_a_cause_is_asked_for() -> None:
    at = AtModeration().press("enter", "2", "down", "up", "1")
    assert at.desk.writing is not None
