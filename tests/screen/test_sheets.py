"""What is read over a question: every key by name, all that the rubric says, what is signed and what is owed."""

import pytest

from cqa.keys import SHIPPED, with_own
from cqa.marking.spent import Spent
from cqa.rubric.model import Rubric
from cqa.screen.rows import columns, text_of
from cqa.screen.sheets import cases_title, guidance_rows, help_rows, prose, prose_lines, question_line, signing_rows
from tests.casework import RUBRIC
from tests.screen.desk_at import AtDesk, built

WIDTHS = pytest.mark.parametrize("width", [80, 100, 200])


def flowing(rows: list[str]) -> str:
    return " ".join(" ".join(rows).split())


@WIDTHS
def test_help_names_every_key_that_does_something(width: int) -> None:
    keys = with_own({"flag": "off", "reason": "f2"})
    rows = [text_of(row) for row in help_rows(keys)(width)]
    assert all(columns(row) <= width for row in rows)
    named = [row.split()[0] for row in rows if row.startswith("  ") and row[:9].strip()]
    wanted = [keys[deed] for deed in SHIPPED if deed in keys]
    assert sorted(name.casefold() for name in named) == sorted(wanted) and "F2" in named and "F" not in named


def rich() -> Rubric:
    text = RUBRIC.replace("ask: Was it reasoned,", "ask: Was it reasoned, look_for: The record, "
                          "guidance: Count the day, "
                          "legal_basis: Code 4.6, examples: {fully_met: [A page of reasons]}, "
                          "levels: {fully_met: Each step, partly_met: Most steps, not_met: None},")
    return built(text)


@WIDTHS
def test_guidance_tells_everything_the_rubric_says(width: int) -> None:
    at = AtDesk(rich()).at("c1").press("1")
    view = at.desk.view(at.desk.case)
    assert view is not None
    told = flowing([text_of(row) for row in guidance_rows(view)(width)])
    for part in ("q2. Was it reasoned", "Look for: The record", "1 Fully met. Each step", "2 Partly met. Most steps "
                 "Needed: reason.", "3 Not met. None Needed: reason and evidence.", "Count the day", "Law: Code 4.6",
                 "An example of Fully met: A page of reasons"):
        assert part in told


def test_prose_keeps_paragraphs_apart_and_lines_together() -> None:
    assert [text_of(row) for row in prose(("one two three", "four"))(8)] == [" one", " two", " three", "", " four"]
    assert [text_of(row) for row in prose_lines(("one two", "four"))(8)] == [" one", " two", " four"]


def test_the_questions_of_a_case_one_a_line_with_mark_and_what_is_due() -> None:
    at = AtDesk().at("c1").press("2").type("")
    lines = [" ".join(question_line(at.desk.state, at.desk.case, number).split()) for number in range(3)]
    assert lines == ["1 q1 [!] Partly met, reason due Was it right", "2 q2 - Was it reasoned",
                     "3 q3 - Was the child heard"]


def test_what_is_owed_stands_in_the_way_of_the_sign_off() -> None:
    at = AtDesk().at("c1")
    rows = [text_of(row) for row in signing_rows(at.desk.case, Spent(), ["not answered: q1"])(80)]
    assert rows[:2] == [" Not yet. What is still owed:", " - not answered: q1"]
    assert rows[-1] == " Time on this case: 0 min at the keyboard, 0 min open."


def test_the_title_counts_what_is_signed_off() -> None:
    at = AtDesk().at("c3").press("1", "1", "s").type("c3")
    assert cases_title(at.desk.state, "march") == "MARCH   your cases: 3, signed off: 1"
