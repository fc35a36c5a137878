"""A reviewer at a real terminal: marks line by line, presses Ctrl-C, comes back."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from cqa.files.journal import read_journal

pexpect = pytest.importorskip("pexpect", reason="needs a pseudo-terminal, which Windows has not")


def test_a_case_at_a_real_terminal(sample: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "CQA_HOME": str(tmp_path / "home"), "COLUMNS": "80"}
    child = pexpect.spawn(sys.executable, ["-m", "cqa", "assess", "--sample", "march", "--as", "ann", "--plain"],
                          timeout=20, cwd=str(sample.parent.parent), env=environment, encoding="utf-8")
    child.expect("Plain mode")
    while child.expect(["Mark: ", r"\(Y or N\): "]) == 1:
        child.sendline("N")
    child.sendline("2")
    child.expect("Reason needed. End with an empty line.\r\n> ")
    child.sendline("One step is missing.")
    child.expect("> ")
    child.sendline("")
    child.expect(r"Reason saved \d\d:\d\d:\d\d")
    child.expect("Mark: ")
    child.sendintr()
    child.expect(r"Kept to \d\d:\d\d:\d\d.\r\nGo on with:\r\n  cqa assess --sample march --as ann")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    # The device remembers who marked here, and the sample is the only one.
    again = pexpect.spawn(sys.executable, ["-m", "cqa", "assess", "--plain"], timeout=20,
                          cwd=str(sample.parent.parent), env=environment, encoding="utf-8")
    again.expect("Question 2 of")
    again.expect("Mark: ")
    again.sendline("l")
    again.expect("1. q1: Partly met")
    again.sendline("q")
    again.expect(pexpect.EOF)
    again.close()
    assert again.exitstatus == 0


def spawned(sample: Path, tmp_path: Path) -> Any:
    """A sitting at a terminal, at its first question."""
    environment = {**os.environ, "CQA_HOME": str(tmp_path / "home"), "COLUMNS": "80"}
    child = pexpect.spawn(sys.executable, ["-m", "cqa", "assess", "--sample", "march", "--as", "ann", "--plain"],
                          timeout=20, cwd=str(sample.parent.parent), env=environment, encoding="utf-8", echo=False)
    while child.expect(["Mark: ", r"\(Y or N\): "]) == 1:
        child.sendline("N")
    return child


@pytest.mark.parametrize("leave", ["ctrl-c", "ctrl-d", "closed window"])
def test_a_half_typed_reason_is_there_the_next_time(sample: Path, tmp_path: Path, leave: str) -> None:
    child = spawned(sample, tmp_path)
    child.sendline("2")
    child.expect("> ")
    child.sendline("The letter is missing.")
    child.expect("> ")
    if leave == "closed window":
        child.kill(signal.SIGHUP)
    elif leave == "ctrl-c":
        child.sendintr()
    else:
        child.sendeof()
    child.expect(pexpect.EOF)
    child.close()
    again = spawned(sample, tmp_path)
    again.sendline("j 1")
    again.expect("Reason due: type c.")
    again.expect("Mark: ")
    again.sendline("c")
    again.expect(r"Unfinished from \d\d:\d\d: The letter is missing")
    again.expect("> ")
    again.sendline("")
    again.expect("Reason saved")
    again.close()
    assert reasons(sample)[-1] == "The letter is missing."


def reasons(sample: Path) -> list[str]:
    """The reasons in the only journal, as they came."""
    (journal,) = (sample / "marks").glob("*.jsonl")
    return [str(line["mark_reason"]) for line in read_journal(journal).lines if line.get("mark_reason")]


def test_an_empty_line_inside_pasted_words_does_not_end_the_text(sample: Path, tmp_path: Path) -> None:
    child = spawned(sample, tmp_path)
    child.sendline("2")
    child.expect("> ")
    child.send("Dear all,\n\n1 is missing.\n\n3\n")
    child.expect("> ")
    child.sendline("")
    child.expect("Reason saved")
    child.expect("Mark: ")
    child.sendline("j 1")
    child.expect("Reason: Dear all, 1 is missing. 3\r\n")
    child.close()
    assert reasons(sample) == ["Dear all,\n\n1 is missing.\n\n3"]


@pytest.mark.skipif(sys.platform != "linux", reason="the terminal of Linux cuts lines at 4,096 bytes")
def test_a_line_that_the_terminal_cut_is_not_taken(sample: Path, tmp_path: Path) -> None:
    child = spawned(sample, tmp_path)
    child.sendline("2")
    child.expect("> ")
    child.sendline("x" * 6_000)
    child.expect("The terminal cuts lines at 4,095 characters")
    child.expect("> ")
    child.sendline("short")
    child.expect("> ")
    child.sendline("")
    child.expect("Reason saved")
    child.expect("Mark: ")
    child.sendline("j 1")
    child.expect("Reason: short\r\n")
    child.close()
    assert reasons(sample) == ["short"]


def test_a_paste_is_taken_whole_by_a_text_and_not_at_all_by_a_mark(sample: Path, tmp_path: Path) -> None:
    child = spawned(sample, tmp_path)
    child.send("\x1b[200~2\n3\nx\x1b[201~")
    child.sendline("")
    child.expect("That looked like a paste: nothing of it was taken.")
    child.expect("Mark: ")
    # A terminal that cannot mark pastes gives several lines at once.
    child.send("2\n3\n1")
    child.expect("That looked like a paste")
    child.expect("Mark: ")
    child.sendline("2")
    child.expect("Reason needed")
    child.expect("> ")
    child.send("\x1b[200~One.\n\n-\n.\nTwo, unended\x1b[201~")
    child.sendline("")
    child.expect("> ")
    child.sendline("")
    child.expect("Reason saved")
    child.expect("Mark: ")
    child.sendline("q")
    child.expect(pexpect.EOF)
    child.close()
    assert reasons(sample) == ["One.\n\n-\n.\nTwo, unended"]
    (journal,) = (sample / "marks").glob("*.jsonl")
    assert [line["mark"] for line in read_journal(journal).lines if "mark" in line] == ["partly_met", "partly_met"]
