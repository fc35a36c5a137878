"""Which column is the case id, where nobody said: by its name, else by being filled and unique."""

import pytest

from cqa.sampling.id_column import guessed_id, id_rank

ROWS = [("Leeds", "1", "x"), ("York", "2", ""), ("York", "3", "")]


@pytest.mark.parametrize("name", ["case_id", "Case ID", "URN", "Case Reference", "case ref.", "CMS case number",
                                  "Reference", "id", "\ufeffcase_id"[1:], "CPS URN", "file_no"])
def test_names_that_speak_of_an_id_are_known(name: str) -> None:
    assert id_rank(name) is not None


@pytest.mark.parametrize("name", ["unit", "prosecutor_id", "received", "preference", "casework", "turn", "paid", ""])
def test_other_names_are_not(name: str) -> None:
    assert id_rank(name) is None


def test_the_likeliest_name_is_taken_wherever_it_stands() -> None:
    assert guessed_id(("urn", "Case_ID", "id"), ROWS) == 1


def test_a_name_that_speaks_of_an_id_over_an_empty_column_is_passed_over() -> None:
    assert guessed_id(("unit", "urn", "case id"), ROWS) == 1


def test_without_such_a_name_the_first_filled_and_unique_column_is_taken() -> None:
    assert guessed_id(("unit", "number", "note"), ROWS) == 1


def test_nothing_is_guessed_from_nothing() -> None:
    assert guessed_id(("unit", "number"), [("Leeds", "1")]) is None
    assert guessed_id(("unit", "number"), [("a", "1"), ("a", "1")]) is None
    assert guessed_id(("unit", "urn"), []) == 1
