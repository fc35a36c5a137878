"""What devices of one reviewer, and journals that are not here, leave undecided on a case."""

from cqa.errors import Problem
from cqa.marking.replay import Assessment


def disputes(assessment: Assessment, reviewer: str, where: str) -> tuple[Problem, ...]:
    """What devices of one reviewer left side by side on a case, as warnings."""
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
        told.append(("J012", f"The sign-off of case '{case}' by {reviewer} names {len(assessment.missing)} events that "
                     f"are not here: {', '.join(assessment.missing[:5])}.",
                     "A journal of another device is missing, or is shorter than it was: put it beside the others."))
    return tuple(Problem(code, message, remedy, where, severity="warning") for code, message, remedy in told)
