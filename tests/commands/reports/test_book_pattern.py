"""A reviewer sees their own use of the levels beside the team's range, and nothing that they may not see yet."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from cqa.commands.records import SampleRecord, read_record
from cqa.commands.reports.book_pattern import pattern_table, seen_by_all
from cqa.files.sample_folder import open_sample
from cqa.files.workspace import find_workspace
from tests.casework import SEED, Run, case_rows, csv_text

ANN, BOB, CAT, DEE, EVE = TEAM = ("annzq", "bobzq", "catzq", "deezq", "evezq")
"""Names that stand in no word."""


def draw(run: Run, workspace: Path, *options: str) -> Path:
    """60 cases, none of a child: ten or more for each of five, and some of them for two."""
    rows = [[*row[:3], "N", row[4]] if number else row for number, row in enumerate(case_rows(90))]
    (workspace / "export.csv").write_text(csv_text(rows), encoding="utf-8", newline="\n")
    ran = run("draw", "export.csv", "--sample", "march", "--id", "case_id", "--take", "60", "--reserves", "0", "--seed",
              SEED, "--rubric", "small.yaml", "--reviewers", ",".join(TEAM), *options, folder=workspace)
    assert ran.code == 0, ran.err
    return workspace / "samples" / "march"


def given(run: Run, workspace: Path, who: str) -> list[tuple[str, bool]]:
    """The cases of somebody, and whether each is marked by another too."""
    told = json.loads(run("show", "march", "--json", folder=workspace).out)["cases"]
    return [(one["case_id"], bool(one["second_reviewer"])) for one in told
            if who in (one["reviewer"], one["second_reviewer"])]


def mark(
    run: Run, workspace: Path, who: str, cases: list[str], level: str = "fully_met", sign: bool = True
) -> None:
    lines: list[dict[str, Any]] = []
    for case in cases:
        text = {"reason": "Because.", "evidence": "page 1"}
        lines += [{"case": case, "question": "q1", "mark": level, **text},
                  {"case": case, "question": "q2", "mark": "fully_met", **text}]
        lines += [{"case": case, "do": "sign_off"}] if sign else []
    ran = run("assess", "--sample", "march", "--as", who, "--script", "-",
              typed="".join(json.dumps(line) + "\n" for line in lines), folder=workspace)
    assert ran.code == 0, ran.err
    signed = [answer for answer in map(json.loads, ran.out.splitlines()) if answer.get("do") == "sign_off"]
    assert all(answer["saved"] for answer in signed), signed


def record_of(sample: Path) -> SampleRecord:
    return read_record(open_sample(find_workspace(sample.parent.parent), "march"))


def pattern(sample: Path, who: str, small: int = 5) -> dict[tuple[str, str], tuple[Any, ...]]:
    """The sheet's rows by question and mark."""
    return {(str(row[0]), str(row[2])): row[3:] for row in pattern_table(record_of(sample), who, small).rows}


def test_the_pattern_is_that_of_marks_counted_by_hand(run: Run, workspace: Path) -> None:
    sample = draw(run, workspace, "--second", "0")
    # Of each one's cases the first so many fail q1: ann 6, bob 0, cat 3, dee 9 and eve 1.
    failed = dict(zip(TEAM, (6, 0, 3, 9, 1), strict=True))
    for who in TEAM:
        cases = [case for case, _ in given(run, workspace, who)]
        assert len(cases) == 12
        mark(run, workspace, who, cases[: failed[who]], "not_met")
        mark(run, workspace, who, cases[failed[who]:])
    found = pattern(sample, ANN)
    assert found["q1", "Not met"] == (6 / 12, 0.0, 9 / 12, "in the range")
    assert found["q1", "Fully met"] == (6 / 12, 3 / 12, 12 / 12, "in the range")
    assert found["q1", "Partly met"] == (0.0, 0.0, 0.0, "in the range")
    assert pattern(sample, DEE)["q1", "Not met"] == (9 / 12, 0.0, 6 / 12, "above the range")
    assert pattern(sample, BOB)["q1", "Fully met"] == (12 / 12, 3 / 12, 11 / 12, "above the range")
    # q2 is asked only where q1 did not fail: dee marked it three times, and is too few to be compared there.
    assert found["q2", "Fully met"][:3] == (1.0, 1.0, 1.0)
    assert pattern(sample, DEE)["q2", "Fully met"] == ("3 of 3", 1.0, 1.0, "not compared")
    assert pattern(sample, ANN, 11)["q2", "Fully met"] == ("6 of 6", *["fewer than 3 others"] * 2, "not compared")


