"""From a parsed file to a rubric: every key known, every reference resolved, every problem with its line."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches

from cqa.errors import Problem, only_errors
from cqa.facts import whole_number
from cqa.rubric.build_questions import QuestionReader
from cqa.rubric.build_scales import read_facts, read_scale
from cqa.rubric.conditions import ConditionReader
from cqa.rubric.language import FORMAT, keys
from cqa.rubric.model import ALWAYS, STATUSES, Band, CaseFact, Condition, Proof, Rubric, Rule, Scale, VariantOf
from cqa.rubric.reading import Prose, RubricReader
from cqa.tree import Node, Tree, did_you_mean


@dataclass(frozen=True, slots=True)
class Built:
    """A rubric and what was found in its file; `rubric` is None when there are errors.

    `draft` is what could be read all the same, and `prose` every text that people read, both for the checks.
    """

    rubric: Rubric | None
    problems: tuple[Problem, ...]
    draft: Rubric
    prose: tuple[Prose, ...] = ()


def in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    """Problems in the order of the file."""
    return tuple(sorted(problems, key=lambda found: (found.line or 0, found.column or 0)))


def build_rubric(root: Node, where: str, language: str = "") -> Built:
    """The rubric of a parsed file; `where` names the file in problems. Never raises for what the file holds.

    Texts in several languages are taken in `language`, else in the same language of another country, else in English.
    """
    reader = RubricReader(where, ("R007", "R008", "R009"), language=language)
    rubric = _Builder(reader).rubric(root)
    problems = in_order(reader.problems)
    return Built(None if only_errors(problems) else rubric, problems, rubric, tuple(reader.prosed))


class _Builder:
    """Reads the file top down; questions already read are what later conditions may name."""

    def __init__(self, reader: RubricReader) -> None:
        self.reader = reader
        self.facts: dict[str, CaseFact] = {}
        self.scales: dict[str, Scale] = {}
        self.default_scale = ""
        self.levels: dict[str, tuple[str, ...]] = {}

    def rubric(self, root: Node) -> Rubric:
        read = self.reader
        tree = read.mapping(root, "the rubric", keys("rubric"))
        read.choice(read.required(tree, "format", "The rubric"), "format", (FORMAT,), "")
        status = read.choice(tree.get("status"), "status", STATUSES, "draft")
        self.facts = {fact.id: fact for fact in read_facts(read, tree.get("case_facts"))}
        use_for = self.read_use_for(tree.get("use_for"))
        self.read_scales(tree)
        questions = QuestionReader(read, self.facts, self.scales, self.default_scale, status == "live")
        sections = tuple(questions.sections(read.required(tree, "sections", "The rubric")))
        self.levels = questions.levels
        rubric = Rubric(
            id=read.named(read.required(tree, "id", "The rubric"), "id"),
            version=read.named(read.required(tree, "version", "The rubric"), "version"),
            title=read.prose(read.required(tree, "title", "The rubric"), "title"),
            status=status,
            facts=tuple(self.facts.values()),
            scales=tuple(self.scales.values()),
            sections=sections,
            rules=tuple(self.read_rules(tree.get("rules"))),
            proof=self.read_proof(tree.get("proof")),
            bands=self.read_bands(tree.get("result")),
            owner=read.prose(tree.get("owner"), "owner"),
            use_for=use_for,
            variant_of=self.read_variant_of(tree.get("variant_of")),
            dropped=read.texts(tree.get("dropped"), "dropped"),
            notes="\n".join(read.proses(tree.get("notes"), "notes")),
            allow=read.allowed(tree.get("allow")),
        )
        return replace(rubric, languages=read.languages)

    def read_use_for(self, node: Node | None) -> Condition:
        """The cases a rubric may be used on. A fact that is named only here is a case fact too, a text."""
        if node is None:
            return ALWAYS
        for key, _ in self.reader.mapping(node, "use_for"):
            near = get_close_matches(key.value, self.facts, n=1, cutoff=0.8)
            if key.value not in self.facts and not near:
                name = self.reader.named(key, "case fact")
                self.facts[name] = CaseFact(name, name, "text", name.replace("_", " "), hidden=False)
        return ConditionReader(self.reader, self.facts, {}).case(node)

    def read_variant_of(self, node: Node | None) -> VariantOf | None:
        if node is None:
            return None
        tree = self.reader.mapping(node, "variant_of", keys("variant_of"))
        return VariantOf(self.reader.text(self.reader.required(tree, "id", "variant_of"), "id"),
                         self.reader.text(self.reader.required(tree, "version", "variant_of"), "version"))

    def read_scales(self, tree: Tree) -> None:
        node = self.reader.required(tree, "scales", "The rubric")
        for key, value in self.reader.mapping(node, "scales"):
            self.scales[key.value] = read_scale(self.reader, self.reader.named(key, "scale"), value)
        default = tree.get("default_scale")
        self.default_scale = self.reader.text(default, "default_scale") or next(iter(self.scales), "")
        if default is not None and self.default_scale not in self.scales:
            self.reader.wrong("R011", default, f"There is no scale '{self.default_scale}'.",
                              did_you_mean(self.default_scale, tuple(self.scales)))

    def read_rules(self, node: Node | None) -> Iterator[Rule]:
        seen: dict[str, int] = {}
        for item in self.reader.listed(node, "rules"):
            tree = self.reader.mapping(item, "a rule", keys("rule"))
            rule_id = self.reader.named(self.reader.required(tree, "id", "A rule"), "id")
            self.reader.unique(tree, rule_id, seen, "rule")
            conditions = ConditionReader(self.reader, self.facts, self.levels)
            forbid = {}
            for key, levels in self.reader.mapping(self.reader.required(tree, "forbid", "A rule"), "forbid"):
                name = conditions.question(key, key.value)
                forbid[name] = self.reader.texts(levels, name)
                conditions.known_levels(levels, name, forbid[name])
            when = conditions.read(self.reader.required(tree, "when", "A rule"))
            say = self.reader.prose(self.reader.required(tree, "say", "A rule"), "say")
            yield Rule(rule_id, when, forbid, say)

    def read_proof(self, node: Node | None) -> Proof:
        tree = self.reader.mapping(node, "proof", keys("proof"))
        levels = self.reader.texts(tree.get("levels"), "levels")
        known = {level.id for scale in self.scales.values() for level in scale.answers}
        for level in levels:
            if level not in known:
                self.reader.wrong("R013", tree.get("levels"), f"'{level}' is on no scale.",
                                  did_you_mean(level, tuple(sorted(known))))
        return Proof(levels, self.reader.parsed(tree.get("one_in"), "one_in", whole_number, 0, "a whole number"))

    def read_bands(self, node: Node | None) -> tuple[Band, ...]:
        tree = self.reader.mapping(node, "result", keys("result"))
        self.reader.choice(tree.get("score"), "score", ("weighted_points",), "weighted_points")
        listed = self.reader.listed(tree.get("bands"), "bands")
        seen: dict[str, int] = {}
        return tuple(self.read_band(item, place == len(listed), seen) for place, item in enumerate(listed, start=1))

    def read_band(self, node: Node, last: bool, seen: dict[str, int]) -> Band:
        band = self.reader.mapping(node, "a band", keys("band"))
        name = self.reader.prose(self.reader.required(band, "band", "A band"), "band")
        self.reader.unique(band, name, seen, "band")
        otherwise = self.reader.flag(band.get("otherwise"), "otherwise", False)
        if otherwise == (band.get("when") is not None):
            self.reader.malformed(band, f"Band '{name}' needs either 'when' or 'otherwise: true'.", "Give it one.")
        if otherwise and not last:
            self.reader.wrong("R016", band, f"Band '{name}' hides the bands below it.", "Move it to the end.")
        when = ConditionReader(self.reader, self.facts, self.levels, of_result=True).read(band.get("when"))
        return Band(name, when)
