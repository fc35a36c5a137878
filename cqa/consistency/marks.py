"""The marks that reports are made of: one row per standing mark, and what is known of its question."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

EXPORT_COLUMNS = ("sample", "case_id", "stratum", "handler", "reviewer", "turn", "rubric", "version", "question",
                  "mark", "points", "reason", "evidence", "signed", "at")


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One standing mark. `points` is None outside the scale and for questions in words.

    Not exported: `shown_ms`, how long the question had been shown, where recorded; `owes`, the texts that the mark
    lacks.
    """

    sample: str
    case_id: str
    stratum: str
    handler: str
    reviewer: str
    turn: str
    rubric: str
    version: str
    question: str
    mark: str
    points: float | None
    reason: str
    evidence: str
    signed: bool
    at: str
    shown_ms: int | None = None
    owes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The row under the stable names of the JSON contract."""
        return {name: getattr(self, name) for name in EXPORT_COLUMNS}


@dataclass(frozen=True, slots=True)
class QuestionScale:
    """A question as the figures need it: levels worst to best, answers outside, labels, and points per level."""

    rubric: str
    version: str
    question: str
    section: str
    ask: str
    levels: tuple[str, ...]
    outside: tuple[str, ...]
    labels: Mapping[str, str]
    points: Mapping[str, float]
    fails_on: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        """Rubric, version and question: questions of two versions are never mixed."""
        return self.rubric, self.version, self.question

    @property
    def top(self) -> str:
        """The best level."""
        return self.levels[-1]

    def percent(self, level: str) -> float | None:
        """The level's points as a per cent of the most that can be had; None outside the scale or without points."""
        most = max(self.points.values(), default=0.0)
        return 100 * self.points[level] / most if most and level in self.points else None


def signed_by_question(rows: Iterable[MarkRow]) -> dict[tuple[str, str, str], list[MarkRow]]:
    """The rows of signed-off assessments by rubric, version and question."""
    grouped: dict[tuple[str, str, str], list[MarkRow]] = {}
    for row in rows:
        if row.signed:
            grouped.setdefault((row.rubric, row.version, row.question), []).append(row)
    return grouped


def marks_frame(rows: Iterable[MarkRow], scales: Iterable[QuestionScale]) -> "pd.DataFrame":
    """Rows as a data frame, with `on_scale` (bool) and `percent` (0 to 100, NaN outside the scale) added."""
    import pandas as pd  # noqa: PLC0415 - 0.3 s that only reports pay

    known = {scale.key: scale for scale in scales}
    listed = []
    for row in rows:
        scale = known.get((row.rubric, row.version, row.question))
        if scale is not None:
            percent = scale.percent(row.mark)
            listed.append({**row.as_json(), "on_scale": row.mark in scale.levels,
                           "percent": float("nan") if percent is None else percent})
    return pd.DataFrame(listed, columns=[*EXPORT_COLUMNS, "on_scale", "percent"])
