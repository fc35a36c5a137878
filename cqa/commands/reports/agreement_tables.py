"""What `cqa agreement` shows: the figures as tables for 80 columns, and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cqa.consistency.agreement import Coefficient
from cqa.consistency.means import Mean
from cqa.consistency.measures import Measured
from cqa.consistency.methods import ac_name, method_of
from cqa.consistency.rating_rows import RatingTable, ScaledRatings
from cqa.consistency.readings import cases_said, marks_said, pairs_said
from cqa.consistency.scales import Scale
from cqa.consistency.uncertainty import AC, ALPHA, BRENNAN_PREDIGER, COHEN, CONGER, FIGURES, FLEISS, PERCENT, Asked
from cqa.screen.clean import one_line
from cqa.screen.printer import listed
from cqa.table import Cell, Column, Table

_ORDERS = {"declared": "as declared", "numbers": "as numbers, from the marks", "text": "in the order of the alphabet"}
WIDTH = 79
"""How long a line of words may be."""
_LISTED = 12
_NAMED = 5
_NONE = "-"


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """One question as it was measured."""

    question: str
    scaled: ScaledRatings
    measured: Measured


def as_json(one: QuestionFigures) -> dict[str, object]:
    """A question under the stable names of the JSON contract."""
    scale, measured = one.scaled.scale, one.measured
    return {
        "question": one.question, "n_cases": measured.cases, "n_reviewers": measured.reviewers,
        "n_marks": measured.marks, "n_pairs": measured.pairs, "once_marked": measured.once,
        "levels": list(scale.levels), "levels_ordered": scale.order, "percent": measured.percent,
        "percent_low": measured.percent_low, "percent_high": measured.percent_high,
        "within_one": measured.within_one, "specific": dict(measured.specific),
        **{name: measured.coefficients[name].as_json() for name in FIGURES if name != PERCENT},
    }


def told(
    asked: Asked, table: RatingTable, questions: Sequence[QuestionFigures], means: Mapping[str, Mean]
) -> Iterator[str | Table]:
    """Everything in the order it is read: what there is, the figures, why some are missing, how they were made."""
    yield (f"{marks_said(len(table.mark))} on {cases_said(len(table.cases))} by {len(table.reviewers):,} "
           f"reviewer{'' if len(table.reviewers) == 1 else 's'}"
           f"{f', on {len(questions):,} questions' if len(questions) > 1 else ''}.")
    yield from dict.fromkeys(_levels_said(one.scaled.scale) for one in questions)
    yield ""
    if len(questions) == 1:
        yield one_question(asked, questions[0].measured)
        if len(questions[0].measured.specific) <= _LISTED:
            yield ""
            yield specific_table(questions[0].measured)
    else:
        yield main_table(asked, questions, means)
        yield ""
        yield further_table(questions)
    yield ""
    yield from _reasons(asked, questions)
    method = method_of(asked)
    yield f"{method['weights']} {method['interval']}"
    yield from filter(None, (method.get("resampling", ""),))


def _levels_said(scale: Scale) -> str:
    levels = [one_line(level) for level in scale.levels]
    shown = [*levels[:_LISTED - 1], "...", levels[-1]] if len(levels) > _LISTED else levels
    return f"Levels, {_ORDERS[scale.order]}: {' < '.join(shown)}"


def one_question(asked: Asked, measured: Measured) -> Table:
    """All figures of one question, one a row."""
    names = figure_names(asked)
    rows = [
        ("Same mark", _decimal(measured.percent), _ends(measured.percent_low, measured.percent_high), _NONE),
        ("Within one step", _decimal(measured.within_one), _NONE, _NONE),
        *((names[name], _decimal(one.value), _ends(one.low, one.high), _decimal(one.se))
          for name in _shown(measured) for one in (measured.coefficients[name],))]
    return Table("agreement", f"Agreement on {cases_said(measured.cases)} with two marks or more "
                 f"({pairs_said(measured.pairs)}, {measured.reviewers:,} reviewers)",
                 f"Marked once only: {cases_said(measured.once)}." if measured.once else "",
                 (Column("Figure"), Column("Value", "number"), Column("95% interval", "number"),
                  Column("Standard error", "number")), tuple(rows))


def specific_table(measured: Measured) -> Table:
    """Each level: how often the other reviewer gives it too."""
    return Table("specific", "When one reviewer gives a level, how often does the other?", "",
                 (Column("Level"), Column("Same level", "percent")),
                 tuple((one_line(level), _NONE if share is None else share)
                       for level, share in measured.specific.items()))


def main_table(asked: Asked, questions: Sequence[QuestionFigures], means: Mapping[str, Mean]) -> Table:
    """Each question: exact agreement, AC and alpha with their intervals; the means last."""
    rows: list[tuple[Cell, ...]] = []
    for one in questions:
        ac, alpha = one.measured.coefficients[AC], one.measured.coefficients[ALPHA]
        rows.append((one_line(one.question), one.measured.cases, _percent(one.measured.percent), *_three(ac),
                     *_three(alpha)))
    if means:
        rows.append(("Mean", _NONE, _percent(means[PERCENT].figure.value), *_three(means[AC].figure),
                     *_three(means[ALPHA].figure)))
    return Table("agreement", "Agreement by question, with 95% intervals", "",
                 (Column("Question"), Column("Cases", "number"), Column("Same", "number"),
                  Column(ac_name(asked), "number"), Column("from", "number"), Column("to", "number"),
                  Column("Alpha", "number"), Column("from", "number"), Column("to", "number")), tuple(rows))


def further_table(questions: Sequence[QuestionFigures]) -> Table:
    """Each question: agreement within one step, and the coefficients that older reports have."""
    rows = tuple((one_line(one.question), _percent(one.measured.within_one),
                  *(_decimal(one.measured.coefficients[name].value) for name in _shown(one.measured)[2:]))
                 for one in questions)
    return Table("further", "Further figures, to compare with other reports", "Kappa: Cohen's for two reviewers, "
                 "Conger's for more.", (Column("Question"), Column("Within one", "number"), Column("Kappa", "number"),
                                        Column("Fleiss", "number"), Column("Brennan-Prediger", "number")), rows)


def figure_names(asked: Asked) -> dict[str, str]:
    """What the coefficients are called."""
    return {AC: f"Gwet's {ac_name(asked)}", ALPHA: f"Krippendorff's alpha, {asked.metric}", COHEN: "Cohen's kappa",
            CONGER: "Conger's kappa", FLEISS: "Fleiss' kappa", BRENNAN_PREDIGER: "Brennan-Prediger"}


def _shown(measured: Measured) -> tuple[str, ...]:
    """The coefficients in the order they are shown: of Cohen's and Conger's kappas the one for so many reviewers."""
    return AC, ALPHA, COHEN if measured.reviewers <= 2 else CONGER, FLEISS, BRENNAN_PREDIGER


def _reasons(asked: Asked, questions: Sequence[QuestionFigures]) -> Iterator[str]:
    """Why figures or intervals are missing: each reason once, with the figures and the questions it holds for."""
    names = figure_names(asked)
    found: dict[str, dict[str, list[str]]] = {}
    for one in questions:
        for name in _shown(one.measured):
            if why := one.measured.coefficients[name].why:
                found.setdefault(why, {}).setdefault(one_line(one.question), []).append(names[name])
    for why, by_question in found.items():
        figures = dict.fromkeys(name for listed_names in by_question.values() for name in listed_names)
        on = "" if len(by_question) == len(questions) else f" on {_few_of([*by_question])}"
        yield f"{'All coefficients' if len(figures) > 4 else listed([*figures])}{on}: {why}."
    if found:
        yield ""


def _few_of(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _three(one: Coefficient) -> tuple[Cell, ...]:
    return tuple(_decimal(value, 2) for value in (one.value, one.low, one.high))


def _ends(low: float | None, high: float | None) -> str:
    return _NONE if low is None or high is None else f"{low:.3f} to {high:.3f}"


def _percent(share: float | None) -> Cell:
    return _NONE if share is None else f"{share:.0%}"


def _decimal(value: float | None, places: int = 3) -> Cell:
    # Rounded first, and 0 added, so that nothing reads -0.000.
    return _NONE if value is None else f"{round(value, places) + 0.0:.{places}f}"
