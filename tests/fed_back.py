"""Signed-off cases of the small rubric, and `cqa feedback` on them, for tests."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.casework import Ran, Run
from tests.commands.leaders.test_replace import show
from tests.screen.test_script import assess

Case = Mapping[str, Any]
MARKS: Mapping[str, Mapping[str, str]] = {
    "q1": {"mark": "partly_met", "reason": "The reasons stop short of the second element."},
    "q2": {"mark": "fully_met"},
    "q3": {"mark": "fully_met"},
}
"""What `sign_off` gives unless told otherwise; where the case has no child, q3 is not asked, and refused."""
ALL_MET: Mapping[str, Mapping[str, str]] = {question: {"mark": "fully_met"} for question in ("q1", "q2", "q3")}
SHEET = ("--strength", "A clear theory of the case.", "--next", "Chase the schedule; h1; 2026-04-01")


def cases(run: Run, sample: Path, twice: bool = False, among: tuple[str, ...] = ("h1", "h2", "h3")) -> list[Case]:
    """Main cases marked once, or twice, whose handlers mark nothing themselves."""
    return [case for case in show(run, sample) if case["role"] == "main" and bool(case["second_reviewer"]) == twice
            and case["handler"] in among]


def sign_off(run: Run, sample: Path, case: Case, who: str, marks: Mapping[str, Mapping[str, str]] = MARKS) -> None:
    """Marks and signs off as one of the case's markers."""
    case_id = case["case_id"]
    answers = assess(
        run, sample, {"case": case_id, "fact": "child", "value": "N"},
        *({"case": case_id, "question": question, **mark} for question, mark in marks.items()),
        {"case": case_id, "do": "sign_off"}, who=who)[1]
    assert answers[-1]["saved"] is True, answers


def signed(run: Run, sample: Path, twice: bool = False) -> Case:
    """A case that everyone who marks it has signed off."""
    case = cases(run, sample, twice)[0]
    for who in (case["reviewer"], case["second_reviewer"]):
        if who:
            sign_off(run, sample, case, str(who))
    return case


def feedback(run: Run, sample: Path, case: Case, *options: str, who: str = "Lead", typed: str = "") -> Ran:
    """One `cqa feedback` on a case."""
    return run("feedback", str(case["case_id"]), "--sample", "march", "--as", who, *options, typed=typed,
               folder=sample.parent.parent)


def standing(run: Run, sample: Path, case: Case, who: str = "Lead") -> dict[str, Any]:
    """Where the feedback on a case stands."""
    ran = feedback(run, sample, case, "--json", who=who)
    assert ran.code == 0, ran.err
    told: dict[str, Any] = json.loads(ran.out)
    return told


def sheet_of(sample: Path, case: Case, ending: str = "xlsx") -> Path:
    """Where the case's sheet lies."""
    return sample / "books" / f"feedback-{str(case['ticket'])[:12]}.{ending}"
