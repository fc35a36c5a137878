"""The three questions that end a trial's case are passed on the way, may be left out, and count for nothing else."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from cqa.files.sample_folder import read_sample
from cqa.marking.view import next_open, view_case
from cqa.rubric.model import Rubric
from cqa.rubric.scoring import result_of
from cqa.rubric.trial_questions import TRIAL_QUESTIONS, with_trial_questions
from tests.casework import RUBRIC, Run
from tests.screen.desk_at import SIZES, WIDE, AtDesk, built
from tests.trialled import arm_of, cases_in, designed, lines_for, marked, order_of, scripted

WORDS = "Question two, for the file says two things."


@pytest.fixture
def root(run: Run, workspace: Path) -> Path:
    designed(run, workspace, cases=8)
    return workspace


@pytest.fixture
def rubric() -> Rubric:
    """The small rubric as it is asked in a trial."""
    return with_trial_questions(built())


def own_case(root: Path, who: str = "ann") -> str:
    return cases_in(root / "samples", order_of(root / "samples", who)[0], who)[0]


def test_at_the_full_screen_they_follow_the_last_question_and_right_passes_each(rubric: Rubric) -> None:
    desk = AtDesk(rubric).at("c3").press("1", "1")
    for name in TRIAL_QUESTIONS:
        assert desk.desk.at == name and "Right go on without an answer" in desk.flowing()
        assert "ABOUT THIS FORM" in desk.screen() and "may be left open" in desk.screen()
        desk.check_filled()
        desk.press("right")
    assert desk.desk.at == "" and "but those that may be left open. S signs the case off" in desk.flowing()
    desk.press("s").type("c3")
    assert desk.kinds[-1] == "signed_off"


def test_at_the_full_screen_words_are_kept_and_an_empty_box_passes(rubric: Rubric) -> None:
    desk = AtDesk(rubric).at("c3").press("1", "1", "enter").type(WORDS)
    assert desk.desk.at == "trial_unseen" and desk.marks["trial_hardest"] == WORDS
    desk.press("enter").type("  ")
    assert desk.desk.at == "trial_change" and "trial_unseen" not in desk.marks
    desk.press("left", "left")
    for size in SIZES[:3]:
        assert WORDS.partition(",")[0] in desk.flowing(size)
        desk.check_filled()
    assert f"Your mark: {WORDS}" in desk.flowing(WIDE)
    desk.press("u")
    assert "trial_hardest" not in desk.marks


def test_they_count_among_the_questions_and_never_among_what_is_left(rubric: Rubric) -> None:
    desk = AtDesk(rubric).at("c3")
    assert [question.id for question in desk.desk.case.questions] == ["q1", *TRIAL_QUESTIONS]
    assert desk.desk.case.left == 1
    desk.press("1")
    assert "question 2/5" in desk.screen() and desk.desk.case.left == 1
    desk.press("1")
    case = view_case(desk.desk.state, "c3")
    assert (case.left, case.standing.unanswered, case.standing.finished) == (0, (), True)
    assert next_open(desk.desk.state, "c3") == "" and next_open(desk.desk.state, "c3", optional=True) == "trial_hardest"
    assert "questions 5 " in desk.flowing(WIDE) and "marked 2 " in desk.flowing(WIDE)


def test_they_are_part_of_no_score_no_band_and_no_rule() -> None:
    counted = "    - {band: Counted, when: {count: {levels: [not_met], at_least: 1}}}\n"
    text = RUBRIC.replace("    - {band: Fine,", f"{counted}    - {{band: Fine,")
    plain, asked = built(text), with_trial_questions(built(text))
    marks = {"q1": "fully_met", "q2": "fully_met"}
    words = {**marks, "trial_hardest": "not_met", "trial_unseen": "not_met", "trial_change": "fully_met"}
    assert result_of(asked, words, {}) == result_of(plain, marks, {})
    assert result_of(asked, words, {}).band == "Fine", "words that are a level's id are no mark"
    assert result_of(asked, {**marks, "q2": "not_met"}, {}).band == "Counted"


def test_line_by_line_enter_alone_passes_them_and_words_after_a_full_stop_are_kept(run: Run, root: Path) -> None:
    case = own_case(root)
    ran, _ = scripted(run, root, "ann", *lines_for([case], sign=False))
    assert ran.code == 0
    typed = f".{WORDS}\n\n\ns\n{case}\nq\n"
    ran = run("assess", case, "--as", "ann", "--plain", typed=typed, folder=root)
    assert ran.out.count("It may be left open: Enter alone, or n, goes on.") == 3, ran.out
    assert ran.out.index("trial_hardest.") < ran.out.index("trial_unseen.") < ran.out.index("trial_change.")
    assert "0 left." in ran.out and "Signed off" in ran.out
    rows = json.loads(run("export", "--json", folder=root).out)["rows"]
    assert [row["mark"] for row in rows if row["question"] in TRIAL_QUESTIONS] == [WORDS]


def test_a_script_gives_and_takes_their_words_and_a_blank_is_no_answer(run: Run, root: Path) -> None:
    case = own_case(root)
    lines: list[dict[str, Any]] = [
        *lines_for([case], sign=False), {"case": case, "question": "trial_hardest", "mark": WORDS},
        {"case": case, "question": "trial_unseen", "mark": " "},
        {"case": case, "question": "trial_change", "mark": "x"},
        {"case": case, "question": "trial_change", "do": "clear"}, {"case": case, "do": "sign_off"}]
    _, answers = scripted(run, root, "ann", *lines)
    last = answers[-5:]
    assert [one["saved"] for one in last] == [True, False, True, True, True] and last[0]["due"] == []
    assert last[1]["code"] == "unknown_level"


def test_the_rubric_of_the_sample_stays_as_it_was_and_verifies(run: Run, root: Path) -> None:
    marked(run, root, "ann", [own_case(root)])
    for arm in (1, 2):
        folder = arm_of(root / "samples", arm)
        ref = folder.sample.plan.rubric
        assert ref and hashlib.sha256(folder.rubric_bytes()).hexdigest() == ref.sha256
        assert b"trial_hardest" not in folder.rubric_bytes()
    assert run("verify", "pilot-1", "pilot-2", folder=root).code == 0


def test_outside_a_trial_nobody_is_asked_them(run: Run, sample: Path) -> None:
    case = next(one.case_id for one in read_sample(sample).sample.assignments if one.reviewer == "ann")
    ran = run("assess", "--sample", "march", "--as", "ann", "--script", "-", typed=json.dumps(
        {"case": case, "question": "trial_hardest", "mark": "x"}) + "\n", folder=sample.parent.parent)
    assert json.loads(ran.out)["code"] == "unknown_question"


def test_two_markers_words_are_nothing_to_moderate_and_stand_on_no_sheet_of_feedback(run: Run, root: Path) -> None:
    arm = order_of(root / "samples", "ann")[0]
    case = own_case(root)
    markers = [one.reviewer for one in arm_of(root / "samples", arm).sample.assignments if one.case_id == case]
    for who in markers:
        before = [one for other in order_of(root / "samples", who) for one in cases_in(root / "samples", other, who)]
        cases = before[:before.index(case) + 1] if case in before else before
        said = [{"case": case, "question": name, "mark": f"Words of {who}"} for name in TRIAL_QUESTIONS]
        ran, answers = scripted(run, root, who, *lines_for([one for one in cases if one != case]), *said,
                                *lines_for([case]))
        assert ran.code == 0 and answers[-1]["saved"], answers[-1]
    listed = run("moderate", case, "--sample", f"pilot-{arm}", "--as", "zoe", "--script", "-",
                 typed=json.dumps({"case": case, "do": "settle"}) + "\n", folder=root)
    assert json.loads(listed.out)["saved"], listed.out
    ran = run("feedback", case, "--sample", f"pilot-{arm}", "--as", "zoe", "--strength", "Clear.", "--none",
              "All is well.", folder=root)
    assert ran.code == 0, ran.err
    (sheet,) = root.rglob("*.xlsx")
    texts = " ".join(str(cell) for page in load_workbook(sheet) for row in page.iter_rows(values_only=True)
                     for cell in row if cell)
    assert "Words of" not in texts and "hardest" not in texts and "Was it reasoned" in texts


def test_reviewers_books_and_the_report_of_a_sample_hold_them_as_words(run: Run, root: Path) -> None:
    arm, case = order_of(root / "samples", "ann")[0], own_case(root)
    scripted(run, root, "ann", {"case": case, "question": "trial_hardest", "mark": WORDS}, *lines_for([case]))
    ran = run("report", f"pilot-{arm}", "--json", folder=root)
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert not {one["question"] for one in told["results"]} & set(TRIAL_QUESTIONS)
    book = load_workbook(root / "samples" / f"pilot-{arm}" / "books" / "ann.xlsx")
    texts = " ".join(str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row if cell)
    assert WORDS in texts or "held" in texts.casefold()
