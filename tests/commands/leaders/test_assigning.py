"""`cqa assign` gives cases to further markers: calibration cases, triggered second looks, a dip-sample."""

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cqa.files.journal import read_journal
from tests.casework import SEED, Run, case_rows
from tests.commands.leaders.test_replace import forged, journal_of
from tests.commands.marked_twice import Case, all_signed, mains, script, settle, sign_off, twice

WHY = ("--reason", "the panel met", "--as", "lead")


@pytest.fixture
def root(sample: Path) -> Path:
    return sample.parent.parent


def once(run: Run, root: Path) -> Case:
    """A case that is marked once, by somebody other than cat, and shows nobody's own work."""
    return next(case for case in mains(run, root) if not case["second_reviewer"] and case["reviewer"] != "cat")


def work_of(run: Run, root: Path, who: str, sample: str = "march") -> set[str]:
    """The cases that somebody may mark: of all cases of the export those for which a script is not refused."""
    ids = [row[0] for row in case_rows(60)[1:]]
    ran = script(run, root, "assess", [{"case": case_id, "do": "undo"} for case_id in ids],
                 "--sample", sample, "--as", who)
    answers = [json.loads(line) for line in ran.out.splitlines()]
    return {str(one["case"]) for one in answers if one["code"] not in ("not_assigned", "unknown_case")}


def report(run: Run, root: Path, *samples: str) -> dict[str, Any]:
    ran = run("report", *(samples or ("march",)), "--json", "--no-books", folder=root)
    assert ran.code == 0, ran.err
    told: dict[str, Any] = json.loads(ran.out)
    return told


def test_a_triggered_second_look_is_marked_blind_and_counts_nowhere_but_apart(run: Run, root: Path) -> None:
    all_signed(run, root)
    case = once(run, root)
    before = report(run, root)
    ran = run("assign", str(case["case_id"]), "--turn", "triggered", "--trigger", "low_overall", "--to", "dee", *WHY,
              folder=root)
    assert ran.code == 0 and "to be marked by dee as well" in ran.out and "'dee' marks nothing else here" in ran.err
    assert work_of(run, root, "dee") == {case["case_id"]}
    waiting, = report(run, root)["triggered"]
    assert (waiting["state"], waiting["compared"]) == ("not begun", None)
    sign_off(run, root, case["case_id"], "dee", "not_met")
    after = report(run, root)
    for figure in ("coverage", "results", "agreement", "reviewers", "disagreements", "completion"):
        assert after[figure] == before[figure], figure
    look, = after["triggered"]
    assert (look["of"], look["by"], look["trigger"]) == (case["reviewer"], "dee", "low_overall")
    # q1 two levels more lenient than dee's; q2 is not asked after "not met".
    assert {key: look["compared"][key] for key in ("marks", "same", "more_lenient", "one_only", "lean")} == {
        "marks": 1 + (look["compared"]["same"]), "same": look["compared"]["same"], "more_lenient": 1, "one_only": 1,
        "lean": -2 / look["compared"]["marks"]}
    rows = json.loads(run("export", "--json", folder=root).out)["rows"]
    assert {row["turn"] for row in rows if row["reviewer"] == "dee"} == {"triggered"}


def test_nobody_is_shown_a_mark_while_a_further_marker_has_not_signed(run: Run, root: Path) -> None:
    all_signed(run, root)
    case = once(run, root)
    words = (str(case["case_id"]), "--turn", "triggered", "--trigger", "urgent", "--to", "dee")
    assert run("assign", *words, *WHY, folder=root).code == 0
    refused = run("moderate", str(case["case_id"]), "--sample", "march", "--as", "dee", folder=root)
    assert refused.code == 4 and "fully" not in (refused.out + refused.err).casefold()
    assert run("report", "march", folder=root).code == 0
    book = openpyxl.load_workbook(root / "samples" / "march" / "books" / f"{case['reviewer']}.xlsx")
    told = {row[0].value for row in book["My marks"]}
    others = {one["case_id"] for one in mains(run, root) if one["reviewer"] == case["reviewer"]} - {case["case_id"]}
    assert others and others <= told and case["case_id"] not in told


