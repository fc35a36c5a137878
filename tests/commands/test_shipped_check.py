"""The shipped rubrics, and the one a working group begins with, pass the check at its strictest."""

import json
from pathlib import Path

import pytest

from cqa.files.shipped import shipped
from tests.casework import Run

NAMES = sorted(path.name for path in shipped("rubrics").glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_rubric_passes_the_strict_check_and_gives_reasons_for_what_it_lets_stand(
    run: Run, workspace: Path, name: str
) -> None:
    ran = run("rubric", "check", f"rubrics/{name}", "--strict", "--json", folder=workspace)
    told = json.loads(ran.out)
    assert ran.code == 0 and told["ok"], told["problems"]
    assert {problem["code"] for problem in told["problems"]} <= {"R030"}


def test_a_new_rubric_passes_it_with_nothing_to_let_stand(run: Run, workspace: Path) -> None:
    assert run("rubric", "new", "n.yaml", "--id", "n", "--title", "Fraud casework", folder=workspace).code == 0
    ran = run("rubric", "check", "n.yaml", "--strict", "--json", folder=workspace)
    assert ran.code == 0 and json.loads(ran.out) == {"ok": True, "problems": []}
