"""Agreement by each form of a trial and how far apart they are, over the questions that compare."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cqa.consistency.agreement import NO_VARIATION
from cqa.consistency.counts import Ratings
from cqa.consistency.measures import LEAST_CASES, number_or_none
from cqa.consistency.questions import too_even
from cqa.consistency.readings import COUNTS_ONLY, ENOUGH_PAIRS, cases_said
from cqa.consistency.spread import step_up
from cqa.consistency.trials.apart import Apart, apart
from cqa.consistency.trials.below import Below, below_in_all, below_of_questions
from cqa.consistency.trials.compared import Compared, ground_of
from cqa.consistency.trials.data import FORMS, TrialData
from cqa.consistency.trials.gaps import Gaps, Sides, gaps, sides_of
from cqa.rubric.matched import Matched
from cqa.sampling.trial import MEASURES, Measure

METHOD: Mapping[str, str] = {
    "compared": "Only questions that compare, on their common levels, and signed-off marks. In the crossover a "
                "question of a case counts where it has two marks by both forms.",
    "headline": "Means over the questions that have the figure by both forms, on 5 cases or more, with all cases and "
                "without any one of them: the same questions in both means.",
    "difference": "The variant's less the parent's. Interval, 95%: whole cases are left out one by one, in both forms "
                  "at once, Student's t with cases - 1 degrees of freedom; of forms that marked different cases the "
                  "variances add up, with Welch's degrees of freedom. It speaks of further cases like these, marked by "
                  "these reviewers. Simulated without a difference it was clear of 0 in 1% to 6% of trials.",
    "questions": "Single questions are for looking, never for a verdict: p is adjusted over all of them (Benjamini "
                 f"and Hochberg), and a coefficient needs {ENOUGH_PAIRS} cases.",
    "below_best": "When one reviewer marks below the best level, how often the other does (Cicchetti and Feinstein "
                  "1990). A form that pushes everything to the best level agrees more and loses here.",
}


@dataclass(frozen=True, slots=True)
class QuestionDifference:
    """One question that compares. `below` is of the parent, then of the variant."""

    matched: Matched
    measures: Mapping[Measure, Apart]
    below: tuple[Below, Below]

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"question": self.matched.question, "parents": list(self.matched.parents),
                "levels": list(self.matched.levels), "coarse": self.matched.coarse,
                **{name: one.as_json() for name, one in self.measures.items()},
                "below_best": {form: one.as_json() for form, one in zip(FORMS, self.below, strict=True)}}


@dataclass(frozen=True, slots=True)
class Difference:
    """A trial's agreement, form against form.

    `headline` are the means by measure; `below_best` the agreement on what is below the best level, over all questions
    together, with `below` by form; `questions` in the order of the variant. `left_out` are the main cases that tell
    nothing.
    """

    headline: Mapping[Measure, Apart]
    below_best: Apart
    below: tuple[Below, Below]
    questions: tuple[QuestionDifference, ...]
    cases: int
    left_out: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        below = {form: one.as_json() for form, one in zip(FORMS, self.below, strict=True)}
        return {"headline": {name: one.as_json() for name, one in self.headline.items()},
                "below_best": {**below, "difference": self.below_best.as_json()},
                "questions": [one.as_json() for one in self.questions], "cases": self.cases,
                "left_out": list(self.left_out), "method": dict(METHOD)}


def difference_of(data: TrialData) -> Difference:
    """Both forms held against each other on what is signed off so far."""
    ground, paired = ground_of(data), data.trial.design == "crossover"
    sides = [sides_of(one.ratings, MEASURES) for one in ground.scales]
    below_best, below = below_in_all(ground.scales, paired)
    found = {one.matched.question: one for scale, known in zip(ground.scales, sides, strict=True)
             for one in _questions(scale, known, paired)}
    return Difference(
        {name: _headline(name, data, [known[name] for known in sides]) for name in MEASURES}, below_best, below,
        _adjusted([found[one.question] for one in data.matched]), len(ground.cases), ground.left_out)


def _headline(name: Measure, data: TrialData, sides: Sequence[Sides]) -> Apart:
    together = [np.zeros(len(one.known.jackknife.whole), dtype=np.int64) for one, _ in sides]
    found = apart(name, gaps(sides, together, 1, data.trial.design == "crossover"), 0)
    return found if found.difference is not None else replace(found, why=_no_mean(data, sides))


def _no_mean(data: TrialData, sides: Sequence[Sides]) -> str:
    """Why no question counts in a mean."""
    if not data.matched:
        return "not defined, because no question of the two forms compares"
    most = max(int(np.minimum(*(side.known.jackknife.cases for side in pair)).max()) for pair in sides)
    if most < COUNTS_ONLY:
        few = f"only {cases_said(most)}" if most else "no case"
        return f"not given, because {few} can be compared, and {COUNTS_ONLY} are needed"
    return "not defined, because no question has it by both forms with all cases and without any one of them"


def _questions(scale: Compared, known: Mapping[Measure, Sides], paired: bool) -> Iterator[QuestionDifference]:
    count = len(scale.questions)
    found = {name: gaps([sides], [np.arange(count)], count, paired, least=False) for name, sides in known.items()}
    below = [below_of_questions(one) for one in scale.ratings]
    for place, one in enumerate(scale.questions):
        alone = [ratings.of_question(place) for ratings in scale.ratings]
        yield QuestionDifference(
            one, {name: _question(name, found[name], known[name], place, alone) for name in MEASURES},
            (below[0][place], below[1][place]))


def _question(name: Measure, found: Gaps, sides: Sides, place: int, alone: Sequence[Ratings]) -> Apart:
    """One question's figure; what its cases cannot bear is left out with the reason."""
    cases = {form: int(side.known.jackknife.cases[place]) for form, side in zip(FORMS, sides, strict=True)}
    values = [number_or_none(side.known.jackknife.whole[place]) for side in sides]
    if why := _not_given(name, cases, values, alone):
        return Apart(name, None, None, None, None, None, None, None, None, cases, why=why)
    parent, variant = (value or 0.0 for value in values)
    told = replace(apart(name, found, place), parent=parent, variant=variant, difference=variant - parent, cases=cases,
                   questions=1)
    without = _no_interval(told, bool(found.questions[place]))
    return replace(told, se=None, df=None, low=None, high=None, p=None, why=without) if without else told


