"""Whether reviewers agree that a question can be answered at all: on the scale, or 'cannot tell' and the like."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cqa.consistency.agreement import Coefficient, ac_of, percent_of, specific_agreement
from cqa.consistency.counts import Ratings, ratings_of
from cqa.consistency.intervals import coefficient, wilson
from cqa.consistency.marks import MarkRow, QuestionScale, signed_by_question
from cqa.consistency.readings import ENOUGH_PAIRS, pairs_said

OFF, ON = "off_scale", "on_scale"


@dataclass(frozen=True, slots=True)
class Applicability:
    """One question as a question of two answers, over cases where two reviewers gave any answer.

    `exact` is the share of pairs that agree, with Wilson's interval where every case has two answers; `specific` how
    often the other reviewer says the same when one does (Cicchetti & Feinstein 1990), None where nobody does.
    `one_sided` counts pairs in which one answer lies on the scale and the other outside it, `off` the answers outside.
    """

    scale: QuestionScale
    cases: int
    pairs: int
    one_sided: int
    off: int
    exact: float | None
    exact_low: float | None
    exact_high: float | None
    ac1: Coefficient
    specific: Mapping[str, float | None]

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"rubric": self.scale.rubric, "version": self.scale.version, "question": self.scale.question,
                "cases": self.cases, "pairs": self.pairs, "one_sided": self.one_sided, "exact": self.exact,
                "exact_low": self.exact_low, "exact_high": self.exact_high, "ac1": self.ac1.as_json(),
                "specific": dict(self.specific)}


def applicability(rows: Iterable[MarkRow], scales: Iterable[QuestionScale]) -> tuple[Applicability, ...]:
    """Every question's applicability over signed-off assessments (Gwet's AC1 on two categories)."""
    grouped = signed_by_question(rows)
    return tuple(applicability_of(scale, grouped.get(scale.key, [])) for scale in scales)


def applicability_of(scale: QuestionScale, rows: Sequence[MarkRow]) -> Applicability:
    """One question's applicability over its signed-off rows."""
    ratings = ratings_of(((f"{row.sample}/{row.case_id}", row.reviewer, ON if row.mark in scale.levels else OFF)
                          for row in rows), (OFF, ON)).twice_marked()
    counts = ratings.counts
    exact = percent_of(counts, np.ones(len(counts))) if len(counts) else None
    low, high = exact_interval(ratings)
    return Applicability(
        scale=scale, cases=len(counts), pairs=ratings.pairs, one_sided=int((counts[:, 0] * counts[:, 1]).sum()),
        off=int(counts[:, 0].sum()), exact=exact, exact_low=low, exact_high=high, ac1=_ac1(ratings),
        specific=specific_by_name(ratings))


def exact_interval(ratings: Ratings) -> tuple[float | None, float | None]:
    """Wilson's 95% interval of exact agreement; None where a case has other than two marks, or there is none."""
    counts = ratings.counts
    if not len(counts) or not (counts.sum(axis=1) == 2).all():
        return None, None
    return wilson(int((counts.max(axis=1) == 2).sum()), len(counts))


def specific_by_name(ratings: Ratings) -> dict[str, float | None]:
    """Specific agreement of every level by its name; None where no pair holds it."""
    if not len(ratings.marks):
        return dict.fromkeys(ratings.levels)
    shares = specific_agreement(ratings.counts)
    return {level: None if np.isnan(share) else float(share) for level, share in zip(ratings.levels, shares,
                                                                                     strict=True)}


def _ac1(ratings: Ratings) -> Coefficient:
    if ratings.pairs < ENOUGH_PAIRS:
        why = f"not given, because there {'is' if ratings.pairs == 1 else 'are'} only {pairs_said(ratings.pairs)} of " \
              f"answers, and {ENOUGH_PAIRS} are needed" if ratings.pairs else \
              "not defined, because no case was answered by two reviewers"
        return Coefficient("AC1", None, None, None, None, len(ratings.marks), len(ratings.reviewers), why)
    return coefficient("AC1", ac_of("identity"), ratings)
