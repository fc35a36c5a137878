"""Dip-samples and calibration cases come to people by a rule that anyone can follow with sha256sum."""

import hashlib
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from cqa.sampling.extra_turns import calibration_order, dip_drawn, dip_takers, dip_ticket

PAIRS = st.lists(st.tuples(st.text("0123456789", min_size=1, max_size=6), st.sampled_from(["ann", "bob", "Cat"])),
                 unique=True, max_size=30)


def test_the_ticket_of_an_assessment_is_the_hash_that_the_rule_names() -> None:
    assert dip_ticket("7", ("0012", "Ann")) == hashlib.sha256(b"7/dip|0012|ann").hexdigest()
    first = hashlib.sha256(b"7/calibration|ann|0012").hexdigest()
    other = hashlib.sha256(b"7/calibration|ann|0013").hexdigest()
    assert calibration_order("7", "Ann", ["0012", "0013"]) == (
        ("0012", "0013") if first < other else ("0013", "0012"))


@given(PAIRS, st.integers(1, 40), st.randoms(use_true_random=False))
def test_a_dip_sample_depends_on_the_seed_and_the_assessments_and_on_no_order(
    pairs: list[tuple[str, str]], wanted: int, random: Random
) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)
    drawn = dip_drawn("seed", pairs, wanted)
    assert drawn == dip_drawn("seed", shuffled, wanted) and len(drawn) == min(wanted, len(pairs))
    left = [pair for pair in pairs if pair not in drawn]
    assert all(dip_ticket("seed", one) <= dip_ticket("seed", other) for one in drawn for other in left)
    assert dip_drawn("seed", pairs, wanted + 1)[:len(drawn)] == drawn


@given(PAIRS.filter(bool), st.sets(st.sampled_from(["eve", "fay", "gil"]), min_size=1))
def test_the_second_line_shares_a_dip_sample_evenly(pairs: list[tuple[str, str]], names: set[str]) -> None:
    drawn = dip_drawn("seed", pairs, len(pairs))
    cases = {case_id for case_id, _ in drawn}
    takers = dip_takers(drawn, "seed", dict.fromkeys(cases, names))
    loads = [list(takers.values()).count(name) for name in names]
    assert takers.keys() == cases and max(loads) - min(loads) <= 1


def test_nobody_gets_a_case_for_which_they_are_not_free() -> None:
    drawn = (("1", "ann"), ("2", "bob"), ("3", "cat"))
    assert dip_takers(drawn, "7", {"1": ["eve"], "2": ["eve", "fay"], "3": []}) == {"1": "eve", "2": "fay"}
