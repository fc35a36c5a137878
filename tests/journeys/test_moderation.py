"""A moderator at a real terminal: one case from the list to its settling, and one that is not theirs."""

import re
from pathlib import Path

import pytest

from cqa.files.journal import read_journal
from tests.casework import Run
from tests.commands.shared_cases import ALL, marked_apart, moderate, twice_marked
from tests.journeys.moderated_screen import readme_screen
from tests.journeys.screen_at import ENTER, ESCAPE, ScreenAt
from tests.journeys.test_readme import block

BETWEEN = {**ALL, "q2": "partly_met"}
BOTH_SIZES = pytest.mark.parametrize("size", [(80, 24), (100, 30)], ids=["80x24", "100x30"])


@pytest.fixture
def apart(run: Run, sample: Path) -> str:
    """A case of which ann and bob differ on q2."""
    place = next(place for place, case in enumerate(twice_marked(run, sample)) if case["reviewer"] == "ann")
    return marked_apart(run, sample, place, ALL, BETWEEN)[0]


def lines(sample: Path) -> list[tuple[str, object]]:
    """What was kept of moderation, in the order in which it came; the chain is whole."""
    (journal,) = (sample / "moderation").glob("lee.*.jsonl")
    reading = read_journal(journal)
    assert reading.problems == ()
    return [(str(line["kind"]), line.get("agreed")) for line in reading.lines if line["kind"] != "opened"]


def sits(sample: Path, tmp_path: Path, *arguments: str, who: str = "lee", size: tuple[int, int] = (80, 24)) -> ScreenAt:
    return ScreenAt(sample.parent.parent, tmp_path / "home", "moderate", *arguments, "--sample", "march", "--as", who,
                    size=size)


@BOTH_SIZES
def test_a_case_from_the_list_to_its_settling(sample: Path, tmp_path: Path, apart: str, size: tuple[int, int]) -> None:
    with sits(sample, tmp_path, size=size) as at:
        at.wait("MARCH to moderate: 1 of 1", f"> 1 {apart}", "1 differs, 1 level apart; not begun")
        at.press(ENTER, until=("MODERATING case 1/1", "question 1/1", "q2 Was it reasoned", "1 left", "A ", "B ",
                               "because ann saw it", "because bob saw it", "page 4 as ann read it"))
        assert "bob " not in at.flowing.replace("because bob saw", "").replace("as bob read", "")
        at.press("2", until=("PARTLY MET: why were the marks not this one?", "1 A fact was missed"))
        at.press("1", until="Why PARTLY MET is right for q2")
        at.press("One finding names", ENTER, "no evidence.", until="no evidence.")
        at.press(ESCAPE, until=("END OF THE CASE", "Nothing is left", "saved ", "0 left"))
        assert lines(sample) == [("agreed", "partly_met")]
        at.press("s", until=("NOTHING IS LEFT", "> 1 Settle the case"))
        at.press(ENTER, until=("SETTLED", "band Fine", "ann Fully met (1 level too lenient)",
                               "bob Partly met (as agreed)", "A fact was missed"))
        assert lines(sample) == [("agreed", "partly_met"), ("settled", None)]
        at.press(ENTER, until="Every case of this list is settled.")
        at.press("q")
        assert at.ended() == 0 and at.left_as_found
        assert re.fullmatch(r"Stopped. Kept to \d\d:\d\d:\d\d.\s+Go on with:\s+cqa moderate --sample march --as lee",
                            at.told)


def test_the_readmes_screen_is_that_of_the_tool() -> None:
    assert block("screen-moderation") == readme_screen()


def test_what_is_being_agreed_survives_a_closed_window_as_a_draft(sample: Path, tmp_path: Path, apart: str) -> None:
    with sits(sample, tmp_path, apart) as at:
        at.wait("q2 Was it reasoned")
        at.press("2", until="why were the marks not this one?")
        at.press("3", until="Why PARTLY MET is right for q2")
        at.press("One finding", until="One finding")
        at.press("\x03", until="q2 has no agreed mark yet.")
        at.press("\x03")
        assert at.ended() == 130
    assert lines(sample) == []
    with sits(sample, tmp_path, apart) as at:
        at.wait("q2 Was it reasoned")
        at.press("2", until="why were the marks not this one?")
        at.press("3", until=("Why PARTLY MET is right for q2", "One finding", "Unfinished since"))
        at.press(ESCAPE, until="END OF THE CASE")
        at.press("q")
        assert at.ended() == 0
    assert lines(sample) == [("agreed", "partly_met")]


def test_ones_own_case_is_refused_before_anything_is_shown(sample: Path, tmp_path: Path, apart: str) -> None:
    for who in ("ann", "bob"):
        with sits(sample, tmp_path, apart, who=who) as at:
            assert at.ended() == 4
            assert "J030 You marked the case" in at.flowing and "q2" not in at.text
        with sits(sample, tmp_path, who=who) as at:
            assert at.ended() == 0 and apart not in at.text
    assert not (sample / "moderation").exists()


def test_a_case_line_by_line(run: Run, sample: Path, apart: str) -> None:
    typed = "2\n1\nOne finding names no evidence.\n\ns\n1\nq\n"
    ran = moderate(run, sample, apart, "--plain", typed=typed)
    assert ran.code == 0
    assert "ann Fully met (1 level too lenient)" in ran.out and "bob Partly met (as agreed)" in ran.out
    assert "Stopped. Kept to" in ran.out and lines(sample) == [("agreed", "partly_met"), ("settled", None)]


def test_a_case_line_by_line_at_a_terminal(sample: Path, tmp_path: Path, apart: str) -> None:
    with sits(sample, tmp_path, apart, "--plain") as at:
        at.wait("Plain mode.", "Question 1 of 1", "Agreed mark: ")
        at.write("2\r", until="Why were the marks not this one?")
        at.write("4\r", until="Why PARTLY MET is right for q2 (the handler may read this).")
        at.write("It is partly met.\r", until="It is partly met.")
        at.write("\r", until="Nothing is left.")
        at.write("q\r", until="Stopped. Kept to")
        assert at.ended() == 0
    assert lines(sample) == [("agreed", "partly_met")]
