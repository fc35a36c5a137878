"""A reviewer of a trial is served one form after the other, in their order, and is told of neither."""

import json
from pathlib import Path

import pytest

from cqa.files.journal import read_journal
from tests.casework import Run
from tests.trialled import (
    REVIEWERS,
    arm_of,
    cases_in,
    designed,
    lines_for,
    marked,
    order_of,
    scripted,
    who_begins,
)

WORD = "From here on you mark with another form. Read its questions afresh."


@pytest.fixture
def root(run: Run, workspace: Path) -> Path:
    """A workspace with a trial called pilot, of twelve cases and six reviewers."""
    designed(run, workspace)
    return workspace


def theirs(root: Path, who: str) -> tuple[list[str], list[str]]:
    """Somebody's cases by the form they begin with, and by the other."""
    first, second = (cases_in(root / "samples", arm, who) for arm in order_of(root / "samples", who))
    return first, second


def plain(run: Run, root: Path, who: str, *words: str, typed: str = "q\n", sample: tuple[str, ...] = ()) -> str:
    ran = run("assess", *words, *sample, "--as", who, "--plain", typed=typed, folder=root)
    assert ran.code == 0, ran.err
    return ran.out


@pytest.mark.parametrize("arm", [1, 2])
@pytest.mark.parametrize("sample", [(), ("--sample", "pilot"), ("--sample", "PILOT")])
def test_each_reviewer_begins_with_the_form_of_their_order(
    run: Run, root: Path, arm: int, sample: tuple[str, ...]
) -> None:
    who = who_begins(root / "samples", arm)
    first, _ = theirs(root, who)
    told = plain(run, root, who, sample=sample)
    assert f"Case 1 of {len(first)}, {first[0]}." in told and WORD not in told
    assert f"cqa assess --sample pilot --as {who}" in told
    journals = [path.parent.parent.name for path in (root / "samples").rglob(f"{who}.*.jsonl")]
    assert journals == [f"pilot-{arm}"]


@pytest.mark.parametrize("arm", [1, 2])
def test_the_other_form_comes_once_every_case_by_the_first_is_signed_off(run: Run, root: Path, arm: int) -> None:
    who = who_begins(root / "samples", arm)
    first, second = theirs(root, who)
    marked(run, root, who, first[:-1])
    assert first[-1] in plain(run, root, who)
    marked(run, root, who, first[-1:])
    told = plain(run, root, who)
    assert told.startswith(WORD) and f"Case 1 of {len(second)}, {second[0]}." in told
    marked(run, root, who, second[:1])
    assert WORD not in plain(run, root, who), "it is said until something was marked, and then no more"
    marked(run, root, who, second[1:])
    assert "Every case assigned to you is signed off." in plain(run, root, who)


def test_line_by_line_one_sitting_goes_on_from_the_first_form_to_the_second(run: Run, root: Path) -> None:
    who = who_begins(root / "samples", 1)
    first, second = theirs(root, who)
    marked(run, root, who, first[:-1])
    sample = arm_of(root / "samples", 1).sample
    fact = next(case.facts["child"] for case in sample.cases if case.case_id == first[-1])
    answers = {"": "n\n1\n1\n", "N": "1\n1\n", "Y": "1\n1\n1\n"}[fact]
    one = f"{answers}\n\n\ns\n{first[-1]}\n"
    told = plain(run, root, who, typed=f"{one}q\n")
    assert "Signed off" in told, told
    done, word, begun = (told.index(text) for text in (
        "Every one of these cases is signed off.", WORD, f"Case 1 of {len(second)}, {second[0]}."))
    assert done < word < begun
    assert "Every case assigned to you" not in told


def test_a_script_may_go_through_both_forms_in_their_order(run: Run, root: Path) -> None:
    who = who_begins(root / "samples", 2)
    first, second = theirs(root, who)
    ran, answers = scripted(run, root, who, *lines_for([*first, *second]))
    assert all(one["saved"] for one in answers if one.get("do") == "sign_off")
    assert ran.err.count(WORD) == 1
    counted = {arm: sum(line["kind"] == "signed_off" for path in (root / "samples" / f"pilot-{arm}").rglob(
        f"{who}.*.jsonl") for line in read_journal(path).lines) for arm in (1, 2)}
    assert counted == {2: len(first), 1: len(second)}


