"""The figures of the consistency report as typed rows, one function a sheet, made from its values."""

from cqa.consistency.after_tables import after_tables
from cqa.consistency.agreement import Coefficient
from cqa.consistency.applicability import OFF, ON, Applicability
from cqa.consistency.cells import NONE, or_word, question_column, share_cell
from cqa.consistency.completion import completion_table
from cqa.consistency.funnel import funnel_table
from cqa.consistency.listings import (
    critical_table,
    disagreements_table,
    left_out_table,
    method_table,
    texts_table,
)
from cqa.consistency.means import Mean
from cqa.consistency.overall import Overall
from cqa.consistency.plans import plan_table
from cqa.consistency.questions import BELOW, TOP, QuestionAgreement
from cqa.consistency.readings import counted
from cqa.consistency.report import ConsistencyReport
from cqa.consistency.result_tables import group_tables, levels_table, results_table, trend_tables
from cqa.consistency.reviewer_tables import reviewer_levels_table, reviewers_table, second_look_table, severity_table
from cqa.table import Cell, Column, Table

TWO_LEVELS = "not meaningful on two levels"
ALL = "All questions"


def report_tables(report: ConsistencyReport) -> tuple[Table, ...]:
    """Every sheet of the report, in the order a team leader reads them."""
    left_out = (left_out_table(report.left_out),) if report.left_out else ()
    funnel = funnel_table(report.units)
    plan = (plan_table(report.plan),) if report.plan else ()
    return (*left_out, coverage_table(report), completion_table(report.completion), *plan, results_table(report),
            *group_tables(report), *trend_tables(report),
            critical_table(report),
            agreement_table(report), specific_table(report), applicability_table(report), coefficients_table(report),
            reviewers_table(report), severity_table(report), reviewer_levels_table(report), second_look_table(report),
            levels_table(report), disagreements_table(report),
            *after_tables(report.after), texts_table(report),
            *((funnel,) if funnel else ()), method_table(report.method))


def coverage_table(report: ConsistencyReport) -> Table:
    """What was drawn and what was done with it."""
    said = {
        "drawn": "Main cases drawn",
        "assessed": "Assessed and signed off by the first marker",
        "second_due": "Chosen for a second mark",
        "second_marked": "Signed off by both markers",
        "replaced": "Replaced by a reserve",
        "withdrawn": "Withdrawn",
        "withdrawn_signed": "Withdrawn after somebody had signed them off",
        "feedback_due": "On which feedback is to be given, or was",
        "feedback_given": "Feedback given",
        "overdue": "First and second marks, and feedback, that are overdue",
    }
    rows = tuple((label, report.coverage[key]) for key, label in said.items() if key in report.coverage)
    return Table("Coverage", "What was drawn and what was done", "What is not done is counted, never left out.",
                 (Column("What", "text", 60), Column("Cases", "number", 16)), rows)



def agreement_table(report: ConsistencyReport) -> Table:
    """The whole rubric, then each question: pairs, exact and within-one agreement, and what that means in words."""
    columns = (question_column(report), Column("Cases", "number", 8), Column("Pairs", "number", 8),
               Column("Pairs lost", "number", 8), Column("Exact", "percent", 9), Column("Low", "percent", 7),
               Column("High", "percent", 7), Column("Within one", "percent", 13), Column("Reading", "long", 46))
    rows = tuple(
        (report.name_of(one.scale), one.cases, one.pairs, one.lost,
         share_cell(one.pairs - one.differing, one.pairs, report.small),
         *(("-", "-") if one.pairs < report.small else or_word((one.exact_low, one.exact_high))),
         _within_one(one, report.small), one.reading)
        for one in report.agreement)
    return Table("Agreement", "Agreement between reviewers, by question",
                 "Pairs of signed-off marks on one case; lost: one or both off the scale. Beyond chance: sheet "
                 "Coefficients.", columns, (*(_overall_row(report, one) for one in report.overall), *rows))


def _overall_row(report: ConsistencyReport, one: Overall) -> tuple[Cell, ...]:
    of_it = [each for each in report.agreement if (each.scale.rubric, each.scale.version) == (one.rubric, one.version)]
    figure = one.exact.figure
    return (_all(report, one), one.cases, sum(each.pairs for each in of_it), sum(each.lost for each in of_it),
            *or_word((figure.value, figure.low, figure.high), "-"), "-", _overall_reading(one))


def _all(report: ConsistencyReport, one: Overall) -> str:
    return f"{ALL} ({one.rubric} {one.version})" if report.mixed else ALL


def _overall_reading(one: Overall) -> str:
    if one.exact.figure.value is None:
        return f"Means are {one.exact.figure.why}."
    told = "; ".join(f"{name} {_mean_said(mean)}" for name, mean in (("AC2", one.ac2), ("alpha", one.alpha)))
    return f"Means over {one.exact.questions} of {one.questions} questions, for these reviewers. {told}."


