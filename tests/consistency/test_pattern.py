"""A reviewer's use of the levels beside a range in which nobody else can be told apart."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.consistency.pattern import FEWEST_OTHERS, LevelUse, level_uses

LEVELS = ("met", "not_met", "cannot_tell")
USES = st.builds(lambda a, b, c: Counter(met=a, not_met=b, cannot_tell=c), *[st.integers(0, 12)] * 3)


def test_the_range_is_the_lowest_and_highest_share_of_the_others() -> None:
    mine = Counter(met=9, not_met=1)
    others = (Counter(met=5, not_met=5), Counter(met=2, not_met=8), Counter(met=6, not_met=2, cannot_tell=2))
    assert level_uses(mine, others, LEVELS, 5) == (
        LevelUse("met", 9, 10, 3, 0.2, 0.6), LevelUse("not_met", 1, 10, 3, 0.2, 0.8),
        LevelUse("cannot_tell", 0, 10, 3, 0.0, 0.2))
    assert [use.reading(5) for use in level_uses(mine, others, LEVELS, 5)] == [
        "above the range", "below the range", "in the range"]


@pytest.mark.parametrize("others", [
    (), (Counter(met=50),), (Counter(met=50), Counter(met=9, not_met=41)),
    (Counter(met=50), Counter(met=9, not_met=41), Counter(met=4)),  # the third has too few marks
])
def test_fewer_than_three_others_show_nothing(others: tuple[Counter[str], ...]) -> None:
    for use in level_uses(Counter(met=9, not_met=1), others, LEVELS, 5):
        assert (use.others, use.low, use.high, use.reading(5)) == (0, None, None, "not compared")


def test_a_share_of_few_marks_is_not_compared() -> None:
    use = level_uses(Counter(met=4), [Counter(not_met=9)] * 3, LEVELS, 5)[0]
    assert (use.share, use.low, use.high, use.reading(5)) == (1.0, 0.0, 0.0, "not compared")
    assert level_uses(Counter(), [Counter(not_met=9)] * 3, LEVELS, 0)[0].share is None


def test_shares_that_read_alike_in_per_cent_are_not_called_different() -> None:
    others = [Counter(met=1, not_met=35)] * 3  # 2.8 per cent
    use = level_uses(Counter(met=1, not_met=29), others, LEVELS, 5)[0]  # 3.3 per cent
    assert (use.low, use.share, use.reading(5)) == (1 / 36, 1 / 30, "in the range")
    assert level_uses(Counter(met=1, not_met=24), others, LEVELS, 5)[0].reading(5) == "above the range"


@given(USES, st.lists(USES, max_size=6), st.integers(0, 8))
def test_the_range_holds_every_compared_share_and_no_other_reviewer_changes_it(
    mine: Counter[str], others: list[Counter[str]], small: int
) -> None:
    compared = [uses for uses in others if uses.total() >= max(small, 1)]
    found = level_uses(mine, others, LEVELS, small)
    assert found == level_uses(mine, compared, LEVELS, small) == level_uses(mine, others[::-1], LEVELS, small)
    for use in found:
        if len(compared) < FEWEST_OTHERS:
            assert use.low is None and use.high is None
            continue
        assert use.low is not None and use.high is not None and 0 <= use.low <= use.high <= 1
        assert all(use.low <= uses[use.level] / uses.total() <= use.high for uses in compared)
    assert sum(use.given for use in found) == mine.total()
