"""Makes ratings.csv: three invented reviewers, two of whom mark each of 80 invented cases on one question.

    python samples/make_ratings.py [OUT.csv]

The same bytes come out on every run, Python version and platform.
"""

import random
import sys
from itertools import combinations, cycle
from pathlib import Path

SEED = 20261001
CASES = 80
REVIEWERS = {"a-byrne": 0.0, "d-okafor": 0.3, "l-marsh": -0.2}
"""How much more severe each is, in units of the quality of cases."""
CUTS = (("fully_met", -0.5), ("partly_met", -1.2))


def make() -> bytes:
    """The file's bytes."""
    rng = random.Random(SEED)
    lines = ["case,reviewer,mark"]
    for case, pair in zip(range(1, CASES + 1), cycle(combinations(REVIEWERS, 2)), strict=False):
        quality = _normal(rng)
        for reviewer in pair:
            seen = quality - REVIEWERS[reviewer] + 0.5 * _normal(rng)
            mark = next((level for level, cut in CUTS if seen > cut), "not_met")
            lines.append(f"{case:07d},{reviewer},{mark}")
    return ("\n".join(lines) + "\n").encode()


def _normal(rng: random.Random) -> float:
    """Nearly normal, from sums alone, so that every platform gives the same."""
    return sum(rng.random() for _ in range(12)) - 6


if __name__ == "__main__":
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("ratings.csv")
    out.write_bytes(make())
    print(f"Written to {out}")
