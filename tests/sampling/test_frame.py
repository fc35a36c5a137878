"""From rows to cases: ids survive as text, and every problem is named with its line."""

import pytest

from cqa.errors import BadInput
from cqa.sampling.frame import Collapse, Columns, Frame, Row, build_frame

STRICT = Collapse({}, None)
SAME = Collapse({}, "same")


def frame(rows: list[tuple[str, ...]], collapse: Collapse = STRICT, columns: Columns | None = None) -> Frame:
    numbered: list[Row] = list(enumerate(rows, start=2))
    return build_frame((1, ("Case ID", "unit", "who", "flag")), numbered,
                       columns or Columns("case_id", ("unit",), ("who",), (("child", "flag"),)), collapse, "e.csv")


def problems(rows: list[tuple[str, ...]], collapse: Collapse = STRICT) -> list[tuple[str, int | None]]:
    with pytest.raises(BadInput) as caught:
        frame(rows, collapse)
    return [(problem.code, problem.line) for problem in caught.value.problems]


def test_ids_that_look_like_numbers_or_nothing_stay_as_they_are() -> None:
    made = frame([(one, "u", "w", "Y") for one in ("00123", "06E12345", "None", "NA", "1.0", "123")])
    assert [case.case_id for case in made.cases] == ["00123", "06E12345", "None", "NA", "1.0", "123"]


def test_blank_doubled_and_look_alike_ids_are_all_named_at_once() -> None:
    assert problems([("1", "u", "w", ""), ("", "u", "w", ""), ("1", "u", "w", ""), ("ab", "u", "w", ""),
                     ("AB ", "u", "w", "")]) == [("C007", 3), ("C008", 4), ("C009", 6)]


def test_a_long_list_of_one_kind_is_counted() -> None:
    found = problems([("", "u", "w", "")] * 30)
    assert len(found) == 11


def test_look_alike_ids_are_refused_even_when_rows_may_join() -> None:
    assert problems([("ab", "u", "w", ""), ("AB", "u", "w", "")], SAME) == [("C009", 3)]


def test_a_missing_column_offers_the_near_ones() -> None:
    with pytest.raises(BadInput) as caught:
        frame([("1", "u", "w", "")], columns=Columns("caseid", ("units",)))
    assert [problem.code for problem in caught.value.problems] == ["C004"]
    assert "unit" in caught.value.problems[0].remedy


def test_a_doubled_column_is_refused_only_where_it_is_used() -> None:
    rows: list[Row] = [(2, ("1", "a", "b"))]
    header = (1, ("id", "date", "date"))
    assert len(build_frame(header, rows, Columns("id"), STRICT, "e").cases) == 1
    with pytest.raises(BadInput) as caught:
        build_frame(header, rows, Columns("id", ("date",)), STRICT, "e")
    assert caught.value.problems[0].code == "C010"


def test_same_joins_equal_rows_and_stops_at_a_difference() -> None:
    assert len(frame([("1", "u", "w", "Y"), ("1", "u", "w", "Y")], SAME).cases) == 1
    assert problems([("1", "u", "w", "Y"), ("1", "u", "w", "N")], SAME) == [("C011", 2)]


@pytest.mark.parametrize(("values", "joined"), [
    (("N", "Y"), "Y"), (("N", "no"), "N"), (("", "N"), ""), (("", "yes"), "Y")])
def test_any_is_yes_if_any_row_is_and_blank_if_nobody_knows(values: tuple[str, str], joined: str) -> None:
    made = frame([("1", "u", "w", value) for value in values], Collapse({"Flag": "any"}, None))
    assert made.cases[0].facts["child"] == joined


def test_all_joins_the_values_and_every_handler_counts() -> None:
    made = frame([("1", "u", "w1", "Y"), ("1", "u", "w2", "Y")], Collapse({"who": "all"}, None))
    assert made.cases[0].handlers == ("w1", "w2")


def test_a_rule_for_one_column_does_not_let_another_differ() -> None:
    assert problems([("1", "u", "w", "Y"), ("1", "v", "w", "N")], Collapse({"flag": "any"}, None)) == [("C011", 2)]


def test_a_fact_without_a_column_is_absent_but_a_kept_column_must_be_there() -> None:
    columns = Columns("case_id", facts=(("child", "Child victim"),), optional=("child",))
    assert frame([("1", "u", "w", "")], columns=columns).absent == ("child",)
    with pytest.raises(BadInput):
        frame([("1", "u", "w", "")], columns=Columns("case_id", facts=(("gone", "gone"),)))


def test_the_digest_knows_nothing_of_order() -> None:
    one = frame([("1", "u", "w", ""), ("2", "u", "w", "")])
    other = frame([("2", "u", "w", ""), ("1", "u", "w", "")])
    assert one.digest == other.digest


def test_a_header_without_rows_is_no_frame() -> None:
    assert problems([]) == [("C002", None)]
