"""The moderation screen that the README shows: one question of the shipped rubric under two hands."""

import re
from dataclasses import replace

from cqa.files.rubrics import read_rubric
from cqa.files.shipped import shipped
from cqa.marking.compared import Marker, SharedCase, in_hidden_order
from cqa.marking.replay import Mark
from cqa.rubric.model import Rubric
from cqa.rubric.scoring import result_of
from cqa.screen.page import Size
from tests.screen.moderation_at import AtModeration

CASE, QUESTION = "0009330", "RV3"
GIVEN = {"a-byrne": ("fully_met", "", "review log, entry of 4 May"),
         "d-okafor": ("partly_met", "The review came nine days after the statement was withdrawn, and is silent on it.",
                      "review log, entries of 25 April and 4 May")}


def readme_rubric() -> Rubric:
    """The shipped rubric, of which only the one question is asked."""
    rubric = read_rubric(shipped("rubrics") / "prosecution.yaml", "en-GB").rubric
    return replace(rubric, sections=tuple(
        replace(section, questions=tuple(question for question in section.questions if question.id == QUESTION))
        for section in rubric.sections))


def readme_screen() -> str:
    """What is drawn at 80 by 24 when the case is opened."""
    rubric = readme_rubric()
    markers = []
    for number, (name, (mark, reason, evidence)) in enumerate(GIVEN.items()):
        marks = {QUESTION: Mark(QUESTION, mark, reason, evidence, "2026-03-02T09:00:00.000Z", f"{name}:{number}")}
        result = result_of(rubric, {QUESTION: mark}, {})
        markers.append(Marker(name, "first", f"{name}.1:9", rubric.version, marks, {}, result))
    case = SharedCase(CASE, rubric, in_hidden_order("73129048561093847562", CASE, markers))
    at = AtModeration(case).press("enter")
    at.desk.last_saved = "14:02:51"
    rows = at.screen(Size(80, 24)).split("\n")
    return re.sub(r"\d\d:\d\d:\d\d", "14:02:51", "\n".join(row.rstrip() for row in rows)) + "\n"
