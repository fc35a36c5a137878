"""What is owed is due so many working days after the draw, or after the day on which a case came to its marker."""

import json
from collections import Counter
from pathlib import Path

import pytest

from cqa.world import World
from tests.casework import DRAW, Run
from tests.commands.leaders.test_replace import replacing, show
from tests.commands.leaders.test_withdraw import once_marked, sign_off
from tests.commands.reports.test_status import DUE, dues, on, settings, told
from tests.screen.test_script import cases_of


def test_what_is_signed_off_is_not_overdue_and_what_is_only_begun_is(run: Run, world: World, sample: Path) -> None:
    case_id, begun, *_ = cases_of(sample, "ann")
    sign_off(run, sample, case_id, "ann")
    typed = json.dumps({"case": begun, "question": "q1", "mark": "fully_met"}) + "\n"
    assert run("assess", "--sample", "march", "--as", "ann", "--script", "-", typed=typed,
               folder=sample.parent.parent).code == 0
    late = [one for one in told(on(world, "2026-03-31"), sample)["overdue"] if one["what"] != "feedback"]
    mine = [one["case"] for one in late if one["reviewer"] == "ann"]
    assert len(late) == 17 and case_id not in mine and begun in mine


@pytest.mark.parametrize(("day", "late"), [
    ("2026-03-02", None), ("2026-03-30", None), ("2026-03-31", 1), ("2026-04-03", 3), ("2026-04-06", 3),
    ("2026-04-07", 4)])
def test_marks_are_overdue_from_the_day_after_their_due_date_on(
    world: World, sample: Path, day: str, late: int | None
) -> None:
    found = told(on(world, day), sample)
    assert dues(found["overdue"]) == (Counter({(DUE, late): 18}) if late else Counter())
    assert Counter(one["what"] for one in found["overdue"]) == (Counter({"mark": 12, "second mark": 6}) if late else {})
    assert all(set(one) == {"sample", "case", "reviewer", "what", "due", "working_days_late"}
               for one in found["overdue"])
    owing = Counter(one["reviewer"] for one in found["overdue"])
    assert {row["reviewer"]: row["overdue"] for row in found["rows"]} == {who: owing[who] for who in
                                                                          ("ann", "bob", "cat")}


def test_a_case_handed_on_is_due_20_working_days_after_that(world: World, sample: Path, run: Run) -> None:
    case_id = str(once_marked(run, sample)["case_id"])
    ran = on(world, "2026-03-20")("assign", case_id, "--to", "dee", "--reason", "leave", "--as", "lead",
                                  folder=sample.parent.parent)
    assert ran.code == 0, ran.err
    # From Friday 20 March: 9 working days to 2 April, the tenth is Tuesday 7 April, the twentieth Tuesday 21 April.
    assert case_id not in {one["case"] for one in told(on(world, "2026-04-21"), sample)["overdue"]}
    late = [one for one in told(on(world, "2026-04-23"), sample)["overdue"] if one["case"] == case_id]
    assert late == [{"sample": "march", "case": case_id, "reviewer": "dee", "what": "mark", "due": "2026-04-21",
                     "working_days_late": 2}]


def test_a_reserve_is_due_20_working_days_after_it_came_in_and_what_it_replaced_never(
    world: World, sample: Path, run: Run
) -> None:
    case_id = str(next(case for case in show(run, sample) if case["role"] == "main")["case_id"])
    ran = replacing(on(world, "2026-03-20"), sample, case_id, "--json")
    assert ran.code == 0, ran.err
    reserve = json.loads(ran.out)["with"]
    late = told(on(world, "2026-04-22"), sample)["overdue"]
    assert case_id not in {one["case"] for one in late}
    assert {one["due"] for one in late if one["case"] == reserve} == {"2026-04-21"}
    assert {one["due"] for one in late if one["case"] != reserve} == {DUE}


