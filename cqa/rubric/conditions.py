"""Conditions as they are written: mappings of questions, case facts, all, any and not, at most three deep."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from fractions import Fraction

from cqa.facts import flag_value, number, whole_number
from cqa.rubric.gates import fact_is_known
from cqa.rubric.language import keys
from cqa.rubric.model import (
    ALWAYS,
    AllOf,
    Answered,
    AnsweredBelow,
    AnyOf,
    CaseFact,
    Condition,
    CountAtLeast,
    CriticalFailed,
    FactIs,
    FactTest,
    MarkIs,
    Not,
    ScoreAtLeast,
)
from cqa.tree import Items, Node, Reader, Text, Tree, did_you_mean

MAX_DEPTH = 3
_TESTS = ("at_least", "at_most", "before", "after", "recorded")
_WORDS = ("all", "any", "not", "case", "answered")
_OF_RESULT = ("score_at_least", "critical_failed", "answered_below", "count")


class ConditionReader:
    """Reads conditions against the questions that may be named (each with its levels) and the case facts.

    `of_result` also allows what only a finished assessment knows: score, critical failures, counts. `own` is the
    question that the condition belongs to, `later` are those after it.
    """

    def __init__(
        self, reader: Reader, facts: Mapping[str, CaseFact], levels: Mapping[str, tuple[str, ...]],
        of_result: bool = False, later: tuple[str, ...] = (), own: str = "",
    ) -> None:
        self.reader, self.facts, self.levels = reader, facts, levels
        self.of_result, self.later, self.own = of_result, later, own

    def read(self, node: Node | None, depth: int = 1) -> Condition:
        """The condition at `node`; always true where there is none."""
        if node is None:
            return ALWAYS
        if depth > MAX_DEPTH:
            self.reader.wrong("R018", node, f"The condition is more than {MAX_DEPTH} deep.",
                              "Split the question, or ask for the case fact that is meant.")
            return ALWAYS
        tree = self.reader.mapping(node, "a condition")
        parts = tuple(self.part(key, value, depth) for key, value in tree)
        return parts[0] if len(parts) == 1 else AllOf(parts)

    def part(self, key: Text, node: Node, depth: int) -> Condition:
        if key.value in ("all", "any"):
            parts = tuple(self.read(item, depth + 1) for item in self.items(node, key.value))
            return AllOf(parts) if key.value == "all" else AnyOf(parts)
        if key.value == "not":
            return Not(self.read(node, depth + 1))
        if key.value == "case":
            return self.case(node)
        if key.value == "answered":
            return Answered(self.question(node, self.reader.text(node, "answered")))
        if self.of_result and key.value in _OF_RESULT:
            return _RESULT_PARTS[key.value](self, node)
        return self.mark(key, node)

    def items(self, node: Node, what: str) -> tuple[Node, ...]:
        if isinstance(node, Items):
            return node.values
        self.reader.malformed(node, f"'{what}' must be a list of conditions.", "Begin each with '- '.")
        return ()

    def question(self, node: Node, name: str) -> str:
        if name and name == self.own:
            self.reader.wrong("R012", node, f"'{name}' is this question itself, which has no answer before it is "
                              "asked.", "Name an earlier question.")
        elif name in self.later:
            self.reader.wrong("R012", node, f"'{name}' comes later in the file.",
                              "A condition may only look back: move the question, or name an earlier one.")
        elif name not in self.levels:
            self.reader.wrong("R011", node, f"There is no question '{name}'.", self.meant(name))
        return name

    def meant(self, name: str) -> str:
        """What somebody meant who named no question: a case fact, a word of the language, or a question."""
        if name in self.facts:
            return f"'{name}' is a case fact: write case: {{{name}: true}}, or the value in the place of true."
        words = (*_OF_RESULT, *_WORDS) if self.of_result else _WORDS
        return did_you_mean(name.casefold(), words) if get_close_matches(name.casefold(), words, 1, 0.75) else \
            did_you_mean(name, tuple(self.levels))

    def mark(self, key: Text, node: Node) -> Condition:
        name = self.question(key, key.value)
        chosen = self.reader.texts(node, name)
        self.known_levels(node, name, chosen)
        return MarkIs(name, chosen)

    def known_levels(self, node: Node, question: str, chosen: tuple[str, ...]) -> None:
        """Keeps a problem for every level that the question does not have."""
        known = self.levels.get(question)
        for level in chosen if known is not None else ():
            if level not in (known or ()):
                self.reader.wrong("R013", node, f"'{level}' is not a level of '{question}'.", did_you_mean(
                    level, known or ()) or "That question has no levels: mend its scale, or use answered.")

    def case(self, node: Node) -> Condition:
        parts: list[Condition] = []
        for key, value in self.reader.mapping(node, "case"):
            fact = self.facts.get(key.value)
            if fact is None:
                self.reader.wrong("R011", key, f"There is no case fact '{key.value}'.",
                                  did_you_mean(key.value, tuple(self.facts)))
            else:
                parts.extend(self.fact(fact, value))
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def fact(self, fact: CaseFact, node: Node) -> list[Condition]:
        if isinstance(node, Tree):
            tree = self.reader.mapping(node, fact.id, _TESTS)
            return [self.test(fact, key, value) for key, value in tree if key.value in _TESTS]
        values = self.reader.texts(node, fact.id)
        for value in values:
            self.readable(fact, node, value)
        return [FactIs(fact.id, fact.type, "is", values)]

    def test(self, fact: CaseFact, key: Text, node: Node) -> Condition:
        value = self.reader.text(node, key.value)
        if key.value == "recorded":
            told = flag_value(value)
            return FactIs(fact.id, fact.type, "recorded", ("false" if told is False else "true",))
        wanted = "date" if key.value in ("before", "after") else "number"
        if fact.type != wanted:
            self.reader.malformed(key, f"'{key.value}' needs a case fact of type {wanted}; '{fact.id}' is "
                                  f"{fact.type}.")
        self.readable(fact, node, value)
        return FactIs(fact.id, fact.type, _ORDERED[key.value], (value,))

    def readable(self, fact: CaseFact, node: Node, value: str) -> None:
        if not fact_is_known(fact.type, value):
            form = {"flag": "true or false", "date": "a date such as 2026-03-31", "number": "a number"}
            self.reader.malformed(node, f"'{value}' cannot be a value of '{fact.id}'.",
                                  f"Write {form.get(fact.type, 'a text')}.")

    def percent(self, node: Node, what: str) -> Fraction:
        found = self.reader.parsed(node, what, number, Fraction(0), "a number of per cent, without the sign")
        if 0 < found < 1:
            self.reader.malformed(node, f"{what} is in per cent, so this would be less than 1 in 100.",
                                  f"Write {float(100 * found):g} for {float(100 * found):g} per cent.")
        return found

    def count(self, node: Node) -> Condition:
        tree = self.reader.mapping(node, "count", keys("count"))
        least = self.reader.parsed(tree.get("at_least"), "at_least", whole_number, 1, "a whole number")
        levels = self.reader.texts(tree.get("levels"), "levels")
        known = {level for levels in self.levels.values() for level in levels}
        for level in levels:
            if level not in known:
                self.reader.wrong("R013", node, f"'{level}' is on no scale.", did_you_mean(level, tuple(known)))
        return CountAtLeast(levels, self.reader.texts(tree.get("tags"), "tags"), least)


_ORDERED: dict[str, FactTest] = {
    "at_least": "at_least", "at_most": "at_most", "before": "before", "after": "after"}
_RESULT_PARTS: dict[str, Callable[[ConditionReader, Node], Condition]] = {
    "score_at_least": lambda reader, node: ScoreAtLeast(reader.percent(node, "score_at_least")),
    "answered_below": lambda reader, node: AnsweredBelow(reader.percent(node, "answered_below")),
    "critical_failed": lambda reader, node: CriticalFailed(reader.reader.flag(node, "critical_failed", True)),
    "count": ConditionReader.count,
}
