"""Who shares cases with whom."""

from collections.abc import Sequence

from cqa.consistency.crossed import ScoredMark


def partners_said(partners: dict[str, int]) -> str:
    """`ann (12 shared cases), bob (1 shared case)`."""
    return ", ".join(f"{name} ({count} shared {'case' if count == 1 else 'cases'})" for name, count in partners.items())


def partners_of(marks: Sequence[ScoredMark]) -> dict[str, dict[str, int]]:
    """For everyone who shares a case, with whom and how many."""
    by_case: dict[str, list[str]] = {}
    for mark in marks:
        by_case.setdefault(mark.case, []).append(mark.reviewer)
    found: dict[str, dict[str, int]] = {}
    for names in by_case.values():
        for name in names:
            for other in names:
                if other != name:
                    met = found.setdefault(name, {})
                    met[other] = met.get(other, 0) + 1
    return {name: dict(sorted(met.items())) for name, met in found.items()}