def test_with_two_others_nothing_of_them_is_shown(run: Run, workspace: Path) -> None:
    sample = draw(run, workspace, "--second", "0")
    for who in TEAM[:3]:
        mark(run, workspace, who, [case for case, _ in given(run, workspace, who)])
    assert pattern(sample, ANN)["q1", "Fully met"] == (1.0, *["fewer than 3 others"] * 2, "not compared")
    mark(run, workspace, DEE, [case for case, _ in given(run, workspace, DEE)])
    assert pattern(sample, ANN)["q1", "Fully met"] == (1.0, 1.0, 1.0, "in the range")


def test_a_case_counts_only_when_all_who_mark_it_have_signed(run: Run, workspace: Path) -> None:
    sample = draw(run, workspace, "--second", "0.5")
    for who in TEAM[1:]:
        mark(run, workspace, who, [case for case, _ in given(run, workspace, who)])
    shared = {case for case, both in given(run, workspace, ANN) if both}
    assert shared
    seen = list(seen_by_all(record_of(sample)))
    assert seen and not any(one.case.case_id in shared for one in seen)
    one = sorted(shared)[0]
    mark(run, workspace, ANN, [one])
    assert {found.reviewer for found in seen_by_all(record_of(sample)) if found.case.case_id == one} > {ANN}


def test_a_case_that_lacks_its_second_marker_counts_for_nobody(run: Run, workspace: Path) -> None:
    sample = draw(run, workspace, "--second", "0")
    case = given(run, workspace, BOB)[0][0]
    mark(run, workspace, BOB, [case])
    record = record_of(sample)
    assert [one.case.case_id for one in seen_by_all(record)] == [case]
    waiting = replace(record, settled=replace(record.settled, twice=frozenset({case})))
    assert list(seen_by_all(waiting)) == []


@pytest.mark.parametrize("sign", [True, False])
def test_what_others_marked_on_a_case_held_back_changes_no_byte_of_a_book(
    run: Run, workspace: Path, sign: bool
) -> None:
    """Everybody else has marked everything; whatever they gave to the cases that ann shares, her book is the same."""
    sample = draw(run, workspace, "--second", "0.5")
    alone = {case for case, both in given(run, workspace, ANN) if not both}
    mark(run, workspace, ANN, sorted(alone), "partly_met")
    books = []
    for level in ("fully_met", "partly_met"):
        for path in sorted(workspace.rglob("*.jsonl")):
            if not path.name.startswith(f"{ANN}."):
                path.unlink()
        for who in TEAM[1:]:
            mine = given(run, workspace, who)
            shared = {case for case, _ in given(run, workspace, ANN)}
            both = [case for case, _ in mine if case in shared]
            mark(run, workspace, who, [case for case, _ in mine if case not in shared])
            mark(run, workspace, who, both, level, sign)
        assert run("report", "march", folder=workspace).code == 0
        book = load_workbook(sample / "books" / f"{ANN}.xlsx")
        books.append([[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book
                      if sheet.title != "Cover"])
    assert books[0] == books[1]
    sheet = load_workbook(sample / "books" / f"{ANN}.xlsx")["My pattern"]
    assert [row for row in sheet.iter_rows(values_only=True) if row[0] == "q1" and row[4] == 1.0]


def test_the_sheet_names_nobody_else(run: Run, workspace: Path) -> None:
    sample = draw(run, workspace, "--second", "0.2")
    for who in TEAM:
        mark(run, workspace, who, [case for case, _ in given(run, workspace, who)])
    assert run("report", "march", folder=workspace).code == 0
    sheet = load_workbook(sample / "books" / f"{ANN}.xlsx")["My pattern"]
    text = "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    assert "q1" in text and not any(name in text for name in TEAM)
