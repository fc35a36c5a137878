"""Each question of a form is looked at by stated rules, and nothing is said of a handful of marks."""

import pytest

from cqa.consistency.trials.data import PARENT, Assessed
from cqa.consistency.trials.health import QuestionHealth, health_of, health_table
from tests.consistency.trials.made import marked, trial_data

LEVELS = ("not_met", "partly_met", "fully_met")


def marks(question: str, first: list[str], second: list[str]) -> list[Assessed]:
    """Cases with the marks of their two markers on one question."""
    return [marked(PARENT, f"C{number}", who, {question: mark}, turn=turn)
            for number, pair in enumerate(zip(first, second, strict=True))
            for who, turn, mark in zip(("ann", "bob"), ("first", "second"), pair, strict=True)]


def found(given: list[Assessed], question: str = "q1") -> QuestionHealth:
    return next(one for one in health_of(trial_data(given)) if (one.form, one.question) == (PARENT, question))


def kinds(one: QuestionHealth) -> list[str]:
    return [finding.kind for finding in one.findings]


def varied(cases: int) -> list[str]:
    return [LEVELS[number % 3] for number in range(cases)]


def test_a_question_used_well_is_healthy() -> None:
    one = found(marks("q1", varied(21), varied(21)))
    assert one.healthy and (one.answers, one.marks, one.pairs) == (42, 42, 21)


def test_a_level_that_nobody_used_is_named_by_its_label() -> None:
    one = found(marks("q1", ["fully_met", "not_met"] * 10, ["fully_met", "not_met"] * 10))
    assert [finding.sentence for finding in one.findings] == ["Never used in 40 marks: Partly met."]


def test_one_level_over_nine_in_ten_is_said_and_nine_in_ten_is_not() -> None:
    over = found(marks("q1", ["fully_met"] * 20, ["fully_met"] * 18 + ["partly_met", "not_met"]))
    assert "38 of 40 marks are Fully met." in [finding.sentence for finding in over.findings]
    exactly = found(marks("q1", ["fully_met"] * 20, ["fully_met"] * 16 + ["partly_met", "not_met"] * 2))
    assert "one level" not in kinds(exactly)


def test_low_agreement_is_said_with_its_pairs() -> None:
    one = found(marks("q1", varied(21), varied(22)[1:]))
    assert kinds(one) == ["low agreement"]
    assert one.findings[0].sentence.startswith("Its two markers agree in 0 of 21 pairs, AC2 ")


@pytest.mark.parametrize("cases", [0, 1, 3, 9])
def test_of_few_marks_it_says_that_there_are_too_few(cases: int) -> None:
    one = found(marks("q1", ["fully_met"] * cases, ["not_met"] * cases))
    assert kinds(one) == ["too few"]
    sentence = one.findings[0].sentence
    assert str(2 * cases) in sentence and "where 20 are needed" in sentence and "pair" in sentence


def test_enough_marks_with_too_few_pairs_tell_of_levels_alone() -> None:
    """Each case has one marker: thirty marks and no pair."""
    one = found([marked(PARENT, f"C{number}", "ann", {"q1": "fully_met"}) for number in range(30)])
    assert kinds(one) == ["never used", "one level", "too few"]
    assert one.findings[-1].sentence.startswith("Too few to tell whether its two markers agree: 0 pairs")


def test_answers_off_the_scale_are_counted_by_label() -> None:
    first = ["cannot_tell"] * 4 + ["does_not_apply"] * 6 + varied(30)
    one = found(marks("q1", first, varied(40)))
    assert [finding.sentence for finding in one.findings if finding.kind == "off the scale"] == []
    more = found(marks("q1", first, first))
    assert "20 of 80 answers lie off the scale: Cannot tell 8, Does not apply 12." in [
        finding.sentence for finding in more.findings]


def together(cases: int, first: list[str], second: list[str]) -> list[Assessed]:
    return [marked(PARENT, f"C{number}", who, {"q1": first[number], "q2": second[number]})
            for number in range(cases) for who in ("ann", "bob")]


def test_a_question_that_always_agrees_with_another_is_said_of_both() -> None:
    given = together(20, varied(20), varied(20))
    for question, other in (("q1", "q2"), ("q2", "q1")):
        one = found(given, question)
        assert [finding.sentence for finding in one.findings] == [
            f"At the same level as {other} in 40 of 40 assessments, though both vary: one of the two may do."]


def test_it_is_not_said_of_few_or_of_questions_that_hardly_vary() -> None:
    assert "asked twice" not in kinds(found(together(19, varied(19), varied(19))))
    same = ["fully_met"] * 25 + ["not_met"] * 5
    assert "asked twice" not in kinds(found(together(30, same, same)))
    wider = ["fully_met"] * 24 + ["not_met"] * 6
    assert "asked twice" in kinds(found(together(30, wider, wider)))


def test_every_question_of_both_forms_has_a_row_compared_or_not() -> None:
    waiting = marked(PARENT, "X", "ann", {"q1": "not_met"}, signed=False)
    data = trial_data([*marks("q1", varied(21), varied(21)), waiting])
    health = health_of(data)
    assert [one.question for one in health] == ["q1", "q2", "p3", "p4", "p5", "q1", "s2", "s3", "s4"]
    table = health_table(data, health)
    assert next(iter(table.rows))[3:] == (42, 42, 21, "nothing found", "Nothing found.")
    assert {row[1] for row in table.rows} == {one.question for one in health}
    assert "1 assessment still open" in table.note and health[0].as_json()["findings"] == []
