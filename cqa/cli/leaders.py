"""Commands by which leaders change a sample, settle its marks and feed back."""

from typing import Annotated, Literal

import typer

from cqa.cli.options import As, Json, WhichSample, WhyInWords, app, do


@app.command(epilog="Example: cqa replace 0012345 --reason out_of_scope --as t-leader")
def replace(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="The drawn case that is to be replaced.")],
    reason: Annotated[str, typer.Option("--reason", metavar="CODE", help="Why: not_applicable, out_of_scope, "
                                        "conflict_of_everyone, or as cqa.yaml sets them.")],
    sample: Annotated[str, typer.Option("--sample", metavar="NAME", help="The sample; may be left out if there is "
                                        "only one.")] = "",
    who: As = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What is to be known of it.")] = "",
    as_json: Json = False,
) -> None:
    """Replace a drawn case by the next reserve of its stratum; which one that is cannot be chosen."""
    from cqa.commands.leaders import replace as command

    options = command.ReplaceOptions(case, reason, sample, who, note)
    do(context, lambda world, printer: command.run(world, printer, options), as_json)


@app.command(epilog="Example: cqa withdraw 0012345 --reason 'sealed by the court on 3 May' --as t-leader")
def withdraw(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case that leaves the sample.")],
    reason: WhyInWords, sample: WhichSample = "", who: As = "", as_json: Json = False,
) -> None:
    """Take a case out of the sample with nothing in its place; its marks are kept and count nowhere."""
    from cqa.commands.leaders import withdraw as command

    options = command.WithdrawOptions(case, reason, sample, who)
    do(context, lambda world, printer: command.run(world, printer, options), as_json)


@app.command(epilog="Example: cqa assign --all-of a-byrne --to d-okafor --reason 'on leave until June' --as t-leader")
def assign(
    context: typer.Context,
    reason: WhyInWords,
    case: Annotated[str, typer.Argument(metavar="[CASE]", help="The case that is handed on, or marked by one more.")
                    ] = "",
    to: Annotated[str, typer.Option("--to", metavar="PERSON", help="Who is to mark from now on; need not be among "
                                    "those named at the draw. Of a dip-sample and of a further mark A,B too.")] = "",
    all_of: Annotated[str, typer.Option("--all-of", metavar="PERSON", help="Instead of a case: all that PERSON has not "
                                        "signed off.")] = "",
    turn: Annotated[Literal["first", "second", "calibration", "triggered"] | None, typer.Option(
        "--turn", help="Whose place of a case that is marked twice; first unless given. Calibration or triggered: the "
        "case is marked by one more, apart from all figures.")] = None,
    trigger: Annotated[str, typer.Option("--trigger", metavar="CODE", help="Why a second look was triggered: "
                                         "low_overall, urgent, asked_for, reply.")] = "",
    everyone: Annotated[bool, typer.Option("--everyone", help="With --turn calibration: every reviewer of the sample "
                                           "marks the case.")] = False,
    calibration: Annotated[bool, typer.Option("--calibration", help="Slip cases with reference marks into the "
                                              "reviewers' work, at the rate of cqa.yaml.")] = False,
    dip: Annotated[str, typer.Option("--dip", metavar="N", help="Draw N signed-off assessments, to be marked by those "
                                     "of --to.")] = "",
    drop: Annotated[str, typer.Option("--drop", metavar="PERSON", help="Take the CASE, or all that they have not "
                                      "signed off, from a further marker again.")] = "",
    seed: Annotated[str | None, typer.Option("--seed", metavar="TEXT", help="The seed of the dip-sample; made here "
                                             "unless given.")] = None,
    sample: WhichSample = "", who: As = "", as_json: Json = False,
) -> None:
    """Hand a case on, or everything of somebody who leaves; or have cases marked by one more, apart from all figures:
    calibration cases, triggered second looks, a dip-sample of assessments."""
    from cqa.commands.leaders import assigning as command

    options = command.Typed(case, all_of, to, turn or "", trigger, everyone, calibration, dip, drop, seed, reason,
                            sample, who)
    do(context, lambda world, printer: command.run(world, printer, options), as_json)


