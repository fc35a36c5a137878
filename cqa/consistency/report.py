"""The consistency report as values: coverage, results, agreement, reviewers, disagreements and how they were made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cqa.consistency.after_marking import AfterMarking
from cqa.consistency.applicability import Applicability, applicability
from cqa.consistency.calibration import ENOUGH_SEEDED
from cqa.consistency.completion import Completion
from cqa.consistency.critical import CriticalFailure, critical_failures
from cqa.consistency.disagreements import Disagreement, disagreements
from cqa.consistency.markings import markings_of
from cqa.consistency.marks import MarkRow, QuestionScale, marks_frame
from cqa.consistency.methods import INTERVALS, METRICS, PERFECT, UNDEFINED, WEIGHTS, WILSON
from cqa.consistency.overall import Overall, overall
from cqa.consistency.plans import PlanRow
from cqa.consistency.population import Reach
from cqa.consistency.questions import QuestionAgreement, agreements
from cqa.consistency.readings import COUNTS_ONLY, ENOUGH_PAIRS, ROUGH_PAIRS
from cqa.consistency.rescored import RescoredReport
from cqa.consistency.results import (
    Designs,
    GroupResult,
    QuestionResult,
    assessed_of,
    results,
    theme_results,
    unit_results,
)
from cqa.consistency.reviewers import ENOUGH_CASES, ENOUGH_FOR_CLASS, SCATTER, Panel, ReviewerResult, panel_of
from cqa.consistency.scores import Units
from cqa.consistency.second_look import ENOUGH_MARKINGS, SecondLook, second_looks
from cqa.consistency.sensitivity import unit_scores
from cqa.consistency.texts import SEVERAL, THIN, TextFlag, text_flags
from cqa.consistency.trend import Point, trend
from cqa.errors import Problem

MIXED = "Cases of more than one rubric version are taken together in this figure."


@dataclass(frozen=True, slots=True)
class Ground:
    """What figures stand on beside the marks: how each sample was drawn (none known: cases stand for themselves), who
    belongs to which unit, what the results are to speak of, and the samples in the order in which they were drawn."""

    designs: Designs = field(default_factory=dict)
    units: Units = field(default_factory=Units)
    reach: Reach = field(default_factory=Reach)
    in_time: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsistencyReport:
    """Everything the report says, before it is a workbook, a screen or JSON.

    `small`: under so many cases a share is printed as a count. `left_out`: what could not be read or used; `doubts`:
    why there is little to say. `rescored`: what the marks would come to under another rubric, where that was asked;
    nothing else in the report is made from it.
    """

    samples: tuple[str, ...]
    rubrics: tuple[tuple[str, str, str], ...]
    coverage: Mapping[str, int]
    results: tuple[QuestionResult, ...]
    units: tuple[GroupResult, ...]
    themes: tuple[GroupResult, ...]
    trend: tuple[Point, ...]
    agreement: tuple[QuestionAgreement, ...]
    overall: tuple[Overall, ...]
    applicability: tuple[Applicability, ...]
    panel: Panel
    second_look: tuple[SecondLook, ...]
    disagreements: tuple[Disagreement, ...]
    critical_failures: tuple[CriticalFailure, ...]
    texts: tuple[TextFlag, ...]
    method: Mapping[str, str]
    small: int
    ground: Ground
    completion: tuple[Completion, ...] = ()
    plan: tuple[PlanRow, ...] = ()
    after: AfterMarking = field(default_factory=AfterMarking)
    left_out: tuple[Problem, ...] = ()
    doubts: tuple[Problem, ...] = ()
    rescored: RescoredReport | None = None

    @property
    def reviewers(self) -> tuple[ReviewerResult, ...]:
        """Every reviewer of the samples."""
        return self.panel.reviewers

    @property
    def mixed(self) -> bool:
        """Whether questions of more than one rubric version stand beside each other."""
        return len({(result.scale.rubric, result.scale.version) for result in self.results}) > 1

    @property
    def drawn(self) -> bool:
        """Whether it is known how the cases were drawn."""
        return bool(self.ground.designs)

    @property
    def speaks_of(self) -> str:
        """One line on what the shares by question are shares of."""
        if not self.drawn:
            return "Shares of the cases looked at, one mark a case, with the 95% interval."
        return ("Estimated for the frame, one mark a case, with the 95% interval. "
                + ("About these cases in this period." if self.ground.reach.about == "cases" else
                   "About how the office works."))

    def name_of(self, scale: QuestionScale) -> str:
        """The question's id, with rubric and version where there is more than one."""
        return f"{scale.question} ({scale.rubric} {scale.version})" if self.mixed else scale.question

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {
            "samples": list(self.samples),
            "rubrics": [{"id": name, "version": version, "sha256": digest} for name, version, digest in self.rubrics],
            "coverage": dict(self.coverage),
            "completion": [one.as_json() for one in self.completion],
            "plan": [row.as_json() for row in self.plan],
            "results": [result.as_json() for result in self.results],
            "units": [unit.as_json() for unit in self.units],
            "themes": [theme.as_json() for theme in self.themes],
            "trend": [point.as_json() for point in self.trend],
            "agreement": [agreement.as_json() for agreement in self.agreement],
            "overall": [one.as_json() for one in self.overall],
            "applicability": [one.as_json() for one in self.applicability],
            "reviewers": [reviewer.as_json() for reviewer in self.reviewers],
            "severity": self.panel.as_json(),
            "second_look": [one.as_json() for one in self.second_look],
            "disagreements": [disagreement.as_json() for disagreement in self.disagreements],
            **self.after.as_json(),
            "critical_failures": [failure.as_json() for failure in self.critical_failures],
            "texts": [flag.as_json() for flag in self.texts],
            "method": dict(self.method),
            "problems": [problem.as_json() for problem in (*self.left_out, *self.doubts)],
            **({"rescored": self.rescored.as_json()} if self.rescored else {}),
        }


