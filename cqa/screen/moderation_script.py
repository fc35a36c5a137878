"""Moderation by script: one JSON object a line, answered once it is on disk."""

from collections.abc import Iterable
from typing import Protocol, TextIO

from cqa.marking.moderating import Outcome
from cqa.marking.moderating_actions import Action, Agree, Clear, Settle, Unsettle
from cqa.marking.refusals import Refused
from cqa.screen.script import NOT_JSON, Pairs, answer_lines, check_keys
from cqa.tree import did_you_mean

KEYS = ("case", "question", "agreed", "cause", "reason", "change_rubric", "tolerance", "do")
DEEDS = ("settle", "unsettle", "clear")
UNREADABLE = frozenset((NOT_JSON, "unknown_action", "unknown_case", "unknown_question", "unknown_level",
                        "unknown_cause", "bad_tolerance", "text_too_long", "text_unreadable", "text_of_controls",
                        "too_much"))
"""The codes of lines that cannot be taken as they are, whatever the rules say: what they name is unknown."""


class Moderator(Protocol):
    """Where actions go: applies one and returns once it is on disk. Raises Refused when it is not allowed."""

    def act(self, action: Action) -> Outcome:
        """The outcome of an action that is kept."""
        ...


def run_moderation_script(lines: Iterable[str], moderator: Moderator, out: TextIO) -> set[str]:
    """Answers every line of a script; the codes of all refusals."""
    def reply(pairs: Pairs) -> dict[str, object]:
        outcome = moderator.act(read_action(pairs))
        return {"event": outcome.event_id, "due": list(outcome.due)}

    return answer_lines(lines, reply, out)


def read_action(pairs: Pairs) -> Action:
    """The one action that a JSON object asks for. Raises Refused where it asks for none, or for two at once."""
    check_keys(pairs, KEYS)
    given = {key: value for key, value in pairs if value is not None or key == "agreed"}
    case_id, do = _text(given, "case"), _text(given, "do")
    if not case_id:
        raise Refused("unknown_action", "The line names no case.")
    if "do" in given and do not in DEEDS:
        raise Refused("unknown_action", f"'{do[:40]}' is nothing that can be done. {did_you_mean(do, DEEDS)}")
    if "do" in given:
        return _deed(do, case_id, given)
    if not {"question", "agreed"} <= given.keys():
        raise Refused("unknown_action", "The line needs a question and its agreed mark, or something to do.")
    return Agree(case_id, _text(given, "question"), _text(given, "agreed"), _text(given, "cause"),
                 _text(given, "reason"), _truth(given, "change_rubric"), _levels(given, "tolerance"))


def _deed(do: str, case_id: str, given: dict[str, object]) -> Action:
    more = {"settle": set(), "unsettle": {"reason"}, "clear": {"question"}}[do]
    if surplus := given.keys() - {"case", "do"} - more:
        raise Refused("unknown_action", f"'{do}' takes no {', '.join(sorted(surplus))}: nothing was done.")
    if do == "settle":
        return Settle(case_id)
    return Unsettle(case_id, _text(given, "reason")) if do == "unsettle" else Clear(case_id, _text(given, "question"))


def _text(given: dict[str, object], key: str) -> str:
    value = given.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused("unknown_action", f"'{key}' must be a text.")
    return value


def _truth(given: dict[str, object], key: str) -> bool:
    value = given.get(key, False)
    if not isinstance(value, bool):
        raise Refused("unknown_action", f"'{key}' must be true or false.")
    return value


def _levels(given: dict[str, object], key: str) -> int | None:
    value = given.get(key)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise Refused("bad_tolerance", "A tolerance is a whole number of levels.")
    return value
