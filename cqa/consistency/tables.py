"""The sheets of the consistency report as typed rows, made from its values."""

from collections import Counter
from collections.abc import Iterable, Mapping

from cqa.consistency.agreement import Coefficient
from cqa.consistency.disagreements import Disagreement
from cqa.consistency.marks import MarkRow, QuestionScale
from cqa.consistency.report import ConsistencyReport, QuestionAgreement
from cqa.table import Cell, Column, Kind, StackedBars, Table

NONE = "none"
CHART_COLUMN = "Question"
_SIDE: tuple[tuple[str, Kind, int], ...] = (
    ("marker", "text", 12), ("mark", "text", 14), ("reason", "long", 38), ("evidence", "text", 24))


def report_tables(report: ConsistencyReport) -> tuple[Table, ...]:
    """Every sheet of the report, in the order a team leader reads them."""
    return (coverage_table(report), results_table(report), agreement_table(report), coefficients_table(report),
            reviewers_table(report), reviewer_levels_table(report), levels_table(report),
            disagreements_table(report.disagreements), method_table(report.method))


def report_charts(report: ConsistencyReport) -> tuple[StackedBars, ...]:
    """The charts of the report: shares of levels by question."""
    bands = tuple(labels_of(result.scale for result in report.results).values())
    if not bands:
        return ()
    return (StackedBars(
        "Chart of levels", "How often each answer was given, by question",
        "Each bar is a question, each band the share of an answer among all answers to it.", "Levels", CHART_COLUMN,
        bands),)


def labels_of(scales: Iterable[QuestionScale]) -> dict[str, str]:
    """Level id to label over several questions: best level first, answers outside the scale last."""
    listed = tuple(scales)
    levels = {level: scale.labels[level] for scale in listed for level in reversed(scale.levels)}
    outside = {level: scale.labels[level] for scale in listed for level in scale.outside}
    named = {**levels, **outside}
    # Two rubrics may call two levels the same: no two columns may.
    often = Counter(label.casefold() for label in named.values())
    return {level: label if often[label.casefold()] == 1 else f"{label} ({level})" for level, label in named.items()}


def coverage_table(report: ConsistencyReport) -> Table:
    """What was drawn and what was done with it."""
    said = {
        "drawn": "Main cases drawn",
        "assessed": "Assessed and signed off by the first marker",
        "second_due": "Chosen for a second mark",
        "second_marked": "Signed off by both markers",
        "replaced": "Replaced by a reserve",
        "withdrawn": "Withdrawn",
        "feedback_given": "Feedback given",
        "overdue": "Overdue",
    }
    rows = tuple((label, value if (value := report.coverage.get(key)) is not None else "not kept yet")
                 for key, label in said.items() if key in report.coverage)
    return Table("Coverage", "What was drawn and what was done", "What is not done is counted, never left out.",
                 (Column("What", "text", 60), Column("Cases", "number", 16)), rows)


def results_table(report: ConsistencyReport) -> Table:
    """Each question: how many marks, the share at the best level, its interval."""
    columns = (Column("Rubric", "text", 18), Column("Question", "id", 12), Column("Asked", "long", 50),
               Column("Marks", "number", 9), Column("At the best level", "percent", 12),
               Column("Low", "percent", 8), Column("High", "percent", 8),
               Column("Cannot tell or not applying", "number", 16), Column("Remark", "text", 34))
    rows = tuple(
        (f"{result.scale.rubric} {result.scale.version}", result.scale.question, result.scale.ask, result.n,
         *_or_word((result.rate, result.low, result.high)),
         sum(result.levels[level] for level in result.scale.outside), result.why or NONE)
        for result in report.results)
    return Table("Results", "Results by question", "Shares of the cases looked at, one mark a case, with the 95% "
                 "interval (Wilson). Not weighted to the strata.", columns, rows)


def agreement_table(report: ConsistencyReport) -> Table:
    """Each question: pairs, exact and within-one agreement, and what that means in words."""
    columns = (Column("Question", "id", 12), Column("Cases", "number", 9), Column("Pairs", "number", 9),
               Column("Pairs lost to answers off the scale", "number", 16), Column("Exact", "percent", 10),
               Column("Within one", "percent", 10), Column("Reading", "long", 60))
    rows = tuple(
        (one.scale.question, one.cases, one.pairs, one.lost, *_or_word((one.exact, one.within_one)), one.reading)
        for one in report.agreement)
    return Table("Agreement", "Agreement between reviewers, by question",
                 "Pairs of signed-off marks on one case. The chance-corrected figures are on the sheet Coefficients.",
                 columns, rows)


