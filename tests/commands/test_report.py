"""`cqa report`, `cqa export` and `cqa status` over marks that were really made."""

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.casework import Run
from tests.files.workbook_lint import lint
from tests.screen.test_script import cases_of


@pytest.fixture
def marked(run: Run, sample: Path) -> Path:
    """The sample with every case marked and signed off, bob more severe than the others, but for one of cat's."""
    for who in ("ann", "bob", "cat"):
        lines = []
        for case in cases_of(sample, who)[: -1 if who == "cat" else None]:
            low = who == "bob"
            lines += [{"case": case, "fact": "child", "value": "N"},
                      {"case": case, "question": "q1", "mark": "partly_met" if low else "fully_met",
                       "reason": "=1+1" if low else "", "evidence": "p 2"},
                      {"case": case, "question": "q2", "mark": "fully_met"},
                      {"case": case, "question": "q3", "mark": "fully_met"},
                      {"case": case, "do": "sign_off"}]
        typed = "".join(json.dumps(line) + "\n" for line in lines)
        assert run("assess", "--sample", "march", "--as", who, "--script", "-", typed=typed,
                   folder=sample.parent.parent).code == 0
    return sample


def test_the_report_says_who_agrees_and_who_is_severe(run: Run, marked: Path) -> None:
    ran = run("report", "march", "--json", folder=marked.parent.parent)
    told = json.loads(ran.out)
    assert ran.code == 0
    assert list(told) == ["samples", "rubrics", "coverage", "results", "agreement", "reviewers", "disagreements",
                          "method"]
    assert told["samples"] == ["march"] and told["rubrics"][0]["id"] == "small"
    assert told["coverage"]["drawn"] == 12 and told["coverage"]["assessed"] in (11, 12)
    q1 = next(one for one in told["agreement"] if one["question"] == "q1")
    assert set(q1) >= {"rubric", "question", "cases", "pairs", "exact", "within_one", "ac2", "alpha", "kappa",
                       "brennan_prediger", "reading"}
    assert set(q1["ac2"]) == {"value", "low", "high", "se", "why"}
    assert q1["ac2"]["value"] is None and "pairs" in q1["ac2"]["why"]
    assert {one["reviewer"] for one in told["reviewers"]} == {"ann", "bob", "cat"}
    assert all(pair["question"] == "q1" for pair in told["disagreements"])


def test_every_workbook_keeps_the_rules_and_formulas_stay_text(run: Run, marked: Path) -> None:
    assert run("report", folder=marked.parent.parent).code == 0
    report = marked.parent.parent / "reports" / "march-consistency.xlsx"
    books = sorted((marked / "books").iterdir())
    assert [book.name for book in books] == ["ann.xlsx", "bob.xlsx", "cat.xlsx"]
    for path in (report, *books):
        assert lint(path.read_bytes()) == [], path.name
    reasons = [cell.value for cell in load_workbook(marked / "books" / "bob.xlsx")["My marks"]["G"]]
    assert "=1+1" in reasons


def test_a_book_holds_back_what_another_marker_has_not_signed(run: Run, marked: Path) -> None:
    run("report", folder=marked.parent.parent)
    open_case = cases_of(marked, "cat")[-1]
    partner = next((who for who in ("ann", "bob") if open_case in cases_of(marked, who)), None)
    waiting = load_workbook(marked / "books" / "cat.xlsx")["Still to do"]
    assert open_case in [cell.value for cell in waiting["A"]]
    if partner is not None:
        book = load_workbook(marked / "books" / f"{partner}.xlsx")
        assert open_case not in [cell.value for cell in book["My marks"]["A"]]
        held = next(row for row in book["Progress"].iter_rows(values_only=True) if row[0] == open_case)
        assert held[5] == "held back" and held[6] == "held back"


def test_the_export_has_one_row_for_each_standing_mark(run: Run, marked: Path) -> None:
    rows = json.loads(run("export", "march", "--json", folder=marked.parent.parent).out)["rows"]
    assert list(rows[0]) == ["sample", "case_id", "stratum", "handler", "reviewer", "turn", "rubric", "version",
                             "question", "mark", "points", "reason", "evidence", "signed", "at"]
    keys = [(row["case_id"], row["reviewer"], row["question"]) for row in rows]
    assert len(keys) == len(set(keys)) and all(row["signed"] for row in rows)
    assert {row["points"] for row in rows if row["mark"] == "partly_met"} == {1.0}


def test_the_export_for_spreadsheets_computes_nothing(run: Run, marked: Path) -> None:
    path = marked.parent.parent / "marks.csv"
    assert run("export", "march", "--csv", "marks.csv", folder=marked.parent.parent).code == 0
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert {row["reason"] for row in rows if row["reviewer"] == "bob" and row["question"] == "q1"} == {"'=1+1"}
    assert run("export", "march", folder=marked.parent.parent).code == 2


def test_the_status_counts_what_is_drawn_and_done(run: Run, marked: Path) -> None:
    rows = json.loads(run("status", "march", "--json", folder=marked.parent.parent).out)["rows"]
    assert list(rows[0]) == ["sample", "unit", "reviewer", "drawn", "marked", "signed", "second_due", "second_marked",
                             "moderated", "replaced", "withdrawn", "feedback_due", "feedback_given", "overdue"]
    assert sum(row["drawn"] for row in rows) == 12 and sum(row["second_due"] for row in rows) == 6
    assert sum(row["signed"] + row["second_marked"] for row in rows) == 17


@pytest.mark.parametrize("names", [(), ("march",)])
def test_nothing_signed_is_said_in_words_and_exit_0(run: Run, sample: Path, names: tuple[str, ...]) -> None:
    ran = run("report", *names, folder=sample.parent.parent)
    assert ran.code == 0 and "Nothing is signed off yet" in ran.err
    assert lint((sample.parent.parent / "reports" / "march-consistency.xlsx").read_bytes()) == []


def test_a_torn_last_line_is_read_past_and_said(run: Run, marked: Path) -> None:
    journal = next(marked.glob("marks/ann.*.jsonl"))
    journal.write_bytes(journal.read_bytes() + b'{"at":"20')
    ran = run("report", folder=marked.parent.parent)
    assert ran.code == 0 and "J001" in ran.err


def test_damage_inside_is_exit_7_and_the_rest_is_still_reported(run: Run, marked: Path) -> None:
    journal = next(marked.glob("marks/ann.*.jsonl"))
    journal.write_bytes(journal.read_bytes().replace(b'"q2"', b'"q3"', 1))
    ran = run("report", "--json", folder=marked.parent.parent)
    assert ran.code == 7 and "J002" in ran.err and json.loads(ran.out)["coverage"]["drawn"] == 12


def test_an_unknown_sample_is_wrong_use(run: Run, marked: Path) -> None:
    assert run("report", "april", folder=marked.parent.parent).code == 2


@pytest.mark.parametrize("again", ["march", "MARCH"])
def test_a_sample_named_twice_is_taken_once(run: Run, marked: Path, again: str) -> None:
    folder = marked.parent.parent
    assert run("report", "march", again, folder=folder).code == 0
    for command in ("export", "status"):
        once = json.loads(run(command, "march", "--json", folder=folder).out)
        assert json.loads(run(command, "march", again, "--json", folder=folder).out) == once
