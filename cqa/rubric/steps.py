"""Versions of a rubric: how large a step each kind of change asks for, and how large the one taken is."""

from typing import Literal

from cqa.facts import whole_number

Kind = Literal["identity", "wording", "guidance", "moved", "descriptor", "added", "facts", "gate", "scale", "scoring",
               "rules", "retired", "removed"]
Step = Literal["none", "patch", "minor", "major"]

STEPS: dict[Kind, Step] = {
    "identity": "none", "wording": "patch", "guidance": "patch", "moved": "patch", "descriptor": "minor",
    "added": "minor", "facts": "minor", "gate": "major", "scale": "major", "scoring": "major", "rules": "major",
    "retired": "major", "removed": "major",
}
"""The least step of the version that each kind of change asks for: 1.2.3 to 2.0, to 1.3, to 1.2.4."""

SIZES: tuple[Step, ...] = ("none", "patch", "minor", "major")
"""The steps, smallest first."""


def step_between(before: str, after: str) -> Step | None:
    """The step from one version to another by the first number that differs; None where they are no versions of
    numbers, or the second is lower."""
    try:
        one, other = ([whole_number(part) for part in version.split(".")] for version in (before, after))
    except ValueError:
        return None
    length = max(len(one), len(other))
    one, other = one + [0] * (length - len(one)), other + [0] * (length - len(other))
    if one == other:
        return "none"
    if other < one:
        return None
    place = next(place for place in range(length) if one[place] != other[place])
    return ("major", "minor", "patch")[min(place, 2)]


def falls_short(taken: Step | None, needed: Step) -> bool:
    """Whether a step of the version is less than the changes ask for; a version without numbers cannot be judged."""
    return taken is not None and SIZES.index(taken) < SIZES.index(needed)
