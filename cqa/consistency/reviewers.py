"""What the marks say of the reviewers: how they use the scale, how severe they are, and how far their marks scatter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cqa.consistency.marks import QuestionScale
from cqa.consistency.own_unit import own_unit_effect
from cqa.consistency.partners import partners_of, partners_said
from cqa.consistency.readings import cases_said
from cqa.consistency.scores import Units, own_marks, scored_marks
from cqa.consistency.severity import Estimate, ReviewerSeverity, SeverityFit, fit_severity
from cqa.consistency.spread import Spread, spreads, step_up

if TYPE_CHECKING:
    import pandas as pd

ENOUGH_CASES = 5
"""Below this no severity is given."""
ENOUGH_FOR_CLASS = 10
"""Below this nobody is called severe or lenient."""
FEW_REVIEWERS = 3
"""With so few, a difference is one between these people: they are named."""
FALSE_DISCOVERIES = 0.05
REJECTED = 0.05
"""Hausman's check speaks against like cases below this."""
SCATTER = 1.5
"""A reviewer is called inconsistent from this many times the spread of the others on."""
NOT_ENOUGH = "not enough shared cases"
NO_DIFFERENCE = "no difference that the data can bear"
SEVERE, LENIENT, INCONSISTENT = "severe", "lenient", "inconsistent"
MIXED_LEADS, WITHIN_LEADS = "mixed", "within"


@dataclass(frozen=True, slots=True)
class Severity:
    """Points of the 0-100 score; positive = more severe. `value` with its 95% interval is that of the estimate that
    leads; `q` is its p-value among all reviewers (Benjamini and Hochberg). None with a `why` on too few cases."""

    value: float | None
    low: float | None
    high: float | None
    se: float | None
    q: float | None
    cases: int
    leads: str
    mixed: Estimate
    within: Estimate
    why: str

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"value": self.value, "low": self.low, "high": self.high, "se": self.se, "q": self.q,
                "cases": self.cases, "leads": self.leads, "mixed": self.mixed.as_json(),
                "within": self.within.as_json(), "why": self.why}


@dataclass(frozen=True, slots=True)
class ReviewerResult:
    """One reviewer: signed-off marks, the share of each level among all their answers, severity, spread, and class.

    `counts` are the answers at each level, `partners` how many cases are shared with whom, `group` the number of the
    reviewers that shared cases connect them to, `reading` the class in the words that so many reviewers allow,
    `scattered` whether the marks scatter further than the others', whatever the class.
    """

    reviewer: str
    cases: int
    marks: int
    counts: dict[str, int]
    severity: Severity
    spread: Spread
    partners: dict[str, int]
    group: int
    kind: str
    reading: str
    scattered: bool

    @property
    def shares(self) -> dict[str, float]:
        """The share of each level among all answers; zeros where there is none."""
        return {level: count / self.marks if self.marks else 0.0 for level, count in self.counts.items()}

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"reviewer": self.reviewer, "cases": self.cases, "marks": self.marks, "levels": self.shares,
                "severity": self.severity.as_json(), "spread": self.spread.as_json(), "partners": self.partners,
                "group": self.group, "class": self.kind, "reading": self.reading}


@dataclass(frozen=True, slots=True)
class Panel:
    """All reviewers, and how their severity was found: which estimate leads and why; whether they mark their own
    unit otherwise (`own_unit`, on `own_cases` cases)."""

    reviewers: tuple[ReviewerResult, ...]
    fit: SeverityFit
    leads: str
    because: str
    own_unit: Estimate
    own_cases: int

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        told = self.fit.as_json()
        return {"leads": self.leads, "because": self.because, "variance": told["variance"],
                "hausman": told["hausman"], "components": told["components"], "weak_links": told["weak_links"],
                "own_unit": {**self.own_unit.as_json(), "cases": self.own_cases}, "why": self.fit.why}


@dataclass(frozen=True, slots=True)
class _Context:
    """What is the same for every reviewer. `q` are adjusted p-values of severity, `scatter` those of spread."""

    signed: "pd.DataFrame"
    labels: tuple[str, ...]
    partners: Mapping[str, dict[str, int]]
    margin: float
    leads: str
    groups: Mapping[str, int]
    q: Mapping[str, float] = field(default_factory=dict)
    scatter: Mapping[str, float] = field(default_factory=dict)


def panel_of(
    frame: "pd.DataFrame", reviewers: Sequence[str], scales: Iterable[QuestionScale], margin: float,
    units: Units | None = None,
) -> Panel:
    """Every reviewer over signed-off marks.

    Severe or lenient is who lies beyond `margin` points with an interval clear of 0, the false discovery rate over all
    reviewers held at 5%; inconsistent whose marks scatter 1.5 times as far as the others'. Else no difference was
    shown that the data can bear.
    """
    marks = scored_marks(frame)
    fit = fit_severity(marks)
    leads, because = _leading(fit)
    by_name = {one.reviewer: one for one in fit.reviewers}
    scatter = spreads(marks, fit)
    context = _Context(
        frame[frame["signed"].astype(bool)], _labels(scales), partners_of(marks), margin, leads,
        {name: number for number, names in enumerate(fit.components, start=1) for name in names},
        step_up({name: _p_of(one, leads) for name, one in by_name.items() if one.shared >= ENOUGH_CASES}),
        step_up({name: one.p for name, one in scatter.items()}))
    results = tuple(_reviewer(name, by_name.get(name), scatter.get(name), context) for name in reviewers)
    effect, cases = own_unit_effect(marks, own_marks(frame, units or Units()))
    return Panel(results, fit, leads, because, effect, cases)


