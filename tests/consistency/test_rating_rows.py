"""Rows of a table become marks; what in them cannot be used is told with its lines."""

import pytest

from cqa.consistency.counts import Ratings
from cqa.consistency.rating_rows import RatingRows, RatingTable, scaled
from cqa.errors import BadInput
from cqa.sampling.frame import Batch

NAMES = {"case": "case", "reviewer": "reviewer", "question": "question"}


def rows_of(*rows: tuple[str, ...], question: int | None = 3) -> RatingRows:
    made = RatingRows()
    made.add_long(Batch("r.csv", range(2, 2 + len(rows)), rows), (0, 1, 2, question))
    return made


def table(*rows: tuple[str, ...]) -> RatingTable:
    return rows_of(*rows).conclude("r.csv", NAMES)


def refused(*rows: tuple[str, ...], **asked: bool | tuple[str, ...]) -> list[tuple[str, int | None]]:
    with pytest.raises(BadInput) as error:
        rows_of(*rows).conclude("r.csv", NAMES, **asked)  # type: ignore[arg-type]
    return [(problem.code, problem.line) for problem in error.value.problems]


def test_names_are_kept_as_text_in_the_order_in_which_they_come() -> None:
    found = table(("007", "bob", "2", "q"), ("7", "ann ", "1", "q"), (" 007", "ann", "2", "q"))
    assert found.cases == ("007", "7") and found.reviewers == ("bob", "ann") and found.texts == ("2", "1")
    assert found.line.tolist() == [2, 3, 4] and found.case.tolist() == [0, 1, 0]


def test_an_empty_mark_is_a_missing_one_but_its_row_is_still_that_reviewers() -> None:
    found = table(("1", "ann", "", "q"), ("1", "bob", "3", "q"))
    assert found.reviewer.tolist() == [1] and found.texts == ("3",)
    assert refused(("1", "ann", "", "q"), ("1", "ann", "3", "q")) == [("C031", 3)]


def test_a_row_with_a_mark_needs_case_reviewer_and_question() -> None:
    assert refused(("", "ann", "1", "q"), ("1", " ", "1", "q"), ("1", "ann", "1", ""), ("", "", "", "")) == [
        ("C030", 2), ("C030", 3), ("C030", 4)]


def test_marks_are_held_to_the_declared_levels_and_to_numbers() -> None:
    rows = (("1", "ann", "1.0", "q"), ("2", "ann", "x", "q"), ("3", "ann", "2", "q"))
    assert refused(*rows, declared=("1", "2")) == [("C032", 3)]
    assert refused(*rows, numbers=True) == [("C035", 3)]


def test_a_thousand_problems_of_one_kind_are_ten_and_a_count() -> None:
    with pytest.raises(BadInput) as error:
        rows_of(*(("1", "ann", "1", "q") for _ in range(1001))).conclude("r.csv", NAMES)
    assert len(error.value.problems) == 10 and "And 990 more" in error.value.problems[-1].message


def test_questions_of_one_scale_are_taken_together_and_number_cases_alike() -> None:
    found = table(("1", "ann", "1", "p"), ("1", "bob", "2", "p"), ("2", "ann", "1", "q"), ("2", "bob", "2.0", "q"),
                  ("3", "ann", "met", "r"), ("3", "bob", "not met", "r"))
    numbers, words = scaled(found, ())
    assert (numbers.questions, numbers.scale.levels) == ((0, 1), ("1", "2"))
    assert (words.questions, words.scale.levels) == ((2,), ("met", "not met"))
    marks: Ratings = numbers.ratings
    assert marks.cases == 3 and marks.question.tolist() == [0, 0, 1, 1] and marks.level.tolist() == [0, 1, 0, 1]
    assert words.ratings.case.tolist() == [2, 2]
