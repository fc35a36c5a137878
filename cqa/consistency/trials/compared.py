"""The marks of both forms that compare: each question's on its common levels, on the cases that have them twice."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cqa.consistency.counts import Ratings, ratings_of_questions
from cqa.consistency.trials.data import FormData, TrialData, by_case
from cqa.rubric.matched import Matched

Pair = tuple[Ratings, Ratings]
"""Marks by the parent and by the variant: of the same questions, which number the same cases alike."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Questions with the same common levels, and the marks by both forms on them, in the order of the questions."""

    questions: tuple[Matched, ...]
    ratings: Pair


@dataclass(frozen=True, slots=True)
class Ground:
    """What a comparison of agreement stands on: its questions scale by scale, the cases in their numbering, and the
    main cases that tell nothing, since they have not two signed-off assessments (in the crossover: by both forms)."""

    scales: tuple[Compared, ...]
    cases: tuple[str, ...]
    left_out: tuple[str, ...]


def ground_of(data: TrialData) -> Ground:
    """The marks that compare, of signed-off assessments of cases that still count."""
    twice = [_twice(form, data) for form in data.forms]
    paired = data.trial.design == "crossover"
    counted = [twice[0] & twice[1]] * 2 if paired else twice
    cases = _ordered(data, counted[0] | counted[1])
    main = {case for form in data.forms for case in data.cases[form.form]} - set(data.withdrawn)
    by_levels: dict[tuple[str, ...], list[Matched]] = {}
    for one in data.matched:
        by_levels.setdefault(one.levels, []).append(one)
    return Ground(
        tuple(_compared(alike, data, counted, cases, paired) for alike in by_levels.values()), cases,
        tuple(sorted(main - set(cases))))


def _twice(form: FormData, data: TrialData) -> set[str]:
    """The cases that have two signed-off assessments by the form."""
    main = set(data.cases[form.form]) - set(data.withdrawn)
    return {case for case, given in by_case(form.signed).items() if case in main and len(given) >= 2}


def _ordered(data: TrialData, counted: set[str]) -> tuple[str, ...]:
    listed = dict.fromkeys(case for form in data.forms for case in data.cases[form.form])
    return tuple(case for case in listed if case in counted)


def _compared(
    alike: Sequence[Matched], data: TrialData, counted: Sequence[set[str]], cases: Sequence[str], paired: bool
) -> Compared:
    parent = _ratings(data.parent, counted[0], cases, [one.parent_mark for one in alike], alike[0].levels)
    variant = _ratings(data.variant, counted[1], cases, [one.variant_mark for one in alike], alike[0].levels)
    return Compared(tuple(alike), both_twice(parent, variant) if paired else
                    (parent.twice_marked(), variant.twice_marked()))


def both_twice(parent: Ratings, variant: Ratings) -> Pair:
    """Only the marks on questions of cases that have two marks or more by both forms: like is held against like."""
    both = np.minimum(parent.marks_of_cells, variant.marks_of_cells) >= 2
    return parent.only(both[parent.cell]), variant.only(both[variant.cell])


def _ratings(
    form: FormData, counted: set[str], cases: Sequence[str],
    marks: Iterable[Callable[[Mapping[str, str]], str | None]], levels: Sequence[str],
) -> Ratings:
    given = [one for one in form.signed if one.case_id in counted]
    return ratings_of_questions(
        [[(one.case_id, one.reviewer, level) for one in given if (level := mark(one.marks)) is not None]
         for mark in marks], levels, cases)
