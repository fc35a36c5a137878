"""The command line: options, help, one call per command; the only place that catches what stops a command."""

import io
import sys
from collections.abc import Sequence
from dataclasses import replace as with_changes
from typing import Annotated, Literal, cast

import typer

from cqa import __version__
from cqa.errors import ExitCode
from cqa.guard import DEBUG, Command, fault, guarded
from cqa.screen.printer import Printer
from cqa.world import World, real_world

app = typer.Typer(
    name="cqa", no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="Casework quality assessment: draw case samples, mark them against a rubric, report how consistent the "
         "marking is.",
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output, words on stderr.")]
SampleName = Annotated[str, typer.Option("--sample", metavar="NAME", help="The sample's name.")]
As = Annotated[str, typer.Option("--as", metavar="PERSON", help="Who you are; else CQA_REVIEWER, else as last time.")]


def run(arguments: Sequence[str], world: World | None = None) -> int:
    """Runs one command line and gives its exit code; nothing that happens inside ends in a traceback."""
    here: World | None = world
    try:
        here = world or real_world()
        ended = app(list(arguments), prog_name="cqa", obj=here, standalone_mode=False)
    except _WRONG_USE as error:
        return _wrong_use(here, error)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else ExitCode.WRONG_USE
    except KeyboardInterrupt:
        return ExitCode.STOPPED
    except OSError:
        # Help or standard error could not be written: the exit code is all that is left to say.
        sys.stdout = None
        return ExitCode.NOT_SAVED
    except Exception as error:
        return fault(here, Printer(here), error, "(its command line)") if here else ExitCode.FAULT
    return ended if isinstance(ended, int) else ExitCode.DONE


_WRONG_USE = cast(type[typer.BadParameter], typer.BadParameter.__base__)
"""Every misuse of the command line that typer finds; it has a public name for one kind alone."""


def _wrong_use(world: World | None, error: typer.BadParameter) -> int:
    """Tells what was wrong with the command line. What was typed there may hold anything, so it is made visible."""
    told = io.StringIO()
    error.show(told)
    if world is not None and told.getvalue():
        Printer(world).aside(told.getvalue().rstrip("\n"))
    return error.exit_code


def _do(context: typer.Context, command: Command, as_json: bool = False, reads: bool = False) -> None:
    """Runs a command. One that only reads prints its JSON also where what it is to read cannot be used."""
    world: World = context.obj
    raise typer.Exit(guarded(world, Printer(world, as_json), command, context.command_path, as_json and reads))


def _parts(values: Sequence[str] | None) -> tuple[str, ...]:
    """Comma-separated and repeated values of one option, in order."""
    return tuple(part.strip() for value in values or () for part in value.split(",") if part.strip())


def _version(shown: bool) -> None:
    if shown:
        print(f"cqa {__version__}")  # noqa: T201
        raise typer.Exit


@app.callback()
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")]
    = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show a fault of cqa in full, which may show case data; as "
                                        "CQA_DEBUG=1 does.")] = False,
) -> None:
    if debug:
        world: World = context.obj
        context.obj = with_changes(world, environment={**world.environment, DEBUG: "1"})


@app.command(epilog="Example: cqa init my-workspace")
def init(context: typer.Context,
         folder: Annotated[str, typer.Argument(metavar="[DIR]", help="Where; an empty folder is fine.")] = ".") -> None:
    """Start a workspace: settings, shipped rubrics, a README of the folder."""
    from cqa.commands.demo import init as command

    _do(context, lambda world, printer: command.run(world, printer, folder))


Exports = Annotated[list[str] | None, typer.Argument(metavar="[EXPORT]...", help="The export: CSV (may be .gz) or "
                                                    ".xlsx, in one or more files.")]
Id = Annotated[str | None, typer.Option("--id", metavar="COLUMN", help="The column of the case id.")]
By = Annotated[list[str] | None, typer.Option("--by", metavar="COLUMN[,COLUMN]",
                                              help="Draw from each value of these columns apart.")]
Take = Annotated[int | None, typer.Option("--take", metavar="N", min=1,
                                          help="Cases to take: of each stratum with --by, else in all.")]
Total = Annotated[int | None, typer.Option("--total", metavar="N", min=1, help="Cases to take in all, spread over the "
                                           "strata by --allocation.")]
HowSpread = Annotated[str | None, typer.Option("--allocation", metavar="RULE", help="How --total is spread: equal, "
                                               "proportional (usual), neyman, largest-remainder.")]
Per = Annotated[list[str] | None, typer.Option("--per", metavar="COLUMN[,COLUMN]", help="Within each stratum, spread "
                                               "the cases over the values of these columns, such as the handler.")]
