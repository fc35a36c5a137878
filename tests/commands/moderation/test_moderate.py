"""`cqa moderate`: agreed marks beside the originals, by those who may and not before they may."""

import json
from pathlib import Path
from typing import Any

import pytest

from cqa.commands.records import read_record
from cqa.files.journal import read_journal
from cqa.files.sample_folder import open_sample
from cqa.files.workspace import find_workspace
from tests.casework import Run
from tests.commands.shared_cases import ALL, by_script, marked_apart, moderate, shown, signs, twice_marked
from tests.screen.test_script import assess

LOWER = {"q1": "not_met", "q3": "partly_met"}
BETWEEN = {**ALL, "q2": "partly_met"}


@pytest.fixture
def apart(run: Run, sample: Path) -> str:
    """A case of which the markers, ann and bob, differ on q2 alone."""
    place = next(place for place, case in enumerate(twice_marked(run, sample)) if case["reviewer"] == "ann")
    case_id, *markers = marked_apart(run, sample, place, ALL, BETWEEN)
    assert markers == ["ann", "bob"]
    return case_id


def agreeing(case: str, **more: object) -> dict[str, object]:
    return {"case": case, "question": "q2", "agreed": "partly_met", "cause": "fact_missed",
            "reason": "one finding names no evidence", **more}


def queue(run: Run, sample: Path, *options: str, who: str = "lee") -> dict[str, Any]:
    ran = moderate(run, sample, "--json", *options, who=who)
    assert ran.code == 0, ran.err
    told: dict[str, Any] = json.loads(ran.out)
    return told


def test_a_script_agrees_and_settles_and_the_originals_stay(run: Run, sample: Path, apart: str) -> None:
    before = {path.name: path.read_bytes() for path in (sample / "marks").iterdir()}
    code, answers = by_script(run, sample, agreeing(apart, change_rubric=True), {"case": apart, "do": "settle"})
    assert code == 0
    assert answers == [{"saved": True, "case": apart, "question": "q2", "event": answers[0]["event"], "due": []},
                       {"saved": True, "case": apart, "do": "settle", "event": answers[1]["event"], "due": []}]
    assert {path.name: path.read_bytes() for path in (sample / "marks").iterdir()} == before
    (journal,) = (sample / "moderation").iterdir()
    lines = read_journal(journal).lines
    assert [line["kind"] for line in lines] == ["opened", "agreed", "settled"]
    assert {key: lines[1][key] for key in ("agreed", "cause", "reason", "change_rubric", "purpose")} == {
        "agreed": "partly_met", "cause": "fact_missed", "reason": "one finding names no evidence",
        "change_rubric": True, "purpose": "moderation"}
    (settled,) = queue(run, sample)["settled"]
    assert (settled["case"], settled["by"], settled["amended_since"]) == (apart, "lee", False)
    (question,) = settled["questions"]
    assert {mark["reviewer"]: (mark["mark"], mark["apart"]) for mark in question["marks"]} == {
        "ann": ("fully_met", -1), "bob": ("partly_met", 0)}
    assert run("verify", "march", folder=sample.parent.parent).code == 0


def test_the_queue_says_how_far_apart_and_neither_who_nor_what(run: Run, sample: Path, apart: str) -> None:
    told = queue(run, sample)
    assert told["queue"] == [{"case": apart, "differs": 1, "apart": 1, "furthest": 1, "critical": False, "agreed": 0,
                              "settled": False, "amended_since": False}]
    assert told["settled"] == [] and told["waiting"] == 5 and told["own"] == 0
    text = json.dumps(told)
    assert not any(word in text for word in ("ann", "bob", "partly_met", "fully_met"))
    human = moderate(run, sample).out
    assert apart in human and "5 cases wait until everyone who marks it has signed it off." in human
    assert f"cqa moderate {apart} --sample march" in human and "bob" not in human
    assert not (sample / "moderation").exists(), "looking leaves nothing behind"


def test_cases_with_a_critical_question_come_first_and_all_lists_what_does_not_differ(run: Run, sample: Path) -> None:
    cases = [marked_apart(run, sample, place, ALL, other)[0]
             for place, other in enumerate((ALL, BETWEEN, LOWER))]
    told = queue(run, sample)["queue"]
    assert [(one["case"], one["critical"], one["differs"], one["furthest"]) for one in told] == [
        (cases[2], True, 3, 2), (cases[1], False, 1, 1)]
    assert [one["case"] for one in queue(run, sample, "--all")["queue"]] == [cases[2], cases[0], cases[1]]


def test_a_case_that_was_amended_since_is_told_and_comes_back(run: Run, sample: Path, apart: str) -> None:
    by_script(run, sample, agreeing(apart), {"case": apart, "do": "settle"})
    assert queue(run, sample)["queue"] == []
    line = {"case": apart, "question": "q2", "mark": "fully_met"}
    amended = run("amend", apart, "--sample", "march", "--as", "bob", "--reason", "page 9", "--script", "-",
                  typed="\n".join(map(json.dumps, (line, {"case": apart, "do": "sign_off"}))) + "\n",
                  folder=sample.parent.parent)
    assert amended.code == 0, amended.err
    told = queue(run, sample)
    assert told["queue"][0]["amended_since"] is True and told["settled"][0]["amended_since"] is True
    human = " ".join(moderate(run, sample).out.split())
    assert "not begun" not in human and "1 case settled, of which 1 was amended since." in human
    assert "amended since it" in human


