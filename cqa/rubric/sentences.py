"""Conditions in words, the same wherever one is shown: "asked when D1 is Fully met, and Plea is not guilty"."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from cqa.facts import flag_value
from cqa.rubric.model import (
    ALWAYS,
    AllOf,
    Answered,
    AnsweredBelow,
    AnyOf,
    Band,
    CaseFact,
    Condition,
    CountAtLeast,
    CriticalFailed,
    FactIs,
    Leaf,
    Level,
    MarkIs,
    Not,
    Question,
    Rubric,
    Rule,
    ScoreAtLeast,
)

_ARTICLES = ("a ", "an ", "the ")
_TESTS = {"at_least": "at least", "at_most": "at most", "before": "before", "after": "after"}


def asked_when(gate: Condition, rubric: Rubric) -> str:
    """A gate as a sentence without a stop: `always asked`, or `asked when ...`."""
    return "always asked" if gate == ALWAYS else f"asked when {in_words(gate, rubric)}"


def band_when(band: Band, rubric: Rubric) -> str:
    """When a band is given, if none above it is."""
    return "otherwise" if band.when == ALWAYS else f"when {in_words(band.when, rubric)}"


def rule_in_words(rule: Rule, rubric: Rubric) -> str:
    """What a rule forbids, and while what holds."""
    forbidden = "; ".join(f"{question} cannot be {either(labels(levels, rubric.by_id.get(question), rubric))}"
                          for question, levels in rule.forbid.items())
    return f"While {in_words(rule.when, rubric)}: {forbidden}."


def in_words(condition: Condition, rubric: Rubric) -> str:
    """The condition in words that can be read aloud; `always` where nothing is asked for."""
    if isinstance(condition, AllOf):
        return _all(condition.parts, rubric)
    if isinstance(condition, AnyOf):
        return _any(condition.parts, rubric)
    if isinstance(condition, Not):
        return _denied(condition.part, rubric)
    return _leaf(condition, rubric, "is")


def _all(parts: Sequence[Condition], rubric: Rubric) -> str:
    return ", and ".join(_inside(part, rubric) for part in _flat(parts)) or "always"


def _flat(parts: Sequence[Condition]) -> Iterator[Condition]:
    """The parts of "all of these", those of an "all" among them taken out: it makes no difference to what is meant."""
    for part in parts:
        yield from _flat(part.parts) if isinstance(part, AllOf) else (part,)


def _any(parts: Sequence[Condition], rubric: Rubric) -> str:
    told = ", or ".join(_inside(part, rubric) for part in parts) or "never"
    return f"either {told}" if len(parts) > 1 else told


def _inside(part: Condition, rubric: Rubric) -> str:
    """A part of a longer condition; brackets wherever "and" and "or" could be taken for one another."""
    told = in_words(part, rubric)
    return f"({told})" if isinstance(part, AllOf | AnyOf) and len(part.parts) > 1 else told


def _denied(part: Condition, rubric: Rubric) -> str:
    if isinstance(part, FactIs) and part.test == "is" and part.type == "flag":
        return _leaf(FactIs(part.fact, part.type, "is", _turned(part.values)), rubric, "is")
    if isinstance(part, MarkIs | Answered | FactIs):
        return _leaf(part, rubric, "is not")
    return f"it is not so that {_inside(part, rubric)}"


def _turned(values: Sequence[str]) -> tuple[str, ...]:
    return tuple("false" if flag_value(value) else "true" for value in values)


def _leaf(leaf: Leaf, rubric: Rubric, verb: str) -> str:
    if isinstance(leaf, MarkIs):
        return f"{leaf.question} {verb} {either(labels(leaf.levels, rubric.by_id.get(leaf.question), rubric))}"
    if isinstance(leaf, Answered):
        return f"{leaf.question} {'has a mark' if verb == 'is' else 'has no mark'}"
    if isinstance(leaf, FactIs):
        return _fact(leaf, rubric, verb)
    if isinstance(leaf, ScoreAtLeast):
        return f"the score is at least {plain_number(leaf.percent)}%"
    if isinstance(leaf, CriticalFailed):
        return f"{'a' if leaf.failed else 'no'} critical question failed"
    if isinstance(leaf, AnsweredBelow):
        return f"fewer than {plain_number(leaf.percent)}% of the questions asked have a mark on the scale"
    return _count(leaf, rubric)


def _count(leaf: CountAtLeast, rubric: Rubric) -> str:
    among = f" among questions tagged {either(leaf.tags)}" if leaf.tags else ""
    marks = "mark is" if leaf.least == 1 else "marks are"
    return f"at least {leaf.least} {marks} {either(labels(leaf.levels, None, rubric))}{among}"


def _fact(leaf: FactIs, rubric: Rubric, verb: str) -> str:
    fact = rubric.fact(leaf.fact)
    name = fact_name(fact) if fact else leaf.fact
    if leaf.test == "recorded":
        filled = (leaf.values[0] == "true") == (verb == "is")
        return f"{name} is {'filled in' if filled else 'blank'}"
    if leaf.type == "flag":
        return _flag(name, {flag_value(value) for value in leaf.values})
    if leaf.test == "is":
        return f"{name} {verb} {either(leaf.values)}"
    return f"{name} {verb} {_TESTS[leaf.test]} {leaf.values[0]}"


def _flag(name: str, values: set[bool | None]) -> str:
    """A flag whose label begins with an article is a thing the case has; any other is answered yes or no."""
    if len(values) > 1:
        return f"{name} is filled in"
    has = True in values
    if name.lower().startswith(_ARTICLES):
        return f"the case {'has' if has else 'does not have'} {name[0].lower()}{name[1:]}"
    return f"{name} is {'yes' if has else 'no'}"


def fact_name(fact: CaseFact) -> str:
    """A case fact's label without the hint in brackets that stands at its end."""
    name = fact.label
    if name.endswith(")") and (start := name.find(" (")) > 0:
        name = name[:start]
    return name


def labels(levels: Sequence[str], question: Question | None, rubric: Rubric) -> tuple[str, ...]:
    """The labels of levels on the question's scale, or on the first scale that has them; else what was written."""
    scales = (question.scale,) if question is not None and question.scale else rubric.scales
    return tuple(next((found.label for scale in scales if (found := scale.level(level))), level) for level in levels)


def either(words: Sequence[str]) -> str:
    """Words joined as one of them is meant: `a, b or c`."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else "none"


def plain_number(value: Fraction) -> str:
    """An exact number as people write it: without decimals where it has none, else as many as it needs, at most 4."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.4f}".rstrip("0")


def owed(level: Level, question: Question) -> str:
    """What an answer owes beside the mark: `reason and evidence`, or `nothing`."""
    return " and ".join(need for need in ("reason", "evidence") if need in {*level.needs, *question.needs}) or "nothing"
