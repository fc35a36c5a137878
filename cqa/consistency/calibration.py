"""Marks on calibration cases against reference marks: how accurate each reviewer is, cleared or not, and any drift."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cqa.consistency.held import Held, ScaleKey, levels_apart
from cqa.consistency.intervals import wilson
from cqa.consistency.marks import MarkRow, QuestionScale
from cqa.facts import how_many

ENOUGH_SEEDED = 10
"""On fewer marks nothing is concluded (Ofqual's guide to quality-of-marking data says no number; examination boards
look at ten seeds at least)."""
ENOUGH_CASES = 3
"""On fewer cases the share is given with a word of caution."""
CLEARED, NOT_CLEARED, TOO_FEW, OFF = "cleared", "not cleared", "too few marks", "no clearance is asked for"


@dataclass(frozen=True, slots=True)
class Reference:
    """What a calibration case is to be marked, under which rubric and version, and how many levels a mark may lie off:
    both by question."""

    rubric: str
    version: str
    marks: Mapping[str, str]
    tolerance: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Seeded:
    """One mark on a calibration case: `apart` is how many levels it lies below the reference (positive = more severe),
    None where one of the two is off the scale; `within` whether that is within the question's tolerance. `answered` is
    empty where the reviewer was not asked the question. `at`: when it was given."""

    sample: str
    case_id: str
    reviewer: str
    rubric: str
    version: str
    question: str
    answered: str
    reference: str
    tolerance: int
    apart: int | None
    within: bool
    at: str

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {name: getattr(self, name) for name in self.__slots__}


def usual_tolerance(scale: QuestionScale) -> int:
    """The tolerance that follows from the scale: 0 levels up to three, 1 from four on, and 0 of a critical question.
    """
    return 0 if scale.fails_on or len(scale.levels) <= 3 else 1


def seeded_marks(
    rows: Iterable[MarkRow], references: Mapping[tuple[str, str], Reference], scales: Mapping[ScaleKey, QuestionScale]
) -> tuple[Seeded, ...]:
    """The signed-off marks of `rows` against the reference marks of their cases, which are by sample and case; a
    question with a reference mark that was not asked counts as answered otherwise. Marks under another version of the
    rubric are held against nothing."""
    grouped: dict[tuple[str, str, str], dict[str, MarkRow]] = {}
    for row in rows:
        if row.signed and (row.sample, row.case_id) in references:
            grouped.setdefault((row.sample, row.case_id, row.reviewer), {})[row.question] = row
    return tuple(
        seeded for (sample, case_id, reviewer), given in grouped.items()
        for reference in (references[sample, case_id],)
        for question, wanted in reference.marks.items()
        if (scale := scales.get((reference.rubric, reference.version, question)))
        and (seeded := _seeded(sample, case_id, reviewer, given, scale, wanted, reference)))


def _seeded(
    sample: str, case_id: str, reviewer: str, given: Mapping[str, MarkRow], scale: QuestionScale, wanted: str,
    reference: Reference
) -> Seeded | None:
    first = next(iter(given.values()))
    if (first.rubric, first.version) != (reference.rubric, reference.version):
        return None
    row, tolerance = given.get(scale.question), reference.tolerance.get(scale.question, usual_tolerance(scale))
    answered = row.mark if row else ""
    if not answered and not wanted:
        return None
    apart = levels_apart(scale, answered, wanted)
    return Seeded(sample, case_id, reviewer, scale.rubric, scale.version, scale.question, answered, wanted, tolerance,
                  apart, apart is not None and abs(apart) <= tolerance, row.at if row else first.at)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How one reviewer marked calibration cases under one version of a rubric.

    `share` of their marks within tolerance as a fraction of 1 with Wilson's 95% interval, None on too few marks, which
    `why` says, as it does where they are of very few cases. `lean` is the mean difference in levels, positive = more
    severe than the reference.
    """

    reviewer: str
    rubric: str
    version: str
    cases: int
    marks: int
    within: int
    exact: int
    lean: float | None
    state: str
    share: float | None = None
    low: float | None = None
    high: float | None = None
    why: str = ""
    month: str = ""

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract. Over a single month nobody is cleared, so that no state of
        clearance is told of one."""
        left_out = "state" if self.month else "month"
        return {name: getattr(self, name) for name in self.__slots__ if name != left_out}


def accuracies(
    seeded: Sequence[Seeded], reviewers: Iterable[tuple[str, str, str]], clearance: Fraction | None
) -> tuple[Accuracy, ...]:
    """The accuracy of each reviewer under each rubric and version named, also of those who marked no calibration case.
    """
    return tuple(_accuracy([one for one in seeded if (one.reviewer, one.rubric, one.version) == key], key, clearance)
                 for key in dict.fromkeys(reviewers))


def drift(seeded: Sequence[Seeded]) -> tuple[Accuracy, ...]:
    """The accuracy of each reviewer month by month, in which their marks were given; their months in order."""
    months = sorted({(one.reviewer, one.rubric, one.version, one.at[:7]) for one in seeded})
    return tuple(
        replace(_accuracy([one for one in seeded
                           if (one.reviewer, one.rubric, one.version, one.at[:7]) == (*key, month)], tuple(key), None),
                month=month)
        for *key, month in months)


def _accuracy(mine: Sequence[Seeded], key: Sequence[str], clearance: Fraction | None) -> Accuracy:
    within, marks = sum(one.within for one in mine), len(mine)
    held = sum((Held(same=int(one.apart == 0), more_severe=int(one.apart > 0), more_lenient=int(one.apart < 0),
                         levels=one.apart) for one in mine if one.apart is not None), Held())
    reviewer, rubric, version = key
    made = Accuracy(reviewer, rubric, version, len({(one.sample, one.case_id) for one in mine}), marks, within,
                    sum(one.apart == 0 for one in mine), held.lean, TOO_FEW if clearance is not None else OFF)
    if marks < ENOUGH_SEEDED:
        return replace(made, why=f"No conclusion on fewer than {ENOUGH_SEEDED} marks on calibration cases.")
    low, high = wilson(within, marks)
    state = made.state if clearance is None else CLEARED if Fraction(within, marks) >= clearance else NOT_CLEARED
    few = f"On {how_many(made.cases, 'case')} alone, whose marks move together: the interval is too sure."
    return replace(made, share=within / marks, low=low, high=high, state=state,
                   why=few if made.cases < ENOUGH_CASES else "")
