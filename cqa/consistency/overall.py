"""Agreement on a whole rubric: means over its questions, with cases as what varies."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from cqa.consistency.agreement import Coefficient, OfCounts, Undefined, ac_of, alpha_of, percent_of
from cqa.consistency.intervals import log_interval
from cqa.consistency.marks import MarkRow, QuestionScale, signed_by_question
from cqa.consistency.readings import COUNTS_ONLY, ENOUGH_PAIRS, cases_said

Pattern = tuple[float, ...]
CaseCounts = Mapping[str, Pattern]
"""Of one question: case to how many marks of each level it has, for cases with two marks or more."""

_FIGURES: Mapping[str, OfCounts] = {"exact": percent_of, "ac2": ac_of("ordinal"), "alpha": alpha_of("ordinal")}


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of a figure over the questions that have it, and over how many of them."""

    figure: Coefficient
    questions: int

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {**self.figure.as_json(), "questions": self.questions}


@dataclass(frozen=True, slots=True)
class Overall:
    """One rubric version: double-marked cases, scale questions, and the means of exact agreement, AC2 and alpha."""

    rubric: str
    version: str
    cases: int
    questions: int
    exact: Mean
    ac2: Mean
    alpha: Mean

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"rubric": self.rubric, "version": self.version, "cases": self.cases, "questions": self.questions,
                "exact": self.exact.as_json(), "ac2": self.ac2.as_json(), "alpha": self.alpha.as_json()}


def overall(rows: Iterable[MarkRow], scales: Sequence[QuestionScale]) -> tuple[Overall, ...]:
    """Every rubric version over its signed-off marks, in the order of the scales."""
    grouped = signed_by_question(rows)
    versions = dict.fromkeys((scale.rubric, scale.version) for scale in scales)
    return tuple(_overall(key, [scale for scale in scales if (scale.rubric, scale.version) == key], grouped)
                 for key in versions)


def _overall(
    key: tuple[str, str], scales: Sequence[QuestionScale], grouped: Mapping[tuple[str, str, str], list[MarkRow]]
) -> Overall:
    questions = [_case_counts(scale, grouped.get(scale.key, [])) for scale in scales]
    cases = tuple(dict.fromkeys(case for question in questions for case in question))
    # On a handful of pairs a question's figure jumps by all it has; the mean is over those with five pairs or more.
    used = [question for question in questions if len(question) >= COUNTS_ONLY]
    means = {name: _mean(name, of_counts, used, cases) for name, of_counts in _FIGURES.items()}
    return Overall(key[0], key[1], len(cases), len(scales), means["exact"], means["ac2"], means["alpha"])


def _case_counts(scale: QuestionScale, rows: Iterable[MarkRow]) -> CaseCounts:
    found: dict[str, list[float]] = {}
    for row in rows:
        if row.mark in scale.levels:
            counts = found.setdefault(f"{row.sample}/{row.case_id}", [0.0] * len(scale.levels))
            counts[scale.levels.index(row.mark)] += 1
    return {case: tuple(counts) for case, counts in found.items() if sum(counts) >= 2}


def _mean(name: str, of_counts: OfCounts, questions: Sequence[CaseCounts], cases: Sequence[str]) -> Mean:
    """The mean over questions with a delete-one-case jackknife: every question of a case is left out together.

    Interval on log(1 - c), Student's t with cases - 1 degrees of freedom. A question counts where the figure is
    defined with all cases and without any one of them.
    """
    n = len(cases)
    if n < ENOUGH_PAIRS:
        return Mean(Coefficient(name, None, None, None, None, n, 0, f"not given, because "
                                f"{f'only {cases_said(n)}' if n else 'no case'} {'has' if n < 2 else 'have'} two "
                                f"marks, and {ENOUGH_PAIRS} are needed"), 0)
    columns = [column for question in questions if (column := _with_each_left_out(of_counts, question, cases))]
    if not columns:
        return Mean(Coefficient(name, None, None, None, None, n, 0,
                                "not defined, because no question varies enough"), 0)
    value = sum(whole for whole, _ in columns) / len(columns)
    replicates = np.mean([each for _, each in columns], axis=0)
    se = sqrt((n - 1) / n * float(((replicates - replicates.mean()) ** 2).sum()))
    if se < 1e-12 or value >= 1 - 1e-12:
        return Mean(Coefficient(name, value, None, None, None, n, 0, "no interval, because no case changes the mean"),
                    len(columns))
    low, high = log_interval(value, se, n)
    return Mean(Coefficient(name, value, se, low, high, n, 0), len(columns))


def _with_each_left_out(
    of_counts: OfCounts, question: CaseCounts, cases: Sequence[str]
) -> tuple[float, list[float]] | None:
    """A question's figure with all cases, and with each of `cases` left out; None where one of these is undefined.

    One evaluation for each distinct pattern of counts.
    """
    often = Counter(question.values())
    patterns = np.array(list(often))
    many = np.array(list(often.values()), dtype=float)
    try:
        whole = of_counts(patterns, many)
        without = {pattern: of_counts(patterns, many - one)
                   for pattern, one in zip(often, np.eye(len(often)), strict=True)}
    except Undefined:
        return None
    return whole, [without[question[case]] if case in question else whole for case in cases]
