"""An approved version never changes: its bytes are kept, and check, draw and plan say where a file parts from them."""

import json
from pathlib import Path

import pytest

from tests.casework import DRAW, RUBRIC, Run

LEVELS = "levels: {fully_met: All, partly_met: Some, not_met: None of it}"
LIVE = (RUBRIC.replace("status: trial", "status: live").replace("ask: Was it right", f"{LEVELS}, ask: Was it right")
        .replace("ask: Was it reasoned", f"{LEVELS}, ask: Was it reasoned")
        .replace("ask: Was the child heard", f"{LEVELS}, ask: Was the child heard"))
APPROVE = ("rubric", "approve", "small.yaml", "--as", "t-leader")


def write(folder: Path, text: str) -> None:
    (folder / "small.yaml").write_text(text, encoding="utf-8", newline="\n")


@pytest.fixture
def live(workspace: Path) -> Path:
    write(workspace, LIVE)
    return workspace


@pytest.fixture
def approved(run: Run, live: Path) -> Path:
    ran = run(*APPROVE, folder=live)
    assert ran.code == 0, ran.err
    return live


def found_by_check(run: Run, folder: Path) -> list[tuple[str, str]]:
    told = json.loads(run("rubric", "check", "small.yaml", "--json", folder=folder).out)
    return [(problem["code"], problem["severity"]) for problem in told["problems"]
            if problem["code"] in ("R061", "R062", "R066")]


def test_an_approval_keeps_the_bytes_and_says_who_when_and_on_what_grounds(run: Run, approved: Path) -> None:
    folder = approved / "approvals"
    assert (folder / "small-1.0.yaml").read_bytes() == (approved / "small.yaml").read_bytes()
    record = (folder / "small-1.0.approval.yaml").read_text(encoding="utf-8")
    for part in ('person: "t-leader"', 'account: "tester"', 'at: "2026-03-02T09:', 'errors: "0"', 'cases: "1000"'):
        assert part in record
    assert found_by_check(run, approved) == []


def test_a_second_person_is_added_and_the_same_one_is_not(run: Run, approved: Path) -> None:
    record = approved / "approvals" / "small-1.0.approval.yaml"
    before = record.read_bytes()
    again = run(*APPROVE, folder=approved)
    assert again.code == 0 and "approved already" in again.out and record.read_bytes() == before
    assert run("rubric", "approve", "small.yaml", "--as", "b-chair", folder=approved).code == 0
    assert record.read_text(encoding="utf-8").count("person:") == 2


def test_only_a_live_rubric_without_errors_is_approved(run: Run, workspace: Path) -> None:
    trial = run(*APPROVE, folder=workspace)
    assert trial.code == 4 and "R065" in trial.err
    write(workspace, LIVE.replace("title: Small\n", ""))
    assert run(*APPROVE, folder=workspace).code == 3
    write(workspace, LIVE)
    assert run("rubric", "approve", "small.yaml", folder=workspace).code == 2
    assert not (workspace / "approvals").exists()


def test_a_golden_case_that_fails_stops_the_approval(run: Run, live: Path) -> None:
    (live / "golden").mkdir()
    (live / "golden" / "small.yaml").write_text(
        "format: cqa-golden/1\ncases:\n  - case: all\n    facts: {child: 'no'}\n    rest: fully_met\n"
        "    expect: {band: Poor}\n", encoding="utf-8")
    ran = run(*APPROVE, folder=live)
    assert ran.code == 1 and "R063" in ran.err and not (live / "approvals").exists()


def test_a_version_that_was_approved_with_other_bytes_is_refused(run: Run, approved: Path) -> None:
    write(approved, LIVE.replace("title: Small", "title: Smaller"))
    ran = run("rubric", "approve", "small.yaml", "--as", "b-chair", folder=approved)
    assert ran.code == 4 and "R065" in ran.err and "t-leader" in ran.err
    assert (approved / "approvals" / "small-1.0.yaml").read_text(encoding="utf-8") == LIVE


@pytest.mark.parametrize(("old", "new", "severity"), [
    ("score_at_least: 70", "score_at_least: 75", "error"),
    ("format:", "# a comment\nformat:", "error"),
    ("status: live", "status: trial", "warning"),
])
def test_check_says_that_an_approved_version_was_changed(
    run: Run, approved: Path, old: str, new: str, severity: str
) -> None:
    write(approved, LIVE.replace(old, new))
    assert found_by_check(run, approved) == [("R061", severity)]
    assert run("rubric", "check", "small.yaml", folder=approved).code == (1 if severity == "error" else 0)


def test_a_rubric_that_is_taken_out_of_use_needs_no_new_version(run: Run, approved: Path) -> None:
    write(approved, LIVE.replace("status: live", "status: retired"))
    assert found_by_check(run, approved) == []
    write(approved, LIVE.replace("status: live", "status: retired").replace("points: 1,", "points: 1.5,"))
    assert found_by_check(run, approved) == [("R061", "warning")]


