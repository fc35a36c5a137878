"""Every row of the fault suite, at a size for every run; `python -m tests.faults` runs them in full."""

import pytest

from tests.faults.result import Result, Row, Tally, all_of, could_not_run
from tests.faults.suite import LONGEST_FIRST, ROWS, Ended, chosen, table, working_folder


@pytest.mark.parametrize("row", ROWS, ids=[row.key for row in ROWS])
def test_a_row_of_the_fault_suite_holds(row: Row) -> None:
    with working_folder() as folder:
        result = row.run("ci", folder)
    if result.not_run:
        pytest.skip(result.not_run)
    assert result.held, result.told


def test_every_row_of_the_plan_is_here_once() -> None:
    assert {int(row.key.split()[0]) for row in ROWS} == {*range(1, 12), 14}
    assert len({row.key for row in ROWS}) == len(ROWS) and {*LONGEST_FIRST} <= {row.key for row in ROWS}


def test_rows_are_chosen_by_number_and_an_unknown_number_is_refused() -> None:
    assert [row.key for row in chosen("2, 4")] == ["2", "4"] and chosen("") == ROWS
    with pytest.raises(ValueError, match="no such row: 13"):
        chosen("1,13")


def ended(result: Result) -> Ended:
    return Ended(ROWS[0], result, 1.4, 0.7)


def test_a_row_holds_only_if_enough_was_tried_and_nothing_was_found() -> None:
    assert Result(5, "cuts", 5, {"lost": 0}).held
    assert not Result(4, "cuts", 5, {"lost": 0}).held and not Result(5, "cuts", 5, {"lost": 1}).held


def test_a_row_that_could_not_run_has_neither_held_nor_failed() -> None:
    told = ended(could_not_run("kills", "no fork here"))
    assert not told.result.held and all_of([told.result]) and "| - | no fork here | not run | 1 | 1 |" in table([told])


def test_what_must_never_be_found_is_counted_and_told_with_examples() -> None:
    tally = Tally("kills", 2)
    for number in range(9):
        tally.tried += 1
        tally.hold(number < 2, "lost", number)
    result = tally.result()
    assert not all_of([result]) and result.never == {"lost": 7} and result.examples[0] == "lost: 2"
    assert len(result.examples) == 5 and "| 9 kills | 7 lost | NO | 1 | 1 |" in table([ended(result)])


def test_a_row_that_is_to_try_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="shows nothing"):
        Tally("kills", 0)
