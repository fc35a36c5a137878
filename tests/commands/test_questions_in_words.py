"""Questions of type text, choice, number and date go the whole way: marked, signed, reported, exported, in books."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.casework import DRAW, Ran, Run

WORDS = """\
format: cqa-rubric/1
id: words
version: "1.0"
title: In words
status: trial
scales:
  met:
    levels:
      fully_met: {key: "1", label: Fully met, points: 2}
      not_met: {key: "2", label: Not met, points: 0, needs: [reason]}
sections:
  - id: a
    title: Decision
    questions:
      - {id: s1, ask: Was it right}
      - {id: t1, type: text, ask: What was left open, ask_when: {s1: [not_met]}}
      - {id: n1, type: number, ask: How many days late was it, required: false}
      - {id: d1, type: date, ask: When was the letter sent}
      - {id: c1, type: choice, ask: How good was it over all, choices: [strong, sound, weak], forbid: [weak]}
      - {id: t2, type: text, ask: Why so, ask_when: {answered: n1}}
rules:
  - {id: r1, when: {c1: [strong]}, forbid: {s1: [not_met]}, say: A strong case has no such failing.}
result:
  bands:
    - {band: Fine, when: {score_at_least: 50}}
    - {band: Strong, when: {c1: [strong]}}
    - {band: Poor, otherwise: true}
"""
LONG = "The reply of the defence was left open. " * 150


@pytest.fixture
def drawn(run: Run, workspace: Path) -> Path:
    """A workspace with a drawn sample, march, on the rubric in words."""
    (workspace / "small.yaml").write_text(WORDS, encoding="utf-8", newline="\n")
    assert run(*DRAW, folder=workspace).code == 0
    return workspace


def cases_of(workspace: Path, person: str) -> list[str]:
    lines = (workspace / "samples" / "march" / "assignments.csv").read_text(encoding="utf-8-sig").splitlines()
    return [line.split(",")[0] for line in lines if f",{person}," in line]


def script(run: Run, workspace: Path, person: str, *lines: dict[str, str]) -> list[dict[str, object]]:
    ran = run("assess", "--sample", "march", "--as", person, "--script", "-",
              typed="".join(json.dumps(line) + "\n" for line in lines), folder=workspace)
    assert ran.code == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


def whole(case: str, mark: str = "not_met") -> list[dict[str, str]]:
    """Every answer of one case, in words."""
    return [{"case": case, "question": "s1", "mark": mark, "reason": "The reply is missing from the file."},
            {"case": case, "question": "t1", "mark": LONG if mark == "not_met" else ""},
            {"case": case, "question": "n1", "mark": "12.5"}, {"case": case, "question": "d1", "mark": "2026-02-28"},
            {"case": case, "question": "c1", "mark": "sound"}, {"case": case, "question": "t2", "mark": "=1+1"},
            {"case": case, "do": "sign_off"}]


def test_a_script_answers_in_words_and_signs_off(run: Run, drawn: Path) -> None:
    case = cases_of(drawn, "ann")[0]
    assert all(answer["saved"] for answer in script(run, drawn, "ann", *whole(case)))


@pytest.mark.parametrize(("question", "mark", "why"), [
    ("n1", "twelve", "a plain number"), ("n1", "1e9999", "a plain number"), ("d1", "28/02/2026", "a date such as"),
    ("d1", "2026-02-30", "a date such as"), ("c1", "stronger", "strong"), ("c1", "weak", "not allowed"),
    ("s1", "sound", "is not an answer"), ("t1", "x", "is not asked"), ("d1", " ", "a date such as"),
])
def test_an_answer_of_the_wrong_form_is_refused_with_the_right_one(
    run: Run, drawn: Path, question: str, mark: str, why: str
) -> None:
    case = cases_of(drawn, "ann")[0]
    answer = script(run, drawn, "ann", {"case": case, "question": question, "mark": mark})[0]
    assert not answer["saved"] and why in str(answer["why"])


def test_a_blank_text_is_no_answer_and_a_required_one_stops_the_sign_off(run: Run, drawn: Path) -> None:
    case = cases_of(drawn, "ann")[0]
    lines = [line for line in whole(case) if line.get("question") != "t1"]
    blank_one = {"case": case, "question": "t1", "mark": " "}
    blank, *_, signed = script(run, drawn, "ann", lines[0], blank_one, *lines[1:])[1:]
    assert not blank["saved"] and "blank" in str(blank["why"])
    assert not signed["saved"] and "t1" in str(signed["why"]) and "n1" not in str(signed["why"])


def test_plain_mode_takes_words_numbers_dates_and_choices(run: Run, drawn: Path) -> None:
    case = cases_of(drawn, "ann")[0]
    answers = ("2", "The reply is missing.", "", ".Left open", ".twelve", ".12.5", ".2026-02-28", "2", ".In a word",
               "s", case, "q")
    typed = "".join(f"{answer}\n" for answer in answers)
    ran: Ran = run("assess", case, "--sample", "march", "--as", "ann", "--plain", typed=typed, folder=drawn)
    assert "must be a plain number" in ran.out and "sound, saved" in ran.out
    assert "Signed off" in ran.out, ran.out


def test_plain_mode_offers_an_optional_question_once_and_n_goes_on(run: Run, drawn: Path) -> None:
    case = cases_of(drawn, "ann")[0]
    typed = f"1\nn\n.2026-02-28\n2\ns\n{case}\nq\n"
    ran = run("assess", case, "--sample", "march", "--as", "ann", "--plain", typed=typed, folder=drawn)
    assert ran.out.count("It may be left open: Enter alone, or n, goes on.") == 1 and "n1. How many days" in ran.out
    assert "Signed off" in ran.out, ran.out


def test_only_questions_on_a_scale_score_and_are_reported_the_rest_is_exported(run: Run, drawn: Path) -> None:
    for person in ("ann", "bob", "cat"):
        for case in cases_of(drawn, person):
            script(run, drawn, person, *whole(case))
    rows = json.loads(run("export", "march", "--json", folder=drawn).out)["rows"]
    words = {row["question"]: (row["mark"], row["points"]) for row in rows if row["question"] != "s1"}
    assert words == {"t1": (LONG, None), "n1": ("12.5", None), "d1": ("2026-02-28", None), "c1": ("sound", None),
                     "t2": ("=1+1", None)}
    report = run("report", "march", "--json", folder=drawn)
    assert report.code == 0, report.err
    assert [one["question"] for one in json.loads(report.out)["results"]] == ["s1"]
    assert run("verify", "march", folder=drawn).code == 0


def test_the_books_hold_every_answer_in_words_whole(run: Run, drawn: Path) -> None:
    for case in cases_of(drawn, "ann"):
        script(run, drawn, "ann", *whole(case))
    for person in ("bob", "cat"):
        for case in cases_of(drawn, person):
            script(run, drawn, person, *whole(case))
    assert run("report", "march", folder=drawn).code == 0
    book = load_workbook(drawn / "samples" / "march" / "books" / "ann.xlsx")
    told = {str(row[1]): row for row in book["My marks"].iter_rows(values_only=True) if row[1]}
    assert told["t2"][3] == "=1+1" and told["n1"][3] == "12.5" and told["c1"][4] == "not scored"
    case = str(told["t1"][0])
    parts = [str(row[3]) for row in book["My marks"].iter_rows(values_only=True) if row[:2] == (case, "t1")]
    assert len(parts) > 1 and "".join(part.removeprefix("(continued) ") for part in parts).split() == LONG.split()
    assert all(cell.data_type != "f" for row in book["My marks"].iter_rows() for cell in row)
