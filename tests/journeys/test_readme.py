"""The README is true: its examples run as they stand, and its ticket is the one it prints."""

import json
import re
import shlex
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cqa.commands.demo.demo_leaders import FED_BACK
from cqa.consistency.marks import EXPORT_COLUMNS
from cqa.files.shipped import shipped
from cqa.keys import SHIPPED as SHIPPED_KEYS
from cqa.rubric.steps import STEPS
from cqa.sampling.ticket import ticket
from cqa.settings import KNOWN
from cqa.world import World
from tests.casework import Run, running_in

COEFFICIENT = {"value", "se", "low", "high", "why"}
README = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")


def block(mark: str) -> str:
    """The code block that follows a mark."""
    found = re.search(rf"<!-- {mark} -->\n```\w*\n(.*?)```", README, re.DOTALL)
    assert found, mark
    return found[1]


def keys(mark: str) -> set[str]:
    """The words in code type between two marks."""
    return set(re.findall(r"`(\w+)`", README.split(f"<!-- {mark} -->")[1].split(f"<!-- /{mark} -->")[0]))


def every_key(value: object) -> set[str]:
    """Every fixed key of JSON, at any depth; the keys that are names of things are left out."""
    if isinstance(value, list):
        return set().union(*map(every_key, value))
    if not isinstance(value, dict):
        return set()
    named = ("levels", "method", "partners", "checked", "outside", "assessments")
    return set(value).union(*(every_key(part) for key, part in value.items() if key not in named))


def run_block(run: Run, mark: str, folder: Path) -> Path:
    """Runs a block line by line as printed; gives the folder it ends in."""
    for line in block(mark).splitlines():
        words = shlex.split(line)
        if words[0] == "cd":
            folder /= words[1]
        elif words[0] == "cp":
            shutil.copy(folder / words[1], folder / words[2])
        else:
            assert words[0] == "cqa"
            ran = run(*words[1:], folder=folder)
            assert ran.code == 0, (line, ran.err)
    return folder


@pytest.fixture
def worked(run: Run, world: World) -> Path:
    """The workspace after the order of work was run as printed, in a copy of the folder."""
    shutil.copytree(shipped("samples"), world.folder / "samples")
    return run_block(run, "example", world.folder)


def test_the_bench_runs_as_printed_and_its_table_of_steps_is_the_one_in_use(run: Run, world: World) -> None:
    assert run("init", "work").code == 0
    folder = world.folder / "work"
    assert run("rubric", "approve", "rubrics/prosecution.yaml", "--as", "t-leader", folder=folder).code == 0
    assert (run_block(run, "bench", folder) / "prosecution.xlsx").is_file()
    table = README.split("<!-- steps -->")[1].split("<!-- /steps -->")[0]
    told = {step: line for line in table.splitlines() for step in ("major", "minor", "patch") if f"| {step} |" in line}
    words = {"moved": "order", "facts": "case facts", "added": "added"}
    for kind, step in STEPS.items():
        assert step == "none" or words.get(kind, kind) in told[step]


def test_practice_runs_as_printed_where_there_is_no_workspace_and_in_one(run: Run, world: World) -> None:
    run_block(run, "practise", world.folder)
    assert not list(world.folder.iterdir())
    assert run("init", "work").code == 0
    run_block(run, "practise", world.folder / "work")


def test_work_is_carried_as_printed(run: Run, worked: Path) -> None:
    run_block(run, "carry", worked)
    told = json.loads(run("take", "d-okafor", "--sample", "autumn", "--json", folder=worked).out)
    keys_told = README.split("`cqa take … --json`")[1].split("`cqa export --csv")[0]
    assert set(told) <= set(re.findall(r"`(\w+)`", keys_told))


def test_calibration_further_looks_and_feedback_run_as_printed_in_the_demo(run: Run, world: World) -> None:
    assert run("demo", "d").code == 0
    folder = world.folder / "d"
    run_block(run, "further", folder)
    run_block(run, "feedback", folder)
    told = json.loads(run("feedback", "0029084", "--as", "t-leader", "--json", folder=folder).out)
    assert told["given"] and told["seen"] and told["actions"][0]["done"]
    assert every_key(told) <= keys("feedback-keys")
    history = json.loads(run("history", "P10100", "--json", folder=folder).out)
    assert set(history) == keys("history-keys") & set(history)
    assert every_key(history["cases"]) | {"sample", "case_id"} <= keys("history-keys")
    assert every_key(history["actions"]) <= keys("feedback-keys") | keys("history-keys")
    assert len(list((folder / "samples" / "demo" / "books").glob("feedback-*"))) == 3 * (FED_BACK + 1)


