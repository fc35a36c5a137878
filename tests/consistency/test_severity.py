"""Severity equals what lme4 published, and what slow dense matrices say; what cannot be known is said in words."""

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import minimize

from cqa.consistency.severity import NO_DIFFERENCES, ScoredMark, SeverityFit, fit_severity

Floats = NDArray[np.float64]

# Davies and Goldsmith 1972, Statistical Methods in Research and Production, table 6.6: diameters of growth inhibition
# in mm, 24 plates a to x by 6 samples of penicillin A to F; data set Penicillin of the R package lme4.
PENICILLIN = """
27 23 26 23 23 21|27 23 26 23 23 21|25 21 25 24 24 20|26 23 25 23 23 20|25 22 26 22 23 20|24 22 25 23 22 19
24 20 23 21 22 19|26 22 26 24 24 21|24 21 24 22 22 20|24 21 24 23 22 19|26 23 26 24 24 21|25 22 26 24 24 20
26 24 26 24 25 22|26 23 26 23 23 20|26 23 25 24 24 22|25 22 25 23 23 20|25 21 24 23 23 20|25 22 24 23 23 19
24 21 23 21 21 19|26 23 26 24 24 21|25 21 24 22 22 18|25 22 25 22 22 20|24 21 24 22 24 19|24 21 24 22 21 18
"""


def penicillin() -> list[ScoredMark]:
    plates = PENICILLIN.strip().replace("\n", "|").split("|")
    return [ScoredMark(plate, sample, float(value))
            for plate, row in zip("abcdefghijklmnopqrstuvwx", plates, strict=True)
            for sample, value in zip("ABCDEF", row.split(), strict=True)]


def simulated(
    seed: int, cases: int = 60, reviewers: int = 5, twice: float = 0.4, severity: float = 4.0, groups: int = 1,
    error: float = 6.0,
) -> list[ScoredMark]:
    """Cases of sd 10, some of them marked by two or three; group means 5 apart."""
    rng = random.Random(seed)
    severities = [rng.gauss(0, severity) for _ in range(reviewers)]
    marks = []
    for case in range(cases):
        group = case % groups
        truth = rng.gauss(70 + 5 * group, 10)
        for one in rng.sample(range(reviewers), rng.choice((2, 3)) if rng.random() < twice else 1):
            marks.append(ScoredMark(f"c{case}", f"r{one}", truth - severities[one] + rng.gauss(0, error), f"g{group}"))
    return marks


class Dense:
    """The same model with the full covariance matrix of all marks: slow, and written from the definition."""

    def __init__(self, marks: Sequence[ScoredMark]) -> None:
        self.names = sorted({mark.reviewer for mark in marks})
        cases = sorted({mark.case for mark in marks})
        groups = sorted({mark.group for mark in marks})
        self.y = np.array([mark.value for mark in marks])
        self.z = np.array([[mark.reviewer == name for name in self.names] for mark in marks], dtype=float)
        self.c = np.array([[mark.case == case for case in cases] for mark in marks], dtype=float)
        self.x = np.array([[1.0, *(mark.group == group for group in groups[1:])] for mark in marks], dtype=float)

    def covariance(self, case: float, reviewer: float, error: float) -> Floats:
        return np.asarray(case * self.c @ self.c.T + reviewer * self.z @ self.z.T + error * np.eye(len(self.y)))

    def criterion(self, case: float, reviewer: float, error: float) -> float:
        v = self.covariance(case, reviewer, error)
        inside = self.x.T @ np.linalg.solve(v, self.x)
        beta = np.linalg.solve(inside, self.x.T @ np.linalg.solve(v, self.y))
        left = self.y - self.x @ beta
        n, p = self.x.shape
        return float((n - p) * np.log(2 * np.pi) + np.linalg.slogdet(v)[1] + np.linalg.slogdet(inside)[1]
                     + left @ np.linalg.solve(v, left))

    def best(self) -> tuple[float, float, float]:
        def least(x: Floats) -> float:
            return self.criterion(*np.exp(x))
        found = minimize(least, np.log([50.0, 10.0, 30.0]), method="BFGS", options={"gtol": 1e-7})
        return tuple(np.exp(found.x))

    def severity(self, case: float, reviewer: float, error: float) -> tuple[Floats, Floats]:
        """Best linear unbiased predictions and their prediction errors, from V itself."""
        v = self.covariance(case, reviewer, error)
        inverse = np.linalg.inv(v)
        fixed = np.linalg.inv(self.x.T @ inverse @ self.x)
        projection = inverse - inverse @ self.x @ fixed @ self.x.T @ inverse
        predicted = reviewer * self.z.T @ projection @ self.y
        r = self.z.shape[1]
        spread = reviewer * np.eye(r) - reviewer**2 * self.z.T @ projection @ self.z
        contrast = np.eye(r) - 1 / r
        return -contrast @ predicted, np.sqrt(np.diag(contrast @ spread @ contrast))

    def dummies(self) -> tuple[Floats, Floats]:
        """Least squares on a dummy for every case and reviewer; the minimum-norm solution, centred, and its errors."""
        design = np.hstack([self.c, self.z])
        solution, _, rank, _ = np.linalg.lstsq(design, self.y, rcond=None)
        left = self.y - design @ solution
        s2 = float(left @ left) / (len(self.y) - int(rank))
        cases, r = self.c.shape[1], self.z.shape[1]
        centre = np.eye(r) - 1 / r
        spread = s2 * np.linalg.pinv(design.T @ design)[cases:, cases:]
        return -centre @ solution[cases:], np.sqrt(np.diag(centre @ spread @ centre))


