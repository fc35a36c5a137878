"""The checks of a rubric: every rule in turn, and the warnings that the file itself says may stand."""

from collections.abc import Iterator
from dataclasses import replace

from cqa.errors import Problem
from cqa.rubric import (
    rules_descriptors,
    rules_evidence,
    rules_privacy,
    rules_result,
    rules_structure,
    rules_variants,
    rules_wording,
)
from cqa.rubric.checking import Allowed, Checked, Found, Places, Rule
from cqa.tree import Node

RULES: tuple[Rule, ...] = (
    *rules_structure.RULES, *rules_descriptors.RULES, *rules_wording.RULES, *rules_evidence.RULES,
    *rules_variants.RULES, *rules_privacy.RULES, *rules_result.RULES)

_NOT_ALWAYS_LOOKED_FOR = frozenset(("R034", "R035", "R036", "R045", "R046", "R047", "R048", "R056"))


def lint(checked: Checked, read: tuple[Problem, ...] = ()) -> tuple[Problem, ...]:
    """Everything the rules find, and the problems `read` with the file, in the order of the file.

    A warning that the file allows stays a warning, with the reason under `acknowledged`. What is allowed and not found
    is a warning of its own (R053), for it would hide the next one; an error cannot be allowed (R054).
    """
    allowed = Allowed(checked.rubric)
    found = [one for rule in RULES for one in rule(checked)]
    problems = [replace(one.problem(checked.where), acknowledged=allowed.reason(one)) for one in found]
    for problem in read:
        at_top = Found(problem.code, checked.places.root, "", "", problem.severity)
        problems.append(replace(problem, acknowledged=allowed.reason(at_top)))
    errors = {problem.code for problem in problems if problem.severity == "error"}
    problems.extend(one.problem(checked.where) for one in _idle(checked, allowed, errors))
    return tuple(sorted(problems, key=lambda one: (one.line or 0, one.column or 0, one.code)))


def _idle(checked: Checked, allowed: Allowed, errors: set[str]) -> Iterator[Found]:
    for owner, code in allowed.listed():
        if (owner, code) in allowed.met or code in _NOT_ALWAYS_LOOKED_FOR:
            continue
        at = _allowed_at(checked.places, *owner.split(" ", 1))
        if code in errors:
            yield Found("R054", at, f"{code} is an error and cannot be allowed.", "Correct what it names.", "error")
        else:
            yield Found("R053", at, f"{code} is allowed here, and there is no such warning.", "Take the line out, so "
                        "that the next one is seen.")


def _allowed_at(places: Places, kind: str, name: str = "") -> Node:
    if kind == "question":
        return places.question(name, "allow")
    return places.section(name, "allow") if kind == "section" else places.top("allow")
