"""Whoever sits at the terminal in the journeys."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.screen_at import Reviewer


@pytest.fixture
def ann(request: pytest.FixtureRequest, sample: Path, tmp_path: Path) -> "Reviewer":
    """A reviewer of the small sample, who has marked nothing yet; the parameter is the size of her windows."""
    from tests.journeys.screen_at import Reviewer  # noqa: PLC0415 - Windows has no pseudo-terminals

    return Reviewer(sample, tmp_path / "home", getattr(request, "param", (80, 24)))
