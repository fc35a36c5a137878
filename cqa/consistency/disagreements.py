"""Where two reviewers of one case gave different answers: worth more than any coefficient."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from cqa.consistency.marks import MarkRow, QuestionScale


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two signed-off answers to one question of one case. `apart` is in levels; None where one is off the scale."""

    sample: str
    case_id: str
    scale: QuestionScale
    one: MarkRow
    other: MarkRow
    apart: int | None

    def as_json(self) -> dict[str, object]:
        """The case, the question, and both answers with their texts."""
        return {"sample": self.sample, "case_id": self.case_id, "rubric": self.scale.rubric,
                "version": self.scale.version, "question": self.scale.question, "apart": self.apart,
                "marks": [{"reviewer": row.reviewer, "turn": row.turn, "mark": row.mark, "reason": row.reason,
                           "evidence": row.evidence} for row in (self.one, self.other)]}


def disagreements(rows: Iterable[MarkRow], scales: Iterable[QuestionScale]) -> tuple[Disagreement, ...]:
    """Every pair of differing answers, those furthest apart first, then in the order of the rows."""
    known = {scale.key: scale for scale in scales}
    grouped: dict[tuple[str, str, str, str, str], list[MarkRow]] = {}
    for row in rows:
        if row.signed and (row.rubric, row.version, row.question) in known:
            grouped.setdefault((row.sample, row.case_id, row.rubric, row.version, row.question), []).append(row)
    found = [
        Disagreement(sample, case_id, known[rubric, version, question], one, other,
                     _apart(known[rubric, version, question], one.mark, other.mark))
        for (sample, case_id, rubric, version, question), marks in grouped.items()
        for one, other in combinations(marks, 2) if one.mark != other.mark
    ]
    return tuple(sorted(found, key=lambda pair: -(pair.apart or 0)))


def _apart(scale: QuestionScale, one: str, other: str) -> int | None:
    if one in scale.levels and other in scale.levels:
        return abs(scale.levels.index(one) - scale.levels.index(other))
    return None
