"""Agreement on what is below the best level: where a form that pushes everything to the top shows it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from cqa.consistency.agreement import specific_agreement
from cqa.consistency.counts import Ratings, added_up, patterns_of
from cqa.consistency.measures import number_or_none
from cqa.consistency.questions import BELOW, TOP
from cqa.consistency.trials.apart import Apart, apart
from cqa.consistency.trials.compared import Compared
from cqa.consistency.trials.data import FORMS
from cqa.consistency.trials.gaps import Moves, gaps_of
from cqa.consistency.weights import Vector


@dataclass(frozen=True, slots=True)
class Below:
    """Of one form: when one reviewer marks below the best level, how often the other does (Cicchetti and Feinstein
    1990), a fraction of 1, None where nobody did; how many marks are below it, and of how many."""

    agreement: float | None
    marks: int
    of: int

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"agreement": self.agreement, "marks": self.marks, "of": self.of}


def below_of_questions(ratings: Ratings) -> tuple[Below, ...]:
    """Of every question by itself."""
    split = ratings.split_at_top((BELOW, TOP))
    patterns = patterns_of(split)
    found = specific_agreement(patterns.rows, patterns.often)[0]
    below = np.bincount(split.question[split.level == 0], minlength=split.questions)
    given = np.bincount(split.question, minlength=split.questions)
    return tuple(Below(number_or_none(share), int(marks), int(of))
                 for share, marks, of in zip(found, below, given, strict=True))


def below_in_all(scales: Sequence[Compared], paired: bool) -> tuple[Apart, tuple[Below, Below]]:
    """Over all questions together: of all marks below the best level, the share whose partner's is below it too. Whole
    cases are left out for the interval of the difference."""
    moved: list[Moves] = []
    told: list[Below] = []
    for form in (0, 1):
        agreeing, below, given = _of_cases([one.ratings[form] for one in scales])
        moved.append(_ratio(agreeing, below, given))
        told.append(Below(number_or_none(moved[-1].total[0]), int(below.sum()), int(given.sum())))
    asked = sum(len(one.questions) for one in scales)
    found = apart("below_best", gaps_of(moved[0], moved[1], np.array([float(asked)]), paired), 0)
    if bare := [form for form, one in zip(FORMS, told, strict=True) if not one.marks]:
        by = " or the ".join(bare)
        found = replace(found, why=f"not defined, because no mark by the {by} is below the best level")
    return found, (told[0], told[1])


def _of_cases(parts: Sequence[Ratings]) -> tuple[Vector, Vector, Vector]:
    """For every case, over all questions: marks below the best whose partner's is below, marks below, and marks."""
    count = parts[0].cases if parts else 0
    agreeing, below, given = np.zeros(count), np.zeros(count), np.zeros(count)
    for one in parts:
        patterns = patterns_of(one.split_at_top((BELOW, TOP)))
        rows = patterns.rows[patterns.pattern]
        r, low = rows.sum(axis=1), rows[:, 0]
        agreeing += added_up(patterns.case, low * (low - 1) / (r - 1), count)
        below += added_up(patterns.case, low, count)
        given += added_up(patterns.case, r, count)
    return agreeing, below, given


def _ratio(part: Vector, whole: Vector, given: Vector) -> Moves:
    """A ratio of sums over the cases that have marks, and what it would be without each of them; NaN where it would not
    be defined."""
    total, left = whole.sum(), whole.sum() - whole
    value = part.sum() / total if total else np.nan
    without = np.divide(part.sum() - part, left, out=np.full(len(left), np.nan), where=left > 0)
    return Moves(np.array([value]), (without - value)[None], (given > 0)[None])