def test_a_case_by_the_second_form_is_refused_while_the_first_is_not_done(run: Run, root: Path) -> None:
    who = who_begins(root / "samples", 1)
    first, second = theirs(root, who)
    ran, (answer,) = scripted(run, root, who, {"case": second[0], "question": "q1", "mark": "fully_met"})
    assert (ran.code, answer["saved"], answer["code"]) == (0, False, "not_yet")
    assert f"first come {len(first)} cases" in answer["why"]
    for words in ((second[0], "--sample", "pilot"), ("--sample", "pilot-2"), (second[0], "--sample", "pilot-2")):
        ran = run("assess", *words, "--as", who, "--plain", folder=root)
        assert ran.code == 4 and "S086" in ran.err and "cqa assess --sample pilot" in ran.err, ran
    assert not list((root / "samples" / "pilot-2").rglob("*.jsonl"))


def test_the_right_sample_may_be_named_and_so_may_a_case_of_it(run: Run, root: Path) -> None:
    who = who_begins(root / "samples", 2)
    first, second = theirs(root, who)
    assert first[1] in plain(run, root, who, first[1], sample=("--sample", "pilot-2"))
    assert f", {first[1]}." in plain(run, root, who, first[1], sample=("--sample", "pilot"))
    marked(run, root, who, first)
    assert f", {second[1]}." in plain(run, root, who, second[1], sample=("--sample", "pilot"))
    assert "sample pilot " in plain(run, root, who, sample=("--sample", "pilot-1"))


def test_amending_finds_the_case_by_the_trials_name_and_holds_nothing_up(run: Run, root: Path) -> None:
    who = who_begins(root / "samples", 1)
    first, second = theirs(root, who)
    marked(run, root, who, [*first, second[0]])
    typed = json.dumps({"case": first[0], "question": "q1", "mark": "not_met", "reason": "r", "evidence": "e"}) + "\n"
    ran = run("amend", first[0], "--reason", "A letter came.", "--sample", "pilot", "--as", who, "--script", "-",
              typed=typed, folder=root)
    assert ran.code == 0 and json.loads(ran.out)["saved"], ran.err
    assert f", {second[1]}." in plain(run, root, who, second[1], sample=("--sample", "pilot-2")), "it was signed once"
    assert f", {first[0]}." in plain(run, root, who), "and is gone on with before all else"
    ran = run("amend", second[0], "--reason", "Another came.", "--sample", "pilot", "--as", who, "--plain",
              typed="q\n", folder=root)
    assert ran.code == 0 and f", {second[0]}." in ran.out


def test_nobody_who_marks_nothing_in_the_trial_is_served(run: Run, root: Path) -> None:
    ran = run("assess", "--as", "zoe", "--plain", folder=root)
    assert ran.code == 2 and "is no reviewer of trial 'pilot'" in ran.err
    ran = run("assess", "--plain", folder=root)
    assert ran.code == 2 and "Say who you are" in ran.err


def test_beside_another_sample_the_trial_has_to_be_named(run: Run, root: Path) -> None:
    assert run("draw", "export.csv", "--sample", "march", "--id", "case_id", "--take", "3", "--rubric", "small.yaml",
               "--reviewers", "ann", folder=root).code == 0
    ran = run("assess", "--as", "ann", "--plain", folder=root)
    assert ran.code == 2 and "Add --sample with one of: march, pilot." in ran.err
    assert "sample pilot " in plain(run, root, "ann", sample=("--sample", "pilot"))
    assert "sample march " in plain(run, root, "ann", sample=("--sample", "march"))


def test_whoever_uses_one_form_alone_is_served_that_one(run: Run, workspace: Path) -> None:
    designed(run, workspace, "--parent-only", "ann", "--force")
    trial = arm_of(workspace / "samples", 1).sample.plan.trial
    assert trial
    told = plain(run, workspace, "ann")
    mine = cases_in(workspace / "samples", trial.parent, "ann")
    assert f"Case 1 of {len(mine)}, {mine[0]}." in told
    marked(run, workspace, "ann", mine)
    assert "Every case assigned to you is signed off." in plain(run, workspace, "ann")


def test_different_cases_under_each_form_are_served_in_order_too(run: Run, workspace: Path) -> None:
    designed(run, workspace, "--design", "parallel")
    for who in REVIEWERS[:2]:
        first, second = theirs(workspace, who)
        assert not set(first) & set(second)
        marked(run, workspace, who, first)
        assert f", {second[0]}." in plain(run, workspace, who)


def test_the_rubric_of_a_trials_sample_is_not_moved(run: Run, root: Path) -> None:
    newer = (root / "quince.yaml").read_text(encoding="utf-8").replace('"8.47"', '"8.48"')
    (root / "newer.yaml").write_text(newer, encoding="utf-8", newline="\n")
    for arm in (1, 2):
        ran = run("rubric", "move", "newer.yaml", "--sample", f"pilot-{arm}", "--reason", "x", "--as", "t", "--yes",
                  folder=root)
        assert ran.code == 4 and "whose two forms are fixed" in ran.err
