"""Agreement on what is below the best level is a ratio over all questions, and its difference has a jackknife."""

from dataclasses import replace

import pytest

from cqa.consistency.trials.difference import difference_of
from tests.consistency.trials import by_hand
from tests.consistency.trials.trialling import Marked, both, remarked, simple


def test_a_form_with_every_mark_at_the_best_level_has_none_and_says_so() -> None:
    data = simple()
    found = difference_of(replace(data, variant=remarked(data.variant, lambda _: {"q": "fully"})))
    assert found.below[1].agreement is None and found.below[1].marks == 0 and found.below_best.difference is None
    assert found.below_best.why == "not defined, because no mark by the variant is below the best level"


def test_agreement_below_the_best_level_has_the_jackknife_of_a_ratio() -> None:
    data = simple()
    parent, variant = both(data)

    def specific(marks: Marked, gone: str = "") -> float:
        pairs = [pair for case, pair in marks["q"].items() if case != gone]
        low = sum(mark < 2 for pair in pairs for mark in pair)
        return sum(2 for one, other in pairs if one < 2 and other < 2) / low
    left = [specific(variant, case) - specific(parent, case) for case in parent["q"]]
    found = difference_of(data).below_best
    assert found.difference == pytest.approx(specific(variant) - specific(parent))
    assert found.se == pytest.approx(by_hand.jackknife(left) ** 0.5)
