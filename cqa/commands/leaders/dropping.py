"""`cqa assign --drop PERSON`: cases are taken from a further marker again, where they are not signed off."""

from dataclasses import dataclass

from cqa.commands.leaders.changing import Ground, assessments, checked_reason, ground_of, keep, signed_already
from cqa.commands.leaders.leading import Leader, leader_of, leaders_journal
from cqa.errors import ExitCode, Problem, WrongUse
from cqa.facts import how_many
from cqa.sampling.changes import Dropped
from cqa.sampling.pairing import TURNS
from cqa.screen.printer import Printer
from cqa.world import World


@dataclass(frozen=True, slots=True)
class DropOptions:
    """What was typed: from whom, which case (empty: all that they have not signed off), why, of which sample, who."""

    person: str
    case: str
    reason: str
    sample: str = ""
    who: str = ""


def run(world: World, printer: Printer, options: DropOptions) -> int:
    """Takes the cases from a further marker. First and second markers hand theirs on instead.

    Raises WrongUse for somebody who has no such case, Forbidden for one that is signed off; InUse, Damaged and NotSaved
    as for marks.
    """
    leader = leader_of(world, options.sample, options.who)
    reason = checked_reason(options.reason)
    _dropped(leader, ground_of(leader.folder), options)
    with leaders_journal(world, printer, leader) as journal:
        ground = ground_of(leader.folder)
        name, cases = _dropped(leader, ground, options)
        made: list[str] = []
        for case_id in cases:
            one = Dropped(leader.writer, journal.next_seq, world.stamp(), case_id, name, reason,
                          (*ground.after, *made))
            keep(journal, one)
            made.append(one.id)
    printer.problems(ground.problems)
    if printer.as_json:
        printer.json({"sample": leader.folder.sample.name, "from": name, "cases": list(cases), "events": made})
    else:
        printer.line(f"{name} does not mark {how_many(len(cases), 'case')} any more: {', '.join(cases)}.")
    return ExitCode.DONE


def _dropped(leader: Leader, ground: Ground, options: DropOptions) -> tuple[str, tuple[str, ...]]:
    """The further marker's name as the sample has it, and the cases. Raises as `run`."""
    sample = ground.settled.sample
    mine = [mark for mark in sample.assignments if mark.reviewer.casefold() == options.person.casefold()
            and mark.turn not in TURNS and options.case in ("", mark.case_id)]
    if not mine:
        which = f"case '{options.case[:80]}'" if options.case else f"any case of sample '{sample.name}'"
        raise WrongUse(Problem("S070", f"'{options.person[:80]}' is no further marker of {which}.",
                               "What somebody marks first or second is handed on with --to PERSON."))
    name, marked = mine[0].reviewer, assessments(leader.folder, mine[0].reviewer)
    open_ones = tuple(mark.case_id for mark in mine
                      if mark.case_id not in marked or not marked[mark.case_id].signed_at)
    if not open_ones:
        raise signed_already(name, mine[0].case_id, "taken away")
    return name, open_ones
