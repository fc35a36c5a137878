"""Case facts and scales as they are written."""

from collections.abc import Iterator
from fractions import Fraction

from cqa.facts import number
from cqa.rubric.language import keys
from cqa.rubric.model import FACT_TYPES, CaseFact, Level, Scale
from cqa.rubric.reading import RubricReader
from cqa.tree import Node, Tree

_FIRST_OUTSIDE = 7


def read_facts(read: RubricReader, node: Node | None) -> Iterator[CaseFact]:
    """The case facts, in the order of the file."""
    for key, value in read.mapping(node, "case_facts"):
        tree = read.mapping(value, f"case fact '{key.value}'", keys("fact"))
        show = read.choice(tree.get("show"), "show", ("always", "never"), "always")
        yield CaseFact(
            id=read.named(key, "case fact"),
            column=read.text(tree.get("column"), "column") or key.value,
            type=read.choice(tree.get("type"), "type", FACT_TYPES, "text"),
            label=read.prose(tree.get("label"), "label") or key.value.replace("_", " "),
            hidden=show == "never",
        )


def read_scale(read: RubricReader, scale_id: str, node: Node) -> Scale:
    """One scale. Keys, labels and names are its own: none may stand twice."""
    tree = read.mapping(node, f"scale '{scale_id}'", keys("scale"))
    read.prose(tree.get("title"), "title")
    seen: tuple[dict[str, int], ...] = ({}, {}, {})
    levels, outside = (
        tuple(_read_level(read, key.value, value, part == "outside", place, seen)
              for place, (key, value) in enumerate(read.mapping(tree.get(part), part), start=1))
        for part in ("levels", "outside"))
    if not levels:
        read.wrong("R008", tree, f"Scale '{scale_id}' has no levels.", "List them under 'levels:'.")
    _check_points(read, scale_id, tree, levels)
    return Scale(scale_id, levels, outside)


def _check_points(read: RubricReader, scale_id: str, tree: Tree, levels: tuple[Level, ...]) -> None:
    points = [level.points for level in levels if level.points is not None]
    if points != sorted(points, reverse=True) or len(set(points)) != len(points):
        read.wrong("R015", tree.get("levels"), f"The points of scale '{scale_id}' do not fall from level to level.",
                   "List the best level first, and give each its own points.")
    named = tree.get("levels")
    without = [key.value for key, node in (named if isinstance(named, Tree) else ())
               if isinstance(node, Tree) and node.get("points") is None]
    if points and without:
        read.wrong("R008", tree.get("levels"), f"In scale '{scale_id}' {', '.join(without)} has no points, and other "
                   "levels have.", "Give every level points, or none.")
    if any(value < 0 for value in points):
        read.malformed(tree.get("levels") or tree, f"Scale '{scale_id}' has points below 0.",
                       "Give the lowest level 0 points.")


def _read_level(
    read: RubricReader, level_id: str, node: Node, outside: bool, place: int, seen: tuple[dict[str, int], ...]
) -> Level:
    tree = read.mapping(node, f"level '{level_id}'", keys("level"))
    key = read.text(tree.get("key"), "key") or str(place + (_FIRST_OUTSIDE if outside else 0))
    label = read.prose(tree.get("label"), "label") or level_id.replace("_", " ").capitalize()
    for value, what, known in zip((key, label, level_id), ("key", "label", "level"), seen, strict=True):
        read.unique(tree, value, known, what)
    if len(key) != 1 or not key.isascii() or not key.isalnum():
        read.malformed(tree.get("key") or tree, f"The key of level '{level_id}' must be one digit or letter, not "
                       f"'{key[:10]}'.", "Write one digit in quotes, such as \"1\".")
    read.choice(tree.get("counts"), "counts", ("left_out",), "left_out")
    none: Fraction | None = None
    points = read.parsed(tree.get("points"), "points", number, none, "a number")
    if outside and points is not None:
        read.malformed(tree, f"'{level_id}' is outside the scale and has no points.", "Take 'points' out.")
    return Level(level_id, key, label, None if outside else points, read.needs(tree.get("needs")), outside)
