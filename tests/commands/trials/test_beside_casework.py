"""What is marked in a trial is no casework done: no plan, no report of all, no feedback and no history counts it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.casework import Clock, Run
from tests.trialled import REVIEWERS, arm_of, designed, lines_for, marked, marked_by_all, order_of, scripted


@pytest.fixture
def root(run: Run, workspace: Path) -> Path:
    designed(run, workspace, cases=8)
    (workspace / "cqa.yaml").write_text("plan: {per: handler, cases: 2, period: year, second: 1}\n", encoding="utf-8",
                                        newline="\n")
    return workspace


def drawn(run: Run, root: Path) -> list[str]:
    """An ordinary sample beside the trial, of which Ann has signed off everything."""
    ran = run("draw", "export.csv", "--sample", "march", "--id", "case_id", "--take", "3", "--rubric", "small.yaml",
              "--reviewers", "ann", "--second", "0", "--handled-by", "handler", "--json", folder=root)
    assert ran.code == 0, ran.err
    cases = [case["case_id"] for case in json.loads(ran.out)["cases"] if case["reviewer"] == "ann"
             and case["role"] == "main"]
    marked(run, root, "ann", cases, sample="march")
    return cases


def test_the_report_of_everything_leaves_trials_out_and_names_what_reports_them(run: Run, root: Path) -> None:
    cases = drawn(run, root)
    marked_by_all(run, root)
    ran = run("report", "--json", folder=root)
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert told["samples"] == ["march"] and told["coverage"]["assessed"] == len(cases)
    assert "S085 The two samples of trial 'pilot' are left out. cqa trial report pilot compares its forms." in ran.err
    assert not list((root / "samples").glob("pilot-*/books/*"))


def test_a_sample_of_a_trial_that_is_named_is_reported(run: Run, root: Path) -> None:
    marked_by_all(run, root)
    for names in (("pilot-1",), ("pilot-1", "pilot-2")):
        ran = run("report", *names, "--json", folder=root)
        assert ran.code == 0 and json.loads(ran.out)["samples"] == list(names) and "left out" not in ran.err
    rubric = arm_of(root / "samples", 1).sample.plan.rubric
    assert rubric and json.loads(run("report", "pilot-1", "--json", folder=root).out)["rubrics"] == [
        {"id": rubric.id, "version": rubric.version, "sha256": rubric.sha256}]
    ran = run("report", "pilot", folder=root)
    assert ran.code == 2 and "cqa trial report pilot" in ran.err


def test_where_there_are_trials_alone_the_report_does_not_say_that_there_is_nothing(run: Run, root: Path) -> None:
    ran = run("report", folder=root)
    assert ran.code == 0 and "cqa trial report pilot" in ran.err and "There are no samples" not in ran.err


def test_the_plan_counts_nothing_of_a_trial(run: Run, root: Path) -> None:
    marked_by_all(run, root)
    assert json.loads(run("status", "--json", folder=root).out)["plan"] == []
    cases = drawn(run, root)
    plan = json.loads(run("status", "--json", folder=root).out)["plan"]
    assert cases and sum(row["done"] for row in plan) == len(cases) and not any(row["second_done"] for row in plan)


def test_the_status_shows_both_samples_and_asks_for_no_feedback_and_no_moderation(run: Run, root: Path) -> None:
    for place, who in enumerate(REVIEWERS):
        for arm in order_of(root / "samples", who):
            level = ("fully_met", "partly_met", "not_met")[place % 3]
            mine = [one.case_id for one in arm_of(root / "samples", arm).sample.assignments if one.reviewer == who]
            ran, _ = scripted(run, root, who, *lines_for(mine, level=level))
            assert ran.code == 0
    told = json.loads(run("status", "--json", folder=root).out)
    assert {row["sample"] for row in told["rows"]} == {"pilot-1", "pilot-2"}
    assert sum(row["signed"] + row["second_marked"] for row in told["rows"]) == 32
    assert not any(row["feedback_due"] for row in told["rows"])
    said = run("status", folder=root).out
    assert "Feedback to give" not in said and "To moderate" not in said
    assert "To be moderated in pilot-1" in run("moderate", "--sample", "pilot-1", "--as", "zoe", folder=root).out


def test_marks_of_a_trial_become_overdue_and_cases_that_nobody_marks_do_not(
    run: Run, workspace: Path, world: object
) -> None:
    people = "person,role,conflicts\n" + "".join(f"{name},reviewer,h1\n" for name in REVIEWERS[:3])
    (workspace / "people.csv").write_text(people, encoding="utf-8", newline="\n")
    designed(run, workspace, cases=20)
    bare = {case.case_id for case in arm_of(workspace / "samples", 1).sample.cases} - {
        one.case_id for one in arm_of(workspace / "samples", 1).sample.assignments}
    assert bare
    clock = world.now  # type: ignore[attr-defined]
    assert isinstance(clock, Clock)
    clock.time += timedelta(days=60)
    late = json.loads(run("status", "--json", folder=workspace).out)["overdue"]
    assert late and not {one["case"] for one in late} & bare and all(one["reviewer"] for one in late)


def test_the_history_of_a_handler_counts_no_case_that_was_marked_to_try_a_form(run: Run, root: Path) -> None:
    marked_by_all(run, root)
    told = json.loads(run("history", "h1", "--json", folder=root).out)
    assert told["cases"] == []