def test_every_refusal_has_its_code_the_script_goes_on_and_the_exit_tells(run: Run, sample: Path, apart: str) -> None:
    once = next(str(case["case_id"]) for case in shown(run, sample)
                if case["role"] == "main" and not case["second_reviewer"])
    unsigned = next(str(case["case_id"]) for case in twice_marked(run, sample) if case["case_id"] != apart)
    reserve = next(str(case["case_id"]) for case in shown(run, sample) if case["role"] == "reserve")
    code, answers = by_script(
        run, sample,
        "no JSON", {"case": "nowhere", "do": "settle"}, agreeing(apart, question="q9"),
        agreeing(apart, agreed="partly"), agreeing(apart, cause="guess"),
        agreeing(apart, note="x"), agreeing(apart, change_rubric="yes"),
        {"case": apart, "do": "dance"}, agreeing(once), agreeing(unsigned), agreeing(reserve),
        agreeing(apart, reason=""), agreeing(apart, cause=None), {"case": apart, "do": "settle"},
        {"case": apart, "do": "settle", "question": "q2"}, {"case": apart, "do": "clear", "question": "q2"},
        agreeing(apart, tolerance=1), {"question": "q2"}, {"case": apart, "question": "q2"}, "", agreeing(apart))
    assert code == 3
    assert [answer.get("code") for answer in answers] == [
        "not_json", "unknown_case", "unknown_question", "unknown_level", "unknown_cause", "unknown_action",
        "unknown_action", "unknown_action", "marked_once", "not_all_signed", "gone", "agreed_reason_missing",
        "cause_missing", "still_differs", "unknown_action", "nothing_agreed", "bad_tolerance", "unknown_action",
        "unknown_action", None]
    assert all(answer["why"] for answer in answers[:-1]) and answers[-1]["saved"] is True
    assert "Did you mean partly_met?" in str(answers[3]["why"])
    assert by_script(run, sample, agreeing(apart), {"case": apart, "do": "unsettle", "reason": "x"})[0] == 4
    assert by_script(run, sample, agreeing(apart))[0] == 0


def test_nobody_moderates_what_they_marked_or_handled_or_are_still_to_mark(run: Run, sample: Path, apart: str) -> None:
    rest = [case for case in twice_marked(run, sample) if case["case_id"] != apart]
    anns = next(case for case in rest if case["handler"] == "ann")
    case, first, second = (str(anns[key]) for key in ("case_id", "reviewer", "second_reviewer"))
    signs(run, sample, case, first, {"q1": "fully_met", "q2": "fully_met"}, "N")
    files = {path.name for path in sample.rglob("*")}
    for who, what, code in (("ann", apart, "J030"), ("BOB", apart, "J030"), ("ann", case, "S061"),
                            (second, case, "S060"), (first, case, "J030"), ("lee", case, "J031")):
        ran = moderate(run, sample, what, who=who)
        assert (ran.code, ran.err.split()[0]) == (4, code), (who, ran)
        lines = by_script(run, sample, agreeing(what), who=who)
        assert lines[0] == 4 and lines[1][0]["saved"] is False
    assert moderate(run, sample, "nowhere").code == 2
    assert {path.name for path in sample.rglob("*")} - files <= {"moderation"} | {
        path.name for path in (sample / "moderation").iterdir()}


def test_a_once_marked_case_holds_nothing_to_compare_for_reference_marks_either(run: Run, sample: Path) -> None:
    once = next(str(case["case_id"]) for case in shown(run, sample)
                if case["role"] == "main" and not case["second_reviewer"])
    for options in ((), ("--reference",)):
        ran = moderate(run, sample, once, *options)
        assert ran.code == 4 and ran.err.startswith("J032") and "no second marker" in ran.err
    assert not (sample / "moderation").exists()


def test_whoever_is_still_to_mark_a_case_sees_neither_its_queue_nor_its_marks(run: Run, sample: Path) -> None:
    case_id, first, second = marked_apart(run, sample, 0, ALL, BETWEEN)
    by_script(run, sample, agreeing(case_id), {"case": case_id, "do": "settle"})
    third = next(name for name in ("ann", "bob", "cat") if name not in (first, second))
    given = run("assign", case_id, "--to", third, "--turn", "second", "--reason", "on leave", "--as", "lee", "--sample",
                "march", folder=sample.parent.parent)
    if given.code == 0:
        for options in ((), ("--all",), ("--json",), ("--all", "--json")):
            ran = moderate(run, sample, *options, who=third)
            assert ran.code == 0 and case_id not in ran.out and "partly" not in ran.out
    # As long as one of two has not signed, neither of them and nobody else sees a thing.
    other, one, two = next(
        (str(case["case_id"]), str(case["reviewer"]), str(case["second_reviewer"]))
        for case in twice_marked(run, sample) if case["case_id"] != case_id)
    signs(run, sample, other, one, ALL)
    for who in (one, two, "lee"):
        for options in ((), ("--all",), ("--json",), ("--all", "--json")):
            ran = moderate(run, sample, *options, who=who)
            assert ran.code == 0 and other not in ran.out + ran.err


