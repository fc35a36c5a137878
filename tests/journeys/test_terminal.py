"""A reviewer at a real terminal: marks line by line, presses Ctrl-C, comes back."""

import os
import sys
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect", reason="needs a pseudo-terminal, which Windows has not")


def test_a_case_at_a_real_terminal(sample: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "CQA_HOME": str(tmp_path / "home"), "COLUMNS": "80"}
    child = pexpect.spawn(sys.executable, ["-m", "cqa", "assess", "--sample", "march", "--as", "ann"], timeout=20,
                          cwd=str(sample.parent.parent), env=environment, encoding="utf-8")
    child.expect("Plain mode")
    while child.expect(["Mark: ", r"Y or N, q to stop\): "]) == 1:
        child.sendline("N")
    child.sendline("2")
    child.expect("Reason. End with a line holding only a full stop")
    child.sendline("One step is missing.")
    child.sendline(".")
    child.expect("Reason saved on this computer")
    child.expect("Mark: ")
    child.sendintr()
    child.expect("Every acknowledged mark is kept")
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
