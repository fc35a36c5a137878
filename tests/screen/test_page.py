"""Every question that ships can be read in whole at the smallest window and at the wide one."""

import re
from dataclasses import replace

import pytest

from cqa.files.shipped import shipped
from cqa.rubric.model import ALWAYS, Question, Rubric
from cqa.screen.clean import one_line
from cqa.screen.page import Size, footer_rows, list_rows
from cqa.screen.rows import columns, text_of
from tests.casework import RUBRIC
from tests.screen.desk_at import SMALL, WIDE, AtDesk, built

NAMES = sorted(path.name for path in shipped("rubrics").glob("*.yaml"))
SIZES = pytest.mark.parametrize("size", [SMALL, WIDE], ids=["80x24", "100x30"])


def all_asked(name: str) -> Rubric:
    """A shipped rubric of which every question is asked."""
    rubric = built((shipped("rubrics") / name).read_text(encoding="utf-8"))
    sections = tuple(replace(section, gate=ALWAYS, questions=tuple(
        replace(question, gate=ALWAYS, own_gate=ALWAYS) for question in section.questions))
        for section in rubric.sections)
    return replace(rubric, sections=sections)


def read(at: AtDesk, size: Size) -> list[str]:
    """The texts of the page as each press of Down shows them, from the top to the end; one where all of it fits."""
    pages = [body(at, size)]
    while "more of this question" in pages[-1] and "Down" in pages[-1].rpartition("(")[2]:
        at.press("down")
        pages.append(body(at, size))
    return pages


def body(at: AtDesk, size: Size) -> str:
    rows = at.rows(size)
    assert len(rows) == size.height and all(columns(row) == size.width for row in rows)
    return "\n".join(row.partition("| ")[2] if size.wide and "| " in row else row for row in rows)


def flowing(text: str) -> str:
    return " ".join(text.split())


def pieces(question: Question) -> list[str]:
    """Everything that must be read to mark the question, with the key before each label."""
    told = [f"{question.id} {one_line(question.ask)}"]
    for level in question.scale.answers if question.scale else ():
        if level.id not in question.forbid:
            told += [f"{level.key} {one_line(level.label).upper()}", one_line(question.descriptors.get(level.id, ""))]
    return [flowing(piece) for piece in told]


@pytest.mark.parametrize("name", NAMES)
@SIZES
def test_every_question_of_every_shipped_rubric_can_be_read_in_whole(name: str, size: Size) -> None:
    rubric = all_asked(name)
    facts = {fact.id: {"flag": "Y", "date": "2026-01-05", "number": "3"}.get(fact.type, "x") for fact in rubric.facts}
    at = AtDesk(rubric, {"c1": facts}).at("c1")
    for question in rubric.questions:
        at.desk.go(question.id)
        seen = read(at, size)
        # Of pages that overlap by all but one row, what stands whole on one of them can be read.
        for piece in pieces(question):
            assert any(piece in flowing(one) for one in seen), f"{question.id}: {piece}\n{seen[0]}"
        # What to look for may be shortened, and then the key that shows all of it is named.
        assert flowing(question.look_for) in flowing(seen[0]) or "(G more)" in flowing(seen[0]) or len(seen) > 1
        assert any("Your mark: none yet" in flowing(one) for one in seen)


@pytest.mark.parametrize("name", NAMES)
def test_most_shipped_questions_need_no_scrolling_in_the_smallest_window(name: str) -> None:
    rubric = all_asked(name)
    at = AtDesk(rubric, {"c1": {}}).at("c1")
    at.desk.state = replace(at.desk.state, cases={"c1": {fact.id: "Y" for fact in rubric.facts}})
    scrolled = []
    for question in rubric.questions:
        at.desk.go(question.id)
        scrolled += [question.id] if len(read(at, SMALL)) > 1 else []
    assert len(scrolled) <= len(rubric.questions) // 10, scrolled


@SIZES
def test_a_question_longer_than_the_window_is_scrolled_to_its_end_and_back(size: Size) -> None:
    text = re.sub(r"Was it reasoned", "Was it " + "reasoned " * 150 + "or was it", RUBRIC)
    assert text != RUBRIC
    at = AtDesk(built(text)).at("c1").press("1")
    seen = read(at, size)
    assert len(seen) > 3 and "(Down: more of this question)" in seen[0] and "(Up: more of this question)" in seen[-1]
    assert "9  DOES NOT APPLY" in seen[-1] and "q2  Was it" not in seen[-1]
    at.press("down")
    assert body(at, size) == seen[-1]
    at.press(*["up"] * len(seen))
    assert body(at, size) == seen[0]


def test_the_list_of_questions_shows_the_page_that_holds_the_one_at_hand() -> None:
    rubric = all_asked("prosecution.yaml")
    facts = {fact.id: {"flag": "Y", "date": "2026-01-05"}.get(fact.type, "x") for fact in rubric.facts}
    at = AtDesk(rubric, {"c1": facts}).at("c1")
    sections = [rubric.section_title(question) for question in rubric.questions]
    for number, question in enumerate(rubric.questions, start=1):
        rows = [text_of(row) for row in list_rows(at.desk.case, sections, question.id, (22, 20))]
        assert len(rows) == 20 and all(columns(row) <= 22 for row in rows)
        assert any(row.startswith(f">{number:>3} . {question.id}"[:22]) for row in rows)
        assert rows[-4:] == [f" questions    {len(sections):>4}", " marked          0", " text due (+)    0",
                             " not asked       0"]


def test_the_footer_drops_its_last_keys_where_the_window_is_narrow() -> None:
    deeds = [f"K{number} does something" for number in range(12)]
    rows = [text_of(row) for row in footer_rows(deeds, 80)]
    assert len(rows) == 2 and all(columns(row) == 80 for row in rows)
    assert "K0 does" in rows[0] and "K8 does" not in "".join(rows)
