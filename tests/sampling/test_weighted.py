"""A heavier case comes sooner, in proportion; the order is exact and the estimates are unbiased."""

from collections.abc import Iterable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.sampling.ticket import ticket
from cqa.sampling.weighted import (
    HEAVIEST,
    WeightedCase,
    certainties,
    estimation_weights,
    order_key,
    read_weight,
)

DRAWS = 20_000
WEIGHTS = {f"case {weight}": weight for weight in range(1, 11)}
FAILURES = {case_id: 3 if weight % 3 else 5 for case_id, weight in WEIGHTS.items()}

WEIGHT = st.integers(1, HEAVIEST)
TICKET = st.integers(1, 2**256 - 1)


def cases(weights: dict[str, int], seed: str) -> list[WeightedCase]:
    return [WeightedCase(case_id, ticket(seed, case_id), weight) for case_id, weight in weights.items()]


def weighted_order(drawn: Iterable[WeightedCase]) -> list[WeightedCase]:
    """As the rule has it: by ticket / weight, ties by case id."""
    return sorted(drawn, key=lambda case: (order_key(case.ticket, case.weight), case.case_id))


def digits(number: int) -> str:
    return f"{number:064x}"


def ordered_alike(one: int, light: int, other: int, heavy: int) -> bool:
    left, right = Fraction(one, light), Fraction(other, heavy)
    keys = order_key(digits(one), light), order_key(digits(other), heavy)
    return (keys[0] < keys[1], keys[0] == keys[1]) == (left < right, left == right)


@given(TICKET, WEIGHT, TICKET, WEIGHT)
def test_the_key_orders_as_the_exact_fractions_do(one: int, light: int, other: int, heavy: int) -> None:
    assert ordered_alike(one, light, other, heavy)


@given(TICKET, WEIGHT, WEIGHT, st.integers(-1, 1))
def test_the_key_tells_the_closest_of_fractions_apart(one: int, light: int, heavy: int, off: int) -> None:
    other = min(max(one * heavy // light + off, 1), 2**256 - 1)
    assert ordered_alike(one, light, other, heavy)


def test_the_heaviest_weights_do_not_blur_the_smallest_difference() -> None:
    # T/w of these differ by 1/((2^32-1)(2^32-2)), the least that two weights allow.
    assert order_key(digits(HEAVIEST - 2), HEAVIEST - 1) < order_key(digits(HEAVIEST - 1), HEAVIEST)


@given(st.lists(TICKET, unique=True, max_size=20), WEIGHT)
def test_equal_weights_are_the_order_of_the_tickets(numbers: list[int], weight: int) -> None:
    ordered = weighted_order(WeightedCase(str(number), digits(number), weight) for number in numbers)
    assert [case.ticket for case in ordered] == sorted(map(digits, numbers))


def test_cases_that_tie_are_settled_by_their_ids() -> None:
    tied = [WeightedCase("b", digits(6), 3), WeightedCase("a", digits(4), 2), WeightedCase("c", digits(2), 1)]
    assert [case.case_id for case in weighted_order(tied)] == ["a", "b", "c"]


@given(st.lists(st.tuples(TICKET, WEIGHT), max_size=12), st.integers(0, 14))
def test_no_case_stands_for_less_than_itself_and_all_stand_for_themselves_when_all_are_taken(
    pairs: list[tuple[int, int]], count: int
) -> None:
    ordered = weighted_order(WeightedCase(str(place), digits(one), weight)
                             for place, (one, weight) in enumerate(pairs))
    weights = estimation_weights(ordered, count)
    assert len(weights) == min(count, len(pairs)) and all(weight >= 1 for weight in weights)
    assert count < len(pairs) or set(weights) <= {1}


def test_an_estimation_weight_can_be_checked_by_hand() -> None:
    # tau = 2/(1/2) = 4: the case of weight 3 stands for 4/3 cases, the one of weight 9 for itself.
    ordered = weighted_order([WeightedCase("x", digits(2**255), 2), WeightedCase("y", digits(2**253), 3),
                              WeightedCase("z", digits(2**252), 9)])
    assert [case.case_id for case in ordered] == ["z", "y", "x"]
    assert estimation_weights(ordered, 2) == (Fraction(1), Fraction("1.333333"))


@pytest.fixture(scope="module")
def simulated() -> list[list[tuple[str, Fraction]]]:
    """For each of many seeds the four cases drawn of ten, with what they stand for."""
    made = []
    for seed in range(DRAWS):
        ordered = weighted_order(cases(WEIGHTS, str(seed)))
        made.append([(case.case_id, stands) for case, stands in
                     zip(ordered, estimation_weights(ordered, 4), strict=False)])
    return made


def test_a_case_is_drawn_about_in_proportion_to_its_weight(simulated: list[list[tuple[str, Fraction]]]) -> None:
    often = dict.fromkeys(WEIGHTS, 0)
    for draw in simulated:
        for case_id, _ in draw:
            often[case_id] += 1
    # Sequential Poisson sampling is only nearly proportional: the theory's own departure here is 0.024 at the most.
    assert all(abs(often[case_id] / DRAWS - 4 * weight / 55) < 0.035 for case_id, weight in WEIGHTS.items())


def test_the_estimate_of_a_total_is_unbiased(simulated: list[list[tuple[str, Fraction]]]) -> None:
    told = sum(float(stands) * FAILURES[case_id] for draw in simulated for case_id, stands in draw) / DRAWS
    assert told == pytest.approx(sum(FAILURES.values()), rel=0.01)


def test_a_case_that_is_owed_a_place_is_listed_and_no_other() -> None:
    assert certainties({"a": 1, "b": 1, "c": 1, "d": 3}, 2) == ("d",)
    assert certainties({"a": 1, "b": 1, "c": 1, "d": 2}, 2) == ()


def test_the_order_alone_passes_over_a_case_that_is_owed_a_place() -> None:
    weights = {"a": 1, "b": 1, "c": 1, "d": 3}
    missed = sum("d" not in [case.case_id for case in weighted_order(cases(weights, str(seed)))[:2]]
                 for seed in range(DRAWS))
    assert missed / DRAWS == pytest.approx(5 / 54, abs=0.01)  # the integral of 3(u/3)^2(1 - u/3) + (u/3)^3 over 0..1


@given(st.permutations(list(WEIGHTS)))
def test_the_order_of_the_rows_changes_nothing(rows: list[str]) -> None:
    shuffled = {case_id: WEIGHTS[case_id] for case_id in rows}
    assert weighted_order(cases(shuffled, "seed")) == weighted_order(cases(WEIGHTS, "seed"))


@pytest.mark.parametrize(("text", "weight"), [("1", 1), ("4294967295", HEAVIEST), ("007", 7), ("0" * 5000 + "8", 8)])
def test_a_weight_is_a_whole_number(text: str, weight: int) -> None:
    assert read_weight(text) == weight


@pytest.mark.parametrize("text", ["", "0", "-1", "+1", "1.0", "1e3", "1_000", " 1", "1\n", "٣", "²", "4294967296",
                                  "9" * 5000, "000", "high", "0x10", "1,000"])
def test_anything_else_is_no_weight(text: str) -> None:
    with pytest.raises(ValueError, match="not a whole number from 1 to 4294967295"):
        read_weight(text)
