"""A fault of ours: what is logged and said of it, and what only --debug shows."""

import io
import platform
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cqa import __version__, cli
from cqa.commands.drawing import show
from cqa.commands.leaders import replace as replace_command
from cqa.commands.rubrics import rubric_show
from cqa.guard import _MOST_FRAMES
from cqa.world import World
from tests.casework import Run

CASE = "00012 of Zoe Zanzibar"


def breaking(depth: int = 0) -> Callable[..., int]:
    """A command that fails with case data in its message, in its cause's message and in its locals."""
    def broken(*_: object, left: int = depth) -> int:
        about = f"case {CASE}"
        if left:
            return broken(left=left - 1)
        try:
            raise KeyError(about)
        except KeyError as error:
            raise RuntimeError(f"could not deal with {about}") from error
    return broken


def log_of(world: World) -> str:
    return (world.home / "faults.log").read_text(encoding="utf-8")


def test_neither_log_nor_screen_hold_message_locals_or_arguments(
    run: Run, world: World, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replace_command, "run", breaking())
    ran = run("replace", "00012", "--reason", "Zanzibar", "--note", "Zoe", "--as", "zoe", folder=sample.parent.parent)
    assert ran.code == 70 and "P007" in ran.err and "Traceback" not in ran.err + ran.out
    for secret in ("Zoe", "zoe", "Zanzibar", "00012"):
        assert secret not in log_of(world) + ran.err + ran.out


def test_an_entry_says_what_ran_where_and_which_lines_it_came_through(
    run: Run, world: World, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rubric_show, "run", breaking())
    assert run("rubric", "show", "small.yaml", folder=workspace).code == 70
    first, *lines = log_of(world).splitlines()
    assert first.endswith(f"cqa {__version__}, Python {platform.python_version()}, {platform.system()} "
                          f"{platform.release()}, command cqa rubric show")
    assert lines[0] == "RuntimeError" and "because of KeyError" in lines and lines[-1] == ""
    frames = [line for line in lines if line.startswith("  ")]
    assert frames[0].endswith(" guarded") and frames[-1].startswith("  ") and " broken" in frames[-1]
    assert all(line.partition(":")[0].count("/") <= 2 for line in frames)


def test_a_fault_that_went_round_in_circles_is_logged_in_short(
    run: Run, world: World, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(show, "run", breaking(300))
    assert run("show", "march", folder=workspace).code == 70
    assert log_of(world).count("\n") < 2 * _MOST_FRAMES and " more)" in log_of(world)


@pytest.mark.parametrize("how", ["option", "environment"])
def test_debug_shows_the_fault_after_a_warning_and_changes_nothing_else(
    run: Run, world: World, workspace: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(show, "run", breaking())
    inside = replace(world, folder=workspace, stdout=io.StringIO(), stderr=io.StringIO(),
                     environment={"CQA_DEBUG": "1"} if how == "environment" else {})
    assert cli.run([*(["--debug"] if how == "option" else []), "show", "march"], inside) == 70
    told = inside.stderr.getvalue()  # type: ignore[attr-defined]
    warned, shown = told.index("may hold case data"), told.index("Traceback")
    assert told.index("P007") < warned < shown < told.index(f"RuntimeError: could not deal with case {CASE}")
    assert inside.stdout.getvalue() == ""  # type: ignore[attr-defined]
    assert CASE not in log_of(world)


def test_what_debug_shows_is_made_visible(world: World, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError("\x1b]52;c;ZWNobw==\a \u202e \udc80")
    monkeypatch.setattr(show, "run", broken)
    inside = replace(world, folder=workspace, stderr=io.StringIO())
    assert cli.run(["--debug", "show", "march"], inside) == 70
    told = inside.stderr.getvalue()  # type: ignore[attr-defined]
    assert "<U+001B>]52" in told and "<U+202E>" in told and "<U+DC80>" in told
    assert all(letter == "\n" or letter.isprintable() for letter in told)


def test_debug_is_silent_while_nothing_goes_wrong(run: Run, sample: Path) -> None:
    folder = sample.parent.parent
    assert run("--debug", "show", "march", folder=folder) == run("show", "march", folder=folder)


def test_a_log_that_cannot_be_written_is_said_and_the_exit_code_stays(
    run: Run, world: World, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(show, "run", breaking())
    (world.home / "faults.log").mkdir(parents=True)
    ran = run("show", "march", folder=workspace)
    assert ran.code == 70 and "could not be written" in ran.err and "CQA_HOME" in ran.err


@pytest.mark.parametrize("arguments", [
    ("show", "a", "\x1b[31m\u202eb"), ("\x1b[31m",), ("show", "--\x9b2J"), ("draw", "--take", "\x1b[2J"),
    ("--sample\u200b",), ("assign", "--turn", "\x1b]0;x\a"), ("show", "\udc80", "\udc80"),
])
def test_what_is_typed_wrong_is_told_without_escapes(run: Run, workspace: Path, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments, folder=workspace)
    assert ran.code == 2 and "Error: " in ran.err and "--help" in ran.err and not ran.out
    assert all(letter == "\n" or letter.isprintable() for letter in ran.err)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows says otherwise that a path is too long")
@pytest.mark.parametrize("command", [
    "look {}", "agreement {}", "verify march --export {}", "init {}", "rubric new --id a --title x {}/a.yaml",
    "demo {}", "look small.yaml/x", "assess --sample march --as ann --script {}", "rubric check {}", "rubric try {}",
    "export --csv {}", "rubric book small.yaml --out {}.md", "practise --rubric {}",
    "draw {} --sample s --id x --take 1"])
def test_a_path_that_nothing_can_have_is_a_sentence(run: Run, sample: Path, command: str) -> None:
    ran = run(*command.format("x" * 300).split(), folder=sample.parent.parent)
    assert ran.code in (3, 5) and re.search(r"\b[PCRJS]\d{3} ", ran.err), ran.err
