"""The power that is said is the power that trials have; no difference is seldom called one; other teams are called one.

Trials are made up apart from the tool and go through the whole of it. Run with: pytest -m slow -s.
"""

from fractions import Fraction

import numpy as np
import pytest

from cqa.consistency.trials.difference import difference_of
from cqa.consistency.trials.expected import ScaleUse, correlation_for, mean_in_the_long_run, skewed
from cqa.consistency.trials.power import Chance, Often, Planned, power_of
from cqa.consistency.trials.verdict import decision_of
from cqa.sampling.trial import Design, Measure, Verdict
from tests.consistency.trials.made_up import QUESTIONS, agreements, error_for, made_up

RUNS, MANY = 1000, 2000


def share(often: Often | None) -> float:
    assert often is not None
    return often.share


@pytest.mark.slow
@pytest.mark.parametrize(("cases", "apart"), [(30, 0.055), (60, 0.04)])
def test_the_power_that_is_said_is_the_power_that_trials_have(cases: int, apart: float) -> None:
    worse = error_for(1, 0.60)
    better = error_for(0, agreements(worse)[0] + apart)
    rng, clear, taken = np.random.default_rng(cases), 0, 0
    for _ in range(RUNS):
        data = made_up(rng, cases, worse, better)
        found = difference_of(data)
        clear += found.headline["ac2"].clear
        taken += decision_of(data, found).outcome == "variant"
    said = power_of(Planned("crossover", cases, 8, (skewed(QUESTIONS, 3),), Verdict("ac2", Fraction(1, 20)), "held",
                            (apart,), runs=MANY)).found[0]
    print(f"{cases} cases: said {share(said.clear):.3f} and {share(said.taken):.3f}, of {RUNS} trials "
          f"{clear / RUNS:.3f} and {taken / RUNS:.3f}")
    assert abs(share(said.clear) - clear / RUNS) < 0.05 and abs(share(said.taken) - taken / RUNS) < 0.05


def alarms(cases: int, runs: int, seed: int, nested: bool = False) -> tuple[float, float, float]:
    """Of trials without a difference: how often AC2's interval is clear of 0, alpha's, and the rule takes a form."""
    error, rng, found = error_for(1, 0.60), np.random.default_rng(seed), np.zeros(3)
    for _ in range(runs):
        data = made_up(rng, cases, error, error, nested)
        seen = difference_of(data)
        outcome = decision_of(data, seen).outcome
        found += seen.headline["ac2"].clear, seen.headline["alpha"].clear, outcome in ("parent", "variant")
        assert (outcome == "teams") == nested
    return float(found[0] / runs), float(found[1] / runs), float(found[2] / runs)


@pytest.mark.slow
@pytest.mark.parametrize("cases", [24, 40])
def test_where_forms_do_not_differ_few_trials_find_a_difference(cases: int) -> None:
    ac2, alpha, taken = alarms(cases, 1500, cases)
    print(f"{cases} cases, same reviewers: AC2 {ac2:.3f}, alpha {alpha:.3f}, a form is taken {taken:.3f}")
    assert 0.025 <= ac2 <= 0.06 and 0.025 <= alpha <= 0.06 and taken <= ac2


@pytest.mark.slow
def test_reviewers_of_one_form_alone_make_a_difference_where_there_is_none() -> None:
    ac2, alpha, taken = alarms(40, 500, 7, nested=True)
    print(f"40 cases, other reviewers by each form: AC2 {ac2:.3f}, alpha {alpha:.3f}")
    assert ac2 > 0.10 and taken == 0


SKEW, HIGH = ScaleUse(35, (0.04, 0.06, 0.10, 0.80)), ScaleUse(35, (0.02, 0.03, 0.05, 0.90))


@pytest.mark.slow
@pytest.mark.parametrize(("scale", "design", "measure", "simulated"), [
    (SKEW, "crossover", "ac2", (0.98, 1.0)), (SKEW, "crossover", "alpha", (0.91, 1.0)),
    (SKEW, "parallel", "ac2", (0.47, 0.72)), (SKEW, "parallel", "alpha", (0.73, 0.97)),
    (HIGH, "crossover", "ac2", (0.89, 1.0)), (HIGH, "crossover", "alpha", (0.63, 0.94)),
    (HIGH, "parallel", "ac2", (0.34, 0.67)), (HIGH, "parallel", "alpha", (0.39, 0.78)),
])
def test_power_is_near_that_of_a_simulation_done_before_the_tool_was(
    scale: ScaleUse, design: Design, measure: Measure, simulated: tuple[float, float]
) -> None:
    # 300 runs of 30 and 60 cases, alpha 0.60 against 0.75 on all of 35 questions, errors done otherwise: within 12
    # points of it, of which 6 are those runs' own error.
    better = correlation_for("alpha", [scale], 0.75)
    assert better is not None
    for cases, before in zip((30, 60), simulated, strict=True):
        apart = mean_in_the_long_run(measure, [scale], better) - mean_in_the_long_run(
            measure, [scale], correlation_for("alpha", [scale], 0.60) or 0.0)
        found: Chance = power_of(Planned(design, cases, 8, (scale,), Verdict(measure, Fraction(1, 20)), "table",
                                         (apart,), runs=600)).found[0]
        print(f"{design} {cases} {measure} {scale.shares[-1]:.0%}: {share(found.clear):.3f}, before {before:.2f}")
        assert abs(share(found.clear) - before) < 0.12
