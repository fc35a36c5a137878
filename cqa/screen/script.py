"""The script front end: JSON lines in, one answer each, printed only when what it acknowledges is on disk."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TextIO

from cqa.marking.refusals import Refused
from cqa.marking.session import Action, Clear, Flag, Outcome, Redo, SetFact, SetMark, SignOff, Undo


class Marking(Protocol):
    """Where actions go: applies one and returns once it is on disk. Raises Refused when it is not allowed."""

    def act(self, action: Action) -> Outcome:
        """The outcome of an action that is kept."""
        ...


_DEEDS: dict[str, Callable[[str], Action]] = {"undo": Undo, "redo": Redo, "flag": Flag, "sign_off": SignOff}
_TEXTS = ("case", "question", "mark", "fact", "value", "do")


def utf8_lines(stream: TextIO) -> Iterator[str]:
    """The lines of a stream as UTF-8, whatever the console's encoding; each as soon as it is there.

    Bytes that are not UTF-8 become lone surrogates, which the session refuses wherever they are to be kept.
    """
    raw = getattr(stream, "buffer", None)
    if raw is None:
        yield from stream
        return
    for line in iter(raw.readline, b""):
        yield line.decode("utf-8", "surrogateescape")


def run_script(lines: Iterable[str], marking: Marking, out: TextIO) -> bool:
    """Answers every line of a script; whether all of them were JSON objects."""
    good = True
    for line in lines:
        if not line.strip():
            continue
        answer = answer_line(line, marking)
        good = good and answer.get("code") != "not_json"
        out.write(json.dumps(answer) + "\n")
        out.flush()
    return good


def answer_line(line: str, marking: Marking) -> dict[str, object]:
    """The answer to one line: what was saved, or a code and a sentence why not."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return {"saved": False, "code": "not_json", "why": "The line is not a JSON object."}
    names = {key: told[key] for key in ("case", "question", "fact", "do") if key in told}
    try:
        outcome = marking.act(read_action(told))
    except Refused as refused:
        return {"saved": False, **names, "code": refused.code, "why": refused.why}
    return {"saved": True, **names, "event": outcome.event_id, "due": list(outcome.due)}


def read_action(told: dict[str, object]) -> Action:
    """The action that a JSON object asks for. Raises Refused where it asks for none."""
    for key in _TEXTS:
        if key in told and not isinstance(told[key], str):
            raise Refused("unknown_action", f"'{key}' must be a text.")
    text = {key: str(told[key]) for key in _TEXTS if key in told}
    if "case" not in text:
        raise Refused("unknown_action", "The line names no case.")
    case_id = text["case"]
    if text.get("do") == "clear" and "question" in text:
        return Clear(case_id, text["question"])
    if text.get("do") in _DEEDS:
        return _DEEDS[text["do"]](case_id)
    if "do" in text:
        raise Refused("unknown_action", f"'{text['do'][:40]}' is nothing that can be done.")
    if "fact" in text and "value" in text:
        return SetFact(case_id, text["fact"], text["value"])
    if "question" in text and "mark" in text:
        return SetMark(case_id, text["question"], text["mark"], _text(told, "reason"), _text(told, "evidence"))
    raise Refused("unknown_action", "The line needs a question and a mark, a fact and a value, or something to do.")


def _text(told: dict[str, object], key: str) -> str | None:
    value = told.get(key)
    if value is not None and not isinstance(value, str):
        raise Refused("unknown_action", f"'{key}' must be a text.")
    return value
