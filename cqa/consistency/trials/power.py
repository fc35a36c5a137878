"""The power of a trial, said before anything is marked: how often it would find a difference that there is, and how
often one that there is not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from scipy.special import ndtri

from cqa.consistency.intervals import wilson
from cqa.consistency.trials.expected import ScaleUse, correlation_for, mean_in_the_long_run
from cqa.consistency.trials.gaps import gaps, sides_of
from cqa.consistency.trials.rule import called_alike, clear_of_zero, form_taken
from cqa.consistency.trials.simulated import Block, World, blocks
from cqa.facts import how_many
from cqa.sampling.crossover import LEAST_REVIEWERS
from cqa.sampling.trial import BESIDE, MEASURED, Design, Verdict

ENOUGH = 0.8
"""So many of such trials are to find the difference."""
MOST = 1000
"""No trial will have more cases."""
_JUST = 1e-9

Progress = Callable[[int], None]
"""Told how many more runs are done."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A trial as it is to be. `cases` are those of each form: in the crossover they are the same.

    `differences` of the rule's measure are those to be found; without any, the rule's least, half as much again, and
    twice as much. `alpha` is the ordinal alpha that the worse form has, `asked` the share of cases on which a question
    is asked. The text of `seed` decides the simulation wholly.
    """

    design: Design
    cases: int
    reviewers: int
    scales: tuple[ScaleUse, ...]
    verdict: Verdict
    seed: str
    differences: tuple[float, ...] = ()
    alpha: float = 0.60
    asked: float = 1.0
    runs: int = 400

    @property
    def wanted(self) -> tuple[float, ...]:
        """The differences to be found."""
        least = float(self.verdict.least) or 0.05
        return self.differences or (least, 1.5 * least, 2 * least)

    @property
    def questions(self) -> int:
        """How many questions compare."""
        return sum(one.questions for one in self.scales)

    @property
    def in_all(self) -> int:
        """How many runs the simulation has, of all differences and of none, and to see how many cases would be enough.
        """
        return self.runs * (2 * len(self.wanted) + 1)


@dataclass(frozen=True, slots=True)
class Often:
    """How often something happened in simulated trials, with Wilson's 95% interval for the simulation's own error."""

    times: int
    runs: int

    @property
    def share(self) -> float:
        """A fraction of 1."""
        return self.times / self.runs

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        low, high = wilson(self.times, self.runs)
        return {"share": self.share, "low": low, "high": high, "runs": self.runs}


@dataclass(frozen=True, slots=True)
class Chance:
    """What would come of a trial with a certain difference: the 95% interval lies clear of 0, the rule takes the
    better form (of no difference: either form), or calls both alike. `parent` and `variant` are the measure in the
    long run; None with a `why` where there can be no such difference. `needed` is about how many cases would find it in
    8 of 10 trials, None where nobody knows or there is nothing to find."""

    difference: float
    parent: float
    variant: float | None
    clear: Often | None
    taken: Often | None
    alike: Often | None
    why: str = ""
    needed: int | None = None

    @property
    def needed_said(self) -> str:
        """How many cases would find it in 8 of 10 trials, in words; empty where nobody knows."""
        if self.needed is None or self.clear is None:
            return ""
        if self.clear.share >= ENOUGH:
            return "these are enough"
        return f"{MOST} or more" if self.needed >= MOST else f"about {self.needed}"

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"difference": self.difference, "parent": self.parent, "variant": self.variant, "why": self.why,
                "needed": self.needed, **{name: one.as_json() if one else None for name, one in (
                    ("clear", self.clear), ("taken", self.taken), ("alike", self.alike))}}


@dataclass(frozen=True, slots=True)
class Power:
    """What a planned trial can find: `found` for each difference, `none` where there is no difference."""

    planned: Planned
    found: tuple[Chance, ...]
    none: Chance

    @property
    def words(self) -> str:
        """For the terminal, and for the plan's record."""
        return " ".join((self.short, *_words(self)))

    @property
    def short(self) -> str:
        """Whether the trial is worth its while, in one or two sentences."""
        known = [one for one in self.found if one.clear is not None]
        if not known:
            return "Nothing that was asked for can be found."
        for one in known:
            if one.clear and one.clear.share >= ENOUGH:
                return (f"This trial will most likely find a difference of {one.difference:g} or more: that was found "
                        f"in {100 * one.clear.share:.0f} of 100 simulated trials.")
        most = known[-1]
        share = most.clear.share if most.clear else 0.0
        return (f"This trial will {'most likely' if share < 0.5 else 'quite possibly'} not be able to tell, unless the "
                f"forms differ by more than {most.difference:g}: that much was found in {100 * share:.0f} of 100 "
                f"simulated trials, and {most.needed_said or 'many more'} cases would find it in {100 * ENOUGH:.0f}.")

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        planned = self.planned
        return {"design": planned.design, "cases": planned.cases, "reviewers": planned.reviewers,
                "questions": [{"questions": one.questions, "shares": list(one.shares)} for one in planned.scales],
                "measure": planned.verdict.measure, "least": float(planned.verdict.least), "alpha": planned.alpha,
                "asked": planned.asked, "runs": planned.runs, "seed": planned.seed,
                "short": self.short, "found": [one.as_json() for one in self.found], "none": self.none.as_json(),
                "words": self.words}


