"""Rubrics as the working group writes them: what is wrong is named with its line, all at once."""

import pytest

from cqa.files.yaml_tree import parse_tree
from cqa.rubric.build import Built, build_rubric
from tests.casework import RUBRIC


def build(text: str) -> Built:
    return build_rubric(parse_tree(text.encode(), "r.yaml"), "r.yaml")


def codes(text: str) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.line) for problem in build(text).problems]


def changed(old: str, new: str) -> str:
    assert old in RUBRIC
    return RUBRIC.replace(old, new)


def test_a_good_rubric_has_no_problems() -> None:
    built = build(RUBRIC)
    assert built.problems == () and built.rubric is not None
    assert [question.id for question in built.rubric.questions] == ["q1", "q2", "q3"]
    assert built.rubric.by_id["q1"].critical and built.rubric.by_id["q1"].forbid == ("does_not_apply",)


@pytest.mark.parametrize(("text", "code", "line"), [
    (changed("title: Small\n", "titel: Small\n"), "R007", 4),
    (changed("title: Small\n", ""), "R008", 1),
    (changed("status: trial", "status: alive"), "R009", 5),
    (changed("points: 2}", "points: two}"), "R009", 11),
    (changed('key: "2"', 'key: "1"'), "R010", 12),
    (changed("label: Partly met", "label: Fully Met"), "R010", 12),
    (changed("id: q2", "id: q1"), "R010", 22),
    (changed("ask_when: {q1:", "ask_when: {q9:"), "R011", 22),
    (changed("{child: true}}\n", "{kid: true}}\n"), "R011", 25),
    (changed("ask_when: {q1: [fully_met, partly_met]}", "ask_when: {q3: [fully_met]}"), "R012", 22),
    (changed("ask_when: {q1: [fully_met, partly_met]}", "ask_when: {q2: [fully_met]}"), "R012", 22),
    (changed("[fully_met, partly_met]", "[fully_meet]"), "R013", 22),
    (changed("fails_on: [not_met]", "fails_on: [bad]"), "R013", 21),
    (changed("forbid: [does_not_apply]", "forbid: [na]"), "R013", 21),
    (changed("status: trial", "status: live"), "R014", 21),
    (changed("points: 1,", "points: 3,"), "R015", 11),
    (changed("{band: Fine, when: {score_at_least: 70}}", "{band: Fine, otherwise: true}"), "R016", 33),
    (changed("ask_when: {q1: [fully_met, partly_met]}",
             "ask_when: {all: [{any: [{not: {q1: [fully_met]}}]}]}"), "R018", 22),
    (changed("child: true", "child: perhaps"), "R009", 25),
    (changed("forbid: {q3: [fully_met]}", "forbid: {q7: [fully_met]}"), "R011", 29),
    (changed("ask: Was it reasoned,", "ask: Was it reasoned, weight: 0,"), "R009", 22),
    (changed("points: 2}", "points: 1/2}"), "R009", 11),
    (changed("ask: Was it reasoned,", "ask: Was it reasoned, weight: 1e9999999,"), "R009", 22),
    (changed("score_at_least: 70", "score_at_least: 1/0"), "R009", 33),
    (changed("needs: [reason, evidence]", "needs: [reason, proof]"), "R009", 13),
])
def test_each_mistake_has_its_code_and_line(text: str, code: str, line: int) -> None:
    built = build(text)
    assert (code, line) in [(problem.code, problem.line) for problem in built.problems]
    assert built.rubric is None and all(problem.message for problem in built.problems)


def test_a_misspelt_key_is_met_with_the_right_one() -> None:
    assert "title" in build(changed("title: Small\n", "titel: Small\n")).problems[0].remedy


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    text = changed("id: small", "id: 'a b'").replace("q1: [not_met]}, forbid", "q8: [not_met]}, forbid")
    assert codes(text) == [("R009", 2), ("R011", 29)]


@pytest.mark.parametrize("text", ["a: 1", "[]", "x", "format: cqa-rubric/1\nsections: {a: b}\nscales: [1]\n"])
def test_something_else_than_a_rubric_is_problems_never_a_crash(text: str) -> None:
    built = build(text)
    assert built.rubric is None and built.problems


def test_a_retired_question_is_kept_and_never_asked() -> None:
    built = build(changed("ask: Was the child heard", 'ask: Was the child heard, retired: "1.1"')
                  .replace("  - {id: r1, when: {q1: [not_met]}, forbid: {q3: [fully_met]}, say: Not both.}\n", "")
                  .replace("rules:\n", ""))
    assert built.rubric is not None and [question.id for question in built.rubric.questions] == ["q1", "q2"]
    assert built.rubric.sections[1].questions[0].retired == "1.1"
