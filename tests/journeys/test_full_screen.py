"""A reviewer at the full screen of a real terminal: every journey ends with what the journal holds."""

import re
import time
from pathlib import Path

import pytest

from tests.casework import Run
from tests.journeys.screen_at import (
    CTRL_R,
    DOWN,
    ENTER,
    ESCAPE,
    HOME,
    LEFT,
    RIGHT,
    Reviewer,
)
from tests.screen.test_plain import case_with
from tests.screen.test_script import assess

AT_BOTH_SIZES = pytest.mark.parametrize("ann", [(80, 24), (100, 30)], ids=["80x24", "100x30"], indirect=True)
BOTH_SIZES = pytest.mark.parametrize("size", [(80, 24), (100, 30)], ids=["80x24", "100x30"])
CHILD, NO_CHILD, BLANK = "00006", "00007", "00029"
"""Of ann's cases: one with a child victim, one without, and one of which the export does not say."""
CLOSING = r"Stopped. Kept to \d\d:\d\d:\d\d.\s+Go on with:\s+cqa assess --sample march --as ann"


def test_the_sample_is_the_one_that_the_journeys_speak_of(sample: Path) -> None:
    assert [case_with(sample, child) for child in "YN"] == [CHILD, NO_CHILD]


# A whole case.


@BOTH_SIZES
def test_a_whole_case_from_the_list_to_the_sign_off_and_on_to_the_next(ann: Reviewer, size: tuple[int, int]) -> None:
    with ann.sits(size=size) as at:
        at.wait("MARCH your cases: 5, signed off: 0", "Begin with case 1, question 1: Enter", "Enter opens, Q stops")
        at.press(DOWN, until="> 2 00029")
        at.press(DOWN, until="> 3 00006")
        at.press(ENTER, until=("case 3/5 00006", "question 1/2", "2 left", "q1 Was it right", "[!] critical",
                               "all saved", "Mark 1 2 3 8"))
        assert "Mark 1 2 3 8 9" not in at.flowing
        at.press("1", until=("question 2/3", "2 left", "q2 Was it reasoned", "saved ", "Mark 1 2 3 8 9"))
        at.press("2", until=("Reason for q2, PARTLY MET [due]", "Esc keeps it", "> 2 PARTLY MET"))
        at.press("One step,", ENTER, "the last.", until="the last.")
        at.press(ESCAPE, until=("question 3/3", "VICTIMS", "1 left"))
        at.press("3", until="Reason for q3, NOT MET [due]")
        at.press("Nobody asked.", ESCAPE, until="Evidence, the place in the file, for q3, NOT MET [due]")
        at.press("Review, p 2", ESCAPE, until=("END OF THE CASE", "Every question is answered", "0 left"))
        assert "Band" not in at.text and "% of" not in at.text
        at.press("s", until=("Sign-off: 1 fully met, 1 partly met, 1 not met", "Type the case number, 00006"))
        at.press(CHILD, ENTER, until=("SIGNED OFF", "Band: Poor", "Score: 50% of the points", "Enter next case"))
        at.press(ENTER, until=("case 4/5 00059", "CASE FACT", "Child victim"))
        at.press("a", until=("signed off: 1", "00006 signed off", "> 4 00059 not begun"))
        at.press("q")
        assert at.ended() == 0
        assert re.fullmatch(CLOSING, at.told)
    assert ann.kept() == [
        "00006 q1 fully_met", "00006 q2 partly_met", "00006 q2 partly_met reason=One step,\nthe last.",
        "00006 q3 not_met", "00006 q3 not_met reason=Nobody asked.",
        "00006 q3 not_met reason=Nobody asked. evidence=Review, p 2",
        "00006 signed_off"]
    assert all(line["shown_ms"] > 0 for line in ann.lines()[:2])
    assert ann.drafts == []


def test_a_wrong_case_number_signs_nothing(ann: Reviewer) -> None:
    with ann.sits(NO_CHILD) as at:
        at.wait("question 1/1")
        at.press("s", until=("Not yet. What is still owed:", "not answered: q1"))
        at.press("x", until=("question 1/1", "all saved"))
        at.press("1", until="question 2/2")
        at.press("1", until="END OF THE CASE")
        at.press("s", until="Type the case number, 00007")
        at.press(CHILD, ENTER, until="Not signed off: that is not the case number. Type 00007")
        at.press(ESCAPE)
        at.wait("Every question is answered.", gone=("Type the case number",))
        at.press("q")
        assert at.ended() == 0
    assert ann.kept() == ["00007 q1 fully_met", "00007 q2 fully_met"]


# Back, change, undo, redo.


