"""A reviewer at the full screen of a real terminal: every journey ends with what the journal holds."""

import json
import re
import signal
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cqa.files.journal import read_journal
from tests.casework import DRAW, RUBRIC, Run, csv_text
from tests.journeys.screen_at import (
    CTRL_C,
    CTRL_R,
    DOWN,
    ENTER,
    ESCAPE,
    HOME,
    LEFT,
    RIGHT,
    UP,
    ScreenAt,
)
from tests.screen.test_plain import case_with

BOTH_SIZES = pytest.mark.parametrize("size", [(80, 24), (100, 30)], ids=["80x24", "100x30"])
CHILD, NO_CHILD, BLANK = "00006", "00007", "00029"
"""Of ann's cases: one with a child victim (three questions), one without (two), one of which the export does not say."""
CASES = ["00007", "00029", "00006", "00059", "00034"]
"""All of ann's, in the order in which she sees them."""


CLOSING = r"Stopped. Kept to \d\d:\d\d:\d\d. Go on with: cqa assess --sample march --as ann"


class Desk:
    """Ann's place: the drawn sample, and what of hers is on the disk."""

    def __init__(self, sample: Path, home: Path) -> None:
        self.sample, self.home = sample, home

    @property
    def workspace(self) -> Path:
        return self.sample.parent.parent

    def sits(self, *arguments: str, **more: Any) -> ScreenAt:
        """Ann begins: `cqa assess`, or the command and arguments that are given."""
        words = arguments if arguments[:1] in (("amend",), ("assess",)) else ("assess", *arguments)
        return ScreenAt(self.workspace, self.home, *words, "--sample", "march", "--as", "ann", **more)

    @property
    def journal(self) -> Path:
        (found,) = (self.sample / "marks").glob("ann.*.jsonl")
        return found

    def lines(self) -> list[dict[str, Any]]:
        """What was kept after the line that opens a sitting, in the order in which it came; the chain is whole."""
        reading = read_journal(self.journal)
        assert reading.problems == ()
        return [dict(line) for line in reading.lines if line["kind"] != "opened"]

    def kept(self) -> list[str]:
        """The lines as a few words each."""
        return [_in_words(line) for line in self.lines()]

    @property
    def drafts(self) -> list[str]:
        """The words of every draft."""
        path = self.journal.with_suffix(".draft")
        return [draft["words"] for draft in json.loads(path.read_bytes())] if path.exists() else []


def _in_words(line: dict[str, Any]) -> str:
    told = [line["case"], "" if line["kind"] == "answered" else line["kind"], line.get("question", "")]
    told += [str(line[key]) for key in ("mark", "fact", "value", "flag", "urgent", "band") if line.get(key) is not None]
    told += [f"{name}={line[key]}" for key, name in (("mark_reason", "reason"), ("evidence", "evidence"),
                                                   ("reason", "because")) if line.get(key)]
    return " ".join(filter(None, told))


@pytest.fixture
def desk(sample: Path, tmp_path: Path) -> Desk:
    return Desk(sample, tmp_path / "home")


def until(found: Callable[[], bool], what: str) -> None:
    """Waits for something outside the screen."""
    end = time.monotonic() + 20
    while not found():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def test_the_sample_is_the_one_that_the_journeys_speak_of(sample: Path) -> None:
    assert [case_with(sample, child) for child in "YN"] == [CHILD, NO_CHILD]


# 1. A whole case.