def mixed(fit: SeverityFit) -> Floats:
    return np.array([one.mixed.value for one in fit.reviewers], dtype=float)


def within(fit: SeverityFit) -> Floats:
    return np.array([one.within.value for one in fit.reviewers], dtype=float)


def test_the_penicillin_estimates_are_those_that_lme4_published() -> None:
    """Bates, lme4: Mixed-effects modeling with R (2010), section 2.1: model fm03, by REML."""
    fit = fit_severity(penicillin())
    assert fit.variances is not None
    assert fit.variances.case == pytest.approx(0.71691, abs=5e-6)
    assert fit.variances.reviewer == pytest.approx(3.73092, abs=1e-5)
    assert fit.variances.error == pytest.approx(0.30242, abs=5e-6)
    assert fit.criterion == pytest.approx(330.8606, abs=5e-5)
    assert -mixed(fit) == pytest.approx([2.18706, -1.01048, 1.93790, -0.09690, -0.01384, -3.00374], abs=6e-6)


def test_a_complete_design_gives_the_two_way_table_within_cases() -> None:
    fit = fit_severity(penicillin())
    table = np.array([mark.value for mark in penicillin()]).reshape(24, 6)
    assert within(fit) == pytest.approx(table.mean() - table.mean(axis=0))
    assert fit.df == 23 * 5 and fit.hausman.p is None and "add nothing" in fit.hausman.why


@pytest.mark.parametrize(("seed", "groups"), [(1, 1), (2, 1), (3, 3), (4, 2)])
def test_the_mixed_model_is_that_of_dense_matrices(seed: int, groups: int) -> None:
    marks = simulated(seed, groups=groups)
    fit, dense = fit_severity(marks), Dense(marks)
    best = dense.best()
    assert fit.variances is not None and fit.criterion is not None
    assert (fit.variances.case, fit.variances.reviewer, fit.variances.error) == pytest.approx(best, rel=2e-4)
    assert fit.criterion == pytest.approx(dense.criterion(*best), abs=1e-6)
    predicted, errors = dense.severity(fit.variances.case, fit.variances.reviewer, fit.variances.error)
    assert mixed(fit) == pytest.approx(predicted, abs=1e-8)
    assert [one.mixed.se for one in fit.reviewers] == pytest.approx(errors, abs=1e-8)


@pytest.mark.parametrize("seed", range(4))
def test_the_within_case_estimate_is_least_squares_on_dummies(seed: int) -> None:
    marks = simulated(seed)
    fit = fit_severity(marks)
    estimates, errors = Dense(marks).dummies()
    assert fit.connected
    assert within(fit) == pytest.approx(estimates, abs=1e-9)
    assert [one.within.se for one in fit.reviewers] == pytest.approx(errors, rel=1e-9)