def _mean_said(mean: Mean) -> str:
    figure = mean.figure
    if figure.value is None:
        return figure.why
    spread = f" ({figure.low:.2f} to {figure.high:.2f})" if figure.low is not None and figure.high is not None else ""
    return f"{figure.value:.2f}{spread} over {mean.questions}"


def _within_one(one: QuestionAgreement, small: int) -> Cell:
    if len(one.scale.levels) <= 2:
        return TWO_LEVELS
    if one.within_one is None:
        return "no pairs"
    return one.within_one if one.pairs >= small else counted(round(one.within_one * one.pairs), one.pairs)


def specific_table(report: ConsistencyReport) -> Table:
    """Each question: when one reviewer says top, or below top, how often the other does too."""
    columns = (question_column(report), Column("Pairs", "number", 8), Column("Marks at the top", "number", 12),
               Column("Same when one says top", "percent", 20), Column("Marks below the top", "number", 12),
               Column("Same when one says below top", "percent", 20))
    rows = tuple(
        (report.name_of(one.scale), one.pairs, 2 * one.pairs - one.below_top,
         _specific(one.specific[TOP], 2 * one.pairs - one.below_top, report.small), one.below_top,
         _specific(one.specific[BELOW], one.below_top, report.small))
        for one in report.agreement)
    return Table("Specific agreement", "When one reviewer says so, how often does the other?",
                 "Questions that are nearly always met fail here first: in agreement on what falls short.", columns,
                 rows)


def _specific(share: float | None, marks: int, small: int) -> Cell:
    if share is None:
        return "none given"
    return share if marks >= small else f"too few: {marks}"


def applicability_table(report: ConsistencyReport) -> Table:
    """Each question: whether reviewers agree that it can be answered at all."""
    columns = (question_column(report), Column("Pairs", "number", 8), Column("One on, one off", "number", 9),
               Column("Exact", "percent", 9), Column("Low", "percent", 7), Column("High", "percent", 7),
               *_coefficient_columns("AC1", 8), Column("Same when one gives a level", "percent", 14),
               Column("Same when one gives none", "percent", 14), Column("Off as one more level", "text", 16))
    rows = tuple(
        (report.name_of(one.scale), one.pairs, one.one_sided,
         share_cell(one.pairs - one.one_sided, one.pairs, report.small),
         *(("-", "-") if one.pairs < report.small else or_word((one.exact_low, one.exact_high))),
         *_figures(one.ac1), _specific(one.specific[ON], 2 * one.pairs - one.off, report.small),
         _specific(one.specific[OFF], one.off, report.small), _off_as_level(one))
        for one in report.applicability)
    return Table("Applicability", "Do reviewers agree that a question can be answered?", "A level against an answer "
                 "off the scale. Who disagrees here disagrees about the rubric.", columns, rows)


def _off_as_level(one: Applicability) -> str:
    if one.off_as_level is None:
        return "few pairs divided"
    return ", ".join(f"{figure.name.replace('alpha', 'alpha (nominal)')} " + (
        "not defined" if figure.value is None else f"{figure.value:.2f}") for figure in one.off_as_level)


def coefficients_table(report: ConsistencyReport) -> Table:
    """The whole rubric, then each question: AC2 and alpha with intervals, and why a figure is not given."""
    columns = (question_column(report), Column("Pairs", "number", 8), *_coefficient_columns("AC2", 8),
               *_coefficient_columns("Alpha", 8), Column("What is not given, and why", "long", 40))
    means = tuple(
        (_all(report, one), "-", *_figures(one.ac2.figure), *_figures(one.alpha.figure),
         f"Means: AC2 over {one.ac2.questions}, alpha over {one.alpha.questions} of {one.questions} questions")
        for one in report.overall)
    rows = tuple((report.name_of(one.scale), one.pairs, *_figures(one.ac2), *_figures(one.alpha), _not_given(one))
                 for one in report.agreement)
    return Table("Coefficients", "Agreement beyond chance, by question", "AC2 with ordinal weights and Krippendorff's "
                 "ordinal alpha, with 95% intervals, for these reviewers.", columns, (*means, *rows))


def _coefficient_columns(name: str, width: int) -> tuple[Column, ...]:
    return (Column(name, "decimal", width), Column(f"{name} low", "decimal", width),
            Column(f"{name} high", "decimal", width))


def _not_given(one: QuestionAgreement) -> str:
    """Why figures are missing; said once where both are missing for the same reason."""
    told = {figure.why: figure.name for figure in (one.alpha, one.ac2) if figure.why}
    if len(told) == 1 and one.ac2.why == one.alpha.why:
        return f"AC2 and alpha: {one.ac2.why}"
    return ". ".join(f"{name}: {why}" for why, name in reversed(told.items())) or NONE


def _figures(one: Coefficient) -> tuple[Cell, ...]:
    return or_word((one.value, one.low, one.high), "-")


