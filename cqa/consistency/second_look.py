"""What is worth a second look: patterns of marking that are rarer than the cases explain. Questions, no verdicts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import sqrt
from statistics import mean, median, variance

import numpy as np

from cqa.consistency.intervals import t_quantile
from cqa.consistency.markings import Marking
from cqa.consistency.readings import cases_said, counted
from cqa.consistency.spread import step_up
from cqa.consistency.texts import TextFlag

ENOUGH_MARKINGS = 15
"""Below this nothing is said of how often a reviewer does something."""
FAST = 3.0
"""A marking is fast below the panel's median divided by this."""
FAST_MARKINGS = 3
ENOUGH_BELOW = 3
"""So many marks below the best level must two cases have for their being identical to be a question."""
SIGNIFICANT = 0.05
PERMUTATIONS = 4000
SEED = 20_261_123
LINES, DISCORDANT, FAST_MARKS, OWED, TEXTS, TWINS, DRIFT = (
    "all marks at one level", "all at the best level beside a partner's lower marks", "fast markings",
    "texts that are owed", "one text on several cases", "identical marks on different cases",
    "severity in the last third against the first")
STRONG = (DISCORDANT, OWED, TEXTS, TWINS)
"""Of two signs one must be of these before anyone is asked to check."""
_KINDS = {LINES: "lines", DISCORDANT: "lines", FAST_MARKS: "pace", OWED: "owed", TEXTS: "texts", TWINS: "twins"}
"""Signs of one kind are not independent: who marks many lines has more of them beside lower marks. A change of severity
over time is shown, and is no sign of carelessness."""
NOTHING, LOOK = "nothing that asks for a second look", "worth a second look: check with this reviewer"
ONE_KIND = "signs of one kind alone: no ground to ask"
WEAK = "signs that prove nothing without one of another kind"


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing looked at for one reviewer: `told` what was seen, `usual` what is to be expected, `noticed` whether it
    is more than that. `observed` and `expected` are counts, with the 95% range of chance (`low`, `high`); for drift
    levels a question with a 95% interval. None where nothing is computed. `cases` are those to look at."""

    sign: str
    n: int
    told: str
    usual: str
    noticed: bool = False
    observed: float | None = None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    cases: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"sign": self.sign, "noticed": self.noticed, "n": self.n, "observed": self.observed,
                "expected": self.expected, "low": self.low, "high": self.high, "p": self.p, "told": self.told,
                "usual": self.usual, "cases": list(self.cases)}


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Every sign of one reviewer, and what they come to: never a score, and a person to ask only on two signs, of
    which one is of the strong kind."""

    reviewer: str
    markings: int
    signs: tuple[Sign, ...]

    @property
    def reading(self) -> str:
        """In words, what to do."""
        noticed = [sign.sign for sign in self.signs if sign.noticed and sign.sign in _KINDS]
        if len({_KINDS[sign] for sign in noticed}) > 1:
            return LOOK if any(sign in STRONG for sign in noticed) else WEAK
        if noticed:
            return ONE_KIND
        return NOTHING if self.markings >= ENOUGH_MARKINGS else f"too few markings to say: {self.markings}"

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"reviewer": self.reviewer, "markings": self.markings, "reading": self.reading,
                "signs": [sign.as_json() for sign in self.signs]}


def second_looks(
    markings: Sequence[Marking], reviewers: Sequence[str], texts: Sequence[TextFlag]
) -> tuple[SecondLook, ...]:
    """Every reviewer over signed-off markings. Chance is that of giving the same markings to other reviewers within
    each stratum, 4,000 times with a fixed seed; over reviewers the false discovery rate is held at 5%."""
    lines = _by_chance(LINES, markings, reviewers, lambda one: one.line, "all-equal markings")
    beside = _beside_lower(markings)
    discordant = _by_chance(DISCORDANT, beside, reviewers, lambda one: one.all_top,
                            "cases on which the partner marked something lower")
    return tuple(
        SecondLook(name, sum(one.reviewer == name for one in markings),
                   (lines[name], discordant[name], _fast(markings, name), _owed(markings, name), _texts(texts, name),
                    _twins(markings, name), _drift(markings, name)))
        for name in reviewers)


