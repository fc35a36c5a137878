"""`cqa plan`, then `cqa draw`: what is committed to before the seed, what a draw keeps to, and how cases are spread."""

import csv
import hashlib
import json
import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from cqa.files import sample_writing
from cqa.sampling.ticket import ticket
from tests.casework import DRAW, SEED, Run, case_rows, csv_text, reseal

PLAN = ("plan", *(part for part in DRAW[1:] if part not in ("--seed", SEED)))


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file()}


def shown(run: Run, workspace: Path, name: str) -> dict[str, Any]:
    told = json.loads(run("show", name, "--json", folder=workspace).out)
    assert isinstance(told, dict)
    return told


@pytest.fixture
def planned(run: Run, workspace: Path) -> Path:
    """A sample called march that is planned and not drawn."""
    ran = run(*PLAN, folder=workspace)
    assert ran.code == 0, ran.err
    return workspace / "samples" / "march"


def draw_planned(run: Run, planned: Path, *more: str) -> tuple[int, str, str]:
    ran = run("draw", *more, "--sample", "march", "--seed", SEED, folder=planned.parent.parent)
    return ran.code, ran.out, ran.err


def test_a_plan_is_a_file_and_its_rubric_and_nothing_else(run: Run, workspace: Path) -> None:
    before = files(workspace)
    assert run(*PLAN, folder=workspace).code == 0
    assert files(workspace).keys() - before.keys() == {"samples/march/plan.yaml",
                                                       "samples/march/rubrics/small-1.0.yaml"}
    assert {name: data for name, data in files(workspace).items() if name in before} == before
    assert (workspace / "samples" / "march" / "rubrics" / "small-1.0.yaml").read_bytes() == (
        workspace / "small.yaml").read_bytes()


def test_the_commitment_is_what_sha256sum_prints_for_the_plan(run: Run, workspace: Path) -> None:
    ran = run(*PLAN, folder=workspace)
    commitment = hashlib.sha256((workspace / "samples" / "march" / "plan.yaml").read_bytes()).hexdigest()
    assert commitment in ran.out
    told = json.loads(run(*("april" if part == "march" else part for part in PLAN), "--json", folder=workspace).out)
    plan = workspace / "samples" / "april" / "plan.yaml"
    assert told["commitment"] == hashlib.sha256(plan.read_bytes()).hexdigest()


def test_no_seed_and_no_ticket_is_in_a_plan(planned: Path) -> None:
    text = (planned / "plan.yaml").read_text(encoding="utf-8")
    assert "seed" not in text and ticket(SEED, "00000") not in text and "00000" not in text


def test_a_planned_draw_is_the_one_step_draw(run: Run, planned: Path) -> None:
    workspace = planned.parent.parent
    plan = (planned / "plan.yaml").read_bytes()
    assert draw_planned(run, planned)[0] == 0
    assert run(*("once" if part == "march" else part for part in DRAW), folder=workspace).code == 0
    assert {**shown(run, workspace, "once"), "sample": "march"} == shown(run, workspace, "march")
    once = workspace / "samples" / "once"
    for name in ("cases.csv", "assignments.csv", "frame.csv", "rubrics/small-1.0.yaml"):
        assert (planned / name).read_bytes() == (once / name).read_bytes()
    assert (planned / "plan.yaml").read_bytes() == plan
    assert files(planned).keys() == files(once).keys() and (planned / "marks").is_dir()
    assert hashlib.sha256(plan).hexdigest() in (planned / "sample.yaml").read_text(encoding="utf-8")


def test_a_planned_sample_is_drawn_from_anywhere_in_the_workspace(run: Run, planned: Path) -> None:
    assert run("draw", "--sample", "MARCH", "--seed", SEED, folder=planned.parent).code == 0


def test_where_the_seed_came_from_is_recorded(run: Run, planned: Path) -> None:
    assert draw_planned(run, planned, "--seed-source", "dice before two people")[0] == 0
    assert "dice before two people" in (planned / "sample.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("options", [
    ("--take", "5"), ("--by", "handler"), ("--id", "unit"), ("--where", "unit=Unit 1"), ("--reviewers", "ann"),
    ("--second", "0"), ("--reserves", "0"), ("--keep", "secret"), ("--collapse", "same"), ("--rubric", "small.yaml"),
    ("--weight", "case_id"), ("--encoding", "utf-8"), ("--dates", "dd/mm/yyyy"), ("--total", "3"), ("--refill",),
    ("--assessed-within", "3"), ("--handled-by", "unit"), ("--per", "handler"), ("--least", "1")])
