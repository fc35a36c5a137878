"""A rubric's file: read, built, and its bytes kept for the record."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cqa.errors import BadInput, Problem
from cqa.files.yaml_tree import parse_tree, read_tree
from cqa.rubric.build import build_rubric
from cqa.rubric.model import Rubric
from cqa.tree import Tree


@dataclass(frozen=True, slots=True)
class RubricFile:
    """A rubric, its bytes and their SHA-256."""

    rubric: Rubric
    data: bytes
    sha256: str


def check_rubric(path: Path) -> tuple[Rubric | None, tuple[Problem, ...]]:
    """The rubric of a file (None where it has errors) and every problem found. Raises nothing for bad content."""
    try:
        tree, _ = read_tree(path)
    except BadInput as error:
        return None, error.problems
    built = build_rubric(tree, str(path))
    return built.rubric, built.problems


def read_rubric(path: Path) -> RubricFile:
    """The rubric of a file. Raises BadInput with every error found."""
    return rubric_of(read_tree(path)[1], str(path))


def version_line(data: bytes, where: str) -> int | None:
    """The line on which a rubric's version stands. Raises BadInput for what is no YAML."""
    tree = parse_tree(data, where)
    node = tree.get("version") if isinstance(tree, Tree) else None
    return node.line if node is not None else None


def rubric_of(data: bytes, where: str) -> RubricFile:
    """The rubric of bytes already read. Raises BadInput with every error found."""
    built = build_rubric(parse_tree(data, where), where)
    if built.rubric is None:
        raise BadInput(built.problems)
    return RubricFile(built.rubric, data, hashlib.sha256(data).hexdigest())
