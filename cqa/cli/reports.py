"""Commands that say what the marks say."""

from typing import Annotated, Literal

import typer

from cqa.cli.options import As, Encoding, Json, app, do, parts


@app.command(epilog="Example: cqa status march --strict")
def status(
    context: typer.Context,
    samples: Annotated[list[str] | None, typer.Argument(metavar="[SAMPLE]...")] = None,
    mine: Annotated[bool, typer.Option("--mine", help="Only what is yours, and which cases are overdue.")] = False,
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help="Only reviewers of this unit of people.csv.")]
    = "",
    reviewer: Annotated[str, typer.Option("--reviewer", metavar="NAME", help="Only this reviewer.")] = "",
    period: Annotated[str, typer.Option("--period", metavar="PERIOD", help="Only samples drawn in 2026, 2026-Q4 or "
                                        "2026-11.")] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 when something is overdue, for a scheduler.")]
    = False,
    who: As = "", as_json: Json = False,
) -> None:
    """What was drawn, what is done and what is overdue, by reviewer."""
    from cqa.commands.reports import status as command
    from cqa.commands.reports.asked import StatusOptions

    options = StatusOptions(tuple(samples or ()), mine, unit, reviewer, period, strict, who)
    do(context, lambda world, printer: command.run(world, printer, options), as_json, reads=True)


@app.command(epilog="Example: cqa report march")
def report(
    context: typer.Context,
    samples: Annotated[list[str] | None, typer.Argument(metavar="[SAMPLE]...")] = None,
    no_books: Annotated[bool, typer.Option("--no-books", help="Only the figures: write no workbook.")] = False,
    about: Annotated[Literal["cases", "process"], typer.Option(
        help="What results speak of: the cases of the frame, or how the office works.")] = "cases",
    interval: Annotated[Literal["wilson", "korn-graubard"], typer.Option(
        help="Interval of results; korn-graubard is exact and wider.")] = "wilson",
    names: Annotated[Literal["shown", "hidden"] | None, typer.Option(
        "--names", help="Hidden: reviewers and handlers have letters, for passing upwards; else as cqa.yaml says.",
    )] = None,
    cleared: Annotated[bool, typer.Option("--cleared", help="Only the marks of reviewers who are cleared on "
                                          "calibration cases.")] = False,
    rubric: Annotated[str, typer.Option("--rubric", metavar="FILE", help="Also what the marks would come to under this "
                                        "rubric: who changes band. Nothing is changed, no book written.")] = "",
    as_json: Json = False,
) -> None:
    """The consistency report and the reviewers' books, in Excel and in short on the screen: for the leader."""
    from cqa.commands.reports import report as command
    from cqa.consistency.population import Reach

    do(context, lambda world, printer: command.run(world, printer, tuple(samples or ()), not no_books,
                                                    Reach(about, interval), names or "", cleared, rubric),
        as_json, reads=True)


@app.command(epilog="Example: cqa export march --for-excel marks.csv")
def export(
    context: typer.Context,
    samples: Annotated[list[str] | None, typer.Argument(metavar="[SAMPLE]...")] = None,
    csv_file: Annotated[str, typer.Option("--csv", metavar="FILE", help="Write CSV for a program: text exactly as "
                                          "recorded.")] = "",
    for_excel: Annotated[bool, typer.Option("--for-excel", help="Make the CSV one for people: no text is computed when "
                                            "a spreadsheet opens it.")] = False,
    parquet: Annotated[str, typer.Option("--parquet", metavar="FILE",
                                         help="Write Parquet, where pyarrow is installed.")] = "",
    as_json: Json = False,
) -> None:
    """Every standing mark, unblinded, one row each: for the leader."""
    from cqa.commands.reports import export as command

    do(context, lambda world, printer: command.run(
        world, printer, tuple(samples or ()), command.ExportOptions(csv_file, for_excel, parquet)), as_json, reads=True)


@app.command(epilog="Example: cqa agreement ratings.csv --levels 1,2,3,4 --weights ordinal")
def agreement(
    context: typer.Context,
    ratings: Annotated[str, typer.Argument(metavar="RATINGS.csv", help="A table with one mark a row, or with --wide "
                                           "one case a row. An empty mark is a missing one.")],
    case: Annotated[str | None, typer.Option("--case", metavar="COLUMN", help="The column of the case; else 'case'.")]
    = None,
    reviewer: Annotated[str | None, typer.Option("--reviewer", metavar="COLUMN", help="The column of the reviewer; "
                                                 "else 'reviewer'.")] = None,
    mark: Annotated[str | None, typer.Option("--mark", metavar="COLUMN", help="The column of the mark; else 'mark'.")]
    = None,
    question: Annotated[str | None, typer.Option("--question", metavar="COLUMN", help="The column of the question; "
                                                 "else 'question', if there is one.")] = None,
    wide: Annotated[bool, typer.Option("--wide", help="The first column is the case, every other one a "
                                       "reviewer's.")] = False,
    levels: Annotated[list[str] | None, typer.Option("--levels", metavar="A,B,C", help="The whole scale from worst to "
                                                     "best, used or not; else the marks there are, as numbers if all "
                                                     "are, else as text.")] = None,
    weights: Annotated[str, typer.Option("--weights", metavar="KIND", help="How near misses count: identity, linear, "
                                         "quadratic, ordinal.")] = "identity",
    metric: Annotated[str | None, typer.Option("--metric", metavar="KIND", help="For alpha: nominal, ordinal, "
                                               "interval; else as the weights are.")] = None,
    interval: Annotated[str, typer.Option("--interval", metavar="KIND", help="jackknife, bootstrap, bca, gwet.")]
    = "jackknife",
    replicates: Annotated[int, typer.Option("--replicates", metavar="N", help="Sets of resampled cases, for bootstrap "
                                            "and bca.")] = 2000,
    seed: Annotated[str | None, typer.Option("--seed", metavar="TEXT", help="What decides the resampling; else the "
                                             "system's randomness, and told.")] = None,
    convention: Annotated[str | None, typer.Option("--convention", metavar="NAME", help="irrcac: cases with one mark "
                                                   "count for prevalences.")] = None,
    severity: Annotated[bool, typer.Option("--severity", help="Also how severe each reviewer is; for marks that are "
                                           "numbers.")] = False,
    encoding: Encoding = None, as_json: Json = False,
) -> None:
    """How far reviewers agree, from anyone's ratings: all usual coefficients with intervals. Needs no workspace."""
    from cqa.commands.reports import agreement as command
    from cqa.commands.reports.ratings import RatingColumns

    options = command.AgreementOptions(
        ratings, RatingColumns(case, reviewer, mark, question, wide), parts(levels), weights, metric, interval,
        replicates, seed, convention, severity, encoding)
    do(context, lambda world, printer: command.run(world, printer, options), as_json, reads=True)


@app.command(epilog="Example: cqa demo my-demo")
def demo(context: typer.Context,
         folder: Annotated[str, typer.Argument(metavar="[DIR]", help="Where; ./cqa-demo unless named.")] = "",
         trial: Annotated[bool, typer.Option("--trial", help="Instead a trial of the shorter form, by reviewers whose "
                                             "error under each form is known.")] = False) -> None:
    """The whole loop on a synthetic export: draw, simulated marks, report."""
    from cqa.commands.demo import demo as command
    from cqa.commands.trials import demo as trials

    do(context, lambda world, printer: (trials if trial else command).run(world, printer, folder))
