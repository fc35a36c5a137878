"""`cqa report --rubric` shows what earlier marks give under another rubric, and changes nothing."""

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.casework import RUBRIC, Ran, Run
from tests.commands.marked_twice import all_signed, mains
from tests.commands.reports.test_report import cells, words
from tests.workbook_lint import lint

STRICTER = RUBRIC.replace("score_at_least: 70", "score_at_least: 80").replace("id: q1,", "id: q1, weight: 3,")
NEW_QUESTION = RUBRIC.replace("ask: Was it reasoned,", "ask: Was the victim told in good time of the whole decision,")


@pytest.fixture
def signed(run: Run, sample: Path) -> Path:
    """The workspace, with all signed off: in three cases the second marker has q1 at partly met."""
    all_signed(run, sample.parent.parent)
    return sample.parent.parent


def rescoring(run: Run, folder: Path, text: str = STRICTER, *options: str) -> Ran:
    (folder / "new.yaml").write_text(text, encoding="utf-8", newline="\n")
    return run("report", "march", "--rubric", "new.yaml", *options, folder=folder)


def told(run: Run, folder: Path, text: str = STRICTER) -> dict[str, Any]:
    ran = rescoring(run, folder, text, "--json", "--no-books")
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)["rescored"]
    assert isinstance(found, dict)
    return found


def sums(folder: Path) -> dict[str, str]:
    """The sum of every file of the workspace."""
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_record_its_books_and_the_ordinary_report_stay_byte_for_byte(run: Run, signed: Path) -> None:
    assert run("report", "march", folder=signed).code == 0
    (signed / "new.yaml").write_text(STRICTER, encoding="utf-8", newline="\n")
    before = sums(signed)
    assert any("books/" in name for name in before) and any("marks/" in name for name in before)
    ran = rescoring(run, signed)
    after = sums(signed)
    assert ran.code == 0 and "Nothing was changed" in ran.out
    assert set(after) - set(before) == {"reports/march-consistency-rescored.xlsx"}
    assert {name: after[name] for name in before} == before


def test_who_changes_band_is_counted_listed_and_crossed(run: Run, signed: Path) -> None:
    found = told(run, signed)
    assert found["assessments"] == found["whole"] == 18 and found["partly"] == 0
    # q1 partly met and everything else fully: (3*1 + 2 [+ 2]) of (3*2 + 2 [+ 2]) is 5/8 or 7/10, under the new 80;
    # as signed off 3/4 or 5/6, above the old 70.
    assert found["moves"] == {"same": 15, "up": 0, "down": 3, "aside": 0}
    assert {(one["was"], one["now"]): one["assessments"] for one in found["cross"]} == {
        ("Fine", "Fine"): 15, ("Fine", "Poor"): 3}
    changed = [one for one in found["cases"] if one["moved"] == "down"]
    assert {one["turn"] for one in changed} == {"second"}
    assert {(one["before"]["score"], one["after"]["score"]) for one in changed} <= {(0.75, 0.625), (5 / 6, 0.7)}
    before = sum(100 * one["before"]["score"] for one in found["cases"]) / 18
    assert found["score"]["before"] == pytest.approx(before) and found["score"]["assessments"] == 18
    assert {(one["question"], one["what"], one["before"], one["after"]) for one in found["under"][0]["changes"]} == {
        ("q1", "weight", "1", "3"),
        (None, "band Fine", "when the score is at least 70%", "when the score is at least 80%")}


def test_agreement_and_results_are_those_of_the_record(run: Run, signed: Path) -> None:
    plain = json.loads(run("report", "march", "--json", "--no-books", folder=signed).out)
    with_it = json.loads(rescoring(run, signed, STRICTER, "--json", "--no-books").out)
    assert "rescored" not in plain and list(with_it)[-2:] == ["rescored", "headlines"]
    del with_it["rescored"]
    assert with_it == plain


