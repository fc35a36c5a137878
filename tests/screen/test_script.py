"""The script: one JSON line in, one answer out, and only once it is on disk."""

import io
import json
from pathlib import Path

import pytest

from cqa.screen.script import utf8_lines
from tests.casework import Run


def cases_of(sample: Path, reviewer: str) -> list[str]:
    mains = {line.split(",")[0] for line in (sample / "cases.csv").read_text(encoding="utf-8").splitlines()
             if ",main," in line}
    lines = (sample / "assignments.csv").read_text(encoding="utf-8").splitlines()
    return [line.split(",")[0] for line in lines if line.split(",")[1] == reviewer and line.split(",")[0] in mains]


def assess(run: Run, sample: Path, *lines: object, who: str = "ann") -> tuple[int, list[dict[str, object]]]:
    typed = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    ran = run("assess", "--sample", "march", "--as", who, "--script", "-", typed=typed, folder=sample.parent.parent)
    return ran.code, [json.loads(line) for line in ran.out.splitlines()]


def test_a_mark_is_answered_with_its_event_and_what_is_due(run: Run, sample: Path) -> None:
    case = cases_of(sample, "ann")[0]
    code, answers = assess(run, sample, {"case": case, "question": "q1", "mark": "not_met", "reason": "so"})
    assert code == 0
    assert answers == [{"saved": True, "case": case, "question": "q1", "event": answers[0]["event"],
                        "due": ["evidence"]}]
    assert str(answers[0]["event"]).startswith("ann.")


def test_every_refusal_has_its_code_and_the_script_goes_on(run: Run, sample: Path) -> None:
    mine, other = cases_of(sample, "ann"), cases_of(sample, "bob")
    theirs = next(case for case in other if case not in mine)
    case = mine[0]
    code, answers = assess(
        run, sample,
        {"case": "nowhere", "question": "q1", "mark": "fully_met"},
        {"case": theirs, "question": "q1", "mark": "fully_met"},
        {"case": case, "question": "q9", "mark": "fully_met"},
        {"case": case, "question": "q1", "mark": "great"},
        {"case": case, "question": "q1", "mark": "does_not_apply"},
        {"case": case, "question": "q2", "mark": "fully_met"},
        {"case": case, "do": "sign_off"},
        {"case": case, "do": "dance"},
        {"case": 12, "question": "q1", "mark": "fully_met"},
        {"question": "q1", "mark": "fully_met"},
        {"case": case, "question": "q1", "mark": "fully_met", "reason": 5},
        "",
        {"case": case, "question": "q1", "mark": "fully_met"},
    )
    assert code == 0
    assert [answer.get("code") for answer in answers] == [
        "unknown_case", "not_assigned", "unknown_question", "unknown_level", "forbidden_answer", "gate_closed",
        "not_finished", "unknown_action", "unknown_action", "unknown_action", "unknown_action", None]
    assert all(answer["why"] for answer in answers[:-1]) and answers[-1]["saved"] is True


@pytest.mark.parametrize("line", ["nope", "[1]", '"text"', "{", "[" * 50_000, '{"case": NaN}', '{"case": -Infinity}'])
def test_a_line_that_is_no_json_object_is_exit_3_and_the_rest_is_still_read(
    run: Run, sample: Path, line: str
) -> None:
    case = cases_of(sample, "ann")[0]
    code, answers = assess(run, sample, line, {"case": case, "do": "flag"})
    assert code == 3 and answers[0]["code"] == "not_json" and answers[1]["saved"] is True


def test_marking_goes_on_where_it_stopped(run: Run, sample: Path) -> None:
    case = cases_of(sample, "ann")[0]
    assess(run, sample, {"case": case, "question": "q1", "mark": "fully_met"})
    code, answers = assess(run, sample, {"case": case, "question": "q2", "mark": "fully_met"})
    assert code == 0 and answers[0]["saved"] is True
    journals = list((sample / "marks").iterdir())
    assert len(journals) == 1 and journals[0].read_text(encoding="utf-8").count('"kind":"opened"') == 2


