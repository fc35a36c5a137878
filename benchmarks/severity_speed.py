"""Times the whole severity fit against single evaluations of the same likelihood with dense matrices, in turn.

    python benchmarks/severity_speed.py [--rounds N]

592 marks of 209 cases by 10 reviewers, 152 of the cases marked once: the shape of the data set data.ptam4 of the R
package immer. One dense evaluation is what a program that does not absorb the cases pays again at every step of its
search, some 100 to 300 of them.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np

from cqa.consistency.severity import ScoredMark, fit_severity


def made(cases: int = 209, once: int = 152, marks: int = 592, reviewers: int = 10) -> list[ScoredMark]:
    """Cases of sd 10, severities of sd 4, errors of sd 6 points."""
    rng = random.Random(5)
    severities = [rng.gauss(0, 4) for _ in range(reviewers)]
    left, listed = marks, []
    for case in range(cases):
        truth = rng.gauss(60, 10)
        count = 1 if case < once else round(left / (cases - case))
        left -= count
        listed.extend(ScoredMark(f"c{case}", f"r{one}", truth - severities[one] + rng.gauss(0, 6))
                      for one in rng.sample(range(reviewers), count))
    return listed


def dense(marks: Sequence[ScoredMark], case: float, reviewer: float, error: float) -> float:
    """-2 log REML from the full covariance matrix of all marks."""
    cases = np.unique([mark.case for mark in marks], return_inverse=True)[1]
    reviewers = np.unique([mark.reviewer for mark in marks], return_inverse=True)[1]
    y, x = np.array([mark.value for mark in marks]), np.ones((len(marks), 1))
    v = (case * (cases[:, None] == cases) + reviewer * (reviewers[:, None] == reviewers) + error * np.eye(len(y)))
    solved = np.linalg.solve(v, np.hstack([x, y[:, None]]))
    inside = x.T @ solved[:, :1]
    beta = np.linalg.solve(inside, x.T @ solved[:, 1:])
    left = y[:, None] - x @ beta
    return float((len(y) - 1) * np.log(2 * np.pi) + np.linalg.slogdet(v)[1] + np.linalg.slogdet(inside)[1]
                 + (left.T @ (solved[:, 1:] - solved[:, :1] @ beta))[0, 0])


def timed(work: Callable[[], object]) -> float:
    """Wall seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Prints medians, and the ratio within each round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    marks = made()
    fit = fit_severity(marks)
    assert fit.variances and fit.criterion
    at = (fit.variances.case, fit.variances.reviewer, fit.variances.error)
    assert abs(dense(marks, *at) - fit.criterion) < 1e-6
    times = [(timed(lambda: fit_severity(marks)), timed(lambda: dense(marks, *at))) for _ in range(rounds)]
    whole, one = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = statistics.median(first / second for first, second in times)
    print(f"{len(marks)} marks: whole fit {whole:.4f} s; one dense evaluation {one:.4f} s; ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
