"""SIGKILL at random moments: every mark that was acknowledged is there afterwards."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cqa.files.journal import Journal, read_journal
from tests.casework import Run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")

KILLS_OF_A_FORK, KILLS_OF_THE_COMMAND = 200, 10


def stamp() -> str:
    return "2026-03-02T09:00:00.000Z"


def append_for_ever(path: Path, pipe: int) -> None:
    """What the forked child does: appends, and tells each number only when append has returned."""
    with Journal.open(path, stamp) as journal:
        while True:
            os.write(pipe, b"%d\n" % journal.append({"at": stamp(), "kind": "answered", "mark": "not_met" * 40}))


def test_a_killed_process_loses_no_acknowledged_line(tmp_path: Path) -> None:
    path, moments = tmp_path / "ann.1.jsonl", random.Random(20260302)
    acknowledged = 0
    for _ in range(KILLS_OF_A_FORK):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                append_for_ever(path, writer)
            finally:
                os._exit(1)
        os.close(writer)
        time.sleep(moments.uniform(0.001, 0.012))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told = b"".join(iter(lambda end=reader: os.read(end, 65536), b"")).split()  # type: ignore[misc]
        os.close(reader)
        acknowledged = max([acknowledged, *map(int, told)])
        if not path.exists():
            assert acknowledged == 0
            continue
        reading = read_journal(path)
        assert [problem for problem in reading.problems if problem.code != "J001"] == []
        assert len(reading.lines) >= acknowledged
        if len(reading.lines) > 2_000:
            path.unlink()
            acknowledged = 0


def script(cases: list[str]) -> list[str]:
    marks = ("fully_met", "partly_met", "not_met")
    return [json.dumps({"case": case, "question": "q1", "mark": marks[turn % 3], "reason": f"turn {turn}",
                        "evidence": "p 2"}) for turn in range(4_000) for case in cases]


def test_a_killed_assess_loses_no_acknowledged_mark(run: Run, sample: Path, tmp_path: Path) -> None:
    moments = random.Random(7)
    with (sample / "assignments.csv").open(encoding="utf-8") as stream:
        cases = [line.split(",")[0] for line in stream if line.split(",")[1:3] == ["ann", "first"]]
    mains = {line.split(",")[0] for line in (sample / "cases.csv").read_text(encoding="utf-8").splitlines()
             if ",main," in line}
    lines = script([case for case in cases if case in mains])
    typed = tmp_path / "script.jsonl"
    typed.write_text("\n".join(lines), encoding="utf-8", newline="\n")
    for _ in range(KILLS_OF_THE_COMMAND):
        out = tmp_path / "out.jsonl"
        with out.open("wb") as stream:
            child = subprocess.Popen(
                [sys.executable, "-m", "cqa", "assess", "--sample", "march", "--as", "ann", "--script", str(typed)],
                cwd=sample.parent.parent, stdout=stream, env={**os.environ, "CQA_HOME": str(tmp_path / "home")})
            while not out.stat().st_size and child.poll() is None:
                time.sleep(0.005)
            time.sleep(moments.uniform(0, 0.15))
            child.kill()
            child.wait()
        answers = [json.loads(line) for line in out.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
        saved = [answer for answer in answers if answer["saved"]]
        assert saved, "the command was killed before it saved anything"
        journal = next((sample / "marks").glob("ann.*.jsonl"))
        reading = read_journal(journal)
        assert [problem for problem in reading.problems if problem.code != "J001"] == []
        kept = {f"{journal.stem}:{line['seq']}" for line in reading.lines}
        assert {answer["event"] for answer in saved} <= kept
        last = saved[-1]
        exported = json.loads(run("export", "march", "--json", folder=sample.parent.parent).out)["rows"]
        standing = {row["case_id"]: row for row in exported if row["question"] == last["question"]}
        wanted = json.loads(lines[len(answers) - 1])
        # The journal may hold one mark more than was acknowledged; then that one stands.
        following = json.loads(lines[len(answers)])
        assert standing[last["case"]]["reason"] in (wanted["reason"], following["reason"])
