"""From the cases looked at to the cases they were drawn from: stratified estimates of shares, with their intervals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from cqa.consistency.intervals import t_quantile

Floats = NDArray[np.float64]

CENSUS = "every case was looked at, so there is no sampling error"
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Record:
    """One case that was looked at. Of its `asked` marks on the scale `top` are at the best level: with one question
    asked is 1, or 0 where it does not apply; with several both are counts."""

    stratum: str
    top: float
    asked: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Design:
    """How cases were drawn. `sizes`: stratum to its cases in the frame. `weights`: case to how many cases of the frame
    it stands for, where cases of one stratum were not drawn alike; else it is size over cases looked at."""

    sizes: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a figure is to speak of, and by which interval: `wilson` or `korn-graubard`.

    About the `cases` of these frames in this period, with the finite population correction; or about the `process`,
    how the office works.
    """

    about: str = "cases"
    interval: str = "wilson"


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the population as a fraction of 1, its standard error and 95% interval.

    `cases` looked at with a mark on the scale; `frame` how many cases of the frame stand behind the strata looked at;
    `effective` the size of a simple sample that would be as exact. None with a `why`; `note` says what else to know.
    """

    rate: float | None
    se: float | None
    low: float | None
    high: float | None
    cases: int
    frame: int
    effective: float | None
    why: str = ""
    note: str = ""


def share_of(records: Sequence[Record], sizes: Mapping[str, int], reach: Reach | None = None) -> Share:
    """The share of marks at the best level among those on the scale, over the cases of the frame.

    `records` hold every case looked at, also those where nothing was on the scale: they belong to the design, and the
    share is that of a domain, a ratio of two totals (Lumley 2010, chapter 2). Variance by linearisation, with the
    finite population correction where the figure is about these cases. Raises KeyError for a stratum without a size.
    """
    reach = reach or Reach()
    inside: dict[str, list[Record]] = {}
    for one in records:
        inside.setdefault(one.stratum, []).append(one)
    held = [_Stratum.of(name, listed, sizes[name], reach) for name, listed in inside.items()]
    cases = sum(int((stratum.asked > 0).sum()) for stratum in held)
    frame = sum(sizes[stratum.name] for stratum in held)
    asked = sum(float(stratum.weights @ stratum.asked) for stratum in held)
    note = _left_out_said([name for name in sizes if name not in {stratum.name for stratum in held}])
    if not cases:
        return Share(None, None, None, None, 0, frame, None, "no marks on the scale", note)
    rate = sum(float(stratum.weights @ stratum.top) for stratum in held) / asked
    rate = min(max(rate, 0.0), 1.0)
    alone = [stratum.name for stratum in held if stratum.alone]
    if alone:
        return Share(rate, None, None, None, cases, frame, None,
                     f"no interval, because only one case was looked at in {_listed(alone)}", note)
    variance = sum(stratum.variance(rate, asked) for stratum in held)
    if all(stratum.correction == 0 for stratum in held):
        return Share(rate, 0.0, rate, rate, cases, frame, None, "", CENSUS if not note else f"{CENSUS}; {note}")
    df = sum(len(stratum.asked) - 1 for stratum in held if stratum.asked.any())
    return _with_interval(rate, variance, cases, max(df, 1), frame, _kish(held), reach, note)


@dataclass(frozen=True, slots=True)
class _Stratum:
    """A stratum's cases as columns; `correction` is 1 - n/N, or 1 where none is applied."""

    name: str
    size: int
    weights: Floats
    top: Floats
    asked: Floats
    correction: float

    @classmethod
    def of(cls, name: str, records: Sequence[Record], size: int, reach: Reach) -> "_Stratum":
        """Weights are raised so that they come to the stratum's size, whoever of its cases was looked at."""
        raw = np.array([one.weight for one in records], dtype=float)
        alike = bool(np.ptp(raw) <= _NOTHING * raw.max())
        # Without equal chances there is no simple correction; leaving it out errs on the safe side.
        correction = max(1 - len(raw) / size, 0.0) if reach.about == "cases" and (alike or len(raw) >= size) else 1.0
        return cls(name, size, raw * size / raw.sum(), np.array([one.top for one in records], dtype=float),
                   np.array([one.asked for one in records], dtype=float), correction)

    @property
    def alone(self) -> bool:
        """Whether one case stands for others, so that nothing is known of how they vary."""
        return len(self.asked) == 1 and self.correction > 0

    def variance(self, rate: float, asked: float) -> float:
        """(1 - f) n/(n - 1) sum (t - mean t)^2 for t = w (top - rate asked) / total asked."""
        n = len(self.asked)
        if n < 2:
            return 0.0
        parts = self.weights * (self.top - rate * self.asked) / asked
        return self.correction * n / (n - 1) * float(((parts - parts.mean()) ** 2).sum())


def _kish(held: Iterable[_Stratum]) -> float:
    """(sum w)^2 / sum w^2 over the cases with a mark on the scale."""
    weights = np.concatenate([stratum.weights[stratum.asked > 0] for stratum in held])
    return float(weights.sum() ** 2 / (weights**2).sum())


def _with_interval(
    rate: float, variance: float, cases: int, df: int, frame: int, kish: float, reach: Reach, note: str
) -> Share:
    se = sqrt(variance)
    # At 0 and at 1, and where every stratum is all alike, no variance is seen: there the Kish size stands in.
    seen = variance > _NOTHING and _NOTHING < rate < 1 - _NOTHING
    effective = rate * (1 - rate) / variance if seen else kish
    if rate <= _NOTHING or rate >= 1 - _NOTHING:
        low, high = clopper_pearson(rate, effective)
    elif reach.interval == "korn-graubard":
        known = effective * (t_quantile(max(cases - 1, 1)) / t_quantile(df)) ** 2 if seen else effective
        low, high = clopper_pearson(rate, known)
    else:
        low, high = wilson_effective(rate, effective, t_quantile(df))
    return Share(rate, se if seen else None, low, high, cases, frame, effective, "", note)


def wilson_effective(rate: float, size: float, quantile: float) -> tuple[float, float]:
    """Wilson's interval on an effective sample size, with Student's quantile in the place of the normal one
    (Franco, Little, Louis and Slud 2019, Journal of Survey Statistics and Methodology 7)."""
    square = quantile**2 / size
    middle, reach = rate + square / 2, quantile * sqrt(rate * (1 - rate) / size + square / (4 * size))
    return (middle - reach) / (1 + square), (middle + reach) / (1 + square)


def clopper_pearson(rate: float, size: float) -> tuple[float, float]:
    """The exact 95% interval of Clopper and Pearson 1934, by the beta distribution, for a size that need not be whole
    (Korn and Graubard 1998, Survey Methodology 24)."""
    given, rest = rate * size, (1 - rate) * size
    low = 0.0 if rate <= _NOTHING else float(betaincinv(given, rest + 1, 0.025))
    high = 1.0 if rate >= 1 - _NOTHING else float(betaincinv(given + 1, rest, 0.975))
    return low, high


def _listed(names: Sequence[str], most: int = 3) -> str:
    told = ", ".join(f"'{name}'" for name in names[:most])
    return told + (f" and {len(names) - most} more strata" if len(names) > most else "")


def _left_out_said(names: Sequence[str]) -> str:
    """That the figure does not speak of strata in which nothing was looked at."""
    return f"says nothing of {_listed(names)}, where no case was looked at" if names else ""
