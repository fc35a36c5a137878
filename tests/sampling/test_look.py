"""One look: what is counted, what is only bounded, and every problem a draw would name, all at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.errors import BadInput, Problem
from cqa.sampling.date_patterns import read_pattern
from cqa.sampling.dates import DateColumn
from cqa.sampling.frame import Batch, Collapse, Columns, find_places
from cqa.sampling.look import Look, look
from cqa.sampling.look_columns import MOST_VALUES
from cqa.sampling.survey import survey
from tests.sampling.exporting import Rows

NAMES = ("case_id", "unit", "closed", "held")


def looked(rows: Sequence[Sequence[str]], by: tuple[str, ...] = (), names: tuple[str, ...] = NAMES) -> Look:
    return look(Rows(names, rows), 0, by)


def codes(seen: Look) -> list[tuple[str, int | None, str]]:
    return [(problem.code, problem.line, problem.severity) for problem in seen.problems]


@dataclass(frozen=True)
class Broken(Rows):
    """An export that cannot be read to its end."""

    def batches(self) -> Iterator[Batch]:
        yield from super().batches()
        raise BadInput(Problem("C006", "A quotation mark.", "", "e.csv", 99))


def test_each_column_says_its_blanks_its_values_and_two_examples() -> None:
    seen = looked([("1", "Leeds", "", "Y"), ("2", " ", "", "N"), ("3", "York", "", "Y"), ("4", "Leeds ", "", "Y")])
    unit, closed = seen.columns[1], seen.columns[2]
    assert (unit.blanks, unit.distinct, unit.over, unit.examples) == (1, 2, False, ("Leeds", "York"))
    assert (closed.blanks, closed.distinct, closed.examples) == (4, 0, ())
    assert seen.rows == 4


def test_more_values_than_are_held_are_over_a_bound_and_blanks_and_dates_are_counted_all_the_same() -> None:
    days = [f"{date.fromordinal(700_000 + number):%d/%m/%Y}" for number in range(MOST_VALUES + 3_000)]
    rows = [(f"{number}", "" if number % 2 else f"u{number}", day, "") for number, day in enumerate(days)]
    seen = looked(rows)
    case_id, unit, closed, _ = seen.columns
    assert (case_id.over, case_id.distinct, case_id.examples) == (True, MOST_VALUES, ("0", "1"))
    assert (unit.over, unit.blanks) == (False, len(rows) // 2) and closed.over
    assert closed.dates is not None and closed.dates.status == "clear" and closed.dates.values == len(rows)
    assert closed.dates.earliest == date.fromordinal(700_000)


def test_long_texts_are_not_held_either() -> None:
    seen = looked([("1", f"{number}" * 300_000, "", "") for number in range(9)])
    assert seen.columns[1].over and seen.columns[1].distinct < 9


def test_doubled_padded_and_missing_names_are_said() -> None:
    seen = looked([("1", "a", "b", "c")], names=("case_id", " Unit", "unit", ""))
    assert [column.faults for column in seen.columns] == [
        (), ("doubled name", "padded name"), ("doubled name",), ("no name",)]


def test_the_ids_are_counted_and_every_doubt_is_a_problem_with_its_line() -> None:
    seen = looked([("A1", "u", "", ""), ("a1", "u", "", ""), ('="001"', "u", "", ""), ("", "u", "", ""),
                   ("1.23E+10", "u", "", ""), ("B2", "u", "", ""), ("B2", "v", "", "")])
    assert seen.ids is not None
    ids = seen.ids
    assert (ids.distinct, ids.blank, ids.ruined, ids.wrapped, ids.several, ids.alike) == (4, 1, 1, 1, 1, 1)
    assert codes(seen) == [("C007", 5, "error"), ("C019", 6, "error"), ("C009", 3, "error"), ("C008", 8, "warning")]


def test_the_problems_are_those_a_draw_would_name() -> None:
    export = Rows(NAMES, [("A1", "u", "", ""), ("a1", "u", "", ""), ("", "u", "", ""), ("B2", "u", "", ""),
                          ("B2", "u", "", ""), ("a\x07", "u", "", "")])
    strict = Collapse({}, None)
    with pytest.raises(BadInput) as caught:
        survey(export, find_places(export, Columns("case_id"), strict), strict)
    drawn = {(problem.code, problem.line, problem.message) for problem in caught.value.problems}
    assert {(one.code, one.line, one.message) for one in look(export, 0).problems} == drawn


def test_shapes_of_ids_and_their_misfits_are_told() -> None:
    seen = looked([*((f"{number:07}", "u", "", "") for number in range(30)), ("TEST", "u", "", "")])
    assert seen.ids is not None
    assert [(one.shape, one.count) for one in seen.ids.shapes.shapes] == [("9999999", 30), ("AAAA", 1)]
    assert [(one.case_id, one.line) for one in seen.ids.shapes.misfits] == [("TEST", 32)]


def test_rows_of_one_case_are_counted_and_the_columns_that_differ_have_a_rule() -> None:
    seen = looked([("1", "u", "x", "Y"), ("2", "u", "x", "N"), ("1", "u", "y", "N"), ("3", "v", "", "N"),
                   ("1", "u ", "x", "N")])
    assert seen.ids is not None
    assert seen.ids.rows_per_case == ((1, 2), (3, 1))
    assert [(one.case_id, one.rows, one.places) for one in seen.ids.doubled] == [
        ("1", 3, (("e.csv", 2), ("e.csv", 4), ("e.csv", 6)))]
    assert [(seen.columns[place].name, cases, seen.columns[place].rule) for place, cases in seen.ids.differing] == [
        ("closed", 1, "all"), ("held", 1, "any")]


def test_rows_that_may_join_are_no_problem() -> None:
    assert look(Rows(NAMES, [("1", "u", "", ""), ("1", "u", "", "")]), 0, may_join=True).problems == ()


def test_doubled_ids_far_apart_are_found_and_the_first_ten_listed() -> None:
    rows = [(f"{number:06d}", "u", "", "") for number in range(40_000)]
    seen = look(Rows(NAMES, [*rows, *rows[100:150][::-1]], size=2_000), 0)
    assert seen.ids is not None and seen.ids.several == 50 and len(seen.ids.doubled) == 10
    assert (seen.ids.doubled[0].case_id, seen.ids.doubled[0].places) == (
        "000100", (("e.csv", 102), ("e.csv", 40_051)))
    assert sum(problem.code == "C008" for problem in seen.problems) == 10
    assert "40 more" in seen.problems[-1].message


@pytest.mark.parametrize(("values", "status", "problem"), [
    (("13/04/2026", "02/03/2026"), "clear", []), (("03/04/2026", "05/06/2026"), "ambiguous", ["C015"]),
    (("2026-03-01", "25/03/2026"), "mixed", ["C016"]), (("2026-03-01", "2026-03-02", "soon"), "mixed", ["C016"])])
def test_a_column_of_dates_is_told_by_most_of_its_values(
    values: Sequence[str], status: str, problem: list[str]
) -> None:
    seen = looked([(f"{number}", "u", value, "") for number, value in enumerate(values)])
    reading = seen.columns[2].dates
    assert reading is not None and reading.status == status
    assert [(one.code, one.severity) for one in seen.problems] == [(code, "warning") for code in problem]


def test_a_column_with_few_dates_in_it_is_none_of_dates() -> None:
    seen = looked([("1", "u", "2026-03-01", ""), ("2", "u", "soon", ""), ("3", "u", "late", "")])
    assert seen.columns[2].dates is None and seen.problems == ()


def test_numbers_are_dates_of_excel_only_where_the_name_says_so() -> None:
    rows = [("1", "45385", "45385", ""), ("2", "45386", "45386", "")]
    seen = looked(rows, names=("case_id", "badge", "date closed", "held"))
    assert seen.columns[1].dates is None and seen.columns[2].dates is not None
    assert codes(seen) == [("C016", 2, "warning")]


def test_a_pattern_that_is_named_settles_what_is_in_dispute() -> None:
    export = Rows(NAMES, [("1", "u", "03/04/2026", ""), ("2", "u", "05/06/2026", "")])
    seen = look(export, 0, (), (read_pattern("mm/dd/yyyy"),))
    assert seen.problems == () and seen.columns[2].dates is not None
    assert seen.columns[2].dates.earliest == date(2026, 3, 4)


@given(st.lists(st.sampled_from(["", " ", "03/04/2026", "25/04/2026 10:00", "2026-03-01", "45385", "x", "n/a"]),
                max_size=40))
def test_dates_read_from_counts_are_those_read_row_by_row(values: list[str]) -> None:
    by_rows, by_counts = DateColumn(), DateColumn()
    by_rows.add(values, range(2, 2 + len(values)))
    by_counts.add_counted({value: values.count(value) for value in values},
                          {value: 2 + values.index(value) for value in values})
    one, other = by_rows.conclude(), by_counts.conclude()
    assert (one.status, one.patterns, one.values, one.blanks, one.earliest, one.latest, one.misfit_count) == (
        other.status, other.patterns, other.values, other.blanks, other.earliest, other.latest, other.misfit_count)
    assert {(form.patterns, form.count) for form in one.forms} == {(form.patterns, form.count) for form in other.forms}


def test_strata_asked_for_tell_the_smallest_the_largest_and_those_that_may_be_one() -> None:
    units = ["Leeds"] * 9 + ["LEEDS"] + ["7"] * 3 + ["7.0"] * 2 + [""] + ["York"] * 4
    seen = looked([(f"{number}", unit, "", "") for number, unit in enumerate(units)], ("unit",))
    (strata,) = seen.strata
    assert (strata.number, strata.largest) == (6, ("Leeds", 9)) and not seen.likely
    assert strata.smallest == (("(blank)", 1), ("LEEDS", 1), ("7.0", 2), ("7", 3), ("York", 4))
    assert strata.alike == ((("7", 3), ("7.0", 2)), (("Leeds", 9), ("LEEDS", 1)))
    assert [problem.code for problem in seen.problems] == ["S024", "S024"]


def test_strata_of_two_columns_that_would_have_one_name_are_a_problem() -> None:
    seen = looked([("1", "x / y", "z", ""), ("2", "x", "y / z", "")], ("unit", "closed"))
    assert ("C018", "error") in [(problem.code, problem.severity) for problem in seen.problems]
    assert seen.strata[0].largest == ("x / y / z", 2)


def test_without_by_the_columns_with_a_few_values_are_offered() -> None:
    rows = [(f"{number}", f"u{number % 3}", "2026-03-01", f"{number}") for number in range(300)]
    assert [one.by for one in looked(rows).strata] == [("unit",)]


def test_an_export_that_cannot_be_read_to_its_end_shows_what_could_be_read() -> None:
    seen = look(Broken(NAMES, [("1", "u", "", ""), ("1", "v", "", "")]), 0)
    assert seen.rows == 2 and [problem.code for problem in seen.problems] == ["C006", "C008"]
    assert seen.ids is not None and seen.ids.several == 1


def test_a_header_without_rows_is_said_and_still_shown() -> None:
    seen = looked([], ("unit",))
    assert codes(seen) == [("C002", None, "error")] and len(seen.columns) == 4 and seen.strata == ()


def test_without_a_case_id_the_rest_is_seen() -> None:
    seen = look(Rows(NAMES, [("1", "u", "", ""), ("2", "v", "", "")]), None)
    assert seen.ids is None and [one.by for one in seen.strata] == [("case_id",), ("unit",)]
