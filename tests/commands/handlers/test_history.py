"""`cqa history`: one person's work over all samples, in counts, and nothing of what the viewer is still to mark."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cqa.world import World
from tests.casework import DRAW, Run, running_in
from tests.fed_back import ALL_MET, SHEET, cases, feedback, sign_off, signed


def history(run: Run, sample: Path, handler: str, who: str = "Lead") -> dict[str, Any]:
    ran = run("history", handler, "--as", who, "--json", folder=sample.parent.parent)
    assert ran.code == 0, ran.err
    told: dict[str, Any] = json.loads(ran.out)
    return told


def told_case(told: dict[str, Any], case_id: object) -> dict[str, Any]:
    found: dict[str, Any] = next(case for case in told["cases"] if case["case_id"] == case_id)
    return found


def test_cases_marks_and_bands_are_told_once_all_have_signed(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    told = history(run, sample, str(case["handler"]).upper())
    assert told["handler"] == case["handler"] and told["shares"] is None and told["small"] == 5
    one = told_case(told, case["case_id"])
    assert one["state"] == "signed off" and one["signed_on"] == "2026-03-02" and one["band"]
    assert one["levels"]["Partly met"] == 1 and told["levels"] == one["levels"]
    others = [other for other in told["cases"] if other["case_id"] != case["case_id"]]
    assert others and all(other["levels"] == {} and other["band"] == other["signed_on"] == "" for other in others)
    said = run("history", str(case["handler"]), folder=sample.parent.parent).out
    assert "Counts only: under 5 signed-off cases" in " ".join(said.split()) and "%" not in said


def test_with_enough_cases_shares_are_told_beside_the_counts(run: Run, sample: Path) -> None:
    settings = sample.parent.parent / "cqa.yaml"
    settings.write_text("report: {small: 1}\n", encoding="utf-8")
    case = signed(run, sample)
    told = history(run, sample, str(case["handler"]))
    assert sum(told["shares"].values()) == pytest.approx(1) and set(told["shares"]) == set(told["levels"])
    assert "%)" in run("history", str(case["handler"]), folder=sample.parent.parent).out


def test_what_the_viewer_is_still_to_mark_tells_nothing(run: Run, sample: Path) -> None:
    case = cases(run, sample, twice=True)[0]
    sign_off(run, sample, case, str(case["reviewer"]))
    for who, state in ((str(case["second_reviewer"]), "to be marked"), ("Lead", "1 of 2 signed off")):
        one = told_case(history(run, sample, str(case["handler"]), who), case["case_id"])
        assert one["state"].startswith(state) and one["levels"] == {} and one["band"] == one["signed_on"] == ""


def test_where_nobody_says_who_looks_nothing_is_told_of_what_anybody_is_still_to_mark(
    run: Run, world: World, sample: Path
) -> None:
    case = cases(run, sample, twice=True)[0]
    sign_off(run, sample, case, str(case["reviewer"]))
    nobody = running_in(replace(world, home=world.home.with_name("new")))
    told = json.loads(nobody("history", str(case["handler"]), "--json", folder=sample.parent.parent).out)
    assert told_case(told, case["case_id"])["state"].startswith("to be marked")


def test_replies_actions_and_amendments_are_listed(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET, "--given", "today", "--how", "in person")
    lines = ({"case": case["case_id"], "question": "q1", "mark": "fully_met"},
             {"case": case["case_id"], "do": "sign_off"})
    run("amend", str(case["case_id"]), "--sample", "march", "--as", str(case["reviewer"]), "--reason", "found",
        "--script", "-", typed="".join(json.dumps(line) + "\n" for line in lines), folder=sample.parent.parent)
    told = history(run, sample, str(case["handler"]))
    one = told_case(told, case["case_id"])
    assert one["amendments"] == 1 and one["version"] == 1 and "amended since" in one["outdated"]
    assert told["actions"][0]["what"] == "Chase the schedule" and told["actions"][0]["done"] == ""
    said = run("history", str(case["handler"]), folder=sample.parent.parent).out
    assert "What was to be done" in said and "not looked for" in said


def test_a_later_case_names_the_actions_to_look_for_until_somebody_has(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET)
    later = next(one for twice in (False, True) for one in cases(run, sample, twice, (str(case["handler"]),))
                 if one["case_id"] != case["case_id"])
    for who in filter(None, (later["reviewer"], later["second_reviewer"])):
        sign_off(run, sample, later, str(who), ALL_MET)
    told = history(run, sample, str(case["handler"]))
    assert told_case(told, later["case_id"])["to_look_for"] == [
        {"sample": "march", "case_id": case["case_id"], "action": 1, "what": "Chase the schedule"}]
    assert told_case(told, case["case_id"])["to_look_for"] == []
    said = " ".join(run("history", str(case["handler"]), folder=sample.parent.parent).out.split())
    command = said.split("Record it with: cqa ")[1].split(" --yes")[0].split()
    assert run(*command, "--yes", "--as", "Lead", folder=sample.parent.parent).code == 0
    told = history(run, sample, str(case["handler"]))
    assert told_case(told, later["case_id"])["to_look_for"] == [] and told["actions"][0]["again"] is True
    assert "seen again in" in " ".join(run("history", str(case["handler"]), folder=sample.parent.parent).out.split())


def test_every_sample_of_the_workspace_is_looked_through(run: Run, sample: Path) -> None:
    other = [*DRAW]
    other[3], other[other.index("--seed") + 1] = "april", "another seed of 20 letters"
    assert run(*other, folder=sample.parent.parent).code == 0
    assert {case["sample"] for case in history(run, sample, "h1")["cases"]} == {"march", "april"}


def test_a_withdrawn_case_says_so_and_no_reserve_is_listed(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    run("withdraw", str(case["case_id"]), "--reason", "sealed", "--as", "Lead", folder=sample.parent.parent)
    told = history(run, sample, str(case["handler"]))
    one = told_case(told, case["case_id"])
    assert one["state"] == "withdrawn" and one["levels"] == {} and one["band"] == ""
    assert "reserve" not in {case["state"] for case in told["cases"]}


def test_an_unknown_handler_is_exit_2_and_names_the_near_ones(run: Run, sample: Path) -> None:
    ran = run("history", "h11", folder=sample.parent.parent)
    assert ran.code == 2 and "J048" in ran.err and "Did you mean h1" in ran.err and ran.out == ""


def test_damage_is_exit_7_after_the_output(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET)
    path = next((sample / "feedback").glob("*.jsonl"))
    path.write_bytes(path.read_bytes().replace(b"clear theory", b"clean theory"))
    ran = run("history", str(case["handler"]), folder=sample.parent.parent)
    assert ran.code == 7 and "case" in ran.out and "J002" in ran.err


def test_the_help_shows_an_example(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("history", "--help").code == 0
    assert "Example: cqa history P10100" in capsys.readouterr().out
