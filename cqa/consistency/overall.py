"""Agreement on a whole rubric: means over its questions, with cases as what varies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cqa.consistency.agreement import Coefficient
from cqa.consistency.counts import ratings_of_questions
from cqa.consistency.marks import MarkRow, QuestionScale, signed_by_question
from cqa.consistency.means import Mean, mean_of
from cqa.consistency.measures import Measurement, measurements
from cqa.consistency.readings import COUNTS_ONLY, ENOUGH_PAIRS, cases_said
from cqa.consistency.uncertainty import AC, ALPHA, PERCENT, Asked

_ASKED = Asked(weights="ordinal", metric="ordinal", figures=(AC, ALPHA))


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
    found = _measured(scales, grouped)
    cases = len({case for one in found for case in one.patterns.case.tolist()})
    exact, ac2, alpha = (_mean(name, found, cases) for name in (PERCENT, AC, ALPHA))
    return Overall(key[0], key[1], cases, len(scales), exact, ac2, alpha)


def _measured(
    scales: Sequence[QuestionScale], grouped: Mapping[tuple[str, str, str], list[MarkRow]]
) -> tuple[Measurement, ...]:
    """The figures of all questions, scale by scale; every measurement numbers the cases alike."""
    cases = tuple(dict.fromkeys(_case(row) for scale in scales for row in grouped.get(scale.key, ())))
    by_levels: dict[tuple[str, ...], list[QuestionScale]] = {}
    for scale in scales:
        by_levels.setdefault(scale.levels, []).append(scale)
    return tuple(measurement for levels, alike in by_levels.items() for measurement in measurements(
        ratings_of_questions([[(_case(row), row.reviewer, row.mark) for row in grouped.get(scale.key, ())
                               if row.mark in levels] for scale in alike], levels, cases), _ASKED))


def _case(row: MarkRow) -> str:
    return f"{row.sample}/{row.case_id}"


def _mean(name: str, found: Sequence[Measurement], cases: int) -> Mean:
    if cases < ENOUGH_PAIRS:
        return Mean(Coefficient(name, None, None, None, None, cases, 0, f"not given, because "
                                f"{f'only {cases_said(cases)}' if cases else 'no case'} "
                                f"{'has' if cases < 2 else 'have'} two marks, and {ENOUGH_PAIRS} are needed"), 0)
    # On a handful of pairs a question's figure jumps by all it has; the mean is over those with five pairs or more.
    return mean_of(name, found, _ASKED, lambda count: count >= COUNTS_ONLY)
