"""Severe, lenient, inconsistent and no difference are told apart, and nobody is compared across unconnected groups."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from scipy import stats

from cqa.consistency.crossed import ScoredMark
from cqa.consistency.marks import MarkRow, QuestionScale, marks_frame
from cqa.consistency.own_unit import own_unit_effect
from cqa.consistency.report import consistency_report
from cqa.consistency.reviewer_tables import reviewers_table, severity_table
from cqa.consistency.reviewers import NO_DIFFERENCE, Panel, panel_of
from cqa.consistency.scores import Units, scored_marks
from cqa.consistency.sensitivity import unit_scores
from cqa.consistency.severity import fit_severity
from cqa.consistency.spread import spreads, step_up

LEVELS = tuple(f"l{place}" for place in range(101))
SCALE = QuestionScale("r", "1", "q1", "S", "Ask", LEVELS, ("cannot_tell",),
                      {level: level for level in (*LEVELS, "cannot_tell")},
                      {level: float(place) for place, level in enumerate(LEVELS)}, ())


def row(case: str, reviewer: str, score: float, turn: str = "first", **more: str) -> MarkRow:
    """A mark on a scale as fine as the score."""
    told = {"sample": "s", "stratum": "all", "handler": "h", "question": "q1", **more}
    level = LEVELS[min(max(round(score), 0), 100)]
    return MarkRow(told["sample"], case, told["stratum"], told["handler"], reviewer, turn, "r", "1", told["question"],
                   level, None, "", "", True, "2026-03-02")


def drawn(
    seed: int, severities: Mapping[str, float], cases: int = 200, twice: float = 0.4,
    errors: Mapping[str, float] | None = None, error: float = 6.0,
) -> list[MarkRow]:
    """Cases given out at random, some of them twice."""
    rng, rows = random.Random(seed), []
    for case in range(cases):
        truth = rng.gauss(60, 8)
        for turn, name in zip(("first", "second"), rng.sample(sorted(severities), 1 + (rng.random() < twice)),
                              strict=False):
            sd = (errors or {}).get(name, error)
            rows.append(row(str(case), name, truth - severities[name] + rng.gauss(0, sd), turn))
    return rows


def panel(rows: Sequence[MarkRow], units: Units | None = None, margin: float = 5) -> Panel:
    names = sorted({made.reviewer for made in rows})
    return panel_of(marks_frame(rows, [SCALE]), names, [SCALE], margin, units)


def kinds(found: Panel) -> dict[str, str]:
    return {one.reviewer: one.kind for one in found.reviewers}


EVEN = dict.fromkeys(("ann", "bob", "cat", "dan", "eve", "fay"), 0.0)


def test_severe_and_lenient_reviewers_are_told_from_those_who_do_not_differ() -> None:
    found = panel(drawn(1, {**EVEN, "bob": 14.0, "dan": -14.0}))
    assert kinds(found) == {**dict.fromkeys(EVEN, NO_DIFFERENCE), "bob": "severe", "dan": "lenient"}
    assert found.leads == "mixed" and "at random within each stratum" in found.because


def test_a_difference_within_the_margin_is_no_class() -> None:
    rows = drawn(1, {**EVEN, "bob": 14.0})
    assert kinds(panel(rows))["bob"] == "severe" and kinds(panel(rows, margin=25))["bob"] == NO_DIFFERENCE


def test_one_whose_marks_scatter_is_inconsistent_not_severe() -> None:
    found = panel(drawn(3, EVEN, cases=300, errors={"cat": 20.0}, error=4.0))
    assert kinds(found) == {**dict.fromkeys(EVEN, NO_DIFFERENCE), "cat": "inconsistent"}
    cat = next(one for one in found.reviewers if one.reviewer == "cat")
    assert "marks scatter by" in cat.reading and cat.spread.sd == pytest.approx(20, rel=0.3)


def test_false_alarms_over_a_panel_are_few() -> None:
    accused = [set(kinds(panel(drawn(seed, EVEN, cases=120), margin=0)).values()) - {NO_DIFFERENCE, "not enough shared "
               "cases"} for seed in range(30)]
    assert sum(bool(one) for one in accused) <= 4


def test_unconnected_groups_are_shown_as_such_and_compared_within_alone() -> None:
    left = drawn(4, {"ann": 0.0, "bob": 14.0}, cases=60, twice=0.7)
    right = [row(f"x{made.case_id}", {"ann": "cat", "bob": "dan"}[made.reviewer], 30, made.turn) for made in left]
    right = [row(made.case_id, made.reviewer, 30 + int(made.case_id[1:]) % 7 - 2 * (made.reviewer == "dan")
                 + (int(made.case_id[1:]) * 13 + ord(made.reviewer[0])) % 5, made.turn) for made in right]
    found = panel([*left, *right])
    assert found.fit.components == (("ann", "bob"), ("cat", "dan")) and found.leads == "within"
    assert "nothing can be said between groups" in found.because
    values = {one.reviewer: one.severity.value for one in found.reviewers}
    assert values["ann"] == pytest.approx(-(values["bob"] or 0)) and values["cat"] == pytest.approx(
        -(values["dan"] or 0))
    report = consistency_report([*left, *right], [SCALE], ["ann", "bob", "cat", "dan"], ["s"], [], {"drawn": 1}, 5, 5)
    sheet = reviewers_table(report)
    assert sheet.columns[1].name == "Group" and [cells[1] for cells in sheet.rows] == [1, 1, 2, 2]
    connected = dict(cells for cells in severity_table(report).rows if len(cells) == 2)
    assert connected["Connected by shared cases"] == \
        "group 1: ann, bob; group 2: cat, dan. Nothing can be said between groups."


def test_where_cases_were_not_given_alike_the_shared_ones_lead() -> None:
    rng, rows = random.Random(7), []
    for case in range(300):
        truth = rng.gauss(50 + (20 if case % 2 else 0), 8)
        first = rng.choice(["ann", "bob"] if case % 2 else ["cat", "dan"])
        second = rng.choice([name for name in ("ann", "bob", "cat", "dan") if name != first])
        for turn, name in (("first", first), *((("second", second),) if case % 5 < 2 else ())):
            rows.append(row(str(case), name, truth + rng.gauss(0, 5), turn))
    found = panel(rows)
    assert found.leads == "within" and "not given like cases" in found.because
    assert set(kinds(found).values()) == {NO_DIFFERENCE}


def test_the_score_of_a_marking_is_the_mean_over_its_scored_questions() -> None:
    second = QuestionScale("r", "1", "q2", "S", "Ask", ("no", "yes"), ("cannot_tell",),
                           {"no": "No", "yes": "Yes", "cannot_tell": "Cannot tell"}, {"no": 0.0, "yes": 4.0}, ())
    rows = [row("1", "ann", 40), row("1", "ann", 0, question="q2"), row("2", "ann", 70)]
    rows[1] = MarkRow("s", "1", "all", "h", "ann", "first", "r", "1", "q2", "yes", 4.0, "", "", True, "")
    rows.append(MarkRow("s", "2", "all", "h", "ann", "first", "r", "1", "q2", "cannot_tell", None, "", "", True, ""))
    marks = scored_marks(marks_frame(rows, [SCALE, second]))
    assert [(mark.case, mark.value, mark.group) for mark in marks] == [("s/1", 70.0, "s/all"), ("s/2", 70.0, "s/all")]


def test_the_spread_of_three_is_that_of_their_pairs() -> None:
    """Grubbs 1948, JASA 43: with v12 the mean squared difference of 1 and 2, s1^2 = (v12 + v13 - v23) / 2."""
    rng = random.Random(11)
    marks = [ScoredMark(str(case), name, truth + rng.gauss(0, sd)) for case in range(900)
             for truth in (rng.gauss(0, 10),) for name, sd in rng.sample([("a", 2.0), ("b", 4.0), ("c", 8.0)], 2)]
    fit = fit_severity(marks)
    severity = {one.reviewer: one.within.value or 0.0 for one in fit.reviewers}
    squares: dict[str, list[float]] = {}
    for one, other in zip(marks[::2], marks[1::2], strict=True):
        gap = one.value + severity[one.reviewer] - other.value - severity[other.reviewer]
        squares.setdefault("".join(sorted(one.reviewer + other.reviewer)), []).append(gap**2)
    v = {pair: sum(values) / len(values) * 900 / 898 for pair, values in squares.items()}
    by_hand = [(v["ab"] + v["ac"] - v["bc"]) / 2, (v["ab"] + v["bc"] - v["ac"]) / 2, (v["ac"] + v["bc"] - v["ab"]) / 2]
    found = spreads(marks, fit)
    assert [(found[name].sd or 0.0) ** 2 for name in "abc"] == pytest.approx(by_hand)
    assert found["c"].sd == pytest.approx(8, rel=0.1) and found["c"].p is not None and found["c"].p < 1e-6


def test_of_two_reviewers_nobody_can_say_whose_marks_scatter() -> None:
    marks = [ScoredMark(str(case), name, case + random.Random(case * 7 + ord(name)).gauss(0, 3))
             for case in range(40) for name in "ab"]
    assert all(one.sd is None and "three or more" in one.why for one in spreads(marks, fit_severity(marks)).values())


def test_adjusted_p_values_are_those_of_benjamini_and_hochberg() -> None:
    p = [0.003, 0.04, 0.012, 0.9, 0.04, 0.2]
    found = step_up({str(place): value for place, value in enumerate(p)} | {"none": None})
    assert [found[str(place)] for place in range(6)] == pytest.approx(stats.false_discovery_control(p))
    assert "none" not in found


def own(rows: Sequence[MarkRow], units: Units) -> str:
    report = consistency_report(rows, [SCALE], sorted({made.reviewer for made in rows}), ["s"], [], {"drawn": 1}, 5, 5)
    found = panel(rows, units)
    assert report.panel.own_cases == 0
    return f"{found.own_unit.value} {found.own_unit.why} {found.own_cases}"


UNITS = Units({"ann": "North", "bob": "North", "cat": "South", "dan": "South", "h1": "North", "h2": "South"})


def test_kindness_to_ones_own_unit_is_found_where_units_are_recorded() -> None:
    rng, rows = random.Random(5), []
    for case in range(160):
        handler, truth = ("h1", "h2")[case % 2], rng.gauss(60, 8)
        for turn, name in zip(("first", "second"), rng.sample(["ann", "bob", "cat", "dan"], 2), strict=True):
            kind = 8 if UNITS.of(name) == UNITS.of(handler) else 0
            rows.append(row(str(case), name, truth + kind + rng.gauss(0, 4), turn, handler=handler))
    found = panel(rows, UNITS)
    assert found.own_unit.low is not None and found.own_unit.low < 8 < (found.own_unit.high or 0)
    assert found.own_unit.low > 4 and found.own_cases > 80
    assert "people.csv does not say" in own(rows, Units())


def test_own_unit_needs_cases_marked_from_inside_and_outside() -> None:
    marks = [ScoredMark(str(case), name, 50.0 + case) for case in range(20) for name in ("ann", "bob")]
    effect, cases = own_unit_effect(marks, {(mark.case, mark.reviewer): True for mark in marks})
    assert effect.value is None and cases == 0 and "10 are needed" in effect.why
    always = {(mark.case, mark.reviewer): mark.reviewer == "ann" for mark in marks}
    confounded, cases = own_unit_effect(marks, always)
    assert cases == 20 and confounded.value is None and "cannot be told from the severity" in confounded.why


def test_a_case_is_of_its_handlers_units_else_of_the_unit_its_stratum_is_named_after() -> None:
    assert UNITS.of_case("H1; h2", "x") == {"North", "South"}
    assert UNITS.of_case("", "north") == {"north"} and UNITS.of_case("nobody", "elsewhere") == frozenset()


def test_units_marked_by_a_severe_reviewer_are_shown_as_if_all_had_marked_alike() -> None:
    rows = [replace(made, stratum="north" if made.reviewer == "bob" and made.turn == "first" else "south")
            for made in drawn(1, {**EVEN, "bob": 14.0})]
    first = {made.case_id: made.stratum for made in rows if made.turn == "first"}
    rows = [replace(made, stratum=first[made.case_id]) for made in rows]
    frame = marks_frame(rows, [SCALE])
    plain = panel_of(marks_frame([replace(made, stratum="all") for made in rows], [SCALE]), sorted(EVEN), [SCALE], 5)
    north, south = (unit_scores(frame, plain)["s", name] for name in ("north", "south"))
    assert north.score < south.score - 8 and north.alike == pytest.approx(south.alike, abs=4)
    assert sorted(scored for scored in (north.cases, south.cases)) == sorted(
        sum(stratum == name for stratum in first.values()) for name in ("north", "south"))
    unknown = unit_scores(frame, panel_of(frame.head(2), sorted(EVEN), [SCALE], 5))["s", "north"]
    assert unknown.alike is None
