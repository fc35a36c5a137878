"""Made-up trials: markers by the real rule, marks used as asked, and the same from the same seed."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from cqa.consistency.counts import Ratings
from cqa.consistency.trials.expected import ScaleUse, in_the_long_run, skewed
from cqa.consistency.trials.gaps import sides_of
from cqa.consistency.trials.simulated import World, blocks

WORLD = World("crossover", 30, 8, (skewed(4, 3), skewed(2, 2)), 1.0, (0.7, 0.7))


def markers(ratings: Ratings) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for case, reviewer in zip(ratings.case.tolist(), ratings.reviewer.tolist(), strict=True):
        found[case].add(reviewer)
    return found


def test_each_case_is_marked_by_four_people_two_by_each_form_with_even_loads() -> None:
    parent, variant = next(iter(blocks(replace(WORLD, scales=(skewed(1, 3),)), 1, "s"))).pairs[0]
    one, other = markers(parent), markers(variant)
    assert set(one) == set(other) == set(range(30))
    for case in range(30):
        assert len(one[case]) == len(other[case]) == 2 and not one[case] & other[case]
    loads = np.bincount(parent.reviewer, minlength=8)
    assert loads.max() - loads.min() <= 2


@pytest.mark.parametrize("design", ["crossover", "parallel"])
def test_every_run_and_question_has_its_own_marks_used_as_asked(design: str) -> None:
    world = replace(WORLD, design=design)  # type: ignore[arg-type]
    levels: list[list[int]] = [[], []]
    runs = 0
    for block in blocks(world, 200, "s"):
        runs += block.runs
        assert [group.max() + 1 for group in block.groups(world.scales)] == [block.runs] * 2
        for place, pair in enumerate(block.pairs):
            for ratings in pair:
                assert (ratings.marks_of_cells == 2).all()
                assert ratings.questions == block.runs * world.scales[place].questions
                levels[place].extend(ratings.level.tolist())
    assert runs == 200
    for found, scale in zip(levels, world.scales, strict=True):
        assert np.bincount(found) / len(found) == pytest.approx(scale.shares, abs=0.01)


def test_marks_agree_in_the_long_run_as_the_correlation_says_by_each_form() -> None:
    scale = ScaleUse(6, (0.1, 0.15, 0.25, 0.5))
    world = World("crossover", 60, 8, (scale,), 1.0, (0.6, 0.8))
    found: list[list[float]] = [[], []]
    for block in blocks(world, 120, "s"):
        for place, side in enumerate(sides_of(block.pairs[0], ["ac2"])["ac2"]):
            found[place].extend(side.known.jackknife.whole)
    for values, alike in zip(found, world.alike, strict=True):
        assert np.mean(values) == pytest.approx(in_the_long_run("ac2", scale.shares, alike), abs=0.012)


def test_a_severe_reviewer_is_severe_by_both_forms() -> None:
    means: list[list[float]] = [[], []]
    for block in blocks(replace(WORLD, scales=(ScaleUse(6, (0.25, 0.25, 0.25, 0.25)),)), 80, "s"):
        for form, ratings in enumerate(block.pairs[0]):
            place = ratings.question // 6 * 8 + ratings.reviewer
            means[form].extend(np.bincount(place, ratings.level) / np.bincount(place))
    assert float(np.asarray(np.corrcoef(means))[0, 1]) > 0.2


@pytest.mark.parametrize(("halo", "least", "most"), [(0.0, -0.03, 0.03), (0.5, 0.1, 0.3)])
def test_a_reviewers_error_on_a_case_goes_through_all_its_questions(
    monkeypatch: pytest.MonkeyPatch, halo: float, least: float, most: float
) -> None:
    # With a halo of half the error of a mark, errors of two questions correlate 0.25 / 1.25; marks a little less.
    monkeypatch.setattr("cqa.consistency.trials.simulated.SEVERITY", 0.0)
    monkeypatch.setattr("cqa.consistency.trials.simulated.HALO", halo)
    apart: list[list[int]] = [[], []]
    for block in blocks(replace(WORLD, scales=(ScaleUse(2, (0.25, 0.25, 0.25, 0.25)),)), 200, "s"):
        level = block.pairs[0][0].level.reshape(-1, 2, 30, 2)  # run, question, case, marker
        for question in (0, 1):
            apart[question].extend((level[:, question, :, 0] - level[:, question, :, 1]).ravel().tolist())
    assert least < float(np.asarray(np.corrcoef(apart))[0, 1]) < most


def test_a_question_is_asked_of_the_share_of_cases_and_of_the_same_by_both_forms() -> None:
    asked: list[bool] = []
    for block in blocks(replace(WORLD, asked=0.4), 50, "s"):
        parent, variant = block.pairs[0]
        assert (parent.marks_of_cells == variant.marks_of_cells).all()
        asked.extend((parent.marks_of_cells == 2).tolist())
    assert np.mean(asked) == pytest.approx(0.4, abs=0.02)


def test_the_seed_decides_everything() -> None:
    one, same, other = (list(blocks(WORLD, 20, seed)) for seed in ("s", "s", "t"))
    levels = [[pair[0].level.tolist() for block in found for pair in block.pairs] for found in (one, same, other)]
    assert levels[0] == levels[1] != levels[2]
