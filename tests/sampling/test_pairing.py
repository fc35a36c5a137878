"""Nobody marks their own case, second marks connect everyone, and loads are even."""

from collections import Counter
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.sampling.draw import DrawnCase
from cqa.sampling.pairing import (
    Person,
    assign,
    barred_by_handler,
    groups_of,
    managed_by,
    pairs_of,
    second_marks,
)
from cqa.sampling.ticket import ticket


def cases(count: int, handlers: tuple[str, ...] = (), barred: dict[str, tuple[str, ...]] | None = None
          ) -> list[DrawnCase]:
    made = []
    for number in range(count):
        own = (handlers[number % len(handlers)],) if handlers else ()
        bars = tuple(name for handler in own for name in (barred or {}).get(handler.casefold(), ()))
        name = f"c{number}"
        made.append(DrawnCase(name, "all", ticket("s", name), number + 1, "main", Fraction(1), own, bars, {}))
    return made


def groups(pairs: list[tuple[str, str]], names: list[str]) -> int:
    """How many unconnected groups the pairs leave."""
    label = {name: name for name in names}
    for one, other in pairs:
        old, new = label[other], label[one]
        label = {name: new if group == old else group for name, group in label.items()}
    return len(set(label.values()))


@given(st.integers(1, 60), st.integers(1, 8))
def test_first_loads_differ_by_at_most_one(count: int, reviewers: int) -> None:
    names = [f"r{number}" for number in range(reviewers)]
    made, problems = assign(cases(count), names, "seed")
    load = Counter(dict.fromkeys(names, 0))
    load.update(mark.reviewer for mark in made)
    assert not problems and max(load.values()) - min(load.values()) <= 1


@given(st.integers(2, 40), st.sampled_from([Fraction(1, 5), Fraction(1, 2), Fraction(1)]), st.integers(2, 6))
def test_nobody_marks_what_they_handled_or_declared(count: int, share: Fraction, reviewers: int) -> None:
    names = [f"r{number}" for number in range(reviewers)]
    people = [Person("r0", conflicts=("h1",)), Person("h2", manager="r1")]
    barred = barred_by_handler(people, names)
    drawn = cases(count, ("R0", "r1", "h1", "h2"), barred)
    first, _ = assign(drawn, names, "seed")
    second, _ = second_marks(drawn, first, names, "seed", share, managed_by(people))
    handler = {case.case_id: case.handlers[0].casefold() for case in drawn}
    for mark in [*first, *second]:
        assert mark.reviewer != handler[mark.case_id]
        assert not (mark.reviewer == "r0" and handler[mark.case_id] == "h1")
    assert not any(mark.reviewer == "r1" and handler[mark.case_id] == "h2" for mark in second)


@pytest.mark.parametrize("reviewers", range(3, 13))
def test_second_marks_connect_everyone_after_one_case_fewer_than_reviewers(reviewers: int) -> None:
    names = [f"r{number:02d}" for number in range(reviewers)]
    drawn = cases(reviewers * 10)
    first, _ = assign(drawn, names, "seed")
    owner = {mark.case_id: mark.reviewer for mark in first}
    second, problems = second_marks(drawn, first, names, "seed", Fraction(reviewers - 1, len(drawn)), {})
    pairs = [(owner[mark.case_id], mark.reviewer) for mark in second]
    assert len(pairs) == reviewers - 1 and groups(pairs, names) == 1 and not problems


@given(st.integers(1, 50), st.sampled_from(["0.2", "0.035", "0.5", "1", "1/3"]))
def test_the_share_is_rounded_up_exactly_and_taken_in_ticket_order(count: int, share: str) -> None:
    drawn = cases(count)
    first, _ = assign(drawn, ["a", "b", "c"], "seed")
    second, _ = second_marks(drawn, first, ["a", "b", "c"], "seed", Fraction(share), {})
    ordered = sorted((case.case_id for case in drawn), key=lambda one: ticket("seed", one, "double"))
    assert [mark.case_id for mark in second] == ordered[: ceil(Fraction(share) * count)]
    owner = {mark.case_id: mark.reviewer for mark in first}
    assert all(owner[mark.case_id] != mark.reviewer for mark in second)


def test_unconnected_reviewers_are_named() -> None:
    drawn = cases(8)
    first, _ = assign(drawn, ["a", "b", "c", "d"], "seed")
    _, problems = second_marks(drawn, first, ["a", "b", "c", "d"], "seed", Fraction(1, 8), {})
    assert [problem.code for problem in problems] == ["S012"]


def test_a_case_that_nobody_may_mark_is_said() -> None:
    barred = barred_by_handler([], ["a"])
    made, problems = assign(cases(1, ("a",), barred), ["a"], "seed")
    assert made == [] and problems[0].code == "S014"


def test_one_reviewer_means_no_second_marks_and_a_warning() -> None:
    drawn = cases(4)
    first, _ = assign(drawn, ["a"], "seed")
    second, problems = second_marks(drawn, first, ["a"], "seed", Fraction(1), {})
    assert second == [] and [(problem.code, problem.severity) for problem in problems] == [("S017", "warning")]


@given(st.integers(2, 7), st.integers(1, 40))
def test_the_groups_told_are_those_that_the_pairs_connect(reviewers: int, count: int) -> None:
    names = [f"r{number}" for number in range(reviewers)]
    drawn = cases(count)
    first, _ = assign(drawn, names, "seed")
    second, problems = second_marks(drawn, first, names, "seed", Fraction(1, 3), {})
    pairs = pairs_of([*first, *second])
    assert pairs.total() == len(second)
    told = groups_of(names, pairs)
    assert len(told) == groups([(one, other) for one, other in map(tuple, pairs)], names)
    assert sorted(name for group in told for name in group) == sorted(names)
    assert (len(told) == 1) == ("S012" not in {problem.code for problem in problems})
