"""From rows to cases: ids survive as text, and every problem is named with its line."""

from collections.abc import Sequence

import pytest

from cqa.errors import BadInput
from cqa.sampling.candidates import Candidates, Case
from cqa.sampling.frame import Collapse, Columns, find_places
from cqa.sampling.survey import Frame, survey
from tests.sampling.exporting import Rows

STRICT = Collapse({}, None)
SAME = Collapse({}, "same")
NAMES = ("Case ID", "unit", "who", "flag")
COLUMNS = Columns("case_id", ("unit",), ("who",), (("child", "flag"),))


def surveyed(
    rows: Sequence[Sequence[str]], collapse: Collapse = STRICT, columns: Columns = COLUMNS,
    names: tuple[str, ...] = NAMES,
) -> tuple[Frame, list[Case]]:
    """The frame, and all its cases by id."""
    export = Rows(names, rows)
    candidates = Candidates(1000)
    frame = survey(export, find_places(export, columns, collapse), collapse, seed="s", candidates=candidates)
    cases = [case for size in frame.strata for _, case in candidates.of(size.name)]
    return frame, sorted(cases, key=lambda case: case.case_id)


def problems(rows: Sequence[Sequence[str]], collapse: Collapse = STRICT) -> list[tuple[str, int | None]]:
    with pytest.raises(BadInput) as caught:
        surveyed(rows, collapse)
    return [(problem.code, problem.line) for problem in caught.value.problems]


def test_ids_that_look_like_numbers_or_nothing_stay_as_they_are() -> None:
    ids = ("00123", "06E12345", "None", "NA", "1.0", "123")
    _, cases = surveyed([(one, "u", "w", "Y") for one in ids])
    assert {case.case_id for case in cases} == set(ids)


def test_an_id_wrapped_for_a_spreadsheet_is_unwrapped() -> None:
    _, cases = surveyed([('="00123"', "u", "w", "Y")])
    assert cases[0].case_id == "00123"


def test_an_id_that_a_spreadsheet_has_ruined_is_refused() -> None:
    assert problems([("1.23E+10", "u", "w", "Y"), ("06E12345", "u", "w", "Y")]) == [("C019", 2)]


def test_blank_doubled_and_look_alike_ids_are_all_named_at_once() -> None:
    assert problems([("1", "u", "w", ""), ("", "u", "w", ""), ("1", "u", "w", ""), ("ab", "u", "w", ""),
                     ("AB ", "u", "w", "")]) == [("C007", 3), ("C008", 4), ("C009", 6)]


def test_doubled_ids_far_apart_are_found_and_both_lines_named() -> None:
    rows = [(f"{number:06d}", "u", "w", "") for number in range(40_000)]
    with pytest.raises(BadInput) as caught:
        surveyed([*rows, ("000000", "u", "w", "")])
    (problem,) = caught.value.problems
    assert (problem.code, problem.line) == ("C008", 40_002) and "line 2 " in problem.message


def test_a_long_list_of_one_kind_is_counted() -> None:
    with pytest.raises(BadInput) as caught:
        surveyed([("", "u", "w", "")] * 30)
    assert len(caught.value.problems) == 10 and "20 more" in caught.value.problems[-1].message


def test_look_alike_ids_are_refused_even_when_rows_may_join() -> None:
    assert ("C009", 3) in problems([("ab", "u", "w", ""), ("AB", "u", "w", "")], SAME)


def test_a_control_character_in_an_id_is_refused() -> None:
    assert problems([("a\x07b", "u", "w", "")]) == [("C013", 2)]


def test_a_missing_column_offers_the_near_ones() -> None:
    with pytest.raises(BadInput) as caught:
        surveyed([("1", "u", "w", "")], columns=Columns("caseid", ("units",)))
    assert [problem.code for problem in caught.value.problems] == ["C004"]
    assert "unit" in caught.value.problems[0].remedy


def test_a_doubled_column_is_refused_only_where_it_is_used() -> None:
    rows, names = [("1", "a", "b")], ("id", "date", "date")
    assert surveyed(rows, columns=Columns("id"), names=names)[0].cases == 1
    with pytest.raises(BadInput) as caught:
        surveyed(rows, columns=Columns("id", ("date",)), names=names)
    assert caught.value.problems[0].code == "C010"


def test_same_joins_equal_rows_and_stops_at_a_difference() -> None:
    assert surveyed([("1", "u", "w", "Y"), ("1", "u", "w", "Y")], SAME)[0].cases == 1
    assert problems([("1", "u", "w", "Y"), ("1", "u", "w", "N")], SAME) == [("C011", 2)]


@pytest.mark.parametrize(("values", "joined"), [
    (("N", "Y"), "Y"), (("N", "no"), "N"), (("", "N"), ""), (("", "yes"), "Y")])
def test_any_is_yes_if_any_row_is_and_blank_if_nobody_knows(values: tuple[str, str], joined: str) -> None:
    _, cases = surveyed([("1", "u", "w", value) for value in values], Collapse({"Flag": "any"}, None))
    assert cases[0].facts["child"] == joined


def test_any_of_what_is_neither_yes_nor_no_says_so() -> None:
    with pytest.raises(BadInput) as caught:
        surveyed([("1", "u", "w", "maybe"), ("1", "u", "w", "Y")], Collapse({"flag": "any"}, None))
    (problem,) = caught.value.problems
    assert "'maybe' is neither yes nor no" in problem.message and "flag=all" in problem.remedy


def test_all_joins_the_values_and_every_handler_counts() -> None:
    _, cases = surveyed([("1", "u", "w1", "Y"), ("1", "u", "w2", "Y")], Collapse({"who": "all"}, None))
    assert cases[0].handlers == ("w1", "w2")


def test_a_rule_for_one_column_does_not_let_another_differ() -> None:
    assert problems([("1", "u", "w", "Y"), ("1", "v", "w", "N")], Collapse({"flag": "any"}, None)) == [("C011", 2)]


def test_a_fact_without_a_column_is_blank_but_a_kept_column_must_be_there() -> None:
    columns = Columns("case_id", facts=(("child", "Child victim"),), optional=("child",))
    assert surveyed([("1", "u", "w", "")], columns=columns)[1][0].facts == {"child": ""}
    with pytest.raises(BadInput):
        surveyed([("1", "u", "w", "")], columns=Columns("case_id", facts=(("gone", "gone"),)))


def test_the_digest_knows_nothing_of_order() -> None:
    rows = [("1", "u", "w", ""), ("2", "u", "w", "")]
    assert surveyed(rows)[0].digest == surveyed(rows[::-1])[0].digest


def test_a_header_without_rows_is_no_frame() -> None:
    assert problems([]) == [("C002", None)]
