"""Golden cases: facts and marks with the band, score and questions that must come of them, kept beside a rubric."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from cqa.errors import Problem
from cqa.facts import number, whole_number
from cqa.rubric.gates import asked
from cqa.rubric.invented import check_answer, check_known, read_facts
from cqa.rubric.model import Rubric
from cqa.rubric.rehearsal import allowed
from cqa.rubric.scoring import broken_rules, result_of
from cqa.rubric.sentences import plain_number
from cqa.tree import Items, Node, Reader, Text, did_you_mean

FORMAT = "cqa-golden/1"
FAILED = "R063"


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come of a case; None where nothing is said. `score` is per cent as it was written, or `none`."""

    band: str | None
    score: str | None
    asked: tuple[str, ...] | None
    count: int | None
    failed: tuple[str, ...] | None
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Golden:
    """One golden case. `rest` is the mark of every asked question that `marks` does not name; empty for none."""

    name: str
    line: int
    facts: Mapping[str, str]
    marks: Mapping[str, str]
    rest: str
    expect: Expected


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a golden case."""

    band: str
    score: Fraction | None
    asked: tuple[str, ...]
    failed: tuple[str, ...]
    broken: tuple[str, ...]


def read_golden(root: Node, rubric: Rubric, where: str) -> tuple[tuple[Golden, ...], tuple[Problem, ...]]:
    """The golden cases of a parsed file, and everything that is wrong with it."""
    reader = Reader(where, ("R007", "R008", "R009"))
    tree = reader.mapping(root, "the golden cases", ("format", "cases"))
    reader.choice(reader.required(tree, "format", "The file"), "format", (FORMAT,), "")
    node = reader.required(tree, "cases", "The file")
    if node is not None and not isinstance(node, Items):
        reader.malformed(node, "'cases' must be a list.", "Begin each with '- '.")
    cases = tuple(_case(reader, item, rubric) for item in (node.values if isinstance(node, Items) else ()))
    return cases, tuple(reader.problems)


def _case(reader: Reader, node: Node, rubric: Rubric) -> Golden:
    tree = reader.mapping(node, "a golden case", ("case", "facts", "marks", "rest", "expect"))
    facts = read_facts(reader, tree.get("facts"), rubric)
    marks = reader.mapping(tree.get("marks"), "marks")
    check_known(reader, marks, "question", tuple(rubric.by_id))
    for key, value in marks:
        if question := rubric.by_id.get(key.value):
            check_answer(reader, value, reader.text(value, question.id), question)
    rest = reader.text(tree.get("rest"), "rest")
    if rest and not any(rest in allowed(question) for question in rubric.questions):
        reader.wrong("R013", tree.get("rest"), f"'{rest}' is an answer to no question.")
    return Golden(reader.text(reader.required(tree, "case", "A golden case"), "case"), tree.line, facts,
                  {key.value: reader.text(value, key.value) for key, value in marks}, rest,
                  _expected(reader, reader.required(tree, "expect", "A golden case"), rubric))


def _expected(reader: Reader, node: Node | None, rubric: Rubric) -> Expected:
    tree = reader.mapping(node, "expect", ("band", "score", "asked", "questions", "critical_failed", "broken"))
    bands = tuple(band.name for band in rubric.bands)
    band = reader.text(tree.get("band"), "band") if tree.get("band") else None
    if band is not None and band not in bands:
        reader.wrong("R011", tree.get("band"), f"There is no band '{band}'.", did_you_mean(band, bands))
    score = tree.get("score")
    if isinstance(score, Text) and score.value != "none":
        reader.parsed(score, "score", number, Fraction(0), "a number of per cent, or none")
    for what in ("asked", "critical_failed"):
        for name in reader.texts(tree.get(what), what):
            if name not in rubric.by_id:
                reader.wrong("R011", tree.get(what), f"There is no question '{name}'.",
                             did_you_mean(name, tuple(rubric.by_id)))
    return Expected(
        band, reader.text(score, "score") if score else None,
        reader.texts(tree.get("asked"), "asked") if tree.get("asked") else None,
        reader.parsed(tree.get("questions"), "questions", whole_number, None, "a whole number"),
        reader.texts(tree.get("critical_failed"), "critical_failed") if tree.get("critical_failed") else None,
        reader.texts(tree.get("broken"), "broken"))


def play(golden: Golden, rubric: Rubric) -> Came:
    """The golden case through the gates and the scoring."""
    kept = {question.id: golden.marks.get(question.id, golden.rest) for question in rubric.questions
            if question.id in golden.marks or golden.rest in allowed(question)}
    states = asked(rubric, kept, golden.facts)
    open_questions = tuple(question for question, state in states.items() if state)
    marks = {question: kept[question] for question in open_questions if question in kept}
    result = result_of(rubric, marks, golden.facts)
    return Came(result.band, result.score, open_questions, result.critical_failed,
                tuple(rule.id for rule in broken_rules(rubric, marks, golden.facts)))


def failures(golden: Golden, rubric: Rubric, where: str) -> Iterator[Problem]:
    """One problem for everything that came otherwise than expected."""
    came, wanted = play(golden, rubric), golden.expect
    pairs = (
        ("band", wanted.band, came.band),
        ("score", wanted.score, None if wanted.score is None else _as_told(came.score, wanted.score)),
        ("questions asked", _names(wanted.asked), _names(came.asked)),
        ("number of questions asked", wanted.count, len(came.asked)),
        ("critical questions failed", _names(wanted.failed), _names(came.failed)),
        ("rules broken", _names(wanted.broken), _names(came.broken)),
    )
    for what, expected, found in pairs:
        if expected is not None and expected != found:
            yield Problem(FAILED, f"Golden case '{golden.name}': expected {what} {expected}, and it came to {found}.",
                          "Mend the rubric, or the case if this is what you mean now.", where, golden.line)


def _names(names: tuple[str, ...] | None) -> str | None:
    return None if names is None else ", ".join(names) or "none"


def _as_told(score: Fraction | None, told: str) -> str:
    """The score in per cent to as many decimals as were told, so that 71.4 is what 5 of 7 comes to."""
    if score is None:
        return "none"
    _, _, decimals = told.partition(".")
    return f"{float(score * 100):.{len(decimals)}f}" if told != "none" else plain_number(score * 100)