def coefficients_table(report: ConsistencyReport) -> Table:
    """Each question: AC2 and alpha with their intervals, and why a figure is not given."""
    columns = (Column("Question", "id", 12), Column("Pairs", "number", 9), *_coefficient_columns("AC2"),
               *_coefficient_columns("Alpha"), Column("What is not given, and why", "long", 60))
    rows = tuple((one.scale.question, one.pairs, *_figures(one.ac2), *_figures(one.alpha), _not_given(one))
                 for one in report.agreement)
    return Table("Coefficients", "Agreement beyond chance, by question", "AC2 with ordinal weights and Krippendorff's "
                 "ordinal alpha, with 95% intervals, for these reviewers.", columns, rows)


def _coefficient_columns(name: str) -> tuple[Column, ...]:
    return Column(name, "decimal", 10), Column(f"{name} low", "decimal", 10), Column(f"{name} high", "decimal", 10)


def _not_given(one: QuestionAgreement) -> str:
    """Why figures are missing; said once where both are missing for the same reason."""
    told = {figure.why: figure.name for figure in (one.alpha, one.ac2) if figure.why}
    if len(told) == 1 and one.ac2.why == one.alpha.why:
        return f"AC2 and alpha: {one.ac2.why}"
    return ". ".join(f"{name}: {why}" for why, name in reversed(told.items())) or NONE


def _figures(one: Coefficient) -> tuple[Cell, ...]:
    return _or_word((one.value, one.low, one.high), "not defined" if "not defined" in one.why else "not given")


def _or_word(values: Iterable[float | None], word: str = "not given") -> tuple[Cell, ...]:
    return tuple(word if value is None else value for value in values)


def reviewers_table(report: ConsistencyReport) -> Table:
    """Each reviewer: how much they marked, and their mean paired difference with its interval."""
    columns = (Column("Reviewer"), Column("Cases", "number"), Column("Marks", "number"),
               Column("Cases shared", "number"), Column("Severity, points of 100", "decimal", 16),
               Column("Low", "decimal"), Column("High", "decimal"), Column("Reading", "text", 26),
               Column("Remark", "long", 40))
    rows = tuple(
        (one.reviewer, one.cases, one.marks, one.severity.cases,
         *_or_word((one.severity.value, one.severity.low, one.severity.high)), one.reading,
         one.severity.why or NONE)
        for one in report.reviewers)
    return Table("Reviewers", "Reviewers beside their partners", "Mean paired difference on shared cases; positive is "
                 "more severe. Severity is not error.", columns, rows)


def levels_table(report: ConsistencyReport) -> Table:
    """Each question: the share of every answer among all answers to it."""
    labels = labels_of(result.scale for result in report.results)
    rows: list[tuple[Cell, ...]] = []
    for result in report.results:
        total = sum(result.levels.values())
        shares = tuple(result.levels.get(level, 0) / total if total else 0.0 for level in labels)
        rows.append((result.scale.question, total, *shares))
    columns = (Column(CHART_COLUMN, "id", 12), Column("Answers", "number"),
               *(Column(label, "percent", 14) for label in labels.values()))
    return Table("Levels", "Share of each answer, by question", "Of all answers to the question, one a case; a "
                 "question nobody answered has shares of 0.", columns, tuple(rows))


def reviewer_levels_table(report: ConsistencyReport) -> Table:
    """Each reviewer: the share of every answer among all their answers."""
    labels = labels_of(result.scale for result in report.results)
    columns = (Column("Reviewer"), Column("Answers", "number"),
               *(Column(label, "percent", 14) for label in labels.values()))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.reviewer, one.marks, *(one.shares.get(level, 0.0) for level in labels)) for one in report.reviewers)
    return Table("Reviewer levels", "Share of each answer, by reviewer", "Reviewers mark different cases: compare on "
                 "the sheet Reviewers.", columns, rows)


def disagreements_table(found: Iterable[Disagreement]) -> Table:
    """Every pair of differing answers side by side, those furthest apart first."""
    columns = (Column("Sample", "text", 10), Column("Case", "id", 12), Column("Question", "id", 10),
               Column("Levels apart", "text", 10),
               *(Column(f"{turn} {name}", kind, width) for turn in ("First", "Second") for name, kind, width in _SIDE))
    rows = tuple(
        (pair.sample, pair.case_id, pair.scale.question,
         "off the scale" if pair.apart is None else str(pair.apart), *_side(pair.scale, pair.one),
         *_side(pair.scale, pair.other))
        for pair in found)
    return Table("Disagreements", "Where two reviewers of one case differ", "The list to talk through: worth more than "
                 "any coefficient.", columns, rows)


def _side(scale: QuestionScale, row: MarkRow) -> tuple[Cell, ...]:
    return row.reviewer, scale.labels[row.mark], row.reason or NONE, row.evidence or NONE


def method_table(method: Mapping[str, str]) -> Table:
    """How every figure was made."""
    columns = (Column("Figure", "text", 20), Column("Method", "long", 100))
    return Table("Method", "How the figures were made", "", columns,
                 tuple((name.replace("_", " "), told) for name, told in method.items()))