def test_hausmans_statistic_is_that_of_its_definition() -> None:
    marks = simulated(5, groups=2)
    fit, dense = fit_severity(marks), Dense(marks)
    assert fit.variances is not None
    r = len(dense.names)
    v = dense.covariance(fit.variances.case, 0.0, fit.variances.error)
    contrast = np.eye(r) - 1 / r
    gls_design = np.hstack([dense.x, dense.z[:, 1:]])
    information = gls_design.T @ np.linalg.solve(v, gls_design)
    p = dense.x.shape[1]
    expand = np.vstack([np.zeros(r - 1), np.eye(r - 1)])
    gls = contrast @ expand @ np.linalg.solve(information, gls_design.T @ np.linalg.solve(v, dense.y))[p:]
    spread = contrast @ expand @ np.linalg.inv(information)[p:, p:] @ expand.T @ contrast
    centred = dense.z - dense.c @ np.linalg.pinv(dense.c) @ dense.z
    gained = fit.variances.error * np.linalg.pinv(centred.T @ centred) - spread
    difference = -within(fit) - gls
    assert fit.hausman.df == r - 1
    assert fit.hausman.statistic == pytest.approx(float(difference @ np.linalg.pinv(gained) @ difference), rel=1e-6)


def test_cases_given_by_difficulty_mislead_the_mixed_model_and_hausman_says_so() -> None:
    rng = random.Random(7)
    marks = []
    for case in range(400):
        truth = rng.gauss(60 + (15 if case % 2 else 0), 10)
        first = rng.choice("ab") if case % 2 else rng.choice("cd")
        others = [name for name in "abcd" if name != first]
        for name in (first, *(rng.sample(others, 1) if case % 4 < 2 else ())):
            marks.append(ScoredMark(str(case), name, truth + rng.gauss(0, 6)))
    fit = fit_severity(marks)
    assert fit.hausman.p is not None and fit.hausman.p < 0.001
    assert all(one.within.low is not None and one.within.low < 0 < (one.within.high or 0) for one in fit.reviewers)
    # With the group named, the difference between the teams' cases is no longer taken for severity.
    named = fit_severity([replace(mark, group="even" if int(mark.case) % 2 else "odd") for mark in marks])
    assert named.hausman.p is not None and named.hausman.p > 0.05


def test_reviewers_without_common_cases_are_components_of_their_own() -> None:
    marks = [ScoredMark(f"{pair}{case}", name, 50 + 3 * case + (5 if name in "bd" else 0) + (case * 7 + ord(name)) % 4)
             for pair in ("ab", "cd") for case in range(8) for name in pair]
    marks += [ScoredMark(f"e{case}", "e", 60.0 + case) for case in range(6)]
    fit = fit_severity(marks)
    assert fit.components == (("a", "b"), ("c", "d"), ("e",)) and not fit.connected
    by_name = {one.reviewer: one for one in fit.reviewers}
    assert by_name["e"].within.value is None and "no case is shared" in by_name["e"].within.why
    assert by_name["e"].mixed.value is not None
    values = within(fit)
    assert values[0] + values[1] == pytest.approx(0) and values[2] + values[3] == pytest.approx(0)
    assert fit.df == 16 - 2


@pytest.mark.parametrize(("pairs", "weak"), [
    (["ab", "bc"], ("b",)),
    (["ab", "bc", "ca"], ()),
    (["abc"], ()),
    (["ab", "bc", "cd", "db", "de"], ("b", "d")),
    (["ab", "cd"], ()),
    (["ab", "abc", "cd"], ("c",)),
])
def test_weak_links_are_those_without_whom_others_fall_apart(pairs: list[str], weak: tuple[str, ...]) -> None:
    marks = [ScoredMark(str(case), name, float(case)) for case, pair in enumerate(pairs) for name in pair]
    assert fit_severity(marks).weak_links == weak


