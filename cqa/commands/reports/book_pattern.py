"""The sheet of a reviewer's book that shows how they use the levels, beside a range of the others without names."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from cqa.commands.records import Assessed, SampleRecord
from cqa.consistency.cells import share_cell
from cqa.consistency.pattern import FEWEST_OTHERS, LevelUse, level_uses
from cqa.rubric.model import Level, Question, Rubric
from cqa.table import Cell, Column, Table

_Place = tuple[str, str]
"""A version of the rubric and a question."""
_Uses = Mapping[_Place, Mapping[str, Counter[str]]]
"""Of each place, reviewer to how often they gave each level."""


def pattern_table(record: SampleRecord, reviewer: str, small: int) -> Table:
    """How the reviewer uses the levels of each question, beside the others.

    Nothing of an assessment is in it, neither by itself nor in a share, before everybody concerned may see it: see
    `seen_by_all`. Of the others there is only the lowest and the highest share, and only of those who gave `small`
    marks or more to the question, where they are FEWEST_OTHERS or more.
    """
    columns = (Column("Question", "id", 11), Column("Asked", "long", 36), Column("Mark", "text", 16),
               Column("My share", "percent", 11), Column("Others, lowest", "percent", 11),
               Column("Others, highest", "percent", 11), Column("Where mine lies", "text", 17))
    note = (f"Over cases signed off by all who mark them. Others: the lowest and highest share of the reviewers with "
            f"{max(small, 1)} or more marks there, if they are {FEWEST_OTHERS} or more.\nTo lie outside is no error.")
    return Table("My pattern", "How I use each mark, beside the others", note, columns,
                 tuple(_rows(record, _uses(record), reviewer, small)))


def seen_by_all(record: SampleRecord) -> Iterator[Assessed]:
    """The signed-off assessments of cases that everybody who is to mark them has signed off. A case that is to be
    marked twice and lacks a marker is not among them: whoever marks it yet must not know the first one's marks."""
    markers = Counter(one.case.case_id for one in record.everyone)
    waiting = {one.case.case_id for one in record.everyone if not one.signed}
    for one in record.assessed:
        case_id = one.case.case_id
        if case_id not in waiting and (markers[case_id] > 1 or case_id not in record.settled.twice):
            yield one


def _uses(record: SampleRecord) -> _Uses:
    """How often each reviewer gave each level, where everybody may see it."""
    found: defaultdict[_Place, defaultdict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for one in seen_by_all(record):
        for question, mark in one.standing.marks.items():
            found[one.rubric.version, question][one.reviewer][mark.value] += 1
    return found


def _rows(record: SampleRecord, uses: _Uses, reviewer: str, small: int) -> Iterator[tuple[Cell, ...]]:
    rubrics = record.rubrics
    for rubric in rubrics:
        for question in rubric.questions:
            given = uses.get((rubric.version, question.id), {})
            if question.scale and reviewer in given:
                others = [found for name, found in given.items() if name != reviewer]
                labels = {level.id: level for level in question.scale.answers}
                name = _named(rubric, question, len(rubrics) > 1)
                for use in level_uses(given[reviewer], others, labels, small):
                    yield _row(name, question, labels[use.level], use, small)


def _named(rubric: Rubric, question: Question, several: bool) -> str:
    return f"{question.id} ({rubric.version})" if several else question.id


def _row(name: str, question: Question, level: Level, use: LevelUse, small: int) -> tuple[Cell, ...]:
    few = f"fewer than {FEWEST_OTHERS} others"
    return (name, question.ask, level.label, share_cell(use.given, use.marks, small),
            few if use.low is None else use.low, few if use.high is None else use.high, use.reading(small))
