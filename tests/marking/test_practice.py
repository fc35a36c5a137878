"""What is told in practice: how a mark stands to the worked answer, the papers, and the sum of a case."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cqa.files.rubrics import rubric_of
from cqa.files.yaml_tree import parse_tree
from cqa.marking.actions import SetMark
from cqa.marking.practice import LENIENT, Lesson, likeness, practice_state
from cqa.marking.session import State, step
from cqa.rubric.model import Question
from cqa.rubric.practice import WorkedAnswer, read_practice
from cqa.rubric.scoring import owes_proof
from tests.casework import RUBRIC
from tests.practised import PRACTICE

SMALL = rubric_of(RUBRIC.encode(), "small.yaml").rubric
CASE = read_practice(parse_tree(PRACTICE.encode(), "p"), SMALL, "p")[0][0]
LESSON = Lesson(SMALL, CASE)
Q2 = SMALL.by_id["q2"]
ANSWERS = st.sampled_from([level.id for level in Q2.scale.answers] if Q2.scale else [])
OPPOSITE = {"higher": "lower", "lower": "higher"}


def worked(mark: str, *also: str) -> WorkedAnswer:
    return WorkedAnswer(mark, "so", "there", also)


def marked(marks: Mapping[str, str]) -> State:
    state = practice_state(SMALL, {CASE.case_id: CASE.facts})
    for question, mark in marks.items():
        state = step(state, SetMark(CASE.case_id, question, mark, "r", "e"), "2026-03-02T09:00:00.000Z").state
    return state


@given(ANSWERS, ANSWERS)
def test_higher_one_way_is_lower_the_other_way(one: str, other: str) -> None:
    there, back = likeness(Q2, one, worked(other)), likeness(Q2, other, worked(one))
    assert back == OPPOSITE.get(there, there)
    assert (there == "equal") == (one == other)


@given(ANSWERS, ANSWERS)
def test_what_can_be_defended_is_never_higher_or_lower(one: str, other: str) -> None:
    assert likeness(Q2, one, worked(other, one)) in ("equal", "defensible")


def test_the_scale_decides_the_direction_and_off_it_there_is_none() -> None:
    assert likeness(Q2, "fully_met", worked("partly_met")) == "higher"
    assert likeness(Q2, "not_met", worked("partly_met")) == "lower"
    assert likeness(Q2, "does_not_apply", worked("fully_met")) == "otherwise"
    assert likeness(Q2, "fully_met", worked("cannot_tell")) == "otherwise"
    choice: Question = replace(Q2, scale=None, type="choice", choices=("a", "b"))
    assert (likeness(choice, "a", worked("b")), likeness(choice, "b", worked("b"))) == ("otherwise", "equal")
    assert likeness(replace(choice, type="text", choices=()), "mine", worked("theirs")) == "words"


def test_a_remark_gives_the_worked_answer_the_direction_the_reason_and_the_place() -> None:
    assert LESSON.remark("q3", "fully_met") == (
        "The worked answer: Not met. You marked higher: Fully met.",
        "Because: A promise to ask is not asking.",
        'In the file: Review, 3 March: "V will be asked soon."')
    assert LESSON.remark("q1", "fully_met")[0] == "The worked answer: Fully met. Yours is the same."
    assert LESSON.remark("q1", "not_met")[0] == "The worked answer: Fully met. You marked lower: Not met."
    assert LESSON.remark("q1", "cannot_tell")[0] == "The worked answer: Fully met. You marked Cannot tell."


def test_marks_that_can_be_defended_are_named_whatever_was_marked() -> None:
    assert LESSON.remark("q2", "not_met")[0] == (
        "The worked answer: Partly met. Yours, Not met, can be defended too.")
    assert LESSON.remark("q2", "fully_met")[0] == (
        "The worked answer: Partly met. You marked higher: Fully met. Not met can be defended too.")


def test_an_answer_in_words_is_shown_one_and_not_judged() -> None:
    question = replace(Q2, scale=None, type="text")
    rubric = replace(SMALL, sections=(replace(SMALL.sections[0], questions=(question,)),))
    lesson = Lesson(rubric, replace(CASE, answers={"q2": WorkedAnswer("Well done.", "It is true.", "")}))
    assert lesson.remark("q2", "mine") == (
        "The worked answer: Well done. Yours is in your own words, so compare the two.", "Because: It is true.")


def test_an_example_of_the_level_is_shown_where_the_rubric_has_one() -> None:
    question = replace(Q2, examples={"partly_met": ("A list.", "Another."), "fully_met": ("A balance.",)})
    rubric = replace(SMALL, sections=(replace(SMALL.sections[0], questions=(question,)),))
    told = Lesson(rubric, CASE).remark("q2", "fully_met")
    assert told[-1] == "An example of Partly met: A list." and not any("balance" in line for line in told)


def test_a_question_that_only_the_reviewers_own_marks_opened_has_no_worked_answer_and_is_not_counted() -> None:
    lesson = Lesson(SMALL, replace(CASE, answers={"q1": CASE.answers["q1"]}))
    assert lesson.remark("q2", "fully_met") == (
        "There is no worked answer to this question: by the worked marks before it, it is not asked.",)
    assert "1 mark:" in lesson.summary(marked({"q1": "fully_met", "q2": "not_met"}))[0]


def test_the_papers_are_the_documents_in_order_and_each_can_be_had_alone() -> None:
    papers = LESSON.papers()
    assert papers[0] == "A note without a date. Invented, for practice. The file has 2 documents."
    assert papers[1:] == (*LESSON.document(1), *LESSON.document(2), "", "End of the file.")
    assert LESSON.document(1)[1:] == ("Document 1 of 2: Review, 3 March", "Charged, because W1 saw it all.",
                                      "V will be asked soon.")
    assert LESSON.document(0) == LESSON.document(3) == LESSON.document(-1) == ()


def test_the_sum_counts_each_kind_and_names_what_differs() -> None:
    assert LESSON.summary(marked({"q1": "fully_met", "q2": "not_met", "q3": "partly_met"})) == (
        "Case note beside the worked answers, 3 marks: the same 1, defensible 1, higher 1, lower 0.",
        "q3: you marked Partly met; the worked answer is Not met.")
    assert LESSON.summary(marked({"q1": "cannot_tell"})) == (
        "Case note beside the worked answers, 1 mark: the same 0, defensible 0, higher 0, lower 0, one off the scale "
        "1.",
        "q1: you marked Cannot tell; the worked answer is Fully met.")


def test_a_difference_on_which_the_case_fails_says_so() -> None:
    assert LESSON.summary(marked({"q1": "not_met"}))[1] == (
        "q1: you marked Not met, which fails the case; the worked answer is Fully met.")
    lesson = Lesson(SMALL, replace(CASE, answers={"q1": worked("not_met")}))
    assert lesson.summary(marked({"q1": "partly_met"}))[1] == (
        "q1: you marked Partly met; the worked answer is Not met, which fails the case.")


def test_the_first_mark_counts_and_what_was_changed_afterwards_is_said() -> None:
    state = marked({"q1": "fully_met", "q2": "partly_met", "q3": "not_met"})
    told = LESSON.summary(state, {"q2": "fully_met", "q3": "fully_met"})
    assert told == (
        "Case note beside the worked answers, 3 marks: the same 1, defensible 0, higher 2, lower 0.",
        "What counts here is your first mark: 2 changed after the worked answer was told.",
        "q2: you marked Fully met; the worked answer is Partly met.",
        "q3: you marked Fully met; the worked answer is Not met.", LENIENT)


def test_mostly_higher_is_said_only_where_it_is_so() -> None:
    two = Lesson(SMALL, replace(CASE, answers={**CASE.answers, "q1": worked("partly_met")}))
    high = {"q1": "fully_met", "q2": "fully_met", "q3": "fully_met"}
    assert two.summary(marked(high))[-1] == LENIENT
    assert LENIENT not in LESSON.summary(marked({"q1": "fully_met", "q2": "partly_met", "q3": "fully_met"}))
    assert LENIENT not in two.summary(marked({"q1": "not_met", "q3": "fully_met"}))


def test_marks_of_questions_that_are_not_asked_any_more_count_nowhere() -> None:
    state = marked({"q1": "fully_met", "q2": "fully_met"})
    state = step(state, SetMark("note", "q1", "not_met", "r", "e"), "2026-03-02T09:00:01.000Z").state
    assert "1 mark:" in LESSON.summary(state)[0] and "q2" not in " ".join(LESSON.summary(state))


def test_no_mark_owes_a_proof_in_practice() -> None:
    text = RUBRIC.replace("rules:\n", "proof: {levels: [fully_met], one_in: 1}\nrules:\n")
    rubric = rubric_of(text.encode(), "r").rubric
    assert owes_proof(rubric, "practice", "note", "q1", "fully_met")
    state = practice_state(rubric, {"note": CASE.facts})
    assert step(state, SetMark("note", "q1", "fully_met"), "2026-03-02T09:00:00.000Z").due == ()
