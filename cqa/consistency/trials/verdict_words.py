"""The verdict of a trial in one or two sentences that a manager can act on."""

from collections.abc import Iterator
from math import ceil

from cqa.consistency.readings import cases_said
from cqa.consistency.trials.apart import Apart
from cqa.consistency.trials.data import PARENT, VARIANT, TrialData
from cqa.consistency.trials.rule import large_enough, within
from cqa.facts import how_many
from cqa.sampling.trial import BESIDE, MEASURED, Verdict

MOST_CASES = 1000
"""No trial will have more cases than this: it is said in words."""


def signed(value: float | None) -> str:
    """A difference with its sign, to three places; in words where there is none."""
    return "not defined" if value is None else f"{value:+.3f}"


def spread_said(interval: tuple[float, float] | None) -> str:
    """An interval of a difference."""
    return "none" if interval is None else f"{signed(interval[0])} to {signed(interval[1])}"


def told(outcome: str, data: TrialData, main: Apart, beside: Apart) -> Iterator[str]:
    """The sentences of an outcome: what to do, what it rests on, and what it would take."""
    if outcome == "teams":
        yield ("No verdict: the two forms were marked by different reviewers, so this compares teams, not forms, and "
               "more cases would not change that.")
        yield "To compare forms, design a trial in which every reviewer uses both."
    elif outcome == "not yet":
        yield f"Not yet: {_owed(data)}. The rule is applied once every assessment is signed off or withdrawn."
    elif outcome == "cannot tell":
        yield from _cannot_tell(data, main, beside)
    else:
        yield _alike(data.trial.verdict, main) if outcome == "alike" else _taken(outcome, data, main)
        if 2 * main.questions < len(data.matched):
            yield f"That speaks of only {main.questions} of the {how_many(len(data.matched), 'question')} that compare."


def _owed(data: TrialData) -> str:
    bare = [form.form for form in data.forms if not form.assessed]
    if bare:
        return f"nothing was given out to be marked by the {' and the '.join(bare)}"
    return f"{how_many(data.open, 'assessment')} {'is' if data.open == 1 else 'are'} not signed off"


def _taken(outcome: str, data: TrialData, main: Apart) -> str:
    form, other = (data.variant, PARENT) if outcome == VARIANT else (data.parent, VARIANT)
    low, high = sorted(abs(end) for end in main.interval or (0.0, 0.0))
    return (f"Take the {outcome} {form.name}: {MEASURED[data.trial.verdict.measure]}, on average over "
            f"{how_many(main.questions, 'question')}, is {abs(main.difference or 0.0):.3f} higher with it than with "
            f"the {other} (95% interval {low:.3f} to {high:.3f}; {_cases_of(main)}).")


def _cases_of(main: Apart) -> str:
    parent, variant = main.cases[PARENT], main.cases[VARIANT]
    return cases_said(parent) if parent == variant else f"{cases_said(parent)} by the parent, {variant} by the variant"


def _alike(rule: Verdict, main: Apart) -> str:
    return (f"Both forms agree alike, and the quicker one may be taken: {_measured(rule, main)}, all of it within "
            f"{float(rule.least):g} of 0, and {MEASURED[BESIDE[rule.measure]]} does not differ by as much.")


def _measured(rule: Verdict, main: Apart) -> str:
    return (f"variant less parent, the mean of {MEASURED[rule.measure]} differs by {signed(main.difference)} (95% "
            f"interval {spread_said(main.interval)}; {_cases_of(main)})")


def _cannot_tell(data: TrialData, main: Apart, beside: Apart) -> Iterator[str]:
    rule = data.trial.verdict
    if main.difference is None and not data.matched:
        yield "The trial cannot tell: no question of the two forms compares, so nothing was measured."
        yield "Say in the variant's file which question of the parent each of its questions corresponds to."
    elif main.difference is None:
        yield f"The trial cannot tell: the mean of {MEASURED[rule.measure]} is {main.why}."
        yield "It would take more cases, or cases that differ more."
    elif main.interval is None:
        yield (f"The trial cannot tell: the mean of {MEASURED[rule.measure]} differs by {signed(main.difference)}, and "
               f"there is {main.why}.")
        yield "It would take cases that are harder to mark alike, or more of them."
    else:
        yield f"The trial cannot tell: {_measured(rule, main)}, {_reason(rule, main, beside)}."
        yield _what_it_takes(rule, main)


def _reason(rule: Verdict, main: Apart, beside: Apart) -> str:
    least = f"{float(rule.least):g}"
    other = MEASURED[BESIDE[rule.measure]]
    if within(*(main.interval or (0.0, 0.0)), float(rule.least)):
        return f"all of it within {least} of 0, but " + (
            f"the mean of {other} differs by {signed(beside.difference)}" if beside.difference is not None else
            f"whether {other} differs is not known: it is {beside.why}")
    if not main.clear:
        return f"an interval that reaches 0 and beyond {least}"
    if not large_enough(main.difference or 0.0, float(rule.least)):
        return f"which is more than nothing and less than the {least} that decides"
    if beside.difference is None:
        return f"and whether {other} points the same way is not known: it is {beside.why}"
    return f"but the mean of {other} points the other way by {abs(beside.difference):.3f}"


def _what_it_takes(rule: Verdict, main: Apart) -> str:
    size, least = abs(main.difference or 0.0), float(rule.least)
    if (main.clear and large_enough(size, least)) or within(*(main.interval or (0.0, 0.0)), least):
        return ("More cases need not mend that: look at agreement below the best level, and at how often each form "
                "gives the best.")
    low, high = main.interval or (0.0, 0.0)
    needed, now = _cases_needed(size, (high - low) / 2, least, max(main.cases.values())), max(main.cases.values())
    if needed > MOST_CASES:
        return (f"With a difference so near to {least:g} no trial of a practical size would settle it: say which form "
                "is taken for other reasons.")
    return f"If the difference stays as it is, about {cases_said(needed)} instead of {now} would settle it."


def _cases_needed(size: float, reach: float, least: float, cases: int) -> int:
    """So many that the interval, whose width falls with the root of the cases, is clear of 0 where the difference is
    large enough, else lies within `least` of 0."""
    wanted = size if large_enough(size, least) else least - size
    return MOST_CASES + 1 if wanted <= 0 else ceil(min(cases * (reach / wanted) ** 2, MOST_CASES)) + 1
