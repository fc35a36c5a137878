"""Power is simulated alike from one seed, grows with cases and difference, and says what it supposes."""

from dataclasses import replace
from fractions import Fraction

import pytest

from cqa.consistency.trials.expected import ScaleUse, skewed
from cqa.consistency.trials.power import Chance, Often, Planned, power_of
from cqa.sampling.trial import Verdict

SMALL = Planned("crossover", 30, 8, (skewed(12, 3),), Verdict("ac2", Fraction(1, 20)), "1", runs=100)


def clear(one: Chance) -> float:
    assert one.clear is not None
    return one.clear.share


def test_the_same_seed_gives_the_same_power_and_every_run_is_told() -> None:
    told: list[int] = []
    found = power_of(SMALL, told.append)
    assert found == power_of(SMALL) and sum(told) == SMALL.in_all == 700
    assert found.as_json() != power_of(replace(SMALL, seed="2")).as_json()


def test_power_grows_with_the_difference_and_with_cases_and_is_small_without_a_difference() -> None:
    found, more = power_of(SMALL), power_of(replace(SMALL, cases=90))
    assert [one.difference for one in found.found] == pytest.approx([0.05, 0.075, 0.1])
    assert clear(found.none) < 0.12 < clear(found.found[0]) < clear(found.found[1]) < clear(found.found[2])
    assert clear(more.found[0]) > clear(found.found[0])
    assert found.none.alike and more.none.alike and more.none.alike.share > 0.5 > found.none.alike.share > 0
    for one in (*found.found, *more.found):
        assert one.taken is not None and one.taken.share <= clear(one)
        assert one.variant == pytest.approx(one.parent + one.difference)


def test_the_rule_that_takes_the_worse_form_finds_nothing() -> None:
    # A difference next to none, by a rule that any difference decides: half of those taken are the worse form.
    planned = replace(SMALL, scales=(skewed(5, 2),), verdict=Verdict("ac2", Fraction(0)), runs=1000, differences=(
        1e-6,))
    found = power_of(planned)
    assert found.none.taken and found.found[0].taken
    assert 0 < found.found[0].taken.times < 0.75 * found.none.taken.times


def test_cases_of_their_own_for_each_form_find_less() -> None:
    planned = replace(SMALL, differences=(0.1,))
    assert clear(power_of(replace(planned, design="parallel")).found[0]) < clear(power_of(planned).found[0])


def test_questions_that_are_asked_of_few_cases_find_less() -> None:
    planned = replace(SMALL, differences=(0.1,))
    assert clear(power_of(replace(planned, asked=0.3)).found[0]) < clear(power_of(planned).found[0])


def test_a_difference_beyond_complete_agreement_is_said_to_be_none() -> None:
    found = power_of(replace(SMALL, differences=(0.4,)))
    assert found.found[0].clear is None and "more than complete agreement" in found.found[0].why
    assert "there cannot be" in found.words and found.as_json()["found"][0]["clear"] is None  # type: ignore[index]


def test_so_many_cases_as_are_said_to_be_needed_find_the_difference_in_8_of_10_trials() -> None:
    planned = replace(SMALL, differences=(0.05,), runs=600)
    (one,) = power_of(planned).found
    assert one.needed is not None and one.needed > planned.cases and one.needed_said == f"about {one.needed}"
    assert f"takes about {one.needed} cases" in power_of(planned).words
    # Rounded up to tens of cases, so it may be found somewhat more often, and hardly less.
    assert 0.75 < clear(power_of(replace(planned, cases=one.needed, seed="another")).found[0]) < 0.92


def test_of_a_difference_that_is_found_often_enough_it_is_said_that_the_cases_are_enough() -> None:
    (one,) = power_of(replace(SMALL, cases=120, differences=(0.15,))).found
    assert one.needed_said == "these are enough"


def test_a_trial_that_can_hardly_find_anything_says_so_first_and_how_many_cases_could() -> None:
    found = power_of(replace(SMALL, scales=(skewed(2, 2),)))
    assert found.short.startswith("This trial will most likely not be able to tell, unless the forms differ by more "
                                  "than 0.1:") and f"about {found.found[-1].needed} cases" in found.short


def test_the_words_say_what_was_simulated_and_supposed() -> None:
    words = power_of(SMALL).words
    assert words.startswith("This trial will most likely find a difference of 0.075 or more")
    assert "Power of 30 cases marked by both forms, 8 reviewers, 12 questions that compare." in words
    assert "If one form's mean of Gwet's AC2 is 0.05 higher" in words and "If there is none," in words
    assert words.count("it comes out too small half the time") == 1
    assert "100 trials each" in words and "alpha of 0.60" in words and "73% of marks" in words
    assert words.isascii() and "nan" not in words


def test_the_error_of_the_simulation_itself_is_told() -> None:
    told = Often(80, 100).as_json()
    assert told["share"] == 0.8 and told["low"] == pytest.approx(0.7112, abs=1e-4)  # Wilson 1927
    assert told["high"] == pytest.approx(0.8666, abs=1e-4)


@pytest.mark.parametrize(("planned", "why"), [
    (replace(SMALL, scales=()), "no question compares"),
    (replace(SMALL, reviewers=3), "too few"),
    (replace(SMALL, alpha=1.2), "cannot be"),
    (replace(SMALL, scales=(ScaleUse(3, (0.0, 1.0)),)), "cannot be"),
])
def test_a_trial_that_cannot_be_simulated_is_refused(planned: Planned, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        power_of(planned)