@pytest.mark.parametrize(("version", "old", "new", "codes"), [
    ("1.1", "score_at_least: 70", "score_at_least: 75", [("R062", "warning")]),
    ("2.0", "score_at_least: 70", "score_at_least: 75", []),
    ("1.0.1", "partly_met: Some", "partly_met: Half", [("R062", "warning")]),
    ("1.1", "partly_met: Some", "partly_met: Half", []),
    ("1.0.1", "ask: Was it right", "ask: Was it quite right", []),
])
def test_check_says_when_a_step_is_smaller_than_its_changes(
    run: Run, approved: Path, version: str, old: str, new: str, codes: list[tuple[str, str]]
) -> None:
    write(approved, LIVE.replace('version: "1.0"', f'version: "{version}"').replace(old, new))
    assert found_by_check(run, approved) == codes


def test_the_step_is_taken_from_the_nearest_version_below(run: Run, approved: Path) -> None:
    second = LIVE.replace('version: "1.0"', 'version: "2.0"').replace("score_at_least: 70", "score_at_least: 75")
    write(approved, second)
    assert run(*APPROVE, folder=approved).code == 0
    write(approved, second.replace('"2.0"', '"2.0.1"').replace("title: Victims", "title: People"))
    assert found_by_check(run, approved) == []


def test_a_draw_with_a_live_rubric_warns_unless_it_is_as_it_was_approved(run: Run, live: Path) -> None:
    def drawn(name: str) -> str:
        ran = run(*(name if word == "march" else word for word in DRAW), folder=live)
        assert ran.code == 0, ran.err
        return "never approved" if "never approved" in ran.err else "not as" if "R064" in ran.err else "quiet"

    assert drawn("one") == "never approved"
    assert run(*APPROVE, folder=live).code == 0
    assert drawn("two") == "quiet"
    write(live, LIVE.replace("title: Small", "title: Smaller"))
    assert drawn("three") == "not as"
    planned = run("plan", "export.csv", "--sample", "four", "--id", "case_id", "--take", "4", "--rubric", "small.yaml",
                  "--reviewers", "ann,bob", folder=live)
    assert planned.code == 0 and "R064" in planned.err


def test_a_record_or_copy_that_was_changed_is_found(run: Run, approved: Path) -> None:
    copy = approved / "approvals" / "small-1.0.yaml"
    copy.write_text(LIVE.replace("title: Small", "title: Smaller"), encoding="utf-8", newline="\n")
    assert found_by_check(run, approved) == [("R066", "error")]
    assert run(*APPROVE, folder=approved).code == 7
    copy.unlink()
    assert found_by_check(run, approved) == [("R066", "error")]
    copy.write_text(LIVE, encoding="utf-8", newline="\n")
    (approved / "approvals" / "small-1.0.approval.yaml").write_text("format: x\n", encoding="utf-8")
    assert ("R066", "error") in found_by_check(run, approved)


def test_a_rubric_whose_id_begins_alike_is_another(run: Run, approved: Path) -> None:
    (approved / "other.yaml").write_text(LIVE.replace("id: small", "id: small-er"), encoding="utf-8", newline="\n")
    assert run("rubric", "approve", "other.yaml", "--as", "t-leader", folder=approved).code == 0
    (approved / "approvals" / "small-er-1.0.yaml").write_text("x: 1\n", encoding="utf-8")
    assert found_by_check(run, approved) == []


def test_marks_of_a_sample_read_the_same_after_the_rubric_of_the_workspace_was_changed(
    run: Run, workspace: Path
) -> None:
    assert run(*DRAW, folder=workspace).code == 0
    cases = json.loads(run("show", "march", "--json", folder=workspace).out)["cases"]
    case = next(one["case_id"] for one in cases if one["reviewer"] == "ann" and one["role"] == "main")
    lines = "".join(json.dumps(line) + "\n" for line in (
        {"case": case, "fact": "child", "value": "yes"}, {"case": case, "question": "q1", "mark": "fully_met"},
        {"case": case, "question": "q2", "mark": "partly_met", "reason": "One part is missing."},
        {"case": case, "question": "q3", "mark": "fully_met"}, {"case": case, "do": "sign_off"}))
    marked = run("assess", "--sample", "march", "--as", "ann", "--script", "-", typed=lines, folder=workspace)
    assert '"saved": true' in marked.out.splitlines()[-1] or '"saved":true' in marked.out.splitlines()[-1], marked.out
    shown = ("export", "march", "--json"), ("report", "march", "--no-books", "--json"), ("verify", "march", "--json")
    before = [run(*command, folder=workspace).out for command in shown]
    write(workspace, RUBRIC.replace("points: 1,", "points: 0.5,").replace("id: q2,", "id: q2x,").replace(
        "{q1: [fully_met, partly_met]}", "{q1: [not_met]}"))
    assert [run(*command, folder=workspace).out for command in shown] == before