@BOTH_SIZES
def test_going_back_changing_undoing_and_doing_again(ann: Reviewer, size: tuple[int, int]) -> None:
    with ann.sits(CHILD, size=size) as at:
        at.wait("question 1/2")
        at.press("1", until="question 2/3")
        at.press("1", until="question 3/3")
        at.press(LEFT, until=("question 2/3", "Your mark: 1 FULLY MET", "> 1 FULLY MET"))
        at.press("9", until=("q2 changed from Fully met to Does not apply. U undoes it.", "question 3/3"))
        at.press(LEFT, until="Your mark: 9 DOES NOT APPLY (was Fully met until ")
        at.press("9", until="question 3/3")
        at.press("u", until=("Undone: q2 back from Does not apply to Fully met.", "question 2/3", "1 FULLY MET"))
        at.press("u", until="Undone: q2 back from Fully met to no mark.")
        at.press("r", until="Done again: q2 from no mark to Fully met.")
        at.press("r", until="Done again: q2 from Fully met to Does not apply.")
        at.press("r", until="Nothing is left to do again")
        at.press(HOME, until="question 1/3")
        at.press("n", until="question 3/3")
        at.press("j", until="Go to question (1 to 3)")
        at.press("2", ENTER, until="question 2/3")
        at.press("x", until=("Mark of q2 taken away.", "Your mark: none yet"))
        at.press("l", until=("THE QUESTIONS OF CASE 00006", "q1 [!] Fully met", "> 2 q2 -"))
        at.press(DOWN, until="> 3 q3")
        at.press(ENTER, until="question 3/3")
        at.press("f", until=("Case flagged.", "FLAGGED"))
        at.press("q")
        assert at.ended() == 0
    assert ann.kept() == [
        "00006 q1 fully_met", "00006 q2 fully_met", "00006 q2 does_not_apply", "00006 undone q2 fully_met",
        "00006 undone q2", "00006 redone q2 fully_met", "00006 redone q2 does_not_apply", "00006 cleared q2",
        "00006 flagged on"]


# Pastes.


@BOTH_SIZES
def test_a_paste_where_marks_are_given_is_no_mark(ann: Reviewer, size: tuple[int, int]) -> None:
    pasted = "That looked like a paste: nothing of it was taken as a mark."
    with ann.sits(CHILD, size=size) as at:
        at.wait("question 1/2")
        at.paste("1 2 1 q\r1", until=(pasted, "To paste a text press C first."))
        at.press(LEFT, until="This is the first question.")
        at.write("1121", until=(pasted, "question 1/2"))
        at.press(LEFT, until="This is the first question.")
        at.write("The letter of 3 May says 1, 2 and 3.\rQuite so.\r", until=(pasted, "question 1/2"))
        at.press(LEFT, until="This is the first question.")
        # An escape sequence that nobody knows comes as its letters.
        at.write("\x1b[1;9Z", until=(pasted, "question 1/2"))
        at.press(LEFT, until="This is the first question.")
        # Of lines pasted into a box of one line the first ends it, and the others are no marks either.
        at.press("j", until="Go to question (1 to 2)")
        at.write("2\r1\r", until=(pasted, "question 2/2"))
        at.press(LEFT, until=("question 1/2", "Your mark: none yet"))
        assert "2 left" in at.flowing and "all saved" in at.flowing
        at.press("1", until="question 2/3")
        at.press("q")
        assert at.ended() == 0
    assert ann.kept() == ["00006 q1 fully_met"]


LETTER = "Dear all,\n\n1 is missing.\n\n\n  3 came late; see q2.\nq\n"


@pytest.mark.parametrize("way", ["between brackets", "as it comes"])
@AT_BOTH_SIZES
def test_a_paste_of_many_lines_into_the_box_is_kept_whole(ann: Reviewer, way: str) -> None:
    typed = LETTER.replace("\n", "\r")
    with ann.sits(CHILD) as at:
        at.wait("question 1/2")
        at.press("2", until="Reason for q1")
        if way == "between brackets":
            at.paste(typed, until="see q2. q")
        else:
            at.write(typed, until="see q2. q")
        at.press(ESCAPE, until="question 2/3")
        at.press("q")
        assert at.ended() == 0
    assert ann.kept() == ["00006 q1 partly_met", f"00006 q1 partly_met reason={LETTER.strip()}"]


def test_a_text_that_is_too_long_stays_in_the_box_until_it_is_shorter(ann: Reviewer) -> None:
    with ann.sits(CHILD) as at:
        at.wait("question 1/2")
        at.press("2", until="Reason for q1")
        at.paste("x" * 8_001 + "end", until="xend")
        at.press(ESCAPE, until=("The text has 8,004 characters; 8,000 is the most.", "xend"))
        at.press("\x7f\x7f\x7f\x7f", until="xxx")
        at.press(ESCAPE, until="question 2/3")
        at.press("q")
        assert at.ended() == 0
    assert [line["mark_reason"] for line in ann.lines()] == ["", "x" * 8_000]


@AT_BOTH_SIZES
def test_a_key_held_down_is_no_mark(ann: Reviewer) -> None:
    with ann.sits(CHILD) as at:
        at.wait("question 1/2")
        at.press("1", until="question 2/3")
        at.press(RIGHT, until="question 3/3")
        at.press(HOME, until="question 1/3")
        for _ in range(12):
            at.child.send("9")
            time.sleep(0.035)
        at.press("?", until="HELP")
        at.press("q", until="question")
        at.press("q")
        assert at.ended() == 0
    standing = [line for line in ann.kept() if line.startswith("00006 q1")]
    assert standing == ["00006 q1 fully_met"]


# Own keys.


