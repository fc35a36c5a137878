"""The script front end: JSON lines in, one answer each, printed only when what it acknowledges is on disk."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol, TextIO

from cqa.marking.actions import Action, Clear, Flag, Redo, Reopen, SetFact, SetMark, SignOff, Undo, Urgent
from cqa.marking.refusals import Refused
from cqa.marking.session import Outcome
from cqa.screen.json_line import json_line
from cqa.tree import did_you_mean


class Pairs(list[tuple[str, object]]):
    """The keys and values of a JSON object, a doubled key twice."""


class Marking(Protocol):
    """Where actions go: applies one and returns once it is on disk. Raises Refused when it is not allowed."""

    def act(self, action: Action) -> Outcome:
        """The outcome of an action that is kept."""
        ...


_DEEDS: dict[str, Callable[[str], Action]] = {
    "undo": Undo, "redo": Redo, "flag": Flag, "sign_off": SignOff, "reopen": Reopen}
_KEYS = ("case", "question", "mark", "reason", "evidence", "fact", "value", "urgent", "do")
_MAY_BE_NULL = ("reason", "evidence")
_BYTE_ORDER_MARK = "\ufeff"
NOT_JSON = "not_json"


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
    return NOT_JSON not in answer_lines(lines, lambda pairs: _kept(pairs, marking), out)


def answer_lines(lines: Iterable[str], reply: Callable[[Pairs], Mapping[str, object]], out: TextIO) -> set[str]:
    """Answers every line of a script with what `reply` gives for it, or with why it is refused; the codes of all
    refusals. `reply` returns once what it acknowledges is on disk."""
    codes = set()
    for place, given in enumerate(lines):
        line = given.removeprefix(_BYTE_ORDER_MARK) if place == 0 else given
        if not line.strip():
            continue
        answer = _answer(line, reply)
        if not answer["saved"]:
            codes.add(str(answer["code"]))
        out.write(json_line(answer) + "\n")
        out.flush()
    return codes


def _answer(line: str, reply: Callable[[Pairs], Mapping[str, object]]) -> dict[str, object]:
    """The answer to one line: what was saved, or a code and a sentence why not."""
    try:
        pairs = json.loads(line, object_pairs_hook=Pairs, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        pairs = None
    if not isinstance(pairs, Pairs):
        return {"saved": False, "code": NOT_JSON, "why": "The line is not a JSON object."}
    told = dict(pairs)
    names = {key: told[key] for key in ("case", "question", "fact", "do") if isinstance(told.get(key), str)}
    try:
        return {"saved": True, **names, **reply(pairs)}
    except Refused as refused:
        return {"saved": False, **names, "code": refused.code, "why": refused.why}


def answer_line(line: str, marking: Marking) -> dict[str, object]:
    """The answer to one line of a script of marks."""
    return _answer(line, lambda pairs: _kept(pairs, marking))


def _kept(pairs: Pairs, marking: Marking) -> dict[str, object]:
    outcome = marking.act(read_action(pairs))
    return {"event": outcome.event_id, "due": list(outcome.due)}


def _no_constant(word: str) -> object:
    raise ValueError(f"{word} is not JSON")


def read_action(pairs: list[tuple[str, object]]) -> Action:
    """The one action that a JSON object asks for. Raises Refused where it asks for none, or for two at once."""
    text = _texts(pairs)
    case_id = text.pop("case", None)
    if case_id is None:
        raise Refused("unknown_action", "The line names no case.")
    given = {key for key, value in text.items() if value is not None or key not in _MAY_BE_NULL}
    asks = {key: value or "" for key, value in text.items()}
    if given == {"question", "do"} and asks["do"] == "clear":
        return Clear(case_id, asks["question"])
    if given == {"do"} and asks["do"] in _DEEDS:
        return _DEEDS[asks["do"]](case_id)
    if given == {"urgent"}:
        return Urgent(case_id, asks["urgent"])
    if given == {"fact", "value"}:
        return SetFact(case_id, asks["fact"], asks["value"])
    if {"question", "mark"} <= given <= {"question", "mark", *_MAY_BE_NULL}:
        return SetMark(case_id, asks["question"], asks["mark"], text.get("reason"), text.get("evidence"))
    raise Refused("unknown_action", _why_not(given, asks.get("do", "")))


def _why_not(given: set[str], do: str) -> str:
    known = (*_DEEDS, "clear")
    if "do" in given and do not in known:
        return f"'{do[:40]}' is nothing that can be done. Known: {', '.join(known)}."
    asked = [what for key, what in (("mark", "a mark"), ("fact", "a fact"), ("do", f"'{do[:40]}'")) if key in given]
    if len(asked) > 1:
        return f"The line asks for {' and '.join(asked)} at once: give each a line of its own."
    if asked and ("question" in given or do == "clear"):
        return f"A line with {', '.join(sorted(given))} cannot be understood: nothing was done."
    return "The line needs a question and a mark, a fact and a value, or something to do, and nothing else."


def check_keys(pairs: list[tuple[str, object]], known: tuple[str, ...]) -> None:
    """Raises Refused for a key that is unknown or doubled."""
    seen: set[str] = set()
    for key, _ in pairs:
        if key not in known:
            raise Refused("unknown_action", f"'{key[:40]}' is no key of a line. {did_you_mean(key, known)}")
        if key in seen:
            raise Refused("unknown_action", f"'{key}' stands twice.")
        seen.add(key)


def _texts(pairs: list[tuple[str, object]]) -> dict[str, str | None]:
    """The known keys with their texts. Raises Refused for a key that is unknown or doubled, or holds no text."""
    check_keys(pairs, _KEYS)
    text: dict[str, str | None] = {}
    for key, value in pairs:
        if not isinstance(value, str) and not (value is None and key in _MAY_BE_NULL):
            raise Refused("unknown_action", f"'{key}' must be a text.")
        text[key] = value if isinstance(value, str) else None
    return text
