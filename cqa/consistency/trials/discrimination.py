"""Whether a form still tells good casework from poor: how far cases lie apart, against how far markers of one do."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, sqrt, tanh
from statistics import fmean, stdev

from scipy.special import fdtri

from cqa.consistency.cells import or_word
from cqa.consistency.intervals import Z95
from cqa.consistency.readings import COUNTS_ONLY, cases_said
from cqa.consistency.severity import Estimate
from cqa.consistency.trials.data import FormData, TrialData, by_case
from cqa.consistency.trials.notes import counted_note
from cqa.table import Column, Row, Table

MARKERS = 2
LEAST = COUNTS_ONLY
"""So many cases are needed before any of these figures is given."""
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class FormDiscrimination:
    """One form. `single` is the share of the variation in scores that lies between cases, for a single marker
    (intraclass correlation); `deviation` the standard deviation of the cases' mean scores, 0 to 100, None of few.

    `cases` are those that two markers have scored, `bands` how many bands were given of `bands_in_all`.
    """

    form: str
    cases: int
    single: Estimate
    deviation: float | None
    bands: int
    bands_in_all: int

    @property
    def reading(self) -> str:
        """What the share means, in words."""
        value = self.single.value
        if value is None:
            return f"Not said: {self.single.why}."
        if self.single.low is not None and self.single.low <= 0:
            return "Whether scores tell cases apart cannot be told from these."
        tenths = round(10 * value)
        told = ("Nearly all" if tenths > 9 else "Hardly any" if tenths < 1 else f"About {tenths} in 10 parts")
        return f"{told} of the variation in scores is between cases, the rest between the markers of one case."

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"form": self.form, "cases": self.cases, "icc": self.single.as_json(), "deviation": self.deviation,
                "bands": self.bands, "bands_in_all": self.bands_in_all, "reading": self.reading}


@dataclass(frozen=True, slots=True)
class Discrimination:
    """Both forms, and how the mean scores of the same cases under them go together (Pearson's correlation)."""

    forms: tuple[FormDiscrimination, FormDiscrimination]
    together: Estimate
    cases: int

    @property
    def reading(self) -> str:
        """What the correlation means, in words."""
        if self.together.value is None:
            return f"Not said: {self.together.why}."
        if self.together.low is not None and self.together.high is not None and (
                self.together.low <= 0 <= self.together.high):
            return "Whether the forms put cases in the same order cannot be told from these."
        return ("Cases that score higher under one form do so under the other." if self.together.value > 0 else
                "Cases that score higher under one form score lower under the other.")

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"forms": [one.as_json() for one in self.forms], "together": {
            **self.together.as_json(), "cases": self.cases, "reading": self.reading}}


def discrimination_of(data: TrialData) -> Discrimination:
    """Of signed assessments, from cases that two markers have scored."""
    parent, variant = (_scores(form) for form in data.forms)
    both = [case for case in parent if case in variant]
    if data.trial.design != "crossover":
        together = Estimate(None, why="in a parallel trial no case is marked under both forms")
    else:
        together = correlation([fmean(parent[case]) for case in both], [fmean(variant[case]) for case in both])
    return Discrimination((_form(data.parent), _form(data.variant)), together, len(both))


def _scores(form: FormData) -> dict[str, list[float]]:
    """Case to the scores of its two markers, 0 to 100; without cases that only one has scored."""
    found = {case: [100 * one.score for one in listed if one.score is not None]
             for case, listed in by_case(form.signed).items()}
    return {case: scores for case, scores in found.items() if len(scores) == MARKERS}


def _form(form: FormData) -> FormDiscrimination:
    scores = list(_scores(form).values())
    used = {one.band for one in form.signed if one.band}
    means = [fmean(pair) for pair in scores]
    return FormDiscrimination(form.form, len(scores), intraclass(scores),
                              stdev(means) if len(means) >= LEAST else None, len(used), len(form.bands))


