"""Whatever was marked, every sheet of a trial can be written, and no sheet prints a figure of one or two cases."""

from collections.abc import Iterator
from math import isfinite

from hypothesis import given, settings
from hypothesis import strategies as st

from cqa.consistency.trials.bands import bands_of, bands_tables
from cqa.consistency.trials.burden import burden_of, burden_table
from cqa.consistency.trials.data import PARENT, VARIANT, Assessed, TrialData
from cqa.consistency.trials.design_tables import order_table, pairs_table, rubrics_table
from cqa.consistency.trials.discrimination import discrimination_of, discrimination_tables
from cqa.consistency.trials.health import health_of, health_table
from cqa.consistency.trials.said import said_of, said_tables
from cqa.consistency.trials.shared import shared_of, shared_tables
from cqa.consistency.trials.strictness import strictness_of, strictness_tables
from cqa.consistency.trials.time import times_of, times_tables
from cqa.sampling.trial import DESIGNS
from cqa.table import Table
from tests.consistency.trials.made import FOUR, OUTSIDE, THREE, marked, trial_data

ON_THREE, ON_FOUR = (st.sampled_from([*levels, *OUTSIDE]) for levels in (THREE, FOUR))
MARKS = {
    PARENT: st.fixed_dictionaries({}, optional=dict.fromkeys(("q1", "q2", "p3", "p4", "p5"), ON_THREE)),
    VARIANT: st.fixed_dictionaries({}, optional={"q1": ON_THREE, "s2": ON_FOUR, "s3": ON_THREE, "s4": ON_THREE})}
PEOPLE = {(PARENT, "first"): "ann", (PARENT, "second"): "bob", (VARIANT, "first"): "cy", (VARIANT, "second"): "dee"}


@st.composite
def assessments(draw: st.DrawFn, cases: int = 8) -> list[Assessed]:
    """Up to four assessments of each of a few cases, each with whatever a journal may or may not tell."""
    found = []
    for number in range(draw(st.integers(0, cases))):
        for (form, turn), who in PEOPLE.items():
            if draw(st.booleans()):
                name = who if number % 2 else {"ann": "cy", "bob": "dee", "cy": "ann", "dee": "bob"}[who]
                found.append(marked(
                    form, f"C{number}", name, draw(MARKS[form]), turn=turn, signed=draw(st.booleans()),
                    score=draw(st.none() | st.floats(0, 1)), band=draw(st.sampled_from(("", "Meets", "Below"))),
                    minutes=draw(st.none() | st.floats(0.1, 90)), words=draw(st.integers(0, 50)),
                    said=draw(st.dictionaries(st.just("trial_change"), st.text(min_size=1), max_size=1))))
    return found


def sheets(data: TrialData) -> Iterator[Table]:
    """Every sheet that is made from assessments."""
    yield from strictness_tables(data, strictness_of(data))
    yield from shared_tables(data, shared_of(data))
    yield from bands_tables(data, bands_of(data))
    yield from times_tables(data, times_of(data))
    yield burden_table(data, burden_of(data))
    yield health_table(data, health_of(data))
    yield from discrimination_tables(data, discrimination_of(data))
    yield from said_tables(data, said_of(data, hidden=True))
    yield from (order_table(data), pairs_table(data), rubrics_table(data))


@settings(deadline=None, max_examples=60)
@given(assessments(), st.sampled_from(DESIGNS))
def test_every_sheet_can_be_written(assessed: list[Assessed], design: str) -> None:
    data = trial_data(assessed, "crossover" if design == "crossover" else "parallel")
    names = [table.name for table in sheets(data)]
    assert len({name.casefold() for name in names}) == len(names) and all(len(name) <= 31 for name in names)
    for table in sheets(data):
        heads = [column.name.casefold() for column in table.columns]
        assert len(set(heads)) == len(heads) and max(map(len, table.note.splitlines())) <= 130, table.name
        for row in table.rows:
            assert len(row) == len(heads) and "" not in row, table.name
            assert all(isfinite(cell) for cell in row if isinstance(cell, float)), table.name


@settings(deadline=None, max_examples=40)
@given(assessments(cases=2))
def test_of_two_cases_there_are_counts_and_words_alone(assessed: list[Assessed]) -> None:
    """Only what counts cases and answers may be a number; shares, medians and intervals are words."""
    counted = {"shared in short", "shared questions"}
    answers = {"bands", "burden", "time", "said or left out"}
    for table in sheets(trial_data(assessed)):
        if table.name.casefold() not in counted | answers:
            assert not any(isinstance(cell, float) for row in table.rows for cell in row), table.name
