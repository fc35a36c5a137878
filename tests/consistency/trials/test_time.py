"""Times are told by form and compared within people; that people get quicker is told apart from the form."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.consistency.trials.data import PARENT, VARIANT, Assessed, TrialData
from cqa.consistency.trials.time import crossed, times_of, times_tables
from tests.consistency.trials.made import marked, trial_data

T95 = {2: 4.302653, 3: 3.182446, 4: 2.776445, 5: 2.570582, 6: 2.446912, 7: 2.364624, 8: 2.306004}
RATIOS = st.floats(-2, 2, allow_nan=False)


def timed(minutes: dict[str, tuple[float, float]]) -> list[Assessed]:
    """Each reviewer with two assessments under each form, of the same minutes."""
    return [marked(form, f"{name}-{form}-{number}", name, {}, minutes=pair[place])
            for name, pair in minutes.items() for place, form in enumerate((PARENT, VARIANT)) for number in range(2)]


def began(data: TrialData) -> dict[str, str]:
    """Which form each reviewer was to begin with."""
    return {share.reviewer: PARENT if share.order[0] == data.parent.arm else VARIANT for share in data.balance.shares}


def test_medians_and_quartiles_are_those_of_signed_timed_assessments() -> None:
    given = [marked(PARENT, f"C{number}", "ann", {}, minutes=float(minutes))
             for number, minutes in enumerate((10, 20, 30, 40, 50))]
    data = trial_data([*given, marked(PARENT, "C8", "ann", {}),
                       marked(PARENT, "C9", "ann", {}, minutes=99.0, signed=False)])
    parent, variant = times_of(data).forms
    assert (parent.timed, parent.untimed, parent.median, parent.lower, parent.upper) == (5, 1, 30, 20, 40)
    assert (parent.spread, parent.least, parent.most) == (20, 10, 50)
    assert (variant.timed, variant.median) == (0, None)


def test_a_form_that_takes_everyone_twice_as_long_is_told_so_whatever_the_order_adds() -> None:
    """The second form takes everyone about 0.8 of the time: neither is mistaken for the other."""
    empty = trial_data([])
    noise = {"ann": 1.01, "bob": 0.99, "cy": 1.02, "dee": 0.98}
    minutes = {name: (20.0, 40 * 0.8 * noise[name]) if form == PARENT else (20 * 0.8, 40.0 * noise[name])
               for name, form in began(empty).items()}
    found = times_of(trial_data(timed(minutes)))
    assert found.variant.value == pytest.approx(2, rel=0.02) and found.second.value == pytest.approx(0.8, rel=0.02)
    assert found.variant_reading == "The variant takes longer."
    assert found.second_reading == "People are quicker with the form they use second."


@given(st.lists(RATIOS, min_size=2, max_size=5), st.lists(RATIOS, min_size=2, max_size=5))
def test_both_effects_are_those_of_least_squares(first: list[float], second: list[float]) -> None:
    """Independently: log ratio = form + order for those who began with the parent, form - order for the others."""
    design = np.array([[1, 1]] * len(first) + [[1, -1]] * len(second), dtype=float)
    values = np.array([*first, *second])
    effects = np.linalg.lstsq(design, values, rcond=None)[0]
    left = values - design @ effects
    covariance = np.linalg.inv(design.T @ design) * float(left @ left) / (len(values) - 2)
    for place, sign in enumerate((1, -1)):
        found = crossed(first, second, sign=sign)
        assert found.value is not None and log(found.value) == pytest.approx(effects[place], abs=1e-9)
        if found.low is not None and found.high is not None and covariance[place, place] > 1e-20:
            reach = np.sqrt(covariance[place, place]) * T95[len(values) - 2]
            assert (log(found.high) - log(found.low)) / 2 == pytest.approx(reach, rel=1e-5)


def test_what_was_read_in_faster_than_anybody_types_has_no_time() -> None:
    answers = {"q1": "fully_met", "q2": "fully_met"}
    data = trial_data([marked(PARENT, "A", "ann", answers, minutes=1.9 / 60),
                       *(marked(PARENT, name, "ann", answers, minutes=2.1 / 60) for name in "BCD")])
    parent = times_of(data).forms[0]
    assert (parent.timed, parent.untimed, parent.least) == (3, 1, 2.1 / 60)
    assert "read in" in times_tables(data, times_of(data))[0].note.replace("\n", " ")


def test_with_one_reviewer_of_an_order_nothing_is_said() -> None:
    found = crossed([0.1, 0.2], [0.3], sign=1)
    assert found.value is None and "2 of each are needed" in found.why
    assert found.reading("up", "down").startswith("Not said: 2 who began with the parent and 1 with the variant")


def test_a_ratio_that_everyone_shows_has_no_interval() -> None:
    found = crossed([log(2)] * 2, [log(2)] * 2, sign=1)
    assert found.value == pytest.approx(2) and found.low is None and "no spread" in found.why
    assert found.reading("up", "down").startswith("Not said")
    assert crossed([0.0, 0.0], [0.0, 0.0], sign=1).reading("up", "down") == "No difference that the data can bear."


def test_people_with_times_under_one_form_alone_are_left_out() -> None:
    data = trial_data([*timed({"ann": (10.0, 20.0)}), marked(PARENT, "X", "bob", {}, minutes=5.0)])
    assert times_of(data).variant.reviewers == 1


def test_the_sheets_say_in_words_what_is_missing() -> None:
    data = trial_data([marked(PARENT, "A", "ann", {}, minutes=3.0), marked(VARIANT, "A", "bob", {})])
    minutes, ratios = times_tables(data, times_of(data))
    assert [row[3] for row in minutes.rows] == ["too few", "not told"]
    assert all(row[2:5] == ("-", "-", "-") and "are needed" in str(row[5]) for row in ratios.rows)
    note = ratios.note.replace("\n", " ")
    assert "2 reviewers with the parent and 2 reviewers with the variant were to begin" in note
