"""`cqa status`: what is overdue is counted from the draw, or from the day on which a case came to its marker."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cqa.world import World
from tests.casework import DRAW, Run, running_in
from tests.commands.test_replace import replacing, show
from tests.commands.test_withdraw import once_marked, sign_off
from tests.screen.test_script import cases_of

# The sample is drawn on Monday 2 March 2026: 20 working days later it is Monday 30 March. In between nobody has a
# holiday; after it come Good Friday, 3 April, and Easter Monday, 6 April.
DUE = "2026-03-30"


def on(world: World, day: str) -> Run:
    """Commands that run at noon of a day."""
    moment = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=12)
    return running_in(replace(world, now=lambda: moment))


def told(run: Run, sample: Path, *words: str, code: int = 0) -> dict[str, list[dict[str, object]]]:
    ran = run("status", "--json", *words, folder=sample.parent.parent)
    assert ran.code == code, ran.err
    found = json.loads(ran.out)
    assert isinstance(found, dict)
    return found


def dues(late: Sequence[dict[str, object]]) -> Counter[tuple[object, object]]:
    return Counter((one["due"], one["working_days_late"]) for one in late)


def people(sample: Path, *lines: str) -> None:
    (sample.parent.parent / "people.csv").write_text("\n".join(("person,role,unit", *lines)) + "\n", encoding="utf-8")


def settings(sample: Path, text: str) -> None:
    (sample.parent.parent / "cqa.yaml").write_text(text, encoding="utf-8")


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


def test_what_is_signed_off_is_not_overdue_and_what_is_only_begun_is(run: Run, world: World, sample: Path) -> None:
    case_id, begun, *_ = cases_of(sample, "ann")
    sign_off(run, sample, case_id, "ann")
    typed = json.dumps({"case": begun, "question": "q1", "mark": "fully_met"}) + "\n"
    assert run("assess", "--sample", "march", "--as", "ann", "--script", "-", typed=typed,
               folder=sample.parent.parent).code == 0
    late = told(on(world, "2026-03-31"), sample)["overdue"]
    mine = [one["case"] for one in late if one["reviewer"] == "ann"]
    assert len(late) == 17 and case_id not in mine and begun in mine


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


def test_the_screen_says_first_what_is_overdue_of_whom_and_since_when(world: World, sample: Path) -> None:
    late = told(on(world, "2026-04-07"), sample)["overdue"]
    out = on(world, "2026-04-07")("status", folder=sample.parent.parent).out
    words = " ".join(out.split())
    assert words.startswith("12 cases and 6 second marks overdue: ")
    assert f"the oldest, case {late[0]['case']} of march, was due on 30 March (4 working days ago)." in words
    owing = Counter(one["reviewer"] for one in late)
    assert all(f"{name} {count}" in words.partition(";")[0] for name, count in owing.items())
    assert " Overdue " in out and max(map(len, out.splitlines())) <= 80
    before = on(world, "2026-03-30")("status", folder=sample.parent.parent).out
    assert "verdue" not in before and before.startswith("0 of 12 main cases signed off")


def test_of_many_overdue_cases_ten_are_named(run: Run, world: World, sample: Path) -> None:
    words = [word if word != "march" else "big" for word in DRAW]
    words[words.index("--take") + 1], words[words.index("--reviewers") + 1] = "10", "ann,bob"
    assert on(world, "2026-03-02")(*words, folder=sample.parent.parent).code == 0
    late = told(on(world, "2026-03-31"), sample, "big", "--reviewer", "bob")["overdue"]
    out = on(world, "2026-03-31")("status", "big", "--reviewer", "bob", folder=sample.parent.parent).out
    assert len(late) > 10 and f"And {len(late) - 10} more, which --json lists." in out
    assert str(late[9]["case"]) in out.partition("And ")[0]


def test_a_year_that_is_not_this_one_is_told(world: World, sample: Path) -> None:
    out = " ".join(on(world, "2027-01-05")("status", folder=sample.parent.parent).out.split())
    assert "was due on 30 March 2026 (" in out


def test_strict_ends_with_1_when_something_asked_for_is_overdue(world: World, sample: Path) -> None:
    folder = sample.parent.parent
    assert on(world, "2026-03-30")("status", "--strict", folder=folder).code == 0
    late = on(world, "2026-03-31")
    assert late("status", folder=folder).code == 0 and late("status", "--strict", folder=folder).code == 1
    ran = late("status", "--strict", "--json", folder=folder)
    assert ran.code == 1 and len(json.loads(ran.out)["overdue"]) == 18
    assert "12 cases and 6 second marks overdue" in ran.err
    assert late("status", "--strict", "--period", "2026-04", folder=folder).code == 0


def test_damage_goes_before_what_is_overdue(run: Run, world: World, sample: Path) -> None:
    sign_off(run, sample, cases_of(sample, "ann")[0], "ann")
    journal = next((sample / "marks").glob("ann.*.jsonl"))
    journal.write_bytes(journal.read_bytes().replace(b'"q2"', b'"q3"', 1))
    assert on(world, "2026-03-31")("status", "--strict", folder=sample.parent.parent).code == 7


def test_a_reviewer_and_a_unit_may_be_asked_for_alone(world: World, sample: Path) -> None:
    people(sample, "ann,reviewer,North", "bob,reviewer,South", "cat,reviewer,north", "zed,reviewer,West")
    late = on(world, "2026-03-31")
    one = told(late, sample, "--reviewer", "ANN")
    assert {row["reviewer"] for row in one["rows"]} == {"ann"} == {each["reviewer"] for each in one["overdue"]}
    assert len(one["overdue"]) == one["rows"][0]["overdue"]
    assert {row["reviewer"] for row in told(late, sample, "--unit", "NORTH")["rows"]} == {"ann", "cat"}
    assert told(late, sample, "--unit", "South", "--reviewer", "ann")["rows"] == []
    ran = late("status", "--unit", "West", "--strict", folder=sample.parent.parent)
    assert ran.code == 0 and "is among what was asked for" in ran.out


def test_mine_is_who_i_am_and_names_each_overdue_case(world: World, sample: Path) -> None:
    late = on(world, "2026-03-31")
    found = told(late, sample, "--mine", "--as", "Bob")
    cases = [str(one["case"]) for one in found["overdue"]]
    assert {row["reviewer"] for row in found["rows"]} == {"bob"} and len(cases) == found["rows"][0]["overdue"]
    out = " ".join(late("status", "--mine", "--as", "bob", folder=sample.parent.parent).out.split())
    each = ", ".join(case + " (second mark)" * (one["what"] == "second mark")
                     for case, one in zip(cases, found["overdue"], strict=True))
    assert f"Due on 30 March: {each}. 0 of" in out
    nobody = late("status", "--mine", folder=sample.parent.parent)
    assert nobody.code == 2 and "P005" in nobody.err


@pytest.mark.parametrize(("period", "drawn"), [
    ("2026", 3), ("2026-Q1", 3), ("2026-03", 3), ("2026-q1", 3), ("2026-02", 0), ("2026-Q2", 0), ("2025", 0)])
def test_a_period_is_that_of_the_draw(world: World, sample: Path, period: str, drawn: int) -> None:
    found = told(on(world, "2026-04-07"), sample, "--period", period)
    assert len(found["rows"]) == drawn and bool(found["overdue"]) == bool(drawn)


@pytest.mark.parametrize(("words", "code", "said"), [
    (("--period", "spring"), "S018", "'spring' is no period. Write 2026, 2026-Q4 or 2026-11."),
    (("--period", "2026-13"), "S018", "is no period"),
    (("--reviewer", "anne"), "S010", "'anne' is no reviewer. Did you mean ann?"),
    (("--unit", "Nort"), "S050", "'Nort' is no unit of people.csv. Did you mean North?"),
    (("--mine", "--reviewer", "ann", "--as", "ann"), "S018", "both say whose"),
    (("--mine", "--as", "../ann"), "S003", "cannot be the name of a person"),
    (("april",), "S001", "april"),
])
def test_what_nobody_is_called_is_refused(
    run: Run, sample: Path, words: tuple[str, ...], code: str, said: str
) -> None:
    people(sample, "ann,reviewer,North")
    ran = run("status", *words, folder=sample.parent.parent)
    assert ran.code == 2 and code in ran.err and said in ran.err


def test_urgent_concerns_are_shown_whatever_was_asked_for(run: Run, sample: Path) -> None:
    case_id = cases_of(sample, "ann")[0]
    typed = json.dumps({"case": case_id, "urgent": "custody ends today"}) + "\n"
    assert run("assess", "--sample", "march", "--as", "ann", "--script", "-", typed=typed,
               folder=sample.parent.parent).code == 0
    ran = run("status", "--period", "2025", "--reviewer", "cat", "--as", "lead", folder=sample.parent.parent)
    assert ran.code == 0 and "URGENT, march" in ran.out and "custody ends today" in ran.out


def test_two_samples_are_each_counted_from_their_own_draw(run: Run, world: World, sample: Path) -> None:
    folder = sample.parent.parent
    words = [word if word != "march" else "may" for word in DRAW]
    words[words.index("--seed") + 1] = "9" * 20
    # Of 5 May (a Tuesday; the day before is a holiday) the twentieth working day is 3 June: 25 May is a holiday.
    assert on(world, "2026-05-05")(*words, folder=folder).code == 0
    found = told(on(world, "2026-06-04"), sample)["overdue"]
    assert Counter((one["sample"], one["due"]) for one in found) == {("march", DUE): 18, ("may", "2026-06-03"): 18}
    assert found[0]["sample"] == "march" and found[-1]["working_days_late"] == 1