def test_a_plan_is_fixed_whatever_else_is_given(run: Run, planned: Path, options: tuple[str, ...]) -> None:
    before = files(planned)
    code, _, err = draw_planned(run, planned, *options)
    assert (code, "S020" in err) == (2, True) and files(planned) == before


CHANGED: dict[str, Callable[[list[list[str]]], list[list[str]]]] = {
    "a row more": lambda rows: [*rows, ["99999", "Unit 1", "h1", "N", ""]],
    "a row less": lambda rows: rows[:-1],
    "another id": lambda rows: [*rows[:-1], ["99999", *rows[-1][1:]]],
}


@pytest.mark.parametrize("how", CHANGED)
def test_a_changed_export_is_refused_and_the_plan_stays(run: Run, planned: Path, how: str) -> None:
    (planned.parent.parent / "export.csv").write_text(csv_text(CHANGED[how](case_rows(60))), encoding="utf-8")
    before = files(planned)
    code, _, err = draw_planned(run, planned)
    assert (code, "S021" in err) == (7, True) and files(planned) == before


REWRITTEN: dict[str, Callable[[list[list[str]]], bytes]] = {
    "shuffled": lambda rows: csv_text([rows[0], *random.Random(3).sample(rows[1:], len(rows) - 1)]).encode(),
    "utf-16 with tabs": lambda rows: csv_text(rows).replace(",", "\t").encode("utf-16"),
    "semicolons": lambda rows: csv_text(rows).replace(",", ";").replace("\n", "\r\n").encode("utf-8-sig"),
    "other order of columns": lambda rows: csv_text([row[::-1] for row in rows]).encode(),
}


@pytest.mark.parametrize("how", REWRITTEN)
@pytest.mark.parametrize("named", [True, False])
def test_a_re_export_draws_the_same_cases_and_verifies(run: Run, planned: Path, how: str, named: bool) -> None:
    workspace = planned.parent.parent
    assert run(*("once" if part == "march" else part for part in DRAW), folder=workspace).code == 0
    name = "again.csv" if named else "export.csv"
    (workspace / name).write_bytes(REWRITTEN[how](case_rows(60)))
    assert draw_planned(run, planned, *((name,) if named else ()))[0] == 0
    assert shown(run, workspace, "march")["cases"] == shown(run, workspace, "once")["cases"]
    verified = json.loads(run("verify", "march", "--export", name, "--json", folder=workspace).out)
    assert verified["ok"] and {problem["code"] for problem in verified["problems"]} == {"S007"}


def test_planning_twice_is_refused_ignoring_case(run: Run, planned: Path) -> None:
    before = files(planned)
    ran = run(*("MARCH" if part == "march" else part for part in PLAN), folder=planned.parent.parent)
    assert (ran.code, "S020" in ran.err, "cqa draw --sample march" in ran.err) == (2, True, True)
    assert files(planned) == before


def test_what_is_drawn_is_neither_planned_nor_drawn_again(run: Run, planned: Path) -> None:
    assert draw_planned(run, planned)[0] == 0
    before = files(planned)
    again = run(*PLAN, folder=planned.parent.parent)
    assert (again.code, "S002" in again.err) == (2, True)
    assert (draw_planned(run, planned)[0], files(planned)) == (2, before)


@pytest.mark.parametrize("command", [("show", "march"), ("status", "march"), ("report", "march"),
                                     ("assess", "--sample", "march", "--as", "ann", "--script", "-"),
                                     ("export", "march", "--json")])
def test_whoever_asks_for_a_planned_sample_is_told_that_it_is_not_drawn(
    run: Run, planned: Path, command: tuple[str, ...]
) -> None:
    before = files(planned)
    ran = run(*command, folder=planned.parent.parent)
    assert (ran.code, "planned, not drawn" in ran.err, "cqa draw --sample march" in ran.err) == (2, True, True)
    assert files(planned) == before


@pytest.mark.parametrize("command", [("status",), ("report",)])
def test_a_planned_sample_does_not_stop_what_is_said_of_all(run: Run, planned: Path, command: tuple[str, ...]) -> None:
    assert run(*command, folder=planned.parent.parent).code == 0