def test_own_cases_are_counted_and_not_listed(run: Run, sample: Path, apart: str) -> None:
    told = queue(run, sample, "--all", who="ann")
    assert told["queue"] == [] and told["own"] == 5
    assert "5 cases that you marked yourself, or that shows your work: for somebody else." in moderate(
        run, sample, who="ann").out


def test_reference_marks_have_a_queue_of_their_own_and_take_what_all_gave(run: Run, sample: Path, apart: str) -> None:
    (one,) = queue(run, sample, "--reference")["queue"]
    assert one["case"] == apart
    code, answers = by_script(
        run, sample, {"case": apart, "do": "settle"},
        {"case": apart, "question": "q2", "agreed": "partly_met", "tolerance": 1}, {"case": apart, "do": "settle"},
        options=("--reference",))
    assert code == 4 and [answer["saved"] for answer in answers] == [False, True, True]
    record = read_record(open_sample(find_workspace(sample), "march"))
    reference = record.moderations.of(apart, "reference")
    assert reference.settled
    assert {name: (agreed.mark, agreed.tolerance) for name, agreed in reference.agreed.items()} == {
        "q1": ("fully_met", 0), "q2": ("partly_met", 1), "q3": ("fully_met", 0)}
    assert not record.moderations.of(apart, "moderation").settled
    assert queue(run, sample)["queue"] and not queue(run, sample, "--reference")["queue"]


def test_two_moderators_who_agreed_apart_are_told_and_one_gives_it_once_more(
    run: Run, laptop: Run, sample: Path, apart: str
) -> None:
    journals = sample / "moderation"
    by_script(run, sample, agreeing(apart))
    mine = {path: path.read_bytes() for path in journals.iterdir()}
    for path in mine:
        path.unlink()
    by_script(laptop, sample, agreeing(apart, agreed="fully_met"), {"case": apart, "do": "settle"}, who="kim")
    for path, content in mine.items():
        path.write_bytes(content)
    code, answers = by_script(run, sample, {"case": apart, "do": "settle"}, agreeing(apart),
                              {"case": apart, "do": "settle"})
    assert code == 4 and [answer["saved"] for answer in answers] == [False, True, True]
    assert queue(run, sample)["settled"][0]["by"] == "lee"


def test_a_mark_in_another_window_is_looked_at_under_the_lock(run: Run, sample: Path, apart: str) -> None:
    # The event of a sign-off that counts is what a settling is over.
    by_script(run, sample, agreeing(apart), {"case": apart, "do": "settle"})
    record = read_record(open_sample(find_workspace(sample), "march"))
    assert set(record.moderations.of(apart, "moderation").over) == {
        one.assessment.signed_id for one in record.of_case(apart)}


def test_an_unreadable_script_is_a_sentence(run: Run, sample: Path) -> None:
    ran = moderate(run, sample, "--script", "nowhere.jsonl")
    assert ran.code == 3 and ran.err.startswith("nowhere.jsonl J010")


def test_marks_in_hostile_words_are_made_visible(run: Run, sample: Path, apart: str) -> None:
    code, answers = by_script(run, sample, agreeing(apart, cause="\x1b[2J"), agreeing(apart, reason="=1+1\u202e"))
    assert code == 3 and answers[1]["saved"] is True
    assert assess(run, sample, {"case": apart, "do": "flag"}, who="ann")[1][0]["code"] == "signed_off"


def test_the_tolerance_of_reference_marks_is_what_the_settings_say(run: Run, sample: Path, apart: str) -> None:
    (sample.parent.parent / "cqa.yaml").write_text("calibration: {rate: 5%, tolerance: {q2: 1}}\n", encoding="utf-8")
    by_script(run, sample, {"case": apart, "question": "q2", "agreed": "partly_met"}, {"case": apart, "do": "settle"},
              options=("--reference",))
    record = read_record(open_sample(find_workspace(sample), "march"))
    agreed = record.moderations.of(apart, "reference").agreed
    assert {name: one.tolerance for name, one in agreed.items()} == {"q1": 0, "q2": 1, "q3": 0}


def test_marks_for_calibration_have_no_part_in_agreeing(run: Run, sample: Path, apart: str) -> None:
    given = run("assign", apart, "--turn", "calibration", "--to", "cat", "--reason", "to calibrate", "--as", "lee",
                "--sample", "march", folder=sample.parent.parent)
    assert given.code == 0, given.err
    assert moderate(run, sample, apart).code == 4, "not everyone has signed"
    signs(run, sample, apart, "cat", {**ALL, "q1": "not_met", "q3": "partly_met"} | {"q2": "fully_met"})
    assert queue(run, sample)["queue"][0]["differs"] == 1
    ran = moderate(run, sample, apart, "--plain", typed="q\n")
    assert "C:" not in ran.out and "because cat" not in ran.out
