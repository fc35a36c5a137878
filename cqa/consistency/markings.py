"""Signed-off markings as wholes: what one reviewer gave on one case, in the order in which they were marked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from cqa.consistency.marks import MarkRow, QuestionScale

LEFT_OPEN_MS = 600_000
"""A question shown for longer was left open, not read: its time is not used."""
ENOUGH_QUESTIONS = 5
"""A marking of fewer questions on the scale is no line of marks."""


@dataclass(frozen=True, slots=True)
class Marking:
    """One reviewer on one case. `levels`: question to how many levels below the best it was marked, on the scale only;
    `marks` the level ids of these; `shown` the milliseconds that questions were shown, where they were recorded;
    `owes` the questions whose mark lacks a text that the rubric requires; `at` when the last mark was made."""

    sample: str
    case_id: str
    stratum: str
    reviewer: str
    rubric: tuple[str, str]
    at: str
    levels: Mapping[str, int]
    marks: Mapping[str, str]
    shown: tuple[int, ...]
    owes: tuple[str, ...]

    @property
    def place(self) -> tuple[str, str]:
        """Which case it is of."""
        return self.sample, self.case_id

    @property
    def line(self) -> bool:
        """Whether it is long enough, and all its marks are at one level."""
        return len(self.marks) >= ENOUGH_QUESTIONS and len(set(self.marks.values())) == 1

    @property
    def all_top(self) -> bool:
        """Whether it is long enough, and every mark is at the best level."""
        return len(self.levels) >= ENOUGH_QUESTIONS and not self.below

    @property
    def below(self) -> int:
        """How many marks are below the best level."""
        return sum(level > 0 for level in self.levels.values())

    @property
    def pace(self) -> float | None:
        """The median milliseconds a question was shown; None with fewer than five times recorded."""
        used = [time for time in self.shown if 0 < time <= LEFT_OPEN_MS]
        return float(median(used)) if len(used) >= ENOUGH_QUESTIONS else None


def markings_of(rows: Iterable[MarkRow], scales: Sequence[QuestionScale]) -> tuple[Marking, ...]:
    """Every signed-off marking, in the order of the rows."""
    known = {scale.key: scale for scale in scales}
    grouped: dict[tuple[str, str, str], list[MarkRow]] = {}
    for row in rows:
        if row.signed:
            grouped.setdefault((row.sample, row.case_id, row.reviewer), []).append(row)
    return tuple(_marking(given, known) for given in grouped.values())


def _marking(rows: Sequence[MarkRow], known: Mapping[tuple[str, str, str], QuestionScale]) -> Marking:
    first = rows[0]
    on_scale = [(row, scale) for row in rows if (scale := known.get((row.rubric, row.version, row.question)))
                and row.mark in scale.levels]
    return Marking(
        first.sample, first.case_id, first.stratum, first.reviewer, (first.rubric, first.version),
        max(row.at for row in rows),
        {row.question: len(scale.levels) - 1 - scale.levels.index(row.mark) for row, scale in on_scale},
        {row.question: row.mark for row, _ in on_scale},
        tuple(row.shown_ms for row in rows if row.shown_ms is not None),
        tuple(row.question for row in rows if row.owes))
