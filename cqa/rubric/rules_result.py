"""Checks of what marks come to: critical questions that change nothing, and cases that no band is given to."""

from collections.abc import Iterator

from cqa.rubric.checking import Checked, Found
from cqa.rubric.model import ALWAYS, AllOf, AnyOf, Condition, CriticalFailed, Not


def critical_in_vain(checked: Checked) -> Iterator[Found]:
    """R067: a critical question, and bands none of which asks whether one failed."""
    bands = checked.rubric.bands
    if not bands or any(_asks_for_failures(band.when) for band in bands):
        return
    for question in checked.rubric.questions:
        if question.critical:
            yield Found("R067", checked.places.question(question.id, "critical"), f"'{question.id}' is critical, and "
                        "no band asks for it, so its failure changes no band.", "Begin the bands with one of "
                        "when: {critical_failed: true}.", question=question.id)


def _asks_for_failures(condition: Condition) -> bool:
    if isinstance(condition, AllOf | AnyOf):
        return any(map(_asks_for_failures, condition.parts))
    return _asks_for_failures(condition.part) if isinstance(condition, Not) else isinstance(condition, CriticalFailed)


def fails_at_its_best(checked: Checked) -> Iterator[Found]:
    """R068: a critical question that fails the case at the best level of its scale."""
    for question in checked.rubric.questions:
        if question.scale and question.scale.levels and question.scale.levels[0].id in question.fails_on:
            best = question.scale.levels[0]
            yield Found("R068", checked.places.question(question.id, "critical", "fails_on"), f"'{question.id}' fails "
                        f"the case at '{best.id}', the best level of its scale.", "Name only levels that are too low.",
                        question=question.id)


def no_band_at_all(checked: Checked) -> Iterator[Found]:
    """R069: bands of which none is for all the cases that are left."""
    bands = checked.rubric.bands
    if bands and bands[-1].when != ALWAYS:
        yield Found("R069", checked.places.band(len(bands) - 1), "A case for which no band's condition holds gets no "
                    "band.", "End with a band that is given otherwise: true.")


RULES = (critical_in_vain, fails_at_its_best, no_band_at_all)
