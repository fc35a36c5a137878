"""The report of a trial: the verdict first, like held against like, and nothing decided before all is signed off."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.casework import Run
from tests.trialled import (
    PARENT,
    REVIEWERS,
    SECRETS,
    VARIANT,
    cases_in,
    designed,
    lines_for,
    marked,
    marked_by_all,
    order_of,
    scripted,
)
from tests.workbook_lint import lint


def told(run: Run, root: Path, *more: str) -> dict[str, Any]:
    ran = run("trial", "report", "pilot", "--json", *more, folder=root)
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def half_apart(run: Run, root: Path) -> None:
    """Everybody marks all; by the parent the second marker of every case is below the first, by the variant both are
    at the best level, but for every third case, on which all are below it."""
    samples = root / "samples"
    parent = json.loads(run("trial", "report", "pilot", "--json", "--no-book", folder=root).out)["forms"]["parent"]
    plan: dict[int, dict[tuple[str, str], str]] = {}
    for arm in (1, 2):
        rows = [line.split(",") for line in (samples / f"pilot-{arm}" / "assignments.csv").read_text(
            encoding="utf-8").splitlines()[1:]]
        by_parent = parent["rubric"] in rows[0][3]
        ids = sorted({row[0] for row in rows})
        low = {case for place, case in enumerate(ids) if place % 3 == 0}
        plan[arm] = {(row[0], row[1]): "partly_met" if row[0] in low or (by_parent and row[2] == "second")
                     else "fully_met" for row in rows}
    for who in REVIEWERS:
        for arm in order_of(samples, who):
            for case in cases_in(samples, arm, who):
                ran, _ = scripted(run, root, who, *lines_for([case], level=plan[arm][case, who]))
                assert ran.code == 0, ran.err


@pytest.fixture
def apart(run: Run, workspace: Path) -> Path:
    designed(run, workspace, "--runs", "0", cases=24)
    half_apart(run, workspace)
    return workspace


def test_a_form_that_reviewers_apply_more_alike_is_taken(run: Run, apart: Path) -> None:
    found = told(run, apart)
    assert found["verdict"]["outcome"] == "variant" and found["verdict"]["met"]
    assert found["verdict"]["sentences"][0].startswith("Take the variant zzvariant 8.47")
    asked_of_all = {one["question"]: one["exact"] for one in found["agreement"]["questions"]}["q1"]
    # By the parent the two markers differ on all but every third of the 24 cases.
    assert asked_of_all["parent"] == pytest.approx(8 / 24) and asked_of_all["variant"] == 1.0
    assert found["agreement"]["headline"]["exact"]["variant"] == 1.0


def test_the_first_sheet_says_which_form_to_take_and_why(run: Run, apart: Path) -> None:
    told(run, apart)
    sheet = load_workbook(apart / "reports" / "pilot-trial.xlsx").worksheets[0]
    rows = [[str(cell.value) for cell in row] for row in sheet.iter_rows() if row[0].value]
    assert rows[2][0] == "Verdict" and rows[2][1].startswith("Take the variant zzvariant 8.47: Gwet's AC2")


def test_the_workbook_keeps_every_rule_of_workbooks(run: Run, apart: Path) -> None:
    told(run, apart)
    assert not lint((apart / "reports" / "pilot-trial.xlsx").read_bytes())


def test_nothing_is_decided_before_everything_is_signed_off(run: Run, workspace: Path) -> None:
    designed(run, workspace, "--runs", "0")
    assert told(run, workspace)["verdict"]["outcome"] == "not yet"
    marked_by_all(run, workspace, REVIEWERS[:5])
    found = told(run, workspace)
    assert found["verdict"]["outcome"] == "not yet" and "are not signed off" in found["verdict"]["sentences"][0]
    marked_by_all(run, workspace, REVIEWERS[5:])
    assert told(run, workspace)["verdict"]["outcome"] != "not yet"


def test_where_all_agree_by_both_forms_the_trial_cannot_tell_and_says_what_it_would_take(
    run: Run, workspace: Path
) -> None:
    designed(run, workspace, "--runs", "0")
    marked_by_all(run, workspace)
    found = told(run, workspace)["verdict"]
    assert found["outcome"] == "cannot tell" and len(found["sentences"]) == 2


def test_reviewers_nested_in_forms_are_given_no_verdict(run: Run, workspace: Path) -> None:
    designed(run, workspace, "--runs", "0", "--parent-only", "ann,bob,cat", "--variant-only", "dan,eve,fay", "--force")
    marked_by_all(run, workspace)
    found = told(run, workspace)
    assert found["verdict"]["outcome"] == "teams" and not found["verdict"]["met"]
    care = next(one["says"] for one in found["headlines"] if one["about"] == "Before you rely on it")
    assert "One form alone was used by" in care


def test_what_does_not_compare_is_listed_and_never_averaged_in(run: Run, workspace: Path) -> None:
    designed(run, workspace, "--runs", "0")
    marked_by_all(run, workspace)
    every = told(run, workspace)["agreement"]
    assert {one["question"] for one in every["questions"]} == {"q1", "q2", "q3"}
    text = (workspace / VARIANT).read_text(encoding="utf-8")
    (workspace / VARIANT).write_text(text.replace("ask: Was it reasoned", "ask: Was it reasoned, corresponds_to: none"),
                                     encoding="utf-8", newline="\n")
    again = run("trial", "design", "export.csv", "--trial", "again", "--id", "case_id", "--rubric", PARENT, "--variant",
                VARIANT, "--cases", "12", "--reviewers", ",".join(REVIEWERS), "--runs", "0", folder=workspace)
    assert again.code == 0, again.err
    found = json.loads(run("trial", "report", "again", "--json", folder=workspace).out)
    assert {(one["form"], one["question"]) for one in found["not_comparable"]} == {("variant", "q2"), ("parent", "q2")}
    assert {one["question"] for one in found["agreement"]["questions"]} == {"q1", "q3"}


def test_names_are_letters_where_they_are_hidden_and_the_book_has_a_file_of_its_own(run: Run, apart: Path) -> None:
    ran = run("trial", "report", "pilot", "--names", "hidden", folder=apart)
    assert ran.code == 0
    path = apart / "reports" / "pilot-trial-hidden.xlsx"
    cells = {str(cell.value) for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row}
    assert not cells & set(REVIEWERS) and any("Reviewer A" in cell for cell in cells)


def test_an_unknown_trial_is_refused_with_the_names_there_are(run: Run, apart: Path) -> None:
    refused = run("trial", "report", "pilt", folder=apart)
    assert refused.code == 2 and "pilot" in refused.err


def test_the_only_trial_needs_no_name(run: Run, apart: Path) -> None:
    assert "Take the variant" in run("trial", "report", "--no-book", folder=apart).out


def test_two_samples_that_do_not_belong_together_are_refused(run: Run, apart: Path) -> None:
    shutil.rmtree(apart / "samples" / "pilot-2")
    shutil.copytree(apart / "samples" / "pilot-1", apart / "samples" / "pilot-2")
    refused = run("trial", "report", "pilot", folder=apart)
    assert refused.code == 7 and "S085" in refused.err


def test_a_damaged_trial_does_not_stop_the_report_of_another(run: Run, apart: Path) -> None:
    for arm in (1, 2):
        shutil.copytree(apart / "samples" / f"pilot-{arm}", apart / "samples" / f"broken-{arm}")
    (apart / "samples" / "broken-1" / "plan.yaml").write_text("tampered: yes", encoding="utf-8")
    assert run("trial", "report", "pilot", "--no-book", folder=apart).code == 0
    assert run("trial", "report", "broken", "--no-book", folder=apart).code == 7


def test_what_is_changed_or_withdrawn_after_sign_off_is_said_before_anybody_relies_on_it(
    run: Run, apart: Path
) -> None:
    case = cases_in(apart / "samples", 1, "ann")[0]
    begun = run("amend", case, "--sample", "pilot-1", "--as", "ann", "--reason", "A letter was found.", "--script", "-",
                typed=json.dumps({"case": case, "question": "q1", "mark": "partly_met", "reason": "late"}) + "\n"
                + json.dumps({"case": case, "do": "sign_off"}) + "\n", folder=apart)
    assert begun.code == 0, begun.err
    gone = cases_in(apart / "samples", 1, "ann")[1]
    assert run("withdraw", gone, "--sample", "pilot", "--reason", "sealed", "--as", "chair", folder=apart).code == 0
    care = next(one["says"] for one in told(run, apart)["headlines"] if one["about"] == "Before you rely on it")
    assert "Changed after sign-off: " in care and "Withdrawn: 1 case, 2 assessments of them after sign-off" in care


def test_no_reviewer_is_told_which_form_is_which_by_marking(run: Run, workspace: Path) -> None:
    designed(run, workspace, "--runs", "0")
    who = REVIEWERS[0]
    first = order_of(workspace / "samples", who)[0]
    ran = marked(run, workspace, who, cases_in(workspace / "samples", first, who))
    assert not [secret for secret in SECRETS if secret in ran.out + ran.err]
