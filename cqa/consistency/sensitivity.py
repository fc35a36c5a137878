"""What units' mean scores would be had everyone marked alike: a line to judge by, never a correction of a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING

from cqa.consistency.scores import scored_marks

if TYPE_CHECKING:
    import pandas as pd

    from cqa.consistency.reviewers import Panel


@dataclass(frozen=True, slots=True)
class UnitScore:
    """The mean score (0 to 100) of a unit's cases by their first markers, and the same with each marker's severity
    added back; None where a marker's severity is not known."""

    cases: int
    score: float
    alike: float | None


def unit_scores(frame: "pd.DataFrame", panel: "Panel") -> Mapping[tuple[str, str], UnitScore]:
    """By sample and stratum. The severities are those that lead, so the line holds no error of theirs."""
    severity = {one.reviewer: one.severity.value for one in panel.reviewers}
    found: dict[str, list[tuple[float, float | None]]] = {}
    for mark in scored_marks(frame[frame["turn"] == "first"]):
        found.setdefault(mark.group, []).append((mark.value, severity.get(mark.reviewer)))
    groups = {f"{sample}/{stratum}": (sample, stratum)
              for sample, stratum in frame[["sample", "stratum"]].drop_duplicates().itertuples(index=False)}
    return {groups[group]: _score(given) for group, given in found.items()}


def _score(given: list[tuple[float, float | None]]) -> UnitScore:
    known = [value + severity for value, severity in given if severity is not None]
    return UnitScore(len(given), mean(value for value, _ in given),
                     min(mean(known), 100.0) if len(known) == len(given) else None)
