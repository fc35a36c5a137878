"""A rubric's file: read, built, and its bytes kept for the record."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cqa.errors import BadInput, Problem
from cqa.files.yaml_tree import parse, parse_tree, read_bytes
from cqa.rubric.build import Built, build_rubric
from cqa.rubric.model import Rubric
from cqa.tree import Tree

MOST_PARTS = 10_000
"""So many keys and values may a rubric have: over six times those of the largest shipped one, read in half a
second."""
MOST_FILES = 200
"""So many files of a folder are looked through for the rubric that a variant was made from."""


@dataclass(frozen=True, slots=True)
class RubricFile:
    """A rubric, its bytes and their SHA-256."""

    rubric: Rubric
    data: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A rubric's file as far as it could be read: `built` is None where the YAML could not."""

    where: str
    built: Built | None
    root: Tree
    problems: tuple[Problem, ...]


def read_draft(path: Path, language: str = "") -> Draft:
    """A rubric's file with every problem of its YAML and its contents. Raises BadInput when it cannot be opened."""
    parsed = parse(read_bytes(path), str(path), MOST_PARTS, typed=True)
    if parsed.tree is None:
        return Draft(str(path), None, Tree((), 1, 1), parsed.problems)
    built = build_rubric(parsed.tree, str(path), language)
    root = parsed.tree if isinstance(parsed.tree, Tree) else Tree((), 1, 1)
    return Draft(str(path), built, root, (*parsed.problems, *built.problems))


def find_rubric(rubric_id: str, version: str, folders: Iterable[Path]) -> Rubric | None:
    """The rubric of that id in the first folder that has it, in that version where there is one.

    Files that cannot be read, or are something else, are passed over.
    """
    for folder in folders:
        found = [rubric for path in sorted(folder.glob("*.yaml"))[:MOST_FILES]
                 if (rubric := _named(path, rubric_id)) is not None]
        if found:
            return next((rubric for rubric in found if rubric.version == version), found[0])
    return None


def _named(path: Path, rubric_id: str) -> Rubric | None:
    try:
        data = read_bytes(path)
        if rubric_id.encode() not in data:
            return None
        rubric = rubric_of(data, str(path)).rubric
    except BadInput:
        return None
    return rubric if rubric.id.casefold() == rubric_id.casefold() else None


def read_rubric(path: Path, language: str = "") -> RubricFile:
    """The rubric of a file, its texts in `language` where it has several. Raises BadInput with every error found."""
    return rubric_of(read_bytes(path), str(path), language)


def version_line(data: bytes, where: str) -> int | None:
    """The line on which a rubric's version stands. Raises BadInput for what is no YAML."""
    tree = parse_tree(data, where)
    node = tree.get("version") if isinstance(tree, Tree) else None
    return node.line if node is not None else None


def rubric_of(data: bytes, where: str, language: str = "", kept: bool = False) -> RubricFile:
    """The rubric of bytes already read; `kept` in a sample, which took it only because it could be read.

    Raises BadInput with every error found.
    """
    built = build_rubric(parse_tree(data, where, MOST_PARTS, kept), where, language)
    if built.rubric is None:
        raise BadInput(built.problems)
    return RubricFile(built.rubric, data, hashlib.sha256(data).hexdigest())
