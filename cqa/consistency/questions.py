"""Agreement question by question: counts, exact and specific agreement, coefficients, and no more than they bear."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cqa.consistency.agreement import Coefficient
from cqa.consistency.applicability import applicability_of, exact_interval
from cqa.consistency.counts import Ratings, differing_pairs, patterns_of, ratings_of
from cqa.consistency.marks import MarkRow, QuestionScale, signed_by_question
from cqa.consistency.measures import Measured, measure
from cqa.consistency.readings import (
    ENOUGH_PAIRS,
    agreement_reading,
    cases_said,
    lost_reading,
    marks_said,
    pairs_said,
)
from cqa.consistency.uncertainty import AC, ALPHA, BRENNAN_PREDIGER, COHEN, CONGER, Asked

REPORTED = Asked(weights="ordinal", metric="ordinal", figures=(AC, ALPHA, COHEN, CONGER, BRENNAN_PREDIGER))
"""What the report measures: nothing in it is drawn at random."""
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
    found, few = measure(ratings, REPORTED)[0], _too_few(ratings)
    split = measure(ratings.split_at_top((BELOW, TOP)), Asked(figures=()))[0]
    answered = applicability_of(scale, rows)
    low, high = exact_interval(found)
    differing, lost = differing_pairs(ratings), answered.pairs - found.pairs
    return QuestionAgreement(
        scale=scale, cases=found.cases, pairs=found.pairs, lost=lost, differing=differing, reviewers=found.reviewers,
        exact=found.percent, exact_low=low, exact_high=high,
        within_one=found.within_one if len(scale.levels) > 2 else None, specific=split.specific,
        below_top=int((ratings.level < len(scale.levels) - 1).sum()),
        ac2=_given("AC2", AC, found, few), alpha=_given("alpha", ALPHA, found, few or too_even(ratings)),
        kappa=_given("kappa", COHEN if found.reviewers == 2 else CONGER, found, few),
        brennan_prediger=_given("Brennan-Prediger", BRENNAN_PREDIGER, found, few),
        reading=_reading(ratings, differing, lost, answered.one_sided, low is not None),
    )


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


def too_even(ratings: Ratings) -> str:
    """Whether too little lies outside the commonest level for alpha to be worth printing."""
    patterns = patterns_of(ratings)
    often = patterns.often[:, 0]
    commonest = int((often @ patterns.rows).argmax())
    others = patterns.rows.sum(axis=1) - patterns.rows[:, commonest]
    cases, marks = int(often[others > 0].sum()), int(often @ others)
    if cases >= ENOUGH_BELOW_TOP[0] and marks >= ENOUGH_BELOW_TOP[1]:
        return ""
    if marks == 0:
        return "all marks are at one level"
    verb = "is" if marks == 1 else "are"
    return f"only {marks_said(marks)} on {cases_said(cases)} {verb} outside the commonest level"


def _given(name: str, figure: str, found: Measured, why: str) -> Coefficient:
    """The figure under the report's name for it, or the reason in its place."""
    if not why:
        return replace(found.coefficients[figure], name=name)
    return Coefficient(name, None, None, None, None, found.cases, found.reviewers,
                       f"not defined, because {why}" if found.pairs == 0 or "all marks" in why
                       else f"not given, because {why}")
