"""Practice cases: invented case files with worked answers, kept beside a rubric and read against it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cqa.errors import Problem
from cqa.rubric.gates import asked, facts_wanted
from cqa.rubric.invented import check_answer, check_known, read_facts
from cqa.rubric.model import Question, Rubric
from cqa.rubric.reading import RubricReader
from cqa.rubric.scoring import broken_rules, level_of
from cqa.tree import Node, Tree

FORMAT = "cqa-practice/1"
_CASE = ("case", "title", "facts", "file", "answers")
_ANSWER = ("mark", "also", "because", "evidence")
_QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”')
"""What evidence quotes: words between double quotation marks, straight or curled."""


@dataclass(frozen=True, slots=True)
class Document:
    """One paper of an invented case file. `text` holds its paragraphs, one to a line."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class WorkedAnswer:
    """The mark that a question should get, why, and where in the file that stands; `also`: marks to be defended too."""

    mark: str
    because: str
    evidence: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PracticeCase:
    """An invented case: what the reviewer reads, the case facts, and question id to worked answer."""

    case_id: str
    title: str
    documents: tuple[Document, ...]
    facts: Mapping[str, str]
    answers: Mapping[str, WorkedAnswer]


def read_practice(
    root: Node, rubric: Rubric, where: str, language: str = ""
) -> tuple[tuple[PracticeCase, ...], tuple[Problem, ...]]:
    """The practice cases of a parsed file, in `language` where it has several, and everything that is wrong with it."""
    reader = RubricReader(where, ("R007", "R008", "R009"), language=language)
    tree = reader.mapping(root, "the practice cases", ("format", "rubric", "cases"))
    reader.choice(reader.required(tree, "format", "The file"), "format", (FORMAT,), "")
    reader.choice(reader.required(tree, "rubric", "The file"), "rubric", (rubric.id,), "")
    node = reader.required(tree, "cases", "The file")
    listed = reader.listed(node, "cases")
    seen: dict[str, int] = {}
    cases = tuple(_case(reader, item, rubric, seen) for item in listed)
    if node is not None and not cases and not reader.problems:
        reader.malformed(node, "There is no case under 'cases'.", "Begin one with '- case: a-short-name'.")
    return cases, tuple(sorted(reader.problems, key=lambda one: (one.line or 0, one.column or 0)))


def _case(reader: RubricReader, node: Node, rubric: Rubric, seen: dict[str, int]) -> PracticeCase:
    tree = reader.mapping(node, "a practice case", _CASE)
    name = reader.required(tree, "case", "A practice case")
    case_id = reader.named(name, "case")
    if name is not None:
        reader.unique(name, case_id, seen, "case")
    title = _words(reader, tree, "title", "A practice case")
    facts = read_facts(reader, tree.get("facts"), rubric)
    documents = _documents(reader, reader.required(tree, "file", "A practice case"))
    found = reader.mapping(reader.required(tree, "answers", "A practice case"), "answers")
    check_known(reader, found, "question", tuple(rubric.by_id))
    answers = {key.value: _answer(reader, value, question, documents) for key, value in found
               if (question := rubric.by_id.get(key.value))}
    case = PracticeCase(case_id, title, documents, facts, answers)
    _check_asked(reader, tree, found, case, rubric)
    return case


def _words(reader: RubricReader, tree: Tree, key: str, what: str) -> str:
    """A text that must be there and say something."""
    node = reader.required(tree, key, what)
    words = reader.prose(node, key)
    if node is not None and not words:
        reader.malformed(node, f"'{key}' is blank.", "Write what belongs there.")
    return words


def _documents(reader: RubricReader, node: Node | None) -> tuple[Document, ...]:
    listed = reader.listed(node, "file")
    trees = [reader.mapping(item, "a document", ("document", "text")) for item in listed]
    if node is not None and not listed:
        reader.malformed(node, "The file holds no document.", "Begin one with '- document: its name and date'.")
    return tuple(Document(_words(reader, tree, "document", "A document"), _words(reader, tree, "text", "A document"))
                 for tree in trees)


def _answer(reader: RubricReader, node: Node, question: Question, documents: tuple[Document, ...]) -> WorkedAnswer:
    what = f"The worked answer to '{question.id}'"
    tree = reader.mapping(node, what, _ANSWER)
    mark = reader.text(tree.get("mark"), "mark")
    if reader.required(tree, "mark", what) is not None:
        check_answer(reader, tree.get("mark"), mark, question)
    also = reader.texts(tree.get("also"), "also")
    for other in also:
        check_answer(reader, tree.get("also"), other, question)
        if other == mark:
            reader.malformed(tree.get("also") or tree, f"'{other}' is the worked answer itself.", "Take it out here.")
    because = _words(reader, tree, "because", what)
    level = level_of(question, mark)
    wanted = level is not None and (not level.outside or "evidence" in (*level.needs, *question.needs))
    evidence = _words(reader, tree, "evidence", what) if wanted else reader.prose(tree.get("evidence"), "evidence")
    for quoted in _quotes(evidence):
        if not any(quoted in _spaced(one.text) for one in documents):
            reader.wrong("R073", tree.get("evidence"), f"{what} quotes '{quoted[:60]}', and no document says so.",
                         "Quote a document word for word, or take the quotation marks out.")
    return WorkedAnswer(mark, because, evidence, also)


def _quotes(text: str) -> Iterator[str]:
    return (_spaced(straight or curled) for straight, curled in _QUOTED.findall(text))


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _check_asked(reader: RubricReader, tree: Tree, answers: Tree, case: PracticeCase, rubric: Rubric) -> None:
    """Holds the worked answers to their own gates and to the rules."""
    marks = {question: answer.mark for question, answer in case.answers.items()}
    states = asked(rubric, marks, case.facts)
    _check_facts(reader, tree, states, case, rubric)
    given = {key.value: key for key, _ in answers}
    place = tree.get("answers") or tree
    for question, state in states.items():
        if state and question not in given:
            reader.wrong("R070", place, f"'{question}' is asked in case '{case.case_id}', and has no worked answer.",
                         f"Add '{question}:' with mark, because and evidence.")
        if state is False and question in given:
            reader.wrong("R071", given[question], f"'{question}' is not asked in case '{case.case_id}', by its facts "
                         "and worked answers.", "Take the answer out, or mend the facts.")
    standing = {question: mark for question, mark in marks.items() if states[question]}
    for rule in broken_rules(rubric, standing, case.facts):
        at = next((given[question] for question in rule.forbid if question in given), place)
        reader.wrong("R072", at, f"The worked answers of case '{case.case_id}' break rule '{rule.id}': {rule.say}",
                     "Change one of them.")


def _check_facts(
    reader: RubricReader, tree: Tree, states: Mapping[str, bool | None], case: PracticeCase, rubric: Rubric
) -> None:
    """A fact on which a question waits must be there, for nobody can look it up in an invented export."""
    waiting = [question for question in rubric.questions if states[question.id] is None]
    for fact in dict.fromkeys(fact for question in waiting for fact in facts_wanted(question, case.facts)):
        on = ", ".join(question.id for question in waiting if fact in facts_wanted(question, case.facts))
        told = f"is '{case.facts[fact]}', which cannot be read" if case.facts.get(fact) else "is not given"
        reader.wrong("R008", tree.get("facts") or tree, f"The case fact '{fact}' {told}, and whether these are asked "
                     f"depends on it: {on}.", f"Add '{fact}: ...' under facts.")
