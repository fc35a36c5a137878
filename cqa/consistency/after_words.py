"""What came after the marks, in the plain sentences of a report's first lines."""

from collections import Counter
from collections.abc import Sequence

from cqa.consistency.readings import cases_said
from cqa.consistency.report import ConsistencyReport

_MOST = 3


def moderation_said(report: ConsistencyReport) -> str:
    """How many differing cases are settled, why marks differed, and where the rubric is to change; empty where there is
    nothing to moderate."""
    after = report.after
    if not after.due and not after.settled:
        return ""
    told = [f"{after.done} of {cases_said(after.due)} whose two markers differ are settled."]
    causes = Counter(one.cause for one in after.settled if one.cause)
    if causes:
        often = ", ".join(f"{after.causes_in_words.get(code, code).lower()} {count}"
                          for code, count in causes.most_common(_MOST))
        told.append(f"Why marks differed: {often}. Sheet Causes.")
    changing = [one.question for one in after.causes if one.change_rubric]
    if changing:
        told.append(f"Moderation asks to change the rubric at {names_said(changing)}.")
    return " ".join(told)


def feedback_said(report: ConsistencyReport) -> str:
    """On how many cases feedback was given, what was disputed, and how many actions are done; empty where none is due.
    """
    counts = report.after.feedback.counts
    if not counts.due:
        return ""
    told = [f"Feedback was given on {counts.given} of {cases_said(counts.due)} that everyone has signed off, and seen "
            f"on {counts.seen}; {counts.overdue} overdue."]
    if counts.replies:
        told.append(f"Of {counts.replies} answers {counts.disputes} disagree with a mark, "
                    f"{counts.disputes - counts.decided} of them undecided. Sheet Disputes.")
    if counts.actions:
        told.append(f"{counts.done} of {counts.actions} actions are done, {counts.actions_overdue} overdue. Sheet "
                    "Actions.")
    return " ".join(told)


def names_said(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - _MOST
    return f"{', '.join(names[:_MOST])} and {more} more" if more > 0 else ", ".join(names)
