"""A rubric as plain values under stable names, for programs; every condition also in words."""

from cqa.rubric.book import Source
from cqa.rubric.model import Correspondence, Level, Question, Rubric, Scale
from cqa.rubric.sentences import asked_when, band_when, in_words, rule_in_words

Outline = dict[str, object]


def outline(rubric: Rubric, source: Source) -> Outline:
    """The rubric as `cqa rubric show --json` prints it; retired questions are listed and marked as such."""
    return {
        "id": rubric.id, "version": rubric.version, "title": rubric.title, "status": rubric.status,
        "owner": rubric.owner or None, "notes": rubric.notes or None, "languages": list(rubric.languages),
        "allow": dict(rubric.allow), "use_for": in_words(rubric.use_for, rubric),
        "variant_of": {"id": rubric.variant_of.id, "version": rubric.variant_of.version} if rubric.variant_of else None,
        "dropped": list(rubric.dropped), "file": source.name, "sha256": source.sha256,
        "case_facts": [{"fact": fact.id, "label": fact.label, "column": fact.column, "type": fact.type,
                        "hidden": fact.hidden} for fact in rubric.facts],
        "scales": [{"scale": scale.id, "levels": [_level(level) for level in scale.answers]}
                   for scale in rubric.scales],
        "sections": [{"section": section.id, "title": section.title,
                      "questions": [_question(question, rubric) for question in section.questions]}
                     for section in rubric.sections],
        "rules": [{"rule": rule.id, "in_words": rule_in_words(rule, rubric), "say": rule.say}
                  for rule in rubric.rules],
        "proof": {"levels": list(rubric.proof.levels), "one_in": rubric.proof.one_in},
        "bands": [{"band": band.name, "given": band_when(band, rubric)} for band in rubric.bands],
    }


def _level(level: Level) -> Outline:
    return {"level": level.id, "key": level.key, "label": level.label,
            "points": None if level.points is None else float(level.points), "needs": list(level.needs),
            "on_scale": not level.outside}


def _question(question: Question, rubric: Rubric) -> Outline:
    return {
        "question": question.id, "ask": question.ask, "look_for": question.look_for, "guidance": question.guidance,
        "type": question.type, "scale": question.scale.id if question.scale else None,
        "choices": list(question.choices), "means": _means(question, question.scale),
        "asked": asked_when(question.gate, rubric), "required": question.required, "forbid": list(question.forbid),
        "fails_on": list(question.fails_on), "weight": float(question.weight) if question.scale else None,
        "needs": list(question.needs), "tags": list(question.tags), "role": question.role or None,
        "retired": question.retired or None, "legal_basis": question.legal_basis or None,
        "examples": {level: list(texts) for level, texts in question.examples.items()},
        "notes": question.notes or None, "allow": dict(question.allow),
        "corresponds_to": _correspondence(question.corresponds_to),
    }


def _correspondence(told: Correspondence | None) -> Outline | None:
    if told is None:
        return None
    return {"kind": told.kind, "questions": list(told.questions), "levels": dict(told.levels)}


def _means(question: Question, scale: Scale | None) -> dict[str, str]:
    return {level.id: question.descriptors[level.id] for level in (scale.answers if scale else ())
            if level.id in question.descriptors}