Least = Annotated[int | None, typer.Option("--least", metavar="N", min=0, help="At least so many of each stratum, or "
                                           "of each value of --per.")]
Most = Annotated[int | None, typer.Option("--most", metavar="N", min=1, help="At most so many of each stratum, or of "
                                          "each value of --per.")]
Refill = Annotated[bool, typer.Option("--refill", help="Let other strata make up for one that has too few cases.")]
Rates = Annotated[str | None, typer.Option("--rates", metavar="FILE", help="The last round's failure rates, for "
                                           "neyman: CSV of stratum and rate.")]
Weight = Annotated[str | None, typer.Option("--weight", metavar="COLUMN", help="Draw cases of more weight more often: "
                                            "a column of whole numbers.")]
Where = Annotated[list[str] | None, typer.Option("--where", metavar="CONDITION", help="Only cases with column=value, "
                                                 "or column=from..to; may be repeated.")]
Within = Annotated[int | None, typer.Option("--assessed-within", metavar="MONTHS", min=1, help="Leave out cases of "
                                            "samples of this workspace drawn within so many months.")]
RubricFile = Annotated[str | None, typer.Option("--rubric", metavar="FILE", help="The rubric to mark against.")]
Reviewers = Annotated[list[str] | None, typer.Option("--reviewers", metavar="A,B,C", help="Who marks; else the "
                                                     "reviewers of people.csv.")]
Second = Annotated[str | None, typer.Option("--second", metavar="SHARE",
                                            help="Share of cases marked twice, as 0.2 or 20%.")]
Reserves = Annotated[int | None, typer.Option("--reserves", metavar="N", min=0, help="Reserves of each stratum; as "
                                              "many as the take unless given.")]
HandledBy = Annotated[list[str] | None, typer.Option("--handled-by", metavar="COLUMN[,COLUMN]", help="Whose work a "
                                                     "case shows; nobody marks their own.")]
Keep = Annotated[list[str] | None, typer.Option("--keep", metavar="COLUMN[,COLUMN]", help="Columns to keep besides the "
                                                "rubric's case facts; no other is ever copied.")]
Collapse = Annotated[list[str] | None, typer.Option("--collapse", metavar="RULE", help="How rows of one case join: "
                                                    "same, or COLUMN=same, any (yes if any is), all (joined).")]
Encoding = Annotated[str | None, typer.Option("--encoding", metavar="NAME",
                                              help="The export's encoding, if not found by itself.")]
Dates = Annotated[list[str] | None, typer.Option("--dates", metavar="PATTERN", help="How dates are written, such as "
                                                 "dd/mm/yyyy, if the export alone cannot tell.")]


@app.command(epilog="Example: cqa look export.csv --id case_id --by unit")
def look(
    context: typer.Context,
    exports: Annotated[list[str], typer.Argument(metavar="EXPORT...", help="The export: CSV (may be .gz) or .xlsx, in "
                                                 "one or more files.")],
    case_id: Id = None, by: By = None, encoding: Encoding = None, dates: Dates = None, as_json: Json = False,
) -> None:
    """What to see before trusting an export; shows values on the screen only, and writes no file."""
    from cqa.commands.drawing import look as command

    options = command.LookOptions(tuple(exports), case_id, _parts(by), encoding, _parts(dates))
    _do(context, lambda world, printer: command.run(world, printer, options), as_json)


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
        tuple(exports or ()), sample, case_id, _parts(by), take, total, allocation, _parts(per), least, most, refill,
        rates, weight, tuple(where or ()), assessed_within, rubric, _parts(reviewers), second, reserves,
        _parts(handled_by), _parts(keep), _parts(collapse), encoding, _parts(dates))
    _do(context, lambda world, printer: command.run(world, printer, options), as_json)


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
        tuple(exports or ()), sample, case_id, _parts(by), take, total, allocation, _parts(per), least, most, refill,
        rates, weight, tuple(where or ()), assessed_within, rubric, _parts(reviewers), second, reserves,
        _parts(handled_by), _parts(keep), _parts(collapse), encoding, _parts(dates))
    _do(context, lambda world, printer: command.run(world, printer, options, seed, seed_source), as_json)


@app.command(epilog="Example: cqa show march")
def show(context: typer.Context,
         sample: Annotated[str, typer.Argument(metavar="SAMPLE", help="The sample's name.")],
         as_json: Json = False) -> None:
    """Show one drawn sample."""
    from cqa.commands.drawing import show as command

    _do(context, lambda world, printer: command.run(world, printer, sample), as_json, reads=True)


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
    _do(context, lambda world, printer: command.run(world, printer, options), as_json)


