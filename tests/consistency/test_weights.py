"""Weights and distances as their authors give them."""

import numpy as np
import pytest

from cqa.consistency.weights import disagreement, further_than_one_step, midranks

FOUR = (0.0, 1.0, 2.0, 3.0)


def test_ordinal_weights_of_four_levels_are_gwets() -> None:
    assert 1 - disagreement("ordinal", FOUR)[0] == pytest.approx([1, 5 / 6, 1 / 2, 0])
    assert (disagreement("ordinal", (1.0, 2.0, 7.0, 50.0)) == disagreement("ordinal", FOUR)).all()


def test_linear_and_quadratic_weights_fall_from_one_to_nought() -> None:
    assert 1 - disagreement("linear", FOUR)[0] == pytest.approx([1, 2 / 3, 1 / 3, 0])
    assert 1 - disagreement("quadratic", FOUR[:3])[0] == pytest.approx([1, 3 / 4, 0])


def test_levels_that_are_numbers_are_as_far_apart_as_the_numbers() -> None:
    assert disagreement("linear", (1.0, 2.0, 5.0))[0] == pytest.approx([0, 1 / 4, 1])
    assert disagreement("quadratic", (1.0, 2.0, 5.0))[1] == pytest.approx([1 / 16, 0, 9 / 16])


def test_identity_weights_know_only_the_same() -> None:
    assert (disagreement("identity", FOUR) == 1 - np.eye(4)).all()


def test_ordinal_distances_count_what_lies_between() -> None:
    # Krippendorff 2011: with 9, 13, 10 marks, levels 1 and 3 are (9 + 13 + 10 - (9 + 10) / 2) squared apart.
    at = midranks(np.array([9.0, 13.0, 10.0])) * 32
    assert (at[2] - at[0]) ** 2 == pytest.approx((9 + 13 + 10 - 9.5) ** 2) and (at[1] - at[0]) ** 2 == \
        pytest.approx(11.0**2)


def test_a_step_is_the_least_distance_of_two_levels() -> None:
    assert further_than_one_step((1.0, 2.0, 4.0)).tolist() == [[0, 0, 1], [0, 0, 1], [1, 1, 0]]
    assert further_than_one_step((0.0, 0.5, 1.0)).tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]