def test_the_screen_says_what_would_change_and_that_nothing_did(run: Run, signed: Path) -> None:
    out = " ".join(rescoring(run, signed, STRICTER, "--no-books").out.split())
    assert "Of 18 signed-off assessments that it can be said of, 3 would change band: 3 lower, 0 higher." in out
    assert "are those of the rubrics that the cases were signed off under" in out
    assert "Which assessments change band" in out and "Mean score" in out
    assert "75.0 to 62.5" in out or "83.3 to 70.0" in out
    same = " ".join(rescoring(run, signed, RUBRIC, "--no-books").out.split())
    assert "0 would change band: 0 lower, 0 higher." in same and "Which assessments change band" not in same


def test_a_question_that_means_something_else_leaves_the_cases_not_fully_rescored(run: Run, signed: Path) -> None:
    found = told(run, signed, NEW_QUESTION)
    assert (found["whole"], found["partly"]) == (0, 18) and found["moves"]["down"] == 0
    assert all(one["missing"] == ["q2"] for one in found["cases"])
    gap = found["not_carried"]
    assert [(one["question"], one["marks"], one["cases"]) for one in gap] == [("q2", 18, 12)]
    out = " ".join(rescoring(run, signed, NEW_QUESTION).out.split())
    assert "No assessment has a mark on everything" in out and "18 assessments, counted in none of these" in out
    rows = cells(signed / "reports" / "march-consistency-rescored.xlsx", "Re-scored cases")
    assert sum("No mark on q2." in row for row in rows) == 18


def test_what_carries_over_gives_a_band_with_a_caution_and_no_figure(run: Run, signed: Path) -> None:
    """Without q2, a case with q1 partly met comes to 1 of 2 [+ 2]: 1/2 or 3/4."""
    stricter = NEW_QUESTION.replace("score_at_least: 70", "score_at_least: 80")
    out = rescoring(run, signed, stricter, "--no-books").out
    listed = out.split("Not fully re-scored, and another band")[1].split("What does not carry over")[0]
    assert listed.count("No mark on q2.") == 3 and "Which assessments change band" not in out
    found = told(run, signed, stricter)
    assert Counter(one["moved"] for one in found["cases"]) == {"same": 15, "down": 3}
    assert found["score"] == {"assessments": 0, "before": None, "after": None} and found["cross"] == []


def test_a_rubric_without_bands_says_so_and_still_gives_scores(run: Run, signed: Path) -> None:
    bare = STRICTER[: STRICTER.index("result:")]
    found = told(run, signed, bare)
    assert found["moves"] == {"same": 0, "up": 0, "down": 0, "aside": 18} and found["whole"] == 18
    assert {one["after"]["band"] for one in found["cases"]} == {None}
    assert rescoring(run, signed, bare).code == 0
    path = signed / "reports" / "march-consistency-rescored.xlsx"
    assert lint(path.read_bytes()) == [] and ("Fine", 18, 18) in cells(path, "Re-scored")


def test_a_path_that_names_somebody_stays_out_of_the_report(run: Run, signed: Path) -> None:
    (signed / "ann").mkdir()
    (signed / "ann" / "new.yaml").write_text(STRICTER, encoding="utf-8", newline="\n")
    assert run("report", "march", "--rubric", "ann/new.yaml", "--names", "hidden", folder=signed).code == 0
    assert "ann" not in words(signed / "reports" / "march-consistency-hidden-rescored.xlsx").replace("/", " ").split()


def test_the_workbook_keeps_the_rules_and_holds_every_assessment(run: Run, signed: Path) -> None:
    assert rescoring(run, signed).code == 0
    path = signed / "reports" / "march-consistency-rescored.xlsx"
    assert lint(path.read_bytes()) == []
    names = load_workbook(path).sheetnames
    assert {"Re-scored", "Re-scored cases", "Re-scored changes", "Re-scored gaps", "Agreement"} <= set(names)
    rows = cells(path, "Re-scored cases")
    assert sum(str(row[0]) in {str(case["case_id"]) for case in mains(run, signed)} for row in rows) == 18
    crossed = next(row for row in cells(path, "Re-scored") if row[0] == "Fine")
    assert crossed == ("Fine", 0, 15, 3, 18)


