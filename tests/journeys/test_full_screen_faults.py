"""What goes wrong at the full screen of a real terminal: the window, Ctrl-C, a kill, a second window, the disk."""

import re
import signal
import time
from collections.abc import Callable

import pytest

from tests.casework import Run
from tests.journeys.screen_at import CTRL_C, ENTER, ESCAPE, LEFT, RIGHT, Reviewer, ScreenAt, until
from tests.journeys.test_full_screen import AT_BOTH_SIZES, CHILD, CLOSING, NO_CHILD
from tests.screen.test_script import assess

termios = pytest.importorskip("termios", reason="Windows has none")


# The window changes.


def test_a_window_made_too_small_takes_no_mark_and_comes_back(ann: Reviewer) -> None:
    with ann.sits(CHILD, size=(100, 30)) as at:
        at.wait("question 1/2", "MARCH", "CASE Child victim: yes", "text due (+)")
        at.resize(80, 24)
        at.wait("question 1/2", "Mark 1 2 3 8", gone=("MARCH",))
        at.resize(60, 16)
        at.wait("This window has 60 columns and 16 rows; marking needs 80 and 24.", gone=("q1",))
        at.press("1", "s", "x")
        at.resize(80, 24)
        at.wait("question 1/2", "all saved")
        at.press("2", until="Reason for q1")
        at.press("Late", until="Late")
        at.resize(100, 30)
        at.wait("MARCH", "Late", "Reason for q1")
        at.press("r", ESCAPE, until=("MARCH", "question 2/3"))
        at.resize(40, 10)
        at.wait("This window has 40 columns")
        at.press("q")
        assert at.ended() == 0 and at.left_as_found
    assert ann.kept() == ["00006 q1 partly_met", "00006 q1 partly_met reason=Later"]


# Ctrl-C.


def echoes(at: ScreenAt) -> bool:
    """Whether the terminal echoes and reads lines again, as a shell expects it."""
    mode = termios.tcgetattr(at.child.child_fd)[3]
    return bool(mode & termios.ECHO) and bool(mode & termios.ICANON)


@AT_BOTH_SIZES
def test_ctrl_c_where_marks_are_given_ends_at_once(ann: Reviewer) -> None:
    with ann.sits(CHILD) as at:
        at.wait("question 1/2")
        assert not echoes(at)
        at.press("1", until="question 2/3")
        at.press(CTRL_C)
        at.read_to_the_end()
        assert echoes(at) and at.left_as_found
        assert at.ended() == 130
        assert re.fullmatch(CLOSING, at.told)
    assert ann.kept() == ["00006 q1 fully_met"]


@AT_BOTH_SIZES
def test_ctrl_c_in_a_box_keeps_a_draft_and_goes_on_marking(ann: Reviewer) -> None:
    with ann.sits(CHILD) as at:
        at.wait("question 1/2")
        at.press("2", until="Reason for q1")
        at.press("Half a reas", CTRL_C, until=("Left as a draft", "UNFINISHED (C goes on with it)"))
        assert ann.drafts == ["Half a reas"]
        at.press(RIGHT, until="question 2/3")
        at.press("1", until="question 3/3")
        at.press("q")
        assert at.ended() == 0 and "Unfinished, and kept as it was: the reason of q1" in at.told
    with ann.sits() as at:
        at.wait("Go on with case 3, question 1: Enter")
        at.press(ENTER, until=("question 1/3", "UNFINISHED"))
        at.press("c", until=("Unfinished since", "Half a reas"))
        at.press("on.", ESCAPE, until=("question 1/3", "Reason: Half a reason."))
        at.press("q")
        assert at.ended() == 0 and "Unfinished" not in at.told
    assert ann.kept() == ["00006 q1 partly_met", "00006 q2 fully_met", "00006 q1 partly_met reason=Half a reason."]
    assert ann.drafts == []


# The terminal is closed, the program is killed.


@pytest.mark.parametrize("how", ["closed", signal.SIGKILL], ids=["closed window", "kill -9"])
@AT_BOTH_SIZES
def test_what_was_marked_and_nearly_all_that_was_typed_is_there_afterwards(ann: Reviewer, how: object) -> None:
    with ann.sits(CHILD) as at:
        at.wait("question 1/2")
        at.press("1", until="question 2/3")
        at.press("2", until="Reason for q2")
        at.press("The letter is missing.", until="missing.")
        typed = time.monotonic()
        until(lambda: ann.drafts == ["The letter is missing."], "no draft came")
        assert time.monotonic() - typed < 4, "a draft is at most two seconds old, on a machine that is not busy"
        at.press(" Also", until="missing. Also")
        if how == "closed":
            at.child.ptyproc.fileobj.close()
            until(lambda: not at.child.isalive(), "it lives on without its terminal")
        else:
            at.kill()
    assert ann.drafts in (["The letter is missing."], ["The letter is missing. Also"])
    assert ann.kept() == ["00006 q1 fully_met", "00006 q2 partly_met"]
    with ann.sits(CHILD) as at:
        at.wait("question 2/3", "UNFINISHED (C goes on with it)")
        at.press("c", until=("Unfinished since", "The letter is missing."))
        at.press(ESCAPE, until="Reason: The letter is missing.")
        at.press(CTRL_C)
        assert at.ended() == 130
    assert ann.kept()[-1].startswith("00006 q2 partly_met reason=The letter is missing.")


