"""What the marks say of the casework of the frame: by question, by unit and by theme, one record a case."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cqa.consistency.marks import MarkRow, QuestionScale
from cqa.consistency.population import Design, Reach, Record, Share, share_of
from cqa.consistency.readings import cases_said, marks_said
from cqa.consistency.sensitivity import UnitScore

Designs = Mapping[str, Design]
"""Sample to how its cases were drawn."""
Key = tuple[str, str, str]
"""Rubric, version and question."""
Place = tuple[str, str]
"""Sample and case."""


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question over the cases assessed, one mark a case: the first marker's.

    `levels` counts every answer, on the scale and outside it; `n` those on the scale; `share` is the estimate for the
    frame of those at the best level, its rate None where `why` says so.
    """

    scale: QuestionScale
    n: int
    levels: dict[str, int]
    share: Share

    @property
    def rate(self) -> float | None:
        """The estimated share of the frame at the best level, a fraction of 1."""
        return self.share.rate

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"rubric": self.scale.rubric, "version": self.scale.version, "question": self.scale.question,
                "n": self.n, "levels": self.levels, **share_json(self.share)}


@dataclass(frozen=True, slots=True)
class GroupResult:
    """The share of marks at the best level in one unit (`kind` "unit": a stratum of a sample), or in one theme of a
    rubric (`kind` "theme": a section), with whole cases as what varies. `marks` are those on the scale; `score` is
    known of units that have a scored marking.
    """

    kind: str
    place: str
    name: str
    marks: int
    share: Share
    score: UnitScore | None = None

    @property
    def effective(self) -> float | None:
        """The size of a simple sample that would be as exact, held to the number of marks: where nearly every case was
        looked at it would grow without bound."""
        return None if self.share.effective is None else min(self.share.effective, self.marks)

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        where = "sample" if self.kind == "unit" else "rubric"
        scored = {"score": self.score.score if self.score else None,
                  "score_alike": self.score.alike if self.score else None} if self.kind == "unit" else {}
        return {where: self.place, self.kind: self.name, "marks": self.marks, "cases": self.share.cases,
                **share_json(self.share), **scored}


def share_json(share: Share) -> dict[str, object]:
    """Under the stable names of the JSON contract."""
    return {"rate": share.rate, "low": share.low, "high": share.high, "se": share.se, "frame": share.frame,
            "effective": share.effective, "why": share.why, "note": share.note}


@dataclass(frozen=True, slots=True)
class SeenCase:
    """A case whose first marker has signed it off."""

    sample: str
    case_id: str
    stratum: str
    rubric: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Assessed:
    """Every case that was signed off by its first marker; by question and case whether the mark on the scale is at the
    best level; how often each answer was given; how the cases were drawn, and what the figures are to speak of."""

    cases: tuple[SeenCase, ...]
    tops: Mapping[Key, Mapping[Place, bool]]
    answers: Mapping[Key, Counter[str]]
    designs: Designs
    reach: Reach
    small: int

    def only(self, sample: str) -> "Assessed":
        """The same of one sample alone. What is counted of it are its own marks."""
        return replace(self, cases=tuple(case for case in self.cases if case.sample == sample),
                       designs={name: design for name, design in self.designs.items() if name == sample})

    def inside(self, sample: str, stratum: str) -> "Assessed":
        """The same of one stratum of a sample alone."""
        alone = self.only(sample)
        design = alone.designs[sample]
        return replace(alone, cases=tuple(case for case in alone.cases if case.stratum == stratum),
                       designs={sample: replace(design, sizes={stratum: design.sizes[stratum]})})

    def marks(self, scales: Iterable[QuestionScale]) -> int:
        """How many marks on the scale its cases have on these questions."""
        places = {(case.sample, case.case_id) for case in self.cases}
        return sum(len(places & self.tops.get(scale.key, {}).keys()) for scale in scales)

    def share(self, scales: Sequence[QuestionScale]) -> Share:
        """The estimate over these questions of one rubric or several: nothing on fewer cases than may be shown as a
        share."""
        given = [self.tops.get(scale.key, {}) for scale in scales]
        rubrics = {(scale.rubric, scale.version) for scale in scales}
        records = []
        for case in self.cases:
            if case.rubric in rubrics:
                found = [marks[case.sample, case.case_id] for marks in given if (case.sample, case.case_id) in marks]
                weight = self.designs.get(case.sample, Design()).weights.get(case.case_id, 1.0)
                records.append(Record(f"{case.sample}/{case.stratum}", float(sum(found)), float(len(found)), weight))
        samples = dict.fromkeys(case.sample for case in self.cases if case.rubric in rubrics)
        sizes = {f"{sample}/{name}": size for sample in samples
                 for name, size in self.designs.get(sample, Design()).sizes.items()}
        return _withheld(_estimate(records, sizes, self.reach), self.small)


