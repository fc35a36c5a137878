"""`cqa collect`: brings reviewers' journals back, each joined with the one that is here, and says what each was."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cqa.commands.carrying.belonging import Brought, examined, homes_of
from cqa.commands.carrying.receipts import TAKEN, Receipt, exit_of, not_taken, tell
from cqa.commands.here import acting, workspace_here
from cqa.errors import BadInput, CqaError, Damaged, InUse, NotSaved, Problem, only_errors
from cqa.files.incoming import journals_in
from cqa.files.joining import join, keep, place_of
from cqa.files.journal import Reading, read_journal
from cqa.files.retiring import retired_names
from cqa.marking.joining import Verdict, judged
from cqa.screen.printer import Printer
from cqa.world import World


def run(world: World, printer: Printer, folders: Sequence[str], who: str) -> int:
    """Looks at every journal, then joins those that can be joined; what can be taken is taken also where another one
    cannot.

    Raises BadInput, before anything is written, for a place that cannot be looked into or holds no journal of marks;
    Forbidden in a take. Ends with exit 5 where the disk refused, 7 for damage and forks, 6 for a journal in use.
    """
    workspace = workspace_here(world)
    homes, broken = homes_of(workspace)
    found = journals_in([world.folder / folder for folder in folders])
    receipts, journals = examined(found, homes, retired_names(workspace.root))
    if not receipts and not journals:
        raise BadInput(Problem("J022", "There is no journal of marks there.", "Name the folder that was brought back, "
                               "as cqa take made it, or a folder with *.jsonl files.", ", ".join(folders)))
    with printer.progress("Collecting", len(journals)) as steps:
        for group in _copies(journals):
            receipts.extend(_joined(group))
            steps.advance(len(group))
    problems = [*broken, *(problem for one in receipts for problem in one.problems)]
    tell(world, printer, receipts, problems, acting(world, who))
    return exit_of(problems)


def _copies(journals: Sequence[Brought]) -> Iterator[list[Brought]]:
    """The journals in groups of copies of one journal, by sample, reviewer and device."""
    for key in sorted({one.key for one in journals}):
        yield [one for one in journals if one.key == key]


def _joined(copies: Sequence[Brought]) -> list[Receipt]:
    """Joins the copies of one journal with the one that is here, and says of each what it was."""
    first = copies[0]
    place = place_of(first.home.folder.marks, first.owner)
    if place is None:
        return [not_taken(one.receipt, "in the way", "J007", "In its place here is a file of somebody else's.")
                for one in copies]
    if damaged := [one for one in copies if one.damaged]:
        whole = [one for one in copies if not one.damaged]
        return [*(_joined(whole) if whole else ()), *(_taken(one, place, one.receipt) for one in damaged)]
    reading = read_journal(place) if place.exists() else Reading((), ())
    if damage := only_errors(reading.problems):
        return [_damaged_here(one, damage) for one in copies]
    ours = tuple(str(line.get("seal")) for line in reading.lines)
    verdicts = judged(ours, [one.seals for one in copies])
    after = max((len(one.lines) for one, verdict in zip(copies, verdicts, strict=True) if verdict.what in TAKEN),
                default=len(ours))
    receipts = []
    for one, verdict in zip(copies, verdicts, strict=True):
        told = replace(one.receipt, before=len(ours), after=after)
        receipts.append(_taken(one, place, told) if verdict.what in TAKEN else _beside(told, verdict, place))
    return receipts


def _damaged_here(one: Brought, damage: Sequence[Problem]) -> Receipt:
    """The receipt of a journal that is whole, while the one that is here is not: then it may be what restores it."""
    return replace(one.receipt, what="damaged here", problems=(*one.receipt.problems, *(
        replace(problem, remedy=f"What was brought is whole, with {len(one.lines)} lines. Keep the file that is here "
                "elsewhere, and collect again: then all of them are taken.") for problem in damage)))


def _taken(one: Brought, place: Path, receipt: Receipt) -> Receipt:
    """The receipt of a journal that is longer than ours, once its lines are on the disk; it says so where they could
    not be put there."""
    refused: dict[type[CqaError], str] = {InUse: "in use", NotSaved: "not saved", Damaged: "damaged here"}
    try:
        joined = keep(place, one.damaged) if one.damaged else join(place, one.lines)
    except (InUse, NotSaved, Damaged) as error:
        return replace(receipt, what=refused[type(error)], after=receipt.before,
                       problems=(*receipt.problems, *error.problems))
    told = replace(receipt, before=joined.before, after=joined.after)
    return _beside(told, joined.verdict, place)


def _beside(receipt: Receipt, verdict: Verdict, place: Path) -> Receipt:
    """The receipt of what a copy is beside the journal that is here."""
    told = replace(receipt, what=verdict.what)
    if verdict.what != "forked":
        return told
    fork = Problem("J006", f"This journal and {place.name}, or another copy of it that was brought, are of one "
                   f"reviewer and device, and part ways at line {verdict.line}. Nothing was taken.", "Keep both, and "
                   "ask the reviewer which one holds their marks.", receipt.where, verdict.line)
    return replace(told, after=receipt.before, problems=(*told.problems, fork))
