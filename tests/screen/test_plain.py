"""Plain mode, typed line by line as a screen reader's user would."""

from pathlib import Path

from tests.casework import Run
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
    assert "Partly met, saved on this computer" in out and "Reason saved" in out
    assert out.index("Not signed off.") < out.index("Signed off, saved on this computer")
    before, _, after = out.partition("Signed off, saved")
    assert "Fine" not in before and "%" not in before and "Fine: 75% of the points" in after


def test_reason_and_evidence_are_asked_for_only_when_due(run: Run, sample: Path) -> None:
    case = case_with(sample, "N")
    _, out = typed(run, sample, "1", "3", "because", "of this", ".", "page 4", ".", "q", case=case)
    assert out.count("End with a line holding only a full stop") == 2
    _, out = typed(run, sample, "l", "q", case=case)
    assert "2. q2: Not met" in out and "due" not in out


def test_back_jump_undo_and_clear_move_as_they_say(run: Run, sample: Path) -> None:
    case = case_with(sample, "Y")
    _, out = typed(run, sample, "1", "b", "3", "a", ".", "b", ".", "u", "u", "j 1", "x", "j 9", "zzz", "q", case=case)
    for told in ("Your mark: Fully met.", "Undone, saved", "Type j and a number from 1 to", "Mark cleared, saved",
                 "That is no answer here. Nothing was saved."):
        assert told in out


def test_a_blank_fact_is_asked_once_before_anything_else(run: Run, sample: Path) -> None:
    case = case_with(sample, "")
    _, out = typed(run, sample, "?", "perhaps", "Y", "1", "q", case=case)
    assert "The export does not say: Child victim." in out and "a flag is Y or N" in out
    assert out.index("Child victim: Y, saved") < out.index("q1. Was it right")
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
