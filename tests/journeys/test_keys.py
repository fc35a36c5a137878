"""What marking a case costs in keys, on the shipped rubric: as many as it has questions, and the sign-off."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cqa.commands.marking.sitting import open_sitting
from cqa.files.sample_folder import open_sample
from cqa.files.workspace import find_workspace
from cqa.screen import desk_keys
from cqa.screen.desk import Desk
from cqa.screen.typist import NoDrafts
from cqa.world import World
from tests.casework import Run, csv_text

EVERYTHING = {
    "case_id": "0000001", "unit": "North", "stage": "finalised", "charged_by": "CPS", "decision_type": "charge",
    "court": "Crown", "plea": "not guilty", "outcome": "convicted", "first_hearing": "2026-01-05", "contested": "Y",
    "trial_listed": "Y", "sent": "Y", "in_custody": "Y", "has_victim": "Y", "civilian_witness": "Y",
    "charge_dropped": "Y", "plea_offer": "Y", "schedules_due": "Y", "bail_in_issue": "Y", "hearing_held": "Y"}
TOP, QUESTIONS = "1", 35


def drawn(run: Run, folder: Path) -> Path:
    """A sample of one case of which every question is asked, with the shipped rubric but for its spot checks."""
    assert run("init", "work", folder=folder).code == 0
    work = folder / "work"
    text = (work / "rubrics" / "prosecution.yaml").read_text(encoding="utf-8")
    kept = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("proof:"))
    assert kept != text
    (work / "keys.yaml").write_text(kept, encoding="utf-8", newline="\n")
    (work / "one.csv").write_text(csv_text([list(EVERYTHING), list(EVERYTHING.values())]), encoding="utf-8")
    ran = run("draw", "one.csv", "--sample", "keys", "--id", "case_id", "--take", "1", "--seed", "1234567890",
              "--rubric", "keys.yaml", "--reviewers", "ann", folder=work)
    assert ran.code == 0, ran.err
    return work


def test_a_case_all_at_the_top_level_costs_one_key_a_question_and_the_sign_off(run: Run, tmp_path: Path) -> None:
    work = drawn(run, tmp_path)
    keys = [*[TOP] * QUESTIONS, "s", EVERYTHING["case_id"]]
    ran = run("assess", "--sample", "keys", "--as", "ann", "--plain", typed="".join(f"{key}\n" for key in keys),
              folder=work)
    assert ran.code == 0, ran.err
    assert ran.out.count(", saved ") == QUESTIONS + 1 and "Signed off, saved" in ran.out
    rows = json.loads(run("export", "keys", "--json", folder=work).out)["rows"]
    assert len(rows) == QUESTIONS and all(row["signed"] and row["mark"] == "fully_met" for row in rows)


def test_at_the_full_screen_it_costs_no_key_more(run: Run, world: World, tmp_path: Path) -> None:
    work = drawn(run, tmp_path)
    moment = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    pressed = 0

    def press(key: str) -> None:
        nonlocal moment, pressed
        moment, pressed = moment + timedelta(milliseconds=700), pressed + 1
        desk_keys.take(desk, key, desk.milliseconds())

    with open_sitting(world, open_sample(find_workspace(work), "keys"), "ann") as sitting:
        desk = Desk(sitting.state, sitting.act, lambda: moment, NoDrafts(), sitting.sample)
        desk.open(EVERYTHING["case_id"])
        for _ in range(QUESTIONS):
            assert desk.at and desk.writing is None and desk.sheet is None
            press(TOP)
        assert desk.at == "" and desk.case.left == 0
        press("s")
        desk.finish_box(EVERYTHING["case_id"])
        assert desk.case.signed_at and pressed == QUESTIONS + 1
    rows = json.loads(run("export", "keys", "--json", folder=work).out)["rows"]
    assert len(rows) == QUESTIONS and all(row["signed"] and row["mark"] == "fully_met" for row in rows)
