"""Every coefficient of every question at once: values, standard errors and what resampling gives, as arrays."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from cqa.consistency.agreement import OfCounts, ac_of, alpha_of, brennan_prediger_of, fleiss_of, percent_of
from cqa.consistency.counts import Patterns, Places, Ratings
from cqa.consistency.intervals import NoInterval, defined_replicates
from cqa.consistency.leaving_out import Changes, Jackknife, PanelChanges, linearised_se
from cqa.consistency.resampling import CaseResampling, Resampled
from cqa.consistency.weights import Metric, Vector, Weights, disagreement

Interval = Literal["jackknife", "bootstrap", "bca", "gwet"]

PERCENT, COHEN, CONGER, FLEISS, BRENNAN_PREDIGER, AC, ALPHA = FIGURES = (
    "percent", "cohen", "conger", "fleiss", "brennan_prediger", "ac", "alpha")


@dataclass(frozen=True, slots=True)
class Asked:
    """How agreement is to be measured.

    `once`: cases with one mark count for prevalences, as in irrCAC. `seed`, for resampling, is any text. `figures`:
    which coefficients; percent agreement and agreement within one step are always there.
    """

    weights: Weights = "identity"
    metric: Metric = "nominal"
    once: bool = False
    interval: Interval = "jackknife"
    replicates: int = 2000
    seed: str = ""
    figures: tuple[str, ...] = FIGURES

    @property
    def resamples(self) -> bool:
        """Whether intervals come from resampled cases."""
        return self.interval in ("bootstrap", "bca") and self.replicates > 0


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """Of one figure and every question: value, standard error as the interval asks for it, and what resampling gave.

    `patterns` are of the cases that the figure counts. `replicates` has shape (questions, replicates), with none where
    nothing is resampled.
    """

    patterns: Patterns
    jackknife: Jackknife
    se: Vector
    replicates: Vector


def of_counts(name: str, asked: Asked, places: tuple[float, ...]) -> OfCounts:
    """The function of counts that a figure is."""
    made: Mapping[str, Callable[[], OfCounts]] = {
        PERCENT: lambda: percent_of, FLEISS: lambda: fleiss_of(asked.weights, places),
        BRENNAN_PREDIGER: lambda: brennan_prediger_of(asked.weights, places),
        AC: lambda: ac_of(asked.weights, places), ALPHA: lambda: alpha_of(asked.metric, places)}
    return made[name]()


def uncertainties_of(
    ratings: Ratings, patterns: Patterns, names: Sequence[str], asked: Asked, drawn_from: Places
) -> dict[str, Uncertainty]:
    """Values, standard errors and replicates of these figures; the latter of cases that are `drawn_from` these."""
    changes = Changes.of(patterns)
    by_panel = PanelChanges.of(changes, ratings) if {COHEN, CONGER} & set(names) else None
    counted = {name: of_counts(name, asked, ratings.places) for name in names if name not in (COHEN, CONGER)}
    apart = disagreement(asked.weights, ratings.places)
    jackknives = {name: changes.jackknife(function) for name, function in counted.items()}
    linear = {}
    if asked.interval == "gwet":
        linear = {name: linearised_se(changes.moved(function), changes.many, changes.question, ratings.questions)
                  for name, function in counted.items()}
    kappa = [name for name in (COHEN, CONGER) if name in names]
    if by_panel is not None:
        jackknives.update(dict.fromkeys(kappa, by_panel.jackknife(apart)))
        if linear:
            linear.update(dict.fromkeys(kappa, linearised_se(
                by_panel.moved(apart), np.ones(len(patterns.case)), patterns.question, ratings.questions)))
    replicates = _replicates(ratings, patterns, counted, kappa, asked, drawn_from)
    return {name: Uncertainty(patterns, jackknife, _se(jackknife, linear.get(name), replicates.get(name)),
                         replicates.get(name, np.zeros((ratings.questions, 0))))
            for name, jackknife in jackknives.items()}


def _se(jackknife: Jackknife, linear: Vector | None, replicates: Vector | None) -> Vector:
    if replicates is not None:
        return np.array([deviation(row) for row in replicates])
    return jackknife.se() if linear is None else linear


def deviation(replicates: Vector) -> float:
    """The standard deviation of the defined replicates; NaN where too few are defined."""
    try:
        return float(defined_replicates(replicates).std(ddof=1))
    except NoInterval:
        return float("nan")


def _replicates(
    ratings: Ratings, patterns: Patterns, counted: Mapping[str, OfCounts], kappa: Sequence[str], asked: Asked,
    drawn_from: Places,
) -> dict[str, Vector]:
    if not asked.resamples or not len(drawn_from):
        return {}
    blocks: dict[str, list[Vector]] = {name: [] for name in (*counted, *kappa)}
    apart = disagreement(asked.weights, ratings.places)
    width = ratings.questions * max(len(patterns.rows), len(kappa) and len(ratings.reviewers) * len(ratings.levels))
    for drawn in CaseResampling(len(drawn_from), asked.replicates, asked.seed).blocks(max(width, ratings.cases)):
        cases = np.zeros((ratings.cases, drawn.shape[1]))
        cases[drawn_from] = drawn
        resampled = Resampled.of(patterns, ratings.questions, cases)
        for name, function in counted.items():
            blocks[name].append(resampled.values(function))
        if kappa:
            made = resampled.kappas(ratings, apart)
            for name in kappa:
                blocks[name].append(made)
    return {name: np.concatenate(parts, axis=1) for name, parts in blocks.items()}
