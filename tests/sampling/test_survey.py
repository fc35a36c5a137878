"""One pass over an export: strata by their values, cases left out with a reason, and a list of everything."""

import pytest

from cqa.errors import BadInput
from cqa.sampling.candidates import Candidates
from cqa.sampling.date_patterns import read_pattern
from cqa.sampling.frame import Collapse, Columns, find_places
from cqa.sampling.survey import survey
from cqa.sampling.where import assessed_before, excludes, read_conditions
from tests.sampling.exporting import Rows

STRICT = Collapse({}, None)


def test_two_strata_that_would_have_one_name_are_refused() -> None:
    export = Rows(("id", "a", "b"), [("1", "x / y", "z"), ("2", "x", "y / z")])
    with pytest.raises(BadInput) as caught:
        survey(export, find_places(export, Columns("id", ("a", "b")), STRICT), STRICT)
    assert caught.value.problems[0].code == "C018"


def test_a_stratum_is_named_by_its_values_without_outer_space() -> None:
    export = Rows(("id", "a"), [("1", "Leeds"), ("2", "Leeds\u00a0"), ("3", "")])
    frame = survey(export, find_places(export, Columns("id", ("a",)), STRICT), STRICT)
    assert [(size.name, size.size) for size in frame.strata] == [("(blank)", 1), ("Leeds", 2)]


def test_rows_are_cases_and_cases_left_out_with_reasons() -> None:
    rows = [("1", "Leeds", "01/02/2026"), ("2", "York", "01/02/2026"), ("3", "Leeds", "01/01/2026"),
            ("4", "leeds", ""), ("5", "Leeds", "28/02/2026")]
    export = Rows(("id", "unit", "closed"), rows)
    conditions = read_conditions(("unit=Leeds", "closed=2026-02-01..2026-02-28"))
    places = find_places(export, Columns("id", ("unit",), where=("unit", "closed")), STRICT)
    tests = excludes(conditions, places, {"closed": (read_pattern("dd/mm/yyyy"),)})
    frame = survey(export, places, STRICT, [*tests, assessed_before({"5": "march"})])
    assert frame.excluded == {"assessed in sample march": 1, "closed is blank": 1,
                              "closed not in 2026-02-01..2026-02-28": 1, "not unit=Leeds": 1}
    assert frame.cases == 1 and frame.cases + sum(frame.excluded.values()) == len(rows)
    (piece,) = frame.listing()
    assert piece[0] == ["1", "2", "3", "4", "5"]
    assert piece[1][:2] == [("Leeds", ""), ("York", "not unit=Leeds")]


def test_cases_left_out_are_never_candidates() -> None:
    export = Rows(("id", "unit"), [(f"{number}", "ab"[number % 2]) for number in range(50)])
    places = find_places(export, Columns("id", where=("unit",)), STRICT)
    candidates = Candidates(100)
    survey(export, places, STRICT, excludes(read_conditions(("unit=a",)), places, {}), "seed", candidates)
    assert {int(case.case_id) % 2 for _, case in candidates.of("all")} == {0}


def test_a_plan_that_leaves_nothing_says_why() -> None:
    export = Rows(("id", "unit"), [("1", "a")])
    places = find_places(export, Columns("id", where=("unit",)), STRICT)
    with pytest.raises(BadInput) as caught:
        survey(export, places, STRICT, excludes(read_conditions(("unit=z",)), places, {}))
    assert "not unit=z: 1" in caught.value.problems[0].message


def test_cells_know_the_stratum_they_lie_in() -> None:
    export = Rows(("id", "unit", "who"), [("1", "a", "p"), ("2", "a", "q"), ("3", "b", "p")])
    frame = survey(export, find_places(export, Columns("id", ("unit",), per=("who",)), STRICT), STRICT)
    assert [(size.group, size.name) for size in frame.strata] == [("a", "a / p"), ("a", "a / q"), ("b", "b / p")]


def test_a_weight_that_is_no_whole_number_is_named_with_its_line() -> None:
    export = Rows(("id", "risk"), [("1", "3"), ("2", "high")])
    with pytest.raises(BadInput) as caught:
        survey(export, find_places(export, Columns("id", weight="risk"), STRICT), STRICT)
    assert (caught.value.problems[0].code, caught.value.problems[0].line) == ("C020", 3)
