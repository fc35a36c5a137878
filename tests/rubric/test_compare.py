"""What changed between two rubrics: each change has its kind, and says what earlier marks are still worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.files.rubrics import read_rubric
from cqa.files.shipped import shipped
from cqa.files.yaml_tree import parse_tree
from cqa.rubric.build import build_rubric
from cqa.rubric.compare import Comparison, _longest_rise, compare
from cqa.rubric.model import Rubric
from cqa.rubric.steps import STEPS, falls_short, step_between
from tests.casework import RUBRIC

TOLD = RUBRIC.replace("{id: q2, ask: Was it reasoned,", "{id: q2, ask: Was it reasoned, levels: {fully_met: All of it, "
                      "partly_met: Most of it, not_met: None of it},")


def rubric(text: str) -> Rubric:
    built = build_rubric(parse_tree(text.encode(), "r"), "r")
    assert built.rubric is not None, built.problems
    return built.rubric


def after(old: str, new: str) -> Comparison:
    """The comparison of the rubric with itself, where `old` has become `new`."""
    assert old in TOLD
    return compare(rubric(TOLD), rubric(TOLD.replace(old, new)))


def kinds(found: Comparison) -> list[tuple[str, str, str]]:
    return [(change.kind, change.question, change.what) for change in found.changes]


def test_nothing_has_changed_between_a_rubric_and_itself() -> None:
    found = compare(rubric(TOLD), rubric("# a comment\n" + TOLD))
    assert found.changes == () and found.needed == "none" and found.kinds == ()
    assert {(one.answer, one.why) for one in found.comparable} == {("yes", "Nothing that a mark means has changed.")}


@pytest.mark.parametrize(("old", "new", "kind", "question", "what"), [
    ("title: Small", "title: Smaller", "identity", "", "title"),
    ("title: Victims", "title: People", "wording", "", "title of section b"),
    ("ask: Was it reasoned", "ask: Was it well reasoned", "wording", "q2", "question"),
    ("ask: Was it right,", "ask: Was it right, look_for: The note.,", "guidance", "q1", "look for"),
    ("ask: Was it right,", "ask: Was it right, guidance: The note.,", "guidance", "q1", "guidance"),
    ("partly_met: Most of it", "partly_met: Half of it", "descriptor", "q2", "Partly met"),
    ("[fully_met, partly_met]}", "[fully_met]}", "gate", "q2", "when it is asked"),
    ("{case: {child: true}}", "{case: {child: false}}", "gate", "", "when section b is asked"),
    ("ask: Was it right,", "ask: Was it right, required: false,", "gate", "q1", "whether it may be left out"),
    ("label: Partly met", "label: Half met", "wording", "", "labels of scale met"),
    ("points: 1,", "points: 1.5,", "scoring", "", "points of scale met"),
    ("needs: [reason, evidence]", "needs: [reason]", "scale", "", "texts owed on scale met"),
    ('key: "9"', 'key: "7"', "wording", "", "keys of scale met"),
    ("ask: Was it right,", "ask: Was it right, weight: 2,", "scoring", "q1", "weight"),
    ("critical: {fails_on: [not_met]}, ", "", "scoring", "q1", "fails the case on"),
    ("forbid: [does_not_apply]}", "forbid: [cannot_tell]}", "scale", "q1", "cannot be answered"),
    ("score_at_least: 70", "score_at_least: 75", "scoring", "", "bands"),
    ("say: Not both.", "say: Never both.", "wording", "", "words of rule r1"),
    ("forbid: {q3: [fully_met]}", "forbid: {q3: [partly_met]}", "rules", "", "rule r1"),
    ("id: r1,", "id: r2,", "rules", "", "rule r1"),
    ("column: Child victim", "column: Child", "facts", "", "case fact child"),
    ("sections:\n", "proof: {levels: [fully_met], one_in: 5}\nsections:\n", "rules", "", "proof"),
    ("ask: Was it reasoned,", 'ask: Was it reasoned, retired: "2.0",', "retired", "q2", "question"),
])
def test_each_change_has_its_kind(old: str, new: str, kind: str, question: str, what: str) -> None:
    assert (kind, question, what) in kinds(after(old, new))
    assert len({change for change, *_ in kinds(after(old, new))}) == 1


def test_a_gate_is_told_as_a_sentence_before_and_after() -> None:
    change = after("{q1: [fully_met, partly_met]}", "{q1: [fully_met]}").changes[0]
    assert (change.before, change.after) == ("asked when q1 is Fully met or Partly met", "asked when q1 is Fully met")


def test_questions_that_come_and_go_are_added_and_removed_and_the_way_back_is_the_mirror() -> None:
    longer = TOLD.replace("- {id: q3, ask", "- {id: q4, ask: Was the child told}\n      - {id: q3, ask")
    there, back = compare(rubric(TOLD), rubric(longer)), compare(rubric(longer), rubric(TOLD))
    assert kinds(there) == [("added", "q4", "question")] and kinds(back) == [("removed", "q4", "question")]
    assert {one.question: one.answer for one in there.comparable}["q4"] == "no"
    assert {one.question: one.answer for one in back.comparable}["q4"] == "no"


def test_only_what_was_moved_is_called_moved() -> None:
    lines = TOLD.splitlines(keepends=True)
    place = next(place for place, line in enumerate(lines) if "id: q1" in line)
    loose = [line.replace(", ask_when: {q1: [fully_met, partly_met]}", "") for line in lines]
    swapped = [*loose[:place], loose[place + 1], loose[place], *loose[place + 2:]]
    found = compare(rubric("".join(loose)), rubric("".join(swapped)))
    assert [change for change, *_ in kinds(found)] == ["moved"]
    assert {one.answer for one in found.comparable} == {"yes"}


@pytest.mark.parametrize(("old", "new", "answer"), [
    ("ask: Was it reasoned,", "ask: was it reasoned.,", "yes"),
    ("ask: Was it reasoned,", "ask: Was it well reasoned,", "yes"),
    ("ask: Was it reasoned,", "ask: Who told the family,", "no"),
    ("partly_met: Most of it", "partly_met: Half of it", "top"),
    ("partly_met: Most of it", "partly_met: most of it.", "yes"),
    ("fully_met: All of it", "fully_met: Nearly all of it", "no"),
    ("[fully_met, partly_met]}", "[fully_met]}", "yes"),
    ("points: 1,", "points: 1.5,", "yes"),
    ("      partly_met:", "      mostly_met: {key: '5', label: Mostly met, points: 1.5}\n      partly_met:", "top"),
])
def test_earlier_marks_stay_comparable_as_far_as_the_levels_mean_the_same(old: str, new: str, answer: str) -> None:
    found = {one.question: one for one in after(old, new).comparable}["q2"]
    assert found.answer == answer and found.why.endswith((".", "id."))


def test_a_scale_that_begins_with_another_level_leaves_nothing_to_compare() -> None:
    text = TOLD.replace("fully_met", "splendid")
    assert "no" in {one.answer for one in compare(rubric(TOLD), rubric(text)).comparable}
    assert "scale" in compare(rubric(TOLD), rubric(text)).kinds


@pytest.mark.parametrize(("one", "other", "step"), [
    ("1.0", "2.0", "major"), ("1.0", "1.1", "minor"), ("1.0", "1.0.1", "patch"), ("1.0", "1.0", "none"),
    ("1", "1.0", "none"), ("1.9", "1.10", "minor"), ("2.0", "1.9", None), ("draft", "1.0", None), ("1_0", "11", None),
    ("1.0.0.1", "1.0.0.2", "patch")])
def test_a_step_is_where_the_first_number_differs(one: str, other: str, step: str | None) -> None:
    assert step_between(one, other) == step


def test_the_weightiest_change_says_what_step_is_needed() -> None:
    both = compare(rubric(TOLD), rubric(TOLD.replace("title: Small", "title: S").replace("points: 1,", "points: 1.5,")))
    assert both.needed == "major" and both.kinds == ("scoring", "identity")
    assert falls_short("minor", "major") and not falls_short("minor", "patch") and not falls_short(None, "major")
    assert set(STEPS.values()) == {"none", "patch", "minor", "major"}


@given(st.permutations(range(7)))
def test_the_longest_rise_is_as_long_as_trying_all_says(values: list[int]) -> None:
    places = sorted(_longest_rise(values))
    assert [values[place] for place in places] == sorted(values[place] for place in places)
    best = [1] * len(values)
    for end in range(len(values)):
        best[end] = 1 + max((best[start] for start in range(end) if values[start] < values[end]), default=0)
    assert len(places) == max(best)


def shipped_rubric(name: str) -> Rubric:
    return read_rubric(shipped("rubrics") / f"{name}.yaml").rubric


@pytest.mark.parametrize(("name", "answers"), [
    ("rasso", {"CH1": "yes", "VW5": "yes", "RSO1": "no", "RSO4": "no", "RC1": "no"}),
    ("disclosure", {"DS1": "yes", "DS6": "yes", "D7": "no", "D10": "no", "CH1": "no"}),
    ("prosecution-short", {"S1": "top", "S2": "top", "S3": "no", "S8": "top", "S12": "top", "RV3": "no"}),
])
def test_a_variant_compares_with_its_parent_as_far_as_it_says(name: str, answers: dict[str, str]) -> None:
    found = {one.question: one for one in compare(shipped_rubric("prosecution"), shipped_rubric(name)).comparable}
    assert {question: found[question].answer for question in answers} == answers
    assert "CH2" not in found or name != "prosecution-short"  # what S1 names is told at S1
    assert "theme" in found["S3"].why if name == "prosecution-short" else True


def test_a_section_whose_gate_changed_is_told_once() -> None:
    text = TOLD.replace("- {id: q3, ask", "- {id: q4, ask: Was the child told}\n      - {id: q3, ask")
    found = compare(rubric(text), rubric(text.replace("{case: {child: true}}", "{case: {child: false}}")))
    assert kinds(found) == [("gate", "", "when section b is asked")]
    assert {one.question: one.why[:21] for one in found.comparable}["q4"] == "A mark means the same"


@pytest.mark.parametrize(("old", "new", "kind", "what"), [
    ("status: trial", "status: trial\nowner: The group", "identity", "owner"),
    ("status: trial", "status: trial\nnotes: Read this.", "identity", "notes"),
    ("scales:\n", "use_for: {child: true}\nscales:\n", "gate", "cases it is used for"),
    ("ask: Was it right,", "ask: Was it right, legal_basis: The Code 4.6,", "guidance", "what it rests on"),
    ("ask: Was it right,", "ask: Was it right, examples: {not_met: None.},", "guidance", "examples"),
    ("ask: Was it right,", "ask: Was it right, corresponds_to: none,", "identity", "what it corresponds to"),
    ("ask: Was it right,", "ask: 'Was it right', allow: {R030: It may.},", "identity", "warnings that stand"),
])
def test_what_surrounds_the_questions_has_its_kind_too(old: str, new: str, kind: str, what: str) -> None:
    assert (kind, what) in [(change, about) for change, _, about in kinds(after(old, new))]
