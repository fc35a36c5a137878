"""The sheets of a trial that decide it: the verdict's conditions, and agreement form against form."""

from cqa.consistency.cells import or_word
from cqa.consistency.trials.apart import Apart
from cqa.consistency.trials.below import Below
from cqa.consistency.trials.data import TrialData
from cqa.consistency.trials.difference import Difference, QuestionDifference
from cqa.consistency.trials.notes import counted_note
from cqa.consistency.trials.verdict import Decision
from cqa.facts import how_many
from cqa.sampling.trial import MEASURED
from cqa.table import Cell, Column, Row, Table

_HELD = {True: "yes", False: "no", None: "not needed"}
BELOW_BEST = "agreement below the best level"
_FIGURES = (Column("Parent", "decimal", 9), Column("Variant", "decimal", 9),
            Column("Variant less parent", "decimal", 10), Column("Low", "decimal", 8), Column("High", "decimal", 8))


def verdict_tables(data: TrialData, decision: Decision) -> tuple[Table, ...]:
    """The rule and what came of it, then what it asks, condition by condition, with what was found."""
    rows = (("Outcome", decision.outcome), ("What that means", decision.words),
            ("The rule, as it was written down before anything was marked", decision.rule),
            ("SHA-256 of the rule's words, in the plans of both samples", decision.sha256),
            ("What was said before of how likely it is to find a difference", data.trial.power or "Nothing was said."))
    columns = (Column("What", "text", 36), Column("As recorded, or as it came out", "long", 90))
    whole = Table("Verdict", "The rule written down before the trial, and what came of it", counted_note(data), columns,
                  rows)
    return whole, _conditions_table(data, decision)


def _conditions_table(data: TrialData, decision: Decision) -> Table:
    columns = (Column("Condition", "long", 46), Column("Wanted", "text", 26), Column("Found", "text", 24),
               Column("Holds", "text", 12))
    return Table("Conditions", "Which conditions of the rule hold", counted_note(data), columns,
                 condition_rows(decision))


def condition_rows(decision: Decision) -> tuple[Row, ...]:
    """Each condition of the rule: what it asks, what was found, and in a word whether it holds."""
    return tuple((one.what, one.wanted, one.found, _HELD[one.held]) for one in decision.conditions)


def agreement_tables(data: TrialData, found: Difference) -> tuple[Table, ...]:
    """Agreement over all questions that compare, then question by question."""
    return _headline_table(data, found), _questions_table(data, found)


def _headline_table(data: TrialData, found: Difference) -> Table:
    columns = (Column("Mean over the questions", "text", 30), *_FIGURES, Column("Questions", "number", 11),
               Column("Cases", "number", 8), Column("Remark", "long", 34))
    rows = (*((_capital(MEASURED[name]), *_figures(one), one.questions, min(one.cases.values()), one.why or "none")
              for name, one in found.headline.items()),
            (_capital(BELOW_BEST), *_figures(found.below_best), found.below_best.questions,
             min(found.below_best.cases.values()), found.below_best.why or _below(found.below)))
    left = f" {how_many(len(found.left_out), 'case')} left out, without two signed marks" + (
        " under both forms" if data.trial.design == "crossover" else "") + "." if found.left_out else ""
    return Table("Agreement by form", "Do reviewers agree more by one form than by the other?", "Only questions that "
                 "compare, on the levels that both forms have in common: like against like.\nAbove 0: reviewers "
                 "agree more by the variant. Low and high: 95% interval of the difference, for further "
                 f"cases like these.\nBelow the best level: {_PUSHED}\n{counted_note(data)}{left}",
                 columns, rows)


_PUSHED = "a form that pushes every mark to the best level gains agreement, and loses it there."


def _below(both: tuple[Below, Below]) -> str:
    return "; ".join(f"{one.marks} of {one.of} marks of the {form} are below the best level"
                     for form, one in zip(("parent", "variant"), both, strict=True))


def _questions_table(data: TrialData, found: Difference) -> Table:
    columns = (Column("Question", "id", 11), Column("Held against", "text", 15), Column("Levels", "number", 8),
               Column("Measure", "text", 20), *_FIGURES, Column("Adjusted p", "decimal", 10),
               Column("Cases", "number", 8), Column("Remark", "long", 30))
    names = (data.trial.verdict.measure, *(name for name in MEASURED if name != data.trial.verdict.measure))
    return Table("Agreement by question", "Question by question: for looking, never for a verdict", "With so many "
                 "questions and so few cases some differ by chance. p is adjusted over all of them (Benjamini and "
                 "Hochberg):\nof those below 0.05 one in twenty is to be expected without a difference.\n"
                 f"{counted_note(data)}", columns, tuple(
                     _question(one, one.measures[name], MEASURED[name]) for name in names for one in found.questions))


def _question(one: QuestionDifference, figure: Apart, measured: str) -> Row:
    adjusted: Cell = "-" if figure.q is None else figure.q
    return (one.matched.question, ", ".join(one.matched.parents), len(one.matched.levels), _capital(measured),
            *_figures(figure), adjusted, min(figure.cases.values()), figure.why or "none")


def _figures(one: Apart) -> Row:
    return or_word((one.parent, one.variant, one.difference, one.low, one.high), "-")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
