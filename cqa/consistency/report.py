"""The consistency report as values: coverage, results, agreement, reviewers, disagreements and how they were made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

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
from cqa.consistency.counts import Ratings, patterns, ratings_of
from cqa.consistency.disagreements import Disagreement, disagreements
from cqa.consistency.intervals import coefficient
from cqa.consistency.marks import MarkRow, QuestionScale, marks_frame
from cqa.consistency.results import QuestionResult, results
from cqa.consistency.reviewers import ReviewerResult, reviewer_results

ENOUGH_PAIRS = 20
"""Below this no coefficient is given: its interval covers only about half of what it should."""
WARN_PAIRS = 50
ENOUGH_BELOW_TOP = (5, 10)
"""Alpha needs 5 cases and 10 marks outside the commonest level before its interval can be trusted."""


@dataclass(frozen=True, slots=True)
class QuestionAgreement:
    """How far two signed-off marks on one case agree. `exact` and `within_one` are fractions of 1, None without pairs.

    `lost` counts pairs in which one or both answers lie outside the scale.
    """

    scale: QuestionScale
    cases: int
    pairs: int
    lost: int
    reviewers: int
    exact: float | None
    within_one: float | None
    ac2: Coefficient
    alpha: Coefficient
    kappa: Coefficient
    brennan_prediger: Coefficient
    reading: str

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {
            "rubric": self.scale.rubric, "question": self.scale.question, "cases": self.cases, "pairs": self.pairs,
            "lost": self.lost, "exact": self.exact, "within_one": self.within_one, "ac2": self.ac2.as_json(),
            "alpha": self.alpha.as_json(), "kappa": self.kappa.as_json(),
            "brennan_prediger": self.brennan_prediger.as_json(), "reading": self.reading,
        }


@dataclass(frozen=True, slots=True)
class ConsistencyReport:
    """Everything the report says, before it is a workbook, a screen or JSON."""

    samples: tuple[str, ...]
    rubrics: tuple[tuple[str, str, str], ...]
    coverage: Mapping[str, int | None]
    results: tuple[QuestionResult, ...]
    agreement: tuple[QuestionAgreement, ...]
    reviewers: tuple[ReviewerResult, ...]
    disagreements: tuple[Disagreement, ...]
    method: Mapping[str, str]

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {
            "samples": list(self.samples),
            "rubrics": [{"id": name, "version": version, "sha256": digest} for name, version, digest in self.rubrics],
            "coverage": dict(self.coverage),
            "results": [result.as_json() for result in self.results],
            "agreement": [agreement.as_json() for agreement in self.agreement],
            "reviewers": [reviewer.as_json() for reviewer in self.reviewers],
            "disagreements": [disagreement.as_json() for disagreement in self.disagreements],
            "method": dict(self.method),
        }


METHOD: Mapping[str, str] = {
    "counted": "Only signed-off assessments count. Results use the first marker's marks, one mark a case.",
    "rate": "Share at the best level among marks on the scale, with Wilson's 95% interval; of the cases looked at, "
            "not weighted to the strata they came from.",
    "exact": "Share of pairs of marks on one case that agree, averaged over cases; within one: or are one level apart.",
    "ac2": "Gwet's AC2 with ordinal weights over the declared scale: how likely two marks agree, beyond "
           "chance. It stays high where nearly all marks are at the top: read it beside alpha.",
    "alpha": "Krippendorff's alpha for ordered levels: whether reviewers tell cases apart. It falls where nearly all "
             "marks are at one level.",
    "kappa": "Conger's kappa with ordinal weights (Cohen's for two reviewers), to compare with older reports.",
    "brennan_prediger": "Brennan and Prediger's coefficient with ordinal weights.",
    "interval": "95%: delete-one-case jackknife on log(1 - coefficient), Student's t; for these reviewers.",
    "guard": f"No coefficient on fewer than {ENOUGH_PAIRS} pairs; alpha also needs 5 cases and 10 marks outside the "
             "commonest level.",
    "severity": "Mean over shared cases of how far a reviewer's marks lie below the other marker's, in points of 100; "
                "positive = more severe. Severity is not error: a severe reviewer may be the right one.",
    "outside": "Cannot tell and does not apply are counted apart and never taken as a level.",
}


def consistency_report(
    rows: Sequence[MarkRow], scales: Sequence[QuestionScale], reviewers: Sequence[str], samples: Sequence[str],
    rubrics: Sequence[tuple[str, str, str]], coverage: Mapping[str, int | None], margin: float, small: int,
) -> ConsistencyReport:
    """The report over the rows of one or more samples. `margin` is in points of 100, `small` in marks."""
    frame = marks_frame(rows, scales)
    return ConsistencyReport(
        samples=tuple(samples),
        rubrics=tuple(rubrics),
        coverage=coverage,
        results=results(frame, scales, small),
        agreement=agreements(rows, scales),
        reviewers=reviewer_results(frame, reviewers, scales, margin),
        disagreements=disagreements(rows, scales),
        method={**METHOD, "margin": f"A reviewer is called severe or lenient beyond {margin:g} points, and only where "
                                    "the interval leaves out 0."},
    )


def agreements(rows: Iterable[MarkRow], scales: Iterable[QuestionScale]) -> tuple[QuestionAgreement, ...]:
    """Agreement on every question, over signed-off assessments of cases that two or more have marked."""
    by_question: dict[tuple[str, str, str], list[MarkRow]] = {}
    for row in rows:
        if row.signed:
            by_question.setdefault((row.rubric, row.version, row.question), []).append(row)
    return tuple(_agreement(scale, by_question.get(scale.key, [])) for scale in scales)


def _agreement(scale: QuestionScale, rows: Sequence[MarkRow]) -> QuestionAgreement:
    on_scale = [(f"{row.sample}/{row.case_id}", row.reviewer, row.mark) for row in rows if row.mark in scale.levels]
    ratings = ratings_of(on_scale, scale.levels).twice_marked()
    every = ratings_of([(f"{row.sample}/{row.case_id}", row.reviewer, "any") for row in rows], ("any",))
    rows_of_counts, often = patterns(ratings.counts) if len(ratings.marks) else (None, None)
    exact = percent_of(rows_of_counts, often) if rows_of_counts is not None and often is not None else None
    near = within_one_of(rows_of_counts, often) if rows_of_counts is not None and often is not None else None
    few = _too_few(ratings)
    return QuestionAgreement(
        scale=scale, cases=len(ratings.marks), pairs=ratings.pairs, lost=every.pairs - ratings.pairs,
        reviewers=len(ratings.reviewers), exact=exact, within_one=near,
        ac2=_withheld("AC2", ratings, few) or coefficient("AC2", ac_of("ordinal"), ratings),
        alpha=_withheld("alpha", ratings, few or _too_even(ratings)) or coefficient("alpha", alpha_of("ordinal"),
                                                                                    ratings),
        kappa=_withheld("kappa", ratings, few) or _kappa(ratings),
        brennan_prediger=_withheld("Brennan-Prediger", ratings, few)
        or coefficient("Brennan-Prediger", brennan_prediger_of("ordinal"), ratings),
        reading=_reading(exact, ratings.pairs, few),
    )


def _too_few(ratings: Ratings) -> str:
    if ratings.pairs == 0:
        return "no case was marked by two reviewers who both gave a level"
    if ratings.pairs < ENOUGH_PAIRS:
        return f"there are only {ratings.pairs} pairs of marks, and {ENOUGH_PAIRS} are needed"
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
    return f"only {marks} marks on {cases} cases are outside the commonest level"


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


def _reading(exact: float | None, pairs: int, few: str) -> str:
    if exact is None:
        return f"Nothing can be said: {few}."
    if exact >= 1 - 1e-12:
        told = f"All {pairs} pairs of marks agree"
    else:
        told = f"1 in {1 / (1 - exact):.0f} cases would get a different mark" if exact > 0.5 else \
            f"{1 - exact:.0%} of cases would get a different mark"
    if few:
        return f"{told}; too few pairs for a coefficient."
    return f"{told}; fewer than {WARN_PAIRS} pairs, so read it with care." if pairs < WARN_PAIRS else f"{told}."
