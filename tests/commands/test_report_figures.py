"""`cqa report` from marks that were really made: results for the frame, severity, units of people.csv, second look."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cqa.commands.marking.sitting import open_sitting
from cqa.commands.records import mark_rows, read_samples
from cqa.files.sample_folder import open_sample
from cqa.files.workspace import find_workspace
from cqa.marking.actions import SetMark
from cqa.world import World
from tests.casework import DRAW, SEED, Run, csv_text
from tests.screen.test_script import cases_of
from tests.workbook_lint import lint

Json = dict[str, Any]


def mark_all(run: Run, sample: Path, low: Mapping[str, int], reason: str = "It was left out of the review.") -> None:
    """Everyone signs off all their cases; every n-th of each person's is partly met on q1, as `low` says."""
    for who in ("ann", "bob", "cat"):
        lines: list[Json] = []
        for place, case in enumerate(cases_of(sample, who)):
            below = who in low and place % low[who] == 0
            lines += [{"case": case, "fact": "child", "value": "N"},
                      {"case": case, "question": "q1", "mark": "partly_met" if below else "fully_met",
                       "reason": f"{reason} ({case})" if below else ""},
                      {"case": case, "question": "q2", "mark": "fully_met"},
                      {"case": case, "question": "q3", "mark": "fully_met"}, {"case": case, "do": "sign_off"}]
        typed = "".join(json.dumps(line) + "\n" for line in lines)
        assert run("assess", "--sample", sample.name, "--as", who, "--script", "-", typed=typed,
                   folder=sample.parent.parent).code == 0


def report_of(run: Run, folder: Path, *words: str) -> Json:
    ran = run("report", "--json", "--no-books", *words, folder=folder)
    assert ran.code == 0, ran.err
    told: Json = json.loads(ran.out)
    return told


def result(told: Json, question: str) -> Json:
    found: Json = next(one for one in told["results"] if one["question"] == question)
    return found


def test_results_are_those_of_the_frame_by_question_unit_and_theme(run: Run, sample: Path) -> None:
    mark_all(run, sample, {"bob": 1})
    folder = sample.parent.parent
    told = report_of(run, folder)
    q1 = result(told, "q1")
    assert q1["frame"] == 60 and q1["low"] < q1["rate"] < q1["high"] and q1["rate"] == pytest.approx(
        q1["levels"]["fully_met"] / 12)
    assert [(unit["unit"], unit["frame"]) for unit in told["units"]] == [(f"Unit {number}", 20) for number in range(3)]
    assert all(unit["rate"] is None and "only 4 cases" in unit["why"] for unit in told["units"])
    assert [theme["theme"] for theme in told["themes"]] == ["Decision", "Victims"]
    assert "About these cases" not in told["method"]["rate"] and "correction on" in told["method"]["rate"]


def test_what_results_speak_of_and_their_interval_can_be_chosen(run: Run, sample: Path) -> None:
    mark_all(run, sample, {"bob": 1})
    folder = sample.parent.parent
    cases, process, exact = (result(report_of(run, folder, *words), "q1") for words in (
        (), ("--about", "process"), ("--interval", "korn-graubard")))
    assert process["se"] == pytest.approx(cases["se"] / (1 - 4 / 20) ** 0.5)
    assert exact["rate"] == cases["rate"] and exact["high"] - exact["low"] > cases["high"] - cases["low"]
    assert "no finite population correction" in report_of(run, folder, "--about", "process")["method"]["rate"]
    assert run("report", "--about", "everything", folder=folder).code == 2


def test_a_stratum_with_one_case_gives_no_interval_and_says_so(run: Run, workspace: Path) -> None:
    words = ["2" if word == "4" else word for word in DRAW]
    assert run(*words, folder=workspace).code == 0
    sample = workspace / "samples" / "march"
    for who in ("ann", "bob", "cat"):
        cases = [case for case in cases_of(sample, who) if case != one_of(sample)]
        typed = "".join(json.dumps(line) + "\n" for case in cases for line in (
            {"case": case, "fact": "child", "value": "N"}, {"case": case, "question": "q1", "mark": "fully_met"},
            {"case": case, "question": "q2", "mark": "fully_met"},
            {"case": case, "question": "q3", "mark": "fully_met"}, {"case": case, "do": "sign_off"}))
        run("assess", "--sample", "march", "--as", who, "--script", "-", typed=typed, folder=workspace)
    q1 = result(report_of(run, workspace), "q1")
    assert q1["rate"] == 1.0 and q1["low"] is None and "only one case was looked at in 'march/Unit" in q1["why"]


