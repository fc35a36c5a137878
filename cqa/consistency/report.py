"""The consistency report as values: coverage, results, agreement, reviewers, disagreements and how they were made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cqa.consistency.applicability import Applicability, applicability
from cqa.consistency.critical import CriticalFailure, critical_failures
from cqa.consistency.disagreements import Disagreement, disagreements
from cqa.consistency.marks import MarkRow, QuestionScale, marks_frame
from cqa.consistency.methods import INTERVALS, METRICS, PERFECT, UNDEFINED, WEIGHTS, WILSON
from cqa.consistency.overall import Overall, overall
from cqa.consistency.questions import QuestionAgreement, agreements
from cqa.consistency.readings import COUNTS_ONLY, ENOUGH_PAIRS, ROUGH_PAIRS
from cqa.consistency.results import QuestionResult, results
from cqa.consistency.reviewers import ENOUGH_CASES, ENOUGH_FOR_CLASS, ReviewerResult, reviewer_results
from cqa.consistency.texts import SEVERAL, THIN, TextFlag, text_flags
from cqa.errors import Problem

MIXED = "Cases of more than one rubric version are taken together in this figure."


@dataclass(frozen=True, slots=True)
class ConsistencyReport:
    """Everything the report says, before it is a workbook, a screen or JSON.

    `small`: under so many cases a share is printed as a count. `left_out`: what could not be read or used; `doubts`:
    why there is little to say.
    """

    samples: tuple[str, ...]
    rubrics: tuple[tuple[str, str, str], ...]
    coverage: Mapping[str, int | None]
    results: tuple[QuestionResult, ...]
    agreement: tuple[QuestionAgreement, ...]
    overall: tuple[Overall, ...]
    applicability: tuple[Applicability, ...]
    reviewers: tuple[ReviewerResult, ...]
    disagreements: tuple[Disagreement, ...]
    critical_failures: tuple[CriticalFailure, ...]
    texts: tuple[TextFlag, ...]
    method: Mapping[str, str]
    small: int
    left_out: tuple[Problem, ...] = ()
    doubts: tuple[Problem, ...] = ()

    @property
    def mixed(self) -> bool:
        """Whether questions of more than one rubric version stand beside each other."""
        return len({(result.scale.rubric, result.scale.version) for result in self.results}) > 1

    def name_of(self, scale: QuestionScale) -> str:
        """The question's id, with rubric and version where there is more than one."""
        return f"{scale.question} ({scale.rubric} {scale.version})" if self.mixed else scale.question

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {
            "samples": list(self.samples),
            "rubrics": [{"id": name, "version": version, "sha256": digest} for name, version, digest in self.rubrics],
            "coverage": dict(self.coverage),
            "results": [result.as_json() for result in self.results],
            "agreement": [agreement.as_json() for agreement in self.agreement],
            "overall": [one.as_json() for one in self.overall],
            "applicability": [one.as_json() for one in self.applicability],
            "reviewers": [reviewer.as_json() for reviewer in self.reviewers],
            "disagreements": [disagreement.as_json() for disagreement in self.disagreements],
            "critical_failures": [failure.as_json() for failure in self.critical_failures],
            "texts": [flag.as_json() for flag in self.texts],
            "method": dict(self.method),
            "problems": [problem.as_json() for problem in (*self.left_out, *self.doubts)],
        }


