"""Practice in plain mode claims nothing that is not so, and its long lines can be read in any window."""

from pathlib import Path

import pytest

from cqa.keys import line_by_line
from cqa.screen.plain_letters import letters
from cqa.screen.plain_practice import PracticeSitting, broken, practice_help, practice_letters
from cqa.screen.printer import NARROW
from cqa.screen.typist import Drafts, NoDrafts
from tests.casework import Run
from tests.practised import put_practice


def typed(run: Run, folder: Path, *lines: str) -> str:
    put_practice(folder)
    ran = run("practise", "--rubric", "small.yaml", typed="".join(f"{line}\n" for line in lines), folder=folder)
    assert ran.code == 0, ran.err
    return ran.out


def test_the_help_says_that_nothing_is_kept_and_what_p_does() -> None:
    told = practice_help(line_by_line({}))
    assert "nothing is kept" in told and "everything is kept" not in told and "p the papers" in told
    assert set(practice_letters({})) == {*letters({}), "p"}
    assert "w the papers" in practice_help(line_by_line({"papers": "w"})) and "w" in practice_letters({"papers": "w"})


def test_nothing_is_said_to_be_saved(run: Run, workspace: Path) -> None:
    out = typed(run, workspace, "1", "c why", "b", "2", "r", "", "u", "r", "f", "x", "l", "a", "i", "q")
    assert "saved" not in out and "disk" not in out and "noted" in out


def test_the_papers_are_told_at_the_start_and_again_on_p_with_the_question_after_them(
    run: Run, workspace: Path
) -> None:
    out = typed(run, workspace, "p", "q")
    assert out.count("Document 1 of 2: Review, 3 March") == 2 == out.count("q1. Was it right")
    assert out.index("End of the file.") < out.index("q1. Was it right")


@pytest.mark.parametrize("asked", ["p 3", "p x", "p 0", "p -1", "p 99999999"])
def test_a_document_that_is_not_there_is_said_to_be_missing(run: Run, workspace: Path, asked: str) -> None:
    out = typed(run, workspace, asked, "q")
    assert out.count("There is no such document. Type p alone for the whole file.") == 1


def test_p_at_the_sign_off_reads_the_papers_too(run: Run, workspace: Path) -> None:
    out = typed(run, workspace, "1", "1", "1", "p 1", "q")
    assert out.count("Document 1 of 2") == 2 and out.count("Case note is answered.") == 2


def test_lines_are_broken_between_words_and_empty_ones_stay() -> None:
    lines = list(broken(["", "word " * 40, "a\x1b\tb", "well-known " * 20]))
    assert lines[0] == "" and all(len(line) <= NARROW for line in lines)
    assert lines[1].split() + lines[2].split() + lines[3].split() == ["word"] * 40
    assert "a<U+001B> b" in lines and not any(line.endswith("well-") for line in lines)


def test_unfinished_texts_are_kept_nowhere() -> None:
    drafts: Drafts = NoDrafts()
    drafts.keep("case", "q1", "reason", "half")
    assert drafts.get("case", "q1", "reason") is None and drafts.places() == ()
    drafts.drop("case")


def test_what_a_sitting_says_differs_from_practice(run: Run, sample: Path) -> None:
    ran = run("assess", "--sample", "march", "--as", "ann", typed="p\nq\n", folder=sample.parent.parent)
    assert "That is no answer here." in ran.out and "practice" not in ran.out
    assert "practice" in PracticeSitting.greeting
