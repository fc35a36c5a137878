"""The full-screen sitting without its terminal: where it begins, what it says, what becomes of words."""

from datetime import timedelta

from tests.screen.desk_at import SMALL, WIDE, AtDesk

NEW = ". To try invented cases: cqa practise"
"""What is said to somebody who has not marked anything yet."""


def test_the_list_offers_the_first_case_then_the_one_last_worked_on() -> None:
    at = AtDesk()
    at.desk.show_cases()
    assert at.desk.message == f"Begin with case 1, question 1: Enter{NEW}" and "signed off: 0" in at.screen()
    at.press("down", "enter").press("y", "1")
    again = AtDesk()
    again.desk.state = at.desk.state
    again.desk.show_cases()
    assert again.desk.message == "Go on with case 2, question 2: Enter"
    again.press("enter")
    assert (again.desk.case_id, again.desk.at) == ("c2", "q2")


def test_a_case_that_waits_for_a_fact_is_offered_without_a_question() -> None:
    at = AtDesk(cases={"c2": {"child": ""}})
    at.desk.show_cases()
    assert at.desk.message == f"Begin with case 1: Enter{NEW}"


def test_a_list_of_no_cases_opens_nothing() -> None:
    at = AtDesk(cases={})
    at.desk.show_cases()
    at.press("enter", "1", "x")
    assert at.desk.case_id == "" and "your cases: 0" in at.screen()


def test_the_saved_time_is_that_of_the_last_event() -> None:
    at = AtDesk().at("c1")
    assert "all saved" in at.rows()[0]
    at.press("1")
    first = at.desk.last_saved
    assert f"saved {first}" in at.rows()[0]
    at.time += timedelta(minutes=3)
    at.press("left", "right")
    assert at.desk.last_saved == first
    at.press("1")
    assert at.desk.last_saved > first


def test_how_long_a_question_was_shown_is_kept_with_its_mark() -> None:
    at = AtDesk().at("c1")
    at.time += timedelta(seconds=12)
    at.press("1", "1")
    assert [event.body["shown_ms"] for event in at.events] == [12_400, 400]


def test_a_clock_that_is_put_back_costs_no_key_and_no_sense() -> None:
    at = AtDesk().at("c1").press("1")
    at.time -= timedelta(hours=2)
    at.press("1").press("1")
    assert at.marks == {"q1": "fully_met", "q2": "fully_met", "q3": "fully_met"}
    assert [event.body["shown_ms"] for event in at.events] == [400, 0, 400]


def test_words_left_in_a_box_come_back_and_are_gone_once_kept() -> None:
    at = AtDesk().at("c1").press("2")
    at.desk.leave_box("Half a rea")
    assert at.drafts.texts == {("c1", "q1", "reason"): "Half a rea"} and "Left as a draft" in at.desk.message
    at.press("c")
    assert at.desk.writing and at.desk.writing.words == "Half a rea"
    assert at.desk.message.startswith("Unfinished since") and at.desk.message.endswith("as you left it.")
    at.type("Half a reason.")
    assert at.drafts.texts == {} and at.desk.state.assessment("c1").marks["q1"].reason == "Half a reason."


def test_a_box_left_as_it_was_leaves_no_draft() -> None:
    at = AtDesk().at("c1").press("2").type("So.").press("left", "c")
    at.desk.leave_box("So.")
    at.press("c")
    at.desk.leave_box("   ")
    assert at.drafts.texts == {}


def test_drafts_that_cannot_be_kept_are_said_once_and_stop_nothing() -> None:
    at = AtDesk().at("c1").press("2")
    at.drafts.broken = True
    assert at.desk.writing
    at.desk.draft(at.desk.writing, "So")
    assert at.desk.message == "What you type cannot be kept beside the journal until you end it."
    at.desk.say("")
    at.desk.draft(at.desk.writing, "So it")
    assert at.desk.message == ""
    at.type("So it was.")
    assert at.desk.state.assessment("c1").marks["q1"].reason == "So it was." and at.desk.not_saved is None


def test_a_full_disk_keeps_the_box_open_and_stays_told() -> None:
    at = AtDesk().at("c1").press("2")
    at.full = True
    at.type("So it was.")
    assert at.desk.writing is not None and at.desk.not_saved is not None
    assert at.desk.message == "NOT SAVED: No space left on device. Line 3 is the last safe one."
    at.full = False
    at.type("So it was.")
    assert at.desk.writing is not None and at.kinds == ["answered"]
    at.desk.leave_box("So it was.")
    assert at.drafts.texts == {("c1", "q1", "reason"): "So it was."}
    at.press("right", "1")
    assert "NOT SAVED" in at.rows()[0] and at.kinds == ["answered"]
    at.press("u")
    assert "NOT SAVED" in at.desk.message and at.kinds == ["answered"]


