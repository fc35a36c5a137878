"""`cqa status` says first what is overdue, and tells a scheduler by its exit code."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from cqa.world import World
from tests.casework import DRAW, Run, running_in
from tests.commands.leaders.test_withdraw import sign_off
from tests.screen.test_script import cases_of

# The sample is drawn on Monday 2 March 2026: 20 working days later it is Monday 30 March. In between nobody has a
# holiday; after it come Good Friday, 3 April, and Easter Monday, 6 April.
DUE = "2026-03-30"


def on(world: World, day: str) -> Run:
    """Commands that run at noon of a day."""
    moment = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=12)
    return running_in(replace(world, now=lambda: moment))


def told(run: Run, sample: Path, *words: str) -> dict[str, list[dict[str, object]]]:
    ran = run("status", "--json", *words, folder=sample.parent.parent)
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)
    assert isinstance(found, dict)
    return found


def dues(late: Sequence[dict[str, object]]) -> Counter[tuple[object, object]]:
    return Counter((one["due"], one["working_days_late"]) for one in late)


def people(sample: Path, *lines: str) -> None:
    (sample.parent.parent / "people.csv").write_text("\n".join(("person,role,unit", *lines)) + "\n", encoding="utf-8")


def settings(sample: Path, text: str) -> None:
    (sample.parent.parent / "cqa.yaml").write_text(text, encoding="utf-8")


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
