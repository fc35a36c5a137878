"""The cross-table of old by new level follows each case from one form to the other, and every case weighs 1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.consistency.trials.data import PARENT, VARIANT, Assessed
from cqa.consistency.trials.shared import own_level, shared_of, shared_tables
from tests.consistency.trials.made import FOUR, LOWER_OF, OUTSIDE, PARENT_SCALES, THREE, marked, trial_data

SCALES = {scale.question: scale for scale in PARENT_SCALES}
OLD, NEW = st.sampled_from([*THREE, *OUTSIDE]), st.sampled_from([*FOUR, *OUTSIDE])


def test_all_pairs_of_the_markers_of_a_case_share_its_weight() -> None:
    """By hand: fully met twice against sound and weak is half a case each; partly and fully against sound, likewise."""
    found = shared_of(trial_data([
        marked(PARENT, "A", "ann", {"q2": "fully_met"}), marked(PARENT, "A", "bob", {"q2": "fully_met"}),
        marked(VARIANT, "A", "cy", {"s2": "sound"}), marked(VARIANT, "A", "dee", {"s2": "weak"}),
        marked(PARENT, "B", "ann", {"q2": "partly_met"}), marked(PARENT, "B", "bob", {"q2": "fully_met"}),
        marked(VARIANT, "B", "cy", {"s2": "sound"}), marked(VARIANT, "B", "dee", {"s2": "sound"})]))
    one = next(one for one in found.questions if one.question == "s2")
    assert one.moves == {("fully_met", "sound"): 1.0, ("fully_met", "weak"): 0.5, ("partly_met", "sound"): 0.5}
    assert one.common == {"same": 1.0, "lower": 0.5, "higher": 0.5} and (one.cases, one.lost) == (2, 0)


@given(st.lists(st.tuples(OLD, OLD, NEW, NEW), max_size=8))
def test_every_case_weighs_one_in_all(cases: list[tuple[str, str, str, str]]) -> None:
    assessed: list[Assessed] = []
    for number, (old, other, new, last) in enumerate(cases):
        assessed += [marked(PARENT, f"C{number}", who, {"q2": mark}) for who, mark in (("ann", old), ("bob", other))]
        assessed += [marked(VARIANT, f"C{number}", who, {"s2": mark}) for who, mark in (("cy", new), ("dee", last))]
    one = next(one for one in shared_of(trial_data(assessed)).questions if one.question == "s2")
    assert sum(one.moves.values()) == pytest.approx(one.cases) and sum(one.common.values()) == pytest.approx(one.cases)
    assert one.cases + one.lost == len(cases)


def test_of_several_questions_of_the_parent_the_lowest_mark_counts_on_its_own_scale() -> None:
    assert own_level(LOWER_OF, SCALES, {"p3": "fully_met", "p4": "partly_met"}) == "partly_met"
    assert own_level(LOWER_OF, SCALES, {"p3": "fully_met", "p4": "cannot_tell"}) == "fully_met"
    assert own_level(LOWER_OF, SCALES, {"p3": "does_not_apply"}) == ""


def test_each_row_shows_only_levels_that_the_question_has() -> None:
    data = trial_data([marked(PARENT, "A", "ann", {"q1": "fully_met", "q2": "not_met"}),
                       marked(VARIANT, "A", "cy", {"q1": "partly_met", "s2": "poor"})])
    short, cross = shared_tables(data, shared_of(data))
    names = [column.name for column in cross.columns]
    first = next(dict(zip(names, row, strict=True)) for row in cross.rows if row[0] == "q1")
    second = next(dict(zip(names, row, strict=True)) for row in cross.rows if row[0] == "s2" and row[3] == "Not met")
    assert first["Level under the parent"] == "Fully met"
    assert (first["Variant: Partly met"], first["Variant: Poor"]) == (1.0, "-")
    assert (second["Variant: Poor"], second["Variant: Partly met"]) == (1.0, "-")
    assert [row[0] for row in short.rows] == ["q1", "s2", "s3"]
    assert all(len(row) == len(table.columns) for table in (short, cross) for row in table.rows)


def test_only_signed_assessments_count() -> None:
    data = trial_data([marked(PARENT, "A", "ann", {"q1": "fully_met"}),
                       marked(VARIANT, "A", "cy", {"q1": "partly_met"}, signed=False)])
    assert shared_of(data).questions[0].cases == 0
    assert "1 assessment still open" in shared_tables(data, shared_of(data))[0].note


def test_a_parallel_trial_says_why_there_is_none() -> None:
    data = trial_data([marked(PARENT, "A", "ann", {"q1": "fully_met"})], "parallel")
    found = shared_of(data)
    (table,) = shared_tables(data, found)
    assert found.questions == () and table.rows == () and "no case is marked under both forms" in table.note
    assert found.as_json() == {"questions": [], "why": found.why}
