"""The words of the rubric language: every key of every place, its form, and a sentence on what it is for.

The one list of keys: the reader of rubrics refuses what is not in it, and the JSON Schema for editors is made from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cqa.rubric.model import CORRESPONDENCES, FACT_TYPES, NEEDS, QUESTION_TYPES, ROLES, STATUSES

FORMAT = "cqa-rubric/1"


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `form` is one of the forms below; `of` names a place, or lists the words that may stand there."""

    form: str
    told: str
    of: str | tuple[str, ...] = ""
    required: bool = False


TEXT, PROSE, TEXTS, PROSES, FLAG, NUMBER, WHOLE, WORD, WORDS = (
    "text", "prose", "texts", "proses", "flag", "number", "whole", "word", "words")
"""A text; one that may be given in several languages; a list of texts; of such in several languages; true or false; a
number; a whole number of 0 or more; one of some words; a list of some words."""
ONE, NAMED, LISTED, ONE_OR_NONE = "one", "named", "listed", "one or none"
"""One mapping with the keys of a place; a mapping of names to such; a list of such; one, or the word none."""
GATE, RESULT, FACTS = "gate", "result", "facts"
"""A condition; one that may also ask for score and counts; case facts with their values."""
BY_NAME, TEXT_BY_NAME, PROSE_BY_NAME, PROSES_BY_NAME = "by name", "text by name", "prose by name", "proses by name"
"""Names, such as levels, with a list of texts each; with a text; with one in several languages; with a list of such."""
_ALLOW = Key(TEXT_BY_NAME, "Warnings of the check that are meant to stand: code and reason.")