def assessed_of(
    rows: Iterable[MarkRow], scales: Iterable[QuestionScale], designs: Designs, reach: Reach, small: int
) -> Assessed:
    """What results are made from: signed-off first marks."""
    known = {scale.key: scale for scale in scales}
    cases: dict[SeenCase, None] = {}
    tops: dict[Key, dict[Place, bool]] = {}
    answers: dict[Key, Counter[str]] = {}
    for row in rows:
        scale = known.get((row.rubric, row.version, row.question))
        if row.signed and row.turn == "first" and scale is not None:
            cases[SeenCase(row.sample, row.case_id, row.stratum, (row.rubric, row.version))] = None
            answers.setdefault(scale.key, Counter())[row.mark] += 1
            if row.mark in scale.levels:
                tops.setdefault(scale.key, {})[row.sample, row.case_id] = row.mark == scale.top
    return Assessed(tuple(cases), tops, answers, designs, reach, small)


def _estimate(records: Sequence[Record], sizes: dict[str, int], reach: Reach) -> Share:
    """Where it is not known how cases were drawn, they stand for themselves as one simple sample."""
    if not sizes:
        return share_of([Record("", one.top, one.asked) for one in records], {"": max(len(records), 1)},
                        Reach("process", reach.interval))
    return share_of(records, sizes, reach)


def _withheld(share: Share, small: int) -> Share:
    if share.rate is None or share.cases >= small:
        return share
    return Share(None, None, None, None, share.cases, share.frame, None,
                 f"only {cases_said(share.cases)} with a mark on the scale: a rate needs {small}", share.note)


def results(assessed: Assessed, scales: Iterable[QuestionScale]) -> tuple[QuestionResult, ...]:
    """The result of every question. Under `small` marks no rate is given, only counts."""
    return tuple(_result(assessed, scale) for scale in scales)


def _result(assessed: Assessed, scale: QuestionScale) -> QuestionResult:
    answers = assessed.answers.get(scale.key, Counter())
    levels = {level: answers[level] for level in (*reversed(scale.levels), *scale.outside)}
    n = sum(levels[level] for level in scale.levels)
    if n < assessed.small or n == 0:
        why = "no marks on the scale" if n == 0 else \
            f"only {marks_said(n)} on the scale: a rate needs {assessed.small}"
        return QuestionResult(scale, n, levels, Share(None, None, None, None, n, 0, None, why))
    return QuestionResult(scale, n, levels, assessed.share([scale]))


def unit_results(
    assessed: Assessed, scales: Sequence[QuestionScale], scores: Mapping[tuple[str, str], UnitScore]
) -> tuple[GroupResult, ...]:
    """Each stratum of each sample over all its questions, in the order drawn; those without a case too."""
    return tuple(replace(_unit(assessed.inside(sample, name), scales, sample, name, size),
                         score=scores.get((sample, name)))
                 for sample, design in assessed.designs.items() for name, size in design.sizes.items())


def _unit(inside: Assessed, scales: Sequence[QuestionScale], sample: str, name: str, size: int) -> GroupResult:
    share = inside.share(scales) if inside.cases else \
        Share(None, None, None, None, 0, size, None, "no case was looked at")
    return GroupResult("unit", sample, name, inside.marks(scales), share)


def theme_results(assessed: Assessed, scales: Iterable[QuestionScale]) -> tuple[GroupResult, ...]:
    """Each section of each rubric version over all its questions."""
    themes: dict[tuple[str, str, str], list[QuestionScale]] = {}
    for scale in scales:
        themes.setdefault((scale.rubric, scale.version, scale.section), []).append(scale)
    return tuple(GroupResult("theme", f"{rubric} {version}", section, assessed.marks(listed), assessed.share(listed))
                 for (rubric, version, section), listed in themes.items())
