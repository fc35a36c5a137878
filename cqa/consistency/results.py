"""What the marks say of the casework of the frame: by question, by unit and by theme, one record a case."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cqa.consistency.marks import QuestionScale
from cqa.consistency.population import Design, Reach, Record, Share, share_of
from cqa.consistency.readings import cases_said, marks_said

if TYPE_CHECKING:
    import pandas as pd

Designs = Mapping[str, Design]
"""Sample to how its cases were drawn."""


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
    rubric (`kind` "theme": a section), with whole cases as what varies. `marks` are those on the scale."""

    kind: str
    place: str
    name: str
    marks: int
    share: Share

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        where = "sample" if self.kind == "unit" else "rubric"
        return {where: self.place, self.kind: self.name, "marks": self.marks, "cases": self.share.cases,
                **share_json(self.share)}


def share_json(share: Share) -> dict[str, object]:
    """Under the stable names of the JSON contract."""
    return {"rate": share.rate, "low": share.low, "high": share.high, "se": share.se, "frame": share.frame,
            "effective": share.effective, "why": share.why, "note": share.note}


@dataclass(frozen=True, slots=True)
class Assessed:
    """The signed-off first marks, every case that was so assessed (sample, case, stratum, rubric, version), how the
    cases were drawn, and what the figures are to speak of."""

    first: "pd.DataFrame"
    cases: "pd.DataFrame"
    designs: Designs
    reach: Reach
    small: int

    def only(self, sample: str) -> "Assessed":
        """The same of one sample alone."""
        return replace(self, first=self.first[self.first["sample"] == sample],
                       cases=self.cases[self.cases["sample"] == sample],
                       designs={name: design for name, design in self.designs.items() if name == sample})

    def share(self, marks: "pd.DataFrame", cases: "pd.DataFrame") -> Share:
        """The estimate from `marks` (on the scale, with `top`) over `cases`: nothing on fewer cases than may be shown
        as a share."""
        keys = ["sample", "case_id"]
        counted = marks.groupby(keys)["top"].agg(["sum", "count"]).reset_index()
        found = {(sample, case): (float(top), float(asked))
                 for sample, case, top, asked in counted.itertuples(index=False)}
        records, sizes = [], {}
        for sample, case, stratum in cases[[*keys, "stratum"]].itertuples(index=False):
            design = self.designs.get(sample, Design())
            top, asked = found.get((sample, case), (0.0, 0.0))
            records.append(Record(f"{sample}/{stratum}", top, asked, design.weights.get(case, 1.0)))
        for sample in dict.fromkeys(cases["sample"]):
            sizes.update({f"{sample}/{name}": size for name, size in self.designs.get(sample, Design()).sizes.items()})
        return _withheld(_estimate(records, sizes, self.reach), self.small)


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


def assessed_of(frame: "pd.DataFrame", designs: Designs, reach: Reach, small: int) -> Assessed:
    """What results are made from."""
    first = frame[frame["signed"].astype(bool) & (frame["turn"] == "first")].copy()
    cases = first[["sample", "case_id", "stratum", "rubric", "version"]].drop_duplicates()
    return Assessed(first, cases, designs, reach, small)


def results(assessed: Assessed, scales: Iterable[QuestionScale]) -> tuple[QuestionResult, ...]:
    """The result of every question. Under `small` marks no rate is given, only counts."""
    first = assessed.first
    counts = Counter(zip(first["rubric"], first["version"], first["question"], first["mark"], strict=True))
    return tuple(_result(assessed, scale, counts) for scale in scales)


def _result(assessed: Assessed, scale: QuestionScale, counts: Counter[tuple[str, str, str, str]]) -> QuestionResult:
    levels = {level: counts[*scale.key, level] for level in (*reversed(scale.levels), *scale.outside)}
    n = sum(levels[level] for level in scale.levels)
    if n < assessed.small or n == 0:
        why = "no marks on the scale" if n == 0 else \
            f"only {marks_said(n)} on the scale: a rate needs {assessed.small}"
        return QuestionResult(scale, n, levels, Share(None, None, None, None, n, 0, None, why))
    first, cases = assessed.first, assessed.cases
    asked = first[(first["rubric"] == scale.rubric) & (first["version"] == scale.version)
                  & (first["question"] == scale.question) & first["on_scale"].astype(bool)]
    under = cases[(cases["rubric"] == scale.rubric) & (cases["version"] == scale.version)]
    return QuestionResult(scale, n, levels, assessed.share(asked.assign(top=asked["mark"] == scale.top), under))


def unit_results(assessed: Assessed, scales: Iterable[QuestionScale]) -> tuple[GroupResult, ...]:
    """Each stratum of each sample over all its questions, in the order drawn; those without a case too."""
    on_scale, cases = _with_tops(assessed, scales), assessed.cases
    found = []
    for sample, design in assessed.designs.items():
        for name, size in design.sizes.items():
            inside = (cases["sample"] == sample) & (cases["stratum"] == name)
            marks = on_scale[(on_scale["sample"] == sample) & (on_scale["stratum"] == name)]
            alone = Assessed(assessed.first, cases, {sample: Design({name: size}, design.weights)}, assessed.reach,
                             assessed.small)
            share = alone.share(marks, cases[inside]) if inside.any() else \
                Share(None, None, None, None, 0, size, None, "no case was looked at")
            found.append(GroupResult("unit", sample, name, len(marks), share))
    return tuple(found)


def all_questions(assessed: Assessed, scales: Iterable[QuestionScale]) -> Share:
    """The share of marks at the best level over all these questions."""
    return assessed.share(_with_tops(assessed, scales), assessed.cases)


def theme_results(assessed: Assessed, scales: Iterable[QuestionScale]) -> tuple[GroupResult, ...]:
    """Each section of each rubric version over all its questions."""
    listed = tuple(scales)
    on_scale, cases = _with_tops(assessed, listed), assessed.cases
    found = []
    for rubric, version, section in dict.fromkeys((one.rubric, one.version, one.section) for one in listed):
        questions = [one.question for one in listed if (one.rubric, one.version, one.section)
                     == (rubric, version, section)]
        marks = on_scale[(on_scale["rubric"] == rubric) & (on_scale["version"] == version)
                         & on_scale["question"].isin(questions)]
        under = cases[(cases["rubric"] == rubric) & (cases["version"] == version)]
        found.append(GroupResult("theme", f"{rubric} {version}", section, len(marks), assessed.share(marks, under)))
    return tuple(found)


def _with_tops(assessed: Assessed, scales: Iterable[QuestionScale]) -> "pd.DataFrame":
    """The marks on the scale of these questions, each with whether it is at its question's best level."""
    tops = {scale.key: scale.top for scale in scales}
    first = assessed.first
    keys = list(zip(first["rubric"], first["version"], first["question"], strict=True))
    on_scale = first.loc[[bool(on) and key in tops for on, key in zip(first["on_scale"], keys, strict=True)]]
    best = [tops[key] for key in zip(on_scale["rubric"], on_scale["version"], on_scale["question"], strict=True)]
    return on_scale.assign(top=[mark == top for mark, top in zip(on_scale["mark"], best, strict=True)])
