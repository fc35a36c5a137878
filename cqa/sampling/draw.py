"""The draw: which cases of each stratum are looked at, in the order of their tickets."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from cqa.sampling.weighted import WeightedCase, estimation_weights

if TYPE_CHECKING:  # whoever reads a drawn sample need not load what draws one
    from cqa.sampling.candidates import Candidates, Case, Key
    from cqa.sampling.survey import Frame, StratumSize


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum as drawn. `size` counts all its cases, `eligible` those in the frame; `take` is what was taken;
    `shortfall` what was wanted beyond it."""

    name: str
    size: int
    eligible: int
    take: int
    reserves: int
    shortfall: int


@dataclass(frozen=True, slots=True)
class DrawnCase:
    """A case of the sample. `weight` is how many cases of the frame a main case stands for."""

    case_id: str
    stratum: str
    ticket: str
    rank: int
    role: str
    weight: Fraction
    handlers: tuple[str, ...]
    barred: tuple[str, ...]
    facts: Mapping[str, str]

    @property
    def main(self) -> bool:
        """Whether the case is a main case, not a reserve."""
        return self.role == "main"

    @property
    def marked(self) -> bool:
        """Whether anybody is to mark it: a main case, or one brought in for calibration."""
        return self.role in ("main", "calibration")


@dataclass(frozen=True, slots=True)
class Quota:
    """How many cases a stratum is to give: `wanted`, of which `take` can be had; then so many reserves."""

    wanted: int
    take: int
    reserves: int


def draw(
    frame: "Frame", candidates: "Candidates", quotas: Mapping[str, Quota], barred: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[DrawnCase, ...], tuple[Stratum, ...]]:
    """`cqa-ticket/1`: in each stratum the smallest tickets, then the next as reserves. Weighted: by ticket / weight.

    `barred` maps a handler, ignoring case, to the reviewers who may not mark that handler's cases. Gives all drawn
    cases in ticket order, and the strata in the order of their names. The order of the frame's cases changes nothing.
    """
    drawn: list[DrawnCase] = []
    told: list[Stratum] = []
    for size in frame.strata:
        quota = quotas[size.name]
        chosen = candidates.of(size.name)
        kept = chosen[: quota.take + quota.reserves]
        weights = _weights(chosen, size, quota, candidates.weighted)
        told.append(Stratum(size.name, size.size, size.eligible, quota.take, len(kept) - quota.take,
                            quota.wanted - quota.take))
        drawn.extend(
            DrawnCase(case.case_id, case.stratum, case.ticket, rank, "main" if rank <= quota.take else "reserve",
                      weights[rank - 1], case.handlers, _barred(case.handlers, barred), case.facts)
            for rank, (_, case) in enumerate(kept, start=1)
        )
    return tuple(sorted(drawn, key=lambda case: (case.ticket, case.case_id))), tuple(told)


def _weights(
    chosen: "list[tuple[Key, Case]]", size: "StratumSize", quota: Quota, weighted: bool
) -> list[Fraction]:
    """For each candidate how many cases of the frame it stands for as a main case, a reserve as one in its place."""
    if not weighted:
        return [Fraction(size.eligible, quota.take) if quota.take else Fraction(0)] * len(chosen)
    ordered = [WeightedCase(case.case_id, case.ticket, case.weight) for _, case in chosen]
    mains = estimation_weights(ordered, quota.take)
    return [*mains, *(Fraction(1) for _ in ordered[quota.take:])]


def _barred(handlers: tuple[str, ...], barred: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({name for handler in handlers for name in barred.get(handler.casefold(), ())}))

