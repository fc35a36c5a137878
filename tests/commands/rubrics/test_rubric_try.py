"""`cqa rubric try`: invented cases, and golden cases that must keep passing."""

import json
from pathlib import Path

import pytest

from tests.casework import RUBRIC, Run
from tests.practised import put_practice

GOLDEN = """\
format: cqa-golden/1
cases:
  - case: all well
    facts: {child: "yes"}
    rest: fully_met
    expect: {band: Fine, score: "100", asked: [q1, q2, q3], questions: 3, critical_failed: [], broken: []}
  - case: two of three points
    facts: {child: "no"}
    marks: {q1: fully_met, q2: partly_met}
    expect: {band: Fine, score: "75.0"}
  - case: the critical one failed
    facts: {child: "no"}
    marks: {q1: not_met}
    expect: {band: Fail, critical_failed: [q1], asked: [q1]}
  - case: nothing to score
    facts: {child: "no"}
    rest: cannot_tell
    expect: {score: none}
  - case: a rule is broken
    facts: {child: "yes"}
    marks: {q1: not_met, q3: fully_met}
    expect: {broken: [r1]}
"""


@pytest.fixture
def golden(workspace: Path) -> Path:
    (workspace / "golden").mkdir()
    (workspace / "golden" / "small.yaml").write_text(GOLDEN, encoding="utf-8", newline="\n")
    return workspace


def test_golden_cases_that_pass_are_counted(run: Run, golden: Path) -> None:
    ran = run("rubric", "try", "small.yaml", "--cases", "200", folder=golden)
    assert ran.code == 0 and "Golden cases: all 5 passed." in ran.out and "Assumed:" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


@pytest.mark.parametrize(("old", "new", "told"), [
    ("band: Fine, score: \"100\"", "band: Poor, score: \"100\"", "expected band Poor, and it came to Fine"),
    ('score: "75.0"', 'score: "74"', "expected score 74, and it came to 75"),
    ("asked: [q1]}", "asked: [q1, q2]}", "expected questions asked q1, q2, and it came to q1"),
    ("questions: 3", "questions: 2", "expected number of questions asked 2, and it came to 3"),
    ("critical_failed: [q1]", "critical_failed: []", "expected critical questions failed none, and it came to q1"),
    ("broken: [r1]", "broken: []", "expected rules broken none, and it came to r1"),
    ("score: none", "score: \"0\"", "expected score 0, and it came to none"),
])
def test_a_golden_case_that_fails_is_exit_1_with_what_was_expected_and_what_came(
    run: Run, golden: Path, old: str, new: str, told: str
) -> None:
    assert GOLDEN.count(old) == 1
    (golden / "golden" / "small.yaml").write_text(GOLDEN.replace(old, new), encoding="utf-8", newline="\n")
    ran = run("rubric", "try", "small.yaml", "--cases", "20", folder=golden)
    assert ran.code == 1 and told in ran.err and "R063" in ran.err and "4 passed, 1 failed" in ran.out
    assert "small.yaml:" in ran.err


def test_a_changed_rubric_fails_its_golden_cases(run: Run, golden: Path) -> None:
    (golden / "small.yaml").write_text(RUBRIC.replace("score_at_least: 70", "score_at_least: 80"), encoding="utf-8",
                                       newline="\n")
    told = json.loads(run("rubric", "try", "small.yaml", "--cases", "20", "--json", folder=golden).out)
    assert told["golden"]["passed"] == 4 and "two of three" in told["golden"]["failed"][0]["message"]


@pytest.mark.parametrize(("old", "new", "code"), [
    ("expect: {score: none}", "expects: {score: none}", "R007"), ("{q1: not_met}", "{q9: not_met}", "R011"),
    ("{q1: not_met}", "{q1: bad}", "R013"), ("{child: \"no\"}", "{kid: \"no\"}", "R011"),
    ("band: Fail", "band: Fails", "R011"), ("asked: [q1]", "asked: [q8]", "R011"),
    ("rest: cannot_tell", "rest: x", "R013"), ("score: none", "score: many", "R009"),
    ("cqa-golden/1", "cqa-golden/2", "R009"), ("questions: 3", "questions: x", "R009"),
])
def test_golden_cases_that_cannot_be_meant_are_bad_input(
    run: Run, golden: Path, old: str, new: str, code: str
) -> None:
    (golden / "golden" / "small.yaml").write_text(GOLDEN.replace(old, new), encoding="utf-8", newline="\n")
    ran = run("rubric", "try", "small.yaml", "--cases", "20", folder=golden)
    assert ran.code == 3 and code in ran.err


def test_json_is_one_object_and_without_golden_cases_it_says_so(run: Run, workspace: Path) -> None:
    told = json.loads(run("rubric", "try", "small.yaml", "--cases", "150", "--seed", "x", "--json",
                          folder=workspace).out)
    assert told["cases"] == 150 and sum(told["bands"].values()) == 150 and told["golden"] == {"passed": 0, "failed": []}
    assert told["moves_band"] == ["q1", "q2", "q3"] and told["questions"]["most"] == 3
    assert "No golden cases" in run("rubric", "try", "small.yaml", "--cases", "20", folder=workspace).out


def test_practice_cases_are_held_to_the_rubric_too(run: Run, workspace: Path) -> None:
    put_practice(workspace)
    ran = run("rubric", "try", "small.yaml", "--cases", "20", folder=workspace)
    assert ran.code == 0 and "Practice cases: 1, they fit the rubric." in ran.out
    (workspace / "small.yaml").write_text(RUBRIC.replace("q1: [fully_met, partly_met]}", "q1: [partly_met]}"),
                                          encoding="utf-8", newline="\n")
    changed = run("rubric", "try", "small.yaml", "--cases", "20", folder=workspace)
    assert changed.code == 1 and "R071 'q2' is not asked in case 'note'" in changed.err
    assert "Practice cases: 1, 1 problem, told above." in changed.out
    told = json.loads(run("rubric", "try", "small.yaml", "--cases", "20", "--json", folder=workspace).out)
    assert told["practice"]["cases"] == 1 and told["practice"]["problems"][0]["code"] == "R071"


@pytest.mark.parametrize("name", ["prosecution", "prosecution-short"])
def test_the_golden_cases_of_the_shipped_rubrics_pass(run: Run, workspace: Path, name: str) -> None:
    ran = run("rubric", "try", f"rubrics/{name}.yaml", "--cases", "50", folder=workspace)
    assert ran.code == 0 and "all " in ran.out