@app.command(epilog="Example: cqa moderate --sample march --as t-leader")
def moderate(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="[CASE]", help="The case; without it, the list of what waits.")] = "",
    sample: WhichSample = "", who: As = "",
    script: Annotated[str, typer.Option("--script", metavar="FILE", help="Moderate by JSON lines from FILE, or - for "
                                        "standard input.")] = "",
    every: Annotated[bool, typer.Option("--all", help="List also what does not differ, or is settled.")] = False,
    reference: Annotated[bool, typer.Option("--reference", help="Set reference marks, which everyone who marks the "
                                            "case for calibration is held against.")] = False,
    panel: Annotated[str, typer.Option("--panel", metavar="FILE.xlsx", help="Write a workbook for a meeting: what is "
                                       "in dispute, with both reasons and no marks before they are talked through.")]
    = "",
    plain: Annotated[bool, typer.Option("--plain", help="Line by line, for screen readers and pipes.")] = False,
    as_json: Json = False,
) -> None:
    """Settle cases that were marked twice: agreed marks beside the originals, each with why they differed."""
    from cqa.commands.moderation import moderate as command

    options = command.ModerateOptions(case, sample, who, script, every, reference, plain, panel)
    do(context, lambda world, printer: command.run(world, printer, options), as_json or bool(script))


@app.command(epilog='Example: cqa feedback 0009330 --sample march --as t-leader --strength "A clear theory." '
                    '--next "Chase the schedule; a-byrne; 2030-01-31"')
def feedback(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case, which everyone who marks it has signed off.")],
    sample: WhichSample = "", who: As = "",
    strength: Annotated[str | None, typer.Option("--strength", metavar="TEXT", help="Write the sheet: what was good."
                                                 )] = None,
    todo: Annotated[list[str] | None, typer.Option("--next", metavar='"WHAT; OWNER; DAY"', help="What to do next, "
                                                   "whose it is, by which day; up to three times.")] = None,
    none: Annotated[str | None, typer.Option("--none", metavar="REASON", help="Instead of --next: why nothing is to be "
                                             "done.")] = None,
    given: Annotated[str | None, typer.Option("--given", metavar="DATE", help="The day on which it was given, as "
                                              "2026-12-18, or today.")] = None,
    how: Annotated[str | None, typer.Option("--how", metavar="TEXT", help="How it was given.")] = None,
    seen: Annotated[str | None, typer.Option("--seen", metavar="DATE", help="The day on which the handler saw it.")]
    = None,
    reply: Annotated[str | None, typer.Option("--reply", metavar="FILE.xlsx", help="Read what the handler filled in on "
                                              "the sheet Your reply.")] = None,
    decide: Annotated[list[str] | None, typer.Option("--decide", metavar="QUESTION=WHAT", help="Decide on a reply: "
                                                     "keep, change or third_mark; may be repeated.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why it is decided so.")] = None,
    done: Annotated[int | None, typer.Option("--done", metavar="N", help="Action N was done.")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day on which it was.")] = None,
    again: Annotated[int | None, typer.Option("--again", metavar="N", help="Action N was looked for in a later case."
                                              )] = None,
    in_case: Annotated[str | None, typer.Option("--in-case", metavar="CASE", help="The later case.")] = None,
    in_sample: Annotated[str | None, typer.Option("--in-sample", metavar="NAME", help="Its sample, where that is "
                                                  "another one.")] = None,
    seen_again: Annotated[bool | None, typer.Option("--yes/--no", help="Whether the fault was there again.")] = None,
    as_json: Json = False,
) -> None:
    """The handler's sheet, and what becomes of it; with the case alone, asks for it or shows where it stands."""
    from cqa.commands.handlers import feedback as command
    from cqa.commands.handlers.feedback_typed import FeedbackOptions

    options = FeedbackOptions(case, sample, who, strength, tuple(todo or ()), none, given, how, seen, reply,
                              tuple(decide or ()), reason, done, on, again, in_case, in_sample, seen_again)
    do(context, lambda world, printer: command.run(world, printer, options), as_json)


@app.command(epilog="Example: cqa history P10100")
def history(
    context: typer.Context,
    handler: Annotated[str, typer.Argument(metavar="HANDLER", help="Whose work, as the export names them; small and "
                                           "capital letters are the same.")],
    who: As = "", as_json: Json = False,
) -> None:
    """One person's cases over all samples: marks in counts, feedback, replies, actions and whether they took hold."""
    from cqa.commands.handlers import history as command

    do(context, lambda world, printer: command.run(world, printer, handler, who), as_json, reads=True)
