"""Nobody sees what others gave a case by one form of a trial while they are still to mark it by the other."""

import json
from pathlib import Path

import pytest

from tests.casework import Run
from tests.trialled import REVIEWERS, arm_of, cases_in, designed, lines_for, marked, order_of, scripted

SECRET = "Zanzibar"


@pytest.fixture
def case(run: Run, workspace: Path) -> tuple[str, int]:
    """A case that Ann is still to mark, and the arm in which two others have marked it, each mark with a secret."""
    designed(run, workspace, cases=8)
    samples = workspace / "samples"
    arm = order_of(samples, "ann")[0]
    case = cases_in(samples, arm, "ann")[0]
    for who in REVIEWERS[1:]:
        mine = [one for each in order_of(samples, who) for one in cases_in(samples, each, who)]
        secret = [{"case": case, "urgent": f"{SECRET} waits"},
                  {"case": case, "question": "trial_hardest", "mark": f"{SECRET} was hard"}]
        lines = [{key: f"{SECRET} of {who}" if key == "reason" else value for key, value in line.items()}
                 for one in mine for line in (*(secret if one == case else ()), *lines_for([one], level="partly_met"))]
        ran, answers = scripted(run, workspace, who, *lines)
        assert ran.code == 0 and answers[-1]["saved"], (who, answers)
    others = {one.reviewer for one in arm_of(samples, 3 - arm).sample.assignments if one.case_id == case}
    assert len(others) == 2 and "ann" not in others
    return case, 3 - arm


def looked_at(run: Run, root: Path, case: str, arm: int) -> dict[str, str]:
    """What Ann gets to see of that sample and that case."""
    name = f"pilot-{arm}"
    commands = (("status",), ("status", "--json"), ("moderate", "--sample", name),
                ("moderate", "--sample", name, "--json"),
                ("moderate", case, "--sample", name), ("moderate", case, "--sample", name, "--reference"),
                ("feedback", case, "--sample", name), ("feedback", case, "--sample", name, "--json"),
                ("assess", "--plain"), ("assess", "--sample", "pilot", case, "--plain"))
    found = {}
    for words in commands:
        ran = run(*words, "--as", "ann", typed="l\nd\na\nq\n", folder=root)
        found[" ".join(words)] = ran.out + ran.err
    return found


def test_until_she_has_signed_it_nothing_of_the_other_form_is_shown(
    run: Run, workspace: Path, case: tuple[str, int]
) -> None:
    seen = looked_at(run, workspace, *case)
    assert not [words for words, text in seen.items() if SECRET in text]
    refused = run("moderate", case[0], "--sample", f"pilot-{case[1]}", "--as", "ann", folder=workspace)
    assert refused.code == 4, refused
    listed = json.loads(run("moderate", "--sample", f"pilot-{case[1]}", "--json", "--as", "ann",
                            folder=workspace).out)
    assert case[0] not in json.dumps(listed)


def test_once_she_has_signed_it_the_other_form_is_open_to_her(
    run: Run, workspace: Path, case: tuple[str, int]
) -> None:
    marked(run, workspace, "ann", [case[0]])
    seen = looked_at(run, workspace, *case)
    assert [words for words, text in seen.items() if SECRET in text], "the sweep above would have found it"
