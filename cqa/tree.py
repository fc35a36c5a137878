"""Parsed YAML with its places: text, mappings and lists, and a reader that collects every problem at once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from cqa.errors import Problem

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, always as the text that stands in the file. `plain` is false where it was quoted or a block."""

    value: str
    line: int
    column: int
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    values: tuple["Node", ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Tree:
    """A mapping in the order of the file; keys are unique."""

    pairs: tuple[tuple[Text, "Node"], ...]
    line: int
    column: int

    def get(self, key: str) -> "Node | None":
        """The node under `key`, or None."""
        return next((node for text, node in self.pairs if text.value == key), None)

    def __iter__(self) -> Iterator[tuple[Text, "Node"]]:
        return iter(self.pairs)


Node = Text | Items | Tree

Plain = str | int | bool | Sequence["Plain"] | Mapping[str, "Plain"] | None
"""A record to be written: texts, whole numbers, true and false, lists and mappings of these."""


def did_you_mean(word: str, known: tuple[str, ...]) -> str:
    """A sentence that offers the nearest known words, or lists them all when none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes need it

    near = get_close_matches(word, known, n=3, cutoff=0.6) or get_close_matches(word.lower(), known, n=3, cutoff=0.5)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return f"Known: {', '.join(known)}." if known else ""


@dataclass(slots=True)
class Reader:
    """Reads a tree against what is expected, and keeps every problem with its line instead of stopping at the first.

    `codes` are the problem codes for an unknown key, a missing key and a value of the wrong form.
    """

    where: str
    codes: tuple[str, str, str]
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, code: str, node: Node | None, message: str, remedy: str = "") -> None:
        """Keep a problem at the place of `node`."""
        line, column = (node.line, node.column) if node is not None else (None, None)
        self.problems.append(Problem(code, message, remedy, self.where, line, column))

    def malformed(self, node: Node, message: str, remedy: str = "") -> None:
        """Keep the problem that a value has the wrong form."""
        self.wrong(self.codes[2], node, message, remedy)

    def mapping(self, node: Node | None, what: str, known: tuple[str, ...] | None = None) -> Tree:
        """`node` as a mapping whose keys are all among `known`; an empty mapping where it is something else."""
        if not isinstance(node, Tree):
            if node is not None and not (isinstance(node, Text) and node.plain and node.value in ("", "~", "null")):
                self.malformed(node, f"{what} must be a list of 'key: value' lines.", "Put each on a line of its own.")
            return Tree((), node.line if node else 1, node.column if node else 1)
        for key, _ in node if known is not None else ():
            if key.value not in (known or ()):
                self.wrong(self.codes[0], key, f"Unknown key '{key.value}' in {what}.",
                           did_you_mean(key.value, known or ()))
        return node

    def required(self, parent: Tree, key: str, what: str) -> Node | None:
        """The node under `key`; its absence is a problem."""
        node = parent.get(key)
        if node is None:
            self.wrong(self.codes[1], parent, f"{what} has no '{key}'.", f"Add a line '{key}: ...'.")
        return node

    def text(self, node: Node | None, what: str) -> str:
        """`node` as text, with outer white space removed; empty where absent."""
        if node is None:
            return ""
        if not isinstance(node, Text):
            self.malformed(node, f"{what} must be a piece of text.", "Write it on one line, in quotation marks.")
            return ""
        return node.value.strip()

    def texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        """`node` as a list of texts; a single text is a list of one."""
        if isinstance(node, Items):
            return tuple(self.text(value, what) for value in node.values)
        return (self.text(node, what),) if node is not None else ()

    def mappings(self, node: Node | None, what: str) -> tuple[Tree, ...]:
        """`node` as a list of mappings; none where it is something else."""
        return tuple(self.mapping(item, what) for item in node.values) if isinstance(node, Items) else ()

    def flag(self, node: Node | None, what: str, default: bool) -> bool:
        """`node` as true or false; only these two words are taken."""
        value = self.text(node, what)
        if node is not None and value not in ("true", "false"):
            self.malformed(node, f"{what} must be true or false, not '{value[:40]}'.", "Write true or false.")
        return default if node is None else value == "true"

    def choice(self, node: Node | None, what: str, allowed: tuple[str, ...], default: str) -> str:
        """`node` as one of `allowed`."""
        if node is None:
            return default
        value = self.text(node, what)
        if value not in allowed:
            self.malformed(node, f"{what} cannot be '{value}'.", did_you_mean(value, allowed))
            return default
        return value

    def parsed(self, node: Node | None, what: str, parse: Callable[[str], T], default: T, form: str) -> T:
        """`node` as whatever `parse` makes of its text; `form` says in words what is wanted."""
        if node is None:
            return default
        value = self.text(node, what)
        try:
            return parse(value)
        except (ValueError, ArithmeticError):
            self.malformed(node, f"{what} must be {form}, not '{value[:40]}'.", f"Write {form}.")
            return default
