"""Which way of marking a terminal allows, and why not the full screen."""

import io
import os
import sys

import pytest

from cqa.screen.terminal import Choice, Wanted, front_end


class Console(io.StringIO):
    """A stream that is a terminal, on this descriptor."""

    def __init__(self, descriptor: int = 1) -> None:
        super().__init__()
        self.descriptor = descriptor

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.descriptor


def choice(monkeypatch: pytest.MonkeyPatch, size: tuple[int, int] | None, wanted: Wanted = "auto",
           term: str = "xterm") -> Choice:
    def found(descriptor: int) -> os.terminal_size:
        if size is None:
            raise OSError("no console")
        return os.terminal_size(size)

    monkeypatch.setattr(os, "get_terminal_size", found)
    return front_end(wanted, Console(), Console(), {"TERM": term})


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (300, 90), (0, 0), None])
@pytest.mark.parametrize("wanted", ["auto", "full"])
def test_a_console_that_is_large_enough_or_does_not_say_gets_the_full_screen(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int] | None, wanted: Wanted
) -> None:
    assert choice(monkeypatch, size, wanted) == Choice(True)


@pytest.mark.parametrize("size", [(79, 24), (80, 23), (40, 10)])
def test_a_small_window_is_told_with_both_sizes(monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]) -> None:
    assert choice(monkeypatch, size) == Choice(False, f"This window has {size[0]} columns and {size[1]} rows; the full "
                                               "screen needs 80 and 24.")


def test_a_dumb_terminal_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choice(monkeypatch, (80, 24), term="dumb") == Choice(False, "This terminal cannot redraw a page.")


def test_plain_asks_for_no_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choice(monkeypatch, (80, 24), "plain") == Choice(False)


@pytest.mark.parametrize(("source", "out"), [(io.StringIO(), Console()), (Console(), io.StringIO())])
def test_a_pipe_at_either_end_is_no_console_and_that_goes_without_saying(source: io.StringIO, out: io.StringIO) -> None:
    assert front_end("auto", source, out, {}) == Choice(False)
    assert front_end("full", source, out, {}) == Choice(False, "This is no console.")


def test_choosing_loads_no_screen() -> None:
    import subprocess  # noqa: PLC0415

    told = subprocess.run([sys.executable, "-c", "import sys, cqa.screen.terminal, cqa.commands.marking.assess; "
                           "print(any(name.startswith(('prompt_toolkit', 'rich')) for name in sys.modules))"],
                          capture_output=True, text=True, check=True, cwd=os.getcwd())  # noqa: PTH109
    assert told.stdout.strip() == "False"