WhichSample = Annotated[str, typer.Option("--sample", metavar="NAME", help="The sample; may be left out if there is "
                                          "only one.")]
WhyInWords = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, in your words: kept, and read by those "
                                         "whom it concerns.")]


@app.command(epilog="Example: cqa withdraw 0012345 --reason 'sealed by the court on 3 May' --as t-leader")
def withdraw(
    context: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case that leaves the sample.")],
    reason: WhyInWords, sample: WhichSample = "", who: As = "", as_json: Json = False,
) -> None:
    """Take a case out of the sample with nothing in its place; its marks are kept and count nowhere."""
    from cqa.commands.leaders import withdraw as command

    options = command.WithdrawOptions(case, reason, sample, who)
    _do(context, lambda world, printer: command.run(world, printer, options), as_json)


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
    _do(context, lambda world, printer: command.run(world, printer, options), as_json)


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
    _do(context, lambda _, printer: command.run(printer, options), as_json)


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

        _do(context, lambda world, printer: going_on.run(world, printer, names, who), as_json)
    from cqa.commands.evidence import verify as command

    _do(context, lambda world, printer: command.run(world, printer, names, tuple(export or ()), tuple(anchor or ())),
        as_json, reads=True)


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
    _do(context, lambda world, printer: command.run(world, printer, options), bool(script))


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
    _do(context, lambda world, printer: command.run(world, printer, options), bool(script))


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

    _do(context, lambda world, printer: command.run(world, printer, case, rubric, plain))


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
    _do(context, lambda world, printer: command.run(world, printer, options), as_json, reads=True)


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
    _do(context, lambda world, printer: command.run(world, printer, options), as_json or bool(script))


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
    _do(context, lambda world, printer: command.run(world, printer, options), as_json)


@app.command(epilog="Example: cqa history P10100")
def history(
    context: typer.Context,
    handler: Annotated[str, typer.Argument(metavar="HANDLER", help="Whose work, as the export names them; small and "
                                           "capital letters are the same.")],
    who: As = "", as_json: Json = False,
) -> None:
    """One person's cases over all samples: marks in counts, feedback, replies, actions and whether they took hold."""
    from cqa.commands.handlers import history as command

    _do(context, lambda world, printer: command.run(world, printer, handler, who), as_json, reads=True)


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

    _do(context, lambda world, printer: command.run(
        world, printer, tuple(samples or ()), command.ExportOptions(csv_file, for_excel, parquet)), as_json, reads=True)


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
        tuple(exports or ()), name, case_id=case_id, by=_parts(by), where=tuple(where or ()),
        assessed_within=assessed_within, reviewers=_parts(reviewers), handled_by=_parts(handled_by),
        keep=_parts(keep), collapse=_parts(collapse), encoding=encoding, dates=_parts(dates))
    options = command.DesignOptions(name, parent, variant, cases, drawn, design, measure, difference,
                                    _parts(parent_only), _parts(variant_only), force, seed, runs)
    _do(context, lambda world, printer: command.run(world, printer, options), as_json)


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

    _do(context, lambda world, printer: command.run(world, printer, name, names or "", not no_book), as_json,
        reads=True)


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

    _do(context, lambda world, printer: command.run(world, printer, tuple(files), strict, _parts(sample)), as_json,
        reads=True)


RubricPath = Annotated[str, typer.Argument(metavar="FILE", help="A rubric's file.")]


@rubric_app.command("show", epilog="Example: cqa rubric show rubrics/prosecution.yaml")
def rubric_show(context: typer.Context, file: RubricPath, as_json: Json = False) -> None:
    """A rubric in the terminal: questions, when each is asked, what each mark means, how marks count."""
    from cqa.commands.rubrics import rubric_show as command

    _do(context, lambda world, printer: command.run(world, printer, file), as_json, reads=True)


@rubric_app.command("book", epilog="Example: cqa rubric book rubrics/prosecution.yaml --out prosecution.xlsx")
def rubric_book(
    context: typer.Context, file: RubricPath,
    out: Annotated[str | None, typer.Option("--out", metavar="FILE", help="Where to write it: FILE.md or FILE.xlsx. "
                                            "Without it, Markdown on standard output.")] = None,
) -> None:
    """The whole rubric as a document to sign, every condition a sentence."""
    from cqa.commands.rubrics import rubric_book as command

    _do(context, lambda world, printer: command.run(world, printer, file, out))


