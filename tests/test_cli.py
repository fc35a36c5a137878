"""The command line as a whole: help for everyone, no heavy imports, no traceback, codes that mean what they say."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cqa.commands.drawing import show
from cqa.errors import CODES, EXIT_MEANINGS
from cqa.files.journal import read_journal
from tests.casework import Run
from tests.screen.test_script import cases_of

COMMANDS = ("init", "look", "plan", "draw", "show", "replace", "size", "verify", "assess", "practise", "status",
            "export", "report", "agreement", "demo", "take", "collect", "pack", "retire")
BENCH = ("check", "show", "book", "diff", "new", "schema", "try", "approve")
ROOT = Path(__file__).parent.parent
HEAVY = {"numpy", "pandas", "openpyxl", "prompt_toolkit", "scipy", "lxml", "holidays"}


def imported_by(*arguments: str) -> set[str]:
    """The top-level modules that a command line has imported when it ends."""
    program = ("import sys, cqa.cli\nfrom cqa.cli import run\nrun(sys.argv[1:])\n"
               "print(' '.join({name.split('.')[0] for name in sys.modules}), file=sys.stderr)\n")
    ran = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True,
                         encoding="utf-8", stdin=subprocess.DEVNULL)
    return set(ran.stderr.split())


@pytest.mark.parametrize("arguments", [("--help",), ("draw", "--help"), ("assess", "--help"), ("--version",)])
def test_help_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert not imported_by(*arguments) & (HEAVY | {"rich", "yaml"})


def test_drawing_and_marking_import_no_pandas_and_no_openpyxl(workspace: Path) -> None:
    program = ("import os, sys\nos.chdir(sys.argv[1])\nos.environ['CQA_HOME'] = sys.argv[1] + '/home'\n"
               "from cqa.cli import run\n"
               "assert run(['draw', 'export.csv', '--sample', 's', '--id', 'case_id', '--take', '3', '--seed', '1', "
               "'--rubric', 'small.yaml', '--reviewers', 'ann,bob']) == 0\n"
               "assert run(['assess', '--as', 'ann', '--script', 'small.yaml']) == 3\n"
               "print(' '.join({name.split('.')[0] for name in sys.modules}))\n")
    ran = subprocess.run([sys.executable, "-c", program, str(workspace)], capture_output=True, text=True, check=True,
                         encoding="utf-8")
    assert not set(ran.stdout.splitlines()[-1].split()) & HEAVY


def test_practice_imports_nothing_heavy_and_goes_without_an_answer() -> None:
    assert not imported_by("practise", "blocked-drain") & (HEAVY | {"rich"})


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str], run: Run, command: str) -> None:
    assert run(command, "--help").code == 0
    assert f"Example: cqa {command}" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("command", BENCH)
def test_every_command_of_the_bench_has_help_with_an_example(
    capsys: pytest.CaptureFixture[str], run: Run, command: str
) -> None:
    assert run("rubric", command, "--help").code == 0
    assert f"Example: cqa rubric {command}" in " ".join(capsys.readouterr().out.split())


def test_python_m_cqa_is_the_command() -> None:
    ran = subprocess.run([sys.executable, "-m", "cqa", "--version"], capture_output=True, text=True, check=True,
                         encoding="utf-8")
    assert re.fullmatch(r"cqa \d+\.\d+\.\d+\n", ran.stdout)


def test_wrong_use_is_exit_2(capsys: pytest.CaptureFixture[str], run: Run) -> None:
    assert run("drew").code == 2 and run("draw").code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_ctrl_c_is_exit_130(run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> int:
        raise KeyboardInterrupt
    monkeypatch.setattr(show, "run", stopped)
    ran = run("show", "march", folder=workspace)
    assert ran.code == 130 and "Every acknowledged mark is kept" in ran.err


def test_rubric_check_says_all_and_ends_with_1_or_3(run: Run, workspace: Path) -> None:
    good = run("rubric", "check", "rubrics/prosecution.yaml", "--json", folder=workspace)
    told = json.loads(good.out)
    assert good.code == 0 and told["ok"] and all(one["acknowledged"] for one in told["problems"])
    (workspace / "bad.yaml").write_text("format: cqa-rubric/1\nid: a\nid: b\n", encoding="utf-8")
    bad = run("rubric", "check", "bad.yaml", "--json", folder=workspace)
    problem = next(one for one in json.loads(bad.out)["problems"] if one["code"] == "R005")
    assert bad.code == 1 and set(problem) == {"code", "severity", "where", "line", "column", "message", "remedy"}
    assert (problem["code"], problem["line"], problem["severity"]) == ("R005", 3, "error")
    assert run("rubric", "check", "gone.yaml", folder=workspace).code == 3


def test_every_code_in_the_source_is_listed_and_every_listed_code_well_formed() -> None:
    used = {code for path in (ROOT / "cqa").rglob("*.py") if path.name != "errors.py"
            for code in re.findall(r'"([CRSJWP]\d{3})"', path.read_text(encoding="utf-8"))}
    assert used <= set(CODES) and all(re.fullmatch(r"[CRSJWP]\d{3}", code) for code in CODES)


def test_the_readme_lists_every_exit_code() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("<!-- exit-codes -->")[1].split("<!-- /exit-codes -->")[0]
    rows = "".join(f"| {int(code)} | {meaning} |\n" for code, meaning in EXIT_MEANINGS.items())
    assert table.strip() == f"| code | meaning |\n| --- | --- |\n{rows}".strip()


@pytest.mark.skipif(sys.platform == "win32", reason="closes streams as a shell does")
@pytest.mark.parametrize(("streams", "codes"), [
    (">/dev/full", {5}), (">&-", {5}), ("<&-", {2, 5}), ("2>&-", {0}), (">/dev/full 2>/dev/full", {5}),
    ("<&- >&- 2>&-", {2, 5}),
])
def test_a_stream_that_is_closed_or_full_is_a_sentence_and_keeps_what_was_marked(
    sample: Path, tmp_path: Path, streams: str, codes: set[int]
) -> None:
    if "/dev/full" in streams and not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    case = cases_of(sample, "ann")[0]
    line = json.dumps({"case": case, "question": "q1", "mark": "fully_met"})
    command = f"'{sys.executable}' -m cqa assess --sample march --as ann --script - {streams}"
    ran = subprocess.run(["/bin/sh", "-c", command], input=line + "\n", capture_output=True, text=True,
                         cwd=sample.parent.parent, env={**os.environ, "CQA_HOME": str(tmp_path / "home")})
    assert ran.returncode in codes and "fault" not in ran.stderr and "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr
    if "2>" not in streams and codes != {0}:
        assert "P004" in ran.stderr
    journal = next((sample / "marks").iterdir())
    assert [problem.code for problem in read_journal(journal).problems] == []
    if "<&-" not in streams:
        assert '"mark":"fully_met"' in journal.read_text(encoding="utf-8")
