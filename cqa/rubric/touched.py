"""Which questions must be marked again when a rubric changes, and what changed in a few words."""

from collections.abc import Iterator, Sequence

from cqa.rubric.compare import Comparison, compare
from cqa.rubric.model import Question, Rubric, Scale
from cqa.rubric.steps import STEPS, Kind

TOUCHING: tuple[Kind, ...] = ("descriptor", "gate", "scale", "scoring")
"""The kinds of change after which a mark given before may mean something else; wording, guidance and order alone do
not touch what a mark means."""

_SAID: dict[Kind, str] = {
    "wording": "wording of", "guidance": "guidance of", "moved": "order of", "descriptor": "descriptors of",
    "added": "new:", "facts": "", "gate": "gate of", "scale": "levels of", "scoring": "scoring of", "rules": "",
    "retired": "retired:", "removed": "removed:",
}
_NAMED = 8
"""So many questions of a kind are named before the rest are counted."""


def touched(before: Rubric, after: Rubric) -> dict[str, tuple[Kind, ...]]:
    """Question to the kinds of change that touch it, for every question that both rubrics ask: its own changes, those
    of its scale's levels and points, and of its section's gate. It is the same set in both directions."""
    return _touched(before, after, compare(before, after))


def _touched(before: Rubric, after: Rubric, found: Comparison) -> dict[str, tuple[Kind, ...]]:
    own: dict[str, set[Kind]] = {}
    for change in found.changes:
        own.setdefault(change.question, set()).add(change.kind)
    kinds = {name: own.get(name, set()) | set(_from_outside(before.by_id[name], question))
             for name, question in after.by_id.items() if name in before.by_id}
    return {name: told for name, listed in kinds.items()
            if (told := tuple(kind for kind in TOUCHING if kind in listed))}


def _from_outside(old: Question, new: Question) -> Iterator[Kind]:
    """What touches a question though it is said elsewhere in the rubric."""
    if old.gate != new.gate:
        yield "gate"
    if old.scale and new.scale:
        before, after = _points(old.scale), _points(new.scale)
        if list(before) != list(after):
            yield "scale"
        elif before != after:
            yield "scoring"


def _points(scale: Scale) -> dict[str, object]:
    """The answers in their order, each with its points; None off the scale."""
    return {level.id: level.points for level in (*scale.levels, *scale.outside)}


def changes_said(before: Rubric, after: Rubric) -> str:
    """What changed, kind by kind, lightest first: `wording of D3; levels of D5`. Empty where nothing did that a rubric
    means."""
    found = compare(before, after)
    grouped: dict[Kind, list[str]] = {}
    for name, kinds in _touched(before, after, found).items():
        for kind in kinds:
            grouped.setdefault(kind, []).append(name)
    # What is said of a scale or a section was told of its questions; what touches none of them is told by itself.
    beside = [change for change in found.changes
              if change.kind != "identity" and not (change.kind in TOUCHING and change.kind in grouped)]
    for change in beside:
        grouped.setdefault(change.kind, []).append(change.question or change.what)
    return "; ".join(f"{_SAID[kind]} {_listed(list(dict.fromkeys(grouped[kind])))}".strip()
                     for kind in STEPS if kind in grouped)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
