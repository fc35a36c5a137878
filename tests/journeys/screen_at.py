"""A reviewer at a terminal: cqa in a pseudo-terminal, a screen that can be read, keys as a person presses them."""

import json
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

import cqa
from cqa.files.journal import read_journal

pexpect: Any = pytest.importorskip("pexpect", reason="needs a pseudo-terminal, which Windows has not")
pyte: Any = pytest.importorskip("pyte", reason="needs a pseudo-terminal, which Windows has not")

UP, DOWN, RIGHT, LEFT, HOME = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H"
ESCAPE, ENTER, CTRL_C, CTRL_R, CTRL_S = "\x1b", "\r", "\x03", "\x12", "\x13"
LONGEST_WAIT = 30.0
"""Seconds until a text that does not come is a failure: a shared machine may be slow at any moment."""
SAME_KEY_APART, KEYS_APART, AFTER_A_PASTE = 0.1, 0.04, 0.2
"""Seconds between two presses of one key, of any two, and after a paste: a person takes longer, and less is no mark."""
_PREFERENCES = ("NO_COLOR", "COLUMNS", "LINES", "CQA_PLAIN", "CQA_REVIEWER", "PROMPT_TOOLKIT_COLOR_DEPTH")
"""What the machine of the test happens to prefer, which must not decide what is tested."""


