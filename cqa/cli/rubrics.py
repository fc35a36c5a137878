"""Commands of the working group's bench."""

from typing import Annotated

import typer

from cqa.cli.options import As, Json, WhichSample, WhyInWords, app, do, parts

rubric_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The working group's bench.")
app.add_typer(rubric_app, name="rubric")


@rubric_app.callback()
def _rubric() -> None:
    pass


@rubric_app.command(epilog="Example: cqa rubric check rubrics/prosecution.yaml")
def check(context: typer.Context,
          files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Rubric files.")],
          strict: Annotated[bool, typer.Option("--strict", help="Warnings count too, unless the file acknowledges them "
                                               "under allow.")] = False,
          sample: Annotated[list[str] | None, typer.Option("--sample", metavar="SAMPLE", help="Also say how the levels "
                                                           "were used in this sample; may be repeated.")] = None,
          as_json: Json = False) -> None:
    """Every problem of a rubric's file, with its line and what to do."""
    from cqa.commands.rubrics import rubric_check as command

    do(context, lambda world, printer: command.run(world, printer, tuple(files), strict, parts(sample)), as_json,
        reads=True)


RubricPath = Annotated[str, typer.Argument(metavar="FILE", help="A rubric's file.")]


@rubric_app.command("show", epilog="Example: cqa rubric show rubrics/prosecution.yaml")
def rubric_show(context: typer.Context, file: RubricPath, as_json: Json = False) -> None:
    """A rubric in the terminal: questions, when each is asked, what each mark means, how marks count."""
    from cqa.commands.rubrics import rubric_show as command

    do(context, lambda world, printer: command.run(world, printer, file), as_json, reads=True)


@rubric_app.command("book", epilog="Example: cqa rubric book rubrics/prosecution.yaml --out prosecution.xlsx")
def rubric_book(
    context: typer.Context, file: RubricPath,
    out: Annotated[str | None, typer.Option("--out", metavar="FILE", help="Where to write it: FILE.md or FILE.xlsx. "
                                            "Without it, Markdown on standard output.")] = None,
) -> None:
    """The whole rubric as a document to sign, every condition a sentence."""
    from cqa.commands.rubrics import rubric_book as command

    do(context, lambda world, printer: command.run(world, printer, file, out))


@rubric_app.command("diff", epilog="Example: cqa rubric diff rubrics/prosecution.yaml rubrics/prosecution-short.yaml")
def rubric_diff(
    context: typer.Context,
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="The rubric as it was.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="The rubric as it is to be.")],
    as_json: Json = False,
) -> None:
    """What changed between two rubrics, and which earlier marks stay comparable."""
    from cqa.commands.rubrics import rubric_diff as command

    do(context, lambda world, printer: command.run(world, printer, before, after), as_json, reads=True)


@rubric_app.command("new", epilog="Example: cqa rubric new rubrics/fraud.yaml --id fraud --title \"Fraud casework\"")
def rubric_new(
    context: typer.Context,
    rubric_id: Annotated[str, typer.Option("--id", metavar="ID", help="What marks are kept under; never changed.")],
    title: Annotated[str, typer.Option("--title", metavar="TITLE", help="What it is about.")],
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="Where; rubrics/ID.yaml unless named.")] = None,
) -> None:
    """Start a rubric: a small one that works, with comments that teach the language."""
    from cqa.commands.rubrics import rubric_new as command

    do(context, lambda world, printer: command.run(world, printer, file, rubric_id, title))


@rubric_app.command("schema", epilog="Example: cqa rubric schema --out rubrics/cqa-rubric.schema.json")
def rubric_schema(
    context: typer.Context,
    out: Annotated[str | None, typer.Option("--out", metavar="FILE", help="Where to write it; standard output without "
                                            "it.")] = None,
) -> None:
    """The JSON Schema by which editors complete and check a rubric while it is typed."""
    from cqa.commands.rubrics import rubric_schema as command

    do(context, lambda world, printer: command.run(world, printer, out))


@rubric_app.command("try", epilog="Example: cqa rubric try rubrics/prosecution.yaml")
def rubric_try(
    context: typer.Context, file: RubricPath,
    cases: Annotated[int, typer.Option("--cases", metavar="N", min=1, max=100_000, help="How many.")] = 2_000,
    seed: Annotated[str, typer.Option("--seed", metavar="TEXT", help="Another text, other cases.")] = "try",
    as_json: Json = False,
) -> None:
    """Thousands of invented cases through gates and scoring, and the golden cases beside the file."""
    from cqa.commands.rubrics import rubric_try as command

    do(context, lambda world, printer: command.run(world, printer, file, cases, seed), as_json, reads=True)


@rubric_app.command("approve", epilog="Example: cqa rubric approve rubrics/prosecution.yaml --as t-leader")
def rubric_approve(context: typer.Context, file: RubricPath, who: As = "") -> None:
    """Record who takes a rubric live, and keep its bytes: an approved version never changes."""
    from cqa.commands.rubrics import rubric_approve as command

    do(context, lambda world, printer: command.run(world, printer, file, who))


@rubric_app.command("move", epilog="Example: cqa rubric move rubrics/prosecution.yaml --sample march --reason 'levels "
                                   "of D5 were unclear' --as t-leader")
def rubric_move(
    context: typer.Context, file: RubricPath, reason: WhyInWords, sample: WhichSample = "", who: As = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without it, only what would happen is shown.")] = False,
    as_json: Json = False,
) -> None:
    """Move a whole sample to a changed version of its rubric: what is signed off stays under the version it has."""
    from cqa.commands.rubrics import rubric_move as command

    options = command.MoveOptions(file, reason, sample, who, yes)
    do(context, lambda world, printer: command.run(world, printer, options), as_json)
