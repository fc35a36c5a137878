"""The draw follows from the seed and the ids alone."""

import sqlite3
from fractions import Fraction
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.sampling.candidates import Candidates
from cqa.sampling.draw import DrawnCase, Quota, Stratum, draw
from cqa.sampling.frame import Collapse, Columns, find_places
from cqa.sampling.survey import survey
from cqa.sampling.ticket import ticket
from tests.sampling.exporting import Rows

STRICT = Collapse({}, None)


def drawn(ids: list[str], seed: str, take: int, reserves: int, strata: int = 2
          ) -> tuple[tuple[DrawnCase, ...], tuple[Stratum, ...]]:
    export = Rows(("id", "unit", "who"), [(one, f"S{sum(one.encode()) % strata}", f"h{sum(one.encode()) % 3}")
                                          for one in ids])
    candidates = Candidates(take + reserves)
    frame = survey(export, find_places(export, Columns("id", ("unit",), ("who",)), STRICT), STRICT, (), seed,
                   candidates)
    quotas = {size.name: Quota(take, min(take, size.eligible), reserves) for size in frame.strata}
    return draw(frame, candidates, quotas, {})


IDS = st.lists(st.text(st.characters(codec="ascii", categories=("Lu", "N")), min_size=1, max_size=6), unique=True,
               min_size=1, max_size=40)


@given(IDS, st.randoms(use_true_random=False), st.integers(1, 5))
def test_shuffling_the_rows_changes_nothing(ids: list[str], shuffler: object, take: int) -> None:
    shuffled = list(ids)
    shuffler.shuffle(shuffled)  # type: ignore[attr-defined]
    assert drawn(ids, "seed", take, 2) == drawn(shuffled, "seed", take, 2)


@given(IDS, st.integers(1, 5), st.integers(1, 5))
def test_a_longer_draw_begins_with_the_shorter(ids: list[str], take: int, more: int) -> None:
    short = {case.case_id for case in drawn(ids, "seed", take, 0)[0]}
    longer = {case.case_id for case in drawn(ids, "seed", take + more, 0)[0]}
    assert short <= longer


@given(IDS, st.integers(1, 5), st.integers(0, 5))
def test_each_stratum_gives_its_smallest_tickets_then_its_reserves(ids: list[str], take: int, reserves: int) -> None:
    cases, strata = drawn(ids, "seed", take, reserves)
    for stratum in strata:
        ordered = sorted(ticket("seed", one) for one in ids if f"S{sum(one.encode()) % 2}" == stratum.name)
        inside = [case for case in cases if case.stratum == stratum.name]
        assert [case.ticket for case in inside] == ordered[: take + reserves]
        assert [case.main for case in inside] == [rank < take for rank in range(len(inside))]
        assert stratum.shortfall == max(0, take - len(ordered))
        assert all(case.weight == Fraction(len(ordered), min(take, len(ordered))) for case in inside)


def test_every_case_is_drawn_about_equally_often() -> None:
    ids = [f"{number:03d}" for number in range(50)]
    often = dict.fromkeys(ids, 0)
    draws = 10_000
    for seed in range(draws):
        for one in sorted(ids, key=lambda one: sha256(f"{seed}|{one}".encode()).digest())[:10]:
            often[one] += 1
    expected = draws * 10 / 50
    # Chi-square with 49 degrees of freedom, scaled for drawing without replacement: 85.35 is exceeded once in 1,000.
    assert sum((count - expected) ** 2 for count in often.values()) / (expected * (1 - 10 / 50)) < 85.35
    for seed in range(0, draws, 100):
        plain = sorted(ids, key=lambda one: sha256(f"{seed}|{one}".encode()).digest())[:10]
        assert {case.case_id for case in drawn(ids, str(seed), 10, 0, 1)[0]} == set(plain)


def test_another_engine_draws_the_same_cases() -> None:
    """SQLite with a SHA-256 of its own would need an extension; here it orders by the digests that hashlib gives it."""
    ids = [f"06AB{number:05d}26" for number in range(3000)]
    base = sqlite3.connect(":memory:")
    base.create_function("sha256", 1, lambda text: sha256(text.encode()).hexdigest(), deterministic=True)
    base.execute("create table export (case_id text, unit text)")
    base.executemany("insert into export values (?, ?)", [(one, f"S{sum(one.encode()) % 4}") for one in ids])
    cases, _ = drawn(ids, "73129048561093847562", 25, 0, 4)
    for unit in ("S0", "S1", "S2", "S3"):
        told = base.execute("select case_id from export where unit = ? order by sha256('73129048561093847562|' || "
                            "case_id) limit 25", (unit,)).fetchall()
        assert [one for (one,) in told] == [case.case_id for case in cases if case.stratum == unit]


def weighted(ids: list[str], weights: list[int], take: int) -> list[DrawnCase]:
    export = Rows(("id", "risk"), [(one, str(weight)) for one, weight in zip(ids, weights, strict=True)])
    candidates = Candidates(take + 1, weighted=True)
    frame = survey(export, find_places(export, Columns("id", weight="risk"), STRICT), STRICT, (), "seed", candidates)
    return list(draw(frame, candidates, {"all": Quota(take, take, 0)}, {})[0])


@given(st.lists(st.integers(1, 9), min_size=6, max_size=30))
def test_a_weighted_draw_takes_the_smallest_tickets_over_weights(weights: list[int]) -> None:
    ids = [f"c{number}" for number in range(len(weights))]
    order = sorted(ids, key=lambda one: Fraction(int(ticket("seed", one), 16), weights[ids.index(one)]))
    found = sorted(weighted(ids, weights, 4), key=lambda case: case.rank)
    assert [case.case_id for case in found] == order[:4]
    tau = Fraction(2**256 * weights[ids.index(order[4])], int(ticket("seed", order[4]), 16))
    for case in found:
        weight = weights[ids.index(case.case_id)]
        assert case.weight == pytest.approx(max(Fraction(1), tau / weight), abs=1e-6)
