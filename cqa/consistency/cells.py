"""What the sheets of the report have in common: a share, a missing figure, a question's name, the answers' labels."""

from collections import Counter
from collections.abc import Iterable

from cqa.consistency.marks import QuestionScale
from cqa.consistency.readings import counted
from cqa.consistency.report import ConsistencyReport
from cqa.table import Cell, Column

NONE = "none"
CHART_COLUMN = "Question"
CASES_LISTED = 6


def labels_of(scales: Iterable[QuestionScale]) -> dict[str, str]:
    """Level id to label over several questions: best level first, answers outside the scale last.

    A level that two rubrics call differently carries both labels; no two levels carry one.
    """
    listed = tuple(scales)
    found: dict[str, dict[str, None]] = {}
    for scale in listed:
        for level in reversed(scale.levels):
            found.setdefault(level, {})[scale.labels[level]] = None
    outside: dict[str, dict[str, None]] = {}
    for scale in listed:
        for level in scale.outside:
            outside.setdefault(level, {})[scale.labels[level]] = None
    named = {level: " or ".join(labels) for level, labels in {**found, **outside}.items()}
    often = Counter(label.casefold() for label in named.values())
    return {level: label if often[label.casefold()] == 1 else f"{label} ({level})" for level, label in named.items()}


def or_word(values: Iterable[float | None], word: str = "not given") -> tuple[Cell, ...]:
    """The figures, with a word in the place of those that are not known."""
    return tuple(word if value is None else value for value in values)


def share_cell(part: int, whole: int, small: int) -> Cell:
    """A fraction of 1; of few, the count in words."""
    if whole == 0:
        return "none"
    return part / whole if whole >= small else counted(part, whole)


def question_column(report: ConsistencyReport) -> Column:
    """The first column of a sheet by question."""
    return Column(CHART_COLUMN, "id", 28 if report.mixed else 14)


def first_few(cases: tuple[str, ...]) -> str:
    """The first of a list of cases, and how many more there are."""
    more = len(cases) - CASES_LISTED
    return (", ".join(cases[:CASES_LISTED]) + (f" and {more} more" if more > 0 else "")) or NONE