def intraclass(scores: Sequence[Sequence[float]]) -> Estimate:
    """ICC(1), one-way random, of one marker, with its 95% interval by F (Shrout and Fleiss 1979, Psychological Bulletin
    86:420, case 1); every case has as many scores as the others. Not given of fewer than 5 cases."""
    n = len(scores)
    if n < LEAST:
        return Estimate(None, why=f"{cases_said(n)} scored by both markers, and {LEAST} are needed")
    k, middle = len(scores[0]), fmean(value for case in scores for value in case)
    between = k * sum((fmean(case) - middle) ** 2 for case in scores) / (n - 1)
    within = sum((value - fmean(case)) ** 2 for case in scores for value in case) / (n * (k - 1))
    if between < _NOTHING and within < _NOTHING:
        return Estimate(None, why="all scores are the same")
    value = (between - within) / (between + (k - 1) * within)
    if within < _NOTHING:
        return Estimate(value, why="no interval, because the markers of a case never differ")
    ratio, free, rest = between / within, n - 1, n * (k - 1)
    limits = ratio / float(fdtri(free, rest, 0.975)), ratio * float(fdtri(rest, free, 0.975))
    low, high = ((limit - 1) / (limit + k - 1) for limit in limits)
    return Estimate(value, low=low, high=high)


def correlation(one: Sequence[float], other: Sequence[float]) -> Estimate:
    """Pearson's correlation with its 95% interval by Fisher's z (Fisher 1921). Not given of fewer than 5 cases."""
    n = len(one)
    if n < LEAST:
        return Estimate(None, why=f"{cases_said(n)} scored by both markers under both forms, and {LEAST} are needed")
    centred = [[value - fmean(values) for value in values] for values in (one, other)]
    spreads = [sum(value**2 for value in values) for values in centred]
    if min(spreads) < _NOTHING:
        return Estimate(None, why="under one form all cases score the same")
    value = sum(first * second for first, second in zip(*centred, strict=True)) / sqrt(spreads[0] * spreads[1])
    if abs(value) >= 1 - _NOTHING:
        return Estimate(max(-1.0, min(1.0, value)), why="no interval, because the cases lie on one line")
    reach = Z95 / sqrt(n - 3)
    return Estimate(value, low=tanh(atanh(value) - reach), high=tanh(atanh(value) + reach))


def discrimination_tables(data: TrialData, found: Discrimination) -> tuple[Table, ...]:
    """Each form by itself, then both on the same cases."""
    columns = (Column("Form", "text", 12), Column("Cases scored by both markers", "number", 12),
               Column("Share of variation between cases", "decimal", 13), Column("Low", "decimal", 8),
               Column("High", "decimal", 8), Column("Standard deviation of case scores", "decimal", 13),
               Column("Bands given", "number", 9), Column("Bands in the rubric", "number", 9),
               Column("Reading", "long", 44))
    rows = tuple((one.form, one.cases, *_limits(one.single), *or_word((one.deviation,), "too few"), one.bands,
                  one.bands_in_all, one.reading) for one in found.forms)
    apart = Table("Telling cases apart", "Does the form tell good casework from poor?", counted_note(
        data,
        "Where every case scores the same, agreement is easy and says nothing. The share is an intraclass correlation, "
        "ICC(1): 1 where markers of a case never differ, 0 or less where they differ as much as cases do. Low and "
        "high: 95% interval. Scores 0 to 100."), columns, rows)
    return apart, _together_table(data, found)


def _together_table(data: TrialData, found: Discrimination) -> Table:
    columns = (Column("What", "long", 44), Column("Cases", "number", 9), Column("Correlation", "decimal", 12),
               Column("Low", "decimal", 9), Column("High", "decimal", 9), Column("Reading", "long", 46))
    row: Row = ("A case's mean score under the parent and under the variant", found.cases, *_limits(found.together),
                found.reading)
    return Table("Scores together", "Do both forms put cases in the same order?", counted_note(
        data,
        "1: in one line. 0: no relation. -1: the other way round. Disagreement between markers pulls it towards 0. Low "
        "and high: 95% interval."), columns, (row,))


def _limits(one: Estimate) -> Row:
    return or_word((one.value, one.low, one.high), "-")