def test_what_other_scoring_would_give_runs_as_printed_in_the_demo(run: Run, world: World) -> None:
    assert run("demo", "d").code == 0
    folder = world.folder / "d"
    run_block(run, "rescored", folder)
    path = folder / "proposed.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in (("label: Partly met, points: 1,", "label: Partly met, points: 1.2,"),
                     ("score_at_least: 70", "score_at_least: 75")):
        assert text.count(old) == 1
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8", newline="\n")
    assert block("rescored-says") in run_line(run, block("rescored").splitlines()[-1], folder)
    told = json.loads(run_line(run, "cqa report demo --rubric proposed.yaml --json --no-books", folder))
    assert every_key(told["rescored"]) <= keys("report-keys")


def run_line(run: Run, line: str, folder: Path) -> str:
    """What a command line as printed says."""
    ran = run(*shlex.split(line)[1:], folder=folder)
    assert ran.code == 0, ran.err
    return ran.out


def test_the_order_of_work_runs_as_printed_and_the_ticket_is_in_its_draw(worked: Path) -> None:
    found = re.search(r"'(\d+)\|(\w+)' \| sha256sum", block("ticket"))
    assert found and ticket(found[1], found[2]) in README
    assert f"{found[2]},Northmoor" in (worked / "samples" / "autumn" / "cases.csv").read_text(encoding="utf-8")
    assert found[1] in block("example") and f"case {found[2]} in" in README.replace("\n", " ")


def test_the_keys_of_json_are_those_told(run: Run, world: World, worked: Path) -> None:
    (worked / "cqa.yaml").write_text("plan: {cases: 4}\ndue: {mark: 1}\n", encoding="utf-8")
    report = json.loads(run("report", "autumn", "--no-books", "--json", folder=worked).out)
    told = keys("report-keys")
    assert set(report) <= told and every_key({**report, "problems": []}) - COEFFICIENT <= told
    later = running_in(replace(world, now=lambda: datetime(2026, 4, 1, tzinfo=UTC)))
    status = json.loads(later("status", "--json", folder=worked).out)
    assert set(status["rows"][0]) == keys("status-keys")
    assert status["overdue"] and status["plan"] and every_key({**status, "rows": []}) <= keys("status-parts")
    assert set(EXPORT_COLUMNS) <= keys("export-keys")
    assert set(json.loads(run("verify", "--json", folder=worked).out)) <= keys("verify-keys")


def test_the_settings_told_are_those_there_are() -> None:
    table = README.split("<!-- settings -->")[1].split("<!-- /settings -->")[0]
    told = {word for line in table.splitlines()[3:] for word in re.findall(r"[A-Za-z_]+", line.split("|")[1])}
    within = {key for part, keys in KNOWN.items() if part != "keys" for key in keys}
    assert set(KNOWN) | within <= told <= set(KNOWN) | within | {"fact", "column", "handler", "quarter",
                                                                 "England", "and", "Wales"}


def test_the_example_of_agreement_runs_and_its_keys_are_those_told(run: Run, worked: Path) -> None:
    words = shlex.split(block("agreement-example"))
    shown = run(*words[1:], folder=worked.parent)
    assert shown.code == 0 and "Gwet's AC2" in shown.out and not shown.err
    told = json.loads(run(*words[1:], "--json", folder=worked.parent).out)
    assert set(told["questions"][0]) == keys("agreement-keys") - {"declared", "numbers", "text"}
    assert set(told) == {"questions", "method", "problems"}


def test_a_trial_runs_as_printed_and_its_keys_are_those_told(run: Run, worked: Path) -> None:
    run_block(run, "trial", worked)
    assert (worked / "reports" / "pilot-trial.xlsx").is_file()
    words = shlex.split(block("trial").splitlines()[0].replace("pilot", "again"))
    design = json.loads(run(*words[1:], "--runs", "20", "--json", folder=worked).out)
    report = json.loads(run("trial", "report", "pilot", "--json", folder=worked).out)
    for told in (design, report):
        assert every_key(told) - COEFFICIENT <= keys("trial-keys")


@pytest.mark.parametrize("mark", ["demo-posix", "demo-windows", "test-posix", "test-windows"])
def test_each_set_up_is_one_command(mark: str) -> None:
    assert len(block(mark).strip().splitlines()) == 1 and "venv .venv" in block(mark)


def test_every_command_the_readme_names_is_there(run: Run) -> None:
    for name in set(re.findall(r"`cqa ([a-z]+)", README)):
        assert run(name, "--help").code == 0, name


def test_the_readme_names_every_key_that_may_be_put_elsewhere() -> None:
    told = README.split("<!-- keys -->")[1].split("<!-- /keys -->")[0]
    assert dict(re.findall(r"`(\w+)` \((\S+)\)", told)) == SHIPPED_KEYS
