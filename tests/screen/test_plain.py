"""Plain mode, typed line by line as a screen reader's user would."""

import json
import re
import sys
from pathlib import Path

import pytest

from tests.casework import DRAW, RUBRIC, Run
from tests.screen.test_script import cases_of


def typed(run: Run, sample: Path, *lines: str, case: str = "") -> tuple[int, str]:
    ran = run("assess", *([case] if case else []), "--sample", "march", "--as", "ann", "--plain",
              typed="".join(f"{line}\n" for line in lines), folder=sample.parent.parent)
    return ran.code, ran.out


def case_with(sample: Path, child: str) -> str:
    rows = [line.split(",") for line in (sample / "cases.csv").read_text(encoding="utf-8").splitlines()]
    return next(row[0] for row in rows[1:] if row[-1] == child and row[0] in cases_of(sample, "ann"))


def test_a_case_is_marked_and_signed_off_by_typing_its_number(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    code, out = typed(run, sample, "2", "late", ".", "1", "s", "wrong", "s", case, "q", case=case)
    assert code == 0
    assert "Partly met, saved 09:" in out and "Reason saved 09:" in out
    assert out.index("Not signed off.") < out.index("Signed off, saved")
    before, _, after = out.partition("Signed off, saved")
    assert "Fine" not in before and "%" not in before and "Fine: 75% of the points" in after


def test_reason_and_evidence_are_asked_for_only_when_due(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    _, out = typed(run, sample, "1", "3", "because", "of this", ".", "page 4", ".", "q", case=case)
    assert "Reason needed. End with" in out and "Evidence needed: the place in the file. End with" in out
    assert out.count("End with an empty line.") == 2
    _, out = typed(run, sample, "l", "q", case=case)
    assert "2. q2: Not met" in out and "due" not in out


def test_back_jump_undo_and_clear_move_as_they_say(run: Run, sample: Path) -> None:
    case = case_with(sample, "Y")
    _, out = typed(run, sample, "1", "b", "3", "a", ".", "b", ".", "u", "u", "j 1", "x", "j 9", "zzz", "q", case=case)
    for told in ("Your mark: Fully met.", "Undone: q1 Not met, now without evidence, saved",
                 "Type j and a number from 1 to", "Mark of q1 cleared, saved",
                 "That is no answer here. Nothing was saved."):
        assert told in out


def test_a_blank_fact_is_asked_once_before_anything_else(run: Run, sample: Path) -> None:
    case = case_with(sample, "")
    _, out = typed(run, sample, "?", "perhaps", "Y", "1", "q", case=case)
    assert "The export does not say: Child victim." in out and "a flag is Y or N" in out
    assert out.index("Child victim: yes, saved") < out.index("q1. Was it right")
    _, again = typed(run, sample, "q", case=case)
    assert "The export does not say" not in again


def test_the_end_of_input_stops_and_keeps_everything(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    code, out = typed(run, sample, "1", case=case)
    assert code == 0 and "Stopped. Kept to" in out
    _, out = typed(run, sample, "q", case=case)
    assert "Question 2 of 2" in out


def test_the_screen_is_plain_ascii(run: Run, sample: Path) -> None:
    _, out = typed(run, sample, "?", "d", "i", "g", "l", "q")
    assert out.isascii() and "\x1b" not in out


def test_a_case_of_someone_else_is_wrong_use(run: Run, sample: Path) -> None:
    theirs = next(case for case in cases_of(sample, "bob") if case not in cases_of(sample, "ann"))
    code, _ = typed(run, sample, case=theirs)
    assert code == 2


def kept(run: Run, sample: Path) -> dict[str, tuple[str, str, str]]:
    """Question to mark, reason and evidence, of all that stands."""
    rows = json.loads(run("export", "march", "--json", folder=sample.parent.parent).out)["rows"]
    return {row["question"]: (row["mark"], row["reason"], row["evidence"]) for row in rows}


def draft_of(sample: Path) -> Path:
    return next((sample / "marks").glob("ann.*.jsonl")).with_suffix(".draft")


@pytest.mark.parametrize("end", ["", "."])
def test_a_text_ends_with_an_empty_line_or_a_full_stop(run: Run, sample: Path, end: str) -> None:
    case = case_with(sample, "N")
    _, out = typed(run, sample, "3", "one", "two", end, "page 4", end, "q", case=case)
    assert kept(run, sample)["q1"] == ("not_met", "one\ntwo", "page 4")
    assert "Not met, saved 09:" in out and ". Reason needed. End with an empty line.\n" in out
    assert out.index("Reason saved") < out.index("Evidence needed: the place in the file. End with an empty line.")
    assert not draft_of(sample).exists()


def test_an_empty_entry_keeps_what_was_written_and_a_hyphen_removes_it(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    _, out = typed(run, sample, "2", "late", "", "j 1", "c", "", "j 1", "e", ".", "q", case=case)
    assert kept(run, sample)["q1"] == ("partly_met", "late", "")
    assert "Reason of q1 until now: late" in out and "a line - removes it" in out and "Reason kept as it was." in out
    _, out = typed(run, sample, "j 1", "c", "-", "q", case=case)
    assert kept(run, sample)["q1"] == ("partly_met", "", "") and "Reason removed" in out and "Reason due." in out


def test_words_after_the_letter_are_the_text(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    typed(run, sample, "1", "j 1", "c the letter was late", "e letter of 3 May", "q", case=case)
    assert kept(run, sample)["q1"] == ("fully_met", "the letter was late", "letter of 3 May")
    typed(run, sample, "j q1", "c -", "q", case=case)
    assert kept(run, sample)["q1"] == ("fully_met", "", "letter of 3 May")


def test_a_text_cut_off_by_the_end_of_input_is_there_next_time(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    _, out = typed(run, sample, "2", "the letter", "came late", case=case)
    assert "Unfinished, and kept as it was: the reason of q1 (case" in out
    if sys.platform != "win32":
        assert draft_of(sample).stat().st_mode & 0o777 == 0o600
    _, out = typed(run, sample, "c", "by a week", "", "q", case=case)
    assert "Reason due: type c." in out and "Unfinished from 09:" in out and "the letter came late" in out
    assert kept(run, sample)["q1"] == ("partly_met", "the letter\ncame late\nby a week", "")
    assert not draft_of(sample).exists()


def test_an_unfinished_text_may_be_taken_as_it_is_or_thrown_away(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    typed(run, sample, "2", "wrong words", case=case)
    _, out = typed(run, sample, "c", "-", "right words", case=case)
    assert "Thrown away." in out
    typed(run, sample, "c", "", "q", case=case)
    assert kept(run, sample)["q1"] == ("partly_met", "right words", "")


def test_a_text_that_is_refused_stays_as_a_draft(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    _, out = typed(run, sample, "2", *["x" * 3_000] * 3, "", "q", case=case)
    assert "8,000 is the most" in out and draft_of(sample).exists() and kept(run, sample)["q1"][1] == ""


def test_a_draft_that_is_not_ours_is_left_out(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    typed(run, sample, "q", case=case)
    for broken in ("[1]", "{", '[{"case": 1}]'):
        draft_of(sample).write_text(broken, encoding="utf-8")
        assert typed(run, sample, "1", "q", case=case)[0] == 0


def test_a_torn_last_line_is_said_before_anything_else(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    typed(run, sample, "1", "q", case=case)
    path = next((sample / "marks").glob("ann.*.jsonl"))
    path.write_bytes(path.read_bytes() + b'{"at":"2026')
    _, out = typed(run, sample, "q", case=case)
    assert out.startswith("Warning. ") and "set aside" in out.splitlines()[0]


def test_the_case_number_may_be_typed_as_it_is_shown(run: Run, workspace: Path) -> None:
    (workspace / "export.csv").write_text("case_id,unit,handler,Child victim\n12  A,U,h1,N\n", encoding="utf-8")
    drawn = run("draw", "export.csv", "--sample", "march", "--id", "case_id", "--take", "1", "--seed", "1" * 20,
                "--rubric", "small.yaml", "--reviewers", "ann", folder=workspace)
    assert drawn.code == 0, drawn.err
    _, out = typed(run, workspace / "samples" / "march", "1", "1", "s", "12 A")
    assert "Case 1 of 1, 12 A." in out and "Signed off, saved" in out


def test_a_case_that_asks_nothing_can_be_left_and_looked_at(run: Run, workspace: Path) -> None:
    text = RUBRIC.replace("    title: Decision\n", "    title: Decision\n    ask_when: {case: {child: true}}\n")
    (workspace / "small.yaml").write_text(text, encoding="utf-8")
    assert run(*DRAW, folder=workspace).code == 0
    sample = workspace / "samples" / "march"
    case = case_with(sample, "N")
    code, out = typed(run, sample, "?", "l", "i", "a", "c", "zzz", "q", case=case)
    assert code == 0 and "asks no question" in out and "Stopped." in out
    assert "No question is asked for this case." in out
    assert out.count("this one") == 1 and "No question is open" in out


def test_letters_work_where_a_fact_is_asked_and_a_fact_can_be_answered_again(run: Run, sample: Path) -> None:
    case = case_with(sample, "")
    code, out = typed(run, sample, "l", "i", "u", "?", "12", "y", "i 1", "n", "i", "i 9", "q", case=case)
    assert code == 0
    for told in ("1. q1: no mark yet", "1. Child victim: not in the export", "Nothing was changed on case",
                 "a flag is Y or N", "Child victim: yes, saved", "until now yes", "Child victim: no, saved",
                 "1. Child victim: no, answered by you", "Type i and a number from 1 to 1."):
        assert told in out, told
    assert "2026-03-31" not in out and "12.5" not in out


def test_a_fact_of_the_export_is_not_asked_again(run: Run, sample: Path) -> None:
    _, out = typed(run, sample, "i 1", "q", case=case_with(sample, "N"))
    assert "Child victim: no. That stands in the export and is not asked." in out


def test_a_fact_in_words_takes_words_and_after_a_full_stop_anything(run: Run, workspace: Path) -> None:
    text = RUBRIC.replace("type: flag", "type: text").replace("{child: true}", "{child: [Crown, q]}")
    (workspace / "small.yaml").write_text(text, encoding="utf-8")
    assert run(*DRAW, folder=workspace).code == 0
    sample = workspace / "samples" / "march"
    case = case_with(sample, "")
    _, out = typed(run, sample, "Crown", "i 1", ".q", "q", case=case)
    assert "Child victim (in words; a single letter after a full stop): " in out
    assert "Child victim: Crown, saved" in out and "Child victim: q, saved" in out


def test_undo_and_redo_say_what_changed_and_go_to_that_question(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    _, out = typed(run, sample, "1", "1", "u", "r", "j 2", "2", "so", "", "u", "u", "f", "u", "x", "q", case=case)
    for told in ("Undone: q2 back from Fully met to no mark, saved", "Done again: q2 from no mark to Fully met, saved",
                 "Undone: q2 Partly met, now without reason", "Undone: q2 back from Partly met to Fully met",
                 "Case flagged, saved", "Undone: the case is not flagged", "Mark of q2 cleared"):
        assert told in out, told
    after_undo = out.split("Undone: q2 back from Fully met to no mark")[1].splitlines()
    assert after_undo[1].startswith("Question 2 of 2") and after_undo[2].startswith("q2.")


def test_with_no_question_open_a_letter_that_needs_one_is_refused(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    _, out = typed(run, sample, "1", "1", "c", "e words", "x", "1", "q", case=case)
    assert out.count("No question is open: go to the one you mean") == 3
    assert "No question is open, so nothing was saved." in out
    assert kept(run, sample) == {"q1": ("fully_met", "", ""), "q2": ("fully_met", "", "")}


def test_a_reopened_question_says_mark_texts_and_what_is_due(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    _, out = typed(run, sample, "3", "late", "again", "", "", "j 1", "q", case=case)
    assert "Your mark: Not met.\nReason: late again\nEvidence due: type e.\n" in out


def test_my_cases_are_listed_with_how_far_they_are_and_can_be_turned_to(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    typed(run, sample, "1", "1", "s", case, "q", case=case)
    _, out = typed(run, sample, "a", "q")
    told = dict(re.findall(r"(\d+)\. (\d+: [\w ]+)", out))
    place = next(number for number, words in told.items() if words == f"{case}: signed off")
    other = next(number for number, words in told.items() if words.endswith(": not begun"))
    code, out = typed(run, sample, f"a {place}", f"a {other}", "a 0", "q")
    assert code == 0 and f"Case {case} is signed off" in out
    assert f"Case {other} of {len(told)}, {told[other][:5]}." in out and f"from 1 to {len(told)}" in out


def test_a_signed_case_is_not_opened(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    typed(run, sample, "1", "1", "s", case, "q", case=case)
    ran = run("assess", case, "--sample", "march", "--as", "ann", folder=sample.parent.parent)
    assert ran.code == 4 and "J013" in ran.err and "signed off" in ran.err and "Question" not in ran.out


def test_the_closing_words_name_the_whole_command_and_the_last_saved_mark(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    _, out = typed(run, sample, "1", "l", "?", "q", case=case)
    saved = out.split("Fully met, saved ")[1][:8]
    assert f"Stopped. Kept to {saved}.\nGo on with:\n  cqa assess --sample march --as ann\n" in out
    _, out = typed(run, sample, "q", case=case)
    assert "Stopped. Nothing new was marked.\nGo on with:\n  cqa assess --sample march --as ann\n" in out


def test_the_legend_is_said_once_a_scale_and_on_request(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    _, out = typed(run, sample, "1", "b", "b", "q", case=case)
    # The first question forbids an answer that the second one has.
    assert out.count("Type 1 fully met, 2 partly met") == 2
    _, out = typed(run, sample, "b", "b", "?", "q", case=case)
    assert out.count("Type 1 fully met, 2 partly met") == 2
    assert out.count(case) == 1 and "Child victim: no" in out and "Child victim: N" not in out


def test_a_sign_off_too_early_says_what_is_owed_without_asking_for_the_number(run: Run, sample: Path) -> None:
    _, out = typed(run, sample, "s", "q", case=case_with(sample, "N"))
    assert "cannot be signed off yet: not answered: q1" in out and "Type the case number" not in out


def test_a_question_is_said_once_until_it_is_asked_for_or_come_to_again(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    _, out = typed(run, sample, "?", "l", "zzz", "f", "d", "9", "q", case=case)
    assert out.count("q1. Was it right") == 1 and out.count("Mark: ") == 7
    _, out = typed(run, sample, "", "j 1", "q", case=case)
    assert out.count("q1. Was it right") == 3


def test_an_exported_date_that_cannot_be_read_is_not_called_an_answer(run: Run, workspace: Path) -> None:
    text = RUBRIC.replace("type: flag", "type: date").replace("{child: true}", "{child: {recorded: true}}")
    (workspace / "small.yaml").write_text(text, encoding="utf-8")
    assert run(*DRAW, folder=workspace).code == 0
    sample = workspace / "samples" / "march"
    _, out = typed(run, sample, "i", "i 1", "2026-03-04", "i", "q", case=case_with(sample, "N"))
    assert "1. Child victim: N, which is not a date such as 2026-03-31" in out
    assert "1. Child victim: 2026-03-04, answered by you" in out
