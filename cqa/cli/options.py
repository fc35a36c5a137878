"""The options that several commands share, and how a command is run: the one door for typer."""

from collections.abc import Sequence
from typing import Annotated

import typer

from cqa.guard import Command, guarded
from cqa.screen.printer import Printer
from cqa.world import World

app = typer.Typer(
    name="cqa", no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="Casework quality assessment: draw case samples, mark them against a rubric, report how consistent the "
         "marking is.",
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output, words on stderr.")]
SampleName = Annotated[str, typer.Option("--sample", metavar="NAME", help="The sample's name.")]
As = Annotated[str, typer.Option("--as", metavar="PERSON", help="Who you are; else CQA_REVIEWER, else as last time.")]
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
WhichSample = Annotated[str, typer.Option("--sample", metavar="NAME", help="The sample; may be left out if there is "
                                          "only one.")]
WhyInWords = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, in your words: kept, and read by those "
                                         "whom it concerns.")]


def do(context: typer.Context, command: Command, as_json: bool = False, reads: bool = False) -> None:
    """Runs a command. One that only reads prints its JSON also where what it is to read cannot be used."""
    world: World = context.obj
    raise typer.Exit(guarded(world, Printer(world, as_json), command, context.command_path, as_json and reads))


def parts(values: Sequence[str] | None) -> tuple[str, ...]:
    """Comma-separated and repeated values of one option, in order."""
    return tuple(part.strip() for value in values or () for part in value.split(",") if part.strip())