METHOD: Mapping[str, str] = {
    "counted": "Only signed-off assessments count. Results use the first marker's marks, one mark a case.",
    "rate": "Share at the best level among marks on the scale, with Wilson's 95% interval. It speaks of casework like "
            "the cases looked at; it is not weighted to the strata they came from, so it is not the rate of the frame.",
    "exact": f"{WILSON} Within one: at one level or at neighbouring ones, which means nothing on a scale of two "
             "levels.",
    "specific": "When one reviewer gives the top level, how often the other does too; likewise for anything below it "
                "(Cicchetti and Feinstein 1990).",
    "applicability": "Whether two reviewers agree that a question can be answered at all: a level against an answer "
                     "off the scale. AC1 is Gwet's coefficient for two answers without order (Gwet 2008). Where more "
                     "than 1 pair in 20 is so divided, AC1 and alpha (nominal) are also given with answers off the "
                     "scale as one more level.",
    "ac2": "Gwet's AC2 with ordinal weights: how far agreement goes beyond the chance that the use of the declared "
           "scale gives, as a share of what could be gone beyond it; near misses count in part, 1 is complete "
           "agreement (Gwet 2008, 2014). It stays high where nearly all marks are at the top: read it beside alpha, "
           "and not against words such as 'substantial', which were made for kappa.",
    "alpha": "Krippendorff's alpha for ordered levels (Krippendorff 2011): whether reviewers tell cases apart. It "
             "falls where nearly all marks are at one level.",
    "weights": f"{WEIGHTS['ordinal']} The scale is the rubric's, used or not. {METRICS['ordinal']}",
    "marks": "Only cases with two marks or more on the scale count, also for how often each level is used.",
    "undefined": f"{UNDEFINED} {PERFECT}",
    "overall": f"Means over the questions that have the figure with all cases and without any one of them, and "
               f"{COUNTS_ONLY} pairs or more. Interval: whole cases are left out one by one, all their questions "
               "together.",
    "kappa": "Conger's kappa (1980; Gwet 2014 where marks are missing) with ordinal weights, for two reviewers Cohen's "
             "(1960, 1968), to compare with older reports.",
    "brennan_prediger": "Brennan and Prediger's coefficient (1981) with ordinal weights (Gwet 2014).",
    "interval": f"{INTERVALS['jackknife']} It speaks of further cases like those marked twice, marked by these "
                "reviewers; not of other reviewers.",
    "guard": f"No coefficient on fewer than {ENOUGH_PAIRS} pairs; alpha also needs 5 cases and 10 marks outside the "
             f"commonest level. Under {COUNTS_ONLY} pairs a reading is a count, under {ENOUGH_PAIRS} it says that they "
             f"are too few, under {ROUGH_PAIRS} that coefficients are rough. To see them all the same: cqa export "
             "--csv marks.csv, leave out answers off the scale, then cqa agreement marks.csv --case case_id.",
    "severity": "Mean over shared cases of how far a reviewer's marks lie below the other marker's, in points of 100; "
                "positive = more severe. It says how they mark beside their partners, not beside everyone. Severity "
                "is not error: a severe reviewer may be the right one.",
    "outside": "Cannot tell and does not apply are counted apart and never taken as a level.",
    "texts": f"Reasons and places of under {THIN} characters, and identical ones on {SEVERAL} cases or more. A flag is "
             "a question to ask, not a finding.",
}


def consistency_report(
    rows: Sequence[MarkRow], scales: Sequence[QuestionScale], reviewers: Sequence[str], samples: Sequence[str],
    rubrics: Sequence[tuple[str, str, str]], coverage: Mapping[str, int | None], margin: float, small: int,
    draws: Mapping[str, str] | None = None, left_out: Sequence[Problem] = (), doubts: Sequence[Problem] = (),
) -> ConsistencyReport:
    """The report over the rows of one or more samples. `margin` is in points of 100, `small` in cases; `draws` says
    under a name of its own how each sample was drawn."""
    frame = marks_frame(rows, scales)
    versions = {(scale.rubric, scale.version) for scale in scales}
    method = {**METHOD, "margin": _margin_said(margin), "small": f"A share of fewer than {small} cases is printed as "
              "a count.", **({"mixed": f"Severity and the shares by reviewer: {MIXED}"} if len(versions) > 1 else {}),
              **(draws or {})}
    return ConsistencyReport(
        samples=tuple(samples),
        rubrics=tuple(rubrics),
        coverage=coverage,
        results=results(frame, scales, small),
        agreement=agreements(rows, scales),
        overall=overall(rows, scales),
        applicability=applicability(rows, scales),
        reviewers=reviewer_results(frame, reviewers, scales, margin),
        disagreements=disagreements(rows, scales),
        critical_failures=critical_failures(rows, scales),
        texts=text_flags(rows),
        method=method,
        small=small,
        left_out=tuple(left_out),
        doubts=tuple(doubts),
    )


def _margin_said(margin: float) -> str:
    return (f"A reviewer is called severe or lenient beyond {margin:g} points, only where the interval leaves out 0, "
            f"and only with {ENOUGH_FOR_CLASS} shared cases or more. Under {ENOUGH_CASES} shared cases severity is "
            "not given at all.")
