"""Times agreement against the package krippendorff on made-up ratings, in turn, and prints the ratios; then a national
year of marks as a whole process.

    python benchmarks/agreement_speed.py [--rounds N] [--timed N] [--folder DIR]
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import krippendorff
import numpy as np

from cqa.consistency.counts import Ratings, steps
from cqa.consistency.measures import measurements
from cqa.consistency.uncertainty import AC, ALPHA, Asked

LEVELS = ("1", "2", "3", "4")
QUESTIONS, CASES, POOL = 35, 500, 12
YEAR, YEAR_POOL, YEAR_TWICE = 42_000, 300, 0.2
REPLICATES = 2000


def make_ratings(cases: int, pool: int, twice: float, seed: int) -> Ratings:
    """Marks of which about 80% are at the top and 3% are missing: each case by one reviewer of the pool, and a share of
    cases by a second one; questions of a case share a third of its quality."""
    rng = np.random.default_rng(seed)
    first = rng.integers(0, pool, cases)
    second = (first + rng.integers(1, pool, cases)) % pool
    quality = 3**-0.5 * rng.normal(size=(1, cases)) + (2 / 3) ** 0.5 * rng.normal(size=(QUESTIONS, cases))
    parts = []
    for reviewer, marked in ((first, np.ones(cases, dtype=bool)), (second, np.arange(cases) < twice * cases)):
        level = np.searchsorted((-2.0, -1.5, -1.0), quality + 0.6 * rng.normal(size=quality.shape))
        question, case = np.nonzero((rng.random(quality.shape) > 0.03) & marked)
        parts.append((question, case, reviewer[case], level[question, case]))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Ratings(LEVELS, steps(LEVELS), tuple(f"reviewer-{number:03d}" for number in range(pool)), QUESTIONS, cases,
                   *columns)


def counts_of(ratings: Ratings) -> list[np.ndarray]:
    """For each question the counts of each case that has two marks or more, as krippendorff takes them."""
    counts = np.zeros((ratings.questions, ratings.cases, len(LEVELS)), dtype=int)
    np.add.at(counts, (ratings.question, ratings.case, ratings.level), 1)
    return [question[question.sum(axis=1) >= 2] for question in counts]


def alphas(counts: Sequence[np.ndarray]) -> list[float]:
    """Ordinal alpha of every question by the package krippendorff."""
    return [krippendorff.alpha(value_counts=question, level_of_measurement="ordinal") for question in counts]


def seconds(work: Callable[[], object]) -> float:
    """Wall seconds that the work took."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def resampled_alphas(counts: Sequence[np.ndarray], rng: np.random.Generator, replicates: int) -> None:
    """A loop over the package's function with resampled cases, which has no bootstrap of its own."""
    for _ in range(replicates):
        alphas([question[rng.integers(0, len(question), len(question))] for question in counts])


def in_memory(rounds: int, timed: int) -> None:
    """All coefficients with their jackknife, and the bootstrap, against krippendorff's alpha."""
    ratings = make_ratings(CASES, POOL, 1.0, 1)
    counts = counts_of(ratings)
    jackknife, bootstrap = Asked("ordinal", "ordinal"), Asked("ordinal", "ordinal", interval="bootstrap", seed="1",
                                                              replicates=REPLICATES, figures=(AC, ALPHA))
    whole = [value for one in measurements(ratings, jackknife) for value in one.uncertainties[ALPHA].jackknife.whole]
    assert np.allclose(whole, alphas(counts), atol=1e-12), "the two do not agree"
    rng = np.random.default_rng(2)
    runs: list[tuple[float, ...]] = []
    for _ in range(rounds + 1):
        runs.append((
            seconds(lambda: alphas(counts)),
            seconds(lambda: measurements(ratings, jackknife)),
            seconds(lambda: [one.measured() for one in measurements(ratings, jackknife)]),
            seconds(lambda: measurements(ratings, bootstrap)),
            seconds(lambda: resampled_alphas(counts, rng, timed)) * REPLICATES / timed))
    runs = runs[1:]  # the first round only warms up
    print(f"{QUESTIONS} questions, {CASES} cases, 2 of {POOL} reviewers, {len(ratings.case):,} marks; {rounds} rounds "
          "in turn, medians")
    names = ("krippendorff, alpha from counts", "cqa, all coefficients with jackknife, from marks",
             "cqa, the same with intervals and words", f"cqa, {REPLICATES:,} bootstrap replicates of AC2 and alpha",
             f"krippendorff, {REPLICATES:,} replicates of alpha ({timed} timed)")
    for name, times in zip(names, zip(*runs, strict=True), strict=True):
        print(f"{name:60} {statistics.median(times):9.4f} s")
    for told, one, other in (("all coefficients with jackknife / krippendorff's alpha", 1, 0),
                             ("the same with intervals and words / krippendorff's alpha", 2, 0),
                             ("krippendorff's replicates / cqa's", 4, 3)):
        print(f"{told}: {statistics.median(run[one] / run[other] for run in runs):.1f}")


def national(folder: Path) -> None:
    """`cqa agreement` on a year of assessments, the whole process: reading the file, every check, all figures."""
    ratings = make_ratings(round(YEAR / (1 + YEAR_TWICE)), YEAR_POOL, YEAR_TWICE, 3)
    path = folder / "year.csv"
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("case,reviewer,question,mark\n")
        marks = zip(*(column.tolist() for column in (ratings.question, ratings.case, ratings.reviewer, ratings.level)),
                    strict=True)
        stream.writelines(f"{case:07d},{ratings.reviewers[reviewer]},Q{question:02d},{level + 1}\n"
                          for question, case, reviewer, level in marks)
    for options in ((), ("--interval", "bca", "--seed", "1")):
        command = [sys.executable, "-m", "cqa", "agreement", str(path), "--weights", "ordinal", "--json", *options]
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{' '.join(command)} failed")
        print(f"a year: {len(ratings.case):,} marks of {YEAR:,} assessments by {YEAR_POOL} reviewers, "
              f"{path.stat().st_size / 1e6:.0f} MB, {' '.join(options) or 'jackknife'}: "
              f"{time.perf_counter() - begun:.1f} s, {usage.ru_maxrss / 1024:.0f} MiB")


def main() -> None:
    """Runs everything and prints medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--timed", type=int, default=50)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    in_memory(options.rounds, options.timed)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="cqa-bench-"))
    national(folder)
    if options.folder is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
