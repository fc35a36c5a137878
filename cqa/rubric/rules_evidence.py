"""Checks of what a mark owes, and of how the levels were used in the marks that were read."""

from collections.abc import Iterator, Mapping

from cqa.rubric.checking import Checked, Found
from cqa.rubric.model import Question, Scale

ENOUGH_MARKS = 20
"""Under so many marks of one question nothing is said about how its levels are used."""
NEARLY_ALL, OFTEN_UNTOLD = 90, 10
CANNOT_TELL = "cannot_tell"


def lowest_level(checked: Checked) -> Iterator[Found]:
    """R044: the lowest level owes no place in the file, so that a bad mark needs no proof."""
    for scale in checked.rubric.scales:
        if len(scale.levels) > 1 and "evidence" not in scale.levels[-1].needs and _unproven(checked, scale):
            lowest = scale.levels[-1]
            yield Found("R044", checked.places.scale(scale.id, "levels", lowest.id), "The lowest level of scale "
                        f"'{scale.id}', '{lowest.id}', owes no place in the file.", "Add evidence to what it needs: "
                        "needs: [reason, evidence].")


def _unproven(checked: Checked, scale: Scale) -> bool:
    using = [question for question in checked.rubric.questions if question.scale == scale]
    return any("evidence" not in question.needs for question in using)


def use_of_levels(checked: Checked) -> Iterator[Found]:
    """R034, R035, R036: levels never used, nearly always used, and questions that often cannot be answered."""
    for question, at in checked.asked:
        counts = checked.marked.counts.get(question.id, {}) if checked.marked else {}
        total = sum(counts.values())
        if question.scale is None or total < ENOUGH_MARKS:
            continue
        for code, message, remedy in _uses(question, counts, total):
            yield Found(code, at, message, remedy, question=question.id)


def _uses(question: Question, used: Mapping[str, int], total: int) -> Iterator[tuple[str, str, str]]:
    for level in question.scale.levels if question.scale else ():
        share = 100 * used.get(level.id, 0) / total
        if level.id not in question.forbid and not used.get(level.id):
            yield ("R034", f"'{level.id}' of '{question.id}' was never used in {total} marks.",
                   "Ask whether its descriptor describes anything that happens.")
        if share > NEARLY_ALL:
            yield ("R035", f"'{level.id}' of '{question.id}' was used in {share:.0f}% of {total} marks.",
                   "Ask whether the question tells cases apart, and whether the level is too easy to give.")
    share = 100 * used.get(CANNOT_TELL, 0) / total
    if share > OFTEN_UNTOLD:
        yield ("R036", f"'{question.id}' could not be answered in {share:.0f}% of {total} marks.",
               "Say under look_for where the answer stands, or ask something the file can show.")


RULES = (lowest_level, use_of_levels)
