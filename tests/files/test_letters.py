"""letters.csv: kept whole, read back as it was, and refused with every line that is wrong."""

from pathlib import Path

import pytest

from cqa.errors import BadInput
from cqa.files.letters import keep_letters, read_letters

TOLD = {"ann": "Reviewer B", "=1+1,": "Handler A", "zoë": "Reviewer A", "p9": "Reviewer AA"}


def test_letters_are_kept_in_their_order_and_read_back(tmp_path: Path) -> None:
    assert read_letters(tmp_path) == {}
    path = keep_letters(tmp_path, TOLD)
    assert read_letters(tmp_path) == TOLD
    assert path.read_text(encoding="utf-8").splitlines() == [
        "called,person", 'Handler A,"=1+1,"', "Reviewer A,zoë", "Reviewer B,ann", "Reviewer AA,p9"]


def test_every_line_that_is_wrong_is_named(tmp_path: Path) -> None:
    (tmp_path / "letters.csv").write_text("called,person\nReviewer A,ann\nBoss A,bob\nReviewer A,cat\nReviewer B,ann\n"
                                          "Reviewer C\n", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_letters(tmp_path)
    assert [(problem.code, problem.line) for problem in refused.value.problems] == [
        ("P015", 3), ("P015", 4), ("P015", 5), ("P015", 6)]


@pytest.mark.parametrize("data", [b"", b"person,called\nann,Reviewer A\n", b"called,person\n\"Reviewer A\n",
                                  b"\xff\xfe"])
def test_a_file_that_is_no_list_of_letters_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "letters.csv").write_bytes(data)
    with pytest.raises(BadInput, match="P015"):
        read_letters(tmp_path)