def test_a_text_that_is_refused_stays_in_its_box() -> None:
    at = AtDesk().at("c1").press("2").type("x" * 8_001)
    assert at.desk.writing is not None and "8,001 characters" in at.desk.message and at.desk.alarm


def test_earlier_words_of_this_question_come_first_and_each_text_once() -> None:
    at = AtDesk().at("c1").press("2").type("Late.").press("2").type("Thin.").at("c3").press("2").type("Thin.")
    at.press("2")
    assert at.desk.words_used_before() == ["Thin.", "Late."]
    at.type("Odd.").press("left", "left", "c")
    assert at.desk.words_used_before()[0] == "Thin." and set(at.desk.words_used_before()) == {"Thin.", "Late.", "Odd."}
    at.type("Thin.").press("!")
    assert at.desk.words_used_before() == []


def test_who_looks_is_told_so_at_every_turn() -> None:
    at = AtDesk(looking=True).at("c1")
    assert "LOOKING ONLY" in at.rows()[0]
    at.press("1")
    assert at.desk.message == "This window only looks: the marks are open in another one." and at.events == []


def test_undoing_all_a_paste_did_goes_back_to_where_it_began() -> None:
    at = AtDesk().at("c1").press("1")
    at.press("1").press("2", "x", "x", apart=10)
    assert at.desk.writing is None and at.marks == {"q1": "fully_met"} and at.desk.at == "q2"
    assert "Marks it made are undone." in at.flowing()


class Panel:
    """What practice says of any case."""

    def papers(self, case_id: str, number: int) -> list[str]:
        return [f"Papers of {case_id}."]

    def after_mark(self, case_id: str, question_id: str) -> list[str]:
        return [f"The panel marked {question_id} Partly met."]

    def closing(self, case_id: str) -> list[str]:
        return ["Two of two alike."]


def test_practice_shows_the_worked_answer_and_says_that_nothing_is_kept() -> None:
    at = AtDesk()
    at.desk.coach = Panel()
    at.at("c3")
    assert "practice, not kept" in at.rows()[0] and "P papers" in " ".join(at.rows()[-2:])
    at.press("p")
    assert "Papers of c3." in at.screen()
    at.press("x", "1")
    assert "THE WORKED ANSWER TO q1" in at.screen() and "The panel marked q1 Partly met." in at.screen()
    assert "Enter goes on." in at.screen()
    at.press("x")
    assert at.desk.at == "q2"
    at.press("1", "x", "s").type("c3")
    assert "HOW IT WENT" in at.screen() and "Two of two alike." in at.screen()


def test_what_is_read_before_all_else_lies_over_the_list() -> None:
    at = AtDesk()
    at.desk.show_cases()
    at.desk.read("BEFORE YOU BEGIN", ("A copy of your journal is ignored.",))
    assert "BEFORE YOU BEGIN" in at.screen() and "your cases" not in at.screen()
    assert "Enter goes on." in at.screen() and "your cases" not in at.screen()
    at.press("enter")
    assert "your cases: 3" in at.screen() and at.desk.case_id == ""
    assert at.desk.message == f"Begin with case 1, question 1: Enter{NEW}"


def test_the_wide_page_lists_the_questions_beside_the_one_that_is_open() -> None:
    at = AtDesk().at("c1").press("2").type("")
    wide = at.screen(WIDE)
    assert "CASE  Child victim: yes" in wide and "  1 2+q1  Partly met |" in wide and ">  2 . q2             |" in wide
    assert " text due (+)    1" in wide and "MARCH   case 1/3  c1" in wide
    assert "MARCH" not in at.screen(SMALL) and "c1" in at.screen(SMALL)


def test_a_box_lies_below_and_the_page_gives_it_its_rows() -> None:
    at = AtDesk().at("c1")
    assert len(at.rows()) == 24
    at.press("2")
    assert len(at.rows()) == 17 and "Your mark" not in at.screen() and "> 2  PARTLY MET" in at.screen()
    at.type("x").press("j")
    assert len(at.rows()) == 21
