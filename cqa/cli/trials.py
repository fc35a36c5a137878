"""Commands that try one form of a rubric against another."""

from typing import Annotated, Literal

import typer

from cqa.cli.options import (
    By,
    Collapse,
    Dates,
    Encoding,
    Exports,
    HandledBy,
    Id,
    Json,
    Keep,
    Reviewers,
    Where,
    Within,
    app,
    do,
    parts,
)

trial_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Two forms of a rubric tried side by side.")
app.add_typer(trial_app, name="trial")


@trial_app.callback()
def _trial() -> None:
    pass


@trial_app.command("design", epilog="Example: cqa trial design cases.csv --id case_id --trial pilot --rubric "
                   "rubrics/prosecution.yaml --variant rubrics/prosecution-short.yaml --cases 30 --reviewers a,b,c,d")
def trial_design(
    context: typer.Context,
    name: Annotated[str, typer.Option("--trial", metavar="NAME", help="The trial's name; its two samples are called "
                                      "NAME-1 and NAME-2.")],
    parent: Annotated[str, typer.Option("--rubric", metavar="FILE", help="The form that stands.")],
    variant: Annotated[str, typer.Option("--variant", metavar="FILE", help="The form that is tried against it.")],
    exports: Exports = None,
    cases: Annotated[int, typer.Option("--cases", metavar="N", help="How many cases are marked under each form, by two "
                                       "reviewers each.")] = 30,
    design: Annotated[str, typer.Option("--design", metavar="WORD", help="crossover: the same cases under both forms, "
                                        "by different pairs. parallel: different cases.")] = "crossover",
    measure: Annotated[str, typer.Option("--measure", metavar="WORD", help="What decides: ac2, alpha or exact.")] =
    "ac2",
    difference: Annotated[str, typer.Option("--difference", metavar="SHARE", help="The least difference that decides, "
                                            "as a fraction of 1.")] = "0.05",
    case_id: Id = None, by: By = None, where: Where = None, assessed_within: Within = None,
    reviewers: Reviewers = None,
    parent_only: Annotated[list[str] | None, typer.Option("--parent-only", metavar="A,B", help="Reviewers who can use "
                                                          "the parent alone.")] = None,
    variant_only: Annotated[list[str] | None, typer.Option("--variant-only", metavar="A,B", help="Reviewers who can "
                                                           "use the variant alone.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Design it though some use one form alone: it then gives no "
                                        "verdict.")] = False,
    seed: Annotated[str | None, typer.Option("--seed", metavar="TEXT", help="The seed, kept as typed.")] = None,
    runs: Annotated[int, typer.Option("--runs", metavar="N", help="How many trials are simulated for each difference, "
                                      "to say what this one can find; 0 for none.")] = 400,
    handled_by: HandledBy = None, keep: Keep = None, collapse: Collapse = None, encoding: Encoding = None,
    dates: Dates = None, as_json: Json = False,
) -> None:
    """Draw the cases of a trial, share them out, and write down what will decide, before anything is marked."""
    from cqa.commands.drawing.planning import PlanOptions
    from cqa.commands.trials import design as command

    drawn = PlanOptions(
        tuple(exports or ()), name, case_id=case_id, by=parts(by), where=tuple(where or ()),
        assessed_within=assessed_within, reviewers=parts(reviewers), handled_by=parts(handled_by),
        keep=parts(keep), collapse=parts(collapse), encoding=encoding, dates=parts(dates))
    options = command.DesignOptions(name, parent, variant, cases, drawn, design, measure, difference,
                                    parts(parent_only), parts(variant_only), force, seed, runs)
    do(context, lambda world, printer: command.run(world, printer, options), as_json)


@trial_app.command("report", epilog="Example: cqa trial report pilot")
def trial_report(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="TRIAL", help="The trial; may be left out if there is only one.")] = "",
    no_book: Annotated[bool, typer.Option("--no-book", help="Print the figures, write no workbook.")] = False,
    names: Annotated[Literal["shown", "hidden"] | None, typer.Option(
        "--names", help="Hidden: reviewers have letters; else as cqa.yaml says.")] = None,
    as_json: Json = False,
) -> None:
    """Which form reviewers apply more alike, and what else the two differ in: verdict, figures, workbook."""
    from cqa.commands.trials import report as command

    do(context, lambda world, printer: command.run(world, printer, name, names or "", not no_book), as_json,
        reads=True)
