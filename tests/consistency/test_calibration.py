"""Marks on calibration cases are held to their reference marks, and nothing is concluded on few of them."""

from dataclasses import replace
from fractions import Fraction

import pytest

from cqa.consistency.calibration import (
    CLEARED,
    NOT_CLEARED,
    OFF,
    TOO_FEW,
    Accuracy,
    Reference,
    Seeded,
    accuracies,
    drift,
    seeded_marks,
    usual_tolerance,
)
from cqa.consistency.calibration_tables import accuracy_table, drift_table, seeded_table
from cqa.consistency.held import Held, held_against, levels_apart
from cqa.consistency.marks import MarkRow, QuestionScale

LEVELS = ("not_met", "partly_met", "fully_met")
OUTSIDE = ("cannot_tell", "does_not_apply")


def scale(question: str = "q1", levels: tuple[str, ...] = LEVELS, fails_on: tuple[str, ...] = ()) -> QuestionScale:
    return QuestionScale("small", "1.0", question, "Decision", "Was it right", levels, OUTSIDE,
                         {level: level.replace("_", " ") for level in (*levels, *OUTSIDE)},
                         {level: float(place) for place, level in enumerate(levels)}, fails_on)


def row(mark: str, question: str = "q1", case_id: str = "c1", reviewer: str = "ann", at: str = "2026-03-02",
        version: str = "1.0", signed: bool = True) -> MarkRow:
    return MarkRow("march", case_id, "s", "h", reviewer, "calibration", "small", version, question, mark, None, "", "",
                   signed, at)


SCALES = {one.key: one for one in (scale(), scale("q2"))}


def reference(tolerance: int = 0, **marks: str) -> Reference:
    return Reference("small", "1.0", marks or {"q1": "partly_met"}, dict.fromkeys(marks or ("q1",), tolerance))


@pytest.mark.parametrize(("mark", "wanted", "apart"), [
    ("fully_met", "fully_met", 0), ("not_met", "fully_met", 2), ("fully_met", "partly_met", -1),
    ("cannot_tell", "cannot_tell", 0), ("cannot_tell", "fully_met", None), ("cannot_tell", "does_not_apply", None)])
def test_positive_is_more_severe_and_off_the_scale_has_no_distance(mark: str, wanted: str, apart: int | None) -> None:
    assert levels_apart(scale(), mark, wanted) == apart


@pytest.mark.parametrize(("given", "tolerance", "within"), [
    ("partly_met", 0, True), ("fully_met", 0, False), ("fully_met", 1, True), ("not_met", 1, True),
    ("cannot_tell", 2, False)])
def test_a_mark_is_within_as_many_levels_as_the_panel_allowed(given: str, tolerance: int, within: bool) -> None:
    one, = seeded_marks([row(given)], {("march", "c1"): reference(tolerance, q1="partly_met")}, SCALES)
    assert one.within is within


def test_the_tolerance_that_nobody_set_follows_from_the_scale_and_is_none_for_a_critical_question() -> None:
    four = ("serious", "below", "meets", "exemplary")
    assert [usual_tolerance(one) for one in (scale(), scale(levels=four), scale(levels=four, fails_on=("serious",)))
            ] == [0, 1, 0]


def test_a_question_that_was_not_asked_counts_as_answered_otherwise() -> None:
    wanted = {("march", "c1"): reference(q1="partly_met", q2="fully_met")}
    found = {one.question: one for one in seeded_marks([row("partly_met")], wanted, SCALES)}
    assert found["q1"].within and not found["q2"].within and found["q2"].answered == ""
    asked = {("march", "c1"): Reference("small", "1.0", {"q1": "partly_met", "q2": ""}, {})}
    assert [one.question for one in seeded_marks([row("partly_met")], asked, SCALES)] == ["q1"]


def test_unsigned_marks_and_those_under_another_version_are_held_against_nothing() -> None:
    wanted = {("march", "c1"): reference()}
    assert not seeded_marks([row("partly_met", signed=False), row("partly_met", version="2.0", reviewer="bob")],
                            wanted, SCALES)


def many(right: int, wrong: int, at: str = "2026-03-02") -> list[MarkRow]:
    return [row("partly_met" if place < right else "fully_met", case_id=f"{at}{place}", at=at)
            for place in range(right + wrong)]


def held(
    rows: list[MarkRow], clearance: Fraction | None
) -> tuple[tuple[Seeded, ...], tuple[Accuracy, ...]]:
    wanted = {("march", one.case_id): reference() for one in rows}
    seeded = seeded_marks(rows, wanted, SCALES)
    return seeded, accuracies(seeded, [("ann", "small", "1.0"), ("bob", "small", "1.0")], clearance)


def test_the_share_has_wilsons_interval_and_clears_at_the_set_share_exactly() -> None:
    _, (ann, bob) = held(many(8, 2), Fraction(8, 10))
    assert (ann.marks, ann.within, ann.share, ann.state) == (10, 8, 0.8, CLEARED)
    assert (round(ann.low or 0, 2), round(ann.high or 0, 2)) == (0.49, 0.94)  # Wilson, 8 of 10, as often published
    assert ann.lean == -0.2
    assert (bob.marks, bob.share, bob.state) == (0, None, TOO_FEW)
    assert ann.why == "" and "On 1 case alone" in accuracies(
        [replace(one, case_id="c1") for one in held(many(8, 2), None)[0]], [("ann", "small", "1.0")], None)[0].why
    assert held(many(7, 3), Fraction(8, 10))[1][0].state == NOT_CLEARED
    assert held(many(8, 2), None)[1][0].state == OFF


def test_fewer_than_ten_marks_conclude_nothing() -> None:
    _, (ann, _) = held(many(9, 0), Fraction(1, 2))
    assert (ann.share, ann.low, ann.state) == (None, None, TOO_FEW) and "fewer than 10" in ann.why


def test_drift_is_told_month_by_month() -> None:
    seeded, _ = held([*many(10, 0, "2026-03-05"), *many(2, 10, "2026-04-05")], None)
    march, april = drift(seeded)
    assert (march.month, march.lean, march.share) == ("2026-03", 0.0, 1.0)
    assert (april.month, round(april.lean or 0, 3), april.within) == ("2026-04", round(-10 / 12, 3), 2)


def test_every_sheet_says_in_words_what_is_not_given() -> None:
    seeded, found = held([*many(3, 1), row("cannot_tell", case_id="c9")], Fraction(8, 10))
    for table in (accuracy_table(found), drift_table(drift(seeded)), seeded_table(seeded, SCALES)):
        assert table.rows and all(len(cells) == len(table.columns) for cells in table.rows)
        assert all(cell != "" and cell is not None for cells in table.rows for cell in cells)
    assert next(iter(seeded_table(seeded, SCALES).rows))[-1] == "no"


def test_two_assessments_are_compared_question_by_question() -> None:
    rows = [row("fully_met"), row("not_met", "q2")]
    assert held_against(rows, {"q1": "not_met", "q2": "cannot_tell"}, SCALES) == Held(
        more_lenient=1, divided=1, levels=-2)
    assert held_against(rows, {"q1": "fully_met"}, SCALES) == Held(same=1, one_only=1)
    assert Held().lean is None and (Held(same=1) + Held(more_severe=1, levels=2)).lean == 1.0