def _by_chance(
    sign: str, markings: Sequence[Marking], reviewers: Sequence[str], is_so: Callable[[Marking], bool], what: str
) -> dict[str, Sign]:
    """How often each reviewer's markings are so, against the same markings dealt out again within strata."""
    found = {name: _dealt_again(sign, markings, name, is_so, what) for name in reviewers}
    adjusted = step_up({name: one.p for name, one in found.items()})
    return {name: replace(one, noticed=adjusted.get(name, 1.0) <= SIGNIFICANT and (one.observed or 0) >= FAST_MARKINGS)
            for name, one in found.items()}


def _dealt_again(
    sign: str, markings: Sequence[Marking], name: str, is_so: Callable[[Marking], bool], what: str
) -> Sign:
    mine = [one for one in markings if one.reviewer == name]
    so = tuple(one.case_id for one in mine if is_so(one))
    told = f"{counted(len(so), len(mine))} {what}" if sign == DISCORDANT else f"{counted(len(so), len(mine))} markings"
    if len(mine) < ENOUGH_MARKINGS:
        return Sign(sign, len(mine), told, f"not said of fewer than {ENOUGH_MARKINGS}", observed=float(len(so)),
                    cases=so)
    rng = np.random.default_rng(SEED)
    chance = np.zeros(PERMUTATIONS)
    # Dealing a stratum's markings out again gives a reviewer of n of them a hypergeometric number.
    for stratum in dict.fromkeys((one.sample, one.stratum) for one in markings):
        inside = [one for one in markings if (one.sample, one.stratum) == stratum]
        given, good = sum(one.reviewer == name for one in inside), sum(is_so(one) for one in inside)
        chance += rng.hypergeometric(good, len(inside) - good, given, PERMUTATIONS) if given else 0
    low, high = (float(limit) for limit in np.quantile(chance, [0.025, 0.975], method="inverted_cdf"))
    p = float((1 + (chance >= len(so)).sum()) / (1 + PERMUTATIONS))
    return Sign(sign, len(mine), told, f"{chance.mean():.1f} ({low:.0f} to {high:.0f}) if these cases had been dealt "
                "out at random", False, float(len(so)), float(chance.mean()), low, high, p, so)


def _beside_lower(markings: Sequence[Marking]) -> tuple[Marking, ...]:
    """The markings of cases on which somebody else marked something below the best level."""
    by_case: dict[tuple[str, str], list[Marking]] = {}
    for one in markings:
        by_case.setdefault(one.place, []).append(one)
    return tuple(one for one in markings
                 if any(other.below for other in by_case[one.place] if other.reviewer != one.reviewer))


def _fast(markings: Sequence[Marking], name: str) -> Sign:
    """Against the median of the other reviewers on the same rubric."""
    slow: list[str] = []
    timed = 0
    for rubric in dict.fromkeys(one.rubric for one in markings):
        paces = [(one, pace) for one in markings if one.rubric == rubric and (pace := one.pace) is not None]
        others = [pace for one, pace in paces if one.reviewer != name]
        mine = [(one, pace) for one, pace in paces if one.reviewer == name]
        if len(others) >= ENOUGH_MARKINGS:
            timed += len(mine)
            slow += [one.case_id for one, pace in mine if pace < median(others) / FAST]
    if not timed:
        return Sign(FAST_MARKS, 0, "no times were recorded", "time alone is never proof")
    return Sign(FAST_MARKS, timed, f"{counted(len(slow), timed)} markings under a third of the others' median time a "
                "question", "time alone is never proof: short files and experience are fast",
                len(slow) >= FAST_MARKINGS, float(len(slow)), cases=tuple(slow))