def test_verify_says_that_a_plan_is_only_planned(run: Run, planned: Path) -> None:
    told = json.loads(run("verify", "--json", folder=planned.parent.parent).out)
    assert told["ok"] and told["checked"] == {"march": {"planned": True, "files": True}}
    said = run("verify", folder=planned.parent.parent).out
    assert "planned and not drawn" in said and "derived" not in said


def edit_plan(planned: Path, old: str, new: str) -> str:
    """plan.yaml with a change in it, and not written again as it was."""
    plan = planned / "plan.yaml"
    text = plan.read_text(encoding="utf-8")
    assert old in text
    plan.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
    return text


def test_a_plan_that_was_edited_is_not_drawn_and_verify_says_so(run: Run, planned: Path) -> None:
    text = edit_plan(planned, "take: 4", "take: 5")
    code, _, err = draw_planned(run, planned)
    assert (code, "S020" in err, "plan.yaml" in err) == (7, True, True)
    assert not (planned / "sample.yaml").exists()
    verified = json.loads(run("verify", "--json", folder=planned.parent.parent).out)
    assert [problem["code"] for problem in verified["problems"]] == ["S020"]
    (planned / "plan.yaml").write_text(text, encoding="utf-8", newline="\n")
    assert draw_planned(run, planned)[0] == 0


def test_a_plan_that_names_other_rules_is_not_drawn(run: Run, planned: Path) -> None:
    edit_plan(planned, "cqa-ticket/1", "cqa-ticket/2")
    reseal(planned / "plan.yaml", (planned / "plan.yaml").read_text(encoding="utf-8"))
    code, _, err = draw_planned(run, planned)
    assert (code, "S004" in err) == (7, True)


@pytest.mark.parametrize("fails_at", ["put_text", "_put_frame", "write_bytes"])
def test_a_draw_that_fails_leaves_the_plan_as_it_was_and_may_be_tried_again(
    run: Run, planned: Path, monkeypatch: pytest.MonkeyPatch, fails_at: str
) -> None:
    before = sorted(planned.rglob("*")), files(planned)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(sample_writing, fails_at, full)
        code, _, err = draw_planned(run, planned)
    assert (code, "No space left" in err) == (5, True)
    assert (sorted(planned.rglob("*")), files(planned)) == before
    assert draw_planned(run, planned)[0] == 0


def test_a_draw_that_was_cut_off_is_seen_by_verify_and_is_drawn_again(run: Run, planned: Path) -> None:
    (planned / "cases.csv").write_text("case_id\n", encoding="utf-8")
    told = json.loads(run("verify", "--json", folder=planned.parent.parent).out)
    assert not told["ok"] and "There is no sample.yaml" in told["problems"][0]["message"]
    assert draw_planned(run, planned)[0] == 0
    assert run("verify", "march", "--export", "export.csv", folder=planned.parent.parent).code == 0


def test_a_plan_that_cannot_be_written_leaves_nothing(
    run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sample_writing, "put", full)
    assert run(*PLAN, folder=workspace).code == 5 and list((workspace / "samples").iterdir()) == []


def test_a_rubric_swapped_after_planning_is_found(run: Run, planned: Path) -> None:
    rubric = planned / "rubrics" / "small-1.0.yaml"
    rubric.write_text(rubric.read_text(encoding="utf-8").replace("Was it right", "Was it quick"), encoding="utf-8")
    draw_planned(run, planned)
    told = json.loads(run("verify", "march", "--json", folder=planned.parent.parent).out)
    assert not told["ok"] and "S004" in {problem["code"] for problem in told["problems"]}


# Allocations: 60 cases in units of 30, 20, 8 and 2.
SIZES = {"A": 30, "B": 20, "C": 8, "D": 2}


def sized_rows() -> list[list[str]]:
    """Units of four sizes, two handlers in each, a score, a day of closing, and a weight."""
    rows = [["case_id", "unit", "handler", "score", "closed", "risk"]]
    for unit, size in SIZES.items():
        rows.extend([f"{unit}{number:03d}", unit, f"{unit.lower()}{number % 2}", str(number - 2),
                     f"{number % 28 + 1:02d}/03/2026", str(100 if number == 1 else 1)] for number in range(size))
    return rows


@pytest.fixture
def sized(workspace: Path) -> Path:
    """A workspace with the export of four sizes, and last round's failure rates."""
    (workspace / "sized.csv").write_text(csv_text(sized_rows()), encoding="utf-8")
    (workspace / "rates.csv").write_text("stratum,rate\nA,0.5\nB,10%\nC,0.5\n", encoding="utf-8")
    return workspace


