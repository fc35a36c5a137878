"""A signed case is changed for a reason, and what was signed counts until it is signed again."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cqa.commands.marking.sitting import open_sitting
from cqa.files.journal import read_journal
from cqa.files.sample_folder import open_sample
from cqa.files.workspace import find_workspace
from cqa.marking.actions import DisputeBand
from cqa.world import World
from tests.casework import Run


def assess(run: Run, sample: Path, *lines: dict[str, object], amend: tuple[str, ...] = ()) -> list[dict[str, object]]:
    command = ("amend", *amend) if amend else ("assess",)
    typed = "".join(json.dumps(line) + "\n" for line in lines)
    ran = run(*command, "--sample", "march", "--as", "ann", "--script", "-", typed=typed, folder=sample.parent.parent)
    assert ran.code == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


@pytest.fixture
def signed(run: Run, sample: Path) -> str:
    """A case that ann has signed off, all at the top level."""
    shown = json.loads(run("show", "march", "--json", folder=sample.parent.parent).out)
    case = next(one["case_id"] for one in shown["cases"] if one["reviewer"] == "ann" and one["role"] == "main")
    assert assess(run, sample, {"case": case, "fact": "child", "value": "N"},
                  {"case": case, "question": "q1", "mark": "fully_met"},
                  {"case": case, "question": "q2", "mark": "fully_met"}, {"case": case, "do": "sign_off"})[-1]["saved"]
    return str(case)


def counted(run: Run, sample: Path, case: str) -> dict[str, tuple[str, bool]]:
    rows = json.loads(run("export", "march", "--json", folder=sample.parent.parent).out)["rows"]
    return {row["question"]: (row["mark"], row["signed"]) for row in rows if row["case_id"] == case}


def test_what_was_signed_counts_until_the_amendment_is_signed(run: Run, sample: Path, signed: str) -> None:
    change: dict[str, object] = {"case": signed, "question": "q2", "mark": "partly_met", "reason": "A letter came."}
    assert assess(run, sample, change, amend=(signed, "--reason", "A letter was found."))[0]["saved"]
    assert counted(run, sample, signed)["q2"] == ("fully_met", True)
    told = run("status", "march", folder=sample.parent.parent)
    assert "1 signed assessment in march being amended" in told.out
    assert assess(run, sample, {"case": signed, "do": "sign_off"})[0]["saved"]
    assert counted(run, sample, signed)["q2"] == ("partly_met", True)
    assert "being amended" not in run("status", "march", folder=sample.parent.parent).out
    (journal,) = (sample / "marks").glob("*.jsonl")
    amended = [line for line in read_journal(journal).lines if line["kind"] == "amended"]
    assert [line["reason"] for line in amended] == ["A letter was found."]


def test_a_disputed_band_stands_in_the_book_and_in_status_and_changes_nothing(
    run: Run, world: World, sample: Path, signed: str
) -> None:
    here = replace(world, folder=sample.parent.parent)
    with open_sitting(here, open_sample(find_workspace(here.folder), "march"), "ann") as sitting:
        sitting.act(DisputeBand(signed, "The letter was\nnot due."))
    before = counted(run, sample, signed)
    assert f"Band disputed in march, case {signed}, by ann: The letter was not due." in run(
        "status", "march", folder=here.folder).out
    assert run("report", "march", folder=here.folder).code == 0 and counted(run, sample, signed) == before
    book = load_workbook(sample / "books" / "ann.xlsx", read_only=True)
    bands = [row[2] for row in book["Results"].iter_rows(values_only=True) if row[0] == signed]
    assert bands == ["Fine. Disputed: The letter was\nnot due."]


def test_an_amendment_that_was_begun_is_gone_on_with_and_not_begun_twice(
    run: Run, sample: Path, signed: str
) -> None:
    for reason in ("First.", "Second."):
        assess(run, sample, amend=(signed, "--reason", reason))
    (journal,) = (sample / "marks").glob("*.jsonl")
    assert [line["reason"] for line in read_journal(journal).lines if line["kind"] == "amended"] == ["First."]


def test_the_reviewer_is_taken_to_the_case_in_plain_mode(run: Run, sample: Path, signed: str) -> None:
    typed = f"j 2\n2\nA letter was found.\n\ns\n{signed}\nq\n"
    ran = run("amend", signed, "--sample", "march", "--as", "ann", "--reason", "A letter.", typed=typed,
              folder=sample.parent.parent)
    assert ran.code == 0 and f"{signed}. 0 left." in ran.out and "Signed off, saved" in ran.out
    assert counted(run, sample, signed)["q2"] == ("partly_met", True)


def refused(run: Run, sample: Path, *words: str) -> tuple[int, str]:
    before = sorted((path, path.read_bytes()) for path in sample.rglob("*.jsonl"))
    ran = run("amend", *words, "--sample", "march", "--as", "ann", folder=sample.parent.parent)
    after = [(path, b"\n".join(line for line in path.read_bytes().splitlines() if b'"amended"' in line))
             for path, _ in before]
    assert all(not found for _, found in after)
    return ran.code, ran.err


def test_what_cannot_be_amended_is_refused_with_its_reason(run: Run, sample: Path, signed: str) -> None:
    shown = json.loads(run("show", "march", "--json", folder=sample.parent.parent).out)["cases"]
    mine = next(one["case_id"] for one in shown if one["reviewer"] == "ann" and one["role"] == "main"
                and one["case_id"] != signed)
    other = next(one["case_id"] for one in shown if one["role"] == "main"
                 and "ann" not in (one["reviewer"], one["second_reviewer"]))
    assert refused(run, sample, mine, "--reason", "x")[0] == 4
    code, told = refused(run, sample, other, "--reason", "x")
    assert code == 2 and "S009" in told
    code, told = refused(run, sample, signed, "--reason", "  ")
    assert code == 2 and "needs a reason" in told
    code, told = refused(run, sample, signed, "--reason", "x" * 8_001)
    assert code == 2 and "8,001" in told


def test_a_sign_off_is_taken_back_for_a_day_without_a_reason(run: Run, sample: Path, signed: str) -> None:
    listed = run("assess", "--sample", "march", "--as", "ann", typed="a\nq\n", folder=sample.parent.parent).out
    number = re.findall(rf"(\d+)\. {signed}: signed off", listed)[0]
    ran = run("assess", "--sample", "march", "--as", "ann", typed=f"o\no {number}\nq\n", folder=sample.parent.parent)
    assert "Type o and the number of a case" in ran.out and f"sign-off of case {signed} is taken back" in ran.out
    assert not any(is_signed for _, is_signed in counted(run, sample, signed).values())