def test_keys_of_ones_own(ann: Reviewer) -> None:
    (ann.workspace / "cqa.yaml").write_text("keys:\n  reason: w\n  flag: off\n  next: c\n  stop: ctrl-d\n",
                                             encoding="utf-8")
    with ann.sits(CHILD) as at:
        at.wait("W reason", "C next", "Ctrl-d stop", gone=("F flag", "C reason", "Q stop"))
        at.press("f", until="F does nothing here. ? shows what every key does.")
        at.press("c", until="question 2/2")
        at.press(HOME, until="question 1/2")
        at.press("2", until="Reason for q1")
        at.press("w", ESCAPE, until="question 2/3")
        at.press(HOME, until=("question 1/3", "Reason: w"))
        at.press("w", until="Reason for q1")
        at.press("xc", ESCAPE, until="Reason: wxc")
        at.press("q", until="Q does nothing here")
        at.press("\x04")
        assert at.ended() == 0
    assert ann.kept() == ["00006 q1 partly_met", "00006 q1 partly_met reason=w", "00006 q1 partly_met reason=wxc"]


# A case by its number, an amendment, a sign-off taken back, a dispute, something urgent.


def signed(run: Run, ann: Reviewer) -> list[str]:
    """The case without a child victim, marked and signed; gives what that leaves in the journal."""
    case = {"case": NO_CHILD}
    answers = assess(run, ann.sample, {**case, "question": "q1", "mark": "fully_met"},
                     {**case, "question": "q2", "mark": "does_not_apply"}, {**case, "do": "sign_off"})[1]
    assert all(answer["saved"] for answer in answers)
    return ["00007 q1 fully_met", "00007 q2 does_not_apply", "00007 signed_off"]


@BOTH_SIZES
def test_a_signed_case_is_amended_for_a_reason_and_signed_again(
    run: Run, ann: Reviewer, size: tuple[int, int]
) -> None:
    before = signed(run, ann)
    with ann.sits(NO_CHILD, size=size) as at:
        assert at.ended() == 4 and "cqa amend 00007 --reason TEXT" in at.told
    with ann.sits(NO_CHILD, "--reason", "Wrong file.", command="amend", size=size) as at:
        at.wait("END OF THE CASE")
        at.press(LEFT, until=("question 2/2", "9 DOES NOT APPLY"))
        at.press("1", until="END OF THE CASE")
        at.press("s", until="Type the case number")
        at.press(NO_CHILD, ENTER, until=("SIGNED OFF", "Band: Fine"))
        at.press("q")
        assert at.ended() == 0
    assert ann.kept() == [*before, "00007 amended because=Wrong file.", "00007 q2 fully_met", "00007 signed_off"]


@BOTH_SIZES
def test_a_young_sign_off_is_taken_back_and_a_band_disputed(ann: Reviewer, size: tuple[int, int]) -> None:
    with ann.sits(NO_CHILD, size=size) as at:
        at.wait("case 1/5 00007", "question 1/1")
        at.press("1", until="question 2/2")
        at.press("9", until="END OF THE CASE")
        at.press("s", until="Type the case number")
        at.press(NO_CHILD, ENTER, until=("SIGNED OFF", "Band: Fine"))
        at.press("1", until="This case is signed off. Enter goes on to the next one.")
        at.press("d", until="Why the band is wrong")
        at.press("The file is thin.", ESCAPE, until=("Kept beside the band", "You dispute the band: The file is thin."))
        at.press("!", until="URGENT: what cannot wait?")
        at.press("Custody ends today.", ESCAPE, until=("It stands in cqa status now.", "URGENT"))
        at.press("o", until=("The sign-off is taken back.", "END OF THE CASE"))
        at.press(LEFT, until="question 2/2")
        at.press("1", until=("END OF THE CASE", "q2 changed from Does not apply to Fully met"))
        at.press("q")
        assert at.ended() == 0
    assert ann.kept() == [
        "00007 q1 fully_met", "00007 q2 does_not_apply", "00007 signed_off", "00007 flagged The file is thin.",
        "00007 flagged Custody ends today.", "00007 reopened", "00007 q2 fully_met"]


def test_earlier_words_come_back_into_an_empty_box(ann: Reviewer) -> None:
    with ann.sits(CHILD) as at:
        at.wait("question 1/2")
        at.press("2", until="Reason for q1")
        at.press(CTRL_R, until="You have written nothing yet")
        at.press("The letter is late.", ESCAPE, until="question 2/3")
        at.press("2", until="Reason for q2")
        at.press(CTRL_R, until="The letter is late.")
        at.press(ESCAPE, until="question 3/3")
        at.press("q")
        assert at.ended() == 0
    late = "partly_met reason=The letter is late."
    assert ann.kept() == ["00006 q1 partly_met", f"00006 q1 {late}", "00006 q2 partly_met", f"00006 q2 {late}"]


def test_enter_pressed_before_the_screen_stands_opens_the_case(ann: Reviewer) -> None:
    with ann.sits() as at:
        at.press(ENTER, until=("case 1/5 00007", "question 1/1"))
        at.press("q")
        assert at.ended() == 0
    assert ann.kept() == []
