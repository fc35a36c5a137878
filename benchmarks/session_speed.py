"""Times a marking session in a pseudo-terminal: start to first page, key to next page, bytes a mark, and whether a
large sample slows it. POSIX only.

    python benchmarks/session_speed.py [--rounds N] [--marks N] [--folder DIR]

The folder should be one in memory (such as /dev/shm), so that the disk's own sync is not timed.
"""

import argparse
import csv
import os
import pty
import select
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from contextlib import suppress
from fcntl import ioctl
from pathlib import Path

CASES, ROWS, COLUMNS = 200, 24, 80
PACE = 0.11
"""Seconds between two keys: faster ones would be taken for a key held down."""
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

ASSESS = ["-m", "cqa", "assess", "--as", "ann"]
BARE = """
from prompt_toolkit.application import Application
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
keys = KeyBindings()
keys.add("q")(lambda event: event.app.exit())
text = "\\n".join("word " * 15 for _ in range(23)) + "\\nREADY"
Application(layout=Layout(Window(FormattedTextControl(text))), key_bindings=keys, full_screen=True).run()
"""

FACTS = {"unit": "North", "stage": "finalised", "charged_by": "CPS", "decision_type": "charge", "court": "Crown",
         "plea": "not guilty", "outcome": "convicted", "first_hearing": "2026-01-05"}
FLAGS = ("contested", "trial_listed", "sent", "in_custody", "has_victim", "civilian_witness", "charge_dropped",
         "plea_offer", "schedules_due", "bail_in_issue", "hearing_held")


def cqa(*words: str, folder: Path) -> None:
    """Runs one command of cqa to its end."""
    subprocess.run([sys.executable, "-m", "cqa", *words], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True)