def drawn(run: Run, workspace: Path, *options: str, name: str = "s", code: int = 0) -> dict[str, Any]:
    """A draw from the sized export in two steps, after which it is checked that one step gives the same."""
    given = ("sized.csv", "--id", "case_id", *options)
    ran = run("plan", *given, "--sample", name, "--json", folder=workspace)
    assert ran.code == code, ran.err
    plan = json.loads(ran.out)
    told = json.loads(run("draw", "--sample", name, "--seed", SEED, "--json", folder=workspace).out)
    assert [one["take"] for one in plan["strata"]] == [one["take"] for one in told["strata"]]
    once = json.loads(run("draw", *given, "--sample", f"{name}-once", "--seed", SEED, "--json", folder=workspace).out)
    assert once["cases"] == told["cases"]
    verified = json.loads(run("verify", name, "--export", "sized.csv", "--json", folder=workspace).out)
    assert verified["ok"] and verified["problems"] == []
    assert isinstance(told, dict)
    return told


def takes(told: dict[str, Any]) -> dict[str, int]:
    return {one["stratum"]: one["take"] for one in told["strata"]}


BY = ("--by", "unit")


@pytest.mark.parametrize(("options", "expected"), [
    (("--take", "5"), {"A": 5, "B": 5, "C": 5, "D": 2}),
    (("--total", "12"), {"A": 6, "B": 4, "C": 2, "D": 0}),
    (("--total", "12", "--allocation", "proportional"), {"A": 6, "B": 4, "C": 2, "D": 0}),
    (("--total", "12", "--allocation", "equal"), {"A": 3, "B": 3, "C": 3, "D": 2}),
    (("--total", "12", "--allocation", "equal", "--refill"), {"A": 4, "B": 3, "C": 3, "D": 2}),
    (("--total", "12", "--allocation", "largest-remainder"), {"A": 6, "B": 4, "C": 2, "D": 0}),
    (("--total", "12", "--allocation", "neyman", "--rates", "rates.csv"), {"A": 6, "B": 3, "C": 2, "D": 1}),
    (("--total", "12", "--least", "1"), {"A": 6, "B": 4, "C": 1, "D": 1}),
    (("--total", "12", "--least", "2", "--most", "4"), {"A": 4, "B": 4, "C": 2, "D": 2}),
    (("--take", "5", "--most", "3"), {"A": 3, "B": 3, "C": 3, "D": 2}),
    (("--take", "5", "--refill"), {"A": 6, "B": 6, "C": 6, "D": 2}),
    (("--take", "5", "--refill", "--most", "6"), {"A": 6, "B": 6, "C": 6, "D": 2}),
])
def test_every_allocation_spreads_as_it_says(
    run: Run, sized: Path, options: tuple[str, ...], expected: dict[str, int]
) -> None:
    assert takes(drawn(run, sized, *BY, *options)) == expected


def test_the_shortfall_is_said_and_is_what_was_wanted_beyond_the_take(run: Run, sized: Path) -> None:
    told = drawn(run, sized, *BY, "--take", "5")
    assert [one["shortfall"] for one in told["strata"]] == [0, 0, 0, 3]
    refilled = drawn(run, sized, *BY, "--total", "12", "--allocation", "equal", "--refill", name="refilled")
    assert sum(takes(refilled).values()) == 12


def test_a_take_is_spread_over_the_people_of_each_unit(run: Run, sized: Path) -> None:
    told = drawn(run, sized, *BY, "--take", "4", "--per", "handler", "--least", "1", "--most", "3")
    assert takes(told) == {"A / a0": 2, "A / a1": 2, "B / b0": 2, "B / b1": 2, "C / c0": 2, "C / c1": 2,
                           "D / d0": 1, "D / d1": 1}


def test_what_a_unit_lacks_is_spread_over_its_people(run: Run, sized: Path) -> None:
    told = drawn(run, sized, *BY, "--take", "7", "--per", "handler")
    assert {one["stratum"]: one["shortfall"] for one in told["strata"] if one["stratum"].startswith("D")} == {
        "D / d0": 3, "D / d1": 2}


