"""Commands from an export to a drawn sample."""

from typing import Annotated

import typer

from cqa.cli.options import (
    By,
    Collapse,
    Dates,
    Encoding,
    Exports,
    HandledBy,
    HowSpread,
    Id,
    Json,
    Keep,
    Least,
    Most,
    Per,
    Rates,
    Refill,
    Reserves,
    Reviewers,
    RubricFile,
    SampleName,
    Second,
    Take,
    Total,
    Weight,
    Where,
    Within,
    app,
    do,
    parts,
)


@app.command(epilog="Example: cqa init my-workspace")
def init(context: typer.Context,
         folder: Annotated[str, typer.Argument(metavar="[DIR]", help="Where; an empty folder is fine.")] = ".") -> None:
    """Start a workspace: settings, shipped rubrics, a README of the folder."""
    from cqa.commands.demo import init as command

    do(context, lambda world, printer: command.run(world, printer, folder))


@app.command(epilog="Example: cqa look export.csv --id case_id --by unit")
def look(
    context: typer.Context,
    exports: Annotated[list[str], typer.Argument(metavar="EXPORT...", help="The export: CSV (may be .gz) or .xlsx, in "
                                                 "one or more files.")],
    case_id: Id = None, by: By = None, encoding: Encoding = None, dates: Dates = None, as_json: Json = False,
) -> None:
    """What to see before trusting an export; shows values on the screen only, and writes no file."""
    from cqa.commands.drawing import look as command

    options = command.LookOptions(tuple(exports), case_id, parts(by), encoding, parts(dates))
    do(context, lambda world, printer: command.run(world, printer, options), as_json)


@app.command(epilog="Example: cqa plan export.csv --sample march --id case_id --by unit --take 10 "
                    "--rubric rubrics/prosecution.yaml --reviewers a-byrne,d-okafor --second 0.2")
def plan(
    context: typer.Context, sample: SampleName, exports: Exports = None, case_id: Id = None, by: By = None,
    take: Take = None, total: Total = None, allocation: HowSpread = None, per: Per = None, least: Least = None,
    most: Most = None, refill: Refill = False, rates: Rates = None, weight: Weight = None, where: Where = None,
    assessed_within: Within = None, rubric: RubricFile = None, reviewers: Reviewers = None, second: Second = None,
    reserves: Reserves = None, handled_by: HandledBy = None, keep: Keep = None, collapse: Collapse = None,
    encoding: Encoding = None, dates: Dates = None, as_json: Json = False,
) -> None:
    """Fix what will be drawn, and print a commitment to publish before the seed exists."""
    from cqa.commands.drawing import plan as command
    from cqa.commands.drawing.planning import PlanOptions

    options = PlanOptions(
        tuple(exports or ()), sample, case_id, parts(by), take, total, allocation, parts(per), least, most, refill,
        rates, weight, tuple(where or ()), assessed_within, rubric, parts(reviewers), second, reserves,
        parts(handled_by), parts(keep), parts(collapse), encoding, parts(dates))
    do(context, lambda world, printer: command.run(world, printer, options), as_json)


@app.command(epilog="Example: cqa draw export.csv --sample march --id case_id --by unit --take 10 "
                    "--rubric rubrics/prosecution.yaml --reviewers a-byrne,d-okafor --second 0.2")
def draw(
    context: typer.Context, sample: SampleName, exports: Exports = None,
    seed: Annotated[str | None, typer.Option("--seed", metavar="TEXT", help="The seed, kept as typed; 20 dice digits "
                                             "or more. Without it the system's randomness makes one.")] = None,
    seed_source: Annotated[str, typer.Option("--seed-source", metavar="TEXT", help="Where the seed came from, as "
                                             "'dice before A. Leader and B. Witness'.")] = "",
    case_id: Id = None, by: By = None, take: Take = None, total: Total = None, allocation: HowSpread = None,
    per: Per = None, least: Least = None, most: Most = None, refill: Refill = False, rates: Rates = None,
    weight: Weight = None, where: Where = None, assessed_within: Within = None, rubric: RubricFile = None,
    reviewers: Reviewers = None, second: Second = None, reserves: Reserves = None, handled_by: HandledBy = None,
    keep: Keep = None, collapse: Collapse = None, encoding: Encoding = None, dates: Dates = None,
    as_json: Json = False,
) -> None:
    """Draw a planned sample (only --sample and --seed), or plan and draw in one step."""
    from cqa.commands.drawing import draw as command
    from cqa.commands.drawing.planning import PlanOptions

    options = PlanOptions(
        tuple(exports or ()), sample, case_id, parts(by), take, total, allocation, parts(per), least, most, refill,
        rates, weight, tuple(where or ()), assessed_within, rubric, parts(reviewers), second, reserves,
        parts(handled_by), parts(keep), parts(collapse), encoding, parts(dates))
    do(context, lambda world, printer: command.run(world, printer, options, seed, seed_source), as_json)


@app.command(epilog="Example: cqa show march")
def show(context: typer.Context,
         sample: Annotated[str, typer.Argument(metavar="SAMPLE", help="The sample's name.")],
         as_json: Json = False) -> None:
    """Show one drawn sample."""
    from cqa.commands.drawing import show as command

    do(context, lambda world, printer: command.run(world, printer, sample), as_json, reads=True)


@app.command(epilog="Example: cqa size --tolerable 5% --population 1000")
def size(
    context: typer.Context,
    tolerable: Annotated[str | None, typer.Option("--tolerable", metavar="SHARE", help="Show that fewer than this "
                                                  "share of all cases fail, as 5% or 0.05.")] = None,
    margin: Annotated[str | None, typer.Option("--margin", metavar="SHARE", help="Or measure the share that fails to "
                                               "within so much either way, as 5% or 0.05.")] = None,
    confidence: Annotated[str, typer.Option("--confidence", metavar="SHARE", help="How sure you want to be.")] = "95%",
    allowed: Annotated[str | None, typer.Option("--allowed", metavar="N", help="Failures allowed in the sample; 0 "
                                                "unless given.")] = None,
    expected: Annotated[str | None, typer.Option("--expected", metavar="SHARE", help="The share you expect to fail: "
                                                 "as many are allowed, rounded up; with --margin 50% unless given.")
                        ] = None,
    population: Annotated[str | None, typer.Option("--population", metavar="N", help="How many cases there are in "
                                                   "all; without it, very many.")] = None,
    as_json: Json = False,
) -> None:
    """How many cases to look at, and what so many can and cannot show."""
    from cqa.commands.drawing import size as command

    options = command.SizeOptions(tolerable, margin, confidence, allowed, expected, population)
    do(context, lambda _, printer: command.run(printer, options), as_json)
