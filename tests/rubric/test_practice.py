"""Practice files are held to their rubric, and everything that is wrong with one is told at once with its line."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.errors import CODES, Problem
from cqa.files.practice import PRACTICE as FOLDER
from cqa.files.rubrics import read_rubric, rubric_of
from cqa.files.shipped import shipped
from cqa.files.yaml_tree import parse_tree, read_tree
from cqa.rubric.gates import asked
from cqa.rubric.model import Rubric
from cqa.rubric.practice import PracticeCase, read_practice
from cqa.rubric.scoring import broken_rules, result_of
from cqa.tree import Items, Node, Text, Tree
from tests.casework import RUBRIC
from tests.practised import PRACTICE, changed

SMALL = rubric_of(RUBRIC.encode(), "small.yaml").rubric
SHIPPED = sorted((shipped("rubrics") / FOLDER).glob("*.yaml"))
MOST_WORDS, LEAST_WORDS = 900, 500


def read(text: str, rubric: Rubric = SMALL) -> tuple[tuple[PracticeCase, ...], tuple[Problem, ...]]:
    return read_practice(parse_tree(text.encode(), "practice/small.yaml"), rubric, "practice/small.yaml")


def told(text: str) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.line) for problem in read(text)[1]]


def shipped_cases(path: Path) -> tuple[Rubric, tuple[PracticeCase, ...]]:
    rubric = read_rubric(path.parent.parent / path.name).rubric
    cases, problems = read_practice(read_tree(path)[0], rubric, str(path))
    assert not problems, problems
    return rubric, cases


def test_three_rubrics_are_shipped_with_practice_cases() -> None:
    assert {path.stem for path in SHIPPED} == {"complaints", "prosecution", "prosecution-short"}
    assert sum(len(shipped_cases(path)[1]) for path in SHIPPED) == 4


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_case_answers_exactly_what_is_asked_and_breaks_no_rule(path: Path) -> None:
    rubric, cases = shipped_cases(path)
    for case in cases:
        marks = {question: answer.mark for question, answer in case.answers.items()}
        states = asked(rubric, marks, case.facts)
        assert {question for question, state in states.items() if state} == set(case.answers)
        assert None not in states.values() and not broken_rules(rubric, marks, case.facts)
        assert set(case.facts) == {fact.id for fact in rubric.facts}
        assert 11 <= len(case.answers) <= 20


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_case_is_short_enough_to_read_and_every_mark_points_into_it(path: Path) -> None:
    for case in shipped_cases(path)[1]:
        assert LEAST_WORDS <= sum(len(one.text.split()) for one in case.documents) <= MOST_WORDS
        for question, answer in case.answers.items():
            assert len(answer.because.split()) >= 10, question
            assert '"' in answer.evidence or question in ("label", "say-to-handler", "acknowledged"), question
    assert path.read_text(encoding="utf-8").isascii()


def test_the_shipped_cases_of_the_default_rubric_are_one_mostly_sound_and_one_that_fails() -> None:
    rubric, cases = shipped_cases(shipped("rubrics") / FOLDER / "prosecution.yaml")
    results = [result_of(rubric, {question: answer.mark for question, answer in case.answers.items()}, case.facts)
               for case in cases]
    assert [result.band for result in results] == ["Meets the standard", "Serious concern"]
    assert results[1].critical_failed == ("VW4",)
    used = {answer.mark for case in cases for answer in case.answers.values()}
    assert used == {"fully_met", "partly_met", "not_met", "cannot_tell", "does_not_apply"}


def test_a_case_is_read_with_its_papers_facts_and_worked_answers() -> None:
    (case,), problems = read(PRACTICE)
    assert problems == () and (case.case_id, case.title) == ("note", "A note without a date")
    assert [one.name for one in case.documents] == ["Review, 3 March", "Note"]
    assert case.documents[0].text == "Charged, because W1 saw it all.\nV will be asked soon."
    assert case.facts == {"child": "yes"} and list(case.answers) == ["q1", "q2", "q3"]
    assert (case.answers["q2"].mark, case.answers["q2"].also) == ("partly_met", ("not_met",))


def test_texts_may_stand_in_several_languages() -> None:
    text = changed("title: A note without a date", "title: {en: A note, cy: Nodyn}")
    cases, _ = read_practice(parse_tree(text.encode(), "p"), SMALL, "p", "cy")
    assert cases[0].title == "Nodyn" and read(text)[0][0].title == "A note"


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("format: cqa-practice/1", "format: cqa-golden/1", [("R009", 1)]),
    ("rubric: small", "rubric: large", [("R009", 2)]),
    ("    title: A note without a date\n", "", [("R008", 4)]),
    ("title: A note without a date", "title: ''", [("R009", 5)]),
    ("title: A note without a date", "titel: A note", [("R008", 4), ("R007", 5)]),
    ("case: note", "case: a note", [("R009", 4)]),
    ('{child: "yes"}', '{kid: "yes", child: "no"}', [("R011", 6), ("R071", 25)]),
    ('{child: "yes"}', "{}", [("R008", 6)]),
    ('{child: "yes"}', "{child: perhaps}", [("R008", 6)]),
    ("        text: V is well.", "        text: ''", [("R009", 14)]),
    ("document: Note", "name: Note", [("R007", 13), ("R008", 13)]),
    ("      q3:", "      q9:", [("R070", 16), ("R011", 25)]),
    ("mark: not_met", "mark: nought", [("R013", 26)]),
    ("mark: fully_met", "mark: does_not_apply", [("R013", 17), ("R071", 20)]),
    ("also: not_met", "also: [not_met, bad]", [("R013", 22)]),
    ("also: not_met", "also: partly_met", [("R009", 22)]),
    ("        because: A promise to ask is not asking.\n", "", [("R008", 26)]),
    ("because: One reason, and no weighing.", "because: ' '", [("R009", 23)]),
    ("because W1 saw it all\"'", "because W2 saw it all\"'", [("R073", 19)]),
    ("V will be asked soon.\"'", "V will be asked  soon.\"'", []),
])
def test_what_is_wrong_is_told_with_code_and_line(old: str, new: str, expected: list[tuple[str, int]]) -> None:
    assert told(changed(old, new)) == expected


def test_problems_carry_their_line_and_come_all_at_once_in_the_order_of_the_file() -> None:
    text = changed("mark: not_met", "mark: nought").replace("rubric: small", "rubric: smal").replace(
        "because W1 saw it all\"'", "because W2 did\"'")
    problems = read(text)[1]
    lines = text.splitlines()
    assert [problem.code for problem in problems] == ["R009", "R073", "R013"]
    assert [lines[(problem.line or 0) - 1].strip().split(":")[0] for problem in problems] == ["rubric", "evidence",
                                                                                              "mark"]
    assert all(problem.remedy and problem.where == "practice/small.yaml" for problem in problems)
    assert "Did you mean small?" in problems[0].remedy


def test_a_question_that_is_asked_needs_an_answer_and_one_that_is_not_asked_has_none() -> None:
    assert ("R070", 16) in told(PRACTICE[:PRACTICE.index("      q3:")])
    closed = told(changed("mark: fully_met", "mark: cannot_tell"))
    assert [code for code, _ in closed] == ["R071"], closed


def test_worked_answers_that_contradict_each_other_name_the_rule() -> None:
    text = changed("mark: fully_met", "mark: not_met").replace(PRACTICE[PRACTICE.index("      q2:"):
                                                                         PRACTICE.index("      q3:")], "")
    text = text.replace("mark: not_met\n        because: A promise", "mark: fully_met\n        because: A promise")
    (problem,) = read(text)[1]
    assert problem.code == "R072" and "'r1'" in problem.message and "Not both." in problem.message


def test_two_cases_have_two_names_and_a_file_has_a_case() -> None:
    second = PRACTICE[PRACTICE.index("  - case"):].replace("case: note", "case: NOTE")
    assert [code for code, _ in told(PRACTICE + second)] == ["R010"]
    assert told("format: cqa-practice/1\nrubric: small\ncases: []\n") == [("R009", 3)]
    assert told("format: cqa-practice/1\nrubric: small\ncases: {note: 1}\n") == [("R009", 3)]
    assert [code for code, _ in told("[1, 2]\n")] == ["R009", "R008", "R008", "R008"]


def test_a_mark_on_the_scale_has_its_place_in_the_file_and_one_off_it_may_go_without() -> None:
    bare = changed("        evidence: 'Review, 3 March: \"V will be asked soon.\"'\n", "")
    assert told(bare) == [("R008", 26)]
    assert told(bare.replace("mark: not_met", "mark: cannot_tell")) == []


TREE = parse_tree(PRACTICE.encode(), "p")
WORDS = st.sampled_from(["", "note", "q1", "q2", "q9", "fully_met", "not_met", '"x"', "a\nb", "yes", "cases", "mark"])
LEAVES = st.builds(Text, WORDS, st.just(1), st.just(1), st.booleans())


def _mappings(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    pairs = st.lists(st.tuples(LEAVES, nodes), max_size=3, unique_by=lambda pair: pair[0].value).map(tuple)
    return st.builds(Tree, pairs, st.just(1), st.just(1)) | st.builds(
        Items, st.lists(nodes, max_size=3).map(tuple), st.just(1), st.just(1))


def parts(node: Node) -> int:
    """How many nodes there are in one, itself counted."""
    inner = [value for _, value in node] if isinstance(node, Tree) else node.values if isinstance(node, Items) else ()
    return 1 + sum(map(parts, inner))


def planted(node: Node, place: int, other: Node) -> Node:
    """The tree with its node number `place`, counted from the top, replaced by another."""
    if place == 0:
        return other
    before = 1
    values = [value for _, value in node] if isinstance(node, Tree) else list(getattr(node, "values", ()))
    for number, value in enumerate(values):
        if before <= place < before + parts(value):
            values[number] = planted(value, place - before, other)
        before += parts(value)
    if isinstance(node, Tree):
        return replace(node, pairs=tuple((key, value) for (key, _), value in zip(node, values, strict=True)))
    return replace(node, values=tuple(values)) if isinstance(node, Items) else node


@given(st.integers(0, parts(TREE) - 1), st.recursive(LEAVES, _mappings, max_leaves=6))
def test_whatever_stands_in_any_place_is_read_or_told_and_never_breaks(place: int, other: Node) -> None:
    cases, problems = read_practice(planted(TREE, place, other), SMALL, "p")
    assert all(problem.code in CODES and problem.message and problem.line for problem in problems)
    for case in cases if not problems else ():
        marks = {question: answer.mark for question, answer in case.answers.items()}
        assert {question for question, state in asked(SMALL, marks, case.facts).items() if state} == set(marks)
