"""The method says what was done, and where each formula stands."""

import re

import pytest

from cqa.consistency.methods import method_of
from cqa.consistency.report import METHOD
from cqa.consistency.uncertainty import FIGURES, Asked

SOURCED = (*FIGURES, "specific", "weights", "interval")


@pytest.mark.parametrize("interval", ["jackknife", "bootstrap", "bca", "gwet"])
@pytest.mark.parametrize("weights", ["linear", "quadratic", "ordinal"])
def test_every_figure_names_its_source_with_a_year(interval: str, weights: str) -> None:
    told = method_of(Asked(weights, "interval", interval=interval, seed="dice"))  # type: ignore[arg-type]
    for name in SOURCED:
        assert re.search(r"\b(19|20)\d\d\b", told[name]), name
    assert ("dice" in told.get("resampling", "")) == (interval in ("bootstrap", "bca"))


def test_the_convention_is_said_either_way() -> None:
    assert "irrCAC" in method_of(Asked(once=True))["convention"]
    assert "count for nothing" in method_of(Asked())["convention"]


@pytest.mark.parametrize("name", ["exact", "specific", "ac2", "alpha", "kappa", "brennan_prediger", "interval",
                                  "weights"])
def test_the_report_names_the_source_of_every_coefficient(name: str) -> None:
    assert re.search(r"\b(19|20)\d\d\b", METHOD[name])
