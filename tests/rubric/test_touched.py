"""A change touches a question when a mark given before may mean something else; words and order alone do not."""

import pytest

from cqa.rubric.model import Rubric
from cqa.rubric.touched import changes_said, touched
from tests.casework import RUBRIC
from tests.rubric.test_compare import rubric as built


def changed(*pairs: tuple[str, str]) -> tuple[Rubric, Rubric]:
    text = RUBRIC
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return built(RUBRIC), built(text)


@pytest.mark.parametrize(("pair", "expected", "said"), [
    (("ask: Was it right", "ask: Was the decision right"), {}, "wording of q1"),
    (("ask: Was it right", "guidance: Look at page 1., ask: Was it right"), {}, "guidance of q1"),
    (("label: Cannot tell", "label: Not to be told"), {}, "wording of labels of scale met"),
    (("title: Small", "title: Large"), {}, ""),
    (("version: \"1.0\"", "version: \"2.0\""), {}, ""),
    (("ask: Was it right", "levels: {not_met: It was wrong.}, ask: Was it right"), {"q1": ("descriptor",)},
     "descriptors of q1"),
    (("forbid: [does_not_apply]}", "forbid: [cannot_tell]}"), {"q1": ("scale",)}, "levels of q1"),
    (("fails_on: [not_met]", "fails_on: [not_met, partly_met]"), {"q1": ("scoring",)}, "scoring of q1"),
    (("ask: Was it reasoned", "weight: 2, ask: Was it reasoned"), {"q2": ("scoring",)}, "scoring of q2"),
    (("ask_when: {q1: [fully_met, partly_met]}", "ask_when: {q1: [fully_met]}"), {"q2": ("gate",)}, "gate of q2"),
    (("ask_when: {case: {child: true}}", "ask_when: {case: {child: false}}"), {"q3": ("gate",)}, "gate of q3"),
    (("      partly_met: {key: \"2\", label: Partly met, points: 1, needs: [reason]}\n",
      "      partly_met: {key: \"2\", label: Partly met, points: 1.5, needs: [reason]}\n"),
     {"q1": ("scoring",), "q2": ("scoring",), "q3": ("scoring",)}, "scoring of q1, q2, q3"),
    (("      cannot_tell: {key: \"8\", label: Cannot tell, needs: [reason]}\n", ""),
     {"q1": ("scale",), "q2": ("scale",), "q3": ("scale",)}, "wording of keys of scale met; levels of q1, q2, q3"),
    (("score_at_least: 70", "score_at_least: 80"), {}, "scoring of bands"),
    (("      - {id: q3, ask: Was the child heard}\n",
      "      - {id: q3, ask: Was the child heard}\n      - {id: q4, ask: Was anyone else heard}\n"), {}, "new: q4"),
])
def test_what_a_change_touches_and_how_it_is_said(
    pair: tuple[str, str], expected: dict[str, tuple[str, ...]], said: str
) -> None:
    before, after = changed(pair)
    assert touched(before, after) == expected and changes_said(before, after) == said
    assert touched(after, before).keys() == touched(before, after).keys()


def test_several_kinds_are_listed_lightest_first() -> None:
    before, after = changed(("ask: Was the child heard", "ask: Was this child heard"),
                            ("fails_on: [not_met]", "fails_on: [not_met, partly_met]"),
                            ("ask_when: {q1: [fully_met, partly_met]}", "ask_when: {q1: [fully_met]}"))
    assert changes_said(before, after) == "wording of q3; gate of q2; scoring of q1"


def test_of_many_questions_some_are_named_and_the_rest_counted() -> None:
    more = "".join(f"      - {{id: n{number}, ask: Was it so {number}}}\n" for number in range(12))
    before, after = changed(("      - {id: q3,", f"{more}      - {{id: q3,"))
    assert changes_said(before, after) == "new: n0, n1, n2, n3, n4, n5, n6, n7 and 4 more"


def test_a_retired_question_is_not_asked_and_so_not_touched() -> None:
    before, after = changed(("ask: Was the child heard", "retired: \"1.1\", ask: Was the child heard"))
    assert touched(before, after) == {} and changes_said(before, after) == "retired: q3"