def _owed(markings: Sequence[Marking], name: str) -> Sign:
    lacking = [one for one in markings if one.reviewer == name and one.owes]
    count = sum(len(one.owes) for one in lacking)
    return Sign(OWED, sum(one.reviewer == name for one in markings),
                f"{count} marks lack a text that the rubric requires" if count else "none is owed",
                "none: sign-off asks for them", bool(count), float(count), 0.0,
                cases=tuple(one.case_id for one in lacking))


def _texts(texts: Sequence[TextFlag], name: str) -> Sign:
    repeated = [flag for flag in texts if flag.reviewer == name and "repeated" in flag.finding]
    others = len({flag.reviewer for flag in texts if "repeated" in flag.finding and flag.reviewer != name})
    cases = tuple(dict.fromkeys(case for flag in repeated for case in flag.cases))
    told = f"{'1 text' if len(repeated) == 1 else f'{len(repeated)} texts'}, on {cases_said(len(cases))}; the sheet " \
           "Texts lists them" if repeated else "none"
    return Sign(TEXTS, len(cases), told, f"of the others {others} {'has' if others == 1 else 'have'} such texts",
                bool(repeated), float(len(repeated)), cases=cases)


def _twins(markings: Sequence[Marking], name: str) -> Sign:
    """Pairs of cases with identical marks of which three or more are below the best level; how common that is between
    the markings of different reviewers shows what is to be expected."""
    able = [one for one in markings if one.below >= ENOUGH_BELOW]
    mine = [one for one in able if one.reviewer == name]
    pairs = [(one, other) for one, other in combinations(mine, 2) if _identical(one, other)]
    between = [(one, other) for one in mine for other in able if other.reviewer != name]
    usual = sum(_identical(one, other) for one, other in between)
    cases = tuple(dict.fromkeys(case.case_id for pair in pairs for case in pair))
    told = f"{counted(len(pairs), len(mine) * (len(mine) - 1) // 2)} pairs of cases with {ENOUGH_BELOW} or more " \
           "marks below the best"
    return Sign(TWINS, len(mine), told, f"{counted(usual, len(between))} pairs with a case of another reviewer",
                bool(pairs), float(len(pairs)), cases=cases)


def _identical(one: Marking, other: Marking) -> bool:
    return one.place != other.place and one.rubric == other.rubric and one.marks == other.marks


def _drift(markings: Sequence[Marking], name: str) -> Sign:
    """Mean difference of the partners' marks from one's own, in levels, in the order of marking (Welch's t)."""
    by_place: dict[tuple[str, str], list[Marking]] = {}
    for one in markings:
        by_place.setdefault(one.place, []).append(one)
    mine = sorted((one for one in markings if one.reviewer == name), key=lambda one: one.at)
    gaps = [gap for one in mine if (gap := _gap(one, by_place[one.place])) is not None]
    third = len(gaps) // 3
    if len(gaps) < ENOUGH_MARKINGS:
        return Sign(DRIFT, len(gaps), f"{cases_said(len(gaps))} shared", f"not said of fewer than {ENOUGH_MARKINGS}")
    first, last = gaps[:third], gaps[-third:]
    change, error = mean(last) - mean(first), sqrt((variance(first) + variance(last)) / third)
    reach = t_quantile(2 * third - 2) * error
    told = f"changed by {change:+.2f} levels a question ({change - reach:+.2f} to {change + reach:+.2f})"
    return Sign(DRIFT, len(gaps), told, "0: as severe at the end as at the start",
                error > 0 and abs(change) > reach, change, 0.0, change - reach, change + reach)


def _gap(one: Marking, on_case: Sequence[Marking]) -> float | None:
    """By how many levels a question the marking lies below the others of its case, on common questions."""
    gaps = [level - other.levels[question] for other in on_case if other.reviewer != one.reviewer
            for question, level in one.levels.items() if question in other.levels]
    return mean(gaps) if gaps else None
