"""What the marks say of the reviewers: how they use the scale, and how severe they are beside their partners."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from cqa.consistency.intervals import t_quantile
from cqa.consistency.marks import QuestionScale
from cqa.consistency.readings import cases_said

if TYPE_CHECKING:
    import pandas as pd

ENOUGH_CASES = 5
"""Below this no severity is given."""
ENOUGH_FOR_CLASS = 10
"""Below this nobody is called severe or lenient."""
FEW_REVIEWERS = 3
"""With so few, a difference is one between these people: they are named."""
NO_SPREAD = 1e-9
"""A standard error below this is rounding."""
NOT_ENOUGH = "not enough shared cases"


@dataclass(frozen=True, slots=True)
class Severity:
    """Mean paired difference in points of 100 over the cases shared with others; positive = more severe.

    None with a `why` where too few cases are shared. Interval: Student's t over cases, as the marks of one case move
    together.
    """

    value: float | None
    low: float | None
    high: float | None
    se: float | None
    cases: int
    why: str

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"value": self.value, "low": self.low, "high": self.high, "se": self.se, "cases": self.cases,
                "why": self.why}


@dataclass(frozen=True, slots=True)
class ReviewerResult:
    """One reviewer: signed-off marks, the share of each level among all their answers, severity, and its class.

    `counts` are the answers at each level, `partners` how many cases are shared with whom, `reading` the class in the
    words that so many reviewers allow.
    """

    reviewer: str
    cases: int
    marks: int
    counts: dict[str, int]
    severity: Severity
    partners: dict[str, int]
    kind: str
    reading: str

    @property
    def shares(self) -> dict[str, float]:
        """The share of each level among all answers; zeros where there is none."""
        return {level: count / self.marks if self.marks else 0.0 for level, count in self.counts.items()}

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"reviewer": self.reviewer, "cases": self.cases, "marks": self.marks, "levels": self.shares,
                "severity": self.severity.as_json(), "partners": self.partners, "class": self.kind,
                "reading": self.reading}


def reviewer_results(
    frame: "pd.DataFrame", reviewers: Sequence[str], scales: Iterable[QuestionScale], margin: float
) -> tuple[ReviewerResult, ...]:
    """Every reviewer over signed-off marks. Beyond `margin` points and with an interval clear of 0 they are called
    severe or lenient; otherwise no difference was shown."""
    signed = frame[frame["signed"].astype(bool)]
    labels = _labels(scales)
    differences = paired_differences(signed)
    return tuple(_reviewer(signed, reviewer, labels, differences, margin) for reviewer in reviewers)


def _labels(scales: Iterable[QuestionScale]) -> tuple[str, ...]:
    """Every level of every scale, best first, the answers outside last."""
    listed = tuple(scales)
    on_scale = dict.fromkeys(level for scale in listed for level in reversed(scale.levels))
    return tuple(dict.fromkeys((*on_scale, *(level for scale in listed for level in scale.outside))))


def _reviewer(
    signed: "pd.DataFrame", reviewer: str, labels: tuple[str, ...], differences: "pd.DataFrame", margin: float
) -> ReviewerResult:
    mine = signed[signed["reviewer"] == reviewer]
    given = mine["mark"].value_counts().to_dict()
    severity = severity_of(differences[differences["reviewer"] == reviewer]["difference"].tolist())
    partners = _partners(differences, reviewer)
    kind = _kind(severity, margin)
    few = differences["reviewer"].nunique() <= FEW_REVIEWERS
    return ReviewerResult(
        reviewer=reviewer, cases=len(mine[["sample", "case_id"]].drop_duplicates()), marks=len(mine),
        counts={level: int(given.get(level, 0)) for level in labels}, severity=severity, partners=partners, kind=kind,
        reading=f"{kind} beside their partners: {partners_said(partners)}" if few and kind in ("severe", "lenient")
        else kind)


def partners_said(partners: dict[str, int]) -> str:
    """`ann (12 shared cases), bob (1 shared case)`."""
    return ", ".join(f"{name} ({count} shared {'case' if count == 1 else 'cases'})" for name, count in partners.items())


def _partners(differences: "pd.DataFrame", reviewer: str) -> dict[str, int]:
    """Who marked the same cases, and how many of them."""
    keys = ["sample", "case_id"]
    shared = differences[differences["reviewer"] == reviewer][keys].merge(differences, on=keys)
    others = shared[shared["reviewer"] != reviewer]["reviewer"].value_counts()
    return {str(name): int(count) for name, count in sorted(others.items())}


def paired_differences(signed: "pd.DataFrame") -> "pd.DataFrame":
    """For every case marked by two or more and each of its reviewers, the mean over questions of how far their mark
    lies below the mean of the others', in points of 100 (columns: sample, case_id, reviewer, difference)."""
    on_scale = signed[signed["on_scale"].astype(bool) & signed["percent"].notna()].copy()
    keys = ["sample", "case_id", "question"]
    grouped = on_scale.groupby(keys)["percent"]
    on_scale["count"] = grouped.transform("count")
    on_scale["total"] = grouped.transform("sum")
    shared = on_scale[on_scale["count"] >= 2].copy()
    others = (shared["total"] - shared["percent"]) / (shared["count"] - 1)
    shared["difference"] = others - shared["percent"]
    return shared.groupby(["sample", "case_id", "reviewer"])["difference"].mean().reset_index()


def severity_of(differences: Sequence[float]) -> Severity:
    """Mean, standard error and 95% interval of a reviewer's paired differences, one a case."""
    n = len(differences)
    if n < ENOUGH_CASES:
        return Severity(None, None, None, None, n, f"{'no case is' if n == 0 else f'only {cases_said(n)} {_is(n)}'} "
                        f"shared with another reviewer: {ENOUGH_CASES} are needed")
    mean = sum(differences) / n
    se = sqrt(sum((value - mean) ** 2 for value in differences) / (n - 1) / n)
    if se < NO_SPREAD:
        return Severity(mean, None, None, None, n, "no interval, because the difference is the same on every case")
    reach = t_quantile(n - 1) * se
    return Severity(mean, mean - reach, mean + reach, se, n, "")


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _kind(severity: Severity, margin: float) -> str:
    if severity.value is None or severity.cases < ENOUGH_FOR_CLASS:
        return NOT_ENOUGH
    # Without spread there is no interval, and every case lies on the same side as the mean.
    low = severity.value if severity.low is None else severity.low
    high = severity.value if severity.high is None else severity.high
    if low > 0 and severity.value > margin:
        return "severe"
    if high < 0 and severity.value < -margin:
        return "lenient"
    return "no difference shown"
