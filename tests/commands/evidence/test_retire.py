"""`cqa retire` ends a sample's retention: it says first, keeps a sealed record, and removes everything else."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cqa.files.anchors import anchor_of
from cqa.files.journal import Journal
from cqa.files.retiring import leaving, record_place
from cqa.files.sample_folder import read_sample
from tests.carried import ANN, BOB, SECRET, WHO, cases_to_mark, drawn, files, mark, take
from tests.casework import DRAW, SEED, Ran, Run, case_rows
from tests.files.test_marks import stamp


@pytest.fixture
def march(run: Run, workspace: Path) -> Path:
    """The sample, in which Ann and Bob have signed everything and a leader has replaced and withdrawn a case."""
    sample = drawn(run, workspace)
    for who in (ANN, BOB):
        mark(run, workspace, who, cases_to_mark(run, workspace, who))
    cats = [case for case in cases_to_mark(run, workspace, WHO[2]) if case not in cases_to_mark(run, workspace, ANN)
            and case not in cases_to_mark(run, workspace, BOB)]
    assert run("replace", cats[0], "--reason", "out_of_scope", "--as", "lead", folder=workspace).code == 0
    assert run("withdraw", cats[1], "--reason", "sealed", "--as", "lead", folder=workspace).code == 0
    return sample


def retire(run: Run, march: Path, *options: str, code: int = 0) -> Ran:
    ran = run("retire", "march", "--reason", "two years are over", "--as", "lead", *options, folder=march.parent.parent)
    assert ran.code == code, ran.err
    return ran


def verify(run: Run, march: Path) -> tuple[int, dict[str, Any]]:
    ran = run("verify", "--json", folder=march.parent.parent)
    told: dict[str, Any] = json.loads(ran.out)
    return ran.code, told


def test_without_yes_it_is_only_said_what_would_happen(run: Run, march: Path) -> None:
    take(run, march.parent.parent, ANN)
    assert run("report", "march", folder=march.parent.parent).code == 0
    before = files(march.parent.parent)
    ran = retire(run, march)
    assert files(march.parent.parent) == before and "add --yes" in ran.out and str(march) in ran.out
    assert "reports/march-consistency.xlsx" in ran.out and f"take-march-{ANN}" in ran.out
    told = json.loads(retire(run, march, "--json").out)
    assert told["done"] is False and told["damage"] == [] and len(told["untouched"]) == 2
    assert told["counts"]["replaced"] == told["counts"]["withdrawn"] == 1


def test_the_record_holds_what_is_needed_and_nobodys_words(run: Run, march: Path) -> None:
    anchor = anchor_of(read_sample(march))
    counts = json.loads(retire(run, march, "--json").out)["counts"]
    rows = json.loads(run("export", "--json", folder=march.parent.parent).out)["rows"]
    assert json.loads(retire(run, march, "--yes", "--json").out)["done"] is True
    assert not march.exists() and not leaving(march).exists()
    record = record_place(march).read_text(encoding="utf-8")
    assert all(f'"{line}"' in record for line in anchor.lines) and SEED in record and "two years are over" in record
    assert counts["frame"] == 60 and counts["drawn"] == 12 and counts["journals"] == 3
    signed = {(row["case_id"], row["reviewer"], row["turn"]) for row in rows if row["signed"]}
    assert (counts["marks"], counts["signed"], counts["begun"]) == (len(rows), len(signed), 0)
    assert counts["second_marked"] == sum(turn == "second" for *_, turn in signed) > 0
    assert all(f"  {name}: {count}\n" in record for name, count in counts.items())
    plain, _, anchors = record.partition("anchor:")
    for word in (ANN, BOB, SECRET.casefold(), *(row[0] for row in case_rows(60)[1:] if row[0] != "00060")):
        assert word not in plain.casefold(), word
    assert ANN in anchors and "sealed" not in record.replace("seal:", "")


def test_verify_lists_it_and_finds_a_changed_record(run: Run, march: Path) -> None:
    retire(run, march, "--yes")
    code, told = verify(run, march)
    assert code == 0 and told["ok"] and told["checked"]["march"]["retired"] is True
    ran = run("verify", folder=march.parent.parent)
    assert "march: retired on 2026-03-02 by lead" in ran.out and "derived again" not in ran.out
    assert run("verify", "march", folder=march.parent.parent).code == 0
    place = record_place(march)
    place.write_bytes(place.read_bytes().replace(b"two years", b"ten years"))
    code, told = verify(run, march)
    assert code == 1 and [problem["code"] for problem in told["problems"]] == ["S038"]


def test_its_name_and_seed_stay_taken(run: Run, march: Path) -> None:
    retire(run, march, "--yes")
    root = march.parent.parent
    assert run("draw", *DRAW[1:], folder=root).code == 2
    plan = ("plan", "export.csv", "--sample", "MARCH", "--id", "case_id", "--take", "3", "--reviewers", "ann,bob")
    drawing: tuple[tuple[str, ...], ...] = (DRAW, plan)
    for words in drawing:
        ran = run(*words, folder=root)
        assert ran.code == 2 and "S037" in ran.err and "was retired" in ran.err
    reading: tuple[tuple[str, ...], ...] = (
        ("show", "march"), ("assess", "--sample", "march", "--as", ANN), ("report", "march"),
        ("retire", "march", "--reason", "again", "--as", "lead", "--yes"))
    for words in reading:
        ran = run(*words, folder=root)
        assert ran.code == 2 and "S037" in ran.err, words
    april = run(*("april" if word == "march" else word for word in DRAW), folder=root)
    assert april.code == 0 and "S013" in april.err and "march" in april.err


def test_a_journal_that_comes_back_too_late_is_not_taken(run: Run, march: Path) -> None:
    cat = WHO[2]
    place = take(run, march.parent.parent, cat)
    mark(run, place, cat, cases_to_mark(run, place, cat)[:1])
    retire(run, march, "--yes")
    ran = run("collect", place.name, folder=march.parent.parent)
    assert ran.code == 0 and "was retired: nothing is added to it" in ran.err and not march.exists()


def test_an_open_sitting_is_exit_6(run: Run, march: Path) -> None:
    journal = next((march / "marks").glob(f"{ANN}.*.jsonl"))
    before = files(march)
    with Journal.open(journal, stamp):
        assert "J005" in retire(run, march, "--yes", code=6).err
    assert files(march) == before and not record_place(march).exists()


def test_a_damaged_sample_may_be_retired_and_is_recorded_as_one(run: Run, march: Path) -> None:
    (march / "plan.yaml").write_bytes(b"x")
    journal = next((march / "marks").glob(f"{ANN}.*.jsonl"))
    journal.write_bytes(journal.read_bytes().replace(b"fully_met", b"partly_met", 1))
    assert "S004" in retire(run, march).err and march.exists()
    ran = retire(run, march, "--yes")
    assert "recorded as such" in ran.out and not march.exists()
    record = record_place(march).read_text(encoding="utf-8")
    assert '- "S004"' in record and f"journal marks/{BOB}." in record
    assert verify(run, march)[0] == 0


def test_a_sample_of_which_only_a_journal_is_damaged_keeps_its_figures(run: Run, march: Path) -> None:
    journal = next((march / "marks").glob(f"{ANN}.*.jsonl"))
    journal.write_bytes(journal.read_bytes().replace(b"fully_met", b"partly_met", 1))
    retire(run, march, "--yes")
    record = record_place(march).read_text(encoding="utf-8")
    assert '- "J002"' in record and "drawn: 12" in record


def test_what_was_cut_off_is_said_and_finished(run: Run, march: Path) -> None:
    retire(run, march, "--yes")
    leaving(march).mkdir()
    (leaving(march) / "cases.csv").write_bytes(b"case_id\n")
    code, told = verify(run, march)
    assert code == 0 and [(one["code"], one["severity"]) for one in told["problems"]] == [("S038", "warning")]
    assert "still at" in retire(run, march).out and leaving(march).exists()
    assert "removed now" in retire(run, march, "--yes").out and not leaving(march).exists()
    assert verify(run, march) == (0, {**verify(run, march)[1], "problems": []})


def test_a_retirement_cut_off_before_anything_was_removed_begins_anew(
    run: Run, march: Path, tmp_path: Path
) -> None:
    shutil.copytree(march, tmp_path / "copy")
    retire(run, march, "--yes")
    shutil.move(tmp_path / "copy", march)
    code, told = verify(run, march)
    assert code == 0 and [(one["code"], one["severity"]) for one in told["problems"]] == [("S038", "warning")]
    cat = WHO[2]
    mark(run, march.parent.parent, cat, cases_to_mark(run, march.parent.parent, cat)[:1])
    before = record_place(march).read_bytes()
    retire(run, march, "--yes")
    assert not march.exists() and record_place(march).read_bytes() != before
    assert f"journal marks/{cat.casefold()}." in record_place(march).read_text(encoding="utf-8")


@pytest.mark.parametrize(("words", "code", "told"), [
    (("retire", "april", "--reason", "x", "--as", "lead", "--yes"), 2, "S001"),
    (("retire", "march", "--reason", " ", "--as", "lead", "--yes"), 2, "S018"),
    (("retire", "march", "--reason", "x", "--as", "../x", "--yes"), 2, "S003"),
    (("retire", "../march", "--reason", "x", "--as", "lead", "--yes"), 2, "S003"),
])
def test_what_cannot_be_retired_is_refused(
    run: Run, march: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    before = files(march.parent.parent)
    ran = run(*words, folder=march.parent.parent)
    assert (ran.code, told in ran.err) == (code, True) and files(march.parent.parent) == before


def test_a_take_and_a_plan_are_not_retired(run: Run, march: Path) -> None:
    root = march.parent.parent
    place = take(run, root, ANN)
    assert run("retire", "march", "--reason", "x", "--as", "lead", "--yes", folder=place).code == 4
    assert run("plan", "export.csv", "--sample", "may", "--id", "case_id", "--take", "3", "--rubric", "small.yaml",
               "--reviewers", "ann,bob", folder=root).code == 0
    ran = run("retire", "may", "--reason", "x", "--as", "lead", "--yes", folder=root)
    assert ran.code == 2 and "planned" in ran.err and (root / "samples" / "may").exists()


def test_draws_that_left_its_cases_out_are_named(run: Run, march: Path) -> None:
    root = march.parent.parent
    assert run("draw", "export.csv", "--sample", "april", "--id", "case_id", "--take", "3", "--seed", "9" * 20,
               "--rubric", "small.yaml", "--reviewers", "ann,bob", "--assessed-within", "12", folder=root).code == 0
    assert "left out of the draw of april" in retire(run, march).out
    retire(run, march, "--yes")
    assert run("verify", "april", folder=root).code == 0
