"""How many cases each stratum gives: exact, within bounds, and only ever more when the total grows."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise, product
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.errors import WrongUse
from cqa.sampling.allocation import (
    FREE,
    Allocations,
    Bounds,
    Claim,
    Share,
    by_priority,
    equal,
    huntington_hill,
    largest_remainder,
    neyman,
    per_stratum,
    proportional,
    spread,
    webster,
)

Rule = Callable[[list[Share], int, Bounds], Allocations]


def refilled(shares: list[Share], total: int, bounds: Bounds = FREE) -> Allocations:
    return equal(shares, total, bounds, refill=True)


GROWING: list[Rule] = [equal, refilled, proportional, neyman]
SPENDING: list[Rule] = [refilled, proportional, neyman, largest_remainder]
EVERY: list[Rule] = [*GROWING, largest_remainder]

RATES = st.none() | st.fractions(0, 1, max_denominator=40)
SHARES = st.lists(st.tuples(st.integers(0, 30), RATES), min_size=1, max_size=7).map(
    lambda pairs: [Share(f"u{place}", size, rate) for place, (size, rate) in enumerate(pairs)])
BOUNDS = st.builds(lambda least, room: Bounds(least, None if room is None else least + room),
                   st.integers(0, 5), st.none() | st.integers(0, 12))


def shares(*sizes: int) -> list[Share]:
    return [Share(name, size) for name, size in zip("abcdefgh", sizes, strict=False)]


def takes(made: Allocations) -> list[int]:
    return [stratum.take for stratum in made.strata]


def shortfalls(made: Allocations) -> list[int]:
    return [stratum.shortfall for stratum in made.strata]


def needed(asked: list[Share], bounds: Bounds) -> int:
    return sum(bounds.low(share.size) for share in asked)


def there(asked: list[Share], bounds: Bounds) -> int:
    return sum(bounds.high(share.size) for share in asked)


def test_each_stratum_gives_what_was_asked_or_all_it_has_and_nothing_moves() -> None:
    made = per_stratum(shares(20, 3, 10), 10)
    assert takes(made) == [10, 3, 10] and shortfalls(made) == [0, 7, 0] and made.shortfall == 7


def test_an_equal_total_leaves_its_remainder_to_the_first_names() -> None:
    assert takes(equal([Share("c", 9), Share("a", 9), Share("b", 9)], 11)) == [4, 4, 3]


def test_an_equal_share_that_is_not_there_is_reported_and_not_moved() -> None:
    made = equal(shares(20, 2, 20), 15)
    assert takes(made) == [5, 2, 5] and shortfalls(made) == [0, 3, 0] and made.shortfall == 3


def test_a_refill_moves_the_shortfall_and_still_says_where_it_was() -> None:
    made = refilled(shares(20, 2, 20), 15)
    assert takes(made) == [7, 2, 6] and shortfalls(made) == [0, 3, 0] and made.shortfall == 0


def test_a_mistyped_total_does_not_keep_anyone_waiting() -> None:
    assert takes(equal(shares(3, 4), 10**12)) == [3, 4]


def test_websters_priorities_are_served_from_the_highest_down() -> None:
    # The priorities 106, 48, 46, 35.3, 21.2, 16 and 15.3 win; 53/3.5 = 15.1 is the first that does not.
    assert takes(proportional(shares(53, 24, 23), 7)) == [3, 2, 2]


def test_two_that_tie_are_settled_by_name() -> None:
    assert proportional([Share("z", 5), Share("y", 5)], 3).takes == {"y": 2, "z": 1}


def test_the_optimum_that_stratallo_publishes_is_reproduced() -> None:
    # The README of the R package stratallo 3.0.1: opt(1284, N * S, m, M) rounded is 229 400 604 51.
    published = zip((3000, 4000, 5000, 2000), (48, 79, 76, 16), (100, 90, 500, 50), (300, 400, 800, 90), strict=True)
    claims = [Claim(str(place), Fraction((size * deviation) ** 2), low, high)
              for place, (size, deviation, low, high) in enumerate(published)]
    assert list(by_priority(claims, 1284, huntington_hill).values()) == [229, 400, 604, 51]


def test_a_stratum_that_failed_half_the_time_gives_more_than_one_that_hardly_did() -> None:
    made = neyman([Share("bad", 100, Fraction(1, 2)), Share("good", 100, Fraction(1, 100))], 16)
    assert made.takes == {"bad": 10, "good": 6}  # 0.5 to 0.3: one failure in 100 counts as one in ten


def test_an_unknown_rate_counts_as_one_half() -> None:
    known = [Share("a", 70, Fraction(1, 2)), Share("b", 40, Fraction(1, 5))]
    assert neyman(known, 20) == neyman([Share("a", 70), known[1]], 20)


def test_each_stratum_has_a_case_before_any_has_two_and_the_heaviest_come_first() -> None:
    assert [takes(neyman(shares(1, 40, 20), total)) for total in (1, 2, 3)] == [[0, 1, 0], [0, 1, 1], [1, 1, 1]]


def test_a_stratum_without_variance_gives_last() -> None:
    claims = [Claim("sure", Fraction(0), 0, 5), Claim("unsure", Fraction(1, 9), 0, 3)]
    assert by_priority(claims, 4, huntington_hill) == {"sure": 1, "unsure": 3}


def test_the_largest_remainder_takes_a_case_away_where_webster_only_adds() -> None:
    asked = shares(6, 6, 2)
    assert [takes(largest_remainder(asked, total)) for total in (10, 11)] == [[4, 4, 2], [5, 5, 1]]
    grown = [takes(proportional(asked, total)) for total in range(15)]
    assert all(fewer <= more for step in pairwise(grown) for fewer, more in zip(*step, strict=True))


@pytest.mark.parametrize("rule", GROWING)
@given(SHARES, BOUNDS, st.integers(0, 60), st.integers(1, 20))
def test_a_larger_total_only_ever_adds(
    rule: Rule, asked: list[Share], bounds: Bounds, above: int, more: int
) -> None:
    total = needed(asked, bounds) + above
    small, large = takes(rule(asked, total, bounds)), takes(rule(asked, total + more, bounds))
    assert all(fewer <= many for fewer, many in zip(small, large, strict=True))


@pytest.mark.parametrize("rule", SPENDING)
@given(SHARES, BOUNDS, st.integers(0, 100))
def test_the_total_is_spent_or_all_is_taken_and_the_rest_is_the_shortfall(
    rule: Rule, asked: list[Share], bounds: Bounds, above: int
) -> None:
    total = needed(asked, bounds) + above
    made = rule(asked, total, bounds)
    assert sum(takes(made)) == min(total, there(asked, bounds)) and made.shortfall == total - sum(takes(made))


@pytest.mark.parametrize("rule", EVERY)
@given(SHARES, BOUNDS, st.integers(0, 100))
def test_no_stratum_gives_less_than_its_minimum_or_more_than_its_maximum(
    rule: Rule, asked: list[Share], bounds: Bounds, above: int
) -> None:
    made = rule(asked, needed(asked, bounds) + above, bounds)
    assert all(bounds.low(share.size) <= stratum.take <= bounds.high(share.size)
               for share, stratum in zip(asked, made.strata, strict=True))
    assert made.below == tuple(share.name for share in asked if share.size < bounds.least)


@given(SHARES, BOUNDS, st.integers(0, 100))
def test_the_order_in_which_strata_are_told_changes_nothing(asked: list[Share], bounds: Bounds, above: int) -> None:
    total = needed(asked, bounds) + above
    assert all(rule(asked, total, bounds) == rule(asked[::-1], total, bounds) for rule in EVERY)


@given(SHARES, BOUNDS, st.integers(0, 100))
def test_an_equal_total_with_its_shortfalls_is_the_total(asked: list[Share], bounds: Bounds, above: int) -> None:
    made = equal(asked, needed(asked, bounds) + above, bounds)
    assert sum(stratum.wanted for stratum in made.strata) == made.total and sum(shortfalls(made)) == made.shortfall


@given(SHARES, BOUNDS, st.integers(0, 100))
def test_an_equal_total_gives_case_by_case_to_whoever_has_fewest(
    asked: list[Share], bounds: Bounds, above: int
) -> None:
    total = needed(asked, bounds) + above
    claims = [Claim(one.name, Fraction(1), bounds.low(one.size), bounds.high(one.size)) for one in asked]
    assert refilled(asked, total, bounds).takes == by_priority(claims, total, lambda given: given + 1)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=6), st.integers(0, 200))
def test_the_largest_remainder_stays_within_one_case_of_the_exact_share(sizes: list[int], total: int) -> None:
    total = min(total, sum(sizes))
    for size, take in zip(sizes, takes(largest_remainder(shares(*sizes), total)), strict=True):
        assert floor(Fraction(size * total, sum(sizes))) <= take < Fraction(size * total, sum(sizes)) + 1


@given(st.lists(st.fractions("0.001", 10**6), min_size=1, max_size=6), st.integers(0, 40))
def test_whole_numbers_keep_the_exact_order_of_the_priorities(weights: list[Fraction], total: int) -> None:
    claims = [Claim(f"u{place}", weight, 0, 100) for place, weight in enumerate(weights)]
    given = dict.fromkeys((claim.name for claim in claims), 0)
    for _ in range(total):
        given[min(claims, key=lambda claim: (-claim.weight / webster(given[claim.name]), claim.name)).name] += 1
    assert by_priority(claims, total, webster) == given


def variance(asked: list[Share], numbers: tuple[int, ...]) -> Fraction:
    """Wright's (2012) sum of N^2 S^2 / n; strata without cases have none."""
    return sum((share.size**2 * share.variance / number for share, number in zip(asked, numbers, strict=True)
                if number), Fraction(0))


