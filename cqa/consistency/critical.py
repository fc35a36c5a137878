"""Marks that fail a whole case, each with what was said for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from cqa.consistency.marks import MarkRow, QuestionScale


@dataclass(frozen=True, slots=True)
class CriticalFailure:
    """A signed-off mark at which a critical question fails its case."""

    scale: QuestionScale
    row: MarkRow

    def as_json(self) -> dict[str, object]:
        """The case, the question, the mark and its texts."""
        return {"sample": self.row.sample, "case_id": self.row.case_id, "rubric": self.row.rubric,
                "version": self.row.version, "question": self.row.question, "mark": self.row.mark,
                "reviewer": self.row.reviewer, "turn": self.row.turn, "reason": self.row.reason,
                "evidence": self.row.evidence}


def critical_failures(rows: Iterable[MarkRow], scales: Iterable[QuestionScale]) -> tuple[CriticalFailure, ...]:
    """Every signed-off failure of a critical question, in the order of the rows."""
    known = {scale.key: scale for scale in scales}
    return tuple(
        CriticalFailure(scale, row) for row in rows if row.signed
        and (scale := known.get((row.rubric, row.version, row.question))) and row.mark in scale.fails_on)
