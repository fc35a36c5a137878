"""The draw: which cases of each stratum are looked at, in the order of their tickets."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from cqa.sampling.frame import Case, Frame
from cqa.sampling.ticket import ticket


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum as drawn. `take` is what was taken; `shortfall` what was wanted beyond it."""

    name: str
    size: int
    eligible: int
    take: int
    reserves: int
    shortfall: int


@dataclass(frozen=True, slots=True)
class DrawnCase:
    """A case of the sample. `weight` is how many cases of the stratum a main case stands for (N/n)."""

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


def draw(
    frame: Frame, seed: str, take: int, reserves: int, barred: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[DrawnCase, ...], tuple[Stratum, ...]]:
    """`cqa-ticket/1`: in each stratum the `take` smallest tickets, then the next `reserves` as reserves.

    `barred` maps a handler, ignoring case, to the reviewers who may not mark that handler's cases. Gives all drawn
    cases in ticket order, and the strata in the order of their names. The order of the frame's cases changes nothing.
    """
    strata: dict[str, list[tuple[str, Case]]] = defaultdict(list)
    for case in frame.cases:
        strata[case.stratum].append((ticket(seed, case.case_id), case))
    drawn: list[DrawnCase] = []
    told: list[Stratum] = []
    for name in sorted(strata):
        ordered = sorted(strata[name], key=lambda pair: (pair[0], pair[1].case_id))
        taken = min(take, len(ordered))
        chosen = ordered[: take + reserves]
        weight = Fraction(len(ordered), taken) if taken else Fraction(0)
        told.append(Stratum(name, len(ordered), len(ordered), taken, len(chosen) - taken, take - taken))
        drawn.extend(
            DrawnCase(case.case_id, name, value, rank, "main" if rank <= taken else "reserve", weight,
                      case.handlers, _barred(case.handlers, barred), case.facts)
            for rank, (value, case) in enumerate(chosen, start=1)
        )
    return tuple(sorted(drawn, key=lambda case: (case.ticket, case.case_id))), tuple(told)


def _barred(handlers: tuple[str, ...], barred: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({name for handler in handlers for name in barred.get(handler.casefold(), ())}))
