"""Sections and questions as they are written; what was read before is what a condition may name."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from cqa.facts import number
from cqa.rubric.conditions import ConditionReader
from cqa.rubric.language import keys
from cqa.rubric.model import (
    ALWAYS,
    CORRESPONDENCES,
    QUESTION_TYPES,
    ROLES,
    AllOf,
    CaseFact,
    Condition,
    Correspondence,
    Question,
    Scale,
    Section,
)
from cqa.rubric.reading import RubricReader
from cqa.tree import Items, Node, Text, Tree, did_you_mean

_SCALE_ONLY = ("scale", "critical", "weight", "needs", "examples")


class QuestionReader:
    """Reads sections top down. `levels` holds the answers of every question read so far."""

    def __init__(self, read: RubricReader, facts: Mapping[str, CaseFact], scales: Mapping[str, Scale],
                 default_scale: str, live: bool) -> None:
        self.read, self.facts, self.scales, self.default_scale = read, facts, scales, default_scale
        self.live = live
        self.levels: dict[str, tuple[str, ...]] = {}
        self.waiting: list[str] = []

    def sections(self, node: Node | None) -> Iterator[Section]:
        """Every section of the file with its questions."""
        self.waiting = list(_question_ids(node))
        sections: dict[str, int] = {}
        questions: dict[str, int] = {}
        for item in self.read.listed(node, "sections"):
            yield self.section(item, sections, questions)

    def section(self, node: Node, seen: dict[str, int], questions: dict[str, int]) -> Section:
        read = self.read
        tree = read.mapping(node, "a section", keys("section"))
        section_id = read.named(read.required(tree, "id", "A section"), "id")
        read.unique(tree, section_id, seen, "section")
        gate = self.condition(tree)
        title = read.prose(tree.get("title"), "title") or section_id
        listed = read.listed(read.required(tree, "questions", f"Section '{section_id}'"), "questions")
        return Section(
            section_id, title, tuple(self.question(item, section_id, gate, questions) for item in listed), gate,
            read.prose(tree.get("notes"), "notes"), read.allowed(tree.get("allow")))

    def condition(self, tree: Tree, own: str = "") -> Condition:
        reader = ConditionReader(self.read, self.facts, self.levels, later=tuple(self.waiting), own=own)
        return reader.read(tree.get("ask_when"))

    def question(self, node: Node, section: str, section_gate: Condition, seen: dict[str, int]) -> Question:
        read = self.read
        tree = read.mapping(node, "a question", keys("question"))
        name = read.named(read.required(tree, "id", "A question"), "id")
        read.unique(tree, name, seen, "question")
        read.question = name
        own = self.condition(tree, name)
        del self.waiting[:1]
        kind = read.choice(tree.get("type"), "type", QUESTION_TYPES, "scale")
        scale = self.scale(tree) if kind == "scale" else None
        choices = self.choices(tree, name, kind)
        answers = tuple(level.id for level in scale.answers) if scale else choices
        self.levels[name] = answers
        built = Question(
            id=name, section=section, type=kind, scale=scale, choices=choices,
            ask=self.ask(tree, name),
            look_for=read.prose(tree.get("look_for"), "look_for"),
            guidance=read.prose(tree.get("guidance"), "guidance"),
            descriptors=self.descriptors(tree, name, answers, scale),
            gate=_both(section_gate, own), own_gate=own,
            required=read.flag(tree.get("required"), "required", True),
            forbid=self.named_levels(tree, tree.get("forbid"), "forbid", name),
            fails_on=self.fails_on(tree, name),
            weight=self.weight(tree), needs=read.needs(tree.get("needs")),
            tags=read.texts(tree.get("tags"), "tags"),
            role=read.choice(tree.get("role"), "role", ROLES, ""),
            retired=read.text(tree.get("retired"), "retired"),
            corresponds_to=self.correspondence(tree, answers),
            legal_basis="; ".join(read.proses(tree.get("legal_basis"), "legal_basis")),
            examples=self.examples(tree, name, answers),
            notes=read.prose(tree.get("notes"), "notes"),
            allow=read.allowed(tree.get("allow")),
        )
        self.only_on_scales(tree, name, kind)
        read.question = ""
        return built

    def scale(self, tree: Tree) -> Scale | None:
        name = self.read.text(tree.get("scale"), "scale") or self.default_scale
        if name not in self.scales:
            self.read.wrong("R011", tree.get("scale") or tree, f"There is no scale '{name}'.",
                            did_you_mean(name, tuple(self.scales)))
        return self.scales.get(name)

    def choices(self, tree: Tree, name: str, kind: str) -> tuple[str, ...]:
        node = tree.get("choices")
        if kind != "choice":
            if node is not None:
                self.read.malformed(node, f"Question '{name}' is of type {kind} and has no choices.",
                                    "Write 'type: choice', or take the choices out.")
            return ()
        choices = self.read.texts(self.read.required(tree, "choices", f"Question '{name}' of type choice"), "choices")
        seen: dict[str, int] = {}
        for choice in choices if node is not None else ():
            self.read.unique(node or tree, choice, seen, "choice")
        if node is not None and len(choices) < 2:
            self.read.malformed(node, f"Question '{name}' leaves nothing to choose.", "List two answers or more.")
        return choices

    def only_on_scales(self, tree: Tree, name: str, kind: str) -> None:
        """Only scale questions score, fail a case and owe texts by level."""
        for key in _SCALE_ONLY if kind != "scale" else ():
            if (node := tree.get(key)) is not None and not (key == "needs" and kind == "choice"):
                self.read.malformed(node, f"Question '{name}' is of type {kind}, so '{key}' means nothing for it.",
                                    f"Take '{key}' out, or make it a question on a scale.")

    def fails_on(self, tree: Tree, name: str) -> tuple[str, ...]:
        node = tree.get("critical")
        if node is None or (isinstance(node, Text) and node.value == "false"):
            return ()
        critical = self.read.mapping(node, "critical", keys("critical"))
        return self.named_levels(tree, self.read.required(critical, "fails_on", "critical"), "fails_on", name)

    def named_levels(self, tree: Tree, node: Node | None, what: str, name: str) -> tuple[str, ...]:
        levels = self.read.texts(node, what)
        ConditionReader(self.read, self.facts, self.levels).known_levels(node or tree, name, levels)
        return levels

    def ask(self, tree: Tree, name: str) -> str:
        node = self.read.required(tree, "ask", f"Question '{name}'")
        told = self.read.prose(node, "ask")
        if node is not None and not told.strip():
            self.read.malformed(node, f"Question '{name}' asks nothing.", "Write the question after 'ask:'.")
        return told

    def weight(self, tree: Tree) -> Fraction:
        weight = self.read.parsed(tree.get("weight"), "weight", number, Fraction(1), "a number above 0")
        if weight <= 0:
            self.read.malformed(tree.get("weight") or tree, "A weight must be above 0.", "Take the line out for 1.")
        return weight

    def level_texts(self, tree: Tree, key: str, name: str, answers: tuple[str, ...]) -> Iterator[tuple[str, Node]]:
        """The entries of a mapping by level; one that is no answer of the question is a problem."""
        for level, node in self.read.mapping(tree.get(key), key):
            if level.value not in answers:
                self.read.wrong("R013", level, f"'{level.value}' is not a level of '{name}'.",
                                did_you_mean(level.value, answers) or "Only questions with levels describe them.")
            yield level.value, node

    def descriptors(self, tree: Tree, name: str, answers: tuple[str, ...], scale: Scale | None) -> Mapping[str, str]:
        told = {level: self.read.prose(node, level) for level, node in self.level_texts(tree, "levels", name, answers)}
        missing = [level.id for level in scale.levels if not told.get(level.id)] if scale else []
        if missing and self.live and not tree.get("retired"):
            self.read.wrong("R014", tree, f"Question '{name}' of a live rubric does not say what "
                            f"{', '.join(missing)} means.", "Write a descriptor for it under 'levels:'.")
        return told

    def examples(self, tree: Tree, name: str, answers: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
        return {level: self.read.proses(node, f"example of {level}")
                for level, node in self.level_texts(tree, "examples", name, answers)}

    def correspondence(self, tree: Tree, answers: tuple[str, ...]) -> Correspondence | None:
        """What is said of the parent's questions; `same` where no kind is named."""
        read, node = self.read, tree.get("corresponds_to")
        if node is None:
            return None
        if isinstance(node, Text) and node.value == "none":
            return Correspondence("none")
        parts = read.mapping(node, "corresponds_to", keys("correspondence"))
        kind = read.choice(parts.get("kind"), "kind", CORRESPONDENCES, "same")
        questions = read.texts(parts.get("questions") or parts.get("question"), "questions")
        if kind != "none" and not questions:
            read.wrong("R008", parts, "'corresponds_to' names no question of the parent.",
                       "Write 'questions: [...]', or 'corresponds_to: none' for a question that is new.")
        if kind in ("same", "subset") and len(questions) > 1:
            read.malformed(parts, f"'{kind}' is said of one question, and {len(questions)} are named.",
                           "Use lower_of or theme for several.")
        name = read.question
        levels = {level: read.text(value, level) for level, value in self.level_texts(parts, "levels", name, answers)}
        return Correspondence(kind, questions, levels)


def _question_ids(node: Node | None) -> Iterator[str]:
    """The ids of all questions in order, as far as they can be read, for conditions that name later ones."""
    for section in node.values if isinstance(node, Items) else ():
        questions = section.get("questions") if isinstance(section, Tree) else None
        for question in questions.values if isinstance(questions, Items) else ():
            name = question.get("id") if isinstance(question, Tree) else None
            yield name.value.strip() if isinstance(name, Text) else ""


def _both(one: Condition, other: Condition) -> Condition:
    parts = tuple(part for part in (one, other) if part != ALWAYS)
    return parts[0] if len(parts) == 1 else AllOf(parts)
