"""The one door to YAML: reads a file into a tree with line numbers, refuses what misleads, and writes plain records."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from cqa.errors import BadInput, Problem
from cqa.tree import Items, Node, Plain, Text, Tree

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
MAX_NODES = 20_000

_QUESTION_MARK = "A text with '?', ':' or '#' in it goes in quotes, or on a line of its own under '>-'."


class _Unusable(Exception):
    def __init__(self, code: str, message: str, remedy: str, line: int | None, column: int | None) -> None:
        super().__init__(message)
        self.code, self.remedy, self.line, self.column = code, remedy, line, column


def read_tree(path: Path) -> tuple[Node, bytes]:
    """The tree of a YAML file and the bytes it came from.

    Raises BadInput, with file, line and remedy, when the file is missing, not UTF-8, too large, or not plain YAML.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(Problem("R001", f"The file cannot be read: {error.strerror}.",
                               "Check the path and its spelling.", str(path))) from error
    return parse_tree(data, str(path)), data


def parse_tree(data: bytes, where: str) -> Node:
    """The tree of YAML text given as bytes; `where` names the file in problems. Raises BadInput."""
    try:
        return _Builder(_events(_decoded(data))).document()
    except _Unusable as error:
        raise BadInput(Problem(error.code, str(error), error.remedy, where, error.line, error.column)) from error


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise _Unusable("R006", f"The file has {len(data):,} bytes; {MAX_BYTES:,} is the most.",
                        "Split it, or take out what does not belong.", None, None)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _Unusable("R002", "The file is UTF-16.", "Save it again as UTF-8.", 1, 1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _Unusable("R002", f"Byte {data[error.start]:#04x} is not UTF-8, as a file saved from Word often is.",
                        "Save it again as UTF-8, or type the quotation mark or dash there afresh.",
                        line, error.start - data.rfind(b"\n", 0, error.start)) from error


def _events(text: str) -> Iterator[yaml.Event]:
    """PyYAML's own events, in pure Python: nothing is built or executed, and depth cannot crash the interpreter."""
    try:
        yield from yaml.parse(text, Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _Unusable("R003", f"The character U+{ord(text[error.position]):04X} cannot stand in YAML.",
                        "Delete it.", line, None) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        tab = "\t" in (mark.buffer or "").splitlines()[mark.line] if mark and mark.buffer else False
        remedy = "Use spaces, never tabs, to indent." if tab else _QUESTION_MARK
        told = ": ".join(part for part in (error.context, error.problem) if part)
        raise _Unusable("R003", f"The YAML cannot be read here ({told}).", remedy,
                        mark.line + 1 if mark else None, mark.column + 1 if mark else None) from error


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


class _Builder:
    """Turns events into nodes with an eye on depth, size, doubled keys, anchors and tags."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self.events = events
        self.nodes = 0

    def next(self) -> yaml.Event:
        return next(self.events, yaml.StreamEndEvent(None, None))

    def document(self) -> Node:
        self.next()
        if not isinstance(self.next(), yaml.DocumentStartEvent):
            raise _Unusable("R003", "The file is empty.", "Write something in it, or name another file.", 1, 1)
        root = self.node(self.next(), 1)
        self.next()
        after = self.next()
        if isinstance(after, yaml.DocumentStartEvent):
            raise self.at(after, "R003", "A second document begins here.", "Take out the line '---'.")
        return root

    def at(self, event: yaml.Event, code: str, message: str, remedy: str) -> _Unusable:
        return _Unusable(code, message, remedy, *_place(event))

    def node(self, event: yaml.Event, depth: int) -> Node:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise self.at(event, "R006", "The file is nested too deep or has too many parts.", "Simplify it.")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self.at(event, "R004", "Anchors (&) and aliases (*) are not allowed.",
                          "Write the text out, or put it in quotes if the sign belongs to it.")
        if tag := getattr(event, "tag", None):
            raise self.at(event, "R004", f"The tag {tag} is not allowed.",
                          "Take it out, or put the text in quotes if '!' belongs to it.")
        line, column = _place(event)
        if isinstance(event, yaml.MappingStartEvent):
            return Tree(tuple(self.pairs(depth)), line, column)
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(tuple(self.values(depth)), line, column)
        if not isinstance(event, yaml.ScalarEvent):
            raise self.at(event, "R003", "Something is missing here.", "Write a value, or delete the line.")
        return Text(event.value, line, column, event.style is None)

    def values(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            yield self.node(event, depth + 1)

    def pairs(self, depth: int) -> Iterator[tuple[Text, Node]]:
        seen: dict[str, int] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            if not isinstance(key, Text):
                raise self.at(event, "R003", "A key must be a plain word.", "Write 'word: value'.")
            if key.value in seen:
                raise self.at(event, "R005", f"'{key.value}' stands twice here, first in line {seen[key.value]}.",
                              "Keep one of the two.")
            seen[key.value] = key.line
            yield key, self.node(self.next(), depth + 1)


class _Quoted(str):
    """Text that is always quoted when written, so that no reader takes it for a number or a date."""

    __slots__ = ()


class _Writer(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


_Writer.add_representer(_Quoted, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


def _quoted(value: Plain) -> object:
    if isinstance(value, Mapping):
        return {key: _quoted(item) for key, item in value.items()}
    if isinstance(value, str):
        return _Quoted(value)
    return [_quoted(item) for item in value] if isinstance(value, Sequence) else value


def written(record: Mapping[str, Plain]) -> str:
    """A record as YAML text in the order given; every text is quoted, so any YAML reader gives it back unchanged."""
    return str(yaml.dump(_quoted(record), Dumper=_Writer, sort_keys=False, allow_unicode=True, width=10_000))