def test_a_rubric_with_errors_lists_them_all_and_nothing_is_written(run: Run, signed: Path) -> None:
    broken = STRICTER.replace("q1: [not_met]", "q7: [not_met]").replace("points: 2", "points: 0")
    ran = rescoring(run, signed, broken)
    assert ran.code == 3 and "R011" in ran.err and "R015" in ran.err and "new.yaml:" in ran.err
    assert not (signed / "reports" / "march-consistency-rescored.xlsx").exists()
    assert run("report", "--rubric", "nowhere.yaml", folder=signed).code == 3


def test_a_form_of_which_too_little_carries_over_is_refused_in_words(run: Run, signed: Path) -> None:
    short = run("report", "march", "--rubric", "rubrics/disclosure.yaml", folder=signed)
    assert short.code == 3 and "R080" in short.err and "0% of the new rubric's weight" in short.err
    assert not list((signed / "reports").iterdir())


def test_a_draft_of_a_live_rubric_may_keep_its_version(run: Run, signed: Path) -> None:
    path = signed / "rubrics" / "prosecution.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("status: trial", "status: live"), encoding="utf-8")
    assert run("rubric", "approve", "rubrics/prosecution.yaml", "--as", "lead", folder=signed).code == 0
    path.write_text(path.read_text(encoding="utf-8").replace("score_at_least: 70", "score_at_least: 75"),
                    encoding="utf-8")
    assert "R061" in run("rubric", "check", "rubrics/prosecution.yaml", folder=signed).err
    ran = run("report", "march", "--rubric", "rubrics/prosecution.yaml", folder=signed)
    assert "R061" not in ran.err and "R080" in ran.err  # what stops it is that this sample was marked under another


def test_hidden_names_are_hidden_here_too(run: Run, signed: Path) -> None:
    ran = rescoring(run, signed, STRICTER, "--names", "hidden")
    path = signed / "reports" / "march-consistency-hidden-rescored.xlsx"
    assert ran.code == 0 and path.is_file()
    listed = [str(row[1]) for row in cells(path, "Re-scored cases") if "(first)" in str(row[1])]
    assert len(listed) == 12 and all(name.startswith("Reviewer ") for name in listed)
    assert "ann" not in words(path).split() and "bob" not in words(path).split()


def test_nothing_signed_is_said_in_words(run: Run, sample: Path) -> None:
    ran = rescoring(run, sample.parent.parent)
    assert ran.code == 0 and "No assessment has a mark on everything" in " ".join(ran.out.split())
    assert lint((sample.parent.parent / "reports" / "march-consistency-rescored.xlsx").read_bytes()) == []


def test_versions_that_the_new_rubric_cannot_take_over_are_told_beside_those_it_can(run: Run, signed: Path) -> None:
    other = RUBRIC.replace("id: small", "id: other").replace("Was it right", "How long did they wait").replace(
        "Was it reasoned", "Who wrote to the witness").replace("Was the child heard", "Which court sat")
    (signed / "other.yaml").write_text(other, encoding="utf-8", newline="\n")
    assert run("draw", "export.csv", "--sample", "june", "--id", "case_id", "--take", "2", "--seed", "4711", "--rubric",
               "other.yaml", "--reviewers", "ann,bob", "--second", "0", folder=signed).code == 0
    all_signed(run, signed, 0, "june")
    (signed / "new.yaml").write_text(STRICTER, encoding="utf-8", newline="\n")
    ran = run("report", "--rubric", "new.yaml", "--json", "--no-books", folder=signed)
    found = json.loads(ran.out)["rescored"]
    assert ran.code == 0 and found["assessments"] == 18
    assert {one["rubric"]: one["why"] is None for one in found["under"]} == {"small": True, "other": False}