@BOTH_SIZES
def test_a_whole_case_from_the_list_to_the_sign_off_and_on_to_the_next(desk: Desk, size: tuple[int, int]) -> None:
    with desk.sits(size=size) as at:
        at.wait("MARCH your cases: 5, signed off: 0", "Begin with case 1, question 1: Enter", "Enter opens, Q stops")
        at.press(DOWN, until="> 2 00029")
        at.press(DOWN, until="> 3 00006")
        at.press(ENTER, until=("case 3/5 00006", "question 1/2", "2 left", "q1 Was it right", "[!] critical",
                               "nothing new yet", "Mark 1 2 3 8"))
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
    assert desk.kept() == [
        "00006 q1 fully_met", "00006 q2 partly_met", "00006 q2 partly_met reason=One step,\nthe last.", "00006 q3 not_met",
        "00006 q3 not_met reason=Nobody asked.", "00006 q3 not_met reason=Nobody asked. evidence=Review, p 2",
        "00006 signed_off"]
    assert all(line["shown_ms"] > 0 for line in desk.lines()[:2])
    assert desk.drafts == []


def test_a_wrong_case_number_signs_nothing(desk: Desk) -> None:
    with desk.sits(NO_CHILD) as at:
        at.wait("question 1/1")
        at.press("s", until=("Not yet. What is still owed:", "not answered: q1"))
        at.press("x", until=("question 1/1", "nothing new yet"))
        at.press("1", until="question 2/2")
        at.press("1", until="END OF THE CASE")
        at.press("s", until="Type the case number, 00007")
        at.press(CHILD, ENTER, until="Not signed off: that is not the case number.")
        at.press("s", until="Type the case number, 00007")
        at.press(ENTER, until="Not signed off.")
        at.press("q")
        assert at.ended() == 0
    assert desk.kept() == ["00007 q1 fully_met", "00007 q2 fully_met"]


# 2. Back, change, undo, redo.


@BOTH_SIZES
def test_going_back_changing_undoing_and_doing_again(desk: Desk, size: tuple[int, int]) -> None:
    with desk.sits(CHILD, size=size) as at:
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
        at.press("r", until="Nothing was undone")
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
    assert desk.kept() == [
        "00006 q1 fully_met", "00006 q2 fully_met", "00006 q2 does_not_apply", "00006 undone q2 fully_met",
        "00006 undone q2", "00006 redone q2 fully_met", "00006 redone q2 does_not_apply", "00006 cleared q2",
        "00006 flagged on"]


# 3 and 4. Pastes.


@BOTH_SIZES
def test_a_paste_where_marks_are_given_is_no_mark(desk: Desk, size: tuple[int, int]) -> None:
    pasted = "That looked like a paste: nothing of it was taken as a mark."
    with desk.sits(CHILD, size=size) as at:
        at.wait("question 1/2")
        at.paste("1 2 1 q\r1", until=(pasted, "To paste a text press C first."))
        at.press(LEFT, until="This is the first question.")
        at.write("1121", until=(pasted, "question 1/2"))
        at.press(LEFT, until="This is the first question.")
        at.write("The letter of 3 May says 1, 2 and 3.\rQuite so.\r", until=(pasted, "question 1/2"))
        at.press(LEFT, until="This is the first question.")
        assert "2 left" in at.flowing and "nothing new yet" in at.flowing
        at.press("1", until="question 2/3")
        at.press("q")
        assert at.ended() == 0
    assert desk.kept() == ["00006 q1 fully_met"]


LETTER = "Dear all,\n\n1 is missing.\n\n\n  3 came late; see q2.\nq\n"


@pytest.mark.parametrize("way", ["between brackets", "as it comes"])
def test_a_paste_of_many_lines_into_the_box_is_kept_whole(desk: Desk, way: str) -> None:
    typed = LETTER.replace("\n", "\r")
    with desk.sits(CHILD) as at:
        at.wait("question 1/2")
        at.press("2", until="Reason for q1")
        if way == "between brackets":
            at.paste(typed, until="see q2. q")
        else:
            at.write(typed, until="see q2. q")
        at.press(ESCAPE, until="question 2/3")
        at.press("q")
        assert at.ended() == 0
    assert desk.kept() == ["00006 q1 partly_met", f"00006 q1 partly_met reason={LETTER.strip()}"]


