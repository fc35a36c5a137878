"""Both samples of a trial go with a reviewer in one folder, are marked there in their order, and come back."""

import json
from pathlib import Path

import pytest

from cqa.files.sample_folder import read_sample
from cqa.rubric.trial_questions import TRIAL_QUESTIONS
from tests.casework import Run
from tests.trialled import REVIEWERS, cases_in, designed, lines_for, marked, order_of, scripted, who_begins

WORD = "From here on you mark with another form."


@pytest.fixture
def root(run: Run, workspace: Path) -> Path:
    designed(run, workspace, "--parent-only", "fay", "--force")
    return workspace


def taken(run: Run, root: Path, who: str, sample: str = "pilot") -> Path:
    ran = run("take", who, "--sample", sample, "--json", folder=root)
    assert ran.code == 0, ran.err
    return Path(json.loads(ran.out)["folder"])


@pytest.mark.parametrize("arm", [1, 2])
def test_a_take_is_marked_in_the_reviewers_order_and_comes_back(run: Run, laptop: Run, root: Path, arm: int) -> None:
    who = who_begins(root / "samples", arm)
    first, second = (cases_in(root / "samples", one, who) for one in order_of(root / "samples", who))
    place = taken(run, root, who)
    assert place.name == f"take-pilot-{who}" and f"of the trial pilot: {len(first) + len(second)} cases" in (
        place / "README.txt").read_text(encoding="utf-8")
    ran = laptop("assess", "--as", who, "--plain", typed="q\n", folder=place)
    assert ran.code == 0 and f"Case 1 of {len(first)}, {first[0]}." in ran.out and WORD not in ran.out
    ran, (answer,) = scripted(laptop, place, who, {"case": second[0], "question": "q1", "mark": "fully_met"})
    assert answer["code"] == "not_yet"
    said = [{"case": first[0], "question": name, "mark": "Said away."} for name in TRIAL_QUESTIONS]
    ran, answers = scripted(laptop, place, who, *said, *lines_for([*first, *second]))
    assert ran.code == 0 and all(one["saved"] for one in answers if one.get("do") == "sign_off"), answers
    assert WORD in ran.err
    assert laptop("verify", folder=place).code == 0
    ran = run("collect", place.name, folder=root)
    assert ran.code == 0, ran.err
    rows = json.loads(run("export", "--json", folder=root).out)["rows"]
    mine = [row for row in rows if row["reviewer"] == who]
    assert {(row["sample"], row["case_id"]) for row in mine} == {
        *((f"pilot-{arm}", case) for case in first), *((f"pilot-{3 - arm}", case) for case in second)}
    assert sum(row["mark"] == "Said away." for row in mine) == 3


def test_a_take_names_nobody_else_and_not_what_the_trial_is_to_find(run: Run, root: Path) -> None:
    place = taken(run, root, "ann")
    for path in place.rglob("*"):
        if path.is_file():
            data = path.read_bytes().lower()
            for name in set(REVIEWERS) - {"ann"}:
                assert f'"{name}"'.encode() not in data and f",{name},".encode() not in data and (
                    f" {name}:".encode() not in data), (path, name)
    for arm in (1, 2):
        trial = read_sample(place / "samples" / f"pilot-{arm}").sample.plan.trial
        assert trial and (dict(trial.only), trial.power) == ({}, "") and trial.arm == arm


def test_whoever_uses_one_form_alone_takes_that_one(run: Run, root: Path) -> None:
    place = taken(run, root, "fay")
    (sample,) = (place / "samples").iterdir()
    trial = read_sample(sample).sample.plan.trial
    assert trial and dict(trial.only) == {"fay": trial.parent}
    assert run("assess", "--as", "fay", "--plain", typed="q\n", folder=place).code == 0


def test_a_sample_alone_is_taken_once_its_turn_has_come(run: Run, root: Path) -> None:
    who = who_begins(root / "samples", 2)
    ran = run("take", who, "--sample", "pilot-1", folder=root)
    assert ran.code == 4 and "S086" in ran.err and f"cqa take {who} --sample pilot" in ran.err
    first = taken(run, root, who, "pilot-2")
    assert [path.name for path in (first / "samples").iterdir()] == ["pilot-2"]
    marked(run, first, who, cases_in(root / "samples", 2, who))
    assert run("collect", first.name, folder=root).code == 0
    second = taken(run, root, who, "pilot-1")
    ran = run("assess", "--as", who, "--plain", typed="q\n", folder=second)
    assert ran.code == 0 and "sample pilot " in ran.out


def test_a_take_that_is_half_done_goes_on_where_it_was(run: Run, laptop: Run, root: Path) -> None:
    who = who_begins(root / "samples", 1)
    marked(run, root, who, cases_in(root / "samples", 1, who))
    place = taken(run, root, who)
    told = laptop("assess", "--as", who, "--plain", typed="q\n", folder=place).out
    assert WORD in told and f", {cases_in(root / 'samples', 2, who)[0]}." in told


def test_nobody_takes_what_is_nobodys(run: Run, root: Path) -> None:
    ran = run("take", "zoe", "--sample", "pilot", folder=root)
    assert ran.code == 2 and "'zoe' is no reviewer of trial 'pilot'" in ran.err
