"""Agreement question by question: counts, exact and specific agreement, coefficients, and no more than they bear."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cqa.consistency.agreement import (
    Coefficient,
    Undefined,
    ac_of,
    alpha_of,
    brennan_prediger_of,
    conger,
    percent_of,
    within_one_of,
)
from cqa.consistency.applicability import applicability_of, exact_interval, specific_by_name
from cqa.consistency.counts import MISSING, Ratings, ratings_of
from cqa.consistency.intervals import coefficient
from cqa.consistency.marks import MarkRow, QuestionScale, signed_by_question
from cqa.consistency.readings import (
    ENOUGH_PAIRS,
    agreement_reading,
    cases_said,
    lost_reading,
    marks_said,
    pairs_said,
)

ENOUGH_BELOW_TOP = (5, 10)
"""Alpha needs 5 cases and 10 marks outside the commonest level before its interval can be trusted."""
BELOW, TOP = "below_top", "top"


@dataclass(frozen=True, slots=True)
class QuestionAgreement:
    """How far two signed-off marks on one case agree. Shares are fractions of 1, None without pairs.

    `lost` counts pairs in which one or both answers lie outside the scale; `differing` pairs whose levels differ.
    `exact_low` and `exact_high` are Wilson's, where every case has exactly two marks. `within_one` is None on a scale
    of two levels, where it could only be 1. `specific` holds the agreement on the top level and on anything below it.
    """

    scale: QuestionScale
    cases: int
    pairs: int
    lost: int
    differing: int
    reviewers: int
    exact: float | None
    exact_low: float | None
    exact_high: float | None
    within_one: float | None
    specific: Mapping[str, float | None]
    below_top: int
    ac2: Coefficient
    alpha: Coefficient
    kappa: Coefficient
    brennan_prediger: Coefficient
    reading: str

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {
            "rubric": self.scale.rubric, "version": self.scale.version, "question": self.scale.question,
            "cases": self.cases, "pairs": self.pairs, "lost": self.lost, "exact": self.exact,
            "exact_low": self.exact_low, "exact_high": self.exact_high, "within_one": self.within_one,
            "specific": dict(self.specific), "ac2": self.ac2.as_json(), "alpha": self.alpha.as_json(),
            "kappa": self.kappa.as_json(), "brennan_prediger": self.brennan_prediger.as_json(),
            "reading": self.reading,
        }


def agreements(rows: Iterable[MarkRow], scales: Iterable[QuestionScale]) -> tuple[QuestionAgreement, ...]:
    """Agreement on every question, over signed-off assessments of cases that two or more have marked."""
    grouped = signed_by_question(rows)
    return tuple(_agreement(scale, grouped.get(scale.key, [])) for scale in scales)


def question_ratings(scale: QuestionScale, rows: Iterable[MarkRow]) -> Ratings:
    """The marks on the scale of cases that have two or more of them."""
    return ratings_of(((f"{row.sample}/{row.case_id}", row.reviewer, row.mark) for row in rows
                       if row.mark in scale.levels), scale.levels).twice_marked()


def _agreement(scale: QuestionScale, rows: Sequence[MarkRow]) -> QuestionAgreement:
    ratings = question_ratings(scale, rows)
    counts, few = ratings.counts, _too_few(ratings)
    once = np.ones(len(counts))
    answered = applicability_of(scale, rows)
    low, high = exact_interval(ratings)
    split = Ratings((BELOW, TOP), ratings.reviewers, _collapsed(ratings))
    differing = _differing(ratings)
    lost = answered.pairs - ratings.pairs
    return QuestionAgreement(
        scale=scale, cases=len(counts), pairs=ratings.pairs, lost=lost, differing=differing,
        reviewers=len(ratings.reviewers),
        exact=percent_of(counts, once) if len(counts) else None, exact_low=low, exact_high=high,
        within_one=within_one_of(counts, once) if len(counts) and len(scale.levels) > 2 else None,
        specific=specific_by_name(split), below_top=int(counts[:, :-1].sum()) if len(counts) else 0,
        ac2=_withheld("AC2", ratings, few) or coefficient("AC2", ac_of("ordinal"), ratings),
        alpha=_withheld("alpha", ratings, few or _too_even(ratings)) or coefficient("alpha", alpha_of("ordinal"),
                                                                                    ratings),
        kappa=_withheld("kappa", ratings, few) or _kappa(ratings),
        brennan_prediger=_withheld("Brennan-Prediger", ratings, few)
        or coefficient("Brennan-Prediger", brennan_prediger_of("ordinal"), ratings),
        reading=_reading(ratings, differing, lost, answered.one_sided, low is not None),
    )


def _collapsed(ratings: Ratings) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
    """The marks as below the top level (0) or at it (1); missing ones stay missing."""
    top = len(ratings.levels) - 1
    return np.where(ratings.marks == MISSING, MISSING, (ratings.marks == top).astype(np.int64))


def _differing(ratings: Ratings) -> int:
    """How many pairs of marks are not of one level."""
    counts = ratings.counts
    return ratings.pairs - int((counts * (counts - 1) / 2).sum()) if len(counts) else 0


def _reading(ratings: Ratings, differing: int, lost: int, one_sided: int, two_each: bool) -> str:
    if ratings.pairs == 0:
        return lost_reading(one_sided, lost) if lost else "Nothing can be said: no case was marked by two reviewers."
    told = agreement_reading(differing, ratings.pairs, two_each)
    return f"{told} In {pairs_said(one_sided)} more one reviewer gave no level." if one_sided else told


def _too_few(ratings: Ratings) -> str:
    if ratings.pairs == 0:
        return "no case was marked by two reviewers who both gave a level"
    if ratings.pairs < ENOUGH_PAIRS:
        verb = "is" if ratings.pairs == 1 else "are"
        return f"there {verb} only {pairs_said(ratings.pairs)} of marks, and {ENOUGH_PAIRS} are needed"
    return ""


def _too_even(ratings: Ratings) -> str:
    """Whether too little lies outside the commonest level for alpha to be worth printing."""
    counts = ratings.counts
    commonest = int(counts.sum(axis=0).argmax())
    others = counts.sum(axis=1) - counts[:, commonest]
    cases, marks = int((others > 0).sum()), int(others.sum())
    if cases >= ENOUGH_BELOW_TOP[0] and marks >= ENOUGH_BELOW_TOP[1]:
        return ""
    if marks == 0:
        return "all marks are at one level"
    verb = "is" if marks == 1 else "are"
    return f"only {marks_said(marks)} on {cases_said(cases)} {verb} outside the commonest level"


def _withheld(name: str, ratings: Ratings, why: str) -> Coefficient | None:
    if not why:
        return None
    return Coefficient(name, None, None, None, None, len(ratings.marks), len(ratings.reviewers),
                       f"not defined, because {why}" if ratings.pairs == 0 or "all marks" in why
                       else f"not given, because {why}")


def _kappa(ratings: Ratings) -> Coefficient:
    """Conger's kappa without an interval: it is there to compare with older reports, not to be relied on."""
    cases, reviewers = len(ratings.marks), len(ratings.reviewers)
    try:
        value = conger(ratings, "ordinal")
    except Undefined as undefined:
        return Coefficient("kappa", None, None, None, None, cases, reviewers, f"not defined, because {undefined}")
    return Coefficient("kappa", value, None, None, None, cases, reviewers, "no interval is computed for kappa here")
