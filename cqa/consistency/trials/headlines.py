"""What a trial found, in plain sentences: the verdict first, then what it rests on and what else the forms differ in.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from cqa.consistency.headlines import Headline
from cqa.consistency.readings import cases_said
from cqa.consistency.trials.apart import Apart
from cqa.consistency.trials.data import FormData
from cqa.consistency.trials.health import Kind, QuestionHealth
from cqa.consistency.trials.report import TrialReport
from cqa.consistency.trials.time import FormTime
from cqa.facts import how_many
from cqa.sampling.trial import BESIDE, MEASURED

_NAMED = 4


def trial_headlines(report: TrialReport) -> tuple[Headline, ...]:
    """The findings in the order in which a working group asks for them; those that have nothing to say are left out."""
    return tuple(Headline(about, says) for about, write in _HEADLINES if (says := write(report)))


def _verdict(report: TrialReport) -> str:
    return report.decision.words


def _forms(report: TrialReport) -> str:
    parent, variant = (_form(form) for form in report.data.forms)
    return (f"The variant, {variant}, was tried against the parent, {parent}. "
            f"{'The same cases were' if report.data.trial.design == 'crossover' else 'Different cases were'} marked "
            f"under both, by two reviewers each.")


def _form(form: FormData) -> str:
    return f"{form.name} ({form.title}; {how_many(len(form.scales), 'question')} on a scale)"


def _agreement(report: TrialReport) -> str:
    rule, found = report.data.trial.verdict, report.difference
    told = [_apart(f"The mean of {MEASURED[name]}", found.headline[name]) for name in (rule.measure,
                                                                                    BESIDE[rule.measure])]
    if found.below_best.difference is not None:
        told.append(_apart("Agreement on what is below the best level", found.below_best))
    return f"{' '.join(told)} Sheet Agreement by form."


def _apart(what: str, one: Apart) -> str:
    if one.parent is None or one.variant is None:
        return f"{what} is {one.why}."
    values = f"{what} is {one.parent:.2f} by the parent and {one.variant:.2f} by the variant"
    if one.low is None or one.high is None:
        return f"{values}; there is {one.why}."
    return f"{values}: {one.difference:+.2f}, 95% interval {one.low:+.2f} to {one.high:+.2f}."


def _strictness(report: TrialReport) -> str:
    found = report.strictness.overall
    if found.parent is None or found.variant is None:
        return f"Not said, {found.difference.why}."
    spread = found.difference
    told = f", 95% interval {100 * spread.low:+.0f} to {100 * spread.high:+.0f}" \
        if spread.low is not None and spread.high is not None else ""
    return (f"The best level was given to {found.parent:.0%} by the parent and {found.variant:.0%} by the variant, "
            f"over {how_many(found.questions, 'question')} that compare ({100 * (spread.value or 0):+.0f} "
            f"points{told}): {report.strictness.reading}. Sheet Strictness.")


def _time(report: TrialReport) -> str:
    parent, variant = report.times.forms
    if parent.median is None or variant.median is None:
        return "Minutes are not known: the journals tell too few."
    ratio = report.times.variant
    spread = f", 95% interval {ratio.low:.2f} to {ratio.high:.2f}" if ratio.low is not None and ratio.high is not None \
        else ""
    times = f" Within each reviewer the variant takes {ratio.value:.2f} times as long{spread}." if ratio.value else ""
    return (f"Half the assessments took {_minutes(parent)} or more by the parent, {_minutes(variant)} by the variant."
            f"{times} {report.times.variant_reading}")


def _minutes(one: FormTime) -> str:
    return f"{one.median:.1f} minutes"


def _discrimination(report: TrialReport) -> str:
    parent, variant = report.discrimination.forms
    return f"By the parent: {parent.reading} By the variant: {variant.reading} {report.discrimination.reading}"


def _bands(report: TrialReport) -> str:
    bands = report.bands
    if bands.why or not bands.moves:
        return bands.why
    alone = f" One form alone has: {', '.join(bands.alone)}; to get it is to change." if bands.alone else ""
    return (f"{bands.count('changes')} of {cases_said(len(bands.moves))} change band from form to form, "
            f"{bands.count('in part')} in part (the bands of their markers overlap).{alone} Sheet Band moves lists "
            "each.")


def _health(report: TrialReport) -> str:
    told = [f"Questions of the {form.form}: {said}" for form in report.data.forms
            if (said := _findings([one for one in report.health if one.form == form.form]))]
    return f"{'. '.join(told)}. Sheet Question health." if told else "Nothing found in any question of either form."


def _findings(health: Sequence[QuestionHealth]) -> str:
    counts = Counter(kind for one in health for kind in {finding.kind for finding in one.findings})
    return ", ".join(f"{_KINDS[kind]} {count}" for kind, count in counts.most_common())


def _said(report: TrialReport) -> str:
    answers = len(report.said.answers)
    return f"{how_many(answers, 'answer')} about the forms, word for word. Sheet What reviewers said." \
        if answers else "Nobody answered the questions about the forms."


def _not_compared(report: TrialReport) -> str:
    counts = Counter(one.form for one in report.data.unmatched)
    told = " and ".join(f"{count} of the {form}" for form, count in counts.items())
    compared = ", ".join(one.question for one in report.data.matched)
    rest = f"Not comparable, and never averaged in: {told}. Sheet Map says why." if told else "Every question compares."
    return f"Compared: {how_many(len(report.data.matched), 'question')} ({compared}). {rest}"


def _care(report: TrialReport) -> str:
    """What must be known before anybody relies on it."""
    data, told = report.data, []
    if data.open:
        told.append(f"{how_many(data.open, 'assessment')} not signed off: the figures are of what there is so far, and "
                    "looking at them now must not decide when to stop.")
    if report.difference.left_out:
        told.append(f"{how_many(len(report.difference.left_out), 'case')} left out, without two signed marks.")
    if data.withdrawn:
        told.append(f"Withdrawn: {how_many(len(data.withdrawn), 'case')}.")
    if data.balance.nested:
        told.append(f"One form alone was used by {', '.join(data.balance.nested[:_NAMED])}"
                    f"{' and others' if len(data.balance.nested) > _NAMED else ''}.")
    if all(one.coarse for one in data.matched):
        told.append("Only the split between the best level and all below it is compared: the levels of the two forms "
                    "do not mean the same one by one.")
    return " ".join(told)


def _power(report: TrialReport) -> str:
    return report.data.trial.power


_KINDS: Mapping[Kind, str] = {
    "too few": "too few answers to tell", "never used": "a level never used", "one level": "nearly always one level",
    "low agreement": "low agreement", "asked twice": "always as another question",
    "off the scale": "often off the scale"}

_HEADLINES: tuple[tuple[str, Callable[[TrialReport], str]], ...] = (
    ("Verdict", _verdict), ("Before you rely on it", _care), ("The two forms", _forms), ("Agreement", _agreement),
    ("What was compared", _not_compared), ("Strictness", _strictness), ("Time", _time),
    ("Good casework and poor", _discrimination), ("Bands", _bands), ("Questions to look at", _health),
    ("What reviewers said", _said), ("Said before anything was marked", _power))