def test_a_text_that_is_too_long_stays_in_the_box_until_it_is_shorter(desk: Desk) -> None:
    with desk.sits(CHILD) as at:
        at.wait("question 1/2")
        at.press("2", until="Reason for q1")
        at.paste("x" * 8_001 + "end", until="xend")
        at.press(ESCAPE, until=("The text has 8,004 characters; 8,000 is the most.", "xend"))
        at.press("\x7f\x7f\x7f\x7f", until="xxx")
        at.press(ESCAPE, until="question 2/3")
        at.press("q")
        assert at.ended() == 0
    assert [line["mark_reason"] for line in desk.lines()] == ["", "x" * 8_000]


def test_a_key_held_down_is_no_mark(desk: Desk) -> None:
    with desk.sits(CHILD) as at:
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
    standing = [line for line in desk.kept() if line.startswith("00006 q1")]
    assert standing == ["00006 q1 fully_met"]


# 5. The window changes.


def test_a_window_made_too_small_takes_no_mark_and_comes_back(desk: Desk) -> None:
    with desk.sits(CHILD, size=(100, 30)) as at:
        at.wait("question 1/2", "MARCH", "CASE Child victim: yes", "text due (!)")
        at.resize(80, 24)
        at.wait("question 1/2", "Mark 1 2 3 8", gone=("MARCH",))
        at.resize(60, 16)
        at.wait("This window has 60 columns and 16 rows; marking needs 80 and 24.", gone=("q1",))
        at.press("1", "s", "x")
        at.resize(80, 24)
        at.wait("question 1/2", "nothing new yet")
        at.press("2", until="Reason for q1")
        at.press("Late", until="Late")
        at.resize(100, 30)
        at.wait("MARCH", "Late", "Reason for q1")
        at.press("r", ESCAPE, until=("MARCH", "question 2/3"))
        at.resize(40, 10)
        at.wait("This window has 40 columns")
        at.press("q")
        assert at.ended() == 0 and at.left_as_found
    assert desk.kept() == ["00006 q1 partly_met", "00006 q1 partly_met reason=Later"]


# 6. Ctrl-C.


def echoes(at: ScreenAt) -> bool:
    """Whether the terminal echoes and reads lines again, as a shell expects it."""
    mode = termios.tcgetattr(at.child.child_fd)[3]
    return bool(mode & termios.ECHO) and bool(mode & termios.ICANON)


def test_ctrl_c_where_marks_are_given_ends_at_once(desk: Desk) -> None:
    with desk.sits(CHILD) as at:
        at.wait("question 1/2")
        assert not echoes(at)
        at.press("1", until="question 2/3")
        at.press(CTRL_C)
        while at._read(5.0):
            pass
        assert echoes(at) and at.left_as_found
        assert at.ended() == 130
        assert re.fullmatch(CLOSING, at.told)
    assert desk.kept() == ["00006 q1 fully_met"]


def test_ctrl_c_in_a_box_keeps_a_draft_and_goes_on_marking(desk: Desk) -> None:
    with desk.sits(CHILD) as at:
        at.wait("question 1/2")
        at.press("2", until="Reason for q1")
        at.press("Half a reas", CTRL_C, until=("Left as a draft", "DUE (C writes it)"))
        assert desk.drafts == ["Half a reas"]
        at.press(RIGHT, until="question 2/3")
        at.press("1", until="question 3/3")
        at.press("q")
        assert at.ended() == 0 and "Unfinished texts kept: 1." in at.told
    with desk.sits() as at:
        at.wait("Go on with case 3, question 1: Enter")
        at.press(ENTER, until=("question 1/3", "DUE"))
        at.press("c", until=("Unfinished since", "Half a reas"))
        at.press("on.", ESCAPE, until=("question 1/3", "Reason: Half a reason."))
        at.press("q")
        assert at.ended() == 0 and "Unfinished" not in at.told
    assert desk.kept() == ["00006 q1 partly_met", "00006 q2 fully_met", "00006 q1 partly_met reason=Half a reason."]
    assert desk.drafts == []


