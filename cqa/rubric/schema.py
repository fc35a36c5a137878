"""The JSON Schema (draft 2020-12) of the rubric language, made from its one list of keys, for editors."""

from collections.abc import Callable

from cqa.rubric.language import (
    ANY,
    FLAG,
    GATE,
    LEVELS,
    LISTED,
    NAMED,
    NUMBER,
    ONE,
    PLACES,
    PROSE,
    RESULT,
    TEXT,
    TEXTS,
    WHOLE,
    WORD,
    WORDS,
    Key,
)

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
                  "condition": _condition("condition", {}), "result_condition": _condition("result_condition", _SCORED)},
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


_FORMS: dict[str, Callable[[Key], Schema]] = {
    TEXT: lambda _: _TEXT,
    PROSE: lambda _: {"anyOf": [_TEXT, {"type": "object", "additionalProperties": _TEXT}]},
    TEXTS: lambda _: _TEXTS,
    FLAG: lambda _: {"type": "boolean"},
    NUMBER: lambda _: {"type": ["number", "string"]},
    WHOLE: lambda _: {"type": "integer", "minimum": 0},
    WORD: lambda key: {"enum": list(key.of)},
    WORDS: lambda key: {"anyOf": [{"enum": list(key.of)}, {"type": "array", "items": {"enum": list(key.of)}}]},
    ONE: lambda key: _ref(key.of),
    NAMED: lambda key: {"type": "object", "additionalProperties": _ref(key.of)},
    LISTED: lambda key: {"type": "array", "items": _ref(key.of)},
    GATE: lambda _: _ref("condition"),
    RESULT: lambda _: _ref("result_condition"),
    LEVELS: lambda _: {"type": "object", "additionalProperties": _TEXTS},
    ANY: lambda _: {},
}
_TESTS: Schema = {
    "type": "object", "additionalProperties": False,
    "properties": {"at_least": _TEXT, "at_most": _TEXT, "before": _TEXT, "after": _TEXT, "recorded": {"type": "boolean"}},
}
_SCORED: Schema = {
    "score_at_least": {"type": ["number", "string"], "description": "The score in per cent is at least this."},
    "critical_failed": {"type": "boolean", "description": "A critical question failed, or none did."},
    "answered_below": {"type": ["number", "string"],
                       "description": "Fewer than this per cent of the questions asked have a mark on the scale."},
    "count": {"type": "object", "additionalProperties": False, "description": "So many marks are among these levels.",
              "properties": {"levels": _TEXTS, "tags": _TEXTS, "at_least": {"type": "integer", "minimum": 0}}},
}


def _condition(itself: str, more: Schema) -> Schema:
    """A condition: all of its lines hold. Any other word is a question with the levels that make it true."""
    parts: Schema = {"type": "array", "items": _ref(itself)}
    return {
        "type": "object", "description": "All of these lines must hold.",
        "properties": {
            "all": parts, "any": parts, "not": _ref(itself),
            "answered": {"type": ["string", "number"], "description": "This question has a mark."},
            "case": {"type": "object", "description": "Case facts with their values.", "additionalProperties": {
                "anyOf": [_VALUE, {"type": "array", "items": _VALUE}, _TESTS]}},
            **more,
        },
        "additionalProperties": _TEXTS,
    }
