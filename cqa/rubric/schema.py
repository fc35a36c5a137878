"""The JSON Schema (draft 2020-12) of the rubric language, made from its one list of keys, for editors."""

from collections.abc import Callable

from cqa.rubric import language as lang
from cqa.rubric.language import PLACES, Key

Schema = dict[str, object]

_TEXT: Schema = {"type": ["string", "number"]}
"""Every scalar of a rubric is read as the text that stands there; editors see 1 as a number."""
_TEXTS: Schema = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_VALUE: Schema = {"type": ["string", "number", "boolean"]}


def rubric_schema() -> Schema:
    """The schema of a whole rubric."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A rubric of cqa (cqa-rubric/1)",
        **_place("rubric"),
        "$defs": {**{place: _place(place) for place in PLACES if place != "rubric"},
                  "facts": _facts(), "condition": _condition("condition", {}),
                  "result_condition": _condition("result_condition", _SCORED)},
    }


def _place(place: str) -> Schema:
    known = PLACES[place]
    required = [name for name, key in known.items() if key.required]
    return {"type": "object", "additionalProperties": False,
            "properties": {name: {"description": key.told, **_form(key)} for name, key in known.items()},
            **({"required": required} if required else {})}


def _form(key: Key) -> Schema:
    return _FORMS[key.form](key)


def _ref(place: object) -> Schema:
    return {"$ref": f"#/$defs/{place}"}


_PROSE: Schema = {"anyOf": [_TEXT, {"type": "object", "additionalProperties": _TEXT}]}
_PROSES: Schema = {"anyOf": [_PROSE, {"type": "array", "items": _PROSE}]}


def _by_name(of: Schema) -> Schema:
    return {"type": "object", "additionalProperties": of}


_FORMS: dict[str, Callable[[Key], Schema]] = {
    lang.TEXT: lambda _: _TEXT,
    lang.PROSE: lambda _: _PROSE,
    lang.TEXTS: lambda _: _TEXTS,
    lang.PROSES: lambda _: _PROSES,
    lang.FLAG: lambda _: {"type": "boolean"},
    lang.NUMBER: lambda _: {"type": ["number", "string"]},
    lang.WHOLE: lambda _: {"type": "integer", "minimum": 0},
    lang.WORD: lambda key: {"enum": list(key.of)},
    lang.WORDS: lambda key: {"anyOf": [{"enum": list(key.of)}, {"type": "array", "items": {"enum": list(key.of)}}]},
    lang.ONE: lambda key: _ref(key.of),
    lang.ONE_OR_NONE: lambda key: {"anyOf": [{"const": "none"}, _ref(key.of)]},
    lang.NAMED: lambda key: _by_name(_ref(key.of)),
    lang.LISTED: lambda key: {"type": "array", "items": _ref(key.of)},
    lang.GATE: lambda _: _ref("condition"),
    lang.RESULT: lambda _: _ref("result_condition"),
    lang.FACTS: lambda _: _ref("facts"),
    lang.BY_NAME: lambda _: _by_name(_TEXTS),
    lang.TEXT_BY_NAME: lambda _: _by_name(_TEXT),
    lang.PROSE_BY_NAME: lambda _: _by_name(_PROSE),
    lang.PROSES_BY_NAME: lambda _: _by_name(_PROSES),
}
_TESTS: Schema = {
    "type": "object", "additionalProperties": False,
    "properties": {**dict.fromkeys(("at_least", "at_most", "before", "after"), _TEXT),
                   "recorded": {"type": "boolean"}},
}
_SCORED: Schema = {
    "score_at_least": {"type": ["number", "string"], "description": "The score in per cent is at least this."},
    "critical_failed": {"type": "boolean", "description": "A critical question failed, or none did."},
    "answered_below": {"type": ["number", "string"],
                       "description": "Fewer than this per cent of the questions asked have a mark on the scale."},
    "count": _ref("count"),
}


def _condition(itself: str, more: Schema) -> Schema:
    """A condition: all of its lines hold. Any other word is a question with the levels that make it true."""
    parts: Schema = {"type": "array", "items": _ref(itself)}
    return {
        "type": "object", "description": "All of these lines must hold.",
        "properties": {
            "all": parts, "any": parts, "not": _ref(itself),
            "answered": {"type": ["string", "number"], "description": "This question has a mark."},
            "case": _ref("facts"),
            **more,
        },
        "additionalProperties": _TEXTS,
    }


def _facts() -> Schema:
    return {"description": "Case facts, each with a value, several, or a test.",
            **_by_name({"anyOf": [_VALUE, {"type": "array", "items": _VALUE}, _TESTS]})}