# 7 and 8. The terminal is closed, the program is killed.


@pytest.mark.parametrize("how", ["closed", signal.SIGKILL], ids=["closed window", "kill -9"])
def test_what_was_marked_and_nearly_all_that_was_typed_is_there_afterwards(desk: Desk, how: object) -> None:
    with desk.sits(CHILD) as at:
        at.wait("question 1/2")
        at.press("1", until="question 2/3")
        at.press("2", until="Reason for q2")
        at.press("The letter is missing.", until="missing.")
        typed = time.monotonic()
        until(lambda: desk.drafts == ["The letter is missing."], "no draft came")
        assert time.monotonic() - typed < 4, "a draft is at most two seconds old, on a machine that is not busy"
        at.press(" Also", until="missing. Also")
        if how == "closed":
            at.child.ptyproc.fileobj.close()
            until(lambda: not at.child.isalive(), "it lives on without its terminal")
        else:
            at.kill()
    assert desk.drafts in (["The letter is missing."], ["The letter is missing. Also"])
    assert desk.kept() == ["00006 q1 fully_met", "00006 q2 partly_met"]
    with desk.sits(CHILD) as at:
        at.wait("question 2/3", "DUE (C writes it)")
        at.press("c", until=("Unfinished since", "The letter is missing."))
        at.press(ESCAPE, until="Reason: The letter is missing.")
        at.press(CTRL_C)
        assert at.ended() == 130
    assert desk.kept()[-1].startswith("00006 q2 partly_met reason=The letter is missing.")


def test_kill_9_right_after_a_mark_was_acknowledged_loses_nothing(desk: Desk) -> None:
    with desk.sits(CHILD) as at:
        at.wait("question 1/2")
        at.press("1", until="question 2/3")
        at.press("9", until="question 3/3")
        at.kill()
    assert desk.kept() == ["00006 q1 fully_met", "00006 q2 does_not_apply"]


# 9. Two windows.


def test_a_second_window_only_looks_and_the_first_goes_on(desk: Desk) -> None:
    with desk.sits(CHILD) as first:
        first.wait("question 1/2")
        first.press("1", until="question 2/3")
        with desk.sits(CHILD) as second:
            second.wait("Your marks are open in another window since", "Enter alone to leave:")
            second.press("y", ENTER, until=("question 2/3", "LOOKING ONLY"))
            second.press("1", until="This window only looks: the marks are open in another one.")
            second.press("f", until="This window only looks")
            second.press(LEFT, until=("question 1/3", "Your mark: 1 FULLY MET"))
            second.press("c", until="Reason for q1")
            second.press("x", ESCAPE, until="This window only looks")
            second.press(CTRL_C, until="question 1/3")
            second.press("q")
            assert second.ended() == 0
        with desk.sits(CHILD) as third:
            third.wait("Enter alone to leave:")
            third.press(ENTER)
            assert third.ended() == 6
        first.press("9", until="question 3/3")
        first.press("q")
        assert first.ended() == 0
    assert desk.kept() == ["00006 q1 fully_met", "00006 q2 does_not_apply"]
    assert desk.drafts == []


# 10. The disk is full.


def at_most(size: int) -> Callable[[], None]:
    """What the program does before it begins: no file of it grows beyond so many bytes, as on a full disk."""
    def limit() -> None:
        import resource  # noqa: PLC0415 - Windows has none

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return limit


def test_a_full_disk_stops_the_marking_and_says_so_until_the_end(desk: Desk) -> None:
    with desk.sits(CHILD) as at:
        at.wait("question 1/2")
        at.press("1", until="question 2/3")
        at.press("q")
        assert at.ended() == 0
    opened = len(desk.journal.read_bytes().splitlines(keepends=True)[0])
    before = desk.kept()
    with desk.sits(CHILD, before=at_most(desk.journal.stat().st_size + opened + 20)) as at:
        at.wait("question 2/3")
        at.press("1", until=("NOT SAVED: File too large.", "Line 3 is the last safe one", "question 2/3"))
        at.press("9", until=("question 2/3", "Your mark: none yet", "NOT SAVED"))
        at.press(LEFT, until=("question 1/3", "NOT SAVED"))
        at.press("q")
        assert at.ended() == 5
        assert "J004" in at.told and "Line 3 is the last safe one" in at.told
    assert desk.kept() == before == ["00006 q1 fully_met"]


