"""Commands of reviewers: marking, practice, and work taken away."""

from typing import Annotated

import typer

from cqa.cli.options import As, Json, WhichSample, app, do


@app.command(epilog="Example: cqa assess --sample march --as a-byrne")
def assess(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="[CASE]", help="Begin with this case.")] = "",
    sample: Annotated[str, typer.Option("--sample", metavar="NAME", help="The sample; may be left out if there is "
                                        "only one.")] = "",
    who: As = "",
    script: Annotated[str, typer.Option("--script", metavar="FILE", help="Mark by JSON lines from FILE, or - for "
                                        "standard input.")] = "",
    plain: Annotated[bool, typer.Option("--plain", help="Line by line, for screen readers and pipes.")] = False,
) -> None:
    """Mark cases: every mark is on disk before the next question appears."""
    from cqa.commands.marking import assess as command

    options = command.AssessOptions(sample, who, case, script, plain)
    do(context, lambda world, printer: command.run(world, printer, options), bool(script))


@app.command(epilog="Example: cqa amend 0009330 --sample march --as a-byrne --reason \"The letter was found.\"")
def amend(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case, which you have signed off.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it stays in the record.")],
    sample: Annotated[str, typer.Option("--sample", metavar="NAME", help="The sample; may be left out if there is "
                                        "only one.")] = "",
    who: As = "",
    script: Annotated[str, typer.Option("--script", metavar="FILE", help="Change by JSON lines from FILE, or - for "
                                        "standard input.")] = "",
    plain: Annotated[bool, typer.Option("--plain", help="Line by line, for screen readers and pipes.")] = False,
) -> None:
    """Change a signed case for a reason; what was signed counts until you sign off again."""
    from cqa.commands.marking import amend as command
    from cqa.commands.marking.assess import AssessOptions

    options = AssessOptions(sample, who, case, script, plain, reason)
    do(context, lambda world, printer: command.run(world, printer, options), bool(script))


@app.command(epilog="Example: cqa practise --rubric complaints")
def practise(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="[CASE]", help="Only this practice case; else all of one rubric.")]
    = "",
    rubric: Annotated[str, typer.Option("--rubric", metavar="FILE", help="Practise this rubric: its file, or the id of "
                                        "one in the workspace or shipped with cqa.")] = "",
    plain: Annotated[bool, typer.Option("--plain", help="Line by line, for screen readers and pipes.")] = False,
) -> None:
    """Mark invented cases and be told the worked answer after each mark; needs no workspace, keeps nothing."""
    from cqa.commands.marking import practise as command

    do(context, lambda world, printer: command.run(world, printer, case, rubric, plain))


@app.command(epilog="Example: cqa take a-byrne --sample march")
def take(
    context: typer.Context,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Whose cases.")],
    sample: WhichSample = "",
    to: Annotated[str, typer.Option("--to", metavar="DIR", help="Where; ./take-SAMPLE-PERSON unless named.")] = "",
    as_json: Json = False,
) -> None:
    """A folder to take away, with one reviewer's cases and nothing of anybody else; it needs no network."""
    from cqa.commands.carrying import take as command

    do(context, lambda world, printer: command.run(world, printer, command.TakeOptions(person, sample, to)), as_json)


@app.command(epilog="Example: cqa collect take-march-a-byrne")
def collect(
    context: typer.Context,
    folders: Annotated[list[str], typer.Argument(metavar="FOLDER...", help="What was brought back: a take, a "
                                                 "workspace, a folder of journals, or a .zip of one.")],
    who: As = "", as_json: Json = False,
) -> None:
    """Bring reviewers' marks back: whole lines are added to their journals here, and nothing is ever overwritten."""
    from cqa.commands.carrying import collect as command

    do(context, lambda world, printer: command.run(world, printer, tuple(folders), who), as_json)
