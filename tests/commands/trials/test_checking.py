"""`cqa verify` shows what was changed in a trial: an assignment, the rule, the order, one of the two samples."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cqa.sampling.trial import Verdict
from tests.casework import Run, reseal
from tests.trialled import REVIEWERS, arm_of, cases_in, designed, marked_by_all


@pytest.fixture
def root(run: Run, workspace: Path) -> Path:
    designed(run, workspace)
    return workspace


def tampered(folder: Path, name: str, change: Callable[[str], str]) -> None:
    """A file of a sample changed by somebody who knows how its digests are kept, so that only its meaning is wrong."""
    path, record = folder / name, folder / "sample.yaml"
    before = path.read_bytes()
    text = change(before.decode("utf-8"))
    assert text.encode() != before
    if name == "plan.yaml":
        reseal(path, text)
    else:
        path.write_bytes(text.encode())
    old, new = (hashlib.sha256(data).hexdigest() for data in (before, path.read_bytes()))
    reseal(record, record.read_text(encoding="utf-8").replace(old, new))


def codes(run: Run, root: Path, *names: str) -> tuple[int, dict[str, str]]:
    """The exit code of verify, and the codes of its problems with their messages."""
    ran = run("verify", *names, "--json", folder=root)
    return ran.code, {one["code"]: one["message"] for one in json.loads(ran.out)["problems"]}


@pytest.mark.parametrize("design", ["crossover", "parallel"])
def test_a_trial_as_designed_and_marked_agrees_by_its_name_and_by_its_samples(
    run: Run, workspace: Path, design: str
) -> None:
    designed(run, workspace, "--design", design)
    marked_by_all(run, workspace, REVIEWERS[:3])
    for names in ((), ("pilot",), ("PILOT-1", "pilot-2"), ("pilot-2",)):
        ran = run("verify", *names, "--export", "export.csv", "--json", folder=workspace)
        told = json.loads(ran.out)
        assert ran.code == 0 and told["ok"], told["problems"]
        assert [one for one in told["problems"] if one["code"].startswith("S")] == []
    assert sorted(json.loads(run("verify", "pilot", "--json", folder=workspace).out)["checked"]) == [
        "pilot-1", "pilot-2"]
    assert "nobody marks a case by both" in run("verify", "pilot", folder=workspace).out


def test_an_assignment_that_was_changed_shows(run: Run, root: Path) -> None:
    case = cases_in(root / "samples", 1, "ann")[0]
    taker = next(one.reviewer for one in arm_of(root / "samples", 2).sample.assignments if one.case_id == case)
    tampered(root / "samples" / "pilot-1", "assignments.csv",
             lambda text: text.replace(f"{case},ann,", f"{case},{taker},"))
    code, found = codes(run, root, "pilot")
    assert code == 1 and f"with {taker} as" in found["S006"]
    assert found["S082"] == f"{taker} marks case '{case}' under both forms."


def test_a_rule_that_was_changed_is_not_the_one_whose_hash_stands_beside_it(run: Run, root: Path) -> None:
    for arm in (1, 2):
        tampered(root / "samples" / f"pilot-{arm}", "plan.yaml", lambda text: re.sub(
            r'least: "?1/20"?', 'least: "1/50"', text))
    code, found = codes(run, root)
    assert code == 1 and any("SHA-256" in message for message in found.values())


def test_a_rule_that_was_changed_with_its_hash_in_one_sample_differs_from_the_other(run: Run, root: Path) -> None:
    trial = arm_of(root / "samples", 1).sample.plan.trial
    assert trial
    other = Verdict("exact", trial.verdict.least)
    tampered(root / "samples" / "pilot-1", "plan.yaml", lambda text: text.replace(
        "measure: ac2", "measure: exact").replace('measure: "ac2"', 'measure: "exact"').replace(
        trial.verdict.sha256, other.sha256).replace(trial.verdict.words, other.words))
    code, found = codes(run, root, "pilot-2")
    assert code == 1 and found["S085"] == "The two samples of the trial differ about its verdict rule."


def test_the_parents_arm_follows_from_the_seed(run: Run, root: Path) -> None:
    trial = arm_of(root / "samples", 1).sample.plan.trial
    assert trial
    for arm in (1, 2):
        tampered(root / "samples" / f"pilot-{arm}", "plan.yaml", lambda text: re.sub(
            rf"parent: {trial.parent}\b", f"parent: {3 - trial.parent}", text).replace(
            f'parent: "{trial.parent}"', f'parent: "{3 - trial.parent}"'))
    code, found = codes(run, root)
    assert code == 1 and f"By the seed the parent's rubric belongs to arm {trial.parent}" in found["S085"]


def test_two_arms_that_changed_places_show(run: Run, root: Path) -> None:
    samples = root / "samples"
    for old, new in (("pilot-1", "kept"), ("pilot-2", "pilot-1"), ("kept", "pilot-2")):
        (samples / old).rename(samples / new)
    code, found = codes(run, root)
    assert code == 1 and "S085" in found


def test_a_sample_whose_other_is_gone_is_looked_at_alone(run: Run, root: Path) -> None:
    shutil.rmtree(root / "samples" / "pilot-2")
    ran = run("verify", folder=root)
    assert ran.code == 0 and "sample is not here or cannot be read, so pilot-1 was looked at alone" in ran.out


def test_a_sample_whose_other_is_damaged_says_that_they_were_not_compared(run: Run, root: Path) -> None:
    with (root / "samples" / "pilot-2" / "cases.csv").open("a", encoding="utf-8") as file:
        file.write("more\n")
    code, found = codes(run, root, "pilot-1")
    assert code == 0 and "cannot be read" in found["S085"]
    assert codes(run, root, "pilot")[0] == 1


def test_the_evidence_of_a_sample_of_a_trial_has_a_line_for_it(run: Run, root: Path) -> None:
    from cqa.commands.evidence.checks import draw_checks  # noqa: PLC0415 - beside the command's own view of it

    checks, _ = draw_checks(arm_of(root / "samples", 1))
    assert [check.name for check in checks if check.name == "Trial" and not check.problems] == ["Trial"]


def test_the_name_of_a_trial_shows_both_of_its_samples(run: Run, root: Path) -> None:
    told = json.loads(run("show", "pilot", "--json", folder=root).out)
    assert told["trial"] == "pilot" and [one["sample"] for one in told["samples"]] == ["pilot-1", "pilot-2"]
    shown = run("show", "pilot", folder=root).out
    assert "Trial pilot: arm 1 of 2, marked with the " in shown and "Trial pilot: arm 2 of 2" in shown
    assert json.loads(run("show", "pilot-2", "--json", folder=root).out) == told["samples"][1]