METHOD: Mapping[str, str] = {
    "counted": "Only signed-off assessments count. Results use the first marker's marks, one mark a case.",
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
             "--csv marks.csv, leave out answers off the scale and turns other than first and second, then cqa "
             "agreement marks.csv --case case_id.",
    "severity": "Points of the 0 to 100 score of a marking (mean over its scored questions); positive = more severe "
                "than the mean of the panel. From a mixed model, cases and reviewers random, samples and strata fixed, "
                "by REML, which uses cases marked once too and draws who is far out towards the panel: for such a "
                "reviewer its interval is too narrow. Beside it the within-case estimate, which uses shared cases "
                "alone, says how far without that, and leads where cases were not given alike or reviewers are not "
                "connected. Scores of cases are never adjusted. Severity is "
                "not error: a severe reviewer may be the right one.",
    "units": "Mean score: of the unit's cases, by their first markers. If all marked alike: the same with each "
             "marker's severity added back; a line to judge by, which has its own error and corrects nothing.",
    "effective_size": "How large a simple sample would tell as exactly what the cases of a unit tell; at most the "
                      "number of its marks.",
    "control_limits": "Chart of units: between them 95% of units, or 99.8%, would lie if all were alike, by the exact "
                      "binomial distribution at the unit's effective size, interpolated (Spiegelhalter 2005). No "
                      "allowance for units that differ more than that for good reasons.",
    "spread": "How far a reviewer's scores scatter about what the case and their severity explain, in points; from the "
              "variance within shared cases. It needs three reviewers who share cases in turn.",
    "moderation": "Held against what counts on settled cases: the agreed mark, else the one that all gave. Nothing "
                  "else in this report is made from agreed marks.",
    "calibration": "A mark on a calibration case is within tolerance when it lies no more levels from the reference "
                   "mark than the panel allowed, else than the scale suggests: 0 up to three levels and on critical "
                   f"questions, else 1. Share within, with Wilson's interval; no conclusion on fewer than "
                   f"{ENOUGH_SEEDED} marks. Marks of one case move together, which the interval does not know.",
    "further_looks": "Triggered second looks and dip-samples are counted apart: the first are of cases chosen for what "
                     "was found in them.",
    "trend": "From one sample to the next, in the order in which they were drawn, where both were marked by one "
             "version of the rubric. Interval of the difference: Newcombe's hybrid. Higher or lower is said with the "
             "false discovery rate over all changes held at 5%. Of several samples the frames count as different "
             "cases.",
    "second_look": "Patterns that the cases do not explain, each with what is to be expected. Questions to ask, no "
                   "finding; never a score. Someone is to be asked only on two signs, one of them a partner's lower "
                   f"marks, an owed text, or a repetition. How often is not said under {ENOUGH_MARKINGS} markings.",
    "outside": "Cannot tell and does not apply are counted apart and never taken as a level.",
    "texts": f"Reasons and places of under {THIN} characters, and identical ones on {SEVERAL} cases or more. A flag is "
             "a question to ask, not a finding.",
}


