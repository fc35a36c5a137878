"""The one door to YAML: reads a file into a tree with line numbers, refuses what misleads, and writes plain records."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from cqa.errors import BadInput, Problem, only_errors, shortened
from cqa.files.yaml_trouble import NOT_PRINTABLE, NOT_SEEN, Trouble, trouble
from cqa.tree import Items, Node, Plain, Text, Tree
from cqa.whole import HALF

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
MAX_NODES = 20_000
_PARSED_MOST = 768 * 1024
"""So much text is parsed in all while troubles are mended one after the other: about a second."""
_READINGS = 30
"""So often a file is read while its troubles are mended."""
_BEYOND = re.compile(r"\\U(?!000|0010)[0-9A-Fa-f]{8}|^%\S+ +[0-9.]{5,}")
"""An escape beyond all characters, and a number of a directive that nobody would write: PyYAML fails on them."""

_OTHERWISE_READ = re.compile(r"(?i:yes|no|on|off|null)|~|[-+]?0[0-9_]+|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+|"
                             r"[0-9]+_[0-9_]*|0x[0-9a-fA-F_]+")
"""Plain words that YAML's older rules make true, false, nothing, or a number."""


class _Unusable(Exception):
    """Reading has to end here."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file holds (None where it cannot be read), and every problem on the way, warnings too."""

    tree: Node | None
    problems: tuple[Problem, ...]


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises BadInput when it is missing, or no file that can be read."""
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "this is no name of a file"
        raise BadInput(Problem("R001", f"The file cannot be read: {reason}.",
                               "Check the path and its spelling.", str(path))) from error


def read_tree(path: Path) -> tuple[Node, bytes]:
    """The tree of a YAML file and the bytes it came from.

    Raises BadInput, with file, line and remedy of all that is wrong, when the file is missing, not UTF-8, too large,
    or not plain YAML.
    """
    data = read_bytes(path)
    return parse_tree(data, str(path)), data


def parse_tree(data: bytes, where: str, most: int = MAX_NODES, kept: bool = False) -> Node:
    """The tree of YAML text given as bytes; `where` names the file in problems. Raises BadInput with all errors.

    `kept`: cqa wrote the text, or has read it before and kept it, so that there is hardly anything to tell.
    """
    parsed = parse(data, where, most, kept=kept)
    errors = only_errors(parsed.problems)
    if errors or parsed.tree is None:
        raise BadInput(errors)
    return parsed.tree


def parse(data: bytes, where: str, most: int = MAX_NODES, typed: bool = False, kept: bool = False) -> Parsed:
    """As much of YAML text as can be read, with every problem that was found until then. Raises nothing.

    `most` is how many parts it may have: keys, values, lists and mappings. `typed` is what people write to be read by
    people: no escape in it may stand for what cannot be shown. Half a character stands in nothing that people wrote.
    What cqa wrote may hold whatever an export held.
    """
    problems: dict[tuple[str, int | None, str], Problem] = {}
    tree = None
    try:
        text = _decoded(data, problems)
        # The parser whose troubles can be told in words takes nine times as long as the one that reads what has none.
        tree = _without_trouble(text, most, problems) if kept and not problems else None
        tree = tree or _mended(text, problems, most, NOT_PRINTABLE if typed else None if kept else HALF)
    except _Unusable as error:
        _keep(problems, error.problem)
    ordered = sorted(problems.values(), key=lambda found: (found.line or 0, found.column or 0))
    return Parsed(tree, tuple(replace(problem, where=where) for problem in shortened(ordered)))


Problems = dict[tuple[str, int | None, str], Problem]


def _keep(problems: Problems, problem: Problem) -> None:
    problems.setdefault((problem.code, problem.line, problem.message), problem)


def _decoded(data: bytes, problems: Problems) -> str:
    """The text, its line ends as LF; what is not UTF-8 or cannot be printed becomes a problem and a blank."""
    if len(data) > MAX_BYTES:
        raise _Unusable(Problem("R006", f"The file has {len(data):,} bytes; {MAX_BYTES:,} is the most.",
                                "Split it, or take out what does not belong.", line=1))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or [not byte for byte in data[:4]] in (
            [False, True, False, True], [True, False, True, False], [True, True, True, False]):
        raise _Unusable(Problem("R002", "The file is UTF-16 or UTF-32.", "Save it again as UTF-8.", line=1, column=1))
    text = data.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
    if NOT_PRINTABLE.search(text):
        for line, part in enumerate(text.split("\n"), start=1):
            if match := NOT_PRINTABLE.search(part):
                _keep(problems, _unprintable(match[0], line, match.start() + 1))
    return NOT_PRINTABLE.sub(" ", text)


def _unprintable(letter: str, line: int, column: int) -> Problem:
    if "\udc80" <= letter <= "\udcff":
        return Problem("R002", f"Byte {ord(letter) - 0xdc00:#04x} is not UTF-8, as a file saved from Word often is.",
                       "Save it again as UTF-8, or type the quotation mark or dash there afresh.", line=line,
                       column=column)
    return Problem("R003", f"The character U+{ord(letter):04X} cannot stand in a text.", "Delete it.", line=line,
                   column=column)


def _mended(text: str, problems: Problems, most: int, never: re.Pattern[str] | None) -> Node | None:
    """The tree, with one trouble after the other mended for the reading alone; None where it would mislead."""
    lines = text.split("\n")
    parsed, faithful = 0, True
    for _ in range(_READINGS):
        builder = _Builder(lines, most, never)
        try:
            tree = builder.document()
        except yaml.MarkedYAMLError as error:
            tree = None
            found = _trouble(lines, error, builder)
        except (yaml.YAMLError, ValueError, OverflowError):
            tree = None
            found = _beyond(lines)
        for problem in builder.problems:
            _keep(problems, problem)
        if tree is not None:
            return tree if faithful else None
        parsed += len(text)
        if found is None or parsed > _PARSED_MOST:
            return None
        _keep(problems, found.problem)
        if found.mended is None or found.mended == lines[found.line - 1]:
            return None
        lines[found.line - 1], faithful = found.mended, faithful and found.faithful
        if found.problem.code == "R021":
            _no_tabs(lines, problems)
    return None


def _without_trouble(text: str, most: int, problems: Problems) -> Node | None:
    """The tree of a text without any trouble, and warnings there are of it, such as of a value called null; None where
    there is an error."""
    builder = _Builder(text.split("\n"), most, None, fast=True)
    try:
        tree = builder.document()
    except (yaml.YAMLError, ValueError, OverflowError, _Unusable):
        return None
    if only_errors(builder.problems):
        return None
    for problem in builder.problems:
        _keep(problems, problem)
    return tree


def _beyond(lines: list[str]) -> Trouble:
    """The first thing that is beyond what YAML can say, blanked for the reading alone."""
    for place, text in enumerate(lines, start=1):
        if match := _BEYOND.search(text):
            problem = Problem("R003", f"'{match[0][:20]}' stands for no character or number that there is.",
                              "Take it out, or put what is meant.", line=place, column=match.start() + 1)
            return Trouble(problem, place, text[:match.start()] + " " * len(match[0]) + text[match.end():])
    return Trouble(Problem("R003", "The file cannot be read as YAML.", "Take out what was written last.", line=1), 1)


def _no_tabs(lines: list[str], problems: Problems) -> None:
    """Every other line with a tab in front is told at once."""
    for place, line in enumerate(lines):
        front = line[:len(line) - len(line.lstrip())]
        if "\t" in front and front != line:
            _keep(problems, Problem("R021", "A tab stands in front of this line.", "Indent with spaces, never with "
                                    "tabs.", line=place + 1, column=1))
            lines[place] = front.replace("\t", "  ") + line.lstrip()


def _trouble(lines: list[str], error: yaml.MarkedYAMLError, builder: "_Builder") -> Trouble | None:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return None
    begun = error.context_mark.line + 1 if error.context_mark else None
    signs = {problem.line for problem in builder.problems if problem.code == "R004"} & {mark.line + 1, begun}
    if signs:
        # The sign that was refused is what confused the parser: read on without it, and say nothing else of the line.
        line = signs.pop() or 1
        refused = next(problem for problem in builder.problems if problem.code == "R004" and problem.line == line)
        return Trouble(refused, line, re.sub(r"[!&*]", " ", lines[line - 1]), True)
    return trouble(lines, error.context or "", error.problem or "", (mark.line + 1, mark.column + 1), begun)


@dataclass(slots=True)
class _Builder:
    """Turns events into nodes with an eye on depth, size, doubled keys, anchors and tags.

    The events are PyYAML's own: nothing is built or executed, and depth cannot crash the interpreter. `never` are
    characters that no escape may stand for.
    """

    lines: list[str]
    most: int
    never: re.Pattern[str] | None
    fast: bool = False
    problems: list[Problem] = field(default_factory=list)
    nodes: int = 0
    events: Iterator[yaml.Event] = field(init=False)

    def __post_init__(self) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader) if self.fast else yaml.SafeLoader
        self.events = yaml.parse("\n".join(self.lines), Loader=loader)

    def next(self) -> yaml.Event:
        return next(self.events, yaml.StreamEndEvent(None, None))

    def document(self) -> Node:
        self.next()
        if not isinstance(start := self.next(), yaml.DocumentStartEvent):
            raise _Unusable(Problem("R003", "The file is empty.", "Write something in it, or name another file.",
                                    line=1, column=1))
        if start.version or start.tags:
            self.wrong(start, "R004", "A line that begins with '%' is an instruction to the reader of YAML.",
                       "Take it out.")
        root = self.node(self.next(), 1)
        self.next()
        after = self.next()
        if isinstance(after, yaml.DocumentStartEvent):
            self.wrong(after, "R003", "A second document begins here.", "Take out the line '---'.")
        return root

    def wrong(self, event: yaml.Event, code: str, message: str, remedy: str) -> Problem:
        problem = Problem(code, message, remedy, "", *_place(event))
        self.problems.append(problem)
        return problem

    def node(self, event: yaml.Event, depth: int) -> Node:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > self.most:
            raise _Unusable(Problem("R006", "The file is nested too deep or has too many parts.", "Simplify it.", "",
                                    *_place(event)))
        self.refuse(event)
        line, column = _place(event)
        if isinstance(event, yaml.MappingStartEvent):
            return Tree(tuple(self.pairs(depth)), line, column)
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(tuple(self.values(depth)), line, column)
        if isinstance(event, yaml.ScalarEvent):
            self.look_at(event)
            return Text(event.value, line, column, not event.style)
        return Text("", line, column)

    def refuse(self, event: yaml.Event) -> None:
        """What YAML allows and a rubric does not: anchors, aliases and tags."""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self.wrong(event, "R004", "Anchors (&) and aliases (*) are not allowed.",
                       "Write the text out, or put it in quotes if the sign belongs to it.")
        if tag := getattr(event, "tag", None):
            self.wrong(event, "R004", f"The tag {tag[:80]} is not allowed.",
                       "Take it out, or put the text in quotes if '!' belongs to it.")

    def look_at(self, event: yaml.ScalarEvent) -> None:
        """What is wrong or doubtful about a text: characters that cannot be shown, letters that nobody sees, words that
        others read otherwise, a tail that was cut."""
        if self.never and (refused := self.never.search(event.value.replace("\n", " "))):
            self.wrong(event, "R003", f"The text stands for the character U+{ord(refused[0]):04X}, which cannot stand "
                       "in a text.", "Take out the escape that begins with '\\'.")
        if hidden := NOT_SEEN.search(event.value):
            self.warn(event, "R025", f"The text holds U+{ord(hidden[0]):04X}, which cannot be seen and may turn its "
                      "order round.", "Type the text afresh.")
        if event.style or event.start_mark is None or event.end_mark is None:
            return
        if _OTHERWISE_READ.fullmatch(event.value):
            self.warn(event, "R024", f"cqa takes '{event.value}' for the text it is; other programs that read YAML "
                      "take it for something else.", f"Put it in quotation marks: \"{event.value}\".")
        line = self.lines[event.end_mark.line] if event.end_mark.line < len(self.lines) else ""
        if _looks_cut(event.value, line[event.end_mark.column:]):
            self.warn(event, "R023", f"The text ends before ' #': '{line[event.end_mark.column:].strip()[:40]}' is "
                      "taken for a comment.", "Put the whole text in quotation marks if that belongs to it.")

    def warn(self, event: yaml.Event, code: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(code, message, remedy, "", *_place(event), "warning"))

    def values(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            yield self.node(event, depth + 1)

    def pairs(self, depth: int) -> Iterator[tuple[Text, Node]]:
        seen: dict[str, int] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            value = self.node(self.next(), depth + 1)
            if not isinstance(key, Text):
                self.wrong(event, "R003", "A key must be a plain word.", "Write 'word: value'.")
            elif key.plain and key.value == "<<":
                self.wrong(event, "R004", "'<<' would merge another part of the file into this one.",
                           "Write the lines out where they belong.")
            elif key.value in seen:
                self.wrong(event, "R005", f"'{key.value[:40]}' stands twice here, first in line {seen[key.value]}.",
                           "Keep one of the two.")
            else:
                seen[key.value] = key.line
                yield key, value


def _looks_cut(value: str, rest: str) -> bool:
    """Whether a comment behind a plain text is more likely the rest of the sentence: close by, and either without a
    space after the sign, or after prose that does not end like a sentence."""
    sign = rest.lstrip()
    if not sign.startswith("#") or len(rest) - len(sign) != 1:
        return False
    return sign[1:2].strip() != "" or (len(value.split()) > 2 and value[-1] not in ".?!;:\"')")


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


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