@pytest.mark.parametrize(("marks", "why"), [
    ([], "there are no marks"),
    ([("1", "a", 1.0), ("2", "a", 2.0)], "there is only one reviewer"),
    ([("1", "a", 1.0), ("2", "b", 2.0)], "no case was marked by two reviewers"),
    ([(str(case), name, 3.0) for case in range(9) for name in "ab"], "all marks are the same"),
    ([("1", "a", 1.0), ("1", "b", 2.0), ("2", "a", 4.0)], "too few shared cases"),
    ([(str(case), name, case + (2.0 if name == "b" else 0.0)) for case in range(9) for name in "ab"],
     "differ by exactly the same"),
])
def test_what_cannot_be_known_is_said_in_words(marks: list[tuple[str, str, float]], why: str) -> None:
    fit = fit_severity([ScoredMark(*mark) for mark in marks])
    assert why in fit.why and fit.variances is None and fit.hausman.p is None
    for one in fit.reviewers:
        assert one.mixed.value is None and why in one.mixed.why
        assert one.within.why and one.within.se is None
    assert fit.as_json()["variance"] == {"case": None, "reviewer": None, "error": None}


def test_a_constant_difference_is_told_without_a_standard_error() -> None:
    marks = [ScoredMark(str(case), name, case + (2.0 if name == "b" else 0.0)) for case in range(9) for name in "ab"]
    a, b = fit_severity(marks).reviewers
    assert (a.within.value, b.within.value) == pytest.approx((1.0, -1.0)) and a.within.se is None


def test_no_variance_between_reviewers_is_said_and_nobody_is_ranked() -> None:
    fit = next(fit for seed in range(20) if (fit := fit_severity(simulated(seed, severity=0.0))).why)
    assert fit.why == NO_DIFFERENCES and fit.variances is not None and fit.variances.reviewer == 0
    assert all((one.mixed.value, one.mixed.se, one.mixed.why) == (0.0, None, NO_DIFFERENCES) for one in fit.reviewers)
    assert all(one.within.value is not None for one in fit.reviewers)


def test_no_variance_between_cases_is_found_at_the_edge() -> None:
    rng = random.Random(3)
    marks = [ScoredMark(str(case), name, 60.0 + 8 * (name == "a") + (1 if name == "b" else -1) * noise)
             for case in range(40) for noise in (rng.gauss(0, 5),) for name in "ab"]
    fit = fit_severity(marks)
    assert fit.variances is not None and fit.variances.case == 0 and fit.variances.reviewer > 0


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_mark_must_be_a_finite_number(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        fit_severity([ScoredMark("1", "a", value)])


def test_a_case_is_in_one_group() -> None:
    with pytest.raises(ValueError, match="two groups"):
        fit_severity([ScoredMark("1", "a", 1.0, "north"), ScoredMark("1", "b", 1.0, "south")])


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.floats(-1e3, 1e3), st.sampled_from([0.01, 1.0, 100.0]))
def test_neither_order_nor_units_matter(seed: int, shift: float, unit: float) -> None:
    marks = simulated(seed, cases=25)
    moved = [replace(mark, value=shift + unit * mark.value) for mark in marks]
    random.Random(seed).shuffle(moved)
    before, after = fit_severity(marks), fit_severity(moved)
    assert before.components == after.components and before.weak_links == after.weak_links
    assert within(after) / unit == pytest.approx(within(before), abs=1e-6, nan_ok=True)
    assert mixed(after) / unit == pytest.approx(mixed(before), abs=1e-3, nan_ok=True)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_the_within_case_estimate_knows_nothing_of_how_good_cases_are(seed: int) -> None:
    marks = simulated(seed, cases=25)
    rng = random.Random(seed)
    raised = {mark.case: rng.gauss(0, 50) for mark in marks}
    moved = [replace(mark, value=mark.value + raised[mark.case]) for mark in marks]
    assert within(fit_severity(moved)) == pytest.approx(within(fit_severity(marks)), abs=1e-6, nan_ok=True)


def test_the_json_has_the_names_of_the_contract() -> None:
    told = fit_severity(simulated(1)).as_json()
    assert set(told) >= {"severity", "variance", "components"}
    first = told["severity"][0]  # type: ignore[index]
    assert first["reviewer"] == "r0" and {"value", "se", "within"} <= set(first)
    assert {"value", "se"} <= set(first["within"])
    assert set(told["variance"]) == {"case", "reviewer", "error"}  # type: ignore[call-overload]
