"""How often the report finds one severe reviewer among ten, and how often it accuses somebody of nothing.

Design: 200 cases given out at random, 90 of them twice so that each two of ten reviewers share two; 35 questions on a
scale of 0 to 3 marks used 4/6/10/80%. Quality of a case's questions correlates 0.3; a reviewer's error has sd 0.6 of
quality for each question and 0.15 for the whole case. Margin 5 points of 100. Run with: pytest -m slow -s.
"""

from itertools import combinations
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray

from cqa.consistency.marks import MarkRow, QuestionScale, marks_frame
from cqa.consistency.reviewers import NO_DIFFERENCE, NOT_ENOUGH, panel_of

NAMES = tuple("abcdefghij")
QUESTIONS, CASES, RUNS = 35, 200, 300
CUTS = np.array([NormalDist().inv_cdf(share) for share in (0.04, 0.10, 0.20)])
HALO, ERROR = 0.15, 0.6
SPREAD = float(np.sqrt(1 + HALO**2 + ERROR**2))
LEVELS = tuple(f"l{place:03d}" for place in range(1001))
ALLOCATION = [*combinations(NAMES, 2), *combinations(NAMES, 2), *([(name,) for name in NAMES] * CASES)][:CASES]
"""Who marks the first case, the second and so on: cases are all alike, so that their order may be any."""
SCALE = QuestionScale("r", "1", "score", "S", "Ask", LEVELS, (), {level: level for level in LEVELS},
                      {level: float(place) for place, level in enumerate(LEVELS)}, ())


def marks_lost(shift: float) -> float:
    """The mean marks that a shift of quality costs, at this use of the scale."""
    return sum(NormalDist().cdf(cut + shift / SPREAD) - NormalDist().cdf(cut) for cut in CUTS)


def shift_for(marks: float) -> float:
    """The shift of quality that costs so many marks on average."""
    low, high = 0.0, 3.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if marks_lost(middle) < marks else (low, middle)
    return low


def scores(rng: np.random.Generator, quality: NDArray[np.float64], shift: float) -> float:
    """The 0 to 1000 score of one marking."""
    seen = quality - shift + rng.normal(0, HALO) + rng.normal(0, ERROR, QUESTIONS)
    return float(np.searchsorted(CUTS * SPREAD, seen).mean() / 3 * 1000)


def classes(seed: int, shifts: dict[str, float]) -> dict[str, str]:
    """What the report calls each of the ten."""
    rng, rows = np.random.default_rng(seed), []
    for case, names in enumerate(ALLOCATION):
        quality = np.sqrt(0.3) * rng.normal() + np.sqrt(0.7) * rng.normal(size=QUESTIONS)
        for turn, name in zip(("first", "second"), names, strict=False):
            level = LEVELS[round(scores(rng, quality, shifts.get(name, 0.0)))]
            rows.append(MarkRow("s", str(case), "all", "h", name, turn, "r", "1", "score", level, None, "", "", True,
                                ""))
    found = panel_of(marks_frame(rows, [SCALE]), NAMES, [SCALE], 5)
    return {one.reviewer: one.kind for one in found.reviewers}


@pytest.mark.slow
def test_one_reviewer_severe_by_three_tenths_of_a_mark_is_found_among_ten() -> None:
    shift = shift_for(0.3)
    runs = [classes(seed, {"d": shift}) for seed in range(RUNS)]
    found = sum(run["d"] == "severe" for run in runs) / RUNS
    others = [kind for run in runs for name, kind in run.items() if name != "d" and kind != NOT_ENOUGH]
    accused = sum(kind != NO_DIFFERENCE for kind in others) / len(others)
    print(f"found in {found:.1%} of {RUNS} runs; of the others {accused:.2%} accused")
    assert found >= 0.95 and accused < 0.05


@pytest.mark.slow
def test_where_nobody_differs_few_reports_accuse_anyone() -> None:
    runs = [classes(10_000 + seed, {}) for seed in range(RUNS)]
    accused = sum(bool(set(run.values()) - {NO_DIFFERENCE, NOT_ENOUGH}) for run in runs) / RUNS
    print(f"somebody accused in {accused:.1%} of {RUNS} runs")
    assert accused < 0.05