@pytest.mark.parametrize(("options", "code", "named"), [
    (("--total", "12"), "S027", "'D'"),
    (("--total", "12", "--allocation", "largest-remainder"), "S027", "'D'"),
    (("--total", "20", "--least", "3"), "S011", "'D'"),
    (("--total", "12", "--allocation", "neyman"), "S028", "'A', 'B', 'C', 'D'"),
    (("--total", "12", "--allocation", "neyman", "--rates", "rates.csv"), "S028", "for 'D'."),
])
def test_what_nobody_would_expect_of_an_allocation_is_said(
    run: Run, sized: Path, options: tuple[str, ...], code: str, named: str
) -> None:
    for command in (("plan", "--sample", "s"), ("draw", "--sample", "t", "--seed", SEED)):
        ran = run(command[0], "sized.csv", "--id", "case_id", *BY, *options, *command[1:], folder=sized)
        assert ran.code == 0
        assert [line for line in ran.err.splitlines() if code in line and named in line], ran.err


def test_minimums_that_do_not_fit_are_refused_with_the_number_needed(run: Run, sized: Path) -> None:
    for command, seed in (("plan", ()), ("draw", ("--seed", SEED))):
        ran = run(command, "sized.csv", "--sample", "s", "--id", "case_id", *BY, "--total", "5", "--least", "2", *seed,
                  folder=sized)
        assert (ran.code, "S019" in ran.err, "8" in ran.err) == (2, True, True)
    assert list((sized / "samples").iterdir()) == []


@pytest.mark.parametrize("options", [
    ("--take", "2", "--total", "4"), (), ("--total", "4", "--allocation", "fair"), ("--total", "4", "--least", "3",
                                                                                     "--most", "2"),
    ("--take", "2", "--allocation", "neyman"), ("--take", "2", "--rates", "rates.csv"),
    ("--total", "4", "--allocation", "equal", "--rates", "rates.csv")])
def test_numbers_that_contradict_each_other_are_wrong_use(run: Run, sized: Path, options: tuple[str, ...]) -> None:
    ran = run("plan", "sized.csv", "--sample", "s", "--id", "case_id", *BY, *options, folder=sized)
    assert (ran.code, "S018" in ran.err, list((sized / "samples").iterdir())) == (2, True, [])


def test_rates_that_are_missing_or_mistyped_are_named(run: Run, sized: Path) -> None:
    asked = ("plan", "sized.csv", "--sample", "s", "--id", "case_id", *BY, "--total", "4", "--allocation", "neyman")
    assert run(*asked, "--rates", "gone.csv", folder=sized).code == 3
    (sized / "rates.csv").write_text("stratum,rate\nA,often\n", encoding="utf-8")
    ran = run(*asked, "--rates", "rates.csv", folder=sized)
    assert ran.code == 3 and "rates.csv:2 C020" in ran.err


def test_heavy_cases_are_drawn_first_and_their_weights_are_recorded(run: Run, sized: Path) -> None:
    told = drawn(run, sized, *BY, "--take", "3", "--weight", "risk")
    mains = {case["case_id"] for case in told["cases"] if case["role"] == "main"}
    assert {"A001", "B001", "C001", "D001"} <= mains
    assert all(case["ticket"] == ticket(SEED, case["case_id"]) for case in told["cases"])
    # What a case stands for: heavy ones for themselves alone.
    assert {case["weight"] for case in told["cases"] if case["case_id"] in ("A001", "B001", "C001")} == {1.0}
    assert 'ticket: "cqa-weighted/1"' in (sized / "samples" / "s" / "sample.yaml").read_text(encoding="utf-8")


def test_a_weight_that_is_no_whole_number_is_named_by_line(run: Run, sized: Path) -> None:
    rows = sized_rows()
    rows[4][5] = "1.5"
    (sized / "sized.csv").write_text(csv_text(rows), encoding="utf-8")
    ran = run("plan", "sized.csv", "--sample", "s", "--id", "case_id", "--take", "2", "--weight", "risk", folder=sized)
    assert ran.code == 3 and "sized.csv:5 C020" in ran.err


def closed_within(low: str, high: str) -> int:
    days = [row[4] for row in sized_rows()[1:]]
    return sum(low <= f"{day[6:]}-{day[3:5]}-{day[:2]}" <= high for day in days)


