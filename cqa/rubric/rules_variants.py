"""Checks of a variant against the rubric it was made from."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from cqa.rubric.checking import Checked, Found
from cqa.rubric.model import Correspondence, Question, Rubric
from cqa.tree import did_you_mean

_ADD = "Add variant_of: {id: ..., version: ...} at the top."


def parent_known(checked: Checked) -> Iterator[Found]:
    """R048: the parent was not found, or only in another version; R049: what is said without a parent."""
    variant, at = checked.rubric.variant_of, checked.places.top("variant_of")
    if variant is None:
        for question, _ in checked.asked:
            if question.corresponds_to:
                yield Found("R049", checked.places.question(question.id, "corresponds_to"), f"'{question.id}' says "
                            "what it corresponds to, and the rubric is no variant of any.", _ADD, "error", question.id)
        if checked.rubric.dropped:
            yield Found("R049", checked.places.top("dropped"), "Questions are dropped, and the rubric is no variant of "
                        "any.", _ADD, "error")
    elif checked.parent is None:
        yield Found("R048", at, f"The rubric '{variant.id}' was not found, or has errors, so nothing could be "
                    "checked against it.", "Put its file beside this one, or into the workspace's folder rubrics.")
    elif checked.parent.version != variant.version:
        yield Found("R048", at, f"'{variant.id}' was found in version {checked.parent.version}, not {variant.version}; "
                    "the variant was checked against that.", "Name the version, or put the right file beside this one.")


def known_names(checked: Checked) -> Iterator[Found]:
    """R045: a question or level that the parent does not have."""
    parent = checked.parent
    if parent is None:
        return
    for question, _ in checked.asked:
        if said := question.corresponds_to:
            yield from _unknown(checked, question, said, parent)
    for name in checked.rubric.dropped:
        if name not in parent.by_id:
            yield Found("R045", checked.places.top("dropped"), f"'{name}' is dropped, and '{parent.id}' does not ask "
                        "it.", did_you_mean(name, tuple(parent.by_id)), "error")


def _unknown(checked: Checked, question: Question, said: Correspondence, parent: Rubric) -> Iterator[Found]:
    at = checked.places.question(question.id, "corresponds_to")
    for name in said.questions:
        if name not in parent.by_id:
            yield Found("R045", at, f"'{question.id}' corresponds to '{name}', which '{parent.id}' does not ask.",
                        did_you_mean(name, tuple(parent.by_id)), "error", question.id)
    known = {level for name in said.questions if name in parent.by_id for level in parent.by_id[name].answers}
    for own, level in said.levels.items() if known else ():
        if level not in known:
            yield Found("R045", checked.places.question(question.id, "corresponds_to", "levels", own),
                        f"'{own}' of '{question.id}' corresponds to '{level}', which is no level of "
                        f"{', '.join(said.questions)}.", did_you_mean(level, tuple(sorted(known))), "error",
                        question.id)


def all_said(checked: Checked) -> Iterator[Found]:
    """R046: what of the parent is neither taken up nor dropped; R047: what is both; and questions of unknown origin."""
    if checked.parent is None:
        return
    taken = {name for question in checked.rubric.questions if question.corresponds_to
             for name in question.corresponds_to.questions}
    # A question kept under its own id corresponds to itself unless it says otherwise.
    taken |= {question.id for question in checked.rubric.questions if question.corresponds_to is None}
    missing = [name for name in checked.parent.by_id if name not in taken and name not in checked.rubric.dropped]
    if missing:
        yield Found("R046", checked.places.top("dropped"), f"Neither taken up nor dropped of '{checked.parent.id}': "
                    f"{', '.join(missing)}.", "Name each under corresponds_to, or under dropped.")
    both = [name for name in checked.rubric.dropped if name in taken]
    if both:
        yield Found("R046", checked.places.top("dropped"), f"Dropped, and taken up all the same: {', '.join(both)}.",
                    "Take it out of dropped, or out of corresponds_to.")
    for question, at in checked.asked:
        if question.corresponds_to is None and question.id not in checked.parent.by_id:
            yield Found("R046", at, f"'{question.id}' does not say what it corresponds to in '{checked.parent.id}'.",
                        "Add corresponds_to, with 'none' for a question that is new.", question=question.id)


def level_maps(checked: Checked) -> Iterator[Found]:
    """R047: a map of levels that is not monotone; R056: a comparison whose levels are not mapped."""
    if checked.parent is None:
        return
    for question, _ in checked.asked:
        said = question.corresponds_to
        if said is None or not said.compared:
            continue
        at = checked.places.question(question.id, "corresponds_to")
        theirs = [checked.parent.by_id[name] for name in said.questions if name in checked.parent.by_id]
        unmapped = _unmapped(question, theirs, said.levels)
        if unmapped:
            yield Found("R056", at, f"'{question.id}' is to be compared with {', '.join(said.questions)}, and nothing "
                        f"says what {', '.join(unmapped)} means there.", "Map each level under levels: {mine: theirs}.",
                        question=question.id)
        if theirs and not _monotone(question, theirs[0], said.levels):
            yield Found("R047", at, f"The levels of '{question.id}' are mapped so that a better one here is a worse "
                        f"one at '{theirs[0].id}', or one on the scale goes with one off it.", "Map the levels in "
                        "their order.", question=question.id)


def _unmapped(question: Question, theirs: list[Question], levels: Mapping[str, str]) -> list[str]:
    """Own levels on the scale that neither the map nor a like name explains."""
    known = {answer for other in theirs for answer in other.answers}
    own = [level.id for level in question.scale.levels] if question.scale else []
    return [level for level in own if level not in levels and level not in known] if theirs else []


def _monotone(question: Question, parent: Question, levels: Mapping[str, str]) -> bool:
    """Whether worse own levels never go with better ones of the parent, and only levels off the scale with such."""
    mine, theirs = _ranks(question), _ranks(parent)
    pairs = [(mine[own], theirs[level]) for own, level in levels.items() if own in mine and level in theirs]
    if any((own is None) != (level is None) for own, level in pairs):
        return False
    ranked = sorted((own, level) for own, level in pairs if own is not None and level is not None)
    return all(one[1] <= other[1] for one, other in pairwise(ranked))


def _ranks(question: Question) -> dict[str, int | None]:
    if question.scale is None:
        return {}
    return {**{level.id: place for place, level in enumerate(question.scale.levels)},
            **{level.id: None for level in question.scale.outside}}


RULES = (parent_known, known_names, all_said, level_maps)
