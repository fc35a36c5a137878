"""`cqa status` of one person, unit or period; what nobody is called is refused."""

import json
from pathlib import Path

import pytest

from cqa.world import World
from tests.casework import Run
from tests.commands.reports.test_status import on, people, told
from tests.screen.test_script import cases_of


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
