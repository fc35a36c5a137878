"""Checks of structure: circles, conditions and bands that never or always hold, sections that can be empty of marks."""

from collections.abc import Generator, Iterator

from cqa.rubric.checking import Checked, Found
from cqa.rubric.gates import leaves
from cqa.rubric.model import ALWAYS, Condition, CountAtLeast, Question, Section
from cqa.rubric.reach import MOST_STATES, Budget, State, TooMany, band_winners, possible, questions_of, states
from cqa.tree import Node


def circles(checked: Checked) -> Iterator[Found]:
    """R026: questions that wait for each other."""
    names = [question.id for question in checked.rubric.questions]
    graph = {question.id: [name for name in questions_of(question.gate) if name in names and name != question.id]
             for question in checked.rubric.questions}
    told: set[str] = set()
    for name in names:
        circle = _circle(graph, name)
        if circle and not told & set(circle):
            told |= set(circle)
            yield Found("R026", checked.places.question(name, "ask_when"), f"{', '.join(circle)} wait for each other "
                        "in a circle: each is asked only after the next.", "Take the condition of one of them out.",
                        "error")


def _circle(graph: dict[str, list[str]], start: str) -> tuple[str, ...]:
    """The shortest way from a question back to itself, as the questions on it; empty where there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        way = ways.pop(0)
        for after in graph[way[-1]]:
            if after == start:
                return way
            if after not in seen:
                seen.add(after)
                ways.append((*way, after))
    return ()


def retired_parts(checked: Checked) -> Iterator[Found]:
    """R019: a condition, rule or band names a question that is never asked any more."""
    rubric = checked.rubric
    retired = {question.id for section in rubric.sections for question in section.questions if question.retired}
    named = [*((name, f"Question '{one.id}'") for one in rubric.questions for name in questions_of(one.own_gate)),
             *((name, f"Section '{one.id}'") for one in rubric.sections for name in questions_of(one.gate)),
             *((name, f"Rule '{one.id}'") for one in rubric.rules for name in (*questions_of(one.when), *one.forbid)),
             *((name, f"Band '{one.name}'") for one in rubric.bands for name in questions_of(one.when))]
    for name, who in named:
        if name in retired:
            yield Found("R019", checked.places.question(name), f"{who} names '{name}', which is retired and never "
                        "asked.", "Name another question, or ask this one again.", "error")


def gates(checked: Checked) -> Iterator[Found]:
    """R017, R027, R028: conditions that never hold or always do, and questions that no case can reach."""
    if not checked.whole:
        return
    budget = Budget()
    for section in checked.rubric.sections:
        never = yield from _section_gate(checked, section, budget)
        for question in section.questions:
            if not question.retired and not never and question.gate != ALWAYS:
                yield from _gate(checked, section, question, budget)


def _section_gate(checked: Checked, section: Section, budget: Budget) -> Generator[Found, None, bool]:
    """Findings about the condition of a whole section; gives whether it never holds."""
    at = checked.places.section(section.id, "ask_when")
    if section.gate == ALWAYS:
        return False
    try:
        every = states(checked.rubric, [section.gate], budget)
    except TooMany:
        yield _too_many(at, f"The condition of section '{section.id}'", section=section.id)
        return False
    if not any(state.holds(section.gate) for state in every):
        yield Found("R028", at, f"The condition of section '{section.id}' never holds.", "Correct it; as it is, no "
                    "question of the section is ever asked.", "error")
        return True
    if all(state.holds(section.gate) for state in every if state.finished):
        yield Found("R027", at, f"The condition of section '{section.id}' always holds.", "Take it out.",
                    section=section.id)
    return False


def _gate(checked: Checked, section: Section, question: Question, budget: Budget) -> Iterator[Found]:
    at = checked.places.question(question.id, "ask_when")
    try:
        every = states(checked.rubric, [question.gate], budget)
    except TooMany:
        yield _too_many(at, f"The condition of '{question.id}'", question=question.id)
        return
    if question.own_gate != ALWAYS and not any(state.holds(question.own_gate) for state in every):
        yield Found("R028", at, f"The condition of '{question.id}' never holds, whatever is answered.", "Correct it: "
                    "as it is, the question is never asked.", "error")
    elif not any(state.holds(question.gate) for state in every):
        yield Found("R017", at, f"No case can reach '{question.id}': its condition and that of section '{section.id}', "
                    "or of the questions before it, exclude each other.", "Correct one of them.", "error")
    elif question.own_gate != ALWAYS and _adds_nothing(every, section.gate, question.own_gate):
        yield Found("R027", at, f"The condition of '{question.id}' always holds.", "Take it out, or name fewer levels.",
                    question=question.id)


def _adds_nothing(every: list[State], section_gate: Condition, own: Condition) -> bool:
    before = [state for state in every if state.finished and state.holds(section_gate)]
    return bool(before) and all(state.holds(own) for state in before)


def _too_many(at: Node, what: str, question: str = "", section: str = "") -> Found:
    return Found("R029", at, f"{what} depends on too much to be listed: over {MOST_STATES:,} ways a case can "
                 "stand. Whether it can hold was not checked.", "Let it depend on fewer questions or facts.",
                 question=question, section=section)


def rules(checked: Checked) -> Iterator[Found]:
    """R028, R031: rules that never apply, can never be broken, or leave a question without an answer."""
    budget = Budget()
    for rule in checked.rubric.rules if checked.whole else ():
        try:
            every = states(checked.rubric, [rule.when], budget, rule.forbid)
        except TooMany:
            yield _too_many(checked.places.rule(rule.id, "when"), f"The rule '{rule.id}'")
            continue
        applies = [state for state in every if state.holds(rule.when)]
        if not applies:
            yield Found("R028", checked.places.rule(rule.id, "when"), f"The condition of rule '{rule.id}' never holds.",
                        "Correct it, or take the rule out.", "error")
        elif not any(state.marks.get(name) in levels for state in applies for name, levels in rule.forbid.items()):
            yield Found("R028", checked.places.rule(rule.id, "forbid"), f"Rule '{rule.id}' can never be broken: what "
                        "it forbids cannot be answered while its condition holds.", "Correct it, or take it out.")
        for name, levels in rule.forbid.items():
            question = checked.rubric.by_id.get(name)
            if question and question.answers and set(possible(question)) <= set(levels):
                yield Found("R031", checked.places.rule(rule.id, "forbid"), f"Rule '{rule.id}' forbids every answer to "
                            f"'{name}': such a case can never be signed off.", "Leave one answer open.", "error")


def answers_left(checked: Checked) -> Iterator[Found]:
    """R031: a question that forbids every answer."""
    for question, _ in checked.asked:
        if question.answers and not possible(question):
            yield Found("R031", checked.places.question(question.id, "forbid"), f"'{question.id}' forbids every "
                        "answer.", "Leave one open.", "error", question.id)


def bands(checked: Checked) -> Iterator[Found]:
    """R016: bands that can never be given, and the band that hides them."""
    if not checked.whole or not checked.rubric.bands:
        return
    try:
        first, always = band_winners(checked.rubric)
    except TooMany:
        yield _too_many(checked.places.top("result"), "Which band a case gets")
        return
    for place, band in enumerate(checked.rubric.bands):
        if place not in first:
            hiding = next((checked.rubric.bands[other].name for other in sorted(always) if other < place), "")
            because = f" '{hiding}' always holds and stands before it." if hiding else ""
            yield Found("R016", checked.places.band(place), f"No case can get the band '{band.name}'.{because}",
                        "Put the band with the narrower condition first, or correct the condition.", "error")


def counts(checked: Checked) -> Iterator[Found]:
    """R011: a count over tags that no question has."""
    tags = {tag for question in checked.rubric.questions for tag in question.tags}
    for place, band in enumerate(checked.rubric.bands):
        for leaf in leaves(band.when):
            for tag in leaf.tags if isinstance(leaf, CountAtLeast) else ():
                if tag not in tags:
                    yield Found("R011", checked.places.band(place), f"Band '{band.name}' counts over the tag '{tag}', "
                                "which no question has.", "Write a tag as it stands at the questions.", "error")


def off_scale(checked: Checked) -> Iterator[Found]:
    """R030: a section whose every question can be waved away, so that it may come to nothing.

    `cannot_tell` is left out: it owes a reason and is counted apart.
    """
    for section in checked.rubric.sections:
        asked = [question for question in section.questions if not question.retired and question.scale]
        if asked and all(_can_be_waved_away(question) for question in asked):
            yield Found("R030", checked.places.section(section.id), f"Every question of section '{section.id}' can be "
                        "answered off the scale, so the section may come to nothing.", "Forbid it where the question "
                        "always applies: forbid: [does_not_apply].", section=section.id)


def _can_be_waved_away(question: Question) -> bool:
    outside = question.scale.outside if question.scale else ()
    return any(level.id not in (*question.forbid, "cannot_tell") for level in outside)


def keys(checked: Checked) -> Iterator[Found]:
    """R059: a level's key that is a letter hides that letter while marking."""
    for scale in checked.rubric.scales:
        for level in scale.answers:
            part = "outside" if level.outside else "levels"
            if level.key.isalpha():
                yield Found("R059", checked.places.scale(scale.id, part, level.id, "key"), "The key of "
                            f"'{level.id}' is the letter '{level.key}', which has a meaning of its own while marking.",
                            "Use digits.")


def unused_scales(checked: Checked) -> Iterator[Found]:
    """R057: a scale that no question uses."""
    used = {question.scale.id for section in checked.rubric.sections for question in section.questions
            if question.scale}
    for scale in checked.rubric.scales:
        if scale.id not in used:
            yield Found("R057", checked.places.scale(scale.id), f"No question uses the scale '{scale.id}'.",
                        "Take it out, or name it at a question.")


RULES = (circles, retired_parts, gates, rules, answers_left, bands, counts, off_scale, keys, unused_scales)
