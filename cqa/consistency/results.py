"""What the marks say of the casework: how often each level was given, question by question."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cqa.consistency.intervals import wilson
from cqa.consistency.marks import QuestionScale
from cqa.consistency.readings import marks_said

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question over the cases assessed, one mark a case: the first marker's.

    `levels` counts every answer, on the scale and outside it; `n` those on the scale; `rate` is the share of `n` at
    the best level (a fraction of 1) with its Wilson interval, None where `why` says so.
    """

    scale: QuestionScale
    n: int
    levels: dict[str, int]
    rate: float | None
    low: float | None
    high: float | None
    why: str

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"rubric": self.scale.rubric, "version": self.scale.version, "question": self.scale.question,
                "n": self.n, "levels": self.levels, "rate": self.rate, "low": self.low, "high": self.high,
                "why": self.why}


def results(frame: "pd.DataFrame", scales: Iterable[QuestionScale], small: int) -> tuple[QuestionResult, ...]:
    """The result of every question over signed-off first marks. Under `small` marks no rate is given, only counts."""
    first = frame[frame["signed"].astype(bool) & (frame["turn"] == "first")]
    counts = Counter(zip(first["rubric"], first["version"], first["question"], first["mark"], strict=True))
    return tuple(_result(scale, counts, small) for scale in scales)


def _result(scale: QuestionScale, counts: Counter[tuple[str, str, str, str]], small: int) -> QuestionResult:
    levels = {level: counts[*scale.key, level] for level in (*reversed(scale.levels), *scale.outside)}
    n = sum(levels[level] for level in scale.levels)
    if n < small or n == 0:
        why = "no marks on the scale" if n == 0 else f"only {marks_said(n)} on the scale: a rate needs {small}"
        return QuestionResult(scale, n, levels, None, None, None, why)
    low, high = wilson(levels[scale.top], n)
    return QuestionResult(scale, n, levels, levels[scale.top] / n, low, high, "")
