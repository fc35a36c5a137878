"""`cqa agreement`: agreement and severity for anyone's ratings, from one table and without a workspace."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import cast, get_args

from cqa.commands.reports import agreement_tables as tables
from cqa.commands.reports.agreement_tables import QuestionFigures
from cqa.commands.reports.ratings import RatingColumns, read_ratings
from cqa.commands.reports.severity_tables import severity_json, severity_told
from cqa.consistency.means import Mean, mean_of
from cqa.consistency.measures import cases_that_count, measurements
from cqa.consistency.methods import method_of
from cqa.consistency.rating_rows import RatingTable, ScaledRatings, scaled
from cqa.consistency.readings import ENOUGH_PAIRS, ROUGH_PAIRS
from cqa.consistency.severity import ScoredMark, SeverityFit, fit_severity
from cqa.consistency.uncertainty import AC, ALPHA, PERCENT, Asked, Interval
from cqa.consistency.weights import Metric, Weights
from cqa.errors import BadInput, ExitCode, Problem, WrongUse
from cqa.facts import folded, number
from cqa.screen.printer import Printer, listed
from cqa.tree import did_you_mean
from cqa.world import World

_METRICS: Mapping[str, Metric] = {"identity": "nominal", "ordinal": "ordinal", "linear": "ordinal",
                                  "quadratic": "interval"}
_BLANKS = frozenset({"na", "n/a", "nan", "null", "none", "nil", "missing", "-", "--", ".", "?", "#n/a"})
"""What people and programs write for no mark."""
MOST_LEVELS = 2000
_SHOWN_NAMES = 5


@dataclass(frozen=True, slots=True)
class AgreementOptions:
    """The options of `cqa agreement` as typed; None and () where not given."""

    ratings: str
    columns: RatingColumns
    levels: tuple[str, ...] = ()
    weights: str = "identity"
    metric: str | None = None
    interval: str = "jackknife"
    replicates: int = 2000
    seed: str | None = None
    convention: str | None = None
    severity: bool = False
    encoding: str | None = None


def run(world: World, printer: Printer, options: AgreementOptions) -> int:
    """Says how far reviewers agree on every question. Raises WrongUse for options, BadInput with all problems of the
    file."""
    asked = read_asked(options, world)
    where = world.folder / options.ratings
    with printer.progress("Reading the ratings", 1) as steps:
        table, remarks = read_ratings(where, options.columns, options.encoding or "", options.levels, options.severity)
        steps.advance()
    if not len(table.mark):
        raise BadInput(Problem("C002", "There is no mark in this file.", "An empty mark is a missing one.", where.name))
    parts = scaled(table, options.levels)
    _check_lengths(parts, table, where.name)
    fit = severity_of(table, where.name) if options.severity else None
    with printer.progress("Measuring agreement", 1) as steps:
        questions, means = figures(table, parts, asked)
        steps.advance()
    warnings = [*remarks, *_guesses(parts, table, asked, where.name), *_few(questions, where.name)]
    printer.problems(warnings)
    if printer.as_json:
        printer.json({"questions": [tables.as_json(one) for one in questions],
                      **({"overall": {name: mean.as_json() for name, mean in means.items()}} if means else {}),
                      **(severity_json(fit) if fit else {}), "method": method_of(asked),
                      "problems": [problem.as_json() for problem in warnings]})
    else:
        for part in (*tables.told(asked, table, questions, means), *(severity_told(fit) if fit else ())):
            if isinstance(part, str):
                printer.line("\n".join(wrap(part, tables.WIDTH)))
            else:
                printer.table(part)
    return ExitCode.DONE


def read_asked(options: AgreementOptions, world: World) -> Asked:
    """What is to be measured and how; a seed is made where one is needed and none was given. Raises WrongUse with all
    that is wrong."""
    problems = [*_not_known(options), *_contradictions(options)]
    if problems:
        raise WrongUse(problems)
    weights = cast(Weights, options.weights)
    metric = cast(Metric, options.metric or _METRICS[weights])
    asked = Asked(weights, metric, options.convention == "irrcac", cast(Interval, options.interval),
                  options.replicates, options.seed or "")
    return replace(asked, seed=options.seed or world.random_digits(20)) if asked.resamples else asked


def _not_known(options: AgreementOptions) -> Iterator[Problem]:
    for option, value, known in (
            ("--weights", options.weights, get_args(Weights)), ("--metric", options.metric, get_args(Metric)),
            ("--interval", options.interval, get_args(Interval)), ("--convention", options.convention, ("irrcac",))):
        if value is not None and value not in known:
            yield Problem("S018", f"{option} cannot be '{value}'.", did_you_mean(value, known))
    if options.replicates < 0:
        yield Problem("S018", f"--replicates cannot be {options.replicates}.", "Write a whole number, 0 or more.")
    twice = {name for name in options.levels if options.levels.count(name) > 1}
    if twice:
        yield Problem("S018", f"--levels names {', '.join(sorted(twice))} more than once.", "Name every level once.")


def _contradictions(options: AgreementOptions) -> Iterator[Problem]:
    columns = options.columns
    if columns.wide and (columns.reviewer or columns.mark):
        yield Problem("S018", "With --wide every column but the case is a reviewer's.",
                      "Leave out --reviewer and --mark, or --wide.")
    named = [folded(name) for name in (columns.case, columns.reviewer, columns.mark, columns.question) if name]
    if len(set(named)) < len(named):
        yield Problem("S018", "One column is named for two things.", "Case, reviewer, mark and question are four.")


def figures(
    table: RatingTable, parts: Sequence[ScaledRatings], asked: Asked
) -> tuple[tuple[QuestionFigures, ...], dict[str, Mean]]:
    """Every question in the order of the file, and the means over them where there are several."""
    drawn_from = cases_that_count([part.ratings for part in parts], asked)
    found = [(part, measurements(part.ratings, asked, drawn_from)) for part in parts]
    by_number = {number: QuestionFigures(table.questions[number], part, measured)
                 for part, made in found
                 for number, measured in zip(part.questions, (one for m in made for one in m.measured()), strict=True)}
    every = [measurement for _, made in found for measurement in made]
    means = {name: mean_of(name, every, asked, lambda _: True) for name in (PERCENT, AC, ALPHA)} \
        if len(by_number) > 1 else {}
    return tuple(by_number[number] for number in sorted(by_number)), means


def severity_of(table: RatingTable, where: str) -> SeverityFit:
    """How severe each reviewer is, in the units of marks that are numbers. Raises BadInput for several questions."""
    if len(table.questions) > 1:
        raise BadInput(Problem("C035", f"There are {len(table.questions)} questions, and --severity needs one row for "
                               "each case and reviewer.", "Give it a file of one question, or of one score for each "
                               "case.", where))
    values = [float(number(text)) for text in table.texts]
    return fit_severity([ScoredMark(table.cases[case], table.reviewers[reviewer], values[mark]) for case, reviewer, mark
                         in zip(table.case.tolist(), table.reviewer.tolist(), table.mark.tolist(), strict=True)])


def _check_lengths(parts: Sequence[ScaledRatings], table: RatingTable, where: str) -> None:
    """Raises BadInput where a question has so many different marks that they are no levels."""
    problems = [Problem("C035", f"There are {len(part.scale.levels):,} different marks{_on(table, part.questions)}.",
                        f"Is that the column of the marks? Up to {MOST_LEVELS:,} levels are compared.", where)
                for part in parts if len(part.scale.levels) > MOST_LEVELS]
    if problems:
        raise BadInput(problems)


def _on(table: RatingTable, numbers: Sequence[int]) -> str:
    """` on question 'a'`, or nothing where there is only one question."""
    if table.questions == ("",):
        return ""
    names = [f"'{table.questions[number]}'" for number in numbers[:_SHOWN_NAMES]]
    more = f" and {len(numbers) - _SHOWN_NAMES} more" if len(numbers) > _SHOWN_NAMES else ""
    return f" on question{'s' if len(numbers) > 1 else ''} {', '.join(names)}{more}"


def _guesses(parts: Sequence[ScaledRatings], table: RatingTable, asked: Asked, where: str) -> Iterator[Problem]:
    """What was taken for granted of the scale."""
    for part in parts:
        scale, on = part.scale, _on(table, part.questions)
        blanks = [text for text in scale.levels if text.casefold() in _BLANKS]
        if blanks and scale.order != "declared":
            quoted = listed([f"'{text}'" for text in blanks])
            yield Problem("C033", f"{quoted} was taken as a level{on}, for only an "
                          "empty mark is a missing one.", "Empty these marks, or name the levels with --levels.", where,
                          severity="warning")
        if scale.order == "text" and len(scale.levels) > 2:
            matters = "" if asked.weights == "identity" and asked.metric == "nominal" else " The figures depend on it."
            yield Problem("C033", f"The order of the levels{on} is that of the alphabet: "
                          f"{', '.join(scale.levels[:10])}{' ...' if len(scale.levels) > 10 else ''}.{matters}",
                          "Name them from worst to best with --levels.", where, severity="warning")
    if len(parts) > 1:
        yield Problem("C033", "Questions were measured on different scales: each on the marks it has.",
                      "If they share one scale, name it with --levels.", where, severity="warning")


def _few(questions: Sequence[QuestionFigures], where: str) -> Iterator[Problem]:
    """What so few cases cannot bear. The marks of one case are not independent, so cases count here and not pairs."""
    none = [one.question for one in questions if not one.measured.cases]
    few = [one.question for one in questions if 0 < one.measured.cases < ENOUGH_PAIRS]
    rough = [one.question for one in questions if ENOUGH_PAIRS <= one.measured.cases < ROUGH_PAIRS]
    for names, told, remedy in (
            (none, "No case has two marks", "Agreement can be seen only where two reviewers marked one case."),
            (few, f"Fewer than {ENOUGH_PAIRS} cases have two marks", "Rely on no coefficient of so few."),
            (rough, f"Fewer than {ROUGH_PAIRS} cases have two marks", "Read the coefficients as rough.")):
        if names:
            shown = ", ".join(f"'{name}'" for name in names[:_SHOWN_NAMES])
            more = f" and {len(names) - _SHOWN_NAMES} more" if len(names) > _SHOWN_NAMES else ""
            on = "" if [one.question for one in questions] == [""] else f" on {shown}{more}"
            yield Problem("C036", f"{told}{on}.", remedy, where, severity="warning")
