"""Gates in three-valued logic: a blank fact is asked about, an unasked question is no answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.files.yaml_tree import parse_tree
from cqa.rubric.build import build_rubric
from cqa.rubric.gates import asked, fact_holds, facts_wanted, holds
from cqa.rubric.model import AllOf, AnyOf, Condition, FactIs, Leaf, MarkIs, Not, Rubric
from tests.casework import RUBRIC

TRUTHS = st.sampled_from([True, False, None])


def rubric() -> Rubric:
    built = build_rubric(parse_tree(RUBRIC.encode(), "r"), "r").rubric
    assert built is not None
    return built


def leaf(name: str) -> Leaf:
    return MarkIs(name, ())


@given(st.lists(TRUTHS, max_size=4))
def test_all_any_and_not_are_kleenes(values: list[bool | None]) -> None:
    leaves: tuple[Condition, ...] = tuple(leaf(str(place)) for place in range(len(values)))

    def test(one: Leaf) -> bool | None:
        assert isinstance(one, MarkIs)
        return values[int(one.question)]

    assert holds(AllOf(leaves), test) == (False if False in values else None if None in values else True)
    assert holds(AnyOf(leaves), test) == (True if True in values else None if None in values else False)
    # De Morgan holds in three values too.
    assert holds(Not(AllOf(leaves)), test) == holds(AnyOf(tuple(Not(one) for one in leaves)), test)


@pytest.mark.parametrize(("marks", "facts", "expected"), [
    ({}, {"child": "Y"}, [True, False, True]),
    ({"q1": "fully_met"}, {"child": "no"}, [True, True, False]),
    ({"q1": "not_met"}, {"child": ""}, [True, False, None]),
    ({"q1": "partly_met"}, {"child": "maybe"}, [True, True, None]),
])
def test_questions_are_asked_as_marks_and_facts_say(
    marks: dict[str, str], facts: dict[str, str], expected: list[bool | None]
) -> None:
    assert list(asked(rubric(), marks, facts).values()) == expected


def test_a_mark_kept_for_an_unasked_question_opens_no_gate() -> None:
    text = RUBRIC.replace("- {id: q3, ask: Was the child heard}",
                          "- {id: q3, ask: Was the child heard}\n      - {id: q4, ask: And then, ask_when: {q2: "
                          "[fully_met]}}")
    built = build_rubric(parse_tree(text.encode(), "r"), "r").rubric
    assert built is not None
    marks = {"q1": "not_met", "q2": "fully_met"}
    assert asked(built, marks, {"child": "Y"})["q4"] is False
    assert asked(built, {**marks, "q1": "fully_met"}, {"child": "Y"})["q4"] is True


def test_the_blank_facts_of_a_gate_are_named() -> None:
    assert facts_wanted(rubric().by_id["q3"], {"child": ""}) == ("child",)
    assert facts_wanted(rubric().by_id["q3"], {"child": "N"}) == ()


@pytest.mark.parametrize(("kind", "test", "values", "found", "expected"), [
    ("text", "is", ("CPS",), " cps ", True),
    ("text", "is", ("not guilty",), "guilty; Not Guilty", True),
    ("text", "is", ("guilty",), "not guilty", False),
    ("text", "is", ("CPS",), "", None),
    ("flag", "is", ("true",), "1", True),
    ("flag", "is", ("false",), "No", True),
    ("flag", "is", ("true",), "?", None),
    ("number", "at_least", ("3",), "2.5", False),
    ("number", "at_most", ("3",), "3", True),
    ("number", "at_least", ("3",), "many", None),
    ("date", "before", ("2026-03-01",), "2026-02-28", True),
    ("date", "after", ("2026-03-01",), "2026-03-01", False),
    ("date", "before", ("2026-03-01",), "01/02/2026", None),
    ("date", "recorded", ("true",), "anything", True),
    ("date", "recorded", ("true",), " ", False),
    ("date", "recorded", ("false",), "", True),
])
def test_facts_are_compared_by_their_type(
    kind: str, test: str, values: tuple[str, ...], found: str, expected: bool | None
) -> None:
    assert fact_holds(FactIs("f", kind, test, values), {"f": found}) is expected  # type: ignore[arg-type]