PLACES: Mapping[str, Mapping[str, Key]] = {
    "rubric": {
        "format": Key(WORD, "Which language this is.", (FORMAT,), True),
        "id": Key(TEXT, "What marks are kept under. It never changes.", required=True),
        "version": Key(TEXT, "Raised when a rubric in use is changed. Always in quotation marks.",
                       required=True),
        "title": Key(PROSE, "What it is about.", required=True),
        "status": Key(WORD, "draft (being written), trial, live (in use) or retired.", STATUSES),
        "owner": Key(PROSE, "Who answers for it."),
        "use_for": Key(FACTS, "The cases it may be used on: case facts with their values."),
        "variant_of": Key(ONE, "The rubric whose questions this one's correspond to.", "variant_of"),
        "dropped": Key(TEXTS, "Questions of the other rubric that have no counterpart here."),
        "case_facts": Key(NAMED, "Columns of the export that decide what is asked.", "fact"),
        "scales": Key(NAMED, "The scales of levels.", "scale", True),
        "default_scale": Key(TEXT, "The scale of every question that names none."),
        "proof": Key(ONE, "How many marks at which levels owe a place in the file as well.", "proof"),
        "sections": Key(LISTED, "The sections, in the order in which they are asked.", "section", True),
        "rules": Key(LISTED, "Marks that contradict each other and stop the sign-off.", "rule"),
        "result": Key(ONE, "How marks become a score and a band.", "result"),
        "notes": Key(PROSES, "Anything else."),
        "allow": _ALLOW,
    },
    "fact": {
        "column": Key(TEXT, "The export's column; the fact's own name unless given."),
        "type": Key(WORD, "flag (yes or no), text, date or number.", FACT_TYPES),
        "label": Key(PROSE, "How it is called where people read it."),
        "show": Key(WORD, "never: it is neither shown nor exported.", ("always", "never")),
    },
    "scale": {
        "title": Key(PROSE, "What the scale is called."),
        "levels": Key(NAMED, "The levels, best first.", "level", True),
        "outside": Key(NAMED, "Answers that are not on the scale and count in no score.", "level"),
    },
    "level": {
        "key": Key(TEXT, "The one key that gives this answer."),
        "label": Key(PROSE, "How the answer is called."),
        "points": Key(NUMBER, "What it is worth; the best level the most."),
        "needs": Key(WORDS, "What a mark owes besides: reason, evidence (the place in the file).", NEEDS),
        "counts": Key(WORD, "left_out: it counts in no score.", ("left_out",)),
    },
    "section": {
        "id": Key(TEXT, "The section's own short name.", required=True),
        "title": Key(PROSE, "What stands over it."),
        "ask_when": Key(GATE, "When its questions are asked."),
        "questions": Key(LISTED, "Its questions.", "question", True),
        "notes": Key(PROSE, "Anything else."),
        "allow": _ALLOW,
    },
    "question": {
        "id": Key(TEXT, "What its marks are kept under. It never changes its meaning.", required=True),
        "ask": Key(PROSE, "The question: one thing, ending in a question mark.", required=True),
        "look_for": Key(PROSE, "Where in the file the answer is found."),
        "guidance": Key(PROSE, "Longer help, shown when asked for."),
        "scale": Key(TEXT, "The scale of its marks, where it is not the default one."),
        "type": Key(WORD, "How it is answered where not on a scale; then it is never scored.", QUESTION_TYPES),
        "choices": Key(TEXTS, "The answers of a question of type choice."),
        "levels": Key(PROSE_BY_NAME, "What a reviewer sees in the file at each level."),
        "ask_when": Key(GATE, "When it is asked: earlier marks and case facts."),
        "required": Key(FLAG, "false: it may be left open at sign-off."),
        "forbid": Key(TEXTS, "Answers that it cannot be given."),
        "critical": Key(ONE, "Marks that fail the whole case.", "critical"),
        "weight": Key(NUMBER, "How often it counts in the score; 1 unless given."),
        "needs": Key(WORDS, "What every mark of it owes, besides what its level owes.", NEEDS),
        "tags": Key(TEXTS, "Themes to count and report by."),
        "role": Key(WORD, "Whose work it judges.", ROLES),
        "retired": Key(TEXT, "The version since which it is not asked any more."),
        "corresponds_to": Key(ONE_OR_NONE, "none, or the questions of the other rubric that it matches, and how.",
                              "correspondence"),
        "legal_basis": Key(PROSES, "The rule or standard it rests on."),
        "examples": Key(PROSES_BY_NAME, "Short worked examples, level by level."),
        "notes": Key(PROSE, "Anything else."),
        "allow": _ALLOW,
    },
    "critical": {"fails_on": Key(TEXTS, "The levels that fail the case.", required=True)},
    "proof": {
        "levels": Key(TEXTS, "The levels that owe proof.", required=True),
        "one_in": Key(WHOLE, "One in so many; 0 for none.", required=True),
    },
    "rule": {
        "id": Key(TEXT, "The rule's own short name.", required=True),
        "when": Key(GATE, "While this holds, the rule does.", required=True),
        "forbid": Key(BY_NAME, "Questions with the levels that they then cannot have.", required=True),
        "say": Key(PROSE, "What the reviewer reads.", required=True),
    },
    "result": {
        "score": Key(WORD, "weighted_points: points gained over points available.", ("weighted_points",)),
        "bands": Key(LISTED, "The bands; the first whose condition holds is given.", "band"),
    },
    "band": {
        "band": Key(PROSE, "The band's name.", required=True),
        "when": Key(RESULT, "When it is given."),
        "otherwise": Key(FLAG, "true: it is given where none above it is."),
    },
    "correspondence": {
        "kind": Key(WORD, "same and lower_of compare question by question, the others do not.", CORRESPONDENCES),
        "question": Key(TEXTS, "The one question that it matches."),
        "questions": Key(TEXTS, "The questions that it matches."),
        "levels": Key(TEXT_BY_NAME, "Its own levels, each with the level of the other that it comes to."),
    },
    "count": {
        "levels": Key(TEXTS, "Marks at these levels are counted."),
        "tags": Key(TEXTS, "Only of questions with one of these tags."),
        "at_least": Key(WHOLE, "It holds with so many or more."),
    },
    "variant_of": {
        "id": Key(TEXT, "The other rubric's id.", required=True),
        "version": Key(TEXT, "And its version.", required=True),
    },
}


def keys(place: str) -> tuple[str, ...]:
    """Every key that may stand in a place."""
    return tuple(PLACES[place])