def test_days_and_holidays_are_those_of_the_settings(world: World, sample: Path) -> None:
    settings(sample, "due: {mark: 24, holidays: none}\n")
    assert dues(told(on(world, "2026-04-07"), sample)["overdue"]) == Counter({("2026-04-03", 2): 18})
    settings(sample, "due: {mark: 24}\n")
    assert dues(told(on(world, "2026-04-09"), sample)["overdue"]) == Counter({("2026-04-07", 2): 18})
    settings(sample, "due: {mark: 24, holidays: Scotland}\n")  # where Easter Monday is a working day
    assert dues(told(on(world, "2026-04-07"), sample)["overdue"]) == Counter({("2026-04-06", 1): 18})
    settings(sample, "due: {mark: 1, holidays: [2026-03-03, 2026-03-04]}\n")
    assert dues(told(on(world, "2026-03-06"), sample)["overdue"]) == Counter({("2026-03-05", 1): 18})


def test_holidays_that_are_all_over_are_said(world: World, sample: Path) -> None:
    settings(sample, "due: {holidays: [2026-12-25]}\n")
    assert "P020" not in on(world, "2026-12-31")("status", folder=sample.parent.parent).err
    ran = on(world, "2027-01-02")("status", folder=sample.parent.parent)
    assert ran.code == 0 and "cqa.yaml P020 due.holidays names no day after 2026-12-25" in ran.err


def test_a_case_that_nobody_has_is_overdue_too(run: Run, world: World, sample: Path) -> None:
    folder = sample.parent.parent
    draw = ("draw", "export.csv", "--sample", "solo", "--id", "case_id", "--take", "12", "--seed", "8" * 20, "--rubric",
            "small.yaml", "--reviewers", "ann", "--second", "0", "--handled-by", "handler")
    assert run(*draw, folder=folder).code == 0
    cases = json.loads(run("show", "solo", "--json", folder=folder).out)["cases"]
    alone = [case["case_id"] for case in cases if case["role"] == "main" and case["reviewer"] is None]
    late = told(on(world, "2026-03-31"), sample, "solo")["overdue"]
    assert alone and [one["case"] for one in late if one["reviewer"] == ""] == sorted(alone) and len(late) == 12
    assert f"nobody {len(alone)}" in on(world, "2026-03-31")("status", "solo", folder=folder).out
    taken = folder / "take-solo-ann"
    assert run("take", "ann", "--sample", "solo", folder=folder).code == 0
    late = json.loads(on(world, "2026-03-31")("status", "--json", folder=taken).out)["overdue"]
    assert {one["reviewer"] for one in late} == {"ann"}, "a take knows nothing of what others have"


def test_two_samples_are_each_counted_from_their_own_draw(run: Run, world: World, sample: Path) -> None:
    folder = sample.parent.parent
    words = [word if word != "march" else "may" for word in DRAW]
    words[words.index("--seed") + 1] = "9" * 20
    # Of 5 May (a Tuesday; the day before is a holiday) the twentieth working day is 3 June: 25 May is a holiday.
    assert on(world, "2026-05-05")(*words, folder=folder).code == 0
    found = told(on(world, "2026-06-04"), sample)["overdue"]
    assert Counter((one["sample"], one["due"]) for one in found) == {("march", DUE): 18, ("may", "2026-06-03"): 18}
    assert found[0]["sample"] == "march" and found[-1]["working_days_late"] == 1


def test_a_second_mark_that_nobody_is_free_to_give_is_overdue_too(world: World, sample: Path) -> None:
    folder = sample.parent.parent
    words = [word if word != "march" else "two" for word in DRAW]
    words[words.index("--reviewers") + 1], words[words.index("--second") + 1] = "ann,bob", "1"
    run = on(world, "2026-03-02")
    assert run(*words, folder=folder).code == 0
    # Some reserve shows the work of one of the two: the other marks it, and nobody is left for the second mark.
    cases = json.loads(run("show", "two", "--json", folder=folder).out)["cases"]
    twice = [case["case_id"] for case in cases if case["role"] == "main" and case["second_reviewer"]]
    words = ["--reason", "out_of_scope", "--sample", "two", "--as", "lead", "--json"]
    each = (json.loads(run("replace", case_id, *words, folder=folder).out) for case_id in twice)
    done = next(one for one in each if one["second"] is None and one["reviewer"])
    late = told(on(world, "2026-03-31"), sample, "two")["overdue"]
    assert {(one["what"], one["reviewer"]) for one in late if one["case"] == done["with"]} == {
        ("mark", done["reviewer"]), ("second mark", "")}
