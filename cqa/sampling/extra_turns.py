"""Marks beside the first and the random second one: on calibration cases, triggered second looks, dip-samples.

None of them is ever part of results or of agreement: whoever is looked at because of a mark is no random case.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from cqa.sampling.ticket import ticket

CALIBRATION, TRIGGERED, DIP = "calibration", "triggered", "dip"
EXTRA_TURNS = (CALIBRATION, TRIGGERED, DIP)
DIP_RULE = "cqa-dip/1"

TRIGGERS: Mapping[str, str] = {
    "low_overall": "The overall result is low",
    "urgent": "An urgent concern was raised",
    "asked_for": "It was asked for",
    "reply": "The handler disagrees with a mark",
}
"""Why a case is marked a second time though the draw did not choose it: the code that is kept, and its words."""

Signed = tuple[str, str]
"""A signed-off assessment: its case and its reviewer."""


def dip_ticket(seed: str, signed: Signed) -> str:
    """64 hex digits: SHA-256 of `seed/dip|case|reviewer`, the reviewer in lower case."""
    case_id, reviewer = signed
    return ticket(seed, f"{case_id}|{reviewer.casefold()}", "dip")


def dip_drawn(seed: str, population: Iterable[Signed], wanted: int) -> tuple[Signed, ...]:
    """`cqa-dip/1`: of signed-off assessments (not of cases) those with the smallest tickets, at most `wanted`."""
    return tuple(sorted(population, key=lambda one: (dip_ticket(seed, one), one))[:wanted])


def dip_takers(drawn: Sequence[Signed], seed: str, free: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Who of the second line marks each case drawn: whoever is free for it and has the fewest, ties by name; nobody
    where none is. `free` holds for each case the names of those who may mark it."""
    load: dict[str, int] = {}
    given: dict[str, str] = {}
    for case_id, _ in drawn:
        names = sorted(free.get(case_id, ()))
        if case_id in given or not names:
            continue
        taker = min(names, key=lambda name: (load.get(name, 0), name))
        given[case_id] = taker
        load[taker] = load.get(taker, 0) + 1
    return given


def calibration_order(seed: str, reviewer: str, cases: Iterable[str]) -> tuple[str, ...]:
    """`cqa-calibration/1`: in which order cases with reference marks come to a reviewer: by SHA-256 of
    `seed/calibration|reviewer|case`, the reviewer in lower case."""
    return tuple(sorted(cases, key=lambda case_id: (ticket(seed, f"{reviewer.casefold()}|{case_id}", "calibration"),
                                                    case_id)))
