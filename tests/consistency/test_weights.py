"""Weights and distances as their authors give them."""

import numpy as np
import pytest

from cqa.consistency.weights import agreement_weights, distances


def test_ordinal_weights_of_four_levels_are_gwets() -> None:
    assert agreement_weights("ordinal", 4)[0] == pytest.approx([1, 5 / 6, 1 / 2, 0])


def test_linear_and_quadratic_weights_fall_from_one_to_nought() -> None:
    assert agreement_weights("linear", 4)[0] == pytest.approx([1, 2 / 3, 1 / 3, 0])
    assert agreement_weights("quadratic", 3)[0] == pytest.approx([1, 3 / 4, 0])


def test_identity_weights_know_only_the_same() -> None:
    assert (agreement_weights("identity", 3) == np.eye(3)).all()


def test_ordinal_distances_count_what_lies_between() -> None:
    # Krippendorff 2011: with 9, 13, 10 marks, levels 1 and 3 are (9 + 13 + 10 - (9 + 10) / 2) squared apart.
    found = distances("ordinal", np.array([9.0, 13.0, 10.0]))
    assert found[0, 2] == pytest.approx((9 + 13 + 10 - 9.5) ** 2) and found[0, 1] == pytest.approx(11.0**2)


def test_nominal_distances_are_nought_or_one() -> None:
    assert (distances("nominal", np.ones(3)) == 1 - np.eye(3)).all()
