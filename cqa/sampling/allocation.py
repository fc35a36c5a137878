"""Allocation: how many cases each stratum gives, in exact arithmetic, and settled by names where strata tie.

Every rule but the largest remainder only ever adds when the total grows, so that a top-up takes no drawn case away.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from heapq import heapify, heappop, heapreplace
from math import floor

from cqa.errors import Problem, WrongUse, shortened

UNKNOWN_RATE = Fraction(1, 2)
LOWEST_RATE, HIGHEST_RATE = Fraction(1, 10), Fraction(9, 10)
"""A last round of few cases may have found no failure, or nothing else; neither makes a stratum free of doubt."""

Divisor = Callable[[int], int]
"""What a claim's weight is divided by when it has k cases already: the smaller, the sooner it gets the next."""


@dataclass(frozen=True, slots=True)
class Share:
    """A stratum, or a cell of one, that is to give cases: `size` are eligible, `rate` failed in the last round.

    Names are unique among the strata that are allocated together.
    """

    name: str
    size: int
    rate: Fraction | None = None

    @property
    def variance(self) -> Fraction:
        """S^2 = p(1-p) of one case's pass or fail, with p held to 0.1..0.9, and 1/2 where it is unknown."""
        rate = UNKNOWN_RATE if self.rate is None else min(max(self.rate, LOWEST_RATE), HIGHEST_RATE)
        return rate * (1 - rate)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The fewest and the most cases any one stratum gives, as far as it has them. Raises WrongUse if they cross."""

    least: int = 0
    most: int | None = None

    def __post_init__(self) -> None:
        if self.most is not None and self.least > self.most:
            raise WrongUse(Problem("S018", f"At least {self.least} and at most {self.most} cases each cannot be.",
                                   "Lower the minimum or raise the maximum."))

    def low(self, size: int) -> int:
        """The minimum of a stratum of `size` eligible cases."""
        return min(self.least, size)

    def high(self, size: int) -> int:
        """The maximum of a stratum of `size` eligible cases."""
        return size if self.most is None else min(self.most, size)


FREE = Bounds()


@dataclass(frozen=True, slots=True)
class Claim:
    """A stratum's claim on the total: it gives `low` to `high` cases (low <= high), and more the greater its weight."""

    name: str
    weight: Fraction
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """What one stratum gives. `wanted` is more than `take` only where it may not or cannot give that."""

    name: str
    wanted: int
    take: int

    @property
    def shortfall(self) -> int:
        """How many of the wanted cases the stratum does not give."""
        return self.wanted - self.take


@dataclass(frozen=True, slots=True)
class Allocations:
    """What all strata give, by name. `below` names those with fewer eligible cases than the minimum: all are taken."""

    total: int
    strata: tuple[Allocation, ...]
    below: tuple[str, ...] = ()

    @property
    def takes(self) -> dict[str, int]:
        """What each stratum gives."""
        return {stratum.name: stratum.take for stratum in self.strata}

    @property
    def shortfall(self) -> int:
        """How many cases of the total nobody gives."""
        return self.total - sum(stratum.take for stratum in self.strata)


def webster(given: int) -> int:
    """Webster's (Sainte-Lague's) divisor k + 1/2, doubled to stay whole."""
    return 2 * given + 1


def huntington_hill(given: int) -> int:
    """The square of Huntington and Hill's divisor, k(k+1); the weights it divides are squares too."""
    return given * (given + 1)


def per_stratum(shares: Iterable[Share], take: int) -> Allocations:
    """`take` cases of each stratum, all where there are fewer; what is short is reported and not made up elsewhere."""
    named = _by_name(shares)
    return Allocations(take * len(named), tuple(Allocation(share.name, take, min(take, share.size)) for share in named))


