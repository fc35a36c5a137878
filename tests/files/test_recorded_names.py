"""Names in a sample's records that are sealed and could be no file's: nothing is read or written by them."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.casework import DRAW, Run, reseal
from tests.hostile.strings import CORE, STRINGS

COMMANDS = ("show march", "status", "report", "export --json", "verify march", "assess --sample march --as ann --plain")


def forged_plan(sample: Path, old: str, new: str) -> None:
    """Changes plan.yaml, and everything that vouches for it."""
    plan, record = sample / "plan.yaml", sample / "sample.yaml"
    before = hashlib.sha256(plan.read_bytes()).hexdigest()
    text = plan.read_text(encoding="utf-8")
    assert old in text
    reseal(plan, text.replace(old, new))
    after = hashlib.sha256(plan.read_bytes()).hexdigest()
    reseal(record, record.read_text(encoding="utf-8").replace(before, after))


def forged_rows(sample: Path, name: str, old: str, new: str) -> None:
    """Changes a recorded table, and its digest in the record."""
    path, record = sample / name, sample / "sample.yaml"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
    after = hashlib.sha256(path.read_bytes()).hexdigest()
    reseal(record, record.read_text(encoding="utf-8").replace(before, after))


def forged_record(sample: Path, old: str, new: str) -> None:
    record = sample / "sample.yaml"
    text = record.read_text(encoding="utf-8")
    assert old in text
    reseal(record, text.replace(old, new))


FORGED: dict[str, Callable[[Path], None]] = {
    "the sample's name": lambda sample: forged_record(sample, 'sample: "march"', 'sample: "../../../evil"'),
    "the plan's name": lambda sample: forged_plan(sample, 'sample: "march"', 'sample: "..\\\\..\\\\evil"'),
    "a reviewer of the plan": lambda sample: forged_plan(sample, '- "cat"', '- "../../../evil"'),
    "a marker": lambda sample: forged_rows(sample, "assignments.csv", ",cat,", ",../../../evil,"),
    "a device": lambda sample: forged_rows(sample, "assignments.csv", ",cat,", ",nul,"),
    "the rubric's id": lambda sample: forged_plan(sample, 'id: "small"', 'id: "../../../../evil"'),
    "the rubric's version": lambda sample: forged_plan(sample, 'version: "1.0"', 'version: "1/../../evil"'),
    **{f"{name} as a marker": lambda sample, name=name: forged_rows(  # type: ignore[misc]
        sample, "assignments.csv", ",cat,", f',"{STRINGS[name].replace(chr(34), chr(34) * 2)}",')
       for name in CORE if name not in ("X06", "S01", "X03")},
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_name_is_damage_to_every_command_and_becomes_no_path(
    run: Run, sample: Path, tmp_path: Path, what: str
) -> None:
    FORGED[what](sample)
    before = sorted(tmp_path.rglob("*"))
    for command in COMMANDS:
        ran = run(*command.split(), folder=sample.parent.parent)
        assert ran.code == (1 if command.startswith("verify") else 7), (command, ran.err)
        assert "S004" in ran.err and "cannot be" in ran.err
        assert all(letter == "\n" or letter.isprintable() for letter in ran.err + ran.out)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("forge", [
    lambda sample: forged_rows(sample, "cases.csv", ",main,", ",main,1e999999999"),
    lambda sample: forged_rows(sample, "cases.csv", ",main,5,", ",main,1/0,"),
    lambda sample: forged_rows(sample, "cases.csv", ",main,5,", f",main,{'9' * 400},"),
    lambda sample: forged_rows(sample, "cases.csv", ",main,5,", ",main,nan,"),
    lambda sample: forged_plan(sample, 'second: "1/2"', 'second: "1e999999999"'),
    lambda sample: forged_plan(sample, "take: 4", f"take: {'9' * 5_000}"),
    lambda sample: forged_record(sample, "shortfall: 0", f"shortfall: {'9' * 400}"),
    lambda sample: forged_record(sample, "eligible: 20", "eligible: -1"),
])
def test_a_number_that_no_draw_could_have_written_is_damage_at_once(
    run: Run, sample: Path, forge: Callable[[Path], None]
) -> None:
    forge(sample)
    for command in COMMANDS[:4]:
        assert run(*command.split(), folder=sample.parent.parent).code == 7


@pytest.mark.parametrize("name", ["nul", "con.x", "a" * 65, "x/../y", "\u202ex", "trailing."])
def test_people_are_named_as_files_can_be(run: Run, workspace: Path, name: str) -> None:
    (workspace / "people.csv").write_text(f"person,role\n{name},reviewer\n", encoding="utf-8")
    ran = run("status", folder=workspace)
    assert ran.code == 3 and "people.csv:2 P006" in ran.err
    assert all(letter == "\n" or letter.isprintable() for letter in ran.err)


@pytest.mark.parametrize("path", ["a\\0b.csv", "\\ud800.csv"])
def test_a_plan_that_names_a_path_that_cannot_be_is_damaged(run: Run, workspace: Path, path: str) -> None:
    assert run("plan", *DRAW[1:10], folder=workspace).code == 0
    plan = workspace / "samples" / "march" / "plan.yaml"
    text = plan.read_text(encoding="utf-8")
    assert '- "export.csv"' in text
    reseal(plan, text.replace('- "export.csv"', f'- "{path}"'))
    ran = run("draw", "--sample", "march", "--seed", "12345678901234567890", folder=workspace)
    assert ran.code == 7 and "cannot be the path of an export" in ran.err
