"""What reviewers said is given word for word, and where names are hidden nothing beside it tells who said it."""

from cqa.consistency.trials.data import PARENT, VARIANT
from cqa.consistency.trials.said import HEADINGS, said_of, said_tables
from cqa.rubric.trial_questions import TRIAL_QUESTIONS
from tests.consistency.trials.made import marked, trial_data

DATA = trial_data([
    marked(PARENT, "A", "ann", {}, said={"trial_hardest": "q2: the words\nare vague", "trial_change": "=SUM(A1)"}),
    marked(PARENT, "B", "bob", {}, said={"trial_hardest": "  "}),
    marked(VARIANT, "A", "cy", {}, said={"trial_hardest": "None was hard"}),
    marked(VARIANT, "B", "dee", {}, said={"trial_unseen": "Delay"}, signed=False)])


def test_every_answer_stands_as_it_was_written() -> None:
    found = said_of(DATA, hidden=False)
    assert [(one.form, one.question, one.text, one.case_id, one.reviewer) for one in found.answers] == [
        (PARENT, "trial_hardest", "q2: the words\nare vague", "A", "ann"),
        (VARIANT, "trial_hardest", "None was hard", "A", "cy"), (PARENT, "trial_change", "=SUM(A1)", "A", "ann")]


def test_who_left_a_question_out_is_counted() -> None:
    counts = {(one.form, one.question): (one.answered, one.left_out) for one in said_of(DATA, hidden=True).counts}
    assert counts[PARENT, "trial_hardest"] == (1, 1) and counts[VARIANT, "trial_hardest"] == (1, 0)
    assert counts[VARIANT, "trial_unseen"] == (0, 1)
    table = said_tables(DATA, said_of(DATA, hidden=True))[1]
    assert next(iter(table.rows)) == (HEADINGS["trial_hardest"], PARENT, 1, 1, "1 of 2") and len(table.rows) == 6


def test_where_names_are_hidden_neither_reviewer_nor_case_is_given() -> None:
    found = said_of(DATA, hidden=True)
    table = said_tables(DATA, found)[0]
    assert [column.name for column in table.columns] == ["Question", "Form", "Said"]
    assert not {"ann", "bob", "cy", "dee", "A", "B"} & {cell for row in table.rows for cell in row}
    told = [one.as_json() for one in found.answers]
    assert all(one["case_id"] is None and one["reviewer"] is None for one in told)


def test_hidden_answers_do_not_stand_in_the_order_of_those_who_wrote_them() -> None:
    texts = ["first", "second", "third", "fourth", "fifth"]
    one, other = ([answer.text for answer in said_of(trial_data([
        marked(PARENT, f"C{number}", "ann", {}, said={"trial_change": text}) for number, text in enumerate(listed)]),
        hidden=True).answers] for listed in (texts, texts[::-1]))
    assert one == other and sorted(one) == sorted(texts)


def test_every_question_of_a_trial_has_its_heading() -> None:
    assert tuple(HEADINGS) == TRIAL_QUESTIONS