def _leading(fit: SeverityFit) -> tuple[str, str]:
    """Which estimate to believe first, and why, in words."""
    if fit.variances is None:
        return WITHIN_LEADS, f"The mixed model cannot be fitted: {fit.why}." if fit.why else ""
    if not fit.connected:
        return WITHIN_LEADS, ("Shared cases do not connect all reviewers. Each is compared with those of their own "
                              "group only; nothing can be said between groups.")
    p = fit.hausman.p
    if p is not None and p < REJECTED:
        return WITHIN_LEADS, (f"Reviewers were not given like cases: what shared cases say differs from what all cases "
                              f"say by more than chance (Hausman's check, p = {p:.3f}).")
    checked = f"Hausman's check finds nothing against it (p = {p:.2f}), which proves little." if p is not None else \
        f"Hausman's check cannot be made: {fit.hausman.why}."
    return MIXED_LEADS, ("cqa gives cases to reviewers at random within each stratum, so cases marked once count too. "
                         f"{checked}")


def _p_of(one: ReviewerSeverity, leads: str) -> float | None:
    estimate = one.mixed if leads == MIXED_LEADS else one.within
    # A difference that is the same on every shared case leaves no room for chance.
    return 0.0 if leads == WITHIN_LEADS and _constant(estimate, one.shared) else estimate.p


def _constant(estimate: Estimate, shared: int) -> bool:
    return bool(estimate.value) and estimate.se is None and shared >= ENOUGH_FOR_CLASS


def _labels(scales: Iterable[QuestionScale]) -> tuple[str, ...]:
    """Every level of every scale, best first, the answers outside last."""
    listed = tuple(scales)
    on_scale = dict.fromkeys(level for scale in listed for level in reversed(scale.levels))
    return tuple(dict.fromkeys((*on_scale, *(level for scale in listed for level in scale.outside))))


def _reviewer(name: str, found: ReviewerSeverity | None, spread: Spread | None, context: _Context) -> ReviewerResult:
    mine = context.signed[context.signed["reviewer"] == name]
    given = mine["mark"].value_counts().to_dict()
    severity = severity_of(found, context.leads, context.q.get(name))
    scatter = _withheld(spread, severity.cases)
    partners = context.partners.get(name, {})
    scattered = scatter.ratio >= SCATTER and context.scatter.get(name, 1.0) <= FALSE_DISCOVERIES
    kind = _kind(severity, scattered, context.margin)
    return ReviewerResult(
        reviewer=name, cases=len(mine[["sample", "case_id"]].drop_duplicates()), marks=len(mine),
        counts={level: int(given.get(level, 0)) for level in context.labels}, severity=severity, spread=scatter,
        partners=partners, group=context.groups.get(name, 0), kind=kind,
        reading=_reading(kind, scatter, scattered, partners, len(context.partners) <= FEW_REVIEWERS),
        scattered=scattered)


def _withheld(spread: Spread | None, cases: int) -> Spread:
    if spread is None or cases < ENOUGH_FOR_CLASS:
        return Spread(None, None, None, f"fewer than {ENOUGH_FOR_CLASS} cases are shared")
    return spread


def _reading(kind: str, spread: Spread, scattered: bool, partners: dict[str, int], few: bool) -> str:
    beside = f" beside their partners: {partners_said(partners)}" if few and kind in (SEVERE, LENIENT) else ""
    scatter = f"marks scatter by {spread.sd:.1f} points, the others' by {spread.others:.1f}" if scattered else ""
    return f"{kind}{beside}" + (f"; {scatter}" if scatter else "")


def severity_of(found: ReviewerSeverity | None, leads: str, q: float | None) -> Severity:
    """A reviewer's severity as it may be shown: nothing under 5 shared cases."""
    n = found.shared if found else 0
    if found is None or n < ENOUGH_CASES:
        why = (f"{'no case is' if n == 0 else f'only {cases_said(n)} {_is(n)}'} shared with another reviewer: "
               f"{ENOUGH_CASES} are needed")
        return Severity(None, None, None, None, None, n, leads, Estimate(None, why=why), Estimate(None, why=why), why)
    first = found.mixed if leads == MIXED_LEADS else found.within
    return Severity(first.value, first.low, first.high, first.se, q, n, leads, found.mixed, found.within, first.why)


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _kind(severity: Severity, scattered: bool, margin: float) -> str:
    if severity.value is None or severity.cases < ENOUGH_FOR_CLASS:
        return NOT_ENOUGH
    clear = severity.q is not None and severity.q <= FALSE_DISCOVERIES
    if clear and abs(severity.value) > margin:
        return SEVERE if severity.value > 0 else LENIENT
    return INCONSISTENT if scattered else NO_DIFFERENCE