def one_of(sample: Path) -> str:
    return (sample / "cases.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0].strip('"')


def test_a_risk_weighted_draw_is_weighted_back(run: Run, workspace: Path) -> None:
    rows = [["case_id", "unit", "handler", "Child victim", "risk"]]
    rows += [[f"{number:05d}", "Unit 0", "h1", "N", str(1 + number % 3)] for number in range(60)]
    (workspace / "export.csv").write_text(csv_text(rows), encoding="utf-8", newline="\n")
    words = ["12" if word == "4" else word for word in DRAW]
    assert run(*words, "--weight", "risk", folder=workspace).code == 0
    sample = workspace / "samples" / "march"
    mark_all(run, sample, {"bob": 1})
    told = report_of(run, workspace)
    drawn = {one["case_id"]: one for one in json.loads(run("show", "march", "--json", folder=workspace).out)["cases"]}
    rows_told = json.loads(run("export", "march", "--json", folder=workspace).out)["rows"]
    first = [row for row in rows_told if row["question"] == "q1" and row["turn"] == "first"]
    weights = [float(drawn[row["case_id"]]["weight"]) for row in first]
    met = sum(weight for weight, row in zip(weights, first, strict=True) if row["mark"] == "fully_met")
    assert len(set(weights)) > 1 and result(told, "q1")["rate"] == pytest.approx(met / sum(weights))


def test_own_units_come_from_people_csv_also_under_hidden_names(run: Run, sample: Path) -> None:
    mark_all(run, sample, {"bob": 2})
    folder = sample.parent.parent
    (folder / "people.csv").write_text("person,role,unit\nann,reviewer,Unit 2\nbob,reviewer,Unit 0\n"
                                       "cat,reviewer,Unit 1\n", encoding="utf-8")
    shown = report_of(run, folder)["severity"]["own_unit"]
    assert shown["cases"] > 0 and "are needed" in shown["why"]
    (folder / "cqa.yaml").write_text("report:\n  names: hidden\n", encoding="utf-8")
    hidden = report_of(run, folder)
    assert hidden["severity"]["own_unit"] == shown
    text = json.dumps([hidden["severity"], hidden["second_look"], hidden["reviewers"]])
    assert not any(f'"{name}"' in text for name in ("ann", "bob", "cat"))


def test_severity_and_second_look_are_told_with_their_reasons(run: Run, workspace: Path) -> None:
    words = ["20" if word == "4" else "1" if word == "0.5" else word for word in DRAW]
    assert run(*words, folder=workspace).code == 0
    sample = workspace / "samples" / "march"
    mark_all(run, sample, {"bob": 1, "cat": 9})
    ran = run("report", folder=workspace)
    assert ran.code == 0 and "severe" in ran.out and "at random within each stratum" in ran.out
    assert lint((workspace / "reports" / "march-consistency.xlsx").read_bytes()) == []
    told = report_of(run, workspace)
    kinds = {one["reviewer"]: one["class"] for one in told["reviewers"]}
    assert kinds["bob"] == "severe" and set(kinds.values()) <= {"severe", "lenient", "no difference that the data can "
                                                                "bear", "inconsistent"}
    looks = {one["reviewer"]: one for one in told["second_look"]}
    assert looks["ann"]["markings"] >= 15
    assert all(sign["cases"] is not None and sign["told"] and sign["usual"] for sign in looks["ann"]["signs"])


def test_several_samples_give_a_trend_in_the_order_of_the_draws(run: Run, workspace: Path) -> None:
    for name in ("winter", "autumn"):
        given = {"march": name, SEED: f"{SEED}{name}"}
        assert run(*(given.get(word, word) for word in DRAW), folder=workspace).code == 0
        mark_all(run, workspace / "samples" / name, {"bob": 1} if name == "winter" else {})
    told = report_of(run, workspace, "autumn", "winter")["trend"]
    whole = [point for point in told if point["kind"] == "all questions"]
    assert [point["sample"] for point in whole] == ["winter", "autumn"]
    assert whole[0]["change"] is None and whole[1]["change"]["value"] == pytest.approx(
        whole[1]["rate"] - whole[0]["rate"])
    assert {point["name"] for point in told if point["kind"] == "question"} == {"q1", "q2", "q3"}
    assert run("report", folder=workspace).code == 0
    assert lint((workspace / "reports" / "autumn+winter-consistency.xlsx").read_bytes()) == []
    assert report_of(run, workspace, "autumn")["trend"] == []


def test_times_that_a_journal_holds_are_those_of_the_standing_marks(run: Run, world: World, sample: Path) -> None:
    """As a screen that measures it writes them: the time stands with the mark, and not in what is exported."""
    case = cases_of(sample, "ann")[0]
    with open_sitting(replace(world, folder=sample.parent.parent),
                      open_sample(find_workspace(sample.parent.parent), "march"), "ann") as sitting:
        for mark, shown in (("partly_met", 9000), ("fully_met", 700)):
            sitting.act(SetMark(case, "q1", mark, shown_ms=shown))
    record = read_samples(find_workspace(sample.parent.parent), ("march",))
    row = next(row for row in mark_rows(record) if row.case_id == case and row.question == "q1")
    assert row.shown_ms == 700 and "shown_ms" not in row.as_json()