def _not_given(
    name: Measure, cases: Mapping[str, int], values: Sequence[float | None], alone: Sequence[Ratings]
) -> str:
    fewest = min(cases.values())
    if not fewest:
        return "not defined, because no case has two marks on the common levels by both forms"
    if name == "exact":
        return ""
    if fewest < ENOUGH_PAIRS:
        return f"not given, because only {cases_said(fewest)} can be compared, and {ENOUGH_PAIRS} are needed"
    for form, value, ratings in zip(FORMS, values, alone, strict=True):
        if value is None:
            return f"not defined under the {form}, because {NO_VARIATION}"
        if name == "alpha" and (even := too_even(ratings)):
            return f"not given, because under the {form} {even}"
    return ""


def _no_interval(told: Apart, usable: bool) -> str:
    fewest = min(told.cases.values())
    if fewest < ENOUGH_PAIRS:
        need = LEAST_CASES if fewest < LEAST_CASES else ENOUGH_PAIRS
        return f"no interval, because only {cases_said(fewest)} can be compared, and {need} are needed"
    if not usable:
        return "no interval, because it is not defined when a certain case is left out"
    return ""


def _adjusted(found: Sequence[QuestionDifference]) -> tuple[QuestionDifference, ...]:
    """With the p-values of each measure adjusted over the questions."""
    adjusted = {name: step_up({one.matched.question: one.measures[name].p for one in found}) for name in MEASURES}
    return tuple(replace(one, measures={name: replace(figure, q=adjusted[name].get(one.matched.question))
                                        for name, figure in one.measures.items()}) for one in found)
