"""What golden and practice cases have in common: facts and answers that are read beside the rubric they belong to."""

from cqa.rubric.model import Question, Rubric
from cqa.rubric.rehearsal import allowed
from cqa.tree import Node, Reader, Tree, did_you_mean


def read_facts(reader: Reader, node: Node | None, rubric: Rubric) -> dict[str, str]:
    """Case fact to value; a fact that the rubric does not have is a problem."""
    tree = reader.mapping(node, "facts")
    check_known(reader, tree, "case fact", tuple(fact.id for fact in rubric.facts))
    return {key.value: reader.text(value, key.value) for key, value in tree}


def check_known(reader: Reader, tree: Tree, what: str, known: tuple[str, ...]) -> None:
    """Keeps a problem for every key that is not `known`."""
    for key, _ in tree:
        if key.value not in known:
            reader.wrong("R011", key, f"There is no {what} '{key.value}'.", did_you_mean(key.value, known))


def check_answer(reader: Reader, node: Node | None, answer: str, question: Question) -> None:
    """Keeps a problem where the answer is none that the question takes."""
    if (question.scale or question.choices) and answer not in allowed(question):
        reader.wrong("R013", node, f"'{answer}' cannot be the answer to '{question.id}'.",
                     did_you_mean(answer, allowed(question)))
