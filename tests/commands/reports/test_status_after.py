"""Status says what waits after the marks: further marks, moderation, feedback, decisions that were not carried out."""

import json
from pathlib import Path

import pytest

from tests.casework import Run
from tests.commands.handlers.test_feedback_reply import filled, put, reply
from tests.commands.marked_twice import Case, all_signed, mains, script, settle, sign_off
from tests.fed_back import SHEET, feedback


@pytest.fixture
def root(sample: Path) -> Path:
    return sample.parent.parent


def said(run: Run, root: Path, *words: str) -> str:
    ran = run("status", *words, folder=root)
    assert ran.code == 0, ran.err
    return " ".join(ran.out.split())


def fit_for_feedback(run: Run, root: Path) -> Case:
    """A case marked once, of a handler who marks nothing."""
    return next(case for case in mains(run, root)
                if not case["second_reviewer"] and case["handler"] not in ("ann", "bob", "cat"))


def test_further_marks_are_counted_among_what_is_owed(run: Run, root: Path) -> None:
    all_signed(run, root)
    assert "Nothing is still to be signed off." in said(run, root)
    assert run("assign", "--dip", "2", "--to", "yve", "--reason", "check", "--as", "lead", folder=root).code == 0
    told = said(run, root)
    assert "0 of 2 further marks." in told and "Still to be signed off: yve 2." in told
    assert "Still to be signed off: yve 2." in said(run, root, "--mine", "--as", "yve")
    assert "yve" not in said(run, root, "--mine", "--as", "ann")
    further = json.loads(run("status", "--json", folder=root).out)["further"]
    assert further == [{"sample": "march", "reviewer": "yve", "due": 2, "signed": 0}]


def test_what_is_to_be_moderated_is_a_sentence_until_it_is_settled(run: Run, root: Path) -> None:
    differ = all_signed(run, root)
    assert "To moderate: 3 of 3 cases whose markers differ." in said(run, root)
    settle(run, root, differ[0])
    assert "To moderate: 2 of 3 cases whose markers differ." in said(run, root)
    assert "To moderate" not in said(run, root, "--reviewer", "ann")
    for case_id in differ[1:]:
        settle(run, root, case_id)
    assert "To moderate" not in said(run, root)


def test_what_was_decided_stays_in_sight_until_it_is_done(run: Run, root: Path) -> None:
    all_signed(run, root)
    sample, case = root / "samples" / "march", fit_for_feedback(run, root)
    case_id, who = str(case["case_id"]), str(case["reviewer"])
    before = said(run, root)
    assert "Feedback to give: " in before and "written and not given" not in before
    feedback(run, sample, case, *SHEET)
    assert f"Sheets of feedback written and not given: {case_id}." in said(run, root)
    feedback(run, sample, case, "--given", "today", "--how", "in person")
    assert "written and not given" not in said(run, root)
    reply(run, sample, case, filled(sample, case, put(D5="Disagree", E5="It is on page 4.")))
    assert f"Disputed marks to decide on: {case_id} q1." in said(run, root)
    feedback(run, sample, case, "--decide", "q1=change", "--reason", "They are right.")
    told = said(run, root)
    assert "Disputed marks" not in told
    assert f"Marks to change by amendment, as was decided: {case_id} q1 ({who})." in told
    texts = {"reason": "The letter was late.", "evidence": "page 4"}
    script(run, root, "amend", [{"case": case_id, "question": "q1", "mark": "partly_met", **texts},
                                {"case": case_id, "do": "sign_off"}], case_id, "--sample", "march", "--as", who,
           "--reason", "the handler is right")
    told = said(run, root)
    assert "to change by amendment" not in told
    assert f"The marks changed since the sheet of feedback was written: {case_id}." in told


def test_a_low_result_calls_for_a_second_look_once_and_only_in_its_period(run: Run, root: Path) -> None:
    case = fit_for_feedback(run, root)
    sign_off(run, root, case["case_id"], case["reviewer"], "not_met")
    call = f"1 case in march calls for a second look, because the overall result is low: {case['case_id']}."
    assert call in said(run, root) and call in said(run, root, "--period", "2026-03")
    assert "second look" not in said(run, root, "--period", "2025")
    run("assign", str(case["case_id"]), "--turn", "triggered", "--trigger", "low_overall", "--to", "dee", "--reason",
        "low", "--as", "lead", folder=root)
    assert "second look" not in said(run, root)
