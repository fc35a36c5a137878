"""What was found, in plain sentences made from the figures with their uncertainty, and how far each may be relied on.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cqa.consistency.after_words import feedback_said, moderation_said, names_said
from cqa.consistency.completion import Completion
from cqa.consistency.marks import QuestionScale
from cqa.consistency.plans import periods_said, plan_told
from cqa.consistency.questions import BELOW, QuestionAgreement
from cqa.consistency.readings import ENOUGH_PAIRS, cases_said, marks_said
from cqa.consistency.report import ConsistencyReport
from cqa.consistency.results import QuestionResult
from cqa.consistency.reviewers import LENIENT, NOT_ENOUGH, SEVERE, ReviewerResult

ENOUGH_BELOW = 10
"""Of fewer marks below the top it is not said how often the other reviewer was below it too."""
_HIGH, _LOW = 0.8, 0.6
"""Agreement in so many pairs hides a difference where, below the top, it is met in no more than so few."""
_MOST = 3
_ASK = 90


@dataclass(frozen=True, slots=True)
class Headline:
    """One finding: what it is about, in a few words, and the sentences."""

    about: str
    says: str

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"about": self.about, "says": self.says}


def headlines(report: ConsistencyReport) -> tuple[Headline, ...]:
    """The findings in the order in which a team leader asks for them; those that have nothing to say are left out."""
    return tuple(Headline(about, says) for about, write in _HEADLINES if (says := write(report)))


def _done(report: ConsistencyReport) -> str:
    said = report.coverage
    if not said.get("drawn"):
        return ""
    return (f"{said['assessed']} of {said['drawn']} main cases are signed off by their first marker; "
            f"{said.get('second_marked', 0)} of {said.get('second_due', 0)} cases chosen for a second mark are signed "
            f"off by both markers.{_gone(report)}")


def _gone(report: ConsistencyReport) -> str:
    """How many cases were replaced, and withdrawn, and that some of these had been signed off."""
    said = report.coverage
    replaced, withdrawn, signed = (said.get(key) or 0 for key in ("replaced", "withdrawn", "withdrawn_signed"))
    told = f" Replaced: {replaced}." if replaced else ""
    if not withdrawn:
        return told
    return f"{told} Withdrawn: {withdrawn}{f', of which {signed} had been signed off' if signed else ''}."


def _not_done(report: ConsistencyReport) -> str:
    if not report.completion:
        return ""
    first = _owed(report.completion, lambda one: one.open)
    second = _owed(report.completion, lambda one: one.second_open)
    told = [f"{total} to be signed off by the first marker ({names})" for total, names in (first,) if total]
    told += [f"{total} second marks to be signed off ({names})" if total > 1 else
             f"1 second mark to be signed off ({names})" for total, names in (second,) if total]
    unfed = (report.coverage.get("feedback_due") or 0) - (report.coverage.get("feedback_given") or 0)
    told += [f"feedback on {cases_said(unfed)}"] if unfed else []
    if not told:
        return "Nothing: every case and every second mark that was given to somebody is signed off."
    owed = " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))
    late = f" Overdue: {count}." if (count := report.coverage.get("overdue")) else ""
    return f"Still owed: {owed}.{late} {'Sheets Completion and Coverage' if unfed else 'Sheet Completion'}."


def _plan(report: ConsistencyReport) -> str:
    if not report.plan:
        return ""
    return f"Wanted: {plan_told(report.plan[0])}. Signed off: {' '.join(periods_said(report.plan))} Sheet Plan."


def _owed(completion: Sequence[Completion], owes: Callable[[Completion], int]) -> tuple[int, str]:
    found = [(one.reviewer, owes(one)) for one in completion if owes(one)]
    found.sort(key=lambda pair: -pair[1])
    shown = ", ".join(f"{name} {count}" for name, count in found[:_MOST])
    rest = sum(count for _, count in found[_MOST:])
    return sum(count for _, count in found), f"{shown}, others {rest}" if rest else shown


def _casework(report: ConsistencyReport) -> str:
    known = sorted(_borne(report), key=lambda one: one.rate or 0.0)
    if not known:
        return ""
    worst = "; ".join(_result_said(report, one) for one in known[:_MOST])
    best = known[-1]
    return (f"Least often at the best level: {worst}. Most often: {_result_said(report, best)}."
            f"{_told_apart(known)} Sheet Results.")


def _borne(report: ConsistencyReport) -> list[QuestionResult]:
    """The questions whose share has an interval: without one nobody knows how far it carries."""
    return [one for one in report.results if one.rate is not None and one.share.low is not None]


def _result_said(report: ConsistencyReport, one: QuestionResult) -> str:
    share = one.share
    return f"{_question(report, one.scale)} {_percent(share.rate)}{_spread(share.low, share.high)}"


def _told_apart(known: Sequence[QuestionResult]) -> str:
    """How many questions could as well be the lowest, by their intervals."""
    high = known[0].share.high
    others = sum(one.share.low is not None and high is not None and one.share.low <= high for one in known[1:])
    if not others:
        return ""
    verb = "does" if others == 1 else "do"
    return f" The intervals of {others} more {_noun(others)} {verb} not lie clear of the lowest."


def _noun(count: int) -> str:
    return "question" if count == 1 else "questions"


def _fails(report: ConsistencyReport) -> str:
    failures = report.critical_failures
    if not failures:
        return ""
    cases = len({(one.row.sample, one.row.case_id) for one in failures})
    return f"{marks_said(len(failures)).capitalize()} on {cases_said(cases)} that fail the whole case. Sheet " \
           "Critical failures names each."


def _agreement(report: ConsistencyReport) -> str:
    told = []
    for one in report.overall:
        figure = one.exact.figure
        if figure.value is not None:
            which = f" of {one.rubric} {one.version}" if report.mixed else ""
            told.append(f"On average over {one.exact.questions} questions{which}, two reviewers of one case gave the "
                        f"same mark in {_percent(figure.value)} of pairs{_spread(figure.low, figure.high)}.")
    return " ".join(told)


def enough(report: ConsistencyReport) -> list[QuestionAgreement]:
    """The questions whose agreement may be told, least agreement first."""
    known = [one for one in report.agreement if one.pairs >= ENOUGH_PAIRS and one.exact is not None]
    return sorted(known, key=lambda one: one.exact or 0.0)


def _least(report: ConsistencyReport) -> str:
    known = enough(report)
    if not known:
        return ""
    worst = known[0]
    same = worst.pairs - worst.differing
    told = (f"{_question(report, worst.scale, ask=True)}: two reviewers gave the same mark in {same} of {worst.pairs} "
            f"pairs, {_percent(worst.exact)}{_spread(worst.exact_low, worst.exact_high)}.")
    close = [one for one in known[1:] if one.exact_low is not None and worst.exact_high is not None
             and one.exact_low <= worst.exact_high]
    next_ones = ", ".join(f"{report.name_of(one.scale)} {_percent(one.exact)}" for one in known[1:1 + _MOST])
    then = f" Then {next_ones}." if next_ones else ""
    unsure = (f" The intervals of {len(close)} other {_noun(len(close))} overlap with it: it is among the least "
              "consistent, and not surely the very last.") if close else ""
    return f"{told}{then}{unsure} Sheet Agreement."


def _hidden(report: ConsistencyReport) -> str:
    """Questions with high agreement that is agreement on the top level alone."""
    found = [one for one in report.agreement if one.pairs >= ENOUGH_PAIRS and (one.exact or 0) >= _HIGH
             and one.below_top >= ENOUGH_BELOW and (share := one.specific.get(BELOW)) is not None and share <= _LOW]
    found.sort(key=lambda one: one.specific[BELOW] or 0.0)
    told = [f"{_question(report, one.scale)}: reviewers agree in {_tenths(one.exact or 0.0)}, but when one marks below "
            f"the top the other does so in only {_tenths(one.specific[BELOW] or 0.0)} ({one.below_top} marks below)"
            for one in found[:_MOST]]
    more = f" {len(found) - _MOST} more: see the sheet." if len(found) > _MOST else ""
    return f"{'; '.join(told)}.{more} Sheet Specific agreement." if told else ""


def _tenths(share: float) -> str:
    return f"{min(9, max(0, round(10 * share)))} of 10 cases" if share < 1 else "all cases"


def _severity(report: ConsistencyReport) -> str:
    known = [one for one in report.reviewers if one.severity.value is not None]
    if not known:
        return ""
    top = max(known, key=lambda one: one.severity.value or 0.0)
    bottom = min(known, key=lambda one: one.severity.value or 0.0)
    told = [_reviewer_said("Most severe", top, SEVERE)]
    if bottom is not top:
        told.append(_reviewer_said("Most lenient", bottom, LENIENT))
    scattered = [one.reviewer for one in report.reviewers if one.scattered]
    if scattered:
        told.append(f"Marks scatter further than the others': {', '.join(scattered)}.")
    return f"{' '.join(told)} Severity is not error: only a reference mark can say who is right. Sheet Reviewers."


def _reviewer_said(lead: str, one: ReviewerResult, kind: str) -> str:
    severity = one.severity
    points = severity.value or 0.0
    side = "lower" if points > 0 else "higher"
    spread = f" (95% interval {abs_range(severity.low, severity.high)})" if severity.low is not None else ""
    told = (f"{lead}: {one.reviewer}, whose marks are {abs(points):.1f} points of 100 {side} than the panel's would be "
            f"on the same cases{spread}")
    if one.kind == kind:
        return f"{told}; that is {kind} beyond the margin and beyond chance."
    if one.kind == NOT_ENOUGH:
        return f"{told}; too few shared cases to call that anything."
    return f"{told}; that is no difference that the data can bear."


def abs_range(low: float | None, high: float | None) -> str:
    """An interval of a difference, in points, smaller size first where both ends lie on one side of 0."""
    if low is None or high is None:
        return "not given"
    if high < 0:
        low, high = -high, -low
    return f"{low:.1f} to {high:.1f}"


def _rely(report: ConsistencyReport) -> str:
    told = []
    assessed = report.coverage.get("assessed") or 0
    rates = len(_borne(report))
    if rates:
        told.append(f"shares of the best level for {rates} of {len(report.results)} questions, within their intervals, "
                    f"from {cases_said(assessed)}")
    known = enough(report)
    if known:
        told.append(f"agreement on {len(known)} of {len(report.agreement)} questions ({ENOUGH_PAIRS} pairs or more)")
    classed = [one for one in report.reviewers if one.severity.value is not None and one.kind != NOT_ENOUGH]
    if classed:
        fewest = min(one.severity.cases for one in classed)
        told.append(f"severity of {len(classed)} of {len(report.reviewers)} reviewers, each on {fewest} shared cases "
                    "or more")
    return f"{'; '.join(told).capitalize()}." if told else ""


def _not_rely(report: ConsistencyReport) -> str:
    return " ".join(_doubtful(report))


def _doubtful(report: ConsistencyReport) -> Iterator[str]:
    if not (report.coverage.get("assessed") or 0):
        yield "Anything yet: no assessment is signed off, so there are no figures."
        return
    few = sum(one.pairs < ENOUGH_PAIRS for one in report.agreement)
    if few == len(report.agreement) and few:
        yield f"Agreement on any single question: none has {ENOUGH_PAIRS} pairs of marks."
    elif few:
        yield f"Agreement on {few} of {len(report.agreement)} questions, which have fewer than {ENOUGH_PAIRS} pairs."
    unborne = len(report.results) - len(_borne(report))
    if unborne:
        yield f"Shares for {unborne} {_noun(unborne)} with too few cases for a share with an interval."
    unclear = [one.reviewer for one in report.reviewers if one.kind == NOT_ENOUGH]
    if unclear:
        yield f"Severity of {names_said(unclear)}: too few shared cases."
    if uncleared := report.after.uncleared:
        told = [f"{name} ({state})" for name, state in uncleared.items()]
        yield f"Marks of reviewers without clearance on calibration cases: {names_said(told)}. Sheet Calibration."
    if not report.panel.fit.connected and report.panel.fit.components:
        yield "Comparing reviewers between groups that no shared case connects."
    owed = sum(one.open for one in report.completion)
    if owed:
        yield f"That the {cases_said(owed)} not signed off are like the others: nothing here is known of them."
    if report.left_out:
        yield "That all marks are in: some records could not be used. Sheet Left out."
    if report.mixed:
        yield "Comparing questions across versions of the rubric: see which one each figure names."


def _question(report: ConsistencyReport, scale: QuestionScale, *, ask: bool = False) -> str:
    """The question's id, with its first words in brackets; with `ask` more of them."""
    most = _ASK if ask else _ASK // 2
    text = " ".join(scale.ask.split())
    if len(text) > most:
        text = text[:most].rsplit(" ", 1)[0] + " ..."
    return f"{report.name_of(scale)} ({text})"


def _percent(share: float | None) -> str:
    return "not known" if share is None else f"{share:.0%}"


def _spread(low: float | None, high: float | None) -> str:
    return f" ({low:.0%} to {high:.0%})" if low is not None and high is not None else ""


_HEADLINES: tuple[tuple[str, Callable[[ConsistencyReport], str]], ...] = (
    ("What was done", _done),
    ("What has not been done", _not_done),
    ("What the plan wanted", _plan),
    ("Least consistently marked", _least),
    ("Agreement as a whole", _agreement),
    ("Where agreement hides a difference", _hidden),
    ("What moderation found", moderation_said),
    ("Who is severe or lenient", _severity),
    ("What the casework shows", _casework),
    ("What fails whole cases", _fails),
    ("What handlers were told", feedback_said),
    ("What may be relied on", _rely),
    ("What may not be relied on", _not_rely),
)