def power_of(planned: Planned, progress: Progress = lambda _: None) -> Power:
    """The power of a planned trial by simulation, with the real assignments and the real estimate of the difference.

    Raises ValueError where nothing compares, where reviewers are too few for the design, and where marks used so cannot
    agree as `alpha` says.
    """
    if not planned.questions:
        raise ValueError("no question compares")
    if planned.cases < 1 or planned.reviewers < LEAST_REVIEWERS[planned.design]:
        raise ValueError("too few cases or reviewers")
    base = correlation_for("alpha", planned.scales, planned.alpha)
    if base is None or not base:
        raise ValueError(f"an ordinal alpha of {planned.alpha:g} cannot be")
    none = _chance(planned, 0.0, base, progress)
    found = [_chance(planned, one, base, progress) for one in planned.wanted]
    return Power(planned, tuple(replace(one, needed=_needed(planned, one, base, progress)) for one in found), none)


def _needed(planned: Planned, found: Chance, base: float, progress: Progress) -> int | None:
    """About how many cases would find a difference in 8 of 10 trials, rounded up to tens; at most `MOST`.

    The standard error falls with the root of the cases, so what was found with the planned number says how many it
    takes; a simulation with so many corrects that once.
    """
    first = _from(planned.cases, found)
    if first is None:
        progress(planned.runs)
        return None
    again = _chance(replace(planned, cases=min(first, MOST)), found.difference, base, progress)
    second = _from(min(first, MOST), again)
    return None if second is None else min(10 * ceil(second / 10), MOST)


def _from(cases: int, found: Chance) -> int | None:
    if found.clear is None or not found.clear.share > 0:
        return None
    reach = ndtri(min(found.clear.share, 0.995)) + ndtri(0.975)
    return ceil(cases * ((ndtri(ENOUGH) + ndtri(0.975)) / reach) ** 2) if reach > 0 else None


def _chance(planned: Planned, difference: float, base: float, progress: Progress) -> Chance:
    measure = planned.verdict.measure
    parent = mean_in_the_long_run(measure, planned.scales, base)
    better = correlation_for(measure, planned.scales, parent + difference) if difference else base
    if better is None:
        progress(planned.runs)
        return Chance(difference, parent, None, None, None, None, f"{parent + difference:.2f} would be more than "
                      "complete agreement")
    counted = np.zeros(3, dtype=np.int64)
    world = World(planned.design, planned.cases, planned.reviewers, planned.scales, planned.asked, (base, better))
    for block in blocks(world, planned.runs, f"{planned.seed}/power/{difference:.9f}"):
        counted += _decided(planned, difference, block)
        progress(block.runs)
    clear, taken, alike = (Often(int(times), planned.runs) for times in counted)
    return Chance(difference, parent, parent + difference, clear, taken, alike)


def _decided(planned: Planned, difference: float, block: Block) -> tuple[int, int, int]:
    """In how many trials the interval is clear of 0, the rule takes the better form, and calls both alike."""
    measure, least = planned.verdict.measure, float(planned.verdict.least)
    names = (measure, BESIDE[measure])
    sides = [sides_of(pair, names) for pair in block.pairs]
    main, beside = (gaps([one[name] for one in sides], block.groups(planned.scales), block.runs,
                         planned.design == "crossover") for name in names)
    low, high = main.difference - main.reach, main.difference + main.reach
    taken = form_taken(main.difference, low, high, beside.difference, least)
    return (int(clear_of_zero(low, high).sum()), int((taken > 0 if difference else taken != 0).sum()),
            int(called_alike(low, high, beside.difference, least).sum()))


def _words(power: Power) -> Iterator[str]:
    planned = power.planned
    by = "marked by both forms" if planned.design == "crossover" else "by each form"
    compare = "compares" if planned.questions == 1 else "compare"
    yield (f"Power of {how_many(planned.cases, 'case')} {by}, {how_many(planned.reviewers, 'reviewer')}, "
           f"{how_many(planned.questions, 'question')} that {compare}.")
    for one in power.found:
        yield _found(power, one)
    yield _false(power.none)
    yield (f"Simulated, {planned.runs} trials each, supposing an ordinal alpha of {planned.alpha:.2f} by the worse "
           f"form and {_best(planned)} of marks at the best level; the real trial may have more or less power.")


def _best(planned: Planned) -> str:
    return f"{sum(one.questions * one.shares[-1] for one in planned.scales) / planned.questions:.0%}"


def _found(power: Power, one: Chance) -> str:
    measured = MEASURED[power.planned.verdict.measure]
    if one.clear is None or one.taken is None:
        return f"A difference of {one.difference:g} in the mean of {measured} there cannot be: {one.why}."
    low, high = wilson(one.clear.times, one.clear.runs)
    return (f"If one form's mean of {measured} is {one.difference:g} higher ({one.variant:.2f} against "
            f"{one.parent:.2f}), {one.clear.share:.0%} of such trials find it ({low:.0%} to {high:.0%}), and the rule "
            f"takes that form in {one.taken.share:.0%}{_half(power, one.difference)}{_enough(one)}.")


def _enough(one: Chance) -> str:
    if one.clear is None or one.clear.share >= ENOUGH or not one.needed_said:
        return ""
    return f"; to find it in {ENOUGH:.0%} takes {one.needed_said} cases"


def _half(power: Power, difference: float) -> str:
    """Why more cases do not make the rule take a form that is better by just what decides."""
    just = abs(difference - float(power.planned.verdict.least)) < _JUST
    return " (no oftener with more cases: by chance it comes out too small half the time)" if just else ""


def _false(none: Chance) -> str:
    if none.clear is None or none.taken is None or none.alike is None:
        return ""
    return (f"If there is none, {none.clear.share:.0%} find one all the same, and the rule takes a form in "
            f"{none.taken.share:.0%} and calls both alike in {none.alike.share:.0%}.")
