"""A person's keys are taken one by one; a paste and a key held down leave no mark."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.screen.pace import BURST_MS, QUIET_MS, Pace

KEYS = st.sampled_from("1238nq")
Typed = list[tuple[str, int]]


def places(typed: Typed) -> list[int]:
    """Which of the keys that came at these milliseconds stand in the end, as the desk follows the verdicts."""
    pace, stand = Pace(), []
    for place, (key, at) in enumerate(typed):
        verdict = pace.judge(key, at)
        if verdict == "pressed":
            stand.append(place)
        elif verdict == "held":
            del stand[-1:]
        elif verdict == "paste" and pace.burst:
            del stand[-pace.burst:]
    return stand


def standing(typed: Typed) -> Typed:
    return [typed[place] for place in places(typed)]


def timed(keys: list[str], gaps: list[int], start: int = 1_000) -> Typed:
    return list(zip(keys, accumulate(gaps, initial=start), strict=False))


def with_gaps(least: int, most: int, keys: st.SearchStrategy[str] = KEYS, count: int = 1) -> st.SearchStrategy[Typed]:
    steps = st.lists(st.tuples(keys, st.integers(least, most)), min_size=count, max_size=30)
    return steps.map(lambda some: timed([key for key, _ in some], [gap for _, gap in some]))


@given(with_gaps(100, 5_000))
def test_a_persons_keys_are_always_taken(typed: Typed) -> None:
    assert standing(typed) == typed


@given(with_gaps(0, 200))
def test_of_three_keys_within_thirty_milliseconds_none_stands(typed: Typed) -> None:
    stand = places(typed)
    for first in range(len(typed) - 2):
        if typed[first + 2][1] - typed[first][1] <= BURST_MS:
            assert not {first, first + 1, first + 2} & set(stand)


@given(with_gaps(100, 900), st.lists(KEYS, min_size=3, max_size=40), st.data())
def test_a_paste_after_a_persons_keys_leaves_only_those(typed: Typed, pasted: list[str], data: st.DataObject) -> None:
    start = typed[-1][1] + 100
    quick = data.draw(st.lists(st.integers(0, BURST_MS // 2), min_size=2, max_size=2))
    slower = data.draw(st.lists(st.integers(0, QUIET_MS - 1), min_size=len(pasted) - 3, max_size=len(pasted) - 3))
    burst = timed(pasted, [*quick, *slower], start)
    after = [("n", burst[-1][1] + QUIET_MS)]
    assert standing([*typed, *burst, *after]) == [*typed, *after]


@given(with_gaps(100, 900, st.sampled_from("238nq")), st.integers(200, 1_200), st.integers(20, 79), st.integers(3, 60))
def test_a_key_held_down_is_one_press(typed: Typed, delay: int, interval: int, repeats: int) -> None:
    start = typed[-1][1] + 100
    held = [("1", start), *(("1", start + delay + interval * number) for number in range(repeats))]
    assert standing([*typed, *held]) == [*typed, ("1", start)]


@given(with_gaps(100, 900), st.integers(1, 79))
def test_a_key_that_bounces_is_one_press(typed: Typed, gap: int) -> None:
    key, at = typed[-1]
    assert standing([*typed, (key, at + gap)]) == typed


@pytest.mark.parametrize("waiting", [2, 3, 90])
def test_a_burst_that_waits_to_be_read_is_refused_from_its_first_key(waiting: int) -> None:
    pace = Pace()
    assert pace.judge("1", 1_000, waiting) == "paste" and pace.burst == 0
    assert pace.judge("2", 1_001, waiting - 1) == "paste" and pace.burst == 0


def test_two_keys_that_wait_are_two_presses() -> None:
    pace = Pace()
    assert [pace.judge("1", 1_000, 1), pace.judge("2", 1_000, 0)] == ["pressed", "pressed"]


def test_three_keys_that_straddle_two_moments_are_a_burst() -> None:
    assert standing([("n", 1_000), ("1", 1_025), ("2", 1_035), ("3", 1_045)]) == [("n", 1_000)]
    assert standing([("n", 1_000), ("1", 1_035), ("2", 1_045), ("3", 1_060)]) == [("n", 1_000)]


@given(with_gaps(100, 900), with_gaps(100, 900), st.integers(1, 10_000_000))
def test_a_clock_that_is_put_back_costs_no_key(before: Typed, after: Typed, back: int) -> None:
    start = before[-1][1] - back
    typed = [*before, *((key, start + at) for key, at in after if start + at < before[-1][1])]
    assert standing(typed) == typed


def test_the_rest_of_a_paste_that_began_in_a_box_is_left_until_it_is_quiet() -> None:
    pace = Pace()
    pace.belongs_to_a_paste(1_000)
    assert [pace.judge("1", 1_001), pace.judge("n", 1_100)] == ["paste", "paste"] and pace.burst == 0
    assert pace.judge("1", 1_100 + QUIET_MS) == "pressed"