def make_sample(folder: Path) -> Path:
    """A workspace with a sample of 200 cases of which the shipped rubric asks all 35 questions; no spot checks."""
    cqa("init", "work", folder=folder)
    work = folder / "work"
    rubric = work / "rubrics" / "prosecution.yaml"
    text = rubric.read_text(encoding="utf-8")
    kept = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("proof:"))
    rubric.write_text(kept, encoding="utf-8", newline="\n")
    with (work / "export.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["case_id", *FACTS, *FLAGS])
        writer.writerows([f"{number:07d}", *FACTS.values(), *("Y" for _ in FLAGS)] for number in range(CASES))
    cqa("draw", "export.csv", "--sample", "speed", "--id", "case_id", "--take", str(CASES), "--reserves", "0", "--seed",
        "12345678901234567890", "--rubric", "rubrics/prosecution.yaml", "--reviewers", "ann", folder=work)
    return work


class Terminal:
    """A program in a pseudo-terminal of 80x24, and what it writes."""

    def __init__(self, words: list[str], folder: Path) -> None:
        self.began = time.perf_counter()
        self.pid, self.end = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execve(sys.executable, [sys.executable, *words], {**ENVIRONMENT, "TERM": "xterm-256color"})
        ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def until(self, text: bytes) -> float:
        """Seconds from the start to the text."""
        seen = b""
        while text not in seen:
            seen += os.read(self.end, 65_536)
        return time.perf_counter() - self.began

    def quiet(self, seconds: float) -> tuple[int, float]:
        """What came until nothing came for so long: bytes, and when the last of them came."""
        count, last = 0, time.perf_counter()
        while select.select([self.end], [], [], seconds)[0]:
            try:
                count += len(os.read(self.end, 65_536))
            except OSError:
                break
            last = time.perf_counter()
        return count, last

    def press(self, key: str) -> tuple[float, int]:
        """Seconds from a key to the end of what it made the program draw, and how many bytes that was."""
        pressed = time.perf_counter()
        os.write(self.end, key.encode())
        count, last = self.quiet(PACE)
        return last - pressed, count

    def close(self) -> None:
        """Ends the program."""
        with suppress(OSError):
            os.close(self.end)
        os.waitpid(self.pid, 0)


def first_paints(work: Path, rounds: int) -> tuple[float, float]:
    """Medians of seconds to the first page: cqa assess, and a bare page of prompt_toolkit; in turn."""
    ours, bare = [], []
    for number in range(rounds + 1):
        for words, text, found in ((ASSESS, b"sign", ours), (["-c", BARE], b"READY", bare)):
            terminal = Terminal(words, work)
            seconds = terminal.until(text)
            terminal.quiet(0.05)
            terminal.close()
            if number:
                found.append(seconds)
    return statistics.median(ours), statistics.median(bare)


def marks(work: Path, count: int) -> tuple[list[float], list[int]]:
    """Seconds and bytes of so many marks, one after the other, each signed case left by its sign-off."""
    terminal = Terminal(ASSESS, work)
    terminal.until(b"sign")
    terminal.quiet(0.2)
    terminal.press("\r")
    seconds, drawn = [], []
    for _ in range(min(count, 35)):
        took, wrote = terminal.press("1")
        seconds.append(took)
        drawn.append(wrote)
    terminal.close()
    return seconds, drawn


def whole_sample(work: Path) -> tuple[float, float, int]:
    """Median seconds of a mark over the first and the last hundred of 7,000, without a terminal: journal, state and
    page; and how many there were."""
    from cqa.commands.marking.sitting import open_sitting  # noqa: PLC0415
    from cqa.files.sample_folder import open_sample  # noqa: PLC0415
    from cqa.files.workspace import find_workspace  # noqa: PLC0415
    from cqa.screen.desk import Desk  # noqa: PLC0415
    from cqa.screen.desk_keys import press  # noqa: PLC0415
    from cqa.screen.frame import page  # noqa: PLC0415
    from cqa.screen.page import Size  # noqa: PLC0415
    from cqa.screen.typist import NoDrafts  # noqa: PLC0415
    from cqa.world import real_world  # noqa: PLC0415

    world = real_world()
    found = []
    with open_sitting(world, open_sample(find_workspace(work), "speed"), "ann") as sitting:
        desk = Desk(sitting.state, sitting.act, world.now, NoDrafts(), "speed")
        desk.show_cases()
        press(desk, "enter")
        while not desk.menu:
            if desk.state.assessment(desk.case_id).signed_at:
                press(desk, "enter")
            elif desk.at:
                began = time.perf_counter()
                press(desk, "1")
                page(desk, Size(COLUMNS, ROWS))
                found.append(time.perf_counter() - began)
            else:
                press(desk, "s")
                desk.finish_box(desk.case_id)
    return statistics.median(found[:100]), statistics.median(found[-100:]), len(found)


def main() -> None:
    """Makes the sample, times, prints."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--rounds", type=int, default=15)
    given.add_argument("--marks", type=int, default=35)
    given.add_argument("--folder", type=Path, default=Path("/dev/shm"))
    options = given.parse_args()
    folder = Path(tempfile.mkdtemp(dir=options.folder if options.folder.is_dir() else None))
    ENVIRONMENT["CQA_HOME"] = os.environ["CQA_HOME"] = str(folder / "home")
    try:
        work = make_sample(folder)
        ours, bare = first_paints(work, options.rounds)
        print(f"first page: {ours * 1000:.0f} ms; a bare page {bare * 1000:.0f} ms; ratio {ours / bare:.2f}")
        seconds, drawn = marks(work, options.marks)
        print(f"key to next page: median {statistics.median(seconds) * 1000:.1f} ms, most {max(seconds) * 1000:.1f} ms")
        print(f"bytes a mark: median {statistics.median(drawn):.0f}, most {max(drawn)}")
        first, last, count = whole_sample(work)
        print(f"{count:,} marks: first hundred {first * 1000:.2f} ms, last hundred {last * 1000:.2f} ms; "
              f"ratio {last / first:.2f}")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
