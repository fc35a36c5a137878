"""The sheets on calibration: accuracy and clearance of each reviewer, drift by month, and every mark behind them."""

from collections.abc import Iterable, Mapping, Sequence

from cqa.consistency.calibration import Accuracy, Seeded
from cqa.consistency.cells import NONE, or_word
from cqa.consistency.held import ScaleKey
from cqa.consistency.marks import QuestionScale
from cqa.table import Cell, Column, Table

NOT_ASKED = "not asked"
_FIGURES = (Column("Cases", "number", 8), Column("Marks", "number", 8), Column("Within tolerance", "number", 11),
            Column("Share", "percent", 9), Column("Low", "percent", 9), Column("High", "percent", 9),
            Column("Levels more severe, mean", "decimal", 12))


def accuracy_table(found: Iterable[Accuracy]) -> Table:
    """Each reviewer against the reference marks, with their clearance."""
    columns = (Column("Reviewer", "text", 16), Column("Rubric", "text", 18), *_FIGURES,
               Column("Exactly the same", "number", 10), Column("Clearance", "text", 14), Column("Remark", "long", 30))
    return Table("Calibration", "Marks on calibration cases, against their reference marks",
                 "A panel agreed the reference marks, and how many levels a mark may lie off. A negative mean is more "
                 "lenient than the reference.", columns,
                 tuple((one.reviewer, f"{one.rubric} {one.version}", *_figures(one), one.exact, one.state,
                        one.why or NONE) for one in found))


def drift_table(found: Iterable[Accuracy]) -> Table:
    """Each reviewer against the reference marks, month by month."""
    columns = (Column("Reviewer", "text", 16), Column("Rubric", "text", 18), Column("Month", "text", 10), *_FIGURES,
               Column("Remark", "long", 30))
    return Table("Drift", "Marks on calibration cases by month", "Whether somebody grows more severe or more lenient. "
                 "A month without calibration cases has no row.", columns,
                 tuple((one.reviewer, f"{one.rubric} {one.version}", one.month, *_figures(one), one.why or NONE)
                       for one in found))


def _figures(one: Accuracy) -> tuple[Cell, ...]:
    return (one.cases, one.marks, one.within, *or_word((one.share, one.low, one.high, one.lean)))


def seeded_table(found: Sequence[Seeded], scales: Mapping[ScaleKey, QuestionScale]) -> Table:
    """Every mark on a calibration case beside its reference mark, those outside the tolerance first."""
    columns = (Column("Sample", "id", 12), Column("Case", "id", 12), Column("Question", "id", 12),
               Column("Reviewer", "text", 16), Column("Mark", "text", 16), Column("Reference mark", "text", 16),
               Column("Tolerance, levels", "number", 10), Column("Levels more severe", "text", 10),
               Column("Within tolerance", "text", 10))

    def label(one: Seeded, level: str) -> str:
        return scales[one.rubric, one.version, one.question].labels.get(level, level) if level else NOT_ASKED

    rows = tuple(
        (one.sample, one.case_id, one.question, one.reviewer, label(one, one.answered), label(one, one.reference),
         one.tolerance, "off the scale" if one.apart is None else str(one.apart), "yes" if one.within else "no")
        for one in sorted(found, key=lambda one: one.within))
    return Table("Calibration marks", "Every mark on a calibration case", "Those outside the tolerance first. "
                 "Positive: more severe than the reference mark.", columns, rows)