class ScreenAt:
    """One run of cqa at a terminal of `columns` by `rows`. `raw` holds every byte that it wrote."""

    def __init__(self, folder: Path, home: Path, *arguments: str, size: tuple[int, int] = (80, 24),
                 environment: Mapping[str, str] | None = None, before: Callable[[], None] | None = None) -> None:
        self.columns, self.rows = size
        self.screen = pyte.Screen(self.columns, self.rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self._pressed: dict[str, float] = {}
        self._pasted = 0.0
        kept = {name: value for name, value in os.environ.items() if name not in _PREFERENCES}
        here = {"CQA_HOME": str(home), "PYTHONPATH": str(Path(cqa.__file__).parents[1]), "TERM": "xterm-256color",
                "LC_ALL": "C.UTF-8", **(environment or {})}
        self.child = pexpect.spawn(sys.executable, ["-m", "cqa", *arguments], cwd=str(folder), env={**kept, **here},
                                   dimensions=(self.rows, self.columns), preexec_fn=before, timeout=LONGEST_WAIT)
        self.child.delaybeforesend = None

    # What is seen.

    @property
    def text(self) -> str:
        """The rows of the screen."""
        return "\n".join(self.screen.display)

    @property
    def flowing(self) -> str:
        """The rows of the screen as one line, so that it does not matter where a sentence was broken."""
        return " ".join(self.text.split())

    def wait(self, *texts: str, gone: tuple[str, ...] = ()) -> str:
        """Reads until the screen shows every text and none of `gone`; gives the screen."""
        end = time.monotonic() + LONGEST_WAIT
        while not self._shows(texts, gone):
            left = end - time.monotonic()
            if left <= 0 or not self.reads(left):
                raise AssertionError(f"Waited for {texts} without {gone}. The screen is:\n{self.text}")
        return self.text

    def _shows(self, texts: tuple[str, ...], gone: tuple[str, ...]) -> bool:
        shown = self.flowing
        return all(one in shown for one in texts) and not any(one in shown for one in gone)

    def reads(self, seconds: float) -> bool:
        """Takes what was written, waiting for it; False at the end."""
        try:
            new = self.child.read_nonblocking(65_536, timeout=min(seconds, 1.0))
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += new
        self._stream.feed(new)
        return True

    # What is done.

    def press(self, *keys: str, until: str | tuple[str, ...] = ()) -> None:
        """Presses keys one by one as a person does, and waits for what the last one brings."""
        for key in keys:
            self._rest(max(self._pressed.get(key, 0.0) + SAME_KEY_APART, self._pasted + AFTER_A_PASTE))
            self.child.send(key)
            self._pressed[key] = time.monotonic()
        if until:
            self.wait(*((until,) if isinstance(until, str) else until))
            # A busy machine may have come to the key late, and it judges by when it came to it.
            self._pressed[keys[-1]] = time.monotonic()

    def _rest(self, free: float = 0.0) -> None:
        """Waits as long as a person does between any two things, and until `free`."""
        free = max(free, max(self._pressed.values(), default=0.0) + KEYS_APART)
        time.sleep(max(0.0, free - time.monotonic()))

    def write(self, text: str, until: str | tuple[str, ...] = ()) -> None:
        """Everything at once, as a paste into a terminal without brackets comes."""
        self._rest()
        self.child.send(text)
        self._pasted = time.monotonic()
        if until:
            self.wait(*((until,) if isinstance(until, str) else until))

    def paste(self, text: str, until: str | tuple[str, ...] = ()) -> None:
        """A paste as terminals send it that were asked to put it between brackets."""
        self.write(f"\x1b[200~{text}\x1b[201~", until)

    def resize(self, columns: int, rows: int) -> None:
        """The window gets another size; the system tells the program."""
        self.columns, self.rows = columns, rows
        self.screen.resize(rows, columns)
        self.screen.reset()
        self.child.setwinsize(rows, columns)

    # How it ends.

    def read_to_the_end(self) -> None:
        """Takes everything that is written until the program has ended; the terminal stays open."""
        end = time.monotonic() + LONGEST_WAIT
        while self.reads(max(0.0, end - time.monotonic())):
            assert time.monotonic() < end, f"It did not end. The screen is:\n{self.text}"

    def ended(self) -> int:
        """Waits for the end, and gives the exit code."""
        self.read_to_the_end()
        self.child.close()
        assert not self.colours, "bold, reverse and neither are all that is ever asked of a terminal"
        assert self.child.exitstatus is not None, f"It ended by signal {self.child.signalstatus}."
        return int(self.child.exitstatus)

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Ends the program by a signal, and waits until it is gone."""
        self.child.kill(how)
        self.child.wait()

    @property
    def styles(self) -> set[int]:
        """The styles that were asked of the terminal, by their numbers."""
        return {int(code or 0) for codes in re.findall(rb"\x1b\[([\d;]*)m", self.raw) for code in codes.split(b";")}

    @property
    def colours(self) -> set[int]:
        """Those that are neither bold (1, 22) nor reverse (7, 27) nor plain (0)."""
        return self.styles - {0, 1, 7, 22, 27}

    @property
    def told(self) -> str:
        """What stood below the last page once the full screen was left: the words on the terminal itself."""
        below = self.raw.rpartition(b"\x1b[?1049l")[2].decode("utf-8", "replace")
        return " ".join(re.sub(r"\x1b\[[?\d;]*[a-z]", "", below, flags=re.IGNORECASE).split())

    @property
    def left_as_found(self) -> bool:
        """Whether the alternate screen was left, the cursor shown and the brackets around a paste asked back."""
        pairs = ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"\x1b[?2004h", b"\x1b[?2004l"))
        return all(self.raw.rfind(on) < self.raw.rfind(off) for on, off in pairs)

    def __enter__(self) -> "ScreenAt":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.child.close(force=True)


class Reviewer:
    """Ann, who marks a drawn sample called march: her sittings, and what of hers is on the disk."""

    def __init__(self, sample: Path, home: Path, size: tuple[int, int] = (80, 24)) -> None:
        self.sample, self.home, self.size = sample, home, size

    @property
    def workspace(self) -> Path:
        """The folder with the settings."""
        return self.sample.parent.parent

    def sits(self, *arguments: str, command: str = "assess", **more: Any) -> ScreenAt:
        """She begins; `more` is about the terminal."""
        return ScreenAt(self.workspace, self.home, command, *arguments, "--sample", "march", "--as", "ann",
                        **{"size": self.size, **more})

    @property
    def journal(self) -> Path:
        """Hers."""
        (found,) = (self.sample / "marks").glob("ann.*.jsonl")
        return found

    def lines(self) -> list[dict[str, Any]]:
        """What was kept, but for the lines that open sittings, in the order in which it came; the chain is whole."""
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
    told = [line.get("case"), "" if line["kind"] == "answered" else line["kind"], line.get("question", "")]
    told += [str(line[key]) for key in ("mark", "fact", "value", "flag", "urgent", "band") if line.get(key) is not None]
    told += [f"{name}={line[key]}" for key, name in (("mark_reason", "reason"), ("evidence", "evidence"),
                                                   ("reason", "because")) if line.get(key)]
    return " ".join(filter(None, told))


def until(found: Callable[[], bool], what: str) -> None:
    """Waits for something that is not on the screen."""
    end = time.monotonic() + LONGEST_WAIT
    while not found():
        assert time.monotonic() < end, what
        time.sleep(0.02)