@AT_BOTH_SIZES
def test_kill_9_right_after_a_mark_was_acknowledged_loses_nothing(ann: Reviewer) -> None:
    with ann.sits(CHILD) as at:
        at.wait("question 1/2")
        at.press("1", until="question 2/3")
        at.press("9", until="question 3/3")
        at.kill()
    assert ann.kept() == ["00006 q1 fully_met", "00006 q2 does_not_apply"]


def test_a_line_that_a_power_cut_tore_is_told_before_anything_else(run: Run, ann: Reviewer) -> None:
    case = {"case": CHILD, "question": "q1"}
    assess(run, ann.sample, {**case, "mark": "fully_met"}, {**case, "mark": "not_met"})
    ann.journal.write_bytes(ann.journal.read_bytes()[:-9])
    with ann.sits() as at:
        at.wait("BEFORE YOU BEGIN", "J001", "bytes were set aside", "Enter goes on.")
        at.press(ENTER, until=("your cases: 5", "Go on with case 3, question 2: Enter"))
        at.press(ENTER, until="question 2/3")
        at.press("q")
        assert at.ended() == 0
    assert [line for line in ann.kept() if "recovered" not in line] == ["00006 q1 fully_met"]
    assert len(ann.kept()) == 2


# Two windows.


@AT_BOTH_SIZES
def test_a_second_window_only_looks_and_the_first_goes_on(ann: Reviewer) -> None:
    with ann.sits(CHILD) as first:
        first.wait("question 1/2")
        first.press("1", until="question 2/3")
        with ann.sits(CHILD) as second:
            second.wait("Your marks are open in another window since", "Enter alone to leave:")
            second.press("y", ENTER, until=("question 2/3", "LOOKING ONLY"))
            second.press("1", until="This window only looks: the marks are open in another one.")
            second.press("f", until="This window only looks")
            second.press(LEFT, until=("question 1/3", "Your mark: 1 FULLY MET"))
            second.press("c", until="This window only looks")
            second.press("!", until="This window only looks")
            second.press("q")
            assert second.ended() == 0
        with ann.sits(CHILD) as third:
            third.wait("Enter alone to leave:")
            third.press(ENTER)
            assert third.ended() == 6
        first.press("9", until="question 3/3")
        first.press("q")
        assert first.ended() == 0
    assert ann.kept() == ["00006 q1 fully_met", "00006 q2 does_not_apply"]
    assert ann.drafts == []


# The disk is full.


def at_most(size: int) -> Callable[[], None]:
    """What the program does before it begins: no file of it grows beyond so many bytes, as on a full disk."""
    def limit() -> None:
        import resource  # noqa: PLC0415 - Windows has none

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return limit


@AT_BOTH_SIZES
def test_a_full_disk_stops_the_marking_and_says_so_until_the_end(ann: Reviewer) -> None:
    with ann.sits(CHILD) as at:
        at.wait("question 1/2")
        at.press("1", until="question 2/3")
        at.press("q")
        assert at.ended() == 0
    opened = len(ann.journal.read_bytes().splitlines(keepends=True)[0])
    before = ann.kept()
    with ann.sits(CHILD, before=at_most(ann.journal.stat().st_size + opened + 20)) as at:
        at.wait("question 2/3")
        at.press("1", until=("NOT SAVED: File too large.", "Line 3 is the last safe one", "question 2/3"))
        at.press("9", until=("question 2/3", "Your mark: none yet", "NOT SAVED"))
        at.press(LEFT, until=("question 1/3", "NOT SAVED"))
        at.press("q")
        assert at.ended() == 5
        assert "J004" in at.told and "Line 3 is the last safe one" in at.told
    assert ann.kept() == before == ["00006 q1 fully_met"]


@AT_BOTH_SIZES
def test_a_full_disk_leaves_the_typed_text_on_the_screen(ann: Reviewer) -> None:
    with ann.sits(CHILD, before=at_most(4_000)) as at:
        at.wait("question 1/2")
        at.press("2", until="Reason for q1")
        at.paste("y" * 5_010 + "end", until="yend")
        at.press(ESCAPE, until=("NOT SAVED", "Line 2 is the last safe one", "yend"))
        at.press(ESCAPE, until=("NOT SAVED", "yend"))
        at.press(CTRL_C, until=("NOT SAVED", "question 1/3"))
        at.press("1", until=("NOT SAVED", "question 1/3"))
        at.press("q")
        assert at.ended() == 5 and "Line 2 is the last safe one" in at.told
    assert ann.kept() == ["00006 q1 partly_met"]


# A window too small from the start.


def test_a_small_window_goes_line_by_line_and_says_why(ann: Reviewer) -> None:
    with ann.sits(NO_CHILD, size=(79, 24)) as at:
        at.wait("This window has 79 columns and 24 rows; the full screen needs 80 and 24.", "Mark:")
        at.press("1", ENTER, until="Question 2 of 2")
        at.press("q", ENTER)
        assert at.ended() == 0
        # Only that pastes are to be marked, and no more.
        assert at.raw.replace(b"\x1b[?2004h", b"").replace(b"\x1b[?2004l", b"").count(b"\x1b") == 0
    assert ann.kept() == ["00007 q1 fully_met"]


def test_a_small_window_is_refused_where_the_settings_ask_for_the_full_screen(ann: Reviewer) -> None:
    (ann.workspace / "cqa.yaml").write_text("screen: full\n", encoding="utf-8")
    with ann.sits(size=(80, 23)) as at:
        assert at.ended() == 2
        assert "80 columns and 23 rows" in at.told and "line by line: --plain" in at.told
    with ann.sits(size=(80, 24)) as at:
        at.wait("your cases: 5")
        at.press("q")
        assert at.ended() == 0
    assert ann.kept() == []