def equal(shares: Iterable[Share], total: int, bounds: Bounds = FREE, refill: bool = False) -> Allocations:
    """The total as evenly as it goes, a remainder to the first names; what is short is reported.

    `refill` makes up what is short from the other strata, by the same rule; the short ones still say what they lack.
    Raises WrongUse if the minimums need more than the total.
    """
    named = _by_name(shares)
    claims = _claims(named, bounds, lambda _: Fraction(1))
    wanted = _rounded([replace(claim, high=max(total, claim.low)) for claim in claims], total)
    take = {claim.name: min(wanted[claim.name], claim.high) for claim in claims}
    if refill:
        take = _rounded(claims, total)
    strata = tuple(Allocation(name, max(wanted[name], take[name]), take[name]) for name in take)
    return Allocations(total, strata, below_least(named, bounds))


def proportional(shares: Iterable[Share], total: int, bounds: Bounds = FREE) -> Allocations:
    """In proportion to size N: each next case to the highest of Webster's priorities N/(k + 1/2).

    Raises WrongUse if the minimums need more than the total.
    """
    named = _by_name(shares)
    return _allocations(named, total, bounds, by_priority(_claims(named, bounds, _size), total, webster))


def neyman(shares: Iterable[Share], total: int, bounds: Bounds = FREE) -> Allocations:
    """The least variance of the overall failure rate: each next case to the highest of N S / sqrt(k(k+1)).

    The whole numbers this gives minimise the sum of N^2 S^2 / n exactly, once each stratum has a case (Wright 2012,
    The American Statistician 66(4)). Raises WrongUse if the minimums need more than the total.
    """
    named = _by_name(shares)
    claims = _claims(named, bounds, lambda share: share.size**2 * share.variance)
    return _allocations(named, total, bounds, by_priority(claims, total, huntington_hill))


def largest_remainder(shares: Iterable[Share], total: int, bounds: Bounds = FREE) -> Allocations:
    """In proportion to size: whole parts first, what is left by the largest remainders (Hamilton).

    A larger total can take a case away from a stratum (the Alabama paradox), so it is no rule for a top-up. Raises
    WrongUse if the minimums need more than the total.
    """
    named = _by_name(shares)
    return _allocations(named, total, bounds, _rounded(_claims(named, bounds, _size), total))


def spread(cells: Mapping[str, Iterable[Share]], takes: Mapping[str, int], bounds: Bounds) -> dict[str, Allocations]:
    """Each stratum's take over its cells, one a person, in proportion to size (`proportional`) within the bounds.

    `takes` holds every stratum of `cells`. Raises WrongUse naming each stratum whose minimums need more than its take.
    """
    named = {stratum: _by_name(cells[stratum]) for stratum in sorted(cells)}
    needed = {stratum: sum(bounds.low(cell.size) for cell in inside) for stratum, inside in named.items()}
    problems = [Problem("S019", f"The minimum of {bounds.least} each needs {needed[stratum]} cases of stratum "
                        f"'{stratum}', and its take is {takes[stratum]}.",
                        f"Take {needed[stratum]} or more, or lower the minimum.")
                for stratum in named if needed[stratum] > takes[stratum]]
    if problems:
        raise WrongUse(shortened(problems))
    return {stratum: proportional(inside, takes[stratum], bounds) for stratum, inside in named.items()}


def by_priority(claims: Iterable[Claim], total: int, divisor: Divisor) -> dict[str, int]:
    """What each claim gets: its `low`, then case by case the highest weight / divisor(k), until the total is spent.

    No claim gets more than its `high`; ties go to the first name. Raises WrongUse if the `low`s need more than the
    total. `neyman` in general is `huntington_hill` with weights N^2 S^2 and bounds for each stratum.
    """
    named = {claim.name: claim for claim in claims}
    check_minimums(named.values(), total)
    shift = 2 * max((claim.weight.numerator.bit_length() for claim in named.values()), default=0)
    given = {name: claim.low for name, claim in named.items()}
    heap = [(_turn(claim, divisor(claim.low), shift), name) for name, claim in named.items() if claim.low < claim.high]
    heapify(heap)
    for _ in range(min(total, sum(claim.high for claim in named.values())) - sum(given.values())):
        name = heap[0][1]
        given[name] += 1
        if given[name] < named[name].high:
            heapreplace(heap, (_turn(named[name], divisor(given[name]), shift), name))
        else:
            heappop(heap)
    return given


