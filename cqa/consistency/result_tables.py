"""The sheets on the casework itself: results by question, by unit and by theme, and the use of every answer."""

from collections.abc import Sequence

from cqa.consistency.cells import NONE, labels_of, or_word, question_column, share_cell
from cqa.consistency.population import Share
from cqa.consistency.readings import counted
from cqa.consistency.report import ConsistencyReport
from cqa.consistency.results import GroupResult
from cqa.table import Cell, Column, Table

_SHARE_COLUMNS = (Column("At the best level", "percent", 10), Column("Low", "percent", 7), Column("High", "percent", 7))
EFFECTIVE = "Effective size"
"""The size of a simple sample that would be as exact."""
_SCORE_COLUMNS = (Column("Mean score", "decimal", 9), Column("If all marked alike", "decimal", 10))


def results_table(report: ConsistencyReport) -> Table:
    """Each question: how many marks, the estimated share at the best level, its interval."""
    columns = (question_column(report), Column("Asked", "long", 44), Column("Marks", "number", 8), *_SHARE_COLUMNS,
               Column("Off the scale", "number", 9), Column("Remark", "text", 20))
    rows = tuple(
        (report.name_of(result.scale), result.scale.ask, result.n,
         counted(result.levels[result.scale.top], result.n) if result.rate is None and result.n else
         _rate(result.share), *_limits(result.share),
         sum(result.levels[level] for level in result.scale.outside), _remark(result.share))
        for result in report.results)
    return Table("Results", "Results by question", report.speaks_of, columns, rows)


def group_tables(report: ConsistencyReport) -> tuple[Table, ...]:
    """The same by unit and by theme, where there are any."""
    told = (("Units", "Results by unit", "Unit", "unit", report.units),
            ("Themes", "Results by theme", "Theme", "theme", report.themes))
    return tuple(_group_table(report, *one) for one in told if one[-1])


def _group_table(
    report: ConsistencyReport, sheet: str, title: str, head: str, kind: str, results: tuple[GroupResult, ...]
) -> Table:
    columns = (Column(head, "text", 24), Column("Cases", "number", 8),
               Column("Cases in the frame", "number", 11), Column("Marks", "number", 8), *_SHARE_COLUMNS,
               *((*_SCORE_COLUMNS, Column(EFFECTIVE, "number", 10)) if kind == "unit" else ()),
               Column("Remark", "text", 15))
    rows = tuple(
        (name, result.share.cases,
         result.share.frame if report.drawn else "not known", result.marks, _rate(result.share),
         *_limits(result.share),
         *((*_scores(result), *or_word((result.effective and round(result.effective, 1),), "-"))
           if kind == "unit" else ()),
         _remark(result.share))
        for name, result in zip(names_of(results), results, strict=True))
    note = "Share of marks at the best level, all questions together; whole cases are what varies."
    return Table(sheet, title, note, columns, rows)


def names_of(results: Sequence[GroupResult]) -> list[str]:
    """The names of units or themes, with their sample or rubric where there are several of these."""
    several = len({result.place for result in results}) > 1
    return [f"{result.place}: {result.name or NONE}" if several else result.name or NONE for result in results]


def _scores(result: GroupResult) -> tuple[Cell, ...]:
    if result.score is None or result.share.rate is None:
        return "-", "-"
    return or_word((result.score.score, result.score.alike), "-")


def trend_tables(report: ConsistencyReport) -> tuple[Table, ...]:
    """The whole, themes and questions over samples; nothing of one sample."""
    if not report.trend:
        return ()
    rubrics = {point.rubric for point in report.trend}
    columns = (Column("What", "text", 21), Column("Sample", "id", 14), Column("Version", "id", 10),
               Column("Cases", "number", 7), *_SHARE_COLUMNS, Column("Change, points", "decimal", 9),
               Column("Change, low", "decimal", 9), Column("Change, high", "decimal", 9),
               Column("Reading", "text", 20))
    rows = tuple(
        (f"{point.name} ({point.rubric})" if len(rubrics) > 1 else point.name, point.sample, point.version,
         point.share.cases,
         _rate(point.share), *_limits(point.share),
         *((100 * point.change.value, 100 * point.change.low, 100 * point.change.high) if point.change else
           ("-", "-", "-")), point.reading)
        for point in report.trend)
    return (Table("Trend", "From sample to sample", "Share at the best level in the order of the draws; changes in "
                  "points of 100, only within one version of the rubric.", columns, rows),)


def _rate(share: Share) -> Cell:
    return share.rate if share.rate is not None else "not given"


def _limits(share: Share) -> tuple[Cell, ...]:
    return or_word((share.low, share.high), "-")


def _remark(share: Share) -> str:
    return "; ".join(part for part in (share.why, share.note) if part) or NONE


def levels_table(report: ConsistencyReport) -> Table:
    """Each question: the share of every answer among all answers to it."""
    labels = labels_of(result.scale for result in report.results)
    rows: list[tuple[Cell, ...]] = []
    for result in report.results:
        total = sum(result.levels.values())
        rows.append((report.name_of(result.scale), total,
                     *(share_cell(result.levels.get(level, 0), total, report.small) for level in labels)))
    columns = (question_column(report), Column("Answers", "number", 11),
               *(Column(label, "percent", 14) for label in labels.values()))
    return Table("Levels", "Share of each answer, by question", "Of the cases looked at, one answer a case; of few, "
                 "the count.", columns, tuple(rows))
