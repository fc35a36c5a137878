"""What a trial found, in plain sentences: the verdict first, then what it rests on and what else the forms differ in.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from cqa.consistency.headlines import Headline
from cqa.consistency.readings import cases_said
from cqa.consistency.trials.apart import Apart
from cqa.consistency.trials.bands import Bands
from cqa.consistency.trials.data import FormData, TrialData
from cqa.consistency.trials.discrimination import FormDiscrimination
from cqa.consistency.trials.health import Kind, QuestionHealth
from cqa.consistency.trials.report import TrialReport
from cqa.consistency.trials.time import SIGNIFICANT, FormTime
from cqa.facts import how_many
from cqa.sampling.trial import BESIDE, MEASURED

_NAMED = 4


def trial_headlines(report: TrialReport) -> tuple[Headline, ...]:
    """The findings in the order in which a working group asks for them; those that have nothing to say are left out."""
    known = all(form.signed for form in report.data.forms)
    return tuple(Headline(about, says) for about, write in (*_HEADLINES, *(_FIGURES if known else ()))
                 if (says := write(report)))


def _verdict(report: TrialReport) -> str:
    return report.decision.words


def _forms(report: TrialReport) -> str:
    parent, variant = (_form(form) for form in report.data.forms)
    return (f"The variant, {variant}, was tried against the parent, {parent}. "
            f"{'The same cases were' if report.data.trial.design == 'crossover' else 'Different cases were'} marked "
            f"under both, by two reviewers each.")


def _form(form: FormData) -> str:
    return f"{form.name} ({form.title}; {how_many(len(form.scales), 'question')} on a scale)"


def _pairs(report: TrialReport) -> str:
    """Agreement as anybody counts it, and what the two coefficients are."""
    exact = report.difference.headline["exact"]
    if exact.parent is None or exact.variant is None:
        return ""
    return (f"Of 100 pairs of marks by two reviewers of one case, {_in_100(exact.variant)} were alike by the variant "
            f"and {_in_100(exact.parent)} by the parent, on the questions that compare. AC2 and alpha say the same "
            "less what chance alone would give: 1 is always alike, 0 is no better than chance. AC2 holds where nearly "
            "all marks are at the best level; alpha falls there, so neither alone is to be trusted.")


def _in_100(share: float) -> str:
    return f"{100 * share:.0f}"


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
    if parent.single.value is None or variant.single.value is None:
        return f"By the parent: {parent.reading} By the variant: {variant.reading}"
    told = " and ".join(f"{_share(one)} by the {one.form}" for one in (parent, variant))
    return (f"Of the variation in scores, what lies between cases and not between the markers of one case is {told}. "
            f"{_overlap(parent, variant)} {report.discrimination.reading} Sheet Telling cases apart.")


def _share(one: FormDiscrimination) -> str:
    low, high = one.single.low, one.single.high
    spread = f" (95% interval {low:.0%} to {high:.0%})" if low is not None and high is not None else ""
    return f"{one.single.value:.0%}{spread}"


def _overlap(parent: FormDiscrimination, variant: FormDiscrimination) -> str:
    """Whether the two shares can be told apart by their intervals; said only where they clearly can."""
    one, other = parent.single, variant.single
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return "Whether the two differ is not known."
    if one.low > other.high or other.low > one.high:
        return f"Whole cases are told apart better by the {'parent' if one.low > other.high else 'variant'}."
    return "The two are not clearly different."


def _bands(report: TrialReport) -> str:
    bands = report.bands
    alike = _both_alike(bands)
    if bands.why or not bands.moves:
        return f"{alike} {bands.why}".strip()
    alone = f" Only one form has {' and '.join(bands.alone)}, so a case that gets it counts as changed." \
        if bands.alone else ""
    total, changed, part = len(bands.moves), bands.count("changes"), bands.count("in part")
    return (f"{alike} From form to form {changed} of {cases_said(total)} change band, {part} more do for one of their "
            f"two markers.{alone} Sheet Band moves lists each.").strip()


def _both_alike(bands: Bands) -> str:
    """How often the two markers of a case gave it one band."""
    parent, variant = bands.forms
    if not parent.twice or not variant.twice:
        return ""
    apart = bands.together.difference
    if apart.value is None or apart.p is None:
        reading = "Whether that differs is not known."
    elif apart.p > SIGNIFICANT:
        reading = "That is no difference that the data can bear."
    else:
        reading = f"They agree more by the {'variant' if apart.value > 0 else 'parent'}."
    return (f"Both markers gave one band to {parent.alike} of {cases_said(parent.twice)} by the parent, and to "
            f"{variant.alike} of {variant.twice} by the variant. {reading}")


def _health(report: TrialReport) -> str:
    told = [f"Of the {form.form}'s {how_many(len(form.scales), 'question')}, {said}" for form in report.data.forms
            if (said := _findings([one for one in report.health if one.form == form.form]))]
    return f"{'. '.join(told)}. Sheet Question health." if told else "Nothing found in any question of either form."


def _findings(health: Sequence[QuestionHealth]) -> str:
    counts = Counter(kind for one in health for kind in {finding.kind for finding in one.findings})
    return "; ".join(f"{count} {_KINDS[kind]}" for kind, count in counts.most_common())


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
    data = report.data
    return " ".join(filter(None, (
        _still_open(data), _narrow(data), *_moved(report),
        f"Left out, without two signed marks: {cases_said(len(report.difference.left_out))}."
        if report.difference.left_out else "",
        _withdrawn(data), _amended(data),
        f"Marked by one person under both forms: {cases_said(len(data.balance.twice))}." if data.balance.twice else "",
        f"One form alone was used by {_some(data.balance.nested)}." if data.balance.nested else "")))


def _withdrawn(data: TrialData) -> str:
    if not data.withdrawn:
        return ""
    signed = f", {how_many(data.withdrawn_signed, 'assessment')} of them after sign-off: ask why" \
        if data.withdrawn_signed else ""
    return f"Withdrawn: {cases_said(len(data.withdrawn))}{signed}."


def _amended(data: TrialData) -> str:
    counts = [(form.form, sum(one.amended for one in form.assessed)) for form in data.forms]
    if not any(count for _, count in counts):
        return ""
    return f"Changed after sign-off: {' and '.join(f'{count} by the {form}' for form, count in counts)}."


def _still_open(data: TrialData) -> str:
    if not data.open:
        return ""
    owed = Counter(one.reviewer for form in data.forms for one in form.assessed if not one.signed)
    names = _some([f"{name} {count}" for name, count in sorted(owed.items(), key=lambda one: (-one[1], one[0]))])
    return (f"Not signed off: {how_many(data.open, 'assessment')} ({names}). The figures are of what there is so far, "
            "and looking at them must not decide when to stop.")


def _narrow(data: TrialData) -> str:
    """How much of both forms the verdict speaks of."""
    variant, parent = len(data.variant.scales), len(data.parent.scales)
    theirs = len({name for one in data.matched for name in one.parents})
    told = (f"The verdict rests on {len(data.matched)} of the variant's {variant} questions, held against {theirs} of "
            f"the parent's {parent}.") if len(data.matched) < variant or theirs < parent else ""
    coarse = " They compare only at the split between the best level and all below it." \
        if all(one.coarse for one in data.matched) else ""
    return f"{told}{coarse}".strip()


def _moved(report: TrialReport) -> Iterator[str]:
    """What else differs between the forms, where it is clear."""
    reading = report.strictness.reading
    if reading in _STRICT:
        yield f"{reading[:1].upper()}{reading[1:]}: results by it are not those of before."
    if changed := report.bands.count("changes"):
        yield f"{changed} of {cases_said(len(report.bands.moves))} change band."


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


_STRICT = ("the variant is more lenient", "the variant is stricter")
_KINDS: Mapping[Kind, str] = {
    "too few": "have too few answers to tell", "never used": "have a level nobody used",
    "one level": "are nearly always at one level", "low agreement": "have low agreement",
    "asked twice": "are answered as another question is", "off the scale": "are often answered off the scale"}

_HEADLINES: tuple[tuple[str, Callable[[TrialReport], str]], ...] = (
    ("Verdict", _verdict), ("In plain figures", _pairs), ("Before you rely on it", _care), ("The two forms", _forms))
_FIGURES: tuple[tuple[str, Callable[[TrialReport], str]], ...] = (
    ("Agreement", _agreement), ("What was compared", _not_compared), ("Strictness", _strictness), ("Time", _time),
    ("Good casework and poor", _discrimination), ("Bands", _bands), ("Questions to look at", _health),
    ("What reviewers said", _said))
