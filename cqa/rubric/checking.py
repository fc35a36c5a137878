"""What the checks of a rubric look at, and how they say what they found."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cqa.errors import Problem, Severity
from cqa.rubric.model import Question, Rubric
from cqa.rubric.reading import Prose
from cqa.tree import Items, Node, Text, Tree


class Places:
    """Where the parts of a rubric stand in its file. Of two with one name, the first."""

    def __init__(self, root: Tree) -> None:
        self.root = root
        self.sections = _by_id(root.get("sections"))
        self.rules = _by_id(root.get("rules"))
        self.questions: dict[str, Tree] = {}
        for section in self.sections.values():
            self.questions = {**_by_id(section.get("questions")), **self.questions}

    def top(self, key: str) -> Node:
        """A key of the whole rubric; the rubric itself where it is absent."""
        return self.root.get(key) or self.root

    def section(self, section_id: str, *keys: str) -> Node:
        """A section, or the deepest part of it that the keys lead to."""
        return _inside(self.sections.get(section_id, self.root), *keys)

    def question(self, question_id: str, *keys: str) -> Node:
        """A question, or the deepest part of it that the keys lead to."""
        return _inside(self.questions.get(question_id, self.root), *keys)

    def rule(self, rule_id: str, *keys: str) -> Node:
        """A rule, or the deepest part of it that the keys lead to."""
        return _inside(self.rules.get(rule_id, self.root), *keys)

    def scale(self, scale_id: str, *keys: str) -> Node:
        """A scale, or the deepest part of it that the keys lead to."""
        return _inside(self.root, "scales", scale_id, *keys)

    def band(self, place: int) -> Node:
        """The band of that place, counted from 0."""
        result = self.root.get("result")
        listed = result.get("bands") if isinstance(result, Tree) else None
        return listed.values[place] if isinstance(listed, Items) and place < len(listed.values) else self.root


def _by_id(node: Node | None) -> dict[str, Tree]:
    """The mappings of a list by their `id`."""
    found: dict[str, Tree] = {}
    for item in node.values if isinstance(node, Items) else ():
        name = item.get("id") if isinstance(item, Tree) else None
        if isinstance(item, Tree) and isinstance(name, Text):
            found.setdefault(name.value.strip(), item)
    return found


def _inside(node: Node, *keys: str) -> Node:
    for key in keys:
        deeper = node.get(key) if isinstance(node, Tree) else None
        if deeper is None:
            return node
        node = deeper
    return node


@dataclass(frozen=True, slots=True)
class Marked:
    """How often each answer was given to each question, in the samples that were read."""

    counts: Mapping[str, Mapping[str, int]]
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A rubric's file under check. `whole` is false where it has errors, so that what depends on all of it is unsure.

    `parent`: the rubric it is a variant of, None where that was not found. `marked`: marks given, None where no sample
    was named.
    """

    where: str
    rubric: Rubric
    places: Places
    prose: tuple[Prose, ...]
    whole: bool = True
    parent: Rubric | None = None
    marked: Marked | None = None

    @property
    def asked(self) -> Iterator[tuple[Question, Node]]:
        """Every question that can be asked, with its place."""
        for question in self.rubric.questions:
            yield question, self.places.question(question.id)


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, and the question or section that it is about, whose `allow` may let it stand."""

    code: str
    at: Node | Prose
    message: str
    remedy: str
    severity: Severity = "warning"
    question: str = ""
    section: str = ""

    def problem(self, where: str) -> Problem:
        """The finding as a problem of the file."""
        return Problem(self.code, self.message, self.remedy, where, self.at.line, self.at.column, self.severity)


Rule = Callable[[Checked], Iterator[Found]]


class Allowed:
    """The warnings that a file says may stand, and which of these were met, each as (owner, code)."""

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric
        self.met: set[tuple[str, str]] = set()
        self.sections = {section.id: section for section in rubric.sections}
        self.questions = {one.id: one for section in rubric.sections for one in section.questions}

    def reason(self, found: Found) -> str:
        """Why a warning may stand: as said at its question, its section or the top; empty where it is not said."""
        question = self.questions.get(found.question)
        section = self.sections.get(question.section if question else found.section)
        for owner, name in ((question, f"question {found.question}"), (section, f"section {section and section.id}"),
                            (self.rubric, "")):
            if owner is not None and owner.allow.get(found.code) and found.severity == "warning":
                self.met.add((name, found.code))
                return owner.allow[found.code]
        return ""

    def listed(self) -> Iterator[tuple[str, str]]:
        """Every (owner, code) of the file."""
        yield from (("", code) for code in self.rubric.allow)
        for section in self.rubric.sections:
            yield from ((f"section {section.id}", code) for code in section.allow)
            for question in section.questions:
                yield from ((f"question {question.id}", code) for code in question.allow)
