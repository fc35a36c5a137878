"""The plan of cqa.yaml against a real sample: its main cases as they stand, by handler or by first marker."""

import json
from collections import Counter
from pathlib import Path

import pytest

from cqa.world import World
from tests.casework import DRAW, Run
from tests.commands.leaders.test_replace import replacing, show
from tests.commands.leaders.test_withdraw import once_marked, sign_off, withdrawing
from tests.commands.reports.test_status import on, people, settings, told


def counts(run: Run, sample: Path, *words: str) -> dict[tuple[object, object], tuple[object, ...]]:
    """Period and person to what was wanted, drawn, done, and for second marks wanted and done."""
    return {(row["period"], row["person"]): tuple(row[key] for key in ("wanted", "drawn", "done", "second_wanted",
                                                                      "second_done"))
            for row in told(run, sample, *words)["plan"]}


def mains(run: Run, sample: Path) -> list[dict[str, object]]:
    return [case for case in show(run, sample) if case["role"] == "main"]


def test_without_a_plan_there_is_none(run: Run, sample: Path) -> None:
    assert told(run, sample)["plan"] == [] and "Plan" not in run("status", folder=sample.parent.parent).out


def test_handlers_are_those_of_the_sample_and_those_of_people_csv(run: Run, sample: Path) -> None:
    settings(sample, "plan: {cases: 3}\n")
    people(sample, "h1,Handler,North", "h9,prosecutor,North", "ann,reviewer,South")
    drawn = Counter(case["handler"] for case in mains(run, sample))
    expected = {("2026-Q1", who): (3, count, 0, 0, 0) for who, count in drawn.items()}
    assert counts(run, sample) == {**expected, ("2026-Q1", "h9"): (3, 0, 0, 0, 0)}
    assert set(counts(run, sample, "--unit", "North")) == {("2026-Q1", "h1"), ("2026-Q1", "h9")}


def test_done_is_what_the_first_marker_signed_and_second_done_what_both_did(run: Run, sample: Path) -> None:
    settings(sample, "plan: {cases: 3, second: 50%}\n")
    twice = next(case for case in mains(run, sample) if case["second_reviewer"])
    who = twice["handler"]
    before = counts(run, sample)["2026-Q1", who]
    sign_off(run, sample, str(twice["case_id"]), str(twice["second_reviewer"]))
    assert counts(run, sample)["2026-Q1", who] == before, "the second marker alone is not enough"
    sign_off(run, sample, str(twice["case_id"]), str(twice["reviewer"]))
    wanted, drawn, _, second, _ = before
    assert isinstance(drawn, int) and second == (drawn + 1) // 2
    assert counts(run, sample)["2026-Q1", who] == (wanted, drawn, 1, second, 1)


def test_a_plan_by_reviewer_counts_the_cases_to_mark_first(run: Run, sample: Path) -> None:
    settings(sample, "plan: {per: reviewer, cases: 5, period: month}\n")
    people(sample, "zed,reviewer,North", "h1,handler,North", "Ann,reviewer,South")
    once = once_marked(run, sample)
    sign_off(run, sample, str(once["case_id"]), str(once["reviewer"]))
    drawn = Counter(str(case["reviewer"]) for case in mains(run, sample))
    assert counts(run, sample) == {("2026-03", "zed"): (5, 0, 0, 0, 0), **{
        ("2026-03", who): (5, count, int(who == once["reviewer"]), 0, 0) for who, count in drawn.items()}}


def test_withdrawn_and_replaced_cases_are_not_counted_and_reserves_in_use_are(run: Run, sample: Path) -> None:
    settings(sample, "plan: {per: reviewer, cases: 5}\n")
    case_id = str(mains(run, sample)[0]["case_id"])
    assert replacing(run, sample, case_id).code == 0
    assert sum(int(str(row["drawn"])) for row in told(run, sample)["plan"]) == 12
    assert withdrawing(run, sample, str(mains(run, sample)[0]["case_id"])).code == 0
    assert sum(int(str(row["drawn"])) for row in told(run, sample)["plan"]) == 11