def _turn(claim: Claim, divisor: int, shift: int) -> tuple[int, int]:
    """When a claim gets its next case, smallest first: the exact order of divisor / weight, in whole numbers.

    Two unequal fractions x/a and y/b differ by 1/ab or more, so times 2^shift >= ab they differ by 1 or more, and
    rounding down keeps their order. A divisor of 0 is an endless priority: first of all, the heavier claim sooner.
    """
    if not claim.weight:
        return 2, 0
    weight, denominator = claim.weight.as_integer_ratio()
    return int(divisor > 0), (max(divisor, 1) * denominator << shift) // weight


def check_minimums(claims: Iterable[Claim], total: int) -> None:
    """Raises WrongUse, naming the total that is needed, if the claims' minimums need more than there is."""
    needed = sum(claim.low for claim in claims)
    if needed > total:
        raise WrongUse(Problem("S019", f"The minimums need {needed} cases in all, and the total is {total}.",
                               f"Take {needed} or more, or lower the minimum."))


def below_least(shares: Iterable[Share], bounds: Bounds) -> tuple[str, ...]:
    """The names of those with fewer eligible cases than the minimum, of which all are taken."""
    return tuple(sorted(share.name for share in shares if share.size < bounds.least))


def _by_name(shares: Iterable[Share]) -> list[Share]:
    return sorted(shares, key=lambda share: share.name)


def _size(share: Share) -> Fraction:
    return Fraction(share.size)


def _claims(shares: Iterable[Share], bounds: Bounds, weight: Callable[[Share], Fraction]) -> list[Claim]:
    return [Claim(share.name, weight(share), bounds.low(share.size), bounds.high(share.size)) for share in shares]


def _allocations(shares: list[Share], total: int, bounds: Bounds, take: Mapping[str, int]) -> Allocations:
    strata = tuple(Allocation(share.name, take[share.name], take[share.name]) for share in shares)
    return Allocations(total, strata, below_least(shares, bounds))


def _rounded(claims: list[Claim], total: int) -> dict[str, int]:
    """The `_quotas` without their fractions, and what those add up to by the largest of them, ties by name."""
    check_minimums(claims, total)
    spent = min(total, sum(claim.high for claim in claims))
    quotas = {claim.name: quota for claim, quota in zip(claims, _quotas(claims, spent), strict=True)}
    take = {name: floor(quota) for name, quota in quotas.items()}
    left = spent - sum(take.values())
    for name in sorted(take, key=lambda name: (take[name] - quotas[name], name))[:left]:
        take[name] += 1
    return take


def _quotas(claims: list[Claim], total: int) -> list[Fraction]:
    """Unrounded shares: level * weight held to low..high, at the one level where they add up to the total."""
    # Between two neighbouring levels at which a claim meets a bound, the sum grows in a straight line.
    bends = sorted({Fraction(0), *(bound / claim.weight for claim in claims if claim.weight
                                   for bound in (claim.low, claim.high))})
    bend = bends[bisect_right(bends, Fraction(total), key=lambda level: _sum(_held(claims, level))) - 1]
    quotas = _held(claims, bend)
    growing = _sum(claim.weight for claim in claims if claim.low <= bend * claim.weight < claim.high)
    return _held(claims, bend + (total - _sum(quotas)) / growing) if growing else quotas


def _held(claims: Iterable[Claim], level: Fraction) -> list[Fraction]:
    return [min(max(level * claim.weight, Fraction(claim.low)), Fraction(claim.high)) for claim in claims]


def _sum(values: Iterable[Fraction]) -> Fraction:
    return sum(values, Fraction(0))
