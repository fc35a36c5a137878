"""What goes with one reviewer: their part of the sample, and moves of the rubric that come to the same versions."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cqa.sampling.changes import RubricMove
from cqa.sampling.plan import RubricRef, Sample
from cqa.sampling.settling import Settled, settle
from cqa.sampling.taking import moves_again, part_for
from tests.sampling.test_settling import made
from tests.sampling.test_settling import sample as drawn_sample

LEADERS = ("lead.1", "other.2", "third.3")


def sample() -> Sample:
    drawn = drawn_sample()
    return replace(drawn, plan=replace(drawn.plan, rubric=RubricRef("small", "1.0", "0" * 64)))


def version(number: int) -> RubricRef:
    return RubricRef("small", f"1.{number}", f"{number}" * 64)


def moves(steps: list[tuple[int, int, frozenset[int]]], drawn: Sample) -> list[RubricMove]:
    """Moves as leaders make them: each by a leader, to a version, by what they knew of the others' moves."""
    written: list[RubricMove] = []
    for leader, to, seen in steps:
        writer = LEADERS[leader]
        known = [one for place, one in enumerate(written) if one.writer == writer or place in seen]
        now = settle(drawn, known).sample.plan.rubric
        assert now is not None
        if now.version != version(to).version:
            written.append(RubricMove(writer, 2 + sum(one.writer == writer for one in written), "2026-03-02", now,
                                      version(to), "why", tuple(one.id for one in known)))
    return written


def versions(settled: Settled) -> set[RubricRef | None]:
    """Every version under which somebody may have marked."""
    return {settled.drawn.plan.rubric, *(one.to for one in (*settled.moves, *settled.moves_apart))}


STEPS = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4), st.frozensets(st.integers(0, 7), max_size=8)),
                 max_size=7)


@given(STEPS)
def test_moves_written_down_again_come_to_the_same_versions(steps: list[tuple[int, int, frozenset[int]]]) -> None:
    drawn = sample()
    here = settle(drawn, moves(steps, drawn))
    again = moves_again(here, "0123abcd")
    there = settle(drawn, again)
    assert [one.to for one in there.moves] == [one.to for one in here.moves]
    assert versions(there) == versions(here)
    assert there.sample.plan.rubric == here.sample.plan.rubric
    assert {one.leader for one in again} <= {"leader"} and not {one.reason for one in again} & {"why"}


def test_a_part_is_the_reviewers_main_cases_and_names_nobody_else() -> None:
    drawn = sample()
    after = settle(drawn, [made(drawn, [], "m1", "lead.1", 2)])
    for person in drawn.reviewers:
        part = part_for(after, person, frozenset())
        mains = {case.case_id for case in after.sample.cases if case.main}
        assert {case.case_id for case in part.cases} == {
            mark.case_id for mark in after.sample.assignments if mark.reviewer == person} & mains
        assert {mark.reviewer for mark in part.assignments} <= {person} and part.reviewers == (person,)
        assert not any(case.handlers or case.barred or case.stratum for case in part.cases) and not part.plan.people
        assert (part.seed, part.drawn_at, part.frame_digest) == (drawn.seed, drawn.drawn_at, drawn.frame_digest)
        assert part.plan.rules == drawn.plan.rules
