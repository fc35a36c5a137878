"""The draw follows from the seed and the ids alone."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from cqa.sampling.draw import draw
from cqa.sampling.frame import Case, Frame
from cqa.sampling.ticket import ticket


def frame_of(ids: list[str], strata: int = 2) -> Frame:
    cases = tuple(Case(one, row, f"S{sum(one.encode()) % strata}", (f"h{sum(one.encode()) % 3}",), {})
                  for row, one in enumerate(ids))
    return Frame(cases, "", ())


IDS = st.lists(st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=6), unique=True,
               min_size=1, max_size=40)


@given(IDS, st.randoms(use_true_random=False), st.integers(1, 5))
def test_shuffling_the_rows_changes_nothing(ids: list[str], shuffler: object, take: int) -> None:
    shuffled = list(ids)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]
    assert draw(frame_of(ids), "seed", take, 2, {}) == draw(frame_of(shuffled), "seed", take, 2, {})


@given(IDS, st.integers(1, 5), st.integers(1, 5))
def test_a_longer_draw_begins_with_the_shorter(ids: list[str], take: int, more: int) -> None:
    short = {case.case_id for case in draw(frame_of(ids), "seed", take, 0, {})[0]}
    longer = {case.case_id for case in draw(frame_of(ids), "seed", take + more, 0, {})[0]}
    assert short <= longer


@given(IDS, st.integers(1, 5), st.integers(0, 5))
def test_each_stratum_gives_its_smallest_tickets_then_its_reserves(ids: list[str], take: int, reserves: int) -> None:
    frame = frame_of(ids)
    drawn, strata = draw(frame, "seed", take, reserves, {})
    for stratum in strata:
        ordered = sorted(ticket("seed", case.case_id) for case in frame.cases if case.stratum == stratum.name)
        inside = [case for case in drawn if case.stratum == stratum.name]
        assert [case.ticket for case in inside] == ordered[: take + reserves]
        assert [case.main for case in inside] == [rank < take for rank in range(len(inside))]
        assert stratum.shortfall == max(0, take - len(ordered))
        assert all(case.weight == Fraction(len(ordered), min(take, len(ordered))) for case in inside)


def test_every_case_is_drawn_about_equally_often() -> None:
    ids = [f"{number:03d}" for number in range(50)]
    often = dict.fromkeys(ids, 0)
    for seed in range(600):
        for case in draw(frame_of(ids, 1), str(seed), 10, 0, {})[0]:
            often[case.case_id] += 1
    expected = 600 * 10 / 50
    # Chi-square with 49 degrees of freedom, scaled for drawing without replacement: 85.35 is exceeded once in 1,000.
    assert sum((count - expected) ** 2 for count in often.values()) / (expected * (1 - 10 / 50)) < 85.35
