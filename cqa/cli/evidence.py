"""Commands for whoever checks, and for the end of a sample."""

from typing import Annotated

import typer

from cqa.cli.options import As, Json, app, do


@app.command(epilog="Example: cqa verify march --export export.csv")
def verify(
    context: typer.Context,
    samples: Annotated[list[str] | None, typer.Argument(metavar="[SAMPLE]...", help="Which; all unless named.")] = None,
    export: Annotated[list[str] | None, typer.Option("--export", metavar="FILE", help="The export the sample was "
                                                     "drawn from, to draw it again; repeat for more files.")] = None,
    anchor: Annotated[list[str] | None, typer.Option("--anchor", metavar="FILE", help="Hold the journals against the "
                                                     "anchor in a workbook, or a text, kept elsewhere.")] = None,
    set_aside: Annotated[bool, typer.Option("--set-aside", help="Go on from damage in your own journals: it is kept, "
                                            "and named.")] = False,
    who: As = "", as_json: Json = False,
) -> None:
    """Derive draw and assignment again, check every record, and say what differs."""
    names = tuple(samples or ())
    if set_aside:
        from cqa.commands.evidence import set_aside as going_on

        do(context, lambda world, printer: going_on.run(world, printer, names, who), as_json)
    from cqa.commands.evidence import verify as command

    do(context, lambda world, printer: command.run(world, printer, names, tuple(export or ()), tuple(anchor or ())),
        as_json, reads=True)


@app.command(epilog="Example: cqa pack march --out march-evidence.zip")
def pack(
    context: typer.Context,
    sample: Annotated[str, typer.Argument(metavar="SAMPLE", help="The sample's name.")],
    out: Annotated[str, typer.Option("--out", metavar="FILE", help="Where; reports/SAMPLE-evidence.zip unless named.")]
    = "",
    as_json: Json = False,
) -> None:
    """The inspector's evidence pack: a zip with all that is needed to check a sample, with and without cqa."""
    from cqa.commands.evidence import pack as command

    do(context, lambda world, printer: command.run(world, printer, sample, out), as_json)


@app.command(epilog="Example: cqa retire march --reason 'kept for two years, as the policy says' --as t-leader")
def retire(
    context: typer.Context,
    sample: Annotated[str, typer.Argument(metavar="SAMPLE", help="The sample's name.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it stays in the record.")],
    who: As = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without it, only what would happen is shown.")] = False,
    as_json: Json = False,
) -> None:
    """End a sample's retention: a sealed record of it is kept, and everything else of it removed."""
    from cqa.commands.evidence import retire as command

    options = command.RetireOptions(sample, reason, who, yes)
    do(context, lambda world, printer: command.run(world, printer, options), as_json)