@pytest.mark.parametrize(("conditions", "left", "reason"), [
    (("unit=A",), 30, "not unit=A"),
    (("unit=a", "unit=B"), 50, "not unit=a or B"),
    (("closed=2026-03-05..2026-03-07",), closed_within("2026-03-05", "2026-03-07"),
     "closed not in 2026-03-05..2026-03-07"),
    (("closed=2026-03-20..",), closed_within("2026-03-20", "9999-12-31"), "closed not in 2026-03-20.."),
    (("score=-1..3",), 5 + 5 + 5 + 1, "score not in -1..3"),
    (("score=..0",), 3 + 3 + 3 + 2, "score not in ..0"),
])
def test_conditions_leave_cases_out_and_say_how_many(
    run: Run, sized: Path, conditions: tuple[str, ...], left: int, reason: str
) -> None:
    asked = tuple(part for condition in conditions for part in ("--where", condition))
    told = drawn(run, sized, "--take", "60", "--reserves", "0", *asked)
    assert told["excluded"] == [{"reason": reason, "cases": 60 - left}]
    assert (told["strata"][0]["size"], told["strata"][0]["eligible"], len(told["cases"])) == (60, left, left)


def test_conditions_on_different_columns_must_all_hold(run: Run, sized: Path) -> None:
    told = drawn(run, sized, "--take", "60", "--where", "unit=A", "--where", "score=0..1")
    assert {case["case_id"] for case in told["cases"]} == {"A002", "A003"}


@pytest.mark.parametrize(("condition", "code", "problem"), [
    ("unit", 2, "C020"), ("closed=1..x", 2, "C020"), ("score=20..10", 2, "ends before it begins"),
    ("closed=2026-03-02..2026-03-01", 2, "closed=2026-03-01..2026-03-02"), ("units=A", 3, "C004"),
    ("unit=Z", 3, "C002"), ("unit=2026-01-01..", 3, "C016")])
def test_a_condition_that_cannot_be_used_is_refused(
    run: Run, sized: Path, condition: str, code: int, problem: str
) -> None:
    ran = run("plan", "sized.csv", "--sample", "s", "--id", "case_id", "--take", "2", "--where", condition,
              folder=sized)
    assert (ran.code, problem in ran.err, list((sized / "samples").iterdir())) == (code, True, [])


def test_cases_of_late_samples_are_left_out_and_reserves_are_not(run: Run, sized: Path) -> None:
    first = drawn(run, sized, *BY, "--take", "2", name="first")
    mains = {case["case_id"] for case in first["cases"] if case["role"] == "main"}
    told = json.loads(run("draw", "sized.csv", "--sample", "next", "--id", "case_id", *BY, "--take", "60", "--seed",
                          "98765432109876543210", "--assessed-within", "6", "--json", folder=sized).out)
    assert {case["case_id"] for case in told["cases"]} == {row[0] for row in sized_rows()[1:]} - mains
    # The same cases were drawn twice above, in two steps and in one: both samples are in the register.
    assert sum(one["cases"] for one in told["excluded"]) == len(mains)
    assert all("assessed in sample first" in one["reason"] for one in told["excluded"])
    assert run("verify", "next", "--export", "sized.csv", folder=sized).code == 0


def test_a_plan_that_leaves_out_a_sample_which_is_gone_is_refused(run: Run, sized: Path) -> None:
    drawn(run, sized, *BY, "--take", "2", name="first")
    assert run("plan", "sized.csv", "--sample", "next", "--id", "case_id", "--take", "3", "--assessed-within", "6",
               folder=sized).code == 0
    (sized / "samples" / "first").rename(sized / "first")
    ran = run("draw", "--sample", "next", "--seed", SEED, folder=sized)
    assert (ran.code, "S021" in ran.err) == (3, True)
    assert [path.name for path in (sized / "samples" / "next").iterdir()] == ["plan.yaml"]


def test_a_case_stands_for_as_many_as_were_left_aside(run: Run, sized: Path) -> None:
    told = drawn(run, sized, *BY, "--take", "4")
    assert {case["stratum"]: case["weight"] for case in told["cases"]} == {"A": 7.5, "B": 5.0, "C": 2.0, "D": 1.0}


def test_cases_are_listed_in_the_order_of_their_tickets(run: Run, sized: Path) -> None:
    drawn(run, sized, *BY, "--total", "20")
    with (sized / "samples" / "s" / "cases.csv").open(encoding="utf-8", newline="") as stream:
        told = [row["ticket"] for row in csv.DictReader(stream)]
    assert all(one < other for one, other in pairwise(told))