def test_a_whole_case_costs_one_line_a_question_and_the_sign_off(run: Run, sample: Path) -> None:
    rows = [line.split(",") for line in (sample / "cases.csv").read_text(encoding="utf-8").splitlines()]
    case = next(row[0] for row in rows if row[-1] == "" and row[0] in cases_of(sample, "ann"))
    facts = [{"case": case, "fact": "child", "value": "Y"}]
    lines = [{"case": case, "question": question, "mark": "fully_met"} for question in ("q1", "q2", "q3")]
    _, answers = assess(run, sample, *facts, *lines, {"case": case, "do": "sign_off"},
                        {"case": case, "question": "q1", "mark": "not_met"})
    assert [answer["saved"] for answer in answers[1:5]] == [True] * 4 and answers[5]["code"] == "signed_off"


def test_undo_brings_the_mark_before_back(run: Run, sample: Path) -> None:
    case = cases_of(sample, "ann")[0]
    assess(run, sample, {"case": case, "question": "q1", "mark": "fully_met"},
           {"case": case, "question": "q1", "mark": "not_met"}, {"case": case, "do": "undo"})
    rows = json.loads(run("export", "march", "--json", folder=sample.parent.parent).out)["rows"]
    assert [(row["question"], row["mark"]) for row in rows] == [("q1", "fully_met")]


def test_only_reviewers_of_the_sample_may_mark(run: Run, sample: Path) -> None:
    code, answers = assess(run, sample, {"case": "x", "do": "flag"}, who="anne")
    assert code == 2 and answers == []


def test_a_second_marker_meets_nothing_of_the_first(run: Run, sample: Path) -> None:
    secret = "the first marker's own words"
    shared = next(case for case in cases_of(sample, "ann")
                  if any(case in cases_of(sample, other) for other in ("bob", "cat")))
    second = next(other for other in ("bob", "cat") if shared in cases_of(sample, other))
    assess(run, sample, {"case": shared, "question": "q1", "mark": "not_met", "reason": secret, "evidence": secret})
    ran = run("assess", shared, "--sample", "march", "--as", second, "--plain", typed="Y\nl\nd\ng\ni\nq\n",
              folder=sample.parent.parent)
    assert secret not in ran.out + ran.err and "1. q1: no mark yet" in ran.out
    run("report", "march", folder=sample.parent.parent)
    assert secret.encode() not in (sample / "books" / f"{second}.xlsx").read_bytes()


def test_bytes_that_are_not_utf8_become_what_the_session_refuses() -> None:
    stream = io.TextIOWrapper(io.BytesIO(b'{"a": "\xff"}\n{"b": "\xc3\xa9"}\n'), encoding="ascii")
    assert list(utf8_lines(stream)) == ['{"a": "\udcff"}\n', '{"b": "\u00e9"}\n']


@pytest.mark.parametrize("line", [
    '{"case": "C", "question": "q1", "mark": "fully_met", "fact": "child", "value": "Y"}',
    '{"case": "C", "question": "q1", "mark": "fully_met", "do": "flag"}',
    '{"case": "C", "question": "q1", "do": "undo"}',
    '{"case": "C", "question": "q1", "mark": "fully_met", "do": "clear"}',
    '{"case": "C", "fact": "child", "value": "Y", "reason": "why"}',
    '{"case": "C", "question": "q1", "mark": "fully_met", "mark": "not_met"}',
    '{"case": "C", "question": "q1", "mark": "fully_met", "reson": "why"}',
    '{"case": "C", "question": "q1", "mark": null}',
    '{"case": "C", "do": "clear"}',
    '{"case": "C", "reason": "why"}',
    '{}',
])
def test_a_line_that_asks_for_two_things_or_an_unknown_one_does_nothing(run: Run, sample: Path, line: str) -> None:
    case = cases_of(sample, "ann")[0]
    code, answers = assess(run, sample, line.replace('"C"', f'"{case}"'), {"case": case, "do": "undo"})
    assert code == 0 and [answer["code"] for answer in answers] == ["unknown_action", "nothing_to_undo"]
    assert answers[0]["why"]


def test_a_byte_order_mark_before_the_first_line_is_ignored(run: Run, sample: Path) -> None:
    case = cases_of(sample, "ann")[0]
    (sample.parent.parent / "bom.jsonl").write_bytes(
        b"\xef\xbb\xbf" + json.dumps({"case": case, "do": "flag"}).encode() + b"\r\n")
    ran = run("assess", "--as", "ann", "--script", "bom.jsonl", folder=sample.parent.parent)
    assert ran.code == 0 and json.loads(ran.out)["saved"] is True