@given(st.lists(st.tuples(st.integers(1, 6), RATES), min_size=1, max_size=4), st.integers(1, 2),
       st.none() | st.integers(2, 5), st.integers(0, 14))
def test_no_other_whole_numbers_have_less_variance_than_neymans(
    pairs: list[tuple[int, Fraction | None]], least: int, most: int | None, above: int
) -> None:
    asked = [Share(f"u{place}", size, rate) for place, (size, rate) in enumerate(pairs)]
    bounds = Bounds(least, most)
    total = min(needed(asked, bounds) + above, there(asked, bounds))
    allowed = product(*(range(bounds.low(share.size), bounds.high(share.size) + 1) for share in asked))
    best = min(variance(asked, numbers) for numbers in allowed if sum(numbers) == total)
    assert variance(asked, tuple(takes(neyman(asked, total, bounds)))) == best


@pytest.mark.parametrize("rule", EVERY)
def test_minimums_beyond_the_total_are_refused_with_the_total_they_need(rule: Rule) -> None:
    with pytest.raises(WrongUse) as caught:
        rule(shares(9, 2, 9), 11, Bounds(5))
    assert caught.value.problems[0].code == "S019" and "need 12 cases" in caught.value.problems[0].message


def test_a_minimum_above_the_maximum_is_refused() -> None:
    with pytest.raises(WrongUse) as caught:
        Bounds(5, 4)
    assert caught.value.problems[0].code == "S018"