def test_a_full_disk_leaves_the_typed_text_on_the_screen(desk: Desk) -> None:
    with desk.sits(CHILD, before=at_most(4_000)) as at:
        at.wait("question 1/2")
        at.press("2", until="Reason for q1")
        at.paste("y" * 5_000 + "end", until="yend")
        at.press(ESCAPE, until=("NOT SAVED", "Line 2 is the last safe one", "yend"))
        at.press(ESCAPE, until=("NOT SAVED", "yend"))
        at.press(CTRL_C, until=("NOT SAVED", "question 1/3"))
        at.press("1", until=("NOT SAVED", "question 1/3"))
        at.press("q")
        assert at.ended() == 5 and "Line 2 is the last safe one" in at.told
    assert desk.kept() == ["00006 q1 partly_met"]


# 11. A window too small from the start.


def test_a_small_window_goes_line_by_line_and_says_why(desk: Desk) -> None:
    with desk.sits(NO_CHILD, size=(79, 24)) as at:
        at.wait("This window has 79 columns and 24 rows; the full screen needs 80 and 24.", "Mark:")
        at.press("1", ENTER, until="Question 2 of 2")
        at.press("q", ENTER)
        assert at.ended() == 0
        assert b"\x1b" not in at.raw
    assert desk.kept() == ["00007 q1 fully_met"]


def test_a_small_window_is_refused_where_the_settings_ask_for_the_full_screen(desk: Desk) -> None:
    (desk.workspace / "cqa.yaml").write_text("screen: full\n", encoding="utf-8")
    with desk.sits(size=(80, 23)) as at:
        assert at.ended() == 2
        assert "80 columns and 23 rows" in at.told and "cqa assess --plain" in at.told
    with desk.sits(size=(80, 24)) as at:
        at.wait("your cases: 5")
        at.press("q")
        assert at.ended() == 0
    assert desk.kept() == []


# 12. Terminals without colour.


@pytest.mark.parametrize("environment", [
    {"NO_COLOR": "1"}, {"TERM": "vt100"}, {"TERM": "linux"}, {"TERM": "xterm-mono"}, {"TERM": "xterm-256color"}],
    ids=lambda environment: "=".join(*environment.items()))
def test_no_colour_is_ever_asked_of_a_terminal(desk: Desk, environment: dict[str, str]) -> None:
    with desk.sits(CHILD, environment=environment) as at:
        at.wait("question 1/2", "1 FULLY MET", "Mark 1 2 3 8")
        at.press("2", until=("Reason for q1", "> 2 PARTLY MET"))
        at.press("So", ESCAPE, until="question 2/3")
        at.press("q")
        assert at.ended() == 0 and at.left_as_found
    asked = {int(code or 0) for codes in re.findall(rb"\x1b\[([\d;]*)m", at.raw) for code in codes.split(b";")}
    assert {1, 7} <= asked <= {0, 1, 7, 22, 27}, "bold, reverse and neither are all there is"
    assert desk.kept() == ["00006 q1 partly_met", "00006 q1 partly_met reason=So"]


# 13. Own keys.


def test_keys_of_ones_own(desk: Desk) -> None:
    (desk.workspace / "cqa.yaml").write_text("keys:\n  reason: w\n  flag: off\n  next: c\n  stop: ctrl-d\n",
                                             encoding="utf-8")
    with desk.sits(CHILD) as at:
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
    assert desk.kept() == ["00006 q1 partly_met", "00006 q1 partly_met reason=w", "00006 q1 partly_met reason=wxc"]