@rubric_app.command("diff", epilog="Example: cqa rubric diff rubrics/prosecution.yaml rubrics/prosecution-short.yaml")
def rubric_diff(
    context: typer.Context,
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="The rubric as it was.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="The rubric as it is to be.")],
    as_json: Json = False,
) -> None:
    """What changed between two rubrics, and which earlier marks stay comparable."""
    from cqa.commands.rubrics import rubric_diff as command

    _do(context, lambda world, printer: command.run(world, printer, before, after), as_json, reads=True)


@rubric_app.command("new", epilog="Example: cqa rubric new rubrics/fraud.yaml --id fraud --title \"Fraud casework\"")
def rubric_new(
    context: typer.Context,
    rubric_id: Annotated[str, typer.Option("--id", metavar="ID", help="What marks are kept under; never changed.")],
    title: Annotated[str, typer.Option("--title", metavar="TITLE", help="What it is about.")],
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="Where; rubrics/ID.yaml unless named.")] = None,
) -> None:
    """Start a rubric: a small one that works, with comments that teach the language."""
    from cqa.commands.rubrics import rubric_new as command

    _do(context, lambda world, printer: command.run(world, printer, file, rubric_id, title))


@rubric_app.command("schema", epilog="Example: cqa rubric schema --out rubrics/cqa-rubric.schema.json")
def rubric_schema(
    context: typer.Context,
    out: Annotated[str | None, typer.Option("--out", metavar="FILE", help="Where to write it; standard output without "
                                            "it.")] = None,
) -> None:
    """The JSON Schema by which editors complete and check a rubric while it is typed."""
    from cqa.commands.rubrics import rubric_schema as command

    _do(context, lambda world, printer: command.run(world, printer, out))


@rubric_app.command("try", epilog="Example: cqa rubric try rubrics/prosecution.yaml")
def rubric_try(
    context: typer.Context, file: RubricPath,
    cases: Annotated[int, typer.Option("--cases", metavar="N", min=1, max=100_000, help="How many.")] = 2_000,
    seed: Annotated[str, typer.Option("--seed", metavar="TEXT", help="Another text, other cases.")] = "try",
    as_json: Json = False,
) -> None:
    """Thousands of invented cases through gates and scoring, and the golden cases beside the file."""
    from cqa.commands.rubrics import rubric_try as command

    _do(context, lambda world, printer: command.run(world, printer, file, cases, seed), as_json, reads=True)


@rubric_app.command("approve", epilog="Example: cqa rubric approve rubrics/prosecution.yaml --as t-leader")
def rubric_approve(context: typer.Context, file: RubricPath, who: As = "") -> None:
    """Record who takes a rubric live, and keep its bytes: an approved version never changes."""
    from cqa.commands.rubrics import rubric_approve as command

    _do(context, lambda world, printer: command.run(world, printer, file, who))


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
    _do(context, lambda world, printer: command.run(world, printer, options), as_json)


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

    _do(context, lambda world, printer: command.run(world, printer, tuple(samples or ()), not no_books,
                                                    Reach(about, interval), names or "", cleared, rubric),
        as_json, reads=True)


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

    _do(context, lambda world, printer: command.run(world, printer, command.TakeOptions(person, sample, to)), as_json)


@app.command(epilog="Example: cqa collect take-march-a-byrne")
def collect(
    context: typer.Context,
    folders: Annotated[list[str], typer.Argument(metavar="FOLDER...", help="What was brought back: a take, a "
                                                 "workspace, a folder of journals, or a .zip of one.")],
    who: As = "", as_json: Json = False,
) -> None:
    """Bring reviewers' marks back: whole lines are added to their journals here, and nothing is ever overwritten."""
    from cqa.commands.carrying import collect as command

    _do(context, lambda world, printer: command.run(world, printer, tuple(folders), who), as_json)


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

    _do(context, lambda world, printer: command.run(world, printer, sample, out), as_json)


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
    _do(context, lambda world, printer: command.run(world, printer, options), as_json)


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
        ratings, RatingColumns(case, reviewer, mark, question, wide), _parts(levels), weights, metric, interval,
        replicates, seed, convention, severity, encoding)
    _do(context, lambda world, printer: command.run(world, printer, options), as_json, reads=True)


@app.command(epilog="Example: cqa demo my-demo")
def demo(context: typer.Context,
         folder: Annotated[str, typer.Argument(metavar="[DIR]", help="Where; ./cqa-demo unless named.")] = "",
         trial: Annotated[bool, typer.Option("--trial", help="Instead a trial of the shorter form, by reviewers whose "
                                             "error under each form is known.")] = False) -> None:
    """The whole loop on a synthetic export: draw, simulated marks, report."""
    from cqa.commands.demo import demo as command
    from cqa.commands.trials import demo as trials

    _do(context, lambda world, printer: (trials if trial else command).run(world, printer, folder))
