"""Whether reviewers agree that a question can be answered at all: on the scale, or 'cannot tell' and the like."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cqa.consistency.agreement import Coefficient
from cqa.consistency.counts import differing_pairs, ratings_of
from cqa.consistency.marks import MarkRow, QuestionScale, signed_by_question
from cqa.consistency.measures import Measured, measure
from cqa.consistency.readings import ENOUGH_PAIRS, pairs_said
from cqa.consistency.uncertainty import AC, ALPHA, Asked

OFF, ON = "off_scale", "on_scale"
ONE_SIDED = 0.05
"""Above this share of pairs it is shown what becomes of agreement when answers outside the scale are one more level."""


@dataclass(frozen=True, slots=True)
class Applicability:
    """One question as a question of two answers, over cases where two reviewers gave any answer.

    `exact` is the share of pairs that agree, with Wilson's interval where every case has two answers; `specific` how
    often the other reviewer says the same when one does (Cicchetti & Feinstein 1990), None where nobody does.
    `one_sided` counts pairs in which one answer lies on the scale and the other outside it, `off` the answers outside.
    `off_as_level`: AC1 and nominal alpha with every answer outside the scale as one more level, where more than one
    pair in twenty is one-sided; else None.
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
    off_as_level: tuple[Coefficient, Coefficient] | None

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"rubric": self.scale.rubric, "version": self.scale.version, "question": self.scale.question,
                "cases": self.cases, "pairs": self.pairs, "one_sided": self.one_sided, "exact": self.exact,
                "exact_low": self.exact_low, "exact_high": self.exact_high, "ac1": self.ac1.as_json(),
                "specific": dict(self.specific),
                "off_as_level": None if self.off_as_level is None else {
                    "ac1": self.off_as_level[0].as_json(), "alpha": self.off_as_level[1].as_json()}}


def applicability(rows: Iterable[MarkRow], scales: Iterable[QuestionScale]) -> tuple[Applicability, ...]:
    """Every question's applicability over signed-off assessments (Gwet's AC1 on two categories)."""
    grouped = signed_by_question(rows)
    return tuple(applicability_of(scale, grouped.get(scale.key, [])) for scale in scales)


def applicability_of(scale: QuestionScale, rows: Sequence[MarkRow]) -> Applicability:
    """One question's applicability over its signed-off rows."""
    ratings = ratings_of(((f"{row.sample}/{row.case_id}", row.reviewer, ON if row.mark in scale.levels else OFF)
                          for row in rows), (OFF, ON))
    found = measure(ratings, Asked(figures=(AC,)))[0]
    off = int((ratings.twice_marked().level == 0).sum())
    low, high = exact_interval(found)
    return Applicability(
        scale=scale, cases=found.cases, pairs=found.pairs, one_sided=differing_pairs(ratings),
        off=off, exact=found.percent, exact_low=low, exact_high=high, ac1=_ac1(found), specific=found.specific,
        off_as_level=_off_as_level(scale, rows, found, differing_pairs(ratings)))


def _off_as_level(
    scale: QuestionScale, rows: Sequence[MarkRow], found: Measured, one_sided: int
) -> tuple[Coefficient, Coefficient] | None:
    """How much hangs on leaving out pairs that disagree on whether there is a level: the same with them kept."""
    if found.pairs < ENOUGH_PAIRS or one_sided <= ONE_SIDED * found.pairs:
        return None
    every = measure(ratings_of(((f"{row.sample}/{row.case_id}", row.reviewer, row.mark if row.mark in scale.levels
                                 else OFF) for row in rows), (OFF, *scale.levels)), Asked(figures=(AC, ALPHA)))[0]
    return replace(every.coefficients[AC], name="AC1"), every.coefficients[ALPHA]


def exact_interval(found: Measured) -> tuple[float | None, float | None]:
    """Wilson's 95% interval of exact agreement; None where a case has other than two marks, or there is none."""
    return (found.percent_low, found.percent_high) if found.marks == 2 * found.cases else (None, None)


def _ac1(found: Measured) -> Coefficient:
    if found.pairs < ENOUGH_PAIRS:
        why = f"not given, because there {'is' if found.pairs == 1 else 'are'} only {pairs_said(found.pairs)} of " \
              f"answers, and {ENOUGH_PAIRS} are needed" if found.pairs else \
              "not defined, because no case was answered by two reviewers"
        return Coefficient("AC1", None, None, None, None, found.cases, found.reviewers, why)
    return replace(found.coefficients[AC], name="AC1")
