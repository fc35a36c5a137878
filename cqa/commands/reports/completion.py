"""How far each reviewer is with what they were given, counted from their assessments."""

from collections.abc import Iterable

from cqa.commands.records import Assessed
from cqa.consistency.completion import Completion


def completion_of(assessed: Iterable[Assessed], reviewer: str) -> Completion:
    """The reviewer's first and second marks among these assessments."""
    mine = [one for one in assessed if one.reviewer == reviewer]
    first = [one for one in mine if one.turn == "first"]
    second = [one for one in mine if one.turn == "second"]
    return Completion(reviewer, len(first), sum(one.signed for one in first),
                      sum(one.begun and not one.signed for one in first), len(second),
                      sum(one.signed for one in second))
