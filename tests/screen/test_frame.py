"""The whole window: it is filled exactly by any texts, and always says where the reviewer is and what is safe."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cqa.rubric.model import Question, Rubric
from cqa.screen.page import Size
from tests.screen.desk_at import SMALL, WIDE, AtDesk, built

WORDS = st.one_of(
    st.text(st.one_of(st.characters(), st.sampled_from("ab \n\u5224\u0301\u202e\x1b\x07\u200b")), max_size=120),
    st.sampled_from(["", "Donaudampfschiff" * 30, "\u5224\u65ad" * 90, "\x1b]0;owned\x07", "\x1b[31m\u202egnp.exe"]))


def with_texts(rubric: Rubric, texts: list[str]) -> Rubric:
    """The small rubric with these texts wherever it says something."""
    ask, look_for, guidance, title, label, descriptor = texts

    def question(one: Question) -> Question:
        assert one.scale
        levels = tuple(replace(level, label=label) for level in one.scale.levels)
        return replace(one, ask=ask, look_for=look_for, guidance=guidance, scale=replace(one.scale, levels=levels),
                       descriptors={level.id: descriptor for level in levels}, legal_basis=descriptor)

    sections = tuple(replace(section, title=title, questions=tuple(map(question, section.questions)))
                     for section in rubric.sections)
    facts = tuple(replace(fact, label=label) for fact in rubric.facts)
    return replace(rubric, sections=sections, facts=facts)


@settings(max_examples=25)
@given(st.lists(WORDS, min_size=6, max_size=6), WORDS.filter(bool), WORDS)
def test_no_text_of_a_rubric_or_an_export_breaks_the_window_or_reaches_it_as_it_is(
    texts: list[str], case_id: str, words: str
) -> None:
    cases: Mapping[str, Mapping[str, str]] = {case_id: {"child": "Y"}, f"{case_id}2": {"child": words}}
    at = AtDesk(with_texts(built(), texts), cases)
    at.desk.sample = "march"
    at.desk.show_cases()
    at.check_filled()
    at.desk.open(case_id)
    for key in ("g", "x", "i", "x", "l", "x", "a", "enter", "2"):
        at.press(key)
        at.check_filled()
    at.type(words).press("left")
    for size in (SMALL, WIDE):
        at.check_filled()
        assert "\x1b" not in at.screen(size) and "\u202e" not in at.screen(size) and "\x07" not in at.screen(size)


def test_the_heading_always_says_case_question_what_is_left_and_what_is_safe() -> None:
    at = AtDesk().at("c1")
    assert " ".join(at.rows()[0].split()) == "case 1/3 c1 question 1/2 2 left all saved 0 min"
    at.press("1")
    for key in ("?", "l", "g", "i"):
        at.press(key)
        assert at.rows()[0].startswith(" case 1/3  c1") and f"saved {at.desk.last_saved}" in at.rows()[0]
        at.press("x")


def test_in_a_window_too_small_there_is_one_sentence_and_the_way_out() -> None:
    at = AtDesk().at("c1")
    assert at.flowing(Size(60, 16)) == (
        "This window has 60 columns and 16 rows; marking needs 80 and 24. Make it larger. Or press Q, and use: cqa "
        "assess --plain. Everything is kept.")
    at.press("2")
    assert "Or press Ctrl-C, and use" in at.flowing(Size(60, 16)) and len(at.rows(Size(60, 16))) == 9


def test_news_longer_than_a_row_takes_more_of_them_and_the_window_stays_filled() -> None:
    at = AtDesk().at("c1")
    at.desk.say("Not all of this sentence fits on one row. " * 4)
    assert at.flowing().count("Not all of this sentence fits on one row.") == 4
    at.check_filled()
    at.press("l")
    at.desk.say("Not all of this sentence fits on one row. " * 4)
    assert at.flowing().count("Not all of this sentence fits on one row.") == 4
    at.check_filled()


def test_a_long_list_is_shown_by_pages_with_the_cursor_on_the_one_that_is_seen() -> None:
    cases = {f"K{number:03}": {"child": "N"} for number in range(60)}
    at = AtDesk(cases=cases)
    at.desk.show_cases()
    for place in range(60):
        assert f">{place + 1:>5}  K{place:03}" in at.screen()
        at.press("down")
    assert "58 to 60 of 60" in at.screen() and at.desk.menu and at.desk.menu.at == 59


def test_a_sign_off_shows_what_is_signed_over_the_line_that_asks_for_the_number() -> None:
    at = AtDesk().at("c1").press("3").type("x").type("y").press("3").type("x").type("y").press("f", "s")
    told = at.flowing()
    assert "Sign-off: 2 not met." in told and "Critical questions failed: q1." in told
    assert "The case is flagged." in told and "Time on this case:" in told and "Band" not in told
    assert at.desk.writing and at.desk.writing.title == "Type the case number, c1, to sign off"


def test_beside_a_box_a_question_too_long_says_that_the_rest_waits() -> None:
    at = AtDesk(with_texts(built(), ["Was it right? " * 90, "", "", "A", "B", "C"])).at("c1").press("2")
    assert "(more of this question once the box is closed)" in at.screen() and "Down" not in at.screen()
    at.desk.leave_box("")
    assert "(Down: more of this question)" in at.screen()