@pytest.mark.parametrize("rule", EVERY)
def test_no_strata_give_nothing(rule: Rule) -> None:
    made = rule([], 3, FREE)
    assert made.strata == () and made.shortfall == 3


def test_a_take_is_spread_over_the_people_of_its_stratum() -> None:
    made = spread({"Leeds": [Share("Ann", 40), Share("Bob", 10), Share("Cy", 1)], "York": [Share("Di", 3)]},
                  {"Leeds": 10, "York": 5}, Bounds(2, 6))
    assert made["Leeds"].takes == {"Ann": 6, "Bob": 3, "Cy": 1} and made["Leeds"].below == ("Cy",)
    assert made["York"].takes == {"Di": 3} and made["York"].shortfall == 2


def test_every_stratum_whose_minimums_exceed_its_take_is_named_with_the_take_it_needs() -> None:
    people = [Share("Ann", 40), Share("Bob", 10), Share("Cy", 1)]
    with pytest.raises(WrongUse) as caught:
        spread({"York": people, "Leeds": people, "Hull": people[:1]}, {"York": 4, "Leeds": 3, "Hull": 2}, Bounds(2))
    assert [problem.code for problem in caught.value.problems] == ["S019", "S019"]
    told = [problem.message for problem in caught.value.problems]
    assert all(f"needs 5 cases of stratum '{name}'" in text for name, text in zip(("Leeds", "York"), told, strict=True))
