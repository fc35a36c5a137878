"""No change of a leader's gives a case of a trial to somebody who marks it by the other form."""

import json
from pathlib import Path

import pytest

from tests.casework import Run
from tests.trialled import REVIEWERS, arm_of, cases_in, designed, lines_for, marked, order_of, scripted

LEAD = ("--reason", "They are away.", "--as", "t-leader")


@pytest.fixture
def root(run: Run, workspace: Path) -> Path:
    designed(run, workspace)
    return workspace


def markers(root: Path, arm: int, case: str) -> list[str]:
    return [one.reviewer for one in arm_of(root / "samples", arm).sample.assignments if one.case_id == case]


def a_case(root: Path) -> str:
    """A case that everybody may mark, as far as handlers go."""
    return next(case.case_id for case in arm_of(root / "samples", 1).sample.cases
                if case.main and not case.barred and markers(root, 1, case.case_id))


def changes(root: Path) -> list[Path]:
    return list((root / "samples").glob("pilot-*/changes/*.jsonl"))


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_case_is_not_handed_on_to_who_marks_it_by_the_other_form(run: Run, root: Path, turn: str) -> None:
    case = a_case(root)
    taker = markers(root, 2, case)[0]
    ran = run("assign", case, "--turn", turn, "--to", taker, "--sample", "pilot-1", *LEAD, folder=root)
    assert ran.code == 4 and "S082" in ran.err and f"{taker} marks it by the trial's other form" in ran.err
    assert not changes(root)


def test_it_is_handed_on_to_who_marks_it_by_neither(run: Run, root: Path) -> None:
    case = a_case(root)
    free = next(name for name in REVIEWERS if name not in [*markers(root, 1, case), *markers(root, 2, case)])
    ran = run("assign", case, "--to", free, "--sample", "pilot-1", *LEAD, folder=root)
    assert ran.code == 0, ran.err
    ran = run("assign", case, "--to", free, "--sample", "pilot-2", *LEAD, folder=root)
    assert ran.code == 4 and "S082" in ran.err, "as the other sample stands now, not as it was drawn"


def test_whoever_has_begun_it_and_handed_it_on_has_seen_it(run: Run, root: Path) -> None:
    who = "ann"
    arm = order_of(root / "samples", who)[0]
    case = next(one for one in cases_in(root / "samples", arm, who) if not next(
        each for each in arm_of(root / "samples", arm).sample.cases if each.case_id == one).barred)
    scripted(run, root, who, *lines_for([case], sign=False))
    free = next(name for name in REVIEWERS if name not in [*markers(root, 1, case), *markers(root, 2, case)])
    turn = next(one.turn for one in arm_of(root / "samples", arm).sample.assignments
                if (one.case_id, one.reviewer) == (case, who))
    assert run("assign", case, "--turn", turn, "--to", free, "--sample", f"pilot-{arm}", *LEAD, folder=root).code == 0
    ran = run("assign", case, "--to", who, "--sample", f"pilot-{3 - arm}", *LEAD, folder=root)
    assert ran.code == 4 and f"{who} has marked it by the trial's other form" in ran.err


def test_everything_of_one_person_is_handed_on_only_where_none_of_it_is_the_takers(run: Run, root: Path) -> None:
    giver = markers(root, 1, a_case(root))[0]
    mine = cases_in(root / "samples", 1, giver)
    taker = next(name for name in REVIEWERS if name != giver and set(cases_in(root / "samples", 2, name)) & set(mine))
    ran = run("assign", "--all-of", giver, "--to", taker, "--sample", "pilot-1", *LEAD, folder=root)
    assert ran.code == 4 and "S082" in ran.err
    for case in set(cases_in(root / "samples", 2, taker)) & set(mine):
        assert f"Case '{case}' cannot be marked by {taker}" in ran.err
    assert not changes(root)


def test_a_second_look_is_not_asked_of_who_marks_it_by_the_other_form(run: Run, root: Path) -> None:
    case = a_case(root)
    taker = markers(root, 2, case)[0]
    for turn in (("triggered", "--trigger", "urgent"), ("calibration",)):
        ran = run("assign", case, "--turn", *turn, "--to", taker, "--sample", "pilot-1", *LEAD, folder=root)
        assert ran.code == 4 and "S082" in ran.err, ran.err
    ran = run("assign", case, "--turn", "calibration", "--everyone", "--sample", "pilot-1", *LEAD, "--json",
              folder=root)
    assert ran.code == 0, ran.err
    given = {one["to"] for one in json.loads(ran.out)["cases"]}
    assert given and not given & {*markers(root, 1, case), *markers(root, 2, case)}


def test_a_dip_sample_is_not_drawn_for_who_marks_its_cases_by_the_other_form(run: Run, root: Path) -> None:
    for who in REVIEWERS:
        marked(run, root, who, [case for arm in order_of(root / "samples", who)
                                for case in cases_in(root / "samples", arm, who)])
    firsts = {one.case_id for one in arm_of(root / "samples", 1).sample.assignments if one.turn == "first"}
    taker = next(name for name in REVIEWERS if set(cases_in(root / "samples", 2, name)) & firsts)
    ran = run("assign", "--dip", str(len(firsts)), "--to", taker, "--seed", "1", "--sample", "pilot-1", *LEAD,
              folder=root)
    assert ran.code == 4 and "S082" in ran.err and "by the trial's other form" in ran.err, ran.err
    assert not changes(root)
    ran = run("assign", "--dip", "2", "--to", "zoe", "--seed", "1", "--sample", "pilot-1", *LEAD, folder=root)
    assert ran.code == 0, ran.err


def test_a_case_of_a_trial_is_withdrawn_and_not_replaced(run: Run, root: Path) -> None:
    ran = run("replace", a_case(root), "--reason", "duplicate", "--sample", "pilot-1", "--as", "t-leader", folder=root)
    assert ran.code == 4 and "cqa withdraw" in ran.err and not changes(root)


def test_by_the_trials_name_a_case_is_withdrawn_from_both_samples(run: Run, root: Path) -> None:
    case = a_case(root)
    ran = run("withdraw", case, "--sample", "pilot", "--json", *LEAD, folder=root)
    assert ran.code == 0, ran.err
    assert [one["sample"] for one in json.loads(ran.out)["samples"]] == ["pilot-1", "pilot-2"]
    assert "still in" not in ran.err
    again = run("withdraw", case, *LEAD, folder=root)
    assert again.code == 4 and "S029" in again.err
    for who in markers(root, 1, case):
        assert case not in run("assess", "--as", who, "--plain", typed="a\nq\n", folder=root).out.partition("Mark:")[2]


def test_withdrawn_from_one_sample_it_is_told_that_the_other_still_has_it(run: Run, root: Path) -> None:
    case = a_case(root)
    ran = run("withdraw", case, "--sample", "pilot-2", *LEAD, folder=root)
    assert ran.code == 0 and f"Case '{case}' is still in pilot-1" in ran.err
    ran = run("withdraw", case, "--sample", "pilot", *LEAD, folder=root)
    assert ran.code == 0 and "still in" not in ran.err and "withdrawn from pilot-1" in ran.out


def test_of_different_cases_the_sample_that_has_it_is_found(run: Run, workspace: Path) -> None:
    designed(run, workspace, "--design", "parallel")
    case = next(one.case_id for one in arm_of(workspace / "samples", 2).sample.cases if one.main)
    ran = run("withdraw", case, "--sample", "pilot", *LEAD, folder=workspace)
    assert ran.code == 0 and "withdrawn from pilot-2" in ran.out and "still in" not in ran.err
