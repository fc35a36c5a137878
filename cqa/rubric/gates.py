"""Whether a condition holds: true, false, or not known while a case fact is blank."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from cqa.facts import flag_value, number
from cqa.rubric.model import AllOf, Answered, AnyOf, Condition, FactIs, Leaf, MarkIs, Not, Question, Rubric

Truth = bool | None


def holds(condition: Condition, test: Callable[[Leaf], Truth]) -> Truth:
    """The condition in three-valued logic (Kleene): unknown only where the unknown parts decide."""
    if isinstance(condition, AllOf):
        values = [holds(part, test) for part in condition.parts]
        return False if False in values else None if None in values else True
    if isinstance(condition, AnyOf):
        values = [holds(part, test) for part in condition.parts]
        return True if True in values else None if None in values else False
    if isinstance(condition, Not):
        value = holds(condition.part, test)
        return None if value is None else not value
    return test(condition)


def asked(rubric: Rubric, marks: Mapping[str, str], facts: Mapping[str, str]) -> dict[str, Truth]:
    """For every question, in order, whether it is asked (None: a blank fact has to be answered first).

    Gates look only at earlier questions, and an unasked question is no answer for any gate, even where a mark from
    before its own gate closed is still kept.
    """
    standing: dict[str, str] = {}
    result: dict[str, Truth] = {}
    for question in rubric.questions:
        state = holds(question.gate, lambda leaf: _gate_leaf(leaf, standing, facts))
        result[question.id] = state
        if state and question.id in marks:
            standing[question.id] = marks[question.id]
    return result


def facts_wanted(question: Question, facts: Mapping[str, str]) -> tuple[str, ...]:
    """The blank facts that the question's gate names, in the order it names them."""
    blank = (leaf.fact for leaf in leaves(question.gate)
             if isinstance(leaf, FactIs) and fact_holds(leaf, facts) is None)
    return tuple(dict.fromkeys(blank))


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every leaf of the condition, in order."""
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from leaves(part)
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    else:
        yield condition


def _gate_leaf(leaf: Leaf, marks: Mapping[str, str], facts: Mapping[str, str]) -> Truth:
    if isinstance(leaf, FactIs):
        return fact_holds(leaf, facts)
    return mark_holds(leaf, marks)


def mark_holds(leaf: Leaf, marks: Mapping[str, str]) -> bool:
    """Whether a leaf about marks holds for the standing marks; false for every other leaf."""
    if isinstance(leaf, MarkIs):
        return marks.get(leaf.question) in leaf.levels
    return isinstance(leaf, Answered) and leaf.question in marks


def fact_holds(leaf: FactIs, facts: Mapping[str, str]) -> Truth:
    """Whether a leaf about a fact holds; None where the fact is blank or cannot be read as its type."""
    value = facts.get(leaf.fact, "").strip()
    if leaf.test == "recorded":
        return bool(value) == (leaf.values[0] == "true")
    if not fact_is_known(leaf.type, value):
        return None
    if leaf.test == "is":
        return any(same_fact(leaf.type, value, wanted) for wanted in leaf.values)
    found, wanted = _measure(leaf.type, value), _measure(leaf.type, leaf.values[0])
    return {"at_least": found >= wanted, "at_most": found <= wanted,
            "before": found < wanted, "after": found > wanted}[leaf.test]


def fact_is_known(fact_type: str, value: str) -> bool:
    """Whether the value is filled in and can be read as its type."""
    if fact_type == "flag":
        return flag_value(value) is not None
    try:
        _measure(fact_type, value)
    except ValueError:
        return False
    return bool(value)


def same_fact(fact_type: str, one: str, other: str) -> bool:
    """Whether a known value is the other: by meaning for flags, dates and numbers, ignoring case for text.

    A text of several values, separated by semicolons as collapsed rows and flags are, is each of them.
    """
    if fact_type == "flag":
        return flag_value(one) == flag_value(other)
    if fact_type == "text":
        return other.strip().casefold() in (part.strip().casefold() for part in (one, *one.split(";")))
    return _measure(fact_type, one) == _measure(fact_type, other)


def _measure(fact_type: str, value: str) -> Fraction:
    """A number, or a date's day count, to compare with. Raises ValueError where it is neither."""
    if fact_type == "date":
        return Fraction(date.fromisoformat(value).toordinal())
    return number(value) if fact_type == "number" else Fraction(0)
