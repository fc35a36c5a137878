"""Trials made up by the thousand: who marks what by the real rule, and marks as reviewers with errors would give them.

Quality of a case differs from question to question and goes together over them. What a reviewer sees is that quality
with three errors: of the reviewer (severity, the same on all cases and by both forms), of the reviewer on that case
(halo), and of the single mark. Under one form all errors may be smaller, by one factor for all questions.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from cqa.consistency.counts import Places, Ratings, steps
from cqa.consistency.trials.expected import ScaleUse
from cqa.consistency.weights import Vector
from cqa.sampling.crossover import allotted
from cqa.sampling.draw import DrawnCase
from cqa.sampling.ticket import ticket
from cqa.sampling.trial import ARMS, Design, Form, Trial, Verdict

TOGETHER, SEVERITY, HALO = 0.3, 0.4, 0.15
"""Correlation of a case's questions; severity and halo as standard deviations, where that of a single mark's error is
1."""
_LOTS = 8
"""Over so many lots of the assignments the runs are spread."""
_AT_ONCE = 3_000_000
"""How many numbers one array may have before runs are taken in blocks."""

Markers = tuple[Places, Places]
"""By form, the two markers of each case: shape (cases, 2) each."""


@dataclass(frozen=True, slots=True)
class World:
    """What is marked, by how many, and how: `asked` is the share of cases on which a question is asked, `alike` the
    correlation of two marks of what was seen, by the parent and by the variant."""

    design: Design
    cases: int
    reviewers: int
    scales: tuple[ScaleUse, ...]
    asked: float
    alike: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Block:
    """So many trials at once: for each scale the marks by both forms, where question `run * questions + q` is the q-th
    of a run."""

    runs: int
    pairs: tuple[tuple[Ratings, Ratings], ...]

    def groups(self, scales: Sequence[ScaleUse]) -> list[Places]:
        """For each scale the run that each question is of."""
        return [np.repeat(np.arange(self.runs), one.questions) for one in scales]


def blocks(world: World, runs: int, seed: str) -> Iterator[Block]:
    """So many trials, some at a time; the text of the seed decides them wholly, by numpy's PCG64 from its SHA-256."""
    drawn = np.random.default_rng(int.from_bytes(hashlib.sha256(seed.encode()).digest()))
    lots = [_markers(world, f"{lot}") for lot in range(_LOTS)]
    widest = max(one.questions for one in world.scales) * world.cases * 4
    size = max(1, min(_AT_ONCE // widest, -(-runs // _LOTS)))
    for place, begin in enumerate(range(0, runs, size)):
        yield _block(world, min(size, runs - begin), lots[place % _LOTS], drawn)


def _markers(world: World, seed: str) -> Markers:
    """Who marks which case by each form, by the rule of the trial's design."""
    names = [f"r{number:03d}" for number in range(world.reviewers)]
    found = []
    for arm in ARMS:
        trial = Trial("trial", world.design, arm, (Form("", "", ""),) * 2, 1, Verdict("ac2", Fraction(0)))
        prefix = "c" if world.design == "crossover" else f"c{arm}-"
        cases = [DrawnCase(f"{prefix}{number}", "", ticket(seed, f"{prefix}{number}"), number + 1, "main", Fraction(1),
                           (), (), {}) for number in range(world.cases)]
        made, _ = allotted(trial, cases, names, seed, {})
        pairs: dict[str, list[int]] = {}
        for one in made[arm]:
            pairs.setdefault(one.case_id, []).append(names.index(one.reviewer))
        found.append(np.array(list(pairs.values()), dtype=np.int64))
    return found[0], found[1]


def _block(world: World, runs: int, markers: Markers, drawn: np.random.Generator) -> Block:
    paired = world.design == "crossover"
    severity = drawn.standard_normal((runs, world.reviewers))
    halos = [drawn.standard_normal((runs, world.cases, 2)) for _ in markers]
    wholes = [drawn.standard_normal((runs, 1, world.cases)) for _ in markers]
    made = []
    for scale in world.scales:
        first = _seen(world, scale, wholes[0], drawn)
        second = first if paired else _seen(world, scale, wholes[1], drawn)
        made.append((_marks(world, 0, scale, first, severity, halos[0], markers[0], drawn),
                     _marks(world, 1, scale, second, severity, halos[1], markers[1], drawn)))
    return Block(runs, tuple(made))


Seen = tuple[Vector, NDArray[np.bool_]]


def _seen(world: World, scale: ScaleUse, whole: Vector, drawn: np.random.Generator) -> Seen:
    """The quality of each question of each case, and whether it is asked there: shape (runs, questions, cases)."""
    shape = (len(whole), scale.questions, world.cases)
    quality = np.sqrt(TOGETHER) * whole + np.sqrt(1 - TOGETHER) * drawn.standard_normal(shape)
    return quality, (drawn.random(shape) < world.asked if world.asked < 1 else np.ones(shape, dtype=bool))


def _marks(
    world: World, form: int, scale: ScaleUse, seen: Seen, severity: Vector, halo: Vector, markers: Places,
    drawn: np.random.Generator,
) -> Ratings:
    quality, asked = seen
    error = 1 / world.alike[form] - 1
    unit = np.sqrt(error / (1 + SEVERITY**2 + HALO**2))
    of_case = SEVERITY * severity[:, markers] + HALO * halo
    given = quality[..., None] + unit * (of_case[:, None] + drawn.standard_normal((*quality.shape, 2)))
    level = np.searchsorted(scale.cuts * np.sqrt(1 + error), given)
    return _ratings(level, np.broadcast_to(asked[..., None], level.shape), markers, len(scale.shares), world.reviewers)


def _ratings(level: Places, asked: NDArray[np.bool_], markers: Places, q: int, reviewers: int) -> Ratings:
    runs, questions, cases, _ = level.shape
    run, question, case, turn = np.nonzero(asked)
    levels = tuple(map(str, range(q)))
    return Ratings(levels, steps(levels), tuple(map(str, range(reviewers))), runs * questions, cases,
                   run * questions + question, case, markers[case, turn], level[asked])
