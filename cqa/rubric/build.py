"""From a parsed file to a rubric: every key known, every reference resolved, every problem with its line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from cqa.errors import Problem, only_errors
from cqa.facts import number, whole_number
from cqa.rubric.conditions import ConditionReader
from cqa.rubric.model import (
    ALWAYS,
    FACT_TYPES,
    NEEDS,
    QUESTION_TYPES,
    ROLES,
    STATUSES,
    AllOf,
    Band,
    CaseFact,
    Condition,
    Level,
    Proof,
    Question,
    Rubric,
    Rule,
    Scale,
    Section,
)
from cqa.tree import Items, Node, Reader, Tree, did_you_mean

FORMAT = "cqa-rubric/1"

_TOP = ("format", "id", "version", "title", "status", "owner", "use_for", "variant_of", "dropped", "case_facts",
        "scales", "default_scale", "proof", "sections", "rules", "result", "notes")
_SECTION = ("id", "title", "ask_when", "questions", "notes")
_QUESTION = ("id", "ask", "look_for", "guidance", "scale", "type", "choices", "levels", "ask_when", "required",
             "forbid", "critical", "weight", "needs", "tags", "role", "retired", "corresponds_to", "legal_basis",
             "examples", "notes")
_LEVEL = ("key", "label", "points", "needs", "counts")
_FACT = ("column", "type", "label", "show")


@dataclass(frozen=True, slots=True)
class Built:
    """A rubric and what was found in its file; `rubric` is None when there are errors."""

    rubric: Rubric | None
    problems: tuple[Problem, ...]


def build_rubric(root: Node, where: str) -> Built:
    """The rubric of a parsed file; `where` names the file in problems. Never raises for what the file holds."""
    builder = _Builder(Reader(where, ("R007", "R008", "R009")))
    rubric = builder.rubric(root)
    problems = tuple(sorted(builder.reader.problems, key=lambda found: (found.line or 0, found.column or 0)))
    return Built(None if only_errors(problems) else rubric, problems)


class _Builder:
    """Reads the file top down; questions already read are what later conditions may name."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.facts: dict[str, CaseFact] = {}
        self.scales: dict[str, Scale] = {}
        self.default_scale = ""
        self.levels: dict[str, tuple[str, ...]] = {}
        self.order: tuple[str, ...] = ()
        self.live = False

    def rubric(self, root: Node) -> Rubric:
        read = self.reader
        tree = read.mapping(root, "the rubric", _TOP)
        read.choice(read.required(tree, "format", "The rubric"), "format", (FORMAT,), "")
        status = read.choice(tree.get("status"), "status", STATUSES, "draft")
        self.live = status == "live"
        self.facts = {fact.id: fact for fact in self.read_facts(tree.get("case_facts"))}
        self.read_scales(tree)
        self.order = tuple(self.question_ids(tree))
        sections = tuple(self.read_sections(tree))
        return Rubric(
            id=self.named(read.required(tree, "id", "The rubric"), "id"),
            version=self.named(read.required(tree, "version", "The rubric"), "version"),
            title=read.text(read.required(tree, "title", "The rubric"), "title"),
            status=status,
            facts=tuple(self.facts.values()),
            scales=tuple(self.scales.values()),
            sections=sections,
            rules=tuple(self.read_rules(tree.get("rules"))),
            proof=self.read_proof(tree.get("proof")),
            bands=self.read_bands(tree.get("result")),
        )

    def named(self, node: Node | None, what: str) -> str:
        """An id or version: letters, digits, dots, hyphens and underscores, as it becomes part of a file name."""
        value = self.reader.text(node, what)
        if node is not None and not (value.isascii() and value and value[0].isalnum() and len(value) <= 64
                                     and all(letter.isalnum() or letter in "._-" for letter in value)):
            self.reader.malformed(node, f"The {what} '{value[:40]}' has other signs than letters, digits, '.', '_' "
                                  "and '-'.", "Write a short plain name.")
        return value

    def prose(self, node: Node | None, what: str) -> str:
        """A text, or the first of a text in several languages."""
        if isinstance(node, Tree) and node.pairs:
            return self.reader.text(node.get("en") or node.pairs[0][1], what)
        return self.reader.text(node, what)

    def unique(self, node: Node, value: str, seen: set[str], what: str) -> None:
        if value.casefold() in seen:
            self.reader.wrong("R010", node, f"The {what} '{value}' stands twice.", "Give one of them another.")
        seen.add(value.casefold())

    def read_facts(self, node: Node | None) -> Iterator[CaseFact]:
        for key, value in self.reader.mapping(node, "case_facts"):
            tree = self.reader.mapping(value, f"case fact '{key.value}'", _FACT)
            show = self.reader.choice(tree.get("show"), "show", ("always", "never"), "always")
            yield CaseFact(
                id=self.named(key, "case fact"),
                column=self.reader.text(tree.get("column"), "column") or key.value,
                type=self.reader.choice(tree.get("type"), "type", FACT_TYPES, "text"),
                label=self.prose(tree.get("label"), "label") or key.value.replace("_", " "),
                hidden=show == "never",
            )

    def read_scales(self, tree: Tree) -> None:
        node = self.reader.required(tree, "scales", "The rubric")
        for key, value in self.reader.mapping(node, "scales"):
            self.scales[key.value] = self.read_scale(self.named(key, "scale"), value)
        default = tree.get("default_scale")
        self.default_scale = self.reader.text(default, "default_scale") or next(iter(self.scales), "")
        if default is not None and self.default_scale not in self.scales:
            self.reader.wrong("R011", default, f"There is no scale '{self.default_scale}'.",
                              did_you_mean(self.default_scale, tuple(self.scales)))

    def read_scale(self, scale_id: str, node: Node) -> Scale:
        tree = self.reader.mapping(node, f"scale '{scale_id}'", ("levels", "outside", "title"))
        keys: set[str] = set()
        labels: set[str] = set()
        names: set[str] = set()
        parts = {}
        for part in ("levels", "outside"):
            parts[part] = tuple(
                self.read_level(key.value, value, part == "outside", place, (keys, labels, names))
                for place, (key, value) in enumerate(self.reader.mapping(tree.get(part), part), start=1)
            )
        if not parts["levels"]:
            self.reader.wrong("R008", tree, f"Scale '{scale_id}' has no levels.", "List them under 'levels:'.")
        points = [level.points for level in parts["levels"] if level.points is not None]
        if points != sorted(points, reverse=True) or len(set(points)) != len(points):
            self.reader.wrong("R015", tree.get("levels"), f"The points of scale '{scale_id}' do not fall from level "
                              "to level.", "List the best level first, and give each its own points.")
        return Scale(scale_id, parts["levels"], parts["outside"])

    def read_level(
        self, level_id: str, node: Node, outside: bool, place: int, seen: tuple[set[str], set[str], set[str]]
    ) -> Level:
        tree = self.reader.mapping(node, f"level '{level_id}'", _LEVEL)
        key = self.reader.text(tree.get("key"), "key") or str(place + (7 if outside else 0))
        label = self.prose(tree.get("label"), "label") or level_id.replace("_", " ").capitalize()
        for value, what, known in zip((key, label, level_id), ("key", "label", "level"), seen, strict=True):
            self.unique(tree, value, known, what)
        if len(key) != 1 or not key.isascii() or not key.isalnum():
            self.reader.malformed(tree, f"The key of level '{level_id}' must be one digit or letter.")
        self.reader.choice(tree.get("counts"), "counts", ("left_out",), "left_out")
        none: Fraction | None = None
        points = self.reader.parsed(tree.get("points"), "points", number, none, "a number")
        if outside and points is not None:
            self.reader.malformed(tree, f"'{level_id}' is outside the scale and has no points.", "Take 'points' out.")
        return Level(level_id, key, label, None if outside else points, self.needs(tree.get("needs")), outside)

    def needs(self, node: Node | None) -> tuple[str, ...]:
        wanted = self.reader.texts(node, "needs")
        for need in wanted:
            if need not in NEEDS and node is not None:
                self.reader.malformed(node, f"'{need}' cannot be needed.", did_you_mean(need, NEEDS))
        return tuple(need for need in NEEDS if need in wanted)

    def question_ids(self, tree: Tree) -> Iterator[str]:
        for section in self.items(tree.get("sections")):
            for question in self.items(section.get("questions") if isinstance(section, Tree) else None):
                node = question.get("id") if isinstance(question, Tree) else None
                yield self.reader.text(node, "id")

    def items(self, node: Node | None) -> tuple[Node, ...]:
        return node.values if isinstance(node, Items) else ()

    def listed(self, node: Node | None, what: str) -> tuple[Node, ...]:
        if node is not None and not isinstance(node, Items):
            self.reader.malformed(node, f"'{what}' must be a list.", "Begin each entry with '- '.")
        return self.items(node)

    def read_sections(self, tree: Tree) -> Iterator[Section]:
        sections: set[str] = set()
        questions: set[str] = set()
        for node in self.listed(self.reader.required(tree, "sections", "The rubric"), "sections"):
            section = self.reader.mapping(node, "a section", _SECTION)
            section_id = self.named(self.reader.required(section, "id", "A section"), "id")
            self.unique(section, section_id, sections, "section")
            later = self.order[len(self.levels):]
            gate = ConditionReader(self.reader, self.facts, self.levels, later=later).read(section.get("ask_when"))
            title = self.prose(section.get("title"), "title") or section_id
            listed = self.listed(self.reader.required(section, "questions", f"Section '{section_id}'"), "questions")
            yield Section(section_id, title, tuple(
                self.read_question(item, section_id, gate, questions) for item in listed))

    def read_question(self, node: Node, section: str, section_gate: Condition, seen: set[str]) -> Question:
        read = self.reader
        tree = read.mapping(node, "a question", _QUESTION)
        name = self.named(read.required(tree, "id", "A question"), "id")
        self.unique(tree, name, seen, "question")
        kind = read.choice(tree.get("type"), "type", QUESTION_TYPES, "scale")
        scale = self.question_scale(tree) if kind == "scale" else None
        choices = read.texts(tree.get("choices"), "choices")
        later = self.order[len(self.levels):]
        own = ConditionReader(read, self.facts, self.levels, later=later).read(tree.get("ask_when"))
        answers = tuple(level.id for level in scale.answers) if scale else choices
        self.levels[name] = answers
        known = ConditionReader(read, self.facts, self.levels)
        critical = read.mapping(tree.get("critical"), "critical", ("fails_on",))
        named_levels = {}
        for what, source in (("forbid", tree.get("forbid")), ("fails_on", critical.get("fails_on"))):
            named_levels[what] = read.texts(source, what)
            known.known_levels(source or tree, name, named_levels[what])
        return Question(
            id=name, section=section, type=kind, scale=scale, choices=choices,
            ask=self.prose(read.required(tree, "ask", f"Question '{name}'"), "ask"),
            look_for=self.prose(tree.get("look_for"), "look_for"),
            guidance=self.prose(tree.get("guidance"), "guidance"),
            descriptors=self.descriptors(tree, name, scale),
            gate=_both(section_gate, own),
            required=read.flag(tree.get("required"), "required", True),
            forbid=named_levels["forbid"], fails_on=named_levels["fails_on"],
            weight=self.weight(tree), needs=self.needs(tree.get("needs")),
            tags=read.texts(tree.get("tags"), "tags"),
            role=read.choice(tree.get("role"), "role", ROLES, ""),
            retired=read.text(tree.get("retired"), "retired"),
        )

    def question_scale(self, tree: Tree) -> Scale | None:
        name = self.reader.text(tree.get("scale"), "scale") or self.default_scale
        if name not in self.scales:
            self.reader.wrong("R011", tree.get("scale") or tree, f"There is no scale '{name}'.",
                              did_you_mean(name, tuple(self.scales)))
        return self.scales.get(name)

    def weight(self, tree: Tree) -> Fraction:
        weight = self.reader.parsed(tree.get("weight"), "weight", number, Fraction(1), "a number above 0")
        if weight <= 0:
            self.reader.malformed(tree.get("weight") or tree, "A weight must be above 0.", "Take the line out for 1.")
        return weight

    def descriptors(self, tree: Tree, name: str, scale: Scale | None) -> Mapping[str, str]:
        known = tuple(level.id for level in scale.answers) if scale else ()
        told = {}
        for key, node in self.reader.mapping(tree.get("levels"), "levels"):
            if key.value not in known:
                self.reader.wrong("R013", key, f"'{key.value}' is not a level of '{name}'.",
                                  did_you_mean(key.value, known))
            told[key.value] = self.prose(node, key.value)
        missing = [level.id for level in scale.levels if not told.get(level.id)] if scale else []
        if missing and self.live and not tree.get("retired"):
            self.reader.wrong("R014", tree, f"Question '{name}' of a live rubric does not say what "
                              f"{', '.join(missing)} means.", "Write a descriptor for it under 'levels:'.")
        return told

    def read_rules(self, node: Node | None) -> Iterator[Rule]:
        seen: set[str] = set()
        for item in self.listed(node, "rules"):
            tree = self.reader.mapping(item, "a rule", ("id", "when", "forbid", "say"))
            rule_id = self.named(self.reader.required(tree, "id", "A rule"), "id")
            self.unique(tree, rule_id, seen, "rule")
            conditions = ConditionReader(self.reader, self.facts, self.levels)
            forbid = {}
            for key, levels in self.reader.mapping(self.reader.required(tree, "forbid", "A rule"), "forbid"):
                name = conditions.question(key, key.value)
                forbid[name] = self.reader.texts(levels, name)
                conditions.known_levels(levels, name, forbid[name])
            when = conditions.read(self.reader.required(tree, "when", "A rule"))
            say = self.prose(self.reader.required(tree, "say", "A rule"), "say")
            yield Rule(rule_id, when, forbid, say)

    def read_proof(self, node: Node | None) -> Proof:
        tree = self.reader.mapping(node, "proof", ("levels", "one_in"))
        levels = self.reader.texts(tree.get("levels"), "levels")
        known = {level.id for scale in self.scales.values() for level in scale.answers}
        for level in levels:
            if level not in known:
                self.reader.wrong("R013", tree.get("levels"), f"'{level}' is on no scale.",
                                  did_you_mean(level, tuple(sorted(known))))
        return Proof(levels, self.reader.parsed(tree.get("one_in"), "one_in", whole_number, 0, "a whole number"))

    def read_bands(self, node: Node | None) -> tuple[Band, ...]:
        tree = self.reader.mapping(node, "result", ("score", "bands"))
        self.reader.choice(tree.get("score"), "score", ("weighted_points",), "weighted_points")
        bands = []
        listed = self.listed(tree.get("bands"), "bands")
        for place, item in enumerate(listed, start=1):
            band = self.reader.mapping(item, "a band", ("band", "when", "otherwise"))
            name = self.prose(self.reader.required(band, "band", "A band"), "band")
            otherwise = self.reader.flag(band.get("otherwise"), "otherwise", False)
            if otherwise == (band.get("when") is not None):
                self.reader.malformed(band, f"Band '{name}' needs either 'when' or 'otherwise: true'.")
            if otherwise and place < len(listed):
                self.reader.wrong("R016", band, f"Band '{name}' hides the bands below it.", "Move it to the end.")
            when = ConditionReader(self.reader, self.facts, self.levels, of_result=True).read(band.get("when"))
            bands.append(Band(name, when))
        return tuple(bands)


def _both(one: Condition, other: Condition) -> Condition:
    parts = tuple(part for part in (one, other) if part != ALWAYS)
    return parts[0] if len(parts) == 1 else AllOf(parts)