@pytest.mark.parametrize(("words", "code", "said"), [
    (("{once}", "--turn", "triggered", "--to", "dee"), 2, "says what triggered it"),
    (("{once}", "--turn", "triggered", "--to", "dee", "--trigger", "urgnet"), 2, "urgent"),
    (("{once}", "--turn", "calibration", "--to", "dee", "--trigger", "urgent"), 2, "--trigger is for"),
    (("{once}", "--turn", "calibration"), 2, "Give --to PERSON, or --everyone"),
    (("{once}", "--turn", "triggered", "--trigger", "urgent", "--everyone"), 2, "--everyone is for"),
    (("--turn", "calibration", "--to", "dee"), 2, "Name the CASE"),
    (("zz", "--turn", "calibration", "--to", "dee"), 2, "There is no case 'zz'"),
    (("{once}", "--turn", "calibration", "--to", "{reviewer}"), 4, "marks it already (first)"),
    (("--calibration",), 2, "sets no rate"),
    (("--calibration", "--to", "dee"), 2, "--to does not belong to --calibration"),
    (("{once}", "--dip", "2", "--to", "dee"), 2, "A CASE does not belong to --dip"),
    (("--dip", "none", "--to", "dee"), 2, "whole number"),
    (("--dip", "0", "--to", "dee"), 2, "whole number"),
    (("--dip", "2"), 2, "Give --to PERSON"),
    (("--dip", "2", "--calibration", "--to", "dee"), 2, "does not belong"),
    (("--dip", "2", "--to", "dee"), 4, "no signed-off assessment"),
    (("{once}", "--to", "dee", "--trigger", "urgent"), 2, "--trigger does not belong to handing on"),
    (("{once}",), 2, "Give --to PERSON"),
])
def test_what_cannot_be_is_refused_and_leaves_nothing_behind(
    run: Run, root: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    case = once(run, root)
    typed = [word.format(once=case["case_id"], reviewer=case["reviewer"]) for word in words]
    ran = run("assign", *typed, *WHY, folder=root)
    assert (ran.code, said in ran.err) == (code, True), ran.err
    assert not list((root / "samples" / "march" / "changes").glob("*.jsonl"))


def test_everyone_marks_a_calibration_case_but_those_who_have_it_or_whose_work_it_shows(run: Run, root: Path) -> None:
    case = once(run, root)
    others = {"ann", "bob", "cat"} - {case["reviewer"], case["handler"]}
    ran = run("assign", str(case["case_id"]), "--turn", "calibration", "--everyone", *WHY, "--json", folder=root)
    assert {one["to"] for one in json.loads(ran.out)["cases"]} == others
    assert all(case["case_id"] in work_of(run, root, name) for name in others)
    assert run("verify", "march", folder=root).code == 0


def drawn(run: Run, root: Path, name: str, seed: str, reviewers: str, second: str) -> str:
    ran = run("draw", "export.csv", "--sample", name, "--id", "case_id", "--by", "unit", "--take", "4", "--seed", seed,
              "--rubric", "small.yaml", "--reviewers", reviewers, "--second", second, "--handled-by", "handler",
              folder=root)
    assert ran.code == 0, ran.err
    return ran.err


def calibrated(run: Run, root: Path, origin: str = "march") -> list[str]:
    """Reference marks on every case of a sample that is marked twice; then april, drawn from the same export."""
    all_signed(run, root, sample=origin)
    cases = [str(case["case_id"]) for case in twice(run, root, origin)]
    for case_id in cases:
        assert settle(run, root, case_id, "--reference", sample=origin).code == 0
    (root / "cqa.yaml").write_text("calibration: {rate: 20%, clearance: 80%}\n", encoding="utf-8", newline="\n")
    drawn(run, root, "april", f"{SEED}1", "dee,eve,fay", "0.5")
    return cases


def test_a_draw_says_that_nothing_is_slipped_in_yet_and_who_is_not_cleared(run: Run, root: Path) -> None:
    assert "S071" not in drawn(run, root, "may", f"{SEED}3", "dee,eve", "0.5")
    calibrated(run, root)
    told = drawn(run, root, "june", f"{SEED}4", "dee,eve", "0.5")
    assert "cqa assign --calibration --sample june" in told
    assert "Not cleared on calibration cases under small 1.0: dee, eve." in told


def test_cases_with_reference_marks_are_slipped_into_another_samples_work_at_the_rate(run: Run, root: Path) -> None:
    cases = calibrated(run, root)
    own = {str(case["case_id"]) for case in json.loads(run("show", "april", "--json", folder=root).out)["cases"]}
    before = {name: work_of(run, root, name, "april") for name in ("dee", "eve", "fay")}
    ran = run("assign", "--calibration", "--sample", "april", *WHY, "--json", folder=root)
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    for name, had in before.items():
        wanted = max(1, len(had) // 5)
        got = work_of(run, root, name, "april") - had
        assert len(got) == wanted == len(told["given"][name]) and got <= set(cases) - own
    again = json.loads(run("assign", "--calibration", "--sample", "april", *WHY, "--json", folder=root).out)
    assert again["given"] == {}
    assert run("verify", "april", folder=root).code == 0


def test_a_calibration_case_looks_like_any_other_in_the_folder_that_is_taken_away(run: Run, root: Path) -> None:
    calibrated(run, root)
    run("assign", "--calibration", "--sample", "april", *WHY, folder=root)
    assert run("take", "dee", "--sample", "april", "--to", "away", folder=root).code == 0
    folder = root / "away"
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).lower()
    for word in (b"calibration", b"reference", b"brought_in", b"tolerance", b"from_sample", b"lead.", b"march"):
        assert word not in everything, word
    with (folder / "samples" / "april" / "cases.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["role"] for row in rows} == {"main"} and "0" not in {row[key] for row in rows
                                                                     for key in ("rank", "weight")}


def test_accuracy_clearance_and_drift_are_counted_by_hand(run: Run, root: Path) -> None:
    calibrated(run, root)
    given = json.loads(run("assign", "--calibration", "--sample", "april", *WHY, "--json", folder=root).out)["given"]
    for name, levels in (("dee", "fully_met"), ("eve", "partly_met")):
        for case_id in given[name]:
            sign_off(run, root, case_id, name, levels, "april")
    told = report(run, root, "april")
    found = {one["reviewer"]: one for one in told["calibration"]["accuracy"]}
    for name in ("dee", "eve"):
        assert found[name]["cases"] == len(given[name])
        within = sum(one["within"] for one in told["calibration"]["marks"] if one["reviewer"] == name)
        assert found[name]["within"] == within
    assert found["dee"]["within"] == found["dee"]["marks"] and found["dee"]["lean"] == 0
    eve = [one for one in told["calibration"]["marks"] if one["reviewer"] == "eve"]
    assert [one["apart"] for one in eve if one["question"] == "q1"] == [1] * len(given["eve"])
    assert not any(one["within"] for one in eve if one["question"] == "q1")
    assert (found["fay"]["marks"], found["fay"]["state"]) == (0, "too few marks")
    assert {one["month"] for one in told["calibration"]["drift"]} == {"2026-03"}
    # None of these marks is part of the figures.
    assert told["coverage"]["assessed"] == 0 and told["disagreements"] == []


def test_a_report_of_cleared_reviewers_alone_leaves_the_others_out_and_says_so(run: Run, root: Path) -> None:
    refused = run("report", "march", "--cleared", folder=root)
    assert refused.code == 2 and "asks for no clearance" in refused.err
    drawn(run, root, "autumn", f"{SEED}2", "ann,bob,cat", "1")
    calibrated(run, root, "autumn")
    settings = root / "cqa.yaml"
    settings.write_text("calibration: {rate: 100%, clearance: 60%}\n", encoding="utf-8", newline="\n")
    given = json.loads(run("assign", "--calibration", "--sample", "april", *WHY, "--json", folder=root).out)["given"]
    for case in mains(run, root, "april"):
        sign_off(run, root, case["case_id"], case["reviewer"], sample="april")
    for name, level in (("dee", "fully_met"), ("eve", "not_met")):
        for case_id in given[name]:
            sign_off(run, root, case_id, name, level, "april")
    states = {one["reviewer"]: (one["marks"] >= 10, one["state"])
              for one in report(run, root, "april")["calibration"]["accuracy"]}
    assert states["dee"] == (True, "cleared") and states["eve"][1] != "cleared"
    everybody = report(run, root, "april")
    ran = run("report", "april", "--cleared", "--json", folder=root)
    alone = json.loads(ran.out)
    by_dee = sum(case["reviewer"] == "dee" for case in mains(run, root, "april"))
    assert [one["n"] for one in alone["results"] if one["question"] == "q1"] == [by_dee]
    assert [one["n"] for one in everybody["results"] if one["question"] == "q1"] == [12]
    assert "S073" in {problem["code"] for problem in alone["problems"]} and "eve" in ran.err
    assert (root / "reports" / "april-consistency-cleared.xlsx").is_file()
    again = json.loads(run("report", "april", "--cleared", "--rubric", "small.yaml", "--json", folder=root).out)
    assert {one["reviewer"] for one in again["rescored"]["cases"]} == {"dee"}
    assert (root / "reports" / "april-consistency-cleared-rescored.xlsx").is_file()


def test_a_dip_sample_is_drawn_by_a_seed_and_verified_and_reported_apart(run: Run, root: Path) -> None:
    all_signed(run, root)
    before = report(run, root)
    ran = run("assign", "--dip", "3", "--to", "yve,zed", "--seed", "1234", *WHY, "--json", folder=root)
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert (told["population"], len(told["drawn"]), told["rule"]) == (12, 3, "cqa-dip/1")
    assert {one["to"] for one in told["drawn"]} == {"yve", "zed"}
    for one in told["drawn"]:
        sign_off(run, root, one["case"], one["to"], q2="partly_met")
    after = report(run, root)
    for figure in ("coverage", "results", "agreement", "reviewers"):
        assert after[figure] == before[figure], figure
    dips = {one["case_id"]: one for one in after["dip"]}
    assert dips.keys() == {one["case"] for one in told["drawn"]}
    assert all(one["compared"]["more_lenient"] == 1 and one["compared"]["more_severe"] == 0 for one in dips.values())
    assert run("verify", "march", folder=root).code == 0
    refused = run("assign", "--dip", "10", "--to", "yve,zed", *WHY, folder=root)
    assert refused.code == 4 and "Only 9 signed-off assessments are left" in refused.err
    again = json.loads(run("assign", "--dip", "9", "--to", "yve,zed", *WHY, "--json", folder=root).out)
    assert again["population"] == 9 and not {one["case"] for one in again["drawn"]} & dips.keys()


def test_what_a_further_marker_has_not_signed_is_taken_back_and_holds_nothing_back_any_more(
    run: Run, root: Path
) -> None:
    differ = all_signed(run, root)
    run("assign", "--dip", "12", "--to", "yve", *WHY, folder=root)
    assert len(work_of(run, root, "yve")) == 12
    sign_off(run, root, differ[0], "yve")
    assert settle(run, root, differ[1]).code == 4
    one = run("assign", differ[1], "--drop", "yve", *WHY, folder=root)
    assert one.code == 0 and f"yve does not mark 1 case any more: {differ[1]}." in one.out
    assert settle(run, root, differ[1]).code == 0
    told = json.loads(run("assign", "--drop", "Yve", *WHY, "--json", folder=root).out)
    assert (told["from"], len(told["cases"])) == ("yve", 10)
    assert work_of(run, root, "yve") == {differ[0]}
    assert run("assign", "--drop", "yve", *WHY, folder=root).code == 4  # what is signed stays
    assert run("assign", "--drop", "ann", *WHY, folder=root).code == 2
    assert run("verify", "march", folder=root).code == 0


def test_a_dip_sample_that_was_tampered_with_does_not_verify(run: Run, root: Path) -> None:
    all_signed(run, root)
    sample = root / "samples" / "march"
    run("assign", "--dip", "2", "--to", "yve", "--seed", "1234", *WHY, folder=root)
    line = read_journal(journal_of(sample)).lines[-1]
    drawn, population = line["to"], line["population"]
    assert isinstance(drawn, dict) and isinstance(population, list)
    other = next(case_id for case_id, _ in population if case_id not in drawn)
    forged(sample, to={next(iter(drawn)): "yve", other: "yve"})
    ran = run("verify", "march", folder=root)
    assert ran.code == 1 and f"by the seed, case '{other}' was not drawn" in ran.err