def test_every_period_up_to_today_has_its_rows_and_one_may_be_asked_for(world: World, sample: Path) -> None:
    settings(sample, "plan: {cases: 3}\n")
    people(sample, "h9,handler,North")
    autumn = on(world, "2026-10-01")
    assert [period for period, person in counts(autumn, sample) if person == "h9"] == [
        "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert set(counts(autumn, sample, "--period", "2026-05")) == {("2026-Q2", "h9")}
    # The quarter of a month is told as a whole, though no sample was drawn in that month.
    first = {key: value for key, value in counts(autumn, sample).items() if key[0] == "2026-Q1"}
    assert counts(autumn, sample, "--period", "2026-02") == first


def test_the_screen_names_who_is_short_in_the_latest_period_and_sums_up_the_others(
    run: Run, world: World, sample: Path
) -> None:
    settings(sample, "plan: {cases: 1}\n")
    people(sample, "h9,handler,North")
    done = mains(run, sample)[0]
    sign_off(run, sample, str(done["case_id"]), str(done["reviewer"]))
    handlers = len({case["handler"] for case in mains(run, sample)}) + 1
    out = " ".join(on(world, "2026-04-01")("status", folder=sample.parent.parent).out.split())
    assert "Plan: 1 case of each handler in every quarter. Signed off: 2026-Q1: " in out
    assert f"2026-Q1: 1 of {handlers} cases; {handlers - 1} of {handlers} handlers short." in out
    assert "2026-Q2: 0 of 1 case; 1 of 1 handler short." in out
    table = out.partition("Who is short in 2026-Q2")[2].partition(" Feedback to give")[0]
    assert table.endswith(" h9 1 1 0 0") and "counted over" not in out


def test_nobody_is_short_where_everything_is_done(run: Run, sample: Path) -> None:
    settings(sample, "plan: {per: reviewer, cases: 1}\n")
    for who in ("ann", "bob", "cat"):
        mine = next(case for case in mains(run, sample) if case["reviewer"] == who)
        sign_off(run, sample, str(mine["case_id"]), who)
    out = run("status", "march", folder=sample.parent.parent).out
    assert "2026-Q1: 3 of 3 cases; nobody is short." in out and "Who is short" not in out
    assert "counted over march alone" in out


def test_of_many_who_are_short_20_are_named(run: Run, sample: Path) -> None:
    settings(sample, "plan: {cases: 1}\n")
    people(sample, *(f"p{number:02},handler," for number in range(40)))
    out = " ".join(run("status", folder=sample.parent.parent).out.split())
    handlers = len({case["handler"] for case in mains(run, sample)})
    assert f"{handlers + 40 - 20} more are short: --json lists everyone." in out and "p39" not in out


def test_of_many_periods_the_latest_are_told(world: World, sample: Path) -> None:
    settings(sample, "plan: {cases: 1, period: month}\n")
    people(sample, "h9,handler,North")
    out = on(world, "2027-02-01")("status", folder=sample.parent.parent).out
    assert "4 earlier periods: see --period, or --json." in out and "2026-07: " in out and "2026-06: " not in out


@pytest.mark.parametrize(("per", "words", "said"), [
    ("handler", ("--second", "0"), "12 main cases of no known handler"),
    ("reviewer", ("--handled-by", "handler", "--second", "0"), "of no known reviewer: the plan counts them for nobody"),
])
def test_cases_of_nobody_are_said(run: Run, workspace: Path, per: str, words: tuple[str, ...], said: str) -> None:
    (workspace / "cqa.yaml").write_text(f"plan: {{per: {per}, cases: 1}}\n", encoding="utf-8")
    assert run("draw", "export.csv", "--sample", "solo", "--id", "case_id", "--take", "12", "--seed", "8" * 20,
               "--rubric", "small.yaml", "--reviewers", "ann", *words, folder=workspace).code == 0
    for command in ("status", "report"):
        ran = run(command, folder=workspace)
        assert ran.code == 0 and "S051" in ran.err and said in ran.err


def test_two_draws_of_one_quarter_are_counted_together(run: Run, world: World, sample: Path) -> None:
    settings(sample, "plan: {per: reviewer, cases: 9}\n")
    words = [word if word != "march" else "late" for word in DRAW]
    words[words.index("--seed") + 1] = "9" * 20
    assert on(world, "2026-03-31")(*words, folder=sample.parent.parent).code == 0
    rows = json.loads(run("status", "--json", folder=sample.parent.parent).out)["plan"]
    assert {row["period"] for row in rows} == {"2026-Q1"} and sum(row["drawn"] for row in rows) == 24
