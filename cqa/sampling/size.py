"""How many cases to look at: to show that few fail, or to measure how many do; no count hangs on binary floats."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import MIN_EMIN, Context, Decimal, localcontext
from fractions import Fraction
from math import ceil, comb
from statistics import NormalDist

from cqa.errors import Problem, WrongUse

HALF = Fraction(1, 2)
MOST = 500_000
"""No search goes on beyond so many cases: nobody looks at more."""

# A million steps at 60 digits cannot move a chance by 1e-45. A chance that is nearer than 1e-40 to the wanted risk is a
# tie, or so near one that exact integers decide.
_DIGITS = Context(prec=60, Emin=MIN_EMIN)
_DOUBT = Decimal("1e-40")

# The standard library's normal quantile (Wichura's AS 241) is right to about 16 digits: to 2e-15 for any z below 9.
_Z_DOUBT = Fraction(1, 10**14)


@dataclass(frozen=True, slots=True)
class ToShow:
    """To show, with a confidence, that fewer than the share `tolerable` of all cases fail.

    `allowed` failures may be found; with an `expected` share above 0, ceil(expected * n) instead. `population` is how
    many cases there are, None for very many. Shares are exact, above 0 and below 1; expected is below tolerable.
    """

    tolerable: Fraction
    confidence: Fraction
    population: int | None = None
    allowed: int = 0
    expected: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class ToMeasure:
    """To measure the share of cases that fail, expected at `expected`, to within `margin` either way."""

    margin: Fraction
    confidence: Fraction
    population: int | None = None
    expected: Fraction = HALF


@dataclass(frozen=True, slots=True)
class Size:
    """`n` cases to look at, of which at most `allowed` may fail (None where a rate is measured). `method` is a
    sentence that names distribution or formula. A `census` looks at every case, because no smaller sample will do."""

    n: int
    allowed: int | None
    method: str
    census: bool = False


@dataclass(frozen=True, slots=True)
class Urn:
    """What is drawn from: `bad` cases that fail and `good` ones. `endless`: so many that a draw changes nothing, and
    only the ratio of the two counts (binomial); else each draw leaves one less (hypergeometric)."""

    bad: int
    good: int
    endless: bool = False

    @property
    def cases(self) -> int:
        """All of them."""
        return self.bad + self.good

    def left(self, failed: int, passed: int) -> tuple[int, int]:
        """The bad and the good that are left once so many that failed and so many that passed were drawn."""
        return (self.bad, self.good) if self.endless else (self.bad - failed, self.good - passed)


def urn_of(tolerable: Fraction, population: int | None) -> Urn:
    """The best state of affairs that must still be found out: exactly ceil(tolerable * N) of N cases are bad."""
    if population is None:
        return Urn(tolerable.numerator, tolerable.denominator - tolerable.numerator, endless=True)
    bad = ceil(tolerable * population)
    return Urn(bad, population - bad)


def size_to_show(asked: ToShow) -> Size:
    """The smallest n with P(X <= allowed | bad = ceil(tolerable * N) of N) <= 1 - confidence.

    Acceptance sampling as in ISA 530 and AICPA's table A-1: hypergeometric, without a population binomial. Where no n
    below the population will do, n is the population, and `allowed` at most one less than the bad cases. Raises
    WrongUse when more than MOST cases would have to be looked at.
    """
    drawn_from = urn_of(asked.tolerable, asked.population)
    first, allowance = _rate(asked.expected) if asked.expected else _fixed(asked.allowed)
    found = _smallest(drawn_from, 1 - asked.confidence, first, allowance)
    if found is None or found[0] == asked.population:
        return _census(drawn_from, asked.confidence, allowance)
    return Size(*found, _method(asked, drawn_from, found[1]))


def size_to_measure(asked: ToMeasure) -> Size:
    """Cochran (1977, section 4.4): n0 = z^2 p(1-p)/e^2, n = n0/(1+(n0-1)/N), rounded up.

    All but z is exact, and z is taken a hair too large, so that rounding up never gives a case too few; it could give
    one too many only where the exact n lies less than n * 4e-14/z below a whole number.
    """
    z = quantile(asked.confidence)
    n = z**2 * asked.expected * (1 - asked.expected) / asked.margin**2
    finite, told = "", ""
    if asked.population is not None:
        n /= 1 + (n - 1) / asked.population
        finite, told = ", n = n0/(1+(n0-1)/N)", f", N = {asked.population:,}"
    return Size(ceil(n), None, f"Normal approximation: n0 = z^2 p(1-p)/e^2{finite}, rounded up, with z = {float(z):.6f}"
                f", p = {percent(asked.expected)}, e = {percent(asked.margin)}{told}.", ceil(n) == asked.population)


def quantile(confidence: Fraction) -> Fraction:
    """The two-sided normal quantile z of a confidence, never below the true one, and above it by less than 2e-14.

    It is asked of the small tail, (1 - confidence)/2, where a float keeps all its digits.
    """
    return Fraction(-NormalDist().inv_cdf(float((1 - confidence) / 2))) + _Z_DOUBT


def chance_of_finding(share: Fraction, n: int) -> Fraction:
    """The chance that n cases of a large unit show at least one failure, if `share` of its cases fail."""
    return 1 - (1 - share) ** n


def chance_of_misranking(better: Fraction, worse: Fraction, n: int) -> Fraction:
    """The chance that n cases of each of two large units show no more failures in the worse one than in the better."""
    def exactly(share: Fraction, failures: int) -> Fraction:
        return comb(n, failures) * share**failures * (1 - share) ** (n - failures)

    return sum((exactly(worse, low) * exactly(better, high) for high in range(n + 1) for low in range(high + 1)),
               Fraction(0))


def percent(share: Fraction) -> str:
    """A share that was typed as a decimal, as an exact per cent: `2.5%`."""
    with localcontext(_DIGITS):
        return f"{(Decimal(share.numerator * 100) / share.denominator).normalize():f}%"


Allowance = Callable[[int], int]


def _fixed(allowed: int) -> tuple[int, Allowance]:
    """As many cases as may fail can all fail: the search starts there."""
    return allowed, lambda _: allowed


def _rate(expected: Fraction) -> tuple[int, Allowance]:
    """ceil(expected * n), in integers, and the largest n of which all may fail."""
    above, below = expected.numerator, expected.denominator
    return ceil(1 / (1 - expected)) - 1, lambda n: -(-above * n // below)


def _method(asked: ToShow, drawn_from: Urn, allowed: int) -> str:
    name, failing = "Binomial", f"{percent(asked.tolerable)} fail"
    if asked.population is not None:
        name, failing = "Hypergeometric", f"{drawn_from.bad:,} of {asked.population:,} fail"
    rate = f", with {percent(asked.expected)} of n allowed to fail, rounded up" if asked.expected else ""
    return (f"{name}: the smallest n at which the chance of at most {allowed:,} failures, if {failing}, is no more "
            f"than {percent(1 - asked.confidence)}{rate}.")


def _census(drawn_from: Urn, confidence: Fraction, allowance: Allowance) -> Size:
    allowed = min(allowance(drawn_from.cases), drawn_from.bad - 1)
    return Size(drawn_from.cases, allowed, f"Census: no sample of fewer than all {drawn_from.cases:,} cases gives "
                f"{percent(confidence)} confidence (hypergeometric, if {drawn_from.bad:,} of them fail).", True)


def _smallest(drawn_from: Urn, risk: Fraction, first: int, allowance: Allowance) -> tuple[int, int] | None:
    """The first n after `first`, and what is allowed there; None when as many are allowed as are bad."""
    finite = not drawn_from.endless
    if finite and first >= drawn_from.bad:
        return None
    _refuse_beyond_most(first)
    with localcontext(_DIGITS):
        walk = _start(drawn_from, first)
        limit = Decimal(risk.numerator) / risk.denominator
        while True:
            if allowance(walk.drawn + 1) > walk.allowed:
                walk.allow_one_more()
            if finite and walk.allowed >= drawn_from.bad:
                return None
            walk.draw_one_more()
            gap = walk.at_most - limit
            if gap < -_DOUBT or (gap < _DOUBT and walk.no_more_than(risk)):
                return walk.drawn, walk.allowed
            _refuse_beyond_most(walk.drawn)


def _refuse_beyond_most(n: int) -> None:
    if n >= MOST:
        raise WrongUse(Problem("S018", f"More than {MOST:,} cases would have to be looked at.",
                               "Tolerate more failures, expect or allow fewer, or ask for less confidence."))


@dataclass(slots=True)
class _Walk:
    """X failures among `drawn` cases: P(X <= allowed) and P(X = allowed), carried from one n to the next.

    Each step follows from what the next case does: a total of at most `allowed` is lost only where exactly so many
    have failed and the next one fails too.
    """

    urn: Urn
    drawn: int
    allowed: int
    at_most: Decimal
    exactly: Decimal

    def draw_one_more(self) -> None:
        bad, good = self.urn.left(self.allowed, self.drawn - self.allowed)
        self.at_most -= self.exactly * bad / (bad + good)
        self.exactly *= Decimal((self.drawn + 1) * good) / ((self.drawn + 1 - self.allowed) * (bad + good))
        self.drawn += 1

    def allow_one_more(self) -> None:
        passed = self.drawn - self.allowed
        bad, good = self.urn.left(self.allowed, passed - 1)
        self.exactly *= Decimal(passed * bad) / ((self.allowed + 1) * good)
        self.at_most += self.exactly
        self.allowed += 1

    def no_more_than(self, risk: Fraction) -> bool:
        """Whether P(X <= allowed) <= risk, in integers."""
        ways, of = (_ways_endless if self.urn.endless else _ways)(self.urn, self.drawn, self.allowed)
        return ways * risk.denominator <= of * risk.numerator


def _start(drawn_from: Urn, first: int) -> _Walk:
    """The state in which all cases drawn so far may fail: X is then at most `first` for certain."""
    all_fail = Decimal(1)
    for failed in range(first):
        bad, good = drawn_from.left(failed, 0)
        all_fail *= Decimal(bad) / (bad + good)
    return _Walk(drawn_from, first, first, Decimal(1), all_fail)


def _ways_endless(drawn_from: Urn, n: int, allowed: int) -> tuple[int, int]:
    ways = sum(comb(n, failed) * drawn_from.bad**failed * drawn_from.good ** (n - failed)
               for failed in range(allowed + 1))
    return ways, drawn_from.cases**n


def _ways(drawn_from: Urn, n: int, allowed: int) -> tuple[int, int]:
    """Drawn and bad may change places in the hypergeometric distribution: the smaller one is chosen from."""
    fewer, more = sorted((n, drawn_from.bad))
    ways = sum(comb(more, failed) * comb(drawn_from.cases - more, fewer - failed)
               for failed in range(min(allowed, fewer) + 1))
    return ways, comb(drawn_from.cases, fewer)
