"""One score for each marking of a case, and which of them are by a reviewer of the unit whose work it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cqa.consistency.crossed import ScoredMark

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Units:
    """Person to unit as people.csv records it, names in lower case; empty where it records none."""

    of_person: Mapping[str, str] = field(default_factory=dict)

    def of(self, person: str) -> str:
        """The person's unit, or nothing."""
        return self.of_person.get(person.casefold(), "")

    def of_case(self, handlers: str, stratum: str) -> frozenset[str]:
        """The units whose work a case shows: those of its handlers, else the unit that its stratum is named after."""
        told = frozenset(unit for name in handlers.split("; ") if (unit := self.of(name)))
        known = {unit.casefold() for unit in self.of_person.values() if unit}
        return told or (frozenset({stratum}) if stratum.casefold() in known else frozenset())


def scored_marks(frame: "pd.DataFrame") -> tuple[ScoredMark, ...]:
    """The mean per cent over the scored questions of each signed-off marking, 0 to 100, grouped by sample and stratum:
    within these cqa gives cases to reviewers at random. The order is that of the rows."""
    signed = frame[frame["signed"].astype(bool) & frame["on_scale"].astype(bool) & frame["percent"].notna()]
    keys = ["sample", "stratum", "case_id", "reviewer"]
    means = signed.groupby(keys, sort=False)["percent"].mean().reset_index()
    return tuple(ScoredMark(f"{sample}/{case}", reviewer, float(value), f"{sample}/{stratum}")
                 for sample, stratum, case, reviewer, value in means.itertuples(index=False))


def own_marks(frame: "pd.DataFrame", units: Units) -> dict[tuple[str, str], bool]:
    """By case (as in `scored_marks`) and reviewer, whether the case is of the reviewer's own unit; only where the
    units of both are known."""
    found: dict[tuple[str, str], bool] = {}
    keys = ["sample", "case_id", "reviewer", "handler", "stratum"]
    for sample, case, reviewer, handler, stratum in frame[keys].drop_duplicates().itertuples(index=False):
        mine, theirs = units.of(reviewer), units.of_case(handler, stratum)
        if mine and theirs:
            found[f"{sample}/{case}", reviewer] = mine.casefold() in {unit.casefold() for unit in theirs}
    return found
