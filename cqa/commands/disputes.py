"""What is doubtful of a case's marks: devices that disagree, journals that are not here, texts nobody typed."""

from collections.abc import Iterator

from cqa.errors import Problem
from cqa.facts import how_many
from cqa.marking.replay import Assessment
from cqa.whole import is_whole


def disputes(assessment: Assessment, reviewer: str, where: str) -> tuple[Problem, ...]:
    """What devices of one reviewer left side by side on a case, what is missing of it and unreadable, as warnings."""
    told: list[tuple[str, str, str]] = []
    case, beside = assessment.case_id, ", ".join((*assessment.disputed, *assessment.unsigned))
    if beside and assessment.signed_at:
        told.append(("J009", f"Case '{case}' was signed off by {reviewer}, and another device of theirs, which had not "
                     f"seen it, has something else for {beside}. What was signed counts; the rest is kept beside it.",
                     "If the change was meant, it is an amendment."))
    elif beside:
        told.append(("J009", f"Two devices of {reviewer} left different marks on case '{case}': {beside}.",
                     "The reviewer settles it by marking again; giving the standing mark once more is enough."))
    if assessment.missing:
        names = how_many(len(assessment.missing), "event")
        told.append(("J012", f"The sign-off of case '{case}' by {reviewer} names {names} not here: "
                     f"{', '.join(assessment.missing[:5])}.",
                     "A journal of another device is missing or shorter than it was, or a line is damaged: bring a "
                     "copy back with cqa collect, or look at the case again with cqa amend."))
    if not is_whole("\n".join(_texts(assessment))):
        halves = sum(not is_whole(text) for text in _texts(assessment))
        told.append(("J028", f"{how_many(halves, 'text')} of {reviewer} on case '{case}' with half a character (a lone "
                     "surrogate), which cqa never keeps: it is shown as U+FFFD.",
                     "Another program wrote the journal: find out which, and ask the reviewer what was meant."))
    return tuple(Problem(code, message, remedy, where, severity="warning") for code, message, remedy in told)


def _texts(assessment: Assessment) -> Iterator[str]:
    for mark in assessment.marks.values():
        yield from (mark.value, mark.reason, mark.evidence)
    yield from assessment.facts.values()
    yield from (assessment.urgent, assessment.amending, assessment.band_dispute)
