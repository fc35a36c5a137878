"""The lists of the consistency report as typed rows: disagreements, failures, texts, what was left out, method."""

from collections.abc import Iterable, Mapping

from cqa.consistency.cells import NONE, first_few
from cqa.consistency.disagreements import Disagreement
from cqa.consistency.marks import MarkRow, QuestionScale
from cqa.consistency.report import ConsistencyReport
from cqa.errors import Problem
from cqa.table import Cell, Column, Table


def disagreements_table(report: ConsistencyReport) -> Table:
    """Every pair of differing answers, one answer a row, those furthest apart first."""
    columns = (*_place_columns(report), Column("Levels apart", "text", 10), Column("Reviewer", "text", 14),
               Column("Mark", "text", 13), Column("Reason", "long", 32), Column("Evidence", "text", 22))
    rows = tuple(row for pair in report.disagreements for row in _both(report, pair))
    return Table("Disagreements", "Where two reviewers of one case differ", "Two rows for each: the list to talk "
                 "through, worth more than any coefficient.", columns, rows)


def _both(report: ConsistencyReport, pair: Disagreement) -> tuple[tuple[Cell, ...], ...]:
    apart = "off the scale" if pair.apart is None else str(pair.apart)
    return tuple(
        (*_place(report, row, pair.scale), apart, f"{row.reviewer} ({row.turn})", pair.scale.labels[row.mark],
         row.reason or NONE, row.evidence or NONE)
        for row in (pair.one, pair.other))


def critical_table(report: ConsistencyReport) -> Table:
    """Every mark that fails its case, with its texts."""
    columns = (*_place_columns(report), Column("Mark", "text", 12), Column("Reviewer", "text", 14),
               Column("Reason", "long", 40), Column("Evidence", "text", 24))
    rows = tuple(
        (*_place(report, found.row, found.scale), found.scale.labels[found.row.mark],
         f"{found.row.reviewer} ({found.row.turn})", found.row.reason or NONE, found.row.evidence or NONE)
        for found in report.critical_failures)
    return Table("Critical failures", "Marks that fail a whole case", "Every signed-off one, of first and second "
                 "markers.", columns, rows)


def _place_columns(report: ConsistencyReport) -> tuple[Column, ...]:
    sample = (Column("Sample", "id", 12),) if len(report.samples) > 1 else ()
    return (*sample, Column("Case", "id", 11), Column("Question", "id", 28 if report.mixed else 10))


def _place(report: ConsistencyReport, row: MarkRow, scale: QuestionScale) -> tuple[Cell, ...]:
    sample = (row.sample,) if len(report.samples) > 1 else ()
    return (*sample, row.case_id, report.name_of(scale))


def texts_table(report: ConsistencyReport) -> Table:
    """Texts to ask about: thin ones, and one text on several cases."""
    columns = (Column("Reviewer", "id", 14), Column("Text of", "text", 11), Column("Finding", "text", 14),
               Column("Marks", "number", 8), Column("Cases", "number", 8), Column("Text", "long", 36),
               Column("On these cases", "text", 24))
    rows = tuple(
        (flag.reviewer, flag.kind, flag.finding, flag.marks, len(flag.cases), flag.text, first_few(flag.cases))
        for flag in report.texts)
    return Table("Texts", "Reasons and evidence to ask about", "Thin, or the same on several cases: a question to "
                 "ask, not a finding.", columns, rows)


def left_out_table(problems: Iterable[Problem]) -> Table:
    """What could not be read or used: file, line, what, and what to do."""
    columns = (Column("File", "text", 34), Column("Line", "number", 8), Column("Code", "text", 9),
               Column("What was found", "long", 36), Column("What to do", "long", 28))
    rows = tuple((problem.where or NONE, problem.line if problem.line is not None else "-", problem.code,
                  problem.message, problem.remedy or NONE) for problem in problems)
    return Table("Left out", "What was left out", "What could not be read is not in the figures; a damaged line may "
                 "have held a mark.", columns, rows)


def left_out_said(problems: tuple[Problem, ...], most: int = 3) -> str:
    """One line for a cover or a note: what was left out, the first few of it in full."""
    if not problems:
        return "Left out: nothing."
    told = " ".join(f"{_where(problem)}{problem.code} {problem.message}" for problem in problems[:most])
    more = len(problems) - most
    return f"Left out: {told}" + (f" And {more} more." if more > 0 else "") + " The sheet Left out lists all."


def _where(problem: Problem) -> str:
    line = f", line {problem.line}" if problem.line is not None else ""
    return f"{problem.where}{line}: " if problem.where else ""


def method_table(method: Mapping[str, str]) -> Table:
    """How every figure was made."""
    columns = (Column("Figure", "text", 24), Column("Method", "long", 90))
    return Table("Method", "How the figures were made", "", columns,
                 tuple((name.replace("_", " "), told) for name, told in method.items()))