def consistency_report(
    rows: Sequence[MarkRow], scales: Sequence[QuestionScale], reviewers: Sequence[str], samples: Sequence[str],
    rubrics: Sequence[tuple[str, str, str]], coverage: Mapping[str, int], margin: float, small: int,
    draws: Mapping[str, str] | None = None, left_out: Sequence[Problem] = (), doubts: Sequence[Problem] = (),
    ground: Ground | None = None, completion: Sequence[Completion] = (), plan: Sequence[PlanRow] = (),
    after: AfterMarking | None = None,
) -> ConsistencyReport:
    """The report over the rows of one or more samples. `margin` is in points of 100, `small` in cases; `draws` says
    under a name of its own how each sample was drawn."""
    ground = ground or Ground()
    frame = marks_frame(rows, scales)
    assessed = assessed_of(rows, scales, ground.designs, ground.reach, small)
    texts = text_flags(rows)
    panel = panel_of(frame, reviewers, scales, margin, ground.units)
    versions = {(scale.rubric, scale.version) for scale in scales}
    method = {**METHOD, **reach_said(ground), "margin": _margin_said(margin),
              "small": f"A share of fewer than {small} cases is printed as a count.",
              **({"mixed": f"Severity and the shares by reviewer: {MIXED}"} if len(versions) > 1 else {}),
              **(draws or {})}
    return ConsistencyReport(
        samples=tuple(samples),
        rubrics=tuple(rubrics),
        coverage=coverage,
        results=results(assessed, scales),
        units=unit_results(assessed, scales, unit_scores(frame, panel)),
        themes=theme_results(assessed, scales),
        trend=trend(assessed, scales, ground.in_time),
        agreement=agreements(rows, scales),
        overall=overall(rows, scales),
        applicability=applicability(rows, scales),
        panel=panel,
        second_look=second_looks(markings_of(rows, scales), reviewers, texts),
        disagreements=disagreements(rows, scales),
        critical_failures=critical_failures(rows, scales),
        texts=texts,
        method=method,
        small=small,
        ground=ground,
        completion=tuple(completion),
        plan=tuple(plan),
        after=after or AfterMarking(),
        left_out=tuple(left_out),
        doubts=tuple(doubts),
    )


def _margin_said(margin: float) -> str:
    return (f"A reviewer is called severe or lenient beyond {margin:g} points, only where that is clear of 0 with the "
            "false discovery rate over all reviewers held at 5% (Benjamini and Hochberg), and only with "
            f"{ENOUGH_FOR_CLASS} shared cases or more. Under {ENOUGH_CASES} shared cases severity is not given at "
            f"all. Inconsistent: marks scatter {SCATTER:g} times as far as the others' or further, likewise.")


def reach_said(ground: Ground) -> dict[str, str]:
    """What the results speak of, and by which interval."""
    about = ("They speak of the cases of the frames in this period (finite population correction on)."
             if ground.reach.about == "cases" else
             "They speak of how the office works, not of these cases alone (no finite population correction).")
    interval = ("Interval: Wilson on the effective sample size, with Student's t; at 0% and 100% Clopper and Pearson "
                "on the Kish size." if ground.reach.interval == "wilson" else
                "Interval: Korn and Graubard, exact and conservative.")
    drawn = "Estimated for the frame from the strata as drawn. " if ground.designs else \
        "It is not known how the cases were drawn: they stand for themselves. "
    return {"rate": f"Share at the best level among marks on the scale. {drawn}{about} {interval} Errors of marking "
                    "are not in it: read it beside agreement."}
